"""What follows, reminders and answers to "kom du af sted?" come to in a week, counted without who; and the
figures of a staffer, no wider than what is theirs."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from catalog import demand, figures
from catalog.demand import Tries, Wanted, Wish
from catalog.figures import Cell, Figure, What
from catalog.keepers import chunks
from catalog.model import Occurrence, Offering, OfferingTag, Organizer, Venue
from catalog.places import gazetteer
from catalog.scoping import municipalities_of_stored
from catalog.staff import Role, Scope, ScopeKind, Staffer
from catalog.values import Audience, Category, Format
from reminders import bookmarks
from reminders.leads import local_instant
from reminders.model import Delivery, Follow, Person
from reminders.notices import Kind

_MADE_UP = "figures"
_LATE_WEEKS = 4
"""How many weeks are made up afterwards when nobody was there to do it; reminders are kept no longer."""
_WEEK = dt.timedelta(days=7)
_MONTHS, _LATELY = 12, 2
_SENT = ("sent", "unknown")
_MADE_FOR = {
    "daycare": ("audience", Audience.DAYCARE),
    "school": ("audience", Audience.SCHOOLS),
    "after-school": ("audience", Audience.SCHOOLS),
    "club": ("format", Format.CLUB),
}
"""Which offerings are a type of institution's: the tag that they have."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that may be told of a scope. weeks: Mondays. municipalities: where; None everywhere. wishes:
    what was asked for since that day; by_month: in the last twelve months, by month and district. pooled:
    what several municipalities are told together."""

    weeks: tuple[dt.date, ...]
    municipalities: tuple[str, ...] | None
    figures: tuple[Figure, ...]
    since: dt.date
    wishes: tuple[Wish, ...]
    by_month: tuple[tuple[dt.date, Wish], ...] = ()
    pooled: tuple[Wish, ...] = ()

    def figure(self, what: What) -> Figure:
        """This one of the figures."""
        return next(figure for figure in self.figures if figure.what is what)


def report(
    session: Session,
    staffer: Staffer | None,
    now: dt.datetime,
    zone: ZoneInfo,
    weeks: Sequence[dt.date] | None = None,
) -> Report:
    """What may be told to this staffer: of everything to an admin and to the command line (None), of their
    municipalities to a coordinator, of what is theirs to an ambassador. weeks: the last eight when None."""
    made_up, lately = tuple(weeks or figures.closed_weeks(now, zone)), figures.closed_weeks(now, zone)
    if staffer is not None and staffer.role is Role.AMBASSADOR:
        return _of_ambassador(session, staffer, made_up, zone)
    where = None if staffer is None or staffer.role is Role.ADMIN else tuple(sorted(staffer.municipalities))
    told = figures.publish(figures.read(session, made_up, where), made_up, where)
    everywhere = demand.read_weeks(session, lately)
    mine = {cell: tries for cell, tries in everywhere.items() if where is None or cell.municipality in where}
    pooled = [one for one in demand.pooled(everywhere) if where is None or {*one.where} & {*where}]
    asked = demand.read(session, demand.closed_months(lately[-1] + _WEEK, _MONTHS), where)
    by_month = _by_month(asked)
    return Report(made_up, where, told, lately[0], demand.wishes(mine), by_month, tuple(pooled))


def make_up(session: Session, now: dt.datetime, zone: ZoneInfo) -> int:
    """Count what the weeks that have ended come to, each week once; how many were counted."""
    last = figures.closed_weeks(now, zone, 1)[0]
    known = bookmarks.place(session, _MADE_UP)
    first = max(last - (_LATE_WEEKS - 1) * _WEEK, _after(known) if known else last)
    if first > last:
        return 0
    weeks = [first + back * _WEEK for back in range((last - first).days // 7 + 1)]
    for week in weeks:
        figures.add(session, gather(session, week, zone))
    figures.add(session, _people(session, last))
    bookmarks.move(session, _MADE_UP, last.toordinal())
    return len(weeks)


def gather(
    session: Session, week: dt.date, zone: ZoneInfo, offerings: Collection[int] | None = None
) -> dict[Cell, int]:
    """How many began to follow, and how many reminders went out, in the week from this Monday on, of these
    offerings or all. An offering of several municipalities counts in each of them."""
    ends = [local_instant(day, dt.time(), zone) for day in (week, week + _WEEK)]
    happened: Counter[tuple[What, int]] = Counter()
    for _person, id_ in _followed(session, *ends):
        happened[What.FOLLOWS, id_] += 1
    for id_ in _reminded(session, *ends):
        happened[What.REMINDERS, id_] += 1
    wanted = {key: n for key, n in happened.items() if offerings is None or key[1] in offerings}
    places = places_of(session, {id_ for _, id_ in wanted})
    counts: Counter[Cell] = Counter()
    for (what, id_), number in wanted.items():
        for municipality, category in places[id_]:
            counts[Cell(week, what, municipality, category)] += number
    return dict(counts)


def places_of(session: Session, offering_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Where each of these offerings counts: (municipality, category), "" for what is not known."""
    order = [str(category) for category in Category]
    category: dict[int, str] = {}
    for some in chunks(sorted(offering_ids)):
        tags = select(OfferingTag.offering_id, OfferingTag.value).where(OfferingTag.kind == "category")
        for id_, value in session.exec(tags.where(col(OfferingTag.offering_id).in_(some))):
            category[id_] = min(category.get(id_, value), value, key=order.index)
    where = municipalities_of_stored(session, offering_ids)
    return {id_: [(name, category.get(id_, "")) for name in where[id_] or {""}] for id_ in offering_ids}


def _of_ambassador(session: Session, staffer: Staffer, weeks: tuple[dt.date, ...], zone: ZoneInfo) -> Report:
    """What their own offerings come to, from what is still stored; and of a district what was asked for in
    it, which is known by month."""
    weeks, where = weeks[-_LATE_WEEKS:], tuple(sorted(staffer.municipalities))
    mine = frozenset(id_ for scope in staffer.scopes for id_ in _offerings(session, scope))
    counts = {
        cell: number
        for week in weeks
        for cell, number in gather(session, week, zone, mine).items()
        if cell.municipality in where
    }
    districts = {scope.value for scope in staffer.scopes if scope.kind is ScopeKind.DISTRICT}
    months = demand.closed_months(weeks[-1] + _WEEK, _MONTHS)
    asked = demand.read(session, months, where, districts)
    lately = {cell: tries for cell, tries in asked.items() if cell.month in months[-_LATELY:]}
    told, wishes = figures.publish(counts, weeks, where), demand.wishes(lately, by_district=True)
    return Report(weeks, where, told, months[-_LATELY], wishes, _by_month(asked))


def _offerings(session: Session, scope: Scope) -> set[int]:
    """The offerings that are an ambassador's: of their organiser or venue, in their district, or made for
    their type of institution."""
    if scope.kind is ScopeKind.INSTITUTION:
        organizers, venues = (_named(session, table, scope.value) for table in (Organizer, Venue))
        made = select(Offering.id).where(col(Offering.organizer_id).in_(organizers))
        held = select(Occurrence.offering_id).where(col(Occurrence.venue_id).in_(venues))
        found = {*session.exec(made), *session.exec(held)}
    elif scope.kind is ScopeKind.DISTRICT:
        held = select(Occurrence.offering_id).join(Venue).where(Venue.district == scope.value)
        found = {*session.exec(held)}
    else:
        kind, value = _MADE_FOR[scope.value]
        tagged = select(OfferingTag.offering_id).where(OfferingTag.kind == kind, OfferingTag.value == value)
        found = {*session.exec(tagged)}
    there = municipalities_of_stored(session, [id_ for id_ in found if id_ is not None])
    return {id_ for id_, names in there.items() if scope.municipality in names}


def _named(session: Session, table: type[Organizer] | type[Venue], name: str) -> list[int]:
    rows = session.exec(select(table.id, table.name))
    return [id_ for id_, known in rows if id_ is not None and known.casefold() == name.casefold()]


def _followed(session: Session, since: dt.datetime, until: dt.datetime) -> set[tuple[int, int]]:
    """(person, offering) of everything that was followed then; what is followed of a series counts as its
    first offering."""
    then = (Follow.created_at >= since, Follow.created_at < until)
    follows = select(Follow.person_id, Follow.target_id).where(*then, Follow.kind == "offering")
    dates = (
        select(Follow.person_id, Occurrence.offering_id)
        .join(Occurrence, col(Occurrence.id) == Follow.target_id)
        .where(*then, Follow.kind == "occurrence")
    )
    series = (
        select(Follow.person_id, func.min(Offering.id))
        .join(Offering, col(Offering.series_id) == Follow.target_id)
        .where(*then, Follow.kind == "series")
        .group_by(col(Follow.id), col(Follow.person_id))
    )
    rows = (row for some in (follows, dates, series) for row in session.exec(some))
    return {(person, id_) for person, id_ in rows if id_ is not None}


def _reminded(session: Session, since: dt.datetime, until: dt.datetime) -> Iterable[int]:
    sent = select(Delivery.offering_id).where(
        Delivery.kind == Kind.REMINDER,
        col(Delivery.state).in_(_SENT),
        col(Delivery.settled_at) >= since,
        col(Delivery.settled_at) < until,
    )
    return [id_ for id_ in session.exec(sent) if id_ is not None]


def _people(session: Session, week: dt.date) -> dict[Cell, int]:
    """Who can be reached now, by the municipality of the place they chose."""
    by_place = select(Person.place_key, func.count()).where(col(Person.inactive_since).is_(None))
    counts: Counter[Cell] = Counter()
    for key, number in session.exec(by_place.group_by(col(Person.place_key))):
        place = gazetteer().get(key) if key else None
        counts[Cell(week, What.PEOPLE, (place and place.municipality) or "", "")] += number
    return dict(counts)


def _by_month(counts: dict[Wanted, Tries]) -> tuple[tuple[dt.date, Wish], ...]:
    months = sorted({cell.month for cell in counts})
    of_month = {month: {c: n for c, n in counts.items() if c.month == month} for month in months}
    return tuple((m, wish) for m in months for wish in demand.wishes(of_month[m], by_district=True))


def _after(week: int) -> dt.date:
    return dt.date.fromordinal(week) + _WEEK
