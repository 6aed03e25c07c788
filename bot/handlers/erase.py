"""/slet and /delete: everything about a person, asked once, then gone."""

import asyncio

from telegram import Update

from bot.handlers.answering import Outcome
from bot.handlers.sending import acknowledge, change, send, tapped
from bot.handlers.visit import Context, enter
from bot.replies import basics
from reminders import people


async def ask_first(update: Update, context: Context) -> None:
    """Asks whether they mean it."""
    visit = await enter(update, context)
    await send(
        update,
        context,
        visit,
        Outcome(basics.erase_question(visit.voice, is_staff=visit.staffer is not None)),
    )


async def decide(update: Update, context: Context) -> None:
    """Yes: the rows and the conversation are deleted, and nothing is noted of this tap. No: all is kept."""
    await acknowledge(update)
    visit = await enter(update, context)
    if not visit.is_private:
        return
    if tapped(update).argument == "yes":
        await asyncio.to_thread(people.erase, visit.house.database, visit.chat_id, visit.now)
        visit.house.conversations.forget(visit.chat_id)
        await visit.house.menus.keep(context.bot, visit.chat_id, None, visit.language)
        await change(update, context, visit, Outcome(basics.plain("erase.done", visit.voice)))
    else:
        await change(update, context, visit, Outcome(basics.plain("erase.kept", visit.voice)))
