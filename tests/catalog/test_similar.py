"""Something like it, for who had looked forward to something that is called off."""

import pytest

from catalog.cards import Card
from catalog.catalogue import Catalogue
from catalog.similar import similar
from catalog.values import Audience, Category, Format, Status
from tests.catalog.factory import ZONE, at, database_with, offering, venue

NOW = at("2026-11-21 12:00")
KOEGE = venue("Scenen", municipality="Køge")
GREVE = venue("Portalen", municipality="Greve")
JAZZ = {"categories": (Category.MUSIC,), "formats": (Format.PERFORMANCE,)}
GONE = offering("Aflyst jazz", "2026-11-28 19:00", place=KOEGE, status=Status.CANCELLED, **JAZZ)


def alternatives(*others) -> list[str]:
    catalogue = Catalogue(database_with(GONE, *others), ZONE)
    return [card.title("da") for card in similar(catalogue, gone(catalogue), NOW)]


def gone(catalogue: Catalogue) -> Card:
    return catalogue.cards([1])[1]


def test_the_same_kind_in_the_same_municipality_around_the_same_time() -> None:
    found = alternatives(
        offering("Jazz", "2026-11-29 19:00", place=KOEGE, **JAZZ),
        offering("Jazz i Greve", "2026-11-29 19:00", place=GREVE, **JAZZ),
        offering("Jazz til foråret", "2027-03-29 19:00", place=KOEGE, **JAZZ),
        offering("Maleri", "2026-11-29 19:00", place=KOEGE, categories=(Category.VISUAL_ARTS,)),
    )
    assert found == ["Jazz"]


def test_another_format_of_the_same_category_comes_after_the_same_one() -> None:
    workshop = {"categories": (Category.MUSIC,), "formats": (Format.WORKSHOP,)}
    found = alternatives(
        offering("Kor", "2026-11-27 19:00", place=KOEGE, **workshop),
        offering("Jazz", "2026-11-29 19:00", place=KOEGE, **JAZZ),
    )
    assert found == ["Jazz", "Kor"]


def test_at_most_three_and_never_itself_or_what_is_off_too() -> None:
    others = [offering(f"Jazz {n}", f"2026-11-2{n} 19:00", place=KOEGE, **JAZZ) for n in range(3, 8)]
    off = offering("Også aflyst", "2026-11-28 20:00", place=KOEGE, status=Status.CANCELLED, **JAZZ)
    found = alternatives(off, *others)
    assert len(found) == 3
    assert set(found) <= {f"Jazz {n}" for n in range(3, 8)}


def test_what_is_for_schools_is_no_alternative() -> None:
    closed = offering("Skolejazz", "2026-11-29 10:00", place=KOEGE, audiences=(Audience.SCHOOLS,), **JAZZ)
    assert alternatives(closed) == []


@pytest.mark.parametrize("known", [{}, {"age_from": 3, "age_to": 6}])
def test_nothing_like_it_is_nothing_rather_than_anything(known) -> None:
    bare = offering("Ukendt", "2026-11-28 19:00", status=Status.CANCELLED, **known)
    catalogue = Catalogue(database_with(bare, offering("Jazz", "2026-11-29 19:00", **JAZZ)), ZONE)
    assert similar(catalogue, gone(catalogue), NOW) == ()
