"""/familie: children as birth years, and answers that are for them."""

import asyncio

from sqlmodel import Session
from telegram import Update

from bot.conversations import Shown
from bot.handlers.answering import Outcome, for_children, to_query
from bot.handlers.counting import counted
from bot.handlers.private import is_alone
from bot.handlers.sending import acknowledge, change, on_list, send, tapped
from bot.handlers.visit import Context, Visit, enter
from bot.replies import family as pages
from reminders import families
from reminders.refusals import RefusedError


async def show(update: Update, context: Context) -> None:
    """Who is known."""
    visit = await enter(update, context)
    await send(update, context, visit, Outcome(pages.family_page(visit.kids, visit.voice)))


async def turn(update: Update, context: Context) -> None:
    """Adds a child by its year, marks it with an emoji or none, takes it out."""
    if not await is_alone(update, context):
        return
    visit, argument = await enter(update, context), tapped(update).argument
    try:
        child_id = await asyncio.to_thread(visit.house.database.write, lambda s: _change(s, visit, argument))
    except RefusedError as refused:
        await acknowledge(update, visit.voice.texts(f"refused.{refused.code}"))
        return
    await acknowledge(update)
    visit = await enter(update, context)
    await change(update, context, visit, _page(visit, argument, child_id))


@on_list
async def ask_for(update: Update, context: Context, shown: Shown) -> None:
    """The same list for one of their children, or for all of them."""
    visit = (await enter(update, context)).speaking(shown.language)
    asked = for_children(visit, shown.asked, int(tapped(update).argument))
    outcome = await asyncio.to_thread(to_query, visit, asked)
    await change(update, context, visit, counted(visit, outcome))


def _change(session: Session, visit: Visit, argument: str) -> int:
    """Do what the button says; the child that it is about, 0 when it is about none."""
    today = visit.now.astimezone(visit.zone).date()
    if argument.startswith("year"):
        year = int(argument.removeprefix("year"))
        return families.add_child(session, visit.person_id, year, today).id or 0
    number, _, what = argument.partition(":")
    if not number.isdecimal():
        return 0
    child = families.child_of(session, visit.person_id, int(number))
    if child is None:
        raise RefusedError("no-such-child")
    if what == "gone":
        families.remove_child(session, visit.person_id, int(number))
        return 0
    if what.startswith("emoji"):
        mark = int(what.removeprefix("emoji"))
        if mark > len(families.EMOJI):
            raise RefusedError("emoji")
        child.emoji = families.EMOJI[mark - 1] if mark else None
        return 0
    return int(number)


def _page(visit: Visit, argument: str, child_id: int) -> Outcome:
    kid = next((kid for kid in visit.kids if kid.id == child_id), None)
    if argument == "add":
        year = visit.now.astimezone(visit.zone).year
        return Outcome(pages.years_page(year, visit.voice))
    return Outcome(pages.child_page(kid, visit.voice) if kid else pages.family_page(visit.kids, visit.voice))
