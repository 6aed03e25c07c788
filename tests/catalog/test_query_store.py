"""A kept question is exact, and says nothing that passes."""

import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest

from catalog.places import gazetteer
from catalog.query import Near, Query, Window
from catalog.query_store import dump, lasting, load
from catalog.values import Access, Audience, Category, Format

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 25, 15, tzinfo=ZONE)


def ishoej():
    (place, *_) = gazetteer().named("Ishøj")
    return place.ref()


def window(since: str, until: str) -> Window:
    ends = (dt.datetime.fromisoformat(text).replace(tzinfo=ZONE) for text in (since, until))
    return Window(*ends)


def test_a_window_open_at_either_end_comes_back() -> None:
    closed = window("2026-12-01", "2027-01-01")
    query = Query(windows=(Window(None, closed.until), Window(closed.since, None)))
    assert load(json.loads(json.dumps(dump(query)))) == query


FULL = Query(
    language="en",
    windows=(window("2026-12-01", "2027-01-01"),),
    weekdays=(6, 7),
    from_time=dt.time(17),
    places=(ishoej(),),
    ages=((13, 25), (8, 8)),
    audiences=(Audience.YOUTH,),
    categories=(Category.MUSIC,),
    formats=(Format.WORKSHOP,),
    max_price=100.0,
    accessibility=(Access.WHEELCHAIR,),
    languages=("en",),
    words=("upcycling",),
    exclude=Query(categories=(Category.FILM,), weekdays=(7,)),
)


def test_a_question_is_kept_exactly() -> None:
    assert load(json.loads(json.dumps(dump(FULL)))) == FULL


def test_what_a_later_version_adds_is_left_out() -> None:
    assert load({**dump(FULL), "mood": "sunny"}) == FULL


@pytest.mark.parametrize("data", [{"weekdays": "x"}, {"ages": [[1]]}, {"categories": ["magic"]}])
def test_broken_data_is_refused(data: dict) -> None:
    with pytest.raises(ValueError, match="not a stored query"):
        load(data)


def test_a_weekend_becomes_saturdays_and_sundays() -> None:
    asked = Query(windows=(window("2026-11-27T18:00", "2026-11-30"),), formats=(Format.WORKSHOP,))
    assert lasting(asked, NOW) == Query(weekdays=(6, 7), formats=(Format.WORKSHOP,))


def test_tomorrow_passes_and_december_stays() -> None:
    tomorrow, december = window("2026-11-26", "2026-11-27"), window("2026-12-01", "2027-01-01")
    assert lasting(Query(windows=(tomorrow,)), NOW) == Query()
    assert lasting(Query(windows=(december,)), NOW).windows == (december,)


def test_no_position_is_kept() -> None:
    kept = lasting(Query(near=Near(55.615, 12.353, 10), origin=(55.615, 12.353)), NOW)
    assert kept.near is None
    assert kept.origin is None
    assert [place.name for place in kept.places] == ["2635"] or kept.places[0].name
    assert "55.615" not in json.dumps(dump(kept))
