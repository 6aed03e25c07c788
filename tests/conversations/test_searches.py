"""🔔 Sig til: what is new comes by itself, once, in words that say what was asked."""

import pytest

from tests.conversations.catalogue import FREE, KOEGE, LIBRARY, WORKSHOP, YOUTH, offering, when
from tests.conversations.driver import Person, Town

QUESTION = "gratis workshops for unge i Ishøj i weekenden"


@pytest.fixture
def town(changing_town: Town) -> Town:
    return changing_town


def labels(message: object) -> list[str]:
    return [button["text"] for row in message.buttons for button in row]  # type: ignore[attr-defined]  # a Message


def saves(person: Person, question: str = QUESTION) -> None:
    person.taps("Sig til", person.says(question))


def a_workshop(number: int, title: str = "Lav et skilt", day: int = 12) -> object:
    return offering(number, title, LIBRARY, when(day, 13, month=12), **WORKSHOP, **YOUTH, **FREE)


def test_what_was_saved_is_said_in_words_that_still_hold_next_month(person: Person) -> None:
    saves(person)
    assert person.sees.text.splitlines() == [
        "🔔 Jeg siger til, når der kommer nyt: gratis workshops for unge i Ishøj i weekender.",
        "Det kommer løbende, højst én gang om dagen.",
    ]
    assert labels(person.sees) == ["🗓 Hvor tit", "✖️ Fortryd"]


@pytest.mark.parametrize("question", ["gratis koncerter i Ishøj i weekenden", "noget med kattekillinger"])
def test_a_near_miss_and_no_answer_at_all_can_be_saved_too(person: Person, question: str) -> None:
    saves(person, question)
    assert person.sees.text.startswith("🔔 Jeg siger til, når der kommer nyt:")


def test_what_is_only_about_now_cannot_be_saved(person: Person) -> None:
    saves(person, "hvad sker der i dag")
    assert "Det gælder kun lige nu" in person.sees.text
    assert "Du følger ikke noget endnu" in person.says("/mine").text


def test_it_can_be_undone_at_once(person: Person) -> None:
    saves(person)
    assert person.taps("✖️ Fortryd").text == "Den er slettet. Jeg siger ikke til mere."
    assert "Du følger ikke noget endnu" in person.says("/mine").text


def test_news_come_by_themselves_once_and_open_beside_the_message(person: Person, town: Town) -> None:
    saves(person)
    before = len(person.everything)
    town.later(hours=1)
    town.imports(a_workshop(30), offering(31, "Keramik", KOEGE, when(12, 13, month=12), **WORKSHOP, **YOUTH))
    digest = person.sees
    assert digest.text.splitlines() == [
        "🔔 Nyt til dig",
        "1. Lav et skilt",
        "lør. 12. dec. kl. 13 · Ishøj Bibliotek · gratis workshops for unge i Ishøj i weekender",
    ]
    assert person.taps("1", digest).text.startswith("Lav et skilt")
    assert len(person.everything) == before + 2
    town.waits_until(11, 26, 15)
    town.waits_until(11, 27, 15)
    assert len(person.everything) == before + 2


def test_more_than_ten_are_told_as_ten_and_the_rest_on_asking(person: Person, town: Town) -> None:
    saves(person)
    town.later(hours=1)
    town.imports(*(a_workshop(30 + n, f"Værksted {n}") for n in range(13)))
    digest = person.sees
    assert "10. " in digest.text
    assert "… og 3 mere." in digest.text
    rest = person.taps("Flere", digest)
    assert rest.text.count("Værksted") == 3
    assert labels(rest) == ["1", "2", "3", "🔕 Slå fra"]


def test_a_digest_can_be_muted_where_it_is_read(person: Person, town: Town) -> None:
    saves(person)
    town.later(hours=1)
    town.imports(a_workshop(30))
    person.taps("🔕 Slå fra")
    assert "Slået fra" in person.toasts[-1]
    before = len(person.everything)
    town.waits_until(11, 27, 15)
    town.imports(a_workshop(31, "Byg en drage"))
    assert len(person.everything) == before
    saves(person, "workshops i Køge")
    assert "Nyt til dig er slået fra" in person.sees.text


def test_mine_shows_a_search_and_what_it_finds_now(person: Person) -> None:
    saves(person)
    page = person.says("/mine")
    assert page.text.splitlines() == [
        "🔔 Det siger jeg til om",
        "1. gratis workshops for unge i Ishøj i weekender",
    ]
    one = person.taps("1")
    assert person.taps("👀 Se, hvad der er nu").text.startswith(
        "Gratis workshops for unge i Ishøj i weekender:"
    )
    person.taps("✖️ Slet", one)
    assert "slettet" in one.text


def test_the_same_question_is_saved_once(person: Person) -> None:
    saves(person)
    saves(person)
    assert labels(person.says("/mine")) == ["1"]


def test_an_english_question_is_saved_in_english(person: Person) -> None:
    person.says("free workshops for young people in Ishøj this weekend")
    saved = person.taps("Notify me")
    assert saved.text.splitlines()[0] == (
        "🔔 I'll tell you when there is something new: free workshops for young people in Ishøj at weekends."
    )


def test_after_half_a_year_a_search_asks_whether_it_still_matters(person: Person, town: Town) -> None:
    saves(person)
    town.now = town.now.replace(year=2027, month=6, day=1, hour=11)
    town.ticks()
    assert person.sees.text.startswith("Vil du stadig have besked")
    person.taps("Ja, bliv ved")
    assert person.toasts[-1] == "Fint, jeg bliver ved."


def test_a_search_of_somebody_else_cannot_be_opened_or_ended(person: Person, town: Town) -> None:
    saves(person)
    data = person.sees.button("✖️ Fortryd")["callback_data"]
    stranger = Person(town)
    stranger.says("/start")
    for what in ("", ":stop", ":run", ":keep", ":child0"):
        stranger.presses(data.replace(":stop", what))
        assert stranger.toasts[-1] == "Den knap virker ikke længere."
    assert "gratis workshops" in person.says("/mine").text


def test_in_a_group_nothing_is_saved(town: Town) -> None:
    group = Person(town, chat_type="group")
    group.says("/find workshops for unge")
    group.taps("Sig til")
    assert group.toasts[-1] == "Det klarer vi bedst, når du skriver til mig alene."
    assert group.row is None
