"""Which IANA zone a calendar means by a name: IANA itself, Windows' names, Outlook's "(UTC+01:00) …"."""

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_OFFSET = re.compile(r"(?:GMT|UTC)?\s*([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)
_MIDWINTER = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)


def zone_named(name: str, local: ZoneInfo, declared: Mapping[str, str] | None = None) -> ZoneInfo:
    """The zone for a TZID as written; `local` when nothing tells.

    declared: TZID → an IANA name or a winter offset ("+0100"), from the calendar's own VTIMEZONEs. A mere
    offset means `local` when that is local winter time, else a fixed offset in whole hours."""
    stripped = name.strip().strip('"')
    known = _known(stripped)
    if known is None and declared and (hint := declared.get(stripped)):
        known = _known(hint) or _by_offset(hint, local)
    return known or _by_offset(stripped, local) or local


@cache
def _known(name: str) -> ZoneInfo | None:
    windows = {key.casefold(): iana for key, iana in WINDOWS_TO_OLSON.items()}
    for candidate in (windows.get(name.casefold(), name), _tail(name)):
        if candidate in available_timezones():
            return ZoneInfo(candidate)
    return None


def _tail(name: str) -> str:
    """ "/mozilla.org/20050126_1/Europe/Berlin" ends in an IANA name."""
    return "/".join(name.split("/")[-2:])


def _by_offset(text: str, local: ZoneInfo) -> ZoneInfo | None:
    found = _OFFSET.search(text)
    if not found:
        return None
    minutes = int(f"{found[1]}1") * (int(found[2]) * 60 + int(found[3] or 0))
    offset = _MIDWINTER.astimezone(local).utcoffset()
    if offset == dt.timedelta(minutes=minutes):
        return local
    # The sign is inverted in POSIX names: Etc/GMT-1 lies east of Greenwich.
    return _known(f"Etc/GMT{-minutes // 60:+d}") if minutes % 60 == 0 else None


def zone_of(time: dt.date, local: ZoneInfo) -> ZoneInfo:
    """Whose clocks show a time with a mere offset: `local`, unless it is hours away from there."""
    if not isinstance(time, dt.datetime) or time.tzinfo is None:
        return local
    offset, here = time.utcoffset(), time.astimezone(local).utcoffset()
    if not offset or here is None or abs(offset - here) < dt.timedelta(hours=2):
        return local
    minutes = offset // dt.timedelta(minutes=1)
    return (
        _by_offset(f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}", local)
        or local
    )
