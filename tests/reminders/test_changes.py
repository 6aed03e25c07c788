"""Followers hear of a change once, as one notice for a burst of edits."""

import pytest

from catalog.values import PriceKind, Status
from reminders.notices import Change, Kind
from reminders.outbox import Priority
from reminders.people import mark_inactive
from tests.catalog.factory import venue
from tests.reminders.world import World, at, date, offering

START = "2026-11-28 19:00"
CONCERT = offering("koncert", START)
TOLD = ("change", "cancellation")


def moved(start: str, **facts):
    return offering("koncert", date(start, key=START), **facts)


@pytest.fixture
def world() -> World:
    return World("2026-11-21 12:00", CONCERT)


@pytest.fixture
def follower(world: World) -> int:
    person = world.person()
    world.follow(person, "offering", world.id("koncert"))
    world.wait(hours=1)
    return person


def settle(world: World) -> int:
    """Wait until the edits are a burst that is over."""
    world.notice()
    world.wait(minutes=15)
    return world.notice()


def facts(notice: Change) -> list[tuple[str, str | None, str | None]]:
    return [(c.fact, c.old, c.new) for c in notice.changes]


def only(world: World) -> Change:
    [notice] = world.send(*TOLD)
    assert isinstance(notice, Change)
    return notice


def test_a_new_time_is_told_old_and_new(world: World, follower: int) -> None:
    world.bring(moved("2026-11-28 20:00"))
    assert settle(world) == 1
    notice = only(world)
    assert notice.to.chat_id == follower
    start, end = facts(notice)
    assert start == ("start", "2026-11-28T18:00:00+00:00", "2026-11-28T19:00:00+00:00")
    assert end == ("end", "2026-11-28T20:00:00+00:00", "2026-11-28T21:00:00+00:00")
    assert notice.changes[0].occurrence == notice.card.occurrences[0]
    assert not notice.cancelled


def test_it_is_told_once(world: World, follower: int) -> None:
    world.bring(moved("2026-11-28 20:00"))
    assert settle(world) == 1
    assert len(world.send(*TOLD)) == 1
    for minutes in (0, 1, 15, 600):
        world.wait(minutes=minutes)
        assert world.notice() == 0
    assert [row.key for row in world.rows("change")] == [f"c:{follower}:1:2"]


@pytest.mark.usefixtures("follower")
def test_a_burst_of_edits_is_one_notice(world: World) -> None:
    for start in ("20:00", "20:30", "21:00"):
        world.bring(moved(f"2026-11-28 {start}"))
        assert world.notice() == 0
        world.wait(minutes=14)
        assert world.notice() == 0
    world.wait(minutes=1)
    assert world.notice() == 1
    start, _ = facts(only(world))
    assert start == ("start", "2026-11-28T18:00:00+00:00", "2026-11-28T20:00:00+00:00")


@pytest.mark.usefixtures("follower")
def test_what_is_edited_without_end_is_told_after_an_hour(world: World) -> None:
    made = []
    for minutes in range(0, 70, 10):
        world.bring(moved(f"2026-11-28 20:{minutes % 60:02}"))
        made.append(world.notice())
        world.wait(minutes=10)
    assert made == [0, 0, 0, 0, 0, 0, 1]


@pytest.mark.usefixtures("follower")
def test_there_and_back_again_says_nothing(world: World) -> None:
    world.bring(moved("2026-11-28 20:00"))
    world.notice()
    world.wait(minutes=5)
    world.bring(CONCERT)
    assert settle(world) == 0
    assert world.rows(*TOLD) == []


@pytest.mark.usefixtures("follower")
def test_back_again_before_anybody_heard_of_it_takes_the_notice_away(world: World) -> None:
    world.now = at("2026-11-21 22:00")
    world.bring(moved("2026-11-28 20:00"))
    assert settle(world) == 1
    world.bring(CONCERT)
    assert settle(world) == 0
    assert world.pending(*TOLD) == []


@pytest.mark.usefixtures("follower")
def test_a_second_burst_before_anybody_heard_of_the_first_is_told_with_it(world: World) -> None:
    world.now = at("2026-11-21 22:00")
    world.bring(moved("2026-11-28 20:00"))
    settle(world)
    world.bring(moved("2026-11-28 21:00"))
    settle(world)
    assert world.dues(*TOLD) == ["2026-11-22 08:00"]
    world.now = at("2026-11-22 08:00")
    start, _ = facts(only(world))
    assert start == ("start", "2026-11-28T18:00:00+00:00", "2026-11-28T20:00:00+00:00")


@pytest.mark.usefixtures("follower")
def test_a_second_burst_after_the_first_was_heard_is_told_alone(world: World) -> None:
    world.bring(moved("2026-11-28 20:00"))
    settle(world)
    world.send(*TOLD)
    world.bring(moved("2026-11-28 21:00"))
    settle(world)
    start, _ = facts(only(world))
    assert start == ("start", "2026-11-28T19:00:00+00:00", "2026-11-28T20:00:00+00:00")


@pytest.mark.usefixtures("follower")
def test_one_offering_that_is_edited_holds_up_no_other_and_repeats_none(world: World) -> None:
    other = world.person()
    world.bring(offering("andet", START))
    world.follow(other, "offering", world.id("andet"))
    world.wait(minutes=1)
    world.bring(moved("2026-11-28 20:00"))
    world.bring(offering("andet", date("2026-11-28 20:00", key=START)))
    world.wait(minutes=10)
    world.bring(moved("2026-11-28 20:30"))
    world.wait(minutes=5)
    assert world.notice() == 1
    assert [row.person_id for row in world.pending(*TOLD)] == [other]
    world.send(*TOLD)
    world.wait(minutes=10)
    assert world.notice() == 1
    world.wait(minutes=30)
    assert world.notice() == 0


@pytest.mark.usefixtures("follower")
@pytest.mark.parametrize(
    "facts",
    [
        {"titles": {"da": "Et andet navn"}},
        {"price_kind": PriceKind.FREE},
        {"age_from": 13},
        {"status": Status.SOLD_OUT},
        {"remaining": 0},
    ],
)
def test_what_nobody_need_know_is_not_told(world: World, facts) -> None:
    world.bring(moved(START, **facts))
    assert settle(world) == 0


@pytest.mark.usefixtures("follower")
def test_importing_again_unchanged_makes_nothing(world: World) -> None:
    before = world.rows()
    world.bring(CONCERT)
    assert settle(world) == 0
    assert world.rows() == before


@pytest.mark.usefixtures("follower")
def test_an_item_that_vanishes_and_comes_back_tells_nobody(world: World) -> None:
    other = offering("andet", START)
    world.bring(other)
    before = world.rows()
    world.bring(other, complete=True)
    assert settle(world) == 0
    world.bring(CONCERT, other, complete=True)
    assert settle(world) == 0
    assert world.rows() == before


@pytest.mark.usefixtures("follower")
def test_places_again_is_told_to_every_follower(world: World) -> None:
    world.bring(moved(START, status=Status.SOLD_OUT))
    world.wait(hours=1)
    world.notice()
    world.bring(moved(START))
    assert settle(world) == 1
    assert facts(only(world)) == [("status", "sold-out", "scheduled")]


@pytest.mark.usefixtures("follower")
def test_a_new_place_is_told(world: World) -> None:
    world.bring(offering("koncert", date(START, venue=venue("Hallen"))))
    assert settle(world) == 1
    assert facts(only(world)) == [("venue", None, "Hallen")]


@pytest.mark.usefixtures("follower")
def test_a_cancellation_is_told_as_one_and_takes_the_reminders_at_once(world: World) -> None:
    world.bring(moved(START, status=Status.CANCELLED))
    assert world.notice() == 0
    assert world.pending("reminder") == []
    world.wait(minutes=15)
    assert world.notice() == 1
    [row] = world.pending()
    assert (row.kind, row.priority) == (Kind.CANCELLATION, Priority.CHANGE)
    assert only(world).cancelled


@pytest.mark.usefixtures("follower")
def test_cancelled_and_moved_at_once_tells_only_that_it_is_off(world: World) -> None:
    world.bring(moved("2026-11-29 20:00", status=Status.CANCELLED))
    settle(world)
    assert facts(only(world)) == [("status", "scheduled", "cancelled")]


@pytest.mark.usefixtures("follower")
def test_on_after_all_is_told(world: World) -> None:
    world.bring(moved(START, status=Status.CANCELLED))
    settle(world)
    world.send(*TOLD)
    world.bring(CONCERT)
    settle(world)
    notice = only(world)
    assert facts(notice) == [("status", "cancelled", "scheduled")]
    assert not notice.cancelled


def test_a_date_that_is_gone_is_told_as_gone_and_not_as_cancelled() -> None:
    world = World("2026-11-21 12:00", offering("hold", "2026-11-25 19:00", "2026-12-02 19:00"))
    world.follow(world.person(), "offering", world.id("hold"))
    gone = world.date_id("hold", "2026-11-25 19:00")
    world.wait(hours=1)
    world.bring(offering("hold", "2026-12-02 19:00"))
    assert settle(world) == 1
    notice = only(world)
    assert facts(notice) == [("status", "scheduled", None)]
    assert not notice.cancelled
    [change] = notice.changes
    assert change.occurrence is not None
    assert (change.occurrence.id, change.occurrence.start) == (gone, at("2026-11-25 19:00"))


def test_less_than_twelve_hours_before_it_goes_first() -> None:
    world = World("2026-11-28 10:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.wait(minutes=1)
    world.bring(moved("2026-11-28 20:00"))
    settle(world)
    assert [row.priority for row in world.pending("change")] == [Priority.URGENT_CHANGE]


@pytest.mark.parametrize("new", ["2026-11-28 20:00", "2026-11-30 19:00", "2026-11-28 17:45"])
def test_less_than_two_hours_before_nothing_waits(new: str) -> None:
    world = World("2026-11-28 17:20", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.wait(minutes=1)
    world.bring(moved(new))
    assert world.notice() == 1
    assert world.dues("change") == ["2026-11-28 17:21"]
    world.wait(minutes=20)
    assert world.notice() == 0


def test_at_night_it_waits_for_the_morning_unless_that_would_be_too_late() -> None:
    early = offering("koncert", date("2026-11-29 11:00", key=START))
    soon = offering("snart", date("2026-11-29 09:30", key=START))
    world = World("2026-11-28 22:00", early, soon)
    for name in ("koncert", "snart"):
        world.follow(world.person(), "offering", world.id(name))
    world.wait(minutes=1)
    world.bring(offering("koncert", date("2026-11-29 11:30", key=START)))
    world.bring(offering("snart", date("2026-11-29 12:00", key=START)))
    assert settle(world) == 2
    assert world.dues("change") == ["2026-11-28 22:16", "2026-11-29 08:00"]


def test_who_follows_another_date_or_came_after_the_change_hears_nothing() -> None:
    both = ("2026-11-25 19:00", "2026-12-02 19:00")
    world = World("2026-11-21 12:00", offering("hold", *both))
    mine, other, late = (world.person() for _ in range(3))
    for person, start in ((mine, both[0]), (other, both[1])):
        world.follow(person, "occurrence", world.date_id("hold", start))
    world.wait(hours=1)
    world.bring(offering("hold", date("2026-11-25 20:00", key=both[0]), both[1]))
    world.wait(minutes=5)
    world.follow(late, "offering", world.id("hold"))
    assert settle(world) == 1
    assert [row.person_id for row in world.pending("change")] == [mine]


def test_who_follows_a_series_hears_of_what_they_are_reminded_of() -> None:
    concerts = [offering(hour, f"2026-11-28 {hour}:00", series_name="RÅ") for hour in ("17", "19")]
    world = World("2026-11-21 12:00", *concerts)
    world.follow(world.person(), "series", world.series_id("RÅ"))
    world.wait(hours=1)
    for hour in ("17", "19"):
        key = f"2026-11-28 {hour}:00"
        world.bring(offering(hour, date(f"2026-11-28 {hour}:30", key=key), series_name="RÅ"))
    assert settle(world) == 1
    assert [row.offering_id for row in world.pending("change")] == [world.id("17")]


@pytest.mark.usefixtures("follower")
def test_what_is_over_is_not_told(world: World) -> None:
    world.now = at("2026-11-28 22:00")
    world.bring(moved("2026-11-28 18:00"))
    assert settle(world) == 0


@pytest.mark.usefixtures("follower")
def test_a_move_to_a_later_day_is_told_after_the_old_start_too(world: World) -> None:
    world.now = at("2026-11-28 20:00")
    world.bring(moved("2026-12-05 19:00"))
    assert settle(world) == 1


def test_interrupted_between_two_pages_nobody_is_told_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reminders.changes.PAGE", 1)
    world = World("2026-11-21 12:00", CONCERT)
    for _ in range(3):
        world.follow(world.person(), "offering", world.id("koncert"))
    world.wait(hours=1)
    world.bring(moved("2026-11-28 20:00"))
    world.notice()
    world.wait(minutes=15)
    pages = []

    def one_page_and_out(*_what):
        if pages:
            raise KeyboardInterrupt
        pages.append(1)
        return [1]

    with monkeypatch.context() as broken:
        broken.setattr("reminders.changes.followers", one_page_and_out)
        with pytest.raises(KeyboardInterrupt):
            world.notice()
    world.send("change")
    assert world.notice() == 2
    assert sorted(row.person_id for row in world.rows("change")) == [1, 2, 3]


def test_who_cannot_be_reached_is_not_told(world: World, follower: int) -> None:
    world.database.write(lambda session: mark_inactive(session, follower, world.now))
    world.bring(moved("2026-11-28 20:00"))
    assert settle(world) == 0
