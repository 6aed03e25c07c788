"""One gate for the process: every call to the Bot API passes it, in order and at a pace Telegram bears.

Replies go first, then what nobody asked for, by the priority of its delivery. Telegram's limits as far as
they are known (they are not published exactly): about 30 messages a second in all, one a second to a chat
with short bursts, 20 a minute to a group. A 429 shuts the gate for everybody; nothing opens it earlier.
"""

import asyncio
import datetime as dt
import math
import os
import time
from bisect import insort
from collections import deque
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from telegram.error import RetryAfter
from telegram.ext import BaseRateLimiter

from reminders.notices import Turn

# The library's own opt-in to what its next version does: without it every 429 is a deprecation warning.
os.environ.setdefault("PTB_TIMEDELTA", "1")

REPLY = 0
"""The lane of whatever somebody waits for."""
AFTER_A_HALT = 1.0
REPLY_TRIES = 2
"""A reply that met a 429 certainly did not arrive: it is tried once more when the gate opens."""
FEWEST_FENCED, FENCED_SECONDS = 2, 0.1
"""So many unasked messages, or those of so many seconds when they are more, may be between their turn and
their request: a slow database makes no burst."""
SLACK = 0.1
"""A timer that is late by up to this part of an interval makes the next message no later."""
PAID_SLACK = 0.25
"""Beyond what is free, a delay of up to so many seconds is made up for: no timer is as fine as the pace."""
FREE_RATE = 30
"""Messages a second over all chats that Telegram bears without being paid for."""
RESERVE = 30
"""Messages a second that are left for answers when broadcasts are paid for."""
_COUNTED = ("send", "edit", "copy", "forward")
_MINUTE = 60.0


Chat = int | str
Call = Callable[..., Coroutine[Any, Any, Any]]


class NotMineError(Exception):
    """The fence said no: nothing was sent."""


@dataclass(frozen=True, slots=True)
class Limits:
    """messages: in any second over all chats. per_chat: seconds between messages to one chat, on average.
    burst: how many replies may come at once. per_group: in any minute."""

    messages: int = 30
    per_chat: float = 1.0
    burst: int = 3
    per_group: int = 20


TELEGRAM = Limits()
NO_LIMITS = Limits(messages=1_000_000, per_chat=0.0, per_group=1_000_000)
"""For a Bot API that bears everything: the terminal."""


def limits_for(broadcast_rate: float) -> Limits:
    """Telegram's, for so many unasked messages a second: beyond what is free, answers have a reserve."""
    if broadcast_rate <= FREE_RATE:
        return TELEGRAM
    return Limits(messages=math.ceil(broadcast_rate) + RESERVE)


@dataclass(slots=True)
class _Record:
    """free_at: when the chat's debt of messages is paid off. sent: the last minute's, for a group."""

    free_at: float = float("-inf")
    sent: deque[float] = field(default_factory=deque)


class Pace:
    """When a message may go. Told the time, in seconds of a monotonic clock; waits for nothing. Remembers
    only chats that are not free again, however many there are."""

    def __init__(self, broadcast_rate: float, limits: Limits) -> None:
        self._interval, self._limits = 1 / broadcast_rate, limits
        self._slack = PAID_SLACK if broadcast_rate > FREE_RATE else SLACK * self._interval
        self._next_unasked = float("-inf")
        self._last: deque[float] = deque(maxlen=limits.messages)
        self._chats: dict[Chat, _Record] = {}
        self._tidy_at = 256

    def ready_at(self, lane: int, chat: Chat | None) -> float:
        """The first moment from which such a message may go, as things are."""
        return max(self.opens_at(lane), self.free_at(lane, chat))

    def opens_at(self, lane: int) -> float:
        """The first moment from which any message of this lane may go, as things are."""
        opens = self._next_unasked if lane != REPLY else float("-inf")
        return max(opens, self._last[0] + 1) if len(self._last) == self._limits.messages else opens

    def free_at(self, lane: int, chat: Chat | None) -> float:
        """The same for its chat alone."""
        if chat is None or (record := self._chats.get(chat)) is None:
            return float("-inf")
        credit = (self._limits.burst - 1) * self._limits.per_chat if lane == REPLY else 0.0
        is_full = len(record.sent) >= self._limits.per_group
        return max(record.free_at - credit, record.sent[0] + _MINUTE if is_full else float("-inf"))

    def went(self, lane: int, chat: Chat | None, now: float) -> None:
        """Such a message goes now."""
        self._last.append(now)
        if lane != REPLY:
            on_time = now - self._next_unasked <= self._slack
            self._next_unasked = (self._next_unasked if on_time else now) + self._interval
        if chat is not None:
            self._note(chat, now)

    def came_back(self) -> None:
        """The unasked message that just had its turn was not sent: the next one need not wait for it."""
        self._next_unasked -= self._interval

    def _note(self, chat: Chat, now: float) -> None:
        record = self._chats.setdefault(chat, _Record())
        record.free_at = max(record.free_at, now) + self._limits.per_chat
        if isinstance(chat, str) or chat < 0:  # a group, or a channel by its name
            record.sent.append(now)
            if len(record.sent) > self._limits.per_group:
                record.sent.popleft()
        if len(self._chats) > self._tidy_at:
            self._tidy(now)

    def _tidy(self, now: float) -> None:
        for chat, record in list(self._chats.items()):
            if record.free_at <= now and (not record.sent or record.sent[-1] <= now - _MINUTE):
                del self._chats[chat]
        self._tidy_at = max(256, 2 * len(self._chats))


@dataclass(slots=True, eq=False)
class _Waiting:
    lane: int
    number: int
    chat: Chat | None
    go: "asyncio.Future[None]"


class Gate(BaseRateLimiter[Turn]):
    """The gate as python-telegram-bot's rate limiter. broadcast_rate: unasked messages a second, evenly
    spaced. What waits here is bounded by who may ask: the updates handled at a time and the sender's
    concurrency. monotonic: seconds from any start."""

    def __init__(
        self,
        broadcast_rate: float,
        limits: Limits = TELEGRAM,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pace = Pace(broadcast_rate, limits)
        self._monotonic = monotonic
        self._most_fences = max(FEWEST_FENCED, round(FENCED_SECONDS * broadcast_rate))
        self._replies: list[_Waiting] = []
        self._unasked: list[_Waiting] = []
        self._numbers = count()
        self._fences = 0
        self._shut_until = float("-inf")
        self._timer: asyncio.TimerHandle | None = None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    def halted_for(self) -> float:
        """Seconds until the gate opens again; 0 when it is open."""
        return max(0.0, self._shut_until - self._monotonic())

    def halt(self, seconds: float) -> None:
        """Shut the gate for `seconds` and a little: replies wait, what is unasked is turned away at once."""
        self._shut_until = max(self._shut_until, self._monotonic() + seconds + AFTER_A_HALT)
        turned_away, self._unasked = self._unasked, []
        for waiting in turned_away:
            if not waiting.go.done():
                waiting.go.set_exception(self._turned_away())
        self._dispatch()

    async def process_request(  # noqa: PLR0917  # the library's signature
        self,
        callback: Call,
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Turn | None,
    ) -> Any:
        """Make the call when it is its turn. A Turn marks what nobody asked for: it meets RetryAfter at once
        while the gate is shut, and NotMineError when its fence says no."""
        turn = rate_limit_args
        for left in reversed(range(1 if turn else REPLY_TRIES)):
            await self._wait(turn.priority if turn else REPLY, endpoint, data)
            if turn is not None:
                await self._pass_fence(turn)
            try:
                async with asyncio.timeout(turn.timeout if turn else None):
                    return await callback(*args, **kwargs)
            except RetryAfter as error:
                self.halt(seconds_of(error))
                if not left:
                    raise
        return None

    async def _wait(self, lane: int, endpoint: str, data: Mapping[str, Any]) -> None:
        if lane == REPLY and not _is_message(endpoint):
            while (seconds := self.halted_for()) > 0:
                await asyncio.sleep(seconds)
            return
        if lane != REPLY and self.halted_for() > 0:
            raise self._turned_away()
        go = asyncio.get_running_loop().create_future()
        waiting = _Waiting(lane, next(self._numbers), _chat_of(data), go)
        insort(self._queue_of(waiting), waiting, key=_place)
        self._dispatch()
        try:
            await go
        except asyncio.CancelledError:
            self._withdraw(waiting)
            raise

    def _withdraw(self, waiting: _Waiting) -> None:
        if waiting in (queue := self._queue_of(waiting)):
            queue.remove(waiting)
        elif waiting.lane != REPLY and not waiting.go.cancelled() and not waiting.go.exception():
            self._fences -= 1  # it had been let go, and will not come to its fence
            self._dispatch()

    async def _pass_fence(self, turn: Turn) -> None:
        try:
            mine = await turn.fence()
        finally:
            self._fences -= 1
            self._dispatch()
        if not mine:
            self._pace.came_back()
            self._dispatch()
            raise NotMineError
        if self.halted_for() > 0:
            raise self._turned_away()

    def _turned_away(self) -> RetryAfter:
        return RetryAfter(dt.timedelta(seconds=self.halted_for()))

    def _dispatch(self) -> None:
        """Let go whoever may, in order, and come back when the next one may."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        now = self._monotonic()
        later = min(self._let_go(self._replies, now), self._let_go(self._unasked, now))
        if later < float("inf"):
            self._timer = asyncio.get_running_loop().call_later(later - now, self._dispatch)

    def _let_go(self, queue: list[_Waiting], now: float) -> float:
        """Let go whoever may of this queue; when the next one may, infinite when a fence must end first."""
        place, soonest = 0, float("inf")
        while place < len(queue):
            waiting = queue[place]
            opens = max(self._pace.opens_at(waiting.lane), self._shut_until)
            if opens > now:
                return opens
            if (free := self._pace.free_at(waiting.lane, waiting.chat)) > now:
                place, soonest = place + 1, min(soonest, free)
            elif waiting.lane != REPLY and self._fences >= self._most_fences:
                return float("inf")
            else:
                del queue[place]
                self._give_turn(waiting, now)
        return soonest

    def _give_turn(self, waiting: _Waiting, now: float) -> None:
        if not waiting.go.done():
            self._fences += waiting.lane != REPLY
            self._pace.went(waiting.lane, waiting.chat, now)
            waiting.go.set_result(None)

    def _queue_of(self, waiting: _Waiting) -> list[_Waiting]:
        return self._replies if waiting.lane == REPLY else self._unasked


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram asks to wait; the library gives a number or, newer, a timedelta."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, dt.timedelta) else float(wait)


def _is_message(endpoint: str) -> bool:
    return endpoint.startswith(_COUNTED) and endpoint != "sendChatAction"


def _place(waiting: _Waiting) -> tuple[int, int]:
    return waiting.lane, waiting.number


def _chat_of(data: Mapping[str, Any]) -> Chat | None:
    chat = data.get("chat_id")
    if isinstance(chat, str) and chat.lstrip("-").isdecimal():
        return int(chat)
    return chat
