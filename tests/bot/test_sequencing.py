import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

import pytest
from telegram import Chat, Message, Update

from bot.sequencing import ChatsInParallel
from tests.bot.facts import NOW

Work = Callable[[], Coroutine[Any, Any, None]]


def update_in(chat_id: int) -> Update:
    message = Message(1, datetime.fromtimestamp(0, NOW.tzinfo), Chat(chat_id, "private"))
    return Update(1, message=message)


class Clerk:
    """Runs updates through the processor and notes what begins and ends."""

    def __init__(self, processor: ChatsInParallel) -> None:
        self.processor = processor
        self.notes: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    def give(self, chat_id: int | None, name: str) -> "asyncio.Task[None]":
        self.gates[name] = asyncio.Event()
        update: object = object() if chat_id is None else update_in(chat_id)
        return asyncio.create_task(self.processor.process_update(update, self._work(name)))

    async def _work(self, name: str) -> None:
        self.notes.append(f"{name} begins")
        await self.gates[name].wait()
        self.notes.append(f"{name} ends")

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)

    async def finish(self, *tasks: "asyncio.Task[None]") -> None:
        for gate in self.gates.values():
            gate.set()
        await asyncio.gather(*tasks)


def test_one_chat_is_answered_in_order() -> None:
    async def story() -> None:
        clerk = Clerk(ChatsInParallel())
        tasks = [clerk.give(1, "a"), clerk.give(1, "b")]
        await clerk.settle()
        assert clerk.notes == ["a begins"]
        await clerk.finish(*tasks)
        assert clerk.notes == ["a begins", "a ends", "b begins", "b ends"]

    asyncio.run(story())


def test_chats_do_not_wait_for_each_other() -> None:
    async def story() -> None:
        clerk = Clerk(ChatsInParallel())
        tasks = [clerk.give(1, "a"), clerk.give(2, "b"), clerk.give(None, "no chat")]
        await clerk.settle()
        assert clerk.notes == ["a begins", "b begins", "no chat begins"]
        await clerk.finish(*tasks)

    asyncio.run(story())


def test_a_flooding_chat_leaves_room_for_others() -> None:
    async def story() -> None:
        clerk = Clerk(ChatsInParallel(slots=8, most_per_chat=3))
        tasks = [clerk.give(1, f"flood {n}") for n in range(30)]
        await clerk.settle()
        tasks.append(clerk.give(2, "a neighbour"))
        await clerk.settle()
        assert "a neighbour begins" in clerk.notes
        await clerk.finish(*tasks)
        assert [note for note in clerk.notes if note.endswith("begins") and "flood" in note] == [
            "flood 0 begins",
            "flood 1 begins",
            "flood 2 begins",
        ]

    asyncio.run(story())


def test_a_failing_update_does_not_block_its_chat() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    async def story() -> None:
        clerk = Clerk(ChatsInParallel(most_per_chat=1))
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await clerk.processor.process_update(update_in(1), fail())
        await clerk.finish(clerk.give(1, "next"))
        assert clerk.notes == ["next begins", "next ends"]

    asyncio.run(story())
