"""Cuts a calendar file into its events, line by line, so that one broken event cannot sink the others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from catalog.drafts import Rejection, UnreadableError

MOST_EVENTS = 50_000
_MOST_LINES_AN_EVENT = 20_000
_PROPERTY = re.compile(r"([A-Za-z0-9-]+)((?:;.*?)?):(.*)", re.DOTALL)


@dataclass(slots=True)
class Block:
    """One VEVENT: the number of its first line in the file, and its own lines, unfolded, without alarms."""

    line: int
    calendar: "CalendarFacts"
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class CalendarFacts:
    """What a VCALENDAR says for all its events. declared: TZID → IANA name or winter offset."""

    zone: str | None = None
    is_cancelled: bool = False
    declared: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Cut:
    blocks: list[Block] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


def cut(data: bytes) -> Cut:
    """The events of a file with one or more VCALENDARs. Other components are left out.

    Raises UnreadableError when it is no calendar, or has more than MOST_EVENTS events."""
    cutter = _Cutter()
    for number, line in _logical_lines(decoded(data)):
        cutter.read(number, line)
    if not cutter.is_calendar:
        raise UnreadableError("not-a-calendar")
    cutter.drop_unfinished()
    return cutter.result


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 with its mark, or Windows-1252."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """(number of the first raw line, line with its folded continuations)."""
    number, held = 0, ""
    for count, raw in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if raw[:1] in {" ", "\t"} and held:
            held += raw[1:]
            continue
        if held:
            yield number, held
        number, held = count, raw
    if held:
        yield number, held


class _Cutter:
    def __init__(self) -> None:
        self.result = Cut()
        self.is_calendar = False
        self._calendar = CalendarFacts()
        self._event: Block | None = None
        self._inside: list[str] = []
        self._zone_id = ""

    def read(self, number: int, line: str) -> None:
        found = _PROPERTY.match(line)
        name = found[1].upper() if found else ""
        if found and name in {"BEGIN", "END"}:
            (self._begin if name == "BEGIN" else self._end)(number, found[3].strip().upper())
        elif self._event is not None:
            if not self._inside and len(self._event.lines) < _MOST_LINES_AN_EVENT:
                self._event.lines.append(line)
        elif found:
            self._note(name, found[3].strip())

    def drop_unfinished(self) -> None:
        if self._event is not None:
            self.result.rejections.append(Rejection(str(self._event.line), "unfinished-event"))
            self._event = None

    def _begin(self, number: int, component: str) -> None:
        if component == "VCALENDAR":
            self.is_calendar, self._calendar = True, CalendarFacts()
        if component in {"VCALENDAR", "VEVENT"}:
            self.drop_unfinished()
            self._inside = []
        if component == "VEVENT":
            self.is_calendar = True
            self._event = Block(number, self._calendar)
        elif component != "VCALENDAR" and len(self._inside) < 50:
            self._inside.append(component)

    def _end(self, _number: int, component: str) -> None:
        if component == "VEVENT" and self._event is not None:
            if len(self.result.blocks) >= MOST_EVENTS:
                raise UnreadableError("too-many-items", str(MOST_EVENTS))
            self.result.blocks.append(self._event)
            self._event, self._inside = None, []
        elif component == "VCALENDAR":
            self.drop_unfinished()
            self._inside = []
        elif self._inside:
            self._inside.pop()

    def _note(self, name: str, value: str) -> None:
        if "VTIMEZONE" in self._inside:
            self._note_zone(name, value)
        elif not self._inside and name == "X-WR-TIMEZONE":
            self._calendar.zone = value
        elif not self._inside and name == "METHOD":
            self._calendar.is_cancelled = value.upper() == "CANCEL"

    def _note_zone(self, name: str, value: str) -> None:
        declared = self._calendar.declared
        if name == "TZID":
            self._zone_id = value.strip('"')
        elif name == "X-LIC-LOCATION":
            declared[self._zone_id] = value
        elif name == "TZOFFSETTO" and self._inside[-1:] == ["STANDARD"]:
            declared.setdefault(self._zone_id, value)
