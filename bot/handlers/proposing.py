"""What becomes of a draft: published, handed in, taken back; and those in charge say yes, no, or ask."""

import asyncio
from collections.abc import Callable

from sqlmodel import Session, col, select
from telegram import Update

from bot.buttons import Action, Kind
from bot.handlers.answering import Outcome
from bot.handlers.drafts import NotTheirsError, Result, page, photo_of, present, reading, writing
from bot.handlers.sending import tapped
from bot.handlers.staffing import for_staff, refuse, typed_by_staff
from bot.handlers.visit import Context, Visit
from bot.replies import drafting
from bot.replies import proposing as pages
from catalog import proposals, staff, undoing
from catalog.model import Offering
from catalog.proposal_work import ProposalError, State, Work
from catalog.publishing import OtherwiseError
from catalog.staff import Right
from catalog.undoing import UndoError
from reminders.proposal_notes import Waiting, tell_those_in_charge, tell_writer


@for_staff(Right.APPROVE)
async def turn(update: Update, context: Context, visit: Visit) -> None:
    """What those in charge tap on what was handed in."""
    try:
        result = await asyncio.to_thread(_turn, visit, tapped(update).argument)
    except NotTheirsError:
        await refuse(update, visit)
        return
    await present(update, context, visit, result)


@typed_by_staff(Right.APPROVE)
def take(visit: Visit, screen: Action, text: str, _bot_username: str) -> Outcome | None:
    """What they want to know of whoever wrote it. Blocking."""
    number, _, rest = screen.argument.partition(":")
    digest = rest.partition(":")[2]
    if not digest:
        return None

    def work(session: Session) -> Work:
        asked = proposals.ask(
            session, visit.acting, int(number), digest, visit.now, question=text.strip()[:1000]
        )
        tell_writer(session, asked, visit.now)
        return asked

    try:
        return Outcome(pages.asked_page(writing(visit, work), visit.voice))
    except NotTheirsError:
        return None
    except ProposalError as error:
        return Outcome(pages.plain(f"proposal.error.{error.code}", visit.voice))


def publish(visit: Visit, work: Work, digest: str) -> Result:
    """Their own draft, at once."""
    return _publish(visit, work, digest)


def hand_in(visit: Visit, work: Work, digest: str) -> Result:
    """Their own draft, to those in charge where it belongs."""

    def send(session: Session) -> tuple[Work, int]:
        waits = proposals.hand_in(session, visit.acting, work.id, digest, visit.now)
        return waits, tell_those_in_charge(session, waits, visit.now)

    try:
        waits, told = writing(visit, send)
    except ProposalError as error:
        return _again(visit, work, error)
    return Result(Outcome(drafting.handed_in_page(waits, told, visit.voice)))


def undo(visit: Visit, number: str) -> Result:
    """Take back what they published a moment ago; it is a draft again."""
    try:
        undoing.undo(visit.house.database, visit.acting, int(number), visit.now)
    except UndoError as error:
        if error.code == "unknown":
            raise NotTheirsError from error
        key = "publish.undone.late" if error.code == "late" else "publish.undone.already"
        return Result(toast=visit.voice.texts(key))
    visit.house.catalogue.refresh(visit.now)
    work = writing(visit, lambda session: proposals.undone(session, visit.acting, int(number), visit.now))
    if work is None:
        return Result(Outcome(pages.plain("proposal.undone", visit.voice)))
    if work.staff_id != visit.acting.id:
        return Result(Outcome(pages.decision_page(_waiting(visit, work), visit.voice)))
    return Result(page(visit, work, "done", note="proposal.undone"))


def _publish(visit: Visit, work: Work, digest: str) -> Result:
    def also(session: Session, published: Work) -> None:
        if published.staff_id != visit.acting.id:
            tell_writer(session, published, visit.now)

    try:
        number, _, done = proposals.publish(
            visit.house.database, visit.acting, work.id, digest, visit.now, also=also
        )
    except OtherwiseError:
        return _again(visit, work, ProposalError("stale"))
    except ProposalError as error:
        if error.code == "not-yours":
            raise NotTheirsError from error
        return _again(visit, work, error)
    visit.house.catalogue.refresh(visit.now)
    public_id = reading(visit, lambda session: _public_id(session, done))
    return Result(Outcome(drafting.published_page(done, number, public_id, visit.voice)))


def _again(visit: Visit, work: Work, error: ProposalError) -> Result:
    """Why not, over the draft as it is now."""
    key = f"proposal.error.{error.code}"
    if work.staff_id != visit.acting.id:
        return Result(toast=visit.voice.texts(key))
    now = reading(visit, lambda session: proposals.own(session, visit.acting, work.id))
    return Result(page(visit, now, "done", note=key))


def _public_id(session: Session, work: Work) -> str:
    return session.exec(select(Offering.public_id).where(col(Offering.id) == work.offering_id)).one()


def _turn(visit: Visit, argument: str) -> Result:
    if argument == "list":
        works = reading(visit, lambda session: proposals.waiting(session, visit.acting))
        return Result(Outcome(pages.waiting_page(works, visit.voice)))
    number, _, rest = argument.partition(":")
    verb, _, digest = rest.partition(":")
    work = reading(visit, lambda session: proposals.to_decide(session, visit.acting, int(number)))
    if work.state is not State.PROPOSED or (digest and digest != work.digest):
        return Result(toast=visit.voice.texts(_settled(work)))
    return _VERBS[verb](visit, work, digest)


def _settled(work: Work) -> str:
    """Why this button decides nothing any more."""
    changed = work.state in (State.DRAFT, State.PROPOSED)
    return "proposal.error.changed" if changed else "proposal.error.decided"


def _see(visit: Visit, work: Work, _digest: str) -> Result:
    return Result(Outcome(pages.decision_page(_waiting(visit, work), visit.voice)))


def _ask(visit: Visit, work: Work, digest: str) -> Result:
    visit.conversation.typing = Action(Kind.PROPOSAL, f"{work.id}:ask:{digest}")
    return Result(Outcome(pages.question_page(work, visit.voice)))


def _doubt(visit: Visit, work: Work, _digest: str) -> Result:
    return Result(Outcome(pages.decline_page(work, visit.voice)))


def _decline(visit: Visit, work: Work, digest: str) -> Result:
    def refuse_it(session: Session) -> Work:
        declined = proposals.turn_down(session, visit.acting, work.id, digest, visit.now)
        tell_writer(session, declined, visit.now)
        return declined

    try:
        declined = writing(visit, refuse_it)
    except ProposalError as error:
        return Result(toast=visit.voice.texts(f"proposal.error.{error.code}"))
    return Result(Outcome(pages.declined_page(declined, visit.voice)))


_VERBS: dict[str, Callable[[Visit, Work, str], Result]] = {
    "see": _see,
    "yes": _publish,
    "ask": _ask,
    "no": _doubt,
    "decline": _decline,
    "photo": photo_of,
}


def _waiting(visit: Visit, work: Work) -> Waiting:
    return Waiting(work, reading(visit, lambda session: staff.by_id(session, work.staff_id)))
