"""Says what is owed on Telegram, and tells what became of it, told apart by cause."""

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from telegram import LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bot.bulk import NEVER_SENT, Form
from bot.handlers.sending import buttons
from bot.limits import Gate, NotMineError, seconds_of
from bot.replies.reply import Reply
from reminders.delivery import TIMEOUT
from reminders.notices import Announcement, Fate, Notice, Outcome, Turn
from reminders.outbox import Priority

_NOT_SENT = (httpx.PoolTimeout, httpx.ConnectTimeout, httpx.ConnectError, *NEVER_SENT)
_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "chat was deactivated",
    "peer_id_invalid",
)
_CONNECT, _WRITE, _READ, _POOL = 0.25, 0.25, 0.4, 0.1
"""What part of a request's time each of its phases may take."""
_WORDS_HOLD = dt.timedelta(seconds=30)
"""How long "i morgen" in a broadcast is not asked again whether it is still tomorrow."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _ToMany:
    """The words of a broadcast in one language, made at an instant: `what` it was made of."""

    what: tuple[object, ...]
    at: dt.datetime
    form: Form


class TelegramSender:
    """`reminders.notices.Sender` over a bot and its `gate`. render: a notice as a reply; its picture is left
    out, for an address that Telegram refuses would look like a fault of our words. request: the connection,
    the bot's own when None. paid: whether Telegram may be paid for more messages a second than are free."""

    def __init__(
        self,
        bot: ExtBot[Any],
        gate: Gate,
        render: Callable[[Notice], Reply],
        *,
        request: BaseRequest | None = None,
        paid: bool = False,
    ) -> None:
        self._address, self._request = bot.base_url, request or bot.request
        self._gate, self._render, self._paid = gate, render, paid
        self._to_many: dict[str, _ToMany] = {}

    def halted_for(self) -> float:
        """Seconds until the gate opens; 0 when it is open."""
        return self._gate.halted_for()

    async def send(self, notice: Notice, turn: Turn) -> Outcome:
        """Say it when it is its turn; raises nothing."""
        try:
            form = self._many_words(notice) if isinstance(notice, Announcement) else self._words(notice)
        except Exception:
            logger.exception("delivery %s has no words", notice.to.delivery_id)
            return Outcome(Fate.REFUSED, reason="not-rendered")
        try:
            message = await self._post(form, notice.to.chat_id, turn)
            return Outcome(Fate.SENT, message_id=int(message["message_id"]))
        except Exception as error:
            return outcome_of(error)

    async def unsay(self, chat_id: int, message_id: int) -> bool | None:
        """`reminders.withdrawing.Eraser`: delete a message when it is its turn; raises nothing."""
        turn = Turn(Priority.BROADCAST, _yes, TIMEOUT.total_seconds())
        form = Form("deleteMessage", {"message_id": str(message_id)})
        try:
            await self._post(form, chat_id, turn)
        except (BadRequest, Forbidden):
            return False
        except (TelegramError, TimeoutError) as error:
            logger.info("a message could not be deleted yet: %s", type(error.__cause__ or error).__name__)
            return None
        return True

    def _many_words(self, notice: Announcement) -> Form:
        """What differs between those who get it is their language alone."""
        what = (notice.broadcast_id, notice.text, notice.picture, notice.cards)
        language, now = notice.to.language, notice.to.now
        known = self._to_many.get(language)
        if known is None or known.what != what or not dt.timedelta(0) <= now - known.at < _WORDS_HOLD:
            known = self._to_many[language] = _ToMany(what, now, self._words(notice))
        return known.form

    def _words(self, notice: Notice) -> Form:
        reply = self._render(notice)
        markup = buttons(reply)
        parameters = {"parse_mode": str(ParseMode.HTML)}
        if markup is not None:
            parameters["reply_markup"] = markup.to_json()
        if self._paid:
            parameters["allow_paid_broadcast"] = "true"
        if reply.photo is not None:
            return Form("sendPhoto", {"photo": reply.photo, "caption": reply.text, **parameters})
        plain = LinkPreviewOptions(is_disabled=True).to_json()
        return Form("sendMessage", {"text": reply.text, "link_preview_options": plain, **parameters})

    async def _post(self, form: Form, chat_id: int, turn: Turn) -> Any:
        # Past the bot's own method, which takes twice as long: it reads the whole message that comes back.
        request = {"url": f"{self._address}/{form.endpoint}", "request_data": form.to(chat_id)}
        return await self._gate.process_request(
            self._request.post,
            (),
            {**request, **_phases(turn.timeout)},
            form.endpoint,
            {"chat_id": chat_id},
            turn,
        )


async def _yes() -> bool:
    return True


def _phases(seconds: float) -> dict[str, Any]:
    parts = {"connect": _CONNECT, "write": _WRITE, "read": _READ, "pool": _POOL}
    return {f"{phase}_timeout": seconds * part for phase, part in parts.items()}


def outcome_of(error: Exception) -> Outcome:  # noqa: PLR0911  # one line an outcome, read as a table
    """What became of a request that ended in this error (delivery-and-safety, outcome classes)."""
    match error:
        case NotMineError():
            return Outcome(Fate.NOT_SENT, reason="declined")
        case RetryAfter():
            return Outcome(Fate.TOO_MANY, retry_after=seconds_of(error))
        case ChatMigrated():
            return Outcome(Fate.MIGRATED, new_chat_id=error.new_chat_id)
        case Forbidden():
            return Outcome(Fate.GONE, reason="forbidden")
        case BadRequest():  # before NetworkError, which it is one of
            words = error.message.lower()
            gone = any(phrase in words for phrase in _GONE)
            return Outcome(Fate.GONE, reason="no-chat") if gone else Outcome(Fate.REFUSED, reason=words)
        case InvalidToken() | Conflict():
            return Outcome(Fate.STOP, reason=type(error).__name__)
        case NetworkError() if isinstance(error.__cause__, _NOT_SENT):
            return Outcome(Fate.NOT_SENT, reason=type(error.__cause__).__name__)
    if not isinstance(error, NetworkError | asyncio.TimeoutError):
        logger.error("a request ended in an error of its own kind", exc_info=error)
    return Outcome(Fate.UNKNOWN, reason=type(error.__cause__ or error).__name__)
