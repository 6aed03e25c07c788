"""Whether one wants news from staff, and the buttons under such news: follow, mute."""

import asyncio
from dataclasses import dataclass, replace

from sqlmodel import Session
from telegram import Update

from bot.handlers.answering import Outcome
from bot.handlers.following import follow_card
from bot.handlers.private import is_alone
from bot.handlers.sending import acknowledge, change, change_buttons, tapped
from bot.handlers.visit import Context, Visit, enter
from bot.replies import news as pages
from bot.replies.announcement import message_rows
from bot.replies.reply import Rows
from catalog.cards import Card, load_cards
from reminders import own, people, reactions
from reminders.model import Broadcast


def with_offer(visit: Visit, outcome: Outcome) -> Outcome:
    """The outcome of a follow, and after it the question whether they want news from staff: asked once, of
    whoever follows something. Blocking."""

    def work(session: Session) -> bool:
        person = people.find(session, visit.chat_id)
        asks = person is not None and person.news is None and own.follows_anything(session, visit.person_id)
        if asks:
            people.set_news(session, visit.chat_id, wanted=False)
        return asks

    if visit.person is None or visit.person.news is not None:
        return outcome
    return replace(outcome, then=pages.offer(visit.voice)) if visit.house.database.write(work) else outcome


@dataclass(frozen=True, slots=True)
class _Result:
    toast: str
    rows: Rows | None = None


async def turn(update: Update, context: Context) -> None:
    """Yes, no, mute, follow. Whatever the data says, only the tapping person's own is touched."""
    if not await is_alone(update, context):
        return
    visit = await enter(update, context)
    number, _, what = tapped(update).argument.partition(":")
    if not what:
        await _answer(update, context, visit, wanted=number == "yes")
        return
    work = _mute if what == "mute" else _follow
    result = await asyncio.to_thread(work, visit, int(number), what.removeprefix("f:"))
    await acknowledge(update, result.toast, must_be_read=what == "mute")
    if result.rows is not None:
        await change_buttons(update, context, visit, result.rows)


async def _answer(update: Update, context: Context, visit: Visit, *, wanted: bool) -> None:
    await asyncio.to_thread(
        visit.house.database.write, lambda session: people.set_news(session, visit.chat_id, wanted)
    )
    await acknowledge(update)
    await change(update, context, visit, Outcome(pages.answered(wanted, visit.voice)))


def _mute(visit: Visit, broadcast_id: int, _what: str) -> _Result:
    def work(session: Session) -> None:
        people.set_news(session, visit.chat_id, wanted=False)
        reactions.note(session, broadcast_id, visit.person_id, reactions.MUTED)

    visit.house.database.write(work)
    return _Result(visit.voice.texts("news.muted"))


def _follow(visit: Visit, broadcast_id: int, public_id: str) -> _Result:
    card = visit.house.catalogue.card(public_id)
    if card is None:
        return _Result(visit.voice.texts("status.gone"))
    said = follow_card(visit, card)
    return _Result(
        said, visit.house.database.write(lambda session: _followed(session, visit, broadcast_id, card))
    )


def _followed(session: Session, visit: Visit, broadcast_id: int, card: Card) -> Rows | None:
    """The message's buttons, as they are now; counted when the message was theirs."""
    targets = [("offering", card.id)]
    if not own.follows_among(session, visit.person_id, targets):
        return None
    if reactions.delivery_of(session, broadcast_id, visit.person_id) is None:
        return None
    reactions.note(session, broadcast_id, visit.person_id, reactions.FOLLOWED)
    broadcast = session.get_one(Broadcast, broadcast_id)
    cards = load_cards(session, broadcast.offerings)
    shown = [cards[id_] for id_ in broadcast.offerings if id_ in cards]
    mine = own.follows_among(session, visit.person_id, [("offering", one.id) for one in shown])
    followed = {target for _, target in mine}
    return message_rows(broadcast_id, shown, followed, visit.voice)
