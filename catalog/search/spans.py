"""Spans of time as arrays, and the local days of a zone: when a question asks, when a run is open.

Instants are Unix seconds in int64. Every rule of the wall clock (weekdays, opening hours, parts of the
day) is turned into instants here, day by day through the zone's own rules, so that a day of 23 or 25
hours is right.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

FOREVER = 2**40
"""Later than any instant in a catalogue, in Unix seconds."""

_MIDNIGHT = dt.time(0)


@dataclass(frozen=True, slots=True)
class Spans:
    """Sorted, disjoint, half-open spans: `since[i]` ≤ t < `until[i]`."""

    since: Ints
    until: Ints

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> "Spans":
        """The union of these (since, until) pairs; empty and reversed ones count for nothing."""
        merged: list[tuple[int, int]] = []
        for since, until in sorted(pair for pair in pairs if pair[0] < pair[1]):
            if merged and since <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(until, merged[-1][1]))
            else:
                merged.append((since, until))
        array = np.array(merged, dtype=np.int64).reshape(-1, 2)
        return cls(array[:, 0].copy(), array[:, 1].copy())

    def __len__(self) -> int:
        return len(self.since)

    def __and__(self, other: "Spans") -> "Spans":
        """What lies in both."""
        first = np.searchsorted(other.until, self.since, side="right")
        count = np.maximum(np.searchsorted(other.since, self.until, side="left") - first, 0)
        mine = np.repeat(np.arange(len(self)), count)
        theirs = np.arange(len(mine)) - np.repeat(np.cumsum(count) - count, count) + first[mine]
        return Spans(
            np.maximum(self.since[mine], other.since[theirs]),
            np.minimum(self.until[mine], other.until[theirs]),
        )

    def apart_from(self, other: "Spans") -> "Spans":
        """The spans that do not touch any span of `other`, whole."""
        apart = ~other.meets(self.since, self.until)[0]
        return Spans(self.since[apart], self.until[apart])

    def meets(self, start: Ints, end: Ints) -> tuple[Bools, Ints]:
        """For each [start, end): whether it overlaps a span, and the first instant at which it does."""
        if not len(self):
            return np.zeros(len(start), dtype=bool), start
        at = np.searchsorted(self.until, start, side="right") if len(self) > 1 else self._single(start)
        known = np.minimum(at, len(self) - 1)
        fits = (at < len(self)) & (self.since[known] < end)
        return fits, np.maximum(start, self.since[known])

    def _single(self, start: Ints) -> npt.NDArray[np.intp]:
        over: npt.NDArray[np.intp] = (start >= self.until[0]).astype(np.intp)
        return over


class LocalDays:
    """The days of one zone from `first`, `count` of them."""

    def __init__(self, zone: ZoneInfo, first: dt.date, count: int) -> None:
        self.zone = zone
        self._dates = [first + dt.timedelta(days=n) for n in range(count + 1)]
        self._weekdays = np.array([date.isoweekday() for date in self._dates[:-1]])
        self._walls: dict[dt.time, Ints] = {}
        self.midnights = self._wall(_MIDNIGHT)

    def _wall(self, time: dt.time) -> Ints:
        """The instants at which the zone's clocks read `time`, one a day and one for the day after."""
        if time not in self._walls:
            read = (dt.datetime.combine(date, time, self.zone).timestamp() for date in self._dates)
            self._walls[time] = np.fromiter(read, dtype=np.int64, count=len(self._dates))
        return self._walls[time]

    def hours(self, weekdays: Sequence[int], opens: dt.time | None, closes: dt.time | None) -> Spans:
        """The hours from `opens` to `closes` on these ISO weekdays (none given: every day).

        A missing time is midnight; closing at or before opening is on the next day."""
        opens, closes = opens or _MIDNIGHT, closes or _MIDNIGHT
        since = self._wall(opens)[:-1]
        until = self._wall(closes)[1:] if closes <= opens else self._wall(closes)[:-1]
        # A skipped hour in spring can leave nothing between the two.
        kept = until > since
        if weekdays:
            kept &= np.isin(self._weekdays, list(weekdays))
        return Spans(since[kept], until[kept])

    def end_of_day(self, instants: Ints) -> Ints:
        """The local midnight after each instant."""
        after = np.searchsorted(self.midnights, instants, side="right")
        ends: Ints = self.midnights[np.minimum(after, len(self.midnights) - 1)]
        return ends


def to_seconds(instant: dt.datetime) -> int:
    """Unix seconds of an aware datetime, rounded down."""
    return int(instant.timestamp() // 1)
