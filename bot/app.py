"""The composition root: the only place that knows every concrete class of the bot."""

import datetime as dt
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.ext import Application, Defaults
from telegram.request import BaseRequest, HTTPXRequest

from bot.clock import Clock
from bot.conversations import Conversations
from bot.handlers import COMMANDS, register
from bot.handlers.visit import AnyApplication, House
from bot.limits import Gate
from bot.replies.notices import render
from bot.sender import TelegramSender
from bot.sequencing import CONCURRENT_UPDATES, ChatsInParallel
from bot.settings import Settings
from bot.texts import LANGUAGES, texts
from catalog import Catalogue, Database
from catalog.similar import similar
from reminders.composing import Composer
from reminders.courier import Courier
from reminders.delivery import LEASE, TIMEOUT

ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
"""What Telegram shall send: exactly what there is a route for."""

_POOL = CONCURRENT_UPDATES + 16
_POOL_TIMEOUT = 10.0
_NO_TOKEN = "0:offline"  # noqa: S105  # python-telegram-bot wants one even where no network is


def build_application(
    *,
    settings: Settings,
    catalogue: Catalogue,
    database: Database,
    clock: Clock,
    request: BaseRequest | None = None,
    updates_request: BaseRequest | None = None,
    gate: Gate | None = None,
    token: str | None = None,
) -> AnyApplication:
    """The bot, whole, not yet started.

    request: how the Bot API is reached, Telegram over HTTP when None. updates_request: the connection for
    long polling; without one there is no updater, and updates are handed to `process_update`. gate: what
    every call passes; None for no limits."""
    builder = Application.builder().token(token or settings.token or _NO_TOKEN)
    builder = builder.request(request or HTTPXRequest(connection_pool_size=_POOL, pool_timeout=_POOL_TIMEOUT))
    builder = builder.concurrent_updates(ChatsInParallel()).defaults(_defaults()).post_init(introduce)
    if settings.telegram_api_url:
        base = settings.telegram_api_url.rstrip("/")
        builder = builder.base_url(f"{base}/bot").base_file_url(f"{base}/file/bot")
    if gate is not None:
        builder = builder.rate_limiter(gate)  # type: ignore[arg-type]  # typed for a bot without one
    if updates_request is not None:
        builder = builder.get_updates_request(updates_request)
    else:
        builder = builder.updater(None).get_updates_request(request or HTTPXRequest())
    application: AnyApplication = builder.build()
    application.bot_data["house"] = House(settings, catalogue, database, clock, Conversations())
    register(application)
    return application


@dataclass(frozen=True, slots=True)
class Timing:
    """How sending is timed; tests shorten it. every: seconds between two looks at the outbox. lease, timeout,
    concurrency: see `reminders.delivery.deliver_due`."""

    every: float = 5
    lease: dt.timedelta = LEASE
    timeout: dt.timedelta = TIMEOUT
    concurrency: int = 8


def build_courier(
    application: AnyApplication, gate: Gate, timing: Timing, only_chat: int | None = None
) -> Courier:
    """Who sends what is owed, over this application's bot, which must have this gate. only_chat: what is owed
    to this chat only."""
    house: House = application.bot_data["house"]
    zone, catalogue = house.settings.zone, house.catalogue
    return Courier(
        house.database,
        TelegramSender(application.bot, gate, partial(render, zone=zone)),
        house.clock,
        Composer(zone, match=catalogue.search_new, similar=partial(similar, catalogue)),
        worker=secrets.token_hex(8),
        only_chat=only_chat,
        concurrency=timing.concurrency,
        lease=timing.lease,
        timeout=timing.timeout,
    )


async def introduce(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tell Telegram the commands, in every language, for its menu."""
    default = application.bot_data["house"].settings.default_language
    for language in LANGUAGES:
        groups, private = [_command("find", language)], [_command(name, language) for name in COMMANDS]
        codes = (None, language) if language == default else (language,)
        for code in codes:
            await application.bot.set_my_commands(groups, BotCommandScopeAllGroupChats(), code)
            await application.bot.set_my_commands(private, BotCommandScopeAllPrivateChats(), code)


def _command(name: str, language: str) -> BotCommand:
    say = texts(language)
    return BotCommand(say(f"command.{name}.name"), say(f"command.{name}.description"))


def _defaults() -> Defaults:
    return Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True))
