"""A question typed in another way is the same question: capitals, blanks, letters that a keyboard lacks."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.query import Query
from catalog.search.match import CatalogueWords
from catalog.text import skeleton
from catalog.understanding import understand

NOW = datetime(2026, 11, 25, 15, tzinfo=ZoneInfo("Europe/Copenhagen"))
DANISH = (
    "hvad sker der på lørdag",
    "noget til min datter på 8 år",
    "gratis workshops for unge i næste uge",
    "er der noget for en 14-årig dreng i weekenden",
    "vi har to børn på 4 og 9, noget vi alle kan være med til på søndag",
    "unge 15-18 år",
    "Jeg er pædagog i en børnehave og har 12 børn på 4-5 år med",
    "hvad kan en far og hans datter på elleve lave på søndag",
    "noget for børn fra 3 til 11 år i Rødovre",
    "hvad laver man med et barn på 9 måneder i Køge eller Roskilde",
    "hvor kan min søn gå til guitar",
    "teater for en 5-årig i Køge i weekenden under 100 kr",
    "børneteater i Helsingør på fredag",
    "musik på Nordkraft i aften",
    "keramik i Forbrændingen næste torsdag",
    "Avisen Live på Mungo Park",
    "loppemarked på lørdag formiddag",
    "noget tæt på mig",
    "udstillinger tæt på Farum station",
    "inden for 5 km af Ishøj",
    "koncerter i Sønderborg og Tønder i påsken",
    "noget for ældre på hverdage om formiddagen",
    "kor for seniorer uden tilmelding",
    "børnekor på tirsdage",
    "fællesspisning i København i aften",
    "madlavning for begyndere i december",
    "håndværk for børn i efterårsferien",
    "noget gratis ude i det grønne i Furesø",
    "undtagen søndag",
    "ikke musik, men gerne dans",
    "hverken teater eller musik til en på 7 på søndag",
    "rap eller dj for unge",
    "koncert den 5. december kl. 19",
    "er der noget mellem 14 og 16 på onsdag",
    "højst 50 kroner for to voksne og tre børn",
    "ikke over 100 kr",
    "kun gratis",
    "hvad med Køge?",
    "også dyrere",
    "længere væk",
    "noget på engelsk",
    "foredrag på tegnsprog",
    "adgang med kørestol til museer i Ålborg",
    "stille arrangementer for voksne i Århus",
    "strik og kaffe på biblioteket",
    "fra fredag til søndag",
    "i løbet af den næste måned",
    "i går",
    "nytårsaften i Helsingør",
    "først i januar",
    "midt på ugen efter skole",
    "jeg er 45 og vil gerne ud en hverdagsaften uden at det koster noget, gerne musik eller sang",
    "min mor på 80 vil gerne høre klassisk musik",
    "forårsferie med bedsteforældre i Måløv",
    "Hedehusene på søndag, børnene er små",
    "naturvandring ved Øresund",
    "skøjter på lørdag",
    "kodning for 3. klasse i Høje-Taastrup",
    "tilgængelig for kørestolsbrugere, ældre og døve",
    "byvandring på Nørrebro i morgen",
)
ENGLISH = (
    "free workshops for teenagers this weekend",
    "what's on in Køge on Saturday, December 5th",
    "something for my eight year old near Ishøj under 100 kroner",
    "concerts in Helsingør except on Sunday",
    "anything for seniors after 5 pm",
    "exhibitions within 10 km of Roskilde",
    "Suburban Grrls at Nordkraft",
    "no courses please, not music either",
)
_AE = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "AE", "Ø": "OE", "Å": "AA"})
_BARE = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "Æ": "Ae", "Ø": "O", "Å": "A"})
TYPING: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "small letters": str.lower,
    "double blanks": lambda text: "  " + text.replace(" ", "   ") + "  ",
    "other blanks": lambda text: text.replace(" ", "\u00a0"),
    "letters in two": lambda text: unicodedata.normalize("NFD", text),
    "ae, oe and aa": lambda text: text.translate(_AE),
    "a and o": lambda text: text.translate(_BARE),
}
LETTERS = {"æ": ("æ", "ae"), "ø": ("ø", "oe", "o"), "å": ("å", "aa", "a"), " ": (" ", "  ", " \t ")}


def asked(text: str, names: CatalogueWords, language: str = "da") -> tuple[str, Query]:
    """What is asked. A word that nothing knows stays as it is written, and is searched for by its bare
    spelling."""
    answer = understand(text, now=NOW, words=names, language=language)
    return answer.kind, replace(answer.query, words=tuple(map(skeleton, answer.query.words)))


@pytest.mark.parametrize("typed", TYPING)
@pytest.mark.parametrize("text", DANISH)
def test_a_danish_question_is_the_same_however_it_is_typed(
    names: CatalogueWords, text: str, typed: str
) -> None:
    assert asked(TYPING[typed](text), names) == asked(text, names)


@pytest.mark.parametrize("typed", TYPING)
@pytest.mark.parametrize("text", ENGLISH)
def test_an_english_question_is_the_same_however_it_is_typed(
    names: CatalogueWords, text: str, typed: str
) -> None:
    assert asked(TYPING[typed](text), names, "en") == asked(text, names, "en")


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=st.sampled_from(DANISH), data=st.data())
def test_every_letter_may_be_typed_in_its_own_way(
    names: CatalogueWords, text: str, data: st.DataObject
) -> None:
    ways = [LETTERS.get(letter, (letter, letter.upper())) for letter in text.lower()]
    typed = "".join(data.draw(st.tuples(*map(st.sampled_from, ways)), label="typed"))
    assert asked(typed, names) == asked(text, names)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("maske", "maske"), ("mode", "mode"), ("aben", "aben"), ("far", "far"), ("hore", "hore")),
        *(("barn", "barn"), ("korn", "korn"), ("poet", "poet")),
    ],
)
def test_a_word_of_its_own_is_not_taken_for_one_with_other_letters(
    names: CatalogueWords, typed: str, meant: str
) -> None:
    assert set(understand(typed, now=NOW, words=names, language="da").query.words) <= {meant}
