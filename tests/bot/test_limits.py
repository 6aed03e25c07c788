"""The gate: who goes first, how fast, and that a 429 shuts it for everybody."""

import asyncio
import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.error import RetryAfter

from bot.limits import NO_LIMITS, TELEGRAM, Gate, Limits, NotMineError, Pace, limits_for, seconds_of
from reminders.notices import Turn
from reminders.outbox import Priority
from tests.virtual_time import run

ANNA, BO, GROUP = 11, 12, -100_500
LATENCY = 0.05


async def yes() -> bool:
    return True


def turn(priority: int = Priority.REMINDER, fence: Any = yes, timeout: float = 15) -> Turn:
    return Turn(priority, fence, timeout)


def now() -> float:
    return asyncio.get_running_loop().time()


@dataclass
class Telegram:
    """What passed the gate, as (seconds since the beginning, chat or method, lane); answers after a while."""

    gate: Gate
    began: float = field(default_factory=now)
    passed: list[tuple[float, Any, int]] = field(default_factory=list)
    floods: list[int] = field(default_factory=list)

    def say(self, chat: Any, what: Turn | None = None, method: str = "sendMessage") -> "asyncio.Task[Any]":
        return asyncio.create_task(self._say(chat, what, method))

    async def _say(self, chat: Any, what: Turn | None, method: str) -> Any:
        data = {} if chat is None else {"chat_id": chat}

        async def callback() -> str:
            self.passed.append((round(now() - self.began, 3), chat or method, what.priority if what else 0))
            flood = self.floods.pop(0) if self.floods else 0
            await asyncio.sleep(LATENCY)
            if flood:
                raise RetryAfter(flood)
            return "ok"

        return await self.gate.process_request(callback, (), {}, method, data, what)

    def times(self) -> list[float]:
        return [at for at, _, _ in self.passed]

    def chats(self) -> list[Any]:
        return [chat for _, chat, _ in self.passed]


def telegram(rate: float = 25, limits: Limits = TELEGRAM) -> Telegram:
    return Telegram(Gate(rate, limits, now))


def most_in(times: list[float], seconds: float) -> int:
    return max(bisect_left(times, at + seconds - 1e-9) - i for i, at in enumerate(times))


async def told(tasks: "list[asyncio.Task[Any]]") -> list[Any]:
    return await asyncio.gather(*tasks, return_exceptions=True)


def test_what_is_unasked_goes_out_evenly_spaced_without_a_burst() -> None:
    async def story() -> list[float]:
        api = telegram(25)
        await told([api.say(chat, turn()) for chat in range(1, 101)])
        return api.times()

    times = run(story())
    assert most_in(times, 1.0) == 25
    assert min(b - a for a, b in pairwise(times)) == pytest.approx(0.04, abs=0.002)
    assert times[-1] == pytest.approx(99 / 25, rel=0.02)


def test_a_gate_that_was_idle_saves_nothing_up() -> None:
    async def story() -> list[float]:
        api = telegram(10)
        await told([api.say(1, turn())])
        await asyncio.sleep(60)
        await told([api.say(chat, turn()) for chat in range(2, 6)])
        return api.times()[1:]

    first, *later = run(story())
    assert [round(at - first, 2) for at in later] == [0.1, 0.2, 0.3]


def test_replies_go_before_everything_and_the_rest_by_priority() -> None:
    async def story() -> list[int]:
        api = telegram(1)
        waiting = [api.say(100, turn())]
        await asyncio.sleep(0)
        order = (Priority.BROADCAST, Priority.DIGEST, Priority.REMINDER, Priority.URGENT_CHANGE)
        waiting += [api.say(chat, turn(priority)) for chat, priority in enumerate(order, start=1)]
        await asyncio.sleep(0.5)
        waiting.append(api.say(50))
        await told(waiting)
        return [lane for _, _, lane in api.passed]

    assert run(story()) == [20, 0, 10, 20, 40, 50]


def test_equals_go_in_the_order_they_came() -> None:
    async def story() -> list[int]:
        api = telegram(5)
        await told([api.say(chat, turn()) for chat in (3, 1, 2, 9, 4)])
        return api.chats()

    assert run(story()) == [3, 1, 2, 9, 4]


def test_a_chat_gets_a_short_burst_of_replies_and_then_one_a_second() -> None:
    async def story() -> list[float]:
        api = telegram()
        await told([api.say(ANNA) for _ in range(6)])
        return api.times()

    assert run(story()) == [0, 0, 0, 1, 2, 3]


def test_unasked_messages_to_one_chat_are_a_second_apart_and_hold_nobody_up() -> None:
    async def story() -> list[tuple[float, Any, int]]:
        api = telegram(25)
        await told([api.say(chat, turn()) for chat in (ANNA, ANNA, ANNA, BO)])
        return api.passed

    passed = run(story())
    assert [at for at, chat, _ in passed if chat == ANNA] == [0, 1, 2]
    assert [at for at, chat, _ in passed if chat == BO] == [0.04]


def test_an_edit_counts_like_a_message_and_an_answer_to_a_tap_does_not() -> None:
    async def story() -> list[tuple[float, Any, int]]:
        api = telegram()
        calls = [api.say(ANNA, method="editMessageText") for _ in range(4)]
        calls += [api.say(None, method="answerCallbackQuery") for _ in range(4)]
        await told([*calls, api.say(ANNA, method="sendChatAction")])
        return api.passed

    passed = run(story())
    assert [at for at, what, _ in passed if what == "answerCallbackQuery"] == [0, 0, 0, 0]
    assert [at for at, what, _ in passed if what == ANNA] == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("group", [GROUP, str(GROUP), "@kulturlods"])
def test_a_group_gets_twenty_a_minute(group: Any) -> None:
    async def story() -> list[float]:
        api = telegram()
        await told([api.say(group) for _ in range(50)])
        return api.times()

    times = run(story())
    assert most_in(times, 60.0) == 20
    assert times[19] < 20
    assert len(times) == 50


def test_thirty_a_second_in_all_and_replies_take_them_first() -> None:
    async def story() -> Telegram:
        api = telegram(30)
        unasked = [api.say(chat, turn()) for chat in range(1000, 1060)]
        await asyncio.sleep(1)
        await told([*unasked, *(api.say(chat) for chat in range(1, 61))])
        return api

    api = run(story())
    assert most_in(api.times(), 1.0) == 30
    last_reply = max(at for at, _, lane in api.passed if lane == 0)
    assert last_reply <= 3.0
    assert len(api.passed) == 120


def test_after_a_429_nothing_moves_until_it_has_passed_and_a_second_more() -> None:
    async def story() -> tuple[Telegram, list[Any]]:
        api = telegram(25)
        slow = api.say(50)  # under way when the 429 comes, and done after it: it must not open the gate
        api.floods = [0, 7]
        flooded = api.say(51)
        await asyncio.sleep(LATENCY / 2)
        late = [api.say(1), api.say(None, method="answerCallbackQuery")]
        await asyncio.sleep(LATENCY)
        shut = [api.say(2), api.say(None, method="getMe"), api.say(3, turn())]
        return api, await told([slow, flooded, *late, *shut])

    api, answers = run(story())
    assert [at for at in api.times() if 0.05 < at < 8.04] == []
    assert {chat for at, chat, _ in api.passed if at >= 8.05} == {51, 2, "getMe"}
    assert answers[:6] == ["ok"] * 6, "a reply is said again when the gate opens"
    assert isinstance(answers[6], RetryAfter), "what is unasked is turned away, to wait in the outbox"


def test_a_shorter_429_does_not_open_the_gate_earlier() -> None:
    async def story() -> list[float]:
        api = telegram()
        api.floods = [30, 1]
        await told([api.say(1), api.say(2)])
        return api.times()[2:]

    assert run(story()) == [31.05, 31.05]


def test_a_storm_of_429_gives_every_reply_two_tries_and_every_unasked_message_one() -> None:
    async def story() -> tuple[Telegram, list[Any]]:
        api = telegram()
        api.floods = [1, 1, 1]
        reply = await told([api.say(1)])
        unasked = await told([api.say(2, turn())])
        await asyncio.sleep(10)
        return api, reply + unasked

    api, answers = run(story())
    assert [type(answer) for answer in answers] == [RetryAfter, RetryAfter]
    assert api.chats() == [1, 1], "while the gate is shut an unasked message does not become a request"


def test_waiting_unasked_messages_are_turned_away_as_soon_as_the_gate_shuts() -> None:
    async def story() -> tuple[list[Any], float]:
        api = telegram(1)
        waiting = [api.say(chat, turn()) for chat in range(1, 6)]
        await asyncio.sleep(0.5)
        api.gate.halt(20)
        answers = await told(waiting)
        return answers, now() - api.began

    answers, took = run(story())
    assert answers[0] == "ok"
    assert all(isinstance(answer, RetryAfter) for answer in answers[1:])
    assert took < 1


def test_it_tells_how_long_it_is_shut() -> None:
    async def story() -> list[float]:
        gate = telegram().gate
        before = gate.halted_for()
        gate.halt(5)
        shut = gate.halted_for()
        await asyncio.sleep(6)
        return [before, shut, gate.halted_for()]

    assert run(story()) == [0, 6, 0]


def test_the_fence_is_asked_when_it_is_the_turn_and_not_before() -> None:
    async def story() -> list[float]:
        api = telegram(2)
        asked = []

        async def fence() -> bool:
            asked.append(round(now() - api.began, 3))
            return True

        await told([api.say(chat, turn(fence=fence)) for chat in range(1, 5)])
        return asked

    assert run(story()) == [0, 0.5, 1, 1.5]


def test_a_fence_that_says_no_sends_nothing_and_costs_nobody_their_turn() -> None:
    async def story() -> tuple[Telegram, list[Any]]:
        api = telegram(1)

        async def no() -> bool:
            return False

        answers = await told([api.say(1, turn(fence=no)), api.say(2, turn(fence=no)), api.say(3, turn())])
        return api, answers

    api, answers = run(story())
    assert [type(answer) for answer in answers] == [NotMineError, NotMineError, str]
    assert api.passed == [(0, 3, 20)]


def test_a_slow_database_makes_no_burst() -> None:
    async def story() -> list[float]:
        api = telegram(25)
        open_at = now() + 3

        async def fence() -> bool:
            await asyncio.sleep(max(0, open_at - now()))
            return True

        await told([api.say(chat, turn(fence=fence)) for chat in range(1, 31)])
        return api.times()

    assert most_in(run(story()), 0.04) <= 3


def test_a_request_is_given_up_when_its_time_is_over() -> None:
    async def story() -> list[Any]:
        return await told([telegram().say(1, turn(timeout=LATENCY / 2))])

    assert isinstance(run(story())[0], TimeoutError)


def test_whoever_is_cancelled_while_waiting_leaves_no_gap() -> None:
    async def story() -> Telegram:
        api = telegram(1)
        first, second, third = (api.say(chat, turn()) for chat in (1, 2, 3))
        await asyncio.sleep(0.5)
        second.cancel()
        await told([first, second, third])
        return api

    assert run(story()).passed == [(0, 1, 20), (1, 3, 20)]


def test_whoever_is_cancelled_with_their_turn_in_hand_blocks_nobody() -> None:
    async def story() -> list[Any]:
        api = telegram(100)
        await told([api.say(1, turn())])
        for chat in (2, 3, 4):
            leaving = [api.say(99, turn()), api.say(chat, turn())]
            await asyncio.sleep(0)
            # The same moment as the turn: the turn is given, and then nobody is there to take it.
            asyncio.get_running_loop().call_later(0.01, leaving[-1].cancel)
            leaving[0].cancel()
            await told(leaving)
            await asyncio.sleep(1)
        await told([api.say(chat, turn()) for chat in range(5, 9)])
        return api.chats()

    chats = run(story())
    assert chats[-4:] == [5, 6, 7, 8]


def test_the_terminal_waits_for_nothing() -> None:
    async def story() -> list[float]:
        api = telegram(25, NO_LIMITS)
        await told([api.say(1) for _ in range(50)])
        return api.times()

    assert set(run(story())) == {0}


def test_whoever_is_cancelled_as_the_gate_shuts_leaves_no_room_for_more_than_there_is() -> None:
    async def story() -> int:
        api = telegram(1)
        first, second = api.say(1, turn()), api.say(2, turn())
        await asyncio.sleep(0.5)
        api.gate.halt(1)
        second.cancel()
        await told([first, second])
        return api.gate._fences

    assert run(story()) == 0


def test_a_timer_that_is_always_a_little_late_does_not_slow_the_pace() -> None:
    pace, at = Pace(25, TELEGRAM), 0.0
    for chat in range(1, 1001):
        at = max(at, pace.ready_at(20, chat)) + 0.002
        pace.went(20, chat, at)
    assert at == pytest.approx(1000 / 25, rel=0.02)


def test_what_is_paid_for_keeps_its_rate_though_no_timer_is_as_fine() -> None:
    pace, at = Pace(1_000, limits_for(1_000)), 0.0
    for chat in range(1, 20_001):
        at = max(at, pace.ready_at(50, chat))
        late = 0.15 if chat % 2_000 == 0 else 0.002 if chat % 10 == 0 else 0.0
        pace.went(50, chat, at := at + late)
    assert at == pytest.approx(20_000 / 1_000, rel=0.02)


@pytest.mark.parametrize(("rate", "messages"), [(1, 30), (25, 30), (30, 30), (31, 61), (1_000, 1_030)])
def test_beyond_what_is_free_answers_have_a_reserve_of_their_own(rate: float, messages: int) -> None:
    assert limits_for(rate).messages == messages


def test_a_broadcast_at_a_thousand_a_second_holds_no_answer_up() -> None:
    async def story() -> tuple[Telegram, list[float]]:
        api = telegram(1_000, limits_for(1_000))
        many = [api.say(chat, turn(Priority.BROADCAST)) for chat in range(1, 3_001)]
        waits = []
        for chat in range(10_001, 10_021):
            await asyncio.sleep(0.1)
            asked = now()
            await api.say(chat)
            waits.append(now() - asked - LATENCY)
        await told(many)
        return api, waits

    api, waits = run(story())
    assert max(waits) < 0.01
    assert most_in(api.times(), 1.0) <= 1_030
    assert api.times()[-1] == pytest.approx(3, rel=0.02)


def test_a_chat_is_the_same_as_a_number_and_as_its_digits() -> None:
    async def story() -> list[float]:
        api = telegram()
        await told([api.say(ANNA) for _ in range(3)] + [api.say(str(ANNA)) for _ in range(2)])
        return api.times()

    assert run(story()) == [0, 0, 0, 1, 2]


def test_it_remembers_only_chats_that_are_not_free_yet() -> None:
    pace = Pace(25, TELEGRAM)
    for number in range(20_000):
        chat = number if number % 2 else -number - 1
        pace.went(20, chat, number / 25)
    assert len(pace._chats) < 60 * 25 * 2


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 0, 10, 20, 50]), st.integers(-3, 6), st.floats(0, 2)), max_size=60
    ),
    st.sampled_from([1.0, 5.0, 25.0, 30.0]),
)
def test_no_crowd_makes_it_break_a_limit_or_forget_anybody(crowd, rate) -> None:
    async def story() -> Telegram:
        api = telegram(rate)

        async def come(lane: int, chat: int, after: float) -> None:
            await asyncio.sleep(after)
            await api.say(chat or 77, turn(lane) if lane else None)

        await asyncio.gather(*(come(*one) for one in crowd))
        return api

    api = run(story())
    assert len(api.passed) == len(crowd)
    if crowd:
        assert most_in(api.times(), 1.0) <= 30
    for chat in set(api.chats()):
        times = [at for at, who, _ in api.passed if who == chat]
        assert most_in(times, 1.0) <= 3
        assert most_in(times, 10.0) <= 13
        assert chat > 0 or most_in(times, 60.0) <= 20
    unasked = [at for at, _, lane in api.passed if lane]
    assert len(unasked) < 2 or most_in(unasked, 1.0) <= rate + 1


def test_the_time_to_wait_comes_as_a_number_or_as_a_timedelta() -> None:
    assert seconds_of(RetryAfter(7)) == seconds_of(RetryAfter(dt.timedelta(seconds=7))) == 7
