"""Texts → `Counts`: how often each document holds each word, counted some thousand documents at a time."""

from array import array
from collections.abc import Iterable
from itertools import chain

import numpy as np

from catalog.search.counts import FIELD_WEIGHTS, Counts, pack, unpacked
from catalog.search.spans import Ints
from catalog.text import fold_once, split

_FIELDS = len(FIELD_WEIGHTS)
_MOST_SPELLINGS = 300_000
"""So many are remembered at a time; what is written in more ways than that is looked at again."""


class _Spellings(dict[str, int]):
    """What stands between two blanks → its number; `terms_of` gives the terms that are in it."""

    def __init__(self) -> None:
        super().__init__()
        self.terms: dict[str, int] = {}
        self._held, self._ends = array("i"), array("i", [0])

    def __missing__(self, written: str) -> int:
        for word in split(written.casefold()):
            self._held.append(self.terms.setdefault(fold_once(word), len(self.terms)))
        self._ends.append(len(self._held))
        number = self[written] = len(self)
        return number

    def terms_of(self, written: list[str]) -> tuple[Ints, Ints]:
        """(the terms in all of these, one after the other; how many of them each has)."""
        numbers = np.fromiter(map(self.__getitem__, written), dtype=np.int32, count=len(written))
        held, ends = np.array(self._held, dtype=np.int64), np.array(self._ends, dtype=np.int64)
        counts = np.diff(ends)[numbers]
        within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        if len(self) > _MOST_SPELLINGS:
            self._forget()
        return held[np.repeat(ends[numbers], counts) + within], counts

    def _forget(self) -> None:
        self.clear()
        self._held, self._ends = array("i"), array("i", [0])


class CountsBuilder:
    """Takes documents, each row once, and counts the words of them all."""

    def __init__(self, documents: int) -> None:
        self._spellings = _Spellings()
        self._lengths = np.zeros(documents, dtype=np.float32)
        self._packed: list[Ints] = []

    def add(self, rows: Ints, documents: Iterable[tuple[str, str, str]]) -> None:
        """Some documents, whole: of each row its titles, the names and keywords it goes by, and its texts."""
        # No word has a blank in it: so the cheapest split comes first, and each spelling is looked at once.
        written = [text.split() for text in chain.from_iterable(documents)]
        words = list(chain.from_iterable(written))
        terms, held = self._spellings.terms_of(words)
        places = np.repeat(np.arange(len(written)), np.fromiter(map(len, written), np.int64, len(written)))
        places = np.repeat(places, held)
        fields, own_rows = places % _FIELDS, rows[places // _FIELDS]
        lengths = np.bincount(places // _FIELDS, FIELD_WEIGHTS[fields], len(rows))
        self._lengths[rows] = lengths.astype(np.float32)
        self._packed.append(pack(terms, own_rows, fields))

    def finish(self) -> Counts:
        """All that was counted; the builder is spent."""
        terms = self._spellings.terms
        self._spellings = _Spellings()
        names = sorted(terms)
        rank = np.empty(len(names), dtype=np.int64)
        rank[np.fromiter(map(terms.__getitem__, names), dtype=np.int64, count=len(names))] = np.arange(
            len(names)
        )
        return unpacked(names, rank, self._packed, self._lengths)
