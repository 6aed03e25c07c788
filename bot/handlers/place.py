"""Where somebody is: a shared position or venue, and the button that asks for what is near."""

import asyncio

from telegram import Update

from bot.conversations import Shown
from bot.handlers.answering import ask_where, to_near, to_place
from bot.handlers.counting import counted
from bot.handlers.sending import change, on_list, send
from bot.handlers.visit import Context, enter


async def shared(update: Update, context: Context) -> None:
    """Notes the postcode, never the position, says so, and answers the question that was waiting."""
    message = update.effective_message
    assert message is not None  # noqa: S101  # the route admits messages only
    spot = message.location or (message.venue.location if message.venue else None)
    assert spot is not None  # noqa: S101  # the route admits places only
    visit = await enter(update, context)
    position = spot.latitude, spot.longitude
    outcome = await asyncio.to_thread(to_place, visit, position)
    await send(update, context, visit, counted(visit, outcome))


@on_list
async def near_me(update: Update, context: Context, shown: Shown) -> None:
    """The same list, near the person."""
    visit = (await enter(update, context)).speaking(shown.language)
    outcome = await asyncio.to_thread(to_near, visit, shown.asked)
    await change(update, context, visit, counted(visit, outcome))


@on_list
async def other_place(update: Update, context: Context, shown: Shown) -> None:
    """Asks where, when the place that is remembered is not where they are."""
    visit = (await enter(update, context)).speaking(shown.language)
    await send(update, context, visit, ask_where(visit, shown.asked))
