""" "Kom du af sted?": one tap, counted without who; or never asked again."""

import asyncio

from sqlmodel import Session
from telegram import Update

from bot.handlers.answering import Outcome
from bot.handlers.private import is_alone
from bot.handlers.sending import acknowledge, change, tapped
from bot.handlers.visit import Context, enter
from bot.replies import basics
from reminders import own, people, surveys


async def answer(update: Update, context: Context) -> None:
    """Thanks; only an answer to a question that was put to them counts, and only once."""
    if not await is_alone(update, context):
        return
    visit = await enter(update, context)
    number, what = tapped(update).argument.split(":", 1)

    def work(session: Session) -> bool:
        if own.message_of(session, visit.person_id, int(number)) is None:
            return False
        if what == "never":
            people.set_surveys(session, visit.chat_id, False)
            return True
        today = visit.now.astimezone(visit.zone).date()
        return surveys.answer(session, int(number), visit.person_id, what == "yes", today)

    counted = await asyncio.to_thread(visit.house.database.write, work)
    await acknowledge(update, None if counted else visit.voice.texts("toast.not_yours"))
    if counted:
        await change(update, context, visit, Outcome(basics.plain(f"survey.thanks.{what}", visit.voice)))
