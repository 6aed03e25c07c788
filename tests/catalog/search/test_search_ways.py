"""The ways to an answer differ with the size of the catalogue; the answer does not."""

import datetime as dt
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings

from catalog.drafts import OfferingDraft
from catalog.query import Hit, Near, Query
from catalog.search import Index, build_index, finding, rank, search
from catalog.values import Audience, Category, Format, Tariff
from tests.catalog.factory import database_with, offering, run, time, venue
from tests.catalog.search.asking import ISHOEJ, Asked, local, place, window
from tests.catalog.search.test_search_oracle import NOW, catalogues, queries

HEAVIEST_FIRST = (
    *("unknown", "sold_out", "around", "not_all_ages", "remoteness"),
    *("typos", "field", "score", "distance", "soon"),
)


def as_if_large(index: Index, query: Query, now: dt.datetime, limit: int) -> list[Hit]:
    """The first hits as they are found among very many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "_MANY", 0)
        patch.setattr(rank, "_MANY", 1)
        patch.setattr(rank, "_VARIED", 1)
        return list(search(index, query, now, limit=limit).hits)


@settings(max_examples=12, deadline=None)
@given(catalogues, queries)
def test_a_large_catalogue_is_searched_to_the_same_end(
    drafts: tuple[OfferingDraft, ...], query: Query
) -> None:
    index = build_index(database_with(*drafts), NOW)
    for limit in (1, 3):
        assert as_if_large(index, query, NOW, limit) == list(search(index, query, NOW, limit=limit).hits)


def programme() -> tuple[OfferingDraft, ...]:
    """Sixty offerings of all kinds in three towns, the same every time."""
    chance = random.Random(4)
    towns = [
        venue(name, municipality=name, town=name, latitude=latitude, longitude=12.3)
        for name, latitude in (("Ishøj", 55.61), ("Køge", 55.46), ("Greve", 55.58))
    ]

    def one(n: int) -> OfferingDraft:
        day = f"2026-11-{chance.randint(25, 30)}"
        when: Any = time(f"{day} {chance.randint(9, 20):02}:00")
        if n % 6 == 0:
            when = run("2026-11-01 00:00", f"{day} 20:00", opens=local(10), closes=local(17))
        return offering(
            f"{chance.choice(('Kor', 'Leg', 'Korleg'))} {n}",
            when,
            place=chance.choice(towns),
            age_from=chance.choice((None, 0, 6, 13)),
            categories=(chance.choice(list(Category)),),
            formats=(chance.choice(list(Format)),),
            prices={Tariff.ADULT: float(chance.choice((0, 50, 100)))},
        )

    return tuple(one(n) for n in range(60))


QUESTIONS = (
    Query(),
    Query(ages=((7, 7),)),
    Query(words=("kor",), audiences=(Audience.CHILDREN,)),
    Query(places=(place("Ishøj", "town", *ISHOEJ),), max_price=60.0),
    Query(near=Near(*ISHOEJ, 20.0), windows=window("2026-11-26 00:00", "2026-11-28 00:00")),
    Query(from_time=local(16), until_time=local(20), exclude=Query(weekdays=(5,))),
)


def test_only_the_most_promising_of_many_are_looked_at_and_none_is_missed() -> None:
    asked = Asked(*programme())
    for query in QUESTIONS:
        everything = search(asked.index, query, asked.now, limit=60).hits
        assert len(everything) > 4
        assert as_if_large(asked.index, query, asked.now, 2) == list(everything[:2])


def test_the_reasons_are_in_the_order_of_the_issue_and_no_later_one_beats_an_earlier() -> None:
    asked = Asked(*programme())
    for query in QUESTIONS:
        hits = asked.page(replace(query, origin=ISHOEJ)).hits
        assert all(tuple(hit.why)[1:] == HEAVIEST_FIRST for hit in hits)
        reasons = [(*map(hit.why.get, HEAVIEST_FIRST), hit.offering_id) for hit in hits]
        assert reasons == sorted(reasons)


def test_the_same_question_has_the_same_answer_in_another_snapshot() -> None:
    one, other = Asked(*programme()), Asked(*programme())
    for query in QUESTIONS:
        assert one.page(query) == other.page(query)


def test_a_page_says_how_many_words_each_of_its_hits_holds() -> None:
    asked = Asked(offering("Kor for begyndere", "2026-11-26 19:00"))
    assert [hit.why["words"] for hit in asked.page(words=("kor", "begyndere")).hits] == [2]
    assert [hit.why["words"] for hit in asked.page(words=("kor", "ukulele")).hits] == [1]
