"""Rules for days: from "i overmorgen" and "next Friday evening" to "anden søndag i december"."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from catalog.understanding.when.atoms import Atom
from catalog.understanding.when.calendar import Calendar, Span
from catalog.understanding.when.feasts import nth_weekday
from catalog.understanding.when.items import Found, Item

_ONE_DAY = timedelta(days=1)
_NIGHT_ENDS = 4 * 60
_MOST_DAYS = 31


def relative_day(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    found = Found(atoms)
    return found.item(calendar, calendar.relative_day(int(found.value("day") or 0)))


def day_part(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    found = Found(atoms)
    ahead, part = (found.value("day_part") or "0 evening").split()
    small_hours = part == "night" and calendar.now.hour < 4
    span = calendar.relative_day(int(ahead) - small_hours)
    return Item("span", found.atoms, (calendar.part(span, part),), part=part)


def night_before(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "natten til søndag": the small hours of that day."""
    found = Found(atoms)
    if found.value("part") != "night":
        return None
    number, ahead = found.weekday(), int(found.value("day") or 0)
    day = calendar.weekday(number) if number else calendar.relative_day(ahead)
    return Item("span", found.atoms, (calendar.clock(day, 0, _NIGHT_ENDS),), part="night")


def weekday(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    """The coming one, or that of the week that is said."""
    found = Found(atoms)
    number = found.weekday() or 1
    if found.has("next", "last", "week_after_next") or found.has("unit"):
        item = found.item(calendar, calendar.weekday_of_week(number, found.weeks_ahead()))
        return replace(item, next_week=found.has("next"))
    bare = not found.has("this", "coming")
    return found.item(calendar, calendar.weekday(number), kind="dayname" if bare else "span")


def weekdays_short(calendar: Calendar, atoms: Sequence[Atom]) -> Item:
    """ "sat or sun": the coming ones."""
    found = Found(atoms)
    numbers = found.numbers("weekday_short", "weekday_unsure", "weekday")
    return found.item(calendar, *map(calendar.weekday, numbers), kind="dayname")


def weekday_of_unit(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "mandag i næste uge"."""
    return weekday(calendar, atoms) if Found(atoms).value("unit") == "week" else None


def weekday_in_weeks(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "lørdag om to uger"."""
    found = Found(atoms)
    if found.value("unit", "units") != "week":
        return None
    span = calendar.moved(calendar.weekday(found.weekday() or 1), found.count() or 1)
    return found.item(calendar, replace(span, period=""))


def every_weekday(_: Calendar, atoms: Sequence[Atom]) -> Item:
    found = Found(atoms)
    """Also "en lørdag": any of them will do."""
    return found.repeated(*dict.fromkeys(found.numbers("weekday", "weekday_definite", "weekday_plural")))


def workdays(_: Calendar, atoms: Sequence[Atom]) -> Item:
    return Found(atoms).repeated(1, 2, 3, 4, 5)


def weekends(_: Calendar, atoms: Sequence[Atom]) -> Item:
    return Found(atoms).repeated(6, 7)


def weekday_range(_: Calendar, atoms: Sequence[Atom]) -> Item:
    """ "man-fre", "Mondays to Thursdays"."""
    found = Found(atoms)
    first, last = found.numbers("weekday_short", "weekday_unsure", "weekday_plural", "weekday")
    days = [(first + k - 1) % 7 + 1 for k in range((last - first) % 7 + 1)]
    return found.repeated(*sorted(days))


def date(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "5. december 2026", "December 5th", "den 5. og 6. december". "31. juni" is no time, and no June."""
    found = Found(atoms)
    month = found.number("month") or 0
    days = found.numbers("ordinal", "number")
    real = _real(calendar, found, [calendar.dated(day, month, found.year(calendar)) for day in days])
    return real or (Item("other", found.atoms) if max(days) <= _MOST_DAYS else None)


def numeric_date(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    found = Found(atoms)
    year, month, day = _parts(found.value("date") or "")
    return _real(calendar, found, [calendar.dated(day, month, year or found.year(calendar))])


def day_of_month(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "den 5.", "Saturday the 5th"."""
    found = Found(atoms)
    return _real(
        calendar, found, [calendar.day_of_month(found.number("ordinal", "number") or 0, found.weekday())]
    )


def days_of_month(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "the 5th and 6th"."""
    found = Found(atoms)
    return _real(calendar, found, [calendar.day_of_month(day) for day in found.numbers("ordinal", "number")])


def dates_range(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "1.-10. december", "December 1-10"."""
    found = Found(atoms)
    first, last = found.numbers("ordinal", "number")
    return _range(
        calendar, found, first, calendar.dated(last, found.number("month") or 0, found.year(calendar))
    )


def numeric_range(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "5.-7/12"."""
    found = Found(atoms)
    year, month, last = _parts(found.value("date") or "")
    return _range(calendar, found, found.number("ordinal", "number") or 0, calendar.dated(last, month, year))


def nth_of_month(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "første lørdag i december", "last weekend of the month"."""
    found = Found(atoms)
    nth = -1 if found.has("last") else found.number("ordinal") or 0
    if not (nth == -1 or 1 <= nth <= 4) or found.value("unit") not in (None, "month"):
        return None
    number = found.weekday()
    days = [nth_weekday(year, month, number or 6, nth) for year, month in _months(calendar, found)]
    spans = [calendar.days(d, 1) if number else calendar.weekend_from(d - _ONE_DAY) for d in days]
    return found.item(calendar, next(filter(calendar.is_ahead, spans), spans[-1]))


def week_of_month(calendar: Calendar, atoms: Sequence[Atom]) -> Item | None:
    """ "første uge i december": its first seven days."""
    found = Found(atoms)
    month = calendar.month(found.number("month") or 1, found.year(calendar))
    nth = found.number("ordinal") or 0
    if found.value("unit") != "week" or month.since is None or month.until is None or nth > 4:
        return None
    if found.has("last"):
        return found.item(calendar, replace(month, since=month.until - timedelta(days=7)))
    return found.item(calendar, calendar.days(month.since.date() + timedelta(days=7 * (nth - 1)), 7, "year"))


def _months(calendar: Calendar, found: Found) -> list[tuple[int, int]]:
    """Years and months that an nth weekday may be meant in."""
    month, year = found.number("month"), found.year(calendar)
    if month:
        this_year = calendar.today.year
        return [(year, month)] if year else [(this_year, month), (this_year + 1, month)]
    spans = [calendar.months_ahead(k) for k in ((1,) if found.has("next") else (0, 1))]
    return [(span.since.year, span.since.month) for span in spans if span.since]


def _range(calendar: Calendar, found: Found, first: int, end: Span | None) -> Item | None:
    if end is None or end.day is None or not 1 <= first < end.day.day:
        return None
    return found.item(calendar, calendar.dates(end.day.replace(day=first), end.day + _ONE_DAY, "year"))


def _real(calendar: Calendar, found: Found, spans: Sequence[Span | None]) -> Item | None:
    real = [span for span in spans if span]
    return found.item(calendar, *real) if real and len(real) == len(spans) else None


def _parts(value: str) -> tuple[int | None, int, int]:
    year, month, day = value.rsplit("-", 2)
    return int(year) if year.isdigit() else None, int(month), int(day)
