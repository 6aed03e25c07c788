"""Digests: what is new for a person, all searches and follows in one message.

"asap": soon after something that concerns them is published, one a local day. "daily", "weekly": at the
local time they chose. Planned only when there is news; what it says is put together when it is sent, so that
a late one tells nothing stale. See `reminders.news` for what is new.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, true
from sqlmodel import Session, col, or_, select

from catalog.cards import Card, load_cards
from catalog.catalogue import Catalogue
from catalog.database import Database
from catalog.values import Status
from reminders import bookmarks, news, outbox
from reminders.leads import local_instant
from reminders.model import Delivery, Follow, Person, SavedSearch
from reminders.notices import Digest, DigestRow, Dropped, Kind
from reminders.unasked import first_chance, held_back, said_lately, to

MOST_ROWS = 10
USEFUL_FOR = dt.timedelta(hours=24)
"""A digest that is later than this is not sent; the next one tells what is still ahead."""

# Longer than anything is news, because the row is what remembers that it was told.
_KEPT = news.NEWS_FOR + dt.timedelta(days=2)
_PAGE = 200
_SPARE = 2 * MOST_ROWS
_DAY = dt.timedelta(days=1)
_MORNING = dt.time(8)
_NEWEST, _CLOCK = "digest-newest", "digest-clock"
_OPEN = ("pending", "claimed")
_FREE = (*_OPEN, "cancelled")


def plan_digests(database: Database, catalogue: Catalogue, now: dt.datetime, zone: ZoneInfo) -> int:
    """Plan the digests whose time has come; how many rows came to be, or reach further than before. People
    who want news at once are looked at only when something was published since the last call, the others when
    their time of day has come since."""
    return _Run(database, catalogue, now, zone).plan()


def compose(
    session: Session, row: Delivery, person: Person, now: dt.datetime, zone: ZoneInfo, *, match: news.Match
) -> Digest | Dropped:
    """The digest of this row as of now, or why it is not to be sent."""
    if person.digest != row.payload.get("mode"):
        return Dropped("cancelled", "settled")
    held = held_back(session, row, person, now, zone)
    if held is not None:
        return held
    reader = news.readers(session, [row.person_id], now, zone)[row.person_id]
    items = _news(session, reader, news.reach(row.payload), now, match)
    rows, gone = _rows(session, items[: MOST_ROWS + _SPARE])
    if not rows:
        return Dropped("cancelled", "empty")
    shown = rows[:MOST_ROWS]
    labels = {label for row_ in shown for label in row_.labels}
    return Digest(
        to(person, row, now),
        tuple(shown),
        more=len(items) - gone - len(shown),
        children={
            n: (c.birth_year, c.emoji) for n, c in reader.children.items() if ("child", str(n)) in labels
        },
        searches={n: s.query for n, s in reader.searches.items() if ("search", str(n)) in labels},
    )


def all_of(
    session: Session, delivery_id: int, person_id: int, now: dt.datetime, zone: ZoneInfo, *, match: news.Match
) -> tuple[DigestRow, ...]:
    """All rows of a digest, also those that did not fit, as far as they are still ahead; none when the
    delivery is not this person's."""
    row = session.get(Delivery, delivery_id)
    if row is None or row.person_id != person_id or row.kind != Kind.DIGEST:
        return ()
    reader = news.readers(session, [person_id], now, zone)[person_id]
    reader.told = _told_before(session, row)
    items = _news(session, reader, news.reach(row.payload), now, match)
    return tuple(_rows(session, items)[0])


def _told_before(session: Session, row: Delivery) -> int:
    earlier = select(Delivery.payload).where(
        Delivery.person_id == row.person_id,
        Delivery.kind == Kind.DIGEST,
        col(Delivery.state).in_(news.SEEN),
        Delivery.due_at < row.due_at,
    )
    return max(map(news.reach, session.exec(earlier)), default=0)


def _news(
    session: Session, reader: news.Reader, until: int, now: dt.datetime, match: news.Match
) -> list[news.Item]:
    since = min((interest.since for interest in reader.interests), default=now)
    fresh = news.published(session, match, now, after=reader.told, until=until, since=since)
    return fresh.to(reader)


def _rows(session: Session, items: list[news.Item]) -> tuple[list[DigestRow], int]:
    """The rows of what is still on, and how many are not any more: the search may know a moment less than
    the database."""
    cards = load_cards(session, [item.offering_id for item in items])
    on = [item for item in items if _is_on(cards.get(item.offering_id), item.occurrence_id)]
    rows = [DigestRow(cards[item.offering_id], item.occurrence_id, item.labels) for item in on]
    return rows, len(items) - len(rows)


def _is_on(card: Card | None, occurrence_id: int) -> bool:
    if card is None or card.withdrawn or card.status is Status.CANCELLED:
        return False
    return any(o.id == occurrence_id and o.status is not Status.CANCELLED for o in card.occurrences)


@dataclass(frozen=True, slots=True)
class _Slot:
    key: str
    due_at: dt.datetime


class _Run:
    """One look at everybody whose digest may be due. Matching is done while reading; only the rows are
    written under the write lock."""

    def __init__(self, database: Database, catalogue: Catalogue, now: dt.datetime, zone: ZoneInfo) -> None:
        self._database = database
        self._catalogue = catalogue
        self._now = now
        self._zone = zone

    def plan(self) -> int:
        self._database.read(self._look)
        planned, last = 0, 0
        while people := self._database.read(partial(self._page, after=last)):
            last = max(people)
            if concerned := self._database.read(partial(self._concerned, people=people)):
                planned += self._database.write(partial(self._write, person_ids=concerned))
        self._database.write(self._remember)
        return planned

    def _look(self, session: Session) -> None:
        self._newest = news.newest(session)
        self._known = bookmarks.place(session, _NEWEST) or 0
        looked = bookmarks.place(session, _CLOCK)
        then = self._now if looked is None else dt.datetime.fromtimestamp(looked, dt.UTC)
        # After the clock was set back the same hours come again; a key that exists is left alone.
        self._since = min(self._now, max(then, self._now - USEFUL_FOR))
        self._published: dict[int, news.Published] = {}

    def _remember(self, session: Session) -> None:
        bookmarks.move(session, _NEWEST, self._newest)
        bookmarks.move(session, _CLOCK, int(self._now.timestamp()))

    def _page(self, session: Session, after: int) -> dict[int, str]:
        """People whose time may have come and who asked for news of any kind, with their rhythm."""
        searching = select(SavedSearch.id).where(SavedSearch.person_id == Person.id).exists()
        following = select(Follow.id).where(
            Follow.person_id == Person.id, col(Follow.kind).in_(("organizer", "venue"))
        )
        statement = (
            select(Person.id, Person.digest)
            .where(col(Person.id) > after, col(Person.inactive_since).is_(None))
            .where(or_(*self._due()), or_(searching, following.exists()))
        )
        found = session.exec(statement.order_by(col(Person.id)).limit(_PAGE))
        return {person_id: rhythm for person_id, rhythm in found if person_id is not None}

    def _due(self) -> Iterator[ColumnElement[bool]]:
        if self._newest > self._known:
            yield col(Person.digest) == "asap"
        for day in self._days():
            after, until = self._hours(day)
            at = col(Person.digest_time)
            weekly = (col(Person.digest) == "weekly") & (col(Person.digest_weekday) == day.isoweekday())
            yield and_(weekly | (col(Person.digest) == "daily"), at > after if after else true(), at <= until)

    def _days(self) -> list[dt.date]:
        first, last = (moment.astimezone(self._zone).date() for moment in (self._since, self._now))
        return [first + n * _DAY for n in range((last - first).days + 1)]

    def _hours(self, day: dt.date) -> tuple[dt.time | None, dt.time]:
        """The wall-clock times of that day that have come since the last look: (after, until]."""
        since, now = self._since.astimezone(self._zone), self._now.astimezone(self._zone)
        after = since.time() if day == since.date() else None
        return after, now.time() if day == now.date() else dt.time.max

    def _concerned(self, session: Session, people: dict[int, str]) -> list[int]:
        """Those of these people for whom there is anything new."""
        readers = news.readers(session, people, self._now, self._zone)
        return [
            person_id
            for person_id, reader in readers.items()
            if self._news(session, people[person_id]).to(reader)
        ]

    def _news(self, session: Session, rhythm: str) -> news.Published:
        """What may bring a message: at once, what was published since the last look; else all news."""
        after = self._known if rhythm == "asap" else 0
        if after not in self._published:
            self._catalogue.refresh(self._now)
            self._published[after] = news.published(
                session, self._catalogue.search_new, self._now, after=after, until=self._newest
            )
        return self._published[after]

    def _write(self, session: Session, person_ids: list[int]) -> int:
        people = session.exec(select(Person).where(col(Person.id).in_(person_ids))).all()
        said = said_lately(session, person_ids, self._now)
        known: dict[int, list[Delivery]] = {person_id: [] for person_id in person_ids}
        digests = select(Delivery).where(
            col(Delivery.person_id).in_(person_ids), Delivery.kind == Kind.DIGEST
        )
        for row in session.exec(digests):
            known[row.person_id].append(row)
        slots = [(p, self._slot(p, known[p.id or 0], said.get(p.id or 0, []))) for p in people]
        duties = [self._duty(person, slot) for person, slot in slots if slot is not None]
        # What waits already is planned anew: it then reaches as far as is known, and comes when it now may.
        waiting = [row.id or 0 for rows in known.values() for row in rows if _is_asap(row)]
        outbox.cancel(session, waiting, self._now, "anew")
        return outbox.plan(session, duties)

    def _slot(self, person: Person, rows: list[Delivery], said: list[dt.datetime]) -> _Slot | None:
        return self._at_once(person, rows, said) if person.digest == "asap" else self._by_clock(person, said)

    def _at_once(self, person: Person, rows: list[Delivery], said: list[dt.datetime]) -> _Slot | None:
        """As soon as it may be, on a day that has had none."""
        taken = {row.key for row in rows if row.state not in _FREE}
        chance = first_chance(person, said, self._now, self._zone)
        while chance is not None:
            day = chance.astimezone(self._zone).date()
            if (key := f"d:{person.id}:{day}") not in taken:
                return _Slot(key, chance)
            morning = local_instant(day + _DAY, _MORNING, self._zone)
            chance = first_chance(person, said, morning, self._zone)
        return None

    def _by_clock(self, person: Person, said: list[dt.datetime]) -> _Slot | None:
        """At the time of day that has come; not at all when it could only be a day later."""
        day = next((day for day in self._days() if self._has_come(person, day)), None)
        if day is None:
            return None
        at = local_instant(day, person.digest_time, self._zone)
        chance = first_chance(person, said, at, self._zone)
        if chance is None or chance >= at + USEFUL_FOR:
            return None
        year, week, _ = day.isocalendar()
        period = day.isoformat() if person.digest == "daily" else f"{year}-W{week:02}"
        return _Slot(f"d:{person.id}:{period}", chance)

    def _has_come(self, person: Person, day: dt.date) -> bool:
        after, until = self._hours(day)
        its_day = person.digest == "daily" or day.isoweekday() == person.digest_weekday
        return its_day and (after is None or person.digest_time > after) and person.digest_time <= until

    def _duty(self, person: Person, slot: _Slot) -> outbox.Duty:
        return outbox.Duty(
            key=slot.key,
            person_id=person.id or 0,
            kind=Kind.DIGEST,
            due_at=slot.due_at,
            useful_until=slot.due_at + USEFUL_FOR,
            priority=outbox.Priority.DIGEST,
            keep_until=slot.due_at + _KEPT,
            payload={"until": self._newest, "mode": person.digest},
        )


def _is_asap(row: Delivery) -> bool:
    return row.state in _OPEN and row.payload.get("mode") == "asap"
