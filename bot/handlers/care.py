"""💬 Under a kind word to somebody who is sad or lonely: whom one can talk to."""

from telegram import Update

from bot.handlers.answering import Outcome
from bot.handlers.sending import acknowledge, send
from bot.handlers.visit import Context, enter
from bot.replies.care import somebody_to_talk_to


async def talk(update: Update, context: Context) -> None:
    """Every helpline, in a message of its own."""
    await acknowledge(update)
    visit = await enter(update, context)
    last = visit.conversation.last
    speaking = visit.speaking(last.language) if last else visit
    await send(update, context, speaking, Outcome(somebody_to_talk_to(speaking.voice)))
