"""A question in free text."""

import asyncio

from telegram import Update

from bot.handlers import publishing, talking, typed, unknown
from bot.handlers.answering import Outcome
from bot.handlers.hearing import to_text
from bot.handlers.sending import send
from bot.handlers.visit import Context, enter, glance


async def ask(update: Update, context: Context) -> None:
    """Answers whatever was written, in the language it was written in."""
    visit = await enter(update, context)
    text = (update.effective_message and update.effective_message.text) or ""

    def work() -> Outcome:
        # Before any open screen: what somebody in danger writes is no answer to a form.
        cared, username = talking.in_danger(visit, text), context.bot.username
        taken = cared or typed.take(visit, text, username) or publishing.take(visit, text)
        return taken or to_text(visit, text, username)

    await send(update, context, visit, await asyncio.to_thread(work))


async def picture(update: Update, context: Context) -> None:
    """A photo or an image file, with or without words: for an open screen that waits for a photo, which says
    so to a file; else nothing to answer."""
    screen = glance(update, context).conversation.typing
    if screen is None or screen.kind not in typed.PICTURES:
        await unknown.content(update, context)
        return
    visit = await enter(update, context)
    text = (update.effective_message and update.effective_message.caption) or ""

    def work() -> Outcome | None:
        cared = talking.in_danger(visit, text)
        return cared or typed.take(visit, text, context.bot.username)

    outcome = await asyncio.to_thread(work)
    if outcome is None:
        await unknown.content(update, context)
    else:
        await send(update, context, visit, outcome)
