"""What became of a request, told apart by cause, through the library's own HTTP."""

import asyncio
import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from telegram import Bot
from telegram.ext import ExtBot
from telegram.request import HTTPXRequest

from bot.buttons import Action, Kind
from bot.limits import NO_LIMITS, Gate
from bot.replies.markup import Html
from bot.replies.reply import Button, Reply
from bot.sender import TelegramSender
from reminders.notices import Announcement, Fate, ForgetSoon, Notice, Outcome, To, Turn

NOW = dt.datetime(2026, 11, 27, 16, tzinfo=dt.UTC)
ANNA = 7_200_000_000_000
NOTICE = ForgetSoon(To(ANNA, "da", NOW, 17))
SENT = {"message_id": 5, "date": 1_700_000_000, "chat": {"id": ANNA, "type": "private"}, "text": "Hej"}
Answer = Callable[[httpx.Request], httpx.Response]


def says(status: int, description: str = "", **parameters: Any) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return lambda _request: httpx.Response(status, json=body)


def breaks(error: type[Exception]) -> Answer:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise error("the wire")

    return answer


def accepts(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"ok": True, "result": SENT})


def words(_notice: Notice) -> Reply:
    return Reply(
        Html("<b>Hej</b>"), ((Button("Kort", url="https://example.org"),),), picture="https://x.dk/a.png"
    )


async def yes() -> bool:
    return True


def bot_that(answer: Answer, gate: Gate) -> Bot:
    request = HTTPXRequest(httpx_kwargs={"transport": httpx.MockTransport(answer)})
    return ExtBot("1:x", request=request, get_updates_request=request, rate_limiter=gate)


def send(
    answer: Answer, *, render: Callable[[Notice], Reply] = words, mine: bool = True, timeout: float = 15
) -> Outcome:
    async def story() -> Outcome:
        gate = Gate(25, NO_LIMITS)
        bot = bot_that(answer, gate)
        await bot.request.initialize()

        async def fence() -> bool:
            return mine

        outcome = await TelegramSender(bot, gate, render).send(NOTICE, Turn(20, fence, timeout))
        await bot.request.shutdown()
        return outcome

    return asyncio.run(story())


def test_what_telegram_accepts_is_sent_and_has_its_message_id() -> None:
    assert send(accepts) == Outcome(Fate.SENT, message_id=5)


def test_the_message_is_html_with_its_buttons_and_without_pictures() -> None:
    bodies = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append({name: values[0] for name, values in parse_qs(request.content.decode()).items()})
        return accepts(request)

    send(answer)
    (body,) = bodies
    assert (body["chat_id"], body["text"], body["parse_mode"]) == (str(ANNA), "<b>Hej</b>", "HTML")
    assert '"is_disabled": true' in body["link_preview_options"]
    assert "Kort" in body["reply_markup"]


@pytest.mark.parametrize("error", [httpx.PoolTimeout, httpx.ConnectTimeout, httpx.ConnectError])
def test_what_never_reached_telegram_is_not_sent(error: type[Exception]) -> None:
    assert send(breaks(error)).fate == Fate.NOT_SENT


@pytest.mark.parametrize(
    "error",
    [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError],
)
def test_what_broke_on_the_way_is_in_doubt(error: type[Exception]) -> None:
    assert send(breaks(error)).fate == Fate.UNKNOWN


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_server_that_fails_leaves_it_in_doubt(status: int) -> None:
    assert send(says(status, "Bad Gateway")).fate == Fate.UNKNOWN
    assert send(lambda _request: httpx.Response(status, text="<html>nginx</html>")).fate == Fate.UNKNOWN


def test_an_answer_that_cannot_be_read_leaves_it_in_doubt() -> None:
    assert send(lambda _request: httpx.Response(200, text="{")).fate == Fate.UNKNOWN
    assert send(lambda _request: httpx.Response(200, json={"ok": True, "result": {}})).fate == Fate.UNKNOWN


def test_an_answer_that_does_not_come_in_time_leaves_it_in_doubt() -> None:
    async def dawdle(_request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    assert send(dawdle, timeout=0.05).fate == Fate.UNKNOWN  # type: ignore[arg-type]  # httpx awaits it


def test_too_many_tells_how_long_to_wait() -> None:
    outcome = send(says(429, "Too Many Requests: retry after 17", retry_after=17))
    assert (outcome.fate, outcome.retry_after) == (Fate.TOO_MANY, 17)


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot was kicked from the group chat"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: PEER_ID_INVALID"),
    ],
)
def test_whoever_cannot_be_reached_is_gone(status: int, description: str) -> None:
    assert send(says(status, description)).fate == Fate.GONE


def test_a_chat_that_moved_tells_its_new_number() -> None:
    outcome = send(says(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100_123))
    assert (outcome.fate, outcome.new_chat_id) == (Fate.MIGRATED, -100_123)


@pytest.mark.parametrize(
    "description",
    ["Bad Request: can't parse entities: unsupported start tag", "Bad Request: message is too long"],
)
def test_words_that_telegram_refuses_are_our_fault(description: str) -> None:
    assert send(says(400, description)).fate == Fate.REFUSED


@pytest.mark.parametrize("status", [401, 404, 409])
def test_a_token_that_is_not_known_or_used_twice_stops_everything(status: int) -> None:
    assert send(says(status, "Unauthorized")).fate == Fate.STOP


def test_when_the_fence_says_no_nothing_reaches_telegram() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return accepts(request)

    assert send(answer, mine=False) == Outcome(Fate.NOT_SENT, reason="declined")
    assert asked == []


def test_words_and_buttons_that_cannot_be_made_are_refused_and_raise_nothing() -> None:
    def broken(_notice: Notice) -> Reply:
        raise KeyError("title")

    def unsayable(_notice: Notice) -> Reply:
        return Reply(Html("Hej"), ((Button("Kort", Action(Kind.CARD, "x" * 70)),),))

    assert send(accepts, render=broken).fate == Fate.REFUSED
    assert send(accepts, render=unsayable).fate == Fate.REFUSED


def test_while_the_gate_is_shut_it_says_so_and_sends_nothing() -> None:
    async def story() -> tuple[Outcome, float]:
        gate = Gate(25, NO_LIMITS)
        sender = TelegramSender(bot_that(breaks(AssertionError), gate), gate, words)
        gate.halt(30)

        async def fence() -> bool:
            raise AssertionError

        return await sender.send(NOTICE, Turn(20, fence, 15)), sender.halted_for()

    outcome, seconds = asyncio.run(story())
    assert outcome.fate == Fate.TOO_MANY
    assert outcome.retry_after == pytest.approx(31, abs=1)
    assert seconds == pytest.approx(31, abs=1)


def test_a_broadcast_is_worded_once_for_all_who_read_a_language_and_anew_when_time_has_passed() -> None:
    bodies: list[dict[str, str]] = []
    worded: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        bodies.append({name: values[0] for name, values in parse_qs(request.content.decode()).items()})
        return accepts(request)

    def render(notice: Notice) -> Reply:
        assert isinstance(notice, Announcement)
        worded.append(notice.to.language)
        return Reply(Html(f"{notice.text} {notice.to.language}"))

    async def story() -> None:
        gate = Gate(25, NO_LIMITS)
        bot = bot_that(answer, gate)
        await bot.request.initialize()
        sender = TelegramSender(bot, gate, render)

        async def say(chat: int, language: str, seconds: int = 0, text: str = "Hej") -> None:
            to = To(chat, language, NOW + dt.timedelta(seconds=seconds), chat)
            await sender.send(Announcement(to, 1, text, None, ()), Turn(50, yes, 15))

        await say(1, "da")
        await say(2, "en")
        await say(3, "da", 10)
        await say(4, "da", 31)
        await say(5, "da", 31, "Hov")
        await bot.request.shutdown()

    asyncio.run(story())
    assert worded == ["da", "en", "da", "da"]
    assert [body["chat_id"] for body in bodies] == ["1", "2", "3", "4", "5"]
    assert [body["text"] for body in bodies] == ["Hej da", "Hej en", "Hej da", "Hej da", "Hov da"]
    assert not any("allow_paid_broadcast" in body for body in bodies)
