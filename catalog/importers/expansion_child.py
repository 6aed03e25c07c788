"""The guarded child of `expansion`: reads a question from standard input, answers a line of JSON an event.

A script, not a module: it imports nothing of the project, so that it starts fast and holds little memory.
"""

import contextlib
import datetime as dt
import json
import resource
import signal
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import icalendar
import recurring_ical_events

_TOO_HEAVY, _TOO_MANY = "recurrence-too-heavy", "too-many-occurrences"
_NONE_AT_ALL, _BAD = "no-occurrences", "bad-recurrence"
_TAG = "X-COMPONENT"
_PAST_KEPT, _FUTURE_KEPT = 50, 5
_A_MONTH = 31

Limits = dict[str, float]
Span = tuple[dt.datetime, dt.datetime]


class _TooLongError(BaseException):
    """The event's time is up. No Exception, so that no library can swallow it."""


def _work() -> None:
    question = json.loads(sys.stdin.buffer.read())
    limits = question["limits"]
    _confine(limits)
    span = dt.datetime.fromisoformat(question["since"]), dt.datetime.fromisoformat(question["until"])
    heavy, given = 0.0, 0
    for event in question["events"]:
        if heavy >= limits["seconds_for_heavy"]:
            reply: list[Any] | str = _TOO_HEAVY
        elif given >= limits["most_in_all"]:
            reply = _TOO_MANY
        else:
            reply = _guarded(event, span, limits)
        heavy += limits["seconds_an_event"] * (reply == _TOO_HEAVY)
        given += 0 if isinstance(reply, str) else len(reply)
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


def _confine(limits: Limits) -> None:
    memory, processor = int(limits["megabytes"]) * 1024 * 1024, int(limits["processor_seconds"])
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, processor)):
        # Some systems refuse a limit; the others still hold.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))
    signal.signal(signal.SIGVTALRM, _time_is_up)


def _time_is_up(_signal: int, _frame: object) -> None:
    raise _TooLongError


def _guarded(event: str, span: Span, limits: Limits) -> list[Any] | str:
    try:
        signal.setitimer(signal.ITIMER_VIRTUAL, limits["seconds_an_event"])
        try:
            moments = list(_moments(event, span))
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    except (_TooLongError, MemoryError):
        return _TOO_HEAVY
    except Exception:
        return _BAD
    if len(moments) > limits["most"]:
        return _TOO_MANY
    return moments or _NONE_AT_ALL


def _moments(event: str, span: Span) -> Iterator[tuple[str, str, str, int]]:
    calendar = icalendar.Calendar.from_ical(event.encode())
    query = recurring_ical_events.of(calendar)
    found = [part for part in query.between(*span) if _begins_before(part, span[1])]
    if not found:
        found = _elsewhere(query, calendar, span)
    keys = set()
    for part in _in_order(found):
        start, end = part["DTSTART"].dt, part["DTEND"].dt
        original = part["RECURRENCE-ID"]
        moves_all_after = original.params.get("RANGE") == "THISANDFUTURE"
        key = _key(start if moves_all_after else original.dt)
        if key not in keys:
            keys.add(key)
            yield key, start.isoformat(), end.isoformat(), int(part.get(_TAG, 0))


def _elsewhere(query: Any, calendar: Any, span: Span) -> list[Any]:
    """The last times of an event that is over, or the first ones when it begins after the span."""
    first = min(_instant(part["DTSTART"].dt) for part in calendar.walk("VEVENT"))
    if first >= span[1]:
        return _in_order(query.between(first, first + dt.timedelta(days=_A_MONTH)))[:_FUTURE_KEPT]
    return _in_order(query.between(first, span[0]))[-_PAST_KEPT:]


def _in_order(parts: Iterable[Any]) -> list[Any]:
    return sorted(parts, key=lambda part: _instant(part["DTSTART"].dt))


def _begins_before(part: Any, until: dt.datetime) -> bool:
    return _instant(part["DTSTART"].dt) < until


def _instant(time: dt.date) -> dt.datetime:
    if isinstance(time, dt.datetime):
        return time.astimezone(dt.UTC) if time.tzinfo else time.replace(tzinfo=dt.UTC)
    return dt.datetime(time.year, time.month, time.day, tzinfo=dt.UTC)


def _key(time: dt.date) -> str:
    return _instant(time).isoformat() if isinstance(time, dt.datetime) else time.isoformat()


if __name__ == "__main__":
    _work()
