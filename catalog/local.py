"""What staff pick from: what they have published and is to come, and who makes things where they are."""

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, or_, select

from catalog.model import Occurrence, Offering, Organizer, Source, Venue
from catalog.text import fold

_RUNNING = dt.timedelta(hours=12)
"""What began no longer ago than this may still be on when no end is known."""


def coming_of(session: Session, source: str, now: dt.datetime, limit: int) -> list[int]:
    """The ids of what this source has published and is to come, the soonest first."""
    soonest = func.min(Occurrence.start)
    statement = (
        select(Offering.id, soonest)
        .join(Source, col(Source.id) == Offering.source_id)
        .join(Occurrence, col(Occurrence.offering_id) == Offering.id)
        .where(
            Source.name == source,
            col(Offering.withdrawn_at).is_(None),
            col(Occurrence.withdrawn_at).is_(None),
            _is_to_come(now),
        )
        .group_by(col(Offering.id))
        .order_by(soonest, col(Offering.id))
        .limit(limit)
    )
    return [id_ for id_, _ in session.exec(statement) if id_ is not None]


def organizers_in(
    session: Session, municipalities: Collection[str], now: dt.datetime, limit: int
) -> list[Organizer]:
    """Who makes what is to come in these municipalities, whoever makes most first; anywhere when none is
    given."""
    number = func.count(func.distinct(col(Offering.id)))
    statement = (
        select(Organizer, number)
        .join(Offering, col(Offering.organizer_id) == Organizer.id)
        .join(Occurrence, col(Occurrence.offering_id) == Offering.id)
        .join(Venue, col(Venue.id) == Occurrence.venue_id)
        .where(col(Offering.withdrawn_at).is_(None), _is_to_come(now))
        .group_by(col(Organizer.id))
        .order_by(number.desc(), col(Organizer.id))
        .limit(limit)
    )
    if municipalities:
        statement = statement.where(col(Venue.municipality).in_(municipalities))
    return [organizer for organizer, _ in session.exec(statement)]


def organizers_named(session: Session, text: str, limit: int) -> list[Organizer]:
    """Organisers whose name holds what was written, however it is spelled in ASCII."""
    wanted = " ".join(fold(text).split())
    if not wanted:
        return []
    like = col(Organizer.key).contains(wanted, autoescape=True)
    return list(session.exec(select(Organizer).where(like).order_by(col(Organizer.key)).limit(limit)))


def organizers_by_id(session: Session, ids: Sequence[int]) -> list[Organizer]:
    """These organisers, in this order; those that do not exist are missing."""
    rows = {row.id: row for row in session.exec(select(Organizer).where(col(Organizer.id).in_(ids)))}
    return [rows[id_] for id_ in ids if id_ in rows]


def _is_to_come(now: dt.datetime) -> ColumnElement[bool]:
    return or_(col(Occurrence.start) > now - _RUNNING, col(Occurrence.end) > now)
