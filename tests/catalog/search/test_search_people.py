"""Who and how much: ages, groups, prices, access, kinds; what is unknown is neither yes nor no."""

from typing import Any

import pytest

from catalog.drafts import OfferingDraft
from catalog.query import Query
from catalog.values import Access, Audience, Category, Format, Tariff
from tests.catalog.factory import offering, time
from tests.catalog.search.asking import Asked, window

YOUNG = {"ages": ((13, 25),), "audiences": (Audience.YOUTH,)}
CHILD = {"ages": ((8, 8),)}
TOMORROW, LATER = "2026-11-26 19:00", "2026-11-28 19:00"


def tagged(title: str, *audiences: str, when: str = TOMORROW, **facts: Any) -> OfferingDraft:
    return offering(title, when, audiences=audiences, **facts)


def test_a_childs_age_must_lie_within_the_offerings() -> None:
    asked = Asked(
        offering("6-9 år", TOMORROW, age_from=6, age_to=9),
        offering("Fra 8 år", TOMORROW, age_from=8),
        offering("Til 7 år", TOMORROW, age_to=7),
    )
    assert asked.titles(**CHILD) == ["6-9 år", "Fra 8 år"]


def test_age_ranges_fit_when_they_overlap() -> None:
    asked = Asked(offering("18+", TOMORROW, age_from=18), offering("60+", TOMORROW, age_from=60))
    assert asked.titles(ages=((13, 25),)) == ["18+"]
    assert asked.titles(ages=((0, 2), (70, 80))) == ["60+", "18+"]


def test_what_is_made_for_them_comes_first() -> None:
    asked = Asked(
        offering("For alle fra 5", TOMORROW, age_from=5),
        tagged("For alle", "everyone"),
        offering("Ungekultur", LATER, age_from=13, age_to=20, made_for=Audience.YOUTH),
    )
    assert asked.titles(**YOUNG) == ["Ungekultur", "For alle fra 5", "For alle"]


def test_what_is_for_a_few_ages_around_theirs_is_made_for_them() -> None:
    asked = Asked(
        offering("Fra 7 år", TOMORROW, age_from=7),
        offering("8-14 år", LATER, age_from=8, age_to=14),
        offering("13-25 år", LATER, age_from=13, age_to=25),
    )
    assert asked.titles(**CHILD) == ["8-14 år", "Fra 7 år"]
    assert asked.titles(ages=((14, 14),)) == ["8-14 år", "13-25 år", "Fra 7 år"]
    assert asked.titles(**YOUNG) == ["13-25 år", "Fra 7 år", "8-14 år"]
    assert asked.titles(audiences=(Audience.ADULTS,), ages=((18, 120),)) == ["Fra 7 år", "13-25 år"]


def test_an_unknown_age_comes_after_all_that_fit_and_says_so() -> None:
    asked = Asked(
        offering("Ukendt", TOMORROW),
        offering("Passer", LATER, age_from=13, age_to=18),
        offering("Passer ikke", TOMORROW, age_from=60),
    )
    assert asked.titles(**YOUNG) == ["Passer", "Ukendt"]
    assert asked.marked("age-unknown", **YOUNG) == ["Ukendt"]
    assert asked.marked("age-unknown") == []


def test_a_guessed_age_counts_and_says_so() -> None:
    guessed = offering("Gættet", TOMORROW, age_from=13, age_to=18, inferred=("age",))
    asked = Asked(guessed, offering("Gættet, men forkert", TOMORROW, age_from=60, inferred=("age",)))
    assert asked.titles(**YOUNG) == ["Gættet"]
    assert asked.marked("age-inferred", **YOUNG) == ["Gættet"]
    assert asked.marked("age-inferred") == []


def test_a_group_is_answered_by_the_groups_name_when_no_age_is_given() -> None:
    asked = Asked(
        tagged("Unge", "youth"), tagged("Seniorer", "seniors"), tagged("Unge og voksne", "youth", "adults")
    )
    assert asked.titles(**YOUNG) == ["Unge", "Unge og voksne"]
    assert asked.marked("age-unknown", **YOUNG) == []


def test_a_known_age_speaks_louder_than_a_groups_name() -> None:
    asked = Asked(tagged("Unge fra 30", "youth", age_from=30))
    assert asked.titles(**YOUNG) == []


def test_a_groups_name_is_not_a_childs_age() -> None:
    asked = Asked(
        tagged("For børn", "children"), tagged("For familier", "families"), tagged("For seniorer", "seniors")
    )
    assert asked.titles(**CHILD) == ["For børn", "For familier"]
    assert asked.marked("age-unknown", **CHILD) == ["For børn", "For familier"]


def test_part_of_a_group_is_not_the_group() -> None:
    teenagers = {"ages": ((13, 19),), "audiences": (Audience.YOUTH,)}
    assert Asked(tagged("For unge", "youth")).marked("age-unknown", **teenagers) == ["For unge"]


def test_families_are_answered_by_what_is_for_families_or_everyone() -> None:
    asked = Asked(tagged("Familie", "families"), tagged("Alle", "everyone"), tagged("Unge", "youth"))
    assert asked.titles(audiences=(Audience.FAMILIES,)) == ["Familie", "Alle"]


def test_what_is_for_them_comes_before_what_is_for_everyone() -> None:
    asked = Asked(tagged("Alle", "everyone"), tagged("Familier", "families", "everyone", when=LATER))
    assert asked.titles(audiences=(Audience.FAMILIES,)) == ["Familier", "Alle"]


def test_who_it_is_for_orders_nothing_while_nobody_asks() -> None:
    asked = Asked(tagged("Alle", "everyone"), tagged("Familier", "families", when=LATER, made_for="families"))
    assert asked.titles() == ["Alle", "Familier"]


def test_offers_for_families_may_suit_children_but_say_no_age() -> None:
    asked = Asked(tagged("Familie", "families"), tagged("Børn", "children", when=LATER))
    children = {"ages": ((3, 12),), "audiences": (Audience.CHILDREN,)}
    assert asked.titles(**children) == ["Børn", "Familie"]


@pytest.mark.parametrize("closed", ["schools", "daycare"])
def test_offers_for_institutions_stay_out_unless_asked_for(closed: str) -> None:
    asked = Asked(
        tagged("Kun institutioner", closed),
        tagged("Også andre", closed, "families"),
        offering("Frit", TOMORROW),
    )
    assert asked.titles() == ["Også andre", "Frit"]
    assert asked.titles(audiences=(Audience(closed),)) == ["Kun institutioner", "Også andre"]


def test_free_is_only_what_is_known_to_be_free_and_the_unknown_comes_last() -> None:
    asked = Asked(
        offering("Ukendt", TOMORROW),
        offering("Gratis", LATER, price_kind="free"),
        offering("Nul kroner", LATER, price_kind="amounts", prices={Tariff.ADULT: 0}),
        offering("50 kr.", TOMORROW, price_kind="amounts", prices={Tariff.ADULT: 50}),
        offering("Beløb uden tal", TOMORROW, price_kind="amounts"),
    )
    assert asked.titles(free=True) == ["Gratis", "Nul kroner", "Ukendt", "Beløb uden tal"]
    assert asked.marked("price-unknown", free=True) == ["Ukendt", "Beløb uden tal"]
    assert asked.hit("Ukendt", free=True).price is None
    assert asked.hit("Gratis").price == 0.0


def test_a_limit_holds_for_the_cheapest_tariff_that_fits() -> None:
    prices = {Tariff.ADULT: 200, Tariff.CHILD: 60, Tariff.YOUNG: 100, Tariff.SENIOR: 120, Tariff.MEMBER: 20}
    asked = Asked(offering("Forestilling", TOMORROW, price_kind="amounts", prices=prices, age_from=0))
    paid = {
        "child": asked.hit("Forestilling", **CHILD).price,
        "young": asked.hit("Forestilling", **YOUNG).price,
        "senior": asked.hit("Forestilling", audiences=(Audience.SENIORS,)).price,
        "anyone": asked.hit("Forestilling").price,
    }
    assert paid == {"child": 60, "young": 100, "senior": 120, "anyone": 200}
    assert asked.titles(max_price=100) == []
    assert asked.titles(max_price=100, **YOUNG) == ["Forestilling"]


def test_without_a_tariff_that_fits_an_adults_price_counts_else_the_cheapest() -> None:
    asked = Asked(
        offering(
            "Voksen", TOMORROW, price_kind="amounts", prices={Tariff.ADULT: 90, Tariff.MEMBER: 10}, age_from=0
        ),
        offering(
            "Medlem", TOMORROW, price_kind="amounts", prices={Tariff.GROUP: 40, Tariff.MEMBER: 30}, age_from=0
        ),
    )
    assert (asked.hit("Voksen", **CHILD).price, asked.hit("Medlem", **CHILD).price) == (90, 30)


def test_an_unknown_price_comes_after_what_is_within_the_limit() -> None:
    asked = Asked(
        offering("Ukendt", TOMORROW),
        offering("40 kr.", LATER, price_kind="amounts", prices={Tariff.ADULT: 40}),
    )
    assert asked.titles(max_price=50) == ["40 kr.", "Ukendt"]


def test_sold_out_comes_last_of_what_fits_and_says_so() -> None:
    asked = Asked(
        offering("Udsolgt", TOMORROW, status="sold-out"),
        offering("Fuldt hold", TOMORROW, capacity=10, remaining=0),
        offering("Plads", LATER, remaining=1),
        offering("Plads den anden dag", time(TOMORROW, status="sold-out"), LATER),
    )
    assert asked.titles() == ["Plads", "Plads den anden dag", "Udsolgt", "Fuldt hold"]
    assert asked.marked("sold-out") == ["Udsolgt", "Fuldt hold"]


def test_a_need_for_access_is_met_only_by_what_is_known() -> None:
    asked = Asked(
        offering("Ja", TOMORROW, access={Access.WHEELCHAIR: True, Access.QUIET: True}),
        offering("Nej", TOMORROW, access={Access.WHEELCHAIR: False}),
        offering("Ukendt", TOMORROW),
    )
    assert asked.titles(accessibility=(Access.WHEELCHAIR,)) == ["Ja"]
    assert asked.titles(accessibility=(Access.WHEELCHAIR, Access.QUIET)) == ["Ja"]
    assert asked.titles(accessibility=(Access.WHEELCHAIR, Access.HEARING_LOOP)) == []


def test_any_of_the_asked_categories_and_any_of_the_formats_and_both() -> None:
    asked = Asked(
        offering("Koncert", TOMORROW, categories=("music",), formats=("performance",)),
        offering("Musikværksted", TOMORROW, categories=("music",), formats=("workshop",)),
        offering("Keramikværksted", TOMORROW, categories=("crafts",), formats=("workshop",)),
        offering("Uden for kategori", TOMORROW),
    )
    workshops = (Format.WORKSHOP,)
    assert asked.titles(categories=(Category.MUSIC, Category.CRAFTS), formats=workshops) == [
        "Musikværksted",
        "Keramikværksted",
    ]


def test_the_language_of_the_activity_must_be_known() -> None:
    asked = Asked(
        offering("English talk", TOMORROW, languages=("en",)),
        offering("Begge", TOMORROW, languages=("da", "en")),
        offering("Ukendt", TOMORROW),
    )
    assert asked.titles(languages=("en",)) == ["English talk", "Begge"]
    assert asked.titles(languages=("fo",)) == []


@pytest.mark.parametrize(
    ("exclude", "left"),
    [
        (Query(categories=(Category.MUSIC,)), ["Børneteater", "Gåtur"]),
        (Query(formats=(Format.TOUR,)), ["Koncert", "Børneteater"]),
        (Query(audiences=(Audience.CHILDREN,)), ["Koncert", "Gåtur"]),
        (Query(ages=((3, 12),)), ["Koncert", "Gåtur"]),
        (Query(free=True), ["Koncert", "Børneteater"]),
        (Query(max_price=100), ["Koncert", "Børneteater"]),
        (Query(languages=("en",)), ["Børneteater", "Gåtur"]),
        (Query(accessibility=(Access.QUIET,)), ["Koncert", "Børneteater"]),
        (Query(words=("koncert",)), ["Børneteater", "Gåtur"]),
    ],
)
def test_what_is_not_wanted_is_left_out_and_the_unknown_is_not(exclude: Query, left: list[str]) -> None:
    asked = Asked(
        offering(
            "Koncert",
            TOMORROW,
            categories=("music",),
            languages=("en",),
            price_kind="amounts",
            prices={Tariff.ADULT: 200},
        ),
        tagged("Børneteater", "children", age_from=4, age_to=9),
        offering("Gåtur", TOMORROW, formats=("tour",), price_kind="free", access={Access.QUIET: True}),
    )
    assert asked.titles(exclude=exclude) == left


def test_an_hour_and_an_age_unknown_come_after_one_of_them() -> None:
    asked = Asked(
        offering("Intet oplyst", "2026-11-26"),
        offering("Alder ikke oplyst", TOMORROW),
        offering("Alt oplyst", "2026-11-26 20:00", age_from=0),
    )
    evening = window("2026-11-26 18:00", "2026-11-27 00:00")
    assert asked.titles(windows=evening, **CHILD) == ["Alt oplyst", "Alder ikke oplyst", "Intet oplyst"]


def test_what_is_for_all_the_ages_asked_comes_before_what_is_for_some() -> None:
    asked = Asked(
        offering("De små", TOMORROW, age_from=2, age_to=6),
        offering("De store", TOMORROW, age_from=8, age_to=12),
        offering("Begge", LATER, age_from=3, age_to=10),
    )
    assert asked.titles(ages=((4, 4), (9, 9)))[0] == "Begge"
    assert asked.titles(ages=((4, 4), (9, 9))) == ["Begge"]
    assert len(asked.titles(ages=((3, 4), (9, 10)))) == 3
