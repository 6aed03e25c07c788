"""Where: the venue's own municipality, town, postcode; the neighbourhood; near a point."""

from typing import Any

import pytest

from catalog.drafts import OfferingDraft
from catalog.query import Near, Query
from tests.catalog.factory import offering, time, venue
from tests.catalog.search.asking import ISHOEJ, Asked, place


def held(title: str, day: int = 26, km_north: float | None = None, **facts: Any) -> OfferingDraft:
    """An offering somewhere, `km_north` of Ishøj when it has coordinates at all."""
    where: dict[str, Any] = (
        {} if km_north is None else {"latitude": ISHOEJ[0] + km_north / 111.2, "longitude": ISHOEJ[1]}
    )
    return offering(title, f"2026-11-{day} 19:00", place=venue(f"Hus {title}", **where, **facts))


def test_a_municipality_filters_by_the_venues_own() -> None:
    asked = Asked(
        held("Inde", municipality="Ishøj", km_north=0),
        held("Lige over grænsen", municipality="Vallensbæk", km_north=0.1),
        held("Ukendt sted"),
    )
    assert asked.titles(places=(place("Ishøj", "municipality", *ISHOEJ),)) == ["Inde"]


def test_a_district_filters_by_the_venues_own() -> None:
    asked = Asked(held("Baltorp", district="Baltorp"), held("Skovlunde", district="Skovlunde"))
    assert asked.titles(places=(place("Baltorp", "district"),)) == ["Baltorp"]


def test_a_town_gives_its_own_first_then_what_lies_within_five_kilometres() -> None:
    asked = Asked(
        held("Fire km væk", day=26, km_north=4),
        held("Seks km væk", day=26, km_north=6),
        held("I byen", day=29, km_north=1, town="Ishøj"),
    )
    assert asked.titles(places=(place("Ishøj", "town", *ISHOEJ),)) == ["I byen", "Fire km væk"]


def test_a_postcode_gives_its_own_first_then_what_lies_within_five_kilometres() -> None:
    asked = Asked(
        held("Nabo", day=26, km_north=3, postcode="2640"), held("Egen", day=29, km_north=2, postcode="2635")
    )
    assert asked.titles(places=(place("2635 Ishøj", "postcode", *ISHOEJ),)) == ["Egen", "Nabo"]


def test_another_town_of_the_same_name_is_not_meant() -> None:
    asked = Asked(
        held("Den rigtige", km_north=1, town="Nykøbing"), held("Den anden", km_north=120, town="Nykøbing")
    )
    assert asked.titles(places=(place("Nykøbing", "town", *ISHOEJ),)) == ["Den rigtige"]


def test_a_venue_is_only_itself() -> None:
    asked = Asked(
        offering("Her", "2026-11-26 19:00", place=venue("Baltoppen LIVE")),
        offering("Der", "2026-11-26 19:00", place=venue("Tapeten")),
    )
    assert asked.titles(places=(place("Baltoppen Live", "venue"),)) == ["Her"]


def test_any_of_several_places_will_do() -> None:
    asked = Asked(*(held(name, municipality=name) for name in ("Køge", "Ishøj", "Herlev")))
    places = (place("Køge", "municipality"), place("Herlev", "municipality"))
    assert asked.titles(places=places) == ["Køge", "Herlev"]


def test_near_keeps_to_its_radius_and_leaves_out_what_has_no_coordinates() -> None:
    asked = Asked(held("Ni km", km_north=9), held("Elleve km", km_north=11), held("Et sted"))
    assert asked.titles(near=Near(*ISHOEJ, 10)) == ["Ni km"]


def test_nearest_is_mixed_with_soonest_in_steps_of_two_kilometres() -> None:
    asked = Asked(
        held("1,5 km om tre dage", day=28, km_north=1.5),
        held("0,5 km om fire dage", day=29, km_north=0.5),
        held("5 km i morgen", day=26, km_north=5),
    )
    assert asked.titles(near=Near(*ISHOEJ, 10)) == [
        "1,5 km om tre dage",
        "0,5 km om fire dage",
        "5 km i morgen",
    ]


def test_a_shared_position_orders_but_never_filters() -> None:
    asked = Asked(held("Langt væk", km_north=80), held("Ukendt sted"), held("Tæt på", day=29, km_north=1))
    assert asked.titles(origin=ISHOEJ) == ["Tæt på", "Langt væk", "Ukendt sted"]


def test_the_distance_is_from_the_position_else_from_the_place_asked_about() -> None:
    asked = Asked(held("Huset", km_north=4, municipality="Ishøj"))
    centre = place("Ishøj", "municipality", *ISHOEJ)
    assert asked.hit("Huset", places=(centre,)).distance_km == pytest.approx(4, abs=0.05)
    north = (ISHOEJ[0] + 3 / 111.2, ISHOEJ[1])
    assert asked.hit("Huset", places=(centre,), origin=north).distance_km == pytest.approx(1, abs=0.05)
    assert asked.hit("Huset").distance_km is None


def test_of_two_times_the_one_in_the_place_asked_about_is_shown() -> None:
    first = time("2026-11-26 19:00", venue=venue("Der", municipality="Køge"))
    second = time("2026-11-28 19:00", venue=venue("Her", municipality="Ishøj"))
    asked = Asked(offering("Turné", first, second))
    assert asked.hit("Turné", places=(place("Ishøj", "municipality"),)).start == second.start


def test_a_place_that_is_not_wanted_is_left_out() -> None:
    asked = Asked(held("Køge", municipality="Køge"), held("Ishøj", municipality="Ishøj"), held("Ukendt sted"))
    assert asked.titles(exclude=Query(places=(place("Køge", "municipality"),))) == ["Ishøj", "Ukendt sted"]
    centre = Query(near=Near(*ISHOEJ, 5))
    assert Asked(held("Tæt", km_north=1), held("Fjern", km_north=9)).titles(exclude=centre) == ["Fjern"]
