"""A pretended now runs on."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import clock_from, system_clock

ZONE = ZoneInfo("Europe/Copenhagen")


def test_a_pretended_now_runs_on_from_there() -> None:
    start = datetime(2026, 3, 29, 1, 59, 59, tzinfo=ZONE)
    clock = clock_from(start, ZONE)
    first, second = clock(), clock()
    assert start <= first <= second < start + timedelta(hours=1)
    assert first.tzinfo is ZONE


def test_the_systems_clock_is_aware() -> None:
    assert system_clock(ZONE)().utcoffset() in (timedelta(hours=1), timedelta(hours=2))
