"""When reminders come: tapped or typed, for everything or for one thing that is followed."""

import asyncio
from collections.abc import Callable

from telegram import Update

from bot.buttons import Action, Kind
from bot.handlers.answering import Outcome
from bot.handlers.private import is_alone
from bot.handlers.sending import acknowledge, change, tapped
from bot.handlers.visit import Context, Visit, enter
from bot.replies.leads import NONE, OWN, leads_page
from bot.replies.settings import leads_of
from reminders import follows
from reminders.follows import FollowView
from reminders.leads import Lead

Leads = tuple[Lead, ...]


async def turn(update: Update, context: Context) -> None:
    """Shows the lead times; with a lead, ticks it or takes the tick away."""
    if not await is_alone(update, context):
        return
    visit = await enter(update, context)
    number, _, what = tapped(update).argument.partition(":")
    outcome = await asyncio.to_thread(_turn, visit, int(number), what)
    await acknowledge(update, None if outcome else visit.voice.texts("toast.not_yours"))
    if outcome is not None:
        visit.conversation.typing = Action(Kind.LEADS, number)
        await change(update, context, visit, outcome)


def add(visit: Visit, follow_id: int, typed: Leads) -> Outcome | None:
    """Add the lead time that was written, none meaning no reminders at all, and show them. None when what
    they are for is not this person's."""
    return _changed(visit, follow_id, lambda chosen: (*chosen, *typed) if typed else ())


def _turn(visit: Visit, follow_id: int, what: str) -> Outcome | None:
    if not what:
        return _changed(visit, follow_id, lambda chosen: chosen)
    if what == OWN:
        return _changed(visit, follow_id, lambda _chosen: None)
    if what == NONE:
        return _changed(visit, follow_id, lambda _chosen: ())
    return _changed(visit, follow_id, lambda chosen: _toggled(chosen, what))


def _changed(visit: Visit, follow_id: int, new: Callable[[Leads], Leads | None]) -> Outcome | None:
    """The screen after this change; `new` giving None means: as usual."""
    found = _followed(visit, follow_id)
    if (follow_id and found is None) or visit.person is None:
        return None
    usual = leads_of(visit.person.leads)
    is_usual = found is not None and found.leads is None
    before = usual if found is None or found.leads is None else leads_of(found.leads)
    after = new(before)
    if after != before:
        _store(visit, follow_id, after)
        is_usual = after is None
    title = found.name(visit.language) if found else ""
    page = leads_page(
        usual if after is None else after, visit.voice, follow_id=follow_id, title=title, is_own=is_usual
    )
    return Outcome(page)


def _store(visit: Visit, follow_id: int, leads: Leads | None) -> None:
    who, now, zone = visit.person_id, visit.now, visit.zone
    written = None if leads is None else [str(lead) for lead in leads]
    if follow_id:
        visit.house.database.write(
            lambda session: follows.set_follow_leads(session, who, follow_id, written, now=now, zone=zone)
        )
    elif written is not None:
        visit.house.database.write(
            lambda session: follows.set_leads(session, who, written, now=now, zone=zone)
        )


def _followed(visit: Visit, follow_id: int) -> FollowView | None:
    if not follow_id:
        return None
    mine = visit.house.database.read(lambda session: follows.follows_of(session, visit.person_id, visit.now))
    return next((view for view in mine if view.id == follow_id), None)


def _toggled(chosen: Leads, what: str) -> Leads:
    try:
        lead = Lead.parse(what)
    except ValueError:
        return chosen
    return tuple(other for other in chosen if other != lead) if lead in chosen else (*chosen, lead)
