"""From the bytes of a file to drafts: one format a module, told from the content and never from the name."""

import datetime as dt
import re
from collections.abc import Callable
from zoneinfo import ZoneInfo

from catalog.drafts import Parsed, UnreadableError
from catalog.importers import ics, jsonld, sheet
from catalog.importers.calendar_text import decoded
from catalog.importers.infer import infer

FORMATS = ("auto", "jsonld", "ics", "csv", "xlsx")
MOST_BYTES = 10 * 1024 * 1024

_Parse = Callable[[bytes, dt.datetime, ZoneInfo], Parsed]
_PARSERS: dict[str, _Parse] = {
    "jsonld": jsonld.parse,
    "ics": ics.parse,
    "csv": sheet.parse,
    "xlsx": sheet.parse,
}
_LOOKED_AT = 16_384
_CALENDAR = re.compile(r"^\s*BEGIN:\s*(?:VCALENDAR|VEVENT)\s*$", re.IGNORECASE | re.MULTILINE)
_ROW = re.compile(r"[^\n;,\t]*[;,\t]")


def parse(data: bytes, *, format: str = "auto", now: dt.datetime, zone: ZoneInfo) -> Parsed:
    """The drafts in a file, what is missing in them inferred, and what had to be left out with its reason.

    format: one of FORMATS; "csv" and "xlsx" are both a spreadsheet, of whichever kind it proves to be.
    Local times are read in `zone`; recurring events are worked out around `now`. The same bytes give equal
    drafts. Raises UnreadableError when the file as a whole cannot be read, and nothing else for any bytes."""
    if len(data) > MOST_BYTES:
        raise UnreadableError("too-large", str(MOST_BYTES // 1024 // 1024))
    if not data.strip():
        raise UnreadableError("empty-file")
    parsed = _PARSERS[detect(data) if format == "auto" else format](data, now, zone)
    parsed.drafts = [infer(draft) for draft in parsed.drafts]
    return parsed


def detect(data: bytes) -> str:
    """Which of FORMATS the bytes are in. Raises UnreadableError "unknown-format"."""
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError("old-excel")
    text = decoded(data[:_LOOKED_AT]).lstrip("\ufeff \t\r\n")
    if "\x00" in text:
        raise UnreadableError("unknown-format")
    if _CALENDAR.search(text):
        return "ics"
    if text.startswith(("{", "[", "<")):
        return "jsonld"
    if _ROW.match(text):
        return "csv"
    raise UnreadableError("unknown-format")
