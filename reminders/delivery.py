"""Sending what is due: claim, compose, pass the fence, send, settle; each answer settled as it comes.

Nothing is held in memory that the outbox does not hold: a process that dies here leaves at most as many rows
in doubt as it had requests under way (delivery-and-safety G2).
"""

import asyncio
import datetime as dt
import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from catalog.database import Database
from reminders import outbox, people, unasked
from reminders.gathering import Gathered
from reminders.model import Delivery, Person
from reminders.notices import Dropped, Kind, Notice, Outcome, Sender, Turn
from reminders.outbox import Claimed
from reminders.retry import Next, after

T = TypeVar("T")
Clock = Callable[[], dt.datetime]

LEASE = dt.timedelta(seconds=60)
TIMEOUT = dt.timedelta(seconds=15)
LEAST_LEASE = 3
"""A lease is at least so many times the request's time-out (G3)."""
KIND_PAUSE = dt.timedelta(minutes=10)
"""How long a kind rests after Telegram refused our words: one broken text must neither be repeated for
everybody nor silence the kind for good."""
BROKEN_PAUSE = dt.timedelta(minutes=1)
FEW = 8
"""With so many requests under way, or fewer, none waits for others to share a commit with."""
GATHER_SECONDS = 0.03
_BATCH = 50
_SETTLE_TRIES = 12

logger = logging.getLogger(__name__)


class Compose(Protocol):
    """Makes the notice of a row from fresh facts, or says why there is none. Reads only."""

    def __call__(self, session: Session, row: Delivery, now: dt.datetime, /) -> Notice | Dropped: ...


@dataclass(slots=True)
class Report:
    """What a run did. counts: rows by what became of them ("sent", "in-doubt", "gone", "expired", …). halted:
    Telegram asked us to wait. stopped: it does not know us; going on is of no use."""

    counts: Counter[str] = field(default_factory=Counter)
    halted: bool = False
    stopped: bool = False

    def __str__(self) -> str:
        words = [f"{what} {number}" for what, number in sorted(self.counts.items())]
        return ", ".join([*words, *["halted"] * self.halted, *["stopped"] * self.stopped])


async def deliver_due(
    database: Database,
    sender: Sender,
    clock: Clock,
    compose: Compose,
    *,
    worker: str,
    concurrency: int = FEW,
    batch: int | None = None,
    lease: dt.timedelta = LEASE,
    timeout: dt.timedelta = TIMEOUT,
    only_chat: int | None = None,
    stop: asyncio.Event | None = None,
    paused: dict[str, dt.datetime] | None = None,
) -> Report:
    """Send what is due until nothing is, Telegram asks us to wait, or `stop` is set; then what was started is
    finished and the rest given back. Call it again and again: it also picks up what a crash left behind.

    worker: a name that no other process has. concurrency: requests under way, and so the most rows that a
    crash leaves in doubt (the C of G2). batch: rows claimed at a time. only_chat: this chat's rows only.
    paused: kinds that rest, and until when; kept by the caller. Raises ValueError when the lease is shorter
    than three time-outs."""
    check_lease(lease, timeout)
    size = batch or max(_BATCH, 2 * concurrency)
    run = _Run(database, sender, clock, compose, worker, size, lease, timeout, only_chat, concurrency)
    run.stop = stop or run.stop
    run.paused = run.paused if paused is None else paused
    return await run.go()


def check_lease(lease: dt.timedelta, timeout: dt.timedelta) -> None:
    """Raises ValueError when a request could outlive the lease it is made under, or the lease is absurd."""
    if not LEAST_LEASE * timeout <= lease <= outbox.LONGEST_LEASE:
        raise ValueError(f"a lease of {lease} does not fit requests of up to {timeout}")


@dataclass
class _Run:
    database: Database
    sender: Sender
    clock: Clock
    compose: Compose
    worker: str
    batch: int
    lease: dt.timedelta
    timeout: dt.timedelta
    only_chat: int | None
    concurrency: int
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    paused: dict[str, dt.datetime] = field(default_factory=dict)
    report: Report = field(default_factory=Report)
    _queue: deque[Claimed] = field(default_factory=deque)
    # One hop into the database at a time: writers would only wait for each other, in threads others need.
    _hop: asyncio.Lock = field(default_factory=asyncio.Lock)
    _refill: asyncio.Lock = field(default_factory=asyncio.Lock)
    _error: Exception | None = None

    def __post_init__(self) -> None:
        pause = GATHER_SECONDS if self.concurrency > FEW else 0.0
        self._compose = Gathered(self._read, self._composed, pause)
        self._start = Gathered(self._write, self._started, pause)
        self._answer = Gathered(self._write, self._answered, pause)
        self._put_off = Gathered(self._write, self._dropped, pause)

    async def go(self) -> Report:
        if self.sender.halted_for() > 0:
            self.report.halted = True
            return self.report
        if await self._read(lambda session: outbox.anything_to_do(session, self.clock(), self.only_chat)):
            await self._release()
            await asyncio.gather(*(self._work() for _ in range(self.concurrency)))
            await self._give_back()
        if self._error is not None:
            raise self._error
        return self.report

    async def _work(self) -> None:
        """Send one row after another. What goes wrong here ends the run, not the requests of the others."""
        try:
            while (mine := await self._next()) is not None:
                await self._deliver(mine)
        except Exception as error:  # raised again by `go`, when all have come to an end
            self._error = self._error or error

    @property
    def _over(self) -> bool:
        return self.stop.is_set() or self.report.halted or self.report.stopped or self._error is not None

    async def _next(self) -> Claimed | None:
        async with self._refill:
            if not self._queue and not self._over:
                self._queue.extend(await self._write(self._claim))
        return self._queue.popleft() if self._queue and not self._over else None

    def _claim(self, session: Session) -> list[Claimed]:
        now = self.clock()
        resting = [Kind(kind) for kind, until in self.paused.items() if until > now]
        return outbox.claim(
            session,
            self.worker,
            now,
            self.batch,
            self.lease,
            only_chat=self.only_chat,
            without=resting,
        )

    async def _deliver(self, mine: Claimed) -> None:
        notice = await self._compose(mine)
        if isinstance(notice, Next):
            await self._drop(mine, notice, notice.state)
        elif notice is not None:
            await self._send(mine, notice)

    def _composed(self, session: Session, some: Sequence[Claimed]) -> list[Notice | Next | None]:
        now = self.clock()
        ids, whose = [mine.id for mine in some], {mine.person_id for mine in some}
        rows = {row.id: row for row in session.exec(select(Delivery).where(col(Delivery.id).in_(ids)))}
        # Kept here, they are found by their ids without asking the database for each.
        known = session.exec(select(Person).where(col(Person.id).in_(whose))).all()
        unasked.read_ahead(session, [row for row in rows.values() if row.kind in unasked.COUNTED], now)
        made = [self._made(session, rows.get(mine.id), mine, now) for mine in some]
        del known
        return made

    def _made(
        self, session: Session, row: Delivery | None, mine: Claimed, now: dt.datetime
    ) -> Notice | Next | None:
        if row is None:
            return None
        try:
            made = self.compose(session, row, now)
        except Exception:
            logger.exception("delivery %s (%s) could not be composed", mine.id, mine.kind)
            return Next("pending", "broken", due_at=now + BROKEN_PAUSE)
        if not isinstance(made, Dropped):
            return made
        waits = made.state == "pending" and (made.due_at is None or made.due_at <= now)
        return Next(made.state, made.reason, due_at=now + BROKEN_PAUSE if waits else made.due_at)

    async def _send(self, mine: Claimed, notice: Notice) -> None:
        passed = False

        async def fence() -> bool:
            nonlocal passed
            passed = await self._passes(mine)
            return passed

        turn = Turn(mine.priority, fence, self.timeout.total_seconds())
        outcome = await self.sender.send(notice, turn)
        if passed:
            await self._settle(mine, outcome)
        else:
            await self._unsent(mine, outcome)

    async def _passes(self, mine: Claimed) -> bool:
        try:
            return await self._start(mine)
        except Exception as error:  # the sender must not take it for the request's
            self._error = self._error or error
            return False

    def _started(self, session: Session, some: Sequence[Claimed]) -> list[bool]:
        passed = outbox.start_all(session, some, self.worker, self.clock(), self.timeout)
        return [mine.id in passed for mine in some]

    async def _settle(self, mine: Claimed, outcome: Outcome) -> None:
        """The answer is the truth: it is written however long the database is busy."""
        for left in reversed(range(_SETTLE_TRIES)):
            try:
                following = await self._answer((mine, outcome))
                break
            except OperationalError:
                if not left:
                    raise
                logger.warning("delivery %s: the answer could not be written yet", mine.id)
        if following is None:
            self.report.counts["overtaken"] += 1
            return
        self.report.counts[following.reason or following.state] += 1
        await self._heed(mine, following, outcome)

    def _answered(self, session: Session, some: Sequence[tuple[Claimed, Outcome]]) -> list[Next | None]:
        now = self.clock()
        followings = outbox.settle_all(session, some, self.worker, now)
        for (mine, _), following in zip(some, followings, strict=True):
            if following is not None and (following.gone or following.new_chat_id is not None):
                _note_chat(session, mine.person_id, following, now)
        return followings

    async def _unsent(self, mine: Claimed, outcome: Outcome) -> None:
        """It did not come to a request: the fence said no, the gate is shut, or there were no words."""
        now = self.clock()
        following = after(
            Kind(mine.kind), outcome, attempts=mine.attempts, useful_until=mine.useful_until, now=now
        )
        await self._drop(mine, following, following.reason)
        await self._heed(mine, following, outcome)

    async def _drop(self, mine: Claimed, following: Next, label: str) -> None:
        if await self._put_off((mine, following)):
            self.report.counts[label] += 1

    def _dropped(self, session: Session, some: Sequence[tuple[Claimed, Next]]) -> list[bool]:
        now = self.clock()
        return [outbox.drop(session, mine, self.worker, following, now) for mine, following in some]

    async def _heed(self, mine: Claimed, following: Next, outcome: Outcome) -> None:
        """What an outcome means for the rows behind it."""
        self.report.halted |= following.halt_until is not None
        if following.stop:
            self.report.stopped = True
            logger.critical("sending stops: Telegram does not know us any more (%s)", outcome.reason)
        if following.pause_kind:
            self.paused[mine.kind] = self.clock() + KIND_PAUSE
            logger.critical(
                "%s rests: Telegram refused the words of delivery %s: %s", mine.kind, mine.id, outcome.reason
            )
            await self._give_back(mine.kind)

    async def _release(self) -> None:
        released = await self._write(
            lambda session: outbox.release_expired(session, self.clock(), self.only_chat)
        )
        self.report.counts.update({"given-back": released.given_back, "in-doubt": released.in_doubt})
        self.report.counts = +self.report.counts

    async def _give_back(self, kind: str | None = None) -> None:
        """Return what was claimed and not begun: of this kind, or all of it."""
        back = [mine for mine in self._queue if kind in (None, mine.kind)]
        if back:
            self._queue = deque(mine for mine in self._queue if mine not in back)
            await self._write(lambda session: outbox.give_back(session, back, self.worker))

    async def _read(self, work: Callable[[Session], T]) -> T:
        async with self._hop:
            return await asyncio.to_thread(self.database.read, work)

    async def _write(self, work: Callable[[Session], T]) -> T:
        async with self._hop:
            return await asyncio.to_thread(self.database.write, work)


def _note_chat(session: Session, person_id: int, following: Next, now: dt.datetime) -> None:
    """A chat that is gone or has moved; a person who cannot be reached at the new one is gone, too."""
    gone = following.gone
    if following.new_chat_id is not None:
        person = session.get(Person, person_id)
        gone = person is not None and not people.migrate_chat(session, person.chat_id, following.new_chat_id)
    if gone:
        people.mark_inactive(session, person_id, now)
