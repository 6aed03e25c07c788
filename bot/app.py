"""The composition root: the only place that knows every concrete class of the bot."""

import datetime as dt
import math
import secrets
from dataclasses import dataclass
from functools import partial
from typing import Any

from telegram import (
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode
from telegram.ext import Application, Defaults
from telegram.request import BaseRequest, HTTPXRequest

from bot.bulk import BulkRequest
from bot.clock import Clock
from bot.conversations import Conversations
from bot.handlers import COMMANDS, STAFF_COMMANDS, register
from bot.handlers.staffing import right_of
from bot.handlers.visit import AnyApplication, House
from bot.limits import FREE_RATE, Gate
from bot.menus import Menus, command
from bot.replies.notices import render
from bot.sender import TelegramSender
from bot.sequencing import CONCURRENT_UPDATES, ChatsInParallel
from bot.settings import Settings
from bot.texts import LANGUAGES
from catalog import Catalogue, Database
from catalog.similar import similar
from reminders import broadcast_notes, fact_reports, proposal_notes, weekly
from reminders.composing import Composer
from reminders.courier import Courier
from reminders.delivery import FEW, LEASE, TIMEOUT
from reminders.notes import Facts, Notes

ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
"""What Telegram shall send: exactly what there is a route for."""

_POOL = CONCURRENT_UPDATES + 16
_POOL_TIMEOUT = 10.0
_FEW_UNTIL, _ANSWERED_WITHIN = 40, 0.3
_TELEGRAM = "https://api.telegram.org"
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
        builder = builder.base_url(f"{_address(settings)}/bot")
        builder = builder.base_file_url(f"{_address(settings)}/file/bot")
    if gate is not None:
        builder = builder.rate_limiter(gate)  # type: ignore[arg-type]  # typed for a bot without one
    if updates_request is not None:
        builder = builder.get_updates_request(updates_request)
    else:
        builder = builder.updater(None).get_updates_request(request or HTTPXRequest())
    application: AnyApplication = builder.build()
    menus = Menus(COMMANDS, {name: right_of(handler) for name, handler in STAFF_COMMANDS.items()})
    application.bot_data["house"] = House(settings, catalogue, database, clock, Conversations(), menus)
    register(application)
    return application


_STAFF_NOTES: dict[str, Facts] = {
    **broadcast_notes.FACTS,
    **fact_reports.STAFF_NOTES,
    **proposal_notes.FACTS,
    weekly.NOTE: weekly.facts,
}
"""What notes to staff are about, by their kind; their words are in `bot.replies.notices`."""


@dataclass(frozen=True, slots=True)
class Timing:
    """How sending is timed; tests shorten it. every: seconds between two looks at the outbox, works: at least
    between two runs of other work; None as each has it. lease, timeout: see
    `reminders.delivery.deliver_due`."""

    every: float = 5
    lease: dt.timedelta = LEASE
    timeout: dt.timedelta = TIMEOUT
    works: float | None = None


def under_way(broadcast_rate: float) -> int:
    """How many requests may be under way at so many messages a second: eight up to 40 a second, and beyond
    that what three tenths of a second bring. It is also the most messages that a crash leaves in doubt
    (G2)."""
    return FEW + math.ceil(max(0.0, broadcast_rate - _FEW_UNTIL) * _ANSWERED_WITHIN)


def build_bulk(settings: Settings) -> BulkRequest:
    """The connection for `build_sender`, to be initialized and shut down by whoever runs it."""
    return BulkRequest(_address(settings), under_way(settings.broadcast_rate))


def build_sender(application: AnyApplication, gate: Gate, bulk: BulkRequest | None) -> TelegramSender:
    """Says what is owed through this application's gate; over a connection of its own where there is one."""
    house: House = application.bot_data["house"]
    words, paid = partial(render, zone=house.settings.zone), house.settings.broadcast_rate > FREE_RATE
    return TelegramSender(application.bot, gate, words, request=bulk, paid=paid)


def build_courier(
    application: AnyApplication, sender: TelegramSender, timing: Timing, only_chat: int | None = None
) -> Courier:
    """Who sends what is owed. only_chat: what is owed to this chat only."""
    house: House = application.bot_data["house"]
    zone, catalogue = house.settings.zone, house.catalogue
    return Courier(
        house.database,
        sender,
        house.clock,
        Composer(
            zone,
            match=catalogue.search_new,
            similar=partial(similar, catalogue),
            notes=Notes({**_STAFF_NOTES, **fact_reports.NOTES}, frozenset(_STAFF_NOTES)),
        ),
        worker=secrets.token_hex(8),
        only_chat=only_chat,
        concurrency=under_way(house.settings.broadcast_rate),
        lease=timing.lease,
        timeout=timing.timeout,
    )


async def introduce(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Tell Telegram the commands, in every language, for its menu."""
    house: House = application.bot_data["house"]
    default = house.settings.default_language
    for language in LANGUAGES:
        groups, private = [command("find", language)], house.menus.for_everybody(language)
        codes = (None, language) if language == default else (language,)
        for code in codes:
            await application.bot.set_my_commands(groups, BotCommandScopeAllGroupChats(), code)
            await application.bot.set_my_commands(private, BotCommandScopeAllPrivateChats(), code)


def _address(settings: Settings) -> str:
    return (settings.telegram_api_url or _TELEGRAM).rstrip("/")


def _defaults() -> Defaults:
    return Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True))
