"""A kind word first: small talk, worry, danger, and what nobody understands."""

import logging
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, SQLModel

from catalog.drafts import OfferingDraft
from catalog.values import Access, Category, Format
from tests.conversations.catalogue import FREE, ISHOJ_STATION, KOEGE, LIBRARY, offering, when
from tests.conversations.driver import Person, Town


def labels(message: Any) -> list[str]:
    return [button["text"] for row in message.buttons for button in row]


def easy_to_join() -> list[OfferingDraft]:
    """Two suppers in Ishøj and a knitting café in Køge, all easy to join."""
    known: dict[str, Any] = {"categories": (Category.COMMUNITY,), "formats": (Format.CLUB,), **FREE}
    known["access"] = {Access.LOW_THRESHOLD: True}
    return [
        offering(51, "Fællesspisning", LIBRARY, when(27, 18), **known),
        offering(52, "Fællesspisning for nye", LIBRARY, when(28, 18), **known),
        offering(53, "Strikkecafé i Køge", KOEGE, when(26, 15), **known),
    ]


def everything_stored(session: Session) -> str:
    """All rows of all tables about people, as text."""
    tables = [table for name, table in SQLModel.metadata.tables.items() if "offering" not in name]
    return repr([session.connection().execute(select(table)).all() for table in tables])


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("er du et menneske?", "Nej, jeg er en robot"),
        ("hvem er du", "Jeg er Kulturlods"),
        ("fuck dig", "Av!"),
        ("du er sød", "Tak, det varmer!"),
        ("farvel", "Hej hej"),
        ("tak", "Selv tak!"),
        ("hej", "Hej!"),
        ("are you a robot?", "No, I'm a robot"),
        ("you suck", "Ouch!"),
        ("good bot", "Thank you"),
    ],
)
def test_small_talk_gets_a_short_kind_word_and_something_to_tap(
    person: Person, text: str, begins: str
) -> None:
    answer = person.says(text)
    assert answer.text.startswith(begins)
    assert len(answer.text) < 160
    assert labels(answer)
    assert person.taps(labels(answer)[0], answer).buttons[0][0]["text"] == "1"


def test_small_talk_forgets_nothing(person: Person) -> None:
    person.says("workshops for unge i Ishøj")
    person.says("du er sød")
    assert person.says("tak, og i Køge?").text.startswith("Workshops for unge i Køge")


@pytest.mark.parametrize("text", ["jeg er ensom", "jeg kender ingen her", "jeg keder mig", "I feel lonely"])
def test_a_worry_is_met_kindly_with_what_is_on(changing_town: Town, text: str) -> None:
    person = Person(changing_town)
    answer = person.says(text)
    assert not answer.text.startswith(("Jeg kan ikke", "I can't"))
    assert len(labels(answer)) > 1


def test_a_worry_is_offered_what_is_easy_to_join_near_by(changing_town: Town) -> None:
    changing_town.imports(*easy_to_join())
    person = Person(changing_town)
    person.shares_place(*ISHOJ_STATION)
    lines = person.says("jeg er så ensom").text.splitlines()
    assert lines[0].startswith("💛 Det er ikke sjovt at føle sig alene")
    assert "Oplevelser hvor det er let at være med tæt på dig:" in lines
    assert any("Fællesspisning" in line for line in lines)
    assert not any("Strikkecafé i Køge" in line for line in lines)
    assert "116 111" in person.taps("Tal med nogen").text


@pytest.mark.parametrize(
    ("text", "number", "word"),
    [
        ("jeg vil dø", "70 201 201", "Tak"),
        ("hej, gider ikke leve mere", "70 201 201", "Tak"),
        ("min far slår mig", "1888", "Tak"),
        ("jeg blev voldtaget", "116 111", "Tak"),
        ("I want to kill myself", "70 201 201", "Thank you"),
        ("workshops i Ishøj. someone touches me", "116 111", "Thank you"),
    ],
)
def test_somebody_in_danger_gets_help_first_and_alone(
    person: Person, text: str, number: str, word: str
) -> None:
    person.says("workshops for unge i Ishøj")
    answer = person.says(text)
    assert answer.text.startswith(f"💛 {word}")
    assert number in answer.text
    assert "112" in answer.text
    assert answer.buttons == []
    assert "Tegn en tegneserie" not in answer.text


def test_what_somebody_in_danger_writes_is_kept_nowhere(
    person: Person, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.DEBUG, "catalog")
    caplog.set_level(logging.DEBUG, "kulturlods")
    person.says("jeg vil tage livet af mig xyzzyq")
    assert "xyzzyq" not in caplog.text
    stored = town.database.read(everything_stored)
    assert str(person.chat_id) in stored
    assert "xyzzyq" not in stored
    assert "livet af" not in stored
    conversation = town.application.bot_data["house"].conversations.of(person.chat_id, town.now)
    assert "xyzzyq" not in repr(conversation)


def test_danger_comes_before_an_open_screen_and_a_question_that_waits(person: Person) -> None:
    person.says("workshops for unge tæt på mig")
    assert "70 201 201" in person.says("jeg vil dø").text
    person.says("/indstillinger")
    person.taps("Sted")
    assert "70 201 201" in person.says("jeg vil dø").text


def test_a_caption_is_read_too(person: Person) -> None:
    photo = {"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}
    assert "70 201 201" in person.sends(photo=[photo], caption="jeg vil ikke leve mere").text


@pytest.mark.parametrize("text", ["foredrag om selvmord", "krimi: mord på biblioteket", "dræberrobotter"])
def test_a_title_is_searched_for(person: Person, text: str) -> None:
    assert "☎️" not in person.says(text).text


@pytest.mark.parametrize("text", ["asdfgh", "???", "🎉", "qqqq wwww"])
def test_nonsense_gets_questions_that_this_weeks_programme_answers(person: Person, text: str) -> None:
    answer = person.says(text)
    head, *examples = answer.text.splitlines()
    assert head == "Det forstod jeg ikke helt. Lige nu kan du for eksempel skrive:"
    assert examples
    for example in examples:
        assert person.says(example.strip("• «»")).buttons[0][0]["text"] == "1"
        assert not person.sees.text.startswith("Jeg kan ikke")


def test_nonsense_does_not_become_part_of_the_question(person: Person) -> None:
    person.says("i Køge")
    assert person.says("asdfgh").text.startswith("Det forstod jeg ikke helt")
    assert person.says("kun gratis").text.splitlines()[0] == "Gratis oplevelser i Køge:"


def test_another_language_is_told_which_ones_work(town: Town) -> None:
    german = Person(town, language="de")
    answer = german.says("Guten Tag, was kann ich heute machen?")
    assert answer.text.startswith("I understand Danish and English.")
    assert "• “" in answer.text
