"""The buttons under what the bot says unasked: put off, more, why, stop, the rest of a digest.

A delivery's number stands in the button and may be anybody's: everything here asks for the person's own."""

import asyncio
from dataclasses import dataclass

from sqlmodel import Session
from telegram import Update

from bot.handlers import saving
from bot.handlers.answering import Outcome
from bot.handlers.mine import put_off, snoozes
from bot.handlers.private import is_alone
from bot.handlers.sending import acknowledge, change_buttons, send, tapped
from bot.handlers.visit import Context, Visit, enter
from bot.replies import notices
from bot.replies.reply import Rows
from catalog.cards import Card
from catalog.query_store import dump
from reminders import digests, follows, own, people
from reminders.model import Delivery
from reminders.notices import Digest, To


@dataclass(frozen=True, slots=True)
class Result:
    """What comes of a tap: a toast, other buttons under the message, or a message of its own."""

    toast: str | None = None
    must_be_read: bool = False
    rows: Rows | None = None
    outcome: Outcome | None = None


async def turn(update: Update, context: Context) -> None:
    """Does what the button says, to their own message only."""
    if not await is_alone(update, context):
        return
    visit = await enter(update, context)
    number, what = tapped(update).argument.split(":", 1)
    result = await asyncio.to_thread(_turn, visit, int(number), what)
    await acknowledge(update, result.toast, must_be_read=result.must_be_read)
    if result.rows is not None:
        await change_buttons(update, context, visit, result.rows)
    if result.outcome is not None:
        await send(update, context, visit, result.outcome)


def _turn(visit: Visit, delivery_id: int, what: str) -> Result:
    database, voice = visit.house.database, visit.voice
    row = database.read(lambda session: own.message_of(session, visit.person_id, delivery_id))
    if row is None:
        return Result(voice.texts("toast.not_yours"))
    if what == "mute":
        database.write(lambda session: people.set_digest(session, visit.chat_id, "off"))
        return Result(voice.texts("toast.muted"))
    if what.startswith("rest"):
        return _rest(visit, delivery_id, int(what.removeprefix("rest")))
    card = visit.house.catalogue.cards([row.offering_id or 0]).get(row.offering_id or 0)
    return Result(voice.texts("status.gone")) if card is None else _about(visit, row, card, what)


def _about(visit: Visit, row: Delivery, card: Card, what: str) -> Result:
    """What the button does to a message about one offering."""
    voice, delivery_id = visit.voice, row.id or 0
    match what:
        case "more":
            return Result(rows=notices.more_rows(delivery_id, card, voice))
        case "snooze":
            minutes = snoozes(row, visit)
            rows = notices.snooze_rows(delivery_id, minutes, voice) if minutes else None
            return Result(None if minutes else voice.texts("toast.too_late"), rows=rows)
        case "why":
            view = visit.house.database.read(
                lambda session: follows.why(session, delivery_id, visit.person_id, visit.now)
            )
            return Result(notices.why(view, voice), must_be_read=True)
        case "stop":
            return _stop(visit, row, card)
        case "main":
            return Result(rows=notices.main_rows(row.kind, delivery_id, card, voice))
    toast = put_off(visit, delivery_id, int(what.removeprefix("wait")))
    return Result(toast, rows=notices.main_rows(row.kind, delivery_id, card, voice))


def _stop(visit: Visit, row: Delivery, card: Card) -> Result:
    """Ends the follow that the message came for."""

    def work(session: Session) -> None:
        view = follows.why(session, row.id or 0, visit.person_id, visit.now)
        if view is not None:
            follows.unfollow(
                session, visit.person_id, view.kind, view.target_id, now=visit.now, zone=visit.zone
            )

    visit.house.database.write(work)
    return Result(visit.voice.texts("toast.stopped"), rows=notices.stopped_rows(card, visit.voice))


def _rest(visit: Visit, delivery_id: int, offset: int) -> Result:
    """What did not fit in a digest, as far as it is still ahead."""
    found = visit.house.database.read(
        lambda session: digests.all_of(
            session,
            delivery_id,
            visit.person_id,
            visit.now,
            visit.zone,
            match=visit.house.catalogue.search_new,
        )
    )
    rows = found[offset : offset + digests.MOST_ROWS]
    if not rows:
        return Result(visit.voice.texts("hello.no_more"))
    digest = Digest(
        To(visit.chat_id, visit.language, visit.now, delivery_id),
        rows,
        more=len(found) - offset - len(rows),
        children={kid.id: (kid.year, kid.emoji) for kid in visit.kids},
        searches={search.id: dump(search.query) for search, _ in saving.entries(visit)},
    )
    return Result(outcome=Outcome(notices.digest_page(digest, visit.voice, offset)))
