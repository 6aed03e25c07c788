"""A Bot API that costs next to nothing, for measuring what the bot itself costs.

One asyncio protocol in a process of its own: a message is counted and answered after a fixed latency; people
ask one question after another through getUpdates, and the time until each answer is noted. It checks nothing:
that is the tests' stand-in's work.
"""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import parse_qs

LATENCY = 0.03
"""Seconds between a request and its answer: about what Telegram takes from northern Europe."""
FIRST_ASKER = 5_000_001
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@dataclass
class Record:
    """What arrived. sends: instants of messages to the many, by `time.monotonic`; twice: chats that got more
    than one. waits: when each
    question was asked, and seconds until its answer."""

    sends: list[float] = field(default_factory=list)
    chats: set[int] = field(default_factory=set)
    twice: int = 0
    waits: list[tuple[float, float]] = field(default_factory=list)


class Town:
    """The people and the server's memory. Each of `askers` asks `questions` in turn, one every `pause`
    seconds at most, and never before the last one was answered."""

    def __init__(self, askers: int, questions: Sequence[str], pause: float) -> None:
        self.record = Record()
        self._questions, self._pause, self._askers = questions, pause, askers
        self._asked: dict[int, float] = {}
        self._updates: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._numbers = 0

    async def ask(self) -> None:
        """Until cancelled."""
        turn = 0
        while True:
            chat = FIRST_ASKER + turn % self._askers
            if chat not in self._asked:
                self._say(chat, self._questions[turn % len(self._questions)])
            turn += 1
            await asyncio.sleep(self._pause)

    def _say(self, chat: int, text: str) -> None:
        self._numbers += 1
        who = {"id": chat, "first_name": "A", "is_bot": False, "language_code": "da"}
        message = {
            "message_id": self._numbers,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "A"},
            "from": who,
            "text": text,
        }
        self._updates.append({"update_id": self._numbers, "message": message})
        self._asked[chat] = time.monotonic()
        self._news.set()

    async def updates(self, offset: int) -> list[dict[str, Any]]:
        """Long polling."""
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if not self._updates:
            self._news.clear()
            try:
                async with asyncio.timeout(10):
                    await self._news.wait()
            except TimeoutError:
                pass
        return self._updates

    def sent(self, chat: int) -> dict[str, Any]:
        """A message came for this chat; as the Bot API tells it back."""
        now, record = time.monotonic(), self.record
        if chat >= FIRST_ASKER:
            if (asked := self._asked.pop(chat, None)) is not None:
                record.waits.append((asked, now - asked))
        else:
            record.sends.append(now)
            record.twice += chat in record.chats
            record.chats.add(chat)
        self._numbers += 1
        return {
            "message_id": self._numbers,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "A"},
            "text": "ok",
        }


class _Line(asyncio.Protocol):
    """One connection; one request at a time on it, as HTTP/1.1 clients do."""

    def __init__(self, town: Town) -> None:
        self._town, self._buffer = town, b""
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, blank, body = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        lower = head.lower()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(body) < length:
            return
        self._buffer = b""
        method = head.split(b" ", 2)[1].rsplit(b"/", 1)[1]
        self._handle(method, body)

    def _handle(self, method: bytes, body: bytes) -> None:
        if method == b"sendMessage":
            chat = int(_field(body, b"chat_id"))
            self._loop.call_later(LATENCY, self._answer, self._town.sent(chat))
        elif method == b"getUpdates":
            offset = parse_qs(body.decode()).get("offset", ["0"])[0]
            self._loop.create_task(self._poll(int(offset)))
        elif method == b"getMe":
            me = {"id": 1, "is_bot": True, "first_name": "K", "username": "kulturlods_bot"}
            self._answer(me)
        else:
            self._loop.call_later(LATENCY, self._answer, True)

    async def _poll(self, offset: int) -> None:
        self._answer(await self._town.updates(offset))

    def _answer(self, result: Any) -> None:
        body = json.dumps({"ok": True, "result": result}).encode()
        self._transport.write(_HEAD % len(body) + body)


def _field(body: bytes, name: bytes) -> bytes:
    start = body.index(name + b"=") + len(name) + 1
    return body[start:].split(b"&", 1)[0]


def serve(pipe: Connection, askers: int, questions: Sequence[str], pause: float) -> None:
    """The server's process: tells its port, serves until anything comes through `pipe`, tells its Record."""
    asyncio.run(_serve(pipe, askers, questions, pause))


async def _serve(pipe: Connection, askers: int, questions: Sequence[str], pause: float) -> None:
    town, loop, told = Town(askers, questions, pause), asyncio.get_running_loop(), asyncio.Event()
    server = await loop.create_server(lambda: _Line(town), "127.0.0.1", 0)
    pipe.send(server.sockets[0].getsockname()[1])
    loop.add_reader(pipe.fileno(), told.set)
    asking = loop.create_task(town.ask())
    await told.wait()
    asking.cancel()
    pipe.send(town.record)
