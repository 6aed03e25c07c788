"""Running the bot: on Telegram with its ticks, or in the terminal. Both run the same Application."""

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import InvalidToken, NetworkError
from telegram.ext import Application

from bot import progress
from bot.app import ALLOWED_UPDATES, Timing, build_application, build_bulk, build_courier, build_sender
from bot.bulk import BulkRequest
from bot.clock import Clock
from bot.handlers.visit import House
from bot.limits import NO_LIMITS, Gate, limits_for
from bot.offline import OfflineApi, OfflineRequest
from bot.polling import PollWatch, WatchedRequest
from bot.settings import Settings
from bot.terminal import CHAT_ID, Screen, TerminalChat
from bot.texts import texts
from catalog import Catalogue, Database
from reminders.courier import Courier
from reminders.schedule import Schedule, Tick
from reminders.ticks import Work, repair_one, works
from reminders.withdrawing import Eraser, withdraw_some

logger = logging.getLogger(__name__)

REFRESH_SECONDS = 5
"""Another process may import: what it commits is seen within this time."""
WATCH_SECONDS = 15
WITHDRAW_SECONDS = 5
COUNT_SECONDS = 60
"""What was counted is written so often: a process that is killed loses no more."""
POLL_CONNECTIONS = 4
POLL_READ_SECONDS = 20
BOOT_RETRIES = 5
"""A blip of the network at start should not end the process."""

DONE, STOPPED = 0, 1
_USUAL = Timing()
AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class UnknownTokenError(Exception):
    """Telegram does not know the token."""


class UnreachableError(Exception):
    """Telegram could not be reached at start; the words name the kind of error, never the address."""


def run_on_telegram(settings: Settings, database: Database, clock: Clock, timing: Timing = _USUAL) -> int:
    """Poll, answer and send what is owed until SIGINT or SIGTERM. 0 when stopped from outside, 1 when it
    stopped itself because Telegram has gone silent. Raises UnknownTokenError and UnreachableError."""
    catalogue = Catalogue(database, settings.zone)
    catalogue.refresh(clock())
    watch, gate = PollWatch(), Gate(settings.broadcast_rate, limits_for(settings.broadcast_rate))
    application = build_application(
        settings=settings,
        catalogue=catalogue,
        database=database,
        clock=clock,
        gate=gate,
        updates_request=WatchedRequest(
            watch, connection_pool_size=POLL_CONNECTIONS, read_timeout=POLL_READ_SECONDS
        ),
        token=settings.token,
    )
    overdue, bulk, counting = _Flag(), build_bulk(settings), _counting(application, database)
    sender = build_sender(application, gate, bulk)
    courier = build_courier(application, sender, timing)
    schedule = Schedule(
        [
            _refresh_tick(catalogue, clock),
            _watch_tick(watch, application, overdue),
            Tick("deliver", timing.every, courier.tick),
            Tick("progress", progress.EVERY, progress.Progress(application).tick),
            Tick("withdraw", min(timing.every, WITHDRAW_SECONDS), _withdrawing(database, sender, clock)),
            counting,
            *(_work_tick(work, clock, timing) for work in works(database, catalogue, settings.zone)),
        ]
    )
    _set_aside_what_stays()
    application.post_init = _beginning(application.post_init, bulk, schedule)
    application.post_stop = _ending(schedule, courier, bulk, counting)
    try:
        application.run_polling(allowed_updates=ALLOWED_UPDATES, bootstrap_retries=BOOT_RETRIES)
    except InvalidToken:
        raise UnknownTokenError from None
    except NetworkError as error:
        raise UnreachableError(type(error.__cause__ or error).__name__) from None
    return STOPPED if overdue.raised else DONE


async def chat_in_terminal(
    settings: Settings,
    database: Database,
    clock: Clock,
    language: str,
    at: tuple[float, float] | None,
    *,
    timing: Timing = _USUAL,
) -> None:
    """One person's chat until the input ends, with the same ticks; what is owed to others stays where it
    is."""
    catalogue = Catalogue(database, settings.zone)
    catalogue.refresh(clock())
    say = texts(language)
    screen, gate = Screen(say), Gate(settings.broadcast_rate, NO_LIMITS)
    api = OfflineApi(watch=screen.show)
    application = build_application(
        settings=settings,
        catalogue=catalogue,
        database=database,
        clock=clock,
        request=OfflineRequest(api),
        gate=gate,
    )
    courier = build_courier(application, build_sender(application, gate, None), timing, only_chat=CHAT_ID)
    own, counting = (
        works(database, catalogue, settings.zone, only_chat=CHAT_ID),
        _counting(application, database),
    )
    schedule = Schedule(
        [
            _refresh_tick(catalogue, clock),
            Tick("deliver", timing.every, courier.tick),
            Tick("progress", progress.EVERY, progress.Progress(application, only_chat=CHAT_ID).tick),
            counting,
            *(_work_tick(work, clock, timing) for work in own),
        ]
    )
    api.know(CHAT_ID)
    await asyncio.to_thread(repair_one, database, settings.zone, CHAT_ID, clock())
    schedule.start()
    try:
        await TerminalChat(application, api, screen, say).run(at)
    finally:
        await courier.finish()
        schedule.stop()
        await counting.run()


class _Flag:
    raised = False


def _refresh_tick(catalogue: Catalogue, clock: Clock) -> Tick:
    async def refresh() -> str:
        return "rebuilt" if await asyncio.to_thread(catalogue.refresh, clock()) else ""

    return Tick("catalogue", REFRESH_SECONDS, refresh)


def _work_tick(work: Work, clock: Clock, timing: Timing) -> Tick:
    async def run() -> str:
        return await asyncio.to_thread(work.run, clock())

    return Tick(work.name, min(work.seconds, timing.works or work.seconds), run)


def _counting(application: AnyApplication, database: Database) -> Tick:
    house: House = application.bot_data["house"]

    async def write() -> str:
        return await asyncio.to_thread(house.recorder.flush, database)

    return Tick("counting", COUNT_SECONDS, write)


def _withdrawing(database: Database, eraser: Eraser, clock: Clock) -> Callable[[], Coroutine[Any, Any, str]]:
    async def withdraw() -> str:
        looked_at = 0
        while some := await withdraw_some(database, eraser, clock()):
            looked_at += some
        return f"looked at {looked_at}" if looked_at else ""

    return withdraw


def _watch_tick(watch: PollWatch, application: AnyApplication, overdue: _Flag) -> Tick:
    async def look() -> str:
        if not watch.overdue():
            return ""
        logger.critical("Telegram has not answered a poll for a while: stopping, to be started anew")
        overdue.raised = True
        application.stop_running()
        return "stopping"

    return Tick("polling", WATCH_SECONDS, look)


def _set_aside_what_stays() -> None:
    # The catalogue and the dictionaries stay. Looking through them for garbage, 260,000 objects with the
    # sample catalogue, stops everybody for 0.13 s each time (measured).
    gc.collect()
    gc.freeze()


def _ending(
    schedule: Schedule, courier: Courier, bulk: BulkRequest, counting: Tick
) -> Callable[[AnyApplication], Coroutine[Any, Any, None]]:
    async def end(_application: AnyApplication) -> None:
        # In this order: stopping the schedule cuts off whatever is under way.
        await courier.finish()
        schedule.stop()
        await bulk.shutdown()
        await counting.run()

    return end


def _beginning(
    first: Callable[[AnyApplication], Coroutine[Any, Any, None]] | None, bulk: BulkRequest, schedule: Schedule
) -> Callable[[AnyApplication], Coroutine[Any, Any, None]]:
    async def begin(application: AnyApplication) -> None:
        if first is not None:
            await first(application)
        await bulk.initialize()
        schedule.start()

    return begin
