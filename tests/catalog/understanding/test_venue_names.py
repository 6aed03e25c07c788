"""What else people call a house: in English, turned round, familiar or short."""

import pytest

from catalog.query import PlaceRef
from catalog.text import words
from catalog.understanding.venue_names import other_names, short_names
from catalog.values import PlaceKind


def venues(*names: str) -> dict[tuple[str, ...], PlaceRef]:
    return {words(name): PlaceRef(f"venue:{name}", name, PlaceKind.VENUE) for name in names}


@pytest.mark.parametrize(
    ("said", "venue"),
    [
        ("Ishøj library", "Ishøj Bibliotek"),
        ("the library in Ishøj", "Ishøj Bibliotek"),
        ("biblioteket i Ishøj", "Ishøj Bibliotek"),
        ("ishoj bibliotek", "Ishøj Bibliotek"),
        ("Roskilde culture school", "Kulturskolen Roskilde"),
        ("Aalborg main library", "Hovedbiblioteket i Aalborg"),
        ("Viking Ship Museum", "Vikingeskibsmuseet"),
        ("Maritime Museum of Denmark", "M/S Museet for Søfart"),
    ],
)
def test_a_house_is_known_by_its_other_names(said: str, venue: str) -> None:
    known = venues(
        "Ishøj Bibliotek",
        "Kulturskolen Roskilde",
        "Hovedbiblioteket i Aalborg",
        "Vikingeskibsmuseet",
        "M/S Museet for Søfart",
    )
    assert other_names(known)[words(said)].name == venue


def test_a_name_of_two_houses_names_neither() -> None:
    assert words("Ishøj library") not in other_names(venues("Ishøj Bibliotek", "Biblioteket Ishøj"))


def test_theatre_in_a_town_is_no_house() -> None:
    assert words("theatre in Roskilde") not in other_names(venues("Roskilde Teater"))


def test_a_word_that_only_one_house_has_is_its_short_name() -> None:
    short = short_names(venues("Baltoppen LIVE", "Ballerup Museum", "Heerup Museum"))
    assert short["baltoppen"].name == "Baltoppen LIVE"
    assert not {"live", "museum", "ballerup"} & set(short)
