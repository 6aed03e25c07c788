"""What an update alters is kept: old → new, when and from where."""

import datetime as dt
import json
from typing import Any

import pytest

from catalog.changes import changes_after
from catalog.database import Database
from catalog.drafts import OfferingDraft, Parsed, VenueDraft
from catalog.ingest import ingest
from catalog.model import OfferingChange
from catalog.values import PriceKind, Status, Tariff
from tests.catalog.factory import at, database_with, offering, time

NOW = at("2026-11-21 12:00")
LATER = at("2026-11-22 12:00")
HALL = VenueDraft(name="Kulturhuset", address="Torvet 3", postcode="4600", town="Køge")
LIBRARY = VenueDraft(name="Biblioteket", postcode="4600", town="Køge")


def concert(*starts: str, **facts: Any) -> OfferingDraft:
    """A concert at these times, each known by where it stands among them."""
    ends = facts.pop("ends", {})
    times = [
        time(start, ends.get(start)).model_copy(update={"key": str(n)}) for n, start in enumerate(starts)
    ]
    place = facts.pop("place", HALL)
    return offering("Koncert", *times, place=place, **{"external_id": "1"} | facts)


FIRST = concert("2026-12-05 19:00")


def after(*drafts: OfferingDraft, **how: Any) -> list[OfferingChange]:
    """The changes that these imports, one after the other, leave behind."""
    database = database_with()
    for number, draft in enumerate(drafts):
        bring(database, draft, now=NOW + dt.timedelta(days=number), **how)
    return kept(database)


def bring(database: Database, *drafts: OfferingDraft, now: dt.datetime = NOW, **how: Any) -> None:
    ingest(database, Parsed("csv", list(drafts)), source="Køge Kommune", now=now, **how)


def kept(database: Database) -> list[OfferingChange]:
    return database.read(lambda session: changes_after(session, 0, 1000))


def told(changes: list[OfferingChange]) -> list[tuple[str, str | None, str | None]]:
    return [(change.fact, change.old, change.new) for change in changes]


def test_a_first_import_records_nothing() -> None:
    assert after(FIRST) == []


def test_importing_the_same_again_records_nothing() -> None:
    assert after(FIRST, FIRST) == []


def test_a_moved_start_is_kept_with_its_date_when_and_from_where() -> None:
    [change] = after(FIRST, concert("2026-12-06 20:00"))
    assert (change.fact, change.old, change.new) == (
        "start",
        "2026-12-05T18:00:00+00:00",
        "2026-12-06T19:00:00+00:00",
    )
    assert (change.offering_id, change.occurrence_id) == (1, 1)
    assert (change.at, change.source) == (LATER, "Køge Kommune")


def test_a_new_title_text_or_picture_is_no_change() -> None:
    worded = {"titles": {"da": "Julekoncert"}, "descriptions": {"da": "Ny tekst"}}
    assert after(FIRST, concert("2026-12-05 19:00", **worded, image_url="https://eksempel.dk/ny.jpg")) == []
    assert after(FIRST, concert("2026-12-05 19:00", photo="the-choir")) == []


def test_a_new_date_is_no_change() -> None:
    assert after(FIRST, concert("2026-12-05 19:00", "2026-12-06 19:00")) == []


def test_learning_the_time_of_day_tells_the_day_and_then_the_time() -> None:
    changes = after(concert("2026-12-05"), FIRST)
    assert told(changes) == [("start", "2026-12-05", "2026-12-05T18:00:00+00:00")]


def test_the_end_of_a_day_is_the_day_it_ends_on() -> None:
    fair = "2026-12-05"
    changes = after(concert(fair, ends={fair: "2026-12-07"}), concert(fair, ends={fair: "2026-12-08"}))
    assert told(changes) == [("end", "2026-12-06", "2026-12-07")]


def test_a_new_end_is_kept() -> None:
    ended = concert("2026-12-05 19:00", ends={"2026-12-05 19:00": "2026-12-05 21:00"})
    assert told(after(FIRST, ended)) == [("end", None, "2026-12-05T20:00:00+00:00")]


def test_another_venue_is_kept_by_name() -> None:
    changes = after(FIRST, concert("2026-12-05 19:00", place=LIBRARY))
    assert told(changes) == [("venue", "Kulturhuset", "Biblioteket")]
    assert told(after(FIRST, concert("2026-12-05 19:00", place=None))) == [("venue", "Kulturhuset", None)]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"name": "KULTURHUSET"}, []),
        ({"address": None}, []),
        ({"postcode": None}, []),
        ({"address": "Torvet 5"}, [("venue", "Kulturhuset, Torvet 3", "Kulturhuset, Torvet 5")]),
        (
            {"town": "Greve", "postcode": "2670", "address": None},
            [("venue", "Kulturhuset, Køge", "Kulturhuset, Greve")],
        ),
    ],
)
def test_a_venue_that_is_only_written_otherwise_has_not_moved(facts: Any, expected: Any) -> None:
    assert told(after(FIRST, concert("2026-12-05 19:00", place=HALL.model_copy(update=facts)))) == expected


def test_cancelled_postponed_and_sold_out_are_changes_of_status() -> None:
    changes = after(
        FIRST,
        concert("2026-12-05 19:00", status=Status.SOLD_OUT),
        concert("2026-12-05 19:00", status=Status.CANCELLED),
        FIRST,
    )
    steps = [("scheduled", "sold-out"), ("sold-out", "cancelled"), ("cancelled", "scheduled")]
    assert told(changes) == [("status", old, new) for old, new in steps]
    assert {change.occurrence_id for change in changes} == {None}


def test_one_cancelled_date_is_that_dates_change() -> None:
    dates = ("2026-12-05 19:00", "2026-12-12 19:00")
    before = concert(*dates)
    off = before.occurrences[1].model_copy(update={"status": Status.CANCELLED})
    [change] = after(before, before.model_copy(update={"occurrences": (before.occurrences[0], off)}))
    assert (change.fact, change.occurrence_id, change.new) == ("status", 2, "cancelled")


def test_a_date_that_an_offering_no_longer_names_has_no_status_any_more_and_gets_it_back() -> None:
    both = concert("2026-12-05 19:00", "2026-12-12 19:00")
    one = both.model_copy(update={"occurrences": both.occurrences[:1]})
    changes = after(both, one, one.model_copy(update={"titles": {"da": "Ny"}}), both)
    assert told(changes) == [("status", "scheduled", None), ("status", None, "scheduled")]
    assert [change.occurrence_id for change in changes] == [2, 2]


def test_an_offering_that_vanishes_and_comes_back_has_not_changed() -> None:
    other = offering("Andet", "2026-12-05 19:00", external_id="2")
    database = database_with()
    bring(database, FIRST, other)
    bring(database, other, complete=True)
    bring(database, FIRST, other, complete=True)
    assert kept(database) == []


def test_price_age_and_enrolment_are_kept_as_json() -> None:
    priced = {"price_kind": PriceKind.AMOUNTS, "prices": {Tariff.ADULT: 50.0}}
    opens = {"enrolment_opens": at("2026-11-25 10:00"), "remaining": 0}
    changes = after(FIRST, concert("2026-12-05 19:00", **priced, age_from=13, **opens))
    new = {change.fact: json.loads(change.new or "") for change in changes}
    assert new == {
        "price": {"kind": "amounts", "prices": {"adult": 50.0}},
        "age": [13, None],
        "enrolment": {"opens": "2026-11-25T09:00:00+00:00", "closes": None, "full": True},
    }


def test_seats_that_are_taken_one_by_one_are_no_change_until_none_is_left() -> None:
    changes = after(*(concert("2026-12-05 19:00", remaining=left) for left in (9, 4, 0)))
    assert [json.loads(change.new or "")["full"] for change in changes] == [True]


def test_a_dry_run_keeps_no_change() -> None:
    database = database_with()
    bring(database, FIRST)
    bring(database, concert("2026-12-06 20:00"), dry_run=True)
    assert kept(database) == []


def test_many_offerings_changed_at_once_are_all_kept_in_their_order() -> None:
    def all_at(start: str) -> list[OfferingDraft]:
        return [concert(start, external_id=str(n)) for n in range(1200)]

    database = database_with()
    bring(database, *all_at("2026-12-05 19:00"))
    bring(database, *all_at("2026-12-06 19:00"))
    changes = kept(database)
    assert len(changes) == 1000
    rest = database.read(lambda session: changes_after(session, changes[-1].id or 0, 1000))
    assert {change.offering_id for change in (*changes, *rest)} == set(range(1, 1201))
