"""The work that is done again and again: all of it, at its hour, and quiet when there is nothing to do."""

import datetime as dt
from collections.abc import Callable

import pytest

from catalog.query import Query
from catalog.values import Category
from reminders import bookmarks, people, ticks
from reminders.model import Delivery
from reminders.notices import Kind
from tests.catalog.factory import ZONE, at, offering
from tests.reminders.town import Town


@pytest.fixture
def town() -> Town:
    return Town()


def run(town: Town, name: str, when: str | None = None) -> str:
    if when:
        town.wait(when)
    works = {work.name: work for work in ticks.works(town.database, town.catalogue, ZONE)}
    return works[name].run(town.now)


def test_every_piece_of_work_is_quiet_in_an_empty_town(town: Town) -> None:
    for work in ticks.works(town.database, town.catalogue, ZONE):
        assert work.run(town.now) == ""


def test_news_are_planned_by_a_tick(town: Town) -> None:
    town.save(town.person(), Query(categories=(Category.MUSIC,)))
    town.wait("2026-11-25 15:10")
    town.publish(offering("Koncert", "2026-12-12 19:00", categories=(Category.MUSIC,)))
    assert run(town, "digests") == "digests 1"
    assert run(town, "digests") == ""


def test_questions_are_asked_once_a_day_in_the_morning(town: Town) -> None:
    anna = town.person()
    town.save(anna, Query(free=True))
    town.save(anna, Query(categories=(Category.MUSIC,)))
    assert run(town, "upkeep", "2027-05-25 09:59") == ""
    assert run(town, "upkeep", "2027-05-25 10:00") == "renewals 1"
    assert run(town, "upkeep", "2027-05-25 10:05") == ""
    assert run(town, "upkeep", "2027-05-26 10:00") == "renewals 1"


def test_people_are_forgotten_once_a_night(town: Town) -> None:
    town.person()
    town.write(lambda s: people.mark_inactive(s, 1, at("2026-08-01")))
    assert run(town, "retention", "2026-11-26 03:59") == ""
    assert run(town, "retention", "2026-11-26 04:00") == "erased 1"


def test_the_repair_sweeps_and_gives_back(town: Town) -> None:
    town.person()
    facts = {"person_id": 1, "kind": Kind.DIGEST, "priority": 40, "due_at": at("2026-11-20 12:00")}
    old = Delivery(key="old", useful_until=town.now, keep_until=town.now, state="sent", **facts)
    late = Delivery(key="late", useful_until=town.now, keep_until=at("2027-01-01"), **facts)
    held = Delivery(
        key="held",
        useful_until=at("2026-11-26"),
        keep_until=at("2027-01-01"),
        state="claimed",
        lease_until=at("2026-11-25 14:00"),
        **facts,
    )
    town.write(lambda s: s.add_all([old, late, held]))
    assert run(town, "repair") == "swept 2, given_back 1"
    assert [(row.key, row.state) for row in town.rows()] == [("late", "expired"), ("held", "pending")]


def daily(town: Town, work: Callable[[], None]) -> None:
    with bookmarks.daily(town.database, "test", town.now, dt.time(10), ZONE) as is_due:
        if is_due:
            work()


def test_daily_work_that_failed_is_tried_again_the_same_day(town: Town) -> None:
    done: list[str] = []

    def fail() -> None:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011  # any will do
        daily(town, fail)
    daily(town, lambda: done.append("second"))
    daily(town, lambda: done.append("third"))
    assert done == ["second"]


def test_daily_work_goes_on_after_a_clock_that_was_ahead_is_set_right(town: Town) -> None:
    done: list[str] = []
    for day in ("2027-11-25 12:00", "2026-11-25 12:00", "2026-11-25 12:01", "2026-11-26 12:00"):
        town.wait(day)
        daily(town, lambda day=day: done.append(day))
    assert done == ["2027-11-25 12:00", "2026-11-25 12:00", "2026-11-26 12:00"]
