"""Questions are counted in memory, each person once, and written in batches."""

import datetime as dt

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from catalog import demand, figures
from catalog.database import Database
from catalog.figures import What
from catalog.query import Query
from catalog.recorder import Recorder
from catalog.staff_model import Demand, Tally
from catalog.values import Category
from tests.catalog.factory import ZONE, at, database_with

NOW = at("2026-11-25 15:00")
DANCE = Query(categories=(Category.DANCE,), ages=((13, 25),))


@pytest.fixture
def database() -> Database:
    return database_with()


def ask(
    recorder: Recorder, *askers: int, query: Query = DANCE, unmet: bool = False, when: dt.datetime = NOW
) -> None:
    for asker in askers:
        recorder.question(asker, query, None, when, ZONE, unmet=unmet)


def tallies(database: Database) -> dict[tuple[str, str], int]:
    rows = database.read(lambda s: s.exec(select(Tally)).all())
    return {(row.what, row.category): row.number for row in rows if row.what in set(What)}


def tries(database: Database) -> list[tuple[str, str, int, int]]:
    rows = database.read(lambda s: s.exec(select(Demand)).all())
    return [(row.category, row.ages, row.asked, row.unmet) for row in rows]


def test_nothing_is_written_before_its_time_and_all_of_it_then(database: Database) -> None:
    recorder = Recorder()
    ask(recorder, 1, 2, 3)
    ask(recorder, 4, unmet=True)
    assert tallies(database) == {}
    assert recorder.flush(database) == "counted 10"
    assert tallies(database) == {("questions", "dance"): 4, ("unmet", "dance"): 1}
    assert tries(database) == [("dance", "youth", 4, 1)]


def test_what_was_written_is_not_written_again(database: Database) -> None:
    recorder = Recorder()
    ask(recorder, 1)
    recorder.flush(database)
    assert recorder.flush(database) == ""
    ask(recorder, 2)
    recorder.flush(database)
    assert tallies(database) == {("questions", "dance"): 2}


def test_one_person_who_asks_the_same_again_and_again_is_counted_once(database: Database) -> None:
    recorder = Recorder()
    for _ in range(5):
        ask(recorder, 7, unmet=True)
        recorder.flush(database)
    assert tallies(database) == {("questions", "dance"): 1, ("unmet", "dance"): 1}
    assert tries(database) == [("dance", "youth", 1, 1)]


def test_the_same_wish_counts_anew_in_the_next_week_and_in_the_next_month(database: Database) -> None:
    recorder = Recorder()
    for when in ("2026-11-20 12:00", "2026-11-23 12:00", "2026-12-01 12:00"):
        ask(recorder, 7, when=at(when))
    recorder.flush(database)
    weeks = [dt.date(2026, 11, 16), dt.date(2026, 11, 23), dt.date(2026, 11, 30)]
    counts = database.read(lambda s: figures.read(s, weeks))
    assert [(cell.week, n) for cell, n in sorted(counts.items())] == [(week, 1) for week in weeks]
    months = [dt.date(2026, 11, 1), dt.date(2026, 12, 1)]
    asked = database.read(lambda s: demand.read(s, months))
    assert sorted((cell.month, tries.asked) for cell, tries in asked.items()) == [
        (month, 1) for month in months
    ]


def test_weeks_and_months_are_those_of_the_clock_on_the_wall(database: Database) -> None:
    recorder = Recorder()
    ask(recorder, 1, when=dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC))
    recorder.flush(database)
    (cell,) = database.read(lambda s: demand.read(s, [dt.date(2026, 12, 1)]))
    assert cell.month == dt.date(2026, 12, 1)


def test_wishes_are_counted_by_week_too_and_once_a_month(database: Database) -> None:
    recorder = Recorder()
    for day in ("2026-11-20", "2026-11-25"):
        ask(recorder, 7, unmet=True, when=at(f"{day} 12:00"))
    ask(recorder, 8)
    recorder.flush(database)
    weeks = [dt.date(2026, 11, 16), dt.date(2026, 11, 23)]
    found = database.read(lambda s: demand.read_weeks(s, weeks))
    assert [
        (cell.month, cell.category, tries.asked, tries.unmet) for cell, tries in sorted(found.items())
    ] == [
        (weeks[0], "dance", 1, 1),
        (weeks[1], "dance", 1, 0),
    ]


def test_several_categories_are_one_question_and_several_wishes(database: Database) -> None:
    recorder = Recorder()
    ask(recorder, 1, query=Query(categories=(Category.DANCE, Category.FILM)))
    recorder.flush(database)
    assert tallies(database) == {("questions", ""): 1}
    assert sorted(tries(database)) == [("dance", "", 1, 0), ("film", "", 1, 0)]


def test_what_could_not_be_written_is_kept_for_the_next_time(database: Database) -> None:
    recorder = Recorder()
    ask(recorder, 1, unmet=True)

    class Locked(Database):
        def write(self, work: object) -> None:  # type: ignore[override]  # it never gets there
            raise OperationalError("", {}, Exception("database is locked"))

    with pytest.raises(OperationalError):
        recorder.flush(Locked("sqlite://"))
    ask(recorder, 2)
    recorder.flush(database)
    assert tallies(database) == {("questions", "dance"): 2, ("unmet", "dance"): 1}
    assert tries(database) == [("dance", "youth", 2, 1)]


def test_what_is_remembered_to_count_once_names_nobody() -> None:
    recorder = Recorder()
    ask(recorder, 7_200_000_000_123, query=Query(categories=(Category.DANCE,), words=("hemmeligt",)))
    held = repr({name: getattr(recorder, name) for name in vars(recorder)})
    assert "7200000000123" not in held
    assert "hemmeligt" not in held
    assert What.QUESTIONS in held
