"""When something is on, as staff write it on a phone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.drafts import OccurrenceDraft
from catalog.told_times import MOST_TIMES, ToldError, told_times

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 25, 15, tzinfo=ZONE)


def told(text: str) -> tuple[OccurrenceDraft, ...]:
    return told_times(text, NOW, ZONE, "da")


def briefly(time: OccurrenceDraft) -> str:
    end = f"-{time.end:%H:%M}" if time.end and not time.is_run else ""
    return f"{time.start:%d.%m %H:%M}{end}" if time.time_known else f"{time.start:%d.%m}"


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("lørdag 5. december kl. 13-15", ["05.12 13:00-15:00"]),
        ("5/12 13-15", ["05.12 13:00-15:00"]),
        ("5/12 kl 19", ["05.12 19:00"]),
        ("5.12 kl. 19.30", ["05.12 19:30"]),
        ("den 5. december klokken 13 til 15", ["05.12 13:00-15:00"]),
        ("24/12/2026 13:00-15:00", ["24.12 13:00-15:00"]),
        ("i morgen kl. 19.30", ["26.11 19:30"]),
        ("i aften kl. 8", ["25.11 20:00"]),
        ("9. december kl. 3-4", ["09.12 15:00-16:00"]),
        ("9. december kl. 11-1", ["09.12 11:00-13:00"]),
        ("lørdag kl. 20-02", ["28.11 20:00-02:00"]),
        ("lørdag 5. december", ["05.12"]),
        ("december 5 at 1-3 pm", ["05.12 13:00-15:00"]),
        ("Saturday 5 December 2pm", ["05.12 14:00"]),
        ("5. og 6. december kl. 14", ["05.12 14:00", "06.12 14:00"]),
        ("fredag kl. 19 og lørdag kl. 14", ["27.11 19:00", "28.11 14:00"]),
        ("kl. 10 og kl. 14 på lørdag", ["28.11 10:00", "28.11 14:00"]),
        ("5/12 kl. 13; 6/12 kl. 14-16", ["05.12 13:00", "06.12 14:00-16:00"]),
    ],
)
def test_single_dates_as_staff_write_them(text: str, dates: list[str]) -> None:
    assert [briefly(time) for time in told(text)] == dates


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("hver tirsdag 16-17 til jul", ["01.12", "08.12", "15.12", "22.12"]),
        ("hver tirsdag 16-17 til 15. december", ["01.12", "08.12", "15.12"]),
        ("every Tuesday 4pm to 5pm until Christmas", ["01.12", "08.12", "15.12", "22.12"]),
        ("tirsdage kl. 16-17 fra 1. december til 15. december", ["01.12", "08.12", "15.12"]),
        ("hver tirsdag og torsdag kl. 16-17 til 8. december", ["26.11", "01.12", "03.12", "08.12"]),
        ("mandag og onsdag kl. 16-17 i uge 50", ["07.12", "09.12"]),
    ],
)
def test_what_comes_back_every_week_is_all_its_dates(text: str, dates: list[str]) -> None:
    times = told(text)
    assert [f"{time.start:%d.%m}" for time in times] == dates
    assert {(f"{time.start:%H}", f"{time.end:%H}") for time in times if time.end} == {("16", "17")}


def test_a_long_time_with_opening_hours_is_one_exhibition() -> None:
    (run,) = told("fra 1. til 20. december, ti-sø 11-17")
    assert run.is_run
    assert (run.start, run.end) == (
        dt.datetime(2026, 12, 1, 11, tzinfo=ZONE),
        dt.datetime(2026, 12, 20, 17, tzinfo=ZONE),
    )
    assert run.open_days == (2, 3, 4, 5, 6, 7)
    assert (run.opens, run.closes) == (dt.time(11), dt.time(17))


def test_without_hours_it_lasts_to_the_end_of_the_last_day() -> None:
    (run,) = told("1.-20. december")
    assert run.end is not None
    assert (run.is_run, run.time_known, run.opens, run.end.date()) == (
        True,
        False,
        None,
        dt.date(2026, 12, 20),
    )


def test_a_few_days_in_a_row_are_dates() -> None:
    assert [briefly(time) for time in told("hver dag fra 1. til 3. december kl. 10-12")] == [
        "01.12 10:00-12:00",
        "02.12 10:00-12:00",
        "03.12 10:00-12:00",
    ]


def test_what_begins_every_day_is_on_every_day() -> None:
    times = told("hver dag fra 1. til 20. december kl. 10")
    assert len(times) == 20
    assert {time.start.hour for time in times} == {10}


def test_a_summer_evening_ends_by_the_clock_on_the_wall() -> None:
    (time,) = told("27. marts 2027 kl. 22-04")
    assert time.end is not None
    assert (time.end.hour, time.end.date()) == (4, dt.date(2027, 3, 28))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("hej", "no-day"),
        ("kl. 13", "no-day"),
        ("snart", "no-day"),
        ("de næste 14 dage kl. 10", "no-day"),
        ("hver onsdag kl. 10", "no-end"),
        ("hver anden tirsdag kl. 10", "every-other"),
        ("2. januar 2020", "past"),
        ("hver mandag kl. 10 til 20. december 2027; hver tirsdag kl. 10 til 20. december 2027", "too-many"),
    ],
)
def test_what_is_no_date_is_told_why(text: str, code: str) -> None:
    with pytest.raises(ToldError) as error:
        told(text)
    assert error.value.code == code


@given(st.text(max_size=60))
def test_whatever_is_written_gives_dates_to_come_or_a_reason(text: str) -> None:
    try:
        times = told(text)
    except ToldError:
        return
    assert 0 < len(times) <= MOST_TIMES
    assert len({time.key for time in times}) == len(times)
