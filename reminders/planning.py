"""Pure: when a reminder is due. No database, no clock.

Rules after delivery-and-safety G5–G8: nothing at or after the start; an all-day offering is worth
announcing until its local day ends; a run is reminded of before its last day; quiet hours move a reminder
to just before they begin.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from reminders.leads import MORNING, Lead, local_instant

JUST_BEFORE = dt.timedelta(minutes=1)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Local wall-clock hours in which nothing unasked is said; both ends equal: there are none."""

    since: dt.time
    until: dt.time

    def span(self, instant: dt.datetime, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime] | None:
        """The quiet span (UTC) that `instant` falls in, None when it is not quiet then."""
        if self.since == self.until:
            return None
        day = instant.astimezone(zone).date()
        for first in (day - _DAY, day):
            last = first if self.since < self.until else first + _DAY
            begin, end = local_instant(first, self.since, zone), local_instant(last, self.until, zone)
            if begin <= instant < end:
                return begin, end
        return None

    def after(self, instant: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        """The first moment from `instant` on that is not quiet."""
        span = self.span(instant, zone)
        return span[1] if span else instant


@dataclass(frozen=True, slots=True)
class Happening:
    """What is reminded of. start, end: aware instants. last_day: for a run, the local day on which it can be
    seen for the last time."""

    start: dt.datetime
    end: dt.datetime | None
    zone: ZoneInfo
    time_known: bool = True
    is_run: bool = False

    @property
    def anchor(self) -> dt.datetime:
        """What leads count back from: the start, or for a run the beginning of its last local day."""
        if not self.is_run or self.end is None:
            return self.start
        # An end at local midnight belongs to the day before.
        last = (self.end - dt.timedelta(microseconds=1)).astimezone(self.zone).date()
        return max(self.start, local_instant(last, dt.time(), self.zone))

    @property
    def useful_until(self) -> dt.datetime:
        """From then on a reminder is worthless: it has begun, the day is over, or the run has closed."""
        if self.is_run and self.end is not None:
            return self.end
        if not self.time_known:
            return local_instant(self.start.astimezone(self.zone).date() + _DAY, dt.time(), self.zone)
        return self.start


@dataclass(frozen=True, slots=True)
class Planned:
    """A reminder to come: for which lead, when (UTC), and until when it is of use."""

    lead: Lead
    due_at: dt.datetime
    useful_until: dt.datetime


def plan_reminders(
    happening: Happening, leads: Iterable[Lead], quiet: Quiet, known_since: dt.datetime
) -> tuple[Planned, ...]:
    """The reminders of one happening, by due time. `known_since`: when it was followed, or last moved; a
    lead that had passed by then has no reminder."""
    fitting = _fitting(happening, leads)
    asked = [(lead, lead.due(happening.anchor, happening.zone)) for lead in fitting]
    useful_until = happening.useful_until
    wanted = [(lead, due) for lead, due in asked if known_since < due < useful_until]
    loud = [Planned(lead, due, useful_until) for lead, due in wanted if not _quiet(due, quiet, happening)]
    moved = _moved([pair for pair in wanted if _quiet(pair[1], quiet, happening)], loud, quiet, happening)
    return tuple(sorted((p for p in (*loud, *moved) if p.due_at > known_since), key=lambda p: p.due_at))


def _fitting(happening: Happening, leads: Iterable[Lead]) -> list[Lead]:
    chosen = list(dict.fromkeys(leads))
    if happening.time_known and not happening.is_run:
        return chosen
    # Minutes before midnight of a day without a time would come at night and say nothing.
    return [lead for lead in chosen if lead.is_calendar] or ([MORNING] if chosen else [])


def _quiet(due: dt.datetime, quiet: Quiet, happening: Happening) -> bool:
    return quiet.span(due, happening.zone) is not None


def _moved(
    hushed: list[tuple[Lead, dt.datetime]], loud: list[Planned], quiet: Quiet, happening: Happening
) -> list[Planned]:
    """Reminders that fall in quiet hours, moved to just before: one an evening, none where another goes."""
    evenings = {p.due_at.astimezone(happening.zone).date() for p in loud}
    moved: list[Planned] = []
    for lead, due in hushed:
        span = quiet.span(due, happening.zone)
        assert span is not None  # noqa: S101  # only what falls in quiet hours comes here
        earlier = span[0] - JUST_BEFORE
        evening = earlier.astimezone(happening.zone).date()
        if evening not in evenings:
            evenings.add(evening)
            moved.append(Planned(lead, earlier, happening.useful_until))
    return moved
