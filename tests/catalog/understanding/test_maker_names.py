"""Organisers and series asked for by their full names."""

from datetime import datetime

import pytest

from catalog.query import Query
from catalog.search.match import CatalogueWords, Vocabulary
from catalog.text import words as folded_words
from catalog.understanding import understand

MAKERS = (
    "Havnens Venner",
    "Naturens Venner i Furesø",
    "Ungdomsskolen i Ballerup",
    "Sund med Kultur",
    "Gimle",
)


@pytest.fixture(scope="module")
def makers() -> CatalogueWords:
    weights = {word: 1 for maker in (*MAKERS, "Viser fra havnen") for word in folded_words(maker)}
    return CatalogueWords(Vocabulary(weights), {}, makers=frozenset(MAKERS))


def asked(text: str, now: datetime, makers: CatalogueWords) -> Query:
    return understand(text, now=now, words=makers, language="da").query


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hvad laver Havnens Venner?", "havnens venner"),
        ("noget med naturens venner", "naturens venner"),
        ("hvad laver Naturens Venner i Furesø", "naturens venner i furesoe"),
        ("hvad laver Ungdomsskolen i Ballerup", "ungdomsskolen i ballerup"),
        ("sund med kultur", "sund med kultur"),
    ],
)
def test_who_is_named_in_full_is_asked_for_by_that_name(
    text: str, name: str, wednesday: datetime, makers: CatalogueWords
) -> None:
    query = asked(text, wednesday, makers)
    assert query.words == (name,)
    assert query.places == ()


def test_a_name_with_a_place_behind_i_is_where_it_is(wednesday: datetime, makers: CatalogueWords) -> None:
    query = asked("musik i Ungdomsskolen i Ballerup", wednesday, makers)
    assert [place.name for place in query.places] == ["Ballerup"]


def test_a_name_goes_with_all_else_that_is_asked(wednesday: datetime, makers: CatalogueWords) -> None:
    query = asked("gratis ting hos Havnens Venner i Hundested", wednesday, makers)
    assert query.free
    assert query.words == ("havnens venner",)
    assert [place.name for place in query.places] == ["Hundested"]


def test_half_a_name_is_only_a_word(wednesday: datetime, makers: CatalogueWords) -> None:
    assert asked("noget ved havnen", wednesday, makers).words == ("havnen",)
