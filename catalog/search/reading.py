"""Venues, names and occurrences → columns, in a few SELECTs of no more than the columns that search needs."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import BigInteger, ColumnElement, Integer, Select, Text, and_, cast, extract, or_, type_coerce
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from catalog.model import Occurrence, Offering, Organizer, Series, Venue
from catalog.search.columns import Occurrences, Schedule, Venues
from catalog.search.spans import Ints, LocalDays, to_seconds
from catalog.text import words
from catalog.values import Status

HORIZON_DAYS = 549
"""Eighteen months: how far ahead the snapshot looks."""

UNKNOWN_LENGTH = 3 * 3600
"""How long something lasts of which only the start is known, in seconds."""

CHUNK = 5_000
"""So many rows are read at a time: memory stays small, and a database takes so many ids in one question."""

_UNLISTED = (Status.CANCELLED, Status.POSTPONED)
_COLUMNS = 10


def fold_name(name: str) -> str:
    """The folded words of a name with one space between: how names are compared."""
    return " ".join(words(name))


def fetch(session: Session, statement: Select[*tuple[Any, ...]]) -> Iterator[Sequence[Any]]:
    """The rows of a statement, a few thousand at a time."""
    rows = session.connection().execution_options(yield_per=CHUNK).execute(statement)
    return iter(rows.partitions())


def fetch_of(
    session: Session, statement: Select[*tuple[Any, ...]], ids: Ints | None, among: Any, chunk: int = CHUNK
) -> Iterator[Sequence[Any]]:
    """The same; only the rows whose column `among` is one of `ids`, where those are given."""
    if ids is None:
        yield from fetch(session, statement)
        return
    for at in range(0, len(ids), chunk):
        yield from fetch(session, statement.where(col(among).in_(ids[at : at + chunk].tolist())))


def horizon(now: dt.datetime) -> dt.datetime:
    """What begins from here on is not in the snapshot yet."""
    return now + dt.timedelta(days=HORIZON_DAYS)


def has_listed(now: dt.datetime) -> ColumnElement[bool]:
    """The offerings with an occurrence that may be in a list."""
    own = select_columns(col(Occurrence.id)).where(col(Occurrence.offering_id) == col(Offering.id))
    return own.where(listed(now)).correlate(Offering).exists()


def listed(now: dt.datetime) -> ColumnElement[bool]:
    """The occurrences, joined with their offering, that may be in a list from `now` on. Wider than the rules
    by two days, so that unknown ends can be worked out in local time."""
    return and_(
        col(Offering.withdrawn_at).is_(None),
        col(Offering.status).not_in(_UNLISTED),
        col(Occurrence.status).not_in(_UNLISTED),
        col(Occurrence.withdrawn_at).is_(None),
        col(Occurrence.start) < horizon(now),
        or_(col(Occurrence.end) > now, col(Occurrence.start) > now - dt.timedelta(days=2)),
    )


def read_venues(session: Session) -> tuple[Venues, dict[int, str]]:
    """All venues in the order of their ids, and their names as written by id."""
    named = (Venue.key, Venue.name, Venue.municipality, Venue.district, Venue.town, Venue.postcode)
    measured = (Venue.latitude, Venue.longitude)
    columns = [col(Venue.id), *map(col, named), *map(col, measured)]
    some = fetch(session, select_columns(*columns).order_by(col(Venue.id)))
    rows = [row for rows in some for row in rows]
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
    """Reads occurrences and works out their times by the clocks of their zones. `schedules`: those that have
    their numbers already; the reader's list begins with them."""

    def __init__(self, now: dt.datetime, schedules: Iterable[Schedule] = ()) -> None:
        self._now = now
        self.schedules = list(schedules)
        self._numbers = {schedule.key: n for n, schedule in enumerate(self.schedules)}
        self._zones = {schedule.key[0]: schedule.days for schedule in self.schedules}

    def read(
        self, session: Session, venues: Venues, offering_ids: Ints | None = None
    ) -> tuple[Occurrences, Ints]:
        """The occurrences that have not ended, rows still unset (0), and the offering id of each, in order of
        offering, start and id; of all offerings, or of these."""
        # Reading all is three times as fast as they are stored than by an index on their times.
        listed_ones = _occurrences(self._now)
        wanted = listed_ones.order_by(col(Occurrence.id)) if offering_ids is None else listed_ones
        rows = fetch_of(session, wanted, offering_ids, Occurrence.offering_id)
        table = np.concatenate([np.zeros((_COLUMNS, 0), dtype=np.int64), *map(self._table, rows)], axis=1)
        ids, offerings, _, starts, *_ = table
        return self._columns(table[:, np.lexsort((ids, starts, offerings))], venues)

    def _table(self, rows: Sequence[Any]) -> Ints:
        ids, offerings, venues, starts, ends, known, runs, statuses, *when = zip(*rows, strict=True)
        _, opens, closes, _ = when
        hours_known = [
            o is not None and c is not None if run else is_known
            for is_known, run, o, c in zip(known, runs, opens, closes, strict=True)
        ]
        columns = (
            ids,
            offerings,
            [-1 if venue is None else venue for venue in venues],
            starts,
            [end or 0 for end in ends],
            list(map(self._schedule, runs, *when)),
            known,
            runs,
            hours_known,
            [status == Status.SOLD_OUT for status in statuses],
        )
        return np.array(columns, dtype=np.int64)

    def _schedule(
        self, is_run: bool, zone: str, opens: dt.time | None, closes: dt.time | None, days: str | None
    ) -> int:
        key = (zone, days, opens, closes) if is_run else (zone,)
        if (number := self._numbers.get(key)) is None:
            local = self._days(zone)
            open_hours = local.hours(json.loads(days or "[]"), opens, closes) if is_run else None
            number = self._numbers[key] = len(self.schedules)
            self.schedules.append(Schedule(key, local, open_hours))
        return number

    def _days(self, zone: str) -> LocalDays:
        if zone not in self._zones:
            first = self._now.astimezone(_zone(zone)).date() - dt.timedelta(days=3)
            self._zones[zone] = LocalDays(_zone(zone), first, HORIZON_DAYS + 60)
        return self._zones[zone]

    def _columns(self, table: Ints, venues: Venues) -> tuple[Occurrences, Ints]:
        ids, offerings, venue_ids, starts, stated, schedules, *flags = table
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
            venues=positions(venues.ids, venue_ids),
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
        """The local midnight after each start: a search a zone, of which there are few."""
        zones = list(self._zones)
        zone_of = np.array([zones.index(schedule.key[0]) for schedule in self.schedules], dtype=np.int64)
        zone_of, result = zone_of[schedules], starts.copy()
        for number, days in enumerate(self._zones.values()):
            own = zone_of == number
            result[own] = days.end_of_day(starts[own])
        return result


def _occurrences(now: dt.datetime) -> Select[*tuple[Any, ...]]:
    named = (Occurrence.id, Occurrence.offering_id, Occurrence.venue_id)
    instants = (cast(extract("epoch", col(time)), BigInteger) for time in (Occurrence.start, Occurrence.end))
    # As numbers: making a bool of each takes longer than reading it.
    flags = (type_coerce(col(flag), Integer) for flag in (Occurrence.time_known, Occurrence.is_run))
    texts = (Occurrence.status, Occurrence.zone, Occurrence.opens, Occurrence.closes)
    days = cast(col(Occurrence.open_days), Text)
    joined = select_columns(*map(col, named), *instants, *flags, *map(col, texts), days).join(
        Offering, col(Offering.id) == col(Occurrence.offering_id)
    )
    return joined.where(listed(now))


@lru_cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # One row with a zone nobody knows must not cost the whole catalogue.
        return ZoneInfo("UTC")


def positions(ids: Ints, wanted: Ints) -> Any:
    """The row of each wanted id in ascending `ids`, -1 where it is not there."""
    if not len(ids):
        return np.full(len(wanted), -1, dtype=np.int32)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, at, -1).astype(np.int32)


def read_names(session: Session, table: type[Organizer] | type[Series]) -> dict[int, str]:
    """The names of organisers or series by id."""
    pairs = fetch(session, select_columns(col(table.id), col(table.name)))
    return {id_: name for some in pairs for id_, name in some}
