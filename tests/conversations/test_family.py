"""Children as birth years: answers that are for them, and one digest for a whole family."""

import itertools

import pytest
from sqlmodel import col, select

from catalog.values import Category
from reminders.model import Child, SavedSearch
from tests.conversations.catalogue import CHILDREN, CONCERT, LIBRARY, WORKSHOP, offering, when
from tests.conversations.driver import Person, Town, wants_no_news


@pytest.fixture
def town(changing_town: Town) -> Town:
    return changing_town


def labels(message: object) -> list[str]:
    return [button["text"] for row in message.buttons for button in row]  # type: ignore[attr-defined]  # a Message


def has_children(person: Person) -> None:
    """One of 2018, a fox; one of 2021."""
    person.says("/familie")
    for year, mark in (("2018", "🦊"), ("2021", "Tilbage")):
        person.taps("➕ Tilføj et barn")
        person.taps(year)
        person.taps(mark)


def test_a_child_is_a_year_and_perhaps_a_figure(person: Person, town: Town) -> None:
    assert "Har I børn?" in person.says("/familie").text
    has_children(person)
    assert person.sees.text.splitlines()[1:3] == ["• 🦊 – 7–8 år", "• barnet fra 2021 – 4–5 år"]
    person.taps("🧒 2021")
    person.taps("🗑 Fjern")
    assert "2021" not in person.sees.text
    person.taps("🦊 2018")
    person.taps("Ingen figur")
    assert "• barnet fra 2018 – 7–8 år" in person.sees.text
    assert set(Child.model_fields) == {"id", "person_id", "birth_year", "emoji"}


def test_an_answer_can_be_for_one_child_or_for_all(person: Person, town: Town) -> None:
    has_children(person)
    town.imports(
        offering(40, "Klip og klister", LIBRARY, when(28, 10), **WORKSHOP, age_from=3, age_to=10),
        offering(41, "Robotter", LIBRARY, when(28, 12), **WORKSHOP, age_from=7, age_to=12),
    )
    answer = person.says("workshops i Ishøj i weekenden")
    assert labels(answer)[-4:] == ["🦊 2018", "🧒 2021", "👪 Alle", "🔔 Sig til"]
    person.taps("🧒 2021", answer)
    assert answer.text.splitlines()[0] == "Workshops for barnet fra 2021 i Ishøj i weekenden:"
    assert "Robotter" not in answer.text
    person.taps("👪 Alle", answer)
    assert answer.text.splitlines()[0] == "Workshops for 🦊 og barnet fra 2021 i Ishøj i weekenden:"
    lines = answer.text.splitlines()
    facts = {title[3:]: below for title, below in itertools.pairwise(lines)}
    assert facts["Klip og klister"].endswith("passer til begge")
    assert facts["Robotter"].endswith("passer til 🦊")


@pytest.mark.parametrize(
    "question", ["noget for mine børn i weekenden", "something for my kids this weekend"]
)
def test_my_children_are_the_ones_that_are_known(person: Person, question: str) -> None:
    assert "🦊" not in person.says(question).text
    has_children(person)
    assert "🦊" in person.says(question).text.splitlines()[0]


def test_a_search_for_all_is_one_for_each_child(person: Person) -> None:
    has_children(person)
    person.says("workshops for mine børn i Ishøj")
    saved = person.taps("Sig til")
    assert saved.text.splitlines()[:2] == [
        "🔔 Jeg siger til, når der kommer nyt: workshops for 🦊 i Ishøj.",
        "🔔 Jeg siger til, når der kommer nyt: workshops for barnet fra 2021 i Ishøj.",
    ]


def test_a_saved_search_can_be_given_to_a_child_and_back(person: Person) -> None:
    has_children(person)
    person.says("teater i Køge")
    person.taps("Sig til")
    person.taps("Kun for 🦊 2018")
    assert person.sees.text.splitlines()[0] == "🔔 teater for 🦊 i Køge"
    person.taps("For alle")
    assert "🦊" not in person.sees.text.splitlines()[0]


def test_a_family_gets_one_digest_of_everything(
    person: Person, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two children, three saved searches, and a follow."""
    wants_no_news(person)
    has_children(person)
    person.says("workshops for mine børn i Ishøj")
    person.taps("Sig til")
    person.says("koncerter i Ishøj")
    person.taps("Sig til")
    person.says("Julekoncert")
    person.taps("1")
    person.taps("Følg")
    person.taps("Følger")
    person.taps("Alt nyt fra Ishøj Bibliotek")
    before = len(person.everything)
    town.later(hours=1)
    town.imports(
        offering(50, "Klip og klister", LIBRARY, when(12, 10, month=12), **WORKSHOP, age_from=3, age_to=10),
        offering(51, "Robotter", LIBRARY, when(12, 12, month=12), **WORKSHOP, **CHILDREN),
        offering(52, "Luciakor", LIBRARY, when(13, 17, month=12), **CONCERT),
        offering(53, "Filmklub", LIBRARY, when(14, 17, month=12), categories=(Category.FILM,)),
    )
    town.waits_until(11, 25, 17)
    digests = person.everything[before:]
    with capsys.disabled():
        print("\n" + "\n\n".join(message.text for message in digests))  # noqa: T201  # to be read by people
    assert len(digests) == 1
    assert digests[0].text.splitlines() == [
        "🔔 Nyt til dig",
        "1. Klip og klister",
        "lør. 12. dec. kl. 10 · Ishøj Bibliotek · 🦊, barnet fra 2021, nyt fra Ishøj Bibliotek",
        "2. Robotter",
        "lør. 12. dec. kl. 12 · Ishøj Bibliotek · 🦊, nyt fra Ishøj Bibliotek",
        "3. Luciakor",
        "søn. 13. dec. kl. 17 · Ishøj Bibliotek · koncerter i Ishøj, nyt fra Ishøj Bibliotek",
        "4. Filmklub",
        "man. 14. dec. kl. 17 · Ishøj Bibliotek · nyt fra Ishøj Bibliotek",
    ]


def test_a_child_of_another_family_is_out_of_reach(person: Person, town: Town) -> None:
    has_children(person)
    child = person.sees.button("🦊 2018")["callback_data"]
    stranger = Person(town)
    stranger.says("/familie")
    for data in (child, f"{child}:gone", f"{child}:emoji1"):
        stranger.presses(data)
        assert stranger.toasts[-1] == "Det barn kender jeg ikke. Se /familie."
    stranger.says("workshops i Ishøj")
    before = stranger.sees.text
    stranger.presses(child.replace(":z:", ":u:"))
    assert stranger.sees.text == before
    stranger.taps("Sig til")
    search = stranger.sees.button("✖️ Fortryd")["callback_data"].replace(
        "stop", "child" + child.rpartition(":")[2]
    )
    stranger.presses(search)
    assert stranger.toasts[-1] == "Det barn kender jeg ikke. Se /familie."
    assert "• 🦊 – 7–8 år" in person.says("/familie").text


def test_a_removed_child_takes_its_searches_along(person: Person, town: Town) -> None:
    has_children(person)
    person.says("workshops for mine børn i Ishøj")
    person.taps("Sig til")
    person.says("/familie")
    person.taps("🦊 2018")
    person.taps("🗑 Fjern")
    rows = town.database.read(lambda s: s.exec(select(SavedSearch).order_by(col(SavedSearch.id))).all())
    assert len(rows) == 1


@pytest.mark.parametrize("argument", ["year1900", "year2027", "add", "999999", "999999:gone"])
def test_strange_family_buttons_do_nothing_bad(person: Person, argument: str) -> None:
    person.says("/familie")
    person.presses(f"1:z:{argument}")
    assert person.row is not None
