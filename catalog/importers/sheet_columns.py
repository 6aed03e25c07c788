"""The columns of the spreadsheet and the names of the standard values: columns.toml, looked up."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from catalog.text import fold, words

HEADER_WITHIN = 10
"""The header is looked for in this many rows."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, and for each language its header, its explanation and an example ("" for none)."""

    name: str
    header: Mapping[str, str]
    explain: Mapping[str, str]
    example: Mapping[str, str]


@cache
def columns() -> tuple[Column, ...]:
    """All columns, in the template's order."""
    return tuple(
        Column(
            name=entry["name"],
            header={language: entry[language] for language in ("da", "en")},
            explain={language: entry[f"explain_{language}"] for language in ("da", "en")},
            example={language: entry.get(f"example_{language}", "") for language in ("da", "en")},
        )
        for entry in data()["column"]
    )


def find_header(rows: Sequence[Sequence[object]]) -> tuple[int, dict[int, str]] | None:
    """Which of the first rows names the most columns, a title among them: (its index, position → column)."""
    best: tuple[int, dict[int, str]] | None = None
    for index, row in enumerate(rows[:HEADER_WITHIN]):
        named = _named(row)
        if "title" in named.values() and len(named) > max(1, len(best[1]) if best else 0):
            best = index, named
    return best


def _named(row: Sequence[object]) -> dict[int, str]:
    """Position → column; where two headers mean the same column, the first counts."""
    found: dict[int, str] = {}
    for position, cell in enumerate(row):
        name = _headers().get(plain(cell)) if isinstance(cell, str) else None
        if name and name not in found.values():
            found[position] = name
    return found


def plain(text: str) -> str:
    """Letters and digits only, folded: "Start-dato *" and "START_DATO" give "startdato"."""
    return "".join(words(text[:200].replace("_", " ")))


@cache
def _headers() -> Mapping[str, str]:
    return {
        plain(header): entry["name"]
        for entry in data()["column"]
        for header in (entry["da"], entry["en"], *entry["aliases"])
    }


def named_value(kind: str, text: str) -> str | None:
    """The standard value of this kind that `text` names, in Danish, English or as the contract writes it."""
    return _values(kind).get(_key(text))


def display(kind: str, value: str, language: str) -> str:
    """The name of a standard value as the template writes it."""
    danish, english = data()["values"][kind][value][:2]
    return str({"da": danish, "en": english}[language])


@cache
def _values(kind: str) -> Mapping[str, str]:
    table = data()["values"][kind]
    return {_key(name): value for value, names in table.items() for name in (value, *names)}


def _key(text: str) -> str:
    return " ".join(words(text)) or text.strip()


@cache
def word_list(name: str) -> tuple[str, ...]:
    """One list of folded words, longest first."""
    return tuple(sorted({fold(word) for word in data()["words"][name]}, key=len, reverse=True))


@cache
def data() -> dict[str, Any]:
    """columns.toml, as it stands."""
    return tomllib.loads((resources.files(__package__) / "columns.toml").read_text(encoding="utf-8"))
