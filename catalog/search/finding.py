"""What fits a question. Facts are judged apart from each other and kept for as long as one search lasts: a
question with one fact relaxed is then a matter of putting the same judgements together again."""

import datetime as dt
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from catalog.query import Query
from catalog.search.columns import Column, Rows, rows_at
from catalog.search.filters import (
    VenueFacts,
    Who,
    fit_kinds,
    fit_price,
    fit_who,
    prices_for,
    shut_out,
)
from catalog.search.index import Index
from catalog.search.postings import TextMatch
from catalog.search.spans import Bools, Ints
from catalog.search.times import Asked

_T = TypeVar("_T")

_MANY = 5_000
"""Of more occurrences than these the times are looked at only where all else fits."""


@dataclass(slots=True)
class Candidates:
    """Offerings that hold the words asked for and meet what is never relaxed, by their rows, and their
    occurrences by theirs. owners: for each of those the place of its offering among the candidates.
    are_placed: all of them lie where was asked. texts: for each candidate its place in the match, where words
    are asked for. judged: what is known of them."""

    rows: Rows
    at: Rows
    owners: Column
    are_placed: bool = False
    match: TextMatch | None = None
    texts: Ints | None = None
    judged: dict[Hashable, object] = field(default_factory=dict)

    def once(self, key: Hashable, judge: Callable[[], _T]) -> _T:
        """What `judge` says, asked once for each key."""
        if key not in self.judged:
            self.judged[key] = judge()
        return self.judged[key]  # type: ignore[return-value]  # each key has its own kind of judgement


@dataclass(frozen=True, slots=True)
class Found:
    """The occurrences that fit, grouped by offering. at, rows: of the index's tables; owners: the places of
    their offerings among the candidates."""

    query: Query
    candidates: Candidates
    who: Who
    times: Asked
    around: Bools | None
    at: Ints
    rows: Ints
    owners: Column

    def __len__(self) -> int:
        return len(self.at)


class Search:
    """One search of an index at `now`, among the offerings with an id in (after, until] where that is given.
    All questions put to it differ in no more than words, ages, prices, places and times, and in categories
    where there are no words."""

    def __init__(self, index: Index, now: dt.datetime, *, after: int = 0, until: int | None = None) -> None:
        self.index, self.now = index, now
        self.venues = VenueFacts(index.venues, index.lookups)
        ids = index.offerings.ids
        self._first = int(ids.searchsorted(after, side="right")) if after else 0
        self._last = len(ids) if until is None else int(ids.searchsorted(until, side="right"))
        self._times: dict[Hashable, Asked] = {}
        self._places: dict[Hashable, tuple[Bools, Bools | None]] = {}
        self._candidates: dict[Hashable, Candidates] = {}

    def any_fits(self, query: Query) -> bool:
        """Whether anything fits all of the question."""
        return len(self._fitting(query)) > 0

    def find(self, query: Query) -> Found:
        """Everything that fits all of the question."""
        candidates = self._among(query)
        positions = self._fitting(query)
        owners = candidates.owners[positions]
        return Found(
            query=query,
            candidates=candidates,
            who=self._who(candidates, query),
            times=self._asked(query),
            around=self._lie(query)[1] if query.places else None,
            at=rows_at(candidates.at, positions),
            rows=rows_at(candidates.rows, owners),
            owners=owners,
        )

    def _fitting(self, query: Query) -> Ints:
        """Which of the candidates' occurrences fit."""
        candidates = self._among(query)
        offered: Bools = self._who(candidates, query).fits
        if query.free or query.max_price is not None:
            offered = offered & self._price(candidates, query)
        if not offered.any():
            return np.zeros(0, dtype=np.int64)
        fits: Bools = offered[candidates.owners]
        if (query.places or query.near or query.exclude) and not candidates.are_placed:
            fits &= self._where(candidates, query)
        if len(fits) <= _MANY:
            return (fits & self._when(candidates, query)).nonzero()[0]
        positions = fits.nonzero()[0]
        at = rows_at(candidates.at, positions)
        return positions[self._asked(query).fits(self.index.occurrences, at)]

    def _among(self, query: Query) -> Candidates:
        if query.words:
            return self._once(query.words, lambda: self._with_words(query))
        if query.places or query.near:
            key = query.places, query.near, query.categories
            return self._once(key, lambda: self._at_places(query))
        return self._once((query.categories,), lambda: self._of_kind(query))

    def _once(self, key: Hashable, find: Callable[[], Candidates]) -> Candidates:
        if key not in self._candidates:
            self._candidates[key] = find()
        return self._candidates[key]

    def _of_kind(self, query: Query) -> Candidates:
        rows = slice(self._first, max(self._first, self._last))
        if (fits := self._lasting(rows, query)) is not None:
            return self._with_occurrences(fits.nonzero()[0] + rows.start)
        firsts = self.index.lookups.firsts
        at = slice(int(firsts[rows.start]), int(firsts[rows.stop]))
        owners = self.index.occurrences.rows[at]
        return Candidates(rows, at, owners - np.int32(rows.start) if rows.start else owners)

    def _at_places(self, query: Query) -> Candidates:
        lookups, venues = self.index.lookups, self._lie(query)[0][:-1].nonzero()[0]
        begin = lookups.venue_firsts[venues]
        at = np.sort(lookups.by_venue[_stretches(begin, lookups.venue_firsts[venues + 1] - begin)])
        first, last = at.searchsorted(lookups.firsts[[self._first, max(self._first, self._last)]]).tolist()
        of = self.index.occurrences.rows[at := at[first:last]]
        begins = begin_groups(of)
        rows, owners = of[begins], begins.cumsum() - 1
        if (fits := self._lasting(rows, query)) is not None:
            kept = fits[owners]
            rows, at, owners = rows[fits], at[kept], (fits.cumsum() - 1)[owners[kept]]
        return Candidates(rows, at, owners, are_placed=True)

    def _with_words(self, query: Query) -> Candidates:
        match = self.index.postings.match(query.words, query.alike)
        first, last = match.rows.searchsorted((self._first, self._last)).tolist()
        rows = match.rows[first:last]
        texts = np.arange(first, last)
        if (fits := self._lasting(rows, query)) is not None:
            rows, texts = rows[fits], texts[fits]
        candidates = self._with_occurrences(rows)
        candidates.match, candidates.texts = match, texts
        return candidates

    def _with_occurrences(self, rows: Ints) -> Candidates:
        firsts = self.index.lookups.firsts
        begin = firsts[rows]
        counts = firsts[rows + 1] - begin
        return Candidates(rows, _stretches(begin, counts), np.arange(len(rows)).repeat(counts))

    def _lasting(self, rows: Rows, query: Query) -> Bools | None:
        """Which offerings meet what no relaxed question gives up; None when nothing of the kind is asked."""
        offerings, exclude = self.index.offerings, query.exclude
        fits = fit_kinds(offerings, rows, query)
        if exclude is None:
            return fits
        out = shut_out(offerings, self.index.lookups, rows, exclude)
        if exclude.words:
            held = np.zeros(len(offerings), dtype=bool)
            others = {word: group for word, *group in exclude.alike}
            for word in exclude.words:
                held[self.index.postings.holding(word, others.get(word, ()))] = True
            out |= held[rows]
        return ~out if fits is None else fits & ~out

    def _who(self, candidates: Candidates, query: Query) -> Who:
        offerings, lookups = self.index.offerings, self.index.lookups
        return candidates.once(
            ("who", query.ages), lambda: fit_who(offerings, lookups, candidates.rows, query)
        )

    def _price(self, candidates: Candidates, query: Query) -> Bools:
        return candidates.once(
            ("price", query.free, query.max_price, query.ages),
            lambda: fit_price(self.prices(candidates, query), query),
        )

    def prices(self, candidates: Candidates, query: Query) -> Column:
        """Of every candidate, for those who ask; NaN when unknown."""
        offerings, lookups = self.index.offerings, self.index.lookups
        return candidates.once(
            ("prices", query.ages), lambda: prices_for(offerings, lookups, candidates.rows, query)
        )

    def _where(self, candidates: Candidates, query: Query) -> Bools:
        venues = self.index.occurrences.venues
        return candidates.once(
            ("where", query.places, query.near), lambda: self._lie(query)[0][venues[candidates.at]]
        )

    def _lie(self, query: Query) -> tuple[Bools, Bools | None]:
        key = query.places, query.near
        if key not in self._places:
            self._places[key] = self.venues.fits(query)
        return self._places[key]

    def _when(self, candidates: Candidates, query: Query) -> Bools:
        asked = self._asked(query)
        return candidates.once(("when", id(asked)), lambda: asked.fits(self.index.occurrences, candidates.at))

    def _asked(self, query: Query) -> Asked:
        clock = query.weekdays, query.from_time, query.until_time
        key = query.windows, clock, query.now_asked, query.starts_only
        if key not in self._times:
            self._times[key] = Asked(self.index.lookups, query, self.now)
        return self._times[key]


def _stretches(begin: Ints, counts: Ints) -> Ints:
    """So many numbers from each beginning on, one stretch after the other."""
    ends = counts.cumsum()
    numbers: Ints = np.arange(ends[-1] if len(ends) else 0) + (begin - ends + counts).repeat(counts)
    return numbers


def begin_groups(owners: Column) -> Bools:
    """Where another group begins."""
    begins = np.ones(len(owners), dtype=bool)
    np.not_equal(owners[1:], owners[:-1], out=begins[1:])
    return begins
