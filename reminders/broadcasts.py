"""Broadcasts: what staff say to many, as they decide it.

draft → waiting (for a second person, from 200 recipients on) or held (ten minutes in which it can be taken
back) → ready (approved, until its time comes) → running ⇄ paused → done; stopped by hand, expired when its
time is over, withdrawn when it was wrong. `reminders.broadcast_progress` takes the steps that nobody has to
decide.

The fence of the outbox lets nothing out of a broadcast that does not run: a stop holds from the next request
on. A row in doubt is never sent again.
"""

import datetime as dt
import hashlib
import json
from typing import Any

from sqlmodel import Session, col, select

from catalog import staff
from catalog.places import gazetteer
from catalog.staff import Right, Staffer
from catalog.staff_model import AuditEntry
from reminders import outbox
from reminders.audience import Audience, Count, Sending
from reminders.model import Broadcast, Delivery
from reminders.refusals import RefusedError

FEWEST = 5
"""Fewer recipients than this are refused: nobody can write to one child."""
SECOND_PERSON_FROM = 200
TAKE_BACK = dt.timedelta(minutes=10)
MOST_OFFERINGS = 5
LONGEST = dt.timedelta(days=7)
USUALLY = dt.timedelta(hours=24)
"""How long a broadcast may take when its author named no end."""

EDITABLE = ("draft", "waiting", "held", "ready")
OPEN = ("ready", "running", "paused")


def draft(session: Session, author: Staffer, now: dt.datetime, *, corrects: int | None = None) -> Broadcast:
    """A new broadcast of this author; one that makes another good goes to whoever got that one."""
    audience = Audience(municipalities=tuple(sorted(author.municipalities)))
    if corrects is not None:
        audience = Audience(recipients_of=corrects)
    made = Broadcast(
        author_id=author.id, audience=audience.dump(), corrects=corrects, created_at=now, updated_at=now
    )
    session.add(made)
    session.flush()
    return made


def edit(session: Session, broadcast: Broadcast, now: dt.datetime, **facts: Any) -> None:
    """Change texts, picture, offerings, audience, send_at or not_after. Whatever had been approved or
    handed in is a draft again. Raises RefusedError("begun") once it is under way."""
    if broadcast.state not in EDITABLE:
        raise RefusedError("begun")
    for name, value in facts.items():
        setattr(broadcast, name, value.dump() if isinstance(value, Audience) else value)
    broadcast.state, broadcast.approved_by, broadcast.approved_hash = "draft", None, None
    broadcast.updated_at = now
    session.add(broadcast)


def content_hash(broadcast: Broadcast) -> str:
    """Of what is said and to whom: what an approval is bound to."""
    what = [broadcast.texts, broadcast.picture, broadcast.offerings, broadcast.audience]
    # In UTC, as the database tells them: the same instant is the same in every zone.
    moments = (broadcast.send_at, broadcast.not_after)
    when = [moment and moment.astimezone(dt.UTC).isoformat() for moment in moments]
    return hashlib.sha256(json.dumps([*what, *when], sort_keys=True).encode()).hexdigest()


def sending(broadcast: Broadcast, now: dt.datetime) -> Sending:
    """What its audience is read for. Without a time it starts now, or ten minutes from now while it can
    still be taken back."""
    start = max(broadcast.send_at or now, now)
    return Sending(
        Audience.load(broadcast.audience),
        tuple(broadcast.offerings),
        start,
        broadcast.not_after or start + USUALLY,
    )


def problems(broadcast: Broadcast, now: dt.datetime) -> tuple[str, ...]:
    """Why it cannot be handed in: "no-text", "too-many-offerings", "time-over", "too-long" (between its
    start and its end); empty when it can."""
    found = []
    if not any(text.strip() for text in broadcast.texts.values()):
        found.append("no-text")
    if len(broadcast.offerings) > MOST_OFFERINGS:
        found.append("too-many-offerings")
    plan = sending(broadcast, now)
    if plan.not_after <= max(plan.start, now):
        found.append("time-over")
    elif plan.not_after - plan.start > LONGEST:
        found.append("too-long")
    return tuple(found)


def submit(
    session: Session, broadcast: Broadcast, author: Staffer, now: dt.datetime, *, counted: Count, hashed: str
) -> str:
    """Hand it in, as it was counted and shown (`hashed`): "waiting" for a second person, or "held". Raises
    RefusedError: "not-yours", "begun", one of `problems`, "changed" since it was counted, "too-few"."""
    if broadcast.author_id != author.id or not may_send(session, author, broadcast):
        raise RefusedError("not-yours")
    if broadcast.state != "draft":
        raise RefusedError("begun")
    if found := problems(broadcast, now):
        raise RefusedError(found[0])
    if content_hash(broadcast) != hashed:
        raise RefusedError("changed")
    if counted.reached < FEWEST:
        raise RefusedError("too-few")
    broadcast.state = "waiting" if counted.reached >= SECOND_PERSON_FROM else "held"
    if broadcast.state == "held":
        broadcast.approved_hash = hashed
        broadcast.send_at = max(broadcast.send_at or now, now + TAKE_BACK)
        broadcast.approved_hash = content_hash(broadcast)
    broadcast.announced, broadcast.updated_at = counted.reached, now
    session.add(broadcast)
    numbers = {"recipients": counted.reached, "left_out": counted.left_out.total()}
    staff.note(session, author.id, "submit", target(broadcast), now, **numbers)
    return broadcast.state


def left_out(session: Session, broadcast: Broadcast) -> int:
    """How many of the audience were left out when it was handed in."""
    mine = (AuditEntry.target == target(broadcast), AuditEntry.action == "submit")
    newest = select(AuditEntry).where(*mine).order_by(col(AuditEntry.id).desc()).limit(1)
    entry = session.exec(newest).first()
    return entry.counts.get("left_out", 0) if entry else 0


def approve(session: Session, broadcast: Broadcast, by: Staffer, hashed: str, now: dt.datetime) -> None:
    """A second person lets it through, as it was shown to them (`hashed`). Raises RefusedError: "own" (the
    author's), "not-yours", "settled", "changed"."""
    _check_second(session, broadcast, by, hashed)
    broadcast.state, broadcast.approved_by, broadcast.approved_hash = "ready", by.id, hashed
    broadcast.updated_at = now
    session.add(broadcast)
    staff.note(session, by.id, "approve", target(broadcast), now)


def _check_second(session: Session, broadcast: Broadcast, by: Staffer, hashed: str) -> None:
    if by.id == broadcast.author_id:
        raise RefusedError("own")
    if not may_send(session, by, broadcast, Right.APPROVE):
        raise RefusedError("not-yours")
    if broadcast.state != "waiting":
        raise RefusedError("settled")
    if content_hash(broadcast) != hashed:
        raise RefusedError("changed")


def decline(session: Session, broadcast: Broadcast, by: Staffer, hashed: str, now: dt.datetime) -> None:
    """A second person sends it back: it is a draft again. Raises RefusedError like `approve`."""
    _check_second(session, broadcast, by, hashed)
    edit(session, broadcast, now)
    staff.note(session, by.id, "decline", target(broadcast), now)


def discard(session: Session, broadcast: Broadcast, by: int, now: dt.datetime) -> None:
    """Throw a draft away. Raises RefusedError("begun") for what is no draft."""
    if broadcast.state != "draft":
        raise RefusedError("begun")
    staff.note(session, by, "discard", target(broadcast), now)
    session.delete(broadcast)


def take_back(session: Session, broadcast: Broadcast, by: int, now: dt.datetime) -> None:
    """It is a draft again. Raises RefusedError("begun") once it is under way."""
    edit(session, broadcast, now)
    staff.note(session, by, "take-back", target(broadcast), now)


def pause(session: Session, broadcast: Broadcast, why: str, now: dt.datetime, by: int | None = None) -> bool:
    """Let nothing more out, from the next request on; whether it was running."""
    if broadcast.state != "running":
        return False
    broadcast.state, broadcast.paused_for, broadcast.updated_at = "paused", why, now
    session.add(broadcast)
    session.flush()
    call_back(session, broadcast)
    staff.note(session, by, "pause", target(broadcast), now)
    return True


def go_on(session: Session, broadcast: Broadcast, by: int, now: dt.datetime) -> bool:
    """Go on after a pause; whether it was paused. Whoever goes on after the first of many has looked at
    them."""
    if broadcast.state != "paused":
        return False
    broadcast.canary_seen = broadcast.canary_seen or broadcast.paused_for == "canary"
    broadcast.state, broadcast.paused_for, broadcast.updated_at = "running", None, now
    session.add(broadcast)
    staff.note(session, by, "go-on", target(broadcast), now)
    return True


def stop(session: Session, broadcast: Broadcast, by: int, now: dt.datetime) -> bool:
    """End it for good, from the next request on; whether it was under way. Its remaining rows are cancelled
    by `advance`."""
    if broadcast.state not in OPEN:
        return False
    end(session, broadcast, "stopped", now)
    staff.note(session, by, "stop", target(broadcast), now)
    return True


def withdraw(session: Session, broadcast: Broadcast, by: int, now: dt.datetime) -> bool:
    """It was wrong: stop it, and delete what has arrived where Telegram still allows
    (`reminders.withdrawing`); whether there was anything to withdraw."""
    if broadcast.state not in (*OPEN, "done", "stopped", "expired") or broadcast.frozen_at is None:
        return False
    end(session, broadcast, "withdrawn", now)
    staff.note(session, by, "withdraw", target(broadcast), now)
    return True


def may_send(
    session: Session, staffer: Staffer, broadcast: Broadcast, right: Right = Right.BROADCAST
) -> bool:
    """Whether they may write to this audience: in their own municipalities, or to whom an earlier broadcast
    went that they might have sent."""
    audience = Audience.load(broadcast.audience)
    where = [*audience.municipalities, *(_municipality_of(key) for key in audience.districts)]
    if audience.recipients_of is not None and not where:
        earlier = session.get(Broadcast, audience.recipients_of)
        return earlier is not None and may_send(session, staffer, earlier, right)
    return staff.may(staffer, right, where)


def _municipality_of(key: str) -> str:
    place = gazetteer().get(key)
    return (place.municipality or "") if place else ""


def target(broadcast: Broadcast) -> str:
    """What the audit log calls it."""
    return f"broadcast:{broadcast.id}"


def end(session: Session, broadcast: Broadcast, state: str, now: dt.datetime) -> None:
    """It is over: "done", "stopped", "expired" or "withdrawn"."""
    broadcast.state, broadcast.paused_for = state, None
    broadcast.ended_at = broadcast.ended_at or now
    broadcast.updated_at = now
    session.add(broadcast)


def call_back(session: Session, broadcast: Broadcast) -> int:
    """What was let go and not begun is held again; how many."""
    waiting = (col(Delivery.broadcast_id) == broadcast.id) & (col(Delivery.state) == "pending")
    back = outbox.move(session, waiting, "held")
    broadcast.released = max(0, broadcast.released - back)
    session.add(broadcast)
    return back
