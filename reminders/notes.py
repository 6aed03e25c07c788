"""Notes: what one named person must hear once, apart from any offering they follow: a proposal that waits for
them, a broadcast to approve, an answer to what they reported, the week's figures.

A note is a duty in the outbox. What it says is worked out when it is sent, from what it is about; a note
about something that has been settled meanwhile is not sent at all."""

import datetime as dt
from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from catalog import staff
from reminders import outbox
from reminders.model import Delivery, Person
from reminders.notices import Dropped, Kind, Note
from reminders.outbox import Duty, Priority
from reminders.unasked import to

USEFUL_FOR = dt.timedelta(days=14)
_KEPT = dt.timedelta(days=30)

Facts = Callable[[Session, int, Person, dt.datetime, ZoneInfo], object | None]
"""What a note about this number says to this person; None when there is nothing to say any more."""


def tell(
    session: Session,
    chat_ids: Iterable[int],
    what: str,
    number: int,
    now: dt.datetime,
    *,
    time: str = "",
    due_at: dt.datetime | None = None,
) -> int:
    """Owe these chats a note of the kind `what` about `number`; returns how many of them we know. Told once;
    `time` tells apart what may be told again (an ISO week, a state)."""
    people = session.exec(select(Person.id).where(col(Person.chat_id).in_(list(chat_ids)))).all()
    useful = (due_at or now) + USEFUL_FOR
    duties = [
        Duty(
            key=f"n:{person_id}:{what}:{number}:{time}",
            person_id=person_id,
            kind=Kind.NOTE,
            due_at=due_at or now,
            useful_until=useful,
            priority=Priority.UPKEEP,
            keep_until=useful + _KEPT,
            payload={"what": what, "number": number},
        )
        for person_id in people
        if person_id is not None
    ]
    outbox.plan(session, duties)
    return len(duties)


class Notes:
    """Composes notes. facts: by kind; staff_only: the kinds that are nobody's business once a person is no
    longer staff."""

    def __init__(self, facts: dict[str, Facts], staff_only: frozenset[str]) -> None:
        self._facts, self._staff_only = facts, staff_only

    def compose(
        self, session: Session, row: Delivery, person: Person, now: dt.datetime, zone: ZoneInfo
    ) -> Note | Dropped:
        """What this note says now."""
        what, number = str(row.payload["what"]), int(str(row.payload["number"]))
        if what in self._staff_only and staff.staffer(session, person.chat_id) is None:
            return Dropped("cancelled", "no-staff")
        said = self._facts[what](session, number, person, now, zone)
        if said is None:
            return Dropped("cancelled", "settled")
        return Note(to(person, row, now), what, number, said)
