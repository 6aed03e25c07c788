"""Words that are almost right are mended and reported; words that are right are left alone."""

from datetime import datetime

import pytest

from catalog.query import Understanding
from catalog.search.match import CatalogueWords
from catalog.understanding import understand


@pytest.fixture
def ask(wednesday: datetime, names: CatalogueWords):
    def _ask(text: str) -> Understanding:
        return understand(text, now=wednesday, words=names, language="da")

    return _ask


def test_every_typo_is_reported_with_what_it_was_taken_for(ask) -> None:
    answer = ask("gartis worskhops i Roskide på lørdga")
    assert answer.repaired == (
        ("gartis", "gratis"),
        ("worskhops", "workshops"),
        ("Roskide", "Roskilde"),
        ("lørdga", "lørdag"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "kursus",
        "kurser",
        "boern",
        "born",
        "børnene",
        "koncerterne",
        "Koege",
        "Helsingor",
        "grrls",
        "fodbold",
        "hunde",
    ],
)
def test_a_word_that_something_knows_is_not_mended(ask, text: str) -> None:
    assert ask(text).repaired == ()


def test_a_word_of_the_catalogue_is_mended_to(ask) -> None:
    answer = ask("suburbann")
    assert answer.query.words == ("suburban",)
    assert answer.repaired == (("suburbann", "suburban"),)


def test_a_place_comes_first_after_a_preposition(ask) -> None:
    assert [place.name for place in ask("i albertsund").query.places] == ["Albertslund"]


def test_the_letters_of_danish_may_be_missing_or_doubled(ask) -> None:
    spellings = ["håndværk for børn i Køge", "haandvaerk for boern i Koege", "handvark for born i Koge"]
    queries = {ask(text).query for text in spellings}
    assert len(queries) == 1


def test_a_flood_of_nonsense_is_answered(ask) -> None:
    answer = ask("zqxkvw " * 500)
    assert answer.kind == "nothing"


def test_a_compound_in_two_words_is_one(ask) -> None:
    assert ask("fælles spisning").query.words == ("faellesspisning",)


def test_a_name_in_two_words_with_a_typo_is_one(ask) -> None:
    assert ask("forbrenn dingen").repaired == (("forbrenn dingen", "forbraendingen"),)


def test_a_misspelt_word_that_a_dictionary_of_slips_knows_is_mended(ask) -> None:
    assert ask("something about tecnology").repaired == (("tecnology", "technology"),)


def test_of_two_words_as_near_the_one_of_time_is_meant_rather_than_an_empty_one(ask) -> None:
    assert ask("noget i morgn").query.windows


def test_the_language_is_known_once_the_typos_are_mended(ask) -> None:
    assert ask("drwaing workshp for chidlren").query.language == "en"
    assert ask("tegnnig for brn").query.language == "da"


def test_a_typo_is_a_word_of_the_language_of_the_question(ask) -> None:
    assert ("lern", "learn") in ask("where can I lern to sing").repaired
    assert ("lern", "ler") in ask("hvor kan man lave noget med lern").repaired
