"""A duty that is due → what to say, from facts as they are now, or why it is not said after all.

Lateness is decided here: what has begun is expired, of several missed reminders of one date only the newest
goes, and one that is late waits through quiet hours where there is time for that.
"""

import datetime as dt
from collections.abc import Callable
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session, and_, col, func, or_, select

from catalog.cards import Card, OccurrenceFacts, load_cards, occurrence_facts
from catalog.model import Occurrence, Offering, OfferingChange
from catalog.values import Status
from reminders import digests, news, retention, searches, surveys
from reminders.announcements import Announcements
from reminders.bursts import Worth, heard_by, read_changes, worth_telling
from reminders.changes import AT_ONCE, DEBOUNCE, TOLD
from reminders.duties import SNOOZED, stamp
from reminders.follows import reason_for
from reminders.leads import local_instant
from reminders.model import Delivery, Person
from reminders.notes import Notes
from reminders.notices import Change, Changed, Dropped, Enrolment, Kind, Notice, Reminder
from reminders.planning import Happening
from reminders.programme import OFF, follows_by_person, happening_of
from reminders.unasked import quiet_hours, to

Similar = Callable[[Card, dt.datetime], tuple[Card, ...]]
"""What could stand in for an offering that is called off; see `catalog.similar`."""

IN_TIME = dt.timedelta(minutes=30)
"""A reminder that is no later than this goes out though it has become quiet meanwhile."""
_DAY = dt.timedelta(days=1)
_GOES_OR_WENT = ("pending", "claimed", "in_flight", "sent", "unknown")


class Composer:
    """`reminders.delivery.Compose`: one way for each kind of duty. Reads only."""

    def __init__(
        self, zone: ZoneInfo, *, match: news.Match, similar: Similar, notes: Notes | None = None
    ) -> None:
        changed = partial(_change, similar=similar)
        self._zone = zone
        self._ways: dict[Kind, Callable[..., Notice | Dropped]] = {
            Kind.REMINDER: _reminder,
            Kind.CHANGE: changed,
            Kind.CANCELLATION: changed,
            Kind.ENROLMENT: _enrolment,
            Kind.DIGEST: partial(digests.compose, match=match),
            Kind.SURVEY: surveys.compose,
            Kind.RENEWAL: searches.compose,
            Kind.WARNING: retention.compose,
            Kind.BROADCAST: Announcements().compose,
            Kind.NOTE: (notes or Notes({}, frozenset())).compose,
        }

    def __call__(self, session: Session, row: Delivery, now: dt.datetime, /) -> Notice | Dropped:
        """The notice of this duty as of `now`."""
        person = session.get(Person, row.person_id)
        if person is None:
            return Dropped("cancelled", "gone")
        if row.useful_until <= now:
            return Dropped("expired", "too-late")
        return self._ways[Kind(row.kind)](session, row, person, now, self._zone)


def _reminder(
    session: Session, row: Delivery, person: Person, now: dt.datetime, zone: ZoneInfo
) -> Reminder | Dropped:
    card = _card(session, row)
    date = _date(card, row) if card else None
    if card is None or date is None:
        return Dropped("cancelled", "off")
    follow = reason_for(
        session, row.person_id, card.id, date.id, session.get_one(Offering, card.id).series_id
    )
    if follow is None:
        return Dropped("cancelled", "unfollowed")
    happening = happening_of(date)
    if dropped := _untimely(session, row, happening, now) or _waits(row, person, happening, now, zone):
        return dropped
    more = _others(session, follow.target_id, happening) if follow.kind == "series" else 0
    why = (follow.kind, follow.target_id)
    return Reminder(to(person, row, now), card, date, *why, more=more, last_day=date.is_run)


def _date(card: Card, row: Delivery) -> OccurrenceFacts | None:
    """The date of a reminder, when it is on."""
    dates = card.occurrences if card.status not in OFF else ()
    return next((o for o in dates if o.id == row.occurrence_id and o.status not in OFF), None)


def _untimely(session: Session, row: Delivery, happening: Happening, now: dt.datetime) -> Dropped | None:
    if not row.key.endswith(f":{stamp(happening.anchor)}"):
        return Dropped("cancelled", "moved")
    if happening.useful_until <= now:
        return Dropped("expired", "begun")
    return Dropped("superseded", "a-newer-one") if _is_superseded(session, row, now) else None


def _card(session: Session, row: Delivery) -> Card | None:
    return load_cards(session, [row.offering_id]).get(row.offering_id) if row.offering_id else None


def _is_superseded(session: Session, row: Delivery, now: dt.datetime) -> bool:
    """Whether a later reminder of the same date is due by now, or has gone."""
    due_at, id_ = col(Delivery.due_at), col(Delivery.id)
    newer = select(id_).where(
        Delivery.person_id == row.person_id,
        Delivery.occurrence_id == row.occurrence_id,
        Delivery.kind == Kind.REMINDER,
        col(Delivery.state).in_(_GOES_OR_WENT),
        col(Delivery.key).endswith(row.key.rsplit(":", 1)[1]),
        due_at <= now,
        or_(due_at > row.due_at, and_(due_at == row.due_at, id_ > row.id)),
    )
    return session.exec(newer.limit(1)).first() is not None


def _waits(
    row: Delivery, person: Person, happening: Happening, now: dt.datetime, zone: ZoneInfo
) -> Dropped | None:
    morning = quiet_hours(person).after(now, zone)
    was_asked_for = f":{SNOOZED}" in row.key
    if morning == now or was_asked_for or now - row.due_at <= IN_TIME:
        return None
    if morning > happening.useful_until - AT_ONCE:
        return None
    return Dropped("pending", "quiet-hours", morning)


def _others(session: Session, series_id: int, happening: Happening) -> int:
    """How many other dates of the series are on the same local day."""
    day = happening.anchor.astimezone(happening.zone).date()
    first, end = (local_instant(d, dt.time(), happening.zone) for d in (day, day + _DAY))
    that_day = (
        select(func.count())
        .select_from(Occurrence)
        .join(Offering)
        .where(
            Offering.series_id == series_id,
            col(Occurrence.start) >= first,
            col(Occurrence.start) < end,
            col(Occurrence.withdrawn_at).is_(None),
            col(Occurrence.status).not_in(OFF),
            col(Offering.status).not_in(OFF),
        )
    )
    return max(0, session.exec(that_day).one() - 1)


def _change(
    session: Session, row: Delivery, person: Person, now: dt.datetime, _zone: ZoneInfo, *, similar: Similar
) -> Change | Dropped:
    card = _card(session, row)
    follows = follows_by_person(session, [row.person_id], row.offering_id).get(row.person_id)
    if card is None or follows is None:
        return Dropped("cancelled", "unfollowed")
    since, until = (int(str(row.payload[end])) for end in ("since", "until"))
    changes = read_changes(session, card.id, since, until)
    worth = heard_by(worth_telling(session, card.id, changes, now), follows, _reminded(session, row))
    if not worth:
        return Dropped("cancelled", "no-longer-so")
    begins = min((w.soonest for w in worth if w.soonest), default=row.useful_until)
    if _has_changed_again(session, card.id, until) and begins - now > AT_ONCE:
        # The notice of the later changes tells these, too, and takes this one's place.
        return Dropped("pending", "more-to-come", now + DEBOUNCE)
    cancelled = any(w.altered.is_cancellation for w in worth)
    alternatives = similar(card, now) if cancelled else ()
    return Change(to(person, row, now), card, _told(session, worth), cancelled, alternatives)


def _reminded(session: Session, row: Delivery) -> set[int]:
    dates = select(Delivery.occurrence_id).where(
        Delivery.person_id == row.person_id,
        Delivery.offering_id == row.offering_id,
        Delivery.kind == Kind.REMINDER,
    )
    return {id_ for id_ in session.exec(dates) if id_ is not None}


def _has_changed_again(session: Session, offering_id: int, until: int) -> bool:
    later = select(OfferingChange.id).where(
        OfferingChange.offering_id == offering_id,
        col(OfferingChange.id) > until,
        col(OfferingChange.fact).in_(TOLD),
    )
    return session.exec(later.limit(1)).first() is not None


def _told(session: Session, worth: list[Worth]) -> tuple[Changed, ...]:
    ids = {w.altered.occurrence_id for w in worth}
    rows = session.exec(select(Occurrence).where(col(Occurrence.id).in_(ids - {None})))
    dates: dict[int | None, OccurrenceFacts] = {row.id: occurrence_facts(row) for row in rows}
    altered = (w.altered for w in worth)
    return tuple(Changed(a.fact, a.old, a.new, dates.get(a.occurrence_id)) for a in altered)


def _enrolment(
    session: Session, row: Delivery, person: Person, now: dt.datetime, _zone: ZoneInfo
) -> Enrolment | Dropped:
    card, what = _card(session, row), str(row.payload["what"])
    if card is None or card.status in OFF:
        return Dropped("cancelled", "off")
    if row.person_id not in follows_by_person(session, [row.person_id], card.id):
        return Dropped("cancelled", "unfollowed")
    if card.status is Status.SOLD_OUT or card.remaining == 0:
        return Dropped("cancelled", "full")
    moment = {"opens": card.enrolment_opens, "closes": card.enrolment_closes}.get(what)
    if what != "seat" and (moment is None or not row.key.endswith(f":{stamp(moment)}")):
        return Dropped("cancelled", "moved")
    return Enrolment(to(person, row, now), card, what)
