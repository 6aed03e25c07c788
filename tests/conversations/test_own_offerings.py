"""/mine_tilbud: what one has published is mended, moved, called off, sold out and copied."""

import pytest
from sqlmodel import col, select

from catalog import proposals
from catalog.model import Offering
from catalog.staff import Role, Scope, Staffer
from catalog.values import Status
from tests.conversations.catalogue import LIBRARY, NOW, PROGRAMME, when
from tests.conversations.driver import Person, Town
from tests.conversations.staffing import ISHOJ, KOEGE, assert_refused, employ

PUBLISH, SEND = "✅ Udgiv", "📨 Send til godkendelse"


@pytest.fixture
def librarian(changing_town: Town) -> Person:
    """With one offering on two days."""
    person, me = employed(changing_town, ISHOJ)
    publishes(changing_town, me, "Julekor", 5, 12)
    return person


def employed(town: Town, scope: Scope) -> tuple[Person, Staffer]:
    person = Person(town)
    me = employ(person, Role.COORDINATOR, scope)
    person.says("/start")
    return person, me


def publishes(town: Town, me: Staffer, title: str, *days: int) -> None:
    times = [when(day, 13, month=12).model_copy(update={"venue": LIBRARY}) for day in days]
    facts = {"titles": {"da": title}, "occurrences": [time.model_dump(mode="json") for time in times]}
    work = town.database.write(lambda session: proposals.begin(session, me, NOW, draft=facts))
    proposals.publish(town.database, me, work.id, work.digest, NOW)
    town.catalogue.refresh(town.now)


def stored(town: Town, title: str = "Julekor") -> Offering:
    rows = town.database.read(lambda s: s.exec(select(Offering).order_by(col(Offering.id).desc())).all())
    return next(row for row in rows if row.titles.get("da") == title)


def follower(town: Town) -> Person:
    person = Person(town)
    person.says("julekor i Ishøj")
    person.taps("1")
    person.taps("Følg")
    town.later(minutes=1)
    return person


def opens(librarian: Person) -> None:
    librarian.says("/mine_tilbud")
    librarian.taps("1")


def a_while_passes(town: Town) -> None:
    town.later(minutes=20)
    town.ticks()


def labels(person: Person) -> list[str]:
    return [button["text"] for row in person.sees.buttons for button in row]


def test_only_ones_own_are_listed_the_soonest_first(librarian: Person) -> None:
    town = librarian.town
    _, other = employed(town, ISHOJ)
    publishes(town, other, "Banko", 1)
    listed = librarian.says("/mine_tilbud").text
    assert listed.splitlines()[2::2] == ["1. Banko", "2. Julekor"]
    assert "Tegn en tegneserie" not in listed
    neighbour, _ = employed(town, KOEGE)
    assert "ingen tilbud endnu" in neighbour.says("/mine_tilbud").text


def test_many_are_turned_over_and_found_by_a_word(librarian: Person) -> None:
    _, me = employed(librarian.town, ISHOJ)
    for number in range(6):
        publishes(librarian.town, me, f"Strik {number}", 7 + number)
    assert "6. " not in librarian.says("/mine_tilbud").text
    librarian.taps("Flere ▸")
    assert "◂ Forrige" in labels(librarian)
    librarian.says("/mine_tilbud")
    assert librarian.says("julekor").text.startswith("📋 Dine tilbud med «julekor»\n1. Julekor")
    librarian.says("/mine_tilbud")
    assert librarian.says("musik i Ishøj").text.startswith("Musik i Ishøj")


def test_what_another_source_brings_is_found_by_a_word_and_called_off(librarian: Person) -> None:
    librarian.says("/mine_tilbud")
    librarian.says("tegneserie")
    librarian.taps("1")
    librarian.taps("✏️ Ret")
    assert {"Hvornår", "Pris"} <= set(labels(librarian))
    assert "Titel" not in labels(librarian)
    librarian.says("/mine_tilbud")
    librarian.says("tegneserie")
    librarian.taps("1")
    assert "til kilden selv ændrer noget" in librarian.taps("🚫 Aflys").text
    librarian.taps(PUBLISH)
    librarian.town.imports(*PROGRAMME)
    assert stored(librarian.town, "Tegn en tegneserie").status == Status.CANCELLED


def test_any_field_is_mended_and_shown_before_it_is_published(librarian: Person) -> None:
    opens(librarian)
    librarian.taps("✏️ Ret")
    librarian.taps("Pris")
    shown = librarian.says("50").text
    assert "Intet er ændret endnu." in shown
    assert "🔔 Det får følgere at vide:\n   Ny pris: 50 kr." in shown
    assert stored(librarian.town).prices == {}
    assert "Julekor er rettet" in librarian.taps(PUBLISH).text
    assert stored(librarian.town).prices == {"adult": 50.0}


def test_a_new_title_is_nothing_that_followers_hear(librarian: Person) -> None:
    opens(librarian)
    librarian.taps("✏️ Ret")
    librarian.taps("Titel")
    assert "Følgere får ikke besked" in librarian.says("Det store julekor").text


def test_one_date_is_moved_and_followers_hear_the_old_and_the_new_time(librarian: Person) -> None:
    town = librarian.town
    person = follower(town)
    opens(librarian)
    librarian.taps("🕐 Flyt")
    assert "Flyttes: lør. 5. dec. kl. 13–15" in librarian.taps("lør. 5. dec. kl. 13").text
    assert "Ny tid: søn. 6. dec. kl. 14 (før: lør. 5. dec. kl. 13)" in (
        librarian.says("søndag 6. december kl. 14-16").text
    )
    librarian.taps(PUBLISH)
    a_while_passes(town)
    assert "Ny tid: søn. 6. dec. kl. 14 (før: lør. 5. dec. kl. 13)" in person.sees.text
    assert "lør. 12. dec. kl. 13" in person.taps("ℹ️ Vis").text


def test_one_date_is_called_off_and_the_rest_stays(librarian: Person) -> None:
    town = librarian.town
    person = follower(town)
    opens(librarian)
    librarian.taps("🚫 Aflys")
    assert "Lør. 5. dec. kl. 13: Det er aflyst." in librarian.taps("lør. 5. dec. kl. 13").text
    librarian.taps(PUBLISH)
    a_while_passes(town)
    assert person.sees.text.startswith("❌ Aflyst: Julekor\nLør. 5. dec. kl. 13")
    assert stored(town).status == Status.SCHEDULED


def test_all_is_called_off_and_on_again_in_silence(librarian: Person) -> None:
    town = librarian.town
    person = follower(town)
    heard = len(person.everything)
    opens(librarian)
    librarian.taps("🚫 Aflys")
    librarian.taps("🚫 Aflys det hele")
    librarian.taps(PUBLISH)
    assert stored(town).status == Status.CANCELLED
    librarian.taps("↩ Fortryd")
    assert stored(town).status == Status.SCHEDULED
    a_while_passes(town)
    assert len(person.everything) == heard
    opens(librarian)
    assert "🚫 Aflys" in labels(librarian)


def test_sold_out_and_places_free_again(librarian: Person) -> None:
    town = librarian.town
    opens(librarian)
    librarian.taps("🎟 Udsolgt")
    librarian.taps(PUBLISH)
    assert stored(town).status == Status.SOLD_OUT
    opens(librarian)
    librarian.taps("🎟 Ledige pladser igen")
    librarian.taps(PUBLISH)
    assert stored(town).status == Status.SCHEDULED
    opens(librarian)
    librarian.taps("🔢 Pladser tilbage")
    assert "Skriv et tal" in librarian.says("en del").text
    assert "8 ledige pladser" in librarian.says("8").text
    librarian.taps(PUBLISH)
    assert stored(town).remaining == 8


def test_it_is_copied_to_another_date(librarian: Person) -> None:
    opens(librarian)
    librarian.taps("📄 Kopiér")
    assert "Alt andet er udfyldt" in librarian.taps("📅 Samme sted, ny dato").text
    librarian.says("lørdag 19. december kl. 13-15")
    assert "Klar?" in librarian.taps("✅ Det passer ▸").text
    assert "Ishøj Bibliotek" in librarian.sees.text
    librarian.taps(PUBLISH)
    assert "1. Julekor\n    lør. 5. dec. kl. 13\n2. Julekor\n    lør. 19. dec." in (
        librarian.says("/mine_tilbud").text
    )


def test_it_is_copied_to_another_municipality_whose_staff_let_it_through(librarian: Person) -> None:
    town = librarian.town
    neighbour, _ = employed(town, KOEGE)
    opens(librarian)
    librarian.taps("📄 Kopiér")
    librarian.taps("📍 Et andet sted")
    librarian.says("lørdag 19. december kl. 13-15")
    librarian.taps("✅ Det passer ▸")
    librarian.says("Køge Kulturhus")
    assert PUBLISH not in labels(librarian)
    librarian.taps(SEND)
    town.later(minutes=1)
    town.ticks()
    assert "Køge Kulturhus" in neighbour.sees.text
    neighbour.taps("✅ Godkend og udgiv")
    assert "Julekor" in Person(town).says("julekor i Køge").text
    assert "1. Julekor" in neighbour.says("/mine_tilbud").text


def test_an_edit_that_a_colleague_overtook_is_begun_again(librarian: Person) -> None:
    colleague, _ = employed(librarian.town, ISHOJ)
    opens(librarian)
    librarian.taps("🎟 Udsolgt")
    opens(colleague)
    colleague.taps("🚫 Aflys")
    colleague.taps("🚫 Aflys det hele")
    colleague.taps(PUBLISH)
    assert "rettet et andet sted imens" in librarian.taps(PUBLISH).text
    assert stored(librarian.town).status == Status.CANCELLED


def test_stolen_buttons_alter_nothing(librarian: Person) -> None:
    opens(librarian)
    data = [button["callback_data"] for row in librarian.sees.buttons for button in row]
    neighbour, _ = employed(librarian.town, KOEGE)
    for argument in data[:-1]:
        assert_refused(neighbour, argument)
        assert_refused(Person(librarian.town), argument)
