"""Putting the sample catalogue into a database, and taking it out again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, exists, func, not_
from sqlmodel import Session, col, select

from catalog.database import Database
from catalog.drafts import Parsed
from catalog.ingest import Report, ingest
from catalog.model import Occurrence, Offering, Organizer, Series, Source, Venue
from catalog.sample import SOURCE, sample_drafts


def load_sample(database: Database, now: datetime, zone: ZoneInfo) -> Report:
    """Load the sample catalogue around `now`, marked as sample data; loading again moves it to a new now."""
    parsed = Parsed(format="sample", drafts=sample_drafts(now, zone))
    return ingest(database, parsed, source=SOURCE, now=now, is_sample=True)


def remove_sample(database: Database) -> int:
    """Take every sample offering out, and the venues and organisers nobody else uses. How many offerings."""
    return database.write(_remove)


def is_empty(database: Database) -> bool:
    """Whether the catalogue holds no offering at all."""
    return database.read(lambda session: session.exec(select(func.count()).select_from(Offering)).one()) == 0


def _remove(session: Session) -> int:
    sources = [s.id for s in session.exec(select(Source).where(col(Source.is_sample))).all()]
    count = session.exec(
        select(func.count()).select_from(Offering).where(col(Offering.source_id).in_(sources))
    ).one()
    # Occurrences and tags go with their offering (ON DELETE CASCADE).
    session.execute(delete(Offering).where(col(Offering.source_id).in_(sources)))
    session.execute(delete(Series).where(col(Series.source_id).in_(sources)))
    session.execute(delete(Source).where(col(Source.id).in_(sources)))
    session.execute(delete(Venue).where(_unused(col(Occurrence.venue_id) == Venue.id)))
    session.execute(delete(Organizer).where(_unused(col(Offering.organizer_id) == Organizer.id)))
    return count


def _unused(link: ColumnElement[bool]) -> ColumnElement[bool]:
    return not_(exists().where(link))
