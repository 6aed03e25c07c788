"""How long we keep people: who blocked us is erased after 90 days; who has been silent for twelve months is
told, and erased 30 days later unless they came back."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlmodel import Session, col, select

from catalog import staff
from catalog.database import Database
from reminders import fact_reports, outbox, people
from reminders.leads import local_instant
from reminders.model import Delivery, Person
from reminders.notices import Dropped, ForgetSoon, Kind
from reminders.unasked import ARRIVED, quiet_hours, to

UNREACHABLE_FOR = dt.timedelta(days=90)
NOTICE_PERIOD = dt.timedelta(days=30)
_USEFUL_FOR = dt.timedelta(days=14)
_KEPT = dt.timedelta(days=90)
_ASK_AT = dt.time(10)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """What a look at everybody did."""

    erased: int
    warned: int


def forget_the_gone(database: Database, now: dt.datetime, zone: ZoneInfo) -> Kept:
    """Erase whose time is over, and warn whose time is soon; old reports go, too. Run it daily."""
    erased = warned = last = 0
    while leaving := database.read(partial(_leaving, after=last, now=now, zone=zone)):
        last = leaving[-1]
        done = database.write(partial(_part, person_ids=leaving, now=now, zone=zone))
        erased, warned = erased + done.erased, warned + done.warned
    database.write(lambda session: fact_reports.forget_old(session, now))
    # Also when nobody was erased today: an earlier try may have met a long read.
    people.scrub(database)
    return Kept(erased, warned)


def compose(
    _session: Session, row: Delivery, person: Person, now: dt.datetime, _zone: ZoneInfo
) -> ForgetSoon | Dropped:
    """The warning, or why it is not needed."""
    if person.warned_on is None or not row.key.endswith(str(person.warned_on)):
        return Dropped("cancelled", "back")
    quiet = quiet_hours(person).span(now, _zone)
    return Dropped("pending", "later", quiet[1]) if quiet else ForgetSoon(to(person, row, now))


def year_before(day: dt.date) -> dt.date:
    """The same day twelve months earlier; 29 February counts as the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _leaving(session: Session, after: int, now: dt.datetime, zone: ZoneInfo) -> list[int]:
    silent_since = year_before(now.astimezone(zone).date())
    unreachable = col(Person.inactive_since) <= now - UNREACHABLE_FOR
    silent = col(Person.inactive_since).is_(None) & (col(Person.last_seen) <= silent_since)
    statement = select(Person.id).where(col(Person.id) > after, unreachable | silent)
    found = session.exec(statement.order_by(col(Person.id)).limit(_PAGE))
    return [person_id for person_id in found if person_id is not None]


def _part(session: Session, person_ids: Sequence[int], now: dt.datetime, zone: ZoneInfo) -> Kept:
    leaving = session.exec(select(Person).where(col(Person.id).in_(person_ids))).all()
    rows = _warnings(session, person_ids)
    last_words = {person.id: rows.get(_key(person)) for person in leaving}
    over = [person for person in leaving if _is_over(person, last_words[person.id], now)]
    unwarned = [p for p in leaving if p not in over and _is_unwarned(last_words[p.id])]
    for person in unwarned:
        person.warned_on = now.astimezone(zone).date()
    session.flush()
    warned = outbox.plan(session, [_duty(person, now, zone) for person in unwarned])
    for person in over:
        staff.cut(session, person.chat_id, now)
    session.execute(delete(Person).where(col(Person.id).in_([person.id for person in over])))
    return Kept(len(over), warned)


def _warnings(session: Session, person_ids: Sequence[int]) -> dict[str, Delivery]:
    statement = select(Delivery).where(col(Delivery.person_id).in_(person_ids), Delivery.kind == Kind.WARNING)
    return {row.key: row for row in session.exec(statement)}


def _key(person: Person) -> str:
    return f"w:{person.id}:{person.warned_on}"


def _is_over(person: Person, warning: Delivery | None, now: dt.datetime) -> bool:
    if person.inactive_since is not None:
        return True
    arrived = warning.settled_at if warning is not None and warning.state in ARRIVED else None
    return arrived is not None and arrived <= now - NOTICE_PERIOD


def _is_unwarned(warning: Delivery | None) -> bool:
    """Whether they have not been told, nor are about to be: nobody is erased unwarned."""
    return warning is None or warning.state in ("failed", "expired", "cancelled", "superseded")


def _duty(person: Person, now: dt.datetime, zone: ZoneInfo) -> outbox.Duty:
    morning = local_instant(now.astimezone(zone).date(), _ASK_AT, zone)
    earliest = max(now, morning, person.paused_until or now)
    due_at = quiet_hours(person).after(earliest, zone)
    return outbox.Duty(
        key=_key(person),
        person_id=person.id or 0,
        kind=Kind.WARNING,
        due_at=due_at,
        useful_until=due_at + _USEFUL_FOR,
        priority=outbox.Priority.UPKEEP,
        keep_until=due_at + _KEPT,
    )
