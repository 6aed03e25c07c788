"""Words of suicide, self-harm and abuse are known, however they are spelt; titles and figures of speech are
not taken for them."""

import time
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from catalog.search.match import CatalogueWords
from catalog.understanding import understand
from catalog.understanding.danger import danger_in

_FILE = Path(__file__).with_name("danger.toml")
_SAID = tomllib.loads(_FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", _SAID["danger"])
def test_somebody_in_danger_is_heard(text: str) -> None:
    assert danger_in(text)
    assert danger_in(text.upper())
    assert danger_in(f"hej, {text}!!!")


@pytest.mark.parametrize("text", _SAID["none"])
def test_what_only_sounds_like_danger_is_a_question(text: str) -> None:
    assert danger_in(text) is None


@pytest.mark.parametrize(
    ("text", "topic", "language"),
    [
        ("jeg vil dø", "suicide", "da"),
        ("min far slår mig", "violence", "da"),
        ("jeg blev voldtaget", "assault", "da"),
        ("I was raped", "assault", "en"),
        ("my dad hits me", "violence", "en"),
        ("kill myself", "suicide", "en"),
    ],
)
def test_it_is_known_what_danger_and_in_which_language(text: str, topic: str, language: str) -> None:
    found = danger_in(text)
    assert found is not None
    assert (found.topic, found.language) == (topic, language)


def test_danger_comes_before_everything_else_that_is_said(names: CatalogueWords, wednesday: datetime) -> None:
    text = "gratis koncerter i Køge på lørdag, " * 40 + "jeg vil ikke leve mere"
    answer = understand(text, now=wednesday, words=names)
    assert (answer.kind, answer.detail) == ("danger", "suicide")
    assert answer.query.asks_nothing()
    assert not answer.repaired


def test_a_flood_of_words_is_read_in_no_time() -> None:
    danger_in("jeg vil dø")
    for flood in ("jeg nu nu nu " * 400, "my dad is " * 500, "jeg er har " * 400):
        began = time.perf_counter()
        danger_in(flood)
        assert time.perf_counter() - began < 0.2
