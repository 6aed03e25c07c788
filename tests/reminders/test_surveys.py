"""The morning after: one question, at most once a week, and counts without names."""

import datetime as dt

import pytest
from sqlmodel import select

from catalog.model import Occurrence, Offering
from reminders import people, surveys
from reminders.model import Delivery, Follow, SurveyCount
from reminders.notices import Fate, Kind, Survey
from tests.catalog.factory import ZONE, at, offering, run, time
from tests.reminders.town import CHAT, Town


@pytest.fixture
def town() -> Town:
    """Friday evening; asked on Saturday 28 November."""
    return Town("2026-11-27 12:00")


def ask(town: Town, when: str = "2026-11-28 10:00") -> list[Survey]:
    town.wait(when)
    surveys.plan_surveys(town.database, town.now, ZONE)
    return town.post()


def followed(town: Town, *times, kind: str = "offering", chat: int = CHAT, **facts) -> int:
    (offering_id,) = town.publish(offering("Koncert", *(times or ("2026-11-27 19:00",)), **facts))
    town.follow(town.person(chat), kind, offering_id)
    return offering_id


def test_the_morning_after_one_question_at_ten(town: Town) -> None:
    followed(town)
    assert ask(town, "2026-11-27 23:00") == []
    assert ask(town, "2026-11-28 09:59") == []
    (survey,) = ask(town, "2026-11-28 10:00")
    assert (survey.card.title("da"), survey.occurrence.start) == ("Koncert", at("2026-11-27 19:00"))
    assert ask(town, "2026-11-28 11:00") == []
    assert ask(town, "2026-11-29 10:00") == []
    assert [row.key for row in town.rows()] == ["s:1:1"]


@pytest.mark.parametrize(
    ("times", "day"),
    [
        (time("2026-11-27 21:00", "2026-11-28 02:00"), "2026-11-28"),  # a night belongs to its evening
        (time("2026-11-27 21:00", "2026-11-28 05:00"), "2026-11-29"),
        (time("2026-11-28 00:00", "2026-11-28 03:00"), "2026-11-28"),
        (time("2026-11-27"), "2026-11-28"),
        (time("2026-11-27", "2026-11-28", time_known=False), "2026-11-28"),
        (time("2026-11-27 10:00", "2026-11-29 17:00"), "2026-11-30"),
        (run("2026-10-01 10:00", "2026-11-29 17:00"), "2026-11-30"),
    ],
)
def test_which_morning_is_the_one_after(town: Town, times, day: str) -> None:
    town.wait("2026-11-26 12:00")
    followed(town, times)
    asked = [d for d in ("2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30") if ask(town, f"{d} 10:00")]
    assert asked == [day]


@pytest.mark.parametrize(
    ("morning", "evening", "utc"),
    [("2026-03-29", "2026-03-28", "08:00"), ("2026-10-25", "2026-10-24", "09:00")],
)
def test_ten_o_clock_is_local_after_both_clock_change_nights(morning: str, evening: str, utc: str) -> None:
    town = Town(f"{evening} 12:00")
    followed(town, f"{evening} 19:00")
    asked_at = dt.datetime.fromisoformat(f"{morning}T{utc}:00+00:00")
    town.now = asked_at - dt.timedelta(minutes=1)
    assert surveys.plan_surveys(town.database, town.now, ZONE) == 0
    town.now = asked_at
    assert surveys.plan_surveys(town.database, town.now, ZONE) == 1


@pytest.mark.parametrize(
    ("table", "facts"),
    [
        (Offering, {"status": "cancelled"}),
        (Offering, {"status": "postponed"}),
        (Offering, {"withdrawn_at": at("2026-11-27 13:00")}),
        (Occurrence, {"status": "cancelled"}),
        (Occurrence, {"withdrawn_at": at("2026-11-27 13:00")}),
    ],
)
@pytest.mark.parametrize("too_late_for_the_plan", [False, True])
def test_nobody_is_asked_about_what_did_not_take_place(
    town: Town, table, facts: dict, too_late_for_the_plan: bool
) -> None:
    followed(town)
    if too_late_for_the_plan:
        town.wait("2026-11-28 10:00")
        assert surveys.plan_surveys(town.database, town.now, ZONE) == 1
    town.change(table, 1, **facts)
    assert ask(town) == []
    assert len(town.rows()) == too_late_for_the_plan


def test_one_date_that_is_followed_is_asked_about_and_its_neighbour_not(town: Town) -> None:
    town.publish(offering("Kursus", "2026-11-26 19:00", "2026-11-27 19:00"))
    anna = town.person()
    town.follow(anna, "occurrence", 2)
    town.wait("2026-11-27 10:00")
    assert ask(town, "2026-11-27 10:00") == []
    (survey,) = ask(town, "2026-11-28 10:00")
    assert survey.occurrence.id == 2


@pytest.mark.parametrize("kind", ["series", "organizer", "venue"])
def test_following_more_than_one_thing_at_once_is_no_plan_to_go(town: Town, kind: str) -> None:
    followed(town, kind=kind)
    assert ask(town) == []


def test_at_most_one_question_a_week(town: Town) -> None:
    days = [f"2026-{day} 19:00" for day in ("11-27", "11-28", "12-03", "12-04", "12-05")]
    followed(town, *days)
    mornings = [at("2026-11-28 10:00") + dt.timedelta(days=n) for n in range(10)]
    asked = [m.strftime("%d-%m") for m in mornings if ask(town, m.strftime("%Y-%m-%d %H:%M"))]
    assert asked == ["28-11", "05-12"]


def test_of_two_things_on_one_day_one_is_asked_about(town: Town) -> None:
    followed(town, "2026-11-27 13:00")
    followed(town, "2026-11-27 19:00")
    assert len(ask(town)) == 1


def test_who_followed_it_only_afterwards_is_not_asked(town: Town) -> None:
    (concert,) = town.publish(offering("Koncert", time("2026-11-27 19:00", "2026-11-27 21:00")))
    town.wait("2026-11-27 22:00")
    town.follow(town.person(), "offering", concert)
    assert ask(town) == []


@pytest.mark.parametrize(
    "facts", [{"surveys": False}, {"inactive_since": at("2026-11-27")}, {"weekly_cap": 0}]
)
def test_who_does_not_want_to_be_asked_is_not(town: Town, facts: dict) -> None:
    followed(town)
    town.person(**facts)
    if "inactive_since" in facts:
        town.write(lambda s: people.mark_inactive(s, 1, at("2026-11-27")))
    assert ask(town) == []


def test_opting_out_and_unfollowing_count_also_after_the_plan(town: Town) -> None:
    followed(town)
    followed(town, chat=CHAT + 1)
    town.wait("2026-11-28 10:00")
    assert surveys.plan_surveys(town.database, town.now, ZONE) == 2
    town.write(lambda s: people.set_surveys(s, CHAT, False))
    town.write(lambda s: s.delete(s.exec(select(Follow).where(Follow.person_id == 2)).one()))
    assert town.post() == []


def test_the_weekly_cap_counts_the_question(town: Town) -> None:
    followed(town)
    town.person(weekly_cap=1)
    told = Delivery(
        key="d:1:2026-11-27",
        person_id=1,
        kind=Kind.DIGEST,
        due_at=town.now,
        useful_until=town.now,
        priority=40,
        state="sent",
        settled_at=town.now,
        keep_until=at("2027-01-01"),
    )
    town.write(lambda s: s.add(told))
    assert ask(town) == []
    assert [row.kind for row in town.rows()] == [Kind.DIGEST]


def test_who_sleeps_long_is_asked_when_their_quiet_hours_end(town: Town) -> None:
    followed(town)
    town.person(quiet_until=dt.time(11))
    assert ask(town) == []
    town.wait("2026-11-28 11:00")
    assert len(town.post()) == 1


def test_after_two_days_down_only_yesterday_is_asked_about(town: Town) -> None:
    followed(town, "2026-11-27 19:00")
    followed(town, "2026-11-29 19:00", chat=CHAT + 1)
    (survey,) = ask(town, "2026-11-30 12:00")
    assert survey.to.chat_id == CHAT + 1


def test_everybody_is_asked_over_many_pages(town: Town, monkeypatch) -> None:
    monkeypatch.setattr(surveys, "_PAGE", 3)
    (concert,) = town.publish(offering("Koncert", "2026-11-27 14:00", "2026-11-27 19:00"))
    for n in range(10):
        town.follow(town.person(CHAT + n), "offering", concert)
    assert len({survey.to.chat_id for survey in ask(town)}) == 10


# Answers


def counts(town: Town) -> list[tuple[int, int, int]]:
    rows = town.read(lambda s: s.exec(select(SurveyCount)).all())
    return [(row.offering_id, row.went, row.stayed) for row in rows]


def say(town: Town, delivery: int, person: int, went: bool) -> bool:
    return town.write(lambda s: surveys.answer(s, delivery, person, went, town.now.date()))


def test_answers_are_counted_without_who(town: Town) -> None:
    concert = followed(town)
    for n in range(1, 4):
        town.follow(town.person(CHAT + n), "offering", concert)
    ask(town)
    for person, went in enumerate((True, True, False, True), 1):
        row = next(row for row in town.rows() if row.person_id == person)
        assert say(town, row.id, person, went)
    assert counts(town) == [(concert, 3, 1)]
    assert {(row.reason, str(row.payload)) for row in town.rows()} == {("answered", "{}")}


def test_a_second_tap_and_a_stranger_s_tap_count_nothing(town: Town) -> None:
    concert = followed(town)
    ask(town)
    (row,) = town.rows()
    assert not say(town, row.id, 2, True)
    assert say(town, row.id, 1, False)
    assert not say(town, row.id, 1, True)
    assert not say(town, 999, 1, True)
    assert counts(town) == [(concert, 0, 1)]


def test_an_answer_about_what_is_no_longer_in_the_catalogue_counts_nothing(town: Town) -> None:
    concert = followed(town)
    ask(town)
    town.write(lambda s: s.delete(s.get(Offering, concert)))
    assert not say(town, 1, 1, True)


def test_a_question_in_doubt_is_not_repeated_and_its_answer_counts(town: Town) -> None:
    followed(town)
    town.wait("2026-11-28 10:00")
    surveys.plan_surveys(town.database, town.now, ZONE)
    assert len(town.post(Fate.UNKNOWN)) == 1
    town.wait("2026-11-28 12:00")
    assert town.post() == []
    assert say(town, 1, 1, True)
