"""When the feasts and school holidays of a year are. Public holidays are those of the `holidays` package."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays

from catalog.understanding.when.calendar import Calendar, Span
from catalog.understanding.when.lexicon import meanings

_EASTER_SUNDAY = "Påskedag"
SCHOOL_HOLIDAY = "school-holiday"


@cache
def easter(year: int) -> date:
    """Easter Sunday."""
    # The default language of the package follows the locale.
    denmark = holidays.country_holidays("DK", years=year, language="da")
    return denmark.get_named(_EASTER_SUNDAY, lookup="exact")[0]


@cache
def feast_dates(name: str, year: int) -> tuple[date, date]:
    """First day and day after the last."""
    rule = meanings()["feasts"][name]
    first = _first_day(rule, year)
    if "through" in rule:
        return first, _day_of(rule["through"], year) + timedelta(days=1)
    return first, first + timedelta(days=rule.get("days", 1))


def feast(calendar: Calendar, name: str, year: int | None = None) -> Span:
    """The feast in `year`, else the one that has not passed."""
    if name == SCHOOL_HOLIDAY:
        schools = [key for key, rule in meanings()["feasts"].items() if rule.get("school")]
        return min((feast(calendar, key, year) for key in schools), key=lambda span: str(span.since))
    years = [year] if year else [calendar.today.year + k for k in (-1, 0, 1)]
    spans = [calendar.dates(*feast_dates(name, y), period="year") for y in years]
    return next((span for span in spans if year or calendar.is_ahead(span)), spans[-1])


def _first_day(rule: dict[str, Any], year: int) -> date:
    if "on" in rule:
        return _day_of(rule["on"], year)
    if "easter" in rule:
        return easter(year) + timedelta(days=rule["easter"])
    if "week" in rule:
        return date.fromisocalendar(year, rule["week"], 1) + timedelta(days=rule["day"] - 1)
    if "advent" in rule:
        fourth = date(year, 12, 24) - timedelta(days=date(year, 12, 24).isoweekday() % 7)
        return fourth - timedelta(weeks=4 - rule["advent"])
    return nth_weekday(year, rule["month"], rule["weekday"], rule["nth"])


def _day_of(month_day: str, year: int) -> date:
    month, day = map(int, month_day.split("-"))
    return date(year, month, day)


def nth_weekday(year: int, month: int, weekday: int, nth: int) -> date:
    """The `nth` such weekday of a month, -1 the last."""
    if nth < 0:
        after = date(year + month // 12, month % 12 + 1, 1)
        last = after - timedelta(days=1)
        return last - timedelta(days=(last.isoweekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
