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
from bot.replies import dates
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
    """One followed thing, its last reminder put off, or no longer following it; nobody but its owner can."""
    if not await is_alone(update, context):
        return
    visit = await enter(update, context)
    number, _, what = tapped(update).argument.partition(":")
    toast, outcome = await asyncio.to_thread(_do, visit, int(number), what)
    await acknowledge(update, toast)
    if outcome is not None:
        await change(update, context, visit, outcome)


def snoozes(row: Delivery, visit: Visit) -> tuple[int, ...]:
    """For how many minutes this reminder can be put off and still be of use, or until tomorrow morning."""
    assert visit.person is not None  # noqa: S101  # there are no messages without a person
    until = {
        n: follows.put_off_until(n or None, visit.person, visit.now, visit.zone) for n in (*SNOOZES, TOMORROW)
    }
    return tuple(n for n, moment in until.items() if moment < row.useful_until)


def _list(visit: Visit, offset: int) -> Outcome:
    mine = visit.house.database.read(lambda session: follows.follows_of(session, visit.person_id, visit.now))
    return Outcome(mine_page(mine, saving.entries(visit), offset, visit.voice))


def put_off(visit: Visit, delivery_id: int, minutes: int) -> str:
    """Say this reminder again in so many minutes, or tomorrow morning; what to say about it."""

    def work(session: Session) -> dt.datetime | None:
        return follows.snooze(
            session, delivery_id, visit.person_id, minutes or None, now=visit.now, zone=visit.zone
        )

    until = visit.house.database.write(work)
    if until is None:
        return visit.voice.texts("toast.too_late")
    return visit.voice.texts("toast.snoozed", when=dates.moment(until, visit.voice))


def _do(visit: Visit, follow_id: int, what: str) -> tuple[str | None, Outcome | None]:
    """What to say in a toast, and what to show."""
    database, toast = visit.house.database, None
    view = database.read(lambda session: _view(session, visit, follow_id))
    if view is None:
        return visit.voice.texts("toast.not_yours"), None
    if what == "stop":
        target = view.kind, view.target_id
        database.write(
            lambda session: follows.unfollow(
                session, visit.person_id, *target, now=visit.now, zone=visit.zone
            )
        )
        return visit.voice.texts("toast.stopped"), _list(visit, 0)
    if what:
        told = database.read(lambda session: _told(session, visit, view))
        toast = put_off(visit, (told and told.id) or 0, int(what.removeprefix("wait")))
    full = database.read(lambda session: _full(session, visit, view))
    return toast, Outcome(follow_page(full, visit.voice))


def _view(session: Session, visit: Visit, follow_id: int) -> FollowView | None:
    mine = follows.follows_of(session, visit.person_id, visit.now)
    return next((view for view in mine if view.id == follow_id), None)


def _told(session: Session, visit: Visit, view: FollowView) -> Delivery | None:
    if view.next is None:
        return None
    return own.last_reminder(session, visit.person_id, view.next.id, visit.now)


def _full(session: Session, visit: Visit, view: FollowView) -> Followed:
    usual = visit.person.leads if visit.person else ()
    leads = leads_of(usual if view.leads is None else view.leads)
    date = view.next.id if view.next else 0
    coming = own.next_reminder(session, visit.person_id, date, visit.now)
    told = _told(session, visit, view)
    return Followed(view, leads, saving.often(visit), coming, snoozes(told, visit) if told else ())
