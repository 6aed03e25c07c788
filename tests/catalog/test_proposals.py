"""An offering on its way: kept in pieces, let through once by whoever is in charge, and taken back."""

import datetime as dt
from typing import Any

import pytest
from sqlmodel import Session, select

from catalog import own_offerings, proposals, staff, undoing, venue_names
from catalog.cards import load_cards
from catalog.database import Database
from catalog.draft_cards import card_of
from catalog.model import Occurrence, Offering, OfferingChange
from catalog.proposal_work import ProposalError, State, Work
from catalog.redraft import drafts_of
from catalog.staff import Role, Staffer
from catalog.staff_model import AuditEntry
from catalog.staff_scopes import municipality_scope, type_scope
from catalog.values import Category, Fact, PriceKind, Status
from tests.catalog.factory import at, database_with, offering, time, venue

NOW = at("2026-11-21 10:00")
SOON = NOW + dt.timedelta(minutes=5)
LIBRARY = venue("Ishøj Bibliotek", address="Ishøj Store Torv 1", postcode="2635", municipality="Ishøj")
KOEGE = venue("Køge Bibliotek", postcode="4600", municipality="Køge")


@pytest.fixture
def database() -> Database:
    return database_with(
        offering("Bogcafé", "2026-11-28 19:00", place=LIBRARY),
        offering("Strik", "2026-11-29 14:00", place=KOEGE),
    )


@pytest.fixture
def ishoj(database: Database) -> Staffer:
    return appointed(database, 7, Role.COORDINATOR, "Ishøj")


@pytest.fixture
def ambassador(database: Database) -> Staffer:
    scope = type_scope("school", "Ishøj")
    return database.write(lambda session: staff.appoint(session, 9, Role.AMBASSADOR, [scope], NOW))


def appointed(database: Database, telegram_id: int, role: Role, *municipalities: str) -> Staffer:
    scopes = [municipality_scope(name) for name in municipalities]
    return database.write(lambda session: staff.appoint(session, telegram_id, role, scopes, NOW))


def told(title: str = "Julekor", place: Any = LIBRARY, **facts: Any) -> dict[str, Any]:
    date = time("2026-12-05 13:00", "2026-12-05 15:00").model_copy(update={"venue": place})
    return {"titles": {"da": title}, "occurrences": [date.model_dump(mode="json")], **facts}


def begun(database: Database, who: Staffer, **facts: Any) -> Work:
    return database.write(lambda session: proposals.begin(session, who, NOW, draft=told(**facts)))


def handed_in(database: Database, who: Staffer, **facts: Any) -> Work:
    work = begun(database, who, **facts)
    return database.write(lambda session: proposals.hand_in(session, who, work.id, work.digest, NOW))


def altered(database: Database, who: Staffer, work: Work, **facts: Any) -> Work:
    return database.write(lambda session: proposals.alter(session, who, work.id, NOW, draft=facts))


def out(database: Database) -> dict[str, Offering]:
    rows = database.read(lambda session: session.exec(select(Offering)).all())
    return {row.titles["da"]: row for row in rows if row.withdrawn_at is None}


def test_half_an_offering_is_kept_and_tells_what_it_lacks(database: Database, ishoj: Staffer) -> None:
    work = database.write(lambda session: proposals.begin(session, ishoj, NOW))
    assert work.missing == ("title", "when")
    work = altered(database, ishoj, work, titles={"da": "Julekor"})
    assert work.missing == ("when",)
    kept = database.read(lambda session: proposals.unfinished(session, ishoj))
    assert kept is not None
    assert (kept.id, kept.draft.titles) == (work.id, {"da": "Julekor"})
    assert out(database).keys() == {"Bogcafé", "Strik"}


def test_what_is_tapped_is_no_guess_any_more(database: Database, ishoj: Staffer) -> None:
    work = begun(database, ishoj)
    assert work.draft.categories == (Category.MUSIC,)
    assert Fact.CATEGORIES in work.draft.inferred
    work = altered(database, ishoj, work, categories=["theatre"])
    assert work.draft.categories == (Category.THEATRE,)
    assert Fact.CATEGORIES not in work.draft.inferred


def test_a_draft_shows_the_card_that_it_becomes(database: Database, ishoj: Staffer) -> None:
    work = begun(database, ishoj, price_kind="amounts", prices={"adult": 75.0})
    before = card_of(work.draft, work.source)
    proposals.publish(database, ishoj, work.id, work.digest, NOW)
    row = out(database)["Julekor"]
    after = database.read(lambda session: load_cards(session, [row.id or 0]))[row.id or 0]
    for fact in ("titles", "prices", "price_kind", "categories", "owners", "inferred", "audiences"):
        assert getattr(before, fact) == getattr(after, fact), fact
    (was,), (now,) = before.occurrences, after.occurrences
    assert was.venue is not None
    assert now.venue is not None
    assert (was.start, was.end, was.venue.name, was.venue.town, was.venue.municipality) == (
        *(now.start, now.end, now.venue.name, now.venue.town, now.venue.municipality),
    )


def test_a_coordinator_publishes_under_their_own_source_and_name(database: Database, ishoj: Staffer) -> None:
    work = begun(database, ishoj)
    assert proposals.may_publish(ishoj, work)
    number, _, done = proposals.publish(database, ishoj, work.id, work.digest, NOW)
    assert (done.state, done.source, done.offering_id) == (
        *(State.PUBLISHED, "staff:Ishøj"),
        out(database)["Julekor"].id,
    )
    entries = database.read(lambda session: staff.log(session, 2))
    assert {(entry.action, entry.target) for entry in entries} == {
        ("approve", f"proposal:{work.id}"),
        ("publish", f"publication:{number}"),
    }


def test_an_ambassador_publishes_nothing(database: Database, ambassador: Staffer) -> None:
    work = handed_in(database, ambassador)
    assert not proposals.may_publish(ambassador, work)
    with pytest.raises(ProposalError, match="not-yours"):
        proposals.publish(database, ambassador, work.id, work.digest, NOW)
    assert "Julekor" not in out(database)


def test_what_lies_elsewhere_waits_for_those_in_charge_there(database: Database, ishoj: Staffer) -> None:
    koege = appointed(database, 8, Role.COORDINATOR, "Køge")
    work = handed_in(database, ishoj, place=KOEGE)
    assert work.municipalities == {"Køge"}
    with pytest.raises(ProposalError, match="not-yours"):
        proposals.publish(database, ishoj, work.id, work.digest, NOW)
    assert [one.id for one in database.read(lambda session: proposals.waiting(session, koege))] == [work.id]
    proposals.publish(database, koege, work.id, work.digest, NOW)
    assert "Julekor" in out(database)


def test_only_the_first_decision_counts(database: Database, ishoj: Staffer, ambassador: Staffer) -> None:
    colleague = appointed(database, 8, Role.COORDINATOR, "Ishøj")
    work = handed_in(database, ambassador)
    proposals.publish(database, ishoj, work.id, work.digest, NOW)
    with pytest.raises(ProposalError, match="decided"):
        proposals.publish(database, colleague, work.id, work.digest, NOW)
    with pytest.raises(ProposalError, match="decided"):
        database.write(lambda session: proposals.turn_down(session, colleague, work.id, work.digest, NOW))
    assert "Julekor" in out(database)


def test_a_change_voids_an_old_approval(database: Database, ishoj: Staffer, ambassador: Staffer) -> None:
    work = handed_in(database, ambassador)
    newer = altered(database, ambassador, work, titles={"da": "Banko"})
    assert newer.state is State.DRAFT
    with pytest.raises(ProposalError):
        proposals.publish(database, ishoj, work.id, work.digest, NOW)
    again = database.write(lambda session: proposals.hand_in(session, ambassador, work.id, newer.digest, NOW))
    with pytest.raises(ProposalError, match="changed"):
        proposals.publish(database, ishoj, work.id, work.digest, NOW)
    proposals.publish(database, ishoj, work.id, again.digest, NOW)
    assert {"Banko", "Julekor"} & out(database).keys() == {"Banko"}


def test_a_question_sends_it_back_and_the_answer_comes_with_it(
    database: Database, ishoj: Staffer, ambassador: Staffer
) -> None:
    work = handed_in(database, ambassador)
    asked = database.write(
        lambda session: proposals.ask(session, ishoj, work.id, work.digest, NOW, question="Gratis?")
    )
    assert asked.state is State.ASKED
    assert database.read(lambda session: proposals.waiting(session, ishoj)) == []
    database.write(lambda session: proposals.alter(session, ambassador, work.id, NOW, answer="Ja"))
    database.write(lambda session: proposals.hand_in(session, ambassador, work.id, work.digest, NOW))
    (back,) = database.read(lambda session: proposals.waiting(session, ishoj))
    assert (back.facts["question"], back.facts["answer"]) == ("Gratis?", "Ja")


def test_a_draft_is_nobody_elses(database: Database, ishoj: Staffer, ambassador: Staffer) -> None:
    work = begun(database, ambassador)
    with pytest.raises(ProposalError, match="not-yours"):
        database.read(lambda session: proposals.own(session, ishoj, work.id))
    with pytest.raises(ProposalError, match="not-yours"):
        database.read(lambda session: proposals.to_decide(session, ishoj, work.id))
    with pytest.raises(ProposalError, match="not-yours"):
        database.write(lambda session: proposals.drop(session, ishoj, work.id))
    with pytest.raises(ProposalError, match="not-yours"):
        proposals.publish(database, ishoj, work.id, work.digest, NOW)


def test_whoever_was_dismissed_decides_nothing(
    database: Database, ishoj: Staffer, ambassador: Staffer
) -> None:
    work = handed_in(database, ambassador)
    database.write(lambda session: staff.dismiss(session, ishoj.id, NOW))
    with pytest.raises(ProposalError, match="not-yours"):
        proposals.publish(database, ishoj, work.id, work.digest, NOW)
    assert "Julekor" not in out(database)


def test_what_is_not_whole_or_long_past_is_not_published(database: Database, ishoj: Staffer) -> None:
    half = database.write(lambda session: proposals.begin(session, ishoj, NOW, draft={"titles": {"da": "A"}}))
    with pytest.raises(ProposalError):
        proposals.publish(database, ishoj, half.id, half.digest, NOW)
    work = begun(database, ishoj)
    with pytest.raises(ProposalError, match="past"):
        proposals.publish(database, ishoj, work.id, work.digest, at("2026-12-06 10:00"))
    assert database.read(lambda session: proposals.own(session, ishoj, work.id)).state is State.DRAFT


def test_a_fact_that_no_offering_has_is_refused_and_nothing_is_lost(
    database: Database, ishoj: Staffer
) -> None:
    work = begun(database, ishoj)
    with pytest.raises(ProposalError, match="bad-fact"):
        altered(database, ishoj, work, url="javascript:alert(1)")
    assert database.read(lambda session: proposals.own(session, ishoj, work.id)) == work


def published(database: Database, who: Staffer, **facts: Any) -> int:
    work = begun(database, who, **facts)
    return proposals.publish(database, who, work.id, work.digest, NOW)[2].offering_id or 0


def edited(database: Database, who: Staffer, offering_id: int, **facts: Any) -> Work:
    work = database.write(lambda session: own_offerings.edit(session, who, offering_id, NOW))
    return altered(database, who, work, **facts)


def test_an_edit_tells_what_followers_will_hear_and_can_be_undone(database: Database, ishoj: Staffer) -> None:
    id_ = published(database, ishoj)
    work = edited(database, ishoj, id_, price_kind=PriceKind.FREE)
    seen = proposals.preview(database, ishoj, work.id, work.digest, SOON)
    assert [alteration.fact for alteration in seen.changed.shown[0].alterations] == ["price"]
    number, _, _ = proposals.publish(database, ishoj, work.id, work.digest, SOON)
    assert out(database)["Julekor"].price_kind == PriceKind.FREE
    undoing.undo(database, ishoj, number, SOON)
    back = database.write(lambda session: proposals.undone(session, ishoj, number, SOON))
    assert back is not None
    assert (back.state, back.is_edit) == (State.DRAFT, True)
    assert out(database)["Julekor"].price_kind == PriceKind.UNKNOWN
    proposals.publish(database, ishoj, back.id, back.digest, SOON)
    assert out(database)["Julekor"].price_kind == PriceKind.FREE


def test_a_new_one_that_is_undone_is_a_draft_that_can_be_published_again(
    database: Database, ishoj: Staffer
) -> None:
    work = begun(database, ishoj)
    number, _, _ = proposals.publish(database, ishoj, work.id, work.digest, NOW)
    undoing.undo(database, ishoj, number, SOON)
    assert "Julekor" not in out(database)
    back = database.write(lambda session: proposals.undone(session, ishoj, number, SOON))
    assert back is not None
    assert (back.id, back.digest, back.is_edit) == (work.id, work.digest, False)
    proposals.publish(database, ishoj, back.id, back.digest, SOON)
    assert "Julekor" in out(database)


def test_a_moved_date_stays_the_same_one(database: Database, ishoj: Staffer) -> None:
    id_ = published(database, ishoj)
    (before,) = occurrences(database, id_)
    moved = time("2026-12-06 14:00").model_copy(update={"venue": LIBRARY, "key": before.key})
    work = edited(database, ishoj, id_, occurrences=[moved.model_dump(mode="json")])
    proposals.publish(database, ishoj, work.id, work.digest, SOON)
    (after,) = occurrences(database, id_)
    assert (after.id, after.previous_start) == (before.id, before.start)
    changes = database.read(lambda session: session.exec(select(OfferingChange)).all())
    assert {change.fact for change in changes} == {"start", "end"}


def occurrences(database: Database, offering_id: int) -> list[Occurrence]:
    rows = select(Occurrence).where(Occurrence.offering_id == offering_id)
    return [row for row in database.read(lambda s: s.exec(rows).all()) if row.withdrawn_at is None]


def test_two_edits_at_once_do_not_overwrite_each_other(database: Database, ishoj: Staffer) -> None:
    colleague = appointed(database, 8, Role.COORDINATOR, "Ishøj")
    id_ = published(database, ishoj)
    mine = edited(database, ishoj, id_, price_kind=PriceKind.FREE)
    theirs = edited(database, colleague, id_, status=Status.SOLD_OUT)
    proposals.publish(database, colleague, theirs.id, theirs.digest, SOON)
    with pytest.raises(ProposalError, match="stale"):
        proposals.publish(database, ishoj, mine.id, mine.digest, SOON)
    assert out(database)["Julekor"].status == Status.SOLD_OUT


def test_an_edit_that_alters_nothing_publishes_the_same(database: Database, ishoj: Staffer) -> None:
    id_ = published(database, ishoj)
    before = database.read(lambda session: drafts_of(session, [id_]))
    work = database.write(lambda session: own_offerings.edit(session, ishoj, id_, NOW))
    proposals.publish(database, ishoj, work.id, work.digest, SOON)
    assert database.read(lambda session: drafts_of(session, [id_])) == before
    assert database.read(lambda session: session.exec(select(OfferingChange)).all()) == []


def test_staff_edit_what_staff_published_in_their_own_municipality(
    database: Database, ishoj: Staffer, ambassador: Staffer
) -> None:
    koege, admin = appointed(database, 8, Role.COORDINATOR, "Køge"), appointed(database, 6, Role.ADMIN)
    mine = published(database, ishoj)
    assert may_edit(database, ishoj) == may_edit(database, admin) == {mine}
    assert may_edit(database, koege) == may_edit(database, ambassador) == set()
    for who in (koege, ambassador):
        with pytest.raises(ProposalError, match="not-yours"):
            edited(database, who, mine)


def test_what_a_feed_brings_is_mended_until_the_feed_itself_changes_it(
    database: Database, ishoj: Staffer
) -> None:
    koege = appointed(database, 8, Role.COORDINATOR, "Køge")
    fed = out(database)["Bogcafé"]
    told = drafts_of_one(database, fed.id or 0)
    with pytest.raises(ProposalError, match="not-yours"):
        edited(database, koege, fed.id or 0)
    work = edited(database, ishoj, fed.id or 0, price_kind=PriceKind.FREE)
    number, _, _ = proposals.publish(database, ishoj, work.id, work.digest, NOW)
    after = out(database)["Bogcafé"]
    assert (after.price_kind, after.content_hash) == (PriceKind.FREE, fed.content_hash)
    undoing.undo(database, ishoj, number, SOON)
    assert drafts_of_one(database, fed.id or 0) == told


def drafts_of_one(database: Database, offering_id: int) -> Any:
    return database.read(lambda session: drafts_of(session, [offering_id]))[offering_id]


def may_edit(database: Database, who: Staffer) -> set[int]:
    return database.read(lambda session: own_offerings.offerings(session, who))


def test_an_ambassador_corrects_what_they_proposed_by_another_proposal(
    database: Database, ishoj: Staffer, ambassador: Staffer
) -> None:
    work = handed_in(database, ambassador)
    id_ = proposals.publish(database, ishoj, work.id, work.digest, NOW)[2].offering_id or 0
    edit = edited(database, ambassador, id_, status=Status.CANCELLED)
    with pytest.raises(ProposalError, match="not-yours"):
        proposals.publish(database, ambassador, edit.id, edit.digest, SOON)
    waits = database.write(lambda session: proposals.hand_in(session, ambassador, edit.id, edit.digest, SOON))
    proposals.publish(database, ishoj, waits.id, waits.digest, SOON)
    assert out(database)["Julekor"].status == Status.CANCELLED


@pytest.mark.parametrize("keeps_place", [True, False])
def test_a_copy_has_everything_but_its_date_and_perhaps_its_place(
    database: Database, ishoj: Staffer, keeps_place: bool
) -> None:
    id_ = published(database, ishoj, price_kind=PriceKind.FREE, descriptions={"da": "Vi synger."})
    copy = database.write(
        lambda session: own_offerings.copy(session, ishoj, id_, NOW, keeps_place=keeps_place)
    )
    assert (copy.draft.titles, copy.draft.price_kind) == ({"da": "Julekor"}, PriceKind.FREE)
    assert copy.draft.external_id != out(database)["Julekor"].external_id
    assert copy.missing == ("when",)
    assert bool(copy.facts["venue"]) is keeps_place
    assert bool(copy.draft.owners) is keeps_place


@pytest.mark.parametrize("name", ["Ishøj Bibliotek", "ishoj bibliotek", "Ishøj bibliotk", "Bibliotek"])
def test_places_are_found_by_name_with_typos(database: Database, name: str) -> None:
    found = database.read(lambda session: venue_names.alike(session, name, {"Ishøj"}))
    assert found[0].name == "Ishøj Bibliotek"


def test_a_place_that_nobody_knows_is_not_guessed(database: Database) -> None:
    assert database.read(lambda session: venue_names.alike(session, "Forbrændingen", {"Ishøj"})) == []


def test_the_log_holds_no_words(database: Database, ishoj: Staffer, ambassador: Staffer) -> None:
    work = handed_in(database, ambassador)
    database.write(
        lambda session: proposals.ask(session, ishoj, work.id, work.digest, NOW, question="Hvem er du?")
    )

    def entries(session: Session) -> list[tuple[str, str, dict[str, int]]]:
        rows = session.exec(select(AuditEntry).where(AuditEntry.target == f"proposal:{work.id}"))
        return [(row.action, row.target, row.counts) for row in rows]

    assert [action for action, _, _ in database.read(entries)] == ["propose", "ask"]
    assert all(counts == {} for _, _, counts in database.read(entries))
