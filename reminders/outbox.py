"""The outbox: every duty to say something unasked is one row, and this is the one place with a lease.

A row goes pending → claimed (a lease, for one worker) → in_flight (written before the request) → sent, or
whatever `reminders.retry` makes of the answer. A lease that runs out gives a claimed row back; a row in
flight is then in doubt and never simply pending again (delivery-and-safety G1–G3). Every verb works inside
the caller's transaction (`Database.write`), and each is one statement for SQLite and PostgreSQL.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import islice
from typing import Any, NamedTuple, NotRequired, TypedDict

import sqlalchemy as sa
from sqlalchemy import ColumnElement, CursorResult, Executable, Table, and_, delete, func, or_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from reminders.model import Broadcast, Delivery, Person
from reminders.notices import Fate, Kind, Outcome
from reminders.retry import Next, after, after_doubt


class Priority(IntEnum):
    """Lower goes first."""

    URGENT_CHANGE = 10
    """A change or cancellation less than twelve hours before the start."""
    REMINDER = 20
    ENROLMENT = 25
    CHANGE = 30
    DIGEST = 40
    UPKEEP = 45
    """Surveys, renewals, warnings."""
    BROADCAST = 50


class Duty(TypedDict):
    """What a planner hands in; the columns of `Delivery` that it decides. state: "pending" unless it is
    "held", to be let go by whoever planned it."""

    key: str
    person_id: int
    kind: str
    due_at: dt.datetime
    useful_until: dt.datetime
    priority: int
    keep_until: dt.datetime
    offering_id: NotRequired[int | None]
    occurrence_id: NotRequired[int | None]
    payload: NotRequired[dict[str, object]]
    broadcast_id: NotRequired[int | None]
    state: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that a worker holds. attempts: requests before this one that may have arrived."""

    id: int
    person_id: int
    kind: str
    priority: int
    attempts: int
    useful_until: dt.datetime


class Released(NamedTuple):
    """What leases that ran out left behind: rows given back, and rows that are in doubt."""

    given_back: int
    in_doubt: int


LONGEST_LEASE = dt.timedelta(minutes=10)
"""A lease that ends later than this was written under another time: a clock has been set back."""
FEW = 1000
"""Up to so many due rows are sorted; more are walked in the order of an index (measured with 1,000,000 due:
0.5 ms for a claim instead of 7 s, which in turn would take 0.15 s where only 50 of 1,000,000 are due)."""
_CHUNK = 1000
_SWEEP = 10_000
_IN_DOUBT = "in-doubt"
_UNSAID: dict[str, object] = {
    "offering_id": None,
    "occurrence_id": None,
    "payload": {},
    "broadcast_id": None,
    "state": "pending",
    "attempts": 0,
}
_FREE: dict[str, object] = {"state": "pending", "claimed_by": None, "lease_until": None}
_TABLE: Table = Delivery.__table__  # type: ignore[attr-defined]  # SQLModel adds it
_MAY_HAVE_ARRIVED = frozenset({Fate.SENT, Fate.UNKNOWN})
_ANSWERABLE = ("in_flight", "unknown", "pending")


def plan(session: Session, duties: Iterable[Duty]) -> int:
    """Write down what is owed, in chunks; returns how many rows came to be. A key that exists is left alone,
    whatever became of it, except that a cancelled duty is owed again when it is planned again."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(_TABLE)
    fresh = {
        name: statement.excluded[name]
        for name in ("due_at", "useful_until", "priority", "keep_until", "payload", "state")
    }
    statement = statement.on_conflict_do_update(
        index_elements=["key"],
        set_={**fresh, "reason": None, "settled_at": None},
        where=_TABLE.c.state == "cancelled",
    )
    session.flush()
    planned, remaining = 0, iter(duties)
    while chunk := list(islice(remaining, _CHUNK)):
        planned += _changed(session, statement, [{**_UNSAID, **duty} for duty in chunk])
    return planned


def anything_to_do(session: Session, now: dt.datetime, only_chat: int | None = None) -> bool:
    """Whether a row is due or a lease has run out: whether it is worth a write lock. Cheap; reads only."""
    late = select(Delivery.id).where(
        col(Delivery.state).in_(("claimed", "in_flight")), _lease_is_over(now), *_of_chat(only_chat)
    )
    questions = (_due_ids(now, only_chat), late)
    return any(session.exec(question.limit(1)).first() is not None for question in questions)


def claim(
    session: Session,
    worker: str,
    now: dt.datetime,
    limit: int,
    lease: dt.timedelta,
    *,
    only_chat: int | None = None,
    without: Iterable[Kind] = (),
) -> list[Claimed]:
    """Take up to `limit` rows that are due and of use, of people who can be reached and have not paused us:
    by priority, then the earliest start. Nobody else gets them until the lease ends. only_chat: of this
    chat's person only. without: kinds that wait."""
    due = session.exec(_due_ids(now, only_chat).limit(FEW + 1)).all()
    if not due:
        return []
    candidates = select(Delivery.id).join(Person).where(*_claimable(now))
    if only_chat is not None or len(due) <= FEW:
        candidates = candidates.where(col(Delivery.id).in_(due))
    if kinds := sorted(without):
        candidates = candidates.where(col(Delivery.kind).not_in(kinds))
    ordered = candidates.order_by(col(Delivery.priority), col(Delivery.useful_until)).limit(limit)
    # A CTE, because PostgreSQL may run a subquery with LIMIT more than once.
    picked = ordered.with_for_update(skip_locked=True, of=Delivery).cte("picked")
    statement = (
        update(Delivery)
        .where(col(Delivery.id).in_(select(picked.c.id)))
        .values(state="claimed", claimed_by=worker, lease_until=now + lease)
        .returning(*(_TABLE.c[name] for name in Claimed.__slots__))
        .execution_options(synchronize_session=False)
    )
    rows = [Claimed(**row._mapping) for row in session.execute(statement)]
    return sorted(rows, key=lambda row: (row.priority, row.useful_until, row.id))


def start(session: Session, mine: Claimed, worker: str, now: dt.datetime, timeout: dt.timedelta) -> bool:
    """`start_all` for one row."""
    return bool(start_all(session, [mine], worker, now, timeout))


def start_all(
    session: Session, rows: Sequence[Claimed], worker: str, now: dt.datetime, timeout: dt.timedelta
) -> set[int]:
    """The fence: note that these requests are about to be made; the ids of those that may be. The others must
    not be sent: the row is no longer this worker's, its lease does not outlast the request, it has become
    useless, its person is gone, erased or has paused us (G9), or its broadcast does not run."""
    mine = select(Delivery.id).where(
        _held([row.id for row in rows], worker),
        col(Delivery.lease_until) >= now + timeout,
        col(Delivery.useful_until) > now,
        select(Person.id).where(Person.id == Delivery.person_id, *_reachable(now)).exists(),
        or_(col(Delivery.broadcast_id).is_(None), _broadcast_runs()),
    )
    # In one order, so that two workers on PostgreSQL do not wait for each other.
    picked = mine.order_by(col(Delivery.id)).with_for_update(of=Delivery).cte("picked")
    statement = (
        update(Delivery)
        .where(col(Delivery.id).in_(select(picked.c.id)))
        .values(state="in_flight", attempts=Delivery.attempts + 1)
        .returning(_TABLE.c.id)
        .execution_options(synchronize_session=False)
    )
    return set(session.execute(statement).scalars())


def settle(session: Session, mine: Claimed, worker: str, outcome: Outcome, now: dt.datetime) -> Next | None:
    """`settle_all` for one row."""
    return settle_all(session, [(mine, outcome)], worker, now)[0]


def settle_all(
    session: Session, answered: Sequence[tuple[Claimed, Outcome]], worker: str, now: dt.datetime
) -> list[Next | None]:
    """Write down what became of started rows. An answer that comes after the lease, when the row was taken
    to be in doubt, still counts; None when somebody else has the row by now, or it was erased."""
    stored = _answerable(session, [mine.id for mine, _ in answered], worker)
    followings: list[Next | None] = []
    moves: list[dict[str, Any]] = []
    for mine, outcome in answered:
        row = stored.get(mine.id)
        if row is None or row.attempts != mine.attempts + 1:
            followings.append(None)
            continue
        known = {"attempts": row.attempts, "useful_until": row.useful_until}
        following = after(Kind(mine.kind), outcome, now=now, **known)
        attempts = row.attempts if outcome.fate in _MAY_HAVE_ARRIVED else mine.attempts
        answer = {"its_id": mine.id, "message_id": outcome.message_id, "attempts": attempts}
        moves.append({**answer, **_moved(following, attempts, row.due_at, now)})
        if following.pause_kind and row.broadcast_id is not None:
            # Those words are its author's to mend; every other broadcast goes on.
            _pause_broadcast(session, row.broadcast_id)
            following = replace(following, pause_kind=False)
        followings.append(following)
    if moves:
        session.execute(update(_TABLE).where(_TABLE.c.id == sa.bindparam("its_id")), moves)
    return followings


def _answerable(session: Session, ids: Sequence[int], worker: str) -> dict[int, Any]:
    columns = (_TABLE.c[name] for name in ("id", "attempts", "useful_until", "due_at", "broadcast_id"))
    rows = session.execute(
        sa.select(*columns)
        .where(
            col(Delivery.id).in_(ids),
            col(Delivery.claimed_by) == worker,
            col(Delivery.state).in_(_ANSWERABLE),
        )
        .order_by(col(Delivery.id))
        .with_for_update()
    )
    return {row.id: row for row in rows}


def drop(session: Session, mine: Claimed, worker: str, following: Next, now: dt.datetime) -> bool:
    """Settle a claimed row that is not to be sent after all, or not yet."""
    row = session.exec(select(Delivery).where(_held([mine.id], worker)).with_for_update()).one_or_none()
    if row is None:
        return False
    _move(row, following, now)
    return True


def give_back(session: Session, rows: Iterable[Claimed], worker: str) -> int:
    """Return rows that were claimed and not started."""
    ids = [row.id for row in rows]
    return _changed(
        session,
        update(Delivery)
        .where(
            col(Delivery.id).in_(ids), col(Delivery.claimed_by) == worker, col(Delivery.state) == "claimed"
        )
        .values(_FREE),
    )


def release_expired(session: Session, now: dt.datetime, only_chat: int | None = None) -> Released:
    """After a crash: claimed rows past their lease are pending again, rows in flight are in doubt."""
    past, whose = _lease_is_over(now), _of_chat(only_chat)
    claimed = update(Delivery).where(col(Delivery.state) == "claimed", past, *whose).values(_FREE)
    given_back = _changed(session, claimed)
    doubtful = session.exec(
        select(Delivery).where(Delivery.state == "in_flight", past, *whose).with_for_update(skip_locked=True)
    ).all()
    for row in doubtful:
        holder = row.claimed_by
        _move(row, _doubt(row, now), now)
        row.claimed_by = holder  # so that a late answer still finds its row
    return Released(given_back, len(doubtful))


def sweep(session: Session, now: dt.datetime) -> int:
    """Mark what was never sent and is of no use any more, and delete what need not be kept; so many rows at
    a time that other writers do not wait long. Call it again while it returns more than zero."""
    useless = select(Delivery.id).where(
        col(Delivery.state).in_(("pending", "held")), Delivery.due_at <= now, Delivery.useful_until <= now
    )
    old = select(Delivery.id).where(Delivery.keep_until <= now, Delivery.state != "in_flight")
    expired = (
        update(Delivery)
        .where(col(Delivery.id).in_(useless.limit(_SWEEP)))
        .values(state="expired", reason=func.coalesce(Delivery.reason, "too-late"), settled_at=now)
    )
    return _changed(session, expired) + _changed(
        session, delete(Delivery).where(col(Delivery.id).in_(old.limit(_SWEEP)))
    )


def move(session: Session, which: ColumnElement[bool], state: str, **columns: object) -> int:
    """Bring rows that nobody is sending into another state: a broadcast's, let go or called back."""
    return _changed(session, update(Delivery).where(which).values(state=state, **columns))


def cancel(session: Session, ids: Sequence[int], now: dt.datetime, reason: str) -> int:
    """These duties no longer exist; what has been started or settled stays as it is."""
    return sum(
        _cancel(session, col(Delivery.id).in_(ids[first : first + _CHUNK]), now, reason)
        for first in range(0, len(ids), _CHUNK)
    )


def cancel_person(session: Session, person_id: int, now: dt.datetime, reason: str) -> int:
    """Nothing is owed to this person any more."""
    return _cancel(session, col(Delivery.person_id) == person_id, now, reason)


def _cancel(session: Session, which: ColumnElement[bool], now: dt.datetime, reason: str) -> int:
    open_rows = _by_no_index(Delivery.state).in_(("held", "pending", "claimed"))
    cancelled = {**_FREE, "state": "cancelled", "reason": reason, "settled_at": now}
    return _changed(session, update(Delivery).where(which, open_rows).values(cancelled))


def _doubt(row: Delivery, now: dt.datetime) -> Next:
    return after_doubt(Kind(row.kind), attempts=row.attempts, useful_until=row.useful_until, now=now)


def _move(row: Delivery, following: Next, now: dt.datetime) -> None:
    for name, value in _moved(following, row.attempts, row.due_at, now).items():
        setattr(row, name, value)


def _moved(following: Next, attempts: int, due_at: dt.datetime, now: dt.datetime) -> dict[str, object]:
    said_twice_perhaps = following.state == "sent" and attempts > 1
    return {
        "state": following.state,
        "reason": _IN_DOUBT if said_twice_perhaps else following.reason[:40] or None,
        "due_at": following.due_at or due_at,
        "claimed_by": None,
        "lease_until": None,
        "settled_at": None if following.state == "pending" else now,
    }


def _due_ids(now: dt.datetime, only_chat: int | None) -> Any:
    return select(Delivery.id).where(
        Delivery.state == "pending", Delivery.due_at <= now, *_of_chat(only_chat)
    )


def _lease_is_over(now: dt.datetime) -> ColumnElement[bool]:
    return or_(col(Delivery.lease_until) <= now, col(Delivery.lease_until) > now + LONGEST_LEASE)


def _of_chat(chat_id: int | None) -> list[ColumnElement[bool]]:
    if chat_id is None:
        return []
    return [col(Delivery.person_id).in_(select(Person.id).where(Person.chat_id == chat_id))]


def _claimable(now: dt.datetime) -> list[ColumnElement[bool]]:
    due = _by_no_index(Delivery.due_at) <= now
    return [col(Delivery.state) == "pending", due, col(Delivery.useful_until) > now, *_reachable(now)]


def _by_no_index(column: Any) -> ColumnElement[Any]:
    # Inside an expression a column leads no planner away from the index that is meant.
    return func.coalesce(column, column)


def _reachable(now: dt.datetime) -> list[ColumnElement[bool]]:
    paused_until = col(Person.paused_until)
    return [col(Person.inactive_since).is_(None), or_(paused_until.is_(None), paused_until <= now)]


def _broadcast_runs() -> ColumnElement[bool]:
    its = select(Broadcast.id).where(Broadcast.id == Delivery.broadcast_id)
    return its.where(Broadcast.state == "running").exists()


def _pause_broadcast(session: Session, broadcast_id: int) -> None:
    running = update(Broadcast).where(col(Broadcast.id) == broadcast_id, col(Broadcast.state) == "running")
    _changed(session, running.values(state="paused", paused_for="words"))


def _held(ids: Sequence[int], worker: str) -> ColumnElement[bool]:
    return and_(
        col(Delivery.id).in_(ids), col(Delivery.claimed_by) == worker, col(Delivery.state) == "claimed"
    )


def _changed(session: Session, statement: Executable, rows: list[dict[str, object]] | None = None) -> int:
    # Nothing in a session is kept in step: whoever holds rows of the outbox reads them anew.
    options = {"synchronize_session": False, "preserve_rowcount": True}
    result = session.execute(statement, rows, execution_options=options)
    assert isinstance(result, CursorResult)  # noqa: S101  # what INSERT, UPDATE and DELETE give
    return result.rowcount
