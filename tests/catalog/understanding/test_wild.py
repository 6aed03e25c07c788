"""Whatever is written, something is understood, and the way it is typed makes no difference."""

import json
import tomllib
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.query import Query
from catalog.search.match import CatalogueWords
from catalog.understanding import understand

NOW = datetime(2026, 11, 25, 15, tzinfo=ZoneInfo("Europe/Copenhagen"))
FRAGMENTS = (
    *(
        "gratis",
        "workshops",
        "for",
        "unge",
        "i",
        "Køge",
        "koge",
        "ikke",
        "undtagen",
        "men",
        "og",
        "også",
        "på",
        "8",
    ),
    *(
        "år",
        "under",
        "100",
        "kr",
        "tæt på mig",
        "5 km",
        "lørdag",
        "hvad med",
        "near",
        "not",
        "without",
        "free",
    ),
    *(
        "kids",
        "4 and 9",
        "Nordkraft",
        '"',
        ",",
        "?",
        "længere væk",
        "alligevel ikke gratis",
        "keramik",
        "12-15",
        "3.",
    ),
    *(
        "klasse",
        "på engelsk",
        "2635",
        "eller",
        "or",
        "børneteater",
        "worskhop",
        "Mungo",
        "Park",
        "ældre",
        "forfra",
    ),
)
WILD = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
sentences = st.lists(st.sampled_from(FRAGMENTS), max_size=14).map(" ".join)
positions = st.none() | st.tuples(st.floats(54, 58), st.floats(8, 15))


def _asked() -> list[str]:
    found = []
    for file in sorted(Path(__file__).parent.glob("questions.*.toml")):
        for question in tomllib.loads(file.read_text(encoding="utf-8"))["question"]:
            found += [question["ask"]] if isinstance(question["ask"], str) else question["ask"]
    return found


@WILD
@given(text=st.text(max_size=300), language=st.sampled_from([None, "da", "en", "uk"]))
def test_any_text_is_understood_as_something(names: CatalogueWords, text: str, language: str | None) -> None:
    answer = understand(text, now=NOW, words=names, language=language)
    assert json.loads(json.dumps(answer.query.to_json())) == answer.query.to_json()
    assert answer.query.language in ("da", "en")


@WILD
@given(turns=st.lists(sentences, min_size=1, max_size=4), location=positions)
def test_any_conversation_ends_in_a_question_that_can_be_written_down(
    names: CatalogueWords, turns: list[str], location: tuple[float, float] | None
) -> None:
    previous: Query | None = None
    for text in turns:
        answer = understand(text, now=NOW, words=names, previous=previous, location=location)
        previous = answer.query
        json.dumps(previous.to_json())
        assert len(set(previous.words)) == len(previous.words)


@WILD
@given(text=sentences)
def test_capitals_and_double_blanks_make_no_difference(names: CatalogueWords, text: str) -> None:
    plain = understand(text, now=NOW, words=names, language="da").query
    loud = understand(text.upper().replace(" ", "   "), now=NOW, words=names, language="da").query
    assert loud == plain


@pytest.mark.parametrize("text", _asked())
def test_capitals_make_no_difference_to_a_real_question(names: CatalogueWords, text: str) -> None:
    plain = understand(text, now=NOW, words=names, language="da").query
    assert understand(text.upper(), now=NOW, words=names, language="da").query == plain


@pytest.mark.parametrize("text", ["a" * 4096, "musik" * 800, "8 og " * 800, "ikke " * 800, "1" * 4096])
def test_a_message_made_to_be_slow_is_understood_as_well(names: CatalogueWords, text: str) -> None:
    assert understand(text, now=NOW, words=names).query.language == "da"


def test_only_as_much_as_a_message_holds_is_read(names: CatalogueWords) -> None:
    text = "musik " + "." * 4090 + " teater"
    assert [str(c) for c in understand(text, now=NOW, words=names).query.categories] == ["music"]


def test_hidden_characters_are_no_part_of_a_word(names: CatalogueWords) -> None:
    assert (
        understand("mu\u200bsik i Kø\u200bge", now=NOW, words=names).query
        == understand("musik i Køge", now=NOW, words=names).query
    )
