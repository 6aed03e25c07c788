"""The language of a question: by its words; when they do not tell, the person's."""

import pytest

from catalog.text import tokens
from catalog.understanding.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hvad sker der i weekenden?", "da"),
        ("gratis workshops for unge i weekenden", "da"),
        ("er der noget for born", "da"),
        ("What's on this weekend?", "en"),
        ("free workshops for young people in Køge", "en"),
        ("I would like to learn the guitar", "en"),
    ],
)
def test_a_question_tells_its_language_whatever_the_person_speaks(text: str, language: str) -> None:
    assert language_of(tokens(text), "da") == language
    assert language_of(tokens(text), "en") == language


@pytest.mark.parametrize("text", ["jazz", "Køge?", "yoga", "", "2635", "koncerter"])
def test_a_word_or_two_leave_it_to_the_person(text: str) -> None:
    assert language_of(tokens(text), "en") == "en"
    assert language_of(tokens(text), "da") == "da"


def test_a_single_telling_word_decides_when_nothing_is_known_of_the_person() -> None:
    assert language_of(tokens("tomorrow"), None) == "en"
    assert language_of(tokens("jazz"), None) == "da"
