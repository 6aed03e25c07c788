"""/hjaelp and /help: what one can write; /privatliv and /privacy: what is stored."""

import asyncio

from telegram import Update

from bot.handlers.answering import Outcome, to_help
from bot.handlers.sending import send
from bot.handlers.visit import Context, enter
from bot.replies import basics


async def show_help(update: Update, context: Context) -> None:
    """Examples that have answers just now."""
    visit = await enter(update, context)
    await send(update, context, visit, await asyncio.to_thread(to_help, visit))


async def show_privacy(update: Update, context: Context) -> None:
    """What is stored, in a few lines."""
    visit = await enter(update, context)
    await send(update, context, visit, Outcome(basics.plain("privacy.text", visit.voice)))
