"""What every search would otherwise work out again from the columns of an index."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from catalog.search.analysis import languages_of
from catalog.search.columns import CLOSED, TARIFFS, Column, Numbers, Occurrences, Offerings, Schedule, Venues
from catalog.search.spans import FOREVER, Bools, Ints, LocalDays, Spans
from catalog.text import words
from catalog.values import Tariff

APART = 4 * FOREVER
"""Times of schedule n are moved by n times this: those of all schedules then stand in one ascending row."""

Named = dict[str, Ints]
"""Rows by a folded name."""


@dataclass(frozen=True, slots=True)
class Zone:
    """One wall clock. hours: when the runs of its schedules are open, moved `APART` by schedule."""

    days: LocalDays
    hours: Spans


@dataclass(frozen=True, slots=True)
class Lookups:
    """firsts: where the occurrences of each offering begin, and behind the last where they end. by_venue: the
    rows of the occurrences that have a venue, in the order of the venues; venue_firsts: where those of each
    venue begin, and the last end. usual_prices: kroner for an adult, else the cheapest, NaN when unknown.
    open_to_all: not only for institutions. zones, zone_of: the wall clocks, and that of each schedule by
    number. municipalities, districts, towns, postcodes, venues, venue_keys: the rows of venues by these.
    venue_words, maker_words: all folded words of the names of venues, and of organisers and series."""

    firsts: Ints
    by_venue: Numbers
    venue_firsts: Ints
    usual_prices: Column
    open_to_all: Bools
    zones: tuple[Zone, ...]
    zone_of: Column
    municipalities: Named
    districts: Named
    towns: Named
    postcodes: Named
    venues: Named
    venue_keys: Named
    venue_words: frozenset[str]
    maker_words: frozenset[str]

    @classmethod
    def of(
        cls,
        offerings: Offerings,
        occurrences: Occurrences,
        venues: Venues,
        schedules: tuple[Schedule, ...],
        *,
        venue_names: Iterable[str],
        maker_names: Iterable[str],
    ) -> Self:
        zones, zone_of = _zones(schedules)
        tags = offerings.audiences
        by_venue = occurrences.venues.argsort(kind="stable").astype(np.int32)
        by_venue = by_venue[np.count_nonzero(occurrences.venues < 0) :]
        return cls(
            by_venue=by_venue,
            venue_firsts=occurrences.venues[by_venue].searchsorted(
                np.arange(len(venues) + 1, dtype=occurrences.venues.dtype)
            ),
            firsts=occurrences.rows.searchsorted(np.arange(len(offerings) + 1, dtype=occurrences.rows.dtype)),
            usual_prices=_usual_prices(offerings),
            open_to_all=(tags == 0) | ((tags & ~np.uint16(CLOSED)) != 0),
            zones=zones,
            zone_of=zone_of,
            municipalities=_rows_by_name(venues.municipalities),
            districts=_rows_by_name(venues.districts),
            towns=_rows_by_name(venues.towns),
            postcodes=_rows_by_name(venues.postcodes),
            venues=_rows_by_name(venues.names),
            venue_keys=_rows_by_name(venues.keys),
            venue_words=frozenset(word for name in venue_names for word in name.split()),
            maker_words=frozenset(word for name in maker_names for word in words(name)),
        )

    def is_name(self, word: str) -> bool:
        """Whether a folded word of a question means a venue, or an organiser or a series by a word that is in
        no dictionary: "foreningen" is none, and "havnens venner" together are one."""
        if " " in word:
            return self.maker_words.issuperset(word.split())
        return word in self.venue_words or (word in self.maker_words and not languages_of(word))


def _usual_prices(offerings: Offerings) -> Column:
    usual = offerings.prices[:, TARIFFS.index(Tariff.ADULT)].copy()
    unknown = np.isnan(usual).nonzero()[0]
    for prices in offerings.prices[unknown].T:
        usual[unknown] = np.fmin(usual[unknown], prices)
    return usual


def _zones(schedules: tuple[Schedule, ...]) -> tuple[tuple[Zone, ...], Column]:
    numbers: dict[int, int] = {}
    zone_of = [numbers.setdefault(id(schedule.days), len(numbers)) for schedule in schedules]
    zones = []
    for zone in range(len(numbers)):
        own = [n for n, number in enumerate(zone_of) if number == zone]
        hours = [(n, hours) for n in own if (hours := schedules[n].open_hours) is not None]
        since, until = (
            np.concatenate([np.zeros(0, dtype=np.int64), *pieces])
            for pieces in (
                [hours.since + n * APART for n, hours in hours],
                [hours.until + n * APART for n, hours in hours],
            )
        )
        zones.append(Zone(schedules[own[0]].days, Spans(since, until)))
    return tuple(zones), np.array(zone_of, dtype=np.int16)


def _rows_by_name(names: Column) -> Named:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(names.tolist()):
        if name:
            rows[name].append(row)
    return {name: np.array(own, dtype=np.int64) for name, own in rows.items()}
