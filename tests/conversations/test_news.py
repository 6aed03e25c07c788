"""News from staff: asked once, after the first follow; and in the settings."""

import pytest

from bot.offline import Message
from tests.conversations.driver import Person, Town
from tests.conversations.test_following import follows


@pytest.fixture
def town(changing_town: Town) -> Town:
    return changing_town


def questions(person: Person) -> list[Message]:
    return [message for message in person.everything if "nyt fra kommunens kulturfolk?" in message.text]


def wants(person: Person) -> bool | None:
    assert person.row is not None
    return person.row.news


def test_nobody_is_asked_at_the_start(person: Person) -> None:
    person.says("/start")
    person.says("musik i Ishøj")
    assert questions(person) == []
    assert wants(person) is None


def test_after_the_first_follow_one_is_asked_once_and_told_to_ask_a_grown_up(person: Person) -> None:
    follows(person)
    [question] = questions(person)
    assert person.sees == question
    assert "under 15 år, så spørg en voksen" in question.text
    assert wants(person) is False
    follows(person, "Jazz")
    assert len(questions(person)) == 1


def test_yes_is_yes_and_can_be_taken_back_in_the_settings(person: Person) -> None:
    follows(person)
    assert "Så får du nyt" in person.taps("Ja tak").text
    assert wants(person) is True
    assert "📣 Nyt fra kommunens kulturfolk: ja" in person.says("/indstillinger").text
    assert "kulturfolk: nej" in person.taps("📣 Send mig ikke nyt fra kulturfolk").text
    assert wants(person) is False


def test_no_is_no_and_one_is_not_asked_again(person: Person) -> None:
    follows(person)
    assert person.taps("Nej tak").text.startswith("Helt i orden.")
    follows(person, "Jazz")
    assert questions(person) == []
    assert wants(person) is False


def test_turning_it_on_in_the_settings_reminds_the_young_to_ask(person: Person) -> None:
    person.says("/indstillinger")
    person.taps("📣 Send mig nyt fra kulturfolk")
    assert person.toasts[-1] == "Slået til. Er du under 15 år, så spørg en voksen først."
    assert wants(person) is True


def test_in_english_it_is_all_the_same(town: Town) -> None:
    person = Person(town, language="en")
    person.says("Jazz")
    person.taps("1")
    person.taps("Follow")
    assert "Would you also like news" in person.sees.text
    assert person.taps("Yes, please").text.startswith("📣 You will get news")


def test_a_button_of_a_broadcast_that_was_not_theirs_follows_but_counts_nothing(person: Person) -> None:
    person.says("/start")
    person.presses("1:nw:999:mute")
    assert wants(person) is False
    person.presses("1:nw:999:f:nosuch")
    assert person.toasts[-1] == "Det her findes ikke længere i programmet."
