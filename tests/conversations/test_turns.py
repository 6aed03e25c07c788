"""A conversation goes on: about the list, about the card, and a question back when there are two readings."""

import pytest

from catalog.drafts import OfferingDraft
from tests.conversations.catalogue import CONCERT, FREE, ISHOJ_STATION, LIBRARY, offering, when
from tests.conversations.driver import Person, Town

WORKSHOPS = "gratis workshops for unge i Ishøj i weekenden"


def first_line(message: object) -> str:
    return str(message.text.splitlines()[0])  # type: ignore[attr-defined]  # a Message


def labels(message: object) -> list[str]:
    return [button["text"] for row in message.buttons for button in row]  # type: ignore[attr-defined]  # a Message


@pytest.fixture
def on_friday(town: Town) -> Town:
    town.later(days=2)
    return town


def test_adding_replacing_widening_and_taking_back(person: Person) -> None:
    said = [
        ("workshops for unge i Ishøj i weekenden", "Workshops for unge i Ishøj i weekenden:"),
        ("kun gratis", "Gratis workshops for unge i Ishøj i weekenden:"),
        ("hvad med Køge?", "Gratis workshops for unge i Køge i weekenden:"),
        ("alligevel ikke gratis", "Workshops for unge i Køge i weekenden:"),
        ("længere væk", "Workshops for unge højst 20 km fra Køge i weekenden:"),
        ("flere dage", "Workshops for unge højst 20 km fra Køge:"),
        ("noget helt andet", "Helt fint, vi begynder forfra. Hvad har du lyst til?"),
    ]
    for text, answer in said:
        assert first_line(person.says(text)) == answer


def test_the_same_turns_in_english(town: Town) -> None:
    person = Person(town, language="en")
    said = [
        (
            "workshops for young people in Ishøj this weekend",
            "Workshops for young people in Ishøj this weekend:",
        ),
        ("only free", "Free workshops for young people in Ishøj this weekend:"),
        ("what about Køge?", "Free workshops for young people in Køge this weekend:"),
        ("more expensive", "Workshops for young people in Køge this weekend:"),
        ("more days", "Workshops for young people in Køge:"),
    ]
    for text, answer in said:
        assert first_line(person.says(text)) == answer


def test_a_row_is_opened_by_what_one_calls_it(person: Person) -> None:
    titles = [line[3:] for line in person.says(WORKSHOPS).text.splitlines() if line[1:3] == ". "]
    for text, row in [("den anden", 1), ("nr. 3", 2), ("den sidste", -1), ("the first one", 0)]:
        assert first_line(person.says(text)) == titles[row]
    assert person.says("nummer 5").text == "Der er ikke noget nummer 5 på listen."


def test_questions_about_the_card_are_answered_in_a_line_or_two(person: Person) -> None:
    person.says("tegn en tegneserie")
    card = person.taps("1")
    assert card.text.startswith("Tegn en tegneserie")
    asked = {
        "hvornår er det?": "🗓 lør. 28. nov. kl. 13–15",
        "hvad koster det?": "💰 Pris: gratis",
        "hvor er det?": "📍 Ishøj Bibliotek, Ishøj Store Torv 1, 2635 Ishøj",
        "kan jeg komme ind med kørestol?": "♿ Ja, der er plads til kørestol.",
        "er det for børn?": "👥 Alder: 13–25 år · især for unge",
        "er der plads?": "Det står der ikke – spørg Ishøj Bibliotek.",
        "hvordan kommer jeg derhen?": "🚌 Tryk på knappen for at se vejen.",
    }
    for text, answer in asked.items():
        reply = person.says(text)
        assert reply.text.splitlines()[0] == "Tegn en tegneserie"
        assert reply.text.splitlines()[-1] == answer
        assert "Se det hele" in labels(reply)
    assert "Vi tegner sammen" in person.taps("Se det hele").text


def test_the_card_is_asked_about_in_english_too(town: Town) -> None:
    person = Person(town, language="en")
    person.says("draw a comic")
    person.taps("1")
    assert person.says("when is it?").text == "Draw a comic\n🗓 Sat 28 Nov at 13:00–15:00"
    assert person.says("how much?").text == "Draw a comic\n💰 Price: free"


def test_the_only_row_of_a_list_is_what_one_asks_about(person: Person) -> None:
    person.says("jazz i Køge")
    assert "120 kr." in person.says("hvad koster det?").text


def test_of_several_rows_one_is_asked_which(person: Person) -> None:
    person.says(WORKSHOPS)
    asked = person.says("hvornår er det?")
    assert asked.text == "Hvilken af dem? Tryk på et tal, eller skriv det."
    assert labels(asked) == ["1", "2", "3", "4"]
    assert "🗓" in person.says("2").text
    assert "🗓" in person.says("hvornår er det?").text


def test_with_nothing_shown_it_is_asked_back_or_searched_for(person: Person, town: Town) -> None:
    assert person.says("hvornår er det?").text.startswith("Hvad tænker du på?")
    assert first_line(person.says("er det gratis?")).startswith("Gratis")
    person.says("tegn en tegneserie")
    person.taps("1")
    town.later(minutes=31)
    assert person.says("hvornår er det?").text.startswith("Hvad tænker du på?")


def test_a_new_list_ends_what_was_said_about_the_card(person: Person) -> None:
    person.says("tegn en tegneserie")
    person.taps("1")
    person.says(WORKSHOPS)
    assert person.says("hvornår er det?").text.startswith("Hvilken af dem?")


def test_notify_me_may_be_written(person: Person) -> None:
    person.says("koncerter i Køge")
    assert "koncerter i Køge" in person.says("sig til").text


def two_fridays() -> list[OfferingDraft]:
    return [
        offering(61, "Rytmer", LIBRARY, when(27, 19), **CONCERT, **FREE),
        offering(62, "Strygere", LIBRARY, when(4, 19, month=12), **CONCERT, **FREE),
    ]


def a_friday(town: Town) -> Person:
    """Somebody who writes on the Friday when there are concerts today and in a week."""
    town.imports(*two_fridays())
    town.waits_until(11, 27, 12)
    return Person(town)


def test_two_readings_with_different_lists_are_asked_back(changing_town: Town) -> None:
    person = a_friday(changing_town)
    asked = person.says("koncerter i Ishøj på fredag")
    assert asked.text == "Mener du i dag eller fredag 4. december?"
    assert labels(asked) == ["i dag", "fredag 4. december"]
    answer = person.taps("fredag 4. december")
    assert first_line(answer) == "Koncerter i Ishøj fredag 4. december:"
    assert "Strygere" in answer.text
    assert "Rytmer" not in answer.text
    assert len(person.everything) == 1


@pytest.mark.parametrize(
    ("text", "title"),
    [("i dag", "Rytmer"), ("1", "Rytmer"), ("den anden", "Strygere"), ("næste fredag", "Strygere")],
)
def test_the_answer_may_be_written(changing_town: Town, text: str, title: str) -> None:
    person = a_friday(changing_town)
    person.says("koncerter i Ishøj på fredag")
    assert title in person.says(text).text


def test_never_two_questions_in_a_row(changing_town: Town) -> None:
    person = a_friday(changing_town)
    person.says("koncerter i Ishøj på fredag")
    assert first_line(person.says("koncerter i Ishøj fredag aften")).startswith("Koncerter i Ishøj i aften")
    assert person.says("koncerter i Ishøj på fredag").text.startswith("Mener du")
    assert first_line(person.says("noget helt andet")).startswith("Helt fint")


def test_a_question_back_that_is_forgotten_says_so(changing_town: Town) -> None:
    person = a_friday(changing_town)
    asked = person.says("koncerter i Ishøj på fredag")
    changing_town.later(hours=1)
    person.taps("i dag", asked)
    assert "glemt" in person.toasts[-1]


def test_one_reading_without_answers_is_not_asked_about(person: Person, on_friday: Town) -> None:
    assert first_line(person.says("koncerter i Køge på fredag")) == "Koncerter i Køge i dag:"


def test_a_place_that_is_shared_still_orders_what_comes_after(person: Person) -> None:
    person.shares_place(*ISHOJ_STATION)
    assert first_line(person.says("workshops for unge tæt på mig")) == "Workshops for unge tæt på dig:"
