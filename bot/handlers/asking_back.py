"""One short question back, when two ways to read a question give different lists."""

import asyncio
from dataclasses import replace

from telegram import Update

from bot.buttons import Action, Kind
from bot.conversations import Shown
from bot.handlers.answering import Outcome, named, to_query
from bot.handlers.counting import counted
from bot.handlers.sending import change, on_list, tapped
from bot.handlers.visit import Context, Visit, enter
from bot.replies import basics
from bot.replies.reading import label, which
from bot.replies.reply import Button
from bot.replies.understood import Asked
from catalog.query import Query

_MOST_COMPARED = 5


def which_reading(visit: Visit, asked: Asked, others: tuple[Query, ...]) -> Outcome | None:
    """Asks which of the readings is meant, when at least two have answers and they differ. Never twice in a
    row: who answers with something that can be read in two ways gets the first."""
    last = visit.conversation.last
    if not others or (last is not None and last.readings):
        return None
    readings: list[Asked] = []
    lists: list[tuple[int, ...]] = []
    for query in (asked.query, *others):
        found = _found(visit, query)
        if found and found not in lists:
            lists.append(found)
            readings.append(named(visit, replace(asked, query=query)))
    if len(readings) < 2 or readings[0].query != asked.query:  # two are a choice
        return None
    buttons = tuple(
        Button(label(reading.query, visit.voice), Action(Kind.READING, str(number)))
        for number, reading in enumerate(readings)
    )
    shown = Shown(readings[0], visit.language, readings=tuple(readings))
    return Outcome(which(buttons, visit.voice), shown)


def reading(visit: Visit, shown: Shown, number: int) -> Outcome:
    """The list of this reading, from 1, or -1 for the last."""
    number = len(shown.readings) if number == -1 else number
    if not 1 <= number <= len(shown.readings):
        return Outcome(basics.plain("hello.no_row", visit.voice, number=number), shown)
    return to_query(visit, shown.readings[number - 1])


@on_list
async def choose(update: Update, context: Context, shown: Shown) -> None:
    """The question becomes the list of the reading that was tapped."""
    visit = (await enter(update, context)).speaking(shown.language)
    number = int(tapped(update).argument) + 1
    if 1 <= number <= len(shown.readings):
        outcome = await asyncio.to_thread(reading, visit, shown, number)
        await change(update, context, visit, counted(visit, outcome))


def _found(visit: Visit, query: Query) -> tuple[int, ...]:
    """The beginning of the list that fits, empty when something would have to be given up."""
    page = visit.house.catalogue.search(query, visit.now, limit=_MOST_COMPARED)
    return () if page.relaxed else tuple(hit.offering_id for hit in page.hits)
