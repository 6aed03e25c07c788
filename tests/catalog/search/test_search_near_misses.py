"""When nothing fits: what comes closest, what was given up, and what never is."""

from typing import Any

from catalog.drafts import OfferingDraft
from catalog.query import Near, Page, Query
from catalog.values import Access, Audience, Category, Tariff
from tests.catalog.factory import at, offering, venue
from tests.catalog.search.asking import ISHOEJ, Asked, local, place, window

TOMORROW = "2026-11-26 19:00"
KOEGE = (55.457, 12.182)


def in_ishoej(title: str, when: str = TOMORROW, **facts: Any) -> OfferingDraft:
    here = venue("Kulturium", municipality="Ishøj", town="Ishøj", latitude=ISHOEJ[0], longitude=ISHOEJ[1])
    return offering(title, when, place=here, **facts)


def closest(asked: Asked, **facts: Any) -> tuple[tuple[str, ...], list[str]]:
    page = asked.page(**facts)
    return page.relaxed, [asked.title(hit) for hit in page.hits]


def test_nothing_is_given_up_while_something_fits() -> None:
    asked = Asked(in_ishoej("Ukendt pris"))
    assert closest(asked, free=True) == ((), ["Ukendt pris"])


def test_words_fall_away_from_the_right() -> None:
    asked = Asked(in_ishoej("Keramik"), in_ishoej("Strik"))
    assert closest(asked, words=("keramik", "strik", "ukulele")) == (("words",), ["Keramik"])
    assert asked.page(words=("keramik", "strik", "ukulele")).query.words == ("keramik",)


def test_a_later_word_is_tried_alone_when_the_first_is_nowhere() -> None:
    assert closest(Asked(in_ishoej("Strik")), words=("ukulele", "strik")) == (("words",), ["Strik"])


def test_a_single_word_is_given_up_only_when_nothing_else_helps() -> None:
    near_by = offering(
        "Jazz", TOMORROW, place=venue("Køge", municipality="Køge", latitude=KOEGE[0], longitude=KOEGE[1])
    )
    asked = Asked(near_by, in_ishoej("Strik"))
    ishoej = place("Ishøj", "municipality", *ISHOEJ)
    assert closest(asked, words=("jazz",), places=(ishoej,)) == (("place",), ["Jazz"])
    assert closest(asked, words=("ukulele",), places=(ishoej,)) == (("words",), ["Strik"])


def test_words_that_are_given_up_leave_the_kind_they_name() -> None:
    asked = Asked(
        in_ishoej("Strik", categories=(Category.CRAFTS,)), in_ishoej("Rap", categories=(Category.MUSIC,))
    )
    free = {"words": ("ukulele",), "audiences": (Audience.ADULTS,)}
    assert closest(asked, **free, kinds=(Category.MUSIC,)) == (("words",), ["Rap"])
    assert closest(asked, words=("ukulele",), kinds=(Category.MUSIC,)) == (("words",), ["Rap"])
    assert asked.titles(words=("strik",), kinds=(Category.MUSIC,)) == ["Strik"]


def test_where_nothing_of_that_kind_is_on_any_other_will_do() -> None:
    asked = Asked(in_ishoej("Strik", categories=(Category.CRAFTS,)))
    tomorrow = window("2026-11-26 00:00", "2026-11-27 00:00")
    found = closest(asked, words=("ukulele",), windows=tomorrow, kinds=(Category.MUSIC,))
    assert found == (("words",), ["Strik"])


def test_an_organisers_whole_name_never_falls_away() -> None:
    asked = Asked(
        in_ishoej("Viser fra havnen", categories=(Category.MUSIC,)),
        in_ishoej("Suppe", organizer="Havnens Venner"),
    )
    assert closest(asked, words=("havnens venner",), categories=(Category.MUSIC,)) == ((), [])
    assert asked.titles(words=("havnens venner",)) == ["Suppe"]


def test_a_word_of_a_venues_name_never_falls_away() -> None:
    asked = Asked(in_ishoej("Strik"), offering("Jazz", TOMORROW))
    assert closest(asked, words=("kulturium", "jazz")) == (("words",), ["Strik"])
    assert closest(asked, words=("jazz", "kulturium")) == (("words",), ["Strik"])
    tomorrow = window("2026-11-27", "2026-11-28")
    assert closest(asked, words=("kulturium",), windows=tomorrow) == (("time",), ["Strik"])


def test_words_that_mean_nothing_here_find_nothing() -> None:
    page = Asked(in_ishoej("Strik")).page(words=("qwertz",))
    assert (page.hits, page.total, page.relaxed) == ((), 0, ())


def test_a_named_place_widens_to_its_neighbourhood_step_by_step() -> None:
    at_km = {km: venue(f"{km} km", latitude=ISHOEJ[0] + km / 111.2, longitude=ISHOEJ[1]) for km in (8, 15)}
    asked = Asked(*(offering(f"{km} km", TOMORROW, place=where) for km, where in at_km.items()))
    relaxed, titles = closest(asked, places=(place("Ishøj", "municipality", *ISHOEJ),))
    assert (relaxed, titles) == (("place",), ["8 km"])
    answered = asked.page(places=(place("Ishøj", "municipality", *ISHOEJ),)).query
    assert (answered.places, answered.near) == ((), Near(*ISHOEJ, 10.0))


def test_a_radius_widens_step_by_step() -> None:
    asked = Asked(
        offering("15 km", TOMORROW, place=venue(latitude=ISHOEJ[0] + 15 / 111.2, longitude=ISHOEJ[1]))
    )
    page = asked.page(near=Near(*ISHOEJ, 5))
    assert (page.relaxed, page.query.near) == (("place",), Near(*ISHOEJ, 20.0))


def test_a_named_venue_is_never_given_up_but_another_time_there_is_found() -> None:
    asked = Asked(in_ishoej("Søndag", "2026-11-29 12:00"), offering("Andetsteds", TOMORROW))
    kulturium = place("Kulturium", "venue", *ISHOEJ)
    tomorrow = window("2026-11-26", "2026-11-27")
    assert closest(asked, places=(kulturium,), windows=tomorrow) == (("time",), ["Søndag"])
    assert closest(Asked(offering("Andetsteds", TOMORROW)), places=(kulturium,)) == ((), [])


def test_the_nearest_other_time_is_found_first() -> None:
    asked = Asked(
        in_ishoej("Dagen efter", "2026-12-06 12:00"),
        in_ishoej("I morgen"),
        in_ishoej("Om en måned", "2027-01-05 12:00"),
    )
    assert closest(asked, windows=window("2026-12-05", "2026-12-06")) == (("time",), ["Dagen efter"])


def test_a_named_place_is_kept_for_another_day_of_the_week_and_left_for_what_is_later() -> None:
    here, tomorrow = place("Ishøj", "municipality", *ISHOEJ), window("2026-11-26", "2026-11-27")
    close = venue("Tæt på", latitude=ISHOEJ[0] + 8 / 111.2, longitude=ISHOEJ[1])
    away = offering("Otte km væk", TOMORROW, place=close)
    soon = Asked(away, in_ishoej("Om tre dage", "2026-11-29 12:00"))
    assert closest(soon, places=(here,), windows=tomorrow) == (("time",), ["Om tre dage"])
    late = Asked(away, in_ishoej("Om en måned", "2026-12-27 12:00"))
    assert closest(late, places=(here,), windows=tomorrow) == (("place",), ["Otte km væk"])


def test_another_time_of_the_same_day_comes_before_another_day() -> None:
    asked = Asked(in_ishoej("Fredag formiddag", "2026-11-27 10:00"), in_ishoej("Torsdag aften"))
    assert closest(asked, weekdays=(5,), from_time=local(18)) == (("time",), ["Fredag formiddag"])


def test_the_answered_question_gives_the_same_answer_again() -> None:
    asked = Asked(*(in_ishoej(f"Nr. {n}", f"2026-12-0{n} 12:00") for n in range(1, 9)))
    first = asked.page(windows=window("2026-11-26", "2026-11-27"), limit=3)
    again = asked.page(first.query, limit=3)
    assert first.relaxed == ("time",)
    assert (again.relaxed, again.hits) == ((), first.hits)
    following = asked.page(windows=window("2026-11-26", "2026-11-27"), limit=3, offset=3)
    assert not set(first.hits) & set(following.hits)


def test_a_price_rises_step_by_step_and_says_so() -> None:
    def costs(kroner: int) -> OfferingDraft:
        return offering(f"{kroner} kr.", TOMORROW, price_kind="amounts", prices={Tariff.ADULT: kroner})

    asked = Asked(costs(80), costs(300))
    assert closest(asked, free=True) == (("price",), ["80 kr."])
    assert closest(asked, max_price=60.0) == (("price",), ["80 kr."])
    assert closest(Asked(costs(300)), free=True) == (("price",), ["300 kr."])


def test_an_age_gives_way_by_one_year_only() -> None:
    assert closest(Asked(offering("9-12 år", TOMORROW, age_from=9, age_to=12)), ages=((8, 8),)) == (
        ("age",),
        ["9-12 år"],
    )
    assert closest(Asked(offering("10-12 år", TOMORROW, age_from=10, age_to=12)), ages=((8, 8),)) == ((), [])


def test_two_things_are_given_up_when_one_is_not_enough() -> None:
    asked = Asked(
        offering("Langt og sent", "2026-12-20 12:00", place=venue(latitude=KOEGE[0], longitude=KOEGE[1])),
    )
    relaxed, titles = closest(
        asked, places=(place("Ishøj", "town", *ISHOEJ),), windows=window("2026-11-26", "2026-11-27")
    )
    assert (relaxed, titles) == (("time", "place"), ["Langt og sent"])


def test_access_exclusions_and_kinds_are_never_given_up() -> None:
    asked = Asked(in_ishoej("Koncert", categories=("music",), access={Access.WHEELCHAIR: False}))
    tomorrow = window("2026-11-27", "2026-11-28")
    assert closest(asked, accessibility=(Access.WHEELCHAIR,), windows=tomorrow) == ((), [])
    assert closest(asked, exclude=Query(categories=(Category.MUSIC,)), windows=tomorrow) == ((), [])
    assert closest(asked, categories=(Category.DANCE,), windows=tomorrow) == ((), [])
    assert closest(asked, audiences=(Audience.SCHOOLS,), windows=tomorrow) == ((), [])


def test_what_is_over_does_not_come_back() -> None:
    asked = Asked(in_ishoej("Forbi", "2026-11-20 12:00"), in_ishoej("Aflyst", status="cancelled"))
    page = asked.page(windows=window("2026-11-20", "2026-11-21"))
    assert isinstance(page, Page)
    assert page.hits == ()


def test_yesterday_is_answered_by_what_comes() -> None:
    asked = Asked(in_ishoej("I morgen"))
    page = asked.page(windows=window("2026-11-24", "2026-11-25"))
    assert (page.relaxed, page.hits[0].start) == (("time",), at(TOMORROW))


def test_the_name_of_an_organiser_is_never_given_up() -> None:
    theirs = in_ishoej("Koncert", organizer="Zimbalaklubben Qvistrup", categories=(Category.MUSIC,))
    asked = Asked(theirs, in_ishoej("Strik", categories=(Category.CRAFTS,)))
    assert closest(asked, words=("strik", "qvistrup")) == (("words",), ["Koncert"])
    assert closest(asked, words=("qvistrup",), categories=(Category.CRAFTS,)) == ((), [])


def test_a_common_word_in_the_name_of_an_organiser_may_be_given_up() -> None:
    asked = Asked(in_ishoej("Koncert", organizer="Foreningen Qvistrup"), in_ishoej("Strik"))
    assert closest(asked, words=("strik", "foreningen")) == (("words",), ["Strik"])
