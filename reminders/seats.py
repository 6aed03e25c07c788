"""A place became free: those who asked are told at once, and once."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlmodel import Session, col, select

from catalog.database import Database
from catalog.keepers import chunks
from catalog.model import Occurrence, Offering, OfferingChange
from reminders import outbox
from reminders.bursts import Altered
from reminders.duties import OPENING_IS_NEWS, PAGE, enrolment_duty
from reminders.model import Delivery, Follow, Person
from reminders.notices import Kind
from reminders.programme import OFF, happening_of
from reminders.unasked import quiet_hours

_UNHEARD = ("pending", "claimed")


def opens(change: OfferingChange) -> bool:
    """Whether there is room again where there was none."""
    return _altered(change).is_places_again


def heed(database: Database, change: OfferingChange, now: dt.datetime, zone: ZoneInfo) -> None:
    """Tell who waits for a place, and end their waiting; where it is taken before they heard of it, they wait
    on."""
    if _altered(change).is_full_again:
        database.write(lambda session: _wait_on(session, change.offering_id, now))
    elif opens(change):
        while database.write(lambda session: _tell(session, change, now, zone)):
            pass


def _altered(change: OfferingChange) -> Altered:
    return Altered(change.occurrence_id, change.fact, change.old, change.new)


def _tell(session: Session, change: OfferingChange, now: dt.datetime, zone: ZoneInfo) -> bool:
    """For one page of those who wait; whether there were any to tell."""
    until = _useful_until(session, change.offering_id, now)
    mine = (
        select(Follow, Person)
        .join(Person)
        .where(
            Follow.kind == "offering",
            Follow.target_id == change.offering_id,
            col(Follow.wants_seats),
            col(Person.inactive_since).is_(None),
        )
    )
    waiting = session.exec(mine.limit(PAGE)).all() if until > now else []
    duties = []
    for follow, person in waiting:
        follow.wants_seats = False
        due = quiet_hours(person).after(now, zone)
        what = (follow.person_id, change.offering_id, "seat")
        duties.append(enrolment_duty(*what, change.at, due=due if due < until else now, until=until))
    outbox.plan(session, duties)
    return bool(waiting)


def _useful_until(session: Session, offering_id: int, now: dt.datetime) -> dt.datetime:
    """Until when one can still take a place; `now` when one cannot."""
    offering = session.get_one(Offering, offering_id)
    if offering.status in OFF:
        return now
    if offering.enrolment_closes is not None:
        return offering.enrolment_closes
    rows = session.exec(select(Occurrence).where(Occurrence.offering_id == offering_id)).all()
    ends = [happening_of(row).useful_until for row in rows if row.withdrawn_at is None]
    return max(ends, default=now + OPENING_IS_NEWS)


def _wait_on(session: Session, offering_id: int, now: dt.datetime) -> None:
    unheard = session.exec(
        select(Delivery).where(
            Delivery.offering_id == offering_id,
            Delivery.kind == Kind.ENROLMENT,
            col(Delivery.key).like("e:%:seat:%"),
            col(Delivery.state).in_(_UNHEARD),
            col(Delivery.useful_until) > now,
        )
    ).all()
    people = [row.person_id for row in unheard]
    for some in chunks(people):
        of_offering = update(Follow).where(
            col(Follow.kind) == "offering", col(Follow.target_id) == offering_id
        )
        session.execute(of_offering.where(col(Follow.person_id).in_(some)).values(wants_seats=True))
    outbox.cancel(session, [row.id for row in unheard if row.id is not None], now, "full-again")
