import datetime as dt

import pytest

from bot.replies import dates
from bot.replies.prices import amount, by_tariff, cheapest, distance
from bot.replies.windows import time_phrase, window_phrase
from catalog.query import Query, Window
from catalog.values import PriceKind, Tariff
from tests.bot.facts import NOW, a_card, an_occurrence, at, voice


def test_a_time_reads_as_people_say_it() -> None:
    occurrence = an_occurrence()
    assert dates.briefly(occurrence, voice()) == "lør. 28. nov. kl. 13"
    assert dates.briefly(occurrence, voice("en")) == "Sat 28 Nov at 13:00"
    assert dates.fully(occurrence, voice()) == "lør. 28. nov. kl. 13–15"
    assert dates.fully(an_occurrence(end=at(11, 28, 15, 30)), voice()) == "lør. 28. nov. kl. 13–15.30"


def test_today_and_tomorrow_are_called_so() -> None:
    assert dates.briefly(an_occurrence(start=at(11, 25, 19), end=None), voice()) == "i dag kl. 19"
    assert dates.briefly(an_occurrence(start=at(11, 26, 19), end=None), voice("en")) == "tomorrow at 19:00"


def test_another_year_is_named() -> None:
    assert (
        dates.briefly(an_occurrence(start=at(1, 3, 19, year=2027), end=None), voice())
        == "søn. 3. jan. 2027 kl. 19"
    )


def test_an_unknown_time_of_day_is_not_invented() -> None:
    occurrence = an_occurrence(start=at(11, 28), end=None, time_known=False)
    assert dates.briefly(occurrence, voice()) == "lør. 28. nov."
    assert dates.fully(occurrence, voice()) == "lør. 28. nov."


def test_whole_days_end_on_their_last_day() -> None:
    occurrence = an_occurrence(start=at(11, 28), end=at(11, 30), time_known=False)
    assert dates.fully(occurrence, voice()) == "28.–29. nov."


def test_a_concert_past_midnight_is_one_evening() -> None:
    occurrence = an_occurrence(start=at(11, 27, 22), end=at(11, 28, 2))
    assert dates.fully(occurrence, voice()) == "fre. 27. nov. kl. 22–2"


def test_a_camp_over_days_says_both_ends() -> None:
    occurrence = an_occurrence(start=at(11, 27, 16), end=at(11, 29, 12))
    assert dates.fully(occurrence, voice()) == "fre. 27. nov. kl. 16 – søn. 29. nov. kl. 12"


def test_an_exhibition_says_how_long_it_lasts_and_when_it_is_open() -> None:
    run = an_occurrence(
        start=at(10, 1),
        end=at(1, 31, 17, year=2027),
        is_run=True,
        open_days=(2, 3, 4, 5, 6, 7),
        opens=dt.time(11),
        closes=dt.time(17),
    )
    assert dates.briefly(run, voice()) == "til 31. jan. 2027"
    assert dates.fully(run, voice()) == "til 31. jan. 2027, tirs.–søn., kl. 11–17"
    assert dates.briefly(run, voice(now=at(9, 1))) == "1. okt. – 31. jan. 2027"


def test_the_clock_is_the_one_on_the_wall_where_it_happens() -> None:
    summer = an_occurrence(start=dt.datetime(2026, 7, 1, 17, 0, tzinfo=dt.UTC), end=None)
    assert dates.briefly(summer, voice(now=at(6, 1))) == "ons. 1. jul. kl. 19"
    abroad = an_occurrence(start=dt.datetime(2026, 7, 1, 17, 0, tzinfo=dt.UTC), end=None, zone="Nowhere/Land")
    assert dates.briefly(abroad, voice(now=at(6, 1))) == "ons. 1. jul. kl. 19"


@pytest.mark.parametrize(
    ("since", "until", "danish", "english"),
    [
        (at(11, 25), at(11, 26), "i dag", "today"),
        (NOW, at(11, 26), "i dag", "today"),
        (at(11, 26), at(11, 27), "i morgen", "tomorrow"),
        (at(11, 25, 18), at(11, 26), "i aften", "tonight"),
        (at(11, 26, 18), at(11, 27), "i morgen om aftenen", "tomorrow in the evening"),
        (
            at(12, 2, 4),
            at(12, 2, 12),
            "onsdag 2. december om formiddagen",
            "on Wednesday 2 December in the morning",
        ),
        (at(11, 26, 12), at(11, 26, 19), "i morgen om eftermiddagen", "tomorrow in the afternoon"),
        (at(11, 28), at(11, 29), "lørdag 28. november", "on Saturday 28 November"),
        (
            at(11, 28, 14),
            at(11, 28, 18),
            "lørdag 28. november kl. 14–18",
            "on Saturday 28 November 14:00–18:00",
        ),
        (at(11, 26), at(11, 26, 12), "i morgen før kl. 12", "tomorrow before 12:00"),
        (at(11, 26, 14), at(11, 27), "i morgen efter kl. 14", "tomorrow after 14:00"),
        (at(11, 27, 18), at(11, 30), "i weekenden", "this weekend"),
        (at(11, 28), at(11, 30), "i weekenden", "this weekend"),
        (at(12, 4, 18), at(12, 7), "næste weekend (4.–6. dec.)", "next weekend (4–6 Dec)"),
        (at(12, 11, 18), at(12, 14), "i weekenden 11.–13. dec.", "on the weekend of 11–13 Dec"),
        (at(11, 23), at(11, 30), "i denne uge", "this week"),
        (NOW, at(11, 30), "i denne uge", "this week"),
        (at(11, 30), at(12, 7), "i næste uge (30. nov. – 6. dec.)", "next week (30 Nov – 6 Dec)"),
        (at(12, 7), at(12, 14), "i uge 50 (7.–13. dec.)", "in week 50 (7–13 Dec)"),
        (at(12, 1), at(1, 1, year=2027), "i december", "in December"),
        (NOW, at(12, 1), "i november", "in November"),
        (
            at(6, 1, year=2027),
            at(9, 1, year=2027),
            "fra juni 2027 til august 2027",
            "from June 2027 to August 2027",
        ),
        (NOW, at(12, 9), "til og med tirsdag 8. december", "until Tuesday 8 December"),
        (NOW, at(12, 9, 15), "til og med ons. 9. dec. kl. 15", "until Wed 9 Dec at 15:00"),
        (at(12, 2), at(12, 9), "fra 2. dec. til 8. dec.", "from 2 Dec to 8 Dec"),
        (at(12, 24), None, "fra tors. 24. dec.", "from Thu 24 Dec"),
        (None, at(12, 24), "til og med onsdag 23. december", "until Wednesday 23 December"),
        (NOW, None, "", ""),
    ],
)
def test_a_window_is_named(
    since: dt.datetime | None, until: dt.datetime | None, danish: str, english: str
) -> None:
    window = Window(since, until)
    assert window_phrase(window, voice()) == danish
    assert window_phrase(window, voice("en")) == english


def test_the_rest_of_the_weekend_is_the_weekend() -> None:
    saturday = at(11, 28, 10)
    assert window_phrase(Window(saturday, at(11, 30)), voice(now=saturday)) == "i weekenden"
    sunday = at(11, 29, 10)
    assert window_phrase(Window(sunday, at(11, 30)), voice(now=sunday)) == "i dag"


def test_weekdays_and_hours_are_named() -> None:
    assert time_phrase(Query(weekdays=(6,)), voice()) == "om lørdagen"
    assert time_phrase(Query(weekdays=(7, 6)), voice()) == "i weekender"
    assert time_phrase(
        Query(weekdays=(1, 2, 3, 4, 5), from_time=dt.time(14), until_time=dt.time(18)), voice()
    ) == ("på hverdage kl. 14–18")
    assert time_phrase(Query(weekdays=(2, 4), from_time=dt.time(17)), voice("en")) == (
        "on Tuesdays and Thursdays after 17:00"
    )


def test_many_windows_are_not_all_listed() -> None:
    windows = tuple(Window(at(12, day), at(12, day + 1)) for day in (2, 5, 9, 12, 16))
    assert time_phrase(Query(windows=windows), voice()) == (
        "onsdag 2. december, lørdag 5. december og 3 andre dage"
    )
    assert time_phrase(Query(windows=windows[:2]), voice()) == "onsdag 2. december eller lørdag 5. december"


def test_prices_are_free_stated_or_unknown() -> None:
    assert amount(0, voice()) == "gratis"
    assert amount(49.5, voice()) == "49,50 kr."
    assert amount(1200, voice("en")) == "DKK 1,200"
    assert cheapest(None, a_card(), voice()) == "pris ikke oplyst"
    two = a_card(price_kind=PriceKind.AMOUNTS, prices={Tariff.ADULT: 100.0, Tariff.CHILD: 50.0})
    assert cheapest(50.0, two, voice()) == "fra 50 kr."
    assert by_tariff(two, voice()) == "voksne 100 kr., børn 50 kr."
    assert by_tariff(a_card(price_kind=PriceKind.FREE), voice()) == "gratis"
    assert by_tariff(a_card(), voice()) == "ikke oplyst"


def test_distances_are_as_exact_as_they_matter() -> None:
    assert [distance(km, voice()) for km in (0.02, 0.34, 2.13, 14.6)] == ["50 m", "350 m", "2,1 km", "15 km"]
