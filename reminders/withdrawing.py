"""Taking back what a withdrawn broadcast has said, where Telegram still allows: for 48 hours.

What cannot be deleted any more stays, and is counted as sent. A run that is cut off goes on where it was.
"""

import asyncio
import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import Protocol

from sqlmodel import Session, col, select

from catalog.database import Database
from reminders import outbox
from reminders.model import Broadcast, Delivery, Person

DELETABLE_FOR = dt.timedelta(hours=48)
"""Telegram's limit for a bot's own messages in private chats (core.telegram.org/bots/api#deletemessage)."""
_SOME = 100
_STAYS = "stays"

Said = tuple[int, int, int]
"""A message that is to go: the delivery's id, the chat's, the message's."""


class Eraser(Protocol):
    """Deletes messages on Telegram."""

    async def unsay(self, chat_id: int, message_id: int) -> bool | None:
        """Delete this message; whether it is gone. None: nobody knows, so it is tried again later."""
        ...


async def withdraw_some(database: Database, eraser: Eraser, now: dt.datetime) -> int:
    """Delete some of the messages of withdrawn broadcasts; how many were looked at. Call it again while it
    returns more than zero."""
    said = await asyncio.to_thread(database.read, partial(_said, now=now))
    for delivery_id, chat_id, message_id in said:
        gone = await eraser.unsay(chat_id, message_id)
        if gone is None:
            return 0
        await asyncio.to_thread(database.write, partial(_note, delivery_id=delivery_id, gone=gone))
    return len(said)


def _said(session: Session, *, now: dt.datetime) -> Sequence[Said]:
    rows = session.exec(
        select(Delivery.id, Person.chat_id, Delivery.message_id)
        .join(Person, col(Person.id) == Delivery.person_id)
        .join(Broadcast, col(Broadcast.id) == Delivery.broadcast_id)
        .where(
            Broadcast.state == "withdrawn",
            Delivery.state == "sent",
            col(Delivery.message_id).is_not(None),
            col(Delivery.settled_at) > now - DELETABLE_FOR,
            col(Delivery.reason).is_distinct_from(_STAYS),
        )
        .order_by(col(Delivery.id))
        .limit(_SOME)
    )
    return [(id_ or 0, chat_id, message_id or 0) for id_, chat_id, message_id in rows]


def _note(session: Session, *, delivery_id: int, gone: bool) -> None:
    which = col(Delivery.id) == delivery_id
    if gone:
        outbox.move(session, which, "withdrawn")
    else:
        outbox.move(session, which, "sent", reason=_STAYS)
