"""Offerings on their way, written without the chat."""

from sqlmodel import Session, col, select

from catalog import proposals
from catalog.model import Offering
from catalog.proposal_work import State, Work
from catalog.staff import Staffer
from catalog.staff_model import Proposal, Publication
from tests.conversations.catalogue import LIBRARY, NOW, when
from tests.conversations.driver import Town

VERBS = (
    *("title", "who:families", "where:1", "rules:residents", "menu", "done", "drop", "dropped"),
    *("publish:0123456789", "send:0123456789", "answer", "photo"),
)
DECISIONS = ("see", "photo", *(f"{verb}:0123456789" for verb in ("yes", "ask", "no", "decline")))
ACTS = (
    *("", ":edit", ":move", ":off", ":offall", ":off1", ":move1", ":on", ":sold", ":free", ":left"),
    *(":copy", ":copydate", ":copyplace"),
)


def draft_in_ishoj(session: Session, staffer: Staffer, title: str = "Julekor") -> Work:
    """A whole offering at the library."""
    time = when(5, 13, month=12).model_copy(update={"venue": LIBRARY}).model_dump(mode="json")
    return proposals.begin(
        session, staffer, NOW, draft={"titles": {"da": title}, "occurrences": [time]}, venue=None
    )


def all_of(town: Town, staffer: Staffer) -> tuple[list[int], list[int], list[int]]:
    """(drafts, publishings, offerings) of this staffer; made the first time: one is being written, one has
    been handed in, one is published."""

    def known(session: Session) -> list[int]:
        rows = select(Proposal.id).where(Proposal.staff_id == staffer.id)
        return [number or 0 for number in session.exec(rows.order_by(col(Proposal.id)))]

    def make(session: Session) -> Work:
        draft_in_ishoj(session, staffer)
        waits = draft_in_ishoj(session, staffer)
        proposals.hand_in(session, staffer, waits.id, waits.digest, NOW)
        return draft_in_ishoj(session, staffer)

    if not town.database.read(known):
        third = town.database.write(make)
        proposals.publish(town.database, staffer, third.id, third.digest, NOW)
    return town.database.read(lambda session: (known(session), *_published(session, staffer)))


def _published(session: Session, staffer: Staffer) -> tuple[list[int], list[int]]:
    mine = select(Proposal.offering_id).where(Proposal.staff_id == staffer.id)
    offerings = session.exec(mine.where(Proposal.state == State.PUBLISHED)).all()
    numbers = session.exec(select(Publication.id).where(Publication.staff_id == staffer.id)).all()
    assert all(session.get(Offering, id_) for id_ in offerings)
    return [number or 0 for number in numbers], [id_ or 0 for id_ in offerings]
