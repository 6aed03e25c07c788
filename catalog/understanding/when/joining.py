"""Rules over what was found: ranges, open ends, a weekday within a longer time, hours of days."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from catalog.understanding.when.atoms import Atom
from catalog.understanding.when.calendar import Calendar, Span
from catalog.understanding.when.items import ClockTime, Hours, Item

_DAYS_LISTED = 10
_WEEK = 7
_WEEKENDS_LISTED = 100


def days_range(calendar: Calendar, pieces: Sequence[Item]) -> list[Item] | None:
    """From the start of the first to the end of the second, which comes after it."""
    first, second = (item.spans[0] for item in pieces if item.spans)
    if first.since is None or second.until is None:
        return None
    last = second
    while last.until and last.until <= first.since and last.period:
        last = calendar.moved(last, 1)
    if last.until is None or last.until <= first.since:
        return None
    span = _not_over(calendar, first, last)
    return [Item("span", _atoms(pieces), (span,))]


def open_from(_: Calendar, pieces: Sequence[Item]) -> list[Item]:
    return [_open(pieces, lambda span: Span(span.since, None))]


def open_after(_: Calendar, pieces: Sequence[Item]) -> list[Item]:
    return [_open(pieces, lambda span: Span(span.until, None))]


def open_before(_: Calendar, pieces: Sequence[Item]) -> list[Item]:
    """Before it begins; before its end where that is said ("before the end of the year")."""
    of_end = any(atom.kind == "late" for atom in _atoms(pieces))
    return [_open(pieces, lambda span: Span(None, span.until if of_end else span.since))]


def open_until(_: Calendar, pieces: Sequence[Item]) -> list[Item]:
    """ "until Sunday" has the Sunday in it, "until Christmas" ends before Christmas."""
    return [_open(pieces, lambda span: Span(None, _last_end(pieces, span)))]


def from_now_until(calendar: Calendar, pieces: Sequence[Item]) -> list[Item]:
    return [_open(pieces, lambda span: Span(calendar.now, _last_end(pieces, span)))]


def within(calendar: Calendar, pieces: Sequence[Item]) -> list[Item] | None:
    """Weekdays or a weekend within a longer time: "lørdag i uge 7", "lørdag eller søndag i december"."""
    outer, whole = pieces[-1], pieces[-1].spans[0]
    numbers = _weekdays_of(pieces[:-1])
    if len(outer.spans) != 1 or whole.since is None or whole.until is None:
        return None
    if whole.day:
        return [_around_day(calendar, pieces, outer, whole.day)] if len(numbers) < 2 else None
    length = (whole.until.date() - whole.since.date()).days
    if pieces[0].kind == "weekend" and length < _WEEK:
        return [replace(outer, atoms=_atoms(pieces))]
    part = next((piece.part for piece in pieces[:-1] if piece.part), None)
    if numbers and length > _DAYS_LISTED:
        hours = Hours(part=part) if part else outer.hours
        weekdays = Item("weekdays", _atoms(pieces[:-1]), weekdays=numbers, hours=hours)
        return [weekdays, replace(outer, hours=None)]
    if length > _WEEKENDS_LISTED:
        return None
    dates = [whole.since.date() + timedelta(days=k) for k in range(length)]
    spans = [
        calendar.days(day, 1) if numbers else calendar.weekend_from(day)
        for day in dates
        if day.isoweekday() in (numbers or (5,))
    ]
    if part:
        spans = [calendar.part(span, part) for span in spans]
    ahead = tuple(span for span in spans if calendar.is_ahead(span)) or tuple(spans)
    is_next = any(atom.kind == "next" for atom in outer.atoms)
    found = Item("span", _atoms(pieces), ahead, hours=outer.hours, part=part, next_week=is_next)
    return [found] if ahead else None


def within_before(calendar: Calendar, pieces: Sequence[Item]) -> list[Item] | None:
    """The same said the other way round: "i næste uge torsdag aften"."""
    outer, day = pieces[0], pieces[-1]
    only = outer.spans[0].day if len(outer.spans) == 1 else None
    if only and (outer.part or only.isoweekday() != _weekday_of(day)):
        return None
    return within(calendar, [day, *pieces[1:-1], outer])


def _around_day(calendar: Calendar, pieces: Sequence[Item], outer: Item, day: date) -> Item:
    """ "lørdag, 5/12" and "i weekenden lørdag" are the day, "the weekend of December 5th" is its weekend."""
    atoms = _atoms(pieces)
    named = any(atom.kind in ("weekday", "weekday_definite") for atom in outer.atoms)
    if (part := pieces[0].part) and not outer.part:
        spans = tuple(calendar.part(span, part) for span in outer.spans)
        return replace(outer, atoms=atoms, spans=spans, part=part)
    if pieces[0].kind == "dayname" or named:
        return replace(outer, atoms=atoms)
    return Item("span", atoms, (calendar.weekend_from(day + timedelta(days=5 - day.isoweekday())),))


def hours_range(_: Calendar, pieces: Sequence[Item]) -> list[Item] | None:
    times = [time for item in pieces if (time := _time_of(item))]
    if len(times) != 2:
        return None
    part = next((item.hours.part for item in pieces if item.hours and item.hours.part), None)
    return [Item("hours", _atoms(pieces), hours=Hours(times[0], times[1], part))]


def hours_of_days(calendar: Calendar, pieces: Sequence[Item]) -> list[Item] | None:
    """ "lørdag 14-16"."""
    hours = hours_range(calendar, pieces[-3:])
    return [pieces[0], *hours] if hours else None


def hours_from(_: Calendar, pieces: Sequence[Item]) -> list[Item] | None:
    return _open_hours(pieces, lambda hours, time: replace(hours, start=time, end=None))


def hours_until(_: Calendar, pieces: Sequence[Item]) -> list[Item] | None:
    return _open_hours(pieces, lambda hours, time: replace(hours, start=None, end=time))


def not_hours(_: Calendar, pieces: Sequence[Item]) -> list[Item]:
    """ "efter 2 uger", "from 3 years": no time of the day."""
    return list(pieces)


def starting(_: Calendar, pieces: Sequence[Item]) -> list[Item]:
    return [Item("starting", pieces[0].atoms)]


def _last_end(pieces: Sequence[Item], span: Span) -> datetime | None:
    to_feast = any(atom.kind == "feast" for atom in _atoms(pieces))
    return span.since if to_feast and not span.day else span.until


def _atoms(pieces: Sequence[Item]) -> tuple[Atom, ...]:
    return tuple(atom for piece in pieces for atom in piece.atoms)


def _open(pieces: Sequence[Item], change: Callable[[Span], Span]) -> Item:
    item = next(piece for piece in pieces if piece.spans)
    return Item("span", _atoms(pieces), tuple(change(span) for span in item.spans), hours=item.hours)


def _not_over(calendar: Calendar, first: Span, last: Span) -> Span:
    """The range, or the same one earlier while that one is still on: "november til januar"."""
    while first.period == last.period == "year":
        earlier, end = calendar.moved(first, -1), calendar.moved(last, -1)
        if end.until is None or end.until <= calendar.now:
            break
        first, last = earlier, end
    return Span(first.since, last.until)


def _weekday_of(item: Item) -> int | None:
    return next(iter(_weekdays_of([item])), None)


def _weekdays_of(items: Sequence[Item]) -> tuple[int, ...]:
    kinds = ("weekday", "weekday_definite", "weekday_short")
    return tuple(dict.fromkeys(int(atom.value) for atom in _atoms(items) if atom.kind in kinds))


def _time_of(item: Item) -> ClockTime | None:
    if item.kind == "hours":
        return item.hours.start if item.hours else None
    if item.kind in ("number", "ordinal", "to", "one"):
        hour = int(item.atoms[0].value)
        return ClockTime(hour * 60) if hour <= 24 else None
    return None


def _open_hours(pieces: Sequence[Item], change: Callable[[Hours, ClockTime], Hours]) -> list[Item] | None:
    said = [(item, time) for item in pieces if (time := _time_of(item))]
    if not said:
        return None
    item, time = said[-1]
    hours = change(item.hours or Hours(), time)
    return [Item("hours", _atoms(pieces), hours=hours)]
