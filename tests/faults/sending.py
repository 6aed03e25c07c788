"""The processes of the fault tests. `run_bot` is `kulturlods run` itself; `run_courier` is its sending alone
(the real courier, sender, gate and outbox over real HTTP) with the simplest of words and no wait between
messages. What a test must alter comes in as `Orders`, here and nowhere else.
"""

import asyncio
import datetime as dt
import logging
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.app import Timing
from bot.clock import Clock, clock_from
from bot.limits import Gate, Limits
from bot.replies.markup import Html
from bot.replies.reply import Reply
from bot.running import run_on_telegram
from bot.sender import TelegramSender
from bot.settings import Settings
from catalog.database import Database
from catalog.search.analysis import lemmas
from reminders import outbox
from reminders.courier import Courier
from reminders.notices import Notice
from reminders.schedule import Schedule, Tick
from tests.reminders.outbox_facts import NOW, notice

TOKEN = "123:faults"
ZONE = ZoneInfo("Europe/Copenhagen")
TICK_SECONDS = 0.05
lemmas("musik")  # reads the dictionaries, once for all processes that are forked from here


def words(said: Notice) -> Reply:
    return Reply(Html(f"<b>{said.to.delivery_id}</b>"))


@dataclass(frozen=True)
class Orders:
    """database: its URL. api: the Bot API's. ahead: seconds that the clock is ahead of the story's beginning.
    rate: messages a second."""

    database: str
    api: str
    log: Path
    worker: str
    ahead: float
    rate: float


def run_bot(orders: Orders) -> None:
    """The whole bot, until SIGTERM; its pace is a setting, and so no faster than Telegram bears."""
    _log_to(orders.log)
    settings = Settings(
        _env_file=None,
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=orders.api,
        database_url=orders.database,
        broadcast_rate=orders.rate,
    )
    timing = Timing(every=TICK_SECONDS)
    run_on_telegram(settings, Database(orders.database), _clock(orders), timing)


def run_courier(orders: Orders) -> None:
    """Deliver, tick after tick, until SIGTERM."""
    _log_to(orders.log)
    asyncio.run(_deliver(orders))


def _log_to(file: Path) -> None:
    sys.stdout = sys.stderr = file.open("a", encoding="utf-8")
    logging.basicConfig(level="WARNING", stream=sys.stderr, force=True)


def _clock(orders: Orders) -> Clock:
    return clock_from(NOW + dt.timedelta(seconds=orders.ahead), ZONE)


async def _deliver(orders: Orders) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    database, clock = Database(orders.database), _clock(orders)
    gate = Gate(orders.rate, Limits(messages=1_000_000))
    bot = ExtBot(
        TOKEN,
        base_url=f"{orders.api}/bot",
        request=HTTPXRequest(),
        get_updates_request=HTTPXRequest(),
        rate_limiter=gate,
    )
    await bot.request.initialize()
    courier = Courier(database, TelegramSender(bot, gate, words), clock, notice, worker=orders.worker)

    async def tidy() -> str:
        return str(await asyncio.to_thread(database.write, lambda session: outbox.sweep(session, clock())))

    schedule = Schedule([Tick("delivery", TICK_SECONDS, courier.tick), Tick("sweep", 0.5, tidy)])
    schedule.start()
    await stop.wait()
    await courier.finish()
    schedule.stop()
    await bot.request.shutdown()
