"""A stored offering, redrafted, is the offering: ingesting the draft again changes nothing."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from catalog.database import Database
from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed, VenueDraft
from catalog.ingest import ingest
from catalog.model import (
    Occurrence,
    Offering,
    OfferingChange,
    OfferingTag,
    Organizer,
    Series,
    Venue,
)
from catalog.redraft import draft_of, drafts_of
from catalog.sample import sample_drafts
from catalog.values import Status
from tests.catalog.factory import ZONE, at, database_with, offering, run, time, venue

NOW = at("2026-11-21 10:00")
LATER = NOW + dt.timedelta(minutes=5)
_TABLES = (Occurrence, Offering, OfferingTag, Organizer, Series, Venue, OfferingChange)


def everything(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, but for the hash of an offering and when it was last touched."""

    def rows(session: Session) -> dict[str, list[dict[str, Any]]]:
        return {
            table.__name__: sorted(
                (
                    row.model_dump(exclude={"content_hash", "updated_at"})
                    for row in session.exec(select(table))
                ),
                key=repr,
            )
            for table in _TABLES
        }

    return database.read(rows)


def redrafted(database: Database) -> list[OfferingDraft]:
    def work(session: Session) -> list[OfferingDraft]:
        ids = session.exec(select(Offering.id)).all()
        return list(drafts_of(session, [id_ or 0 for id_ in ids]).values())

    return database.read(work)


def source_of(database: Database, drafts: list[OfferingDraft], **how: Any) -> None:
    report = ingest(database, Parsed("test", drafts), source="town", now=LATER, **how)
    assert not report.rejections


def test_the_whole_sample_catalogue_comes_back_as_it_was() -> None:
    database = database_with()
    source_of(database, sample_drafts(NOW, ZONE))
    before = everything(database)
    assert len(before["Offering"]) > 100
    source_of(database, redrafted(database))
    assert everything(database) == before


def test_a_redraft_ingested_once_is_what_is_redrafted_again() -> None:
    database = database_with()
    source_of(database, sample_drafts(NOW, ZONE))
    first = redrafted(database)
    source_of(database, first)
    assert redrafted(database) == first


def test_a_photo_that_staff_have_sent_stays_with_the_offering() -> None:
    database = database_with()
    source_of(database, [offering("Kor", "2026-11-28 19:00", photo="the-choir")])
    before = everything(database)
    assert before["Offering"][0]["photo"] == "the-choir"
    source_of(database, redrafted(database))
    assert everything(database) == before


def test_a_date_that_left_the_programme_stays_away() -> None:
    database = database_with()
    both = offering("Kor", time("2026-11-28 19:00"), time("2026-12-05 19:00"))
    source_of(database, [both])
    source_of(database, [both.model_copy(update={"occurrences": both.occurrences[:1]})])
    before = everything(database)
    (draft,) = redrafted(database)
    assert len(draft.occurrences) == 1
    source_of(database, [draft])
    assert everything(database) == before


def test_a_moved_date_keeps_telling_when_it_would_have_been() -> None:
    database = database_with()
    once = offering("Kor", time("2026-11-28 19:00"))
    source_of(database, [once])
    moved = once.occurrences[0].model_copy(update={"start": at("2026-11-28 20:00")})
    source_of(database, [once.model_copy(update={"occurrences": (moved,)})])
    before = everything(database)
    source_of(database, redrafted(database))
    assert everything(database) == before
    assert redrafted(database)[0].occurrences[0].previous_start == at("2026-11-28 19:00")


def test_an_offering_is_redrafted_by_its_row() -> None:
    database = database_with(offering("Kor", "2026-11-28 19:00", status=Status.SOLD_OUT))

    def work(session: Session) -> OfferingDraft:
        return draft_of(session, session.exec(select(Offering)).one())

    draft = database.read(work)
    assert (draft.titles, draft.status) == ({"da": "Kor"}, Status.SOLD_OUT)


_PLACES = st.builds(
    VenueDraft,
    name=st.sampled_from(["Kulturhuset", "Ishøj Bibliotek", "Måløv", "Biblioteket i Hornbæk", "Ø|—x", "!"]),
    address=st.sampled_from([None, "Torvet 1", "Ishøj Store Torv 1, 2635 Ishøj"]),
    postcode=st.sampled_from([None, "2635", "4600", "9999"]),
    town=st.sampled_from([None, "Ishøj", "Køge", "Nykøbing", "Atlantis"]),
    municipality=st.sampled_from([None, "Ishøj", "Køge Kommune", "0183", "Atlantis"]),
    district=st.sampled_from([None, "Måløv", "Vest"]),
)
_POSITIONS = st.sampled_from([(None, None), (55.61, 12.36), (57.04, 9.92), (0.0, 0.0)])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=_PLACES, position=_POSITIONS)
def test_wherever_it_is_it_stays_there(
    shared: Database, place: VenueDraft, position: tuple[float | None, float | None]
) -> None:
    latitude, longitude = position
    placed = place.model_copy(update={"latitude": latitude, "longitude": longitude})
    kept = offering("Kor", "2026-11-28 19:00", place=placed)
    source_of(shared, [kept])
    before = everything(shared)
    source_of(shared, redrafted(shared))
    assert everything(shared) == before


@pytest.fixture
def shared() -> Database:
    return database_with()


_TIMES = st.one_of(
    st.builds(
        time,
        st.sampled_from(["2026-10-25 02:30", "2026-11-28", "2027-03-28 03:00"]),
        st.sampled_from([None, "2027-04-01 10:00"]),
        status=st.sampled_from(Status),
    ),
    st.builds(
        run,
        st.just("2026-11-28"),
        st.just("2026-12-24"),
        open_days=st.sampled_from([(), (2, 3)]),
        opens=st.sampled_from([None, dt.time(10)]),
    ),
)


@settings(max_examples=15, deadline=None)
@given(times=st.lists(_TIMES, max_size=3, unique_by=lambda time: time.start))
def test_whenever_it_is_it_stays_then(times: list[OccurrenceDraft]) -> None:
    database = database_with()
    source_of(database, [offering("Kor", *times, place=venue())])
    before = everything(database)
    source_of(database, redrafted(database))
    assert everything(database) == before
