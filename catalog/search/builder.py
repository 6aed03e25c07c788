"""Texts → `Postings`: word counts gathered in arrays, a slice of documents at a time."""

from collections.abc import Iterable

import numpy as np

from catalog.search.columns import Column
from catalog.search.postings import NAMES, TEXT, TITLE, Postings
from catalog.search.spans import Ints
from catalog.text import fold, split

_FIELD_WEIGHTS = np.array([3.0, 2.0, 1.0], dtype=np.float32)
_K1, _B = 1.2, 0.75
_SLICE = 150_000
_TERM, _ROW = 34, 2
"""Where term and row begin in a code; the field is the lowest two bits."""


class _TermNumbers(dict[str, int]):
    """Casefolded words as written → the number of their folded term, numbered as they come."""

    def __init__(self) -> None:
        super().__init__()
        self.folded: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        number = self[word] = self.folded.setdefault(fold(word), len(self.folded))
        return number


class PostingsBuilder:
    """Takes the documents in any order of rows, each once, and makes the `Postings` of them all."""

    def __init__(self, documents: int) -> None:
        self._numbers = _TermNumbers()
        self._words: list[str] = []
        self._segments: list[tuple[int, int, int]] = []
        self._lengths = np.zeros(documents, dtype=np.float32)
        self._codes: list[Ints] = []

    def add(self, row: int, *, titles: Iterable[str], names: Iterable[str], texts: Iterable[str]) -> None:
        """One document: its titles, the names and keywords it goes by, and its texts, in all languages."""
        for field, pieces in ((TITLE, titles), (NAMES, names), (TEXT, texts)):
            words = split("\n".join(pieces).casefold())
            self._words += words
            self._segments.append((row, field, len(words)))
        if len(self._words) > _SLICE:
            self._close_slice()

    def _close_slice(self) -> None:
        """Turn the words that have come into codes: term, row and field of each in one number."""
        segments = np.array(self._segments, dtype=np.int64).reshape(-1, 3)
        rows, fields = (np.repeat(segments[:, n], segments[:, 2]) for n in (0, 1))
        terms = np.fromiter(map(self._numbers.__getitem__, self._words), dtype=np.int64, count=len(rows))
        self._codes.append(terms << _TERM | rows << _ROW | fields)
        self._lengths += np.bincount(rows, _FIELD_WEIGHTS[fields], len(self._lengths)).astype(np.float32)
        self._words, self._segments = [], []

    def finish(self) -> Postings:
        """The postings of all that was added; the builder is spent."""
        self._close_slice()
        names = list(self._numbers.folded)
        alphabetical = sorted(range(len(names)), key=names.__getitem__)
        terms, rows, counts, fields = self._counted(np.argsort(np.array(alphabetical, dtype=np.int64)))
        self._numbers.clear()
        sorted_names = [names[n] for n in alphabetical]
        return Postings(
            documents=len(self._lengths),
            terms=sorted_names,
            starts=np.searchsorted(terms, np.arange(len(names) + 1)).astype(np.int64),
            rows=rows,
            weights=self._weights(rows, counts),
            fields=fields,
            names=_named(sorted_names, terms[fields <= NAMES]),
        )

    def _counted(self, rank: Ints) -> tuple[Column, Column, Column, Column]:
        """(terms by rank, rows, weighted counts, best fields), one for each word of each document."""
        codes = np.concatenate(self._codes)
        self._codes.clear()
        codes = rank[codes >> _TERM] << _TERM | codes & ((1 << _TERM) - 1)
        codes.sort()
        firsts = np.flatnonzero(np.diff(codes >> _ROW, prepend=-1))
        empty = np.zeros(0, dtype=np.float32)
        counts = np.add.reduceat(_FIELD_WEIGHTS[codes & 3], firsts) if len(firsts) else empty
        codes = codes[firsts]  # the first of a word in a document is in its best field
        rows = (codes >> _ROW & 0xFFFFFFFF).astype(np.int32)
        return (codes >> _TERM).astype(np.int32), rows, counts, (codes & 3).astype(np.uint8)

    def _weights(self, rows: Column, counts: Column) -> Column:
        """BM25 without the rarity of the word, which a question's word shares with its relatives."""
        mean = max(1.0, float(self._lengths.mean())) if len(self._lengths) else 1.0
        norms = (_K1 * (1 - _B + _B * self._lengths / mean)).astype(np.float32)
        weights: Column = counts * np.float32(_K1 + 1) / (counts + norms[rows])
        return weights


def _named(terms: list[str], in_names: Column) -> dict[str, int]:
    """The words of titles and names, each with the number of documents that hold it there."""
    numbers, counts = np.unique(in_names, return_counts=True)
    return {terms[n]: int(count) for n, count in zip(numbers, counts, strict=True)}
