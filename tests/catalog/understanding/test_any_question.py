"""Whatever anybody writes, it is understood as a question that can be put, and none takes long."""

import sys
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.query import Query
from catalog.search.match import CatalogueWords, Vocabulary
from catalog.understanding import LONGEST_WORD, MOST_WORDS, understand
from tests.catalog.understanding.wild import assert_valid, positions, texts

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 11, 25, 15, tzinfo=ZONE)
WILD = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
LANGUAGES = st.sampled_from([None, "da", "en", "uk", ""])
MOST_LOOKUPS = 8 * MOST_WORDS
FLOODS = (
    *(
        "i",
        "ikke musik",
        "8 og",
        "fredag eller lørdag kl. 14",
        "uden at",
        "for børn på 8 år",
        "Køge og",
        "uge 7",
    ),
    *(
        "12",
        "koncertt",
        "musikmusikmusik",
        "1/12 -",
        "mellem 5 og",
        "under 100 kr",
        "k̷o̸n̵",
        "inden for 5 km af",
    ),
    *("xqwzk", "teatr for unnge på lørdga", "gartis worskhops i Roskide", "'", "2635", "næste"),
)


@WILD
@given(text=texts(), language=LANGUAGES, location=positions())
def test_any_text_becomes_a_question_that_can_be_put(
    names: CatalogueWords, text: str, language: str | None, location: tuple[float, float] | None
) -> None:
    assert_valid(understand(text, now=NOW, words=names, language=language, location=location))


@WILD
@given(turns=st.lists(texts(), min_size=2, max_size=4), location=positions())
def test_any_conversation_stays_one(
    names: CatalogueWords, turns: list[str], location: tuple[float, float] | None
) -> None:
    previous: Query | None = None
    for text in turns:
        answer = understand(text, now=NOW, words=names, previous=previous, location=location)
        assert_valid(answer)
        previous = answer.query


@settings(WILD, max_examples=50)
@given(
    text=texts(),
    hours=st.integers(0, 24 * 365 * 5),
)
def test_any_moment_will_do(names: CatalogueWords, text: str, hours: int) -> None:
    assert_valid(understand(text, now=NOW + timedelta(hours=hours), words=names))


@pytest.mark.parametrize("said", FLOODS)
def test_twice_the_words_are_no_more_than_thrice_the_work(names: CatalogueWords, said: str) -> None:
    words = said.split()
    half, whole = (" ".join((words * count)[:count]) for count in (MOST_WORDS // 2, MOST_WORDS))
    assert _calls(whole, names) <= 3 * _calls(half, names)


@pytest.mark.parametrize("said", FLOODS)
def test_what_stands_after_the_words_that_are_read_costs_next_to_nothing(
    names: CatalogueWords, said: str
) -> None:
    words = said.split()
    whole, more = (" ".join((words * count)[:count]) for count in (MOST_WORDS, 3 * MOST_WORDS))
    assert _calls(more, names) <= 2 * _calls(whole, names)


@WILD
@given(text=texts())
def test_few_words_are_looked_up_for_typos(names: CatalogueWords, text: str) -> None:
    lookups: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        closest = Vocabulary.closest

        def counted(vocabulary: Vocabulary, word: str, limit: int = 1) -> Any:
            lookups.append(word)
            return closest(vocabulary, word, limit)

        patch.setattr(Vocabulary, "closest", counted)
        understand(text, now=NOW + timedelta(minutes=1), words=names)
    assert len(lookups) <= MOST_LOOKUPS
    assert all(len(word) <= 20 * LONGEST_WORD for word in lookups)


@pytest.mark.parametrize("word", ["a", "musik", "æ", "1", "ﷺ"])
def test_an_endless_word_is_no_word(names: CatalogueWords, word: str) -> None:
    endless = (word * 4096)[:4096]
    assert understand(endless, now=NOW, words=names).kind == "nothing"
    assert (
        understand(f"koncert {endless}", now=NOW, words=names).query
        == understand("koncert", now=NOW, words=names).query
    )


def _calls(text: str, names: CatalogueWords) -> int:
    """How many calls of functions it takes to understand a text whose words have been met before."""
    understand(text, now=NOW, words=names)
    calls = 0

    def count(_frame: Any, _event: str, _argument: Any) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        understand(text, now=NOW, words=names)
    finally:
        sys.setprofile(None)
    return calls
