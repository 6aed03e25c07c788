"""What we say unasked, as facts; the words are the bot's. And what became of saying it."""

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from catalog.cards import Card, OccurrenceFacts


class Kind(StrEnum):
    """Why something is said unasked."""

    REMINDER = "reminder"
    CHANGE = "change"
    CANCELLATION = "cancellation"
    DIGEST = "digest"
    ENROLMENT = "enrolment"
    SURVEY = "survey"
    RENEWAL = "renewal"
    WARNING = "warning"
    NOTE = "note"
    BROADCAST = "broadcast"


@dataclass(frozen=True, slots=True)
class To:
    """Whom it goes to, and in which language. now: the instant the words are made for."""

    chat_id: int
    language: str
    now: dt.datetime
    delivery_id: int


@dataclass(frozen=True, slots=True)
class Reminder:
    """It is soon. follow_kind and follow_target: why they get it, for unfollowing. more: how many others of
    the same followed series are on that day. last_day: a running exhibition is about to close."""

    to: To
    card: Card
    occurrence: OccurrenceFacts
    follow_kind: str
    follow_target: int
    more: int = 0
    last_day: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """One altered fact: start, end, venue, status, price, age, enrolment; old and new as the catalogue tells
    them (see `catalog.model.OfferingChange`), None where there was or is nothing. A status that is None now:
    this date is no longer on the programme; nobody said that it is cancelled."""

    fact: str
    old: str | None
    new: str | None
    occurrence: OccurrenceFacts | None


@dataclass(frozen=True, slots=True)
class Change:
    """Something they follow is no longer what it was. cancelled: it is off altogether, or this occurrence is;
    alternatives: something like it, for a cancellation."""

    to: To
    card: Card
    changes: tuple[Changed, ...]
    cancelled: bool = False
    alternatives: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestRow:
    """One new offering, with the labels of what found it: ("child", child id), ("search", search id),
    ("organizer", name), ("venue", name)."""

    card: Card
    occurrence_id: int
    labels: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What is new for this person; at most ten rows, `more` that did not fit. children: (birth year, emoji)
    by id, and searches: stored queries by id, of those that the labels name."""

    to: To
    rows: tuple[DigestRow, ...]
    more: int
    children: dict[int, tuple[int, str | None]]
    searches: dict[int, dict[str, object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """what: "opens", "closes" (in two days) or "seat" (a place became free)."""

    to: To
    card: Card
    what: str


@dataclass(frozen=True, slots=True)
class Survey:
    """ "Kom du af sted?" """

    to: To
    card: Card
    occurrence: OccurrenceFacts


@dataclass(frozen=True, slots=True)
class Renewal:
    """Does this saved search still matter?"""

    to: To
    search_id: int
    query: dict[str, object]


@dataclass(frozen=True, slots=True)
class ForgetSoon:
    """A person who has been silent for 12 months is forgotten in 30 days unless they say anything."""

    to: To


@dataclass(frozen=True, slots=True)
class Note:
    """What one named person must hear (see `reminders.notes`). what: its kind; number: what it is about;
    facts: as that kind has them."""

    to: To
    what: str
    number: int
    facts: object


@dataclass(frozen=True, slots=True)
class Announcement:
    """What staff say to many. text: Telegram's HTML, checked by Telegram before it was handed in. picture:
    a file id of Telegram's. cards: of what it is about, at most five."""

    to: To
    broadcast_id: int
    text: str
    picture: str | None
    cards: tuple[Card, ...]


Notice = Reminder | Change | Digest | Enrolment | Survey | Renewal | ForgetSoon | Note | Announcement


@dataclass(frozen=True, slots=True)
class Dropped:
    """A duty that is not to be said after all. state: "expired", "superseded" or "cancelled" (a cancelled one
    comes back when it is planned again), or "pending": not yet, but at due_at. reason: a short word for the
    row."""

    state: str
    reason: str
    due_at: dt.datetime | None = None


class Fate(StrEnum):
    """What became of a request to Telegram, told apart by cause."""

    SENT = "sent"
    NOT_SENT = "not-sent"
    UNKNOWN = "unknown"
    TOO_MANY = "too-many"
    GONE = "gone"
    MIGRATED = "migrated"
    REFUSED = "refused"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Outcome:
    """fate, and what goes with it: the message's id when sent, seconds to wait when too many, the new chat id
    when migrated, a short reason."""

    fate: Fate
    message_id: int | None = None
    retry_after: float = 0.0
    new_chat_id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Turn:
    """How a notice waits to be sent. priority: lower goes first (`reminders.outbox.Priority`). fence: asked
    once, when everything else is ready and right before the request; when it answers False, nothing may be
    sent. timeout: seconds that the whole request may take."""

    priority: int
    fence: Callable[[], Awaitable[bool]]
    timeout: float


class Sender(Protocol):
    """Says one thing to one person. Never raises; takes its turn at the gate before it sends."""

    async def send(self, notice: Notice, turn: Turn) -> Outcome:
        """Send and tell what became of it; NOT_SENT when the fence said no."""
        ...

    def halted_for(self) -> float:
        """Seconds until anything may be sent at all; 0 when it may now."""
        ...
