"""When one more unasked message may come: not in a pause, not in quiet hours, not beyond the weekly cap.

Reminders and changes of own follows have rules of their own; this is for digests, surveys and renewals.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from reminders.model import Delivery, Person
from reminders.notices import Dropped, Kind, To
from reminders.planning import Quiet

WEEK = dt.timedelta(days=7)
COUNTED = (Kind.DIGEST, Kind.SURVEY, Kind.RENEWAL, Kind.BROADCAST)
"""What the weekly cap counts."""

_READ_AHEAD = "said lately"
ARRIVED = ("sent", "unknown")
"""The states of a delivery that the person has, or may have, seen."""


def quiet_hours(person: Person) -> Quiet:
    """The hours in which this person wants to hear nothing unasked."""
    return Quiet(person.quiet_from, person.quiet_until)


def said_lately(
    session: Session, person_ids: Collection[int], now: dt.datetime
) -> dict[int, list[dt.datetime]]:
    """When counted messages went to these people in the seven days before `now`, oldest first."""
    statement = (
        select(Delivery.person_id, Delivery.settled_at)
        .where(
            col(Delivery.person_id).in_(person_ids),
            col(Delivery.kind).in_(COUNTED),
            col(Delivery.state).in_(ARRIVED),
            col(Delivery.settled_at) > now - WEEK,
        )
        .order_by(col(Delivery.settled_at))
    )
    said: dict[int, list[dt.datetime]] = defaultdict(list)
    for person_id, settled_at in session.exec(statement):
        if settled_at is not None:
            said[person_id].append(settled_at)
    return said


def read_ahead(session: Session, rows: Collection[Delivery], now: dt.datetime) -> None:
    """What `held_back` asks about each of these rows, asked once for all of them, in this session."""
    ids = {row.person_id for row in rows}
    if ids:
        said = said_lately(session, ids, now)
        session.info[_READ_AHEAD] = {id_: said.get(id_, []) for id_ in ids}


def first_chance(
    person: Person, said: Sequence[dt.datetime], earliest: dt.datetime, zone: ZoneInfo
) -> dt.datetime | None:
    """The first moment from `earliest` on at which this person may be told one thing more; None when they
    want nothing of the kind. said: as `said_lately` tells it."""
    if person.weekly_cap <= 0:
        return None
    chance = max(earliest, person.paused_until or earliest)
    if len(said) >= person.weekly_cap:
        chance = max(chance, said[-person.weekly_cap] + WEEK)
    return quiet_hours(person).after(chance, zone)


def held_back(
    session: Session, row: Delivery, person: Person, now: dt.datetime, zone: ZoneInfo
) -> Dropped | None:
    """Why a counted message cannot go out right now after all, None when it can."""
    said = session.info.get(_READ_AHEAD, {}).get(row.person_id)
    if said is None:
        said = said_lately(session, [row.person_id], now).get(row.person_id, [])
    chance = first_chance(person, said, now, zone)
    if chance is None:
        return Dropped("cancelled", "cap")
    if chance <= now:
        return None
    return (
        Dropped("pending", "later", chance) if chance < row.useful_until else Dropped("expired", "too-late")
    )


def to(person: Person, row: Delivery, now: dt.datetime) -> To:
    """Whom a delivery goes to."""
    return To(person.chat_id, person.language, now, row.id or 0)
