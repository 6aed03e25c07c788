"""Days and times as people read them, in the zone where the clock on the wall hangs.

The patterns are data in the texts (CLDR letters, formatted by Babel), so a new language needs no code here.
"""

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_day_names
from babel.lists import format_list

from bot.replies.reply import Voice
from catalog.cards import OccurrenceFacts

_MOMENT = dt.timedelta(microseconds=1)
"""Ends are exclusive: what ends at midnight is not on the day that begins then."""
_NIGHT_ENDS = dt.time(6)
"""Until when a late evening still belongs to the day it began on."""


def day(date: dt.date, voice: Voice) -> str:
    """ "i dag", "i morgen", else "lør. 28. nov."; the year when it is another one than now."""
    near = _near_day(date, voice)
    return near or _pattern(date, "day", voice)


def long_day(date: dt.date, voice: Voice) -> str:
    """The same in full: "lørdag 28. november"."""
    near = _near_day(date, voice)
    return near or _pattern(date, "long", voice)


def plain_day(date: dt.date, voice: Voice) -> str:
    """ "28. nov.", whether it is near or far."""
    return _pattern(date, "plain", voice)


def days(first: dt.date, last: dt.date, voice: Voice) -> str:
    """ "4.–6. dec.", "30. nov. – 6. dec."; one day is that day."""
    if last <= first:
        return plain_day(first, voice)
    if (first.year, first.month) == (last.year, last.month):
        bare = format_date(first, voice.texts("date.bare"), locale=locale(voice))
        return voice.texts("date.from_to", first=bare, last=plain_day(last, voice))
    return voice.texts("date.span", first=plain_day(first, voice), last=plain_day(last, voice))


def month(date: dt.date, voice: Voice) -> str:
    """ "december"; the year when it is another one than now."""
    return _pattern(date, "month", voice)


def clock(time: dt.time, voice: Voice) -> str:
    """ "13" or "13.30" in Danish, "13:00" in English."""
    pattern = voice.texts("date.minute" if time.minute else "date.hour")
    return format_time(time, pattern, locale=locale(voice))


def clocks(since: dt.time, until: dt.time, voice: Voice) -> str:
    return voice.texts("date.from_to", first=clock(since, voice), last=clock(until, voice))


def weekday_names(numbers: tuple[int, ...], voice: Voice) -> list[str]:
    """The full names of ISO weekdays, Monday first."""
    names = get_day_names("wide", locale=locale(voice))
    return [names[number - 1] for number in sorted(set(numbers))]


def short_weekday_names(numbers: tuple[int, ...], voice: Voice) -> list[str]:
    """The abbreviated names of ISO weekdays, Monday first."""
    names = get_day_names("abbreviated", locale=locale(voice))
    return [names[number - 1] for number in sorted(set(numbers))]


def short_weekdays(open_days: tuple[int, ...], voice: Voice) -> str:
    """ISO weekdays as a short list; three or more in a row as a span: "tirs.–søn."."""
    names, numbers = short_weekday_names(open_days, voice), sorted(set(open_days))
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return voice.texts("date.from_to", first=names[0], last=names[-1])
    return listed(names, voice)


def listed(names: list[str], voice: Voice, style: Literal["standard", "or"] = "standard") -> str:
    """ "a, b og c"; style "or" for "a, b eller c"."""
    return format_list(names, style=style, locale=locale(voice))


def locale(voice: Voice) -> str:
    """Babel's locale for this language."""
    return voice.texts("date.locale")


def local(instant: dt.datetime, voice: Voice) -> dt.datetime:
    """`instant` on the municipality's clock."""
    return instant.astimezone(voice.zone)


def last_day(end: dt.datetime, voice: Voice) -> dt.date:
    """The local day on which something that ends then is on for the last time: midnight is no new one."""
    return local(end - _MOMENT, voice).date()


def briefly(occurrence: OccurrenceFacts, voice: Voice) -> str:
    """When it begins, for a row of a list; for a run how long it lasts."""
    start, end = _on_the_wall(occurrence, voice)
    if not occurrence.is_run:
        return _moment(start, occurrence.time_known, voice)
    last = (end - _MOMENT).date() if end else None
    if last is not None and occurrence.start <= voice.now:
        return voice.texts("date.until", day=plain_day(last, voice))
    return _days(start.date(), last, voice)


def fully(occurrence: OccurrenceFacts, voice: Voice) -> str:
    """When it begins and ends, for the card; for a run also when it is open."""
    start, end = _on_the_wall(occurrence, voice)
    if occurrence.is_run:
        return _run(occurrence, voice)
    if end is None or end <= start:
        return _moment(start, occurrence.time_known, voice)
    if not occurrence.time_known:
        return _days(start.date(), (end - _MOMENT).date(), voice)
    if _same_evening(start, end):
        span = clocks(start.time(), end.time(), voice)
        return voice.texts("date.at", day=day(start.date(), voice), time=span)
    first, last = _moment(start, True, voice), _moment(end, True, voice)
    return voice.texts("date.span", first=first, last=last)


def moment(instant: dt.datetime, voice: Voice) -> str:
    """A day and a time: "lør. 28. nov. kl. 13"; midnight reads as the day alone."""
    at = local(instant, voice)
    return _moment(at, at.time() != dt.time.min, voice)


def _run(occurrence: OccurrenceFacts, voice: Voice) -> str:
    parts = [briefly(occurrence, voice)]
    if occurrence.open_days and len(set(occurrence.open_days)) < 7:
        parts.append(short_weekdays(occurrence.open_days, voice))
    if occurrence.opens and occurrence.closes:
        parts.append(voice.texts("date.clock", time=clocks(occurrence.opens, occurrence.closes, voice)))
    return ", ".join(parts)


def _moment(at: dt.datetime, time_known: bool, voice: Voice) -> str:
    if not time_known:
        return day(at.date(), voice)
    return voice.texts("date.at", day=day(at.date(), voice), time=clock(at.time(), voice))


def _days(first: dt.date, last: dt.date | None, voice: Voice) -> str:
    return day(first, voice) if last is None or last <= first else days(first, last, voice)


def _same_evening(start: dt.datetime, end: dt.datetime) -> bool:
    next_day = start.date() + dt.timedelta(days=1)
    return end.date() == start.date() or (end.date() == next_day and end.time() <= _NIGHT_ENDS)


def _near_day(date: dt.date, voice: Voice) -> str | None:
    ahead = (date - local(voice.now, voice).date()).days
    key = {0: "date.today", 1: "date.tomorrow"}.get(ahead)
    return voice.texts(key) if key else None


def _pattern(date: dt.date, name: str, voice: Voice) -> str:
    year = "_year" if date.year != local(voice.now, voice).year else ""
    return format_date(date, voice.texts(f"date.{name}{year}"), locale=locale(voice))


def _on_the_wall(occurrence: OccurrenceFacts, voice: Voice) -> tuple[dt.datetime, dt.datetime | None]:
    try:
        zone = ZoneInfo(occurrence.zone)
    except (KeyError, ValueError, OSError):
        zone = voice.zone
    return occurrence.start.astimezone(zone), occurrence.end.astimezone(zone) if occurrence.end else None
