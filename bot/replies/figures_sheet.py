"""The figures as rows, for research: one number a row, with all that it is of. An empty field is all of them,
"none" stands for questions and offerings that name none."""

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping

from catalog.demand import Wish
from catalog.figures import SMALL, Figure
from reminders.reach import Report

COLUMNS = ("figure", "from", "until", "municipality", "district", "category", "ages", "number")
UNDER = f"<{SMALL}"
NONE = "none"
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_WEEK = dt.timedelta(days=6)

Row = dict[str, str | int]


def rows(report: Report) -> list[Row]:
    """Every number that may be told: each figure in all, by week, by category and by municipality; then what
    was asked for, by month."""
    return [
        *(row for figure in report.figures for row in _of_figure(figure, report)),
        *(row for month, wish in report.by_month for row in _of_wish(month, wish)),
    ]


def as_csv(report: Report) -> str:
    """The rows as CSV with a header; no cell is a formula."""
    written = io.StringIO()
    sheet = csv.DictWriter(written, COLUMNS, lineterminator="\r\n")
    sheet.writeheader()
    for row in rows(report):
        sheet.writerow({name: _defused(value) for name, value in row.items()})
    return written.getvalue()


def as_json(report: Report) -> dict[str, object]:
    """The same for machines."""
    return {
        "weeks": [week.isoformat() for week in report.weeks],
        "rounded_down_to": SMALL,
        "figures": rows(report),
    }


def _of_figure(figure: Figure, report: Report) -> Iterator[Row]:
    only_last = all(table.by == "municipality" for table in figure.tables) and figure.what == "people"
    first = report.weeks[-1] if only_last else report.weeks[0]
    span = (first, report.weeks[-1] + _WEEK)
    yield _row(figure.what.value, *span, figure.total)
    for table in figure.tables:
        for name, number in table.cells:
            if table.by == "week":
                week = dt.date.fromisoformat(name)
                yield _row(figure.what.value, week, week + _WEEK, number)
            else:
                yield _row(figure.what.value, *span, number, {table.by: name or NONE})


def _of_wish(month: dt.date, wish: Wish) -> Iterator[Row]:
    last = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
    named = {
        "municipality": wish.where[0] or NONE,
        "district": wish.district or NONE,
        "category": wish.category or NONE,
        "ages": wish.ages or NONE,
    }
    yield _row("asked", month, last, wish.asked, named)
    yield _row("not-found", month, last, wish.unmet, named)


def _row(
    figure: str, since: dt.date, until: dt.date, number: int | None, named: Mapping[str, str] | None = None
) -> Row:
    told: str | int = UNDER if number is None else number
    facts = {"figure": figure, "from": since.isoformat(), "until": until.isoformat(), "number": told}
    return {**dict.fromkeys(COLUMNS, ""), **facts, **(named or {})}


def _defused(value: str | int) -> str | int:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value
