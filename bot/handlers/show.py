"""One offering: its card in place of the list, the way back, the map, the calendar file and the picture."""

import asyncio
from io import BytesIO

from telegram import InputFile, Update

from bot.calendar_file import calendar_file, file_name
from bot.conversations import Shown
from bot.handlers.answering import Outcome, to_card, to_query
from bot.handlers.sending import acknowledge, change, list_above, on_list, send, show_photo, tapped
from bot.handlers.visit import Context, Visit, enter
from bot.replies import basics
from bot.replies.card import address, next_venue, photo_reply, upcoming
from bot.replies.markup import one_line
from catalog.cards import Card


async def card(update: Update, context: Context) -> None:
    """The card takes the list's place. When the list is forgotten there is just no way back."""
    await acknowledge(update)
    shown = list_above(update, context)
    visit = _in_its_language(await enter(update, context), shown)
    public_id, username = tapped(update).argument, context.bot.username
    await change(update, context, visit, await asyncio.to_thread(to_card, visit, public_id, shown, username))


@on_list
async def back(update: Update, context: Context, shown: Shown) -> None:
    """The same page of the list that the card came out of."""
    visit = (await enter(update, context)).speaking(shown.language)
    outcome = await asyncio.to_thread(to_query, visit, shown.asked, shown.offset)
    await change(update, context, visit, outcome)


async def on_map(update: Update, context: Context) -> None:
    """The venue as a place on Telegram's map."""
    await acknowledge(update)
    visit, found = await _card_above(update, context)
    venue = next_venue(found, visit.voice) if found else None
    if venue is None or venue.latitude is None or venue.longitude is None:
        await send(update, context, visit, Outcome(basics.plain("status.gone", visit.voice)))
        return
    where = address(venue) or venue.municipality or venue.name
    if venue.located_by != "source":
        where = visit.voice.texts("place.approximate", address=where)
    await context.bot.send_venue(
        visit.chat_id, venue.latitude, venue.longitude, one_line(venue.name, 200), one_line(where, 200)
    )


async def calendar(update: Update, context: Context) -> None:
    """The dates to come as a file for one's own calendar."""
    await acknowledge(update)
    visit, found = await _card_above(update, context)
    if found is None or not upcoming(found, visit.voice):
        await send(update, context, visit, Outcome(basics.plain("status.gone", visit.voice)))
        return
    content = await asyncio.to_thread(calendar_file, found, visit.language, visit.now)
    name = file_name(found, visit.language)
    await context.bot.send_document(visit.chat_id, InputFile(BytesIO(content), filename=name))


async def photo(update: Update, context: Context) -> None:
    """The picture that staff have sent, in a message of its own."""
    visit, found = await _card_above(update, context)
    reply = photo_reply(found, visit.voice) if found else None
    is_shown = reply is not None and await show_photo(context, visit, reply)
    await acknowledge(update, None if is_shown else visit.voice.texts("toast.no_photo"))


async def _card_above(update: Update, context: Context) -> tuple[Visit, Card | None]:
    visit = _in_its_language(await enter(update, context), list_above(update, context))
    return visit, await asyncio.to_thread(visit.house.catalogue.card, tapped(update).argument)


def _in_its_language(visit: Visit, shown: Shown | None) -> Visit:
    return visit.speaking(shown.language) if shown else visit
