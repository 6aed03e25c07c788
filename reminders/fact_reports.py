""" "Noget forkert?": anyone says which fact of an offering is wrong, whoever is in charge there hears of it,
and what they answer is told to everybody who said so. Every verb works inside the caller's transaction."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, func, select

from catalog import staff
from catalog.cards import Card, load_cards
from catalog.model import Offering
from catalog.scoping import municipalities_of_stored
from catalog.staff import Right, Role, Staffer
from catalog.staff_model import Staff, StaffScope
from reminders import notes
from reminders.model import FactReport, Person

FACTS = ("time", "place", "price", "cancelled", "age")
MOST_A_DAY = 10
"""So much one person may say in 24 hours; what is beyond is thanked for and left."""
KEPT = dt.timedelta(days=180)
"""So long it is stored who said what, and so long they cannot say it again; `forget_old` holds it."""
REPORTED, ANSWERED = "fact", "fact-answered"
"""The kinds of notes: to whoever is in charge, and to everybody who said it."""


class Heard(StrEnum):
    """What became of what was said. NOBODY: there is nobody who would read it, and nothing is stored."""

    NEW = "new"
    AGAIN = "again"
    MANY = "many"
    NOBODY = "nobody"


class Decided(StrEnum):
    """What became of an answer. LATE: a colleague has answered before; GONE: it is no longer known."""

    DONE = "done"
    LATE = "late"
    GONE = "gone"
    NOT_THEIRS = "not-theirs"


@dataclass(frozen=True, slots=True)
class FactNote:
    """What a note about a fact tells. number: the report's; people: how many have said so; state: as in
    `FactReport`."""

    number: int
    card: Card
    fact: str
    people: int
    state: str


def is_heard(session: Session, offering_id: int) -> bool:
    """Whether there is somebody in charge of this offering who can be told."""
    where = municipalities_of_stored(session, [offering_id])[offering_id]
    local = (col(Staff.role) == Role.COORDINATOR) & col(StaffScope.municipality).in_(where)
    known = (
        select(Staff.id)
        .join(Person, col(Person.chat_id) == col(Staff.telegram_id))
        .outerjoin(StaffScope, col(StaffScope.staff_id) == col(Staff.id))
        .where(col(Staff.removed_at).is_(None), or_(col(Staff.role) == Role.ADMIN, local))
    )
    return session.exec(known.limit(1)).first() is not None


def report(session: Session, person_id: int, offering_id: int, fact: str, now: dt.datetime) -> Heard:
    """This person says that this fact is wrong. However many say so, the staff get one note until they
    answer it."""
    theirs = session.exec(select(FactReport).where(FactReport.person_id == person_id)).all()
    if any((old.offering_id, old.fact) == (offering_id, fact) for old in theirs):
        return Heard.AGAIN
    if sum(old.created_at > now - dt.timedelta(days=1) for old in theirs) >= MOST_A_DAY:
        return Heard.MANY
    if session.get(Offering, offering_id) is None or not is_heard(session, offering_id):
        return Heard.NOBODY
    said = FactReport(offering_id=offering_id, fact=fact, person_id=person_id, created_at=now, updated_at=now)
    session.add(said)
    session.flush()
    _tell_staff(session, said, now)
    return Heard.NEW


def decide(session: Session, staffer_id: int, number: int, state: str, now: dt.datetime) -> Decided:
    """A staffer answers "mended" or "right" to everybody who has said so by now; the first answer counts."""
    row = session.get(FactReport, number)
    if row is None:
        return Decided.GONE
    if not _is_theirs(session, staff.by_id(session, staffer_id), row.offering_id):
        return Decided.NOT_THEIRS
    answered = session.execute(
        update(FactReport)
        .where(
            col(FactReport.offering_id) == row.offering_id,
            col(FactReport.fact) == row.fact,
            col(FactReport.state) == "open",
        )
        .values(state=state, decided_by=staffer_id, updated_at=now)
        .returning(col(FactReport.id), col(FactReport.person_id))
    ).all()
    if not answered:
        return Decided.LATE
    staff.note(
        session, staffer_id, f"fact-{state}", f"offering:{row.offering_id}", now, reports=len(answered)
    )
    for report_id, person_id in answered:
        person = session.get(Person, person_id) if person_id else None
        if person is not None:
            notes.tell(session, [person.chat_id], ANSWERED, report_id, now)
    return Decided.DONE


def forget_old(session: Session, now: dt.datetime) -> None:
    """Delete what was said or answered longer ago than KEPT."""
    session.execute(delete(FactReport).where(col(FactReport.updated_at) < now - KEPT))


def note_of(session: Session, number: int) -> FactNote | None:
    """What this report, and those that say the same, are about; None when it is gone."""
    row = session.get(FactReport, number)
    card = load_cards(session, [row.offering_id]).get(row.offering_id) if row else None
    if row is None or card is None:
        return None
    same = select(func.count()).select_from(FactReport).where(*_same(row), FactReport.state == row.state)
    return FactNote(number, card, row.fact, session.exec(same).one(), row.state)


def _same(row: FactReport) -> tuple[bool, bool]:
    return FactReport.offering_id == row.offering_id, FactReport.fact == row.fact


def _tell_staff(session: Session, said: FactReport, now: dt.datetime) -> None:
    """One note to each in charge; to the admins where those are unknown to the bot."""
    first = select(func.min(FactReport.id)).where(*_same(said), FactReport.state == "open")
    number = session.exec(first).one() or 0
    where = municipalities_of_stored(session, [said.offering_id])[said.offering_id]
    places: tuple[Collection[str], ...] = (where, ())
    for place in places:
        chats = [one.telegram_id for one in staff.in_charge(session, place)]
        if notes.tell(session, chats, REPORTED, number, now):
            return


def _is_theirs(session: Session, staffer: Staffer | None, offering_id: int) -> bool:
    """Whether they have a say in it: in one of the municipalities it belongs to."""
    where = municipalities_of_stored(session, [offering_id])[offering_id]
    return staff.may(staffer, Right.PUBLISH, where & staffer.municipalities if staffer else where)


def _reported(
    session: Session, number: int, person: Person, _now: dt.datetime, _zone: ZoneInfo
) -> FactNote | None:
    found = note_of(session, number)
    if found is None or found.state != "open":
        return None
    return found if _is_theirs(session, staff.staffer(session, person.chat_id), found.card.id) else None


def _answered(
    session: Session, number: int, _person: Person, _now: dt.datetime, _zone: ZoneInfo
) -> FactNote | None:
    return note_of(session, number)


STAFF_NOTES: dict[str, notes.Facts] = {REPORTED: _reported}
NOTES: dict[str, notes.Facts] = {ANSWERED: _answered}
"""For `reminders.notes.Notes`: what only staff hear, and what anybody does."""
