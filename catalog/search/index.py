"""The snapshot that a search reads: what is on, in columns, and the words it is known by."""

import datetime as dt
import gc
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np
from sqlmodel import Session

from catalog.database import Database
from catalog.model import Organizer, Series
from catalog.search import reading
from catalog.search.builder import CountsBuilder
from catalog.search.columns import Occurrences, Offerings, Schedule, Venues
from catalog.search.counts import Counts
from catalog.search.facts import OfferingReader, Texts, hideable
from catalog.search.lexis import Lexis, lexis_of
from catalog.search.lookups import Lookups
from catalog.search.match import CatalogueWords
from catalog.search.postings import Postings
from catalog.search.spans import Ints


@dataclass(frozen=True, slots=True)
class Names:
    """The names as written of all that offerings share, by id."""

    venues: dict[int, str]
    organizers: dict[int, str]
    series: dict[int, str]


@dataclass(frozen=True, slots=True)
class Index:
    """What is upcoming as seen at `built_at`, eighteen months ahead; never changed once made, so threads
    share it freely. Right for any later `now` until the horizon is felt to be short. read_at: when all of it
    was read from the database, and not only what had changed."""

    built_at: dt.datetime
    read_at: dt.datetime
    offerings: Offerings
    occurrences: Occurrences
    venues: Venues
    schedules: tuple[Schedule, ...]
    postings: Postings
    words: CatalogueWords
    names: Names
    lookups: Lookups = field(init=False)
    """Worked out from the rest."""

    def __post_init__(self) -> None:
        makers = (*self.names.organizers.values(), *self.names.series.values())
        lookups = Lookups.of(
            self.offerings,
            self.occurrences,
            self.venues,
            self.schedules,
            venue_names=self.words.venues,
            maker_names=makers,
        )
        object.__setattr__(self, "lookups", lookups)


@dataclass(frozen=True, slots=True)
class Part:
    """Some offerings of the catalogue, or all of it, in rows of their own."""

    offerings: Offerings
    occurrences: Occurrences
    counts: Counts


def build_index(database: Database, now: dt.datetime) -> Index:
    """Read everything that is on from `now`, in one state of the data. Touches nothing that is in use."""
    with no_search_for_cycles():
        return database.read(lambda session: read_all(session, now))


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Rows by the hundred thousand make the collector look through them again and again for cycles, of which
    there are none: a sixth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_all(session: Session, now: dt.datetime) -> Index:
    """All that is on, read anew."""
    venues, names = read_names(session)
    reader = reading.OccurrenceReader(now)
    part = read_part(session, reader, (venues, names))
    return assembled(
        built_at=now,
        read_at=now,
        offerings=part.offerings,
        occurrences=part.occurrences,
        venues=venues,
        schedules=tuple(reader.schedules),
        counts=part.counts,
        lexis=lexis_of(part.counts),
        names=names,
    )


def assembled(*, counts: Counts, lexis: Lexis, venues: Venues, names: Names, **rest: Any) -> Index:
    """The index of these columns and words."""
    postings = Postings(counts, lexis)
    words = CatalogueWords(
        postings.names,
        _venue_refs(venues, names, rest["occurrences"]),
        postings.in_one_title,
        frozenset((*names.organizers.values(), *names.series.values())),
    )
    return Index(venues=venues, names=names, postings=postings, words=words, **rest)


def read_names(session: Session) -> tuple[Venues, Names]:
    """All venues, and the names of all that offerings share."""
    venues, named = reading.read_venues(session)
    organizers, series = (reading.read_names(session, table) for table in (Organizer, Series))
    return venues, Names(named, organizers, series)


def read_part(
    session: Session,
    reader: reading.OccurrenceReader,
    shared: tuple[Venues, Names],
    ids: Ints | None = None,
    language_bits: Mapping[str, int] = MappingProxyType({}),
) -> Part:
    """What is on of the offerings with these ids; of all, when there are none given."""
    venues, names = shared
    occurrences, owners = reader.read(session, venues, ids)
    on, rows = np.unique(owners, return_inverse=True)
    occurrences = replace(occurrences, rows=rows.astype(np.int32))
    offering_reader = OfferingReader(on, language_bits, all_of_them=ids is None)
    builder = CountsBuilder(len(on))
    for texts in offering_reader.texts(session):
        builder.add(texts.rows, _documents(texts, names, venues, occurrences))
    offerings, sold_out = offering_reader.columns(session)
    settled = replace(
        occurrences,
        sold_out=occurrences.sold_out | sold_out[rows],
        hideable=hideable(offerings, rows, occurrences.is_run),
    )
    return Part(offerings, settled, builder.finish())


def _documents(
    texts: Texts, names: Names, venues: Venues, occurrences: Occurrences
) -> Iterator[tuple[str, str, str]]:
    """(titles, the names and keywords it goes by, texts) of each; a name counts once."""
    held_at = _venue_names(texts.rows, venues, names, occurrences)
    for row, organizer, series, titles, keywords, told in zip(
        texts.rows.tolist(),
        texts.organizers,
        texts.series,
        texts.titles,
        texts.keywords,
        texts.texts,
        strict=True,
    ):
        said = {names.organizers.get(organizer or 0, ""), names.series.get(series or 0, ""), *keywords}
        said.update(held_at.get(row, ()))
        yield titles, "\n".join(said), told


def _venue_names(rows: Ints, venues: Venues, names: Names, occurrences: Occurrences) -> dict[int, set[str]]:
    """The names of the venues of each of these offering rows, which ascend."""
    found: dict[int, set[str]] = defaultdict(set)
    first, until = np.searchsorted(occurrences.rows, (rows[0], rows[-1] + 1))
    own_rows, at = occurrences.rows[first:until], occurrences.venues[first:until]
    placed = at >= 0
    for row, venue in zip(own_rows[placed].tolist(), venues.ids[at[placed]].tolist(), strict=True):
        found[row].add(names.venues[venue])
    return found


def _venue_refs(
    venues: Venues, names: Names, occurrences: Occurrences
) -> dict[str, tuple[str, float | None, float | None]]:
    """Every venue where something is on, by its folded name; of several with one name the first."""
    refs: dict[str, tuple[str, float | None, float | None]] = {}
    for row in np.unique(occurrences.venues[occurrences.venues >= 0]).tolist():
        latitude, longitude = float(venues.latitudes[row]), float(venues.longitudes[row])
        known = not np.isnan(latitude + longitude)
        ref = (names.venues[int(venues.ids[row])], latitude if known else None, longitude if known else None)
        refs.setdefault(str(venues.names[row]), ref)
    refs.pop("", None)
    return refs
