"""How a broadcast goes out: step by step, and what became of it.

Recipients are written down in pages, one row of the outbox each, "held". They are let go some thousands at a
time, so a pause has little to call back.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from catalog import staff
from catalog.database import Database
from reminders import outbox
from reminders.audience import Member, Reader
from reminders.broadcasts import OPEN, USUALLY, call_back, content_hash, end, may_send, pause, sending
from reminders.model import Broadcast, Delivery
from reminders.news import Match
from reminders.notices import Kind
from reminders.outbox import Duty, Priority

CANARY_FROM, CANARY = 1_000, 200
"""Of so many or more the first ones go alone; the rest waits until somebody has looked and said "go on"."""
AHEAD = 5_000
"""So many rows wait in the outbox at most; the rest is held back."""
LOOKED_AT, LEAST = 1_000, 100
BLOCKED_SHARE, REFUSED_SHARE = 0.05, 0.01
"""Shares of the last LOOKED_AT rows, once there are LEAST, at which a broadcast pauses by itself."""
KEPT = dt.timedelta(days=30)
_UNSENT = ("held", "pending", "claimed")
_OUT = ("pending", "claimed", "in_flight")
_ANSWERED = ("sent", "failed", "unknown")
_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a broadcast. All but followed and muted add up to `announced`. blocked: could not be
    reached, most often because they blocked us; erased: left for good meanwhile, or their row was deleted
    in time."""

    announced: int
    sent: int = 0
    in_doubt: int = 0
    blocked: int = 0
    failed: int = 0
    expired: int = 0
    cancelled: int = 0
    ahead: int = 0
    in_flight: int = 0
    withdrawn: int = 0
    erased: int = 0
    followed: int = 0
    muted: int = 0


def report(session: Session, broadcast: Broadcast) -> Report:
    """What became of it so far."""
    rows = session.exec(
        select(Delivery.state, Delivery.reason, func.count())
        .where(Delivery.broadcast_id == broadcast.id)
        .group_by(col(Delivery.state), col(Delivery.reason))
    )
    found: Counter[str] = Counter()
    for state, reason, number in rows:
        found[_column(state, reason)] += number
    erased = max(0, broadcast.announced - found.total()) if broadcast.frozen_at else 0
    return Report(
        announced=broadcast.announced,
        erased=erased,
        followed=broadcast.followed,
        muted=broadcast.muted,
        **found,
    )


def advance(session: Session, broadcast: Broadcast, now: dt.datetime, zone: ZoneInfo, match: Match) -> str:
    """One step of its life, in one transaction: start it, write down a page of recipients, let some go,
    pause it, call off what is left, end it. What was done, in a word; empty when there was nothing to
    do."""
    match broadcast.state:
        case "held" | "ready":
            return _start(session, broadcast, now)
        case "running" if broadcast.frozen_at is None:
            return _freeze(session, broadcast, now, zone, match)
        case "running":
            return _go(session, broadcast, now)
        case "paused" if broadcast.not_after and broadcast.not_after <= now:
            end(session, broadcast, "expired", now)
            return "expired"
        case "paused":
            return "called back" if call_back(session, broadcast) else ""
    return _call_off(session, broadcast, now)


def advance_all(database: Database, now: dt.datetime, zone: ZoneInfo, match: Match) -> str:
    """`advance` everything that is alive, each as far as it goes just now. Blocking."""
    done = []
    for id_ in database.read(alive):

        def step(session: Session, id_: int = id_) -> str:
            return advance(session, session.get_one(Broadcast, id_), now, zone, match)

        while what := database.write(step):
            done.append(f"{id_} {what}")
    return ", ".join(done)


def alive(session: Session) -> Sequence[int]:
    """The ids of the broadcasts that `advance` may have something to do for."""
    unsent = (
        select(Delivery.id)
        .where(Delivery.broadcast_id == Broadcast.id, col(Delivery.state).in_(_UNSENT))
        .exists()
    )
    ended = col(Broadcast.state).in_(("stopped", "expired", "withdrawn")) & unsent
    going = col(Broadcast.state).in_(("held", *OPEN))
    found = session.exec(select(Broadcast.id).where(going | ended).order_by(col(Broadcast.id))).all()
    return [id_ for id_ in found if id_ is not None]


def _start(session: Session, broadcast: Broadcast, now: dt.datetime) -> str:
    if (broadcast.send_at or now) > now:
        return ""
    author = staff.by_id(session, broadcast.author_id)
    if (
        author is None
        or not may_send(session, author, broadcast)
        or content_hash(broadcast) != broadcast.approved_hash
    ):
        broadcast.state, broadcast.updated_at = "draft", now
        session.add(broadcast)
        return "refused"
    broadcast.state, broadcast.announced, broadcast.updated_at = "running", 0, now
    broadcast.send_at = broadcast.send_at or now
    broadcast.not_after = broadcast.not_after or now + USUALLY
    session.add(broadcast)
    return "started"


def _freeze(session: Session, broadcast: Broadcast, now: dt.datetime, zone: ZoneInfo, match: Match) -> str:
    reader = Reader(sending(broadcast, now), now, zone, match)
    last, members = reader.page(session, broadcast.frozen_to)
    broadcast.announced += outbox.plan(
        session, (_duty(broadcast, m) for m in members if m.due_at is not None)
    )
    if last is None:
        broadcast.frozen_at = now
    else:
        broadcast.frozen_to = last
    broadcast.updated_at = now
    session.add(broadcast)
    return "frozen" if last is None else "freezing"


def _duty(broadcast: Broadcast, member: Member) -> Duty:
    assert member.due_at is not None  # noqa: S101  # who is left out gets no row
    assert broadcast.not_after is not None  # noqa: S101  # set when it started
    return Duty(
        key=f"b:{broadcast.id}:{member.person_id}",
        person_id=member.person_id,
        kind=Kind.BROADCAST,
        due_at=member.due_at,
        useful_until=broadcast.not_after,
        priority=Priority.BROADCAST,
        keep_until=broadcast.not_after + KEPT,
        broadcast_id=broadcast.id,
        state="held",
    )


def _go(session: Session, broadcast: Broadcast, now: dt.datetime) -> str:
    """Let the next ones go, or see that it is over."""
    if broadcast.not_after and broadcast.not_after <= now:
        end(session, broadcast, "expired", now)
        return "expired"
    if why := _goes_wrong(session, broadcast):
        pause(session, broadcast, why, now)
        return f"paused: {why}"
    out, held = _how_many(session, broadcast, _OUT), _any_held(session, broadcast)
    room = AHEAD - out
    if broadcast.announced >= CANARY_FROM and not broadcast.canary_seen:
        room = CANARY - broadcast.released
        if room <= 0 and not out:
            pause(session, broadcast, "canary", now)
            return "paused: canary"
    if held and room > 0:
        gone = _let_go(session, broadcast, room, now)
        return f"let go {gone}" if gone else ""
    if held or out:
        return ""
    end(session, broadcast, "done", now)
    return "done"


def _how_many(session: Session, broadcast: Broadcast, states: Sequence[str]) -> int:
    its = Delivery.broadcast_id == broadcast.id, col(Delivery.state).in_(states)
    return session.exec(select(func.count()).select_from(Delivery).where(*its)).one()


def _any_held(session: Session, broadcast: Broadcast) -> bool:
    held = select(Delivery.id).where(Delivery.broadcast_id == broadcast.id, Delivery.state == "held")
    return session.exec(held.limit(1)).first() is not None


def _let_go(session: Session, broadcast: Broadcast, number: int, now: dt.datetime) -> int:
    some = (
        select(Delivery.id)
        .where(Delivery.broadcast_id == broadcast.id, Delivery.state == "held", Delivery.due_at <= now)
        .order_by(col(Delivery.id))  # as the index has them: nothing is sorted
        .limit(number)
    )
    gone = outbox.move(session, col(Delivery.id).in_(some), "pending")
    broadcast.released += gone
    session.add(broadcast)
    return gone


def _call_off(session: Session, broadcast: Broadcast, now: dt.datetime) -> str:
    """Cancel a page of what was never begun; what is of an expired one is expired."""
    some = (
        select(Delivery.id)
        .where(Delivery.broadcast_id == broadcast.id, col(Delivery.state).in_(_UNSENT))
        .limit(_PAGE)
    )
    state = "expired" if broadcast.state == "expired" else "cancelled"
    reason = "too-late" if state == "expired" else broadcast.state
    done = outbox.move(
        session,
        col(Delivery.id).in_(some),
        state,
        reason=reason,
        settled_at=now,
        claimed_by=None,
        lease_until=None,
    )
    return f"{state} {done}" if done else ""


def _goes_wrong(session: Session, broadcast: Broadcast) -> str | None:
    # Rows go in the order of their ids, so the newest answers are found without sorting them all.
    newest = session.exec(
        select(func.max(Delivery.id)).where(
            Delivery.broadcast_id == broadcast.id, col(Delivery.state).in_(_ANSWERED)
        )
    ).one()
    if newest is None:
        return None
    rows = session.exec(
        select(Delivery.state, Delivery.reason).where(
            col(Delivery.id) > newest - LOOKED_AT,
            Delivery.broadcast_id == broadcast.id,
            col(Delivery.state).in_(_ANSWERED),
        )
    )
    columns = Counter(_column(state, reason) for state, reason in rows)
    if columns.total() < LEAST:
        return None
    if columns["blocked"] >= columns.total() * BLOCKED_SHARE:
        return "blocks"
    return "refusals" if columns["failed"] >= columns.total() * REFUSED_SHARE else None


_COLUMNS = {
    "sent": "sent",
    "unknown": "in_doubt",
    "in_flight": "in_flight",
    "expired": "expired",
    "superseded": "cancelled",
    "withdrawn": "withdrawn",
    "held": "ahead",
    "pending": "ahead",
    "claimed": "ahead",
}
_GONE = ("gone", "forbidden", "no-chat")
"""What `bot.sender` and the outbox call people who cannot be reached."""


def _column(state: str, reason: str | None) -> str:
    if state in ("failed", "cancelled"):
        unreachable = reason in _GONE
        return "blocked" if unreachable else state
    return _COLUMNS[state]
