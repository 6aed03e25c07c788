"""⭐ Følg on a card, the choices behind "Følger", and cards that are opened beside what is there."""

import asyncio
from collections.abc import Callable

from telegram import Update

from bot.handlers import following
from bot.handlers.answering import Outcome, card_outcome, to_card
from bot.handlers.news import with_offer
from bot.handlers.private import is_alone
from bot.handlers.sending import acknowledge, change, list_above, send, tapped
from bot.handlers.visit import Context, Visit, enter
from catalog.cards import Card


async def follow(update: Update, context: Context) -> None:
    """Follows the whole offering and says so; the card then shows that it is followed."""
    if not await is_alone(update, context):
        return
    visit, shown = await enter(update, context), list_above(update, context)
    visit = visit.speaking(shown.language) if shown else visit
    username = context.bot.username

    def work(card: Card) -> tuple[str, Outcome]:
        said = following.follow_card(visit, card)
        return said, with_offer(visit, card_outcome(visit, card, shown, username))

    await _with_card(update, context, visit, tapped(update).argument, work)


async def choices(update: Update, context: Context) -> None:
    """What of it can be followed."""
    if not await is_alone(update, context):
        return
    visit = await enter(update, context)

    def work(card: Card) -> tuple[None, Outcome]:
        return None, Outcome(following.to_choices(visit, card))

    await _with_card(update, context, visit, tapped(update).argument, work)


async def part(update: Update, context: Context) -> None:
    """Follows a part of it or no longer: the whole, one date, the series, who makes it, where it is."""
    if not await is_alone(update, context):
        return
    visit = await enter(update, context)
    public_id, name = tapped(update).argument.split(":", 1)

    def work(card: Card) -> tuple[str | None, Outcome]:
        said = None if name == "dates" else following.toggle(visit, card, name)
        page = following.to_dates if name.startswith("date") else following.to_choices
        return said, Outcome(page(visit, card))

    await _with_card(update, context, visit, public_id, work)


async def open_card(update: Update, context: Context) -> None:
    """The card in a message of its own; what was tapped stays."""
    await acknowledge(update)
    visit = await enter(update, context)
    public_id, username = tapped(update).argument, context.bot.username
    await send(update, context, visit, await asyncio.to_thread(to_card, visit, public_id, None, username))


async def _with_card(
    update: Update,
    context: Context,
    visit: Visit,
    public_id: str,
    work: Callable[[Card], tuple[str | None, Outcome]],
) -> None:
    """Do this with the card that is there: a toast, and what the message becomes."""

    def find_and_work() -> tuple[str | None, Outcome | None]:
        card = visit.house.catalogue.card(public_id)
        return (visit.voice.texts("status.gone"), None) if card is None else work(card)

    toast, outcome = await asyncio.to_thread(find_and_work)
    await acknowledge(update, toast)
    if outcome is not None:
        await change(update, context, visit, outcome)
