"""Saved searches: kept as facts, once each, and asked about after half a year."""

import datetime as dt

import pytest

from catalog.query import Near, Query, Window
from catalog.values import Audience, Category, Format
from reminders import people, searches
from reminders.model import SavedSearch
from reminders.notices import Fate, Renewal
from reminders.refusals import RefusedError
from tests.catalog.factory import ZONE, at, offering
from tests.reminders.town import CHAT, Town, titles

MUSIC = Query(categories=(Category.MUSIC,))
WEEKEND = Window(at("2026-11-27 18:00"), at("2026-11-30 00:00"))


@pytest.fixture
def town() -> Town:
    return Town()


def saved(town: Town, person: int) -> list[searches.Saved]:
    return town.read(lambda s: searches.searches_of(s, person))


def test_what_passes_is_not_kept(town: Town) -> None:
    anna = town.person()
    asked = Query(windows=(WEEKEND,), near=Near(55.615, 12.353, 10), categories=(Category.MUSIC,))
    town.save(anna, asked)
    (kept,) = saved(town, anna)
    assert (kept.query.windows, kept.query.weekdays, kept.query.near) == ((), (6, 7), None)
    assert "55.615" not in str(town.get(SavedSearch, kept.id).query)


def test_a_question_about_nothing_but_tomorrow_cannot_be_saved(town: Town) -> None:
    tomorrow = Window(at("2026-11-26 00:00"), at("2026-11-27 00:00"))
    with pytest.raises(RefusedError) as refused:
        town.save(town.person(), Query(windows=(tomorrow,)))
    assert refused.value.code == "nothing-lasting"


def test_the_same_search_twice_is_one_also_in_another_language(town: Town) -> None:
    anna = town.person()
    first = town.save(anna, MUSIC)
    assert town.save(anna, Query(language="en", categories=(Category.MUSIC,))) == first
    assert town.save(anna, free=True) != first
    assert len(saved(town, anna)) == 2


def test_two_people_may_save_the_same(town: Town) -> None:
    assert town.save(town.person(), MUSIC) != town.save(town.person(CHAT + 1), MUSIC)


def test_a_person_has_at_most_twenty_searches(town: Town) -> None:
    anna = town.person()
    for price in range(searches.MOST):
        town.save(anna, max_price=float(price))
    with pytest.raises(RefusedError) as refused:
        town.save(anna, MUSIC)
    assert refused.value.code == "too-many-searches"
    town.save(anna, max_price=0.0)
    assert len(saved(town, anna)) == searches.MOST


def test_a_search_for_a_child_keeps_no_age_of_its_own(town: Town) -> None:
    anna = town.person()
    child = town.child(anna, 2018)
    asked = Query(formats=(Format.WORKSHOP,), ages=((8, 8),), audiences=(Audience.CHILDREN,))
    town.save(anna, asked, child=child)
    town.save(anna, Query(formats=(Format.WORKSHOP,)), child=child)
    (kept,) = saved(town, anna)
    assert (kept.query, kept.child.birth_year) == (Query(formats=(Format.WORKSHOP,)), 2018)


def test_a_search_may_ask_for_a_child_and_nothing_else(town: Town) -> None:
    anna = town.person()
    assert town.save(anna, Query(), child=town.child(anna, 2018))


def test_another_family_s_child_cannot_be_searched_for(town: Town) -> None:
    anna, bo = town.person(), town.person(CHAT + 1)
    child = town.child(bo, 2018)
    with pytest.raises(RefusedError) as refused:
        town.save(anna, MUSIC, child=child)
    assert refused.value.code == "no-such-child"


def test_an_edited_search_asks_the_new_thing_of_what_comes_from_now_on(town: Town) -> None:
    anna = town.person()
    search = town.save(anna, MUSIC)
    town.wait("2026-11-25 16:00")
    town.write(lambda s: searches.replace_query(s, anna, search, Query(free=True), town.now))
    (kept,) = saved(town, anna)
    assert (kept.id, kept.query) == (search, Query(free=True))
    assert town.get(SavedSearch, search).looked_at == town.now


def test_what_was_there_when_a_search_was_edited_is_no_news(town: Town) -> None:
    anna = town.person()
    search = town.save(anna, MUSIC)
    town.wait("2026-11-25 16:00")
    town.publish(offering("Gratis foredrag", "2026-12-12 19:00", price_kind="free"))
    town.wait("2026-11-25 17:00")
    town.write(lambda s: searches.replace_query(s, anna, search, Query(free=True), town.now))
    assert town.look() == 0


def test_a_search_edited_into_another_of_theirs_leaves_one(town: Town) -> None:
    anna = town.person()
    music, free = town.save(anna, MUSIC), town.save(anna, free=True)
    left = town.write(lambda s: searches.replace_query(s, anna, free, MUSIC, town.now))
    assert left.id == music
    assert [search.id for search in saved(town, anna)] == [music]


def test_nobody_edits_renews_or_removes_somebody_else_s_search(town: Town) -> None:
    anna, bo = town.person(), town.person(CHAT + 1)
    search = town.save(anna, MUSIC)
    assert town.write(lambda s: searches.replace_query(s, bo, search, Query(free=True), town.now)) is None
    assert not town.write(lambda s: searches.renew(s, bo, search, town.now))
    assert not town.write(lambda s: searches.remove(s, bo, search))
    assert [kept.query for kept in saved(town, anna)] == [MUSIC]
    assert town.write(lambda s: searches.remove(s, anna, search))
    assert saved(town, anna) == []


# Renewal


def half_a_year_later(town: Town) -> None:
    """Monday 24 May 2027, 180 days after; at noon in summer time."""
    town.wait("2027-05-24 16:30")


def plan(town: Town) -> int:
    return searches.plan_renewals(town.database, town.now, ZONE)


def test_after_180_days_a_search_asks_whether_it_still_matters(town: Town) -> None:
    anna = town.person()
    search = town.save(anna, MUSIC)
    town.wait("2027-05-24 14:30")
    assert plan(town) == 0
    half_a_year_later(town)
    assert plan(town) == 1
    assert plan(town) == 0
    (asked,) = town.post()
    assert isinstance(asked, Renewal)
    assert (asked.search_id, asked.query["categories"]) == (search, ["music"])
    assert [row.key for row in town.rows()] == [f"n:{search}:2027-05-24"]


def test_a_search_not_renewed_within_a_fortnight_falls_silent(town: Town) -> None:
    anna = town.person()
    search = town.save(anna, MUSIC)
    half_a_year_later(town)
    plan(town)
    town.post()
    town.wait("2027-06-07 16:00")
    plan(town)
    assert not town.get(SavedSearch, search).paused
    town.wait("2027-06-07 17:00")
    plan(town)
    assert town.get(SavedSearch, search).paused


@pytest.mark.parametrize("after_days", [1, 30])
def test_a_renewed_search_lives_another_half_year(town: Town, after_days: int) -> None:
    anna = town.person()
    search = town.save(anna, MUSIC)
    half_a_year_later(town)
    plan(town)
    town.post()
    town.now += dt.timedelta(days=after_days)
    plan(town)
    town.write(lambda s: searches.renew(s, anna, search, town.now))
    kept = town.get(SavedSearch, search)
    assert (kept.paused, kept.renew_at) == (False, town.now + dt.timedelta(days=180))
    town.now += dt.timedelta(days=179)
    assert plan(town) == 0
    town.now += dt.timedelta(days=1)
    assert plan(town) == 1


def test_what_came_while_a_search_was_silent_is_no_news_when_it_is_renewed(town: Town) -> None:
    anna = town.person()
    search = town.save(anna, MUSIC)
    half_a_year_later(town)
    plan(town)
    town.post()
    town.wait("2027-06-08 12:00")
    plan(town)
    town.publish(offering("Koncert", "2027-06-19 19:00", categories=(Category.MUSIC,)))
    assert town.look() == 0
    town.wait("2027-06-08 13:00")
    town.write(lambda s: searches.renew(s, anna, search, town.now))
    town.wait("2027-06-08 14:00")
    town.publish(offering("Ny koncert", "2027-06-20 19:00", categories=(Category.MUSIC,)))
    town.look()
    (digest,) = town.post()
    assert titles(digest) == ["Ny koncert"]


def test_a_renewal_in_doubt_is_not_asked_again(town: Town) -> None:
    town.save(town.person(), MUSIC)
    half_a_year_later(town)
    plan(town)
    assert len(town.post(Fate.UNKNOWN)) == 1
    town.now += dt.timedelta(days=1)
    plan(town)
    assert town.post() == []


def test_one_search_is_asked_about_at_a_time(town: Town) -> None:
    anna = town.person()
    town.save(anna, MUSIC)
    town.save(anna, free=True)
    half_a_year_later(town)
    assert plan(town) == 1
    assert len(town.post()) == 1
    town.now += dt.timedelta(days=1)
    assert plan(town) == 1


@pytest.mark.parametrize(
    "facts", [{"digest": "off"}, {"weekly_cap": 0}, {"inactive_since": at("2026-12-01")}]
)
def test_who_wants_no_news_is_not_asked(town: Town, facts: dict) -> None:
    anna = town.person()
    search = town.save(anna, MUSIC)
    half_a_year_later(town)
    town.write(lambda s: [setattr(people.find(s, CHAT), name, value) for name, value in facts.items()])
    assert plan(town) == 0
    town.now += dt.timedelta(days=30)
    plan(town)
    assert not town.get(SavedSearch, search).paused


def test_a_renewal_waits_for_the_end_of_quiet_hours_and_of_a_pause(town: Town) -> None:
    town.save(town.person(), MUSIC)
    half_a_year_later(town)
    town.wait("2027-05-24 22:00")
    town.write(lambda s: people.pause(s, CHAT, town.now))
    plan(town)
    (row,) = town.rows()
    assert row.due_at == at("2027-06-08 08:00")


def test_a_search_renewed_in_the_meantime_is_not_asked_about(town: Town) -> None:
    anna = town.person()
    search = town.save(anna, MUSIC)
    half_a_year_later(town)
    plan(town)
    town.write(lambda s: searches.renew(s, anna, search, town.now))
    assert town.post() == []
