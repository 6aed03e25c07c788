import datetime as dt
from typing import Any

from hypothesis import given
from icalendar import Calendar

from bot.calendar_file import calendar_file, file_name
from catalog.cards import Card
from catalog.values import Status
from tests.bot.facts import NOW, a_card, an_occurrence, at
from tests.bot.test_replies import WILD


def events(card: Card) -> list[Any]:
    return list(Calendar.from_ical(calendar_file(card, "da", NOW)).walk("VEVENT"))


def test_a_date_becomes_an_event_at_the_same_instant() -> None:
    (event,) = events(a_card())
    assert event.start == at(11, 28, 13)
    assert event.end == at(11, 28, 15)
    assert event["SUMMARY"] == "Tegn en tegneserie"
    assert event["LOCATION"] == "Kulturkassen, Store Torv 1, 2635 Ishøj"
    assert b"DTSTART:20261128T120000Z" in calendar_file(a_card(), "da", NOW)


def test_summer_time_is_minded() -> None:
    (event,) = events(a_card(occurrences=(an_occurrence(start=at(7, 1, 19, year=2027), end=None),)))
    assert event.start == dt.datetime(2027, 7, 1, 17, 0, tzinfo=dt.UTC)


def test_every_coming_date_is_there_with_its_own_lasting_uid() -> None:
    many = tuple(an_occurrence(n, start=at(12, n, 17), end=None) for n in range(1, 4))
    past = an_occurrence(9, start=at(11, 1, 17), end=at(11, 1, 18))
    card = a_card(occurrences=(past, *many))
    uids = [str(event["UID"]) for event in events(card)]
    assert uids == ["abc1-1@kulturlods", "abc1-2@kulturlods", "abc1-3@kulturlods"]
    assert uids == [str(event["UID"]) for event in events(card)]


def test_days_without_a_time_and_runs_are_whole_days() -> None:
    day = an_occurrence(1, start=at(11, 28), end=None, time_known=False)
    run = an_occurrence(2, start=at(11, 1, 10), end=at(11, 30, 17), is_run=True)
    first, second = events(a_card(occurrences=(day, run)))
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (dt.date(2026, 11, 28), dt.date(2026, 11, 29))
    assert (second["DTSTART"].dt, second["DTEND"].dt) == (dt.date(2026, 11, 1), dt.date(2026, 12, 1))


def test_a_cancelled_date_is_cancelled_in_the_calendar() -> None:
    (event,) = events(a_card(occurrences=(an_occurrence(status=Status.CANCELLED),)))
    assert event["STATUS"] == "CANCELLED"


@given(WILD)
def test_no_title_breaks_the_file(title: str) -> None:
    card = a_card(titles={"da": title}, descriptions={"da": title}, url="https://a.example/x")
    assert len(events(card)) == 1
    name = file_name(card, "da")
    assert name.endswith(".ics")
    assert len(name) > 4


def test_the_file_is_named_after_the_offering() -> None:
    assert file_name(a_card(titles={"da": "Børn & kunst: tegn!"}), "da") == "boern-kunst-tegn.ics"
