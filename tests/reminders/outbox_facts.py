"""A database with people in it, and duties towards them."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from catalog.database import Database
from reminders import outbox, people
from reminders.model import Delivery, Person, table_metadata
from reminders.notices import ForgetSoon, Kind, To
from reminders.outbox import Claimed, Duty, Priority

NOW = dt.datetime(2026, 11, 27, 16, tzinfo=dt.UTC)
LEASE, TIMEOUT = dt.timedelta(seconds=60), dt.timedelta(seconds=15)
ANNA, BO, CARLA = 7_000_001, 7_000_002, 7_000_003
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


def open_database(folder: Path, chats: Iterable[int] = (ANNA, BO, CARLA)) -> Database:
    """Everybody in it is known; the person's id is their place among `chats`, from 1."""
    database = Database(f"sqlite:///{folder}/outbox.db")
    table_metadata().create_all(database.engine)

    def add(session: Any) -> None:
        for chat in chats:
            people.meet(session, chat, "da", NOW.date())

    database.write(add)
    return database


def duty(number: int = 1, person_id: int = 1, **facts: Any) -> Duty:
    """A reminder due now of something that begins in two hours."""
    made: dict[str, Any] = {
        "key": f"r:{person_id}:{number}",
        "person_id": person_id,
        "kind": Kind.REMINDER.value,
        "due_at": NOW,
        "useful_until": NOW + 2 * HOUR,
        "priority": int(Priority.REMINDER),
        "keep_until": NOW + 30 * DAY,
        "occurrence_id": number,
    }
    return Duty(**{**made, **facts})  # type: ignore[typeddict-item]  # the facts are columns


def plan(database: Database, *duties: Duty) -> int:
    return database.write(lambda session: outbox.plan(session, duties))


def claim(
    database: Database, worker: str = "a", now: dt.datetime = NOW, limit: int = 50, **more: Any
) -> list[Claimed]:
    return database.write(lambda session: outbox.claim(session, worker, now, limit, LEASE, **more))


def start(database: Database, mine: Claimed, worker: str = "a", now: dt.datetime = NOW) -> bool:
    return database.write(lambda session: outbox.start(session, mine, worker, now, TIMEOUT))


def settle(database: Database, mine: Claimed, outcome: Any, worker: str = "a", now: dt.datetime = NOW) -> Any:
    return database.write(lambda session: outbox.settle(session, mine, worker, outcome, now))


def rows(database: Database) -> list[Delivery]:
    return database.read(lambda session: list(session.exec(select(Delivery).order_by(col(Delivery.id)))))


def row(database: Database) -> Delivery:
    (only,) = rows(database)
    return only


def states(database: Database) -> list[str]:
    return [one.state for one in rows(database)]


def alter(database: Database, person_id: int, **facts: Any) -> None:
    def work(session: Any) -> None:
        person = session.get(Person, person_id)
        for name, value in facts.items():
            setattr(person, name, value)

    database.write(work)


def notice(session: Any, delivery: Delivery, now: dt.datetime) -> ForgetSoon:
    """The simplest composer."""
    person = session.get(Person, delivery.person_id)
    return ForgetSoon(To(person.chat_id, person.language, now, delivery.id or 0))
