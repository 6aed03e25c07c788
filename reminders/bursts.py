"""Edits of an offering close to each other, told as one: old → new of the whole, and what of it matters.

What followers hear of: a new time, a new place, called off or on again, a date no longer on the programme,
sold out and places again. What went back to where it was is nothing.
"""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from catalog.model import Occurrence, Offering, OfferingChange
from catalog.values import Status
from reminders.leads import local_instant
from reminders.model import Follow
from reminders.planning import Happening
from reminders.programme import OFF, happening_of

UNDATED_IS_NEWS = dt.timedelta(days=30)
"""How long a change of something without dates is worth telling."""


@dataclass(frozen=True, slots=True)
class Altered:
    """One fact over a burst; see `catalog.model.OfferingChange`."""

    occurrence_id: int | None
    fact: str
    old: str | None
    new: str | None

    @property
    def is_cancellation(self) -> bool:
        return self.fact == "status" and self.new == Status.CANCELLED

    @property
    def is_places_again(self) -> bool:
        """Sold out, and now there is room."""
        if self.fact == "enrolment":
            return _is_full(self.old) and not _is_full(self.new)
        return self.fact == "status" and self.old == Status.SOLD_OUT and _is_open(self.new)

    @property
    def is_full_again(self) -> bool:
        return replace(self, old=self.new, new=self.old).is_places_again


@dataclass(frozen=True, slots=True)
class Worth:
    """An alteration that followers hear of. soonest: the next moment ahead at which somebody who does not
    know would be wrong, None when it is on already; useful_until: when it no longer matters."""

    altered: Altered
    soonest: dt.datetime | None
    useful_until: dt.datetime


def fold(changes: Iterable[OfferingChange]) -> list[Altered]:
    """Changes in their order as one alteration each fact; those that end where they began are left out."""
    facts: dict[tuple[int | None, str], Altered] = {}
    for change in changes:
        place = (change.occurrence_id, change.fact)
        first = facts.get(place)
        facts[place] = Altered(*place, first.old if first else change.old, change.new)
    return [altered for altered in facts.values() if altered.old != altered.new]


def read_changes(session: Session, offering_id: int, since: int, until: int) -> Sequence[OfferingChange]:
    """The changes of an offering numbered above `since`, up to and with `until`."""
    number = col(OfferingChange.id)
    wanted = select(OfferingChange).where(OfferingChange.offering_id == offering_id)
    return session.exec(wanted.where(number > since, number <= until).order_by(number)).all()


def worth_telling(
    session: Session, offering_id: int, changes: Iterable[OfferingChange], now: dt.datetime
) -> list[Worth]:
    """What followers of the offering hear of these changes, as far as it is still to come."""
    offering = session.get(Offering, offering_id)
    found = [altered for altered in fold(changes) if _matters(altered)]
    if offering is None or not found:
        return []
    rows = session.exec(select(Occurrence).where(Occurrence.offering_id == offering_id)).all()
    return list(_worth(offering, {row.id: row for row in rows}, found, now))


def heard_by(worth: Iterable[Worth], follows: Collection[Follow], reminded: Collection[int]) -> list[Worth]:
    """What of it concerns somebody with these follows of the offering. Who follows the date hears of that
    date; who follows the series of what they are reminded of (`reminded`: ids of occurrences)."""
    if any(follow.kind == "offering" for follow in follows):
        return list(worth)
    dates = {follow.target_id for follow in follows if follow.kind == "occurrence"}
    if any(follow.kind == "series" for follow in follows):
        dates |= set(reminded)
    return [w for w in worth if dates and w.altered.occurrence_id in (None, *dates)]


def _matters(altered: Altered) -> bool:
    old, new = altered.old, altered.new
    match altered.fact:
        case "start" | "end":
            return None not in (old, new)
        case "venue":
            return new is not None
        case "status":
            return not (_is_open(old) and _is_open(new)) and new != Status.SOLD_OUT
        case _:
            return altered.is_places_again


def _is_open(status: str | None) -> bool:
    return status in (Status.SCHEDULED, Status.RESCHEDULED)


def _is_full(enrolment: str | None) -> bool:
    return bool(enrolment and json.loads(enrolment)["full"])


def _worth(
    offering: Offering, dates: dict[int | None, Occurrence], found: Sequence[Altered], now: dt.datetime
) -> Iterator[Worth]:
    by_place = {(altered.occurrence_id, altered.fact): altered for altered in found}
    for altered in found:
        row = dates.get(altered.occurrence_id)
        is_status = altered.fact == "status"
        if altered.occurrence_id is None:
            if is_status or offering.status not in OFF:
                yield from _of_the_whole(altered, dates.values(), now)
        # Where all of it is off, no date of it matters; where a date is off, nothing else about it does.
        elif row and offering.status not in OFF and (is_status or _is_on(row)):
            yield from _of_a_date(altered, row, by_place, now)


def _is_on(row: Occurrence) -> bool:
    return row.withdrawn_at is None and row.status not in OFF


def _of_the_whole(altered: Altered, rows: Collection[Occurrence], now: dt.datetime) -> Iterator[Worth]:
    listed = [happening_of(row) for row in rows if row.withdrawn_at is None]
    ahead = [happening for happening in listed if happening.useful_until > now]
    if not listed:
        yield Worth(altered, None, now + UNDATED_IS_NEWS)
    elif ahead:
        soonest = min((h.start for h in ahead if h.start > now), default=None)
        yield Worth(altered, soonest, max(h.useful_until for h in ahead))


def _of_a_date(
    altered: Altered, row: Occurrence, by_place: dict[tuple[int | None, str], Altered], now: dt.datetime
) -> Iterator[Worth]:
    is_now = happening_of(row)
    was = is_now
    for fact in ("start", "end"):
        if before := by_place.get((row.id, fact)):
            was = _as_before(was, fact, before.old or "")
    useful_until = max(is_now.useful_until, was.useful_until)
    if useful_until > now:
        moments = [m for h in (was, is_now) for m in (h.start, h.end if h.is_run else None) if m and m > now]
        yield Worth(altered, min(moments, default=None), useful_until)


def _as_before(happening: Happening, fact: str, told: str) -> Happening:
    time_known = "T" in told
    if time_known:
        instant = dt.datetime.fromisoformat(told)
    else:
        instant = local_instant(dt.date.fromisoformat(told), dt.time(), happening.zone)
    if fact == "start":
        return replace(happening, start=instant, time_known=time_known)
    return replace(happening, end=instant)
