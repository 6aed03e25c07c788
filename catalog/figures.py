"""Figures: what happened in a week, counted without who, and what of that may be told.

`publish` is the only way from counts to what anybody sees. Three rules keep it from telling of one person:

- Only whole weeks that have been made up are told, so that two reports never differ by what happened in
  between. A week is made up on its last day's morrow, at nine.
- Every number is rounded down to a whole five; what is under five, nothing included, is hidden. So a total
  leaves what is missing from its parts open by several.
- Where several tables together would still tell a hidden number almost exactly, some of theirs are lowered
  by another five, so that every number is a least one: `_vague`.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from catalog.staff_model import Tally
from catalog.values import Category

SMALL = 5
"""The least that is told; also what everything is rounded down to a multiple of."""
WEEKS = 8
MADE_UP_AT = dt.timedelta(hours=9)
MUNICIPALITIES = 98
"""How many there are in Denmark."""
_SLACK = SMALL - 1
_WEEK = dt.timedelta(days=7)
_CATEGORIES = (*(str(category) for category in Category), "")
_CHUNK = 500


class What(StrEnum):
    """What is counted. QUESTIONS: a person's questions about one thing in one place, once a week; UNMET:
    those to which nothing fitted. FOLLOWS: people who began to follow an offering in that week and still did
    at its end. REMINDERS: sent. WENT, STAYED: what people said to "kom du af sted?". PEOPLE: those who can be
    reached at the week's end, by the municipality that they chose."""

    QUESTIONS = "questions"
    UNMET = "unmet"
    FOLLOWS = "follows"
    REMINDERS = "reminders"
    WENT = "went"
    STAYED = "stayed"
    PEOPLE = "people"


class Cell(NamedTuple):
    """What is counted together. week: its Monday. what: a What, or a wish of `catalog.demand`. An empty
    string: none, several or unknown."""

    week: dt.date
    what: str
    municipality: str
    category: str


Counts = Mapping[Cell, int]


@dataclass(frozen=True, slots=True)
class Table:
    """The parts of a number. by: "week", "category" or "municipality". cells: (its name, an ISO date for a
    week; the number as it may be told, None when it is under five). size: how many cells there could be."""

    by: str
    cells: tuple[tuple[str, int | None], ...]
    size: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its parts, as they may be told: at least so many. They need not add up."""

    what: What
    total: int | None
    tables: tuple[Table, ...]

    def table(self, by: str) -> Table | None:
        """Its parts by this, when they may be told."""
        return next((table for table in self.tables if table.by == by), None)


def shown(number: int) -> int | None:
    """A count as it may be told; None when it is too small for that."""
    return number - number % SMALL if number >= SMALL else None


def monday(day: dt.date) -> dt.date:
    """The first day of the week."""
    return day - dt.timedelta(days=day.weekday())


def closed_weeks(now: dt.datetime, zone: ZoneInfo, most: int = WEEKS) -> tuple[dt.date, ...]:
    """The Mondays of the last weeks that are made up by `now`, the oldest first."""
    this = monday((now.astimezone(zone).replace(tzinfo=None) - MADE_UP_AT).date())
    return tuple(this - back * _WEEK for back in range(most, 0, -1))


def add(session: Session, counts: Counts) -> None:
    """Count so many more."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Tally)
    statement = statement.on_conflict_do_update(
        index_elements=Cell._fields, set_={"number": col(Tally.number) + statement.excluded.number}
    )
    rows = [{**cell._asdict(), "number": number} for cell, number in counts.items() if number]
    for start in range(0, len(rows), _CHUNK):
        session.execute(statement, rows[start : start + _CHUNK])


def read(
    session: Session,
    weeks: Collection[dt.date],
    municipalities: Collection[str] | None = None,
    whats: Collection[str] = tuple(What),
) -> Counts:
    """How often these happened in these weeks, in these municipalities or everywhere. Not to be shown as it
    is."""
    statement = select(Tally).where(col(Tally.week).in_(list(weeks)), col(Tally.what).in_(list(whats)))
    if municipalities is not None:
        statement = statement.where(col(Tally.municipality).in_(list(municipalities)))
    rows = session.exec(statement)
    return {Cell(row.week, row.what, row.municipality, row.category): row.number for row in rows}


def publish(
    counts: Counts, weeks: Sequence[dt.date], municipalities: Collection[str] | None = None
) -> tuple[Figure, ...]:
    """What may be told of these counts: of all weeks together, and by week, category and municipality. How
    many people there are is the last week's. municipalities: where; everywhere when None, then only those are
    named of which there is something to tell."""
    return tuple(_figure(what, counts, weeks, municipalities) for what in What)


def _figure(
    what: What, counts: Counts, weeks: Sequence[dt.date], municipalities: Collection[str] | None
) -> Figure:
    weeks = weeks[-1:] if what is What.PEOPLE else weeks
    mine = {cell: number for cell, number in counts.items() if cell.what == what and cell.week in weeks}
    names = [week.isoformat() for week in weeks]
    tables = [
        _table("week", names, mine, lambda cell: cell.week.isoformat()),
        _table("category", _CATEGORIES, mine, lambda cell: cell.category),
        _places(mine, municipalities),
    ]
    if what is What.PEOPLE:
        tables = tables[2:]
    vague, total = _vague([table for table in tables if table.size > 1], shown(sum(mine.values())))
    return Figure(what, total, vague)


def _places(mine: Counts, municipalities: Collection[str] | None) -> Table:
    names = sorted({cell.municipality for cell in mine} if municipalities is None else municipalities)
    table = _table("municipality", names, mine, lambda cell: cell.municipality)
    if municipalities is not None:
        return table
    told = tuple(cell for cell in table.cells if cell[1] is not None)
    return Table(table.by, told, MUNICIPALITIES + 1)


def _table(by: str, names: Iterable[str], counts: Counts, name_of: Callable[[Cell], str]) -> Table:
    sums: Counter[str] = Counter()
    for cell, number in counts.items():
        sums[name_of(cell)] += number
    cells = tuple((name, shown(sums[name])) for name in names)
    return Table(by, cells, len(cells))


def _vague(tables: Sequence[Table], total: int | None) -> tuple[tuple[Table, ...], int | None]:
    """The same, lowered here and there by another five where a hidden cell would almost be told.

    All tables add up to the same unknown sum: at least the total and what any of them shows, at most that and
    four more for every cell. A hidden cell is what the others of its table leave of it; it must be possible
    for it to be one, and three. To lower is always true, and does not tell that it was done."""
    kept, told = list(tables), total or 0
    while True:
        hiding = [table for table in kept if _hides(table)]
        ceiling = min((_low(t) + _SLACK * (t.size - 1) + 1 for t in hiding), default=told)
        most = min([told + _SLACK, *(_low(table) + _SLACK * table.size for table in kept)])
        high = next((t for t in kept if hiding and _low(t) > ceiling), None)
        high = high or next((t for t in hiding if 0 < _low(t) > most - _SLACK + 1), None)
        if high is not None:
            kept[kept.index(high)] = _lowered(high)
        elif told > ceiling:
            told -= SMALL
        else:
            return tuple(kept), told or None


def _hides(table: Table) -> bool:
    return len(table.cells) < table.size or any(number is None for _, number in table.cells)


def _lowered(table: Table) -> Table:
    """The same with its largest number a five lower."""
    largest = max(range(len(table.cells)), key=lambda place: table.cells[place][1] or 0)
    cells = [
        (name, ((number or 0) - SMALL or None) if place == largest else number)
        for place, (name, number) in enumerate(table.cells)
    ]
    return Table(table.by, tuple(cells), table.size)


def _low(table: Table) -> int:
    return sum(number or 0 for _, number in table.cells)
