"""The catalogue's rows → columns, in a few bulk SELECTs of no more than the columns that search needs."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Row, Select, Text, and_, case, cast, extract, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from catalog.model import Occurrence, Offering, OfferingTag, Organizer, Series, Venue
from catalog.search.columns import HIDDEN, TARIFFS, Occurrences, Offerings, Schedule, Venues, bit_of
from catalog.search.spans import Bools, Ints, LocalDays, to_seconds
from catalog.text import words
from catalog.values import OLDEST, Access, Audience, Category, Fact, Format, PriceKind, Status

HORIZON_DAYS = 549
"""Eighteen months: how far ahead the snapshot looks."""

UNKNOWN_LENGTH = 3 * 3600
"""How long something lasts of which only the start is known, in seconds."""

_UNLISTED = (Status.CANCELLED, Status.POSTPONED)
_FETCHED = 5_000
_MOST_LANGUAGES = 62
_TAGS: dict[str, type[Category] | type[Format] | type[Audience]] = {
    "category": Category,
    "format": Format,
    "audience": Audience,
}
_UNKNOWN_PRICES = (float("nan"),) * len(TARIFFS)


def fold_name(name: str) -> str:
    """The folded words of a name with one space between: how names are compared."""
    return " ".join(words(name))


def fetch(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[Row[*tuple[Any, ...]]]:
    """The rows of a statement, a few thousand at a time."""
    return iter(session.connection().execution_options(yield_per=_FETCHED).execute(statement))


def listed(now: dt.datetime) -> ColumnElement[bool]:
    """The occurrences, joined with their offering, that may be in a list from `now` on. Wider than the rules
    by two days, so that unknown ends can be worked out in local time."""
    return and_(
        col(Offering.withdrawn_at).is_(None),
        col(Offering.status).not_in(_UNLISTED),
        col(Occurrence.status).not_in(_UNLISTED),
        col(Occurrence.withdrawn_at).is_(None),
        col(Occurrence.start) < now + dt.timedelta(days=HORIZON_DAYS),
        or_(col(Occurrence.end) > now, col(Occurrence.start) > now - dt.timedelta(days=2)),
    )


def read_venues(session: Session) -> tuple[Venues, dict[int, str]]:
    """All venues in the order of their ids, and their names as written by id."""
    named = (Venue.key, Venue.name, Venue.municipality, Venue.district, Venue.town, Venue.postcode)
    measured = (Venue.latitude, Venue.longitude)
    columns = [col(Venue.id), *map(col, named), *map(col, measured)]
    rows = list(fetch(session, select_columns(*columns).order_by(col(Venue.id))))
    ids, keys, names, *places, latitudes, longitudes = zip(*rows, strict=True) if rows else [()] * 9
    venues = Venues(
        np.array(ids, dtype=np.int64),
        np.array(keys, dtype=object),
        *(_folded(column) for column in (names, *places)),
        *(np.array([np.nan if d is None else d for d in ds], dtype=float) for ds in (latitudes, longitudes)),
    )
    return venues, dict(zip(ids, names, strict=True))


def _folded(names: tuple[str | None, ...]) -> Any:
    column = np.empty(len(names), dtype=object)
    column[:] = [fold_name(name or "") for name in names]
    return column


class OccurrenceReader:
    """Reads occurrences and works out their times by the clocks of their zones."""

    def __init__(self, now: dt.datetime) -> None:
        self._now = now
        self._zones: dict[str, LocalDays] = {}
        self._numbers: dict[tuple[Any, ...], int] = {}
        self.schedules: list[Schedule] = []

    def read(self, session: Session, venues: Venues) -> tuple[Occurrences, Ints]:
        """The occurrences that have not ended, rows still unset (0), and the offering id of each."""
        names = (Occurrence.id, Occurrence.offering_id, Occurrence.venue_id, Occurrence.status)
        instants = (
            cast(extract("epoch", col(time)), BigInteger) for time in (Occurrence.start, Occurrence.end)
        )
        flags = (
            Occurrence.zone,
            Occurrence.time_known,
            Occurrence.is_run,
            Occurrence.opens,
            Occurrence.closes,
        )
        columns = [*map(col, names), *instants, *map(col, flags), cast(col(Occurrence.open_days), Text)]
        joined = select_columns(*columns).join(Offering, col(Offering.id) == col(Occurrence.offering_id))
        rows = fetch(session, joined.where(listed(self._now)))
        flat = np.fromiter(chain.from_iterable(map(self._numeric, rows)), dtype=np.int64)
        table = flat.reshape(-1, 10)
        offering, start, id_ = table[:, 1], table[:, 3], table[:, 0]
        return self._columns(table[np.lexsort((id_, start, offering))], venues)

    def _numeric(self, row: Row[*tuple[Any, ...]]) -> tuple[int, ...]:
        id_, offering, venue, status, start, end, zone, time_known, is_run, opens, closes, days = row
        schedule = self._schedule((zone, days, opens, closes) if is_run else (zone,))
        hours_known = opens is not None and closes is not None if is_run else time_known
        sold_out = status == Status.SOLD_OUT
        return (
            id_,
            offering,
            venue or -1,
            start,
            end or 0,
            schedule,
            time_known,
            is_run,
            hours_known,
            sold_out,
        )

    def _schedule(self, key: tuple[Any, ...]) -> int:
        if key not in self._numbers:
            days = self._days(key[0])
            open_hours = days.hours(json.loads(key[1] or "[]"), key[2], key[3]) if len(key) > 1 else None
            self._numbers[key] = len(self.schedules)
            self.schedules.append(Schedule(days, open_hours))
        return self._numbers[key]

    def _days(self, zone: str) -> LocalDays:
        if zone not in self._zones:
            first = self._now.astimezone(_zone(zone)).date() - dt.timedelta(days=3)
            self._zones[zone] = LocalDays(_zone(zone), first, HORIZON_DAYS + 60)
        return self._zones[zone]

    def _columns(self, table: Ints, venues: Venues) -> tuple[Occurrences, Ints]:
        ids, offerings, venue_ids, starts, stated, schedules, *flags = table.T
        time_known, is_run, hours_known, sold_out = (flag.astype(bool) for flag in flags)
        day_ends = self._ends_of_day(starts, schedules)
        unstated = np.where(time_known, starts + UNKNOWN_LENGTH, day_ends)
        occurrences = Occurrences(
            ids=ids,
            rows=np.zeros(len(ids), dtype=np.int32),
            starts=starts,
            stated_ends=stated,
            ends=np.where(stated > starts, stated, unstated),
            begun=np.where(time_known, starts, day_ends),
            venues=_positions(venues.ids, venue_ids),
            schedules=schedules.astype(np.int32),
            hours_known=hours_known,
            is_run=is_run,
            dated=~is_run & time_known,
            sold_out=sold_out,
            hideable=np.zeros(len(ids), dtype=bool),
        )
        ahead = np.flatnonzero(occurrences.ends > to_seconds(self._now))
        return occurrences.only(ahead), offerings[ahead]

    def _ends_of_day(self, starts: Ints, schedules: Ints) -> Ints:
        result = starts.copy()
        for number, schedule in enumerate(self.schedules):
            own = schedules == number
            result[own] = schedule.days.end_of_day(starts[own])
        return result


@lru_cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # One row with a zone nobody knows must not cost the whole catalogue.
        return ZoneInfo("UTC")


def _positions(ids: Ints, wanted: Ints) -> Any:
    """The row of each wanted id in ascending `ids`, -1 where it is not there."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int32)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, at, -1).astype(np.int32)


class OfferingText(NamedTuple):
    """What can be read of an offering: titles, keywords and descriptions, in all languages."""

    row: int
    organizer_id: int | None
    series_id: int | None
    titles: list[str]
    keywords: list[str]
    texts: list[str]


class OfferingReader:
    """Reads the offerings with these ascending ids: first their texts, one by one, then their columns."""

    def __init__(self, ids: Ints, now: dt.datetime) -> None:
        self._ids = ids
        self._rows = {int(id_): row for row, id_ in enumerate(ids)}
        self._facts = _OfferingFacts(len(ids))
        self._now = now

    def texts(self, session: Session) -> Iterator[OfferingText]:
        """What can be read of each, in any order; the facts of the same rows are kept on the way."""
        plain = (Offering.id, Offering.organizer_id, *map(_attribute, _OfferingRow._fields[:7]))
        stored = (
            *map(_attribute, _OfferingRow._fields[7:]),
            Offering.titles,
            Offering.keywords,
            Offering.descriptions,
        )
        columns = [*map(col, plain), *(cast(col(text), Text) for text in stored)]
        for id_, organizer, *facts, titles, keywords, descriptions in fetch(
            session, select_columns(*columns).where(_has_listed(self._now))
        ):
            if (row := self._rows.get(id_)) is not None:
                known = _OfferingRow(*facts)
                self._facts.add(row, known)
                named, labels, told = json.loads(f"[{titles},{keywords},{descriptions}]")
                words = list((named or {}).values()), list(labels or ()), list((told or {}).values())
                yield OfferingText(row, organizer, known.series_id, *words)

    def columns(self, session: Session) -> tuple[Offerings, Bools]:
        """The facts of all, and for each whether it is sold out as a whole. Texts must have been read."""
        for id_, *bits in fetch(session, _tag_bits()):
            if (row := self._rows.get(id_)) is not None:
                self._facts.tag(row, bits)
        return self._facts.columns(self._ids), self._facts.sold_out


def _attribute(name: str) -> Any:
    return getattr(Offering, name)


def _tag_bits() -> Select[*tuple[Any, ...]]:
    """(offering id, bits of its categories, of its formats, of its audiences), added up by the database: a
    tag stands once only."""
    kind, value = col(OfferingTag.kind), col(OfferingTag.value)
    bits = (
        func.sum(case(*((and_(kind == name, value == v), bit_of(v)) for v in values), else_=0))
        for name, values in _TAGS.items()
    )
    return select_columns(col(OfferingTag.offering_id), *bits).group_by(col(OfferingTag.offering_id))


def _has_listed(now: dt.datetime) -> ColumnElement[bool]:
    """Offerings with an occurrence that may be listed."""
    own = select_columns(col(Occurrence.id)).where(col(Occurrence.offering_id) == col(Offering.id))
    return own.where(listed(now)).correlate(Offering).exists()


class _OfferingRow(NamedTuple):
    status: str
    remaining: int | None
    series_id: int | None
    price_kind: str
    age_from: int | None
    age_to: int | None
    made_for: str | None
    prices: str
    access: str
    languages: str
    inferred: str


class _OfferingFacts:
    """Columns of offerings while they are filled, row by row."""

    def __init__(self, count: int) -> None:
        self.bits = {kind: np.zeros(count, dtype=np.uint16) for kind in (*_TAGS, "access", "made_for")}
        self.ages = np.full((count, 2), -1, dtype=np.int16)
        self.age_inferred = np.zeros(count, dtype=bool)
        self.prices = np.full((count, len(TARIFFS)), np.nan, dtype=np.float32)
        self.languages = np.zeros(count, dtype=np.int64)
        self.language_bits: dict[str, int] = {}
        self.series = np.full(count, -1, dtype=np.int64)
        self.sold_out = np.zeros(count, dtype=bool)

    def add(self, row: int, facts: _OfferingRow) -> None:
        self.sold_out[row] = facts.status == Status.SOLD_OUT or facts.remaining == 0
        self.series[row] = -1 if facts.series_id is None else facts.series_id
        self.prices[row] = _prices(facts.price_kind, facts.prices)
        if facts.age_from is not None or facts.age_to is not None:
            self.ages[row] = (facts.age_from or 0, OLDEST if facts.age_to is None else facts.age_to)
        self.age_inferred[row] = Fact.AGE in _json(facts.inferred)
        self.bits["made_for"][row] = _bit(Audience, facts.made_for)
        self.bits["access"][row] = sum(_bit(Access, name) for name, has in _json(facts.access).items() if has)
        self.languages[row] = sum(map(self._language_bit, set(_json(facts.languages))))

    def tag(self, row: int, bits: list[int]) -> None:
        for kind, value in zip(_TAGS, bits, strict=True):
            self.bits[kind][row] = value

    def _language_bit(self, language: str) -> int:
        if language not in self.language_bits and len(self.language_bits) < _MOST_LANGUAGES:
            self.language_bits[language] = 1 << len(self.language_bits)
        return self.language_bits.get(language, 0)

    def columns(self, ids: Ints) -> Offerings:
        return Offerings(
            ids=ids,
            categories=self.bits["category"],
            formats=self.bits["format"],
            audiences=self.bits["audience"] | self.bits["made_for"],
            made_for=self.bits["made_for"],
            age_from=self.ages[:, 0],
            age_to=self.ages[:, 1],
            age_inferred=self.age_inferred,
            prices=self.prices,
            access=self.bits["access"],
            languages=self.languages,
            language_bits=self.language_bits,
            series=self.series,
        )


@lru_cache(maxsize=4096)
def _json(text: str | None) -> Any:
    return json.loads(text or "null") or {}


@lru_cache(maxsize=4096)
def _prices(kind: str, text: str) -> tuple[float, ...]:
    if kind == PriceKind.FREE:
        return (0.0,) * len(TARIFFS)
    amounts = _json(text) if kind == PriceKind.AMOUNTS else {}
    return tuple(amounts.get(tariff, np.nan) for tariff in TARIFFS) if amounts else _UNKNOWN_PRICES


@lru_cache(maxsize=1024)
def _bit(kind: Any, value: str | None) -> int:
    """The bit of a stored value, 0 when it is not a standard one."""
    return bit_of(kind(value)) if value in set(kind) else 0


def hideable(offerings: Offerings, rows: Any, is_run: Any) -> Any:
    """Which occurrences leave the lists once they have begun: nobody can join them late. A run that is also
    something one may drop in on (an exhibition with talks) stays."""
    formats = offerings.formats[rows]
    joinable = is_run & ((formats & ~np.uint16(HIDDEN)) != 0)
    return ((formats & HIDDEN) != 0) & ~joinable


def read_names(session: Session, table: type[Organizer] | type[Series]) -> dict[int, str]:
    """The names of organisers or series by id."""
    return dict(fetch(session, select_columns(col(table.id), col(table.name))))


def venue_names(venues: Venues, names: dict[int, str], occurrences: Occurrences) -> dict[int, set[str]]:
    """The names of the venues of each offering row."""
    found: dict[int, set[str]] = defaultdict(set)
    pairs = np.unique(np.stack([occurrences.rows, occurrences.venues], axis=1), axis=0)
    for row, venue in pairs.tolist():
        if venue >= 0:
            found[row].add(names[int(venues.ids[venue])])
    return found
