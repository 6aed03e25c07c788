"""What the house rules read: the project's files, and its Python as syntax trees."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("catalog", "reminders", "bot")


@cache
def modules(*folders: str) -> dict[str, ast.Module]:
    """{path below the root: syntax tree} of the Python in these folders, migrations' versions aside."""
    paths = sorted(path for folder in folders or FLOORS for path in (ROOT / folder).rglob("*.py"))
    read = [path for path in paths if "versions" not in path.parts]
    return {name(path): ast.parse(path.read_text(encoding="utf-8")) for path in read}


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted name of everything that is imported below `tree`, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def dotted(node: ast.AST) -> str:
    """`a.b.c` for a name or attribute, "" for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return ""


@cache
def kept_files() -> tuple[Path, ...]:
    """Every file that is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    found = (ROOT / entry for entry in listed.stdout.decode().split("\0") if entry)
    return tuple(path for path in found if path.is_file())


@cache
def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def shell_lines(document: str) -> list[str]:
    """The lines in a document's shell blocks, joined over backslashes, comments and prompts taken away."""
    blocks = re.findall(r"^```(?:sh|bash|shell|console)\n(.*?)^```", document, flags=re.M | re.S)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line.removeprefix("$ ").strip() for line in lines if line.strip() and not line.startswith("#")]
