"""Catalogues for tests: offerings in a few words, and a database that holds them.

`offering("Koncert", "2026-11-28 19:00")` is an OfferingDraft with one occurrence; every other fact is a
keyword of the draft. Times are read in Copenhagen.
"""

import datetime as dt
import hashlib
import tempfile
import weakref
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import create_engine
from sqlmodel import Session, select

from catalog.database import Database
from catalog.drafts import OccurrenceDraft, OfferingDraft, VenueDraft
from catalog.model import Occurrence, Offering, OfferingTag, Organizer, Series, Source, Venue, table_metadata

ZONE = ZoneInfo("Europe/Copenhagen")
_numbers = count(1)


def at(text: str) -> dt.datetime:
    """ "2026-11-28 19:00" (or a bare date: midnight) by Copenhagen's clock."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def venue(name: str = "Kulturhuset", **facts: Any) -> VenueDraft:
    return VenueDraft(name=name, **facts)


def time(start: str, end: str | None = None, **facts: Any) -> OccurrenceDraft:
    """One occurrence. A bare date means that its time of day is unknown."""
    facts = {"time_known": " " in start, "zone": str(ZONE), **facts}
    return OccurrenceDraft(
        key=f"{start}#{next(_numbers)}", start=at(start), end=at(end) if end else None, **facts
    )


def run(start: str, end: str, **facts: Any) -> OccurrenceDraft:
    """A run, such as an exhibition's, open on its days from `start` to `end`."""
    return time(start, end, is_run=True, **facts)


def offering(
    title: str, *times: str | OccurrenceDraft, place: VenueDraft | None = None, **facts: Any
) -> OfferingDraft:
    """An offering at these times, at `place` where a time says nothing else."""
    occurrences = [time(t) if isinstance(t, str) else t for t in times]
    placed = [o if o.venue or not place else o.model_copy(update={"venue": place}) for o in occurrences]
    facts = {"external_id": f"urn:test:{next(_numbers)}", "titles": {"da": title}, **facts}
    return OfferingDraft(occurrences=tuple(placed), **facts)


def database_with(*offerings: OfferingDraft) -> Database:
    """A new database that holds these offerings, ids 1, 2, 3 … in their order. Its file goes with it."""
    folder = tempfile.TemporaryDirectory(prefix="kulturlods-test-")
    path = Path(folder.name, "catalogue.db")
    path.write_bytes(_empty_database())
    database = Database(f"sqlite:///{path}")
    weakref.finalize(database, _close, database.engine, folder)
    add(database, *offerings)
    return database


@cache
def _empty_database() -> bytes:
    """The file of a database with all tables and no rows: written once, as every test needs one."""
    with tempfile.TemporaryDirectory(prefix="kulturlods-test-") as folder:
        path = Path(folder, "empty.db")
        engine = create_engine(f"sqlite:///{path}")
        table_metadata().create_all(engine)
        engine.dispose()
        return path.read_bytes()


def _close(engine: Any, folder: tempfile.TemporaryDirectory[str]) -> None:
    engine.dispose()
    folder.cleanup()


def add(database: Database, *offerings: OfferingDraft) -> None:
    """Put these offerings in as they are: no inference, no matching."""
    database.write(_Writer(offerings).write)


class _Writer:
    def __init__(self, offerings: tuple[OfferingDraft, ...]) -> None:
        self._offerings = offerings
        self._ids: dict[tuple[type, str], int] = {}

    def write(self, session: Session) -> None:
        self._session = session
        self._source = self._one("name", Source(name="test"))
        for draft in self._offerings:
            self._offering(draft)

    def _one(self, known_by: Any, row: Any) -> int:
        """The id of this row, or of the one that is already there under the same `known_by` column."""
        table, value = type(row), getattr(row, known_by)
        if (table, value) not in self._ids:
            same = select(table.id).where(getattr(table, known_by) == value)
            self._ids[table, value] = self._session.exec(same).first() or self._added(row)
        return self._ids[table, value]

    def _added(self, row: Any) -> int:
        self._session.add(row)
        self._session.flush()
        return int(row.id)

    def _offering(self, draft: OfferingDraft) -> None:
        now = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
        plain = draft.model_dump(
            include={*Offering.model_fields}
            - {"id", "series_id", "weekdays", "keywords", "languages", "inferred"}
        )
        row = Offering(
            public_id=hashlib.sha256(draft.external_id.encode()).hexdigest()[:10],
            source_id=self._source,
            keywords=list(draft.keywords),
            languages=list(draft.languages),
            inferred=[str(fact) for fact in draft.inferred],
            weekdays=list(draft.weekdays),
            organizer_id=self._organizer(draft.organizer),
            series_id=self._series(draft.series_name),
            content_hash="",
            created_at=now,
            updated_at=now,
            **plain,
        )
        self._added(row)
        self._tags(row, draft)
        self._session.add_all(self._occurrence(row, o) for o in draft.occurrences)
        self._session.flush()

    def _organizer(self, name: str | None) -> int | None:
        return self._one("key", Organizer(key=name.casefold(), name=name)) if name else None

    def _series(self, name: str | None) -> int | None:
        series = Series(source_id=self._source, external_id=name, name=name)
        return self._one("external_id", series) if name else None

    def _tags(self, row: Offering, draft: OfferingDraft) -> None:
        kinds = {
            "category": draft.categories,
            "format": draft.formats,
            "audience": draft.audiences,
            "owner": draft.owners,
        }
        for kind, values in kinds.items():
            self._session.add_all(OfferingTag(offering_id=row.id, kind=kind, value=str(v)) for v in values)

    def _occurrence(self, row: Offering, draft: OccurrenceDraft) -> Occurrence:
        facts = draft.model_dump(exclude={"venue", "open_days"})
        place = draft.venue
        venue_id = self._one("key", Venue(key=repr(place)[:400], **place.model_dump())) if place else None
        return Occurrence(offering_id=row.id, venue_id=venue_id, open_days=list(draft.open_days), **facts)
