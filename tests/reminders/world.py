"""A small world for tests of what is owed: a catalogue that is imported into, people, and a clock to move."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select

from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed
from catalog.ingest import ingest
from catalog.model import Occurrence, Offering, OfferingChange, Series
from reminders import follows
from reminders.changes import notice_changes
from reminders.composing import Composer
from reminders.duties import Counts, reconcile_pages
from reminders.model import Delivery, Follow, Person
from reminders.notices import Dropped, Notice
from tests.catalog.factory import ZONE, at, database_with, time

__all__ = ["ZONE", "World", "at", "date", "offering"]

TWO_HOURS_LONG = dt.timedelta(hours=2)


def date(start: str, key: str | None = None, **facts: Any) -> OccurrenceDraft:
    """One date of two hours (a bare day: all day), known by `key` or else by its start."""
    length = {} if "end" in facts or " " not in start else {"end": _two_hours_on(start)}
    return time(start, **length, **facts).model_copy(update={"key": key or start})


def _two_hours_on(start: str) -> str:
    return (at(start) + TWO_HOURS_LONG).replace(tzinfo=None).isoformat(" ")


def offering(id_: str, *dates: str | OccurrenceDraft, **facts: Any) -> OfferingDraft:
    occurrences = tuple(date(d) if isinstance(d, str) else d for d in dates)
    return OfferingDraft(external_id=id_, occurrences=occurrences, **{"titles": {"da": id_.title()}} | facts)


class World:
    """`now` is where the clock stands; every verb happens then."""

    def __init__(self, now: str, *offerings: OfferingDraft) -> None:
        self.database = database_with()
        self.now = at(now)
        self._chats = 0
        self.bring(*offerings)

    def bring(self, *offerings: OfferingDraft, **how: Any) -> None:
        """An import of these offerings."""
        ingest(self.database, Parsed("csv", list(offerings)), source="test", now=self.now, **how)

    def wait(self, **span: float) -> None:
        self.now += dt.timedelta(**span)

    def person(self, **facts: Any) -> int:
        self._chats += 1
        day = self.now.date()
        row = Person(chat_id=self._chats, language="da", last_seen=day, created_on=day, **facts)

        def add(session: Any) -> int:
            session.add(row)
            session.flush()
            return int(row.id or 0)

        return self.database.write(add)

    def id(self, name: str) -> int:
        """The id of an offering."""
        return self._one(select(Offering.id).where(Offering.external_id == name))

    def date_id(self, name: str, start: str) -> int:
        """The id of the date of an offering that begins then."""
        of = select(Occurrence.id).where(Occurrence.offering_id == self.id(name))
        return self._one(of.where(col(Occurrence.start) == at(start)))

    def series_id(self, name: str) -> int:
        return self._one(select(Series.id).where(Series.name == name))

    def _one(self, statement: Any) -> int:
        return self.database.read(lambda session: int(session.exec(statement).one()))

    def follow(self, person: int, kind: str, target: int, **how: Any) -> Follow:
        return self.database.write(
            lambda session: follows.follow(session, person, kind, target, now=self.now, zone=ZONE, **how)
        )

    def unfollow(self, person: int, kind: str, target: int) -> bool:
        return self.database.write(
            lambda session: follows.unfollow(session, person, kind, target, now=self.now, zone=ZONE)
        )

    def do(self, verb: Any, *what: Any, **how: Any) -> Any:
        """`verb(session, *what, now=…, zone=…)` in a transaction of its own."""
        return self.database.write(lambda session: verb(session, *what, now=self.now, zone=ZONE, **how))

    def repair(self) -> Counts:
        return reconcile_pages(self.database, self.now, ZONE)

    def notice(self) -> int:
        return notice_changes(self.database, self.now, ZONE)

    def rows(self, *kinds: str) -> list[Delivery]:
        """The outbox by due time, of these kinds or all."""
        statement = select(Delivery).order_by(col(Delivery.due_at), col(Delivery.id))
        found = self.database.read(lambda session: list(session.exec(statement).all()))
        return [row for row in found if not kinds or row.kind in kinds]

    def pending(self, *kinds: str) -> list[Delivery]:
        return [row for row in self.rows(*kinds) if row.state == "pending"]

    def dues(self, *kinds: str) -> list[str]:
        """When what is pending is due, by the local clock."""
        return [local(row.due_at) for row in self.pending(*kinds)]

    def send(self, *kinds: str) -> list[Notice]:
        """Say everything that is due, as the sender would; what was said."""
        said = []
        for row in self.pending(*kinds):
            if row.due_at <= self.now:
                made = self.compose(row)
                if isinstance(made, Dropped):
                    self.set(row, state=made.state, reason=made.reason, due_at=made.due_at or row.due_at)
                else:
                    self.set(row, state="sent")
                    said.append(made)
        return said

    def compose(self, row: Delivery, similar: Any = lambda _card, _now: ()) -> Notice | Dropped:
        composer = Composer(ZONE, match=_no_news, similar=similar)
        return self.database.read(lambda session: composer(session, row, self.now))

    def set(self, row: Delivery | Follow | Person, **facts: Any) -> None:
        """Alter a row by hand."""

        def alter(session: Any) -> None:
            stored = session.get_one(type(row), row.id)
            for name, value in facts.items():
                setattr(stored, name, value)

        self.database.write(alter)

    def lose(self, rows: Iterable[Delivery]) -> None:
        """Delete rows behind everybody's back."""
        ids = [row.id for row in rows]
        self.database.write(lambda session: [session.delete(session.get_one(Delivery, id_)) for id_ in ids])

    def changes(self) -> list[OfferingChange]:
        statement = select(OfferingChange).order_by(col(OfferingChange.id))
        return self.database.read(lambda session: list(session.exec(statement).all()))


def _no_news(*_what: Any, **_how: Any) -> tuple[()]:
    return ()


def local(instant: dt.datetime) -> str:
    return instant.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
