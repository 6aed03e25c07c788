"""The tables of whom we know and what we owe them. A person is a chat that wrote to us: no name, no position.

Instants are UTC and come back aware. Everything that belongs to a person goes with them (ON DELETE CASCADE):
forgetting is a hard delete.
"""

import datetime as dt

from sqlalchemy import JSON, BigInteger, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

# Shares the catalogue's metadata, whose naming convention must be set before any table exists.
from catalog.staff_model import table_metadata

__all__ = [
    "Bookmark",
    "Broadcast",
    "Child",
    "Delivery",
    "FactReport",
    "Follow",
    "Person",
    "SavedSearch",
    "SurveyCount",
    "table_metadata",
]

DEFAULT_LEADS = ("d1@17:00", "m120")
"""The day before at 17:00, and two hours before (see `reminders.leads`)."""


class Person(SQLModel, table=True):
    """Somebody who talks with us. place_key: the gazetteer's key of a municipality, district, town or
    postcode that they chose, never where they are. last_seen, created_on: local days, no time of day.

    leads: when reminders come, as `reminders.leads` writes them. quiet_from, quiet_until: local wall clock;
    both equal means no quiet hours. weekly_cap: unasked messages in seven days, own follows' reminders
    and changes not counted. digest: "asap" (at most one a day), "daily", "weekly" or "off"; digest_weekday is
    ISO; digest_time local. paused_until: nothing unasked before. surveys: whether to ask "kom du af sted?".
    inactive_since: Telegram said that this chat cannot be reached. warned_on: told that a silent person is
    forgotten soon. news: whether they want what staff send out; None until they were asked."""

    id: int | None = Field(default=None, primary_key=True)
    chat_id: int = Field(sa_column=Column(BigInteger, unique=True, nullable=False))
    language: str = Field(max_length=8)
    place_key: str | None = Field(default=None, max_length=200)
    last_seen: dt.date
    created_on: dt.date
    leads: list[str] = Field(
        default_factory=lambda: list(DEFAULT_LEADS), sa_column=Column(JSON, nullable=False)
    )
    quiet_from: dt.time = dt.time(21)
    quiet_until: dt.time = dt.time(8)
    weekly_cap: int = 7
    digest: str = Field(default="asap", max_length=10)
    digest_weekday: int = 4
    digest_time: dt.time = dt.time(16)
    paused_until: dt.datetime | None = None
    surveys: bool = True
    inactive_since: dt.datetime | None = Field(default=None, index=True)
    warned_on: dt.date | None = None
    news: bool | None = None


class Child(SQLModel, table=True):
    """A child of a family: a birth year and, when the family picked one, an emoji. Nothing else."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    birth_year: int
    emoji: str | None = Field(default=None, max_length=16)


class Follow(SQLModel, table=True):
    """Somebody wants to be kept informed. kind: "offering", "occurrence", "series" (reminders and changes),
    "organizer", "venue" (what is new from there, in the digest). target_id: that row's id. leads: own lead
    times for this one, None means the person's. wants_seats: tell once when a place becomes free."""

    __table_args__ = (
        UniqueConstraint("person_id", "kind", "target_id"),
        Index("ix_follow_kind_target", "kind", "target_id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    kind: str = Field(max_length=12)
    target_id: int
    leads: list[str] | None = Field(default=None, sa_column=Column(JSON, nullable=True))
    wants_seats: bool = False
    created_at: dt.datetime


class SavedSearch(SQLModel, table=True):
    """A question whose new answers somebody wants. query: `catalog.query_store` data, without anything that
    passes. child_id: for which child it asks, if any; the age then follows the calendar. Asks to be renewed
    at renew_at; silent while paused (not renewed)."""

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True, ondelete="CASCADE")
    child_id: int | None = Field(default=None, foreign_key="child.id", ondelete="CASCADE")
    query: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: dt.datetime
    looked_at: dt.datetime
    renew_at: dt.datetime = Field(index=True)
    paused: bool = False


class Delivery(SQLModel, table=True):
    """The outbox: one row is one duty to say one thing to one person (see `reminders.outbox`).

    key: unique for the duty, so that it exists once however often it is planned. kind: "reminder",
    "change", "cancellation", "digest", "enrolment", "survey", "renewal", "warning", "broadcast", "note".
    due_at: not before. useful_until: not at or after. priority: lower first. state: pending, claimed,
    in_flight, sent, unknown, failed, expired, cancelled, superseded; reason says why. payload: ids only, no
    words, nothing personal. keep_until: the row is deleted after this instant. broadcast_id: of a broadcast's
    rows; they begin as "held" and are let go, some at a time, by `reminders.broadcasts`."""

    __table_args__ = (
        Index("ix_delivery_state_due", "state", "due_at", "useful_until"),
        Index("ix_delivery_state_order", "state", "priority", "useful_until", "due_at"),
        Index("ix_delivery_person_occurrence", "person_id", "occurrence_id"),
        Index("ix_delivery_broadcast_state", "broadcast_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=120)
    person_id: int = Field(foreign_key="person.id", ondelete="CASCADE")
    kind: str = Field(max_length=12)
    offering_id: int | None = Field(default=None, index=True)
    occurrence_id: int | None = None
    broadcast_id: int | None = Field(default=None, foreign_key="broadcast.id", ondelete="CASCADE")
    payload: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    due_at: dt.datetime
    useful_until: dt.datetime
    priority: int
    state: str = Field(default="pending", max_length=12)
    reason: str | None = Field(default=None, max_length=40)
    claimed_by: str | None = Field(default=None, max_length=40)
    lease_until: dt.datetime | None = None
    attempts: int = 0
    message_id: int | None = None
    settled_at: dt.datetime | None = None
    keep_until: dt.datetime = Field(index=True)


class Broadcast(SQLModel, table=True):
    """Something staff say to many. author_id, approved_by: staff numbers. texts: {"da": …, "en": …},
    Telegram's HTML with bold and links only. picture: a file id of Telegram's. offerings: ids, at most
    five. audience: see `reminders.audience`. approved_hash: of the texts, picture, offerings and audience
    that were approved; an edit voids it. state: see `reminders.broadcasts`; paused_for says why it stands
    still. frozen_to: the person's id up to whom recipients are written down; frozen_at: when all were.
    announced: how many they are. released: how many of their deliveries have been let go; canary_seen:
    somebody looked at the first of many and said "go on". message_id: of the progress message in the
    author's chat. corrects: the one that it makes good. followed, muted: how many did so from it."""

    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    author_id: int = Field(foreign_key="staff.id", index=True)
    texts: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    picture: str | None = Field(default=None, max_length=200)
    offerings: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    audience: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    state: str = Field(default="draft", max_length=12, index=True)
    paused_for: str | None = Field(default=None, max_length=40)
    approved_by: int | None = Field(default=None, foreign_key="staff.id")
    approved_hash: str | None = Field(default=None, max_length=64)
    released: int = 0
    canary_seen: bool = False
    send_at: dt.datetime | None = None
    not_after: dt.datetime | None = None
    frozen_to: int = 0
    frozen_at: dt.datetime | None = None
    announced: int = 0
    message_id: int | None = None
    corrects: int | None = Field(default=None, foreign_key="broadcast.id")
    created_at: dt.datetime
    updated_at: dt.datetime
    ended_at: dt.datetime | None = None
    followed: int = 0
    muted: int = 0


class FactReport(SQLModel, table=True):
    """Somebody says that a fact of an offering is wrong. fact: "time", "place", "price", "cancelled" or
    "age". person_id: who hears the answer, None once they are gone. state: "open", "mended", "right" (it
    was right), told by decided_by, a staff number."""

    id: int | None = Field(default=None, primary_key=True)
    offering_id: int = Field(foreign_key="offering.id", index=True, ondelete="CASCADE")
    fact: str = Field(max_length=12)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True, ondelete="SET NULL")
    state: str = Field(default="open", max_length=12, index=True)
    decided_by: int | None = Field(default=None, foreign_key="staff.id")
    created_at: dt.datetime
    updated_at: dt.datetime


class SurveyCount(SQLModel, table=True):
    """How many said that they went, and how many that they did not: counts, never who."""

    offering_id: int = Field(foreign_key="offering.id", primary_key=True, ondelete="CASCADE")
    went: int = 0
    stayed: int = 0


class Bookmark(SQLModel, table=True):
    """How far a reader has come in a numbered list, by the reader's name."""

    name: str = Field(primary_key=True, max_length=40)
    value: int
