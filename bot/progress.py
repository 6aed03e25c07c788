"""The progress message of each broadcast in its author's chat: one message, edited as things move on.

Somebody has to look when a broadcast stops by itself or is over, and an edit makes no sound: then the message
is sent anew, and the old one goes."""

import asyncio
import datetime as dt
import logging
from dataclasses import dataclass

from sqlmodel import Session, col, or_, select
from telegram.error import BadRequest, TelegramError

from bot.handlers.sending import buttons
from bot.handlers.visit import AnyApplication, House
from bot.replies.broadcast_status import progress_page
from bot.replies.reply import Reply, Voice
from bot.texts import texts
from catalog import staff
from reminders import broadcasts, people
from reminders.broadcast_progress import report
from reminders.model import Broadcast

EVERY = 5
"""Seconds between two looks; each message is edited once a look at most, and only when it says anything
new."""
_MOST = 20
_FOLLOWED_FOR = dt.timedelta(days=2)
_ALIVE = ("waiting", "held", "ready", "running", "paused")
_BY_HAND = ("hand", None)
_LOUD = ("done", "expired")

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a progress message says. number: the broadcast's; is_loud: somebody should look now; is_last: it
    is a draft again, and has no progress."""

    number: int
    chat_id: int
    message_id: int
    reply: Reply
    state: str
    is_loud: bool
    is_last: bool


class Progress:
    """Keeps the progress messages of an application's broadcasts up to date. only_chat: of this author
    only."""

    def __init__(self, application: AnyApplication, only_chat: int | None = None) -> None:
        self._bot = application.bot
        self._house: House = application.bot_data["house"]
        self._only_chat = only_chat
        self._said: dict[int, _Told] = {}

    async def tick(self) -> str:
        """Look once; what was changed, for the log."""
        found = await asyncio.to_thread(self._house.database.read, self._look)
        self._said = {one.number: self._said[one.number] for one in found if one.number in self._said}
        changed = [one for one in found if self._is_new(one)]
        for one in changed:
            await self._tell(one)
        return f"edited {len(changed)}" if changed else ""

    def _is_new(self, told: _Told) -> bool:
        before = self._said.get(told.number)
        return before is None or (before.reply, before.message_id) != (told.reply, told.message_id)

    def _look(self, session: Session) -> list[_Told]:
        now = self._house.clock()
        newest = (
            select(Broadcast)
            .where(
                col(Broadcast.message_id).is_not(None),
                or_(col(Broadcast.state).in_(_ALIVE), col(Broadcast.updated_at) > now - _FOLLOWED_FOR),
            )
            .order_by(col(Broadcast.updated_at).desc())
            .limit(_MOST)
        )
        told = (self._told(session, broadcast, now) for broadcast in session.exec(newest))
        return [one for one in told if one is not None]

    def _told(self, session: Session, broadcast: Broadcast, now: dt.datetime) -> _Told | None:
        author = staff.by_id(session, broadcast.author_id)
        if author is None or self._only_chat not in (None, author.telegram_id):
            return None
        person = people.find(session, author.telegram_id)
        language = person.language if person else self._house.settings.default_language
        voice = Voice(texts(language), now, self._house.settings.zone)
        left = broadcasts.left_out(session, broadcast)
        stopped_itself = broadcast.state == "paused" and broadcast.paused_for not in _BY_HAND
        return _Told(
            broadcast.id or 0,
            author.telegram_id,
            broadcast.message_id or 0,
            progress_page(broadcast, report(session, broadcast), left, voice),
            broadcast.state,
            is_loud=stopped_itself or broadcast.state in _LOUD,
            is_last=broadcast.state == "draft",
        )

    async def _tell(self, told: _Told) -> None:
        before = self._said.get(told.number)
        self._said[told.number] = told
        try:
            if told.is_loud and before is not None and before.state != told.state:
                await self._send_anew(told)
            else:
                await self._edit(told)
        except TelegramError as error:
            logger.info("progress of a broadcast could not be shown: %s", type(error).__name__)
        if told.is_last:
            await self._keep(told, None)

    async def _edit(self, told: _Told) -> None:
        try:
            await self._bot.edit_message_text(
                told.reply.text, told.chat_id, told.message_id, reply_markup=buttons(told.reply)
            )
        except BadRequest as error:
            if "not modified" not in error.message.lower():
                raise

    async def _send_anew(self, told: _Told) -> None:
        message = await self._bot.send_message(
            told.chat_id, told.reply.text, reply_markup=buttons(told.reply)
        )
        await self._keep(told, message.message_id)
        await self._bot.delete_message(told.chat_id, told.message_id)

    async def _keep(self, told: _Told, message_id: int | None) -> None:
        def work(session: Session) -> None:
            broadcast = session.get(Broadcast, told.number)
            if broadcast is not None and broadcast.message_id == told.message_id:
                broadcast.message_id = message_id
                session.add(broadcast)

        await asyncio.to_thread(self._house.database.write, work)
