"""The sample catalogue: invented offerings at real places, so that a newcomer has something to ask about.

The offerings are data: one TOML file a municipality beside this one, `venues.toml` for the places,
`common.toml` for what they share and for how a file is written. Dates stand there as weeks of a cycle
that is counted from a fixed Monday. So the same instant always gives the same catalogue, something is on at
every time of the year, and loading again later moves only what is over: ids and keys stay.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, OfferingDraft, VenueDraft
from catalog.values import PriceKind

SOURCE = "kulturlods-sample"
"""The name of the source under which the sample is stored; it is marked as sample data there."""

_SHARED_FILES = frozenset({"common", "venues"})
_URN = "urn:kulturlods:sample:"
_SLOT_CYCLE = 8
_RUN_CYCLE = 12
_COURSE_CYCLE = 16

_Entry = dict[str, Any]


def sample_drafts(now: dt.datetime, zone: ZoneInfo) -> list[OfferingDraft]:
    """The sample offerings as seen from `now` (aware), their clock times read in `zone`.

    Every occurrence begins after `now`, except runs: an exhibition may be on already and ends after `now`.
    Descriptions end by saying that they are sample data. External ids do not depend on `now`; an
    occurrence's key is the local time for which it was first planned.
    """
    calendar = _Calendar(now.astimezone(dt.UTC), zone)
    return [_draft(entry, calendar) for entry in _entries()]


@dataclass(frozen=True, slots=True)
class _Calendar:
    """Weeks from Monday to Sunday, numbered from a fixed one; clock times in the zone, instants in UTC."""

    now: dt.datetime
    zone: ZoneInfo

    @property
    def week(self) -> int:
        return (self.now.astimezone(self.zone).toordinal() - 1) // 7

    def day(self, week: int, weekday: int) -> dt.date:
        return dt.date.fromordinal(week * 7 + weekday)

    def instant(self, day: dt.date, clock: dt.time) -> dt.datetime:
        return dt.datetime.combine(day, clock, self.zone).astimezone(dt.UTC)

    def coming(self, phase: int, cycle: int) -> int:
        """The first week from this one on that is number `phase` of its cycle."""
        return self.week + (phase - self.week) % cycle


@cache
def _file(name: str) -> _Entry:
    text = (resources.files(__name__) / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _entries() -> tuple[_Entry, ...]:
    names = sorted(f.name.removesuffix(".toml") for f in resources.files(__name__).iterdir())
    return tuple(entry for name in names for entry in _entries_of(name))


def _entries_of(name: str) -> Iterator[_Entry]:
    # A folder lists Python files as well.
    if name in _SHARED_FILES or not (resources.files(__name__) / f"{name}.toml").is_file():
        return
    shared = {**_file("common")["defaults"], **_file(name).get("defaults", {})}
    for entry in _file(name)["offering"]:
        yield {**shared, **entry, "id": f"{name}-{entry['id']}"}


@cache
def _venue(key: str) -> VenueDraft:
    return VenueDraft(**_file("venues")[key])


def _draft(entry: _Entry, calendar: _Calendar) -> OfferingDraft:
    facts = dict(entry)
    for used in ("when", "run", "course", "series", "ages", "free", "en", "title", "text", "venue", "id"):
        facts.pop(used, None)
    facts.setdefault("organizer", _venue(entry["venue"]).name)
    facts |= _texts(entry) | _ages(entry) | _price(entry) | _series(entry) | _dates(entry, calendar)
    return OfferingDraft(external_id=_URN + entry["id"], **facts)


def _texts(entry: _Entry) -> _Entry:
    written = {"da": entry, "en": entry.get("en")}
    notes = _file("common")["note"]
    return {
        "titles": {code: texts["title"] for code, texts in written.items() if texts},
        "descriptions": {code: f"{texts['text']} {notes[code]}" for code, texts in written.items() if texts},
    }


def _ages(entry: _Entry) -> _Entry:
    ages: list[int] = entry.get("ages", [])
    return dict(zip(("age_from", "age_to"), ages, strict=False))


def _price(entry: _Entry) -> _Entry:
    if entry.get("free"):
        return {"price_kind": PriceKind.FREE}
    return {"price_kind": PriceKind.AMOUNTS if entry.get("prices") else PriceKind.UNKNOWN}


def _series(entry: _Entry) -> _Entry:
    if "series" not in entry:
        return {}
    key = entry["series"]
    return {"series_id": f"{_URN}series:{key}", "series_name": _file("common")["series"][key]}


def _dates(entry: _Entry, calendar: _Calendar) -> _Entry:
    if "run" in entry:
        return {"occurrences": (_run(entry, calendar),)}
    if "course" in entry:
        return _season(entry, calendar)
    return {"occurrences": tuple(sorted(_slots(entry, calendar), key=lambda o: (o.start, o.key)))}


def _slots(entry: _Entry, calendar: _Calendar) -> Iterator[OccurrenceDraft]:
    for slot in entry["when"]:
        for phase in slot.get("weeks", range(_SLOT_CYCLE)):
            week = calendar.coming(phase, _SLOT_CYCLE)
            occurrence = _occurrence(entry, slot, week, calendar)
            begun = occurrence.start <= calendar.now
            yield _occurrence(entry, slot, week + _SLOT_CYCLE, calendar) if begun else occurrence


def _occurrence(entry: _Entry, slot: _Entry, week: int, calendar: _Calendar) -> OccurrenceDraft:
    planned = slot | slot.get("moved_from", {})
    first, _ = _span(planned, week, calendar)
    start, end = _span(slot, week, calendar)
    return OccurrenceDraft(
        key=first.astimezone(calendar.zone).strftime("%Y-%m-%dT%H:%M"),
        start=start,
        end=end,
        zone=calendar.zone.key,
        time_known="at" in slot,
        venue=_venue(slot.get("venue", entry["venue"])),
        status=slot.get("status", entry.get("status", "scheduled")),
        previous_start=first if "moved_from" in slot else None,
    )


def _span(slot: _Entry, week: int, calendar: _Calendar) -> tuple[dt.datetime, dt.datetime | None]:
    """From "13:00-15:30" (past midnight when it ends earlier in the day), "13:00" or nothing."""
    begins, _, ends = slot.get("at", "00:00").partition("-")
    day = calendar.day(week, slot["weekday"])
    start = calendar.instant(day, dt.time.fromisoformat(begins))
    if not ends:
        return start, None
    nights = slot.get("days", 1) - 1 + (ends <= begins and "days" not in slot)
    return start, calendar.instant(day + dt.timedelta(days=nights), dt.time.fromisoformat(ends))


def _run(entry: _Entry, calendar: _Calendar) -> OccurrenceDraft:
    run = entry["run"]
    opens, closes = (dt.time.fromisoformat(clock) for clock in run["hours"].split("-"))
    first = calendar.coming(run["starts"], _RUN_CYCLE) - _RUN_CYCLE
    while (end := calendar.instant(calendar.day(first + run["weeks"] - 1, 7), closes)) <= calendar.now:
        first += _RUN_CYCLE
    start = calendar.instant(calendar.day(first, 6), opens)
    return OccurrenceDraft(
        key=start.astimezone(calendar.zone).strftime("%Y-%m-%dT%H:%M"),
        start=start,
        end=end,
        zone=calendar.zone.key,
        is_run=True,
        open_days=run["open_days"],
        opens=opens,
        closes=closes,
        venue=_venue(entry["venue"]),
        status=entry.get("status", "scheduled"),
    )


def _season(entry: _Entry, calendar: _Calendar) -> _Entry:
    """The season of a course that is on or comes next: its days, what is left of it, and the enrolment."""
    course, slots = entry["course"], entry["when"]
    first = calendar.coming(course["starts"], _COURSE_CYCLE) - _COURSE_CYCLE
    while not (ahead := _lessons(entry, first, calendar)):
        first += _COURSE_CYCLE
    weekdays = sorted(slot["weekday"] for slot in slots)
    opens = calendar.instant(calendar.day(first - course["enrol_before"], 1), dt.time(10))
    return {
        "occurrences": tuple(ahead),
        "season_from": calendar.day(first, weekdays[0]),
        "season_until": calendar.day(first + course["weeks"] - 1, weekdays[-1]),
        "weekdays": tuple(weekdays),
        "enrolment_opens": opens,
        "enrolment_closes": calendar.instant(calendar.day(first, 7), dt.time(23, 59)),
        # Nobody can have taken a seat before the enrolment opens.
        "remaining": entry["capacity"] if calendar.now < opens else entry["remaining"],
    }


def _lessons(entry: _Entry, first: int, calendar: _Calendar) -> list[OccurrenceDraft]:
    weeks = range(first, first + entry["course"]["weeks"])
    lessons = [_occurrence(entry, slot, week, calendar) for week in weeks for slot in entry["when"]]
    return sorted((o for o in lessons if o.start > calendar.now), key=lambda o: o.start)
