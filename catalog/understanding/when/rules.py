"""A small engine for phrase grammars: patterns over kinds, compiled to regular expressions over one character
a kind. The longest match at a position wins; among equals the rule that stands first."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Generic, Protocol, TypeAlias, TypeVar

from catalog.understanding.when.calendar import Calendar


class Kinded(Protocol):
    @property
    def kind(self) -> str: ...


Piece = TypeVar("Piece", bound=Kinded)
Result = TypeVar("Result")
Make: TypeAlias = Callable[[Calendar, Sequence[Piece]], Result | None]

_BRACKETS, _SUFFIXES = ("(", ")?"), "?*"
_REPEATED = "{0,8}"
"""How often what may be repeated is: a bound, so that a flood of small words is not read again from each."""


class Grammar(Generic[Piece, Result]):
    """Rules over pieces. A pattern is words, each a kind or a name of `groups`, alternatives parted by "|",
    followed by "?" or "*" where it may be missing or repeat; several words that may be missing together stand
    in "( … )?": "lead* next weekday ( lead* part|part_any )?"."""

    def __init__(
        self,
        groups: Mapping[str, str],
        rules: Sequence[tuple[Make[Piece, Result], tuple[str, ...]]],
    ) -> None:
        self._groups = groups
        self._characters: dict[str, str] = {}
        self._beginning_with: dict[str, list[tuple[re.Pattern[str], Make[Piece, Result]]]] = defaultdict(list)
        for make, patterns in rules:
            for pattern in patterns:
                compiled = re.compile("".join(map(self._word, pattern.split())))
                for character in self._firsts(pattern):
                    self._beginning_with[character].append((compiled, make))

    def encode(self, pieces: Sequence[Piece]) -> str:
        """The pieces as one character each."""
        return "".join(self._characters.get(piece.kind, ".") for piece in pieces)

    def longest(
        self, calendar: Calendar, pieces: Sequence[Piece], code: str, position: int
    ) -> tuple[int, Result] | None:
        """The end of the longest match at `position` that its rule accepts, and what it means."""
        rules = self._beginning_with.get(code[position], ())
        matches = [(match.end(), make) for rule, make in rules if (match := rule.match(code, position))]
        # Longest first; those of one length stay in the order of the rules.
        for end, make in sorted(matches, key=itemgetter(0), reverse=True):
            made = make(calendar, pieces[position:end])
            if made is not None and end > position:
                return end, made
        return None

    def _firsts(self, pattern: str) -> set[str]:
        """The characters that a match may begin with, and perhaps others of words that may be missing."""
        firsts: set[str] = set()
        may_be_missing = False
        for word in pattern.split():
            if word in _BRACKETS:
                may_be_missing = word == "("
                continue
            firsts.update(self._alternatives(word))
            if not may_be_missing and word[-1] not in _SUFFIXES:
                break
        return firsts

    def _word(self, word: str) -> str:
        if word in _BRACKETS:
            return word.replace("(", "(?:")
        suffix = word[-1] if word[-1] in _SUFFIXES else ""
        return f"[{self._alternatives(word)}]{_REPEATED if suffix == '*' else suffix}"

    def _alternatives(self, word: str) -> str:
        kinds = (kind for name in word.rstrip(_SUFFIXES).split("|") for kind in self._kinds(name))
        return "".join(map(self._character, kinds))

    def _kinds(self, name: str) -> list[str]:
        if name not in self._groups:
            return [name]
        return [kind for part in self._groups[name].split("|") for kind in self._kinds(part)]

    def _character(self, kind: str) -> str:
        # Letters only: none of them means anything inside a character class.
        return self._characters.setdefault(kind, chr(0x4E00 + len(self._characters)))
