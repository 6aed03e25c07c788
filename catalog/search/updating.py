"""The snapshot brought up to date: only what an import has changed is read again, and joined to the rest.

It answers every question as one made by `build_index` at the same moment would.
"""

import datetime as dt
from collections.abc import Collection

import numpy as np
from sqlalchemy import select
from sqlmodel import Session, col

from catalog.database import Database
from catalog.model import Occurrence, Offering
from catalog.search.columns import Occurrences, Venues
from catalog.search.counts import Places, merged
from catalog.search.facts import mark_columns
from catalog.search.index import (
    Index,
    Names,
    assembled,
    no_search_for_cycles,
    read_all,
    read_names,
    read_part,
)
from catalog.search.lexis import lexis_after
from catalog.search.reading import OccurrenceReader, fetch, has_listed, horizon, positions
from catalog.search.spans import Bools, Ints, to_seconds

_MOST = 0.25
"""When a larger share is to be read again, reading all of it takes no longer."""


def update_index(
    database: Database, index: Index, now: dt.datetime, sources: Collection[int] | None = None
) -> Index:
    """A new index as of `now`, which is no earlier than the old one's. `sources`: the ids of those whose
    offerings may have changed or gone; all, when it is None. Touches nothing that is in use."""
    with no_search_for_cycles():
        return database.read(lambda session: _update(session, index, now, sources))


def _update(session: Session, index: Index, now: dt.datetime, sources: Collection[int] | None) -> Index:
    venues, names = read_names(session)
    changed = np.concatenate(
        [
            _changed(session, index, now, sources),
            index.offerings.ids[_renamed(index, names)],
            _newly_in_sight(session, index.built_at, now),
        ]
    )
    changed = np.unique(changed)
    if len(changed) > _MOST * len(index.offerings):
        return read_all(session, now)
    reader = OccurrenceReader(now, index.schedules)
    fresh = read_part(session, reader, (venues, names), changed, index.offerings.language_bits)
    stays, kept = _still_on(index, changed, now)
    ids = np.union1d(index.offerings.ids[stays], fresh.offerings.ids)
    # The old rows and the fresh ones, at their places among all: both ascend as before.
    old_rows = np.where(stays, np.searchsorted(ids, index.offerings.ids), -1).astype(np.int32)
    fresh_rows = np.searchsorted(ids, fresh.offerings.ids).astype(np.int32)
    moved = kept.moved(old_rows, _moved(index.venues, venues))
    counts = merged(index.postings.counts, old_rows, fresh.counts, fresh_rows)
    return assembled(
        built_at=now,
        read_at=index.read_at,
        offerings=index.offerings.merged(stays, fresh.offerings),
        occurrences=moved.merged(fresh.occurrences.moved(fresh_rows)),
        venues=venues,
        schedules=tuple(reader.schedules),
        counts=counts,
        lexis=lexis_after(index.postings.lexis, index.postings.counts.terms, counts),
        names=names,
    )


def _changed(session: Session, index: Index, now: dt.datetime, sources: Collection[int] | None) -> Ints:
    """The ids of the offerings of these sources that are new, gone or no longer the same."""
    listed = select(col(Offering.id), *mark_columns()).where(has_listed(now))
    if sources is not None:
        listed = listed.where(col(Offering.source_id).in_(sources))
    pairs = [(id_, hash(tuple(mark))) for some in fetch(session, listed) for id_, *mark in some]
    ids, marks = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    known = index.offerings
    rows = positions(known.ids, ids)
    same = (rows >= 0) & (known.marks[rows] == marks) if len(known) else np.zeros(len(ids), dtype=bool)
    theirs = np.ones(len(known), dtype=bool)
    if sources is not None:
        theirs = np.isin(known.sources, np.array(sorted(sources)))
    theirs[rows[same]] = False
    return np.append(ids[~same], known.ids[theirs])


def _renamed(index: Index, names: Names) -> Bools:
    """The offerings of a venue, an organiser or a series that is called otherwise now."""
    offerings, occurrences = index.offerings, index.occurrences
    renamed = np.isin(offerings.organizers, _differing(index.names.organizers, names.organizers))
    renamed |= np.isin(offerings.series, _differing(index.names.series, names.series))
    venues = np.isin(index.venues.ids, _differing(index.names.venues, names.venues))
    renamed[occurrences.rows[np.append(venues, False)[occurrences.venues]]] = True
    return renamed


def _differing(before: dict[int, str], after: dict[int, str]) -> Ints:
    return np.array([id_ for id_, name in before.items() if after.get(id_) != name], dtype=np.int64)


def _newly_in_sight(session: Session, before: dt.datetime, now: dt.datetime) -> Ints:
    """The offerings with a time that was further ahead than the index looked before."""
    ahead = select(col(Occurrence.offering_id)).where(
        col(Occurrence.start) >= horizon(before), col(Occurrence.start) < horizon(now)
    )
    return np.array([id_ for some in fetch(session, ahead) for (id_,) in some], dtype=np.int64)


def _still_on(index: Index, changed: Ints, now: dt.datetime) -> tuple[Bools, Occurrences]:
    """(which offerings stay as they are, their occurrences): those that have not changed and are not over."""
    occurrences = index.occurrences
    same = ~np.isin(index.offerings.ids, changed)
    on = np.flatnonzero(same[occurrences.rows] & (occurrences.ends > to_seconds(now)))
    stays = np.zeros(len(same), dtype=bool)
    stays[occurrences.rows[on]] = True
    return stays, occurrences.only(on)


def _moved(before: Venues, after: Venues) -> Places:
    """The new row of each venue; -1, the last, for none."""
    return np.append(positions(after.ids, before.ids), -1).astype(np.int32)
