"""The catalogue as a whole: fresh when the data changes, one state at a time, safe between threads."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import Session

from catalog.catalogue import Catalogue
from catalog.model import Occurrence, Offering
from catalog.query import PlaceRef, Query
from catalog.values import PlaceKind
from tests.catalog.factory import ZONE, add, at, database_with, offering, time, venue

NOW = at("2026-11-25 15:00")
HOUR = dt.timedelta(hours=1)


def titles(catalogue: Catalogue, now: dt.datetime = NOW) -> list[str]:
    hits = catalogue.search(Query(), now).hits
    cards = catalogue.cards(hit.offering_id for hit in hits)
    return [cards[hit.offering_id].title("da") for hit in hits]


def test_the_first_question_makes_the_snapshot() -> None:
    assert titles(Catalogue(database_with(offering("Jazz", "2026-11-26 19:00")), ZONE)) == ["Jazz"]


def test_what_is_stored_is_found_after_a_refresh() -> None:
    database = database_with(offering("Jazz", "2026-11-26 19:00"))
    catalogue = Catalogue(database, ZONE)
    assert titles(catalogue) == ["Jazz"]
    add(database, offering("Blues", "2026-11-27 19:00"))
    assert titles(catalogue) == ["Jazz"]
    assert catalogue.refresh(NOW) is True
    assert titles(catalogue) == ["Jazz", "Blues"]


def test_nothing_is_made_anew_while_nothing_changed() -> None:
    catalogue = Catalogue(database_with(), ZONE)
    assert [catalogue.refresh(NOW), catalogue.refresh(NOW), catalogue.refresh(NOW + HOUR)] == [
        True,
        False,
        False,
    ]
    assert catalogue.refresh(NOW, force=True) is True


def test_a_snapshot_serves_six_hours_so_that_the_horizon_moves() -> None:
    catalogue = Catalogue(database_with(), ZONE)
    catalogue.refresh(NOW)
    assert catalogue.refresh(NOW + 5 * HOUR) is False
    assert catalogue.refresh(NOW + 6 * HOUR) is True


def test_a_question_about_an_earlier_now_finds_what_was_ahead_then() -> None:
    catalogue = Catalogue(database_with(offering("I går", "2026-11-24 19:00")), ZONE)
    assert titles(catalogue) == []
    assert titles(catalogue, at("2026-11-24 12:00")) == ["I går"]


def test_a_withdrawn_offering_is_in_no_list_but_still_has_a_card() -> None:
    database = database_with(offering("Trukket", "2026-11-26 19:00"))
    catalogue = Catalogue(database, ZONE)
    public_id = catalogue.cards([1])[1].public_id

    def withdraw(session: Session) -> None:
        row = session.get(Offering, 1)
        assert row is not None
        row.withdrawn_at = NOW

    database.write(withdraw)
    assert titles(catalogue) == []
    card = catalogue.card(public_id)
    assert card is not None
    assert card.withdrawn


def test_a_withdrawn_time_is_in_no_list_while_the_others_are() -> None:
    database = database_with(offering("Jazz", "2026-11-26 19:00", "2026-11-27 19:00"))

    def withdraw(session: Session) -> None:
        row = session.get(Occurrence, 1)
        assert row is not None
        row.withdrawn_at = NOW

    database.write(withdraw)
    assert [hit.start for hit in Catalogue(database, ZONE).search(Query(), NOW).hits] == [
        at("2026-11-27 19:00")
    ]


def test_a_card_is_found_by_its_public_id_past_or_not() -> None:
    catalogue = Catalogue(database_with(offering("Forbi", "2020-01-01 12:00")), ZONE)
    public_id = catalogue.cards([1])[1].public_id
    found = catalogue.card(public_id)
    assert found is not None
    assert found.title("da") == "Forbi"
    assert catalogue.card("nobody") is None


def test_questions_are_answered_while_the_snapshot_is_made_anew() -> None:
    database = database_with(offering("Jazz", "2026-11-26 19:00"))
    catalogue = Catalogue(database, ZONE)
    catalogue.refresh(NOW)
    stop = threading.Event()

    def ask() -> set[int]:
        seen = set()
        while not stop.is_set():
            seen.add(catalogue.search(Query(), NOW).total)
        return seen

    with ThreadPoolExecutor(2) as pool:
        asking = [pool.submit(ask) for _ in range(2)]
        for n in range(3):
            add(database, offering(f"Nr. {n}", "2026-11-27 19:00"))
            catalogue.refresh(NOW)
        stop.set()
    seen = set.union(*(future.result() for future in asking))
    assert seen <= {1, 2, 3, 4}
    assert catalogue.search(Query(), NOW).total == 4


def test_two_refreshes_at_once_make_one_snapshot() -> None:
    catalogue = Catalogue(database_with(), ZONE)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: catalogue.refresh(NOW), range(4)))
    assert any(made)
    assert catalogue.refresh(NOW) is False


def test_a_sentence_is_understood_with_the_catalogues_own_names() -> None:
    place = venue("Vognporten", latitude=55.66, longitude=12.36)
    catalogue = Catalogue(database_with(offering("Jazz", time("2026-11-28 19:00"), place=place)), ZONE)
    query = catalogue.understand("jazz på Vognporten", NOW).query
    assert [(p.name, p.kind) for p in query.places] == [("Vognporten", PlaceKind.VENUE)]
    assert [hit.offering_id for hit in catalogue.search(query, NOW).hits] == [1]


@pytest.mark.parametrize("name", ["Vognporten", "vognporten"])
def test_a_venue_is_known_by_its_name_as_people_write_it(name: str) -> None:
    catalogue = Catalogue(
        database_with(offering("Jazz", "2026-11-28 19:00", place=venue("Vognporten"))), ZONE
    )
    ref = PlaceRef("venue", name, PlaceKind.VENUE)
    assert catalogue.search(Query(places=(ref,)), NOW).total == 1
