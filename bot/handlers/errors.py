"""When something goes wrong: one kind sentence with an id, and a log line with the same id."""

import logging
import secrets
import traceback

from telegram import Update
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.handlers.visit import Context, glance
from bot.replies import basics

logger = logging.getLogger("kulturlods.errors")


async def report(update: object, context: Context) -> None:
    """Log what happened and where, without a word of what was written, and say sorry."""
    error = context.error
    if isinstance(error, Forbidden):
        logger.info("a person has blocked the bot or left")
        return
    if _is_connection(error):
        logger.warning("Telegram could not be reached: %s", type(error).__name__)
        return
    error_id = secrets.token_hex(3)
    logger.error("error %s: %s\n%s", error_id, _kinds(error), _trace(error))
    await _say_sorry(update, context, error_id)


async def _say_sorry(update: object, context: Context, error_id: str) -> None:
    if not isinstance(update, Update) or update.effective_chat is None:
        return
    sorry = basics.plain("error.sorry", glance(update, context).voice, id=error_id)
    try:
        await context.bot.send_message(update.effective_chat.id, sorry.text)
    except TelegramError as failure:
        logger.warning("error %s could not be told: %s", error_id, type(failure).__name__)


def _is_connection(error: BaseException | None) -> bool:
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


def _kinds(error: BaseException | None) -> str:
    """The error and what caused it, by kind: an exception's own words may hold what a person wrote."""
    kinds: list[str] = []
    while error is not None and len(kinds) < 5:
        kinds.append(type(error).__qualname__)
        error = error.__cause__ or error.__context__
    return " < ".join(kinds)


def _trace(error: BaseException | None) -> str:
    return "".join(traceback.format_tb(error.__traceback__)) if error else ""
