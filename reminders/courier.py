"""The delivery tick of one process: what it must remember between runs, and a good end."""

import asyncio
import datetime as dt
from contextlib import suppress

from catalog.database import Database
from reminders.delivery import LEASE, TIMEOUT, Clock, Compose, Report, check_lease, deliver_due
from reminders.notices import Sender


class Courier:
    """Runs `deliver_due` at every tick, until Telegram does not know us any more or it is told to finish.

    worker: a name that no other process has. only_chat: for a terminal, its person's rows only. Raises
    ValueError when the lease does not fit the time-out."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        clock: Clock,
        compose: Compose,
        *,
        worker: str,
        only_chat: int | None = None,
        concurrency: int = 8,
        lease: dt.timedelta = LEASE,
        timeout: dt.timedelta = TIMEOUT,
    ) -> None:
        self._doors = (database, sender, clock, compose)
        self._worker, self._only_chat, self._concurrency = worker, only_chat, concurrency
        self._lease, self._timeout = lease, timeout
        self._stop, self._idle = asyncio.Event(), asyncio.Event()
        self._idle.set()
        self._paused: dict[str, dt.datetime] = {}
        check_lease(lease, timeout)

    async def tick(self) -> str:
        """One run; what it did, in words for the log."""
        if self._stop.is_set():
            return ""
        self._idle.clear()
        try:
            report = await self._run()
        finally:
            self._idle.set()
        if report.stopped:
            self._stop.set()
        return str(report)

    async def finish(self) -> None:
        """Claim nothing more, and wait for the requests under way: at most as long as one may take."""
        self._stop.set()
        # What is still under way then is in doubt, as after a crash.
        with suppress(TimeoutError):
            async with asyncio.timeout(self._timeout.total_seconds()):
                await self._idle.wait()

    async def _run(self) -> Report:
        return await deliver_due(
            *self._doors,
            worker=self._worker,
            only_chat=self._only_chat,
            concurrency=self._concurrency,
            lease=self._lease,
            timeout=self._timeout,
            stop=self._stop,
            paused=self._paused,
        )
