"""What is new, and whom it concerns.

New to a person is what was published after they asked to hear of it and has not been in a digest of theirs.
The outbox remembers that: a digest that was sent, or may have been, tells by its payload up to which offering
id it reached. Ids only ever grow, in the order in which imports are committed, so none slips between two
digests. What was published more than 30 days ago is no news to anybody.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from catalog.model import Occurrence, Offering, Organizer, Venue
from catalog.query import Hit, PlaceRef, Query
from catalog.values import PlaceKind
from reminders import families, searches
from reminders.model import Child, Delivery, Follow, SavedSearch
from reminders.notices import Kind

logger = logging.getLogger(__name__)

NEWS_FOR = dt.timedelta(days=30)
SEEN = ("in_flight", "sent", "unknown")
"""States of a digest that the person has seen, may have seen, or is about to see."""

_REMEMBERED = 256
"""Questions whose answers are kept while a run goes through all people: many ask the same."""

Label = tuple[str, str]
"""Why somebody is told: ("child", child id), ("search", search id), ("organizer", name), ("venue", name)."""


class Match(Protocol):
    """`Catalogue.search_new`."""

    def __call__(self, query: Query, now: dt.datetime, *, after: int, until: int) -> tuple[Hit, ...]:
        """All that fits the question among the offerings with an id in (after, until]."""
        ...


@dataclass(frozen=True, slots=True)
class Interest:
    """Something a person wants to hear of. since: news is what was published later. only: the offerings that
    may fit, None for all."""

    label: Label
    query: Query
    since: dt.datetime
    only: frozenset[int] | None = None


@dataclass(slots=True)
class Reader:
    """A person as far as news goes. known: the offerings they follow themselves. told: the id up to which
    they have been told. children, searches: what the labels name, by id."""

    interests: list[Interest] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    told: int = 0
    children: dict[int, Child] = field(default_factory=dict)
    searches: dict[int, SavedSearch] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Item:
    """An offering that is new to somebody, with the occurrence that fits and what found it."""

    offering_id: int
    occurrence_id: int
    labels: tuple[Label, ...]


class Published:
    """The offerings with an id in (after, until] that are news. created: when each was published, by id."""

    def __init__(
        self, created: Mapping[int, dt.datetime], match: Match, now: dt.datetime, *, after: int, until: int
    ) -> None:
        self._created = created
        self._now = now
        self._ids = {"after": after, "until": until}
        self._match = match
        self._found = lru_cache(maxsize=_REMEMBERED)(self._ask)

    def _ask(self, query: Query) -> tuple[Hit, ...]:
        if not self._created:
            return ()
        hits = self._match(query, self._now, **self._ids)
        return tuple(hit for hit in hits if hit.offering_id in self._created)

    def to(self, reader: Reader) -> list[Item]:
        """What is new to this person, each offering once, the soonest first; what is on already comes after
        what is to begin, by its end."""
        hits: dict[int, Hit] = {}
        labels: dict[int, list[Label]] = defaultdict(list)
        for interest in reader.interests:
            for hit in self._found(interest.query):
                if self._is_new(hit.offering_id, interest, reader):
                    hits.setdefault(hit.offering_id, hit)
                    labels[hit.offering_id].append(interest.label)
        return [
            Item(hit.offering_id, hit.occurrence_id, tuple(dict.fromkeys(labels[hit.offering_id])))
            for hit in sorted(hits.values(), key=self._soonest)
        ]

    def _is_new(self, offering_id: int, interest: Interest, reader: Reader) -> bool:
        return (
            offering_id > reader.told
            and self._created[offering_id] > interest.since
            and (interest.only is None or offering_id in interest.only)
            and offering_id not in reader.known
        )

    def _soonest(self, hit: Hit) -> tuple[bool, dt.datetime, int]:
        is_on = hit.start <= self._now
        return is_on, (hit.end or hit.start) if is_on else hit.start, hit.offering_id


def newest(session: Session) -> int:
    """The highest id that an offering has."""
    return session.exec(select(func.max(Offering.id))).one() or 0


def published(
    session: Session,
    match: Match,
    now: dt.datetime,
    *,
    until: int,
    after: int = 0,
    since: dt.datetime | None = None,
) -> Published:
    """What became public after the offering with the id `after`, and later than `since`, if that is given."""
    earliest = max(now - NEWS_FOR, since or now - NEWS_FOR)
    statement = select(Offering.id, Offering.created_at).where(
        col(Offering.id) > after, col(Offering.id) <= until, Offering.created_at > earliest
    )
    rows = session.exec(statement.where(col(Offering.withdrawn_at).is_(None)))
    created = {offering_id: created_at for offering_id, created_at in rows if offering_id is not None}
    return Published(created, match, now, after=after, until=until)


def readers(
    session: Session, person_ids: Collection[int], now: dt.datetime, zone: ZoneInfo
) -> dict[int, Reader]:
    """What these people want to hear of, and how far they have been told."""
    found: dict[int, Reader] = {person_id: Reader() for person_id in person_ids}
    today = now.astimezone(zone).date()
    searches_ = select(SavedSearch).where(
        col(SavedSearch.person_id).in_(person_ids), ~col(SavedSearch.paused)
    )
    kids = session.exec(select(Child).where(col(Child.person_id).in_(person_ids)))
    children = {child.id or 0: child for child in kids}
    for search in session.exec(searches_.order_by(col(SavedSearch.id))):
        _add_search(found[search.person_id], search, children.get(search.child_id or 0), today)
    _add_follows(session, found)
    _add_told(session, found)
    return found


def _add_told(session: Session, found: dict[int, Reader]) -> None:
    seen = select(Delivery.person_id, Delivery.payload).where(
        col(Delivery.person_id).in_(found), Delivery.kind == Kind.DIGEST, col(Delivery.state).in_(SEEN)
    )
    for person_id, payload in session.exec(seen):
        found[person_id].told = max(found[person_id].told, reach(payload))


def reach(payload: Mapping[str, object]) -> int:
    """The id of the last offering that a digest with this payload tells of."""
    return int(str(payload.get("until", 0)))


def _add_search(reader: Reader, search: SavedSearch, child: Child | None, today: dt.date) -> None:
    query = searches.asked(search)
    if query is None:
        logger.warning("saved search %s cannot be read", search.id)
        return
    since = max(search.created_at, search.looked_at)
    if child is None:
        reader.searches[search.id or 0] = search
        reader.interests.append(Interest(("search", str(search.id)), query, since))
    else:
        reader.children[child.id or 0] = child
        asked = families.query_for(child, query, today)
        reader.interests.append(Interest(("child", str(child.id)), asked, since))


def _add_follows(session: Session, found: dict[int, Reader]) -> None:
    kinds = ("offering", "organizer", "venue")
    statement = select(Follow).where(col(Follow.person_id).in_(found), col(Follow.kind).in_(kinds))
    follows = session.exec(statement.order_by(col(Follow.kind), col(Follow.id))).all()
    interests = {
        **_of_organizers(session, {f.target_id for f in follows if f.kind == "organizer"}),
        **_at_venues(session, {f.target_id for f in follows if f.kind == "venue"}),
    }
    for follow in follows:
        reader = found[follow.person_id]
        if follow.kind == "offering":
            reader.known.add(follow.target_id)
        elif (follow.kind, follow.target_id) in interests:
            name, query, only = interests[follow.kind, follow.target_id]
            reader.interests.append(Interest((follow.kind, name), query, follow.created_at, only))


_Source = tuple[str, Query, frozenset[int]]


def _of_organizers(session: Session, ids: set[int]) -> dict[tuple[str, int], _Source]:
    rows = session.exec(select(Organizer).where(col(Organizer.id).in_(ids))).all() if ids else ()
    pairs = select(Offering.organizer_id, Offering.id).where(col(Offering.organizer_id).in_(ids))
    theirs = _grouped(session.exec(pairs) if ids else ())
    return {("organizer", row.id or 0): (row.name, Query(), theirs[row.id or 0]) for row in rows}


def _at_venues(session: Session, ids: set[int]) -> dict[tuple[str, int], _Source]:
    rows = session.exec(select(Venue).where(col(Venue.id).in_(ids))).all() if ids else ()
    pairs = select(Occurrence.venue_id, Occurrence.offering_id).where(col(Occurrence.venue_id).in_(ids))
    there = _grouped(session.exec(pairs.distinct()) if ids else ())
    # The name narrows to the occurrences there; names repeat, so only the venue's own offerings count.
    return {
        ("venue", row.id or 0): (row.name, Query(places=(_place(row),)), there[row.id or 0]) for row in rows
    }


def _place(venue: Venue) -> PlaceRef:
    return PlaceRef(venue.key, venue.name, PlaceKind.VENUE)


def _grouped(pairs: Iterable[Sequence[int | None]]) -> dict[int, frozenset[int]]:
    groups: dict[int, set[int]] = defaultdict(set)
    for owner, offering_id in pairs:
        if owner is not None and offering_id is not None:
            groups[owner].add(offering_id)
    return defaultdict(frozenset, {owner: frozenset(ids) for owner, ids in groups.items()})
