"""Demand: what was asked for, and how often nothing was found that met it. Counts of structured facts, never
words and never who: by month and district in a table of their own, and by week among the figures.

Of a week and of a month is told once they are over, so that no question changes what is told. What is told is
rounded as `catalog.figures` says, and names no number under five. A wish that is too rare in each of several
municipalities is told to all of them together: the sum and where, of those only where more than one asked,
so that nobody's own question is told."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from catalog import figures
from catalog.figures import SMALL, Cell, shown
from catalog.places import Place, gazetteer
from catalog.query import PlaceRef, Query
from catalog.staff_model import Demand
from catalog.values import AUDIENCE_AGES, Audience, PlaceKind

BANDS = tuple(group.value for group in AUDIENCE_AGES)
"""The groups of ages, which the contract gives; `Demand.ages` holds one of them."""
POOLED_FROM = SMALL
"""How often a wish must be unmet in all before municipalities hear of it together."""
NAMED_FROM = 2
"""A municipality where fewer asked is neither named nor counted: it would be one person's question."""
_MOST_CATEGORIES = 3
_WIDE = 30
"""Ages that span more years than this ask for no group."""
_CHUNK = 500
_ASKED, _UNMET = "asked-", "unmet-"


class Wanted(NamedTuple):
    """What is counted together; fields as in `Demand`."""

    month: dt.date
    municipality: str
    district: str
    category: str
    ages: str


@dataclass(slots=True)
class Tries:
    """How often it was asked for, and how often nothing met it."""

    asked: int = 0
    unmet: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """Something that was asked for. asked, unmet: as they may be told, None under five. where: the
    municipalities; one, unless it is told to several together. An empty category or ages: any."""

    where: tuple[str, ...]
    district: str
    category: str
    ages: str
    asked: int | None
    unmet: int | None


def wanted(query: Query, municipality: str, district: str, month: dt.date) -> tuple[Wanted, ...]:
    """What a question asks for: each of its categories for each of its groups of ages. Nothing when it names
    neither."""
    bands = dict.fromkeys(band(*ages) for ages in query.ages)
    ages = [name for name in bands if name] or [""]
    categories = [str(category) for category in query.categories[:_MOST_CATEGORIES]] or [""]
    return tuple(
        Wanted(month, municipality, district, category, name)
        for category, name in product(categories, ages)
        if category or name
    )


def band(youngest: int, oldest: int) -> str:
    """The group of ages that this span asks for; "" when it is so wide that it asks for none."""
    if (youngest, oldest) == AUDIENCE_AGES[Audience.ADULTS]:
        return Audience.ADULTS.value
    if youngest >= AUDIENCE_AGES[Audience.SENIORS][0]:
        return Audience.SENIORS.value
    if oldest - youngest > _WIDE:
        return ""
    return next((group.value for group, ages in AUDIENCE_AGES.items() if youngest <= ages[1]), "")


def place_of(query: Query, chosen: Place | None) -> tuple[str, str]:
    """(municipality, district) that a question is about: the place it names, else where it is near to, else
    the municipality that the person chose; "" where none is known."""
    for named in query.places:
        if municipality := _municipality(named):
            return municipality, named.name if named.kind is PlaceKind.DISTRICT else ""
    near = gazetteer().nearest(query.near.latitude, query.near.longitude) if query.near else None
    place = near or chosen
    return (place.municipality or "", "") if place else ("", "")


def add(session: Session, counts: Mapping[Wanted, Tries]) -> None:
    """Count so many more."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(Demand)
    more = {name: col(getattr(Demand, name)) + statement.excluded[name] for name in ("asked", "unmet")}
    statement = statement.on_conflict_do_update(index_elements=Wanted._fields, set_=more)
    rows = [{**cell._asdict(), "asked": tries.asked, "unmet": tries.unmet} for cell, tries in counts.items()]
    for start in range(0, len(rows), _CHUNK):
        session.execute(statement, rows[start : start + _CHUNK])


def read(
    session: Session,
    months: Collection[dt.date],
    municipalities: Collection[str] | None = None,
    districts: Collection[str] | None = None,
) -> dict[Wanted, Tries]:
    """What was counted in these months, there or everywhere. Not to be shown as it is."""
    statement = select(Demand).where(col(Demand.month).in_(list(months)))
    if municipalities is not None:
        statement = statement.where(col(Demand.municipality).in_(list(municipalities)))
    if districts is not None:
        statement = statement.where(col(Demand.district).in_(list(districts)))
    rows = session.exec(statement)
    return {
        Wanted(row.month, row.municipality, row.district, row.category, row.ages): Tries(row.asked, row.unmet)
        for row in rows
    }


def of_week(wish: Wanted, week: dt.date, *, unmet: bool) -> Cell:
    """Where a wish is counted among the figures of the week."""
    return Cell(week, f"{_UNMET if unmet else _ASKED}{wish.ages}", wish.municipality, wish.category)


def read_weeks(
    session: Session, weeks: Collection[dt.date], municipalities: Collection[str] | None = None
) -> dict[Wanted, Tries]:
    """What was counted in these weeks, by their Mondays instead of months. Not to be shown as it is."""
    names = [f"{kind}{ages}" for kind in (_ASKED, _UNMET) for ages in ("", *BANDS)]
    found: defaultdict[Wanted, Tries] = defaultdict(Tries)
    for cell, number in figures.read(session, weeks, municipalities, names).items():
        kind, _, ages = cell.what.partition("-")
        tries = found[Wanted(cell.week, cell.municipality, "", cell.category, ages)]
        _sum(tries, Tries(unmet=number) if f"{kind}-" == _UNMET else Tries(asked=number))
    return dict(found)


def closed_months(until: dt.date, most: int) -> tuple[dt.date, ...]:
    """The first days of the last months that were over before this day, the oldest first."""
    this = until.year * 12 + until.month - 1
    return tuple(dt.date(month // 12, month % 12 + 1, 1) for month in range(this - most, this))


def wishes(counts: Mapping[Wanted, Tries], *, by_district: bool = False) -> tuple[Wish, ...]:
    """What may be told of these counts, all months together: the most unmet first. What was asked for less
    than five times is not in it."""
    sums: defaultdict[tuple[str, str, str, str], Tries] = defaultdict(Tries)
    for cell, tries in counts.items():
        district = cell.district if by_district else ""
        _sum(sums[cell.municipality, district, cell.category, cell.ages], tries)
    told = [
        Wish((municipality,), district, category, ages, shown(tries.asked), shown(tries.unmet))
        for (municipality, district, category, ages), tries in sums.items()
        if shown(tries.asked) is not None
    ]
    return tuple(sorted(told, key=_most_first))


def pooled(counts: Mapping[Wanted, Tries]) -> tuple[Wish, ...]:
    """What is unmet too rarely to be told in any one municipality, but often enough in several together."""
    sums: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for cell, tries in counts.items():
        if cell.municipality:
            sums[cell.category, cell.ages][cell.municipality] += tries.unmet
    told = [wish for (category, ages), unmet in sums.items() if (wish := _pool(category, ages, unmet))]
    return tuple(sorted(told, key=_most_first))


def _pool(category: str, ages: str, unmet: Mapping[str, int]) -> Wish | None:
    several = {name: number for name, number in unmet.items() if number >= NAMED_FROM}
    together = sum(several.values())
    if len(several) < 2 or max(several.values()) >= SMALL or together < POOLED_FROM:
        return None
    # More would tell that it was close to five in every one of them.
    vague = min(together, (SMALL - 1) * (len(several) - 1) + NAMED_FROM)
    return Wish(tuple(sorted(several)), "", category, ages, None, shown(vague))


def _most_first(wish: Wish) -> tuple[object, ...]:
    return (-(wish.unmet or 0), -(wish.asked or 0), wish.where, wish.district, wish.category, wish.ages)


def _sum(total: Tries, more: Tries) -> None:
    total.asked += more.asked
    total.unmet += more.unmet


def _municipality(place: PlaceRef) -> str | None:
    known = gazetteer().get(place.key)
    if known is None and place.latitude is not None and place.longitude is not None:
        known = gazetteer().nearest(place.latitude, place.longitude)
    return known.municipality if known else None
