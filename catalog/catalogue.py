"""The catalogue as the other floors know it: a snapshot in memory, kept fresh, and what one asks of it."""

import datetime as dt
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog.cards import Card, load_cards
from catalog.database import Database
from catalog.model import Offering, Source
from catalog.query import Hit, Page, Query, Understanding
from catalog.search import Index, build_index, search_new, update_index
from catalog.search import search as search_index
from catalog.understanding import understand as understand_text
from catalog.understanding.preparing import prepare

_STALE = dt.timedelta(hours=6)
"""After this long a snapshot is made anew, so that it keeps looking eighteen months ahead."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A snapshot, and of what: the database's version, and the catalogue's own contents by revision."""

    version: int
    contents: "_Contents"
    index: Index


class Catalogue:
    """Safe to share between threads. Every verb may block on the database: from async code, call it through
    `asyncio.to_thread`. `zone`: the wall clock in which questions are understood. `fresh_for`: how long one
    snapshot serves later instants; it never serves earlier ones."""

    def __init__(self, database: Database, zone: ZoneInfo, fresh_for: dt.timedelta = _STALE) -> None:
        self._database = database
        self._zone = zone
        self._fresh_for = fresh_for
        self._building = threading.Lock()
        self._made: _Made | None = None

    def refresh(self, now: dt.datetime, *, force: bool = False) -> bool:
        """Bring the snapshot up to date when the data has changed; make it anew when there is none that
        serves `now`, or when `force` says so; whether either was done. Questions are answered from the old
        one meanwhile."""
        before = self._made
        return self._renewed(now, force=force) is not (before and before.index)

    def _renewed(self, now: dt.datetime, *, force: bool = False) -> Index:
        with self._building:
            # Asked before the rows are read: what is committed in between is then seen the next time.
            version, made = self._database.version(), self._made
            if made is not None and version == made.version:
                contents = made.contents
            else:
                # Somebody committed, which most often is a person's message or a reminder that went out.
                contents = self._database.read(_contents)
            if made is None or force or self._is_stale(made.index, now):
                index = build_index(self._database, now)
            elif contents != made.contents:
                index = update_index(self._database, made.index, now, _changed(made.contents, contents))
            else:
                index = made.index
            if made is None or index is not made.index:
                prepare(index.words, now.astimezone(self._zone))
            made = _Made(version, contents, index)
            self._made = made
            return made.index

    def _index(self, now: dt.datetime) -> Index:
        made = self._made
        return made.index if made is not None and self._serves(made.index, now) else self._renewed(now)

    def _is_stale(self, index: Index, now: dt.datetime) -> bool:
        return not self._serves(index, now) or now - index.read_at >= self._fresh_for

    def _serves(self, index: Index, now: dt.datetime) -> bool:
        """Whether a snapshot is right for `now`: what had ended when it was made is not in it."""
        return dt.timedelta(0) <= now - index.built_at < self._fresh_for

    def understand(
        self,
        text: str,
        now: dt.datetime,
        *,
        language: str | None = None,
        previous: Query | None = None,
        location: tuple[float, float] | None = None,
    ) -> Understanding:
        """What `text` asks; see `catalog.understanding.understand`. Windows read by the clock of the zone."""
        return understand_text(
            text,
            now=now.astimezone(self._zone),
            words=self._index(now).words,
            language=language,
            previous=previous,
            location=location,
        )

    def search(self, query: Query, now: dt.datetime, *, limit: int = 5, offset: int = 0) -> Page:
        """What fits the question at `now`, or comes closest; see `catalog.search.search`."""
        return search_index(self._index(now), query, now, limit=limit, offset=offset)

    def search_new(self, query: Query, now: dt.datetime, *, after: int, until: int) -> tuple[Hit, ...]:
        """What fits among the offerings of these ids; see `catalog.search.search_new`."""
        return search_new(self._index(now), query, now, after=after, until=until)

    def cards(self, offering_ids: Iterable[int]) -> dict[int, Card]:
        """Everything to show of these offerings, by id; ids that no longer exist are missing."""
        ids = tuple(offering_ids)
        return self._database.read(lambda session: load_cards(session, ids))

    def card(self, public_id: str) -> Card | None:
        """The offering behind a button or link, past or withdrawn too; None when there is none."""
        wanted = select(Offering.id).where(col(Offering.public_id) == public_id)

        def load(session: Session) -> Card | None:
            id_ = session.exec(wanted).first()
            return None if id_ is None else load_cards(session, [id_]).get(id_)

        return self._database.read(load)


_Contents = tuple[int | None, frozenset[tuple[int | None, int]]]
"""The newest offering's id, and the revision of each source by its id."""


def _contents(session: Session) -> _Contents:
    sources = session.exec(select(Source.id, Source.revision))
    revisions = frozenset((id_, revision) for id_, revision in sources)
    return session.exec(select(func.max(Offering.id))).one(), revisions


def _changed(before: _Contents, after: _Contents) -> set[int] | None:
    """The sources that were imported into, or came or went; None when nothing tells which."""
    return {id_ for id_, _ in before[1] ^ after[1] if id_ is not None} or None
