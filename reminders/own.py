"""What is one person's own: which of some things they follow, and their messages in the outbox. Reads only;
whatever belongs to somebody else is not there."""

import datetime as dt
from collections.abc import Iterable

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from reminders.model import Delivery, Follow
from reminders.notices import Kind

_WAITING = ("pending", "claimed")
_TOLD = ("sent", "unknown", "in_flight")

Target = tuple[str, int]
"""What a follow is of: its kind and the id."""


def follows_among(session: Session, person_id: int, targets: Iterable[Target]) -> dict[Target, Follow]:
    """Those of these things that they follow."""
    wanted = set(targets)
    mine = select(Follow).where(
        Follow.person_id == person_id, col(Follow.target_id).in_({target for _, target in wanted})
    )
    found = {(row.kind, row.target_id): row for row in session.exec(mine)}
    return {target: row for target, row in found.items() if target in wanted}


def follows_anything(session: Session, person_id: int) -> bool:
    """Whether they follow anything at all."""
    return session.exec(select(Follow.id).where(Follow.person_id == person_id).limit(1)).first() is not None


def message_of(session: Session, person_id: int, delivery_id: int) -> Delivery | None:
    """This message, when it is theirs."""
    row = session.get(Delivery, delivery_id)
    return row if row is not None and row.person_id == person_id else None


def next_reminder(
    session: Session, person_id: int, occurrence_id: int, now: dt.datetime
) -> dt.datetime | None:
    """When they are reminded of this date next, as far as that is planned."""
    waiting = _reminders(person_id, occurrence_id, now).where(col(Delivery.state).in_(_WAITING))
    row = session.exec(waiting.order_by(col(Delivery.due_at))).first()
    return max(row.due_at, now) if row else None


def last_reminder(session: Session, person_id: int, occurrence_id: int, now: dt.datetime) -> Delivery | None:
    """The reminder of this date that they got last, while another one would still be of use."""
    told = _reminders(person_id, occurrence_id, now).where(col(Delivery.state).in_(_TOLD))
    return session.exec(told.order_by(col(Delivery.settled_at).desc())).first()


def _reminders(person_id: int, occurrence_id: int, now: dt.datetime) -> SelectOfScalar[Delivery]:
    return select(Delivery).where(
        Delivery.person_id == person_id,
        Delivery.occurrence_id == occurrence_id,
        Delivery.kind == Kind.REMINDER,
        col(Delivery.useful_until) > now,
    )
