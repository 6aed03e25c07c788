"""Following: begun, ended, looked at by date, snoozed."""

import datetime as dt

import pytest

from catalog.values import Status
from reminders import follows
from reminders.model import Delivery
from reminders.refusals import RefusedError
from tests.reminders.world import World, at, date, local, offering

CONCERT = offering("koncert", "2026-11-28 19:00", organizer="Huset", series_name="RÅ")


@pytest.fixture
def world() -> World:
    return World("2026-11-21 12:00", CONCERT)


def mine(world: World, person: int) -> list[follows.FollowView]:
    return world.database.read(lambda session: follows.follows_of(session, person, world.now))


def reminded(world: World, person: int, when: str = "2026-11-27 17:00") -> Delivery:
    """The reminder that has been sent for the concert by then."""
    world.follow(person, "offering", world.id("koncert"))
    world.now = at(when)
    world.send("reminder")
    return [row for row in world.rows("reminder") if row.state == "sent"][-1]


def test_what_one_follows_is_listed_by_its_next_date() -> None:
    past_and_next = offering("hold", "2026-11-22 10:00", "2026-12-05 10:00")
    over = offering("over", "2026-11-22 10:00")
    world = World("2026-11-21 12:00", CONCERT, past_and_next, over)
    person = world.person()
    for name in ("over", "hold", "koncert"):
        world.follow(person, "offering", world.id(name))
    world.follow(person, "organizer", 1)
    world.now = at("2026-11-23 12:00")
    views = mine(world, person)
    assert [view.name("da") for view in views] == ["Koncert", "Hold", "Over", "Huset"]
    assert [view.next and local(view.next.start) for view in views] == [
        "2026-11-28 19:00",
        "2026-12-05 10:00",
        None,
        None,
    ]


def test_one_date_and_a_series_show_their_own_next_date() -> None:
    dates = ("2026-11-25 19:00", "2026-12-02 19:00")
    world = World("2026-11-21 12:00", offering("hold", *dates, series_name="RÅ"), CONCERT)
    person = world.person()
    world.follow(person, "occurrence", world.date_id("hold", dates[1]))
    world.follow(person, "series", world.series_id("RÅ"), leads=["m60"])
    series, one = mine(world, person)
    assert (series.name("en"), series.kind, series.leads) == ("RÅ", "series", ("m60",))
    assert (one.name("en"), one.kind, one.leads) == ("Hold", "occurrence", None)
    assert [view.next and local(view.next.start) for view in (series, one)] == list(dates)


def test_what_is_cancelled_has_no_next_date(world: World) -> None:
    person = world.person()
    world.follow(person, "offering", world.id("koncert"))
    world.bring(CONCERT.model_copy(update={"status": Status.CANCELLED}))
    [view] = mine(world, person)
    assert view.next is None
    assert view.card is not None
    assert view.card.status is Status.CANCELLED


def test_nobody_sees_what_others_follow(world: World) -> None:
    world.follow(world.person(), "offering", world.id("koncert"))
    assert mine(world, world.person()) == []


def test_following_twice_is_one_follow_and_keeps_its_leads(world: World) -> None:
    person = world.person()
    first = world.follow(person, "offering", world.id("koncert"), leads=["m30"])
    world.wait(hours=1)
    second = world.follow(person, "offering", world.id("koncert"))
    assert (first.id, second.leads, second.created_at) == (second.id, ["m30"], at("2026-11-21 12:00"))
    assert world.dues() == ["2026-11-28 18:30"]


def test_an_organiser_and_a_venue_are_followed_without_reminders(world: World) -> None:
    world.follow(world.person(), "organizer", 1)
    assert world.rows() == []


@pytest.mark.parametrize("kind", follows.TARGETS)
def test_what_does_not_exist_cannot_be_followed(world: World, kind: str) -> None:
    with pytest.raises(RefusedError, match="gone"):
        world.follow(world.person(), kind, 99)


def test_a_broken_lead_or_kind_follows_nothing(world: World) -> None:
    person = world.person()
    for kind, leads in (("offering", ["m0"]), ("person", None)):
        with pytest.raises(ValueError, match=r"^(m0|person)$"):
            world.follow(person, kind, world.id("koncert"), leads=leads)
    assert mine(world, person) == []


def test_snoozed_it_comes_again_and_snoozing_again_moves_it(world: World) -> None:
    person = world.person()
    row = reminded(world, person)
    assert world.do(follows.snooze, row.id, person, 30) == at("2026-11-27 17:30")
    world.wait(minutes=1)
    assert world.do(follows.snooze, row.id, person, 60) == at("2026-11-27 18:01")
    assert world.dues() == ["2026-11-27 18:01", "2026-11-28 17:00"]
    world.repair()
    world.now = at("2026-11-27 18:01")
    assert len(world.send("reminder")) == 1
    again = [row for row in world.rows() if row.state == "sent"][-1]
    assert world.do(follows.snooze, again.id, person, 60) == at("2026-11-27 19:01")


def test_snoozed_until_tomorrow_morning(world: World) -> None:
    person = world.person(quiet_from=dt.time(22), quiet_until=dt.time(9))
    row = reminded(world, person)
    assert world.do(follows.snooze, row.id, person, None) == at("2026-11-28 09:00")
    world.now = at("2026-11-28 02:00")
    assert world.do(follows.snooze, row.id, person, None) == at("2026-11-28 09:00")


def test_what_would_come_after_the_start_is_not_snoozed(world: World) -> None:
    person = world.person()
    row = reminded(world, person, "2026-11-28 17:00")
    assert world.do(follows.snooze, row.id, person, 120) is None
    assert world.do(follows.snooze, row.id, person, None) is None
    assert world.do(follows.snooze, row.id, person, 119) is not None


def test_nobody_snoozes_for_another_or_what_was_not_sent(world: World) -> None:
    person = world.person()
    row = reminded(world, person)
    assert world.do(follows.snooze, row.id, world.person(), 30) is None
    [waiting] = world.pending()
    assert world.do(follows.snooze, waiting.id, person, 30) is None
    assert world.do(follows.snooze, 999, person, 30) is None


@pytest.mark.parametrize("what", ["unfollowed", "moved", "cancelled"])
def test_a_snoozed_reminder_goes_with_its_reason(world: World, what: str) -> None:
    person = world.person()
    row = reminded(world, person, "2026-11-28 17:00")
    world.do(follows.snooze, row.id, person, 30)
    if what == "unfollowed":
        world.unfollow(person, "offering", world.id("koncert"))
    elif what == "moved":
        later = date("2026-12-05 19:00", key="2026-11-28 19:00")
        world.bring(CONCERT.model_copy(update={"occurrences": (later,)}))
    else:
        world.bring(CONCERT.model_copy(update={"status": Status.CANCELLED}))
    world.notice()
    assert all(":z" not in row.key for row in world.pending())


def test_why_they_get_it_is_the_most_particular_follow(world: World) -> None:
    person = world.person()
    row = reminded(world, person)
    day = world.date_id("koncert", "2026-11-28 19:00")
    world.follow(person, "series", world.series_id("RÅ"))

    def why() -> follows.FollowView | None:
        return world.database.read(lambda session: follows.why(session, row.id or 0, person, world.now))

    assert [view.kind for view in [why()] if view] == ["offering"]
    world.follow(person, "occurrence", day)
    assert [view.kind for view in [why()] if view] == ["occurrence"]
    for kind, target in (("occurrence", day), ("offering", 1)):
        world.unfollow(person, kind, target)
    assert [view.kind for view in [why()] if view] == ["series"]
    world.unfollow(person, "series", world.series_id("RÅ"))
    assert why() is None


def test_wanting_a_place_follows_the_offering(world: World) -> None:
    person = world.person()
    world.do(follows.want_seats, person, world.id("koncert"))
    [view] = mine(world, person)
    assert view.wants_seats
    assert len(world.dues("reminder")) == 2
