"""Erased is erased: no row, no byte in any file of the database, and nothing is said any more."""

import asyncio
import json
import random
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Table, delete
from sqlmodel import Session, SQLModel, col, select

from catalog import staff
from catalog.database import Database
from catalog.query import Query
from catalog.staff import Role
from catalog.staff_model import AuditEntry, Staff
from catalog.staff_scopes import municipality_scope
from catalog.values import Category
from reminders import people
from reminders.model import Child, Delivery, FactReport, Follow, Person, SavedSearch
from reminders.notices import Notice, Outcome, Turn
from tests.catalog.factory import offering
from tests.reminders.town import CHAT, Postman, Town

SUPERGROUP = -1_007_200_000_000_123


@pytest.fixture
def town() -> Town:
    return Town()


def live(town: Town, chat: int) -> int:
    """A person with something in every table."""
    (concert,) = town.publish(offering("Koncert", "2026-12-12 19:00", categories=(Category.MUSIC,)))
    person = town.person(chat)
    town.save(person, Query(categories=(Category.MUSIC,)), child=town.child(person, 2018, "🐻"))
    town.follow(person, "offering", concert)
    town.now = town.now.replace(minute=town.now.minute + 1)
    town.publish(offering("Ny koncert", "2026-12-13 19:00", categories=(Category.MUSIC,)))
    town.look()
    report = FactReport(
        offering_id=concert, fact="time", person_id=person, created_at=town.now, updated_at=town.now
    )
    town.database.write(lambda session: session.add(report))
    return person


def traces(database: Database, chat: int) -> set[str]:
    """How this number stands in the files of the database: in decimal, or as SQLite stores integers."""
    forms = {str(chat): str(chat).encode()}
    forms |= {f"{size} bytes": chat.to_bytes(size, "big", signed=True) for size in sizes(chat)}
    path = Path(database.url.database or "")
    data = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    return {name for name, form in forms.items() if form in data}


def sizes(chat: int) -> list[int]:
    """The widths in which SQLite could store it, as far as a find is no coincidence."""
    least = (chat.bit_length() + 8) // 8
    return [size for size in (4, 6, 8) if size >= least]


@pytest.mark.parametrize("chat", [CHAT, SUPERGROUP, 2_047_483_001])
def test_not_a_byte_of_the_chat_s_number_is_left(town: Town, chat: int) -> None:
    live(town, chat)
    assert traces(town.database, chat)
    assert people.erase(town.database, chat, town.now)
    assert traces(town.database, chat) == set()


def employ(town: Town, chat: int) -> int:
    """Staff, by a link of their own."""
    scopes = [municipality_scope("Ishøj")]
    token = town.write(lambda s: staff.invite(s, Role.COORDINATOR, scopes, town.now))
    return town.write(lambda s: staff.accept(s, token, chat, town.now)).id


@pytest.mark.parametrize("chat", [CHAT, 2_047_483_001])
def test_not_a_byte_is_left_of_staff_who_want_to_be_forgotten(town: Town, chat: int) -> None:
    live(town, chat)
    number = employ(town, chat)
    assert people.erase(town.database, chat, town.now)
    assert traces(town.database, chat) == set()
    assert town.read(lambda s: staff.staffer(s, chat)) is None
    assert town.get(Staff, number).role == Role.COORDINATOR


def test_staff_who_never_wrote_are_forgotten_too(town: Town) -> None:
    employ(town, CHAT)
    assert traces(town.database, CHAT)
    assert people.erase(town.database, CHAT, town.now)
    assert traces(town.database, CHAT) == set()


def test_the_log_keeps_the_number_of_who_was_forgotten_and_no_chat(town: Town) -> None:
    number = employ(town, CHAT)
    people.erase(town.database, CHAT, town.now)
    entries = town.read(lambda s: s.exec(select(AuditEntry).order_by(AuditEntry.id)).all())
    assert [(e.action, e.target) for e in entries][-1] == ("dismiss", f"staff:{number}")


def test_the_export_of_staff_tells_what_they_are(town: Town) -> None:
    live(town, CHAT)
    employ(town, CHAT)
    exported = town.read(lambda s: people.export(s, CHAT))
    assert json.loads(json.dumps(exported)) == exported
    assert exported["staff"]["role"] == "coordinator"
    assert exported["staff"]["scopes"] == [
        {"kind": "municipality", "municipality": "Ishøj", "value": "Ishøj"}
    ]


def test_deleting_alone_leaves_traces_in_the_log(town: Town) -> None:
    """The search can find what the erasing has to remove."""
    live(town, CHAT)
    town.write(lambda session: people.forget(session, CHAT, town.now))
    assert traces(town.database, CHAT)
    assert people.scrub(town.database)
    assert traces(town.database, CHAT) == set()


def test_not_a_byte_is_left_of_many_who_came_and_went(town: Town) -> None:
    """Rows grew, pages were split and merged: where SQLite leaves copies that no deletion reaches."""
    alive, gone = crowd(town, random.Random(4))
    assert people.scrub(town.database)
    assert not any(traces_of(town.database, gone).values())
    assert all(traces_of(town.database, alive).values())
    assert len(town.read(lambda s: s.exec(select(Person)).all())) == len(alive)


def crowd(town: Town, chance: random.Random) -> tuple[list[int], list[int]]:
    """Those who are still there, and those who were forgotten."""
    alive: list[int] = []
    gone: list[int] = []

    def month(session: Session) -> None:
        come = chance.sample(range(10**12, 10**13), 150)
        session.add_all(newcomer(town, chat, "x" * chance.randrange(190)) for chat in come)
        session.flush()
        alive.extend(come)
        for chat in chance.sample(alive, 60):
            people.set_place(session, chat, "y" * chance.randrange(190))
        session.flush()
        chance.shuffle(alive)
        gone.extend(alive.pop() for _ in range(100))
        session.execute(delete(Person).where(col(Person.chat_id).in_(gone)))

    for _ in range(8):
        town.write(month)
    return alive, gone


def newcomer(town: Town, chat: int, place: str) -> Person:
    today = town.now.date()
    return Person(chat_id=chat, language="da", place_key=place, last_seen=today, created_on=today)


def traces_of(database: Database, chats: list[int]) -> dict[int, bool]:
    path = Path(database.url.database or "")
    data = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    return {
        chat: chat.to_bytes(6, "big", signed=True) in data or str(chat).encode() in data for chat in chats
    }


def test_a_long_read_delays_the_scrubbing_and_the_next_one_makes_up_for_it(town: Town, monkeypatch) -> None:
    monkeypatch.setattr("catalog.database._PRAGMAS", IMPATIENT)
    impatient, other = (Database(str(town.database.url)) for _ in range(2))
    live(town, CHAT)
    with other.engine.connect() as reader:
        reader.exec_driver_sql("SELECT * FROM person").all()
        assert impatient.write(lambda session: people.forget(session, CHAT, town.now))
        assert not people.scrub(impatient)
    assert people.scrub(impatient)
    assert traces(town.database, CHAT) == set()
    impatient.close()
    other.close()


IMPATIENT = ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=1", "secure_delete=ON")


def test_scrubbing_keeps_what_belongs_to_the_others_and_foreign_keys_on(town: Town) -> None:
    live(town, CHAT)
    before = town.read(lambda s: people.export(s, CHAT))
    assert people.scrub(town.database)
    assert town.read(lambda s: people.export(s, CHAT)) == before
    with town.database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_a_scrubbing_that_fails_changes_nothing(town: Town) -> None:
    live(town, CHAT)
    with pytest.raises(sqlite3.OperationalError):
        town.database.scrub("person", "no_such_table")
    assert town.get(Person, 1) is not None
    assert people.scrub(town.database)


def test_every_connection_overwrites_what_it_deletes(town: Town) -> None:
    with town.database.engine.connect() as first, town.database.engine.connect() as second:
        for connection in (first, second):
            assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1


def test_all_rows_of_the_person_are_gone_and_nobody_else_s(town: Town) -> None:
    live(town, CHAT)
    live(town, CHAT + 1)
    people.erase(town.database, CHAT, town.now)
    for table in (Child, Follow, SavedSearch, Delivery):
        assert town.read(lambda s, table=table: {row.person_id for row in s.exec(select(table))}) == {2}


def test_erasing_a_stranger_says_so(town: Town) -> None:
    assert not people.erase(town.database, CHAT, town.now)


def test_nothing_is_said_after_erasing_also_in_the_middle_of_a_run(town: Town) -> None:
    live(town, CHAT)
    live(town, CHAT + 1)

    class Erasing(Postman):
        async def send(self, notice: Notice, turn: Turn) -> Outcome:
            people.erase(town.database, CHAT + 1, town.now)
            return await super().send(notice, turn)

    postman = Erasing()
    asyncio.run(town.deliver(postman))
    assert [notice.to.chat_id for notice in postman.said] == [CHAT]


# What is stored can be read before it is erased


def test_the_export_holds_everything_that_is_stored(town: Town) -> None:
    person = live(town, CHAT)
    town.person(place_key="town:koege")
    exported = town.read(lambda s: people.export(s, CHAT))
    assert json.loads(json.dumps(exported)) == exported
    assert exported["person"] == town.get(Person, person).model_dump(mode="json")
    assert exported["person"]["chat_id"] == CHAT
    assert [child["birth_year"] for child in exported["children"]] == [2018]
    assert [search["query"]["categories"] for search in exported["saved_searches"]] == [["music"]]
    assert [(follow["kind"], follow["name"]) for follow in exported["follows"]] == [
        ("offering", {"da": "Koncert"})
    ]
    assert [row["kind"] for row in exported["deliveries"]] == ["digest"]


def test_no_table_about_people_is_missing_from_the_export(town: Town) -> None:
    live(town, CHAT)
    exported = town.read(lambda s: people.export(s, CHAT))
    of_people = {table for table in SQLModel.metadata.sorted_tables if points_at_a_person(table)}
    assert len(of_people) == len(exported) - 1
    columns = {frozenset(column.name for column in table.columns) for table in of_people}
    shown = {frozenset(rows[0]) - {"name"} for name, rows in exported.items() if name != "person"}
    assert shown == columns


def points_at_a_person(table: Table) -> bool:
    return any(key.column.table.name == "person" for key in table.foreign_keys)


def test_a_stranger_has_nothing_to_export(town: Town) -> None:
    assert town.read(lambda s: people.export(s, CHAT)) is None
