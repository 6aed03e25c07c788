"""/ny: an offering is written in the chat, one short question at a time, and published or handed in."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from sqlmodel import Session
from telegram import Update

from bot.buttons import Action, Kind
from bot.handlers import draft_steps, own_offerings
from bot.handlers.answering import Outcome
from bot.handlers.draft_steps import StepError
from bot.handlers.drafts import (
    NotTheirsError,
    Result,
    page,
    photo_of,
    present,
    reading,
    shown_photo,
    standing_of,
    writing,
)
from bot.handlers.proposing import hand_in, publish, undo
from bot.handlers.sending import send, tapped
from bot.handlers.staffing import for_staff, refuse, typed_by_staff
from bot.handlers.visit import Context, Visit
from bot.replies import drafting as pages
from catalog import proposals, venue_names
from catalog.proposal_work import ProposalError, Work
from catalog.staff import Right
from catalog.text import words


@for_staff(Right.PROPOSE)
async def show(update: Update, context: Context, visit: Visit) -> None:
    """A new offering, or on with the one that is on its way."""
    await send(update, context, visit, await asyncio.to_thread(_show, visit))


@for_staff(Right.PROPOSE)
async def turn(update: Update, context: Context, visit: Visit) -> None:
    """Whatever is tapped on the way of an offering."""
    try:
        result = await asyncio.to_thread(_turn, visit, tapped(update).argument)
    except NotTheirsError:
        await refuse(update, visit)
        return
    except ProposalError as error:
        result = Result(toast=visit.voice.texts(f"proposal.error.{error.code}"))
    await present(update, context, visit, result)


@typed_by_staff(Right.PROPOSE)
def take(visit: Visit, screen: Action, text: str, _bot_username: str) -> Outcome | None:
    """What was written on the question that is open. Blocking."""
    head, _, step = screen.argument.partition(":")
    try:
        if head.startswith("mine"):
            return own_offerings.search(visit, text)
        if head.startswith("of"):
            return own_offerings.typed(visit, int(head.removeprefix("of")), text)
        return _answer(visit, int(head), step, text)
    except NotTheirsError:
        return None


def _show(visit: Visit) -> Outcome:
    work = reading(visit, lambda session: proposals.unfinished(session, visit.acting))
    if work is not None:
        return Outcome(pages.unfinished_page(work, visit.voice))
    return _begin(visit)


def _begin(visit: Visit) -> Outcome:
    work = writing(visit, lambda session: proposals.begin(session, visit.acting, visit.now))
    return page(visit, work, "title")


def _anew(visit: Visit) -> Outcome:
    """Another one instead of the one that is on its way."""

    def work(session: Session) -> Work:
        old = proposals.unfinished(session, visit.acting)
        if old is not None:
            proposals.drop(session, visit.acting, old.id)
        return proposals.begin(session, visit.acting, visit.now)

    return page(visit, writing(visit, work), "title")


def _turn(visit: Visit, argument: str) -> Result:
    if argument == "new":
        return Result(_anew(visit))
    for head, act in _HEADS.items():
        if argument.startswith(head):
            return act(visit, argument.removeprefix(head))
    number, _, rest = argument.partition(":")
    work = reading(visit, lambda session: proposals.own(session, visit.acting, int(number)))
    verb, _, value = rest.partition(":")
    return _on(visit, work, verb, value)


def _on(visit: Visit, work: Work, verb: str, value: str) -> Result:
    """What is tapped on this draft."""
    if work.is_fed and verb in set(pages.STEPS) - set(pages.OF_A_SOURCE):
        raise NotTheirsError
    if verb in pages.STEPS and value:
        return Result(_choose(visit, work, verb, value))
    if verb in _VERBS:
        return _VERBS[verb](visit, work, value)
    return Result(page(visit, work, verb if verb in _SCREENS else "done"))


def _go_on(visit: Visit, number: str) -> Result:
    work = reading(visit, lambda session: proposals.own(session, visit.acting, int(number)))
    if work.facts.get("question") and not work.facts.get("answer"):
        return Result(page(visit, work, "answer"))
    return Result(page(visit, work, work.step or "title"))


def _choose(visit: Visit, work: Work, step: str, value: str) -> Outcome:
    try:
        if step == "where":
            return _place(visit, work, value)
        told = draft_steps.tapped(work, step, value)
    except (KeyError, ValueError) as error:
        raise NotTheirsError from error
    altered = writing(
        visit, lambda session: proposals.alter(session, visit.acting, work.id, visit.now, **told)
    )
    return page(visit, altered, step if step in _STAYING else _next(altered, step))


def _answer(visit: Visit, number: int, step: str, text: str) -> Outcome | None:
    work = reading(visit, lambda session: proposals.own(session, visit.acting, number))
    step, _, digest = step.partition(":")
    if visit.photo is None and (way := _way(visit, step, text)) is not None:
        return _goes(visit, work, step, way, digest)
    if step == "done":
        return None
    if not text.strip() and step != "picture":
        return page(visit, work, step)
    return _TAKERS.get(step, _fact)(visit, work, step, text)


def _fact(visit: Visit, work: Work, step: str, text: str) -> Outcome:
    """What is told of the offering."""
    try:
        told = draft_steps.typed(visit, work, step, text)
        altered = writing(
            visit, lambda session: proposals.alter(session, visit.acting, work.id, visit.now, **told)
        )
    except StepError as error:
        return page(visit, work, step, note=error.key)
    except ProposalError as error:
        return page(visit, work, step, note=f"proposal.error.{error.code}")
    is_walking = standing_of(visit, altered).is_walking
    shown = page(visit, altered, step if step in _STAYING and is_walking else _next(altered, step))
    return replace(shown, note=shown_photo(visit, altered)) if step == "picture" else shown


def _way(visit: Visit, step: str, text: str) -> str | None:
    """The button that somebody wrote instead of tapping it; never where any words are an answer."""
    said = " ".join(words(text))
    if step in _ANY_WORDS:
        return None
    for way in ("go",) if step == "done" else ("on", "back", "done", "menu", "drop"):
        if said in (" ".join(words(one)) for one in visit.voice.texts(f"draft.words.{way}").split("|")):
            return way
    return None


def _goes(visit: Visit, work: Work, step: str, way: str, digest: str) -> Outcome | None:
    """Where that button leads."""
    if way == "go":
        act = publish if proposals.may_publish(visit.acting, work) else hand_in
        return act(visit, work, digest).outcome
    at = pages.STEPS.index(step)
    back = pages.STEPS[max(at - 1, 0)]
    return page(visit, work, {"on": _next(work, step), "back": back}.get(way, way))


def _reply(visit: Visit, work: Work, _step: str, text: str) -> Outcome:
    """The answer to what a coordinator asked; it goes with the proposal."""
    answered = writing(
        visit,
        lambda session: proposals.alter(session, visit.acting, work.id, visit.now, answer=text[:_LONGEST]),
    )
    return page(visit, answered, "done", note="draft.answered")


def _where(visit: Visit, work: Work, _step: str, text: str) -> Outcome:
    """A place by name; one that is just so named is taken at once."""
    home = visit.acting.municipalities
    name = text.split(",", maxsplit=1)[0]
    found = reading(visit, lambda session: venue_names.alike(session, name, home))
    exact = [venue for venue in found if draft_steps.same_name(venue.name, name)]
    if len(exact) == 1 and "," not in text:
        return _place(visit, work, str(exact[0].id))
    noted = writing(
        visit, lambda session: proposals.alter(session, visit.acting, work.id, visit.now, place=text[:300])
    )
    if not found and "," in text:
        return _new_place(visit, noted)
    visit.conversation.typing = Action(Kind.DRAFT, f"{work.id}:where")
    return Outcome(pages.place_page(noted, name, found, standing_of(visit, noted), visit.voice))


def _place(visit: Visit, work: Work, value: str) -> Outcome:
    if value == "new":
        return _new_place(visit, work)
    venue = reading(visit, lambda session: venue_names.stored(session, int(value)))
    if venue is None:
        raise NotTheirsError
    return _placed(visit, work, draft_steps.placed(visit, work, venue))


def _new_place(visit: Visit, work: Work) -> Outcome:
    venue = draft_steps.new_place(visit, str(work.facts.get("place") or ""))
    if venue is None:
        return page(visit, work, "where", note="draft.bad.where")
    return _placed(visit, work, draft_steps.placed(visit, work, venue))


def _placed(visit: Visit, work: Work, told: draft_steps.Facts) -> Outcome:
    altered = writing(
        visit, lambda session: proposals.alter(session, visit.acting, work.id, visit.now, **told)
    )
    return page(visit, altered, _next(altered, "where"))


def _dropped(visit: Visit, work: Work, _value: str) -> Result:
    writing(visit, lambda session: proposals.drop(session, visit.acting, work.id))
    return Result(Outcome(pages.plain("draft.dropped", visit.voice)))


def _next(work: Work, step: str) -> str:
    """What comes after an answer: the next question as long as they are asked one after the other."""
    return "done" if work.is_edit or work.facts.get("walked") else pages.after(work, step)


_LONGEST = 1000
_SCREENS = (*pages.STEPS, "menu", "drop", "answer")
_ANY_WORDS = ("title", "answer")
_STAYING = ("when", "who", "format", "about", "rules")
"""Questions that stay open: what was taken is shown, or more can be tapped."""
_HEADS: dict[str, Callable[[Visit, str], Result]] = {
    "go": _go_on,
    "mine": own_offerings.turn_to,
    "of": own_offerings.act,
    "undo": undo,
}
_TAKERS: dict[str, Callable[[Visit, Work, str, str], Outcome]] = {"answer": _reply, "where": _where}
_VERBS: dict[str, Callable[[Visit, Work, str], Result]] = {
    "publish": publish,
    "send": hand_in,
    "dropped": _dropped,
    "photo": photo_of,
}
