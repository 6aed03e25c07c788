"""The tables of those who publish, and of what they prepare. Properties only, no logic.

A staffer is a number: no name is stored. The link to a Telegram account is cut when the person is erased or
dismissed; the audit log keeps the number.
"""

import datetime as dt

from sqlalchemy import JSON, BigInteger, Column, Index
from sqlmodel import Field, SQLModel

# Its metadata must have its naming convention before any table exists.
from catalog.model import NEVER_REUSED, table_metadata

__all__ = [
    "AuditEntry",
    "Demand",
    "Proposal",
    "Publication",
    "Staff",
    "StaffInvite",
    "StaffScope",
    "Tally",
    "table_metadata",
]


class Staff(SQLModel, table=True):
    """Somebody who may publish. role: see `catalog.staff.Role`. telegram_id: None once dismissed or
    erased."""

    __table_args__ = NEVER_REUSED

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int | None = Field(default=None, sa_column=Column(BigInteger, unique=True, nullable=True))
    role: str = Field(max_length=12)
    created_at: dt.datetime
    removed_at: dt.datetime | None = None


class StaffScope(SQLModel, table=True):
    """Where a staffer may act. kind: "municipality", "district", "institution" (an organiser's name) or
    "institution-type" ("daycare", "after-school", "school", "club"). municipality: the gazetteer's name,
    which every scope has; value: the municipality again, the district's or institution's name, or the
    type."""

    staff_id: int = Field(foreign_key="staff.id", primary_key=True, ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=20)
    municipality: str = Field(primary_key=True, max_length=100)
    value: str = Field(primary_key=True, max_length=200)


class StaffInvite(SQLModel, table=True):
    """A one-time link. token_hash: SHA-256 of the token, in hexadecimal; the token itself is told once and
    stored nowhere. scopes: [[kind, municipality, value], …]."""

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True, max_length=64)
    role: str = Field(max_length=12)
    scopes: list[list[str]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    invited_by: int | None = Field(default=None, foreign_key="staff.id")
    created_at: dt.datetime
    expires_at: dt.datetime
    used_at: dt.datetime | None = None


class AuditEntry(SQLModel, table=True):
    """Who did what to what. staff_id: None for the command line. target: "<kind>:<id>". counts: numbers only,
    never words."""

    id: int | None = Field(default=None, primary_key=True)
    at: dt.datetime = Field(index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    action: str = Field(max_length=40)
    target: str = Field(max_length=80)
    counts: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class Publication(SQLModel, table=True):
    """One publishing by a staffer, as far as it takes to undo it. before: what it takes to put every
    offering back, by id; see `catalog.publishing`. first_change, last_change: the change numbers it made."""

    __table_args__ = NEVER_REUSED

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    source: str = Field(max_length=200)
    at: dt.datetime
    before: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    first_change: int = 0
    last_change: int = 0
    undone_at: dt.datetime | None = None


class Proposal(SQLModel, table=True):
    """An offering on its way: what somebody has written of it so far. facts: as the screens keep them.
    step: the screen that is open. state: "draft", "proposed", "asked" (sent back with a question),
    "published", "declined". municipality: who decides. offering_id: the offering that it edits or
    became."""

    __table_args__ = (Index("ix_proposal_staff_state", "staff_id", "state"), NEVER_REUSED)

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    state: str = Field(default="draft", max_length=12)
    step: str = Field(default="", max_length=20)
    facts: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    municipality: str | None = Field(default=None, max_length=100, index=True)
    offering_id: int | None = Field(default=None, foreign_key="offering.id", ondelete="SET NULL")
    decided_by: int | None = Field(default=None, foreign_key="staff.id")
    created_at: dt.datetime
    updated_at: dt.datetime = Field(index=True)


class Demand(SQLModel, table=True):
    """How often something was asked for in a month, and how often nothing was found: counts of structured
    facts, never words. month: its first day. An empty string means that the question named none. ages: a
    band of `catalog.demand`."""

    month: dt.date = Field(primary_key=True)
    municipality: str = Field(primary_key=True, max_length=100)
    district: str = Field(primary_key=True, max_length=100)
    category: str = Field(primary_key=True, max_length=20)
    ages: str = Field(primary_key=True, max_length=10)
    asked: int = 0
    unmet: int = 0


class Tally(SQLModel, table=True):
    """How often something happened in a week, by municipality and category: counts, never who. week: its
    Monday, a local date. what: see `catalog.figures`. An empty string means none."""

    week: dt.date = Field(primary_key=True)
    what: str = Field(primary_key=True, max_length=20)
    municipality: str = Field(primary_key=True, max_length=100)
    category: str = Field(primary_key=True, max_length=20)
    number: int = 0
