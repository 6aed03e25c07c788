"""What every screen of an offering on its way needs: the draft, as long as it is theirs, and its pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import Session
from telegram import Update

from bot.buttons import Action, Kind
from bot.handlers.answering import Outcome
from bot.handlers.sending import acknowledge, change, show_photo
from bot.handlers.visit import Context, Visit
from bot.replies import drafting as pages
from bot.replies.card import photo_reply
from bot.replies.drafting import Standing
from bot.replies.reply import Reply
from catalog import proposals, staff, venue_names
from catalog.draft_cards import card_of
from catalog.proposal_work import ProposalError, State, Work
from catalog.publishing import Preview

T = TypeVar("T")
_NOT_THEIRS = ("not-yours", "gone")


class NotTheirsError(Exception):
    """A draft or an offering that is none of theirs, whatever the button said."""


@dataclass(frozen=True, slots=True)
class Result:
    """What comes of a tap. toast: also shown, until it is closed; photo: shown in a message of its own."""

    outcome: Outcome | None = None
    toast: str | None = None
    photo: Reply | None = None


async def present(update: Update, context: Context, visit: Visit, result: Result) -> None:
    """Answer the tap with what comes of it."""
    toast = result.toast
    if result.photo is not None and not await show_photo(context, visit, result.photo):
        toast = visit.voice.texts("toast.no_photo")
    await acknowledge(update, toast, must_be_read=toast is not None)
    if result.outcome is not None:
        await change(update, context, visit, result.outcome)


def reading(visit: Visit, work: Callable[[Session], T]) -> T:
    """What this finds. Raises NotTheirsError."""
    return _guarded(visit.house.database.read, visit, work)


def writing(visit: Visit, work: Callable[[Session], T]) -> T:
    """The same where something is stored."""
    return _guarded(visit.house.database.write, visit, work)


def _guarded(run: Callable[[Callable[[Session], T]], T], visit: Visit, work: Callable[[Session], T]) -> T:
    def checked(session: Session) -> T:
        if staff.by_id(session, visit.acting.id) is None:
            raise NotTheirsError
        return work(session)

    try:
        return run(checked)
    except ProposalError as error:
        if error.code in _NOT_THEIRS:
            raise NotTheirsError from error
        raise


def standing_of(visit: Visit, work: Work, note: str | None = None) -> Standing:
    """How the visitor stands to this draft of theirs."""
    is_walking = not work.is_edit and not work.facts.get("walked")
    return Standing(is_walking, proposals.may_publish(visit.acting, work), note)


def page(visit: Visit, work: Work, step: str, *, note: str | None = None) -> Outcome:
    """This screen of a draft of theirs; what is written next answers it."""
    if step == "menu":
        return Outcome(pages.menu_page(work, visit.voice))
    if step == "drop":
        return Outcome(pages.drop_page(work, visit.voice))
    if step == "done":
        return _done(visit, work, note)
    visit.conversation.typing = Action(Kind.DRAFT, f"{work.id}:{step}")
    if step == "answer":
        return Outcome(pages.answer_page(work, visit.voice))
    work = _remembered(visit, work, step)
    venues = reading(visit, lambda session: venue_names.often_used(session, work.source))
    stands = standing_of(visit, work, note)
    return Outcome(pages.step_page(work, step, stands, visit.voice, venues if step == "where" else ()))


def shown_photo(visit: Visit, work: Work) -> Reply | None:
    """The picture of a draft as everybody will get it, None when it has none."""
    return photo_reply(card_of(work.draft, work.source), visit.voice)


def photo_of(visit: Visit, work: Work, _value: str = "") -> Result:
    """The picture of a draft; the screen that was open stays so."""
    visit.conversation.typing = visit.typing
    photo = shown_photo(visit, work)
    return Result(photo=photo, toast=None if photo else visit.voice.texts("toast.no_photo"))


def _remembered(visit: Visit, work: Work, step: str) -> Work:
    if work.state not in (State.DRAFT, State.ASKED) or work.step == step:
        return work
    return writing(
        visit, lambda session: proposals.alter(session, visit.acting, work.id, visit.now, step=step)
    )


def _done(visit: Visit, work: Work, note: str | None) -> Outcome:
    if work.state in (State.DRAFT, State.ASKED) and not work.missing and not work.facts.get("walked"):
        work = writing(
            visit,
            lambda session: proposals.alter(
                session, visit.acting, work.id, visit.now, step="done", walked=True
            ),
        )
    visit.conversation.typing = Action(Kind.DRAFT, f"{work.id}:done:{work.digest}")
    preview = _preview(visit, work) if work.is_edit and not work.missing else None
    return Outcome(pages.done_page(work, standing_of(visit, work, note), visit.voice, preview=preview))


def _preview(visit: Visit, work: Work) -> Preview:
    return proposals.preview(visit.house.database, visit.acting, work.id, work.digest, visit.now)
