"""What staff have published and may edit: taken up again as a draft, or copied."""

import datetime as dt
from collections.abc import Mapping

from sqlmodel import Session, col, select

from catalog import staff
from catalog.acceptance import content_hash
from catalog.changes import is_staff
from catalog.keepers import chunks
from catalog.model import Occurrence, Offering, Source
from catalog.occurrences import is_over
from catalog.proposal_work import ProposalError, State, Work, work_of
from catalog.proposals import begin
from catalog.redraft import draft_of
from catalog.scoping import municipalities_of_stored
from catalog.staff import Right, Staffer
from catalog.staff_model import Proposal
from catalog.text import words

_OF_A_PLACE = ("owners",)
_OF_A_TIME = (
    *("occurrences", "season_from", "season_until", "weekdays", "enrolment_opens", "enrolment_closes"),
    *("remaining", "status"),
)


def edit(session: Session, staffer: Staffer, offering_id: int, now: dt.datetime) -> Work:
    """A draft that edits an offering; an older one of theirs goes. Raises ProposalError when it is not one
    that they may edit."""
    offering = editable(session, staffer, offering_id)
    mine = select(Proposal).where(Proposal.staff_id == staffer.id, Proposal.offering_id == offering_id)
    for old in session.exec(mine.where(Proposal.state == State.DRAFT)).all():
        session.delete(old)
    draft = draft_of(session, offering)
    source = offering.source.name
    facts = {"base": content_hash(draft), "source": source, "fed": not is_staff(source), "walked": True}
    return begin(session, staffer, now, offering_id, **facts, draft=draft.model_dump(mode="json"))


def copy(
    session: Session, staffer: Staffer, offering_id: int, now: dt.datetime, *, keeps_place: bool
) -> Work:
    """A new draft with everything of an offering but its dates, and its place unless that stays."""
    draft = draft_of(session, editable(session, staffer, offering_id))
    left = {"external_id", *_OF_A_TIME, *(() if keeps_place else _OF_A_PLACE)}
    facts = {name: value for name, value in draft.model_dump(mode="json").items() if name not in left}
    venues = [time.venue for time in draft.occurrences if time.venue]
    venue = venues[-1].model_dump(mode="json") if venues and keeps_place else None
    return begin(session, staffer, now, draft=facts, venue=venue, copies=offering_id)


def editable(session: Session, staffer: Staffer, offering_id: int) -> Offering:
    """An offering that this staffer may edit: any of their municipalities', or one that they proposed. Raises
    ProposalError."""
    offering = session.get(Offering, offering_id)
    if offering is None or offering.withdrawn_at is not None:
        raise ProposalError("not-yours")
    where = municipalities_of_stored(session, [offering_id])[offering_id]
    if not staff.may(staffer, Right.PUBLISH, where) and offering_id not in _written(session, staffer):
        raise ProposalError("not-yours")
    return offering


def offerings(session: Session, staffer: Staffer) -> set[int]:
    """The ids of what staff have published and they may edit."""
    if not staff.may(staffer, Right.PUBLISH):
        found = _written(session, staffer)
    else:
        names = session.exec(select(Source.name)).all()
        ours = select(Offering.id).join(Source).where(col(Source.name).in_([n for n in names if is_staff(n)]))
        found = {id_ for id_ in session.exec(ours) if id_ is not None}
    ids: list[int] = []
    for some in chunks(sorted(found)):
        listed = select(Offering.id).where(col(Offering.withdrawn_at).is_(None), col(Offering.id).in_(some))
        ids += [id_ for id_ in session.exec(listed) if id_ is not None]
    where, mine = municipalities_of_stored(session, ids), _written(session, staffer)
    return {id_ for id_ in ids if id_ in mine or staff.may(staffer, Right.PUBLISH, where[id_])}


def in_order(session: Session, staffer: Staffer, now: dt.datetime, searched: str | None = None) -> list[int]:
    """The same, what is soonest to come first, then what is over, the latest first. searched: instead all
    that they may edit, also of other sources, whose titles have all these words."""
    ids = _titled(session, staffer, searched) if searched else offerings(session, staffer)
    found: dict[int, tuple[bool, float]] = dict.fromkeys(ids, (True, 0.0))
    for some in chunks(sorted(ids)):
        times = select(Occurrence).where(col(Occurrence.withdrawn_at).is_(None))
        for time in session.exec(times.where(col(Occurrence.offering_id).in_(some))):
            begins = time.start.timestamp()
            over = is_over(time.start, time.end, time.zone, now)
            found[time.offering_id] = min(found[time.offering_id], (over, -begins if over else begins))
    return sorted(found, key=lambda id_: (found[id_], id_))


def _titled(session: Session, staffer: Staffer, searched: str) -> set[int]:
    titles = select(Offering.id, Offering.titles).where(col(Offering.withdrawn_at).is_(None))
    named = [id_ or 0 for id_, said in session.exec(titles) if _has(said, searched)]
    where, mine = municipalities_of_stored(session, named), _written(session, staffer)
    return {id_ for id_ in named if id_ in mine or staff.may(staffer, Right.PUBLISH, where[id_])}


def _has(titles: Mapping[str, str], searched: str) -> bool:
    said = " ".join(words(" ".join(titles.values())))
    return all(word in said for word in words(searched))


def _written(session: Session, staffer: Staffer) -> set[int]:
    """What they have proposed, which was then published."""
    rows = select(Proposal.offering_id).where(
        Proposal.staff_id == staffer.id, Proposal.state == State.PUBLISHED
    )
    return {id_ for id_ in session.exec(rows) if id_ is not None}


def in_progress(session: Session, staffer: Staffer) -> list[Work]:
    """What they have begun and nobody has decided, the latest first; edits that were never handed in not."""
    rows = select(Proposal).where(Proposal.staff_id == staffer.id)
    rows = rows.where(col(Proposal.state).in_((State.DRAFT, State.PROPOSED, State.ASKED)))
    rows = rows.order_by(col(Proposal.updated_at).desc(), col(Proposal.id).desc())
    found = [work_of(session, row) for row in session.exec(rows)]
    return [work for work in found if not (work.is_edit and work.state is State.DRAFT)]
