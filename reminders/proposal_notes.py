"""What those in charge and the writer of a proposal hear of it, as facts; see `reminders.notes`."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session

from catalog import staff
from catalog.model import Offering
from catalog.proposal_work import State, Work, work_of
from catalog.staff import Right, Staffer
from catalog.staff_model import Proposal
from reminders import notes
from reminders.model import Person
from reminders.notes import Facts

TO_DECIDE, TO_ANSWER, DECIDED = "proposal", "proposal-asked", "proposal-decided"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a decision. writer: None when they are no longer staff."""

    work: Work
    writer: Staffer | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a proposal. public_id: of the offering, None when it became none."""

    work: Work
    public_id: str | None


def tell_those_in_charge(session: Session, work: Work, now: dt.datetime) -> int:
    """It waits for them; how many were told. Once for each wording, and for each answer to a question."""
    colleagues = [one.telegram_id for one in staff.in_charge(session, work.municipalities)]
    wording = f"{work.digest}{len(str(work.facts.get('answer') or ''))}"
    return notes.tell(session, colleagues, TO_DECIDE, work.id, now, time=wording)


def tell_writer(session: Session, work: Work, now: dt.datetime) -> None:
    """It was decided, or they are asked something."""
    writer = staff.by_id(session, work.staff_id)
    if writer is not None:
        what = TO_ANSWER if work.state is State.ASKED else DECIDED
        notes.tell(session, [writer.telegram_id], what, work.id, now, time=f"{now.timestamp():.0f}")


def _to_decide(
    session: Session, number: int, person: Person, _now: dt.datetime, _zone: ZoneInfo
) -> Waiting | None:
    row = session.get(Proposal, number)
    if row is None or row.state != State.PROPOSED:
        return None
    work, me = work_of(session, row), staff.staffer(session, person.chat_id)
    if not staff.may(me, Right.APPROVE, work.municipalities):
        return None
    return Waiting(work, staff.by_id(session, row.staff_id))


def _to_answer(
    session: Session, number: int, _person: Person, _now: dt.datetime, _zone: ZoneInfo
) -> Work | None:
    row = session.get(Proposal, number)
    return work_of(session, row) if row is not None and row.state == State.ASKED else None


def _decided(
    session: Session, number: int, _person: Person, _now: dt.datetime, _zone: ZoneInfo
) -> Decided | None:
    row = session.get(Proposal, number)
    if row is None or row.state not in (State.PUBLISHED, State.DECLINED):
        return None
    offering = session.get(Offering, row.offering_id) if row.offering_id else None
    return Decided(work_of(session, row), offering.public_id if offering else None)


FACTS: dict[str, Facts] = {TO_DECIDE: _to_decide, TO_ANSWER: _to_answer, DECIDED: _decided}
