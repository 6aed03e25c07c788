"""When a question asks, against when occurrences are on."""

import datetime as dt
from collections.abc import Callable, Iterator
from functools import cached_property

import numpy as np

from catalog.query import Query, Window
from catalog.search.columns import Column, Occurrences, Rows, rows_at
from catalog.search.lookups import APART, Lookups, Zone
from catalog.search.spans import FOREVER, Bools, Ints, LocalDays, Spans, to_seconds

_WHOLE_DAY = dt.timedelta(hours=20)
"""A window shorter than this asks for a part of a day (days may have 23 hours, a day half over fewer)."""

_FEW = 8
"""So many spans are held against the opening hours one by one; more are cut out of them first."""

_NEVER = Spans.of([])


def part_of_day_asked(query: Query) -> bool:
    """Whether the question cares for the time of day, so that an unknown one counts as unknown."""
    by_clock = query.from_time is not None or query.until_time is not None
    return by_clock or any(w.since and w.until and w.until - w.since < _WHOLE_DAY for w in query.windows)


class Asked:
    """The times a question asks for from `now` on, to be held against occurrences of an index."""

    def __init__(self, lookups: Lookups, query: Query, now: dt.datetime) -> None:
        self._zone_of = lookups.zone_of
        self._query = query
        self._now = to_seconds(now)
        self._zones = [_ZoneTimes(zone, query, self._now) for zone in lookups.zones]

    def fits(self, occurrences: Occurrences, at: Rows) -> Bools:
        """Whether each of these fits. What is on only before `now` does not fit any more."""
        fits = self._by_zone(occurrences, at, _ZoneTimes.fits, bool)
        if not self._query.now_asked:
            fits &= ~(occurrences.hideable[at] & (occurrences.begun[at] <= self._now))
        return fits

    def moments(self, occurrences: Occurrences, at: Rows) -> Ints:
        """The first instant at which each of these fits, all of which do."""
        return self._by_zone(occurrences, at, _ZoneTimes.moments, np.int64)

    def _by_zone(
        self,
        occurrences: Occurrences,
        at: Rows,
        judge: "Callable[[_ZoneTimes, Ints, Ints, Ints, Column], Column]",
        kind: type,
    ) -> Column:
        starts, ends = occurrences.starts[at], self._ends(occurrences, at)
        runs = occurrences.is_run[at].nonzero()[0]
        schedules = occurrences.schedules[rows_at(at, runs)]
        if len(self._zones) == 1:
            return judge(self._zones[0], starts, ends, runs, schedules)
        result: Column = np.zeros(len(starts), dtype=kind)
        zones = self._zone_of[occurrences.schedules[at]]
        for number, times in enumerate(self._zones):
            own = (zones == number).nonzero()[0]
            theirs = (self._zone_of[schedules] == number).nonzero()[0]
            places = own.searchsorted(runs[theirs])
            result[own] = judge(times, starts[own], ends[own], places, schedules[theirs])
        return result

    def _ends(self, occurrences: Occurrences, at: Rows) -> Ints:
        ends = occurrences.ends[at]
        if not self._query.starts_only:
            return ends
        # A bare date begins at some time of its first day.
        begun: Ints = np.minimum(ends, np.maximum(occurrences.starts[at] + 1, occurrences.begun[at]))
        return begun


class _ZoneTimes:
    """The same by one wall clock. `runs`: which of the occurrences have the opening hours of `schedules`."""

    def __init__(self, zone: Zone, query: Query, now: int) -> None:
        self._zone, self._query, self._now = zone, query, now

    @cached_property
    def _allowed(self) -> Spans:
        windows = _windows(self._query.windows, self._now) if self._query.windows else [(self._now, FOREVER)]
        spans = Spans.of(windows)
        return spans & _by_clock(self._zone.days, self._query) if _asks_clock(self._query) else spans

    @cached_property
    def _forbidden(self) -> Spans:
        """Windows are refused by themselves; weekdays and times of day together ("not on Friday nights")."""
        exclude = self._query.exclude
        if exclude is None or not (exclude.windows or _asks_clock(exclude)):
            return _NEVER
        clock = _by_clock(self._zone.days, exclude) if _asks_clock(exclude) else _NEVER
        by_clock = zip(clock.since.tolist(), clock.until.tolist(), strict=True)
        return Spans.of([*_windows(exclude.windows, -FOREVER), *by_clock])

    def fits(self, starts: Ints, ends: Ints, runs: Ints, schedules: Column) -> Bools:
        fits = _touch(self._allowed, starts, ends)
        runs, schedules = runs[fits[runs]], schedules[fits[runs]]
        if len(self._forbidden):
            fits &= ~_touch(self._forbidden, starts, ends)
        if len(runs):
            fits[runs] = self._open(starts[runs], ends[runs], schedules) < FOREVER
        return fits

    def moments(self, starts: Ints, ends: Ints, runs: Ints, schedules: Column) -> Ints:
        moments = self._allowed.meets(starts, ends)[1]
        if len(runs):
            moments[runs] = self._open(starts[runs], ends[runs], schedules)
        return moments

    def _open(self, starts: Ints, ends: Ints, schedules: Column) -> Ints:
        """The first instant at which each run is open when it may be, `FOREVER` when it never is."""
        moments = np.full(len(starts), FOREVER)
        hours, allowed = self._hours(schedules)
        if not len(hours):
            return moments
        moved = schedules.astype(np.int64) * APART
        for since, until in zip(allowed.since.tolist(), allowed.until.tolist(), strict=True):
            first, last = np.maximum(starts, since) + moved, np.minimum(ends, until) + moved
            at = hours.until.searchsorted(first, side="right")
            known = np.minimum(at, len(hours) - 1)
            first = np.maximum(first, hours.since[known])
            fits = (at < len(hours)) & (first < last)
            np.minimum(moments, first - moved, out=moments, where=fits)
        return moments

    def _hours(self, schedules: Column) -> tuple[Spans, Spans]:
        """(when runs of these schedules are open and not refused, when they may be on)."""
        hours, allowed = self._zone.hours, self._allowed
        if not len(self._forbidden) and len(allowed) <= _FEW:
            return hours, allowed
        moved = np.unique(schedules).astype(np.int64)[:, np.newaxis] * APART
        if len(self._forbidden):
            hours = hours.apart_from(_moved(self._forbidden, moved))
        if len(allowed) > _FEW:
            hours, allowed = hours & _moved(allowed, moved), Spans.of([(-FOREVER, FOREVER)])
        return hours, allowed


def _touch(spans: Spans, starts: Ints, ends: Ints) -> Bools:
    """Whether each [start, end) overlaps one of the spans."""
    if len(spans) != 1:
        return spans.meets(starts, ends)[0]
    touch: Bools = (starts < spans.until[0]) & (ends > spans.since[0])
    return touch


def _moved(spans: Spans, by: Ints) -> Spans:
    """All of these spans once for each of these rows, ascending, that say by how much."""
    return Spans((spans.since + by).ravel(), (spans.until + by).ravel())


def _asks_clock(query: Query) -> bool:
    return bool(query.weekdays) or query.from_time is not None or query.until_time is not None


def _by_clock(days: LocalDays, query: Query) -> Spans:
    return days.hours(query.weekdays, query.from_time, query.until_time)


def _windows(windows: tuple[Window, ...], earliest: int) -> Iterator[tuple[int, int]]:
    for window in windows:
        since = to_seconds(window.since) if window.since else -FOREVER
        yield max(since, earliest), to_seconds(window.until) if window.until else FOREVER
