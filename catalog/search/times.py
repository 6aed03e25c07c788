"""When a question asks, against when occurrences are on."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from catalog.query import Query, Window
from catalog.search.columns import Column, Occurrences, Schedule
from catalog.search.spans import FOREVER, Bools, Ints, LocalDays, Spans, to_seconds

_WHOLE_DAY = dt.timedelta(hours=20)
"""A window shorter than this asks for a part of a day (days may have 23 hours, a day half over fewer)."""


@dataclass(frozen=True, slots=True)
class When:
    """For each of the occurrences asked about: whether it fits, and the first instant at which it does."""

    fits: Bools
    moments: Ints


def part_of_day_asked(query: Query) -> bool:
    """Whether the question cares for the time of day, so that an unknown one counts as unknown."""
    by_clock = query.from_time is not None or query.until_time is not None
    return by_clock or any(w.since and w.until and w.until - w.since < _WHOLE_DAY for w in query.windows)


def fit_times(
    occurrences: Occurrences, at: Column, schedules: tuple[Schedule, ...], query: Query, now: dt.datetime
) -> When:
    """Judge the occurrences at these rows. What is on only before `now` does not fit any more."""
    fits = np.zeros(len(at), dtype=bool)
    moments = occurrences.starts[at].copy()
    for number, members in _by_schedule(occurrences.schedules[at]):
        rows = at[members]
        starts, ends = occurrences.starts[rows], occurrences.ends[rows]
        allowed, forbidden = _spans(schedules[number], query, now)
        if query.starts_only:
            # A bare date begins at some time of its first day.
            ends = np.minimum(ends, np.maximum(starts + 1, occurrences.begun[rows]))
        fits[members], moments[members] = allowed.meets(starts, ends)
        if schedules[number].open_hours is None:
            fits[members] &= ~forbidden.meets(starts, ends)[0]
    if not query.now_asked:
        fits &= ~(occurrences.hideable[at] & (occurrences.begun[at] <= to_seconds(now)))
    return When(fits, moments)


def _by_schedule(schedules: Column) -> Iterator[tuple[int, Column]]:
    order = np.argsort(schedules, kind="stable")
    numbers, firsts = np.unique(schedules[order], return_index=True)
    untils = np.append(firsts, len(order))[1:]
    for number, first, until in zip(numbers.tolist(), firsts, untils, strict=True):
        yield number, order[first:until]


def _spans(schedule: Schedule, query: Query, now: dt.datetime) -> tuple[Spans, Spans]:
    """(when an occurrence of this schedule may be on, when it must not be)."""
    allowed = _asked(schedule.days, query) & Spans.of([(to_seconds(now), FOREVER)])
    forbidden = _refused(schedule.days, query.exclude)
    if schedule.open_hours is not None:
        allowed = schedule.open_hours.apart_from(forbidden) & allowed
    return allowed, forbidden


def _asked(days: LocalDays, query: Query) -> Spans:
    windows = _windows(query.windows) if query.windows else Spans.of([(-FOREVER, FOREVER)])
    return windows & _by_clock(days, query) if _asks_clock(query) else windows


def _refused(days: LocalDays, exclude: Query | None) -> Spans:
    """Windows are refused by themselves; weekdays and times of day together ("not on Friday nights")."""
    if exclude is None:
        return Spans.of([])
    windows = _windows(exclude.windows)
    clock = _by_clock(days, exclude) if _asks_clock(exclude) else Spans.of([])
    both = zip(np.append(windows.since, clock.since), np.append(windows.until, clock.until), strict=True)
    return Spans.of((int(since), int(until)) for since, until in both)


def _asks_clock(query: Query) -> bool:
    return bool(query.weekdays) or query.from_time is not None or query.until_time is not None


def _by_clock(days: LocalDays, query: Query) -> Spans:
    return days.hours(query.weekdays, query.from_time, query.until_time)


def _windows(windows: tuple[Window, ...]) -> Spans:
    return Spans.of(
        (to_seconds(w.since) if w.since else -FOREVER, to_seconds(w.until) if w.until else FOREVER)
        for w in windows
    )
