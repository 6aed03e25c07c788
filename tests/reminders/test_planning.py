"""When a reminder is due, over both clock changes."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reminders.leads import DAY_BEFORE, PRESETS, Lead
from reminders.planning import Happening, Quiet, plan_reminders

ZONE = ZoneInfo("Europe/Copenhagen")
NIGHT = Quiet(dt.time(21), dt.time(8))
NONE = Quiet(dt.time(0), dt.time(0))
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
TWO_HOURS = Lead(minutes=120)
DEFAULTS = (DAY_BEFORE, TWO_HOURS)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def concert(start: str, **facts: object) -> Happening:
    return Happening(at(start), None, ZONE, **facts)  # type: ignore[arg-type]


def local_dues(
    happening: Happening, leads=DEFAULTS, quiet: Quiet = NIGHT, since: dt.datetime = LONG_AGO
) -> list[str]:
    plan = plan_reminders(happening, leads, quiet, since)
    return [p.due_at.astimezone(ZONE).isoformat(timespec="minutes") for p in plan]


def test_a_concert_is_announced_the_day_before_at_five_and_two_hours_before() -> None:
    assert local_dues(concert("2026-11-28T19:00")) == ["2026-11-27T17:00+01:00", "2026-11-28T17:00+01:00"]


@pytest.mark.parametrize(
    ("start", "leads", "expected"),
    [
        # Spring: 29 March 2026, 02:00 does not exist.
        ("2026-03-29T12:00", DEFAULTS, ["2026-03-28T17:00+01:00", "2026-03-29T10:00+02:00"]),
        ("2026-03-30T12:00", (DAY_BEFORE,), ["2026-03-29T17:00+02:00"]),
        ("2026-03-29T12:00", (Lead(days=0, clock=dt.time(2, 30)),), ["2026-03-29T03:30+02:00"]),
        ("2026-03-29T04:00", (TWO_HOURS,), ["2026-03-29T01:00+01:00"]),
        # Autumn: 25 October 2026, 02:30 comes twice; the first is meant, once.
        ("2026-10-25T12:00", DEFAULTS, ["2026-10-24T17:00+02:00", "2026-10-25T10:00+01:00"]),
        ("2026-10-25T12:00", (Lead(days=0, clock=dt.time(2, 30)),), ["2026-10-25T02:30+02:00"]),
        ("2026-10-25T04:00", (TWO_HOURS,), ["2026-10-25T02:00+01:00"]),
    ],
)
def test_leads_over_the_clock_changes(start: str, leads: tuple[Lead, ...], expected: list[str]) -> None:
    assert local_dues(concert(start), leads, NONE) == expected


def test_a_reminder_in_quiet_hours_moves_to_just_before_they_begin() -> None:
    assert local_dues(concert("2026-11-28T09:00"), (TWO_HOURS,)) == ["2026-11-27T20:59+01:00"]


def test_it_is_dropped_when_another_goes_that_evening() -> None:
    assert local_dues(concert("2026-11-28T09:00")) == ["2026-11-27T17:00+01:00"]


def test_after_midnight_it_is_still_the_evening_before() -> None:
    assert local_dues(concert("2026-11-28T02:30"), (TWO_HOURS,)) == ["2026-11-27T20:59+01:00"]


def test_a_midnight_start_is_reminded_of_on_the_day_before_it() -> None:
    expected = ["2026-11-27T17:00+01:00", "2026-11-27T22:00+01:00"]
    assert local_dues(concert("2026-11-28T00:00"), quiet=NONE) == expected


def test_a_follow_made_after_the_lead_time_has_no_reminder_for_it() -> None:
    followed = at("2026-11-27T17:00")
    assert local_dues(concert("2026-11-28T19:00"), since=followed) == ["2026-11-28T17:00+01:00"]
    assert local_dues(concert("2026-11-28T19:00"), since=at("2026-11-28T17:30")) == []


def test_an_all_day_offering_is_reminded_of_by_the_calendar_and_useful_all_day() -> None:
    fair = concert("2026-11-28T00:00", time_known=False)
    (planned,) = plan_reminders(fair, DEFAULTS, NIGHT, LONG_AGO)
    assert planned.due_at == at("2026-11-27T17:00")
    assert planned.useful_until == at("2026-11-29T00:00")


def test_an_all_day_offering_with_only_minutes_chosen_comes_in_the_morning() -> None:
    assert local_dues(concert("2026-11-28T00:00", time_known=False), (TWO_HOURS,)) == [
        "2026-11-28T08:00+01:00"
    ]


def test_an_exhibition_is_reminded_of_the_day_before_its_last_day() -> None:
    exhibition = Happening(at("2026-10-01T10:00"), at("2026-12-13T17:00"), ZONE, is_run=True)
    (planned,) = plan_reminders(exhibition, DEFAULTS, NIGHT, LONG_AGO)
    assert planned.due_at == at("2026-12-12T17:00")
    assert planned.useful_until == at("2026-12-13T17:00")


def test_an_exhibition_that_ends_at_midnight_has_its_last_day_before_it() -> None:
    exhibition = Happening(
        at("2026-10-01T00:00"), at("2026-12-14T00:00"), ZONE, time_known=False, is_run=True
    )
    assert local_dues(exhibition) == ["2026-12-12T17:00+01:00"]


def test_no_leads_no_reminder() -> None:
    assert local_dues(concert("2026-11-28T19:00"), ()) == []


@pytest.mark.parametrize("text", ["", "d1", "m", "m0", "d99@17:00", "m99999", "d1@25:00", "x"])
def test_a_broken_lead_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        Lead.parse(text)


leads = st.lists(st.sampled_from(PRESETS), max_size=5)
starts = st.integers(0, 730 * 24 * 60).map(
    lambda m: (LONG_AGO + dt.timedelta(2192, minutes=m)).astimezone(ZONE)
)
clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(starts, leads, clocks, clocks, starts)
def test_no_plan_speaks_in_quiet_hours_or_too_late_or_too_early(
    start, chosen, since, until, followed
) -> None:
    quiet = Quiet(since, until)
    plan = plan_reminders(Happening(start, None, ZONE), chosen, quiet, followed)
    assert len(plan) <= len(chosen)
    for planned in plan:
        assert followed < planned.due_at < start
        assert quiet.span(planned.due_at, ZONE) is None


@given(st.sampled_from(PRESETS))
def test_a_lead_reads_as_it_writes(lead: Lead) -> None:
    assert Lead.parse(str(lead)) == lead
