"""Which recurrence rules are worked out at all: what is too dense or makes no sense is refused unseen."""

import datetime as dt
import math
import re
from zoneinfo import ZoneInfo

from catalog.importers.drafting import RejectedError
from catalog.importers.expansion import Span

HORIZON_MONTHS = 18
YEARS = range(1900, 2200)
"""Years that a date in a calendar can mean."""
MOST_OCCURRENCES = 1_000
MOST_EXCEPTIONS = 5_000
_MOST_TIMES_A_DAY = 24
_LONGEST_LIST = 400
_DAILY_OR_SPARSER = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_TOO_DENSE = frozenset({"HOURLY", "MINUTELY", "SECONDLY"})
_LISTS = frozenset(
    {"BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH", "BYSETPOS"}
)
_COUNTS = frozenset({"INTERVAL", "COUNT"})
_KNOWN = _LISTS | _COUNTS | {"FREQ", "UNTIL", "WKST"}
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z)?)?")


def horizon(now: dt.datetime, zone: ZoneInfo) -> Span:
    """The span for which dates are worked out: from the first of last month to 18 months after today."""
    today = now.astimezone(zone).date()
    last_month = (today.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    months = today.month - 1 + HORIZON_MONTHS
    until = dt.date(today.year + months // 12, months % 12 + 1, min(today.day, 28))
    return Span(*(dt.datetime.combine(day, dt.time.min, zone) for day in (last_month, until)))


def checked_rule(rule: str, zone: ZoneInfo, *, all_day: bool) -> str:
    """`rule` ("FREQ=WEEKLY;BYDAY=TU;…") as it may be worked out; UNTIL is put in UTC, a mere date includes
    that day.

    Raises RejectedError: "recurrence-too-dense" for times closer than a day apart by their nature or lists
    longer than any calendar needs, "bad-recurrence" for what RFC 5545 does not know."""
    parts = _parts(rule)
    frequency = parts.get("FREQ", "")
    lengths = {name: len(parts[name].split(",")) for name in _LISTS & parts.keys()}
    times_a_day = math.prod(lengths.get(name, 1) for name in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    too_long = max(lengths.values(), default=0) > _LONGEST_LIST
    if frequency in _TOO_DENSE or times_a_day > _MOST_TIMES_A_DAY or too_long:
        raise RejectedError("recurrence-too-dense", rule)
    counts = [parts[name] for name in _COUNTS & parts.keys()]
    if frequency not in _DAILY_OR_SPARSER or not all(re.fullmatch(r"0*[1-9]\d{0,9}", c) for c in counts):
        raise RejectedError("bad-recurrence", rule)
    if "UNTIL" in parts:
        parts["UNTIL"] = _until(parts["UNTIL"], zone, all_day=all_day)
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _parts(rule: str) -> dict[str, str]:
    pairs = [part.partition("=") for part in rule.strip().strip(";").upper().split(";")[:50]]
    parts = {name.strip(): value.strip() for name, _, value in pairs}
    if len(parts) < len(pairs) or parts.keys() - _KNOWN or not all(parts.values()):
        raise RejectedError("bad-recurrence", rule)
    return parts


def _until(value: str, zone: ZoneInfo, *, all_day: bool) -> str:
    found = _UNTIL.fullmatch(value)
    if not found:
        raise RejectedError("bad-recurrence", f"UNTIL={value}")
    day, clock, utc = found.groups()
    if all_day:
        return day
    try:
        moment = dt.datetime.strptime(f"{day}{clock or '235959'}", "%Y%m%d%H%M%S").replace(
            tzinfo=dt.UTC if utc else zone
        )
        return moment.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    except (ValueError, OverflowError):
        raise RejectedError("bad-recurrence", f"UNTIL={value}") from None
