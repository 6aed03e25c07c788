"""Which offerings the facts of a question allow: ages and audiences, prices, kinds, places.

Every function answers for whole columns. Nothing about likeness here: a fact fits, fails or is unknown.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from catalog.query import Near, PlaceRef, Query
from catalog.search.columns import CLOSED, TARIFFS, Column, Offerings, Venues, bit_of, bits_of
from catalog.search.reading import fold_name
from catalog.search.spans import Bools
from catalog.values import AUDIENCE_AGES, TARIFF_AGES, Audience, PlaceKind, Tariff

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
class Fit:
    """For each offering: whether it may be shown, whether a fact that was asked for is unknown, and how far
    it is from being made for those who ask (0 made for them, 1 for them too, 2 for everyone). all_ages:
    whether it fits every age that was asked. prices: of the cheapest tariff that fits, NaN when unknown."""

    fits: Bools
    age_unknown: Bools
    age_inferred: Bools
    price_unknown: Bools
    remoteness: Column
    all_ages: Bools
    prices: Column


def fit_offerings(offerings: Offerings, query: Query) -> Fit:
    """The facts that do not depend on time and place."""
    fits, age_unknown, age_asked = _who(offerings, query)
    prices = _prices(offerings, query)
    price_asked = query.free or query.max_price is not None
    if price_asked:
        # NaN compares false both ways: an unknown price is caught here and marked below.
        ceiling = 0.0 if query.free else np.inf
        ceiling = min(ceiling, np.inf if query.max_price is None else query.max_price)
        fits &= ~(prices > ceiling)
    fits &= _kinds(offerings, query)
    if query.exclude is not None:
        fits &= ~_excluded(offerings, query.exclude)
    return Fit(
        fits=fits,
        age_unknown=age_unknown,
        age_inferred=offerings.age_inferred & (offerings.age_from >= 0) & age_asked,
        price_unknown=np.isnan(prices) & price_asked,
        remoteness=_remoteness(offerings, query),
        all_ages=np.logical_and.reduce([_overlaps(offerings, (ages,)) for ages in query.ages] or [fits]),
        prices=prices,
    )


def _kinds(offerings: Offerings, query: Query) -> Bools:
    """Categories, formats and languages: any of those asked; accessibility: all of it, and known."""
    fits = np.ones(len(offerings), dtype=bool)
    if query.categories:
        fits &= (offerings.categories & bits_of(query.categories)) != 0
    if query.formats:
        fits &= (offerings.formats & bits_of(query.formats)) != 0
    if query.languages:
        fits &= (offerings.languages & _language_bits(offerings, query.languages)) != 0
    if query.accessibility:
        needed = bits_of(query.accessibility)
        fits &= (offerings.access & needed) == needed
    return fits


def _language_bits(offerings: Offerings, languages: Iterable[str]) -> int:
    return sum(offerings.language_bits.get(language, 0) for language in set(languages))


def _who(offerings: Offerings, query: Query) -> tuple[Bools, Bools, bool]:
    """(fits, whether the age is unknown, whether an age or a group was asked for at all)."""
    tags = offerings.audiences
    asked = bits_of(query.audiences)
    for_institutions = (tags != 0) & ((tags & ~np.uint16(CLOSED)) == 0)
    if asked & CLOSED:
        fits = (tags & asked & CLOSED) != 0
        if query.ages:
            known = offerings.age_from >= 0
            return fits & (~known | _overlaps(offerings, query.ages)), fits & ~known, True
        return fits, np.zeros(len(tags), dtype=bool), False
    if not (query.ages or query.audiences):
        return ~for_institutions, np.zeros(len(tags), dtype=bool), False
    fits, unknown = _people(offerings, query)
    return (fits | unknown) & ~for_institutions, unknown, True


def _people(offerings: Offerings, query: Query) -> tuple[Bools, Bools]:
    """(fits, unknown) for the ages and groups asked: a known age decides, else the groups it names."""
    tags, known = offerings.audiences, offerings.age_from >= 0
    ages = query.ages or tuple(AUDIENCE_AGES[a] for a in query.audiences if a in AUDIENCE_AGES)
    by_tag = (tags & (_telling(query) | bit_of(Audience.EVERYONE))) != 0
    if ages:
        fits = np.where(known, _overlaps(offerings, ages), by_tag)
        if not query.ages and _AGELESS.intersection(query.audiences):
            fits |= by_tag
    else:
        fits = by_tag
    possible = (tags == 0) | ((tags & _compatible(query)) != 0)
    return fits, ~known & ~fits & possible


def _overlaps(offerings: Offerings, ages: Iterable[tuple[int, int]]) -> Bools:
    fits = np.zeros(len(offerings), dtype=bool)
    for youngest, oldest in ages:
        fits |= (offerings.age_from <= oldest) & (offerings.age_to >= youngest)
    return fits & (offerings.age_from >= 0)


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


def _remoteness(offerings: Offerings, query: Query) -> Column:
    if not (query.ages or query.audiences):
        return np.zeros(len(offerings), dtype=np.int64)
    groups = bits_of(_groups(query))
    everyones = (offerings.audiences & bit_of(Audience.EVERYONE)) != 0
    theirs = ((offerings.audiences & groups) != 0) | (offerings.age_from >= 0)
    made_for = ((offerings.made_for & groups) != 0) | _of_their_age(offerings, query)
    return np.where(made_for, 0, np.where(everyones & ~theirs, 2, 1))


def _of_their_age(offerings: Offerings, query: Query) -> Bools:
    """Made for a few ages, of which the youngest and the middle are asked for, or among which the middle of
    those asked is: 8 to 14 is made for children and for one of 13, 7 and up for nobody above others."""
    low, high = offerings.age_from.astype(np.int64), offerings.age_to.astype(np.int64)
    few = (low >= 0) & (np.minimum(high, _RIPE_AGE) - low <= _FEW_YEARS)
    asked = query.ages or tuple(AUDIENCE_AGES[a] for a in query.audiences if a in AUDIENCE_AGES)
    fits = np.zeros(len(offerings), dtype=bool)
    for youngest, oldest in asked:
        fits |= (youngest <= low) & (low + high <= 2 * oldest)
        fits |= (2 * low <= youngest + oldest) & (youngest + oldest <= 2 * high)
    return few & fits


def _holds(outer: tuple[int, int], inner: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _prices(offerings: Offerings, query: Query) -> Column:
    """Kroner of the cheapest tariff that fits those who ask, else of an adult, else the cheapest there is."""
    own = _cheapest(offerings, _tariffs(query))
    adult = _cheapest(offerings, (Tariff.ADULT,))
    any_ = _cheapest(offerings, TARIFFS)
    return np.where(np.isnan(own), np.where(np.isnan(adult), any_, adult), own)


def _tariffs(query: Query) -> tuple[Tariff, ...]:
    named = tuple(AUDIENCE_AGES[a] for a in query.audiences if a in AUDIENCE_AGES)
    asked = query.ages or named
    return tuple(t for t, span in TARIFF_AGES.items() if any(_holds(span, ages) for ages in asked))


def _cheapest(offerings: Offerings, tariffs: tuple[Tariff, ...]) -> Column:
    if not tariffs:
        return np.full(len(offerings), np.nan)
    columns = offerings.prices[:, [TARIFFS.index(tariff) for tariff in tariffs]]
    cheapest: Column = np.fmin.reduce(columns, axis=1).astype(float)
    return cheapest


def _excluded(offerings: Offerings, exclude: Query) -> Bools:
    """What one of the negated fields takes out. Unknown is not taken out: nobody said it is so."""
    out: Bools = (offerings.categories & bits_of(exclude.categories)) != 0
    out |= (offerings.formats & bits_of(exclude.formats)) != 0
    out |= (offerings.audiences & bits_of(exclude.audiences)) != 0
    out |= (offerings.access & bits_of(exclude.accessibility)) != 0
    out |= (offerings.languages & _language_bits(offerings, exclude.languages)) != 0
    out |= _overlaps(offerings, exclude.ages)
    if exclude.free:
        out |= _prices(offerings, exclude) == 0
    if exclude.max_price is not None:
        out |= _prices(offerings, exclude) <= exclude.max_price
    return out


def distances(venues: Venues, latitude: float, longitude: float) -> Column:
    """Great-circle kilometres from a point to every venue; NaN where a venue has no coordinates."""
    lat, lon = np.radians(venues.latitudes), np.radians(venues.longitudes)
    north, east = (lat - np.radians(latitude)) / 2, (lon - np.radians(longitude)) / 2
    half = np.sin(north) ** 2 + np.cos(lat) * np.cos(np.radians(latitude)) * np.sin(east) ** 2
    kilometres: Column = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return kilometres


def fit_venues(venues: Venues, query: Query) -> tuple[Bools, Bools]:
    """For each venue: (whether it lies where it was asked, whether only in the neighbourhood). One row more
    stands for no venue at all, so that row -1 answers for occurrences without one."""
    fits = np.ones(len(venues) + 1, dtype=bool)
    around = np.zeros(len(venues) + 1, dtype=bool)
    if query.places:
        own = np.logical_or.reduce([_own(venues, place) for place in query.places])
        nearby = np.logical_or.reduce([_nearby(venues, place) for place in query.places])
        fits[:-1], fits[-1], around[:-1] = own | nearby, False, ~own
    if query.near is not None:
        fits[:-1] &= within(venues, query.near)
        fits[-1] = False
    if query.exclude is not None:
        fits[:-1] &= ~_shut_out(venues, query.exclude)
    return fits, around


def _shut_out(venues: Venues, exclude: Query) -> Bools:
    out = np.zeros(len(venues), dtype=bool)
    for place in exclude.places:
        out |= _own(venues, place)
    return out | within(venues, exclude.near) if exclude.near else out


def within(venues: Venues, near: Near) -> Bools:
    """Which venues lie within the radius; one without coordinates does not."""
    return distances(venues, near.latitude, near.longitude) <= near.radius_km


def _own(venues: Venues, place: PlaceRef) -> Bools:
    name = fold_name(place.name)
    match place.kind:
        case PlaceKind.MUNICIPALITY:
            return _is(venues.municipalities, name)
        case PlaceKind.DISTRICT:
            return _is(venues.districts, name)
        case PlaceKind.POSTCODE:
            return _is(venues.postcodes, _code(place))
        case PlaceKind.VENUE:
            return _is(venues.names, name) | _is(venues.keys, place.key)
        case PlaceKind.TOWN:
            return _is(venues.towns, name) & ~_far(venues, place)


def _is(column: Column, name: str) -> Bools:
    return (column == name).astype(bool) if name else np.zeros(len(column), dtype=bool)


def _code(place: PlaceRef) -> str:
    found = re.search(r"\b\d{4}\b", f"{place.key} {place.name}")
    return found[0] if found else ""


def _far(venues: Venues, place: PlaceRef) -> Bools:
    if place.latitude is None or place.longitude is None:
        return np.zeros(len(venues), dtype=bool)
    return distances(venues, place.latitude, place.longitude) > _SAME_TOWN_KM


def _nearby(venues: Venues, place: PlaceRef) -> Bools:
    if (
        place.kind not in (PlaceKind.TOWN, PlaceKind.POSTCODE)
        or place.latitude is None
        or place.longitude is None
    ):
        return np.zeros(len(venues), dtype=bool)
    return distances(venues, place.latitude, place.longitude) <= AROUND_KM
