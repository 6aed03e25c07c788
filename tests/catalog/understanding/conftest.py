"""A small catalogue's names and one afternoon, for questions about it."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from catalog.search.match import CatalogueWords, Vocabulary
from catalog.text import words as folded_words

NAMES = (
    "Keramik for alle",
    "Keramik og ler",
    "Strik og kaffe",
    "Guitar for nybegyndere",
    "Avisen Live",
    "Suburban Grrls",
    "Loppemarked på torvet",
    "Børnekor",
    "Podcast fra kælderen",
)
VENUES = {
    "nordkraft": ("Nordkraft", 57.046, 9.936),
    "forbraendingen": ("Forbrændingen", 55.66, 12.36),
    "mungo park": ("Mungo Park", 55.87, 12.36),
    "biblioteket": ("Biblioteket", 55.61, 12.35),
}


def catalogue_words() -> CatalogueWords:
    """The names above as a catalogue would offer them."""
    weights: dict[str, int] = {}
    for name in (*NAMES, *VENUES):
        for word in folded_words(name):
            weights[word] = weights.get(word, 0) + 1
    return CatalogueWords(Vocabulary(weights), VENUES, _in_one_title)


def _in_one_title(words: Sequence[str]) -> bool:
    return any(set(words) <= set(folded_words(name)) for name in NAMES)


@pytest.fixture(scope="session")
def names() -> CatalogueWords:
    return catalogue_words()


@pytest.fixture(scope="session")
def wednesday() -> datetime:
    """A Wednesday afternoon in November."""
    return datetime(2026, 11, 25, 15, tzinfo=ZoneInfo("Europe/Copenhagen"))
