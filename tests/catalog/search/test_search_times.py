"""When: what is on, what has begun, what is over, by the clock on the wall."""

import datetime as dt

import pytest

from catalog.query import Query
from tests.catalog.factory import at, offering, run, time
from tests.catalog.search.asking import Asked, local, window


def test_what_has_ended_is_in_no_list() -> None:
    asked = Asked(
        offering("Forbi", time("2026-11-25 10:00", "2026-11-25 12:00")),
        offering("I gang", time("2026-11-25 14:00", "2026-11-25 16:00")),
    )
    assert asked.titles() == ["I gang"]


def test_an_unknown_end_is_three_hours_after_the_start() -> None:
    asked = Asked(offering("Nu", "2026-11-25 12:01"), offering("Slut", "2026-11-25 12:00"))
    assert asked.titles() == ["Nu"]


def test_an_end_at_the_start_is_no_end() -> None:
    assert Asked(offering("Åben", time("2026-11-25 14:00", "2026-11-25 14:00"))).titles() == ["Åben"]


def test_an_unknown_time_of_day_lasts_until_local_midnight() -> None:
    sources = (offering("I dag", "2026-11-25"), offering("I går", "2026-11-24"))
    assert Asked(*sources, now="2026-11-25 23:59").titles() == ["I dag"]


@pytest.mark.parametrize("format_", ["performance", "talk", "workshop", "tour", "camp"])
def test_what_nobody_can_join_late_is_hidden_once_it_has_begun(format_: str) -> None:
    asked = Asked(offering("I gang", time("2026-11-25 15:00", "2026-11-25 17:00"), formats=(format_,)))
    assert asked.titles() == []
    assert asked.marked("begun", now_asked=True) == ["I gang"]


def test_an_exhibition_stays_until_it_ends_and_is_not_marked_as_begun() -> None:
    asked = Asked(offering("Billeder", run("2026-11-01", "2026-12-01"), formats=("exhibition",)))
    assert asked.titles() == ["Billeder"]
    assert asked.marked("begun", now_asked=True) == []


def test_a_workshop_today_at_an_unknown_hour_has_not_surely_begun() -> None:
    assert Asked(offering("Værksted", "2026-11-25", formats=("workshop",))).titles() == ["Værksted"]


def test_a_run_of_an_exhibition_with_talks_stays_but_a_begun_camp_goes() -> None:
    asked = Asked(
        offering("Udstilling med foredrag", run("2026-11-01", "2026-12-01"), formats=("exhibition", "talk")),
        offering("Lejr", run("2026-11-23", "2026-11-28"), formats=("camp",)),
    )
    assert asked.titles() == ["Udstilling med foredrag"]


@pytest.mark.parametrize("status", ["cancelled", "postponed"])
def test_cancelled_and_postponed_are_never_listed(status: str) -> None:
    asked = Asked(
        offering("Hele tilbuddet", "2026-11-26 19:00", status=status),
        offering("Den ene gang", time("2026-11-26 19:00", status=status), "2026-11-27 19:00"),
    )
    assert asked.titles() == ["Den ene gang"]
    assert asked.hit("Den ene gang").start == at("2026-11-27 19:00")


def test_a_rescheduled_one_is_listed_at_its_new_time() -> None:
    moved = time("2026-11-27 19:00", status="rescheduled", previous_start=at("2026-11-26 19:00"))
    assert Asked(offering("Flyttet", moved, status="rescheduled")).titles() == ["Flyttet"]


def test_what_lies_more_than_eighteen_months_ahead_waits() -> None:
    asked = Asked(offering("Om et år", "2027-11-25 19:00"), offering("Om to år", "2028-11-25 19:00"))
    assert asked.titles() == ["Om et år"]


def test_on_at_some_time_within_the_window_is_enough() -> None:
    asked = Asked(
        offering("Rækker ind", time("2026-11-26 17:00", "2026-11-26 19:00")),
        offering("Slutter ved åbning", time("2026-11-26 16:00", "2026-11-26 18:00")),
        offering("Starter ved lukning", time("2026-11-26 20:00", "2026-11-26 21:00")),
    )
    assert asked.titles(windows=window("2026-11-26 18:00", "2026-11-26 20:00")) == ["Rækker ind"]


def test_a_window_with_an_open_end_reaches_to_the_horizon() -> None:
    asked = Asked(offering("Nær", "2026-11-26 19:00"), offering("Fjern", "2027-06-01 19:00"))
    assert asked.titles(windows=window("2027-01-01", None)) == ["Fjern"]
    assert asked.titles(windows=window(None, "2027-01-01")) == ["Nær"]


def test_either_of_two_windows_will_do() -> None:
    asked = Asked(*(offering(f"Den {day}.", f"2026-11-{day} 12:00") for day in (26, 27, 28)))
    windows = window("2026-11-26", "2026-11-27") + window("2026-11-28", "2026-11-29")
    assert asked.titles(windows=windows) == ["Den 26.", "Den 28."]


def test_what_must_begin_within_the_window_may_not_have_begun_before() -> None:
    asked = Asked(
        offering("Åbner", run("2026-11-27", "2026-12-27"), formats=("exhibition",)),
        offering("Løber", run("2026-11-01", "2026-12-27"), formats=("exhibition",)),
    )
    assert asked.titles(windows=window("2026-11-27", "2026-11-28"), starts_only=True) == ["Åbner"]


def test_a_run_counts_on_the_days_it_is_open() -> None:
    exhibition = run("2026-11-01", "2026-12-24", open_days=(2, 3, 4, 5, 6, 7))
    asked = Asked(offering("Lukket om mandagen", exhibition))
    assert asked.titles(windows=window("2026-11-30", "2026-12-01")) == []  # a Monday
    assert asked.titles(windows=window("2026-12-01", "2026-12-02")) == ["Lukket om mandagen"]


def test_a_run_counts_in_the_hours_it_is_open() -> None:
    exhibition = run("2026-11-01", "2026-12-24", opens=local(11), closes=local(17))
    asked = Asked(offering("Museum", exhibition))
    assert asked.titles(from_time=local(16), until_time=local(20)) == ["Museum"]
    assert asked.titles(from_time=local(17), until_time=local(20)) == []


def test_a_run_that_closes_after_midnight_is_open_until_then() -> None:
    night = run("2026-11-01", "2026-12-24", opens=local(20), closes=local(2), open_days=(5,))
    asked = Asked(offering("Natmuseum", night))
    assert asked.titles(windows=window("2026-11-28 01:00", "2026-11-28 02:00")) == ["Natmuseum"]
    assert asked.titles(windows=window("2026-11-28 02:00", "2026-11-28 03:00")) == []


def test_a_run_that_has_closed_for_good_today_is_over() -> None:
    last_day = run("2026-11-01", "2026-11-26", opens=local(10), closes=local(14))
    assert Asked(offering("Sidste dag", last_day), now="2026-11-25 14:00").titles() == []


def test_weekdays_are_those_of_the_local_calendar() -> None:
    # 00:30 on Saturday in Copenhagen is still Friday in UTC.
    asked = Asked(offering("Natsang", time("2026-11-28 00:30", "2026-11-28 01:00")))
    assert asked.titles(weekdays=(6,)) == ["Natsang"]
    assert asked.titles(weekdays=(5,)) == []


def test_times_of_day_are_read_on_the_asked_weekdays() -> None:
    asked = Asked(
        offering("Fredag aften", time("2026-11-27 19:00", "2026-11-27 21:00")),
        offering("Fredag morgen", time("2026-11-27 09:00", "2026-11-27 10:00")),
        offering("Lørdag aften", time("2026-11-28 19:00", "2026-11-28 21:00")),
    )
    assert asked.titles(weekdays=(5,), from_time=local(18), until_time=local(0)) == ["Fredag aften"]


def test_a_part_of_the_day_may_run_past_midnight() -> None:
    asked = Asked(offering("Sent", time("2026-11-28 01:00", "2026-11-28 02:00")))
    assert asked.titles(weekdays=(5,), from_time=local(22), until_time=local(4)) == ["Sent"]


@pytest.mark.parametrize("day", ["2026-10-24", "2026-10-25", "2027-03-27", "2027-03-28"])
def test_the_wall_clock_holds_on_both_sides_of_a_clock_change(day: str) -> None:
    asked = Asked(offering("Klokken ti", time(f"{day} 10:00", f"{day} 11:00")), now="2026-10-20 12:00")
    assert asked.titles(from_time=local(10), until_time=local(11)) == ["Klokken ti"]
    assert asked.titles(from_time=local(11), until_time=local(12)) == []
    assert asked.titles(from_time=local(9), until_time=local(10)) == []


def test_each_occurrence_reads_the_clock_of_its_own_zone() -> None:
    abroad = time("2026-11-27 19:30", "2026-11-27 20:00", zone="Atlantic/Faroe")  # 18:30 there
    asked = Asked(offering("Tórshavn", abroad))
    assert asked.titles(from_time=local(18), until_time=local(19)) == ["Tórshavn"]
    assert asked.titles(from_time=local(19), until_time=local(20)) == []


def test_a_zone_that_nobody_knows_costs_nothing_else() -> None:
    odd = time("2026-11-27 19:00", zone="../Mars/Olympus")
    assert Asked(offering("Rart", odd), offering("Godt", "2026-11-28 19:00")).titles() == ["Rart", "Godt"]


def test_an_unknown_hour_fits_any_part_of_the_day_after_the_known_ones() -> None:
    asked = Asked(offering("En gang fredag", "2026-11-27"), offering("Fredag kl. 20", "2026-11-27 20:00"))
    evening = {"windows": window("2026-11-27 18:00", "2026-11-28 00:00")}
    assert asked.titles(**evening) == ["Fredag kl. 20", "En gang fredag"]
    assert asked.titles(from_time=local(18)) == ["Fredag kl. 20", "En gang fredag"]


def test_an_offering_shows_its_soonest_time_within_the_window() -> None:
    asked = Asked(offering("Ugentlig", *(f"2026-11-{day} 19:00" for day in (26, 27, 28))))
    hit = asked.hit("Ugentlig", windows=window("2026-11-27", "2026-11-29"))
    assert hit.start == at("2026-11-27 19:00")
    assert asked.page().total == 1


def test_a_day_that_is_not_wanted_takes_out_only_that_day() -> None:
    asked = Asked(
        offering("Kun lørdag", "2026-11-28 12:00"),
        offering("Begge dage", "2026-11-28 12:00", "2026-11-29 12:00"),
        offering("Løbende", run("2026-11-01", "2026-12-24")),
    )
    weekend = window("2026-11-28", "2026-11-30")
    query = Query(windows=weekend, exclude=Query(weekdays=(6,)))
    assert asked.titles(query) == ["Begge dage", "Løbende"]
    assert asked.hit("Begge dage", query=query).start == at("2026-11-29 12:00")


def test_a_window_that_is_not_wanted_and_evenings_that_are_not() -> None:
    asked = Asked(
        offering("Eftermiddag", time("2026-11-28 14:00", "2026-11-28 15:00")),
        offering("Aften", time("2026-11-29 19:00", "2026-11-29 20:00")),
    )
    assert asked.titles(exclude=Query(windows=window("2026-11-28", "2026-11-29"))) == ["Aften"]
    assert asked.titles(exclude=Query(from_time=local(18), until_time=local(0))) == ["Eftermiddag"]


def test_a_later_now_needs_no_new_index() -> None:
    asked = Asked(
        offering("I aften", time("2026-11-25 19:00", "2026-11-25 21:00")),
        offering("I morgen", "2026-11-26 19:00"),
    )
    asked.now += dt.timedelta(hours=8)
    assert asked.titles() == ["I morgen"]
