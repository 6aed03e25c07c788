"""Everything else gets a helpful answer: stickers and photos, commands and buttons that nobody knows."""

import asyncio

from telegram import Update

from bot.handlers import talking
from bot.handlers.answering import Outcome, examples
from bot.handlers.sending import acknowledge, send
from bot.handlers.visit import Context, enter, glance
from bot.replies import basics


async def content(update: Update, context: Context) -> None:
    """Something that is not text; an album of many pictures is answered once."""
    message, visit = update.effective_message, await enter(update, context)
    album = message.media_group_id if message else None
    if album is not None and album == visit.conversation.album:
        return
    visit.conversation.album = album
    caption = (message.caption if message else None) or ""

    def work() -> Outcome:
        cared = talking.in_danger(visit, caption)
        return cared or talking.this_week(visit, "did_not_get.only_text", "hello.only_text")

    await send(update, context, visit, await asyncio.to_thread(work))


async def command(update: Update, context: Context) -> None:
    """A command that does not exist."""
    await _answer(update, context, "hello.unknown_command")


async def button(update: Update, context: Context) -> None:
    """A button of another time, or no button of ours at all."""
    known = update.effective_chat is not None
    await acknowledge(update, glance(update, context).voice.texts("toast.unknown") if known else None)


async def _answer(update: Update, context: Context, key: str) -> None:
    visit = await enter(update, context)
    keys = await asyncio.to_thread(examples, visit, 4)
    await send(update, context, visit, Outcome(basics.with_examples(key, keys, visit.voice)))
