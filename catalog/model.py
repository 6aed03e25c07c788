"""The tables of what is on. Properties only, no logic.

Instants are stored as UTC and come back aware; wall-clock rules are computed elsewhere, in the zone that
an occurrence carries. `public_id` is the short opaque id in links and buttons, never the source's.
A fact that nobody stated is NULL (or PriceKind.UNKNOWN), never a default.
"""

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Column, Index, MetaData, UniqueConstraint
from sqlmodel import Field, Relationship, SQLModel

# Set before any table exists: batch migrations on SQLite need every constraint to have a name.
SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Source(SQLModel, table=True):
    """Where offerings come from: a file's owner, a feed, the staff, or the sample catalogue. revision rises
    with every import that changed something."""

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True, max_length=200)
    is_sample: bool = False
    revision: int = 0


NEVER_REUSED = {"sqlite_autoincrement": True}
"""The ids of what people follow are not given to anything else once it is gone; a new id is a higher one."""


class Organizer(SQLModel, table=True):
    __table_args__ = NEVER_REUSED

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=200, description="the folded name")
    name: str = Field(max_length=200)
    url: str | None = Field(default=None, max_length=2000)


class Venue(SQLModel, table=True):
    """A place where things happen. located_by tells how its coordinates came about: "source",
    "postcode" or "town"; None when it has none."""

    __table_args__ = NEVER_REUSED

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=400, description="folded name, address, postcode")
    name: str = Field(max_length=200)
    address: str | None = Field(default=None, max_length=300)
    postcode: str | None = Field(default=None, max_length=4, index=True)
    town: str | None = Field(default=None, max_length=100)
    municipality: str | None = Field(
        default=None, max_length=100, index=True, description="the gazetteer's name"
    )
    district: str | None = Field(default=None, max_length=100)
    latitude: float | None = None
    longitude: float | None = None
    located_by: str | None = Field(default=None, max_length=20)


class Series(SQLModel, table=True):
    """An umbrella over offerings: a festival, a programme such as "RÅ festival", a course family."""

    __table_args__ = (UniqueConstraint("source_id", "external_id"), NEVER_REUSED)

    id: int | None = Field(default=None, primary_key=True)
    source_id: int = Field(foreign_key="source.id", index=True)
    external_id: str = Field(max_length=500)
    name: str = Field(max_length=300)


class Offering(SQLModel, table=True):
    """What one can go to, follow or join; its dates are its occurrences.

    titles, descriptions: {"da": …, "en": …}. age_from, age_to: whole years, both included, each nullable
    by itself. made_for: an Audience value when it is made for them, beyond merely suitable. prices:
    {Tariff: kroner} when price_kind is "amounts". access: {Access: True or False}; a missing key is unknown.
    inferred: Fact values that were guessed from words. A course has a season and weekdays (ISO numbers).
    image_url: of a picture on the web; photo: Telegram's file id of one that staff have sent, instead of it.
    Enrolment instants are UTC; capacity and remaining are seats. withdrawn_at: set when the source
    no longer lists it; it is then in no list, and no one is told that it is cancelled.
    """

    __table_args__ = (
        UniqueConstraint("source_id", "external_id"),
        Index("ix_offering_status_withdrawn", "status", "withdrawn_at"),
        NEVER_REUSED,
    )

    id: int | None = Field(default=None, primary_key=True)
    public_id: str = Field(unique=True, max_length=16)
    source_id: int = Field(foreign_key="source.id", index=True)
    external_id: str = Field(max_length=500)
    titles: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    descriptions: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    keywords: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    age_from: int | None = None
    age_to: int | None = None
    made_for: str | None = Field(default=None, max_length=20)
    price_kind: str = Field(default="unknown", max_length=10)
    prices: dict[str, float] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    access: dict[str, bool] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    languages: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    inferred: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    organizer_id: int | None = Field(default=None, foreign_key="organizer.id", index=True)
    series_id: int | None = Field(default=None, foreign_key="series.id", index=True)
    url: str | None = Field(default=None, max_length=2000)
    image_url: str | None = Field(default=None, max_length=2000)
    photo: str | None = Field(default=None, max_length=200)
    status: str = Field(default="scheduled", max_length=20)
    residents_only: bool = False
    season_from: dt.date | None = None
    season_until: dt.date | None = None
    weekdays: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    enrolment_opens: dt.datetime | None = None
    enrolment_closes: dt.datetime | None = None
    capacity: int | None = None
    remaining: int | None = None
    enrolment_url: str | None = Field(default=None, max_length=2000)
    content_hash: str = Field(
        max_length=64, description="of the draft that made it: same hash, nothing to do"
    )
    created_at: dt.datetime
    updated_at: dt.datetime = Field(index=True)
    withdrawn_at: dt.datetime | None = None

    source: Source = Relationship()
    organizer: Organizer | None = Relationship()
    series: Series | None = Relationship()
    occurrences: list["Occurrence"] = Relationship(
        back_populates="offering",
        sa_relationship_kwargs={"cascade": "all, delete-orphan", "order_by": "Occurrence.start"},
    )
    tags: list["OfferingTag"] = Relationship(sa_relationship_kwargs={"cascade": "all, delete-orphan"})


class OfferingTag(SQLModel, table=True):
    """One category, format, audience or owning municipality of an offering.

    kind: "category", "format", "audience" or "owner" (a municipality's name; a joint project has several)."""

    __table_args__ = (Index("ix_offeringtag_kind_value", "kind", "value"),)

    offering_id: int = Field(foreign_key="offering.id", primary_key=True, ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=20)
    value: str = Field(primary_key=True, max_length=100)


class Occurrence(SQLModel, table=True):
    """One time at which an offering is on.

    key: its identity within the offering (a RECURRENCE-ID, else the first start seen), so that a moved
    one is the same one. zone: IANA name in which its wall clock reads. time_known False: only the date is
    known, start is local midnight. A run (an exhibition) lasts from start to end and is open on
    open_days (ISO weekdays; empty means every day) between opens and closes local time, if known.
    end None: unknown. withdrawn_at: set when its offering is still listed without it; it is then shown
    nowhere, and is the same one when it comes back.
    """

    __table_args__ = (
        UniqueConstraint("offering_id", "key"),
        Index("ix_occurrence_start_end", "start", "end"),
        NEVER_REUSED,
    )

    id: int | None = Field(default=None, primary_key=True)
    offering_id: int = Field(foreign_key="offering.id", ondelete="CASCADE")
    key: str = Field(max_length=100)
    start: dt.datetime = Field(index=True)
    end: dt.datetime | None = Field(default=None, index=True)
    zone: str = Field(max_length=64)
    time_known: bool = True
    is_run: bool = False
    open_days: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    opens: dt.time | None = None
    closes: dt.time | None = None
    venue_id: int | None = Field(default=None, foreign_key="venue.id", index=True)
    status: str = Field(default="scheduled", max_length=20)
    previous_start: dt.datetime | None = None
    withdrawn_at: dt.datetime | None = None

    offering: Offering = Relationship(back_populates="occurrences")
    venue: Venue | None = Relationship()


class OfferingChange(SQLModel, table=True):
    """An altered fact that people may have planned by; its id is the change number.

    fact: "start", "end", "venue", "status", "price", "age" or "enrolment"; a new title, text or picture is no
    change. old, new: ISO instants in UTC (a bare local date where no time of day is known), a venue's name
    (and address, where only that differs), a status, JSON of prices, ages or enrolment; None where there was
    or is nothing, as for the status of a date that an offering still listed no longer names. occurrence_id:
    None when it is the whole offering's. source: who altered it."""

    id: int | None = Field(default=None, primary_key=True)
    offering_id: int = Field(foreign_key="offering.id", index=True, ondelete="CASCADE")
    occurrence_id: int | None = Field(default=None, index=True)
    fact: str = Field(max_length=12)
    old: str | None = Field(default=None, max_length=2000)
    new: str | None = Field(default=None, max_length=2000)
    at: dt.datetime
    source: str = Field(max_length=200)


def table_metadata() -> MetaData:
    """The metadata that migrations are checked against."""
    return SQLModel.metadata


Json = dict[str, Any]
