"""What the container is made of, checked without a container engine."""

import json
import re
from fnmatch import fnmatch

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.house.source import FLOORS, ROOT, kept_files, project

PYTHONS = ("3.11.2", "3.11.7", "3.12.1", "3.13.0", "3.13.9")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, arguments), lines joined and comments taken away."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"), flags=re.M)
    lines = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in lines]


def stages() -> list[list[tuple[str, str]]]:
    starts = [index for index, (word, _) in enumerate(instructions()) if word == "FROM"]
    return [instructions()[a:b] for a, b in zip(starts, [*starts[1:], len(instructions())], strict=True)]


def copied_from_the_tree() -> list[str]:
    copies = [rest for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    return [source for rest in copies for source in rest.split()[:-1]]


def last(word: str) -> str:
    return [rest for instruction, rest in stages()[-1] if instruction == word][-1]


def pins() -> dict[str, list[tuple[Requirement, int]]]:
    """{name: [(requirement, number of hashes)]}: one name may have a version for each Python."""
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    found: dict[str, list[tuple[Requirement, int]]] = {}
    for line in text.splitlines():
        stated, *hashes = line.split("--hash=sha256:")
        assert all(re.fullmatch(r"[0-9a-f]{64}", digest.strip()) for digest in hashes), line[:80]
        requirement = Requirement(stated.strip())
        found.setdefault(canonicalize_name(requirement.name), []).append((requirement, len(hashes)))
    return found


def test_everything_that_is_copied_exists_and_is_let_in() -> None:
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for source in copied_from_the_tree():
        assert (ROOT / source).exists(), source
        verdicts = [p.startswith("!") for p in patterns if p[:1] != "#" and fnmatch(source, p.lstrip("!"))]
        assert verdicts[-1], f"{source} is ignored by .dockerignore"


def test_every_package_of_the_project_is_copied() -> None:
    packages = {
        pattern.rstrip("*") for pattern in project()["tool"]["setuptools"]["packages"]["find"]["include"]
    }
    assert packages <= set(copied_from_the_tree())
    assert {project()["project"]["readme"], *project()["project"]["license-files"]} <= set(
        copied_from_the_tree()
    )


def test_every_data_file_of_the_packages_is_installed_with_them() -> None:
    patterns = project()["tool"]["setuptools"]["package-data"]["*"]
    inside = [path for path in kept_files() if path.relative_to(ROOT).parts[0] in FLOORS]
    assert [path for path in inside if not any(path.match(pattern) for pattern in ["*.py", *patterns])] == []


def test_nothing_is_installed_without_a_hash() -> None:
    installs = [part for _, rest in instructions() for part in rest.split("&&") if "pip install" in part]
    assert len(installs) == 2
    assert "--require-hashes -r requirements.txt" in installs[0]
    assert "--no-deps --no-build-isolation ." in installs[1]


def test_there_are_two_stages_and_the_last_one_builds_nothing() -> None:
    builder, runtime = stages()
    assert [rest.split()[0] for word, rest in builder + runtime if word == "FROM"] == ["python:3.13-slim"] * 2
    runs = " ".join(rest for word, rest in runtime if word == "RUN")
    assert not re.search(r"\b(?:pip|apt|apt-get|gcc|make)\b", runs)
    assert "pip uninstall --yes setuptools pip" in " ".join(rest for _, rest in builder)


def test_it_runs_as_nobody_in_particular_and_keeps_its_data_in_a_volume() -> None:
    assert last("USER") not in ("root", "0")
    assert last("VOLUME") == "/data"
    assert "DATABASE_URL=sqlite:////data/" in last("ENV")


def test_it_starts_and_probes_a_command_that_exists() -> None:
    (script,) = project()["project"]["scripts"]
    assert json.loads(last("CMD")) == [script, "run"]
    assert json.loads(last("HEALTHCHECK").split("CMD", 1)[1]) == [script, "doctor", "--local"]


@pytest.mark.parametrize("python", PYTHONS)
def test_requirements_fix_every_dependency_within_its_range(python: str) -> None:
    wanted = project()["project"]["dependencies"] + project()["project"]["optional-dependencies"]["postgres"]
    wanted += project()["build-system"]["requires"]
    for requirement in map(Requirement, wanted):
        here = [
            pin
            for pin, _ in pins()[canonicalize_name(requirement.name)]
            if pin.marker is None
            or pin.marker.evaluate({"python_full_version": python, "python_version": python[:4]})
        ]
        assert len(here) == 1, f"{requirement.name} on Python {python}"
        (version,) = here[0].specifier
        assert version.operator == "=="
        assert requirement.specifier.contains(Version(version.version)), f"{here[0]} is outside {requirement}"


def test_every_requirement_has_hashes_and_no_address() -> None:
    for requirement, hashes in (pin for several in pins().values() for pin in several):
        assert hashes > 0, requirement
        assert requirement.url is None, requirement
    assert "://" not in (ROOT / "requirements.txt").read_text(encoding="utf-8")


def test_secrets_reach_the_container_by_the_environment_alone() -> None:
    compose = (ROOT / "compose.yaml").read_text(encoding="utf-8")
    assert "env_file: .env" in compose
    assert not re.search(r"(?:TOKEN|PASSWORD|SECRET): (?!\$\{)\S", compose)
    assert "TELEGRAM_TOKEN" not in (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
