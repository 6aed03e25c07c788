"""Changes of the catalogue → one notice per follower and burst.

At once: reminders of what changed are made anew, and who waits for a place is told when one is free. A notice
waits until nothing more has changed for a while, and through quiet hours where there is time for that. The
notice's key holds the number of the last change it tells, so that it exists once.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from catalog.changes import changes_after
from catalog.database import Database
from catalog.keepers import chunks
from catalog.model import Occurrence, Offering, OfferingChange
from reminders import bookmarks, outbox, seats
from reminders.bursts import Worth, heard_by, read_changes, worth_telling
from reminders.duties import KEPT, PAGE, enrolment_key, followers, reconcile_pages
from reminders.model import Bookmark, Delivery, Follow, Person
from reminders.notices import Kind
from reminders.outbox import Duty, Priority
from reminders.programme import follows_by_person
from reminders.unasked import quiet_hours

DEBOUNCE = dt.timedelta(minutes=15)
LONGEST_WAIT = dt.timedelta(hours=1)
"""Something that is edited again and again is told of after so long all the same."""
AT_ONCE = dt.timedelta(hours=2)
"""Less than this before the start nothing waits: no further edit, no quiet hours."""
URGENT = dt.timedelta(hours=12)
_SEEN, _TOLD = "changes-seen", "changes"
_OPEN = ("pending", "claimed")
_CHANGES = (Kind.CHANGE, Kind.CANCELLATION)
TOLD = ("start", "end", "venue", "status", "enrolment")
"""Facts that a notice may be about."""
_PLANNED_BY = ("start", "end", "status", "enrolment")
"""Facts on which reminders depend."""


def notice_changes(database: Database, now: dt.datetime, zone: ZoneInfo) -> int:
    """Take in what has changed since the last call; how many notices were written. Interrupted, the next call
    does the rest; nothing is told twice."""
    _act_at_once(database, now, zone)
    bursts, newest = database.read(lambda session: _bursts(session, now))
    ripe = [burst for burst in bursts if burst.is_ripe(now)]
    followed = database.read(lambda session: _followed(session, ripe))
    made = sum(_tell(database, burst, now, zone) for burst in ripe if burst.offering_id in followed)
    if newest:
        waiting = [burst.first for burst in bursts if not burst.is_ripe(now)]
        database.write(lambda session: _move_on(session, ripe, min([*waiting, newest + 1]) - 1, now))
    return made


@dataclass(slots=True)
class _Burst:
    """The changes of one offering that have not been told: above `since`, from `first` to `until`."""

    offering_id: int
    since: int
    first: int
    until: int
    first_at: dt.datetime
    newest_at: dt.datetime
    is_imminent: bool = False

    def is_ripe(self, now: dt.datetime) -> bool:
        is_settled = self.newest_at <= now - DEBOUNCE or self.first_at <= now - LONGEST_WAIT
        return is_settled or self.is_imminent


def _act_at_once(database: Database, now: dt.datetime, zone: ZoneInfo) -> None:
    """What cannot wait until a burst is over, for every change since the last call."""
    while changes := database.read(_unseen):
        touched = {c.offering_id for c in changes if c.fact in _PLANNED_BY}
        for some in chunks(sorted(touched)):
            reconcile_pages(database, now, zone, some)
        for change in changes:
            seats.heed(database, change, now, zone)
        newest = changes[-1].id or 0
        database.write(lambda session: bookmarks.move(session, _SEEN, newest))  # noqa: B023


def _unseen(session: Session) -> list[OfferingChange]:
    return changes_after(session, bookmarks.place(session, _SEEN) or 0, PAGE)


def _bursts(session: Session, now: dt.datetime) -> tuple[list[_Burst], int]:
    """All changes after the bookmark, gathered by offering, without what has been told ahead of it; and the
    number of the last one, 0 when there is none."""
    newest, cursor = 0, bookmarks.place(session, _TOLD) or 0
    told = _told_ahead(session)
    bursts: dict[int, _Burst] = {}
    columns = map(col, (OfferingChange.id, OfferingChange.offering_id, OfferingChange.at))
    later = select_columns(*columns).where(col(OfferingChange.id) > cursor).order_by(col(OfferingChange.id))
    for id_, offering_id, at in session.execute(later):
        newest, since = id_, max(cursor, told.get(offering_id, 0))
        if id_ > since:
            burst = bursts.setdefault(offering_id, _Burst(offering_id, since, id_, id_, at, at))
            burst.until, burst.newest_at = id_, max(burst.newest_at, at)
    for offering_id in _imminent(session, cursor, now) & bursts.keys():
        bursts[offering_id].is_imminent = True
    return list(bursts.values()), newest


def _told_ahead(session: Session) -> dict[int, int]:
    rows = session.exec(select(Bookmark).where(col(Bookmark.name).startswith(f"{_TOLD}:")))
    return {int(row.name.rpartition(":")[2]): row.value for row in rows}


def _imminent(session: Session, cursor: int, now: dt.datetime) -> set[int]:
    """Offerings with a date that begins soon, or would have if it had not been moved."""
    starting = select(Occurrence.offering_id).where(
        col(Occurrence.start) > now, col(Occurrence.start) <= now + AT_ONCE
    )
    first, last = (moment.astimezone(dt.UTC).isoformat() for moment in (now, now + AT_ONCE))
    moved = select(OfferingChange.offering_id).where(
        col(OfferingChange.id) > cursor,
        col(OfferingChange.fact) == "start",
        col(OfferingChange.old).between(first, last),
    )
    return {*session.exec(starting), *session.exec(moved)}


def _followed(session: Session, bursts: Sequence[_Burst]) -> set[int]:
    """Which of these offerings anybody follows in any way: most have nobody."""
    found: set[int] = set()
    for ids in chunks(sorted(burst.offering_id for burst in bursts)):
        dates = select(Occurrence.offering_id).where(col(Occurrence.offering_id).in_(ids))
        series = select(Offering.id).where(col(Offering.id).in_(ids))
        ways = (
            _targets("offering").where(col(Follow.target_id).in_(ids)),
            dates.where(col(Occurrence.id).in_(_targets("occurrence"))),
            series.where(col(Offering.series_id).in_(_targets("series"))),
        )
        found.update(id_ for way in ways for id_ in session.exec(way) if id_ is not None)
    return found


def _targets(kind: str) -> SelectOfScalar[int]:
    return select(Follow.target_id).where(Follow.kind == kind)


def _tell(database: Database, burst: _Burst, now: dt.datetime, zone: ZoneInfo) -> int:
    made, after = 0, 0
    while page := database.read(lambda session: followers(session, after, PAGE, [burst.offering_id])):  # noqa: B023
        made += database.write(lambda session: _Teller(session, burst, page, now, zone).tell())
        after = page[-1]
    database.write(lambda session: bookmarks.move(session, f"{_TOLD}:{burst.offering_id}", burst.until))
    return made


def _move_on(session: Session, ripe: Iterable[_Burst], last: int, now: dt.datetime) -> None:
    """Move the bookmark up to `last`, before which all has been told, as far as it is old: who writes at the
    same time may still commit a lower number."""
    young = session.exec(
        select(func.min(OfferingChange.id)).where(
            col(OfferingChange.id) > (bookmarks.place(session, _TOLD) or 0),
            col(OfferingChange.at) > now - DEBOUNCE,
        )
    ).one()
    cursor = last if young is None else min(last, young - 1)
    for burst in ripe:
        if burst.until > cursor:
            bookmarks.move(session, f"{_TOLD}:{burst.offering_id}", burst.until)
    bookmarks.move(session, _TOLD, cursor)
    session.flush()
    behind = col(Bookmark.name).startswith(f"{_TOLD}:") & (col(Bookmark.value) <= cursor)
    session.execute(delete(Bookmark).where(behind))


class _Said(NamedTuple):
    """A row of the outbox that is about the offering."""

    id: int
    person_id: int
    key: str
    kind: str
    state: str
    occurrence_id: int | None
    payload: dict[str, object]


def _said(session: Session, person_ids: Iterable[int], offering_id: int) -> dict[int, list[_Said]]:
    said: dict[int, list[_Said]] = defaultdict(list)
    # Inside an expression, because the index by offering would lead to everybody's rows.
    about_it = func.coalesce(Delivery.offering_id, 0) == offering_id
    rows = select_columns(*(getattr(Delivery, name) for name in _Said._fields)).where(about_it)
    for row in session.execute(rows.where(col(Delivery.person_id).in_(list(person_ids)))):
        said[row.person_id].append(_Said(*row))
    return said


class _Teller:
    """Writes the notices of one burst for one page of people, within one transaction."""

    def __init__(
        self, session: Session, burst: _Burst, person_ids: Sequence[int], now: dt.datetime, zone: ZoneInfo
    ) -> None:
        self._session, self._burst, self._now, self._zone = session, burst, now, zone
        self._follows = follows_by_person(session, person_ids, burst.offering_id)
        reachable = col(Person.inactive_since).is_(None)
        self._people = session.exec(select(Person).where(col(Person.id).in_(self._follows), reachable)).all()
        self._said = _said(session, self._follows, burst.offering_id)
        self._worth: dict[int, list[Worth]] = {}
        changes = read_changes(session, burst.offering_id, burst.since, burst.until)
        self._places_at = {change.at for change in changes if seats.opens(change)}

    def tell(self) -> int:
        """How many notices were written."""
        duties: list[Duty] = []
        for person in self._people:
            waiting = self._waiting(person)
            since = min([self._burst.since, *(int(str(row.payload["since"])) for row in waiting)])
            outbox.cancel(self._session, [row.id for row in waiting], self._now, "in-a-newer-one")
            if mine := self._concerning(person, since):
                duties.append(self._duty(person, since, mine))
        return outbox.plan(self._session, duties)

    def _waiting(self, person: Person) -> list[_Said]:
        """Notices of earlier bursts that nobody has seen yet: this one tells their part, too."""
        said = self._said.get(person.id or 0, ())
        return [row for row in said if row.kind in _CHANGES and row.state in _OPEN]

    def _concerning(self, person: Person, since: int) -> list[Worth]:
        id_ = person.id or 0
        if since not in self._worth:
            changes = read_changes(self._session, self._burst.offering_id, since, self._burst.until)
            self._worth[since] = worth_telling(self._session, self._burst.offering_id, changes, self._now)
        follows = [f for f in self._follows[id_] if f.created_at < self._burst.newest_at]
        said = self._said.get(id_, ())
        reminded = {row.occurrence_id for row in said if row.kind == Kind.REMINDER}
        mine = heard_by(self._worth[since], follows, {date for date in reminded if date is not None})
        return [w for w in mine if not (w.altered.is_places_again and self._was_told_of_seat(id_))]

    def _was_told_of_seat(self, person_id: int) -> bool:
        keys = {enrolment_key(person_id, self._burst.offering_id, "seat", at) for at in self._places_at}
        return any(row.key in keys for row in self._said.get(person_id, ()))

    def _duty(self, person: Person, since: int, mine: Sequence[Worth]) -> Duty:
        id_, burst = person.id or 0, self._burst
        useful_until = max(w.useful_until for w in mine)
        before = min((w.soonest for w in mine if w.soonest), default=useful_until)
        due_at = quiet_hours(person).after(self._now, self._zone)
        due_at = self._now if due_at > before - AT_ONCE else due_at
        dates = {w.altered.occurrence_id for w in mine}
        is_off = any(w.altered.is_cancellation for w in mine)
        return Duty(
            key=f"c:{id_}:{burst.offering_id}:{burst.until}",
            person_id=id_,
            kind=Kind.CANCELLATION if is_off else Kind.CHANGE,
            offering_id=burst.offering_id,
            occurrence_id=dates.pop() if len(dates) == 1 else None,
            payload={"since": since, "until": burst.until},
            due_at=due_at,
            useful_until=useful_until,
            priority=Priority.URGENT_CHANGE if before - due_at < URGENT else Priority.CHANGE,
            keep_until=useful_until + KEPT,
        )
