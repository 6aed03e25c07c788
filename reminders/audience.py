"""Whom a broadcast is for: facts about what people chose to tell us, read a page of people at a time.

Nobody is picked by who they are, only by the place they chose, what they follow, what they asked to hear of
and the birth years a family gave. The same reading counts before sending and writes down the recipients
afterwards, so that what was shown is what is sent."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from catalog.database import Database
from catalog.model import Occurrence, OfferingTag, Venue
from catalog.places import Place, gazetteer
from catalog.query import Query
from catalog.query_store import load as load_query
from catalog.values import Category
from reminders import families
from reminders.model import Child, Delivery, Follow, Person, SavedSearch
from reminders.news import Match
from reminders.unasked import quiet_hours, said_lately

PAGE = 1_000
"""People read at a time: recipients are never all in memory, and whoever writes meanwhile waits a tenth of a
second for a page of them."""

REASONS = ("not-opted-in", "unreachable", "paused", "capped", "quiet")
"""Why somebody in the audience is left out, the first that holds."""

_REACHED = ("in_flight", "sent", "unknown")

Ages = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant. Place and age must both hold where they are given; of the interests (categories,
    matching, organizers) one is enough. Everything empty means everybody.

    municipalities: names of the gazetteer; somebody who chose no place counts where something is that they
    follow. districts: the gazetteer's keys. ages: whole years, both ends included, of a child or of what
    they asked to hear of. matching: whoever has a saved search that one of the broadcast's offerings
    answers. organizers: ids, of those they follow. recipients_of: just the people an earlier broadcast went
    to, or may have gone to."""

    municipalities: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    ages: tuple[Ages, ...] = ()
    categories: tuple[Category, ...] = ()
    matching: bool = False
    organizers: tuple[int, ...] = ()
    recipients_of: int | None = None

    def dump(self) -> dict[str, object]:
        """As JSON data."""
        return {name: value for name, value in asdict(self).items() if value not in ((), False, None)}

    @classmethod
    def load(cls, data: Mapping[str, Any]) -> "Audience":
        """The inverse of `dump`."""
        return cls(
            municipalities=tuple(data.get("municipalities", ())),
            districts=tuple(data.get("districts", ())),
            ages=tuple((low, high) for low, high in data.get("ages", ())),
            categories=tuple(Category(name) for name in data.get("categories", ())),
            matching=bool(data.get("matching", False)),
            organizers=tuple(data.get("organizers", ())),
            recipients_of=data.get("recipients_of"),
        )


@dataclass(frozen=True, slots=True)
class Sending:
    """What a broadcast is, as far as its audience goes. start, not_after: instants between which it may
    arrive."""

    audience: Audience
    offerings: tuple[int, ...]
    start: dt.datetime
    not_after: dt.datetime


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the audience. due_at: when it may reach them; None when they are left out, for `reason`.
    place: the municipality, or (municipality, district); "" when they chose none."""

    person_id: int
    language: str
    municipality: str
    district: str
    due_at: dt.datetime | None
    reason: str = ""


@dataclass(slots=True)
class Count:
    """How many it reaches. left_out: by reason. places: by (municipality, district), languages: by code."""

    reached: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    places: Counter[tuple[str, str]] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)

    def add(self, member: Member) -> None:
        """Count this one."""
        if member.due_at is None:
            self.left_out[member.reason] += 1
            return
        self.reached += 1
        self.places[member.municipality, member.district] += 1
        self.languages[member.language] += 1


def count(database: Database, sending: Sending, now: dt.datetime, zone: ZoneInfo, match: Match) -> Count:
    """Exactly who would get it, if it were written down now. Blocking; a page of people a transaction."""
    total, after = Count(), 0
    reader = Reader(sending, now, zone, match)
    while True:
        last, members = database.read(partial(reader.page, after=after))
        for member in members:
            total.add(member)
        if last is None:
            return total
        after = last


class Reader:
    """Reads who is in an audience, in the order of people's ids."""

    def __init__(self, sending: Sending, now: dt.datetime, zone: ZoneInfo, match: Match) -> None:
        self._sending, self._now, self._zone, self._match = sending, now, zone, match
        self._audience = sending.audience
        self._answers: dict[tuple[Query, int], bool] = {}

    def page(self, session: Session, after: int, limit: int = PAGE) -> tuple[int | None, list[Member]]:
        """Those among the next `limit` people after this id who are in the audience, and the id of the last
        person looked at; None when there are no more."""
        wanted = select(Person).where(col(Person.id) > after).order_by(col(Person.id)).limit(limit)
        batch = {person.id or 0: person for person in session.exec(wanted)}
        if not batch:
            return None, []
        inside = self._inside(session, batch)
        return max(batch), list(self._members(session, inside)) if inside else []

    def _inside(self, session: Session, batch: dict[int, Person]) -> dict[int, Person]:
        kept = batch
        for holds in (self._was_reached, self._lives_there, self._has_age, self._cares):
            if kept:
                wanted = holds(session, kept)
                kept = {id_: person for id_, person in kept.items() if wanted is None or id_ in wanted}
        return kept

    def _was_reached(self, session: Session, batch: Mapping[int, Person]) -> set[int] | None:
        earlier = self._audience.recipients_of
        if earlier is None:
            return None
        of_it = _mine(select(Delivery.person_id), Delivery.person_id, batch)
        return set(
            session.exec(of_it.where(Delivery.broadcast_id == earlier, col(Delivery.state).in_(_REACHED)))
        )

    def _lives_there(self, session: Session, batch: Mapping[int, Person]) -> set[int] | None:
        municipalities, districts = set(self._audience.municipalities), set(self._audience.districts)
        if not municipalities and not districts:
            return None
        found = set()
        for id_, person in batch.items():
            place = _place(person)
            if place and (place.municipality in municipalities or _district_key(place) in districts):
                found.add(id_)
        placeless = {id_: person for id_, person in batch.items() if person.place_key is None}
        return found | self._follow_there(session, placeless, municipalities)

    def _follow_there(
        self, session: Session, batch: Mapping[int, Person], municipalities: Collection[str]
    ) -> set[int]:
        if not batch or not municipalities:
            return set()
        there = (
            _mine(select(Follow.person_id), Follow.person_id, batch)
            .join(Occurrence, col(Occurrence.offering_id) == Follow.target_id)
            .join(Venue, col(Venue.id) == Occurrence.venue_id)
            .where(Follow.kind == "offering", col(Venue.municipality).in_(municipalities))
        )
        return set(session.exec(there.distinct()))

    def _has_age(self, session: Session, batch: Mapping[int, Person]) -> set[int] | None:
        asked = self._audience.ages
        if not asked:
            return None
        today = self._now.astimezone(self._zone).date()
        children = _mine(select(Child), Child.person_id, batch)
        found = {
            child.person_id
            for child in session.exec(children)
            if _overlap(families.ages(child.birth_year, today), asked)
        }
        searches = self._queries(session, batch)
        return found | {
            id_
            for id_, queries in searches.items()
            if any(_overlap(ages, asked) for query in queries for ages in query.ages)
        }

    def _cares(self, session: Session, batch: Mapping[int, Person]) -> set[int] | None:
        audience = self._audience
        if not (audience.categories or audience.matching or audience.organizers):
            return None
        queries = self._queries(session, batch)
        found = {id_ for id_, asked in queries.items() if any(self._answers_one(query) for query in asked)}
        return found | self._follow_organizers(session, batch) | self._follow_categories(session, batch)

    def _answers_one(self, query: Query) -> bool:
        if set(query.categories) & set(self._audience.categories):
            return True
        return self._audience.matching and any(self._answered(query, id_) for id_ in self._sending.offerings)

    def _answered(self, query: Query, offering_id: int) -> bool:
        known = self._answers.get((query, offering_id))
        if known is None:
            hits = self._match(query, self._now, after=offering_id - 1, until=offering_id)
            known = self._answers[query, offering_id] = bool(hits)
        return known

    def _follow_organizers(self, session: Session, batch: Mapping[int, Person]) -> set[int]:
        if not self._audience.organizers:
            return set()
        theirs = _mine(select(Follow.person_id), Follow.person_id, batch).where(
            Follow.kind == "organizer", col(Follow.target_id).in_(self._audience.organizers)
        )
        return set(session.exec(theirs))

    def _follow_categories(self, session: Session, batch: Mapping[int, Person]) -> set[int]:
        if not self._audience.categories:
            return set()
        theirs = (
            _mine(select(Follow.person_id), Follow.person_id, batch)
            .join(OfferingTag, col(OfferingTag.offering_id) == Follow.target_id)
            .where(
                Follow.kind == "offering",
                OfferingTag.kind == "category",
                col(OfferingTag.value).in_([str(category) for category in self._audience.categories]),
            )
        )
        return set(session.exec(theirs.distinct()))

    def _queries(self, session: Session, batch: Mapping[int, Person]) -> dict[int, list[Query]]:
        rows = _mine(select(SavedSearch), SavedSearch.person_id, batch).where(~col(SavedSearch.paused))
        found: dict[int, list[Query]] = defaultdict(list)
        for row in session.exec(rows):
            try:
                found[row.person_id].append(load_query(row.query))
            except ValueError:
                continue  # `reminders.news` tells of it
        return found

    def _members(self, session: Session, inside: Mapping[int, Person]) -> Iterator[Member]:
        said = said_lately(session, list(inside), self._now)
        for id_, person in inside.items():
            place = _place(person)
            reason, due_at = self._chance(person, said.get(id_, ()))
            municipality = (place.municipality or "") if place else ""
            district = place.name if place and _district_key(place) else ""
            yield Member(id_, person.language, municipality, district, due_at, reason)

    def _chance(self, person: Person, said: Sequence[dt.datetime]) -> tuple[str, dt.datetime | None]:
        start, not_after = self._sending.start, self._sending.not_after
        if not person.news:
            return "not-opted-in", None
        if person.inactive_since is not None:
            return "unreachable", None
        if person.paused_until is not None and person.paused_until > start:
            return "paused", None
        if len(said) >= person.weekly_cap:
            return "capped", None
        due_at = quiet_hours(person).after(start, self._zone)
        return ("", due_at) if due_at < not_after else ("quiet", None)


def _place(person: Person) -> Place | None:
    return gazetteer().get(person.place_key) if person.place_key else None


def _district_key(place: Place) -> str | None:
    return place.key if place.kind == "district" else None


def _overlap(ages: Ages, asked: Collection[Ages]) -> bool:
    return any(ages[0] <= high and low <= ages[1] for low, high in asked)


def _mine(statement: Any, column: Any, batch: Mapping[int, Person]) -> Any:
    """Rows of these people: by the span of their ids, for thousands of values are too many for one
    statement."""
    return statement.where(col(column).between(min(batch), max(batch)))
