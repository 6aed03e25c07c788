"""Follows → duties in the outbox, declaratively: what should be there is worked out anew each time, what is
missing is planned and what should not be there any more is cancelled. Doing it again changes nothing.

Keys: `r:{person}:{occurrence}:{lead}:{anchor}` for a reminder, with the instant that leads count back from
(the start; for a run the beginning of its last day); `e:{person}:{offering}:{what}:{moment}` for enrolment.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from catalog.database import Database
from reminders import outbox
from reminders.leads import MORNING, Lead, local_instant
from reminders.model import Delivery, Follow, Person
from reminders.notices import Kind
from reminders.outbox import Duty, Priority
from reminders.planning import JUST_BEFORE, Happening, Planned, Quiet, plan_reminders
from reminders.programme import (
    HORIZON,
    REMINDED,
    Date,
    Enrolling,
    Programme,
    follows_by_person,
    reaches,
)
from reminders.unasked import quiet_hours

KEPT = dt.timedelta(days=30)
"""How long a row outlives what it was about."""
PAGE = 500
"""People in one transaction: other writers never wait long."""
OPENING_IS_NEWS = dt.timedelta(days=14)
CLOSES_SOON = dt.timedelta(days=2)
SNOOZED = "z"
"""What stands in a snoozed reminder's key before the time it is snoozed to, in the place of a lead."""
_KINDS = (Kind.REMINDER, Kind.ENROLMENT)
_OPEN = ("pending", "claimed")
_EVER = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


class Counts(NamedTuple):
    """What a reconciliation did: duties made or made anew, and duties cancelled."""

    made: int = 0
    cancelled: int = 0

    def plus(self, other: "Counts") -> "Counts":
        return Counts(self.made + other.made, self.cancelled + other.cancelled)


def stamp(instant: dt.datetime) -> str:
    """An instant as keys hold it: ISO 8601 basic format in UTC, without colons."""
    return instant.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def reminder_key(person_id: int, occurrence_id: int, lead: str, anchor: dt.datetime) -> str:
    return f"r:{person_id}:{occurrence_id}:{lead}:{stamp(anchor)}"


def enrolment_key(person_id: int, offering_id: int, what: str, moment: dt.datetime) -> str:
    """what: "opens", "closes" or "seat"."""
    return f"e:{person_id}:{offering_id}:{what}:{stamp(moment)}"


def reconcile(
    session: Session, person_ids: Iterable[int], now: dt.datetime, zone: ZoneInfo, *, late: bool = True
) -> Counts:
    """Make the reminders and enrolment alerts of these people's follows what they should be, as far as they
    come due within HORIZON. A duty that is missing although its time has come is made and said late, not in
    quiet hours; with `late` False (the person has just chosen something) it is noted as passed instead."""
    ids = sorted(set(person_ids))
    session.flush()
    owed = _owed(session, ids, now, zone)
    rows = _rows(session, ids, now)
    gone = [row for row in rows if row.state in _OPEN and not owed.allows(row, now)]
    # Cancelled first: what is planned again under its old key comes back with its new time.
    again = [row for row in rows if owed.is_late_or_early(row, now)]
    cancelled = outbox.cancel(session, [row.id for row in gone], now, "no-longer-owed")
    outbox.cancel(session, [row.id for row in again], now, "other-time")
    known = {row.key: row.state for row in rows} | {row.key: "cancelled" for row in again}
    return Counts(_make(session, owed, known, now, late=late), cancelled)


def reconcile_pages(
    database: Database, now: dt.datetime, zone: ZoneInfo, offering_ids: Sequence[int] | None = None
) -> Counts:
    """The same for everybody who follows one of these offerings (or a date or the series of one), None: for
    everybody who follows anything. A transaction a page; what is held in memory does not grow with them."""
    total, after = Counts(), 0
    while page := database.read(lambda session: followers(session, after, PAGE, offering_ids)):  # noqa: B023
        total = total.plus(database.write(lambda session: reconcile(session, page, now, zone)))
        after = page[-1]
    return total


def followers(
    session: Session, after: int, limit: int, offering_ids: Sequence[int] | None = None
) -> list[int]:
    """Ids of people above `after`, in order, who follow one of these offerings in any way, or anything."""
    person_id = col(Follow.person_id)
    which = col(Follow.kind).in_(REMINDED) if offering_ids is None else reaches(offering_ids)
    page = select_columns(person_id).where(which, person_id > after).distinct()
    return list(session.execute(page.order_by(person_id).limit(limit)).scalars())


class _Row(NamedTuple):
    """A stored duty that is still of use."""

    id: int
    key: str
    person_id: int
    offering_id: int
    occurrence_id: int | None
    state: str
    due_at: dt.datetime
    useful_until: dt.datetime


@dataclass(slots=True)
class _Owed:
    """duties: what should be there, by key. anchors: where the leads of each followed date that is on count
    from. leads: those chosen for it. offerings: what each person follows as one offering."""

    duties: dict[str, Duty] = field(default_factory=dict)
    quiet: dict[int, Quiet] = field(default_factory=dict)
    anchors: dict[tuple[int, int], str] = field(default_factory=dict)
    leads: dict[tuple[int, int], frozenset[str]] = field(default_factory=dict)
    offerings: set[tuple[int, int]] = field(default_factory=set)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))

    def allows(self, row: _Row, now: dt.datetime) -> bool:
        """Whether a waiting duty may stay: it is owed, was and only waits for its turn, or was asked for
        (snoozed; a seat)."""
        if row.key in self.duties:
            return True
        what, at = row.key.split(":", 3)[3].rsplit(":", 1)
        if row.occurrence_id is None:
            return what == "seat" and (row.person_id, row.offering_id) in self.offerings
        date = (row.person_id, row.occurrence_id)
        is_chosen = what.startswith(SNOOZED) or (row.due_at <= now and what in self.leads.get(date, ()))
        return is_chosen and self.anchors.get(date) == at

    def is_late_or_early(self, row: _Row, now: dt.datetime) -> bool:
        """Whether a waiting duty is owed at another time that is still to come."""
        duty = self.duties.get(row.key)
        if duty is None or row.state != "pending" or duty["due_at"] <= now:
            return False
        return (row.due_at, row.useful_until) != (duty["due_at"], duty["useful_until"])


def _rows(session: Session, ids: Sequence[int], now: dt.datetime) -> list[_Row]:
    statement = select_columns(*(getattr(Delivery, name) for name in _Row._fields)).where(
        col(Delivery.person_id).in_(ids), col(Delivery.kind).in_(_KINDS), col(Delivery.useful_until) > now
    )
    return [_Row(*row) for row in session.execute(statement)]


def _make(session: Session, owed: _Owed, known: dict[str, str], now: dt.datetime, *, late: bool) -> int:
    soon = [duty for duty in owed.duties.values() if duty["due_at"] <= now + HORIZON]
    ahead = [d for d in soon if d["due_at"] > now and known.get(d["key"], "cancelled") == "cancelled"]
    passed = [d for d in soon if d["due_at"] <= now and d["key"] not in known]
    if late:
        postponed = (d | {"due_at": owed.quiet[d["person_id"]].after(now, owed.zone)} for d in passed)
        return outbox.plan(session, [*ahead, *(d for d in postponed if d["due_at"] < d["useful_until"])])
    outbox.plan(session, passed)
    keys = [duty["key"] for duty in passed]
    noted = session.exec(select(Delivery.id).where(col(Delivery.key).in_(keys)))
    outbox.cancel(session, [id_ for id_ in noted if id_ is not None], now, "passed")
    return outbox.plan(session, ahead)


def _owed(session: Session, ids: Sequence[int], now: dt.datetime, zone: ZoneInfo) -> _Owed:
    people = session.exec(select(Person).where(col(Person.id).in_(ids), col(Person.inactive_since).is_(None)))
    follows = follows_by_person(session, ids)
    programme, owed = Programme(session, ids, now), _Owed(zone=zone)
    for person in people:
        for duty in _Planner(person, programme, owed).duties(follows.get(person.id or 0, ())):
            if duty["useful_until"] > now:
                owed.duties.setdefault(duty["key"], duty)
    return owed


class _Wanted(NamedTuple):
    """A followed date, with the leads of all follows that reach it, and since when the first did."""

    date: Date
    leads: frozenset[str]
    since: dt.datetime


class _Planner:
    """The duties of one person."""

    def __init__(self, person: Person, programme: Programme, owed: _Owed) -> None:
        self._person = person
        self._id = person.id or 0
        self._programme = programme
        self._owed = owed
        self._quiet = owed.quiet[self._id] = quiet_hours(person)

    def duties(self, follows: Sequence[Follow]) -> Iterator[Duty]:
        for wanted in self._wanted(follows).values():
            yield from self._reminders(wanted)
        for follow in follows:
            if (offering_id := self._programme.offering_of(follow)) is not None:
                self._owed.offerings.add((self._id, offering_id))
            if (enrolling := self._programme.enrolling(follow)) and self._leads(follow):
                yield from self._enrolment(enrolling, follow.created_at)

    def _leads(self, follow: Follow) -> list[str]:
        return self._person.leads if follow.leads is None else follow.leads

    def _wanted(self, follows: Sequence[Follow]) -> dict[int, _Wanted]:
        wanted: dict[int, _Wanted] = {}
        for follow in follows:
            leads = frozenset(self._leads(follow))
            for date in self._programme.of(follow):
                known = wanted.get(date.id, _Wanted(date, leads, follow.created_at))
                since = min(known.since, follow.created_at)
                wanted[date.id] = _Wanted(date, known.leads | leads, since)
        return wanted

    def _reminders(self, wanted: _Wanted) -> Iterator[Duty]:
        date, happening = wanted.date, wanted.date.happening
        self._owed.anchors[self._id, date.id] = stamp(happening.anchor)
        self._owed.leads[self._id, date.id] = wanted.leads | {str(MORNING)}
        since = max(wanted.since, date.moved_at or _EVER)
        for planned in _plan(happening, wanted.leads, self._quiet, since):
            yield Duty(
                key=reminder_key(self._id, date.id, str(planned.lead), happening.anchor),
                person_id=self._id,
                kind=Kind.REMINDER,
                offering_id=date.offering_id,
                occurrence_id=date.id,
                due_at=planned.due_at,
                useful_until=planned.useful_until,
                priority=Priority.REMINDER,
                keep_until=max(happening.end or planned.useful_until, planned.useful_until) + KEPT,
            )

    def _enrolment(self, enrolling: Enrolling, since: dt.datetime) -> Iterator[Duty]:
        zone, opens, closes = self._owed.zone, enrolling.opens, enrolling.closes
        if opens and opens > since:
            until = closes or opens + OPENING_IS_NEWS
            yield from self._alert(enrolling, "opens", opens, self._quiet.after(opens, zone), until)
        if closes:
            due = self._before(closes)
            # When it has only just opened, that was said.
            if due > max(since, opens or since):
                yield from self._alert(enrolling, "closes", closes, due, closes)

    def _before(self, closes: dt.datetime) -> dt.datetime:
        """Two calendar days before, at the same local time, or just before it gets quiet."""
        local = closes.astimezone(self._owed.zone)
        due = local_instant(local.date() - CLOSES_SOON, local.timetz().replace(tzinfo=None), self._owed.zone)
        span = self._quiet.span(due, self._owed.zone)
        return span[0] - JUST_BEFORE if span else due

    def _alert(
        self, enrolling: Enrolling, what: str, moment: dt.datetime, due: dt.datetime, until: dt.datetime
    ) -> Iterator[Duty]:
        if due < until:
            yield enrolment_duty(self._id, enrolling.offering_id, what, moment, due=due, until=until)


def enrolment_duty(
    person_id: int, offering_id: int, what: str, moment: dt.datetime, *, due: dt.datetime, until: dt.datetime
) -> Duty:
    """To tell somebody that enrolment opens or closes, or that a place became free."""
    return Duty(
        key=enrolment_key(person_id, offering_id, what, moment),
        person_id=person_id,
        kind=Kind.ENROLMENT,
        offering_id=offering_id,
        payload={"what": what},
        due_at=due,
        useful_until=until,
        priority=Priority.ENROLMENT,
        keep_until=until + KEPT,
    )


@lru_cache(maxsize=10_000)
def _parsed(leads: frozenset[str]) -> tuple[Lead, ...]:
    # In one order, or which of two reminders moved to one evening is kept would depend on chance.
    return tuple(Lead.parse(lead) for lead in sorted(leads))


def _plan(
    happening: Happening, leads: frozenset[str], quiet: Quiet, since: dt.datetime
) -> tuple[Planned, ...]:
    everything = _plan_ever(happening, leads, quiet)
    # Most follow long before the first reminder: then it makes no difference since when.
    if all(planned.due_at > since for planned in everything):
        return everything
    return plan_reminders(happening, _parsed(leads), quiet, since)


@lru_cache(maxsize=10_000)
def _plan_ever(happening: Happening, leads: frozenset[str], quiet: Quiet) -> tuple[Planned, ...]:
    return plan_reminders(happening, _parsed(leads), quiet, _EVER)
