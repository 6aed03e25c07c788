"""An event loop whose clock jumps to the next timer when there is nothing else to do: hours in no time."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
DAY = 24 * 3600


class VirtualLoop(asyncio.SelectorEventLoop):
    """Only for what waits for timers: work in threads would be overtaken by the clock."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_000.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:
            self.now = max(self.now, self._scheduled[0].when())
        super()._run_once()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run `work` in virtual time; what waits for ever fails after a day."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(asyncio.wait_for(work, DAY))
