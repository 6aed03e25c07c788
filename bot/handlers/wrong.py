""" "Noget forkert?" under a card, and what staff answer to it."""

import asyncio

from sqlmodel import Session
from telegram import Update

from bot.handlers.answering import Outcome, card_outcome
from bot.handlers.private import is_alone
from bot.handlers.sending import acknowledge, change, change_buttons, list_above, tapped
from bot.handlers.staffing import for_staff, refuse
from bot.handlers.visit import Context, Visit, enter
from bot.replies import wrong as pages
from catalog.cards import Card
from catalog.staff import Right
from reminders import fact_reports
from reminders.fact_reports import Decided


async def turn(update: Update, context: Context) -> None:
    """What can be wrong, in place of the card's buttons; a second tap says it, and is thanked for."""
    if not await is_alone(update, context):
        return
    visit, shown = await enter(update, context), list_above(update, context)
    visit = visit.speaking(shown.language) if shown else visit
    public_id, _, what = tapped(update).argument.partition(":")
    card = await asyncio.to_thread(visit.house.catalogue.card, public_id)
    if card is None:
        await acknowledge(update, visit.voice.texts("status.gone"))
    elif not what:
        await acknowledge(update)
        await change_buttons(update, context, visit, pages.choices(card, visit.voice))
    else:
        said = await asyncio.to_thread(_say, visit, card, what) if what != "back" else None
        await acknowledge(update, said)
        outcome = await asyncio.to_thread(card_outcome, visit, card, shown, context.bot.username)
        await change(update, context, visit, outcome)


@for_staff(Right.PUBLISH)
async def answer(update: Update, context: Context, visit: Visit) -> None:
    """It is right, or it is mended: whoever said it was wrong hears so."""
    number, _, state = tapped(update).argument.partition(":")
    decided, outcome = await asyncio.to_thread(_decide, visit, int(number), state)
    if decided is Decided.NOT_THEIRS:
        await refuse(update, visit)
        return
    await acknowledge(update, visit.voice.texts(f"wrong.toast.{decided}"))
    if outcome is not None:
        await change(update, context, visit, outcome)


def _say(visit: Visit, card: Card, fact: str) -> str:
    """Thanks, and what comes of it."""

    def work(session: Session) -> fact_reports.Heard:
        return fact_reports.report(session, visit.person_id, card.id, fact, visit.now)

    return visit.voice.texts(f"wrong.thanks.{visit.house.database.write(work)}")


def _decide(visit: Visit, number: int, state: str) -> tuple[Decided, Outcome | None]:
    def work(session: Session) -> tuple[Decided, Outcome | None]:
        decided = fact_reports.decide(session, visit.acting.id, number, state, visit.now)
        found = None if decided is Decided.NOT_THEIRS else fact_reports.note_of(session, number)
        return decided, Outcome(pages.decided(found, visit.voice)) if found else None

    return visit.house.database.write(work)
