"""Who may come in where staff work. Asked of the database at every update and every tap, whatever the data
says; denied unless a right is named."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from telegram import Update

from bot.buttons import Action
from bot.handlers import unknown
from bot.handlers.answering import Outcome
from bot.handlers.sending import Handler, acknowledge
from bot.handlers.visit import Context, Visit, enter
from catalog.staff import Right, may

StaffHandler = Callable[[Update, Context, Visit], Coroutine[Any, Any, None]]
"""A handler that is given the visit; `Visit.acting` is the staffer."""
Taker = Callable[[Visit, Action, str, str], Outcome | None]
"""The answer to what was typed on this screen (visit, screen, text, the bot's user name); None when it is a
question like any other. Blocking."""

_RIGHTS: dict[Handler | Taker, Right] = {}


def for_staff(right: Right, *, otherwise: Handler = unknown.command) -> Callable[[StaffHandler], Handler]:
    """Only staff with this right get in. For anybody else a command does not exist, and a tap on a button is
    answered with a toast and does nothing; `otherwise`: what any other message gets instead."""

    def admit(work: StaffHandler) -> Handler:
        @wraps(work)
        async def handler(update: Update, context: Context) -> None:
            visit = await enter(update, context)
            if may(visit.staffer, right):
                await work(update, context, visit)
            elif update.callback_query is not None:
                await refuse(update, visit)
            else:
                await _refuse_command(update, context, visit, otherwise)

        _RIGHTS[handler] = right
        return handler

    return admit


def typed_by_staff(right: Right) -> Callable[[Taker], Taker]:
    """The same for what is typed on a screen of theirs: from anybody else it is a question like any other."""

    def admit(work: Taker) -> Taker:
        @wraps(work)
        def taker(visit: Visit, screen: Action, text: str, bot_username: str) -> Outcome | None:
            return work(visit, screen, text, bot_username) if may(visit.staffer, right) else None

        _RIGHTS[taker] = right
        return taker

    return admit


def right_of(handler: Handler | Taker) -> Right:
    """The right that this handler asks for. Raises KeyError for one that is open to everybody."""
    return _RIGHTS[handler]


async def _refuse_command(update: Update, context: Context, visit: Visit, otherwise: Handler) -> None:
    if visit.staffer is None and visit.is_private and otherwise is unknown.command:
        # Whoever still has the menu was dismissed where Telegram could not be told.
        await visit.house.menus.take_away(context.bot, visit.chat_id)
    await otherwise(update, context)


async def refuse(update: Update, visit: Visit) -> None:
    """Answer a tap on what is not theirs, or no longer; nothing else happens."""
    await acknowledge(update, visit.voice.texts("toast.staff_only"))
