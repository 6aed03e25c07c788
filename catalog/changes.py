"""What an update alters in facts that people may have planned by, kept as `OfferingChange`.

Only what was known before can change: a first import records nothing, nor does a new date. A new title, text
or picture is no change, nor is a venue that is merely written otherwise.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlmodel import Session, col, select

from catalog.model import Occurrence, Offering, OfferingChange, Venue
from catalog.text import words
from catalog.values import Status

STAFF = "staff"
"""What the name of a staff source is, or begins with before a colon."""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of one offering: of the whole of it, and of each date by its id. A venue stands as its
    id here, everything else as `OfferingChange` tells it."""

    whole: dict[str, str | None]
    dates: dict[int, dict[str, Any]]


def facts_of(rows: Iterable[Offering]) -> dict[int, Facts]:
    """The facts of these stored offerings as they are now, by id. Take them before altering the rows."""
    return {row.id or 0: Facts(_whole(row), {o.id or 0: _date(o) for o in row.occurrences}) for row in rows}


def record(
    session: Session,
    before: Mapping[int, Facts],
    rows: Iterable[Offering],
    *,
    now: dt.datetime,
    source: str,
) -> int:
    """Keep what differs between `before` and the rows as they are now; how many changes that was. Rows that
    `before` does not hold are new, and nothing has changed about them."""
    after = facts_of(row for row in rows if row.id in before)
    found = [
        {"offering_id": id_, "occurrence_id": date, "fact": fact, "old": old, "new": new}
        for id_, facts in after.items()
        for date, fact, old, new in _differences(before[id_], facts)
    ]
    changes = [change | {"at": now, "source": source[:200]} for change in _with_places(session, found)]
    if changes:
        session.execute(insert(OfferingChange), changes)
    return len(changes)


def changes_after(session: Session, change_id: int, limit: int) -> list[OfferingChange]:
    """The changes numbered above `change_id`, in order, at most `limit`."""
    later = select(OfferingChange).where(col(OfferingChange.id) > change_id)
    return list(session.exec(later.order_by(col(OfferingChange.id)).limit(limit)))


def is_staff(source: str) -> bool:
    """Whether this is the source of what staff publish; see `catalog.staff.source_of`."""
    return source == STAFF or source.startswith(f"{STAFF}:")


def called_off_by_staff(session: Session, rows: Iterable[Offering]) -> set[int]:
    """The ids of the dates of these offerings that are cancelled because staff said so last."""
    cancelled = {o.id or 0 for row in rows for o in row.occurrences if o.status == Status.CANCELLED}
    last: dict[int, OfferingChange] = {}
    for some in _chunks(cancelled):
        told = select(OfferingChange).where(col(OfferingChange.occurrence_id).in_(some))
        of_status = told.where(OfferingChange.fact == "status").order_by(col(OfferingChange.id))
        last |= {change.occurrence_id or 0: change for change in session.exec(of_status)}
    return {id_ for id_, change in last.items() if change.new == Status.CANCELLED and is_staff(change.source)}


def _whole(row: Offering) -> dict[str, str | None]:
    prices = {str(tariff): kroner for tariff, kroner in row.prices.items()}
    seats = {
        "opens": _instant(row.enrolment_opens),
        "closes": _instant(row.enrolment_closes),
        # How many seats are left changes by the hour; whether there are any is what one plans by.
        "full": None if row.remaining is None else row.remaining == 0,
    }
    return {
        "status": str(row.status),
        "price": _json({"kind": str(row.price_kind), "prices": prices}),
        "age": _json([row.age_from, row.age_to]),
        "enrolment": _json(seats),
    }


def _date(row: Occurrence) -> dict[str, Any]:
    return {
        "start": _moment(row.start, row),
        # An end at midnight belongs to the day before.
        "end": _moment(row.end - dt.timedelta(microseconds=not row.time_known), row) if row.end else None,
        "venue": row.venue_id,
        "status": str(row.status) if row.withdrawn_at is None else None,
    }


def _moment(instant: dt.datetime, row: Occurrence) -> str | None:
    return _instant(instant) if row.time_known else instant.astimezone(ZoneInfo(row.zone)).date().isoformat()


def _instant(instant: dt.datetime | None) -> str | None:
    return instant.astimezone(dt.UTC).isoformat() if instant else None


def _json(facts: Any) -> str:
    return json.dumps(facts, sort_keys=True)


def _differences(before: Facts, after: Facts) -> Iterator[tuple[int | None, str, Any, Any]]:
    for fact, new in after.whole.items():
        if before.whole[fact] != new:
            yield None, fact, before.whole[fact], new
    for date, facts in after.dates.items():
        for fact, new in facts.items():
            old = before.dates[date][fact] if date in before.dates else new
            if old != new:
                yield date, fact, old, new


def _with_places(session: Session, found: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same with venues named, without those that are one place under two keys."""
    differing = list(found)
    ids = {c[side] for c in differing if c["fact"] == "venue" for side in ("old", "new")}
    venues = _venues(session, ids - {None})
    for change in differing:
        if change["fact"] == "venue":
            old, new = _places(venues.get(change["old"]), venues.get(change["new"]))
            if old != new:
                yield change | {"old": old, "new": new}
        else:
            yield change


def _venues(session: Session, ids: Iterable[int]) -> dict[int, Venue]:
    found: dict[int, Venue] = {}
    for some in _chunks(ids):
        rows = session.exec(select(Venue).where(col(Venue.id).in_(some)))
        found |= {row.id or 0: row for row in rows}
    return found


def _chunks(ids: Iterable[int]) -> Iterator[list[int]]:
    remaining = iter(sorted(ids))
    while some := list(islice(remaining, _CHUNK)):
        yield some


def _places(old: Venue | None, new: Venue | None) -> tuple[str | None, str | None]:
    """Two venues in words that tell them apart; the same words where they are one place."""
    if old is None or new is None:
        return old.name if old else None, new.name if new else None
    if words(old.name) != words(new.name):
        return old.name, new.name
    for detail in ("address", "town", "municipality"):
        before, after = getattr(old, detail), getattr(new, detail)
        if before and after and words(before) != words(after):
            return f"{old.name}, {before}", f"{new.name}, {after}"
    return old.name, old.name
