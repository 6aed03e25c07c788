"""The snapshot that a search reads: what is on, in columns, and the words it is known by."""

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
from sqlmodel import Session

from catalog.database import Database
from catalog.model import Organizer, Series
from catalog.search import reading
from catalog.search.builder import PostingsBuilder
from catalog.search.columns import Occurrences, Offerings, Schedule, Venues
from catalog.search.match import CatalogueWords
from catalog.search.postings import Postings


@dataclass(frozen=True, slots=True)
class Index:
    """What is upcoming as seen at `built_at`, eighteen months ahead; never changed once made, so threads
    share it freely. Right for any later `now` until the horizon is felt to be short."""

    built_at: dt.datetime
    offerings: Offerings
    occurrences: Occurrences
    venues: Venues
    schedules: tuple[Schedule, ...]
    postings: Postings
    words: CatalogueWords


def build_index(database: Database, now: dt.datetime) -> Index:
    """Read everything that is on from `now`, in one state of the data. Touches nothing that is in use."""
    return database.read(lambda session: _build(session, now))


def _build(session: Session, now: dt.datetime) -> Index:
    venues, names = reading.read_venues(session)
    reader = reading.OccurrenceReader(now)
    occurrences, owners = reader.read(session, venues)
    ids, rows = np.unique(owners, return_inverse=True)
    occurrences = replace(occurrences, rows=rows.astype(np.int32))
    offering_reader = reading.OfferingReader(ids, now)
    held_at = reading.venue_names(venues, names, occurrences)
    postings = _postings(session, offering_reader, len(ids), held_at)
    offerings, sold_out = offering_reader.columns(session)
    occurrences = replace(
        occurrences,
        sold_out=occurrences.sold_out | sold_out[rows],
        hideable=reading.hideable(offerings, rows, occurrences.is_run),
    )
    words = CatalogueWords(postings.names, _venue_refs(venues, names, occurrences))
    return Index(now, offerings, occurrences, venues, tuple(reader.schedules), postings, words)


def _postings(
    session: Session, reader: reading.OfferingReader, count: int, held_at: dict[int, set[str]]
) -> Postings:
    organisers = reading.read_names(session, Organizer)
    series = reading.read_names(session, Series)
    builder = PostingsBuilder(count)
    for text in reader.texts(session):
        names = {organisers.get(text.organizer_id or 0, ""), series.get(text.series_id or 0, "")}
        names |= held_at.get(text.row, set()) | set(text.keywords)
        builder.add(text.row, titles=text.titles, names=sorted(names), texts=text.texts)
    return builder.finish()


def _venue_refs(
    venues: Venues, names: dict[int, str], occurrences: Occurrences
) -> dict[str, tuple[str, float | None, float | None]]:
    """Every venue where something is on, by its folded name; of several with one name the first."""
    refs: dict[str, tuple[str, float | None, float | None]] = {}
    for row in np.unique(occurrences.venues[occurrences.venues >= 0]).tolist():
        latitude, longitude = float(venues.latitudes[row]), float(venues.longitudes[row])
        known = not np.isnan(latitude + longitude)
        ref = (names[int(venues.ids[row])], latitude if known else None, longitude if known else None)
        refs.setdefault(str(venues.names[row]), ref)
    refs.pop("", None)
    return refs
