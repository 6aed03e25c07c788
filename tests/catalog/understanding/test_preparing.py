"""What a first question would wait for is there before it comes."""

from datetime import datetime

import pytest

from catalog.places import gazetteer
from catalog.search.match import CatalogueWords
from catalog.understanding import facts, price, spelling, understand, what, where, who
from catalog.understanding.lexicon import lexicon
from catalog.understanding.preparing import prepare
from catalog.understanding.when.lexicon import lexicon as words_of_time
from tests.catalog.understanding.conftest import catalogue_words

KEPT = (
    *(lexicon, words_of_time, gazetteer, spelling.danish, spelling._of_names, what._known_forms),
    *(where._venues, where._longest_from, where._patterns, who._patterns, price._patterns, facts._codes),
)


@pytest.mark.parametrize(
    "question", ["keramk for børn på 8 år i Køge på lørdag", "free concerts on Friday under 100 kroner"]
)
def test_the_first_question_about_a_snapshot_reads_nothing_anew(wednesday: datetime, question: str) -> None:
    fresh: CatalogueWords = catalogue_words()
    prepare(fresh, wednesday)
    before = [kept.cache_info().misses for kept in KEPT]
    understand(question, now=wednesday, words=fresh)
    assert [kept.cache_info().misses for kept in KEPT] == before
