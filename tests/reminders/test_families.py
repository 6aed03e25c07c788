"""Children as birth years, their ages, and what it costs for all."""

import datetime as dt

import pytest

from catalog.cards import Card
from catalog.query import Query
from catalog.values import Audience, Format, PriceKind, Tariff
from reminders import families
from reminders.families import Total, total_price
from reminders.model import Child, SavedSearch
from reminders.refusals import RefusedError
from tests.reminders.town import CHAT, Town

TODAY = dt.date(2026, 11, 25)


@pytest.fixture
def town() -> Town:
    return Town()


def test_a_child_is_a_birth_year_and_perhaps_an_emoji(town: Town) -> None:
    anna = town.person()
    town.child(anna, 2020)
    town.child(anna, 2015, "🦊")
    assert [(c.birth_year, c.emoji) for c in town.children(anna)] == [(2015, "🦊"), (2020, None)]
    assert set(Child.model_fields) == {"id", "person_id", "birth_year", "emoji"}


@pytest.mark.parametrize(("year", "fits"), [(2000, False), (2001, True), (2026, True), (2027, False)])
def test_a_birth_year_is_one_of_the_last_25_years(town: Town, year: int, fits: bool) -> None:
    anna = town.person()
    if fits:
        assert town.child(anna, year)
    else:
        with pytest.raises(RefusedError, match="birth-year"):
            town.child(anna, year)


@pytest.mark.parametrize("text", ["Anna", "🐻🐻", "", "😈"])
def test_only_an_emoji_of_the_list_marks_a_child(town: Town, text: str) -> None:
    with pytest.raises(RefusedError, match="emoji"):
        town.child(town.person(), 2018, text)


def test_every_emoji_of_the_list_is_there_once_and_fits_its_column() -> None:
    assert len(set(families.EMOJI)) == len(families.EMOJI)
    assert all(len(emoji) <= 16 for emoji in families.EMOJI)


def test_a_family_has_at_most_ten_children(town: Town) -> None:
    anna, bo = town.person(), town.person(CHAT + 1)
    for _ in range(10):
        town.child(anna, 2018)
    with pytest.raises(RefusedError, match="too-many-children"):
        town.child(anna, 2018)
    assert town.child(bo, 2018)


def test_removing_a_child_removes_its_searches_and_nobody_else_s_child(town: Town) -> None:
    anna, bo = town.person(), town.person(CHAT + 1)
    child = town.child(anna, 2018)
    search = town.save(anna, Query(formats=(Format.WORKSHOP,)), child=child)
    assert not town.write(lambda s: families.remove_child(s, bo, child))
    assert town.write(lambda s: families.remove_child(s, anna, child))
    assert town.children(anna) == []
    assert town.get(SavedSearch, search) is None


@pytest.mark.parametrize(
    ("today", "ages"),
    [
        # The birthday trap: only the year is known, so it is either of two ages on every day of the year.
        (dt.date(2026, 1, 1), (7, 8)),
        (dt.date(2026, 12, 31), (7, 8)),
        (dt.date(2027, 1, 1), (8, 9)),
        (dt.date(2018, 6, 1), (0, 0)),
        (dt.date(2019, 6, 1), (0, 1)),
    ],
)
def test_a_child_from_2018_ages_with_the_calendar(today: dt.date, ages: tuple[int, int]) -> None:
    assert families.ages(2018, today) == ages


def test_a_question_for_a_child_asks_for_its_ages_and_for_no_group_of_another_age() -> None:
    asked = Query(ages=((3, 3),), audiences=(Audience.TODDLERS, Audience.FAMILIES), free=True)
    child = Child(person_id=1, birth_year=2018)
    expected = Query(ages=((7, 8),), audiences=(Audience.FAMILIES,), free=True)
    assert families.query_for(child, asked, TODAY) == expected


def card(kind: PriceKind = PriceKind.AMOUNTS, **prices: float) -> Card:
    return Card(
        id=1,
        public_id="a",
        external_id="a",
        source="test",
        is_sample=False,
        titles={"da": "Koncert"},
        descriptions={},
        occurrences=(),
        price_kind=kind,
        prices={Tariff(name): kroner for name, kroner in prices.items()},
    )


SMALL, TEEN, ALMOST_GROWN, GROWN = (7, 8), (14, 15), (17, 18), (21, 22)


def test_what_is_free_costs_nothing_for_all() -> None:
    assert total_price(card(PriceKind.FREE), 2, [SMALL]) == Total(0.0)


def test_two_adults_and_two_children() -> None:
    total = total_price(card(adult=90, child=40), 2, [SMALL, TEEN])
    assert total == Total(260, ((Tariff.ADULT, 2, 90), (Tariff.CHILD, 2, 40)))


@pytest.mark.parametrize(
    ("prices", "adults", "children", "kroner"),
    [
        # Children's and young people's tariffs overlap: the cheaper one is asked for.
        ({"adult": 90, "child": 40, "young": 60}, 1, [SMALL, TEEN, GROWN], 90 + 40 + 40 + 60),
        ({"adult": 90, "child": 60, "young": 40}, 0, [TEEN], 40),
        # 17 or 18: only a tariff that holds both ages is sure.
        ({"adult": 90, "child": 40}, 0, [ALMOST_GROWN], 90),
        ({"adult": 90, "child": 40, "young": 60}, 0, [ALMOST_GROWN], 60),
        # A reduction that nobody stated is none; the others' are not ours to take.
        ({"adult": 90, "senior": 50, "member": 10, "group": 5}, 1, [SMALL], 180),
        ({"adult": 90}, 2, [SMALL, SMALL], 360),
        ({"child": 50}, 0, [SMALL], 50),
        ({"adult": 90, "child": 0}, 1, [SMALL], 90),
    ],
)
def test_who_pays_what(prices: dict, adults: int, children: list, kroner: float) -> None:
    total = total_price(card(**prices), adults, children)
    assert total is not None
    assert total.kroner == kroner
    assert sum(count * each for _, count, each in total.parts) == kroner


@pytest.mark.parametrize(
    ("prices", "adults", "children"),
    [
        ({"child": 50}, 1, [SMALL]),  # what a grown-up pays is not stated
        ({"young": 50}, 0, [SMALL]),  # nor what a small child does
        ({"member": 50}, 1, []),
        ({"group": 500}, 2, [SMALL]),
        ({}, 2, [SMALL]),
        ({"adult": 90}, 0, []),
    ],
)
def test_a_total_that_is_not_known_is_not_guessed(prices: dict, adults: int, children: list) -> None:
    assert total_price(card(**prices), adults, children) is None


def test_an_unknown_price_has_no_total() -> None:
    assert total_price(card(PriceKind.UNKNOWN), 2, [SMALL]) is None
