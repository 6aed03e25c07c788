"""What comes unasked, on the screen of a phone and of a terminal."""

import datetime as dt
import io

import pytest
from sqlmodel import select

from bot.app import Timing, build_courier, build_sender
from bot.limits import NO_LIMITS, Gate
from bot.offline import OfflineApi
from bot.terminal import CHAT_ID, Screen
from bot.texts import texts
from reminders.model import Delivery, SurveyCount
from tests.conversations.driver import Person, Town


@pytest.fixture
def town(changing_town: Town) -> Town:
    return changing_town


def follows(person: Person, question: str = "Julekoncert") -> None:
    person.says(question)
    person.taps("1")
    person.taps("Følg" if person.language == "da" else "Follow")


def test_a_reminder_speaks_the_persons_language(town: Town) -> None:
    person = Person(town, language="en")
    follows(person)
    town.waits_until(12, 5, 17)
    assert person.sees.text.startswith("Today at 19:00 – Julekoncert")


def test_the_morning_after_one_is_asked_once_and_counted_without_who(person: Person, town: Town) -> None:
    follows(person)
    town.waits_until(12, 5, 17)
    town.waits_until(12, 6, 10, 5)
    assert person.sees.text == "Kom du af sted til Julekoncert?"
    question = person.sees.button("👍 Ja")["callback_data"]
    assert person.taps("👍 Ja").text == "Dejligt! Tak, fordi du fortalte det."
    person.presses(question)
    [count] = town.database.read(lambda session: session.exec(select(SurveyCount)).all())
    assert (count.went, count.stayed) == (1, 0)


def test_who_does_not_want_to_be_asked_is_not(person: Person, town: Town) -> None:
    follows(person)
    town.waits_until(12, 6, 10, 5)
    assert person.taps("Spørg mig ikke").text == "Helt fint. Jeg spørger ikke igen."
    assert person.row is not None
    assert person.row.surveys is False


def test_a_survey_of_somebody_else_cannot_be_answered(person: Person, town: Town) -> None:
    follows(person)
    town.waits_until(12, 6, 10, 5)
    stranger = Person(town)
    stranger.says("/start")
    stranger.presses(person.sees.button("👍 Ja")["callback_data"])
    assert stranger.toasts[-1] == "Den knap virker ikke længere."
    assert town.database.read(lambda session: session.exec(select(SurveyCount)).all()) == []


def test_it_is_too_late_for_a_reminder_and_that_is_said(person: Person, town: Town) -> None:
    town.now = dt.datetime(2026, 12, 5, 18, tzinfo=town.now.tzinfo)
    follows(person)
    assert "for sent til en påmindelse" in person.toasts[-1]


def test_in_the_terminal_a_reminder_appears_by_itself_with_numbered_buttons(town: Town) -> None:
    out = io.StringIO()
    screen = Screen(texts("da"), out)
    town.close()
    town.api = OfflineApi(watch=screen.show)
    town.open()
    person = Person(town, chat_id=CHAT_ID)
    follows(person)
    before = len(out.getvalue())
    town.waits_until(12, 4, 17)
    assert [line.rstrip() for line in out.getvalue()[before:].splitlines()] == [
        "",
        "I morgen kl. 19 – Julekoncert",
        "📍 Ishøj Bibliotek, Ishøj Store Torv 1, 2635 Ishøj",
        "[1] ⏰ Udsæt   [2] 🗺 Kort   [3] ⋯ Mere",
    ]
    button = screen.button(3)
    assert button is not None
    assert "ℹ️ Vis" in [b["text"] for row in person.presses(button["callback_data"]).buttons for b in row]


def test_the_terminal_sends_nobody_elses_messages(person: Person, town: Town) -> None:
    follows(person)
    here = Person(town, chat_id=CHAT_ID)
    follows(here)
    before = len(person.everything)
    town.now = dt.datetime(2026, 12, 4, 17, tzinfo=town.now.tzinfo)
    sender = build_sender(town.application, Gate(1000, NO_LIMITS), None)
    courier = build_courier(town.application, sender, Timing(), only_chat=CHAT_ID)
    town.runner.run(courier.tick())
    assert here.sees.text.startswith("I morgen kl. 19")
    assert len(person.everything) == before
    states = {
        row.person_id: row.state
        for row in town.database.read(
            lambda s: s.exec(select(Delivery).where(Delivery.due_at <= town.now)).all()
        )
    }
    assert person.row is not None
    assert person.row.id is not None
    assert states[person.row.id] == "pending"
