"""Calls that come at one moment share a transaction: a commit costs as much for fifty rows as for one."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, Protocol, TypeVar

from sqlalchemy.exc import OperationalError
from sqlmodel import Session

In = TypeVar("In")
Out = TypeVar("Out")
T = TypeVar("T")


class Hop(Protocol):
    """Runs work on the database in one transaction, in a thread."""

    def __call__(self, work: Callable[[Session], T], /) -> Awaitable[T]: ...


class Gathered(Generic[In, Out]):
    """One verb of the database, called for one thing at a time and done for all that wait for it.

    work: takes a session and what was asked, gives as many answers in the same order. pause: seconds that the
    first call waits for others to join it. A call returns after its commit. When work for several raises, it
    is done for each alone, so that one cannot fail the others; a database that is busy fails them all."""

    def __init__(
        self, hop: Hop, work: Callable[[Session, Sequence[In]], Sequence[Out]], pause: float
    ) -> None:
        self._hop, self._work, self._pause = hop, work, pause
        self._waiting: list[tuple[In, asyncio.Future[Out]]] = []
        self._running: asyncio.Task[None] | None = None

    async def __call__(self, asked: In) -> Out:
        answer: asyncio.Future[Out] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, answer))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        return await answer

    async def _run(self) -> None:
        try:
            while self._waiting:
                await asyncio.sleep(self._pause)
                some, self._waiting = self._waiting, []
                await self._do(some)
        finally:
            self._running = None

    async def _do(self, some: Sequence[tuple[In, "asyncio.Future[Out]"]]) -> None:
        asked = [one for one, _ in some]
        try:
            answers = await self._hop(lambda session: self._work(session, asked))
        except Exception as error:
            if len(some) > 1 and not isinstance(error, OperationalError):
                for one in some:
                    await self._do([one])
                return
            for _, answer in some:
                if not answer.done():
                    answer.set_exception(error)
            return
        for (_, answer), what in zip(some, answers, strict=True):
            if not answer.done():
                answer.set_result(what)
