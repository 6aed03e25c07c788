"""Where a question means: near the person, near a place, or in it."""

from datetime import datetime

import pytest

from catalog.places import distance_km
from catalog.query import Understanding
from catalog.search.match import CatalogueWords
from catalog.understanding import understand
from catalog.values import PlaceKind

ISHOEJ_STATION = (55.613, 12.358)


@pytest.fixture
def ask(wednesday: datetime, names: CatalogueWords):
    def _ask(text: str, **more: object) -> Understanding:
        return understand(text, now=wednesday, words=names, language="da", **more)

    return _ask


@pytest.mark.parametrize("text", ["musik tæt på mig", "music near me", "musik i nærheden", "koncerter her"])
def test_near_me_is_ten_kilometres_around_the_shared_position(ask, text: str) -> None:
    answer = ask(text, location=ISHOEJ_STATION)
    near = answer.query.near
    assert (near.latitude, near.longitude, near.radius_km) == (*ISHOEJ_STATION, 10.0)
    assert answer.asks is None


def test_near_me_without_a_position_filters_by_no_place_and_asks_for_it(ask) -> None:
    answer = ask("musik tæt på mig")
    assert (answer.asks, answer.query.near, answer.query.places) == ("place", None, ())


def test_a_shared_position_alone_only_orders(ask) -> None:
    query = ask("musik", location=ISHOEJ_STATION).query
    assert query.origin == ISHOEJ_STATION
    assert query.near is None


def test_a_position_does_not_move_a_named_place(ask) -> None:
    query = ask("musik i Køge", location=ISHOEJ_STATION).query
    assert [place.name for place in query.places] == ["Køge"]
    assert query.near is None


@pytest.mark.parametrize(
    ("text", "radius"),
    [
        ("tæt på mig", 10.0),
        ("inden for 5 km", 5.0),
        ("within 2.5 km of me", 2.5),
        ("max 2 km væk", 2.0),
        ("højst 3 kilometer væk", 3.0),
        ("indenfor 500 meter", 0.5),
    ],
)
def test_a_distance_that_is_said_is_kept(ask, text: str, radius: float) -> None:
    assert ask(text, location=ISHOEJ_STATION).query.near.radius_km == radius


@pytest.mark.parametrize(
    "text", ["nær Roskilde", "tæt på Roskilde", "omkring Roskilde", "i nærheden af Roskilde"]
)
def test_near_a_place_is_a_circle_and_no_filter(ask, text: str) -> None:
    query = ask(text, location=ISHOEJ_STATION).query
    assert query.places == ()
    assert query.near.radius_km == 10.0
    assert query.near.latitude == pytest.approx(55.64, abs=0.02)


def test_a_distance_makes_a_circle_of_the_place_that_is_named(ask) -> None:
    query = ask("musik i Køge, højst 8 km væk").query
    assert (query.places, query.near.radius_km) == ((), 8.0)


def test_a_venue_is_known_by_its_key(ask) -> None:
    (place,) = ask("koncert i Mungo Park").query.places
    assert (place.key, place.kind) == ("venue:mungo park", PlaceKind.VENUE)


def test_near_a_venue_is_a_circle_but_at_a_venue_is_the_venue(ask) -> None:
    assert ask("tæt på Nordkraft").query.near is not None
    assert [place.name for place in ask("ved Nordkraft").query.places] == ["Nordkraft"]


def test_a_house_that_every_town_has_is_searched_for_as_a_word(ask) -> None:
    query = ask("højtlæsning på biblioteket").query
    assert query.places == ()
    assert "biblioteket" in query.words


@pytest.mark.parametrize("text", ["noget for dem der vil give mad", "tell them about us"])
def test_everyday_words_are_no_places(ask, text: str) -> None:
    assert ask(text).query.places == ()


@pytest.mark.parametrize("text", ["foredrag om 1864", "kl. 2000", "foredrag om 1945"])
def test_years_and_clock_times_are_no_postcodes(ask, text: str) -> None:
    assert ask(text).query.places == ()


def test_a_district_keeps_its_kind(ask) -> None:
    (place,) = ask("åbne værksteder i Skovlunde").query.places
    assert place.kind is PlaceKind.DISTRICT


@pytest.mark.parametrize("text", ["musik nær Køge", "musik inden for 10 km af Køge", "music around Koege"])
def test_a_circle_around_a_town_has_the_town_in_its_middle_not_its_municipality(ask, text: str) -> None:
    query = ask(text).query
    assert query.places == ()
    assert distance_km(query.near.latitude, query.near.longitude, 55.457, 12.182) < 1


def test_a_circle_around_a_municipality_that_is_called_so_has_its_middle(ask) -> None:
    near = ask("musik nær Køge Kommune").query.near
    assert distance_km(near.latitude, near.longitude, 55.457, 12.182) > 5
