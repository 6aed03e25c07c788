"""The clock. Everything else is told what time it is."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]


def system_clock(zone: ZoneInfo) -> Clock:
    """The machine's time, aware, in `zone`."""
    return lambda: datetime.now(zone)


def clock_from(start: datetime, zone: ZoneInfo) -> Clock:
    """A clock that shows `start` now and runs on from there, in `zone`."""
    begun = time.monotonic()
    # Elapsed time is added in UTC: on the wall clock an hour may be missing or come twice.
    utc = start.astimezone(ZoneInfo("UTC"))
    return lambda: (utc + timedelta(seconds=time.monotonic() - begun)).astimezone(zone)
