"""An offering on its way: what staff have written of it so far, and whoever lets it through.

What the screens keep is a draft in pieces, so that half an offering survives a restart. Whoever may publish
where it belongs publishes it; anybody else hands it in, and the first decision counts. A decision is bound to
the text by its digest: what has been changed since must be looked at again.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError
from sqlmodel import Session, col, select

from catalog import publishing, staff
from catalog.acceptance import content_hash
from catalog.database import Database
from catalog.drafts import Parsed
from catalog.model import Offering, Source
from catalog.proposal_work import ProposalError, State, Work, stated, work_of
from catalog.publishing import Batch, Plan, Preview
from catalog.redraft import draft_of
from catalog.staff import Right, Staffer, source_of
from catalog.staff_model import Proposal

KEPT = dt.timedelta(days=60)
"""A draft that nobody has touched for so long is dropped when its writer begins another."""
_DONE = (State.PUBLISHED, State.DECLINED)


def begin(
    session: Session, staffer: Staffer, now: dt.datetime, offering_id: int | None = None, **facts: Any
) -> Work:
    """A draft of theirs. offering_id: of the offering that it edits; facts: what it begins with."""
    _tidy(session, staffer, now)
    first = {"draft": {}, "source": source_of(staffer), **facts}
    row = Proposal(staff_id=staffer.id, offering_id=offering_id, facts=first, created_at=now, updated_at=now)
    session.add(row)
    session.flush()
    return work_of(session, row)


def unfinished(session: Session, staffer: Staffer) -> Work | None:
    """The new offering that they touched last and have not handed in."""
    rows = select(Proposal).where(Proposal.staff_id == staffer.id, col(Proposal.offering_id).is_(None))
    rows = rows.where(col(Proposal.state).in_((State.DRAFT, State.ASKED)))
    row = session.exec(rows.order_by(col(Proposal.updated_at).desc(), col(Proposal.id).desc())).first()
    return work_of(session, row) if row else None


def own(session: Session, staffer: Staffer, proposal_id: int) -> Work:
    """A draft of theirs. Raises ProposalError for somebody else's."""
    return work_of(session, _own(session, staffer, proposal_id))


def alter(
    session: Session,
    staffer: Staffer,
    proposal_id: int,
    now: dt.datetime,
    *,
    draft: Mapping[str, Any] | None = None,
    step: str | None = None,
    **facts: Any,
) -> Work:
    """Set these facts of a draft of theirs (`draft`: of the offering). What was handed in is a draft again,
    and no old button decides over it. Raises ProposalError, also "bad-fact" for one that no offering has."""
    row = _own(session, staffer, proposal_id)
    if row.state in _DONE:
        raise ProposalError("decided")
    altered = {**row.facts, **facts}
    if draft is not None:
        altered["draft"] = stated(_told(row), draft)
        row.state = State.DRAFT if row.state == State.PROPOSED else row.state
    row.facts, row.updated_at = altered, now
    row.step = row.step if step is None else step
    session.add(row)
    try:
        work = work_of(session, row)
    except ValidationError as error:
        raise ProposalError("bad-fact") from error
    session.flush()
    return work


def drop(session: Session, staffer: Staffer, proposal_id: int) -> None:
    """Throw a draft of theirs away, also one that waits for a decision."""
    row = _own(session, staffer, proposal_id)
    if row.state in _DONE:
        raise ProposalError("decided")
    session.delete(row)


def may_publish(staffer: Staffer, work: Work) -> bool:
    """Whether they let this through themselves."""
    return staff.may(staffer, Right.PUBLISH, work.municipalities)


def hand_in(session: Session, staffer: Staffer, proposal_id: int, digest: str, now: dt.datetime) -> Work:
    """It waits for whoever is in charge where it belongs. Raises ProposalError."""
    row = _own(session, staffer, proposal_id)
    work = work_of(session, row)
    if work.state not in (State.DRAFT, State.ASKED):
        raise ProposalError("decided")
    _check_whole(work, digest)
    row.state, row.updated_at = State.PROPOSED, now
    row.municipality = next(iter(sorted(work.municipalities)), None)
    session.add(row)
    staff.note(session, staffer.id, "propose", f"proposal:{proposal_id}", now)
    session.flush()
    return work_of(session, row)


def waiting(session: Session, staffer: Staffer) -> list[Work]:
    """What they may decide, the longest waiting first; their own, which wait for somebody, are not among."""
    rows = select(Proposal).where(Proposal.state == State.PROPOSED, Proposal.staff_id != staffer.id)
    works = [work_of(session, row) for row in session.exec(rows.order_by(col(Proposal.updated_at)))]
    return [work for work in works if staff.may(staffer, Right.APPROVE, work.municipalities)]


def to_decide(session: Session, staffer: Staffer, proposal_id: int) -> Work:
    """Something that they may decide, or could have. Raises ProposalError for what is not theirs."""
    row = session.get(Proposal, proposal_id)
    if row is None:
        raise ProposalError("gone")
    work = work_of(session, row)
    if not staff.may(staffer, Right.APPROVE, work.municipalities) or _was_never_handed_in(row):
        raise ProposalError("not-yours")
    return work


def turn_down(session: Session, staffer: Staffer, proposal_id: int, digest: str, now: dt.datetime) -> Work:
    """No. Raises ProposalError."""
    return _decide(session, staffer, proposal_id, digest, now, state=State.DECLINED)


def ask(
    session: Session, staffer: Staffer, proposal_id: int, digest: str, now: dt.datetime, *, question: str
) -> Work:
    """Back to the writer with a question. Raises ProposalError."""
    return _decide(
        session, staffer, proposal_id, digest, now, state=State.ASKED, question=question, answer=""
    )


def publish(
    database: Database,
    staffer: Staffer,
    proposal_id: int,
    digest: str,
    now: dt.datetime,
    *,
    also: Callable[[Session, Work], None] = lambda _session, _work: None,
) -> tuple[int, Preview, Work]:
    """Publish a draft of one's own, or one that was handed in: (number of the publishing, what it did, the
    proposal). also: done in the same transaction. Raises ProposalError."""
    plan = _publishing(staffer, proposal_id, digest, now, also)
    shown = publishing.preview(database, staffer, plan, now)
    if shown.past:
        raise ProposalError("past")
    if shown.rejections:
        raise ProposalError("refused")
    number, done = publishing.publish(database, staffer, plan, now, shown=shown.fingerprint)
    return number, done, database.write(lambda session: _published(session, proposal_id, number))


def preview(database: Database, staffer: Staffer, proposal_id: int, digest: str, now: dt.datetime) -> Preview:
    """What publishing it would do, to those who plan by it too; nothing is kept. Raises ProposalError."""

    def plan(session: Session) -> list[Batch]:
        work = work_of(session, _row(session, proposal_id))
        _check_whole(work, digest)
        return [_batch(work)]

    return publishing.preview(database, staffer, plan, now)


def undone(session: Session, staffer: Staffer, publication_id: int, now: dt.datetime) -> Work | None:
    """What that publishing of theirs had published is a draft again; None when it was none."""
    rows = select(Proposal).where(Proposal.decided_by == staffer.id, Proposal.state == State.PUBLISHED)
    for row in session.exec(rows.order_by(col(Proposal.id).desc())):
        if row.facts.get("publication") == publication_id:
            row.state = State.DRAFT if row.staff_id == staffer.id else State.PROPOSED
            row.decided_by, row.updated_at = None, now
            if "base" not in row.facts:
                row.offering_id = None
            session.add(row)
            session.flush()
            return work_of(session, row)
    return None


def _publishing(
    staffer: Staffer,
    proposal_id: int,
    digest: str,
    now: dt.datetime,
    also: Callable[[Session, Work], None],
) -> Plan:
    def plan(session: Session) -> list[Batch]:
        me, row = staff.by_id(session, staffer.id), _row(session, proposal_id)
        work = work_of(session, row)
        is_own = row.staff_id == staffer.id and row.state in (State.DRAFT, State.ASKED)
        if me is None or not staff.may(me, Right.PUBLISH, work.municipalities):
            raise ProposalError("not-yours")
        if not is_own and row.state != State.PROPOSED:
            raise ProposalError("not-yours" if row.state == State.DRAFT else "decided")
        _check_whole(work, digest)
        _check_fresh(session, row)
        row.state, row.decided_by, row.updated_at = State.PUBLISHED, staffer.id, now
        session.add(row)
        staff.note(session, staffer.id, "approve", f"proposal:{proposal_id}", now)
        session.flush()
        also(session, work)
        return [_batch(work)]

    return plan


def _batch(work: Work) -> Batch:
    return Batch(work.source, Parsed("staff", [work.draft]), keeps_hash=work.is_fed)


def _published(session: Session, proposal_id: int, number: int) -> Work:
    row = _row(session, proposal_id)
    work = work_of(session, row)
    found = select(Offering.id).join(Source).where(Source.name == work.source)
    row.offering_id = session.exec(found.where(Offering.external_id == work.draft.external_id)).one()
    row.facts = {**row.facts, "publication": number}
    session.add(row)
    session.flush()
    return work_of(session, row)


def _decide(
    session: Session,
    staffer: Staffer,
    proposal_id: int,
    digest: str,
    now: dt.datetime,
    *,
    state: State,
    **facts: str,
) -> Work:
    work, row = to_decide(session, staffer, proposal_id), _row(session, proposal_id)
    if row.state != State.PROPOSED:
        raise ProposalError("changed" if row.state == State.DRAFT else "decided")
    if work.digest != digest:
        raise ProposalError("changed")
    row.state, row.decided_by, row.updated_at = state, staffer.id, now
    row.facts = {**row.facts, **facts}
    session.add(row)
    verb = "ask" if state is State.ASKED else "decline"
    staff.note(session, staffer.id, verb, f"proposal:{proposal_id}", now)
    session.flush()
    return work_of(session, row)


def _check_whole(work: Work, digest: str) -> None:
    if work.digest != digest:
        raise ProposalError("changed")
    if work.missing:
        raise ProposalError("incomplete")


def _check_fresh(session: Session, row: Proposal) -> None:
    """Nobody else has edited the offering since this draft was taken from it."""
    if "base" not in row.facts:
        return
    offering = session.get(Offering, row.offering_id)
    if offering is None or content_hash(draft_of(session, offering)) != row.facts["base"]:
        raise ProposalError("stale")


def _told(row: Proposal) -> dict[str, Any]:
    told = row.facts["draft"]
    assert isinstance(told, dict)  # noqa: S101  # from `begin` on
    return told


def _was_never_handed_in(row: Proposal) -> bool:
    return row.state == State.DRAFT and row.municipality is None


def _row(session: Session, proposal_id: int) -> Proposal:
    row = session.get(Proposal, proposal_id)
    if row is None:
        raise ProposalError("gone")
    return row


def _own(session: Session, staffer: Staffer, proposal_id: int) -> Proposal:
    row = session.get(Proposal, proposal_id)
    if row is None or row.staff_id != staffer.id:
        raise ProposalError("not-yours")
    return row


def _tidy(session: Session, staffer: Staffer, now: dt.datetime) -> None:
    old = select(Proposal).where(Proposal.staff_id == staffer.id, Proposal.state == State.DRAFT)
    for row in session.exec(old.where(col(Proposal.updated_at) < now - KEPT)).all():
        session.delete(row)
