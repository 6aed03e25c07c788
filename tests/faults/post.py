"""People with something owed to them, and the processes that send it, which a test may kill and stop."""

import multiprocessing
import os
import signal
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import psutil

from catalog.database import Database
from tests.faults.sending import Orders, run_courier
from tests.reminders.outbox_facts import open_database
from tests.standin import StandIn

FORKS = multiprocessing.get_context("forkserver")
# Each sender is a process of its own; only reading the code happens once for all of them.
FORKS.set_forkserver_preload(["tests.faults.sending"])

FIRST_CHAT = 9_000_001


class Post:
    """People, one duty each (chat number FIRST_CHAT + n, delivery n + 1), and processes that send."""

    def __init__(self, folder: Path, standin: StandIn, people: int) -> None:
        self.folder, self.standin, self.people = folder, standin, people
        self.chats = [FIRST_CHAT + n for n in range(people)]
        self.database: Database = open_database(folder, self.chats)
        for chat in self.chats:
            standin.world.know(chat)

    @contextmanager
    def sending(
        self,
        worker: str = "a",
        ahead: float = 0,
        rate: float = 1_000,
        run: Callable[[Orders], None] = run_courier,
        **more: object,
    ) -> Iterator[ForkServerProcess]:
        orders = Orders(str(self.database.url), self.standin.url, self.folder / "log", worker, ahead, rate)
        orders = replace(orders, **more)  # type: ignore[arg-type]  # what a test names is an order
        process = FORKS.Process(target=run, args=(orders,))
        process.start()
        try:
            yield process
        finally:
            process.kill()
            process.join(timeout=10)

    def rows(self, columns: str, where: str = "1") -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.folder / "outbox.db")) as connection:
            return connection.execute(f"SELECT {columns} FROM delivery WHERE {where} ORDER BY id").fetchall()

    def states(self, where: str = "1") -> Counter[object]:
        return Counter(state for (state,) in self.rows("state", where))

    def person(self, chat: int) -> int:
        """The id of a chat's person."""
        return chat - FIRST_CHAT + 1

    def copies(self) -> Counter[int]:
        """How many copies each chat got."""
        with self.standin.changed:
            return Counter(send.chat_id for send in self.standin.sends)

    def arrived(self, number: int) -> None:
        """Wait until so many messages have arrived in all."""
        self.standin.wait(lambda _world: len(self.standin.sends) >= number, seconds=60)

    def stop(self, process: ForkServerProcess) -> None:
        """SIGSTOP, between two writes: whoever sleeps with the write lock in hand keeps everybody out. So the
        lock is ours until it sleeps; a signal takes a moment to arrive."""
        with closing(sqlite3.connect(self.folder / "outbox.db", timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            signal_to(process, signal.SIGSTOP)
            assert process.pid
            while psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:
                pass

    def done(self, *unfinished: str, where: str = "1") -> None:
        """Wait until no row is on its way. The stand-in tells of every call; the last settle comes after."""
        waiting = unfinished or ("pending", "claimed", "in_flight")
        with self.standin.changed:
            over = self.standin.changed.wait_for
            for _ in range(1_200):
                if not any(state in waiting for state in self.states(where)):
                    return
                over(lambda: False, timeout=0.05)
        raise AssertionError(f"{self.states()}\n{(self.folder / 'log').read_text()[-3000:]}")


def signal_to(process: ForkServerProcess, number: signal.Signals) -> None:
    assert process.pid
    os.kill(process.pid, number)
