"""The gazetteer: every place is found under the spellings people use, and an address finds its place."""

import csv
import time
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.places import Gazetteer, distance_km, gazetteer
from catalog.text import fold, skeleton
from catalog.values import PlaceKind

NINE = ["Albertslund", "Furesø", "Halsnæs", "Herlev", "Helsingør", "Ishøj", "Køge", "Roskilde", "Rødovre"]
MUNICIPALITIES = [
    row["name"]
    for row in csv.DictReader(
        resources.files("catalog.places").joinpath("data/municipalities.csv").read_text("utf-8").splitlines()
    )
]


def first(text: str) -> tuple[str, PlaceKind] | None:
    found = gazetteer().named(text)
    return (found[0].name, found[0].kind) if found else None


def test_all_municipalities_are_there():
    assert len(MUNICIPALITIES) == 99
    assert set(NINE) | {"Ballerup", "Aalborg"} <= set(MUNICIPALITIES)


@pytest.mark.parametrize("name", MUNICIPALITIES)
@pytest.mark.parametrize("spelling", [str, fold, skeleton, str.upper, "{} Kommune".format, "{}s".format])
def test_every_municipality_is_found_however_it_is_spelt(name, spelling):
    found = first(spelling(name))
    assert found == (name, PlaceKind.MUNICIPALITY)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Københavns Kommune", "København"),
        ("Copenhagen", "København"),
        ("copenhagen's", "København"),
        ("Kbh", "København"),
        ("Elsinore", "Helsingør"),
        ("Århus", "Aarhus"),
        ("Arhus", "Aarhus"),
        ("Ålborg", "Aalborg"),
        ("Koege", "Køge"),
        ("koge", "Køge"),
        ("Køges", "Køge"),
        ("Helsingoer", "Helsingør"),
        ("Hoersholm", "Hørsholm"),
        ("Rodovre", "Rødovre"),
        ("Municipality of Ishøj", "Ishøj"),
        ("Ishøj Municipality", "Ishøj"),
        ("Høje Taastrup", "Høje-Taastrup"),
        ("Nordfyn", "Nordfyns"),
    ],
)
def test_other_names_of_a_municipality(text, name):
    assert first(text) == (name, PlaceKind.MUNICIPALITY)


@pytest.mark.parametrize(
    ("town", "municipality"),
    [
        ("Farum", "Furesø"),
        ("Værløse", "Furesø"),
        ("Frederiksværk", "Halsnæs"),
        ("Hundested", "Halsnæs"),
        ("Liseleje", "Halsnæs"),
        ("Melby", "Halsnæs"),
        ("Ølsted", "Halsnæs"),
        ("Espergærde", "Helsingør"),
        ("Hornbæk", "Helsingør"),
        ("Snekkersten", "Helsingør"),
        ("Herfølge", "Køge"),
        ("Borup", "Køge"),
        ("Bjæverskov", "Køge"),
        ("Måløv", "Ballerup"),
        ("Nørresundby", "Aalborg"),
        ("Nibe", "Aalborg"),
        ("Svenstrup", "Aalborg"),
        ("Viby Sj", "Roskilde"),
        ("Viby Sj.", "Roskilde"),
        ("Jyllinge", "Roskilde"),
        ("Gundsø", "Roskilde"),
        ("Vindinge", "Roskilde"),
        ("Trekroner", "Roskilde"),
        ("Islev", "Rødovre"),
        ("Hvissinge", "Glostrup"),
        ("Viby J", "Aarhus"),
        ("Nykøbing Falster", "Guldborgsund"),
        ("Kgs. Lyngby", "Lyngby-Taarbæk"),
        ("Nørrebro", "København"),
        ("Kbh NV", "København"),
        ("Tune", "Greve"),
    ],
)
def test_towns_lie_in_their_municipality(town, municipality):
    place = gazetteer().named(town)[0]
    assert (place.kind, place.municipality) == (PlaceKind.TOWN, municipality)


def test_a_name_of_both_is_the_municipality_first_and_the_town_after():
    kinds = [[p.kind for p in gazetteer().named(name)] for name in ("Roskilde", "Køge", "Aalborg")]
    assert kinds == [[PlaceKind.MUNICIPALITY, PlaceKind.TOWN]] * 3


def test_a_name_that_several_towns_share_gives_them_all():
    assert {p.municipality for p in gazetteer().named("Viby")} == {"Roskilde", "Aarhus"}


def test_the_five_districts_of_ballerup():
    for name in ("Hedegård", "Skovvejen", "Baltorp", "Skovlunde", "Måløvhøj"):
        place = gazetteer().named(name)[0]
        assert (place.kind, place.municipality) == (PlaceKind.DISTRICT, "Ballerup")
    assert gazetteer().named("Skovlunde")[0].postcodes == ("2740",)


def test_kommune_after_a_name_asks_for_a_municipality_only():
    assert first("Farum Kommune") is None
    assert gazetteer().municipality("Ishøj Kommune") == gazetteer().municipality("0183")
    assert gazetteer().municipality("183") == gazetteer().municipality("ishoej")
    assert gazetteer().municipality("Farum") is None


@pytest.mark.parametrize(
    "text", ["", "  ", "?", "fodbold", "Ishøj Bibliotek", "12", "99999", "Køge Kge", "s", "'s"]
)
def test_what_is_no_place_gives_none(text):
    assert gazetteer().named(text) == ()


@pytest.mark.parametrize(
    ("code", "town", "municipality"),
    [
        ("2635", "Ishøj", "Ishøj"),
        ("3500", "Værløse", "Furesø"),
        ("1050", "København K", "København"),
        ("1799", "København V", "København"),
        ("1970", "Frederiksberg C", "Frederiksberg"),
        ("4305", "Orø", "Holbæk"),
        ("9000", "Aalborg", "Aalborg"),
    ],
)
def test_postcodes_have_a_town_and_a_municipality(code, town, municipality):
    place = gazetteer().postcode(code)
    assert place is not None
    assert (place.name, place.municipality) == (f"{code} {town}", municipality)
    assert gazetteer().named(code) == gazetteer().named(f"{code} {town}") == (place,)


@pytest.mark.parametrize("code", ["0900", "0800", "900", "2636", "9999", "26355", "abcd", "", "²635", "1_00"])
def test_company_postcodes_and_others_that_are_none(code):
    assert gazetteer().postcode(code) is None


@pytest.mark.parametrize(
    ("typed", "meant", "typos"),
    [
        ("Roskild", "Roskilde", 1),
        ("Helsinør", "Helsingør", 1),
        ("Køgge", "Køge", 1),
        ("rodvre", "Rødovre", 1),
        ("Kobenhavm", "København", 1),
        ("Frederiksværck", "Frederiksværk", 1),
        ("Hundestedd", "Hundested", 1),
        ("Albertlund", "Albertslund", 1),
        ("Roskldes", "Roskilde", 1),
        ("Balerup Kommune", "Ballerup", 1),
        ("Ishøj", "Ishøj", 0),
    ],
)
def test_typos_are_repaired_and_counted(typed, meant, typos):
    places, counted = gazetteer().closest(typed)
    assert (places[0].name, counted) == (meant, typos)


@pytest.mark.parametrize(
    "word", ["musik", "konge", "teater", "maler", "bøger", "kager", "hos", "2636", "xyzzyplugh"]
)
def test_everyday_words_are_not_mended_into_places(word):
    assert gazetteer().closest(word) == ((), 0)


def test_places_that_are_everyday_words_say_so():
    common = [
        word
        for word in ("ry", "hals", "them", "give", "bording", "aars", "vejens", "koege", "farum")
        if gazetteer().is_common_word(word)
    ]
    assert common == ["ry", "hals", "them", "give", "bording", "aars", "vejens"]


def test_every_key_leads_back_to_its_place():
    for text in ("Ishøj", "Farum", "Baltorp", "2635", "1050", "Viby"):
        for place in gazetteer().named(text):
            assert gazetteer().get(place.key) == place
            assert place.ref().key == place.key
    assert gazetteer().get("town:atlantis-0000") is None
    assert gazetteer().get("") is None


def locate(**what):
    found = gazetteer().locate(**what)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("address", "postcode", "municipality"),
    [
        ("Skovbogårds Allé 10, 2635 Ishøj", "2635", "Ishøj"),
        ("Stationsvej 1\nDK-3520 Farum", "3520", "Furesø"),
        ("Hovedvejen 2100, 4600 Køge", "4600", "Køge"),
        ("Nordkraft, Kjellerups Torv 5, 9000 Aalborg, Danmark", "9000", "Aalborg"),
    ],
)
def test_a_postcode_in_an_address_locates_it(address, postcode, municipality):
    found = locate(address=address)
    assert (found.postcode, found.municipality, found.located_by) == (postcode, municipality, "postcode")
    assert found.latitude is not None


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("Hovedgaden 1, Ry", "Ry"),
        ("Biblioteket i Hornbæk", "Hornbæk"),
        ("Bymidten 8, Viby Sj", "Viby Sjælland"),
        ("Roskilde", "Roskilde"),
        ("Vej 4, Nørresundby, Danmark", "Nørresundby"),
    ],
)
def test_without_a_postcode_the_town_locates_it(address, town):
    found = locate(address=address)
    assert (found.town, found.located_by) == (town, "town")
    assert found.latitude is not None


@pytest.mark.parametrize("address", ["hjemme hos mig", "Roskildevej 45", "tlf. 43 57 70 00", "", "år 2026"])
def test_an_address_without_a_place_stays_unlocated(address):
    assert gazetteer().locate(address=address) is None


def test_a_postcode_locates_in_the_middle_of_its_town_rather_than_of_its_fields():
    found = locate(address="Kirkestræde 18, 4600 Køge")
    assert distance_km(found.latitude, found.longitude, 55.457, 12.182) < 0.5
    village = locate(postcode="4000", town="Gevninge")
    assert distance_km(village.latitude, village.longitude, found.latitude, found.longitude) > 15


def test_ballerup_districts_are_known_by_postcode_only():
    assert locate(postcode="2740").district == "Skovlunde"
    assert locate(address="Måløv Hovedgade 1, 2760 Måløv").district == "Måløvhøj"
    assert locate(town="Skovlunde").district == "Skovlunde"
    assert locate(postcode="2750").district is None
    assert locate(postcode="2740", municipality="Herlev").district is None


def test_a_stated_municipality_wins_and_settles_which_town_is_meant():
    assert locate(postcode="4130", municipality="Køge Kommune").municipality == "Køge"
    assert locate(town="Viby", municipality="Aarhus").town == "Viby J"
    only = locate(municipality="Herlev Kommune")
    assert (only.municipality, only.latitude, only.located_by) == ("Herlev", None, None)


def test_the_town_settles_the_municipality_of_a_divided_postcode():
    assert locate(postcode="4000").municipality == "Roskilde"
    assert locate(postcode="4000", town="Gevninge").municipality == "Lejre"


@pytest.mark.parametrize(
    ("position", "name"),
    [
        ((55.6154, 12.3518), "2635 Ishøj"),
        ((57.048, 9.9187), "9000 Aalborg"),
        ((55.676, 12.572), "1000 København K"),
        ((55.605, 13.0), None),
        ((56.0465, 12.6945), None),
        ((54.78, 9.43), None),
        ((0.0, 0.0), None),
        ((float("nan"), 12.0), None),
    ],
)
def test_the_nearest_postcode_and_none_abroad(position, name):
    place = gazetteer().nearest(*position)
    assert (place.name if place else None) == name


def test_distances_are_great_circle_kilometres():
    assert distance_km(55.676, 12.568, 57.048, 9.919) == pytest.approx(224, abs=3)
    assert distance_km(55.6, 12.3, 55.6, 12.3) == 0


def test_the_gazetteer_is_read_once_and_fast():
    assert gazetteer() is gazetteer()
    started = time.process_time()
    Gazetteer()
    assert time.process_time() - started < 0.25


@given(st.text(max_size=60))
def test_any_text_is_answered(text):
    g = gazetteer()
    (
        g.named(text),
        g.closest(text),
        g.municipality(text),
        g.get(text),
        g.postcode(text),
        g.is_common_word(text),
    )
    g.locate(address=text, postcode=text, town=text, municipality=text)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_any_position_is_answered(latitude, longitude):
    place = gazetteer().nearest(latitude, longitude)
    assert place is None or place.kind is PlaceKind.POSTCODE


def test_a_part_of_the_country_is_its_municipalities() -> None:
    names = {place.name for place in gazetteer().region("Vestegnen")}
    assert {"Albertslund", "Herlev", "Ishøj"} <= names
    assert "Køge" not in names
    assert gazetteer().region("nordsjaelland") == gazetteer().region("North Zealand") != ()
    assert gazetteer().region("Køge") == ()
