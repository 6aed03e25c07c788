"""A list that changes under the finger: another page, or one constraint less."""

import asyncio
from dataclasses import replace

from telegram import Update

from bot.conversations import Shown
from bot.handlers.answering import to_query
from bot.handlers.counting import counted
from bot.handlers.sending import change, on_list, tapped
from bot.handlers.visit import Context, enter
from bot.replies.understood import without


@on_list
async def turn(update: Update, context: Context, shown: Shown) -> None:
    """Shows the rows from the button's offset on."""
    visit = (await enter(update, context)).speaking(shown.language)
    offset = int(tapped(update).argument)
    await change(update, context, visit, await asyncio.to_thread(to_query, visit, shown.asked, offset))


@on_list
async def drop(update: Update, context: Context, shown: Shown) -> None:
    """Asks again without the constraint that was tapped away."""
    visit = (await enter(update, context)).speaking(shown.language)
    query = without(shown.asked.query, tapped(update).argument)
    if query is None:
        return
    asked = replace(shown.asked, query=query, repaired=())
    outcome = await asyncio.to_thread(to_query, visit, asked)
    await change(update, context, visit, counted(visit, outcome))
