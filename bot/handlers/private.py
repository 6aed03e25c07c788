"""What is personal stays between two: in a group these commands and buttons point to the private chat."""

from telegram import Update

from bot.handlers.answering import Outcome
from bot.handlers.sending import acknowledge, send
from bot.handlers.visit import Context, glance
from bot.replies import basics


async def is_alone(update: Update, context: Context) -> bool:
    """Whether this is a private chat; in a group the tap is answered with why nothing happens."""
    visit = glance(update, context)
    if not visit.is_private:
        await acknowledge(update, visit.voice.texts("toast.private"))
    return visit.is_private


async def point_there(update: Update, context: Context) -> None:
    """A personal command in a group: kindly, the way to the private chat."""
    visit = glance(update, context)
    await send(update, context, visit, Outcome(basics.private_only(context.bot.username, visit.voice)))
