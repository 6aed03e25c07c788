"""A small engine for phrase grammars: patterns over kinds, compiled to regular expressions over one character
a kind. The longest match at a position wins; among equals the rule that stands first."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from catalog.understanding.when.calendar import Calendar


class Kinded(Protocol):
    @property
    def kind(self) -> str: ...


Piece = TypeVar("Piece", bound=Kinded)
Result = TypeVar("Result")


class Grammar(Generic[Piece, Result]):
    """Rules over pieces. A pattern is words, each a kind or a name of `groups`, alternatives parted by "|",
    followed by "?" or "*" where it may be missing or repeat; several words that may be missing together stand
    in "( … )?": "lead* next weekday ( lead* part|part_any )?"."""

    def __init__(
        self,
        groups: Mapping[str, str],
        rules: Sequence[tuple[Callable[[Calendar, Sequence[Piece]], Result | None], tuple[str, ...]]],
    ) -> None:
        self._groups = groups
        self._characters: dict[str, str] = {}
        self._rules = [
            (re.compile(self._compiled(pattern)), make) for make, patterns in rules for pattern in patterns
        ]

    def encode(self, pieces: Sequence[Piece]) -> str:
        """The pieces as one character each."""
        return "".join(self._characters.get(piece.kind, ".") for piece in pieces)

    def longest(
        self, calendar: Calendar, pieces: Sequence[Piece], code: str, position: int
    ) -> tuple[int, Result] | None:
        """The end of the longest match at `position` that its rule accepts, and what it means."""
        matches = [
            (match.end(), -i) for i, (p, _) in enumerate(self._rules) if (match := p.match(code, position))
        ]
        for end, rule in sorted(matches, reverse=True):
            made = self._rules[-rule][1](calendar, pieces[position:end])
            if made is not None and end > position:
                return end, made
        return None

    def _compiled(self, pattern: str) -> str:
        return "".join(self._word(word) for word in pattern.split())

    def _word(self, word: str) -> str:
        if word in ("(", ")?"):
            return word.replace("(", "(?:")
        suffix = word[-1] if word[-1] in "?*" else ""
        kinds = [kind for name in word.removesuffix(suffix).split("|") for kind in self._kinds(name)]
        return f"[{''.join(self._character(kind) for kind in kinds)}]{suffix}"

    def _kinds(self, name: str) -> list[str]:
        if name not in self._groups:
            return [name]
        return [kind for part in self._groups[name].split("|") for kind in self._kinds(part)]

    def _character(self, kind: str) -> str:
        # Letters only: none of them means anything inside a character class.
        return self._characters.setdefault(kind, chr(0x4E00 + len(self._characters)))
