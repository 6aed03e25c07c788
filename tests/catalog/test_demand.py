"""What was asked for and not found: structured facts, counted, pooled, and told of nobody alone."""

import datetime as dt

import pytest

from catalog import demand, figures
from catalog.demand import Tries, Wanted, Wish
from catalog.places import gazetteer
from catalog.query import Near, PlaceRef, Query
from catalog.values import AUDIENCE_AGES, Audience, Category, PlaceKind
from tests.catalog.factory import database_with

NOVEMBER = dt.date(2026, 11, 1)
YOUTH = AUDIENCE_AGES[Audience.YOUTH]
ISHOJ = gazetteer().get("municipality:0183")


def place(key: str) -> PlaceRef:
    found = gazetteer().get(key)
    assert found is not None
    return found.ref()


def unmet(number: int, where: str, category: str = "dance", ages: str = "youth", district: str = "") -> dict:
    return {Wanted(NOVEMBER, where, district, category, ages): Tries(number, number)}


# What a question wants


def test_a_question_wants_its_categories_for_its_groups_of_ages() -> None:
    query = Query(categories=(Category.DANCE, Category.MUSIC), ages=((8, 8), YOUTH))
    found = demand.wanted(query, "Ishøj", "", NOVEMBER)
    assert [(cell.category, cell.ages) for cell in found] == [
        *(("dance", "children"), ("dance", "youth")),
        *(("music", "children"), ("music", "youth")),
    ]


def test_a_question_that_names_neither_wants_nothing_that_could_be_offered() -> None:
    assert demand.wanted(Query(free=True, words=("noget",)), "Ishøj", "", NOVEMBER) == ()


def test_the_words_of_a_question_are_not_in_what_is_counted() -> None:
    cells = demand.wanted(Query(categories=(Category.DANCE,), words=("hemmeligt",)), "Ishøj", "", NOVEMBER)
    assert "hemmeligt" not in repr(cells)


@pytest.mark.parametrize(
    ("ages", "band"),
    [
        *(((0, 1), "toddlers"), ((8, 8), "children"), ((14, 16), "youth"), ((18, 120), "adults")),
        *(((30, 40), "adults"), ((65, 120), "seniors"), ((0, 99), ""), ((10, 14), "children")),
    ],
)
def test_ages_belong_to_the_groups_of_the_contract(ages: tuple[int, int], band: str) -> None:
    assert demand.band(*ages) == band


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(places=(place("municipality:0259"),)), ("Køge", "")),
        (Query(places=(place("district:ballerup-hedegaard"),)), ("Ballerup", "Hedegård")),
        (Query(places=(place("postcode:4600"),)), ("Køge", "")),
        (Query(near=Near(55.456, 12.182, 10.0)), ("Køge", "")),
        (Query(places=(PlaceRef("venue:9", "Teatret", PlaceKind.VENUE, 55.456, 12.182),)), ("Køge", "")),
        (Query(places=(PlaceRef("venue:9", "Teatret", PlaceKind.VENUE),)), ("Ishøj", "")),
        (Query(), ("Ishøj", "")),
    ],
)
def test_the_place_is_the_questions_and_else_the_persons(query: Query, expected: tuple[str, str]) -> None:
    assert demand.place_of(query, ISHOJ) == expected


def test_a_question_without_any_place_is_counted_without_one() -> None:
    assert demand.place_of(Query(), None) == ("", "")


# What is told


def test_what_was_often_asked_for_and_not_found_is_told_first() -> None:
    counts = {**unmet(14, "Ishøj"), **unmet(22, "Køge", "film"), **unmet(4, "Ishøj", "music")}
    assert demand.wishes(counts) == (
        Wish(("Køge",), "", "film", "youth", 20, 20),
        Wish(("Ishøj",), "", "dance", "youth", 10, 10),
    )


def test_what_was_found_for_nearly_everybody_is_told_without_the_few() -> None:
    cell = Wanted(NOVEMBER, "Ishøj", "", "dance", "youth")
    assert [(w.asked, w.unmet) for w in demand.wishes({cell: Tries(12, 1)})] == [(10, None)]


def test_districts_are_told_together_or_apart_and_never_below_five() -> None:
    counts = {**unmet(4, "Ballerup", district="Hedegård"), **unmet(6, "Ballerup", district="Skovlunde")}
    assert [(w.district, w.unmet) for w in demand.wishes(counts)] == [("", 10)]
    assert [(w.district, w.unmet) for w in demand.wishes(counts, by_district=True)] == [("Skovlunde", 5)]


def test_the_one_person_of_a_district_leaves_no_trace() -> None:
    many = unmet(14, "Ballerup", district="Skovlunde")
    alone = unmet(1, "Ballerup", "film", district="Hedegård")
    for by_district in (False, True):
        assert demand.wishes({**many, **alone}, by_district=by_district) == demand.wishes(
            many, by_district=by_district
        )


# Niches


def test_what_is_too_rare_in_each_of_several_municipalities_is_told_to_them_together() -> None:
    counts = {**unmet(3, "Ishøj"), **unmet(4, "Køge"), **unmet(2, "Greve")}
    assert demand.pooled(counts) == (Wish(("Greve", "Ishøj", "Køge"), "", "dance", "youth", None, 5),)


@pytest.mark.parametrize(
    "counts",
    [
        {**unmet(2, "Ishøj"), **unmet(2, "Køge")},
        unmet(4, "Ishøj"),
        {**unmet(5, "Ishøj"), **unmet(4, "Køge")},
        {**unmet(4, "Ishøj"), **unmet(4, "Køge", ages="seniors")},
        {**unmet(4, "Ishøj"), **unmet(1, "Køge")},
        {**unmet(4, ""), **unmet(4, "Køge")},
    ],
    ids=["too few in all", "one alone", "often in one", "not the same", "one person", "nowhere"],
)
def test_nothing_else_is_pooled(counts: dict[Wanted, Tries]) -> None:
    assert demand.pooled(counts) == ()


def test_one_persons_wish_neither_counts_nor_names_their_municipality() -> None:
    counts = {**unmet(4, "Ishøj"), **unmet(4, "Køge")}
    assert demand.pooled({**counts, **unmet(1, "Greve")}) == demand.pooled(counts)


@pytest.mark.parametrize("size", range(2, 12))
def test_the_sum_never_tells_that_each_of_them_is_just_under_five(size: int) -> None:
    counts = {cell: n for i in range(size) for cell, n in unmet(4, f"K{i}").items()}
    (wish,) = demand.pooled(counts)
    assert wish.unmet is not None
    # Were each of the others four, the last might still be two: all that naming it tells.
    assert wish.unmet <= 4 * (size - 1) + 2


# What is kept


def test_counts_add_up_in_the_database_and_come_back_by_month_and_place() -> None:
    database = database_with()
    here, there = unmet(2, "Ballerup", district="Hedegård"), unmet(3, "Køge")
    for _ in range(2):
        database.write(lambda s: demand.add(s, {**here, **there}))
    assert database.read(lambda s: demand.read(s, [NOVEMBER], ["Køge"])) == unmet(6, "Køge")
    assert database.read(lambda s: demand.read(s, [NOVEMBER], None, ["Hedegård"])) == unmet(
        4, "Ballerup", district="Hedegård"
    )
    assert database.read(lambda s: demand.read(s, [dt.date(2026, 10, 1)])) == {}


def test_a_wish_is_counted_by_week_among_the_figures_and_comes_back() -> None:
    database, week = database_with(), dt.date(2026, 11, 16)
    wish = Wanted(NOVEMBER, "Ballerup", "Hedegård", "dance", "")
    counts = {demand.of_week(wish, week, unmet=unmet): n for unmet, n in ((False, 7), (True, 2))}
    database.write(lambda s: figures.add(s, counts))
    back = {wish._replace(month=week, district=""): Tries(7, 2)}
    assert database.read(lambda s: demand.read_weeks(s, [week])) == back
    assert database.read(lambda s: demand.read_weeks(s, [week], ["Køge"])) == {}
    assert database.read(lambda s: figures.read(s, [week])) == {}


def test_months_are_told_when_they_are_over_also_over_the_new_year() -> None:
    assert demand.closed_months(dt.date(2027, 1, 25), 2) == (dt.date(2026, 11, 1), dt.date(2026, 12, 1))
    assert demand.closed_months(dt.date(2027, 2, 1), 1) == (dt.date(2027, 1, 1),)
