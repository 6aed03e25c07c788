"""Which offerings the facts of a question allow: ages and audiences, prices, kinds, places.

Every function answers for the offerings at some rows. Nothing about likeness here: a fact fits, fails or is
unknown.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from catalog.query import Near, PlaceRef, Query
from catalog.search.columns import CLOSED, TARIFFS, Column, Offerings, Rows, Venues, bit_of, bits_of
from catalog.search.lookups import Lookups, Named
from catalog.search.reading import fold_name
from catalog.search.spans import Bools
from catalog.values import AUDIENCE_AGES, TARIFF_AGES, Audience, PlaceKind

AROUND_KM = 5.0
"""A named town or postcode also gives what lies this near, after its own (contract)."""

_EARTH_KM = 6371.0
_SAME_TOWN_KM = 15.0
"""Danish town names repeat: another town of the name further off than this is not the one meant."""

_FEW_YEARS, _RIPE_AGE = 20, 80
"""An offering for so few years, counted up to 80, is made for people of those ages."""

_AGELESS = {Audience.FAMILIES, Audience.EVERYONE}
_OF_FAMILIES = (Audience.TODDLERS, Audience.CHILDREN)


@dataclass(frozen=True, slots=True)
class Who:
    """Whether each offering may be shown to those who ask, and whether their age is unknown; None: no age
    and no group was asked for."""

    fits: Bools
    unknown: Bools | None = None


def fit_kinds(offerings: Offerings, rows: Rows, query: Query) -> Bools | None:
    """Categories, formats and languages: any of those asked; accessibility: all of it, and known. None when
    nothing of the kind is asked."""
    asked = []
    if query.categories:
        asked.append((offerings.categories[rows] & bits_of(query.categories)) != 0)
    if query.formats:
        asked.append((offerings.formats[rows] & bits_of(query.formats)) != 0)
    if query.languages:
        asked.append((offerings.languages[rows] & _language_bits(offerings, query.languages)) != 0)
    if query.accessibility:
        needed = bits_of(query.accessibility)
        asked.append((offerings.access[rows] & needed) == needed)
    return reduce(np.logical_and, asked) if asked else None


def _language_bits(offerings: Offerings, languages: Iterable[str]) -> int:
    return sum(offerings.language_bits.get(language, 0) for language in set(languages))


def fit_who(offerings: Offerings, lookups: Lookups, rows: Rows, query: Query) -> Who:
    """The ages and groups asked for."""
    if bits_of(query.audiences) & CLOSED:
        return _institutions(offerings, rows, query)
    open_to_all = lookups.open_to_all[rows]
    if not (query.ages or query.audiences):
        return Who(open_to_all)
    fits, unknown = _people(offerings, rows, query)
    return Who((fits | unknown) & open_to_all, unknown)


def _institutions(offerings: Offerings, rows: Rows, query: Query) -> Who:
    fits = (offerings.audiences[rows] & (bits_of(query.audiences) & CLOSED)) != 0
    if not query.ages:
        return Who(fits)
    unknown = offerings.age_from[rows] < 0
    return Who(fits & (unknown | _fit_all_ages(offerings, rows, query.ages)), fits & unknown)


def _people(offerings: Offerings, rows: Rows, query: Query) -> tuple[Bools, Bools]:
    """(fits, unknown) for the ages and groups asked: a known age decides, else the groups it names."""
    tags, known = offerings.audiences[rows], offerings.age_from[rows] >= 0
    ages = asked_ages(query)
    by_tag = (tags & (_telling(query) | bit_of(Audience.EVERYONE))) != 0
    if ages:
        fits = _fit_all_ages(offerings, rows, ages) | (by_tag & ~known)
        if not query.ages and _AGELESS.intersection(query.audiences):
            fits |= by_tag
    else:
        fits = by_tag
    possible = (tags == 0) | ((tags & _compatible(query)) != 0)
    return fits, possible & ~(known | fits)


def asked_ages(query: Query) -> tuple[tuple[int, int], ...]:
    """The ages asked for, else those of the groups."""
    return query.ages or tuple(AUDIENCE_AGES[a] for a in query.audiences if a in AUDIENCE_AGES)


def fit_ages(offerings: Offerings, rows: Rows, ages: Iterable[tuple[int, int]]) -> Bools:
    """Whether the ages are known and overlap any of these."""
    low, high = offerings.age_from[rows], offerings.age_to[rows]
    fits: Bools = np.zeros(len(low), dtype=bool)
    for youngest, oldest in ages:
        fits |= (low <= oldest) & (high >= youngest)
    return fits & (low >= 0)


def _fit_all_ages(offerings: Offerings, rows: Rows, ages: Sequence[tuple[int, int]]) -> Bools:
    """As `fit_ages`, but several single years are several children, who come along together."""
    if any(youngest != oldest for youngest, oldest in ages):
        return fit_ages(offerings, rows, ages)
    return reduce(np.logical_and, [fit_ages(offerings, rows, (age,)) for age in ages])


def _telling(query: Query) -> int:
    """The groups whose name alone answers the question: an offering "for the young" answers "for the young",
    but says nothing sure about a child of eight."""
    if not query.ages:
        return bits_of(query.audiences)
    whole = (
        a
        for a in query.audiences
        if a in AUDIENCE_AGES and any(_holds(r, AUDIENCE_AGES[a]) for r in query.ages)
    )
    return bits_of(whole)


def _compatible(query: Query) -> int:
    """The groups that do not speak against the question while the age is unknown."""
    if not query.audiences:
        near = [a for a, span in AUDIENCE_AGES.items() if any(_meet(span, asked) for asked in query.ages)]
        return bits_of([*near, Audience.FAMILIES, Audience.EVERYONE])
    families = (Audience.FAMILIES,) if set(query.audiences) & set(_OF_FAMILIES) else ()
    return bits_of([*query.audiences, *families, Audience.EVERYONE])


def _groups(query: Query) -> tuple[Audience, ...]:
    """The groups meant: those named, else those that the ages lie within."""
    if query.audiences:
        return query.audiences
    return tuple(a for a, span in AUDIENCE_AGES.items() if any(_holds(span, asked) for asked in query.ages))


def remoteness(offerings: Offerings, rows: Rows, query: Query) -> Column:
    """How far an offering is from being made for those who ask: 0 made for them, 1 for them too, 2 for
    everyone."""
    groups = bits_of(_groups(query))
    tags, known = offerings.audiences[rows], offerings.age_from[rows] >= 0
    just_everyones = ((tags & bit_of(Audience.EVERYONE)) != 0) & ((tags & groups) == 0) & ~known
    made_for = ((offerings.made_for[rows] & groups) != 0) | _of_their_age(offerings, rows, query)
    degrees: Column = (just_everyones.view(np.uint8) + np.uint8(1)) * ~made_for
    return degrees


def _of_their_age(offerings: Offerings, rows: Rows, query: Query) -> Bools:
    """Made for a few ages, of which the youngest and the middle are asked for, or among which the middle of
    those asked is: 8 to 14 is made for children and for one of 13, 7 and up for nobody above others."""
    low, high = offerings.age_from[rows], offerings.age_to[rows]
    few = (low >= 0) & (np.minimum(high, _RIPE_AGE) - low <= _FEW_YEARS)
    fits = np.zeros(len(low), dtype=bool)
    for youngest, oldest in asked_ages(query):
        fits |= (youngest <= low) & (low + high <= 2 * oldest)
        fits |= (2 * low <= youngest + oldest) & (youngest + oldest <= 2 * high)
    return few & fits


def _holds(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def prices_for(offerings: Offerings, lookups: Lookups, rows: Rows, query: Query) -> Column:
    """Kroner of the cheapest tariff that fits those who ask, else of an adult, else the cheapest there is;
    NaN when unknown."""
    usual: Column = lookups.usual_prices[rows]
    tariffs = [
        TARIFFS.index(tariff)
        for tariff, span in TARIFF_AGES.items()
        if any(_holds(span, ages) for ages in asked_ages(query))
    ]
    if not tariffs:
        return usual
    own = reduce(np.fmin, [offerings.prices[rows, tariff] for tariff in tariffs])
    return np.where(np.isnan(own), usual, own)


def fit_price(prices: Column, query: Query) -> Bools:
    """Whether these are not known to be too dear."""
    ceiling = 0.0 if query.free else np.inf
    # NaN compares false both ways: an unknown price is let through here and marked later.
    return ~(prices > min(ceiling, np.inf if query.max_price is None else query.max_price))


def shut_out(offerings: Offerings, lookups: Lookups, rows: Rows, exclude: Query) -> Bools:
    """What one of the negated fields takes out. Unknown is not taken out: nobody said it is so."""
    out: Bools = (offerings.categories[rows] & bits_of(exclude.categories)) != 0
    out |= (offerings.formats[rows] & bits_of(exclude.formats)) != 0
    out |= (offerings.audiences[rows] & bits_of(exclude.audiences)) != 0
    out |= (offerings.access[rows] & bits_of(exclude.accessibility)) != 0
    out |= (offerings.languages[rows] & _language_bits(offerings, exclude.languages)) != 0
    if exclude.ages:
        out |= fit_ages(offerings, rows, exclude.ages)
    if exclude.free:
        out |= prices_for(offerings, lookups, rows, exclude) == 0
    if exclude.max_price is not None:
        out |= prices_for(offerings, lookups, rows, exclude) <= exclude.max_price
    return out


class VenueFacts:
    """Where the venues of an index lie, as a question asks; distances that were worked out are kept."""

    def __init__(self, venues: Venues, lookups: Lookups) -> None:
        self._venues, self._lookups = venues, lookups
        self._kept: dict[tuple[float, float], Column] = {}

    def distances(self, latitude: float, longitude: float) -> Column:
        """Great-circle kilometres from a point to every venue; NaN where a venue has no coordinates."""
        if (latitude, longitude) not in self._kept:
            lat, lon = np.radians(self._venues.latitudes), np.radians(self._venues.longitudes)
            north, east = (lat - np.radians(latitude)) / 2, (lon - np.radians(longitude)) / 2
            half = np.sin(north) ** 2 + np.cos(lat) * np.cos(np.radians(latitude)) * np.sin(east) ** 2
            kilometres = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
            self._kept[latitude, longitude] = kilometres
        return self._kept[latitude, longitude]

    def fits(self, query: Query) -> tuple[Bools, Bools | None]:
        """For each venue: (whether it lies where it was asked, whether only in the neighbourhood, None when
        no place was named). One row more stands for no venue at all, so that row -1 answers for occurrences
        without one."""
        fits = np.ones(len(self._venues) + 1, dtype=bool)
        around = None
        if query.places:
            own = reduce(np.logical_or, [self._own(place) for place in query.places])
            nearby = reduce(np.logical_or, [self._nearby(place) for place in query.places])
            around = np.append(~own, False)
            fits[:-1], fits[-1] = own | nearby, False
        if query.near is not None:
            fits[:-1] &= self._within(query.near)
            fits[-1] = False
        if query.exclude is not None:
            fits[:-1] &= ~self._shut_out(query.exclude)
        return fits, around

    def _shut_out(self, exclude: Query) -> Bools:
        out = np.zeros(len(self._venues), dtype=bool)
        for place in exclude.places:
            out |= self._own(place)
        return out | self._within(exclude.near) if exclude.near else out

    def _within(self, near: Near) -> Bools:
        within: Bools = self.distances(near.latitude, near.longitude) <= near.radius_km
        return within

    def _own(self, place: PlaceRef) -> Bools:
        name, known = fold_name(place.name), self._lookups
        match place.kind:
            case PlaceKind.MUNICIPALITY:
                return self._at(known.municipalities, name)
            case PlaceKind.DISTRICT:
                return self._at(known.districts, name)
            case PlaceKind.POSTCODE:
                return self._at(known.postcodes, _code(place))
            case PlaceKind.VENUE:
                return self._at(known.venues, name) | self._at(known.venue_keys, place.key)
            case PlaceKind.TOWN:
                return self._at(known.towns, name) & ~self._far(place)

    def _at(self, named: Named, name: str) -> Bools:
        there = np.zeros(len(self._venues), dtype=bool)
        if (rows := named.get(name)) is not None:
            there[rows] = True
        return there

    def _far(self, place: PlaceRef) -> Bools:
        if place.latitude is None or place.longitude is None:
            return np.zeros(len(self._venues), dtype=bool)
        far: Bools = self.distances(place.latitude, place.longitude) > _SAME_TOWN_KM
        return far

    def _nearby(self, place: PlaceRef) -> Bools:
        if (
            place.kind not in (PlaceKind.TOWN, PlaceKind.POSTCODE)
            or place.latitude is None
            or place.longitude is None
        ):
            return np.zeros(len(self._venues), dtype=bool)
        nearby: Bools = self.distances(place.latitude, place.longitude) <= AROUND_KM
        return nearby


def _code(place: PlaceRef) -> str:
    found = re.search(r"\b\d{4}\b", f"{place.key} {place.name}")
    return found[0] if found else ""
