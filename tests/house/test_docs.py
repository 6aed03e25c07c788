"""What the papers promise exists, and what exists is in the papers."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer

from bot.cli import app
from bot.handlers import COMMANDS, STAFF_COMMANDS
from bot.settings import Settings
from bot.texts import texts
from tests.house.source import ROOT, readme, shell_lines

PAPERS = ("README.md", "CONTRIBUTING.md")


@cache
def commands() -> dict[str, set[str]]:
    """{command: its options}, of those that help shows; one of a group is named after it: "staff add"."""
    return {
        name: {o for p in command.params for o in p.opts if o[:2] == "--"}
        for name, command in leaves(typer.main.get_command(app))
    }


def leaves(group: object, before: str = "") -> Iterator[tuple[str, typer.core.TyperCommand]]:
    assert isinstance(group, typer.core.TyperGroup)
    for name, command in group.commands.items():
        if isinstance(command, typer.core.TyperGroup):
            yield from leaves(command, f"{before}{name} ")
        elif not command.hidden:
            assert isinstance(command, typer.core.TyperCommand)
            yield f"{before}{name}", command


def named(words: str) -> str:
    """The command that these words begin with: "staff add" of "staff add 77", "" of none."""
    return max((name for name in commands() if f"{words} ".startswith(f"{name} ")), key=len, default="")


def table_rows(first_cell: str) -> dict[str, str]:
    """{first cell: last cell} of the README's table rows whose first cell begins with this, as code."""
    lines = [line for line in readme().splitlines() if line.startswith(f"| `{first_cell}")]
    cells = [line.replace("\\|", "/").strip("| ").split(" | ") for line in lines]
    return {row[0].strip("` "): row[-1] for row in cells}


def test_the_readme_has_every_command_with_every_option() -> None:
    rows = [row.removeprefix("kulturlods ") for row in table_rows("kulturlods ")]
    for name, options in commands().items():
        documented = " ".join(row for row in rows if named(row) == name)
        assert set(re.findall(r"--[a-z-]+", documented)) == options, name
    assert {named(row) for row in rows} == set(commands())


def test_the_readme_has_every_setting_with_its_default() -> None:
    rows = {name: default for name, default in table_rows("").items() if re.fullmatch(r"[A-Z_]+", name)}
    fields = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert set(rows) == set(fields)
    for name, default in fields.items():
        assert default is None or f"`{default}`" == rows[name], name


def test_the_readme_has_every_command_that_people_can_send() -> None:
    rows = re.findall(r"^\| `/(\w+)` \| `/(\w+)` \|", readme(), flags=re.M)
    danish, english = texts("da"), texts("en")
    names = [f"command.{command}.name" for command in (*COMMANDS, *STAFF_COMMANDS)]
    assert sorted(rows) == sorted([*((danish(name), english(name)) for name in names), ("find", "find")])


def test_the_example_of_env_has_every_setting_once() -> None:
    named = re.findall(r"^([A-Z_]+)=$", (ROOT / ".env.example").read_text("utf-8"), flags=re.M)
    assert sorted({*named} - {"POSTGRES_PASSWORD"}) == sorted(name.upper() for name in Settings.model_fields)
    assert len(named) == len(set(named))


@pytest.mark.parametrize("paper", PAPERS)
def test_the_examples_name_only_what_exists(paper: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), flags=re.M))
    examples = shell_lines((ROOT / paper).read_text("utf-8"))
    assert examples
    for line in examples:
        for target in re.findall(r"\bmake ([a-z]+)", line):
            assert target in targets, line
        for words in re.findall(r"\bkulturlods ([a-z]+[^&|]*)", line):
            assert named(words), line
            assert set(re.findall(r"\s(--[a-z-]+)", words)) <= commands()[named(words)], line


@pytest.mark.parametrize("paper", [*PAPERS, "CHANGELOG.md", "docs/architecture.md"])
def test_links_to_files_lead_somewhere(paper: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / paper).read_text("utf-8"))
    assert [target for target in targets if not (ROOT / paper).parent.joinpath(target).exists()] == []


# docs/architecture.md shows the doors between rooms, as `# file` and the signatures that stand in it.


def documented_doors() -> Iterator[tuple[Path, str, list[str]]]:
    """(file, function, parameters) for every `def` or bare signature under "Doors"."""
    document = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    block = document.split("```python\n", 1)[1].split("```", 1)[0]
    file = Path()
    for line in re.sub(r",\n\s+", ", ", block).splitlines():
        if named := re.match(r"# ([a-z_/]+\.py)", line):
            file = ROOT / named[1]
        for door in re.finditer(r"(?:\bdef |; )([a-z_]+)\(", line.split(" # ")[0]):
            yield file, door[1], parameters(line[door.end() :])


def parameters(rest: str) -> list[str]:
    """The names before the closing bracket: "text: str, *, now=None) -> X" has text and now."""
    depth, names, word = 0, [], ""
    for character in rest:
        depth += (character in "([") - (character in ")]")
        if depth < 0 or (depth == 0 and character == ","):
            names.append(re.split(r"[:=]", word)[0].strip())
            word = ""
        else:
            word += character
        if depth < 0:
            break
    return [name for name in names if name and name != "*"]


def test_a_signature_is_read_rightly() -> None:
    assert parameters("text: str, *, at: tuple[float, float] | None = None) -> X[a, b]") == ["text", "at"]
    assert parameters(") -> PlaceRef") == []


DOORS = list(documented_doors())


@pytest.mark.parametrize(("file", "door", "promised"), DOORS, ids=[f"{f.stem}.{d}" for f, d, _ in DOORS])
def test_a_door_is_as_the_plan_says(file: Path, door: str, promised: list[str]) -> None:
    """It takes what is promised; anything more has a default."""
    folder = file.parent if file.stem == "__init__" else file.with_suffix("")
    room = folder.glob("*.py") if folder.is_dir() else [file]
    found = [
        node.args
        for path in room
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == door
    ]
    assert found, f"{file.relative_to(ROOT)} has no {door}"
    assert any(_takes(arguments, promised) for arguments in found), f"{door} does not take {promised}"


def _takes(arguments: ast.arguments, promised: list[str]) -> bool:
    positional = [*arguments.posonlyargs, *arguments.args]
    names = [argument.arg for argument in [*positional, *arguments.kwonlyargs]]
    bare = len(positional) - len(arguments.defaults)
    defaults = [*[None] * bare, *arguments.defaults, *arguments.kw_defaults]
    needed = {name for name, default in zip(names, defaults, strict=True) if default is None}
    return needed - {"self", "cls"} <= set(promised) <= set(names)
