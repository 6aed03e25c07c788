"""What is new among what fits: the whole question, of the ids asked about, and nothing given up."""

import pytest

from catalog.query import Query
from catalog.search import search_new
from catalog.values import Category
from tests.catalog.factory import offering
from tests.catalog.search.asking import Asked

MUSIC = Query(categories=(Category.MUSIC,))


@pytest.fixture
def asked() -> Asked:
    kinds = (Category.MUSIC, Category.FILM, Category.MUSIC, Category.MUSIC)
    return Asked(
        *(offering(f"Nr. {n}", f"2026-12-0{n} 19:00", categories=(k,)) for n, k in enumerate(kinds, 1))
    )


@pytest.mark.parametrize(
    ("after", "until", "ids"),
    [(0, 4, [1, 3, 4]), (1, 3, [3]), (1, 4, [3, 4]), (3, 99, [4]), (4, 99, []), (0, 0, []), (1, 2, [])],
)
def test_only_ids_above_one_and_up_to_the_other(asked: Asked, after: int, until: int, ids: list[int]) -> None:
    hits = search_new(asked.index, MUSIC, asked.now, after=after, until=until)
    assert [hit.offering_id for hit in hits] == ids


def test_nothing_is_given_up_to_find_something(asked: Asked) -> None:
    assert search_new(asked.index, Query(categories=(Category.DANCE,)), asked.now, after=0, until=4) == ()


def test_a_hit_tells_what_the_ordinary_search_tells(asked: Asked) -> None:
    ordinary = {hit.offering_id: hit for hit in asked.page(MUSIC).hits}
    for hit in search_new(asked.index, MUSIC, asked.now, after=0, until=4):
        assert hit == ordinary[hit.offering_id]
