"""What is said when a duty is due, from facts as they are then, and what is not said after all."""

import datetime as dt
from typing import Any

import pytest

from catalog.cards import Card
from catalog.values import Status
from reminders.model import Delivery
from reminders.notices import Change, Dropped, Enrolment, Notice, Reminder
from tests.reminders.world import World, at, date, offering

START = "2026-11-28 19:00"
CONCERT = offering("koncert", START)


def followed(*offerings: Any, now: str = "2026-11-21 12:00", **how: Any) -> World:
    """A world in which one person follows the first of these offerings."""
    world = World(now, *offerings)
    world.follow(world.person(), "offering", 1, **how)
    world.wait(minutes=1)
    return world


def said(world: World, number: int = 0, when: str | None = None) -> Notice | Dropped:
    """What becomes of the duty of that number by due time, when it is due or at `when`."""
    row = world.rows()[number]
    world.now = at(when) if when else max(world.now, row.due_at)
    return world.compose(row)


def dropped(made: Notice | Dropped) -> tuple[str, str]:
    assert isinstance(made, Dropped)
    return made.state, made.reason


def test_a_reminder_tells_the_facts_of_the_moment() -> None:
    world = followed(CONCERT)
    world.bring(offering("koncert", START, titles={"da": "Et nyt navn"}))
    made = said(world)
    assert isinstance(made, Reminder)
    assert made.card.title("da") == "Et nyt navn"
    assert made.occurrence.start == at(START)
    assert (made.follow_kind, made.follow_target, made.more, made.last_day) == ("offering", 1, 0, False)
    assert (made.to.chat_id, made.to.language, made.to.now) == (1, "da", world.now)


def test_what_has_begun_is_expired() -> None:
    assert dropped(said(followed(CONCERT), 1, START)) == ("expired", "too-late")


def test_two_days_down_over_a_start_say_nothing_about_it() -> None:
    world = followed(CONCERT, offering("x", "2026-12-01 19:00"))
    world.follow(1, "offering", 2)
    world.now = at("2026-11-29 20:00")
    assert world.send() == []
    assert {row.state for row in world.rows() if row.offering_id == 1} == {"expired"}
    assert len(world.pending()) == 2


def test_what_is_late_and_still_ahead_is_said_once_the_newest_only() -> None:
    world = followed(CONCERT)
    world.now = at("2026-11-28 17:30")
    [made] = world.send()
    assert isinstance(made, Reminder)
    assert [row.state for row in world.rows()] == ["superseded", "sent"]


def test_of_two_that_are_due_at_the_same_moment_one_is_said() -> None:
    world = followed(offering("koncert", "2026-11-28 17:00"), leads=["d1@17:00", "m1440"])
    world.now = at("2026-11-27 17:00")
    assert len(world.send()) == 1


def test_a_late_one_waits_through_the_night_where_there_is_time() -> None:
    world = followed(CONCERT)
    made = said(world, 0, "2026-11-27 23:00")
    assert isinstance(made, Dropped)
    assert (made.state, made.reason, made.due_at) == ("pending", "quiet-hours", at("2026-11-28 08:00"))
    assert isinstance(said(world, 0, "2026-11-28 08:00"), Reminder)


def test_a_late_one_does_not_wait_when_the_morning_would_be_too_late() -> None:
    world = followed(offering("koncert", "2026-11-28 09:30"))
    assert isinstance(said(world, 0, "2026-11-27 23:00"), Reminder)


def test_one_that_is_a_few_minutes_late_does_not_wait() -> None:
    world = followed(offering("koncert", "2026-11-28 13:00"), leads=["d1@20:50"])
    assert isinstance(said(world, 0, "2026-11-27 21:10"), Reminder)
    assert dropped(said(world, 0, "2026-11-27 21:40")) == ("pending", "quiet-hours")


@pytest.mark.parametrize(
    "off",
    [
        offering("koncert", START, status=Status.CANCELLED),
        offering("koncert", date(START, status=Status.CANCELLED)),
        offering("koncert", "2026-12-24 10:00", date("2026-12-25 10:00")),
    ],
)
def test_what_was_called_off_a_moment_ago_is_not_reminded_of(off: Any) -> None:
    world = followed(CONCERT)
    world.bring(off)
    assert dropped(said(world)) == ("cancelled", "off")


def test_what_was_moved_a_moment_ago_is_not_reminded_of_at_the_old_time() -> None:
    world = followed(CONCERT)
    world.bring(offering("koncert", date("2026-11-28 21:00", key=START)))
    assert dropped(said(world)) == ("cancelled", "moved")


def test_what_is_no_longer_followed_is_not_said() -> None:
    world = followed(offering("koncert", START, enrolment_closes=at("2026-11-28 12:00")))
    world.bring(offering("koncert", START, status=Status.POSTPONED, enrolment_closes=at("2026-11-28 12:00")))
    world.notice()
    world.wait(minutes=15)
    world.notice()
    rows = world.rows()
    assert {row.kind for row in rows} == {"reminder", "enrolment", "change"}
    world.bring(offering("koncert", START, enrolment_closes=at("2026-11-28 12:00")))
    world.unfollow(1, "offering", 1)
    assert {dropped(world.compose(row)) for row in rows} == {("cancelled", "unfollowed")}


def test_a_run_is_reminded_of_as_closing_and_until_it_closes() -> None:
    world = followed(offering("x", date("2026-11-01 10:00", end="2026-11-29 17:00", is_run=True)))
    made = said(world)
    assert isinstance(made, Reminder)
    assert made.last_day
    assert isinstance(said(world, 0, "2026-11-29 16:00"), Reminder)
    assert dropped(said(world, 0, "2026-11-29 17:00")) == ("expired", "too-late")


def test_all_day_is_reminded_of_until_its_day_is_over() -> None:
    world = followed(offering("x", "2026-11-28"))
    assert isinstance(said(world, 0, "2026-11-28 15:00"), Reminder)
    assert dropped(said(world, 0, "2026-11-29 00:00")) == ("expired", "too-late")


def test_a_series_tells_how_many_more_are_on_that_day() -> None:
    hours = ("17", "18", "19")
    concerts = [offering(hour, f"2026-11-28 {hour}:00", series_name="RÅ") for hour in hours]
    off = offering("20", "2026-11-28 20:00", series_name="RÅ", status=Status.CANCELLED)
    world = World("2026-11-21 12:00", *concerts, off, offering("x", "2026-11-29 17:00", series_name="RÅ"))
    world.follow(world.person(), "series", world.series_id("RÅ"))
    made = said(world)
    assert isinstance(made, Reminder)
    assert (made.follow_kind, made.more) == ("series", 2)


def test_who_is_gone_is_told_nothing() -> None:
    world = followed(CONCERT)
    [row, _] = world.rows()
    stranger = Delivery(**row.model_dump() | {"person_id": 99})
    assert dropped(world.compose(stranger)) == ("cancelled", "gone")


# Changes.


def changed(*steps: Any) -> World:
    world = followed(CONCERT)
    for step in steps:
        world.bring(step)
    world.notice()
    world.wait(minutes=15)
    world.notice()
    return world


def the_change(world: World, similar: Any = lambda _card, _now: ()) -> Notice | Dropped:
    [row] = world.rows("change", "cancellation")
    return world.compose(row, similar)


def test_a_cancellation_offers_something_like_it_and_another_change_does_not() -> None:
    asked = []

    def similar(card: Card, now: dt.datetime) -> tuple[Card, ...]:
        asked.append((card.id, now))
        return (card,)

    off = changed(offering("koncert", START, status=Status.CANCELLED))
    made = the_change(off, similar)
    assert isinstance(made, Change)
    assert (made.cancelled, made.alternatives) == (True, (made.card,))
    assert asked == [(1, off.now)]
    moved = the_change(changed(offering("koncert", date("2026-11-28 20:00", key=START))), similar)
    assert isinstance(moved, Change)
    assert (moved.cancelled, moved.alternatives, len(asked)) == (False, (), 1)


def test_a_notice_waits_when_it_has_changed_again_and_is_told_with_it() -> None:
    world = changed(offering("koncert", date("2026-11-28 20:00", key=START)))
    world.bring(offering("koncert", date("2026-11-28 21:00", key=START)))
    assert dropped(the_change(world)) == ("pending", "more-to-come")
    world.send("change")
    world.notice()
    world.wait(minutes=15)
    world.notice()
    [made] = world.send("change")
    assert isinstance(made, Change)
    assert made.changes[0].new == "2026-11-28T20:00:00+00:00"


def test_a_change_of_what_is_over_by_now_is_not_told() -> None:
    world = changed(offering("koncert", date("2026-11-28 20:00", key=START)))
    world.now = at("2026-11-28 21:00")
    assert dropped(the_change(world)) == ("expired", "too-late")


# Enrolment.

OPENS, CLOSES = at("2026-11-25 10:00"), at("2026-12-20 12:00")


def enrolling(**facts: Any) -> Any:
    dates = {"enrolment_opens": OPENS, "enrolment_closes": CLOSES}
    return offering("hold", "2027-03-01 19:00", **dates | facts)


@pytest.mark.parametrize(("number", "what"), [(0, "opens"), (1, "closes")])
def test_enrolment_is_told_of(number: int, what: str) -> None:
    made = said(followed(enrolling()), number)
    assert isinstance(made, Enrolment)
    assert made.what == what


@pytest.mark.parametrize(
    ("now_so", "reason"),
    [
        ({"status": Status.CANCELLED}, "off"),
        ({"status": Status.SOLD_OUT}, "full"),
        ({"remaining": 0}, "full"),
        ({"enrolment_opens": at("2026-11-26 10:00")}, "moved"),
        ({"enrolment_opens": None}, "moved"),
    ],
)
def test_enrolment_that_is_not_so_any_more_is_not_told_of(now_so: Any, reason: str) -> None:
    world = followed(enrolling())
    world.bring(enrolling(**now_so))
    assert dropped(said(world)) == ("cancelled", reason)


def test_enrolment_that_has_closed_is_not_told_of() -> None:
    assert dropped(said(followed(enrolling()), 0, "2026-12-20 12:00")) == ("expired", "too-late")
