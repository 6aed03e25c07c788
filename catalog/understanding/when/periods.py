"""Rules for longer times: weekends, weeks, months, seasons, feasts, and so many days from now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from catalog.understanding.when.atoms import Atom
from catalog.understanding.when.calendar import Calendar, Span, add_months
from catalog.understanding.when.feasts import feast
from catalog.understanding.when.items import Found, Hours, Item
from catalog.understanding.when.lexicon import meanings

_SOON_DAYS = 14
_NOW_HOURS = 2
_SLACK_DAYS = {"day": 0, "week": 3, "month": 7}
_PLURAL = {"minute": 60, "hour": 3, "day": 7, "week": 3, "month": 3, "year": 2}
_THIRDS_OF_MONTH = {"early": (1, 10), "mid": (11, 20), "late": (21, 31)}
_THIRDS_OF_WEEK = {"early": (0, 2), "mid": (1, 3), "late": (3, 4)}


def weekend(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    found = Found(atoms)
    bare = not found.has("next", "last", "this", "coming", "part", "part_any")
    span = calendar.weekend(found.weeks_ahead())
    if found.has("coming") and span.since == calendar.now:
        # Asked within a weekend, the coming one is the next.
        span = calendar.weekend(1)
    return found.item(calendar, span, kind="weekend" if bare else "span")


def unit(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "denne uge", "next month"."""
    found = Found(atoms)
    span = _unit(calendar, found.value("unit"), found.weeks_ahead())
    return found.item(calendar, span) if span else None


def week_after_next(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    return Found(atoms).item(calendar, calendar.week(2))


def weekend_after_next(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    return Found(atoms).item(calendar, calendar.weekend(2))


def iso_week(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "uge 7", "uge 7-8", "week 7 and 9"."""
    found = Found(atoms)
    numbers = found.numbers("number", "ordinal")
    weeks = [calendar.iso_week(number, found.year(calendar)) for number in numbers]
    spans = tuple(span for span in weeks if span)
    if found.value("unit", "units") != "week" or len(spans) < len(weeks):
        return None
    if found.has("dash", "to", "til"):
        return _week_range(calendar, found, numbers[0], spans[-1])
    return found.item(calendar, *spans)


def _week_range(calendar: Calendar, found: Found, number: int, last: Span) -> Item | None:
    """From week `number` to the last: in the year of the last, or over the turn of the year."""
    year = last.since.date().isocalendar().year if last.since else calendar.today.year
    for candidate in (year, year - 1):
        first = calendar.iso_week(number, candidate)
        if first and first.since and last.since and first.since < last.since:
            return found.item(calendar, replace(first, until=last.until))
    return None


def month(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    found = Found(atoms)
    return found.item(calendar, calendar.month(found.number("month") or 1, found.year(calendar)))


def season(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    found = Found(atoms)
    return found.item(calendar, _season(calendar, found))


def feast_day(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    found = Found(atoms)
    return found.item(calendar, feast(calendar, found.value("feast") or "", _year(calendar, found)))


def year(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    found = Found(atoms)
    return found.item(calendar, calendar.year(found.year(calendar) or calendar.today.year))


def third(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """The first, middle or last part of a month, a week or a year."""
    found = Found(atoms)
    which = next(name for name in ("early", "mid", "late") if found.has(name))
    if found.has("unit") and found.value("unit") == "week":
        return _third_of_week(calendar, found, which)
    whole = _whole(calendar, found)
    if whole is None or whole.day or whole.since is None or whole.until is None:
        return None
    first, last = whole.since.date(), whole.until.date() - timedelta(days=1)
    if (last - first).days > 31:
        return found.item(calendar, _third_of(calendar, first, last, which))
    low, high = _THIRDS_OF_MONTH[which]
    after = first.replace(day=min(high, last.day)) + timedelta(days=1)
    return found.item(calendar, calendar.dates(first.replace(day=low), after, "year"))


def rest(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "resten af ugen", "later today": from now."""
    found = Found(atoms)
    whole = _whole(calendar, found)
    ahead = whole and (found.has("next") or (whole.since and whole.since > calendar.now))
    if whole is None:
        return None
    return Item("span", found.atoms, (whole if ahead else Span(calendar.now, whole.until),))


def in_units(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "om 3 dage" is that day, "om 3 uger" that day and three on either side, "om 2 timer" that hour."""
    found = Found(atoms)
    name, count = found.value("unit", "units") or "", found.count() or 1
    if name in ("hour", "minute"):
        minutes = count * (60 if name == "hour" else 1)
        spans = Span(calendar.after_now(minutes=minutes), calendar.after_now(minutes=minutes + 60))
        return Item("span", found.atoms, (spans,))
    if name == "year":
        return found.item(calendar, calendar.year(calendar.today.year + count))
    slack = _SLACK_DAYS[name]
    first = _later(calendar, name, count) - timedelta(days=slack)
    return found.item(calendar, calendar.days(first, 2 * slack + 1))


def from_now_on(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "de næste 14 dage", "within a week": from now."""
    found = Found(atoms)
    name = found.value("unit", "units") or ""
    count = found.count() or (_PLURAL[name] if found.has("units") else 1)
    if name in ("hour", "minute"):
        until = calendar.after_now(**{name + "s": count})
    else:
        until = calendar.now + (_later(calendar, name, count) - calendar.today)
    return Item("span", found.atoms, (Span(calendar.now, until),))


def nothing(_: Calendar, atoms: Sequence[Atom]) -> Item:
    """ "hver dag" asks for no time in particular."""
    return Item("nothing", tuple(atoms))


def now(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    """From now and two hours on, so that what begins in a moment is there too."""
    span = Span(calendar.now, calendar.after_now(hours=_NOW_HOURS))
    return Item("now", tuple(atoms), (span,))


def soon(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    span = Span(calendar.now, calendar.now + timedelta(days=_SOON_DAYS))
    return Item("span", tuple(atoms), (span,))


def habit(_: Calendar, atoms: Sequence[Atom]) -> Item:
    """ "efter skole"."""
    name = Found(atoms).value("habit")
    return Item(
        "weekdays",
        tuple(atoms),
        weekdays=tuple(meanings()["habits"][name]),
        hours=Hours(part=name),
    )


def _later(calendar: Calendar, name: str, count: int) -> date:
    if name in ("day", "week"):
        return calendar.today + timedelta(days=count * (7 if name == "week" else 1))
    return add_months(calendar.today, count * (12 if name == "year" else 1))


def _year(calendar: Calendar, found: Found) -> int | None:
    return calendar.today.year + 1 if found.has("next") else found.year(calendar)


def _season(calendar: Calendar, found: Found) -> Span:
    first, count = meanings()["seasons"][found.value("season")]
    return calendar.month(first, _year(calendar, found), count)


def _unit(calendar: Calendar, name: str | None, ahead: int) -> Span | None:
    if name == "day":
        return calendar.relative_day(ahead)
    if name == "week":
        return calendar.week(ahead)
    if name == "month":
        return calendar.months_ahead(ahead)
    return calendar.year(calendar.today.year + ahead) if name == "year" else None


def _whole(calendar: Calendar, found: Found) -> Span | None:
    """What a part or the rest is of."""
    if found.has("month"):
        return calendar.month(found.number("month") or 1, found.year(calendar))
    if found.has("weekend"):
        return calendar.weekend(found.weeks_ahead())
    if found.has("season"):
        return _season(calendar, found)
    if found.has("feast"):
        return feast(calendar, found.value("feast") or "", _year(calendar, found))
    if found.has("day"):
        return calendar.relative_day(int(found.value("day") or 0))
    said = found.year(calendar)
    return calendar.year(said) if said else _unit(calendar, found.value("unit"), found.weeks_ahead())


def _third_of(calendar: Calendar, first: date, last: date, which: str) -> Span:
    length = (last - first).days + 1
    place = ("early", "mid", "late").index(which)
    start = first + timedelta(days=round(length * place / 3))
    return calendar.dates(start, first + timedelta(days=round(length * (place + 1) / 3)), "year")


def _third_of_week(calendar: Calendar, found: Found, which: str) -> Item:
    first, count = _THIRDS_OF_WEEK[which]
    monday = calendar.monday + timedelta(weeks=found.weeks_ahead(), days=first)
    spans = [calendar.days(monday + timedelta(weeks=k), count) for k in (0, 1)]
    return found.item(calendar, next(filter(calendar.is_ahead, spans)))
