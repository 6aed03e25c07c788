"""One chat in order, chats in parallel.

Updates of one chat are handled one after another, as they came; different chats do not wait for each
other. An update holds its slot while it waits for its chat, so a flooding chat is capped: what comes while
it already has that many under way is dropped, and others keep their slots.
"""

import asyncio
import logging
from collections.abc import Awaitable
from inspect import iscoroutine
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

CONCURRENT_UPDATES = 128
MOST_PER_CHAT = 16

logger = logging.getLogger(__name__)


class _Line:
    """The updates of one chat that are under way: one is handled, the others wait in order."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.length = 0


class ChatsInParallel(BaseUpdateProcessor):
    """At most `slots` updates at a time, at most `most_per_chat` of them of one chat."""

    def __init__(self, slots: int = CONCURRENT_UPDATES, most_per_chat: int = MOST_PER_CHAT) -> None:
        super().__init__(slots)
        self._most_per_chat = most_per_chat
        self._lines: dict[int, _Line] = {}

    async def do_process_update(self, update: object, coroutine: "Awaitable[Any]") -> None:
        """Handle the update when it is its turn in its chat, or drop it when the chat floods."""
        chat_id = _chat_of(update)
        if chat_id is None:
            await coroutine
            return
        line = self._lines.setdefault(chat_id, _Line())
        if line.length >= self._most_per_chat:
            _drop(coroutine)
            return
        line.length += 1
        try:
            async with line.lock:
                await coroutine
        finally:
            line.length -= 1
            if not line.length:
                del self._lines[chat_id]

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""


def _chat_of(update: object) -> int | None:
    if isinstance(update, Update) and update.effective_chat is not None:
        return update.effective_chat.id
    return None


def _drop(coroutine: "Awaitable[Any]") -> None:
    logger.warning("an update was dropped: its chat has too many under way")
    if iscoroutine(coroutine):
        coroutine.close()
