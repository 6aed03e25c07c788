import datetime as dt
import hashlib
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, select

from catalog.acceptance import content_hash
from catalog.database import Database
from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed, Rejection, VenueDraft
from catalog.ingest import Report, ingest
from catalog.model import Occurrence, Offering, OfferingTag, Organizer, Series, Source, Venue, table_metadata
from catalog.values import Audience, Category, Fact, Format, PriceKind, Status, Tariff

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=ZONE)
HALL = VenueDraft(name="Kulturhuset", address="Torvet 3", postcode="4600", town="Køge")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with_tables = new_database(tmp_path)
    yield with_tables
    with_tables.close()


def new_database(folder: Path) -> Database:
    opened = Database(f"sqlite:///{folder}/catalogue.db")
    table_metadata().create_all(opened.engine)
    return opened


def at(day: int, hour: int = 19, month: int = 12) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=ZONE)


def time(start: dt.datetime, key: str | None = None, **facts: Any) -> OccurrenceDraft:
    facts = {"venue": HALL, "end": start + dt.timedelta(hours=2)} | facts
    return OccurrenceDraft(key=key or start.isoformat(), start=start, zone="Europe/Copenhagen", **facts)


def draft(id_: str = "1", *times: OccurrenceDraft, title: str = "Julekoncert", **facts: Any) -> OfferingDraft:
    facts = {"titles": {"da": title}, "occurrences": times or (time(at(5)),)} | facts
    return OfferingDraft(external_id=id_, **facts)


def take_in(database: Database, *drafts: OfferingDraft, **how: Any) -> Report:
    told: dict[str, Any] = {"source": "Køge Kommune", "now": NOW} | how
    return ingest(database, Parsed("csv", list(drafts)), **told)


def counts(report: Report) -> dict[str, int]:
    names = ("added", "updated", "unchanged", "cancelled", "past", "withdrawn")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def rows(database: Database, table: type[Any]) -> list[Any]:
    return database.read(lambda session: list(session.exec(select(table).order_by(table.id)).all()))


def offering(database: Database, id_: str = "1") -> Offering:
    return database.read(
        lambda session: session.exec(select(Offering).where(Offering.external_id == id_)).one()
    )


def occurrences(database: Database) -> dict[str, int | None]:
    """Local start → row id, of those that are on the programme."""
    found = [row for row in rows(database, Occurrence) if row.withdrawn_at is None]
    return {row.start.astimezone(ZONE).strftime("%d.%m %H"): row.id for row in found}


def test_a_new_offering_is_stored_with_all_that_its_source_states(database: Database) -> None:
    told = draft(
        titles={"da": "Værksted", "en": "Workshop"},
        keywords=("ler",),
        categories=(Category.CRAFTS,),
        formats=(Format.WORKSHOP,),
        audiences=(Audience.FAMILIES,),
        age_from=7,
        age_to=12,
        price_kind=PriceKind.AMOUNTS,
        prices={Tariff.ADULT: 80, Tariff.CHILD: 40.5},
        organizer="Køge Bibliotek",
        series_name="Skaberkraft",
        owners=("Køge Kommune", "Ishøj"),
        inferred=(Fact.AGE,),
        enrolment_closes=at(1),
        weekdays=(2,),
    )
    assert counts(take_in(database, told)) == {"added": 1}
    stored = offering(database)
    assert stored.titles == {"da": "Værksted", "en": "Workshop"}
    assert (stored.age_from, stored.age_to, stored.made_for) == (7, 12, None)
    assert (stored.price_kind, stored.prices) == ("amounts", {"adult": 80.0, "child": 40.5})
    assert (stored.inferred, stored.weekdays, stored.keywords) == (["age"], [2], ["ler"])
    assert stored.enrolment_closes == at(1)
    tags = database.read(lambda session: {(t.kind, t.value) for t in session.exec(select(OfferingTag))})
    assert tags == {
        ("category", "crafts"),
        ("format", "workshop"),
        ("audience", "families"),
        ("owner", "Køge"),
        ("owner", "Ishøj"),
    }
    assert [row.name for row in rows(database, Organizer)] == ["Køge Bibliotek"]
    assert [row.name for row in rows(database, Series)] == ["Skaberkraft"]


def test_importing_again_touches_no_row(database: Database) -> None:
    take_in(database, draft())
    before = database.version()
    assert counts(take_in(database, draft(), now=NOW + dt.timedelta(hours=1))) == {"unchanged": 1}
    assert offering(database).updated_at == NOW
    assert database.version() == before


def test_the_same_id_in_two_sources_is_two_offerings(database: Database) -> None:
    take_in(database, draft())
    assert counts(take_in(database, draft(), source="Ishøj Kommune")) == {"added": 1}
    assert len(rows(database, Offering)) == len(rows(database, Source)) == 2
    assert len(rows(database, Venue)) == 1


def test_public_ids_are_short_opaque_and_stay(database: Database) -> None:
    take_in(database, draft("1"), draft("2"))
    before = {row.external_id: row.public_id for row in rows(database, Offering)}
    assert len(set(before.values())) == 2
    for public_id in before.values():
        assert len(public_id) in range(8, 11)
        assert set(public_id) <= set("abcdefghijklmnopqrstuvwxyz0123456789")
    take_in(database, draft("1", title="Nytårskoncert"), draft("2", title="Forårskoncert"))
    assert {row.external_id: row.public_id for row in rows(database, Offering)} == before


def test_an_edited_source_updates_the_facts_and_keeps_the_dates(database: Database) -> None:
    take_in(database, draft("1", time(at(5)), time(at(12)), categories=(Category.MUSIC,)))
    before = occurrences(database)
    later = NOW + dt.timedelta(days=1)
    edited = draft("1", time(at(12)), time(at(5)), title="Stor julekoncert", categories=(Category.DANCE,))
    assert counts(take_in(database, edited, now=later)) == {"updated": 1}
    assert offering(database).titles == {"da": "Stor julekoncert"}
    assert (offering(database).created_at, offering(database).updated_at) == (NOW, later)
    assert occurrences(database) == before
    assert database.read(lambda session: [tag.value for tag in session.exec(select(OfferingTag))]) == [
        "dance"
    ]


def test_a_moved_date_keeps_its_row_and_remembers_where_it_was(database: Database) -> None:
    take_in(database, draft("1", time(at(5)), time(at(12))))
    before = occurrences(database)
    take_in(database, draft("1", time(at(6, 15)), time(at(12))))
    after = occurrences(database)
    assert after == {"06.12 15": before["05.12 19"], "12.12 19": before["12.12 19"]}
    [moved, other] = rows(database, Occurrence)
    assert (moved.previous_start, other.previous_start) == (at(5), None)


def test_a_date_moved_by_its_key_is_the_same_one_whatever_its_day(database: Database) -> None:
    take_in(database, draft("1", time(at(5), key="a"), time(at(12), key="b")))
    before = occurrences(database)
    take_in(database, draft("1", time(at(12), key="a"), time(at(19), key="b")))
    assert occurrences(database) == {"12.12 19": before["05.12 19"], "19.12 19": before["12.12 19"]}


def test_several_dates_moved_within_their_days_stay_the_same_ones(database: Database) -> None:
    take_in(database, draft("1", time(at(5)), time(at(12)), time(at(19))))
    before = occurrences(database)
    take_in(database, draft("1", time(at(5, 17)), time(at(12, 17)), time(at(19, 17))))
    assert list(occurrences(database).values()) == list(before.values())


def test_a_moved_date_is_found_again_at_the_next_import(database: Database) -> None:
    take_in(database, draft("1", time(at(5)), time(at(12))))
    take_in(database, draft("1", time(at(6)), time(at(12))))
    before = occurrences(database)
    take_in(database, draft("1", time(at(6)), time(at(12)), time(at(13)), title="Nyt navn"))
    assert {name: id_ for name, id_ in occurrences(database).items() if name in before} == before
    assert rows(database, Occurrence)[0].previous_start == at(5)


def test_learning_the_time_of_day_is_no_move(database: Database) -> None:
    take_in(database, draft("1", time(at(5, 0), time_known=False, end=None)))
    take_in(database, draft("1", time(at(5, 19))))
    [row] = rows(database, Occurrence)
    assert (row.start, row.previous_start) == (at(5, 19), None)


def test_an_upcoming_date_that_is_taken_out_goes_and_a_past_one_stays(database: Database) -> None:
    take_in(database, draft("1", time(at(20, month=11)), time(at(5)), time(at(12))))
    take_in(database, draft("1", time(at(12))))
    assert list(occurrences(database)) == ["20.11 19", "12.12 19"]


def test_a_date_that_comes_back_is_the_same_one(database: Database) -> None:
    take_in(database, draft("1", time(at(5)), time(at(12))))
    before = occurrences(database)
    take_in(database, draft("1", time(at(12))))
    take_in(database, draft("1", time(at(5)), time(at(12))))
    assert occurrences(database) == before


def test_a_date_that_went_does_not_become_another_new_one(database: Database) -> None:
    take_in(database, draft("1", time(at(5)), time(at(12))))
    before = occurrences(database)
    take_in(database, draft("1", time(at(12))))
    take_in(database, draft("1", time(at(12)), time(at(19))))
    assert occurrences(database)["19.12 19"] not in before.values()


def test_a_cancelled_offering_that_names_no_dates_any_more_keeps_them(database: Database) -> None:
    take_in(database, draft("1", time(at(5)), time(at(12))))
    take_in(database, draft("1", status=Status.CANCELLED, occurrences=()))
    assert list(occurrences(database)) == ["05.12 19", "12.12 19"]


def test_a_cancelled_concert_is_marked_and_kept(database: Database) -> None:
    take_in(database, draft())
    assert counts(take_in(database, draft(status=Status.CANCELLED))) == {"cancelled": 1}
    assert offering(database).status == "cancelled"
    assert len(rows(database, Occurrence)) == 1
    assert counts(take_in(database, draft(status=Status.CANCELLED))) == {"unchanged": 1}
    assert counts(take_in(database, draft())) == {"updated": 1}


def test_one_cancelled_date_leaves_the_others_on(database: Database) -> None:
    take_in(database, draft("1", time(at(5)), time(at(12))))
    take_in(database, draft("1", time(at(5), status=Status.CANCELLED), time(at(12))))
    assert [row.status for row in rows(database, Occurrence)] == ["cancelled", "scheduled"]


def test_what_is_over_before_it_was_known_is_counted_and_not_added(database: Database) -> None:
    over = draft("1", time(at(20, month=11)))
    assert counts(take_in(database, over)) == {"past": 1}
    assert rows(database, Offering) == []
    assert counts(take_in(database, over, now=at(19, month=11))) == {"added": 1}


def test_what_has_begun_or_has_no_known_end_counts_until_its_day_is_over(database: Database) -> None:
    begun = draft("1", time(at(21, 11, 11), end=at(21, 13, 11)))
    no_end = draft("2", time(at(21, 9, 11), end=None))
    yesterday = draft("3", time(at(20, 23, 11), end=None))
    assert counts(take_in(database, begun, no_end, yesterday)) == {"added": 2, "past": 1}


def test_a_known_one_that_is_over_is_still_updated(database: Database) -> None:
    take_in(database, draft())
    after = at(30)
    assert counts(take_in(database, draft(title="Rettet"), now=after)) == {"updated": 1}
    assert offering(database).titles == {"da": "Rettet"}


def test_a_course_is_past_with_its_season_and_what_has_no_date_is_not(database: Database) -> None:
    over = OfferingDraft(external_id="1", titles={"da": "Hold"}, season_until=dt.date(2026, 6, 30))
    always = OfferingDraft(external_id="2", titles={"da": "Frivillig"})
    assert counts(take_in(database, over, always)) == {"past": 1, "added": 1}


def test_what_a_file_does_not_mention_is_left_alone(database: Database) -> None:
    take_in(database, draft("1"), draft("2"))
    assert counts(take_in(database, draft("2"))) == {"unchanged": 1}
    assert offering(database, "1").withdrawn_at is None


def test_a_complete_file_withdraws_what_it_no_longer_holds(database: Database) -> None:
    take_in(database, draft("1"), draft("2"), draft("3"), source="another")
    take_in(database, draft("1"), draft("2"), draft("3"))
    report = take_in(database, draft("2"), draft("3"), complete=True)
    assert counts(report) == {"unchanged": 2, "withdrawn": 1}
    gone = [row for row in rows(database, Offering) if row.withdrawn_at]
    assert [(row.external_id, row.withdrawn_at) for row in gone] == [("1", NOW)]


def test_one_that_comes_back_is_no_longer_withdrawn(database: Database) -> None:
    take_in(database, draft("1"), draft("2"))
    take_in(database, draft("2"), complete=True)
    assert counts(take_in(database, draft("1"))) == {"updated": 1}
    assert offering(database).withdrawn_at is None


def test_a_complete_file_without_offerings_withdraws_nothing(database: Database) -> None:
    take_in(database, draft("1"))
    report = take_in(database, complete=True)
    assert report.rejections == [Rejection("", "withdraw-empty", "1/1")]
    assert offering(database).withdrawn_at is None


def test_a_complete_file_may_not_withdraw_more_than_half_of_many(database: Database) -> None:
    known = [draft(str(n)) for n in range(10)]
    take_in(database, *known)
    held = take_in(database, *known[:4], complete=True)
    assert (held.withdrawn, held.rejections) == (0, [Rejection("", "withdraw-too-many", "6/10")])
    assert counts(take_in(database, *known[:5], complete=True)) == {"unchanged": 5, "withdrawn": 5}


def test_past_offerings_are_not_withdrawn_when_they_leave_a_file(database: Database) -> None:
    take_in(database, draft("1"), draft("2", time(at(19))))
    report = take_in(database, draft("2", time(at(19))), complete=True, now=at(10))
    assert counts(report) == {"unchanged": 1}


def test_a_rejected_item_holds_back_withdrawing_unless_its_id_is_known(database: Database) -> None:
    take_in(database, draft("1"), draft("2"), draft("3"))
    unsure = Parsed("csv", [draft("3")], [Rejection("4", "bad-date", "32.13.")])
    report = ingest(database, unsure, source="Køge Kommune", now=NOW, complete=True)
    assert [rejection.code for rejection in report.rejections] == ["bad-date", "withdraw-unsure"]
    sure = Parsed("csv", [draft("3")], [Rejection("4", "bad-date", "32.13.", "2")])
    assert ingest(database, sure, source="Køge Kommune", now=NOW, complete=True).withdrawn == 1
    assert offering(database, "2").withdrawn_at is None


def test_a_second_offering_with_the_same_id_is_rejected(database: Database) -> None:
    report = take_in(database, draft("1", where="2"), draft("1", title="En helt anden", where="3"))
    assert report.rejections == [Rejection("3", "duplicate-id", "1", "1")]
    assert offering(database).titles == {"da": "Julekoncert"}


def test_an_exact_repetition_says_nothing_new(database: Database) -> None:
    report = take_in(database, draft("1", where="2"), draft("1", where="3"))
    assert (counts(report), report.rejections) == ({"added": 1}, [])


def test_bad_drafts_are_named_and_the_good_ones_kept(database: Database) -> None:
    report = take_in(
        database,
        draft("1", owners=("Atlantis",)),
        draft("2", time(at(5), key="a"), time(at(6), key="a")),
        draft("3", OccurrenceDraft(key="a", start=at(5), zone="Europe/Atlantis")),
        draft("4", OccurrenceDraft(key="a", start=at(5), zone="../../etc/passwd")),
        draft("5"),
        draft("6", title="Nul\0byte"),
    )
    codes = {rejection.external_id: (rejection.code, rejection.detail) for rejection in report.rejections}
    assert codes == {
        "1": ("unknown-municipality", "Atlantis"),
        "2": ("duplicate-date", "a"),
        "3": ("bad-zone", "Europe/Atlantis"),
        "4": ("bad-zone", "../../etc/passwd"),
        "6": ("bad-text", ""),
    }
    assert counts(report) == {"added": 1}


def test_a_dry_run_tells_the_same_and_keeps_nothing(database: Database) -> None:
    take_in(database, draft("1"), draft("2"))
    changed = [draft("1", title="Ny"), draft("3")]
    told = take_in(database, *changed, complete=True, dry_run=True)
    assert [row.titles["da"] for row in rows(database, Offering)] == ["Julekoncert", "Julekoncert"]
    assert take_in(database, *changed, complete=True) == told


def test_an_error_on_the_way_leaves_nothing_behind(database: Database) -> None:
    def full_disk(done: int, of: int) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        take_in(database, draft(), progress=full_disk)
    assert rows(database, Offering) == rows(database, Venue) == rows(database, Source) == []


def test_progress_is_told_up_to_the_last_one(database: Database) -> None:
    take_in(database, draft("0"))
    told: list[tuple[int, int]] = []
    take_in(
        database, *(draft(str(n)) for n in range(1201)), progress=lambda done, of: told.append((done, of))
    )
    assert told == [(501, 1201), (1001, 1201), (1201, 1201)]


def test_a_venue_is_stored_once_however_it_is_written(database: Database) -> None:
    shouted = HALL.model_copy(update={"name": "KULTURHUSET", "address": "torvet 3"})
    take_in(database, draft("1"), draft("2", time(at(6), venue=shouted)))
    assert len(rows(database, Venue)) == 1


def test_the_same_name_in_two_towns_is_two_venues(database: Database) -> None:
    here, there = VenueDraft(name="Biblioteket", town="Køge"), VenueDraft(name="Biblioteket", town="Ishøj")
    take_in(database, draft("1", time(at(5), venue=here)), draft("2", time(at(5), venue=there)))
    assert len(rows(database, Venue)) == 2


def test_a_venue_without_coordinates_gets_them_from_its_postcode(database: Database) -> None:
    take_in(database, draft())
    [venue] = rows(database, Venue)
    assert (venue.located_by, venue.municipality) == ("postcode", "Køge")
    assert venue.latitude == pytest.approx(55.45, abs=0.15)
    assert venue.longitude == pytest.approx(12.1, abs=0.15)


@pytest.mark.parametrize(
    ("name", "town", "municipality"),
    [
        ("Måløv", "Måløv", "Ballerup"),
        ("Ishøj Bibliotek", "Ishøj", "Ishøj"),
        ("Biblioteket i Hornbæk", "Hornbæk", "Helsingør"),
        ("Viby Bibliotek", None, None),
        ("Baltorpskolen", None, None),
    ],
)
def test_a_venue_that_is_only_a_name_lies_in_the_town_that_the_name_tells(
    database: Database, name: str, town: str | None, municipality: str | None
) -> None:
    take_in(database, draft("1", time(at(5), venue=VenueDraft(name=name))))
    [venue] = rows(database, Venue)
    assert (venue.town, venue.municipality) == (town, municipality)
    assert (venue.latitude is None) == (town is None)


def test_stated_coordinates_and_municipality_stand(database: Database) -> None:
    stated = HALL.model_copy(update={"latitude": 55.6, "longitude": 12.35, "municipality": "ishoej kommune"})
    take_in(database, draft("1", time(at(5), venue=stated)))
    [venue] = rows(database, Venue)
    assert (venue.latitude, venue.longitude, venue.located_by) == (55.6, 12.35, "source")
    assert venue.municipality == "Ishøj"
    take_in(database, draft("2"))
    assert rows(database, Venue)[0].latitude == 55.6


def test_a_position_alone_tells_the_municipality(database: Database) -> None:
    there = VenueDraft(name="Shelterpladsen", latitude=55.61, longitude=12.35)
    take_in(database, draft("1", time(at(5), venue=there)))
    assert rows(database, Venue)[0].municipality == "Ishøj"


def test_an_unknown_municipality_of_a_venue_is_unknown(database: Database) -> None:
    there = VenueDraft(name="Konserthuset", town="Malmø", municipality="Malmø")
    take_in(database, draft("1", time(at(5), venue=there)))
    assert rows(database, Venue)[0].municipality is None


def test_sample_data_is_marked(database: Database) -> None:
    take_in(database, draft(), source="sample", is_sample=True)
    take_in(database, draft())
    assert {row.name: row.is_sample for row in rows(database, Source)} == {
        "sample": True,
        "Køge Kommune": False,
    }


def test_texts_as_long_as_a_draft_allows_fit_the_tables(database: Database) -> None:
    long = VenueDraft(name="æ" * 300, address="ø" * 300, town="å" * 100)
    told = draft("x" * 500, time(at(5), key="k" * 100, venue=long), title="t" * 300, organizer="ø" * 200)
    take_in(database, told.model_copy(update={"series_id": "s" * 500}))
    table_of = {
        Venue: ("key", "name", "address"),
        Organizer: ("key", "name"),
        Series: ("external_id", "name"),
    }
    for table, columns in table_of.items():
        [row] = rows(database, table)
        for column in columns:
            assert len(getattr(row, column)) <= table.__table__.c[column].type.length  # type: ignore[attr-defined]  # SQLModel adds it


WRITTEN = st.characters(codec="utf-8", exclude_characters="\0")
ID = st.text(WRITTEN, min_size=1, max_size=8)


@st.composite
def offerings(choose: st.DrawFn) -> list[OfferingDraft]:
    ids = choose(st.lists(ID, min_size=1, max_size=6, unique=True))
    return [choose(one_offering(id_)) for id_ in ids]


@st.composite
def one_offering(choose: st.DrawFn, id_: str) -> OfferingDraft:
    days = choose(st.lists(st.integers(-40, 400), max_size=4, unique=True))
    text = st.text(WRITTEN, min_size=1, max_size=12)
    venue = choose(
        st.none()
        | st.builds(
            VenueDraft,
            name=text.filter(str.strip),
            postcode=st.none() | st.sampled_from(["4600", "2635", "9999"]),
            municipality=st.none() | st.sampled_from(["Køge", "Atlantis"]),
            latitude=st.none() | st.floats(54, 58),
            longitude=st.none() | st.floats(8, 15),
        )
    )
    times = [time(NOW + dt.timedelta(days=day), venue=venue) for day in days]
    return OfferingDraft(
        external_id=id_,
        titles={"da": choose(text.filter(str.strip))},
        occurrences=tuple(times),
        organizer=choose(st.none() | text),
        series_name=choose(st.none() | text),
        categories=tuple(choose(st.sets(st.sampled_from(Category), max_size=3))),
        status=choose(st.sampled_from(Status)),
        prices=choose(st.dictionaries(st.sampled_from(Tariff), st.floats(0, 500), max_size=2)),
    )


def everything(database: Database) -> list[Any]:
    """All that is stored, without the ids that differ from one database to the next."""

    def whole(session: Session) -> list[Any]:
        return sorted(
            (
                row.external_id,
                row.content_hash,
                row.organizer and (row.organizer.key, row.organizer.name),
                row.series and (row.series.external_id, row.series.name),
                sorted((tag.kind, tag.value) for tag in row.tags),
                [(o.start, o.key, o.venue and o.venue.model_dump(exclude={"id"})) for o in row.occurrences],
            )
            for row in session.exec(select(Offering))
        )

    return database.read(whole)


@given(drafts=offerings())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_importing_anything_twice_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, drafts: list[OfferingDraft]
) -> None:
    database = new_database(tmp_path_factory.mktemp("twice"))
    first = take_in(database, *drafts)
    before = everything(database)
    second = take_in(database, *drafts)
    assert first.added + first.past == len(drafts)
    assert counts(second) == counts(Report(unchanged=first.added, past=first.past))
    assert everything(database) == before
    database.close()


@given(drafts=offerings(), seed=st.integers())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_a_file_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, drafts: list[OfferingDraft], seed: int
) -> None:
    shuffled = list(drafts)
    random.Random(seed).shuffle(shuffled)
    one, other = (new_database(tmp_path_factory.mktemp(name)) for name in ("one", "other"))
    take_in(one, *drafts)
    take_in(other, *shuffled)
    assert everything(one) == everything(other)
    one.close()
    other.close()


def test_another_photo_is_news_and_no_photo_is_as_if_there_had_never_been_one() -> None:
    bare, one, other = (draft("1", time(at(5)), photo=photo) for photo in (None, "a", "b"))
    assert len({content_hash(bare), content_hash(one), content_hash(other)}) == 3
    facts = bare.model_dump(mode="json", exclude={"photo"})
    without = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    assert content_hash(bare) == without


def test_the_hash_ignores_order_and_the_line_in_the_file() -> None:
    one = draft("1", time(at(5)), time(at(12)), prices={Tariff.ADULT: 1, Tariff.CHILD: 2}, where="4")
    other = draft("1", time(at(12)), time(at(5)), prices={Tariff.CHILD: 2, Tariff.ADULT: 1}, where="9")
    assert content_hash(one) == content_hash(other)
    assert content_hash(one) != content_hash(draft("1", time(at(5)), prices={Tariff.ADULT: 1}))
