"""Calls that share a transaction: each still has its own answer and its own fault."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from reminders.gathering import Gathered

BUSY = OperationalError("UPDATE", {}, Exception("database is locked"))


class Desk:
    """A database that notes who came in which transaction. sour: whoever makes its work fail, and how."""

    def __init__(self, **sour: Exception) -> None:
        self.sour = sour
        self.transactions: list[list[str]] = []
        self.done: list[str] = []

    async def hop(self, work: Any) -> Any:
        await asyncio.sleep(0)
        return work(None)

    def work(self, _session: Any, names: Sequence[str]) -> list[str]:
        self.transactions.append(list(names))
        for name in names:
            if name in self.sour:
                raise self.sour[name]
        self.done.extend(names)
        return [name.upper() for name in names]


async def ask(desk: Desk, *names: str) -> list[Any]:
    verb = Gathered(desk.hop, desk.work, 0.0)
    return await asyncio.gather(*(verb(name) for name in names), return_exceptions=True)


def test_who_comes_together_shares_a_transaction_and_gets_their_own_answer() -> None:
    desk = Desk()
    assert asyncio.run(ask(desk, "anna", "bo", "carla")) == ["ANNA", "BO", "CARLA"]
    assert desk.transactions == [["anna", "bo", "carla"]]


def test_one_that_fails_does_not_fail_the_others() -> None:
    desk, fault = Desk(bo=ValueError("bo")), ValueError
    anna, bo, carla = asyncio.run(ask(desk, "anna", "bo", "carla"))
    assert (anna, carla) == ("ANNA", "CARLA")
    assert isinstance(bo, fault)
    assert desk.done == ["anna", "carla"]


def test_a_busy_database_is_not_asked_again_for_each() -> None:
    desk = Desk(bo=BUSY)
    assert asyncio.run(ask(desk, "anna", "bo", "carla")) == [BUSY] * 3
    assert len(desk.transactions) == 1


def test_whoever_gives_up_waiting_harms_nobody() -> None:
    async def story() -> str:
        desk = Desk()
        verb = Gathered(desk.hop, desk.work, 0.0)
        impatient = asyncio.create_task(verb("anna"))
        patient = asyncio.create_task(verb("bo"))
        await asyncio.sleep(0)
        impatient.cancel()
        answer: str = await patient
        with pytest.raises(asyncio.CancelledError):
            await impatient
        return answer

    assert asyncio.run(story()) == "BO"


def test_whoever_comes_while_others_are_served_comes_next() -> None:
    async def story() -> list[list[str]]:
        desk, served, go_on = Desk(), asyncio.Event(), asyncio.Event()

        async def slow_hop(work: Any) -> Any:
            served.set()
            await go_on.wait()
            return work(None)

        verb = Gathered(slow_hop, desk.work, 0.0)
        first = asyncio.create_task(verb("anna"))
        await served.wait()
        second = asyncio.create_task(verb("bo"))
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(first, second)
        return desk.transactions

    assert asyncio.run(story()) == [["anna"], ["bo"]]
