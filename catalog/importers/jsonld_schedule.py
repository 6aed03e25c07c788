"""schema.org Schedules, put as iCalendar rules: the same guards hold, and the same child works them out."""

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, VenueDraft
from catalog.importers.drafting import RejectedError
from catalog.importers.expansion import Moment
from catalog.importers.jsonld_nodes import Graph, Node
from catalog.importers.jsonld_when import ISO_WEEKDAYS, clock, instant, moment, weekdays
from catalog.importers.recurrence import MOST_EXCEPTIONS, checked_rule
from catalog.importers.zones import zone_named

_PERIOD = re.compile(r"P(T?)(\d+)([YMWDHS])", re.IGNORECASE)
_UNITS = {"Y": "YEARLY", "M": "MONTHLY", "W": "WEEKLY", "D": "DAILY"}
_CLOCK_UNITS = {"H": "HOURLY", "M": "MINUTELY", "S": "SECONDLY"}
_LASTS = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?", re.IGNORECASE)
_BY = {"byMonth": "BYMONTH", "byMonthDay": "BYMONTHDAY"}


@dataclass(frozen=True, slots=True)
class Schedule:
    """first, last: the season's days. start, end: times of day, None when unknown. days: ISO weekdays.
    rule: an RRULE, or None for a single date."""

    first: dt.date
    last: dt.date | None
    start: dt.time | None
    lasts: dt.timedelta | None
    days: tuple[int, ...]
    rule: str | None
    excepted: tuple[dt.date, ...]
    only: dict[str, frozenset[int]]
    zone: ZoneInfo

    def question(self) -> str:
        """The calendar that `expansion.expand` works out."""
        lines = [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "BEGIN:VEVENT",
            "UID:1",
            f"DTSTART{self._written(self.first)}",
        ]
        lines += [f"RRULE:{self.rule}"] if self.rule else []
        lines += [f"EXDATE{self._written(day)}" for day in self.excepted]
        return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""])

    def occurrences(self, moments: list[Moment], venue: VenueDraft | None) -> list[OccurrenceDraft]:
        return [self._occurrence(found, venue) for found in moments if self._is_meant(found.start)]

    def _written(self, day: dt.date) -> str:
        if self.start is None:
            return f";VALUE=DATE:{day:%Y%m%d}"
        return f";TZID={self.zone.key}:{day:%Y%m%d}T{self.start:%H%M%S}"

    def _is_meant(self, start: dt.date) -> bool:
        """iCalendar counts the first day in; schema.org only where the rule says so."""
        by = {"BYMONTH": start.month, "BYMONTHDAY": start.day}
        on_day = not self.days or start.isoweekday() in self.days
        return on_day and all(by[name] in allowed for name, allowed in self.only.items())

    def _occurrence(self, found: Moment, venue: VenueDraft | None) -> OccurrenceDraft:
        start = instant(found.start, self.zone)
        return OccurrenceDraft(
            key=found.key,
            start=start,
            end=start + self.lasts if self.lasts else None,
            zone=self.zone.key,
            time_known=self.start is not None,
            venue=venue,
        )


def read_schedule(graph: Graph, node: Node, event: Node, zone: ZoneInfo) -> Schedule:
    """A Schedule of `event`, whose dates stand in where it has none. Raises RejectedError."""
    own = zone_named(name, zone) if (name := graph.text(node, "scheduleTimezone")) else zone
    first = moment(graph.text(node, "startDate")) or moment(graph.text(event, "startDate"))
    last = moment(graph.text(node, "endDate"))
    if first is None:
        raise RejectedError("no-start")
    start = clock(graph.text(node, "startTime")) or _clock_of(first, own)
    day, last_day = _day(first, own), _day(last, own) if last else None
    rule = _rule(graph, node, last_day)
    return Schedule(
        first=day,
        last=last_day,
        start=start,
        lasts=_lasts(graph, node, start),
        days=weekdays(graph.texts(node, "byDay")),
        rule=checked_rule(rule, own, all_day=start is None) if rule else None,
        excepted=_excepted(graph, node, own),
        only={name: _numbers(graph.texts(node, key)) for key, name in _BY.items() if graph.texts(node, key)},
        zone=own,
    )


def _rule(graph: Graph, node: Node, last: dt.date | None) -> str | None:
    days = weekdays(graph.texts(node, "byDay"))
    frequency = _frequency(graph.text(node, "repeatFrequency"), weekly=bool(days))
    if frequency is None:
        return None
    parts = [frequency]
    if days:
        parts.append("BYDAY=" + ",".join(name for name, number in ISO_WEEKDAYS.items() if number in days))
    parts += [f"{name}={','.join(said)}" for key, name in _BY.items() if (said := graph.texts(node, key))]
    if count := graph.text(node, "repeatCount"):
        parts.append(f"COUNT={count}")
    elif last:
        parts.append(f"UNTIL={last:%Y%m%d}")
    return ";".join(parts)


def _frequency(said: str, *, weekly: bool) -> str | None:
    """ "P2W", or the word that schema.org allows as well ("Weekly")."""
    if found := _PERIOD.fullmatch(said):
        units = _CLOCK_UNITS if found[1] else _UNITS
        unit = units.get(found[3].upper())
        return f"FREQ={unit};INTERVAL={found[2]}" if unit else None
    word = re.split(r"[/#:]", said)[-1].upper()
    if word in {*_UNITS.values(), *_CLOCK_UNITS.values()}:
        return f"FREQ={word}"
    if said:
        raise RejectedError("bad-recurrence", said)
    return "FREQ=WEEKLY" if weekly else None


def _lasts(graph: Graph, node: Node, start: dt.time | None) -> dt.timedelta | None:
    end = clock(graph.text(node, "endTime"))
    if start is not None and end is not None:
        minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
        return dt.timedelta(minutes=minutes % (24 * 60)) or None
    said = _LASTS.fullmatch(graph.text(node, "duration"))
    if start is None or said is None:
        return None
    days, hours, minutes = (int(part or 0) for part in said.groups())
    return dt.timedelta(days=days, hours=hours, minutes=minutes) or None


def _excepted(graph: Graph, node: Node, zone: ZoneInfo) -> tuple[dt.date, ...]:
    said = graph.texts(node, "exceptDate")
    if len(said) > MOST_EXCEPTIONS:
        raise RejectedError("too-many-occurrences", "exceptDate")
    return tuple(_day(day, zone) for text in said if (day := moment(text)) is not None)


def _clock_of(time: dt.date, zone: ZoneInfo) -> dt.time | None:
    if not isinstance(time, dt.datetime):
        return None
    local = instant(time, zone).astimezone(zone).time()
    return local if local != dt.time.min else None


def _day(time: dt.date, zone: ZoneInfo) -> dt.date:
    return instant(time, zone).astimezone(zone).date()


def _numbers(said: list[str]) -> frozenset[int]:
    return frozenset(int(text) for text in said if re.fullmatch(r"\d{1,2}", text))
