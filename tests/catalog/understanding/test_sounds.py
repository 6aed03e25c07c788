"""Danish words spelt by ear."""

import pytest

from catalog.understanding.sounds import heard_as, sound_of


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("kunsert", "koncert"),
        ("tiater", "teater"),
        ("udsdilling", "udstilling"),
        ("keramig", "keramik"),
        ("mosik", "musik"),
        ("seniurer", "seniorer"),
        ("fomidag", "formiddag"),
        ("familje", "familie"),
    ],
)
def test_a_word_is_heard_through_its_spelling(written: str, meant: str) -> None:
    assert heard_as(written) == meant


@pytest.mark.parametrize("word", ["xyzzy", "qwertz", "a", "", "3d"])
def test_what_sounds_like_nothing_asked_for_is_left_alone(word: str) -> None:
    assert heard_as(word) is None


def test_words_that_sound_otherwise_stay_apart() -> None:
    assert len({sound_of(word) for word in ("koncert", "kunst", "kursus", "kor", "dans", "teater")}) == 6
