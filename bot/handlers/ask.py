"""A question in free text."""

import asyncio

from telegram import Update

from bot.handlers import typed
from bot.handlers.answering import Outcome, to_text
from bot.handlers.sending import send
from bot.handlers.visit import Context, enter


async def ask(update: Update, context: Context) -> None:
    """Answers whatever was written, in the language it was written in."""
    visit = await enter(update, context)
    text = (update.effective_message and update.effective_message.text) or ""

    def work() -> Outcome:
        return typed.take(visit, text) or to_text(visit, text, context.bot.username)

    await send(update, context, visit, await asyncio.to_thread(work))
