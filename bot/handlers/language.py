"""/sprog and /language: which language the bot writes."""

import asyncio

from telegram import Update

from bot.handlers.answering import Outcome
from bot.handlers.sending import acknowledge, change, send, tapped
from bot.handlers.visit import Context, enter
from bot.replies import basics
from bot.texts import LANGUAGES
from reminders import people


async def offer(update: Update, context: Context) -> None:
    """Shows the languages there are."""
    visit = await enter(update, context)
    await send(update, context, visit, Outcome(basics.language_choice(visit.voice)))


async def choose(update: Update, context: Context) -> None:
    """Speaks the chosen language from now on."""
    await acknowledge(update)
    visit, chosen = await enter(update, context), tapped(update).argument
    if chosen not in LANGUAGES or not visit.is_private:
        return
    await asyncio.to_thread(
        visit.house.database.write, lambda session: people.set_language(session, visit.chat_id, chosen)
    )
    speaking = visit.speaking(chosen)
    await change(update, context, speaking, Outcome(basics.plain("language.changed", speaking.voice)))
