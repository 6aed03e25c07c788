"""Everything at a place within some time is called off: one action, whoever's programme it is on."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, or_, select

from catalog import staff
from catalog.drafts import OfferingDraft, Parsed
from catalog.model import Occurrence, Offering, Source, Venue
from catalog.occurrences import is_over
from catalog.publishing import Batch, Plan
from catalog.query import PlaceRef, Query, Window
from catalog.redraft import drafts_of
from catalog.staff import Right, Role, Staffer
from catalog.text import words
from catalog.values import PlaceKind, Status

LONGEST = dt.timedelta(days=31)
"""Nobody calls off more than a month in one sentence."""
_A_DAY = dt.timedelta(days=1)
_OFF = (Status.CANCELLED, Status.POSTPONED)
_READ = frozenset(
    {"language", "windows", "places", "from_time", "until_time", "words", "alike", "kinds", "origin"}
)
_COLUMNS = {
    PlaceKind.MUNICIPALITY: "municipality",
    PlaceKind.DISTRICT: "district",
    PlaceKind.TOWN: "town",
    PlaceKind.POSTCODE: "postcode",
    PlaceKind.VENUE: "name",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The dates that would be called off, by id. lasting: how many are left alone because they last longer
    than a day, such as an exhibition. elsewhere: how many because somebody else is in charge there."""

    ids: frozenset[int]
    lasting: int
    elsewhere: int


def is_clear(query: Query) -> bool:
    """Whether it says where and when, and nothing that would leave a part out."""
    plain = query.without(*(name for name in _READ if name not in ("language", "origin")))
    spans = [w.until - w.since for w in query.windows if w.since is not None and w.until is not None]
    is_closed = bool(spans) and len(spans) == len(query.windows) and max(spans) <= LONGEST
    return bool(query.places) and is_closed and plain.asks_nothing()


def find(session: Session, staffer: Staffer, query: Query, now: dt.datetime, zone: ZoneInfo) -> Found:
    """What at these places is on at some time within these windows, and not over or called off already."""
    there = [row for row in _on(session, query.windows, now) if _is_there(row[1], query.places)]
    there = [row for row in there if _is_then(row[0], query, zone)]
    ours = [row for row in there if _may(staffer, row[1])]
    short = {occurrence.id or 0 for occurrence, _ in ours if not _lasts(occurrence)}
    return Found(frozenset(short), len(ours) - len(short), len(there) - len(ours))


def call_off(staffer: Staffer, query: Query, now: dt.datetime, zone: ZoneInfo) -> Plan:
    """The plan that calls these dates off. They keep their rows, and the hash of what their source told: the
    same file read again alters nothing."""

    def plan(session: Session) -> list[Batch]:
        ids = find(session, staffer, query, now, zone).ids
        wanted = select(Occurrence.offering_id, Occurrence.key).where(col(Occurrence.id).in_(ids))
        keys: dict[int, set[str]] = defaultdict(set)
        for offering_id, key in session.exec(wanted):
            keys[offering_id].add(key)
        by_source: dict[str, list[OfferingDraft]] = defaultdict(list)
        names = select(Offering.id, Source.name).join(Source).where(col(Offering.id).in_(keys))
        sources = dict(session.exec(names).all())
        for id_, draft in drafts_of(session, keys).items():
            by_source[sources[id_]].append(_without(draft, keys[id_]))
        return [
            Batch(source, Parsed("staff", drafts), keeps_hash=True)
            for source, drafts in sorted(by_source.items())
        ]

    return plan


def _without(draft: OfferingDraft, keys: set[str]) -> OfferingDraft:
    times = (
        time.model_copy(update={"status": Status.CANCELLED}) if time.key in keys else time
        for time in draft.occurrences
    )
    return draft.model_copy(update={"occurrences": tuple(times)})


def _on(session: Session, windows: Sequence[Window], now: dt.datetime) -> list[tuple[Occurrence, Venue]]:
    within = [
        (col(Occurrence.start) < window.until)
        & or_(col(Occurrence.end) > window.since, col(Occurrence.start) >= window.since)
        for window in windows
    ]
    rows = select(Occurrence, Venue).join(Venue).join(Offering).where(or_(*within))
    listed = col(Offering.withdrawn_at).is_(None) & col(Occurrence.withdrawn_at).is_(None)
    still = col(Offering.status).not_in(_OFF) & col(Occurrence.status).not_in(_OFF)
    found = session.exec(rows.where(listed, still).order_by(col(Occurrence.id))).all()
    return [(row, venue) for row, venue in found if not is_over(row.start, row.end, row.zone, now)]


def _is_there(venue: Venue, places: Sequence[PlaceRef]) -> bool:
    return any(_same(getattr(venue, _COLUMNS[place.kind]), place) for place in places)


def _same(value: str | None, place: PlaceRef) -> bool:
    name = place.key.rpartition(":")[2] if place.kind is PlaceKind.POSTCODE else place.name
    return value is not None and words(value) == words(name)


def _is_then(row: Occurrence, query: Query, zone: ZoneInfo) -> bool:
    clock = row.start.astimezone(zone).time()
    after = query.from_time is None or clock >= query.from_time
    return after and (query.until_time is None or clock < query.until_time)


def _may(staffer: Staffer, venue: Venue) -> bool:
    where = [venue.municipality] if venue.municipality else []
    return staffer.role is Role.ADMIN or staff.may(staffer, Right.PUBLISH, where)


def _lasts(row: Occurrence) -> bool:
    return row.is_run or (row.end is not None and row.end - row.start >= _A_DAY)
