""" "Kom du af sted?": asked the morning after something that was followed, at most once a week; counted
without who."""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from catalog import figures
from catalog.cards import load_cards
from catalog.database import Database
from catalog.figures import Cell, What
from catalog.model import Occurrence, Offering
from catalog.values import Status
from reminders import bookmarks, outbox
from reminders.leads import local_instant
from reminders.model import Delivery, Follow, Person, SurveyCount
from reminders.notices import Dropped, Kind, Survey
from reminders.reach import places_of
from reminders.unasked import first_chance, held_back, said_lately, to

MORNING_AFTER = dt.time(10)
USEFUL_FOR = dt.timedelta(hours=24)
_KEPT = dt.timedelta(days=30)
_DAY = dt.timedelta(days=1)
_WEEK = 7
_PAGE = 500
_NIGHT_ENDS = dt.time(4)
"""What ends before it belongs to the evening before."""

_TOOK_PLACE = (Status.SCHEDULED, Status.RESCHEDULED, Status.SOLD_OUT)
_ANSWERED = "answered"


def plan_surveys(database: Database, now: dt.datetime, zone: ZoneInfo) -> int:
    """Once a day, from ten in the morning: ask about what took place the day before. A day on which we did
    not run is not asked about later. How many questions are planned."""
    planned, last = 0, 0
    with bookmarks.daily(database, "surveys", now, MORNING_AFTER, zone) as is_due:
        while is_due and (went := database.read(partial(_page, after=last, now=now, zone=zone))):
            last = max(went)
            planned += database.write(partial(_plan, attended=went, now=now, zone=zone))
    return planned


def compose(
    session: Session, row: Delivery, person: Person, now: dt.datetime, zone: ZoneInfo
) -> Survey | Dropped:
    """The question, or why it is not asked after all."""
    card = load_cards(session, [row.offering_id or 0]).get(row.offering_id or 0)
    times = card.occurrences if card and not card.withdrawn and card.status in _TOOK_PLACE else ()
    occurrence = next((o for o in times if o.id == row.occurrence_id and o.status in _TOOK_PLACE), None)
    if card is None or occurrence is None:
        return Dropped("cancelled", "gone")
    if not person.surveys or not _still_follows(session, row):
        return Dropped("cancelled", "settled")
    return held_back(session, row, person, now, zone) or Survey(to(person, row, now), card, occurrence)


def answer(session: Session, delivery_id: int, person_id: int, went: bool, today: dt.date) -> bool:
    """Count an answer that is given on this local day. Only that they answered is noted with the person,
    until the delivery is deleted; not what. False when the question was not put to this person, or was
    answered before."""
    row = session.get(Delivery, delivery_id)
    if row is None or row.person_id != person_id or row.kind != Kind.SURVEY or row.reason == _ANSWERED:
        return False
    if row.offering_id is None or session.get(Offering, row.offering_id) is None:
        return False
    row.reason = _ANSWERED
    _count(session, row.offering_id, went)
    week, what = figures.monday(today), What.WENT if went else What.STAYED
    places = places_of(session, [row.offering_id])[row.offering_id]
    figures.add(session, {Cell(week, what, *place): 1 for place in places})
    return True


def _count(session: Session, offering_id: int, went: bool) -> None:
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    first = {"offering_id": offering_id, "went": int(went), "stayed": int(not went)}
    column = SurveyCount.went if went else SurveyCount.stayed
    statement = insert(SurveyCount).values(first)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["offering_id"], set_={"went" if went else "stayed": col(column) + 1}
        )
    )


def _still_follows(session: Session, row: Delivery) -> bool:
    targets = _follows(col(Follow.target_id) == row.offering_id, col(Follow.target_id) == row.occurrence_id)
    mine = select(Follow.id).where(Follow.person_id == row.person_id, targets)
    return session.exec(mine).first() is not None


def _follows(offering: ColumnElement[bool], occurrence: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(
        and_(col(Follow.kind) == "offering", offering), and_(col(Follow.kind) == "occurrence", occurrence)
    )


Attended = dict[int, tuple[int, int]]
"""{person: (offering, occurrence)}"""


def _page(session: Session, after: int, now: dt.datetime, zone: ZoneInfo) -> Attended:
    """The next people who may have been somewhere yesterday, each with the first thing they followed."""
    followed = _follows(
        col(Follow.target_id) == Occurrence.offering_id, col(Follow.target_id) == Occurrence.id
    )
    over = func.coalesce(Occurrence.end, Occurrence.start)
    statement = (
        select(Person.id, Occurrence.offering_id, Occurrence.id)
        .select_from(Occurrence)
        .join(Offering)
        .join(Follow, followed)
        .join(Person, col(Person.id) == Follow.person_id)
        .where(_yesterday(now, zone), col(Occurrence.withdrawn_at).is_(None))
        .where(col(Occurrence.status).in_(_TOOK_PLACE), col(Offering.status).in_(_TOOK_PLACE))
        .where(col(Offering.withdrawn_at).is_(None), Follow.created_at < over)
        .where(col(Person.id) > after, Person.surveys, col(Person.inactive_since).is_(None))
    )
    found: Attended = {}
    in_order = statement.order_by(col(Person.id), col(Occurrence.start), col(Occurrence.id))
    for person_id, offering_id, occurrence_id in session.exec(in_order.limit(_PAGE)):
        found.setdefault(person_id or 0, (offering_id, occurrence_id or 0))
    return found


def _yesterday(now: dt.datetime, zone: ZoneInfo) -> ColumnElement[bool]:
    """Over by this morning and not before yesterday's; what has no known end, by its start."""
    today = now.astimezone(zone).date()
    starts = [local_instant(day, dt.time(), zone) for day in (today - _DAY, today)]
    ends = [local_instant(day, _NIGHT_ENDS, zone) for day in (today - _DAY, today)]
    start, end = col(Occurrence.start), col(Occurrence.end)
    return or_(
        and_(end > ends[0], end <= ends[1]), and_(end.is_(None), start >= starts[0], start < starts[1])
    )


def _plan(session: Session, attended: Attended, now: dt.datetime, zone: ZoneInfo) -> int:
    return outbox.plan(session, list(_duties(session, attended, now, zone)))


def _duties(session: Session, attended: Attended, now: dt.datetime, zone: ZoneInfo) -> Iterator[outbox.Duty]:
    people = session.exec(select(Person).where(col(Person.id).in_(attended))).all()
    asked = _asked_this_week(session, attended, now, zone)
    said = said_lately(session, attended, now)
    for person in people:
        due_at = first_chance(person, said.get(person.id or 0, []), now, zone)
        if person.id is None or person.id in asked or due_at is None or due_at >= now + USEFUL_FOR:
            continue
        offering_id, occurrence_id = attended[person.id]
        yield outbox.Duty(
            key=f"s:{person.id}:{occurrence_id}",
            person_id=person.id,
            kind=Kind.SURVEY,
            offering_id=offering_id,
            occurrence_id=occurrence_id,
            due_at=due_at,
            useful_until=now + USEFUL_FOR,
            priority=outbox.Priority.UPKEEP,
            keep_until=now + _KEPT,
        )


def _asked_this_week(session: Session, people: Attended, now: dt.datetime, zone: ZoneInfo) -> set[int]:
    first_day = now.astimezone(zone).date() - (_WEEK - 1) * _DAY
    statement = select(Delivery.person_id).where(
        col(Delivery.person_id).in_(people),
        Delivery.kind == Kind.SURVEY,
        col(Delivery.state) != "cancelled",
        Delivery.due_at >= local_instant(first_day, dt.time(), zone),
    )
    return set(session.exec(statement))
