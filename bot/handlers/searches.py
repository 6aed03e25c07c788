"""🔔 Sig til under an answer, and what can be done with a search once it is saved."""

import asyncio

from telegram import Update

from bot.handlers import saving
from bot.handlers.answering import Outcome
from bot.handlers.private import is_alone
from bot.handlers.sending import acknowledge, change, list_above, send, tapped
from bot.handlers.visit import Context, Visit, enter, glance
from bot.replies import basics
from reminders.refusals import RefusedError


async def save(update: Update, context: Context) -> None:
    """Saves the question of the list above, and says in words what was saved."""
    if not await is_alone(update, context):
        return
    shown = list_above(update, context)
    await acknowledge(update, None if shown else glance(update, context).voice.texts("toast.forgotten"))
    if shown is not None:
        visit = (await enter(update, context)).speaking(shown.language)
        await send(update, context, visit, await asyncio.to_thread(saving.save_question, visit, shown))


async def search(update: Update, context: Context) -> None:
    """Opens a saved search or changes it; nobody but its owner can."""
    if not await is_alone(update, context):
        return
    visit = await enter(update, context)
    number, _, what = tapped(update).argument.partition(":")
    toast, outcome = await asyncio.to_thread(_do, visit, int(number), what)
    await acknowledge(update, visit.voice.texts(toast) if toast else None)
    if outcome is not None:
        await (send if what == "run" else change)(update, context, visit, outcome)


def _do(visit: Visit, search_id: int, what: str) -> tuple[str | None, Outcome | None]:
    """What to say in a toast, and what to show."""
    if what == "stop":
        ended = saving.end(visit, search_id)
        gone = Outcome(basics.plain("toast.search_stopped", visit.voice))
        return (None, gone) if ended else ("toast.not_yours", None)
    if what == "run":
        return _or_not_yours(saving.to_matches(visit, search_id))
    if what.startswith("child"):
        try:
            search_id = saving.for_child(visit, search_id, int(what.removeprefix("child"))) or 0
        except RefusedError as refused:
            return f"refused.{refused.code}", None
    kept = what == "keep" and saving.keep(visit, search_id)
    toast, outcome = _or_not_yours(saving.to_search(visit, search_id))
    return "toast.search_kept" if kept else toast, outcome


def _or_not_yours(outcome: Outcome | None) -> tuple[str | None, Outcome | None]:
    return ("toast.not_yours" if outcome is None else None), outcome
