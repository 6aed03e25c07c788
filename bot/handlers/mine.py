"""/mine: what one follows and what one is told of, and each of the followed things."""

import asyncio
import datetime as dt

from sqlmodel import Session
from telegram import Update

from bot.handlers import saving
from bot.handlers.answering import Outcome
from bot.handlers.private import is_alone
from bot.handlers.sending import acknowledge, change, send, tapped
from bot.handlers.visit import Context, Visit, enter
from bot.replies.mine import Followed, follow_page, mine_page
from bot.replies.notices import SNOOZES, TOMORROW
from bot.replies.settings import leads_of
from reminders import follows, own
from reminders.follows import FollowView
from reminders.model import Delivery


async def show(update: Update, context: Context) -> None:
    """All of it, the next date first."""
    visit = await enter(update, context)
    await send(update, context, visit, await asyncio.to_thread(_list, visit, 0))


async def turn(update: Update, context: Context) -> None:
    """The same from the button's offset on."""
    if not await is_alone(update, context):
        return
    await acknowledge(update)
    visit, offset = await enter(update, context), int(tapped(update).argument)
    await change(update, context, visit, await asyncio.to_thread(_list, visit, offset))


async def followed(update: Update, context: Context) -> None:
    """One followed thing, or no longer following it; nobody but its owner can."""
    if not await is_alone(update, context):
        return
    visit = await enter(update, context)
    number, _, what = tapped(update).argument.partition(":")
    toast, outcome = await asyncio.to_thread(_stop if what else _show, visit, int(number))
    await acknowledge(update, visit.voice.texts(toast) if toast else None)
    if outcome is not None:
        await change(update, context, visit, outcome)


def snoozes(row: Delivery, visit: Visit) -> tuple[int, ...]:
    """For how many minutes this reminder can be put off and still be of use."""
    fitting = [n for n in SNOOZES if visit.now + dt.timedelta(minutes=n) < row.useful_until]
    days = (row.useful_until - visit.now).days
    return (*fitting, TOMORROW) if days >= 1 else tuple(fitting)


def _list(visit: Visit, offset: int) -> Outcome:
    mine = visit.house.database.read(lambda session: follows.follows_of(session, visit.person_id, visit.now))
    return Outcome(mine_page(mine, saving.entries(visit), offset, visit.voice))


def _show(visit: Visit, follow_id: int) -> tuple[str | None, Outcome | None]:
    found = visit.house.database.read(lambda session: _full(session, visit, follow_id))
    return ("toast.not_yours", None) if found is None else (None, Outcome(follow_page(found, visit.voice)))


def _stop(visit: Visit, follow_id: int) -> tuple[str, Outcome | None]:
    def work(session: Session) -> bool:
        view = _view(session, visit, follow_id)
        return view is not None and follows.unfollow(
            session, visit.person_id, view.kind, view.target_id, now=visit.now, zone=visit.zone
        )

    if not visit.house.database.write(work):
        return "toast.not_yours", None
    return "toast.stopped", _list(visit, 0)


def _view(session: Session, visit: Visit, follow_id: int) -> FollowView | None:
    mine = follows.follows_of(session, visit.person_id, visit.now)
    return next((view for view in mine if view.id == follow_id), None)


def _full(session: Session, visit: Visit, follow_id: int) -> Followed | None:
    view = _view(session, visit, follow_id)
    if view is None or visit.person is None:
        return None
    leads = leads_of(visit.person.leads if view.leads is None else view.leads)
    if view.next is None:
        return Followed(view, leads, saving.often(visit))
    told = own.last_reminder(session, visit.person_id, view.next.id, visit.now)
    coming = own.next_reminder(session, visit.person_id, view.next.id, visit.now)
    snooze = (told.id or 0, snoozes(told, visit)) if told else None
    return Followed(view, leads, saving.often(visit), coming, snooze)
