"""The only importer of APScheduler: a few in-memory ticks over durable state.

Nothing that is owed lives in the scheduler; a tick that is late runs once, late (`coalesce`), and never
beside itself (`max_instances=1`). A tick that raises is logged, and runs again at its next time.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler

logger = logging.getLogger(__name__)
# A tick that still runs when its time comes again is no fault, and would be a warning each time.
logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Tick:
    """Something to do every `seconds`; what `run` returns is logged when it is not empty."""

    name: str
    seconds: float
    run: Callable[[], Awaitable[str]]


class Schedule:
    """Ticks that run while the event loop does. Start it inside a running loop."""

    def __init__(self, ticks: list[Tick]) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        for tick in ticks:
            self._scheduler.add_job(
                _run,
                "interval",
                args=[tick],
                seconds=tick.seconds,
                id=tick.name,
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )

    def start(self) -> None:
        """Begin ticking; the first tick of each comes after its interval."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking; a tick that waits in the middle of something is cancelled there."""
        self._scheduler.shutdown(wait=False)


async def _run(tick: Tick) -> None:
    try:
        done = await tick.run()
    except Exception:
        logger.exception("tick %s failed", tick.name)
        return
    if done:
        logger.info("tick %s: %s", tick.name, done)
