"""/plakat: a librarian gets a poster; whoever scans it follows with one tap."""

import io

import pytest
from PIL import Image

from catalog.staff import Role
from tests.conversations.driver import Person, Town
from tests.conversations.staffing import ISHOJ, SCHOOLS, employ


@pytest.fixture
def librarian(changing_town: Town) -> Person:
    return staffer(changing_town, Role.COORDINATOR)


def staffer(town: Town, role: Role) -> Person:
    found = Person(town)
    found.says("/start")
    employ(found, role, *{Role.COORDINATOR: (ISHOJ,), Role.AMBASSADOR: (SCHOOLS,), Role.ADMIN: ()}[role])
    return found


def labels(person: Person) -> list[str]:
    return [button["text"] for row in person.sees_buttons.buttons for button in row]


def test_the_list_is_what_is_on_in_ones_own_municipality(librarian: Person) -> None:
    librarian.says("/plakat")
    assert any("Tegn en tegneserie" in label for label in labels(librarian))
    librarian.taps("Flere ▸")
    assert "◂ Forrige" in labels(librarian)
    assert not any("Køge" in label for label in labels(librarian))


def test_an_admin_sees_what_is_on_anywhere(changing_town: Town) -> None:
    admin = staffer(changing_town, Role.ADMIN)
    admin.says("/plakat")
    seen = labels(admin)
    while "Flere ▸" in labels(admin):
        admin.taps("Flere ▸")
        seen += labels(admin)
    assert any("Keramik i Køge" in label for label in seen)


@pytest.mark.parametrize("role", [Role.AMBASSADOR, Role.COORDINATOR])
def test_a_poster_comes_as_a_picture_and_as_a_page_to_print(changing_town: Town, role: Role) -> None:
    person = staffer(changing_town, role)
    person.says("/plakat")
    person.says("tegneserie")
    person.taps(next(label for label in labels(person) if "Tegn en tegneserie" in label))
    person.taps("📄 A5 (den halve)")
    png, pdf = (message.document for message in person.everything[-2:])
    assert png is not None
    assert pdf is not None
    assert (png[0], pdf[0]) == ("tegn-en-tegneserie.a5.png", "tegn-en-tegneserie.a5.pdf")
    assert Image.open(io.BytesIO(png[1])).size == (1748, 2480)
    assert pdf[1].startswith(b"%PDF")
    assert person.sees.text.startswith("PDF’en er til printeren")


def test_a_link_to_an_offering_is_read_too(librarian: Person) -> None:
    public_id = public_id_of(librarian, "Jazz i caféen")
    librarian.says("/plakat")
    librarian.says(f"https://t.me/kulturlods_bot?start=o_{public_id}")
    assert "Jazz i caféen" in librarian.sees.text
    assert "Hvor stor" in librarian.sees.text


def test_words_that_nothing_fits_may_be_written_again(librarian: Person) -> None:
    librarian.says("/plakat")
    assert "Jeg fandt ikke noget" in librarian.says("xyzzyplugh kvux").text
    librarian.says("tegneserie")
    assert any("Tegn en tegneserie" in label for label in labels(librarian))


def test_there_is_no_poster_of_what_has_been_called_off(librarian: Person) -> None:
    public_id = public_id_of(librarian, "Aflyst rockaften")
    before = len(librarian.everything)
    librarian.presses(f"1:sk:a4:{public_id}")
    assert librarian.toasts[-1] == "Det her findes ikke længere i programmet."
    assert len(librarian.everything) == before


def test_whoever_scans_it_follows_with_one_tap_on_start_and_is_told_so(librarian: Person) -> None:
    passer_by = Person(librarian.town)
    card = passer_by.says(f"/start f_{public_id_of(librarian, 'Julekoncert')}")
    assert "Julekoncert" in card.text
    assert "Følger" in " ".join(labels(passer_by))
    assert "Jeg minder dig om" in passer_by.everything[-2].text


def public_id_of(person: Person, title: str) -> str:
    catalogue = person.town.catalogue
    cards = catalogue.cards(range(1, 40)).values()
    return next(card.public_id for card in cards if card.title("da") == title)
