from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import Session, select

from catalog.database import Database
from catalog.model import Source, table_metadata


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/folder/that/is/made/catalogue.db")
    table_metadata().create_all(opened.engine)
    yield opened
    opened.close()


def names(database: Database) -> list[str]:
    return database.read(lambda session: list(session.exec(select(Source.name)).all()))


def add_one(session: Session) -> None:
    [source] = session.exec(select(Source)).all()
    source.name = str(int(source.name) + 1)
    session.add(source)


def test_racing_writers_keep_every_increment(database: Database) -> None:
    database.write(lambda session: session.add(Source(name="0")))
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(database.write, add_one) for _ in range(100)]:
            done.result()
    assert names(database) == ["100"]


def test_writers_take_turns_in_the_order_they_came(database: Database) -> None:
    done: list[int] = []
    with ThreadPoolExecutor(max_workers=6) as threads, database._turns.mine():
        for number in range(5):
            threads.submit(database.write, lambda _session, n=number: done.append(n))
            while len(database._turns._waiting) <= number:
                pass
        assert done == []
    assert done == [0, 1, 2, 3, 4]


def test_a_write_that_fails_hands_the_turn_on(database: Database) -> None:
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            database.write(lambda _session: 1 / 0)
    assert database.write(lambda _session: "done") == "done"


def test_an_exception_rolls_back_all_of_it_and_is_raised(database: Database) -> None:
    def break_halfway(session: Session) -> None:
        session.add(Source(name="half"))
        session.flush()
        raise LookupError("lost on the way")

    with pytest.raises(LookupError, match="lost on the way"):
        database.write(break_halfway)
    assert names(database) == []


def test_what_a_read_changes_is_not_kept(database: Database) -> None:
    def change(session: Session) -> None:
        session.add(Source(name="not kept"))
        session.flush()

    database.read(change)
    assert names(database) == []


def test_a_reader_is_not_blocked_by_a_writer_and_sees_the_old_state(database: Database) -> None:
    database.write(lambda session: session.add(Source(name="first")))

    def write_and_look(session: Session) -> list[str]:
        session.add(Source(name="second"))
        session.flush()
        return names(database)

    assert database.write(write_and_look) == ["first"]
    assert names(database) == ["first", "second"]


def test_the_version_changes_when_another_connection_has_committed(database: Database) -> None:
    before = database.version()
    assert database.version() == before
    database.write(lambda session: session.add(Source(name="new")))
    assert database.version() != before


def test_foreign_keys_hold(database: Database) -> None:
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


def test_a_commit_reaches_the_disk_on_every_connection(database: Database) -> None:
    with database.engine.connect() as first, database.engine.connect() as second:
        for connection in (first, second):
            assert connection.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2, "FULL"
