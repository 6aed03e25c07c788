"""What asks for nothing new: small talk, worry, and words about what is shown; and what stays a question."""

from datetime import datetime

import pytest

from catalog.query import Query, Understanding
from catalog.search.match import CatalogueWords
from catalog.understanding import understand
from catalog.values import Access

_REMARKS = {
    "small-talk human": "er du et menneske?|er du en robot eller et menneske|are you a robot?|er du en bot",
    "small-talk who": "hvem er du|hvad hedder du?|who are you|what is kulturlods",
    "small-talk swearing": "fuck dig|du er en idiot|lort|you suck|hold kæft|this is useless",
    "small-talk praise": "du er sød|godt klaret|good bot|I love this|det er virkelig fedt",
    "small-talk bye": "farvel|godnat|vi ses|bye bye|have a nice day|tak, farvel",
    "small-talk feelings": "hvordan går det?|how are you|what's up",
    "worry lonely": "jeg er ensom|jeg er så ensom|I feel lonely|jeg har ingen venner|i feel so alone",
    "worry bored": "jeg keder mig|vi keder os|I'm bored|jeg keder mig virkelig",
    "worry newcomer": "jeg kender ingen her|jeg er ny i byen|I'm new in town|jeg er lige flyttet hertil",
    "worry sad": "jeg er ked af det|I'm sad|jeg har det dårligt|jeg kan ikke mere",
    "about when": "hvornår er det?|hvornår starter det|when is it?|what time does it start|hvor længe",
    "about where": "hvor er det?|hvor ligger det|where is it|hvad er adressen?",
    "about seats": "er der plads?|er der flere billetter?|is it sold out?|are there any seats left",
    "about way": "hvordan kommer jeg derhen?|how do I get there|kan man parkere",
    "about enrolment": "skal man tilmelde sig?|how do I sign up|hvor køber jeg billet",
    "about organiser": "hvem arrangerer det?|who organises it",
    "about all": "fortæl mere|tell me more|hvad er det for noget?",
    "about price": "hvad koster det?|how much?|koster det noget",
    "row 2": "den anden|the second one|nr. 2|fortæl om den anden|open number 2",
    "row 3": "nr. 3|nummer 3|den tredje|number three",
    "row -1": "den sidste|the last one",
    "follow ": "følg den|mind mig om det|remind me|husk mig på det|follow it",
    "notify ": "sig til|notify me|giv besked",
}


def _heard(text: str, now: datetime, names: CatalogueWords, previous: Query | None = None) -> Understanding:
    return understand(text, now=now, words=names, language="da", previous=previous)


@pytest.mark.parametrize(
    ("text", "remark"), [(text, remark) for remark, texts in _REMARKS.items() for text in texts.split("|")]
)
def test_a_remark_is_known(text: str, remark: str, wednesday: datetime, names: CatalogueWords) -> None:
    answer = _heard(text, wednesday, names)
    assert f"{answer.kind} {answer.detail}" == remark
    assert _heard(text.upper(), wednesday, names).kind == answer.kind


@pytest.mark.parametrize(
    "text",
    [
        *(
            "noget for ensomme",
            "tak, og i Køge?",
            "hvornår er der jazz i Køge",
            "jeg er ensom i aften i Ishøj",
        ),
        *("hvad koster koncerter i Køge", "hvem spiller i aften i Køge", "where can I dance in Ishøj"),
        *(
            "jeg er ny i byen hvad sker der i weekenden",
            "den 5.",
            "hvor kan jeg danse",
            "kun gratis",
            "musik",
        ),
        *("er der plads til kørestol på museer i Køge", "hvad er der for unge", "hej, er der jazz i aften?"),
    ],
)
def test_a_question_stays_a_question(text: str, wednesday: datetime, names: CatalogueWords) -> None:
    assert _heard(text, wednesday, names).kind == "question"


@pytest.mark.parametrize("text", ["er det gratis?", "kan jeg komme ind med kørestol?", "er det for børn?"])
def test_a_question_about_what_is_shown_may_also_search(
    text: str, wednesday: datetime, names: CatalogueWords
) -> None:
    answer = _heard(text, wednesday, names)
    assert answer.kind == "question"
    assert answer.detail
    assert not answer.query.asks_nothing()


def test_a_remark_about_the_list_goes_on_with_it(wednesday: datetime, names: CatalogueWords) -> None:
    before = _heard("gratis koncerter i Køge", wednesday, names).query
    for text in ("den anden", "hvornår er det?", "følg den"):
        answer = _heard(text, wednesday, names, before)
        assert answer.follow_up
        assert answer.query == before


def test_a_worry_asks_for_what_is_easy_to_join_in_the_same_place(
    wednesday: datetime, names: CatalogueWords
) -> None:
    before = _heard("gratis koncerter i Køge", wednesday, names).query
    worried = _heard("jeg er ensom", wednesday, names, before).query
    assert worried == Query(accessibility=(Access.LOW_THRESHOLD,), places=before.places)


@pytest.mark.parametrize(
    "text",
    [
        *("Guten Tag, was kann ich heute machen", "Hallo, gibt es etwas für Kinder?", "qué puedo hacer hoy"),
        *("Bonjour, que faire aujourd'hui avec des enfants", "привет что делать", "ماذا يمكنني أن أفعل"),
        *("dzień dobry, co mogę robić dzisiaj", "merhaba çocuklar için ne var"),
    ],
)
def test_another_language_is_no_string_of_typos(
    text: str, wednesday: datetime, names: CatalogueWords
) -> None:
    assert _heard(text, wednesday, names).kind == "foreign"


@pytest.mark.parametrize("text", ["teater das kapital", "die hard", "konsert i kveld", "vad händer i helgen"])
def test_our_neighbours_and_foreign_titles_are_tried(
    text: str, wednesday: datetime, names: CatalogueWords
) -> None:
    assert _heard(text, wednesday, names).kind != "foreign"


def test_nonsense_is_nothing_after_a_question_too(wednesday: datetime, names: CatalogueWords) -> None:
    before = _heard("i Køge", wednesday, names).query
    assert _heard("xqzt vwpk", wednesday, names, before).kind == "nothing"
