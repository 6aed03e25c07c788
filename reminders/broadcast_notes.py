"""Notes about broadcasts: a colleague is asked to look at one, its author hears what became of that."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session

from catalog import staff
from catalog.local import organizers_by_id
from catalog.model import Organizer
from catalog.staff import Right, Role, Staffer
from reminders import notes
from reminders.audience import Audience
from reminders.broadcasts import content_hash, may_send
from reminders.model import Broadcast, Person

ASKED, DECIDED = "broadcast", "broadcast-decided"
"""The kinds of notes: to whoever may approve it, and to its author."""


@dataclass(frozen=True, slots=True)
class BroadcastNote:
    """What such a note is about, as it is when the note goes out. hashed: what an approval is bound to;
    organizers: those that its audience names."""

    broadcast: Broadcast
    hashed: str
    organizers: tuple[Organizer, ...]


def second_persons(session: Session, broadcast: Broadcast) -> list[Staffer]:
    """Who may let it through: those in charge there, else the admins; never its author."""
    able = [
        one
        for one in staff.staff_list(session)
        if one.id != broadcast.author_id and may_send(session, one, broadcast, Right.APPROVE)
    ]
    return [one for one in able if one.role is not Role.ADMIN] or able


def ask(session: Session, broadcast: Broadcast, now: dt.datetime) -> int:
    """Ask them to look at it; how many were asked."""
    chats = [one.telegram_id for one in second_persons(session, broadcast)]
    return notes.tell(
        session, chats, ASKED, broadcast.id or 0, now, time=f"{now:%m%d%H%M%S}{content_hash(broadcast)[:12]}"
    )


def tell_author(session: Session, broadcast: Broadcast, now: dt.datetime) -> None:
    """Tell its author what a colleague decided."""
    author = staff.by_id(session, broadcast.author_id)
    if author is not None:
        notes.tell(session, [author.telegram_id], DECIDED, broadcast.id or 0, now, time=f"{now:%m%d%H%M%S}")


def _asked(
    session: Session, number: int, _person: Person, _now: dt.datetime, _zone: ZoneInfo
) -> BroadcastNote | None:
    found = session.get(Broadcast, number)
    return _note(session, found) if found and found.state == "waiting" else None


def _decided(
    session: Session, number: int, _person: Person, _now: dt.datetime, _zone: ZoneInfo
) -> BroadcastNote | None:
    found = session.get(Broadcast, number)
    return _note(session, found) if found else None


def _note(session: Session, broadcast: Broadcast) -> BroadcastNote:
    named = organizers_by_id(session, Audience.load(broadcast.audience).organizers)
    return BroadcastNote(broadcast, content_hash(broadcast), tuple(named))


FACTS: dict[str, notes.Facts] = {ASKED: _asked, DECIDED: _decided}
"""For `reminders.notes.Notes`; all of them are for staff only."""
