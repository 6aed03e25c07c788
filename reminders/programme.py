"""What follows point at, read once for many people: the dates to come, and when one can enrol."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from catalog.cards import OccurrenceFacts
from catalog.keepers import chunks
from catalog.model import Occurrence, Offering, OfferingChange
from catalog.values import Status
from reminders.leads import LONGEST
from reminders.model import Follow
from reminders.planning import Happening

REMINDED = ("offering", "occurrence", "series")
"""The kinds of follow that are reminded of dates and told of changes."""
HORIZON = dt.timedelta(days=35)
"""How far ahead duties are written down."""
OFF = (Status.CANCELLED, Status.POSTPONED)
"""Then nobody need come: a postponed one has no new date yet."""
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Date:
    """One date that may be reminded of. is_on: neither it nor its offering is called off. moved_at: when it
    last got another time, as far as it ever did."""

    id: int
    offering_id: int
    series_id: int | None
    happening: Happening
    is_on: bool
    moved_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Enrolling:
    """When one can enrol for an offering that is on; instants in UTC, None where unknown."""

    offering_id: int
    opens: dt.datetime | None
    closes: dt.datetime | None


def happening_of(row: Occurrence | OccurrenceFacts) -> Happening:
    """What a date is to the planner."""
    return Happening(row.start, row.end, ZoneInfo(row.zone), row.time_known, row.is_run)


def follows_by_person(
    session: Session, person_ids: Collection[int], offering_id: int | None = None
) -> dict[int, list[Follow]]:
    """The follows of these people that are reminded and told of changes, the first one first: all of them, or
    those that reach this offering."""
    mine = select(Follow).where(col(Follow.person_id).in_(person_ids), col(Follow.kind).in_(REMINDED))
    if offering_id is not None:
        mine = mine.where(reaches([offering_id]))
    follows: dict[int, list[Follow]] = defaultdict(list)
    for follow in session.exec(mine.order_by(col(Follow.id))):
        follows[follow.person_id].append(follow)
    return follows


def reaches(offering_ids: Collection[int]) -> ColumnElement[bool]:
    """Follows of one of these offerings, of a date of one, or of its series."""
    kind, target = col(Follow.kind), col(Follow.target_id)
    dates = select(Occurrence.id).where(col(Occurrence.offering_id).in_(offering_ids))
    in_series = col(Offering.id).in_(offering_ids) & col(Offering.series_id).is_not(None)
    return or_(
        and_(kind == "offering", target.in_(offering_ids)),
        and_(kind == "occurrence", target.in_(dates)),
        and_(kind == "series", target.in_(select(Offering.series_id).where(in_series))),
    )


class Programme:
    """Everything ahead that these people's follows lead to."""

    def __init__(self, session: Session, person_ids: Sequence[int], now: dt.datetime) -> None:
        self._targets = {kind: _targets(person_ids, kind) for kind in REMINDED}
        found = {row[0]: row for row in self._rows(session, now)}
        moved = _moved(session, sorted(found))
        self.dates = {id_: _date(row, moved.get(id_)) for id_, row in found.items()}
        self._by_offering: dict[int, list[Date]] = defaultdict(list)
        self._by_series: dict[int, list[Date]] = defaultdict(list)
        for date in sorted(self.dates.values(), key=lambda d: (d.happening.anchor, d.id)):
            self._by_offering[date.offering_id].append(date)
            if date.series_id is not None:
                self._by_series[date.series_id].append(date)
        self._offering_of = self._offerings_of_occurrences(session)
        self._enrolling = self._read_enrolling(session, now)

    def of(self, follow: Follow) -> Iterable[Date]:
        """The dates that this follow is reminded of: of a series the first on each local day."""
        if follow.kind == "occurrence":
            date = self.dates.get(follow.target_id)
            return [date] if date and date.is_on else []
        if follow.kind == "offering":
            return [date for date in self._by_offering.get(follow.target_id, ()) if date.is_on]
        return _first_of_each_day(self._by_series.get(follow.target_id, ()))

    def offering_of(self, follow: Follow) -> int | None:
        """The one offering that is followed, None for a series."""
        return follow.target_id if follow.kind == "offering" else self._offering_of.get(follow.target_id)

    def enrolling(self, follow: Follow) -> Enrolling | None:
        """When one can enrol for what is followed: nothing for a series, whose offerings are many."""
        offering_id = None if follow.kind == "series" else self.offering_of(follow)
        return None if offering_id is None else self._enrolling.get(offering_id)

    def _rows(self, session: Session, now: dt.datetime) -> Iterator[Any]:
        columns = (
            *(Occurrence.id, Occurrence.offering_id, Occurrence.start, Occurrence.end, Occurrence.zone),
            *(Occurrence.time_known, Occurrence.is_run, Occurrence.status, Offering.status),
            Offering.series_id,
        )
        ahead = select_columns(*map(col, columns)).join(Offering).where(_ahead(now))
        sides = {
            "offering": Occurrence.offering_id,
            "occurrence": Occurrence.id,
            "series": Offering.series_id,
        }
        return chain.from_iterable(
            session.execute(ahead.where(col(side).in_(self._targets[kind]))) for kind, side in sides.items()
        )

    def _offerings_of_occurrences(self, session: Session) -> dict[int, int]:
        pairs = select_columns(col(Occurrence.id), col(Occurrence.offering_id))
        rows = session.execute(pairs.where(col(Occurrence.id).in_(self._targets["occurrence"])))
        return {row[0]: row[1] for row in rows}

    def _read_enrolling(self, session: Session, now: dt.datetime) -> dict[int, Enrolling]:
        opens, closes, id_ = map(col, (Offering.enrolment_opens, Offering.enrolment_closes, Offering.id))
        known = and_(or_(opens.is_not(None), closes.is_not(None)), or_(closes.is_(None), closes > now))
        wanted = select_columns(id_, opens, closes).where(known, col(Offering.status).not_in(OFF))
        followed = wanted.where(id_.in_(self._targets["offering"]))
        of_dates = wanted.where(id_.in_(sorted(set(self._offering_of.values()))))
        rows = chain(session.execute(followed), session.execute(of_dates))
        return {id_: Enrolling(id_, opens, closes) for id_, opens, closes in rows}


def _targets(person_ids: Sequence[int], kind: str) -> Any:
    mine = and_(col(Follow.person_id).in_(person_ids), col(Follow.kind) == kind)
    return select_columns(col(Follow.target_id)).where(mine).scalar_subquery()


def _ahead(now: dt.datetime) -> ColumnElement[bool]:
    """Wider than the rules by a day or two, which are then worked out in local time."""
    return and_(
        col(Occurrence.withdrawn_at).is_(None),
        col(Occurrence.start) < now + HORIZON + LONGEST + _DAY,
        or_(col(Occurrence.start) > now - 2 * _DAY, and_(col(Occurrence.is_run), col(Occurrence.end) > now)),
    )


def _moved(session: Session, ids: Sequence[int]) -> dict[int, dict[str, dt.datetime]]:
    """{occurrence: {"start" or "end": when it was last altered}}."""
    moved: dict[int, dict[str, dt.datetime]] = defaultdict(dict)
    occurrence, fact = col(OfferingChange.occurrence_id), col(OfferingChange.fact)
    newest = select_columns(occurrence, fact, func.max(OfferingChange.at)).group_by(occurrence, fact)
    for some in chunks(ids):
        for id_, what, at in session.execute(newest.where(occurrence.in_(some), fact.in_(("start", "end")))):
            moved[id_][what] = at
    return moved


def _date(row: Any, moved: dict[str, dt.datetime] | None) -> Date:
    id_, offering_id, start, end, zone, time_known, is_run, own_status, status, series_id = row
    happening = Happening(start, end, ZoneInfo(zone), time_known, is_run)
    # A run is reminded of before its end, so it has moved when its end has.
    moved_at = (moved or {}).get("end" if is_run and end else "start")
    is_on = own_status not in OFF and status not in OFF
    return Date(id_, offering_id, series_id, happening, is_on, moved_at)


def _first_of_each_day(dates: Iterable[Date]) -> Iterable[Date]:
    days: dict[dt.date, Date] = {}
    for date in dates:
        if date.is_on:
            days.setdefault(date.happening.anchor.astimezone(date.happening.zone).date(), date)
    return days.values()
