"""Says what is owed on Telegram, and tells what became of it, told apart by cause."""

import asyncio
import logging
from collections.abc import Callable
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
)
from telegram.ext import ExtBot

from bot.handlers.sending import buttons
from bot.limits import Gate, NotMineError, seconds_of
from bot.replies.reply import Reply
from reminders.notices import Fate, Notice, Outcome, Turn

_NOT_SENT = (httpx.PoolTimeout, httpx.ConnectTimeout, httpx.ConnectError)
_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "chat was deactivated",
    "peer_id_invalid",
)
_CONNECT, _WRITE, _READ, _POOL = 0.25, 0.25, 0.4, 0.1
"""What part of a request's time each of its phases may take."""

logger = logging.getLogger(__name__)


class TelegramSender:
    """`reminders.notices.Sender` over a bot whose rate limiter is `gate`. render: a notice as a reply; its
    picture is left out, for an address that Telegram refuses would look like a fault of our words."""

    def __init__(self, bot: ExtBot[Any], gate: Gate, render: Callable[[Notice], Reply]) -> None:
        self._bot, self._gate, self._render = bot, gate, render

    def halted_for(self) -> float:
        """Seconds until the gate opens; 0 when it is open."""
        return self._gate.halted_for()

    async def send(self, notice: Notice, turn: Turn) -> Outcome:
        """Say it when it is its turn; raises nothing."""
        try:
            reply = self._render(notice)
            markup = buttons(reply)
        except Exception:
            logger.exception("delivery %s has no words", notice.to.delivery_id)
            return Outcome(Fate.REFUSED, reason="not-rendered")
        try:
            message = await self._bot.send_message(
                notice.to.chat_id,
                reply.text,
                parse_mode=ParseMode.HTML,
                reply_markup=markup,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                rate_limit_args=turn,
                connect_timeout=turn.timeout * _CONNECT,
                write_timeout=turn.timeout * _WRITE,
                read_timeout=turn.timeout * _READ,
                pool_timeout=turn.timeout * _POOL,
            )
        except Exception as error:
            return outcome_of(error)
        return Outcome(Fate.SENT, message_id=message.message_id)


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
