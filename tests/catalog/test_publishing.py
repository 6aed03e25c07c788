"""Staff publish: what was shown and nothing else, within their scope, and back again in silence."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from catalog import publishing, staff
from catalog.calling_off import call_off, find, is_clear
from catalog.catalogue import Catalogue
from catalog.database import Database
from catalog.drafts import OfferingDraft, Parsed, Rejection
from catalog.ingest import Report, ingest
from catalog.model import Occurrence, Offering, OfferingChange
from catalog.publishing import OtherwiseError, Plan, Preview, from_file
from catalog.query import PlaceRef, Query, Window
from catalog.staff import Role, Staffer, source_of
from catalog.staff_model import AuditEntry, Publication
from catalog.staff_scopes import municipality_scope
from catalog.undoing import UNDO_WITHIN, UndoError, undo
from catalog.values import PlaceKind, PriceKind, Status
from reminders.bursts import fold
from reminders.changes import DEBOUNCE
from tests.catalog.factory import at, database_with, offering, run, time, venue
from tests.catalog.test_redraft import everything

NOW = at("2026-11-21 10:00")
SOON = NOW + dt.timedelta(minutes=5)
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
LIBRARY = venue("Ishøj Bibliotek", postcode="2635", municipality="Ishøj")
KOEGE = venue("Køge Bibliotek", postcode="4600", municipality="Køge")


@pytest.fixture
def database() -> Database:
    return database_with()


@pytest.fixture
def ishoj(database: Database) -> Staffer:
    return appointed(database, 7, Role.COORDINATOR, "Ishøj")


def appointed(database: Database, telegram_id: int, role: Role, *municipalities: str) -> Staffer:
    scopes = [municipality_scope(name) for name in municipalities]
    return database.write(lambda session: staff.appoint(session, telegram_id, role, scopes, NOW))


def here(title: str, *times: Any, **facts: Any) -> OfferingDraft:
    return offering(title, *(times or ("2026-11-28 19:00",)), **{"place": LIBRARY, **facts})


def of(*drafts: OfferingDraft, rejected: tuple[Rejection, ...] = ()) -> Parsed:
    return Parsed("csv", list(drafts), list(rejected))


def shown(database: Database, who: Staffer, *drafts: OfferingDraft, **how: Any) -> Preview:
    return publishing.preview(database, who, from_file(who, of(*drafts), **how), NOW)


def publishes(
    database: Database, who: Staffer, *drafts: OfferingDraft, now: dt.datetime = NOW, **how: Any
) -> int:
    return carries_out(database, who, from_file(who, of(*drafts), **how), now)


def carries_out(database: Database, who: Staffer, plan: Plan, now: dt.datetime = NOW) -> int:
    seen = publishing.preview(database, who, plan, now)
    number, done = publishing.publish(database, who, plan, now, shown=seen.fingerprint)
    assert done.fingerprint == seen.fingerprint
    return number


def rows(database: Database, table: type[Any]) -> list[Any]:
    return list(database.read(lambda session: session.exec(select(table)).all()))


def listed(database: Database) -> set[str]:
    return {row.titles["da"] for row in rows(database, Offering) if row.withdrawn_at is None}


def heard(database: Database) -> list[tuple[str, str | None, str | None]]:
    """What followers would be told of, all changes taken together."""
    changes = rows(database, OfferingChange)
    return [(altered.fact, altered.old, altered.new) for altered in fold(changes)]


def test_a_preview_keeps_nothing(database: Database, ishoj: Staffer) -> None:
    before = everything(database)
    seen = shown(database, ishoj, here("Kor"), here("Jazz"))
    assert (seen.new.count, seen.changed.count, seen.withdrawn.count) == (2, 0, 0)
    assert [entry.card.titles["da"] for entry in seen.new.shown] == ["Kor", "Jazz"]
    assert everything(database) == before


def test_what_was_shown_is_published_under_the_source_of_the_staffer(
    database: Database, ishoj: Staffer
) -> None:
    publishes(database, ishoj, here("Kor"))
    assert listed(database) == {"Kor"}
    report = ingest(database, of(), source=source_of(ishoj), now=NOW, complete=True)
    assert report.rejections[0].code == "withdraw-empty"


def test_the_same_file_again_is_unchanged(database: Database, ishoj: Staffer) -> None:
    kor = here("Kor")
    publishes(database, ishoj, kor)
    seen = shown(database, ishoj, kor)
    assert (seen.unchanged, seen.does_anything) == (1, False)


def test_a_changed_time_is_shown_old_and_new(database: Database, ishoj: Staffer) -> None:
    kor = here("Kor")
    publishes(database, ishoj, kor)
    later = kor.occurrences[0].model_copy(update={"start": at("2026-11-28 20:00")})
    seen = shown(database, ishoj, kor.model_copy(update={"occurrences": (later,)}))
    (entry,) = seen.changed.shown
    assert [(a.fact, a.old, a.new) for a in entry.alterations] == [
        ("start", "2026-11-28T18:00:00+00:00", "2026-11-28T19:00:00+00:00")
    ]


def test_nothing_else_is_published_than_was_shown(database: Database, ishoj: Staffer) -> None:
    kor = here("Kor")
    publishes(database, ishoj, kor)
    plan = from_file(ishoj, of(kor.model_copy(update={"titles": {"da": "Stort kor"}})))
    seen = publishing.preview(database, ishoj, plan, NOW)
    publishes(database, ishoj, kor.model_copy(update={"price_kind": PriceKind.FREE}))
    before = everything(database)
    with pytest.raises(OtherwiseError) as caught:
        publishing.publish(database, ishoj, plan, NOW, shown=seen.fingerprint)
    assert everything(database) == before
    assert {a.fact for a in caught.value.preview.changed.shown[0].alterations} == {"price"}


def test_an_offering_with_an_error_in_a_row_waits_as_a_whole(database: Database, ishoj: Staffer) -> None:
    kor, jazz = here("Kor"), here("Jazz")
    wrong = Rejection("7", "bad-date", "start_dato: 31-02", kor.external_id)
    plan = from_file(ishoj, of(kor, jazz, rejected=(wrong,)))
    seen = publishing.preview(database, ishoj, plan, NOW)
    assert [entry.card.titles["da"] for entry in seen.new.shown] == ["Jazz"]
    assert seen.rejections == (wrong,)


@pytest.mark.parametrize(
    ("draft", "code", "detail"),
    [
        (here("Kor", place=KOEGE), "outside-scope", "Køge"),
        (here("Kor", owners=("Ishøj", "Køge")), "outside-scope", "Køge"),
        (here("Kor", place=venue("Et sted")), "no-municipality", ""),
        (offering("Kor", "2026-11-28 19:00"), "no-municipality", ""),
    ],
)
def test_what_lies_outside_of_the_scope_is_refused_with_a_reason(
    database: Database, ishoj: Staffer, draft: OfferingDraft, code: str, detail: str
) -> None:
    seen = shown(database, ishoj, draft, here("Jazz"))
    assert [(r.code, r.detail) for r in seen.rejections] == [(code, detail)]
    assert seen.new.count == 1


def test_an_owner_tells_where_something_without_a_place_belongs(database: Database, ishoj: Staffer) -> None:
    assert shown(database, ishoj, offering("Online", "2026-11-28 19:00", owners=("0183",))).new.count == 1


def test_an_admin_publishes_everywhere(database: Database) -> None:
    admin = appointed(database, 1, Role.ADMIN)
    assert shown(database, admin, here("Kor", place=KOEGE), here("Jazz", place=venue("?"))).new.count == 2


def test_nobody_takes_over_another_municipalitys_venue(database: Database, ishoj: Staffer) -> None:
    ingest(database, of(here("Kor", place=KOEGE)), source="town", now=NOW)
    moved = KOEGE.model_copy(update={"municipality": "Ishøj"})
    assert [r.code for r in shown(database, ishoj, here("Jazz", place=moved)).rejections] == ["outside-scope"]


def test_what_was_outside_before_is_not_taken_in(database: Database, ishoj: Staffer) -> None:
    kor = here("Kor", place=KOEGE)
    ingest(database, of(kor), source=source_of(ishoj), now=NOW)
    seen = shown(database, ishoj, here("Kor", external_id=kor.external_id))
    assert [(r.code, r.detail) for r in seen.rejections] == [("outside-scope", "Køge")]


def test_only_a_whole_programme_withdraws_what_it_does_not_mention(
    database: Database, ishoj: Staffer
) -> None:
    kor, jazz = here("Kor"), here("Jazz")
    publishes(database, ishoj, kor, jazz)
    assert shown(database, ishoj, kor).withdrawn.count == 0
    publishes(database, ishoj, kor, complete=True)
    assert listed(database) == {"Kor"}


def test_the_brake_holds_a_programme_that_lost_most_of_itself(database: Database, ishoj: Staffer) -> None:
    many = [here(f"Kor {number}") for number in range(12)]
    publishes(database, ishoj, *many)
    seen = shown(database, ishoj, *many[:2], complete=True)
    assert seen.held == Rejection("", "withdraw-too-many", "10/12")
    assert (seen.withdrawn.count, seen.rejections) == (0, ())


def test_every_publishing_is_in_the_audit_log(database: Database, ishoj: Staffer) -> None:
    number = publishes(database, ishoj, here("Kor"), here("Jazz", place=KOEGE))
    undo(database, ishoj, number, SOON)
    entries = [(row.staff_id, row.action, row.target, row.counts) for row in rows(database, AuditEntry)[1:]]
    target = f"publication:{number}"
    assert entries == [
        (ishoj.id, "publish", target, {"new": 1, "changed": 0, "withdrawn": 0, "rejected": 1}),
        (ishoj.id, "undo", target, {"restored": 1, "left": 0}),
    ]


def test_undoing_puts_everything_back_and_nobody_hears_of_it(database: Database, ishoj: Staffer) -> None:
    kept = here("Kor", "2026-11-28 19:00", "2026-12-05 19:00", "2026-12-12 19:00", price_kind=PriceKind.FREE)
    gone = here("Jazz")
    publishes(database, ishoj, kept, gone, now=NOW - dt.timedelta(days=1))
    before = as_it_was(database)
    first, second, _third = kept.occurrences
    edited = kept.model_copy(
        update={
            "titles": {"da": "Stort kor"},
            "price_kind": PriceKind.UNKNOWN,
            "occurrences": (
                first.model_copy(update={"start": at("2026-11-28 20:00"), "status": Status.CANCELLED}),
                time("2026-12-20 19:00", venue=venue("Havnen", municipality="Ishøj")),
            ),
        }
    )
    number = publishes(database, ishoj, edited, here("Opera"), complete=True)
    assert second.key not in [o.key for o in rows(database, Occurrence) if o.withdrawn_at is None]
    assert listed(database) == {"Stort kor", "Opera"}
    undone = undo(database, ishoj, number, SOON)
    assert (undone.restored, undone.left) == (3, 0)
    assert listed(database) == {"Kor", "Jazz"}
    assert as_it_was(database) == before
    assert heard(database) == []
    assert shown(database, ishoj, kept, gone).unchanged == 2


def as_it_was(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """What people can see, with the hashes."""

    def look(session: Session) -> dict[str, list[tuple[Any, ...]]]:
        offerings = session.exec(select(Offering)).all()
        return {
            row.external_id: [
                (row.titles, row.price_kind, row.content_hash, row.status),
                *(
                    (time.id, time.start, time.status, time.venue_id, time.previous_start)
                    for time in row.occurrences
                    if time.withdrawn_at is None
                ),
            ]
            for row in offerings
            if row.withdrawn_at is None
        }

    return database.read(look)


def test_it_can_be_undone_as_long_as_followers_have_not_heard(database: Database, ishoj: Staffer) -> None:
    assert UNDO_WITHIN == DEBOUNCE
    number = publishes(database, ishoj, here("Kor"))
    with pytest.raises(UndoError, match="late"):
        undo(database, ishoj, number, NOW + DEBOUNCE)
    assert undo(database, ishoj, number, NOW + DEBOUNCE - dt.timedelta(seconds=1)).restored == 1
    with pytest.raises(UndoError, match="done"):
        undo(database, ishoj, number, SOON)


def test_only_whoever_published_undoes(database: Database, ishoj: Staffer) -> None:
    number = publishes(database, ishoj, here("Kor"))
    other = appointed(database, 8, Role.COORDINATOR, "Ishøj")
    for who, which in ((other, number), (ishoj, number + 1)):
        with pytest.raises(UndoError, match="unknown"):
            undo(database, who, which, SOON)
    assert listed(database) == {"Kor"}


def test_what_was_edited_after_is_left_alone(database: Database, ishoj: Staffer) -> None:
    kor, jazz = here("Kor"), here("Jazz")
    number = publishes(database, ishoj, kor, jazz)
    publishes(database, ishoj, kor.model_copy(update={"titles": {"da": "Stort kor"}}), now=SOON)
    undone = undo(database, ishoj, number, SOON)
    assert (undone.restored, undone.left) == (1, 1)
    assert listed(database) == {"Stort kor"}


def test_what_it_takes_to_undo_is_kept_no_longer_than_needed(database: Database, ishoj: Staffer) -> None:
    publishes(database, ishoj, here("Kor"))
    publishes(database, ishoj, here("Jazz"), now=NOW + UNDO_WITHIN)
    assert [bool(row.before) for row in rows(database, Publication)] == [False, True]


TODAY = Query(
    windows=(Window(at("2026-11-21 00:00"), at("2026-11-22 00:00")),),
    places=(PlaceRef("venue:ishoej bibliotek", "Ishøj Bibliotek", PlaceKind.VENUE),),
)
TONIGHT = here(
    "Kor", time("2026-11-21 19:00", "2026-11-21 21:00"), time("2026-11-22 19:00"), series_name="Sang"
)
AGAIN = here("Jazz", "2026-11-21 20:00")
"""What its redraft has the same hash as: nothing is stated that is stored otherwise."""


def feeds(database: Database, *drafts: OfferingDraft, now: dt.datetime = NOW) -> Report:
    return ingest(database, of(*drafts), source="feed", now=now)


def statuses(database: Database) -> dict[tuple[int, str], str]:
    return {(row.offering_id, f"{row.start:%d %H:%M}"): row.status for row in rows(database, Occurrence)}


def test_everything_at_a_place_today_is_called_off_whoever_told_of_it(
    database: Database, ishoj: Staffer
) -> None:
    over, elsewhere = time("2026-11-21 08:00", "2026-11-21 09:00"), here("Jazz", place=KOEGE)
    feeds(database, TONIGHT, elsewhere)
    publishes(database, ishoj, here("Opera", "2026-11-21 20:00", over))
    plan = call_off(ishoj, TODAY, NOW, COPENHAGEN)
    seen = publishing.preview(database, ishoj, plan, NOW)
    assert [entry.card.titles["da"] for entry in seen.changed.shown] == ["Kor", "Opera"]
    carries_out(database, ishoj, plan)
    off = {when for when, status in statuses(database).items() if status == Status.CANCELLED}
    assert off == {(1, "21 18:00"), (3, "21 19:00")}
    assert heard(database) == [("status", "scheduled", "cancelled")] * 2


@pytest.mark.parametrize("draft", [TONIGHT, AGAIN])
def test_calling_off_is_undone_in_silence(database: Database, ishoj: Staffer, draft: OfferingDraft) -> None:
    feeds(database, draft)
    before = as_it_was(database)
    number = carries_out(database, ishoj, call_off(ishoj, TODAY, NOW, COPENHAGEN))
    assert as_it_was(database) != before
    undo(database, ishoj, number, SOON)
    assert as_it_was(database) == before
    assert heard(database) == []


def test_only_the_days_that_were_meant_come_back(database: Database, ishoj: Staffer) -> None:
    feeds(database, TONIGHT)
    number = carries_out(database, ishoj, call_off(ishoj, TODAY, NOW, COPENHAGEN))
    tomorrow = Window(at("2026-11-22 00:00"), at("2026-11-23 00:00"))
    whole = Query(windows=(tomorrow,), places=TODAY.places)
    carries_out(database, ishoj, call_off(ishoj, whole, SOON, COPENHAGEN), SOON)
    assert undo(database, ishoj, number, SOON).left == 1
    assert set(statuses(database).values()) == {Status.CANCELLED}


def test_what_is_called_off_stays_off_while_its_source_says_otherwise(
    database: Database, ishoj: Staffer
) -> None:
    feeds(database, TONIGHT)
    carries_out(database, ishoj, call_off(ishoj, TODAY, NOW, COPENHAGEN))
    assert feeds(database, TONIGHT, now=SOON).unchanged == 1
    feeds(database, TONIGHT.model_copy(update={"remaining": 3}), now=SOON)
    assert statuses(database)[1, "21 18:00"] == Status.CANCELLED
    first, second = TONIGHT.occurrences
    later = first.model_copy(update={"start": at("2026-11-21 20:00"), "end": at("2026-11-21 22:00")})
    feeds(database, TONIGHT.model_copy(update={"occurrences": (later, second)}), now=SOON)
    assert statuses(database)[1, "21 19:00"] == Status.SCHEDULED


def test_the_sheet_sent_again_shows_that_it_would_bring_back_what_was_called_off(
    database: Database, ishoj: Staffer
) -> None:
    publishes(database, ishoj, TONIGHT)
    carries_out(database, ishoj, call_off(ishoj, TODAY, NOW, COPENHAGEN))
    assert shown(database, ishoj, TONIGHT).unchanged == 1
    seen = shown(database, ishoj, TONIGHT.model_copy(update={"titles": {"da": "Stort kor"}}))
    assert [(a.old, a.new) for a in seen.changed.shown[0].alterations] == [("cancelled", "scheduled")]


def test_an_exhibition_is_not_over_because_a_day_is_called_off(database: Database, ishoj: Staffer) -> None:
    feeds(database, here("Billeder", run("2026-11-01", "2026-12-24")), TONIGHT)
    found = database.read(lambda session: find(session, ishoj, TODAY, NOW, COPENHAGEN))
    assert (len(found.ids), found.lasting) == (1, 1)


def test_nobody_calls_off_what_others_are_in_charge_of(database: Database, ishoj: Staffer) -> None:
    feeds(database, TONIGHT)
    other = appointed(database, 8, Role.COORDINATOR, "Køge")
    found = database.read(lambda session: find(session, other, TODAY, NOW, COPENHAGEN))
    assert (found.ids, found.elsewhere) == (frozenset(), 1)
    assert not publishing.preview(database, other, call_off(other, TODAY, NOW, COPENHAGEN), NOW).does_anything


@pytest.mark.parametrize(
    ("said", "clear"),
    [
        ("på Ishøj Bibliotek i dag", True),
        ("på Ishøj Bibliotek i dag efter kl. 17", True),
        ("på Ishøj Bibliotek", False),
        ("i dag", False),
        ("keramik på Ishøj Bibliotek i dag", False),
        ("på Ishøj Bibliotek i dag undtagen koncerter", False),
        ("for børn på Ishøj Bibliotek i dag", False),
    ],
)
def test_calling_off_wants_a_place_and_a_time_and_nothing_else(
    database: Database, said: str, clear: bool
) -> None:
    feeds(database, TONIGHT)
    catalogue = Catalogue(database, COPENHAGEN)
    assert is_clear(catalogue.understand(said, NOW, language="da").query) is clear
