"""Who may publish what: roles, scopes, invitations and the audit log. Everything is denied that is not named
here. Every verb works inside the caller's transaction; a staffer is looked up anew at every update.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from catalog.staff_model import AuditEntry, Proposal, Staff, StaffInvite, StaffScope

INVITE_LASTS = dt.timedelta(days=7)
INSTITUTION_TYPES = ("daycare", "after-school", "school", "club")
"""The institutions that have culture ambassadors in Ballerup."""


class Role(StrEnum):
    """Who somebody is, the mightiest first."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    AMBASSADOR = "ambassador"


class Right(StrEnum):
    """What staff may do. PROPOSE: write an offering that somebody else lets through. PUBLISH: put offerings
    into the catalogue, edit and cancel them. APPROVE: let proposals and others' broadcasts through."""

    PROPOSE = "propose"
    PUBLISH = "publish"
    APPROVE = "approve"
    BROADCAST = "broadcast"
    FIGURES = "figures"
    INVITE = "invite"


_RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMIN: frozenset(Right),
    Role.COORDINATOR: frozenset(Right),
    Role.AMBASSADOR: frozenset({Right.PROPOSE, Right.FIGURES}),
}


class ScopeKind(StrEnum):
    MUNICIPALITY = "municipality"
    DISTRICT = "district"
    INSTITUTION = "institution"
    INSTITUTION_TYPE = "institution-type"


class InviteError(Exception):
    """An invitation that cannot be accepted. code: "unknown", "used", "expired" (also when whoever made it
    took it back or may no longer make it) or "already" (whoever brings it may do as much without it)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """Where a staffer may act; fields as in `StaffScope`."""

    kind: ScopeKind
    municipality: str
    value: str


@dataclass(frozen=True, slots=True)
class Staffer:
    """Somebody who may publish. telegram_id: where to write to them. since: when they became staff."""

    id: int
    telegram_id: int
    role: Role
    scopes: tuple[Scope, ...]
    since: dt.datetime

    @property
    def municipalities(self) -> frozenset[str]:
        """Where they act; empty for an admin, who acts everywhere."""
        return frozenset(scope.municipality for scope in self.scopes)


def may(staffer: Staffer | None, right: Right, municipalities: Iterable[str] | None = None) -> bool:
    """Whether they have this right: at all when `municipalities` is None, else in every one of these. No
    municipality at all is an admin's matter."""
    if staffer is None or right not in _RIGHTS[staffer.role]:
        return False
    if municipalities is None or staffer.role is Role.ADMIN:
        return True
    wanted = set(municipalities)
    return bool(wanted) and wanted <= staffer.municipalities


def may_invite(staffer: Staffer | None, role: Role, scopes: Iterable[Scope]) -> bool:
    """Whether they may make somebody this, and dismiss whoever is this: an admin anybody; a coordinator the
    ambassadors and coordinators of nothing but their own municipalities."""
    if role is Role.ADMIN:
        return staffer is not None and staffer.role is Role.ADMIN
    return may(staffer, Right.INVITE, [scope.municipality for scope in scopes])


def source_of(staffer: Staffer) -> str:
    """The name of the source that what they publish is stored under: colleagues of one municipality share
    it."""
    where = "+".join(sorted(staffer.municipalities))
    return f"staff:{where}" if where and staffer.role is not Role.ADMIN else "staff"


def staffer(session: Session, telegram_id: int) -> Staffer | None:
    """The staffer with this Telegram account; None when there is none, or no longer."""
    row = session.exec(
        select(Staff).where(Staff.telegram_id == telegram_id, col(Staff.removed_at).is_(None))
    ).one_or_none()
    return _staffer(session, row) if row else None


def by_id(session: Session, staff_id: int) -> Staffer | None:
    """The staffer of this number; None when they are gone."""
    row = session.get(Staff, staff_id)
    return _staffer(session, row) if row and row.removed_at is None else None


def staff_list(session: Session) -> list[Staffer]:
    """Everybody who is staff, the longest first."""
    rows = session.exec(select(Staff).where(col(Staff.removed_at).is_(None)).order_by(col(Staff.id))).all()
    return [found for row in rows if (found := _staffer(session, row))]


def in_charge(session: Session, municipalities: Iterable[str]) -> list[Staffer]:
    """Who answers for what happens in these municipalities: their coordinators, or the admins where there is
    none."""
    everybody, wanted = staff_list(session), set(municipalities)
    theirs = [one for one in everybody if one.role is Role.COORDINATOR and one.municipalities & wanted]
    return theirs or [one for one in everybody if one.role is Role.ADMIN]


def appoint(
    session: Session,
    telegram_id: int,
    role: Role,
    scopes: Sequence[Scope],
    now: dt.datetime,
    *,
    by: int | None = None,
) -> Staffer:
    """Make somebody staff; whoever is already gets this role and these scopes instead. Raises ValueError
    when a coordinator or ambassador would have no scope, or an admin one."""
    if bool(scopes) is (role is Role.ADMIN):
        raise ValueError("scopes")
    row = session.exec(select(Staff).where(Staff.telegram_id == telegram_id)).one_or_none()
    if row is None:
        row = Staff(telegram_id=telegram_id, role=role, created_at=now)
    row.role, row.removed_at = role, None
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101  # flushed
    for old in session.exec(select(StaffScope).where(StaffScope.staff_id == row.id)).all():
        session.delete(old)
    session.flush()
    session.add_all(
        StaffScope(staff_id=row.id, kind=s.kind, municipality=s.municipality, value=s.value)
        for s in sorted(set(scopes))
    )
    note(session, by, "appoint", f"staff:{row.id}", now)
    session.flush()
    return Staffer(row.id, telegram_id, role, tuple(sorted(set(scopes))), row.created_at)


def dismiss(session: Session, staff_id: int, now: dt.datetime, *, by: int | None = None) -> bool:
    """They are no longer staff, from this moment on; whether they were. Their number stays in the log."""
    row = session.get(Staff, staff_id)
    if row is None or row.removed_at is not None:
        return False
    row.removed_at, row.telegram_id = now, None
    session.add(row)
    note(session, by, "dismiss", f"staff:{staff_id}", now)
    return True


def cut(session: Session, telegram_id: int, now: dt.datetime) -> bool:
    """Erase the link to a Telegram account, whose owner wants to be forgotten; whether there was one."""
    row = session.exec(select(Staff).where(Staff.telegram_id == telegram_id)).one_or_none()
    if row is None or row.id is None:
        return False
    # What they wrote and nobody has seen published is theirs, and goes with them.
    unseen = col(Proposal.state).in_(("draft", "proposed", "asked"))
    session.execute(delete(Proposal).where(col(Proposal.staff_id) == row.id, unseen))
    return dismiss(session, row.id, now)


def invite(
    session: Session, role: Role, scopes: Sequence[Scope], now: dt.datetime, *, by: int | None = None
) -> str:
    """A token that makes whoever brings it first staff, within seven days. Told once: only its hash is kept.
    Raises ValueError as `appoint` does."""
    if bool(scopes) is (role is Role.ADMIN):
        raise ValueError("scopes")
    token = secrets.token_urlsafe(24)
    row = StaffInvite(
        token_hash=_hash(token),
        role=role,
        scopes=[[scope.kind, scope.municipality, scope.value] for scope in scopes],
        invited_by=by,
        created_at=now,
        expires_at=now + INVITE_LASTS,
    )
    session.add(row)
    session.flush()
    note(session, by, "invite", f"invite:{row.id}", now)
    return token


def withdraw(session: Session, token: str, now: dt.datetime, *, by: int) -> bool:
    """Take back an invitation that this staffer made; whether it was theirs and nobody had used it."""
    row = session.exec(select(StaffInvite).where(StaffInvite.token_hash == _hash(token))).one_or_none()
    if row is None or row.invited_by != by or row.used_at is not None or row.expires_at <= now:
        return False
    row.expires_at = now
    session.add(row)
    note(session, by, "withdraw", f"invite:{row.id}", now)
    return True


def accept(session: Session, token: str, telegram_id: int, now: dt.datetime) -> Staffer:
    """Make the bearer of this token staff. Whoever has the same role elsewhere keeps that too; a link never
    takes rights away. Raises InviteError, and the link stays as it was."""
    row = session.exec(select(StaffInvite).where(StaffInvite.token_hash == _hash(token))).one_or_none()
    role, scopes = _offered(session, row, now)
    known = staffer(session, telegram_id)
    if known is not None and known.role is role:
        scopes = {*scopes, *known.scopes}
    if known is not None and (_ranks_above(known.role, role) or scopes == set(known.scopes)):
        raise InviteError("already")
    assert row is not None  # noqa: S101  # it offers something
    unused = (col(StaffInvite.id) == row.id) & col(StaffInvite.used_at).is_(None)
    # The row may have been used since it was read, where a transaction does not see others' writes.
    taken = session.exec(update(StaffInvite).where(unused).values(used_at=now).returning(col(StaffInvite.id)))
    if taken.one_or_none() is None:
        raise InviteError("used")
    welcome = appoint(session, telegram_id, role, tuple(scopes), now, by=row.invited_by)
    note(session, welcome.id, "accept", f"invite:{row.id}", now)
    return welcome


def log(session: Session, limit: int) -> list[AuditEntry]:
    """The last so many entries of the audit log, the newest first."""
    newest = select(AuditEntry).order_by(col(AuditEntry.id).desc()).limit(limit)
    return list(session.exec(newest).all())


def note(
    session: Session, staff_id: int | None, action: str, target: str, now: dt.datetime, **counts: int
) -> None:
    """Write into the audit log who did what. target: "<kind>:<id>"; never words, never a chat's number."""
    session.add(AuditEntry(at=now, staff_id=staff_id, action=action, target=target, counts=counts))


def _offered(session: Session, row: StaffInvite | None, now: dt.datetime) -> tuple[Role, set[Scope]]:
    """What an invitation that still stands makes of its bearer."""
    if row is None:
        raise InviteError("unknown")
    if row.used_at is not None:
        raise InviteError("used")
    role, scopes = Role(row.role), {Scope(ScopeKind(kind), where, value) for kind, where, value in row.scopes}
    may_still = row.invited_by is None or may_invite(by_id(session, row.invited_by), role, scopes)
    if row.expires_at <= now or not may_still:
        raise InviteError("expired")
    return role, scopes


def _ranks_above(role: Role, other: Role) -> bool:
    ranks = list(Role)
    return ranks.index(role) < ranks.index(other)


def _staffer(session: Session, row: Staff) -> Staffer | None:
    if row.id is None or row.telegram_id is None:
        return None
    scopes = session.exec(select(StaffScope).where(StaffScope.staff_id == row.id)).all()
    found = sorted(Scope(ScopeKind(scope.kind), scope.municipality, scope.value) for scope in scopes)
    return Staffer(row.id, row.telegram_id, Role(row.role), tuple(found), row.created_at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
