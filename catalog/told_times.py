"""When something is on, as staff write it: "lørdag 5. december kl. 13-15", "hver tirsdag 16-17 til jul",
"fra 1. til 20. december, ti-sø 11-17".

The days are understood as in a question; the clock is taken out first, for to staff "kl. 19" is a beginning,
not an hour that one has time. Pure: the same text at the same instant gives the same dates.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft
from catalog.query import Window
from catalog.text import fold, tokens
from catalog.understanding.when import When, find_when

MOST_TIMES = 100
MOST_DAYS_APART = 7
"""Days in a row up to so many are dates; more of them are one run, such as an exhibition."""
_DAY = dt.timedelta(days=1)
_LAST_MINUTE = dt.time(23, 59)
_PARTS = re.compile(r"[;\n]+")
_MONTH_DAYS = 31


class ToldError(ValueError):
    """No dates can be made of it. code: "no-day", "no-end" (every week, until when?), "every-other", "past",
    "too-many"."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Clock:
    """From when to when on the wall; an end that is not after the start is the next day's."""

    start: dt.time
    end: dt.time | None


@dataclass(frozen=True, slots=True)
class _Said:
    """One part of what was written."""

    days: str
    clock: _Clock | None
    open_days: tuple[int, ...]


def told_times(text: str, now: dt.datetime, zone: ZoneInfo, language: str) -> tuple[OccurrenceDraft, ...]:
    """The dates that this tells, by start, without a venue. Raises ToldError."""
    plain = fold(text)
    if any(re.search(rf"\b{words}\b", plain) for words in _words()["every_other"]):
        raise ToldError("every-other")
    found: dict[dt.datetime, OccurrenceDraft] = {}
    for said in _with_days(_said(text), now, zone, language):
        for time in _times(*said, now=now, zone=zone):
            found.setdefault(time.start, time)
            if len(found) > MOST_TIMES:
                raise ToldError("too-many")
    ahead = [found[start] for start in sorted(found) if _ends(found[start]) > now]
    if not ahead:
        raise ToldError("past" if found else "no-day")
    return tuple(ahead)


def _ends(time: OccurrenceDraft) -> dt.datetime:
    return time.end or time.start.replace(hour=0, minute=0) + _DAY


def _said(text: str) -> Iterator[_Said]:
    """The parts of a text, each with at most one clock: "fredag kl. 19 og lørdag kl. 14" has two."""
    for part in filter(str.strip, _PARTS.split(text)):
        rest, open_days = _without_open_days(part)
        found = [hit for hit in _rules().finditer(rest) if _clock(hit, rest)]
        at = 0
        for number, hit in enumerate(found, 1):
            behind = rest[hit.end() :] if number == len(found) else ""
            yield _Said(f"{rest[at : hit.start()]} {behind}", _clock(hit, rest), open_days)
            at = hit.end()
        if not found:
            yield _Said(rest, None, open_days)


def _with_days(
    parts: Iterable[_Said], now: dt.datetime, zone: ZoneInfo, language: str
) -> Iterator[tuple[_Said, When]]:
    """The parts with their days; one that names none ("kl. 10 og kl. 14 på lørdag") has its neighbour's."""
    read = [(part, _days(part.days, now.astimezone(zone), language)) for part in parts]
    named = [when for _, when in read if when.windows or when.weekdays]
    if not named:
        raise ToldError("no-day")
    last = named[0]
    for part, when in read:
        last = when if when.windows or when.weekdays else last
        yield part, last


def _days(text: str, now: dt.datetime, language: str) -> When:
    """The days of one part. Weekdays that are said to come back, or that are said with a longer time, are all
    those within it; "til" an end is "indtil" it, where nothing says from when."""
    rest, weekdays, are_repeated = _weekdays(text)
    if weekdays:
        until = re.compile(rf"\b(?:{'|'.join(_words()['until'])})\b", re.I)
        is_open = not re.search(rf"\b(?:{_any(_words()['since'])})\b", rest, re.I)
        clearer = until.sub(_words()["certainly_until"], rest) if is_open else rest
        within = find_when(tokens(clearer), clearer, now, language).windows
        if are_repeated or any(_is_long(window) for window in within):
            return When(windows=within, weekdays=weekdays)
    return find_when(tokens(text), text, now, language)


def _is_long(window: Window) -> bool:
    if window.until is None or window.since is None:
        return True
    return window.until - window.since >= _DAY * MOST_DAYS_APART - dt.timedelta(hours=1)


def _weekdays(text: str) -> tuple[str, tuple[int, ...], bool]:
    """The text without its weekdays, those, and whether they come back: "hver tirsdag", "tirsdage"."""
    words = _words()
    rest, found, are_repeated = [], [], False
    for word in re.split(r"(\W+)", text):
        plain = fold(word)
        single = plain
        for ending in words["plural"]:
            single = plain.removesuffix(ending) if plain.removesuffix(ending) in _weekday_names() else single
        if single in _weekday_names():
            found.append(_weekday_names()[single])
            are_repeated |= single != plain
        elif plain in words["every"]:
            are_repeated = True
        else:
            rest.append(word)
    return "".join(rest), tuple(sorted(set(found))), are_repeated


@cache
def _weekday_names() -> dict[str, int]:
    return {fold(name): number for number, names in enumerate(_words()["weekdays"], 1) for name in names}


def _times(said: _Said, when: When, *, now: dt.datetime, zone: ZoneInfo) -> Iterator[OccurrenceDraft]:
    if when.weekdays and not said.open_days:
        yield from _weekly(said, when, now, zone)
        return
    for window in when.windows:
        first, last = _first_and_last(window, now, zone)
        if said.open_days or _lasts(said, first, last):
            yield _run(said, first, last, zone)
        else:
            yield from (_single(said, first + _DAY * n, window, zone) for n in range((last - first).days + 1))


def _lasts(said: _Said, first: dt.date, last: dt.date) -> bool:
    """Whether it is one run rather than so many days; what only begins at some hour begins every day."""
    days = (last - first).days + 1
    begins_daily = said.clock is not None and said.clock.end is None and days <= MOST_TIMES
    return days > MOST_DAYS_APART and not begins_daily


def _weekly(said: _Said, when: When, now: dt.datetime, zone: ZoneInfo) -> Iterator[OccurrenceDraft]:
    if not when.windows:
        raise ToldError("no-end")
    for window in when.windows:
        first, last = _first_and_last(window, now, zone)
        if (last - first).days > MOST_TIMES * 7:
            raise ToldError("too-many")
        every = (first + _DAY * n for n in range((last - first).days + 1))
        yield from (_single(said, day, window, zone) for day in every if day.isoweekday() in when.weekdays)


def _first_and_last(window: Window, now: dt.datetime, zone: ZoneInfo) -> tuple[dt.date, dt.date]:
    if window.until is None:
        raise ToldError("no-end")
    if window.since == now and window.until - window.since > _DAY:
        # "snart", "de næste 14 dage": good enough to look for something, not to say when it is.
        raise ToldError("no-day")
    since = (window.since or now).astimezone(zone)
    return since.date(), (window.until.astimezone(zone) - dt.timedelta(microseconds=1)).date()


def _single(said: _Said, day: dt.date, window: Window, zone: ZoneInfo) -> OccurrenceDraft:
    if said.clock is None:
        start = dt.datetime.combine(day, dt.time.min, zone)
        return OccurrenceDraft(key=start.isoformat(), start=start, zone=str(zone), time_known=False)
    clock = _in_part_of_day(said.clock, window, zone)
    start = dt.datetime.combine(day, clock.start, zone)
    end = None
    if clock.end is not None:
        end = dt.datetime.combine(day + (_DAY if clock.end <= clock.start else _DAY * 0), clock.end, zone)
    return OccurrenceDraft(key=start.isoformat(), start=start, end=end, zone=str(zone))


def _run(said: _Said, first: dt.date, last: dt.date, zone: ZoneInfo) -> OccurrenceDraft:
    """From when it opens on the first day until it closes on the last; whole days without hours."""
    clock = said.clock if said.clock and said.clock.end and said.clock.end > said.clock.start else None
    opens, closes = (clock.start, clock.end) if clock else (None, None)
    start = dt.datetime.combine(first, opens or dt.time.min, zone)
    end = dt.datetime.combine(last, closes or _LAST_MINUTE, zone)
    facts: dict[str, Any] = {"open_days": said.open_days, "opens": opens, "closes": closes}
    return OccurrenceDraft(
        key=start.isoformat(),
        start=start,
        end=end,
        zone=str(zone),
        time_known=clock is not None,
        is_run=True,
        **facts,
    )


def _in_part_of_day(clock: _Clock, window: Window, zone: ZoneInfo) -> _Clock:
    """ "i aften kl. 8" is at 20."""
    since = window.since.astimezone(zone).time() if window.since else dt.time.min
    if clock.start.hour < 12 <= since.hour:
        end = clock.end and clock.end.replace(hour=(clock.end.hour + 12) % 24)
        return _Clock(clock.start.replace(hour=clock.start.hour + 12), end)
    return clock


def _clock(hit: re.Match[str], text: str) -> _Clock | None:
    """The hours of this match; 1–6 is afternoon unless a night or a morning is spoken of."""
    is_early = any(token.folded in _words()["nights"] for token in tokens(text))
    half = hit["half"] or hit["first_half"]
    start = _time(hit["hour"], hit["minute"], hit["first_half"] or (half if hit["to"] else None), is_early)
    if start is None or hit["to"] is None:
        return _Clock(start, None) if start else None
    end = _time(hit["to"], hit["to_minute"], hit["half"], is_early=True)
    if end is None:
        return None
    if end <= start and 1 <= end.hour <= 11 and hit["half"] is None and end.hour + 12 > start.hour:
        end = end.replace(hour=end.hour + 12)
    return _Clock(start, end)


def _time(hour: str, minute: str | None, half: str | None, is_early: bool) -> dt.time | None:
    number, minutes = int(hour), int(minute or 0)
    if number > 24 or minutes > 59:
        return None
    if half and number <= 12:
        number = number % 12 + (12 if half == "p" else 0)
    elif 1 <= number <= 6 and not hour.startswith("0") and not is_early:
        number += 12
    return dt.time(number % 24, minutes)


def _without_open_days(text: str) -> tuple[str, tuple[int, ...]]:
    """The text without "ti-sø", and those days."""
    for hit in re.finditer(r"\b([^\W\d_]{2,})\.?\s*(?:-|–|til|to)\s*([^\W\d_]{2,})\b\.?", text):
        first, last = _weekday(hit[1]), _weekday(hit[2])
        if first and last:
            days = [(first - 1 + n) % 7 + 1 for n in range((last - first) % 7 + 1)]
            return f"{text[: hit.start()]} {text[hit.end() :]}", tuple(sorted(days))
    return text, ()


def _weekday(word: str) -> int | None:
    written = fold(word).removesuffix("e")
    for number, names in enumerate(_words()["weekdays"], 1):
        if any(fold(name).startswith(written) for name in names):
            return number
    return None


@cache
def _rules() -> re.Pattern[str]:
    """hour, minute, first_half ("a", "p"), to, to_minute, half."""
    words = _words()
    at, span, months = (_any(words[name]) for name in ("at", "span", "months"))
    not_after = "".join(rf"(?<!\b{word} )" for word in words["before_a_number_that_is_no_hour"])
    end = (
        rf"(?:\s*(?:{span})\s*(?:(?:{at})\.?\s*)?(?P<to>\d{{1,2}})(?:[.:](?P<to_minute>\d\d))?"
        r"(?:\s?(?P<half>[ap])\.?m\b\.?)?)"
    )
    hour = r"(?P<hour>\d{1,2})(?:[.:](?P<minute>\d\d))?(?:\s?(?P<first_half>[ap])\.?m\b\.?)?"
    no_date = rf"(?![\d/])(?!\s*\.?\s*(?:{months}))(?!\.\s*(?:{span})\s*\d)(?!\.\d)"
    no_more = rf"(?(to)|(?(led)|(?!\s*(?:{span})\s*\d)))"
    led = rf"(?P<led>(?:\b(?:{at})\b|@)\.?\s*)"
    # Without a word for it, only what has an end, minutes or a half of the day is a clock time.
    with_end = rf"\d{{1,2}}(?:[.:]\d\d)?(?:\s?[ap]\.?m\b\.?)?\s*(?:{span})\s*\d"
    with_minutes = r"\d{1,2}(?::\d\d|\.(?:00|1[3-9]|[2-5]\d)(?!\.?\d))\b"
    bare = rf"(?={with_end}|{with_minutes}|\d{{1,2}}\s?[ap]\.?m\b)"
    whole = rf"(?<![\d./-]){not_after}(?:{led}|{bare}){hour}{end}?{no_date}{no_more}"
    return re.compile(whole, re.I)


def _any(listed: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(listed, key=len, reverse=True))


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((resources.files("catalog") / "told_times.toml").read_text(encoding="utf-8"))
