"""Follows become reminders in the outbox, and stay what they should be whatever happens."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.values import Status
from reminders.duties import Counts
from reminders.follows import set_follow_leads, set_leads, set_quiet_hours, want_seats
from reminders.leads import Lead
from reminders.model import Person
from reminders.planning import Happening, Quiet, plan_reminders
from tests.reminders.world import ZONE, World, at, date, local, offering

CONCERT = offering("koncert", "2026-11-28 19:00")


def test_following_writes_the_reminders_with_the_follow() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    assert world.dues() == ["2026-11-27 17:00", "2026-11-28 17:00"]
    [first, _] = world.rows()
    assert first.key == f"r:1:{world.date_id('koncert', '2026-11-28 19:00')}:d1@17:00:20261128T180000Z"
    assert first.useful_until == at("2026-11-28 19:00")
    assert first.keep_until == at("2026-11-28 21:00") + dt.timedelta(days=30)


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        # Spring: 29 March 2026, 02:00 does not exist. Autumn: 25 October, 02:00 to 03:00 comes twice.
        (date("2026-03-29 12:00"), ["2026-03-28 17:00", "2026-03-29 10:00"]),
        (date("2026-03-30 12:00"), ["2026-03-29 17:00", "2026-03-30 10:00"]),
        (date("2026-10-25 12:00"), ["2026-10-24 17:00", "2026-10-25 10:00"]),
        (date("2026-10-26 12:00"), ["2026-10-25 17:00", "2026-10-26 10:00"]),
        # At midnight: two hours before is quiet, and another went that evening.
        (date("2026-06-10 00:00"), ["2026-06-09 17:00"]),
        # All day; a run, before its last day.
        (date("2026-06-10"), ["2026-06-09 17:00"]),
        (date("2026-05-01 10:00", end="2026-06-14 17:00", is_run=True), ["2026-06-13 17:00"]),
        (date("2026-05-01", end="2026-06-15", is_run=True), ["2026-06-13 17:00"]),
    ],
)
def test_when_reminders_come(what, expected) -> None:
    day = min(expected)[:10]
    world = World(f"{at(day).date() - dt.timedelta(days=20)} 12:00", offering("x", what))
    world.follow(world.person(), "offering", world.id("x"))
    assert world.dues() == expected


def test_an_exhibition_that_is_extended_is_reminded_of_its_new_last_day() -> None:
    shown = date("2026-11-01 10:00", end="2026-11-29 17:00", is_run=True)
    world = World("2026-11-21 12:00", offering("x", shown))
    world.follow(world.person(), "offering", world.id("x"))
    world.now = at("2026-11-28 17:00")
    assert len(world.send()) == 1
    longer = date("2026-11-01 10:00", end="2026-12-13 17:00", is_run=True, key="2026-11-01 10:00")
    world.bring(offering("x", longer))
    world.notice()
    assert world.dues("reminder") == ["2026-12-12 17:00"]


def test_an_exhibition_that_now_closes_tomorrow_has_no_reminder_that_had_been_due() -> None:
    def shown(until: str):
        return offering("x", date("2026-11-01 10:00", end=until, is_run=True))

    world = World("2026-11-21 12:00", shown("2026-12-13 17:00"))
    world.follow(world.person(), "offering", world.id("x"))
    world.now = at("2026-11-28 18:00")
    world.bring(shown("2026-11-29 17:00"))
    world.notice()
    world.repair()
    assert world.dues("reminder") == []


def test_a_series_is_reminded_of_once_a_day_of_its_first() -> None:
    concerts = [
        offering("b", "2026-11-28 19:00", series_name="RÅ"),
        offering("a", "2026-11-28 17:00", "2026-11-29 21:00", series_name="RÅ"),
    ]
    world = World("2026-11-21 12:00", *concerts)
    world.follow(world.person(), "series", world.series_id("RÅ"), leads=["m60"])
    assert world.dues() == ["2026-11-28 16:00", "2026-11-29 20:00"]


def test_the_next_of_the_day_stands_in_for_a_first_that_is_cancelled() -> None:
    concerts = [offering(n, f"2026-11-28 {n}:00", series_name="RÅ") for n in ("17", "19")]
    world = World("2026-11-21 12:00", *concerts)
    world.follow(world.person(), "series", world.series_id("RÅ"), leads=["m60"])
    world.bring(offering("17", "2026-11-28 17:00", series_name="RÅ", status=Status.CANCELLED))
    world.notice()
    assert world.dues("reminder") == ["2026-11-28 18:00"]


def test_followed_three_ways_it_is_still_one_reminder_for_each_lead() -> None:
    world = World("2026-11-21 12:00", offering("koncert", "2026-11-28 19:00", series_name="RÅ"))
    person = world.person()
    world.follow(person, "series", world.series_id("RÅ"))
    world.follow(person, "occurrence", world.date_id("koncert", "2026-11-28 19:00"))
    world.follow(person, "offering", world.id("koncert"), leads=["m120", "m30"])
    assert world.dues() == ["2026-11-27 17:00", "2026-11-28 17:00", "2026-11-28 18:30"]
    world.unfollow(person, "series", world.series_id("RÅ"))
    assert world.repair() == Counts()
    world.unfollow(person, "offering", world.id("koncert"))
    assert world.dues() == ["2026-11-27 17:00", "2026-11-28 17:00"]


def test_following_one_date_is_not_reminded_of_the_others() -> None:
    world = World("2026-11-21 12:00", offering("hold", "2026-11-25 19:00", "2026-12-02 19:00"))
    world.follow(world.person(), "occurrence", world.date_id("hold", "2026-12-02 19:00"))
    assert world.dues() == ["2026-12-01 17:00", "2026-12-02 17:00"]


def test_unfollowing_cancels_and_following_again_owes_again() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    person = world.person()
    world.follow(person, "offering", world.id("koncert"))
    assert world.unfollow(person, "offering", world.id("koncert"))
    assert world.pending() == []
    assert {row.state for row in world.rows()} == {"cancelled"}
    assert not world.unfollow(person, "offering", world.id("koncert"))
    world.now = at("2026-11-27 18:00")
    world.follow(person, "offering", world.id("koncert"))
    assert world.dues() == ["2026-11-28 17:00"]


def test_a_follow_made_after_the_lead_time_has_no_reminder_for_it() -> None:
    world = World("2026-11-28 17:30", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.repair()
    assert world.rows() == []


def test_reconciling_again_changes_nothing() -> None:
    world = World("2026-11-21 12:00", CONCERT, offering("x", "2026-11-29", "2026-12-01 10:00"))
    for name in ("koncert", "x"):
        world.follow(world.person(), "offering", world.id(name))
    before = world.rows()
    assert world.repair() == Counts()
    assert world.rows() == before


def test_holes_made_by_hand_are_repaired_also_those_that_are_due() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.lose(world.rows())
    assert world.repair() == Counts(made=2)
    world.lose(world.rows())
    world.now = at("2026-11-27 17:05")
    assert world.repair() == Counts(made=2)
    assert world.dues() == ["2026-11-27 17:05", "2026-11-28 17:00"]


def test_what_is_made_late_does_not_come_at_night() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.lose(world.rows())
    world.now = at("2026-11-28 03:00")
    world.repair()
    assert world.dues() == ["2026-11-28 08:00", "2026-11-28 17:00"]


def test_what_was_sent_or_given_up_is_not_planned_again() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    first, second = world.rows()
    world.set(first, state="sent")
    world.set(second, state="unknown")
    assert world.repair() == Counts()


def test_what_is_overdue_still_waits_to_be_sent() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.now = at("2026-11-28 10:00")
    assert world.repair() == Counts()
    assert len(world.pending()) == 2


def test_reminders_move_with_the_start_at_once() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.bring(offering("koncert", "2026-11-29 20:00"))
    world.notice()
    assert world.dues() == ["2026-11-28 17:00", "2026-11-29 18:00"]


def test_a_start_moved_before_its_own_reminder_has_none_for_it() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.now = at("2026-11-27 10:00")
    world.bring(offering("koncert", date("2026-11-27 15:00", key="2026-11-28 19:00")))
    world.notice()
    world.repair()
    assert world.dues("reminder") == ["2026-11-27 13:00"]


def test_moved_away_and_back_a_reminder_that_went_is_not_repeated() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.now = at("2026-11-27 17:00")
    assert len(world.send("reminder")) == 1
    world.bring(offering("koncert", "2026-11-28 20:00"))
    world.notice()
    world.bring(CONCERT)
    world.notice()
    assert world.dues("reminder") == ["2026-11-28 17:00"]


def test_a_late_reminder_survives_a_move_and_back() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.now = at("2026-11-27 18:00")
    world.bring(offering("koncert", "2026-11-28 20:00"))
    world.bring(CONCERT)
    world.notice()
    assert world.dues("reminder") == ["2026-11-27 17:00", "2026-11-28 17:00"]


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.POSTPONED])
@pytest.mark.parametrize("whole", [True, False])
def test_what_is_off_is_not_reminded_of_until_it_is_on_again(status: Status, whole: bool) -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    off = {"status": status}
    world.bring(offering("koncert", date("2026-11-28 19:00", **{} if whole else off), **off if whole else {}))
    world.notice()
    assert world.dues("reminder") == []
    world.bring(CONCERT)
    world.notice()
    assert world.dues("reminder") == ["2026-11-27 17:00", "2026-11-28 17:00"]


def test_a_date_that_is_gone_is_not_reminded_of_and_one_that_comes_back_is() -> None:
    both = offering("hold", "2026-11-25 19:00", "2026-11-26 19:00")
    world = World("2026-11-21 12:00", both)
    world.follow(world.person(), "occurrence", world.date_id("hold", "2026-11-25 19:00"))
    world.bring(offering("hold", "2026-11-26 19:00"))
    world.notice()
    assert world.dues("reminder") == []
    world.bring(both)
    world.notice()
    assert world.dues("reminder") == ["2026-11-24 17:00", "2026-11-25 17:00"]


def test_an_offering_that_vanishes_from_its_source_is_still_reminded_of() -> None:
    world = World("2026-11-21 12:00", CONCERT, offering("andet", "2026-11-28 19:00"))
    world.follow(world.person(), "offering", world.id("koncert"))
    world.bring(offering("andet", "2026-11-28 19:00"), complete=True)
    world.notice()
    world.repair()
    assert len(world.dues()) == 2


def test_a_new_date_of_something_followed_is_reminded_of() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    world.follow(world.person(), "offering", world.id("koncert"))
    world.bring(offering("koncert", "2026-11-28 19:00", "2026-12-05 19:00"))
    world.repair()
    assert world.dues()[2:] == ["2026-12-04 17:00", "2026-12-05 17:00"]


def test_far_ahead_duties_are_written_when_they_come_near() -> None:
    world = World("2026-11-21 12:00", offering("x", "2027-01-10 19:00"))
    world.follow(world.person(), "offering", world.id("x"))
    assert world.rows() == []
    world.now = at("2026-12-10 12:00")
    assert world.repair().made == 2


def test_other_lead_times_for_all_and_for_one() -> None:
    world = World("2026-11-21 12:00", CONCERT, offering("x", "2026-11-29 19:00"))
    person = world.person()
    own = world.follow(person, "offering", world.id("koncert"))
    world.follow(person, "offering", world.id("x"))
    world.do(set_leads, person, ["m60"])
    assert world.dues() == ["2026-11-28 18:00", "2026-11-29 18:00"]
    assert world.do(set_follow_leads, person, own.id, ["d7@17:00", "m30"])
    assert world.dues() == ["2026-11-21 17:00", "2026-11-28 18:30", "2026-11-29 18:00"]
    assert world.do(set_follow_leads, person, own.id, None)
    assert world.do(set_follow_leads, person + 1, own.id, []) is False
    assert world.dues() == ["2026-11-28 18:00", "2026-11-29 18:00"]
    world.do(set_leads, person, [])
    assert world.dues() == []


def test_a_lead_chosen_after_its_time_is_not_sent_late() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    person = world.person()
    world.follow(person, "offering", world.id("koncert"))
    world.now = at("2026-11-26 12:00")
    world.do(set_leads, person, ["d3@17:00", "m120"])
    world.repair()
    assert world.dues() == ["2026-11-28 17:00"]


def test_other_quiet_hours_move_what_falls_in_them() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    person = world.person()
    world.follow(person, "offering", world.id("koncert"))
    world.do(set_quiet_hours, person, dt.time(16), dt.time(18))
    assert world.dues() == ["2026-11-27 15:59", "2026-11-28 15:59"]
    assert world.repair() == Counts()


def test_a_reminder_of_the_evening_gives_way_to_a_new_one_of_that_evening() -> None:
    world = World("2026-11-21 12:00", offering("koncert", "2026-11-28 09:00"))
    person = world.person(leads=["m120"])
    world.follow(person, "offering", world.id("koncert"))
    assert world.dues() == ["2026-11-27 20:59"]
    world.do(set_leads, person, ["d1@17:00", "m120"])
    assert world.dues() == ["2026-11-27 17:00"]


def test_nothing_is_planned_for_who_cannot_be_reached_and_all_of_it_when_they_are_back() -> None:
    world = World("2026-11-21 12:00", CONCERT)
    person = world.person()
    world.follow(person, "offering", world.id("koncert"))
    row = Person(id=person, chat_id=0, language="da", last_seen=world.now.date(), created_on=world.now.date())
    world.set(row, inactive_since=world.now)
    world.repair()
    assert world.pending() == []
    world.set(row, inactive_since=None)
    world.repair()
    assert len(world.pending()) == 2


def test_every_follower_is_reached_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reminders.duties.PAGE", 2)
    world = World("2026-11-21 12:00", CONCERT)
    for _ in range(5):
        world.follow(world.person(), "offering", world.id("koncert"))
    world.lose(world.rows())
    assert world.repair() == Counts(made=10)


# Enrolment.

COURSE = {"enrolment_opens": at("2026-11-25 10:00"), "enrolment_closes": at("2026-12-01 23:59")}


def test_enrolment_is_told_of_when_it_opens_and_two_days_before_it_closes() -> None:
    world = World("2026-11-21 12:00", offering("hold", "2027-03-01 19:00", **COURSE))
    world.follow(world.person(), "offering", world.id("hold"))
    # 29 November 23:59 is quiet.
    assert world.dues("enrolment") == ["2026-11-25 10:00", "2026-11-29 20:59"]
    opens, closes = world.rows()
    assert (opens.key, closes.key) == ("e:1:1:opens:20261125T090000Z", "e:1:1:closes:20261201T225900Z")


def test_enrolment_that_opens_at_night_is_told_of_in_the_morning() -> None:
    opens = at("2026-11-25 00:00")
    world = World("2026-11-21 12:00", offering("hold", "2027-03-01 19:00", enrolment_opens=opens))
    world.follow(world.person(), "offering", world.id("hold"))
    assert world.dues() == ["2026-11-25 08:00"]


def test_enrolment_that_has_opened_or_is_open_for_a_day_only_is_told_of_once() -> None:
    day = {"enrolment_opens": at("2026-11-25 10:00"), "enrolment_closes": at("2026-11-26 10:00")}
    world = World("2026-11-21 12:00", offering("hold", "2027-03-01 19:00", **day))
    world.follow(world.person(), "offering", world.id("hold"))
    assert world.dues() == ["2026-11-25 10:00"]
    world.now = at("2026-11-25 11:00")
    world.follow(world.person(), "offering", world.id("hold"))
    assert world.dues() == ["2026-11-25 10:00"]


def test_enrolment_alerts_move_with_it_and_go_with_the_follow() -> None:
    world = World("2026-11-21 12:00", offering("hold", "2027-03-01 19:00", **COURSE))
    person = world.person()
    world.follow(person, "occurrence", world.date_id("hold", "2027-03-01 19:00"))
    later = COURSE | {"enrolment_opens": at("2026-11-26 10:00")}
    world.bring(offering("hold", "2027-03-01 19:00", **later))
    world.notice()
    assert world.dues() == ["2026-11-26 10:00", "2026-11-29 20:59"]
    world.unfollow(person, "occurrence", world.date_id("hold", "2027-03-01 19:00"))
    assert world.dues() == []


def test_a_place_that_becomes_free_is_told_once_and_only_to_who_asked() -> None:
    def with_places(remaining: int):
        return offering("hold", "2027-03-01 19:00", remaining=remaining)

    world = World("2026-11-21 12:00", with_places(0))
    asked, other = world.person(), world.person()
    world.do(want_seats, asked, world.id("hold"))
    world.follow(other, "offering", world.id("hold"))
    world.wait(hours=1)
    world.bring(with_places(2))
    world.notice()
    assert [(row.person_id, row.payload) for row in world.pending("enrolment")] == [(asked, {"what": "seat"})]
    assert len(world.send()) == 1
    world.wait(minutes=20)
    world.notice()
    # The other hears of it in a notice of the change; who was told of the place does not hear it twice.
    assert [row.person_id for row in world.pending("change")] == [other]
    for remaining in (0, 1):
        world.bring(with_places(remaining))
        world.notice()
    assert world.pending("enrolment") == []


def test_a_place_that_is_taken_before_they_heard_leaves_them_waiting() -> None:
    world = World("2026-11-21 23:00", offering("hold", "2027-03-01 19:00", remaining=0))
    world.do(want_seats, world.person(), world.id("hold"))
    world.bring(offering("hold", "2027-03-01 19:00", remaining=1))
    world.notice()
    assert world.dues() == ["2026-11-22 08:00"]
    world.bring(offering("hold", "2027-03-01 19:00", remaining=0))
    world.notice()
    assert world.dues() == []
    world.now = at("2026-11-22 12:00")
    world.bring(offering("hold", "2027-03-01 19:00", remaining=3))
    world.notice()
    assert world.dues() == ["2026-11-22 12:00"]


# Whatever happens, what waits is what should be there.

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
NAMES = ("a", "b")
HOURS = [dt.timedelta(hours=hour) for hour in (9, 24, 19 + 24, 48, 57, 72)]
LEADS = ("d1@17:00", "d0@08:00", "m120", "m30", "d3@17:00")
KINDS = ("offering", "occurrence", "series")
leads = st.lists(st.sampled_from(LEADS), max_size=3, unique=True)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("follow"), st.sampled_from(KINDS), st.sampled_from(NAMES), st.none() | leads),
        st.tuples(st.just("unfollow"), st.sampled_from(KINDS), st.sampled_from(NAMES)),
        st.tuples(st.just("move"), st.sampled_from(NAMES), st.sampled_from("12"), st.sampled_from(HOURS)),
        st.tuples(st.just("turn"), st.sampled_from(NAMES)),
        st.tuples(st.just("drop"), st.sampled_from(NAMES)),
        st.tuples(st.just("choose"), leads),
        st.tuples(st.just("wait"), st.integers(1, 40)),
        st.tuples(st.just("lose"), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=14,
)


class Life:
    """One person and two offerings of a series; what they follow, and what that should come to."""

    def __init__(self) -> None:
        self.begin = at("2026-12-01 00:00")
        self.dates = {(name, key): HOURS[int(key) + i] for i, name in enumerate(NAMES) for key in "12"}
        self.off: set[str] = set()
        self.dropped: set[str] = set()
        self.world = World("2026-11-29 12:00", *map(self.draft, NAMES))
        self.person = self.world.person()
        self.leads = ["d1@17:00", "m120"]
        self.follows: dict[tuple[str, str], tuple[list[str] | None, dt.datetime]] = {}
        self.moved: dict[tuple[str, str], dt.datetime] = {}
        self.ids = {place: self.world.date_id(place[0], self.start(*place)) for place in self.dates}

    def start(self, name: str, key: str) -> str:
        moment = self.begin.replace(tzinfo=None) + self.dates[name, key]
        return moment.isoformat(" ", "minutes")

    def draft(self, name: str):
        keys = "1" if name in self.dropped else "12"
        dates = [date(self.start(name, key), key=key) for key in keys]
        status = Status.CANCELLED if name in self.off else Status.SCHEDULED
        return offering(name, *dates, status=status, series_name="serien")

    def bring(self, name: str) -> None:
        self.world.bring(self.draft(name))
        self.world.notice()

    def target(self, kind: str, name: str) -> int:
        if kind == "series":
            return self.world.series_id("serien")
        return self.world.id(name) if kind == "offering" else self.ids[name, "1"]

    def follow(self, kind: str, name: str, own: list[str] | None) -> None:
        self.world.follow(self.person, kind, self.target(kind, name), leads=own)
        place = (kind, "" if kind == "series" else name)
        before, since = self.follows.get(place, (None, self.world.now))
        self.follows[place] = (before if own is None else own, since)

    def unfollow(self, kind: str, name: str) -> None:
        place = (kind, "" if kind == "series" else name)
        assert self.world.unfollow(self.person, kind, self.target(kind, name)) == (place in self.follows)
        self.follows.pop(place, None)

    def move(self, name: str, key: str, to: dt.timedelta) -> None:
        taken = [start for place, start in self.dates.items() if place[0] == name]
        if to not in taken and not (key == "2" and name in self.dropped):
            self.dates[name, key] = to
            self.moved[name, key] = self.world.now
            self.bring(name)

    def turn(self, name: str) -> None:
        self.off ^= {name}
        self.bring(name)

    def drop(self, name: str) -> None:
        self.dropped ^= {name}
        self.bring(name)

    def choose(self, chosen: list[str]) -> None:
        self.leads = chosen
        self.world.do(set_leads, self.person, chosen)

    def wait(self, hours: int) -> None:
        self.world.wait(hours=hours)

    def lose(self, number: int) -> None:
        ahead = [row for row in self.world.pending("reminder") if row.due_at > self.world.now]
        self.world.lose(ahead[number : number + 1])
        self.world.repair()

    def expected(self) -> set[tuple[int, str, str]]:
        """(date, lead, when) of every reminder still to come, from first principles."""
        owed = set()
        for place, id_ in self.ids.items():
            reaching = [known for kind, known in self.follows.items() if self.reaches(kind, place)]
            if reaching and self.is_on(place):
                chosen = sorted(
                    {lead for own, _ in reaching for lead in (self.leads if own is None else own)}
                )
                since = max(min(since for _, since in reaching), self.moved.get(place, LONG_AGO))
                what = Happening(at(self.start(*place)), None, ZONE)
                night = Quiet(dt.time(21), dt.time(8))
                for planned in plan_reminders(what, map(Lead.parse, chosen), night, since):
                    if planned.due_at > self.world.now:
                        owed.add((id_, str(planned.lead), local(planned.due_at)))
        return owed

    def is_on(self, place: tuple[str, str]) -> bool:
        return place[0] not in self.off and not (place[1] == "2" and place[0] in self.dropped)

    def reaches(self, followed: tuple[str, str], place: tuple[str, str]) -> bool:
        kind, name = followed
        if kind == "series":
            day = self.start(*place)[:10]
            that_day = [p for p in self.dates if self.is_on(p) and self.start(*p)[:10] == day]
            return place == min(that_day, key=lambda p: (self.dates[p], self.ids[p]), default=None)
        return name == place[0] and (kind == "offering" or place[1] == "1")

    def waiting(self) -> set[tuple[int, str, str]]:
        rows = [row for row in self.world.pending("reminder") if row.due_at > self.world.now]
        return {
            (row.occurrence_id or 0, row.key.split(":", 3)[3].rsplit(":", 1)[0], local(row.due_at))
            for row in rows
        }


@settings(max_examples=30, deadline=None)
@given(steps)
def test_what_waits_is_always_what_the_follows_ask_for(lived) -> None:
    life = Life()
    for what, *how in lived:
        getattr(life, what)(*how)
        assert life.waiting() == life.expected()
    assert life.world.repair() == Counts()
    life.world.database.close()
