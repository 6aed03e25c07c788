"""Nobody is kept who has left, and nobody is erased unwarned who has only been silent."""

import datetime as dt

import pytest
from sqlmodel import select

from catalog import staff
from catalog.staff import Role
from reminders import people, retention
from reminders.model import Person
from reminders.notices import Fate, ForgetSoon
from tests.catalog.factory import ZONE, at
from tests.reminders.town import CHAT, Town


@pytest.fixture
def town() -> Town:
    """A person was last seen on 25 November 2026."""
    town = Town()
    town.person()
    return town


def day(town: Town, when: str) -> retention.Kept:
    town.wait(when)
    return retention.forget_the_gone(town.database, town.now, ZONE)


def chats(town: Town) -> list[int]:
    return town.read(lambda s: list(s.exec(select(Person.chat_id).order_by(Person.chat_id))))


def test_who_blocked_us_is_erased_after_90_days(town: Town) -> None:
    town.person(CHAT + 1)
    town.write(lambda s: people.mark_inactive(s, 1, town.now))
    assert day(town, "2027-02-23 14:00").erased == 0
    assert chats(town) == [CHAT, CHAT + 1]
    assert day(town, "2027-02-23 15:00").erased == 1
    assert chats(town) == [CHAT + 1]


def test_who_came_back_is_kept(town: Town) -> None:
    town.write(lambda s: people.mark_inactive(s, 1, town.now))
    town.wait("2027-01-15 12:00")
    town.person()
    assert day(town, "2027-03-15 12:00") == retention.Kept(0, 0)


def test_who_is_silent_for_twelve_months_is_warned_once_and_erased_30_days_later(town: Town) -> None:
    assert day(town, "2027-11-24 12:00") == retention.Kept(0, 0)
    assert day(town, "2027-11-25 12:00") == retention.Kept(0, 1)
    assert day(town, "2027-11-26 12:00") == retention.Kept(0, 0)
    (warning,) = town.post()
    assert isinstance(warning, ForgetSoon)
    assert day(town, "2027-12-26 11:00") == retention.Kept(0, 0)
    assert day(town, "2027-12-26 13:00") == retention.Kept(1, 0)
    assert chats(town) == []


def test_one_word_from_them_is_enough(town: Town) -> None:
    day(town, "2027-11-25 12:00")
    town.post()
    town.wait("2027-12-20 12:00")
    town.person()
    assert day(town, "2028-01-20 12:00") == retention.Kept(0, 0)
    assert town.get(Person, 1).warned_on is None
    assert day(town, "2028-12-20 12:00") == retention.Kept(0, 1)


def test_who_comes_back_before_the_warning_went_out_does_not_get_it(town: Town) -> None:
    day(town, "2027-11-25 03:00")
    town.wait("2027-11-25 09:00")
    town.person()
    town.wait("2027-11-25 11:00")
    assert town.post() == []


def test_the_warning_comes_in_the_morning_not_when_we_happen_to_look(town: Town) -> None:
    day(town, "2027-11-25 03:00")
    (row,) = town.rows()
    assert row.due_at == at("2027-11-25 10:00")
    assert row.key == "w:1:2027-11-25"


def test_the_warning_waits_for_the_end_of_quiet_hours(town: Town) -> None:
    day(town, "2027-11-25 20:00")
    town.wait("2027-11-25 22:00")
    assert town.post() == []
    town.wait("2027-11-26 08:00")
    assert len(town.post()) == 1


def test_nobody_is_erased_on_a_warning_that_never_went_out(town: Town) -> None:
    day(town, "2027-11-25 12:00")
    town.wait("2028-01-05 12:00")
    assert town.post() == []
    assert day(town, "2028-01-05 12:00") == retention.Kept(0, 0)
    town.change(type(town.rows()[0]), 1, state="expired")
    assert day(town, "2028-01-05 12:00") == retention.Kept(0, 1)
    assert len(town.post()) == 1
    assert day(town, "2028-02-05 12:00") == retention.Kept(1, 0)


def test_a_warning_in_doubt_counts_as_given(town: Town) -> None:
    day(town, "2027-11-25 12:00")
    assert len(town.post(Fate.UNKNOWN)) == 1
    assert day(town, "2027-12-26 13:00") == retention.Kept(1, 0)


def test_who_turns_out_to_have_blocked_us_has_90_days_from_then(town: Town) -> None:
    day(town, "2027-11-25 12:00")
    town.post(Fate.GONE)
    assert town.get(Person, 1).inactive_since is not None
    assert day(town, "2028-01-25 12:00") == retention.Kept(0, 0)
    assert day(town, "2028-02-24 12:00") == retention.Kept(1, 0)


@pytest.mark.parametrize(
    ("today", "before"),
    [("2027-11-25", "2026-11-25"), ("2028-02-29", "2027-02-28"), ("2029-02-28", "2028-02-28")],
)
def test_twelve_months_go_by_the_calendar(today: str, before: str) -> None:
    assert retention.year_before(dt.date.fromisoformat(today)) == dt.date.fromisoformat(before)


def test_everybody_is_looked_at_over_many_pages(town: Town, monkeypatch) -> None:
    monkeypatch.setattr(retention, "_PAGE", 3)
    for n in range(1, 10):
        town.person(CHAT + n)
    assert day(town, "2027-11-25 12:00") == retention.Kept(0, 10)
    assert len(town.post()) == 10
    assert day(town, "2027-12-26 13:00") == retention.Kept(10, 0)


def test_staff_who_are_erased_are_staff_no_more(town: Town) -> None:
    town.write(lambda s: staff.appoint(s, CHAT, Role.ADMIN, [], town.now))
    town.write(lambda s: people.mark_inactive(s, 1, town.now))
    day(town, "2027-02-23 14:00")
    assert town.read(lambda s: staff.staffer(s, CHAT)) is not None
    day(town, "2027-02-23 15:00")
    assert town.read(lambda s: staff.staffer(s, CHAT)) is None
