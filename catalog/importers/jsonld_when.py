"""When an event is on, by schema.org: dates, runs with opening hours, schedules, and its status."""

import datetime as dt
import re
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, VenueDraft
from catalog.importers.cleaning import meant
from catalog.importers.drafting import RejectedError, lasts_more_than_a_day
from catalog.importers.identity import identity
from catalog.importers.jsonld_nodes import Graph, Node
from catalog.importers.recurrence import YEARS
from catalog.importers.zones import zone_of
from catalog.values import Status

_DAY = dt.timedelta(days=1)
_OPENING = re.compile(
    r"((?:[A-Z][a-z](?:\s*[-–]\s*[A-Z][a-z])?[,\s]*)+)\s+(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})"
)
_STATUSES = {
    "cancel": Status.CANCELLED,
    "postpone": Status.POSTPONED,
    "reschedule": Status.RESCHEDULED,
}
ISO_WEEKDAYS = {day: number for number, day in enumerate(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), start=1)}


def status_of(graph: Graph, node: Node) -> Status:
    """eventStatus, with or without the vocabulary's prefix."""
    said = " ".join(graph.texts(node, "eventStatus")).lower()
    return next((status for word, status in _STATUSES.items() if word in said), Status.SCHEDULED)


def moment(text: str) -> dt.date | None:
    """An ISO 8601 date or time, with or without an offset; None for nothing. Raises RejectedError."""
    written = text.strip().replace(" ", "T", 1)
    if not written:
        return None
    is_date = re.fullmatch(r"\d{4}-?\d{2}-?\d{2}", written) is not None
    try:
        said = (dt.date if is_date else dt.datetime).fromisoformat(written)
    except ValueError:
        raise RejectedError("bad-date", text) from None
    if said.year not in YEARS:
        raise RejectedError("bad-date", text)
    return said


def instant(time: dt.date, zone: ZoneInfo) -> dt.datetime:
    """In UTC, whose instants compare and subtract rightly in the hour that comes twice. A local time is in
    `zone`, a date is its midnight there."""
    if not isinstance(time, dt.datetime):
        time = dt.datetime.combine(time, dt.time.min, zone)
    return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(dt.UTC)


def closing(time: dt.date, zone: ZoneInfo) -> dt.datetime:
    """As `instant`, but a date is included: the midnight after it."""
    return instant(time if isinstance(time, dt.datetime) else time + _DAY, zone)


def occurrences(
    graph: Graph, node: Node, zone: ZoneInfo, venue: VenueDraft | None, *, is_part: bool = False
) -> list[OccurrenceDraft]:
    """The dates that startDate and endDate tell; several dates in one node are several occurrences.

    is_part: the node is one date of a larger offering and may have a status and identifier of its own."""
    starts, ends = graph.texts(node, "startDate"), graph.texts(node, "endDate")
    pairs = list(zip_longest(starts, ends[: len(starts)], fillvalue=""))
    own = node.get("@id") if is_part and len(pairs) == 1 else None
    key = _key(own) if isinstance(own, str) and not own.startswith("_:") else None
    return [_occurrence(graph, node, zone, venue, (start, end, key)) for start, end in pairs]


def _occurrence(
    graph: Graph, node: Node, zone: ZoneInfo, venue: VenueDraft | None, said: tuple[str, str, str | None]
) -> OccurrenceDraft:
    first, last = moment(said[0]), moment(said[1])
    if first is None:
        raise RejectedError("no-start")
    start = instant(first, zone)
    end = _end(first, last, zone)
    if end is not None and end < start:
        raise RejectedError("end-before-start", f"{said[0]} – {said[1]}")
    known = isinstance(first, dt.datetime) and not _midnights(start, end, zone)
    is_run = lasts_more_than_a_day(start, end, zone, timed=known)
    before = moment(graph.text(node, "previousStartDate"))
    return OccurrenceDraft(
        key=said[2] or start.isoformat(),
        start=start,
        end=end,
        zone=zone_of(first, zone).key,
        time_known=known,
        is_run=is_run,
        venue=venue,
        status=status_of(graph, node),
        previous_start=instant(before, zone) if before else None,
        **(opening_hours(graph, node) if is_run else {}),
    )


def _end(first: dt.date, last: dt.date | None, zone: ZoneInfo) -> dt.datetime | None:
    """None where it is unknown: not told, no later than the start, or only that it is the same day."""
    if last is None or (last == first and isinstance(first, dt.datetime)):
        return None
    same_day = isinstance(first, dt.datetime) and not isinstance(last, dt.datetime) and last == first.date()
    return None if same_day else closing(last, zone)


def _midnights(start: dt.datetime, end: dt.datetime | None, zone: ZoneInfo) -> bool:
    """Whether both ends stand at midnight: that is how systems write a date whose time they do not know."""
    clocks = [time.astimezone(zone).time().replace(second=0, microsecond=0) for time in (start, end) if time]
    return clocks[0] == dt.time.min and set(clocks[1:]) <= {dt.time.min, dt.time(23, 59)}


def _key(name: str) -> str:
    return name if len(name) <= 100 else identity(url=name, title=None)


def opening_hours(graph: Graph, node: Node) -> dict[str, Any]:
    """open_days, opens, closes of the event or else its place; the hours only when every day has the same."""
    places = graph.nodes(node, "location")
    for holder in [node, *places]:
        specified = [_specified(graph, s) for s in graph.nodes(holder, "openingHoursSpecification")]
        written = [spec for text in graph.texts(holder, "openingHours") for spec in _written(text)]
        if specs := [*specified, *written]:
            days = sorted({day for spec in specs for day in spec[0]})
            opens, closes = {spec[1] for spec in specs}, {spec[2] for spec in specs}
            hours = (opens.pop(), closes.pop()) if len(opens) == len(closes) == 1 else (None, None)
            return {"open_days": tuple(days), "opens": hours[0], "closes": hours[1]}
    return {}


_Hours = tuple[tuple[int, ...], dt.time | None, dt.time | None]


def _specified(graph: Graph, spec: Node) -> _Hours:
    days = weekdays(graph.texts(spec, "dayOfWeek"))
    return days, clock(graph.text(spec, "opens")), clock(graph.text(spec, "closes"))


def _written(text: str) -> list[_Hours]:
    """ "Tu-Su 10:00-17:00, We 10:00-20:00" """
    return [(_day_range(days), clock(opens), clock(closes)) for days, opens, closes in _OPENING.findall(text)]


def _day_range(text: str) -> tuple[int, ...]:
    days: list[int] = []
    for part in re.split(r"[,\s]+", re.sub(r"\s*[-–]\s*", "-", text)):
        ends = weekdays(part.split("-"))
        if len(ends) == 2:
            first, last = (weekdays([end])[0] for end in part.split("-"))
            ends = tuple((first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1))
        days.extend(ends)
    return tuple(sorted(set(days)))


def weekdays(said: list[str]) -> tuple[int, ...]:
    """ISO numbers of days named in full, by two letters, or by schema.org's addresses."""
    names = [re.split(r"[/#:]", text)[-1] for text in said]
    return tuple(ISO_WEEKDAYS[day] for day in meant("weekdays", names))


def clock(text: str) -> dt.time | None:
    """A time of day; 24:00 is midnight. None for what is none."""
    try:
        time = dt.time.fromisoformat(text.strip().replace("24:00", "00:00").zfill(5))
    except ValueError:
        return None
    return time.replace(tzinfo=None)
