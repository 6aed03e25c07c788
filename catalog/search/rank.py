"""The order of an answer, and the page cut from it.

Lexicographic: known facts before unknown > not sold out > the place's own before its neighbourhood > for all
the ages asked > made for those who ask, then for them too, then for everyone > fewest typos > title before
names before text > BM25, in a few steps so that near equals meet > distance in steps of two kilometres >
soonest > id. All words are held by everything in one answer. All of it is packed into one integer per
occurrence: lower is better.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import accumulate
from math import isnan

import numpy as np

from catalog.query import Hit, Page, Query
from catalog.search.columns import Column, Rows
from catalog.search.filters import fit_ages, prices_for, remoteness
from catalog.search.finding import Found, Search, begin_groups
from catalog.search.spans import Ints, to_seconds
from catalog.search.times import part_of_day_asked

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

_SHIFTS = dict(
    zip(
        (name for name, _ in reversed(_LAYOUT)),
        accumulate((bits for _, bits in reversed(_LAYOUT)), initial=0),
        strict=False,
    )
)
_MOST = {name: 2**bits - 1 for name, bits in _LAYOUT}

_SCORE_STEPS = 5
_LEVEL = _SHIFTS["field"]
"""Ranks that are equal above this bit are one level: variety never goes past what is less fitting."""

_VARIED = 100
"""Within the first hundred no five in a row are filled by one series; beyond them nobody looks."""
_BLOCK, _OF_ONE_SERIES = 5, 2

_MANY, _MORE = 5_000, 8
"""Of more occurrences than these only the most promising are looked at closely, then so many times more."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """The offerings that fit best, each once with its best occurrence, unordered. best: which of those found.
    total: how many offerings fit in all. away: kilometres of each, None when no place was asked about."""

    found: Found
    best: Ints
    ranks: Ints
    total: int
    away: Column | None


def ranked(search: Search, found: Found, wanted: int) -> Ranked:
    """The best occurrence of each offering found, with its rank; of many only as many as are `wanted`."""
    away = _away(search, found)
    parts = {**_facts(search, found), **_likeness(found)}
    if away is not None and (found.query.near is not None or found.query.origin is not None):
        parts["distance"] = np.nan_to_num(away // _BUCKET_KM, nan=np.inf).clip(max=_MOST["distance"])
    weights = _pack(parts, len(found))
    best, ranks = _best(search, found, weights, max(wanted, _VARIED))
    total = len(found) and int(np.count_nonzero(found.owners[1:] != found.owners[:-1])) + 1
    return Ranked(found, best, ranks, total, None if away is None else away[best])


def _best(search: Search, found: Found, weights: Ints, wanted: int) -> tuple[Ints, Ints]:
    """(the best occurrences of offerings by their positions, ascending, their ranks): all of them, or when
    there are many the `wanted` best and some more."""
    enough = max(_MANY, 4 * wanted)
    floors = weights | _soonest(search, found) if len(found) > enough else weights
    while enough < len(found):
        edge = np.partition(floors, enough)[enough]
        some = (floors < edge).nonzero()[0]
        ranks = weights[some] | _soonness(search, found, some)
        best = _best_of_each(found.owners[some], ranks)
        # Whatever was left out has a rank of `edge` or more.
        if np.count_nonzero(ranks[best] < edge) >= wanted:
            return some[best], ranks[best]
        enough *= _MORE
    ranks = weights | _soonness(search, found, slice(None))
    best = _best_of_each(found.owners, ranks)
    return best, ranks[best]


def _soonest(search: Search, found: Found) -> Ints:
    """Seconds from now before which `_soonness` is not, got with less work."""
    occurrences, now = search.index.occurrences, to_seconds(search.now)
    today = min(
        (int(zone.days.end_of_day(np.array([now]))[0]) for zone in search.index.lookups.zones), default=now
    )
    earliest = np.where(occurrences.dated[found.at], now, today)
    return (np.maximum(occurrences.starts[found.at], earliest) - now).clip(0, _MOST["soon"])


def _facts(search: Search, found: Found) -> dict[str, Column]:
    query, offerings = found.query, search.index.offerings
    parts = {"sold_out": search.index.occurrences.sold_out[found.at]}
    if (unknown := _unknown(search, found)) is not None:
        parts["unknown"] = unknown
    if found.around is not None:
        parts["around"] = found.around[search.index.occurrences.venues[found.at]]
    if query.ages or query.audiences:
        parts["remoteness"] = remoteness(offerings, found.rows, query)
    if query.ages:
        each = [fit_ages(offerings, found.rows, (ages,)) for ages in query.ages]
        parts["not_all_ages"] = ~np.logical_and.reduce(each)
    return parts


def _unknown(search: Search, found: Found) -> Column | None:
    """How many of the facts asked for are unknown."""
    query, counts = found.query, []
    if found.who.unknown is not None:
        counts.append(found.who.unknown[found.owners])
    if price_asked(query):
        counts.append(np.isnan(search.prices(found.candidates, query)[found.owners]))
    if part_of_day_asked(query):
        counts.append(~search.index.occurrences.hours_known[found.at])
    return np.add.reduce([count.view(np.uint8) for count in counts]) if counts else None


def price_asked(query: Query) -> bool:
    return query.free or query.max_price is not None


def _likeness(found: Found) -> dict[str, Column]:
    match, texts = found.candidates.match, found.candidates.texts
    if match is None or texts is None or not len(found):
        return {}
    at = texts[found.owners]
    score = match.score[at]
    steps = np.floor(_SCORE_STEPS * (1 - score / score.max()))
    return {"typos": match.typos[at], "field": match.field[at], "score": steps}


def _away(search: Search, found: Found) -> Column | None:
    """Kilometres of each from the position, or the place asked about; NaN when unknown, None when no place
    is."""
    query = found.query
    points = [
        (p.latitude, p.longitude) for p in query.places if p.latitude is not None and p.longitude is not None
    ]
    if query.origin is not None:
        points = [query.origin]
    elif query.near is not None:
        points = [(query.near.latitude, query.near.longitude)]
    if not points:
        return None
    nearest = np.fmin.reduce([search.venues.distances(*point) for point in points])
    away: Column = np.append(nearest, np.nan)[search.index.occurrences.venues[found.at]]
    return away


def _soonness(search: Search, found: Found, some: Rows) -> Ints:
    """Seconds from now. A run or a bare date counts as the end of its day: what has an hour comes first."""
    occurrences, at = search.index.occurrences, found.at[some]
    soon = found.times.moments(occurrences, at)
    loose = (~occurrences.dated[at]).nonzero()[0]
    if len(loose):
        numbers = search.index.lookups.zone_of[occurrences.schedules[at[loose]]]
        for number, zone in enumerate(search.index.lookups.zones):
            own = loose[numbers == number]
            soon[own] = zone.days.end_of_day(soon[own])
    return (soon - to_seconds(search.now)).clip(0, _MOST["soon"])


def _pack(parts: dict[str, Column], count: int) -> Ints:
    packed = np.zeros(count, dtype=np.int64)
    for name, part in parts.items():
        packed |= np.minimum(part, _MOST[name]).astype(np.int64) << _SHIFTS[name]
    return packed


def _unpack(rank: int) -> dict[str, float]:
    return {name: float(rank >> _SHIFTS[name] & most) for name, most in _MOST.items()}


def _best_of_each(owners: Column, ranks: Ints) -> Ints:
    """The position of the best occurrence of each offering; owners come grouped. Among equals the first."""
    if not len(owners):
        return owners
    begins = begin_groups(owners)
    firsts = begins.nonzero()[0]
    if len(firsts) == len(owners):
        return firsts
    groups = begins.cumsum() - 1
    candidates = (ranks == np.minimum.reduceat(ranks, firsts)[groups]).nonzero()[0]
    best: Ints = candidates[begin_groups(groups[candidates])]
    return best


def page(search: Search, ranked: Ranked, *, limit: int, offset: int) -> Page:
    """Some of the hits, in order."""
    order = _varied(search, ranked, _first(ranked.ranks, max(offset + limit, _VARIED)), offset + limit)
    chosen, found = order[offset : offset + limit], ranked.found
    rows = found.rows[ranked.best[chosen]]
    prices = prices_for(search.index.offerings, search.index.lookups, rows, found.query).tolist()
    hits = tuple(_hit(search, ranked, n, price) for n, price in zip(chosen, prices, strict=True))
    return Page(hits, total=ranked.total, query=found.query)


def _first(ranks: Ints, count: int) -> list[int]:
    """The positions of the `count` lowest ranks in order; equals stay in the order of their ids."""
    within = np.arange(len(ranks))
    if len(ranks) > 2 * count:
        # A partition keeps any of the equals at its edge: take them all, then sort.
        within = (ranks <= np.partition(ranks, count)[count]).nonzero()[0]
    order: list[int] = within[ranks[within].argsort(kind="stable")][:count].tolist()
    return order


def _varied(search: Search, ranked: Ranked, order: list[int], wanted: int) -> list[int]:
    """The first hundred with later ones of a series pushed down, as far as `wanted`."""
    waiting, varied = order[:_VARIED], list[int]()
    of_series = search.index.offerings.series[ranked.found.rows[ranked.best[waiting]]].tolist()
    if len({number for number in of_series if number >= 0}) + of_series.count(-1) == len(of_series):
        return order
    levels = dict(zip(waiting, (ranked.ranks[waiting] >> _LEVEL).tolist(), strict=True))
    series = dict(zip(waiting, of_series, strict=True))
    while waiting and len(varied) < wanted:
        block = [series[n] for n in varied[len(varied) // _BLOCK * _BLOCK :]]
        level = levels[waiting[0]]
        tired = {number for number in block if number >= 0 and block.count(number) >= _OF_ONE_SERIES}
        fresh = (k for k, n in enumerate(waiting) if levels[n] == level and series[n] not in tired)
        varied.append(waiting.pop(next(fresh, 0)))
    return varied + waiting + order[_VARIED:]


def _hit(search: Search, ranked: Ranked, n: int, price: float) -> Hit:
    offerings, occurrences, found = search.index.offerings, search.index.occurrences, ranked.found
    position = ranked.best[n]
    at, row, owner = int(found.at[position]), int(found.rows[position]), int(found.owners[position])
    end = int(occurrences.stated_ends[at])
    unknown = found.who.unknown
    marks = {
        "age-unknown": unknown is not None and unknown[owner],
        "age-inferred": unknown is not None and offerings.age_inferred[row] and offerings.age_from[row] >= 0,
        "price-unknown": isnan(price) and price_asked(found.query),
        "sold-out": occurrences.sold_out[at],
        "begun": occurrences.hideable[at] and occurrences.begun[at] <= to_seconds(search.now),
    }
    return Hit(
        offering_id=int(offerings.ids[row]),
        occurrence_id=int(occurrences.ids[at]),
        start=dt.datetime.fromtimestamp(int(occurrences.starts[at]), dt.UTC),
        end=dt.datetime.fromtimestamp(end, dt.UTC) if end else None,
        distance_km=_known(ranked.away[n], 3) if ranked.away is not None else None,
        price=_known(price, 2),
        marks=frozenset(mark for mark, holds in marks.items() if holds),
        why={"words": float(len(found.query.words)), **_unpack(int(ranked.ranks[n]))},
    )


def _known(number: float, digits: int) -> float | None:
    return None if isnan(number) else round(float(number), digits)
