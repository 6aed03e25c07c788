"""A snapshot that was brought up to date is the one that would be made anew, whatever happened meanwhile."""

import datetime as dt
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.catalogue import Catalogue
from catalog.database import Database
from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed, VenueDraft
from catalog.ingest import ingest
from catalog.query import Query
from catalog.search import Index, build_index, search, update_index
from catalog.values import Category, Status
from tests.catalog.factory import ZONE, at, database_with

NOW = at("2026-10-22 15:00")  # three days before the clocks go back
HOUR = dt.timedelta(hours=1)
SOURCES = ("Biblioteket", "Museet")
TITLES = (
    "Jazz",
    "Jazzkoncert",
    "Koncert i kirken",
    "Børneteater",
    "Teater for børn",
    "Drageværksted",
    "Drage",
)
NAMES = ("Ishøj Bibliotek", "ISHØJ bibliotek", "Kulturskolen", "Jazzhuset")
QUESTIONS = (
    Query(),
    *(
        Query(words=(word,))
        for word in ("jazz", "koncert", "teater", "boern", "drage", "bibliotek", "kncert")
    ),
    Query(words=("drage", "vaerksted")),
    Query(categories=(Category.MUSIC,), free=True),
)

times = st.builds(
    lambda hours, length, is_run, zone: OccurrenceDraft(
        key=f"{hours}",
        start=NOW.astimezone(dt.UTC) + hours * HOUR,
        end=NOW.astimezone(dt.UTC) + (hours + length) * HOUR if length or is_run else None,
        zone=zone,
        is_run=is_run,
    ),
    # Far ahead is just beyond the horizon at first, and comes in sight.
    st.one_of(st.integers(-30, 40), st.integers(549 * 24 - 2, 549 * 24 + 8)),
    st.integers(1, 30) | st.just(0),
    st.booleans(),
    st.sampled_from([str(ZONE), "Atlantic/Faroe"]),
)
drafts = st.builds(
    lambda number, title, text, when, at_, organizer, series, **facts: OfferingDraft(
        external_id=f"urn:test:{number}",
        titles={"da": title},
        descriptions={"da": text},
        occurrences=tuple(
            time.model_copy(update={"venue": at_ and VenueDraft(name=at_, address="Vej 1")})
            for time in {time.key: time for time in when}.values()
        ),
        organizer=organizer,
        series_id=series and "serie",
        series_name=series,
        **facts,
    ),
    st.integers(1, 5),
    st.sampled_from(TITLES),
    st.sampled_from(["", "En drageværkstedsdag med koncerter", "Musik, leg og mad."]),
    st.lists(times, max_size=3),
    st.none() | st.sampled_from(NAMES),
    st.none() | st.sampled_from(NAMES),
    st.none() | st.sampled_from(NAMES),
    status=st.sampled_from([Status.SCHEDULED, Status.SCHEDULED, Status.SOLD_OUT, Status.CANCELLED]),
    languages=st.sampled_from([(), ("da",), ("en", "da")]),
    keywords=st.sampled_from([(), ("drage",)]),
    categories=st.sampled_from([(), (Category.MUSIC,)]),
)
imports = st.tuples(
    st.sampled_from(SOURCES),
    st.lists(drafts, max_size=4, unique_by=lambda draft: draft.external_id),
    st.booleans(),
    st.sampled_from([0, 0, 1, 2, 5]),
)


def columns(held: Any, *apart: str) -> dict[str, list[Any]]:
    """The columns of it as plain lists; not those in `apart`."""
    named = {column.name: getattr(held, column.name) for column in fields(held)}
    return {name: np.asarray(column).tolist() for name, column in named.items() if name not in apart}


def content(index: Index) -> dict[str, Any]:
    """All that an index holds, without the numbers it gives to what stands in no order."""
    bits, own = index.offerings.language_bits, index.offerings.languages.tolist()
    lexis, terms = index.postings.lexis, index.postings.counts.terms
    prices = np.nan_to_num(index.offerings.prices, nan=-1)
    return {
        "offerings": columns(replace(index.offerings, prices=prices), "language_bits", "languages"),
        "languages": [{name for name, bit in bits.items() if bit & spoken} for spoken in own],
        "occurrences": columns(index.occurrences, "schedules"),
        "schedules": [index.schedules[number].key for number in index.occurrences.schedules],
        "venues": [index.venues.keys.tolist(), index.venues.names.tolist()],
        "counts": columns(index.postings.counts),
        "named": lexis.names,
        "keys": [lexis.key_hashes.tolist(), lexis.key_terms.tolist()],
        "parts": [(terms[w], lexis.parts[p]) for w, p in zip(lexis.whole, lexis.part, strict=True)],
        "vocabulary": {word: index.words.words.weight(word) for word in index.words.words},
        "known venues": index.words.venues,
        "names": index.names,
    }


@settings(max_examples=12, deadline=None)
@given(st.lists(imports, min_size=2, max_size=6))
def test_an_index_after_updates_is_the_one_made_anew(
    history: list[tuple[str, list[OfferingDraft], bool, int]],
) -> None:
    database, now = database_with(), NOW
    index = build_index(database, now)
    for source, stated, complete, hours in history:
        now += hours * HOUR
        ingest(database, Parsed("sample", stated), source=source, now=now, complete=complete)
        index, anew = updated(database, index, now), build_index(database, now)
        assert content(index) == content(anew)
    for question in QUESTIONS:
        assert search(index, question, now, limit=20) == search(anew, question, now, limit=20)
    database.engine.dispose()


def updated(database: Database, index: Index, now: dt.datetime) -> Index:
    """Brought up to date, however much of it has changed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("catalog.search.updating._MOST", 1e9)
        return update_index(database, index, now)


def one(title: str, number: int = 1, **facts: Any) -> OfferingDraft:
    start = at("2026-11-26 19:00")
    time = OccurrenceDraft(key="1", start=start, end=start + HOUR, zone=str(ZONE))
    return OfferingDraft(external_id=f"urn:{number}", titles={"da": title}, occurrences=(time,), **facts)


def test_a_new_word_makes_a_compound_of_an_old_one() -> None:
    database = database_with()
    ingest(database, Parsed("sample", [one("Fuglekassen", n) for n in range(9)]), source="Museet", now=NOW)
    index, parts = build_index(database, NOW), Query(words=("kassen",))
    assert search(index, parts, NOW, limit=20).total == 0
    ingest(database, Parsed("sample", [one("Fugle og kassen", 9)]), source="Museet", now=NOW)
    assert search(update_index(database, index, NOW), parts, NOW, limit=20).total == 10


def test_only_the_sources_that_changed_are_looked_at() -> None:
    database = database_with()
    first, second = ([one(f"{source} {n}", n) for n in range(9)] for source in SOURCES)
    for source, stated in zip(SOURCES, (first, second), strict=True):
        ingest(database, Parsed("sample", stated), source=source, now=NOW)
    index = build_index(database, NOW)
    for source, stated in zip(SOURCES, (first, second), strict=True):
        changed = [stated[0].model_copy(update={"titles": {"da": "Nyt"}}), *stated[1:]]
        ingest(database, Parsed("sample", changed), source=source, now=NOW)
    first_source = {int(index.offerings.sources[0])}
    assert search(update_index(database, index, NOW, first_source), Query(words=("nyt",)), NOW).total == 1
    assert search(update_index(database, index, NOW), Query(words=("nyt",)), NOW).total == 2


def test_what_is_asked_for_is_found_right_after_an_import_and_the_rest_still_is() -> None:
    database = database_with()
    catalogue = Catalogue(database, ZONE)
    many = [one(f"Keramik {n}", n) for n in range(20)]
    ingest(database, Parsed("sample", many), source="Museet", now=NOW)
    catalogue.refresh(NOW)
    renamed = [many[0].model_copy(update={"titles": {"da": "Strikning"}}), *many[1:]]
    ingest(database, Parsed("sample", renamed), source="Museet", now=NOW + HOUR)
    assert catalogue.refresh(NOW + HOUR)
    assert catalogue.search(Query(words=("strikning",)), NOW + HOUR).total == 1
    assert catalogue.search(Query(words=("keramik",)), NOW + HOUR).total == 19


def test_everything_is_read_anew_after_six_hours_however_often_some_of_it_was() -> None:
    database = database_with()
    catalogue = Catalogue(database, ZONE)
    many = [one(f"Keramik {n}", n) for n in range(20)]
    ingest(database, Parsed("sample", many), source="Museet", now=NOW)
    catalogue.refresh(NOW)
    ingest(database, Parsed("sample", [one("Jazz")]), source="Museet", now=NOW)
    assert catalogue.refresh(NOW + 5 * HOUR)
    assert not catalogue.refresh(NOW + 5 * HOUR)
    assert catalogue.refresh(NOW + 6 * HOUR)
