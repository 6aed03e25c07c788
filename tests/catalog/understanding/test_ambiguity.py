"""Questions with a second reading. The first is always the contract's."""

from datetime import date, datetime, timedelta

import pytest

from catalog.query import Query
from catalog.search.match import CatalogueWords
from catalog.understanding import understand


def _days(query: Query) -> list[date]:
    return [window.since.date() for window in query.windows if window.since]


def _readings(text: str, now: datetime, names: CatalogueWords, language: str = "da") -> list[Query]:
    answer = understand(text, now=now, words=names, language=language)
    return [answer.query, *answer.others]


@pytest.fixture
def friday(wednesday: datetime) -> datetime:
    return wednesday + timedelta(days=2)


@pytest.mark.parametrize(
    "text",
    ["på fredag", "koncerter fredag aften", "this Friday", "concerts on Friday in Køge", "og denne fredag?"],
)
def test_a_weekday_on_that_very_day_is_today_or_in_a_week(
    text: str, friday: datetime, names: CatalogueWords
) -> None:
    first, second = _readings(text, friday, names)
    assert _days(first) == [friday.date()]
    assert _days(second) == [friday.date() + timedelta(days=7)]
    assert first.without("windows") == second.without("windows")


@pytest.mark.parametrize(
    "text",
    [
        *("i dag", "næste fredag", "hver fredag", "fredag den 27.", "fredag den 4. december", "på lørdag"),
        *("fra fredag til søndag", "ikke på fredag", "every Friday", "friday tonight"),
    ],
)
def test_what_says_which_day_is_not_asked_about(text: str, friday: datetime, names: CatalogueWords) -> None:
    assert len(_readings(text, friday, names)) == 1


def test_another_days_name_has_one_reading(wednesday: datetime, names: CatalogueWords) -> None:
    assert len(_readings("på fredag", wednesday, names)) == 1


def test_a_date_of_somebody_who_writes_english_has_two_readings(
    wednesday: datetime, names: CatalogueWords
) -> None:
    first, second = _readings("concerts on 5/12", wednesday, names, "en")
    assert _days(first) == [date(2026, 12, 5)]
    assert _days(second) == [date(2027, 5, 12)]
    for text, language in [("the concert on 24/12", "en"), ("the concert on 5/5", "en"), ("5/12", "da")]:
        assert len(_readings(text, wednesday, names, language)) == 1


def test_a_town_that_there_are_three_of_has_three_readings(
    wednesday: datetime, names: CatalogueWords
) -> None:
    found = [query.places[0].name for query in _readings("teater i Nykøbing", wednesday, names)]
    assert sorted(found) == ["Nykøbing F", "Nykøbing M", "Nykøbing Sj"]
    assert len(_readings("teater i Nykøbing F", wednesday, names)) == 1
    assert len(_readings("teater i Køge", wednesday, names)) == 1
