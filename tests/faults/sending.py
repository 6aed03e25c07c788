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
from catalog.catalogue import Catalogue
from catalog.database import Database
from reminders import broadcast_progress, outbox
from reminders.courier import Courier
from reminders.model import table_metadata
from reminders.notices import Notice
from reminders.schedule import Schedule, Tick
from tests.reminders.outbox_facts import NOW, notice

TOKEN = "123:faults"
ZONE = ZoneInfo("Europe/Copenhagen")
TICK_SECONDS, WORK_SECONDS = 0.05, 0.2


def _warm_up() -> None:
    """Dictionaries and patterns are read once for all processes that are forked from here."""
    database = Database("sqlite://")
    table_metadata().create_all(database.engine)
    Catalogue(database, ZONE).refresh(NOW)
    database.close()


_warm_up()


def words(said: Notice) -> Reply:
    return Reply(Html(f"<b>{said.to.delivery_id}</b>"))


@dataclass(frozen=True)
class Orders:
    """database: its URL. api: the Bot API's. ahead: seconds that the clock is ahead of the story's beginning.
    rate: messages a second. canary: of how many recipients on the first ones go alone, and how many these
    are."""

    database: str
    api: str
    log: Path
    worker: str
    ahead: float
    rate: float
    canary: tuple[int, int] = (broadcast_progress.CANARY_FROM, broadcast_progress.CANARY)


def run_bot(orders: Orders) -> None:
    """The whole bot, until SIGTERM; its pace is a setting."""
    _log_to(orders.log)
    broadcast_progress.CANARY_FROM, broadcast_progress.CANARY = orders.canary
    settings = Settings(
        _env_file=None,
        telegram_token=SecretStr(TOKEN),
        telegram_api_url=orders.api,
        database_url=orders.database,
        broadcast_rate=orders.rate,
    )
    timing = Timing(every=TICK_SECONDS, works=WORK_SECONDS)
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
