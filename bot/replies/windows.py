"""Spans of time in words: the way back from a `Window` to "i weekenden", "i morgen kl. 14–18", "i december".

Names that people disagree about ("næste weekend") are followed by their dates.
"""

import datetime as dt
from dataclasses import dataclass

from bot.replies import dates
from bot.replies.reply import Voice
from catalog.query import Query, Window

_MOST_WINDOWS = 3
_EVENING = dt.time(17)
_PARTS_OF_DAY = {
    (dt.time(4), dt.time(12)): "time.morning",
    (dt.time(12), dt.time(19)): "time.afternoon",
    (dt.time(18), dt.time(0)): "time.evening",
}
_FRIDAY_NIGHT = (4, dt.time(18))
_WORKDAYS, _WEEKEND = (1, 2, 3, 4, 5), (6, 7)


def time_phrase(query: Query, voice: Voice) -> str:
    """Everything a question says about time, "" when it says nothing."""
    parts = [voice.texts("time.now")] if query.now_asked else [_windows(query, voice)]
    parts += [_weekdays(query.weekdays, voice), _clock(query, voice)]
    return " ".join(part for part in parts if part)


def window_phrase(window: Window, voice: Voice) -> str:
    """One window in words, "" when it is open at both ends or begins now and never ends."""
    if window.until is None:
        if window.since is None or window.since <= voice.now:
            return ""
        return voice.texts("time.from", first=dates.moment(window.since, voice))
    span = _Span.of(window.since or voice.now, window.until, voice)
    if window.since is None:
        return _until(span, voice)
    for name in (_one_day, _weekend, _week, _months):
        if words := name(span, voice):
            return words
    return _until(span, voice) if span.begun else _range(span, voice)


@dataclass(frozen=True, slots=True)
class _Span:
    """A window on the wall clock. until: its exclusive end; last: its last day; begun: it lasts already."""

    since: dt.datetime
    until: dt.datetime
    begun: bool

    @classmethod
    def of(cls, since: dt.datetime, until: dt.datetime, voice: Voice) -> "_Span":
        begun = since <= voice.now
        return cls(dates.local(max(since, voice.now), voice), dates.local(until, voice), begun)

    @property
    def first(self) -> dt.date:
        return self.since.date()

    @property
    def last(self) -> dt.date:
        return (self.until - dt.timedelta(microseconds=1)).date()

    @property
    def from_midnight(self) -> bool:
        return self.begun or self.since.time() == dt.time.min

    @property
    def to_midnight(self) -> bool:
        return self.until.time() == dt.time.min


def _windows(query: Query, voice: Voice) -> str:
    phrases = list(dict.fromkeys(window_phrase(window, voice) for window in query.windows))
    named = [phrase for phrase in phrases if phrase]
    if len(named) <= _MOST_WINDOWS:
        return dates.listed(named, voice, "or") if named else ""
    more = len(named) - _MOST_WINDOWS + 1
    return voice.texts("time.several", times=", ".join(named[: _MOST_WINDOWS - 1]), n=more)


def _weekdays(days: tuple[int, ...], voice: Voice) -> str:
    if not days:
        return ""
    if tuple(sorted(set(days))) in (_WORKDAYS, _WEEKEND):
        return voice.texts("time.workdays" if min(days) == 1 else "time.weekends")
    each = [voice.texts("time.weekday", day=name) for name in dates.weekday_names(days, voice)]
    return voice.texts("time.weekdays", days=dates.listed(each, voice))


def _clock(query: Query, voice: Voice) -> str:
    since, until = query.from_time, query.until_time
    if since and until:
        return voice.texts("time.between", span=dates.clocks(since, until, voice))
    if since:
        return voice.texts("time.after", time=dates.clock(since, voice))
    return voice.texts("time.before", time=dates.clock(until, voice)) if until else ""


def _one_day(span: _Span, voice: Voice) -> str:
    if span.first != span.last:
        return ""
    today = span.first == dates.local(voice.now, voice).date()
    if span.to_midnight and span.from_midnight:
        return _on_day(span.first, voice)
    if today and span.to_midnight and span.since.time() >= _EVENING:
        return voice.texts("time.tonight")
    part = _PARTS_OF_DAY.get((span.since.time(), span.until.time()))
    hours = voice.texts(part) if part else _hours(span, voice)
    return " ".join((_on_day(span.first, voice), hours))


def _hours(span: _Span, voice: Voice) -> str:
    if span.to_midnight:
        return voice.texts("time.after", time=dates.clock(span.since.time(), voice))
    if span.from_midnight:
        return voice.texts("time.before", time=dates.clock(span.until.time(), voice))
    return voice.texts("time.between", span=dates.clocks(span.since.time(), span.until.time(), voice))


def _on_day(day: dt.date, voice: Voice) -> str:
    ahead = (day - dates.local(voice.now, voice).date()).days
    words = dates.long_day(day, voice)
    return words if ahead in (0, 1) else voice.texts("time.on", day=words)


def _weekend(span: _Span, voice: Voice) -> str:
    friday = span.last - dt.timedelta(days=2)
    starts = span.since.weekday(), span.since.time()
    whole = span.first == friday and (starts >= _FRIDAY_NIGHT or span.begun)
    from_saturday = span.first == friday + dt.timedelta(days=1) and span.from_midnight
    if span.last.isoweekday() != 7 or not span.to_midnight or not (whole or from_saturday):
        return ""
    weeks = _weeks_ahead(span.last, voice)
    if weeks == 0:
        return voice.texts("time.weekend")
    span_words = dates.days(span.first, span.last, voice)
    return voice.texts("time.next_weekend" if weeks == 1 else "time.some_weekend", days=span_words)


def _week(span: _Span, voice: Voice) -> str:
    monday = span.last - dt.timedelta(days=6)
    whole = span.first == monday or (span.begun and span.first >= monday)
    if span.last.isoweekday() != 7 or not span.to_midnight or not (whole and span.from_midnight):
        return ""
    weeks = _weeks_ahead(span.last, voice)
    if weeks == 0:
        return voice.texts("time.week")
    span_words = dates.days(monday, span.last, voice)
    number = monday.isocalendar().week
    return voice.texts("time.next_week" if weeks == 1 else "time.some_week", days=span_words, week=number)


def _months(span: _Span, voice: Voice) -> str:
    ends_month = (span.last + dt.timedelta(days=1)).day == 1 and span.to_midnight
    starts_month = (span.first.day == 1 and span.from_midnight) or (
        span.begun and (span.first.year, span.first.month) == (span.last.year, span.last.month)
    )
    if not (ends_month and starts_month):
        return ""
    first, last = dates.month(span.first, voice), dates.month(span.last, voice)
    return (
        voice.texts("time.month", month=first)
        if first == last
        else voice.texts("time.months", first=first, last=last)
    )


def _range(span: _Span, voice: Voice) -> str:
    return voice.texts(
        "time.range", first=dates.plain_day(span.first, voice), last=dates.plain_day(span.last, voice)
    )


def _until(span: _Span, voice: Voice) -> str:
    if span.to_midnight:
        return voice.texts("time.until", last=dates.long_day(span.last, voice))
    return voice.texts("time.until", last=dates.moment(span.until, voice))


def _weeks_ahead(day: dt.date, voice: Voice) -> int:
    today = dates.local(voice.now, voice).date()
    monday = today - dt.timedelta(days=today.weekday())
    return (day - monday).days // 7
