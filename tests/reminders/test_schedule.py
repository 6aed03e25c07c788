"""Ticks: a raising one does not stop the others, nor itself."""

import asyncio
import logging

import pytest

from reminders.schedule import Schedule, Tick

SOON = 0.01


def test_a_raising_tick_is_logged_and_runs_again(caplog: pytest.LogCaptureFixture) -> None:
    asyncio.run(_a_raising_tick())
    assert "tick clumsy failed" in caplog.text


async def _a_raising_tick() -> None:
    raised, others = 0, 0
    enough = asyncio.Event()

    async def clumsy() -> str:
        nonlocal raised
        raised += 1
        raise RuntimeError("oops")

    async def steady() -> str:
        nonlocal others
        others += 1
        if raised >= 2 and others >= 2:
            enough.set()
        return ""

    schedule = Schedule([Tick("clumsy", SOON, clumsy), Tick("steady", SOON, steady)])
    schedule.start()
    await asyncio.wait_for(enough.wait(), timeout=10)
    schedule.stop()


def test_a_tick_tells_what_it_did(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def story() -> None:
        done = asyncio.Event()

        async def work() -> str:
            done.set()
            return "3 rows"

        schedule = Schedule([Tick("rows", SOON, work)])
        schedule.start()
        await asyncio.wait_for(done.wait(), timeout=10)
        schedule.stop()

    asyncio.run(story())
    assert "tick rows: 3 rows" in caplog.text
