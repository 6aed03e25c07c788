"""Rules for the clock and the parts of the day: "kl. 19", "half past seven", "om aftenen"."""

from collections.abc import Sequence

from catalog.understanding.when.atoms import Atom
from catalog.understanding.when.calendar import DAY, Calendar
from catalog.understanding.when.items import ClockTime, Found, Hours, Item

# "kl. 19.30" is what is on in the half hour from then, "kl. 19" in the whole hour.
_HALF_HOUR = 30


def clock_time(_: Calendar, atoms: Sequence[Atom]) -> Item | None:
    found = Found(atoms)
    time = _time(found)
    if time is None:
        return None
    part = found.value("part", "part_any", "part_plural")
    hours = Hours(time, time, part, around=found.has("around", "tid"))
    return Item("hours", found.atoms, hours=hours)


def part_of_day(_: Calendar, atoms: Sequence[Atom]) -> Item:
    found = Found(atoms)
    return Item("hours", found.atoms, hours=Hours(part=found.value("part", "part_any", "part_plural")))


def _time(found: Found) -> ClockTime | None:
    said = found.value("meridiem") or ""
    if found.has("clock_word"):
        return ClockTime(found.number("clock_word") or 0, 60, "exact")
    if found.has("time"):
        return _written(found, said)
    hour = found.number("number", "ordinal", "to", "one")
    if hour is None or not 0 <= hour <= (12 if said else 24):
        return None
    offset = found.number("offset")
    if offset is not None:
        return ClockTime(hour * 60 + offset, _HALF_HOUR, said) if 1 <= hour <= 12 else None
    return ClockTime(hour * 60, 60, said or ("exact" if hour in (0, 24) else ""))


def _written(found: Found, said: str) -> ClockTime | None:
    atom = next(atom for atom in found.atoms if atom.kind == "time")
    minute = int(atom.value)
    if minute > DAY or (said and minute >= 13 * 60):
        return None
    grain = _HALF_HOUR if minute % 60 else 60
    return ClockTime(minute, grain, said or ("exact" if atom.as_said else ""))
