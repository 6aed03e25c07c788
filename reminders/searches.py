"""Saved searches: a question whose new answers somebody wants, kept as facts and never as a sentence.

After 180 days a search asks whether it still matters; one that is not renewed within 14 days falls silent.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from catalog.database import Database
from catalog.query import Query
from catalog.query_store import dump, lasting, load
from reminders import families, outbox
from reminders.model import Child, Delivery, Person, SavedSearch
from reminders.notices import Dropped, Kind, Renewal
from reminders.refusals import RefusedError
from reminders.unasked import first_chance, held_back, said_lately, to

MOST = 20
"""Saved searches a person may have."""

RENEWED_FOR = dt.timedelta(days=180)
ANSWER_WITHIN = dt.timedelta(days=14)
_ASKED_FOR = dt.timedelta(days=7)
_KEPT = dt.timedelta(days=30)
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved search to show. query: as it was asked, without ages where `child` gives them. paused: it was
    not renewed and is silent."""

    id: int
    query: Query
    child: Child | None
    created_at: dt.datetime
    renew_at: dt.datetime
    paused: bool


def save(
    session: Session, person_id: int, query: Query, now: dt.datetime, child_id: int | None = None
) -> SavedSearch:
    """Keep what still means something next month of a question, perhaps for a child. Saving the same again
    renews the one that is there. Raises RefusedError: "nothing-lasting" (it asks for nothing but a time that
    passes), "too-many-searches", "no-such-child"."""
    stored = _stored(session, person_id, query, now, child_id)
    mine = _rows(session, person_id)
    if (same := _same(mine, stored, child_id)) is not None:
        _renew(same, now)
        return same
    if len(mine) >= MOST:
        raise RefusedError("too-many-searches")
    search = SavedSearch(
        person_id=person_id,
        child_id=child_id,
        query=dump(stored),
        created_at=now,
        looked_at=now,
        renew_at=now + RENEWED_FOR,
    )
    session.add(search)
    session.flush()
    return search


def searches_of(session: Session, person_id: int) -> list[Saved]:
    """A person's saved searches, the oldest first. One that can no longer be read is left out."""
    children = {child.id: child for child in families.children_of(session, person_id)}
    return [
        Saved(row.id or 0, query, children.get(row.child_id), row.created_at, row.renew_at, row.paused)
        for row in _rows(session, person_id)
        if (query := asked(row)) is not None
    ]


def replace_query(
    session: Session, person_id: int, search_id: int, query: Query, now: dt.datetime
) -> SavedSearch | None:
    """Ask something else from now on; what is there already is no news to it. When that is asked by another
    search of theirs, only the other one stays. None when it is not this person's. Raises RefusedError as
    `save` does."""
    search = _mine(session, person_id, search_id)
    if search is None:
        return None
    stored = _stored(session, person_id, query, now, search.child_id)
    others = [row for row in _rows(session, person_id) if row.id != search_id]
    if (same := _same(others, stored, search.child_id)) is not None:
        session.delete(search)
        _renew(same, now)
        return same
    search.query, search.looked_at = dump(stored), now
    _renew(search, now)
    return search


def remove(session: Session, person_id: int, search_id: int) -> bool:
    """Forget a saved search; whether it was this person's."""
    search = _mine(session, person_id, search_id)
    if search is not None:
        session.delete(search)
    return search is not None


def renew(session: Session, person_id: int, search_id: int, now: dt.datetime) -> bool:
    """It still matters, for another 180 days; whether it was this person's."""
    search = _mine(session, person_id, search_id)
    if search is not None:
        _renew(search, now)
    return search is not None


def asked(search: SavedSearch) -> Query | None:
    """The stored question; None when it can no longer be read."""
    try:
        return load(search.query)
    except ValueError:
        return None


def plan_renewals(database: Database, now: dt.datetime, zone: ZoneInfo) -> int:
    """Ask about searches whose time has come, one a person at a time; silence those that were asked about 14
    days ago. How many are to be asked about."""
    planned, last = 0, 0
    while people := database.read(partial(_page, now=now, after=last)):
        last = people[-1]
        planned += database.write(partial(_plan, person_ids=people, now=now, zone=zone))
    return planned


def compose(
    session: Session, row: Delivery, person: Person, now: dt.datetime, zone: ZoneInfo
) -> Renewal | Dropped:
    """The question whether a search still matters, or why it is not to be asked."""
    search = _mine(session, row.person_id, int(str(row.payload["search"])))
    if search is None or search.paused or search.renew_at > now or person.digest == "off":
        return Dropped("cancelled", "settled")
    held = held_back(session, row, person, now, zone)
    return held or Renewal(to(person, row, now), search.id or 0, search.query)


def _stored(session: Session, person_id: int, query: Query, now: dt.datetime, child_id: int | None) -> Query:
    stored = lasting(query, now)
    if child_id is not None:
        if families.child_of(session, person_id, child_id) is None:
            raise RefusedError("no-such-child")
        return families.for_no_age(stored)
    if stored.asks_nothing():
        raise RefusedError("nothing-lasting")
    return stored


def _rows(session: Session, person_id: int) -> list[SavedSearch]:
    mine = select(SavedSearch).where(SavedSearch.person_id == person_id)
    return list(session.exec(mine.order_by(col(SavedSearch.created_at), col(SavedSearch.id))))


def _mine(session: Session, person_id: int, search_id: int) -> SavedSearch | None:
    search = session.get(SavedSearch, search_id)
    return search if search is not None and search.person_id == person_id else None


def _same(rows: list[SavedSearch], query: Query, child_id: int | None) -> SavedSearch | None:
    """The one that asks the same, in whatever language."""
    wanted = query.without("language")
    alike = (row for row in rows if row.child_id == child_id)
    return next((row for row in alike if (known := asked(row)) and known.without("language") == wanted), None)


def _renew(search: SavedSearch, now: dt.datetime) -> None:
    if search.paused:
        search.looked_at = now
    search.paused, search.renew_at = False, now + RENEWED_FOR


def _page(session: Session, now: dt.datetime, after: int) -> list[int]:
    """People with searches to renew, who want to hear of news at all."""
    statement = (
        select(SavedSearch.person_id)
        .join(Person)
        .where(SavedSearch.renew_at <= now, ~col(SavedSearch.paused), SavedSearch.person_id > after)
        .where(col(Person.inactive_since).is_(None), Person.digest != "off")
    )
    return list(session.exec(statement.distinct().order_by(col(SavedSearch.person_id)).limit(_PAGE)))


def _plan(session: Session, person_ids: list[int], now: dt.datetime, zone: ZoneInfo) -> int:
    due = select(SavedSearch).where(col(SavedSearch.person_id).in_(person_ids), SavedSearch.renew_at <= now)
    searches = session.exec(due.where(~col(SavedSearch.paused)).order_by(col(SavedSearch.renew_at))).all()
    rows = _renewals(session, person_ids)
    unasked: dict[int, SavedSearch] = {}
    for search in searches:
        row = rows.get(_key(search, zone))
        if row is None or row.state == "cancelled":
            unasked.setdefault(search.person_id, search)
        elif row.due_at <= now - ANSWER_WITHIN:
            search.paused = True
    return outbox.plan(session, _duties(session, list(unasked.values()), now, zone))


def _renewals(session: Session, person_ids: list[int]) -> dict[str, Delivery]:
    statement = select(Delivery).where(col(Delivery.person_id).in_(person_ids), Delivery.kind == Kind.RENEWAL)
    return {row.key: row for row in session.exec(statement)}


def _key(search: SavedSearch, zone: ZoneInfo) -> str:
    return f"n:{search.id}:{search.renew_at.astimezone(zone).date()}"


def _duties(
    session: Session, searches: list[SavedSearch], now: dt.datetime, zone: ZoneInfo
) -> Iterator[outbox.Duty]:
    ids = [search.person_id for search in searches]
    people = {p.id: p for p in session.exec(select(Person).where(col(Person.id).in_(ids)))}
    said = said_lately(session, ids, now)
    for search in searches:
        due_at = first_chance(people[search.person_id], said.get(search.person_id, []), now, zone)
        if due_at is not None:
            yield outbox.Duty(
                key=_key(search, zone),
                person_id=search.person_id,
                kind=Kind.RENEWAL,
                due_at=due_at,
                useful_until=due_at + _ASKED_FOR,
                priority=outbox.Priority.UPKEEP,
                keep_until=due_at + _KEPT,
                payload={"search": search.id},
            )
