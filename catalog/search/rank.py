"""The order of an answer, and the page cut from it.

Lexicographic: known facts before unknown > not sold out > the place's own before its neighbourhood > for all
the ages asked > made for those who ask, then for them too, then for everyone > fewest typos > title before
names before text > BM25, in a few steps so that near equals meet > distance in steps of two kilometres >
soonest > id. All of it is packed into one integer per occurrence: lower is better.
"""

import datetime as dt
from dataclasses import dataclass

import numpy as np

from catalog.query import Hit, Page, Query
from catalog.search.columns import Column, Occurrences
from catalog.search.filters import Fit, distances, fit_offerings, fit_venues
from catalog.search.index import Index
from catalog.search.postings import TextMatch
from catalog.search.spans import Ints, to_seconds
from catalog.search.times import fit_times, part_of_day_asked

_BUCKET_KM = 2.0
_LAYOUT = (
    ("unknown", 2),
    ("sold_out", 1),
    ("around", 1),
    ("not_all_ages", 1),
    ("remoteness", 2),
    ("typos", 3),
    ("field", 2),
    ("score", 3),
    ("distance", 13),
    ("soon", 30),
)
"""The parts of a rank from the heaviest, with their bits: 58 in all."""

_SCORE_STEPS = 5
_SAME_LEVEL = ("unknown", "sold_out", "around", "not_all_ages", "remoteness", "typos", "field")
_VARIED = 100
"""Within the first hundred no five in a row are filled by one series; beyond them nobody looks."""
_BLOCK, _OF_ONE_SERIES = 5, 2


@dataclass(frozen=True, slots=True)
class Found:
    """All offerings that fit, each once with its best occurrence, unordered. at: rows of occurrences."""

    at: Column
    ranks: Ints
    fit: Fit
    distances: Column

    def __len__(self) -> int:
        return len(self.at)


def find(index: Index, query: Query, now: dt.datetime, *, after: int = 0, until: int | None = None) -> Found:
    """Everything that fits all of the question, with its rank; only offerings with an id in (after, until],
    where that is given."""
    fit = fit_offerings(index.offerings, query)
    first, last = np.searchsorted(index.offerings.ids, (after, until or 0), side="right")
    fit.fits[:first] = False
    if until is not None:
        fit.fits[last:] = False
    text = _text(index, query, fit)
    at_venue, around = fit_venues(index.venues, query)
    occurrences = index.occurrences
    at = np.flatnonzero(fit.fits[occurrences.rows])
    at = at[at_venue[occurrences.venues[at]]]
    when = fit_times(occurrences, at, index.schedules, query, now)
    at, moments = at[when.fits], when.moments[when.fits]
    away = _distances(index, query)[occurrences.venues[at]]
    rows = occurrences.rows[at]
    parts = {
        "unknown": _unknown(fit, occurrences, at, query),
        "sold_out": occurrences.sold_out[at],
        "around": around[occurrences.venues[at]],
        "not_all_ages": ~fit.all_ages[rows],
        "remoteness": fit.remoteness[rows],
        **_likeness(text, rows),
        "distance": _buckets(away, query),
        "soon": _soonness(index, at, moments, now),
    }
    best = _best_of_each(rows, ranks := _pack(parts, len(at)))
    return Found(at[best], ranks[best], fit, away[best])


def _text(index: Index, query: Query, fit: Fit) -> TextMatch | None:
    """Narrow `fit` to the offerings that hold all words and none of the excluded ones."""
    if query.exclude is not None:
        others = {word: group for word, *group in query.exclude.alike}
        for word in query.exclude.words:
            fit.fits[index.postings.holding(word, others.get(word, ()))] = False
    if not query.words:
        return None
    match = index.postings.match(query.words, query.alike)
    holds = np.zeros(len(fit.fits), dtype=bool)
    holds[match.rows] = True
    np.logical_and(fit.fits, holds, out=fit.fits)
    return match


def _likeness(text: TextMatch | None, rows: Column) -> dict[str, Column]:
    if text is None or not len(rows):
        return {}
    at = np.searchsorted(text.rows, rows)
    score = text.score[at]
    steps = np.floor(_SCORE_STEPS * (1 - score / score.max())).astype(np.int64)
    return {"typos": text.typos[at], "field": text.field[at], "score": steps}


def _unknown(fit: Fit, occurrences: Occurrences, at: Column, query: Query) -> Ints:
    rows = occurrences.rows[at]
    count: Ints = fit.age_unknown[rows].astype(np.int64) + fit.price_unknown[rows]
    if part_of_day_asked(query):
        count += ~occurrences.hours_known[at]
    return count


def _distances(index: Index, query: Query) -> Column:
    """Kilometres to every venue from the position, or the place asked about; NaN when unknown, as it is for
    the last row, which stands for no venue."""
    places = [
        (p.latitude, p.longitude) for p in query.places if p.latitude is not None and p.longitude is not None
    ]
    if query.origin is not None:
        places = [query.origin]
    elif query.near is not None:
        places = [(query.near.latitude, query.near.longitude)]
    unknown = np.full(len(index.venues) + 1, np.nan)
    for latitude, longitude in places:
        unknown[:-1] = np.fmin(unknown[:-1], distances(index.venues, latitude, longitude))
    return unknown


def _buckets(away: Column, query: Query) -> Column:
    if query.near is None and query.origin is None:
        return np.zeros(len(away), dtype=np.int64)
    return np.nan_to_num(away // _BUCKET_KM, nan=np.inf).clip(max=2**13 - 1).astype(np.int64)


def _soonness(index: Index, at: Column, moments: Ints, now: dt.datetime) -> Ints:
    """Seconds from now. A run or a bare date counts as the end of its day: what has an hour comes first."""
    soon = moments.copy()
    loose = np.flatnonzero(~index.occurrences.dated[at])
    schedules = index.occurrences.schedules[at[loose]]
    for number in np.unique(schedules).tolist():
        own = loose[schedules == number]
        soon[own] = index.schedules[number].days.end_of_day(moments[own])
    return (soon - to_seconds(now)).clip(0, 2**30 - 1)


def _pack(parts: dict[str, Column], count: int) -> Ints:
    packed = np.zeros(count, dtype=np.int64)
    for name, bits in _LAYOUT:
        packed <<= bits
        if name in parts:
            packed |= np.minimum(parts[name].astype(np.int64), 2**bits - 1)
    return packed


def _unpack(rank: int) -> dict[str, float]:
    parts = {}
    for name, bits in reversed(_LAYOUT):
        parts[name] = float(rank & (2**bits - 1))
        rank >>= bits
    return dict(reversed(parts.items()))


def _best_of_each(rows: Column, ranks: Ints) -> Column:
    """The position of the best occurrence of each offering; rows come grouped. Among equals the first."""
    firsts = np.flatnonzero(np.diff(rows, prepend=-1))
    if not len(firsts):
        return firsts
    best = np.repeat(np.minimum.reduceat(ranks, firsts), np.diff(firsts, append=len(rows)))
    candidates = np.flatnonzero(ranks == best)
    return candidates[np.flatnonzero(np.diff(rows[candidates], prepend=-1))]


def page(index: Index, found: Found, query: Query, now: dt.datetime, *, limit: int, offset: int) -> Page:
    """Some of the hits, in order."""
    order = _varied(index, found, _first(found.ranks, max(offset + limit, _VARIED)))
    chosen = order[offset : offset + limit]
    hits = tuple(_hit(index, found, now, n) for n in chosen)
    return Page(hits, total=len(found), query=query)


def _first(ranks: Ints, count: int) -> list[int]:
    """The positions of the `count` lowest ranks in order; equals stay in the order of their ids."""
    within = np.arange(len(ranks))
    if len(ranks) > 2 * count:
        # A partition keeps any of the equals at its edge: take them all, then sort.
        within = np.flatnonzero(ranks <= np.partition(ranks, count)[count])
    order: list[int] = within[np.argsort(ranks[within], kind="stable")][:count].tolist()
    return order


def _varied(index: Index, found: Found, order: list[int]) -> list[int]:
    """The first hundred with later ones of a series pushed down, never past what is less fitting."""
    shift = sum(bits for name, bits in _LAYOUT if name not in _SAME_LEVEL)
    waiting, varied = order[:_VARIED], list[int]()
    levels = dict(zip(waiting, (found.ranks[waiting] >> shift).tolist(), strict=True))
    rows = index.occurrences.rows[found.at[waiting]]
    series = dict(zip(waiting, index.offerings.series[rows].tolist(), strict=True))
    while waiting:
        block = [series[n] for n in varied[len(varied) // _BLOCK * _BLOCK :]]
        level = levels[waiting[0]]
        tired = {number for number in block if number >= 0 and block.count(number) >= _OF_ONE_SERIES}
        fresh = (k for k, n in enumerate(waiting) if levels[n] == level and series[n] not in tired)
        varied.append(waiting.pop(next(fresh, 0)))
    return varied + order[_VARIED:]


def _hit(index: Index, found: Found, now: dt.datetime, n: int) -> Hit:
    at, occurrences = found.at[n], index.occurrences
    row = occurrences.rows[at]
    start, end, away, price = (
        occurrences.starts[at],
        occurrences.stated_ends[at],
        found.distances[n],
        found.fit.prices[row],
    )
    begun = occurrences.hideable[at] and occurrences.begun[at] <= to_seconds(now)
    marks = {
        "age-unknown": found.fit.age_unknown[row],
        "age-inferred": found.fit.age_inferred[row],
        "price-unknown": found.fit.price_unknown[row],
        "sold-out": occurrences.sold_out[at],
        "begun": begun,
    }
    return Hit(
        offering_id=int(index.offerings.ids[row]),
        occurrence_id=int(occurrences.ids[at]),
        start=dt.datetime.fromtimestamp(int(start), dt.UTC),
        end=dt.datetime.fromtimestamp(int(end), dt.UTC) if end else None,
        distance_km=None if np.isnan(away) else round(float(away), 3),
        price=None if np.isnan(price) else round(float(price), 2),
        marks=frozenset(mark for mark, holds in marks.items() if holds),
        why=_unpack(int(found.ranks[n])),
    )
