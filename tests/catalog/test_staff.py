"""Who may do what: roles, scopes, invitations and the log. Denied by default."""

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from catalog import staff
from catalog.database import Database
from catalog.staff import INVITE_LASTS, InviteError, Right, Role, Scope, ScopeKind, Staffer
from catalog.staff_model import AuditEntry, Staff, StaffInvite
from catalog.staff_scopes import ScopeError, districts_of, institution_scope, municipality_scope, scopes_of
from tests.catalog.factory import at, database_with

NOW = at("2026-11-25 15:00")
ISHOJ, KOEGE = municipality_scope("Ishøj"), municipality_scope("Køge")
SCHOOLS = Scope(ScopeKind.INSTITUTION_TYPE, "Ishøj", "school")
ANNA, BO, EVA = 7_000_000_001, 7_000_000_002, 7_000_000_003


@pytest.fixture
def session() -> Iterator[Session]:
    database = database_with()
    with Session(database.engine) as session:
        yield session


def one(session: Session, chat: int, role: Role, *scopes: Scope) -> Staffer:
    return staff.appoint(session, chat, role, scopes, NOW)


def refusal(session: Session, token: str, chat: int, now: dt.datetime = NOW) -> str:
    with pytest.raises(InviteError) as refused:
        staff.accept(session, token, chat, now)
    return refused.value.code


# Rights and where they hold


@pytest.mark.parametrize("right", Right)
def test_a_stranger_may_nothing(right: Right) -> None:
    assert not staff.may(None, right)
    assert not staff.may(None, right, ["Ishøj"])


@pytest.mark.parametrize("right", Right)
def test_an_admin_may_everything_everywhere(session: Session, right: Right) -> None:
    admin = one(session, ANNA, Role.ADMIN)
    assert staff.may(admin, right)
    assert staff.may(admin, right, ["Ishøj", "Køge"])
    assert staff.may(admin, right, [])


@pytest.mark.parametrize("right", Right)
def test_a_coordinator_may_everything_in_their_own_municipalities_only(
    session: Session, right: Right
) -> None:
    coordinator = one(session, ANNA, Role.COORDINATOR, ISHOJ)
    assert staff.may(coordinator, right)
    assert staff.may(coordinator, right, ["Ishøj"])
    assert not staff.may(coordinator, right, ["Køge"])
    assert not staff.may(coordinator, right, ["Ishøj", "Køge"])
    assert not staff.may(coordinator, right, [])


def test_an_ambassador_proposes_and_sees_figures_and_no_more(session: Session) -> None:
    ambassador = one(session, ANNA, Role.AMBASSADOR, SCHOOLS)
    assert {right for right in Right if staff.may(ambassador, right)} == {Right.PROPOSE, Right.FIGURES}
    assert staff.may(ambassador, Right.PROPOSE, ["Ishøj"])
    assert not staff.may(ambassador, Right.PROPOSE, ["Køge"])


def test_nobody_is_staff_without_a_scope_but_an_admin(session: Session) -> None:
    for role, scopes in ((Role.COORDINATOR, []), (Role.AMBASSADOR, []), (Role.ADMIN, [ISHOJ])):
        with pytest.raises(ValueError, match="scopes"):
            staff.appoint(session, ANNA, role, scopes, NOW)
        with pytest.raises(ValueError, match="scopes"):
            staff.invite(session, role, scopes, NOW)


def test_a_new_role_takes_the_place_of_the_old_one(session: Session) -> None:
    first = one(session, ANNA, Role.COORDINATOR, ISHOJ, KOEGE)
    second = one(session, ANNA, Role.AMBASSADOR, SCHOOLS)
    assert first.id == second.id
    assert staff.staffer(session, ANNA) == second
    assert staff.staff_list(session) == [second]


def test_who_is_dismissed_is_out_at_once(session: Session) -> None:
    anna = one(session, ANNA, Role.COORDINATOR, ISHOJ)
    assert staff.dismiss(session, anna.id, NOW)
    assert staff.staffer(session, ANNA) is None
    assert staff.by_id(session, anna.id) is None
    assert staff.staff_list(session) == []
    assert staff.in_charge(session, ["Ishøj"]) == []
    assert not staff.dismiss(session, anna.id, NOW)


def test_who_comes_back_gets_a_new_number(session: Session) -> None:
    first = one(session, ANNA, Role.COORDINATOR, ISHOJ)
    staff.dismiss(session, first.id, NOW)
    assert one(session, ANNA, Role.COORDINATOR, ISHOJ).id != first.id


def test_the_coordinators_are_in_charge_and_where_there_is_none_the_admins(session: Session) -> None:
    admin = one(session, ANNA, Role.ADMIN)
    coordinator = one(session, BO, Role.COORDINATOR, ISHOJ)
    one(session, EVA, Role.AMBASSADOR, SCHOOLS)
    assert staff.in_charge(session, ["Ishøj"]) == [coordinator]
    assert staff.in_charge(session, ["Køge"]) == [admin]


def test_colleagues_of_one_municipality_share_a_source(session: Session) -> None:
    assert staff.source_of(one(session, ANNA, Role.COORDINATOR, KOEGE, ISHOJ)) == "staff:Ishøj+Køge"
    assert staff.source_of(one(session, BO, Role.AMBASSADOR, SCHOOLS)) == "staff:Ishøj"
    assert staff.source_of(one(session, EVA, Role.ADMIN)) == "staff"


# Invitations


def test_a_link_makes_its_bearer_staff_once(session: Session) -> None:
    token = staff.invite(session, Role.AMBASSADOR, [SCHOOLS], NOW)
    anna = staff.accept(session, token, ANNA, NOW)
    assert (anna.role, anna.scopes, anna.telegram_id) == (Role.AMBASSADOR, (SCHOOLS,), ANNA)
    assert staff.staffer(session, ANNA) == anna
    assert refusal(session, token, BO) == "used"
    assert staff.staffer(session, BO) is None


def test_a_link_lasts_a_week(session: Session) -> None:
    token = staff.invite(session, Role.AMBASSADOR, [SCHOOLS], NOW)
    assert refusal(session, token, ANNA, NOW + INVITE_LASTS) == "expired"
    assert staff.accept(session, token, ANNA, NOW + INVITE_LASTS - dt.timedelta(seconds=1))


def test_a_made_up_link_is_unknown(session: Session) -> None:
    assert refusal(session, "x" * 32, ANNA) == "unknown"
    assert refusal(session, "", ANNA) == "unknown"


def test_the_token_is_stored_nowhere(session: Session) -> None:
    token = staff.invite(session, Role.AMBASSADOR, [SCHOOLS], NOW)
    (row,) = session.exec(select(StaffInvite)).all()
    assert token not in str(row.model_dump())
    assert len(token) <= 62  # Telegram takes 64 characters after "start=", two of them are ours
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")


def test_a_link_dies_with_the_rights_of_who_made_it(session: Session) -> None:
    anna = one(session, ANNA, Role.COORDINATOR, ISHOJ, KOEGE)
    token = staff.invite(session, Role.COORDINATOR, [KOEGE], NOW, by=anna.id)
    one(session, ANNA, Role.COORDINATOR, ISHOJ)
    assert refusal(session, token, BO) == "expired"
    other = staff.invite(session, Role.COORDINATOR, [ISHOJ], NOW, by=anna.id)
    staff.dismiss(session, anna.id, NOW)
    assert refusal(session, other, BO) == "expired"


def test_a_link_can_be_taken_back_by_who_made_it_and_nobody_else(session: Session) -> None:
    anna, bo = one(session, ANNA, Role.COORDINATOR, ISHOJ), one(session, BO, Role.ADMIN)
    token = staff.invite(session, Role.AMBASSADOR, [SCHOOLS], NOW, by=anna.id)
    assert not staff.withdraw(session, token, NOW, by=bo.id)
    assert staff.withdraw(session, token, NOW, by=anna.id)
    assert refusal(session, token, EVA) == "expired"
    assert not staff.withdraw(session, token, NOW, by=anna.id)


@pytest.mark.parametrize(
    ("role", "scopes", "allowed"),
    [
        (Role.AMBASSADOR, [SCHOOLS], True),
        (Role.COORDINATOR, [ISHOJ], True),
        (Role.COORDINATOR, [KOEGE], False),
        (Role.COORDINATOR, [ISHOJ, KOEGE], False),
        (Role.AMBASSADOR, [institution_scope("Køge Bibliotek", "Køge")], False),
        (Role.COORDINATOR, [], False),
        (Role.ADMIN, [], False),
    ],
)
def test_a_coordinator_invites_into_their_own_municipalities_and_never_an_admin(
    session: Session, role: Role, scopes: list[Scope], allowed: bool
) -> None:
    coordinator = one(session, ANNA, Role.COORDINATOR, ISHOJ)
    assert staff.may_invite(coordinator, role, scopes) is allowed
    assert staff.may_invite(one(session, BO, Role.ADMIN), role, scopes)
    assert not staff.may_invite(one(session, EVA, Role.AMBASSADOR, SCHOOLS), role, scopes)
    assert not staff.may_invite(None, role, scopes)


def test_a_link_never_takes_rights_away_and_stays_for_somebody_else(session: Session) -> None:
    one(session, ANNA, Role.ADMIN)
    one(session, BO, Role.COORDINATOR, ISHOJ)
    token = staff.invite(session, Role.AMBASSADOR, [SCHOOLS], NOW)
    before = staff.staff_list(session)
    assert [refusal(session, token, chat) for chat in (ANNA, BO)] == ["already", "already"]
    assert staff.staff_list(session) == before
    assert staff.accept(session, token, EVA, NOW).role is Role.AMBASSADOR


def test_the_same_role_elsewhere_is_added_to_what_they_have(session: Session) -> None:
    one(session, ANNA, Role.COORDINATOR, ISHOJ)
    token = staff.invite(session, Role.COORDINATOR, [KOEGE], NOW)
    assert staff.accept(session, token, ANNA, NOW).municipalities == {"Ishøj", "Køge"}


def test_a_higher_role_holds_only_where_the_link_says(session: Session) -> None:
    one(session, ANNA, Role.AMBASSADOR, SCHOOLS)
    token = staff.invite(session, Role.COORDINATOR, [KOEGE], NOW)
    promoted = staff.accept(session, token, ANNA, NOW)
    assert (promoted.role, promoted.scopes) == (Role.COORDINATOR, (KOEGE,))


def test_of_two_who_accept_at_once_one_becomes_staff() -> None:
    database = database_with()
    token = database.write(lambda session: staff.invite(session, Role.COORDINATOR, [ISHOJ], NOW))
    outcomes = at_once(database, token, [ANNA + n for n in range(6)])
    assert sorted(outcomes) == ["staff", *["used"] * 5]
    assert len(database.read(staff.staff_list)) == 1


def at_once(database: Database, token: str, chats: list[int]) -> list[str]:
    barrier, outcomes = threading.Barrier(len(chats)), list[str]()

    def run(chat: int) -> None:
        barrier.wait()
        try:
            database.write(lambda session: staff.accept(session, token, chat, NOW))
            outcomes.append("staff")
        except InviteError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=run, args=(chat,)) for chat in chats]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_a_link_that_was_used_since_it_was_read_is_used(session: Session, monkeypatch) -> None:
    """As on PostgreSQL, where a transaction does not wait before it reads."""
    token = staff.invite(session, Role.COORDINATOR, [ISHOJ], NOW)
    offered = staff._offered(session, session.exec(select(StaffInvite)).one(), NOW)
    staff.accept(session, token, ANNA, NOW)
    monkeypatch.setattr(staff, "_offered", lambda *_: offered)
    assert refusal(session, token, BO) == "used"


# The log


def test_the_log_tells_who_did_what_in_numbers_only(session: Session) -> None:
    anna = one(session, ANNA, Role.COORDINATOR, ISHOJ)
    token = staff.invite(session, Role.AMBASSADOR, [SCHOOLS], NOW, by=anna.id)
    bo = staff.accept(session, token, BO, NOW)
    staff.dismiss(session, bo.id, NOW, by=anna.id)
    session.flush()
    rows = [(e.staff_id, e.action, e.target) for e in reversed(staff.log(session, 9))]
    assert rows == [
        (None, "appoint", f"staff:{anna.id}"),
        (anna.id, "invite", "invite:1"),
        (anna.id, "appoint", f"staff:{bo.id}"),
        (bo.id, "accept", "invite:1"),
        (anna.id, "dismiss", f"staff:{bo.id}"),
    ]
    whole = str([entry.model_dump() for entry in session.exec(select(AuditEntry)).all()])
    assert str(ANNA) not in whole
    assert str(BO) not in whole


def test_being_forgotten_cuts_the_link_to_the_account(session: Session) -> None:
    anna = one(session, ANNA, Role.COORDINATOR, ISHOJ)
    assert staff.cut(session, ANNA, NOW)
    row = session.get(Staff, anna.id)
    assert row is not None
    assert (row.telegram_id, row.removed_at) == (None, NOW)
    assert not staff.cut(session, ANNA, NOW)


# From names to scopes


@pytest.mark.parametrize(
    ("role", "names", "found"),
    [
        (Role.ADMIN, {"municipalities": []}, ()),
        (Role.COORDINATOR, {"municipalities": ["køge kommune", "Ishoej", "Ishøj"]}, (ISHOJ, KOEGE)),
        (Role.AMBASSADOR, {"municipalities": ["Ishøj"], "institution_type": "school"}, (SCHOOLS,)),
        (
            Role.AMBASSADOR,
            {"municipalities": [], "district": "hedegård"},
            (Scope(ScopeKind.DISTRICT, "Ballerup", "Hedegård"),),
        ),
        (
            Role.AMBASSADOR,
            {"municipalities": ["0183"], "institution": "  Ishøj \u200b Bibliotek "},
            (Scope(ScopeKind.INSTITUTION, "Ishøj", "Ishøj Bibliotek"),),
        ),
    ],
)
def test_names_become_scopes(role: Role, names: dict, found: tuple[Scope, ...]) -> None:
    assert scopes_of(role, **names) == found


@pytest.mark.parametrize(
    ("role", "names", "code"),
    [
        (Role.ADMIN, {"municipalities": ["Ishøj"]}, "admin"),
        (Role.COORDINATOR, {"municipalities": []}, "none"),
        (Role.COORDINATOR, {"municipalities": ["Ishøj"], "district": "Hedegård"}, "none"),
        (Role.COORDINATOR, {"municipalities": ["Ishøjj"]}, "municipality"),
        (Role.COORDINATOR, {"municipalities": ["Vanløse"]}, "municipality"),
        (Role.AMBASSADOR, {"municipalities": ["Ishøj"]}, "one"),
        (Role.AMBASSADOR, {"municipalities": [], "institution": "Skolen"}, "one"),
        (
            Role.AMBASSADOR,
            {"municipalities": ["Ishøj"], "institution": "A", "institution_type": "school"},
            "one",
        ),
        (Role.AMBASSADOR, {"municipalities": ["Ishøj"], "district": "Hedegård"}, "district"),
        (Role.AMBASSADOR, {"municipalities": ["Ishøj"], "institution": "  "}, "institution"),
        (Role.AMBASSADOR, {"municipalities": ["Ishøj"], "institution_type": "bank"}, "type"),
    ],
)
def test_names_that_make_no_scope_are_refused(role: Role, names: dict, code: str) -> None:
    with pytest.raises(ScopeError) as refused:
        scopes_of(role, **names)
    assert refused.value.code == code


def test_a_municipality_has_its_own_districts() -> None:
    assert {place.municipality for place in districts_of("Ballerup")} == {"Ballerup"}
    assert districts_of("Ishøj") == ()
