"""In groups: `/find …`, and replies to what the bot wrote. Nothing else is read."""

import asyncio

from telegram import Message, Update
from telegram.ext import filters

from bot.handlers.answering import Outcome
from bot.handlers.hearing import to_text
from bot.handlers.sending import send
from bot.handlers.visit import Context, enter
from bot.replies import basics


class _ToTheBot(filters.MessageFilter):
    """Messages that reply to one of the bot's own."""

    def filter(self, message: Message) -> bool:
        """Whether it is such a reply."""
        answered = message.reply_to_message
        return bool(answered and answered.from_user and answered.from_user.id == message.get_bot().id)


TO_THE_BOT = _ToTheBot()


async def find(update: Update, context: Context) -> None:
    """Answers the question after the command; in a private chat too."""
    visit = await enter(update, context)
    text = " ".join(context.args or ())
    if not text:
        await send(update, context, visit, Outcome(basics.plain("hello.find_usage", visit.voice)))
        return
    await send(update, context, visit, await asyncio.to_thread(to_text, visit, text, context.bot.username))
