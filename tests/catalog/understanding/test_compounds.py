"""Compounds that name a format, in a catalogue that holds them too and in one that does not."""

from datetime import datetime

import pytest

from catalog.query import Query
from catalog.search.match import CatalogueWords, Vocabulary
from catalog.understanding import understand
from catalog.understanding.compounds import mended_compound
from catalog.values import Category, Format

_HELD = CatalogueWords(Vocabulary({"quizworkshop": 3, "salsaforestilling": 2, "quiz": 9, "salsa": 5}), {})
_EMPTY = CatalogueWords(Vocabulary({}), {})


def _asked(text: str, now: datetime, words: CatalogueWords = _HELD) -> Query:
    return understand(text, now=now, words=words).query


@pytest.mark.parametrize("words", [_HELD, _EMPTY])
@pytest.mark.parametrize(
    ("said", "format_"),
    [
        ("quizworkshop", Format.WORKSHOP),
        ("quizworkshoppen", Format.WORKSHOP),
        ("quizforedragene", Format.TALK),
        ("quizlejre", Format.CAMP),
        ("quizkurser", Format.COURSE),
        ("quizklubbernes", Format.CLUB),
        ("quizudstillingens", Format.EXHIBITION),
    ],
)
def test_a_compound_asks_for_the_format_it_names_and_for_its_subject(
    said: str, format_: Format, words: CatalogueWords, wednesday: datetime
) -> None:
    query = _asked(f"{said} i december", wednesday, words)
    assert query.formats == (format_,)
    assert query.words == (said,)
    assert "quiz" in query.alike[0]


def test_a_concert_of_something_is_a_concert(wednesday: datetime) -> None:
    query = _asked("quizkoncerten", wednesday)
    assert (query.categories, query.formats) == ((Category.MUSIC,), (Format.PERFORMANCE,))


def test_who_wants_no_quiz_workshops_may_want_others(wednesday: datetime) -> None:
    excluded = _asked("workshops i december, ikke quizworkshop", wednesday).exclude
    assert excluded is not None
    assert (excluded.words, excluded.formats) == (("quizworkshop",), ())


def test_a_definite_plural_is_no_mistyped_weekday(wednesday: datetime) -> None:
    query = _asked("foredragene i Ishøj under 200 kr", wednesday)
    assert (query.formats, query.weekdays, query.max_price) == ((Format.TALK,), (), 200)


@pytest.mark.parametrize("said", ["lejre med quiz", "lejre i Herlev under 300 kr"])
def test_camps_are_not_the_town_of_that_name(said: str, wednesday: datetime) -> None:
    query = _asked(said, wednesday)
    assert query.formats == (Format.CAMP,)
    assert "Lejre" not in [place.name for place in query.places]


@pytest.mark.parametrize("said", ["Lejre i weekenden", "quiz i Lejre"])
def test_the_town_is_meant_all_the_same(said: str, wednesday: datetime) -> None:
    assert [place.name for place in _asked(said, wednesday).places] == ["Lejre"]


def test_a_mistyped_subject_is_not_taken_for_a_small_word(wednesday: datetime) -> None:
    query = _asked("sala i Rødovre", wednesday)
    assert (query.words, [place.name for place in query.places]) == (("salsa",), ["Rødovre"])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("jazzkoncetrer", "jazzkoncerter"),
        ("podcastforedrg", "podcastforedrag"),
        ("brtspilfestivaler", "brætspilfestivaler"),
        ("xylofonkoncetrer", None),
    ],
)
def test_one_typo_in_a_part_of_a_compound_is_mended(written: str, meant: str | None) -> None:
    assert mended_compound(written, "da") == meant


def test_mosaics_are_not_glass(wednesday: datetime) -> None:
    alike = _asked("mosaik", wednesday, _EMPTY).alike
    assert "mosaic" in alike[0]
    assert "glas" not in alike[0]
