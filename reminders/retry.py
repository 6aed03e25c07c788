"""Pure: what comes after an outcome. The law of delivery-and-safety G2 and its table of outcome classes.

What certainly was not sent goes back to pending and counts no attempt. What is in doubt is sent once more
only for reminders and cancellations, five minutes later, while still of use; everything else never.
"""

import datetime as dt
from dataclasses import dataclass

from reminders.notices import Fate, Kind, Outcome

SENT_AGAIN_WHEN_IN_DOUBT = frozenset({Kind.REMINDER, Kind.CANCELLATION})
DOUBT_PAUSE = dt.timedelta(minutes=5)
MOST_COPIES = 2
NOT_SENT_PAUSE = dt.timedelta(seconds=10)
AFTER_A_HALT = dt.timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Next:
    """The state a delivery is in from now on. due_at: when it is pending again. gone: the person cannot be
    reached and all their rows end. new_chat_id: the person's chat moved. halt_until: nothing at all is sent
    before. pause_kind: our words were refused; this kind waits for a developer. stop: the sender must end."""

    state: str
    reason: str = ""
    due_at: dt.datetime | None = None
    gone: bool = False
    new_chat_id: int | None = None
    halt_until: dt.datetime | None = None
    pause_kind: bool = False
    stop: bool = False


def after(  # noqa: PLR0911  # one line a fate, read as a table
    kind: Kind, outcome: Outcome, *, attempts: int, useful_until: dt.datetime, now: dt.datetime
) -> Next:
    """What becomes of a delivery of this kind. attempts: requests that may have arrived,
    this one included."""
    match outcome.fate:
        case Fate.SENT:
            return Next("sent")
        case Fate.NOT_SENT:
            return _again(now + NOT_SENT_PAUSE, outcome.reason or "not-sent", useful_until)
        case Fate.UNKNOWN:
            return after_doubt(kind, attempts=attempts, useful_until=useful_until, now=now)
        case Fate.TOO_MANY:
            until = now + dt.timedelta(seconds=outcome.retry_after) + AFTER_A_HALT
            return Next("pending", "too-many", due_at=until, halt_until=until)
        case Fate.GONE:
            return Next("failed", outcome.reason or "gone", gone=True)
        case Fate.MIGRATED:
            return Next("pending", "migrated", due_at=now, new_chat_id=outcome.new_chat_id)
        case Fate.REFUSED:
            return Next("failed", outcome.reason or "refused", pause_kind=True)
        case Fate.STOP:
            return Next("pending", outcome.reason or "stop", due_at=now, stop=True)


def after_doubt(kind: Kind, *, attempts: int, useful_until: dt.datetime, now: dt.datetime) -> Next:
    """Whether a delivery in doubt is said once more: the request may have arrived, or we died asking."""
    again = now + DOUBT_PAUSE
    if kind in SENT_AGAIN_WHEN_IN_DOUBT and attempts < MOST_COPIES and again < useful_until:
        return Next("pending", "in-doubt", due_at=again)
    return Next("unknown", "in-doubt")


def _again(due_at: dt.datetime, reason: str, useful_until: dt.datetime) -> Next:
    if due_at >= useful_until:
        return Next("expired", reason)
    return Next("pending", reason, due_at=due_at)
