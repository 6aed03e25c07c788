"""How long before something a reminder comes: on an earlier day at a clock time, or minutes before it.

"The day before at 17" is calendar arithmetic on the local wall clock; "two hours before" is absolute. Stored
as "d1@17:00" and "m120".
"""

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

_DAYS = re.compile(r"d(\d{1,2})@([01]\d|2[0-3]):([0-5]\d)")
_MINUTES = re.compile(r"m(\d{1,5})")
LONGEST = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Lead:
    """Either `days` and `clock` (local, `days` calendar days earlier) or `minutes` (absolute)."""

    days: int | None = None
    clock: dt.time | None = None
    minutes: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Lead":
        """The inverse of str(). Raises ValueError for anything else and for more than 30 days."""
        if match := _MINUTES.fullmatch(text):
            lead = cls(minutes=int(match[1]))
        elif match := _DAYS.fullmatch(text):
            lead = cls(days=int(match[1]), clock=dt.time(int(match[2]), int(match[3])))
        else:
            raise ValueError(text)
        if dt.timedelta(days=lead.days or 0, minutes=lead.minutes or 0) > LONGEST or lead.minutes == 0:
            raise ValueError(text)
        return lead

    def __str__(self) -> str:
        if self.minutes is not None:
            return f"m{self.minutes}"
        return f"d{self.days}@{self.clock:%H:%M}"

    @property
    def is_calendar(self) -> bool:
        """Whether it is counted in days of the calendar."""
        return self.minutes is None

    def due(self, start: dt.datetime, zone: ZoneInfo) -> dt.datetime:
        """When it comes, for something that begins at `start` (aware), in UTC. A clock time that does not
        exist on that day moves an hour on; one that comes twice means the first."""
        if self.minutes is not None:
            return start.astimezone(dt.UTC) - dt.timedelta(minutes=self.minutes)
        day = start.astimezone(zone).date() - dt.timedelta(days=self.days or 0)
        return local_instant(day, self.clock or dt.time(), zone)


def local_instant(day: dt.date, clock: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The instant of a local wall-clock time, in UTC: the first of two in autumn, an hour later in spring's
    gap (02:30 becomes 03:30)."""
    return dt.datetime.combine(day, clock, zone).astimezone(dt.UTC)


DAY_BEFORE = Lead(days=1, clock=dt.time(17))
MORNING = Lead(days=0, clock=dt.time(8))
PRESETS = (
    Lead(days=7, clock=dt.time(17)),
    Lead(days=3, clock=dt.time(17)),
    DAY_BEFORE,
    MORNING,
    Lead(minutes=120),
    Lead(minutes=60),
    Lead(minutes=30),
)
"""What the settings offer to tap."""
