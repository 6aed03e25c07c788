"""Spans of the calendar: days, weekends, weeks, months and parts of the day, in the zone of `now`."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from catalog.query import Window
from catalog.understanding.when.lexicon import meanings

DAY = 1440
"""Minutes of a day."""
_CHANGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of wall-clock time, aware in the zone of `now`. A missing end is open.

    period: what it can be moved by when it has passed: "week", "month", "year" or "". day: the date when it
    is one day, so that a clock time or a part of the day can narrow it.
    """

    since: datetime | None
    until: datetime | None
    period: str = ""
    day: date | None = None

    def window(self) -> Window:
        since, until = _settled(self.since), _settled(self.until)
        if since and until and self.since and self.until and until <= since < until + _CHANGE:
            until = since + (self.until - self.since)
        return Window(since, until)


def _settled(moment: datetime | None) -> datetime | None:
    # A wall-clock time that the change to summer time skips becomes, through UTC, one that exists.
    return moment.astimezone(UTC).astimezone(moment.tzinfo) if moment else None


@dataclass(frozen=True, slots=True)
class Calendar:
    """The calendar as seen from `now`."""

    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def monday(self) -> date:
        return self.today - timedelta(days=self.today.weekday())

    def at(self, day: date, minute: int = 0) -> datetime:
        """The wall clock of `day` so many minutes after midnight; may be over 1440."""
        midnight = datetime.combine(day, time(), tzinfo=self.now.tzinfo)
        return midnight + timedelta(minutes=minute)

    def after_now(self, **amount: float) -> datetime:
        """So many real hours or minutes from now, whatever the clocks do."""
        return (self.now.astimezone(UTC) + timedelta(**amount)).astimezone(self.now.tzinfo)

    def days(self, first: date, count: int, period: str = "") -> Span:
        return Span(
            self.at(first),
            self.at(first + timedelta(days=count)),
            period,
            first if count == 1 else None,
        )

    def dates(self, first: date, after_last: date, period: str = "") -> Span:
        return self.days(first, (after_last - first).days, period)

    def relative_day(self, ahead: int) -> Span:
        return self.days(self.today + timedelta(days=ahead), 1)

    def weekday(self, number: int) -> Span:
        """The coming one; today counts."""
        return self.days(self.today + timedelta(days=(number - self.today.isoweekday()) % 7), 1, "week")

    def weekday_of_week(self, number: int, weeks_ahead: int) -> Span:
        return self.days(self.monday + timedelta(weeks=weeks_ahead, days=number - 1), 1)

    def weekend(self, weeks_ahead: int = 0) -> Span:
        """Friday 18:00 to Monday 00:00; asked within it, what is left of it."""
        friday = self.monday + timedelta(weeks=weeks_ahead, days=4)
        span = self.weekend_from(friday)
        begun = weeks_ahead == 0 and span.since is not None and span.since < self.now
        return replace(span, since=self.now) if begun else span

    def weekend_from(self, friday: date) -> Span:
        return Span(self.at(friday, 18 * 60), self.at(friday + timedelta(days=3)), "")

    def week(self, weeks_ahead: int) -> Span:
        return self.days(self.monday + timedelta(weeks=weeks_ahead), 7)

    def iso_week(self, number: int, year: int | None = None) -> Span | None:
        """Week `number`; without a year the one that has not passed."""
        years = [year] if year else [self.today.year + k for k in (-1, 0, 1)]
        for candidate in years:
            try:
                span = self.days(date.fromisocalendar(candidate, number, 1), 7, "year")
            except ValueError:
                continue
            if year or self.is_ahead(span):
                return span
        return None

    def month(self, number: int, year: int | None = None, count: int = 1) -> Span:
        """Month `number`, or `count` months from it; without a year the one that has not passed."""
        years = [year] if year else [self.today.year + k for k in (-1, 0, 1)]
        spans = [self.dates(date(y, number, 1), add_months(date(y, number, 1), count), "year") for y in years]
        return next((span for span in spans if year or self.is_ahead(span)), spans[-1])

    def months_ahead(self, months: int, count: int = 1) -> Span:
        first = add_months(self.today.replace(day=1), months)
        return self.dates(first, add_months(first, count))

    def year(self, number: int) -> Span:
        return self.dates(date(number, 1, 1), date(number + 1, 1, 1))

    def dated(self, day: int, month: int, year: int | None = None) -> Span | None:
        """A date; without a year the one that has not passed. None when it does not exist (31 June)."""
        for candidate in [year] if year else range(self.today.year, self.today.year + 9):
            try:
                span = self.days(date(candidate, month, day), 1, "year")
            except ValueError:
                continue
            if year or self.is_ahead(span):
                return span
        return None

    def day_of_month(self, day: int, weekday: int | None = None) -> Span | None:
        """The coming `day`th; with a weekday the coming one that is such a day, within the year."""
        first = self.today.replace(day=1)
        for ahead in range(13):
            month = add_months(first, ahead)
            try:
                span = self.days(month.replace(day=day), 1, "month")
            except ValueError:
                continue
            if self.is_ahead(span) and span.day and weekday in (None, span.day.isoweekday()):
                return span
        return self.day_of_month(day) if weekday else None

    def is_ahead(self, span: Span) -> bool:
        """Whether something of it is still to come."""
        return span.until is None or span.until > self.now

    def part(self, span: Span, name: str) -> Span:
        """The named part of the day of a span that is one day."""
        first, last = meanings()["parts"][name]
        return self.clock(span, first, last)

    def clock(self, span: Span, first: int, last: int) -> Span:
        """Minutes `first` to `last` of the day of a span that is one day."""
        if span.day is None:
            return span
        since, until = self.at(span.day, first), self.at(span.day, last)
        moved = replace(span, since=since, until=until)
        if span.period == "week" and not self.is_ahead(moved):
            return self.clock(replace(span, day=span.day + timedelta(days=7)), first, last)
        return moved

    def moved(self, span: Span, steps: int) -> Span:
        """The same span so many of its periods later."""
        day = self._step(span.day, span.period, steps) if span.day else None
        return Span(
            self._step_time(span.since, span.period, steps),
            self._step_time(span.until, span.period, steps),
            span.period,
            day,
        )

    def _step_time(self, moment: datetime | None, period: str, steps: int) -> datetime | None:
        if moment is None:
            return None
        return datetime.combine(self._step(moment.date(), period, steps), moment.timetz())

    @staticmethod
    def _step(day: date, period: str, steps: int) -> date:
        if period == "week":
            return day + timedelta(days=7 * steps)
        return add_months(day, steps * (12 if period == "year" else 1))


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), following - timedelta(days=1))
