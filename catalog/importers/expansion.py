"""Works out the dates of recurring events in a guarded child process.

A rule of a few bytes can keep a processor busy for hours, so none is worked out in our own process. The
child is a script that imports nothing of the project: JSON in, one line of JSON out an event, no pickles. It
holds itself to limits of memory and processor time, an event at a time; should it die all the same, the event
it was at is the guilty one, and a new child goes on behind it.
"""

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

TAG = "X-COMPONENT"
"""A property that numbers the components of an event, by which a moment tells where it comes from."""

_TOO_HEAVY = "recurrence-too-heavy"
_CHILD = Path(__file__).with_name("expansion_child.py")


@dataclass(frozen=True, slots=True)
class Limits:
    """seconds_an_event, seconds_for_heavy: processor time, for one event and for all that were too heavy
    together. wall_seconds, processor_seconds, megabytes: for one child. most: occurrences an event;
    most_in_all: of a file. children: how many may be started for one file."""

    seconds_an_event: float = 0.6
    seconds_for_heavy: float = 6.0
    wall_seconds: float = 120.0
    processor_seconds: int = 120
    megabytes: int = 768
    most: int = 1_000
    most_in_all: int = 200_000
    children: int = 3


@dataclass(frozen=True, slots=True)
class Moment:
    """One time of an event: key as in `OccurrenceDraft`; start and end either both dates (end exclusive) or
    both aware; component: the number under TAG of the component that tells its facts."""

    key: str
    start: dt.date
    end: dt.date
    component: int


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` to `until`, aware. Of an event that is over by then, the last times before are given."""

    since: dt.datetime
    until: dt.datetime


def expand(events: Sequence[str], span: Span, limits: Limits | None = None) -> list[list[Moment] | str]:
    """For each event (a VCALENDAR with its VEVENTs, zones by their IANA names) its moments, or the code of a
    rejection: "recurrence-too-heavy", "too-many-occurrences", "no-occurrences" or "bad-recurrence"."""
    limits = limits or Limits()
    answers: list[list[Moment] | str] = []
    for _ in range(limits.children):
        if len(answers) == len(events):
            break
        replies, timed_out = _ask_child(events[len(answers) :], span, limits)
        answers.extend(replies)
        if len(answers) < len(events):
            answers.append(_TOO_HEAVY)
        if timed_out:
            break
    return answers + [_TOO_HEAVY] * (len(events) - len(answers))


def _ask_child(events: Sequence[str], span: Span, limits: Limits) -> tuple[list[list[Moment] | str], bool]:
    question = {
        "events": list(events),
        "since": span.since.isoformat(),
        "until": span.until.isoformat(),
        "limits": asdict(limits),
    }
    # Our own interpreter and our own script; what is untrusted goes in by standard input.
    child = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", str(_CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with child:
        try:
            said, _ = child.communicate(json.dumps(question).encode(), timeout=limits.wall_seconds)
            timed_out = False
        except subprocess.TimeoutExpired:
            child.kill()
            said, _ = child.communicate()
            timed_out = True
    lines = said.split(b"\n")[:-1]
    return [_answer(json.loads(line)) for line in lines[: len(events)]], timed_out


def _answer(reply: Any) -> list[Moment] | str:
    if isinstance(reply, str):
        return reply
    return [Moment(key, _read(start), _read(end), component) for key, start, end, component in reply]


def _read(written: str) -> dt.date:
    return dt.date.fromisoformat(written) if len(written) == 10 else dt.datetime.fromisoformat(written)
