"""Blocking the bot and coming back: Telegram tells us of both."""

import asyncio

from sqlmodel import Session
from telegram import ChatMember, Update

from bot.handlers.visit import Context, Visit, glance
from reminders import duties, people

_AWAY = (ChatMember.BANNED, ChatMember.LEFT)


async def changed(update: Update, context: Context) -> None:
    """Who blocks us is not written to; who comes back gets again what they are owed. A stranger stays one."""
    visit, member = glance(update, context), update.my_chat_member
    if member is None:
        return
    work = _away if member.new_chat_member.status in _AWAY else _back
    await asyncio.to_thread(visit.house.database.write, lambda session: work(session, visit))


def _away(session: Session, visit: Visit) -> None:
    person = people.find(session, visit.chat_id)
    if person is not None:
        people.mark_inactive(session, person.id or 0, visit.now)


def _back(session: Session, visit: Visit) -> None:
    if people.find(session, visit.chat_id) is None:
        return
    zone = visit.zone
    person = people.meet(session, visit.chat_id, visit.language, visit.now.astimezone(zone).date())
    duties.reconcile(session, [person.id or 0], visit.now, zone)
