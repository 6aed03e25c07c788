"""One VEVENT as its facts, and as the few lines from which its dates are worked out."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
from icalendar.error import InvalidCalendar

from catalog.drafts import VenueDraft
from catalog.importers.addresses import degrees, venue_from_text
from catalog.importers.calendar_text import Block
from catalog.importers.cleaning import line_of, link
from catalog.importers.drafting import RejectedError
from catalog.importers.recurrence import MOST_EXCEPTIONS, MOST_OCCURRENCES, YEARS, checked_rule
from catalog.importers.zones import zone_named

_LINE = re.compile(r"([A-Za-z0-9-]+)(?:;.*?)?:", re.DOTALL)
_TIME_LINE = re.compile(r"([A-Z-]+)((?:;.*)?):([0-9TZ,/PWDHMS+\s-]+)\"?\s*", re.IGNORECASE | re.DOTALL)
_TZID = re.compile(r";TZID=(\"[^\"]*\"?|[^;]*)", re.IGNORECASE)
_ONCE = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID")
_REPEATING = frozenset({"RRULE", "RDATE", "EXDATE"})
_VERSION = frozenset({"SEQUENCE", "LAST-MODIFIED"})
_TIMES = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE"})
_FACTS = frozenset(
    {"UID", "SUMMARY", "DESCRIPTION", "LOCATION", "GEO", "CATEGORIES", "URL", "ORGANIZER", "ATTACH"}
    | {"IMAGE", "STATUS"}
)
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|webp|gif)(?:\?|$)", re.IGNORECASE)


@dataclass(slots=True)
class Vevent:
    """facts: as icalendar reads them. lines: DTSTART … EXDATE, put right. zone: of its wall clock."""

    block: Block
    facts: Any
    lines: dict[str, list[str]]
    zone: ZoneInfo

    @property
    def uid(self) -> str | None:
        return self.text("UID") or None

    @property
    def where(self) -> str:
        """What it is called in a report: its UID, else the line it begins on."""
        return self.uid or str(self.block.line)

    @property
    def version(self) -> tuple[int, str]:
        """Which of two with the same UID is the newer one."""
        sequence, changed = (self.lines.get(name, [""])[0] for name in ("SEQUENCE", "LAST-MODIFIED"))
        digits = re.search(r":\s*(\d{1,9})", sequence)
        return int(digits[1]) if digits else 0, changed.rpartition(":")[2]

    @property
    def is_exception(self) -> bool:
        return "RECURRENCE-ID" in self.lines

    @property
    def repeats(self) -> bool:
        return bool(self.lines.keys() & {"RRULE", "RDATE"})

    @property
    def is_cancelled(self) -> bool:
        return self.block.calendar.is_cancelled or self.text("STATUS").strip().upper() == "CANCELLED"

    @property
    def start(self) -> dt.date:
        """A date for an all-day event, else aware."""
        start: dt.date = self.facts["DTSTART"].dt
        return start

    @property
    def end(self) -> dt.date | None:
        """As DTEND or DTSTART + DURATION tell; None when neither does."""
        if "DTEND" in self.facts:
            end: dt.date = self.facts["DTEND"].dt
            return end
        if "DURATION" not in self.facts:
            return None
        duration: dt.timedelta = self.facts["DURATION"].dt
        if isinstance(self.start, dt.datetime):
            return (self.start.astimezone(dt.UTC) + duration).astimezone(self.start.tzinfo)
        return self.start + max(duration, dt.timedelta(days=1))

    def text(self, name: str) -> str:
        value = self.facts.get(name, "")
        first = value[0] if isinstance(value, list) and value else value
        return str(first)

    def all(self, name: str) -> list[Any]:
        value = self.facts.get(name, [])
        return value if isinstance(value, list) else [value]

    def venue(self) -> VenueDraft | None:
        geo = self.facts.get("GEO")
        point = degrees(str(getattr(geo, "latitude", "")), str(getattr(geo, "longitude", "")))
        return venue_from_text(self.text("LOCATION"), *point)

    def organizer(self) -> str | None:
        """The name beside ORGANIZER; an address of a person is nobody's business."""
        names = [line_of(str(value.params.get("CN", "")), 200) for value in self.all("ORGANIZER")]
        return next((name for name in names if name and "@" not in name), None)

    def image(self) -> str | None:
        for value in [*self.all("IMAGE"), *self.all("ATTACH")]:
            kind = str(getattr(value, "params", {}).get("FMTTYPE", ""))
            address = link(str(value))
            if address and (kind.startswith("image/") or _IMAGE_NAME.search(address)):
                return address
        return None

    def keywords(self) -> tuple[str, ...]:
        said = [str(word) for value in self.all("CATEGORIES") for word in getattr(value, "cats", [value])]
        return tuple(dict.fromkeys(word for text in said if (word := line_of(text, 80))))[:50]

    def timing(self, number: int) -> list[str]:
        """The lines from which the child works out dates, their rules checked; `number` tells them apart."""
        all_day = not isinstance(self.start, dt.datetime)
        lines = ["BEGIN:VEVENT", "UID:1", f"X-COMPONENT:{number}", f"SEQUENCE:{self.version[0]}"]
        lines += [line for name in _ONCE for line in self.lines.get(name, ())]
        rules = [line.partition(":")[2] for line in self.lines.get("RRULE", [])]
        if self.is_exception:
            # Only that there is a rule matters here: it marks an exception that a newer series has dropped.
            lines += ["RRULE:FREQ=DAILY;COUNT=1"] * bool(rules)
        else:
            lines += [f"RRULE:{checked_rule(r, self.zone, all_day=all_day)}" for r in dict.fromkeys(rules)]
            lines += self._listed("RDATE", MOST_OCCURRENCES) + self._listed("EXDATE", MOST_EXCEPTIONS)
        return [*lines, "END:VEVENT"]

    def _listed(self, name: str, most: int) -> list[str]:
        lines = self.lines.get(name, [])
        if sum(line.count(",") + 1 for line in lines) > most:
            raise RejectedError("too-many-occurrences", name)
        return lines


def read_vevent(block: Block, local: ZoneInfo) -> Vevent:
    """Raises RejectedError for one without a start, with several, or with one that is no date."""
    zone = zone_named(block.calendar.zone, local) if block.calendar.zone else local
    facts, lines = _sorted_lines(block, zone)
    for name in _ONCE:
        if len(set(lines.get(name, []))) > 1:
            raise RejectedError("several-starts" if name == "DTSTART" else "bad-date", lines[name][1])
    once = [lines[name][0] for name in _ONCE if name in lines]
    text = "\r\n".join(["BEGIN:VEVENT", *facts, *once, "END:VEVENT", ""])
    event = icalendar.Event.from_ical(text.encode("utf-8", "replace"))
    vevent = Vevent(block, event, lines, zone)
    for name in {name or "" for name, _ in event.errors}.difference(_ONCE):
        event.pop(name, None)
    for name in _ONCE:
        if name in lines and not _is_read(event, name):
            raise RejectedError("bad-date", lines[name][0])
    if "DTSTART" not in lines:
        raise RejectedError("no-start", vevent.text("SUMMARY"))
    vevent.zone = _own_zone(vevent.start, zone)
    if vevent.end is not None and _is_before(vevent.end, vevent.start):
        raise RejectedError("end-before-start", vevent.text("SUMMARY"))
    return vevent


def _sorted_lines(block: Block, zone: ZoneInfo) -> tuple[list[str], dict[str, list[str]]]:
    """(lines that tell facts, lines that tell times by name)."""
    facts: list[str] = []
    times: dict[str, list[str]] = {}
    for line in block.lines:
        found = _LINE.match(line)
        name = found[1].upper() if found else ""
        if name in _FACTS:
            facts.append(line)
        elif name in _TIMES:
            times.setdefault(name, []).append(_put_right(line, block, zone))
        elif name in _REPEATING | _VERSION or name == "DURATION":
            times.setdefault(name, []).append(line)
    return facts, times


def _put_right(line: str, block: Block, zone: ZoneInfo) -> str:
    """The time with the one parameter that fits its value: many calendars contradict themselves here, name
    zones in their own way, or leave times floating."""
    found = _TIME_LINE.fullmatch(line)
    if not found:
        raise RejectedError("bad-date", line)
    name, parameters, value = found[1].upper(), found[2], re.sub(r"\s", "", found[3]).upper()
    kept = ";RANGE=THISANDFUTURE" if "RANGE=THISANDFUTURE" in parameters.upper() else ""
    if "/" in value:
        kept += ";VALUE=PERIOD"
    if re.fullmatch(r"[\d,]+", value):
        return f"{name}{kept};VALUE=DATE:{value}"
    if "Z" in value:
        return f"{name}{kept}:{value}"
    said = _TZID.search(parameters)
    own = zone_named(said[1], zone, block.calendar.declared) if said else zone
    return f"{name}{kept};TZID={own.key}:{value}"


def _is_read(event: Any, name: str) -> bool:
    try:
        value = event[name].dt
        return isinstance(value, dt.timedelta) or (isinstance(value, dt.date) and value.year in YEARS)
    except (KeyError, AttributeError, InvalidCalendar):
        return False


def _is_before(end: dt.date, start: dt.date) -> bool:
    if isinstance(end, dt.datetime) and isinstance(start, dt.datetime):
        return end.astimezone(dt.UTC) < start.astimezone(dt.UTC)
    end_day, start_day = (t.date() if isinstance(t, dt.datetime) else t for t in (end, start))
    return end_day < start_day


def _own_zone(start: dt.date, zone: ZoneInfo) -> ZoneInfo:
    own = start.tzinfo if isinstance(start, dt.datetime) else None
    return own if isinstance(own, ZoneInfo) and own.key != "UTC" else zone
