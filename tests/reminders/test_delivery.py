"""Sending what is due: what is sent, what is held back, and what an answer means for the rows behind it."""

import asyncio
import datetime as dt
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from catalog.database import Database
from reminders import outbox, people
from reminders.courier import Courier
from reminders.delivery import KIND_PAUSE, Dropped, Report, deliver_due
from reminders.model import Delivery, Person
from reminders.notices import Fate, Notice, Outcome, Turn
from reminders.retry import DOUBT_PAUSE
from tests.reminders.outbox_facts import (
    ANNA,
    BO,
    CARLA,
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    NOW,
    TIMEOUT,
    alter,
    claim,
    duty,
    notice,
    open_database,
    plan,
    row,
    rows,
    start,
    states,
)

SENT = Outcome(Fate.SENT, message_id=99)
Answer = Callable[[int], Outcome]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path)
    yield opened
    opened.close()


class Telegram:
    """A sender that keeps its promise about the fence. said: the chats it was said to."""

    def __init__(self, *outcomes: Outcome, by_chat: dict[int, Outcome] | None = None) -> None:
        self.outcomes, self.by_chat = list(outcomes), by_chat or {}
        self.said: list[int] = []
        self.turns: list[Turn] = []
        self.halted = 0.0
        self.before: Callable[[Notice], Awaitable[None] | None] = lambda _notice: None
        self.under_way = self.most_under_way = 0

    def halted_for(self) -> float:
        return self.halted

    async def send(self, notice: Notice, turn: Turn) -> Outcome:
        self.turns.append(turn)
        if not await turn.fence():
            return Outcome(Fate.NOT_SENT, reason="declined")
        self.under_way += 1
        self.most_under_way = max(self.under_way, self.most_under_way)
        waiting = self.before(notice)
        if waiting is not None:
            await waiting
        await asyncio.sleep(0)
        self.under_way -= 1
        self.said.append(notice.to.chat_id)
        answer = self.outcomes.pop(0) if self.outcomes else SENT
        return self.by_chat.get(notice.to.chat_id, answer)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now


def deliver(database: Database, telegram: Telegram, now: dt.datetime = NOW, **more: Any) -> Report:
    compose = more.pop("compose", notice)
    clock = more.pop("clock", lambda: now)
    return asyncio.run(
        deliver_due(database, telegram, clock, compose, **{"worker": "a", "concurrency": 2, **more})
    )


def crowd(database: Database, number: int = 20) -> None:
    plan(database, *(duty(n, n % 3 + 1) for n in range(number)))


def test_everything_due_is_said_once(database: Database) -> None:
    crowd(database, 120)
    telegram = Telegram()
    assert deliver(database, telegram).counts == {"sent": 120}
    assert deliver(database, telegram).counts == {}
    assert Counter(telegram.said) == {ANNA: 40, BO: 40, CARLA: 40}
    assert set(states(database)) == {"sent"}


def test_there_are_never_more_requests_under_way_than_agreed(database: Database) -> None:
    crowd(database, 40)
    telegram = Telegram()
    deliver(database, telegram, concurrency=3)
    assert telegram.most_under_way <= 3


def test_each_row_is_in_flight_while_it_is_asked_for_and_settled_before_the_next(database: Database) -> None:
    crowd(database, 5)
    seen = []
    telegram = Telegram()
    telegram.before = lambda _notice: seen.append(states(database))  # type: ignore[func-returns-value]  # it looks
    deliver(database, telegram, concurrency=1)
    assert [Counter(look)["in_flight"] for look in seen] == [1] * 5
    assert [Counter(look)["sent"] for look in seen] == [0, 1, 2, 3, 4]


def test_the_turn_carries_priority_and_time_out(database: Database) -> None:
    plan(database, duty(priority=outbox.Priority.DIGEST))
    telegram = Telegram()
    deliver(database, telegram, timeout=dt.timedelta(seconds=2))
    assert [(turn.priority, turn.timeout) for turn in telegram.turns] == [(40, 2)]


def test_a_lease_that_a_request_could_outlive_is_refused_at_the_start(database: Database) -> None:
    short = {"lease": 3 * TIMEOUT - dt.timedelta(seconds=1), "timeout": TIMEOUT}
    with pytest.raises(ValueError, match="does not fit"):
        deliver(database, Telegram(), **short)
    with pytest.raises(ValueError, match="does not fit"):
        Courier(database, Telegram(), Clock(), notice, worker="a", **short)  # type: ignore[arg-type]  # both timedeltas


def test_a_429_halts_everything_and_gives_the_rest_back(database: Database) -> None:
    crowd(database, 30)
    telegram = Telegram(SENT, Outcome(Fate.TOO_MANY, retry_after=40))
    report = deliver(database, telegram, concurrency=1)
    assert report.halted
    assert len(telegram.said) == 2
    assert Counter(states(database)) == {"sent": 1, "pending": 29}
    (flooded,) = [one for one in rows(database) if one.reason == "too-many"]
    assert flooded.due_at == NOW + dt.timedelta(seconds=41)
    assert flooded.attempts == 0


def test_while_the_gate_is_shut_nothing_is_claimed(database: Database) -> None:
    crowd(database, 3)
    telegram = Telegram()
    telegram.halted = 12.0
    assert deliver(database, telegram).halted
    assert (telegram.turns, set(states(database))) == ([], {"pending"})


def test_a_gate_that_shuts_before_the_request_leaves_nothing_in_doubt(database: Database) -> None:
    plan(database, duty())

    class Shut(Telegram):
        async def send(self, notice: Notice, turn: Turn) -> Outcome:
            return Outcome(Fate.TOO_MANY, retry_after=9)

    report = deliver(database, Shut())
    assert (report.halted, row(database).state, row(database).attempts) == (True, "pending", 0)


def test_an_unknown_token_stops_and_loses_nothing(database: Database) -> None:
    crowd(database, 10)
    report = deliver(database, Telegram(Outcome(Fate.STOP)), concurrency=1)
    assert report.stopped
    assert set(states(database)) == {"pending"}


def test_refused_words_pause_their_kind_and_no_other(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    plan(database, *(duty(n) for n in range(5)), *(duty(n, kind="digest", priority=40) for n in range(5, 8)))
    resting: dict[str, dt.datetime] = {}
    refused = Outcome(Fate.REFUSED, reason="can't parse entities")
    with caplog.at_level(logging.CRITICAL):
        deliver(database, Telegram(refused), concurrency=1, paused=resting)
    assert Counter(states(database)) == {"failed": 1, "pending": 4, "sent": 3}
    assert "can't parse entities" in caplog.text
    deliver(database, Telegram(), NOW + KIND_PAUSE - MINUTE, paused=resting)
    assert Counter(states(database))["pending"] == 4
    deliver(database, Telegram(), NOW + KIND_PAUSE, paused=resting)
    assert Counter(states(database)) == {"failed": 1, "sent": 7}


def test_whoever_blocked_us_gets_nothing_more(database: Database) -> None:
    plan(database, duty(1, 1), duty(2, 1), duty(3, 1, due_at=NOW + HOUR), duty(4, 2))
    report = deliver(database, Telegram(by_chat={ANNA: Outcome(Fate.GONE)}), concurrency=1)
    assert report.counts == {"gone": 1, "sent": 1}
    assert states(database) == ["failed", "cancelled", "cancelled", "sent"]
    person = database.read(lambda session: people.find(session, ANNA))
    assert person
    assert person.inactive_since == NOW


def test_a_chat_that_moved_gets_it_under_its_new_number(database: Database) -> None:
    plan(database, duty())
    telegram = Telegram(by_chat={ANNA: Outcome(Fate.MIGRATED, new_chat_id=-100_500)})
    deliver(database, telegram)
    assert telegram.said == [ANNA, -100_500]
    assert (row(database).state, row(database).attempts, row(database).key) == ("sent", 1, "r:1:1")


def test_a_chat_that_moved_to_somebody_we_know_is_left_behind(database: Database) -> None:
    plan(database, duty(1), duty(2))
    deliver(database, Telegram(by_chat={ANNA: Outcome(Fate.MIGRATED, new_chat_id=BO)}), concurrency=1)
    assert set(states(database)) == {"cancelled"}


def test_a_reminder_in_doubt_is_said_once_more_after_five_minutes(database: Database) -> None:
    plan(database, duty())
    telegram = Telegram(Outcome(Fate.UNKNOWN))
    assert deliver(database, telegram).counts == {"in-doubt": 1}
    deliver(database, telegram, NOW + DOUBT_PAUSE - MINUTE)
    assert telegram.said == [ANNA]
    deliver(database, telegram, NOW + DOUBT_PAUSE)
    assert telegram.said == [ANNA, ANNA]


# Composing.


def test_what_has_begun_expires_and_what_is_ahead_is_said_late_with_fresh_words(database: Database) -> None:
    """48 hours down: one began meanwhile, one is still ahead."""
    plan(database, duty(1), duty(2, useful_until=NOW + 3 * DAY))
    composed_at = []

    def compose(session: Session, delivery: Delivery, now: dt.datetime) -> Notice:
        composed_at.append(now)
        return notice(session, delivery, now)

    telegram = Telegram()
    late = NOW + 2 * DAY
    database.write(lambda session: outbox.sweep(session, late))
    deliver(database, telegram, late, compose=compose)
    assert states(database) == ["expired", "sent"]
    assert (telegram.said, composed_at) == ([ANNA], [late])


@pytest.mark.parametrize("state", ["expired", "superseded", "cancelled"])
def test_what_is_not_to_be_said_is_dropped_with_its_reason(database: Database, state: str) -> None:
    plan(database, duty())
    telegram = Telegram()
    report = deliver(database, telegram, compose=lambda *_: Dropped(state, "newer-lead"))
    assert (row(database).state, row(database).reason) == (state, "newer-lead")
    assert (telegram.turns, report.counts) == ([], {state: 1})


def test_what_is_to_wait_waits(database: Database) -> None:
    plan(database, duty())
    morning = NOW + HOUR
    deliver(database, Telegram(), compose=lambda *_: Dropped("pending", "quiet", morning))
    assert (row(database).state, row(database).due_at) == ("pending", morning)


def test_a_composer_that_breaks_harms_nobody_else_and_is_asked_again(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    plan(database, duty(1, 1), duty(2, 2))

    def compose(session: Session, delivery: Delivery, now: dt.datetime) -> Notice:
        if delivery.person_id == 1 and now == NOW:
            raise KeyError("title")
        return notice(session, delivery, now)

    telegram = Telegram()
    report = deliver(database, telegram, compose=compose)
    assert report.counts == {"pending": 1, "sent": 1}
    assert "could not be composed" in caplog.text
    deliver(database, telegram, NOW + MINUTE, compose=compose)
    assert telegram.said == [BO, ANNA]


def test_erasing_in_the_middle_of_a_run_stops_what_is_on_its_way_there(database: Database) -> None:
    plan(database, *(duty(n, 1) for n in range(6)), duty(7, 2))
    telegram = Telegram()

    def erase(_notice: Notice) -> None:
        database.write(lambda session: people.forget(session, ANNA, NOW))

    telegram.before = erase
    deliver(database, telegram, concurrency=1)
    assert telegram.said == [ANNA, BO]
    assert states(database) == ["sent"]


def test_pausing_in_the_middle_of_a_run_holds_the_rest(database: Database) -> None:
    plan(database, *(duty(n, 1) for n in range(3)))
    telegram = Telegram()
    telegram.before = lambda _notice: alter(database, 1, paused_until=NOW + DAY)  # type: ignore[func-returns-value]
    deliver(database, telegram, concurrency=1)
    assert Counter(states(database)) == {"sent": 1, "pending": 2}


# When the machine or the clock misbehaves.


def test_what_a_dead_process_left_behind_is_picked_up(database: Database) -> None:
    plan(database, duty(1), duty(2), duty(3, kind="digest"))
    dead = claim(database, "dead")
    start(database, dead[0], "dead")
    start(database, dead[2], "dead")
    telegram = Telegram()
    assert deliver(database, telegram).counts == {}
    assert deliver(database, telegram, NOW + LEASE).counts == {"given-back": 1, "in-doubt": 2, "sent": 1}
    deliver(database, telegram, NOW + LEASE + DOUBT_PAUSE)
    assert states(database) == ["sent", "sent", "unknown"]


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_jumps_loses_nothing_and_repeats_nothing(database: Database, hours: int) -> None:
    plan(database, *(duty(n, useful_until=NOW + DAY) for n in range(20)))
    clock, telegram = Clock(), Telegram()

    def jump(_notice: Notice) -> None:
        if len(telegram.said) == 7:
            clock.now = NOW + hours * HOUR

    telegram.before = jump
    asyncio.run(deliver_due(database, telegram, clock, notice, worker="a", concurrency=2))
    clock.now = NOW + 3 * HOUR
    asyncio.run(deliver_due(database, telegram, clock, notice, worker="a", concurrency=2))
    assert len(telegram.said) == 20
    assert set(states(database)) == {"sent"}


def test_an_answer_is_written_even_when_the_database_is_busy_for_a_while(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan(database, duty())
    busy = iter([OperationalError("UPDATE", {}, Exception("database is locked"))] * 3)
    settle = outbox.settle_all

    def blocked(*arguments: Any) -> Any:
        if error := next(busy, None):
            raise error
        return settle(*arguments)

    monkeypatch.setattr(outbox, "settle_all", blocked)
    assert deliver(database, Telegram()).counts == {"sent": 1}
    assert next(busy, None) is None
    assert row(database).state == "sent"


def test_a_fence_that_cannot_be_written_sends_nothing_and_the_run_says_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd(database, 6)

    def broken(*_arguments: Any) -> bool:
        raise OperationalError("UPDATE", {}, Exception("disk full"))

    monkeypatch.setattr(outbox, "start_all", broken)
    telegram = Telegram()
    with pytest.raises(OperationalError, match="disk full"):
        deliver(database, telegram)
    assert telegram.said == []
    assert set(states(database)) == {"pending"}


def test_the_terminal_says_its_own_persons_rows_only(database: Database) -> None:
    crowd(database, 9)
    telegram = Telegram()
    deliver(database, telegram, only_chat=BO)
    assert telegram.said == [BO] * 3


# The courier: run after run.


def test_a_courier_says_what_it_did_and_nothing_when_it_did_nothing(database: Database) -> None:
    async def story() -> list[str]:
        courier = Courier(database, Telegram(), Clock(), notice, worker="a")
        crowd(database, 4)
        return [await courier.tick(), await courier.tick()]

    assert asyncio.run(story()) == ["sent 4", ""]


def test_a_courier_that_is_told_to_finish_ends_what_it_began_and_gives_back_the_rest(
    database: Database,
) -> None:
    async def story() -> tuple[str, str]:
        telegram = Telegram()
        courier = Courier(database, telegram, Clock(), notice, worker="a", concurrency=2)
        answer = asyncio.Event()
        asked = asyncio.Event()

        async def wait(_notice: Notice) -> None:
            asked.set()
            await answer.wait()

        telegram.before = wait
        crowd(database, 10)
        running = asyncio.create_task(courier.tick())
        await asked.wait()
        finishing = asyncio.create_task(courier.finish())
        await asyncio.sleep(0)
        answer.set()
        await finishing
        return await running, await courier.tick()

    did, afterwards = asyncio.run(story())
    sent = states(database).count("sent")
    assert 1 <= sent <= 2
    assert did == f"sent {sent}"
    assert set(states(database)) == {"sent", "pending"}
    assert afterwards == ""


def test_a_courier_whom_telegram_does_not_know_stops_for_good(database: Database) -> None:
    async def story() -> list[str]:
        telegram = Telegram(Outcome(Fate.STOP))
        courier = Courier(database, telegram, Clock(), notice, worker="a", concurrency=1)
        crowd(database, 4)
        return [await courier.tick(), await courier.tick()]

    assert asyncio.run(story()) == ["stop 1, stopped", ""]


def test_a_courier_remembers_which_kinds_rest(database: Database) -> None:
    async def story() -> tuple[int, int]:
        clock, telegram = Clock(), Telegram(Outcome(Fate.REFUSED))
        courier = Courier(database, telegram, clock, notice, worker="a", concurrency=1)
        crowd(database, 4)
        await courier.tick()
        await courier.tick()
        before = len(telegram.said)
        clock.now += KIND_PAUSE
        await courier.tick()
        return before, len(telegram.said)

    assert asyncio.run(story()) == (1, 4)


def test_a_person_who_comes_back_can_be_reached_again(database: Database) -> None:
    database.write(lambda session: people.mark_inactive(session, 1, NOW))
    database.write(lambda session: people.mark_inactive(session, 1, NOW + DAY))
    assert database.read(lambda session: session.get(Person, 1).inactive_since) == NOW
    database.write(lambda session: people.meet(session, ANNA, "da", NOW.date()))
    plan(database, duty())
    telegram = Telegram()
    deliver(database, telegram)
    assert telegram.said == [ANNA]
