"""Is Telegram still listening? A poll that never comes back leaves a process that looks healthy and is deaf.

Long polling answers at least every ten seconds, also when nobody writes; so silence is a fault of the
connection, and a restart by the supervisor mends it (claude-code-telegram #213, nanobot #3626).
"""

import time
from collections.abc import Callable
from typing import Any

from telegram.request import HTTPXRequest, RequestData

SILENCE_LIMIT = 90.0
"""Seconds without an answered poll after which the process should end."""


class PollWatch:
    """Knows when Telegram last answered a poll. `monotonic`: seconds from any start."""

    def __init__(self, limit: float = SILENCE_LIMIT, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._monotonic = monotonic
        self._answered = monotonic()

    def answered(self) -> None:
        """A poll came back."""
        self._answered = self._monotonic()

    def overdue(self) -> bool:
        """Whether it has been silent for too long."""
        return self._monotonic() - self._answered > self._limit


class WatchedRequest(HTTPXRequest):
    """The connection for polls, which tells the watch of every answer, also of one that says no."""

    def __init__(self, watch: PollWatch, **settings: Any) -> None:
        super().__init__(**settings)
        self._watch = watch

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *timeouts: Any, **more: Any
    ) -> tuple[int, bytes]:
        """As its parent; the watch hears of it when there is an answer."""
        answer = await super().do_request(url, method, request_data, *timeouts, **more)
        self._watch.answered()
        return answer
