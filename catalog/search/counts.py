"""How often each document holds each word, in flat arrays: what postings are made of, and brought up to date.

A count is weighted by field: a word in the title counts three times, in a name (organiser, venue, series) or
a keyword twice.
"""

from bisect import bisect_left
from dataclasses import dataclass
from itertools import compress, pairwise

import numpy as np
import numpy.typing as npt

from catalog.search.spans import Ints

Places = npt.NDArray[np.int32]

TITLE, NAMES, TEXT = 0, 1, 2
"""The fields of a document, best first."""

FIELD_WEIGHTS = np.array([3, 2, 1], dtype=np.int64)
_FIELD_BITS, _COUNT_BITS, _ROW_BITS = 2, 11, 26
_MOST = 2**_COUNT_BITS - 1
"""Beyond so often a count stands still; BM25 hardly knows it from more."""

_ROW = _FIELD_BITS + _COUNT_BITS
_TERM = _ROW + _ROW_BITS


@dataclass(frozen=True, slots=True)
class Counts:
    """terms: sorted, each in some document. The documents of term n stand at `starts[n]` to `starts[n + 1]`
    of rows (ascending), counts (weighted) and fields (the best that holds the term). lengths: weighted words
    of each document."""

    terms: list[str]
    starts: Ints
    rows: npt.NDArray[np.int32]
    counts: npt.NDArray[np.uint16]
    fields: npt.NDArray[np.uint8]
    lengths: npt.NDArray[np.float32]

    def per_term(self, chosen: npt.NDArray[np.bool_]) -> Ints:
        """How many of the chosen entries each term has."""
        if not len(self.terms):
            return np.zeros(0, dtype=np.int64)
        sums: Ints = np.add.reduceat(chosen, self.starts[:-1], dtype=np.int64)
        return sums


def pack(terms: Ints, rows: Ints, fields: Ints) -> Ints:
    """One number for each word of each of these documents: term, row, weighted count and best field."""
    codes = terms << _TERM | rows << _ROW | fields
    codes.sort()
    firsts = np.flatnonzero(np.diff(codes >> _ROW, prepend=-1))
    if not len(firsts):
        return codes
    counts = np.add.reduceat(FIELD_WEIGHTS[codes & (2**_FIELD_BITS - 1)], firsts)
    # The first of a word in a document is the one in its best field.
    packed: Ints = codes[firsts] | np.minimum(counts, _MOST) << _FIELD_BITS
    return packed


def unpacked(terms: list[str], rank: Ints, packed: list[Ints], lengths: npt.NDArray[np.float32]) -> Counts:
    """The counts of what was packed under numbers of terms whose places are `rank`; empties `packed`."""
    codes = np.empty(sum(map(len, packed)), dtype=np.int64)
    until = len(codes)
    while packed:
        some = packed.pop()
        codes[until - len(some) : until] = rank[some >> _TERM] << _TERM | some & ((1 << _TERM) - 1)
        until -= len(some)
    codes.sort()
    return Counts(
        terms=terms,
        starts=np.searchsorted(codes, np.arange(len(terms) + 1) << _TERM).astype(np.int64),
        rows=(codes >> _ROW & (2**_ROW_BITS - 1)).astype(np.int32),
        counts=(codes >> _FIELD_BITS & _MOST).astype(np.uint16),
        fields=(codes & (2**_FIELD_BITS - 1)).astype(np.uint8),
        lengths=lengths,
    )


def merged(old: Counts, old_rows: Places, fresh: Counts, fresh_rows: Places) -> Counts:
    """Both as one. old_rows, fresh_rows: the new row of each document, ascending; -1 for one that goes."""
    rows = old_rows[old.rows]
    kept = rows >= 0
    rows, held = rows[kept], old.per_term(kept)
    terms, old_places, fresh_places = _common(old.terms, held > 0, fresh.terms)
    sizes = np.zeros(len(terms), dtype=np.int64)
    sizes[old_places[held > 0]] = held[held > 0]
    added = fresh_rows[fresh.rows]
    at = _insertions(rows, _starts(sizes), added, fresh, fresh_places)
    sizes[fresh_places] += np.diff(fresh.starts)
    return Counts(
        terms=terms,
        starts=_starts(sizes),
        rows=np.insert(rows, at, added),
        counts=np.insert(old.counts[kept], at, fresh.counts),
        fields=np.insert(old.fields[kept], at, fresh.fields),
        lengths=_lengths(old, old_rows, fresh, fresh_rows),
    )


def _starts(sizes: Ints) -> Ints:
    return np.append(0, np.cumsum(sizes))


def _insertions(rows: Places, starts: Ints, added: Places, fresh: Counts, places: Ints) -> Ints:
    """Where each of the added rows belongs among those of its term."""
    at = np.empty(len(added), dtype=np.int64)
    firsts, untils = starts[places].tolist(), starts[places + 1].tolist()
    for (own, own_until), first, until in zip(pairwise(fresh.starts.tolist()), firsts, untils, strict=True):
        at[own:own_until] = first + rows[first:until].searchsorted(added[own:own_until])
    return at


def _lengths(old: Counts, old_rows: Places, fresh: Counts, fresh_rows: Places) -> npt.NDArray[np.float32]:
    stays = old_rows >= 0
    lengths = np.zeros(int(stays.sum()) + len(fresh_rows), dtype=np.float32)
    lengths[old_rows[stays]] = old.lengths[stays]
    lengths[fresh_rows] = fresh.lengths
    return lengths


def _common(old: list[str], used: npt.NDArray[np.bool_], fresh: list[str]) -> tuple[list[str], Ints, Ints]:
    """(all terms that are used, sorted; the place of each of the old among them, -1 of what is not used; the
    place of each fresh one)."""
    before = np.fromiter((bisect_left(old, term) for term in fresh), dtype=np.int64, count=len(fresh))
    known = np.fromiter(
        (n < len(old) and old[n] == term for n, term in zip(before.tolist(), fresh, strict=True)),
        dtype=bool,
        count=len(fresh),
    )
    used = used.copy()
    used[before[known]] = True
    newcomers = np.bincount(before[~known], minlength=len(old) + 1)[: len(old) + 1]
    old_places = np.cumsum(used) - 1 + np.cumsum(newcomers)[: len(old)]
    ahead = np.concatenate([[0], np.cumsum(used)])[before]
    fresh_places = np.where(
        known, old_places[np.minimum(before, len(old) - 1)] if len(old) else 0, ahead + np.cumsum(~known) - 1
    )
    unknown = [term for term, is_known in zip(fresh, known.tolist(), strict=True) if not is_known]
    # Two sorted runs: merging them is all that sorting does here.
    terms = sorted([*compress(old, used.tolist()), *unknown])
    return terms, np.where(used, old_places, -1), fresh_places
