"""The connection for what is unasked: its causes of failure told apart, and nothing ever said twice."""

import asyncio
import datetime as dt
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import pytest
from telegram.ext import ExtBot

from bot.app import under_way
from bot.bulk import BulkRequest
from bot.limits import NO_LIMITS, Gate
from bot.replies.markup import Html
from bot.replies.reply import Button, Reply
from bot.sender import TelegramSender
from reminders.notices import Fate, ForgetSoon, Notice, Outcome, To, Turn

NOW = dt.datetime(2026, 11, 27, 16, tzinfo=dt.UTC)
ANNA = 7_200_000_000_000
NOTICE = ForgetSoon(To(ANNA, "da", NOW, 17))
SENT = {"ok": True, "result": {"message_id": 5}}


class Line:
    """A server of which a test says what it does with each connection. heard: the bodies that came."""

    def __init__(self, answer: Callable[[asyncio.StreamWriter], Awaitable[None]]) -> None:
        self.answer, self.heard, self.connections = answer, list[dict[str, str]](), 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                body = await reader.readexactly(int(head.split("content-length:")[1].split("\r\n")[0]))
                self.heard.append({name: values[0] for name, values in parse_qs(body.decode()).items()})
                await self.answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def says(status: int, body: dict[str, Any]) -> Callable[[asyncio.StreamWriter], Awaitable[None]]:
    content = json.dumps(body).encode()

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%b" % (status, len(content), content))

    return answer


async def hangs_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def is_silent(_writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


def words(_notice: Notice) -> Reply:
    return Reply(Html("<b>Æbler & pærer</b>"), ((Button("Kort", url="https://example.org"),),))


async def yes() -> bool:
    return True


async def outcomes(line: Line, times: int = 1, *, timeout: float = 5, is_up: bool = True) -> list[Outcome]:
    server = await asyncio.start_server(line.serve, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    if not is_up:
        server.close()
    gate, request = Gate(25, NO_LIMITS), BulkRequest(address, connections=4)
    bot = ExtBot("1:x", base_url=f"{address}/bot", request=request, get_updates_request=request)
    sender = TelegramSender(bot, gate, words, paid=True)
    await request.initialize()
    try:
        return [await sender.send(NOTICE, Turn(20, yes, timeout)) for _ in range(times)]
    finally:
        await request.shutdown()
        server.close()


def send(line: Line, **how: Any) -> Outcome:
    (outcome,) = asyncio.run(outcomes(line, **how))
    return outcome


def test_what_is_said_arrives_as_it_was_written_and_is_sent() -> None:
    line = Line(says(200, SENT))
    assert send(line) == Outcome(Fate.SENT, message_id=5)
    (form,) = line.heard
    assert (form["chat_id"], form["text"]) == (str(ANNA), "<b>Æbler & pærer</b>")
    assert json.loads(form["reply_markup"])["inline_keyboard"][0][0]["text"] == "Kort"
    assert form["allow_paid_broadcast"] == "true"


def test_one_after_another_goes_over_one_connection() -> None:
    line = Line(says(200, SENT))
    assert {outcome.fate for outcome in asyncio.run(outcomes(line, 3))} == {Fate.SENT}
    assert (line.connections, len(line.heard)) == (1, 3)


def test_what_found_no_connection_is_not_sent() -> None:
    assert send(Line(hangs_up), is_up=False).fate == Fate.NOT_SENT


def test_a_connection_that_breaks_leaves_it_in_doubt_and_it_is_not_said_again() -> None:
    line = Line(hangs_up)
    assert send(line).fate == Fate.UNKNOWN
    assert len(line.heard) == 1


def test_one_that_breaks_on_a_connection_used_before_is_not_said_again() -> None:
    async def once(writer: asyncio.StreamWriter) -> None:
        await (says(200, SENT) if len(line.heard) == 1 else hangs_up)(writer)

    line = Line(once)
    assert [outcome.fate for outcome in asyncio.run(outcomes(line, 2))] == [Fate.SENT, Fate.UNKNOWN]
    assert len(line.heard) == 2


def test_silence_is_given_up_in_time_and_leaves_it_in_doubt() -> None:
    assert send(Line(is_silent), timeout=0.1).fate == Fate.UNKNOWN


@pytest.mark.parametrize(
    ("status", "description", "fate"),
    [
        (403, "Forbidden: bot was blocked by the user", Fate.GONE),
        (400, "Bad Request: can't parse entities", Fate.REFUSED),
        (401, "Unauthorized", Fate.STOP),
        (502, "Bad Gateway", Fate.UNKNOWN),
    ],
)
def test_what_telegram_says_is_understood_as_ever(status: int, description: str, fate: Fate) -> None:
    said = {"ok": False, "error_code": status, "description": description}
    assert send(Line(says(status, said))).fate == fate


def test_too_many_tells_how_long_to_wait() -> None:
    said = {"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": 17}}
    assert send(Line(says(429, said))) == Outcome(Fate.TOO_MANY, retry_after=17)


def test_the_address_and_the_token_in_it_are_in_no_error(caplog: pytest.LogCaptureFixture) -> None:
    assert "1:x" not in send(Line(hangs_up), is_up=False).reason + caplog.text
    assert "1:x" not in send(Line(hangs_up)).reason + caplog.text


def test_before_it_is_opened_it_sends_nothing() -> None:
    async def story() -> Outcome:
        gate, request = Gate(25, NO_LIMITS), BulkRequest("http://127.0.0.1:9", 1)
        bot = ExtBot("1:x", request=request, get_updates_request=request)
        return await TelegramSender(bot, gate, words).send(NOTICE, Turn(20, yes, 5))

    assert asyncio.run(story()).fate == Fate.UNKNOWN


@pytest.mark.parametrize(("rate", "requests"), [(0.5, 8), (25, 8), (40, 8), (41, 9), (1_000, 296)])
def test_as_many_requests_are_under_way_as_the_rate_needs(rate: float, requests: int) -> None:
    assert under_way(rate) == requests
