"""What one person gets of a broadcast, composed when it is sent."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session

from catalog.cards import Card, load_cards
from reminders.model import Broadcast, Delivery, Person
from reminders.notices import Announcement, Dropped
from reminders.unasked import held_back, to

_FRESH = dt.timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class _Read:
    at: dt.datetime
    broadcast: Broadcast
    cards: tuple[Card, ...]


class Announcements:
    """Composes broadcasts. What many get is read once in a while, not for each of them."""

    def __init__(self) -> None:
        self._read: _Read | None = None

    def compose(
        self, session: Session, row: Delivery, person: Person, now: dt.datetime, zone: ZoneInfo
    ) -> Announcement | Dropped:
        """The message for this person, in their language where there is one."""
        if not person.news:
            return Dropped("cancelled", "opted-out")
        if dropped := held_back(session, row, person, now, zone):
            return dropped
        broadcast, cards = self._of(session, row.broadcast_id or 0, now)
        text = broadcast.texts.get(person.language) or next(iter(broadcast.texts.values()))
        return Announcement(to(person, row, now), row.broadcast_id or 0, text, broadcast.picture, cards)

    def _of(self, session: Session, id_: int, now: dt.datetime) -> tuple[Broadcast, tuple[Card, ...]]:
        read = self._read
        if read is None or read.broadcast.id != id_ or not dt.timedelta(0) <= now - read.at < _FRESH:
            broadcast = session.get_one(Broadcast, id_)
            cards = load_cards(session, broadcast.offerings)
            known = tuple(cards[offering] for offering in broadcast.offerings if offering in cards)
            read = self._read = _Read(now, broadcast, known)
        return read.broadcast, read.cards
