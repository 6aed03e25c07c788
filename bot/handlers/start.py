"""/start, its deep links, and the ready questions that one can tap."""

import asyncio
import re
from dataclasses import replace

from telegram import Update

from bot.buttons import PUBLIC_ID
from bot.conversations import Shown
from bot.handlers import inviting
from bot.handlers.answering import Outcome, card_outcome, to_card
from bot.handlers.following import follow_card
from bot.handlers.hearing import to_text
from bot.handlers.sending import acknowledge, send, tapped
from bot.handlers.visit import Context, Visit, enter
from bot.replies import basics
from bot.replies.markup import escape
from bot.replies.reply import Reply

_INVITATION = re.compile(r"i_([A-Za-z0-9_-]{1,62})")
_DEEP_LINK = re.compile(rf"([of])_({PUBLIC_ID})")


async def start(update: Update, context: Context) -> None:
    """Greets; with a link to an offering it opens the card, and follows it when the link says so; with an
    invitation it makes them staff."""
    visit, argument = await enter(update, context), context.args[0] if context.args else ""
    if invitation := _INVITATION.fullmatch(argument):
        await inviting.accept(update, context, visit, invitation[1])
        return
    link = _DEEP_LINK.fullmatch(argument)
    if link is None:
        await send(update, context, visit, Outcome(basics.greeting(visit.voice)))
        return
    show = _follow if link[1] == "f" else to_card
    await send(
        update, context, visit, await asyncio.to_thread(show, visit, link[2], None, context.bot.username)
    )


def _follow(visit: Visit, public_id: str, shown: Shown | None, bot_username: str) -> Outcome:
    card = visit.house.catalogue.card(public_id)
    if card is None:
        return to_card(visit, public_id, shown, bot_username)
    said = follow_card(visit, card)
    return replace(card_outcome(visit, card, shown, bot_username), note=Reply(escape(said)))


async def ready_question(update: Update, context: Context) -> None:
    """Answers a ready question as if it had been written, from the beginning."""
    await acknowledge(update)
    visit = await enter(update, context)
    question = basics.question(tapped(update).argument, visit.voice)
    if question is None:
        return
    visit.conversation.last = visit.conversation.waiting = None
    await send(
        update, context, visit, await asyncio.to_thread(to_text, visit, question, context.bot.username)
    )
