"""What somebody follows: to begin and end it, to choose its reminders, and to see it all by date.

Every verb works inside the caller's transaction, and writes the follow and its duties together.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import or_
from sqlmodel import Session, SQLModel, col, select

from catalog.cards import Card, OccurrenceFacts, load_cards
from catalog.model import Occurrence, Offering, Organizer, Series, Venue
from catalog.occurrences import is_over
from reminders import outbox
from reminders.duties import SNOOZED, reconcile, stamp
from reminders.leads import MORNING, Lead, local_instant
from reminders.model import Delivery, Follow, Person
from reminders.notices import Kind
from reminders.outbox import Duty, Priority
from reminders.programme import OFF
from reminders.refusals import RefusedError
from reminders.unasked import quiet_hours

TARGETS: dict[str, type[SQLModel]] = {
    "offering": Offering,
    "occurrence": Occurrence,
    "series": Series,
    "organizer": Organizer,
    "venue": Venue,
}
"""What can be followed, and the table its id is of."""
_SNOOZABLE = ("sent", "unknown", "in_flight")
_STILL_UP = dt.timedelta(hours=4)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FollowView:
    """One thing that somebody follows. names: in each language there is, or the one name under "". card: of
    the offering, or of a series' next one; None for an organiser or venue. next: the next date that is
    neither over nor called off, None when there is none. leads: own lead times, None for the person's."""

    id: int
    kind: str
    target_id: int
    names: dict[str, str]
    card: Card | None
    next: OccurrenceFacts | None
    leads: tuple[str, ...] | None
    wants_seats: bool

    def name(self, language: str) -> str:
        """The name in `language`, else in Danish, else as it is."""
        return self.names.get(language) or self.names.get("da") or next(iter(self.names.values()), "")


def follow(
    session: Session,
    person_id: int,
    kind: str,
    target_id: int,
    *,
    now: dt.datetime,
    zone: ZoneInfo,
    leads: Iterable[str] | None = None,
) -> Follow:
    """Follow it from `now` on; following it already changes nothing but the `leads` that are given. Raises
    RefusedError "gone" when there is no such thing, ValueError for a broken lead or kind."""
    if kind not in TARGETS:
        raise ValueError(kind)
    if session.get(TARGETS[kind], target_id) is None:
        raise RefusedError("gone")
    row = _find(session, person_id, kind, target_id)
    if row is None:
        row = Follow(person_id=person_id, kind=kind, target_id=target_id, created_at=now)
    row.leads = row.leads if leads is None else _checked(leads)
    session.add(row)
    reconcile(session, [person_id], now, zone, late=False)
    return row


def unfollow(
    session: Session, person_id: int, kind: str, target_id: int, *, now: dt.datetime, zone: ZoneInfo
) -> bool:
    """Follow it no longer, and owe nothing for it; whether it was followed."""
    row = _find(session, person_id, kind, target_id)
    if row is None:
        return False
    session.delete(row)
    reconcile(session, [person_id], now, zone, late=False)
    return True


def follows_of(session: Session, person_id: int, now: dt.datetime) -> list[FollowView]:
    """All that they follow, the next date first; what has no date to come is last."""
    rows = session.exec(select(Follow).where(Follow.person_id == person_id).order_by(col(Follow.id))).all()
    views = _views(session, rows, now)
    return sorted(views, key=lambda view: (view.next is None, view.next.start if view.next else now))


def set_leads(
    session: Session, person_id: int, leads: Iterable[str], *, now: dt.datetime, zone: ZoneInfo
) -> None:
    """When reminders come for all that has no lead times of its own. Raises ValueError for a broken one."""
    person = session.get(Person, person_id)
    if person is not None:
        person.leads = _checked(leads)
        reconcile(session, [person_id], now, zone, late=False)


def set_follow_leads(
    session: Session,
    person_id: int,
    follow_id: int,
    leads: Iterable[str] | None,
    *,
    now: dt.datetime,
    zone: ZoneInfo,
) -> bool:
    """When reminders come for this one; None: as for everything else. Whether it is theirs. Raises ValueError
    for a broken lead."""
    row = session.get(Follow, follow_id)
    if row is None or row.person_id != person_id:
        return False
    row.leads = None if leads is None else _checked(leads)
    reconcile(session, [person_id], now, zone, late=False)
    return True


def set_quiet_hours(
    session: Session, person_id: int, since: dt.time, until: dt.time, *, now: dt.datetime, zone: ZoneInfo
) -> None:
    """Say nothing unasked between these local times; both equal: there are no quiet hours."""
    person = session.get(Person, person_id)
    if person is not None:
        person.quiet_from, person.quiet_until = since, until
        reconcile(session, [person_id], now, zone, late=False)


def want_seats(
    session: Session, person_id: int, offering_id: int, *, now: dt.datetime, zone: ZoneInfo
) -> Follow:
    """Tell once when a place becomes free; follows the offering, too. Raises RefusedError "gone"."""
    row = follow(session, person_id, "offering", offering_id, now=now, zone=zone)
    row.wants_seats = True
    return row


def snooze(
    session: Session,
    delivery_id: int,
    person_id: int,
    minutes: int | None,
    *,
    now: dt.datetime,
    zone: ZoneInfo,
) -> dt.datetime | None:
    """Say this reminder again in so many minutes, None: tomorrow morning. When that will be; None when it is
    not their reminder or it would be too late then. Snoozing again moves it."""
    told = session.get(Delivery, delivery_id)
    if told is None or told.person_id != person_id or told.kind != Kind.REMINDER:
        return None
    person = session.get_one(Person, person_id)
    due = put_off_until(minutes, person, now, zone)
    if told.state not in _SNOOZABLE or due >= told.useful_until:
        return None
    outbox.cancel(session, _waiting_snoozes(session, told), now, "snoozed")
    return due if outbox.plan(session, [_snoozed(told, due)]) else None


def why(session: Session, delivery_id: int, person_id: int, now: dt.datetime) -> FollowView | None:
    """The follow that a message of theirs came for, the most particular one; None when there is none now."""
    row = session.get(Delivery, delivery_id)
    if row is None or row.person_id != person_id or row.offering_id is None:
        return None
    offering = session.get(Offering, row.offering_id)
    if offering is None:
        return None
    found = reason_for(session, person_id, offering.id, row.occurrence_id, offering.series_id)
    return _views(session, [found], now)[0] if found else None


def reason_for(
    session: Session,
    person_id: int,
    offering_id: int | None,
    occurrence_id: int | None,
    series_id: int | None,
) -> Follow | None:
    """The follow by which somebody hears of this: of the date, else of the offering, else of its series."""
    for kind, target in (("occurrence", occurrence_id), ("offering", offering_id), ("series", series_id)):
        if target is not None and (row := _find(session, person_id, kind, target)) is not None:
            return row
    return None


def _find(session: Session, person_id: int, kind: str, target_id: int) -> Follow | None:
    wanted = select(Follow).where(Follow.person_id == person_id, Follow.kind == kind)
    return session.exec(wanted.where(Follow.target_id == target_id)).one_or_none()


def _checked(leads: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(str(Lead.parse(lead)) for lead in leads))


def put_off_until(minutes: int | None, person: Person, now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """When a reminder put off now comes again: in so many minutes, or tomorrow morning."""
    if minutes is not None:
        return now + dt.timedelta(minutes=max(1, minutes))
    # Somebody who is up at two in the morning has not gone to bed yet: tomorrow is when they wake.
    waking = (now.astimezone(zone) - _STILL_UP).date() + dt.timedelta(days=1)
    morning = local_instant(waking, MORNING.clock or dt.time(), zone)
    return quiet_hours(person).after(morning, zone)


def _snoozed(told: Delivery, due: dt.datetime) -> Duty:
    date, anchor = told.key.split(":", 3)[:3], told.key.rsplit(":", 1)[1]
    return Duty(
        key=":".join((*date, f"{SNOOZED}{stamp(due)}", anchor)),
        person_id=told.person_id,
        kind=Kind.REMINDER,
        offering_id=told.offering_id,
        occurrence_id=told.occurrence_id,
        due_at=due,
        useful_until=told.useful_until,
        priority=Priority.REMINDER,
        keep_until=told.keep_until,
    )


def _waiting_snoozes(session: Session, told: Delivery) -> list[int]:
    same = ":".join(told.key.split(":", 3)[:3])
    rows = select(Delivery.id).where(
        Delivery.person_id == told.person_id,
        Delivery.occurrence_id == told.occurrence_id,
        col(Delivery.key).startswith(f"{same}:{SNOOZED}", autoescape=True),
    )
    return [id_ for id_ in session.exec(rows) if id_ is not None]


def _views(session: Session, rows: Sequence[Follow], now: dt.datetime) -> list[FollowView]:
    offerings = {row.id: _offering_of(session, row, now) for row in rows}
    cards = load_cards(session, [id_ for id_ in offerings.values() if id_ is not None])
    return [_view(session, row, cards.get(offerings[row.id] or 0), now) for row in rows]


def _offering_of(session: Session, row: Follow, now: dt.datetime) -> int | None:
    """The offering whose card stands for it: of a series the one that is on next."""
    if row.kind == "offering":
        return row.target_id
    if row.kind == "occurrence":
        occurrence = session.get(Occurrence, row.target_id)
        return occurrence.offering_id if occurrence else None
    return _next_in_series(session, row.target_id, now) if row.kind == "series" else None


def _next_in_series(session: Session, series_id: int, now: dt.datetime) -> int | None:
    ahead = (
        select(Occurrence)
        .join(Offering)
        .where(
            Offering.series_id == series_id,
            or_(col(Occurrence.start) > now - _DAY, col(Occurrence.end) > now),
            col(Occurrence.status).not_in(OFF),
            col(Offering.status).not_in(OFF),
            col(Occurrence.withdrawn_at).is_(None),
        )
        .order_by(col(Occurrence.start))
    )
    dates = (o for o in session.exec(ahead) if not is_over(o.start, o.end, o.zone, now))
    return next((o.offering_id for o in dates), None)


def _view(session: Session, row: Follow, card: Card | None, now: dt.datetime) -> FollowView:
    return FollowView(
        id=row.id or 0,
        kind=row.kind,
        target_id=row.target_id,
        names=card.titles if card and row.kind != "series" else _own_name(session, row),
        card=card,
        next=_next(card, row, now) if card else None,
        leads=None if row.leads is None else tuple(row.leads),
        wants_seats=row.wants_seats,
    )


def _own_name(session: Session, row: Follow) -> dict[str, str]:
    named = session.get(TARGETS[row.kind], row.target_id)
    return {"": str(named.name)} if isinstance(named, Series | Organizer | Venue) else {}


def _next(card: Card, row: Follow, now: dt.datetime) -> OccurrenceFacts | None:
    if card.status in OFF:
        return None
    dates = (o for o in card.occurrences if o.status not in OFF)
    wanted = (o for o in dates if row.kind != "occurrence" or o.id == row.target_id)
    return next((o for o in wanted if not is_over(o.start, o.end, o.zone, now)), None)
