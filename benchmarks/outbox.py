"""`python -m benchmarks.outbox [SIZE]`: what the outbox does with a million duties, and peers with fewer.

One database file and one process. A duty is planned, claimed, fenced and settled just as the bot does it;
only the request to Telegram in between is left out.
"""

import datetime as dt
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import psutil
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import insert, update
from sqlmodel import col, select

from catalog.database import Database
from reminders import outbox
from reminders.delivery import LEASE, TIMEOUT
from reminders.model import Delivery, Person, table_metadata
from reminders.notices import Fate, Outcome
from reminders.outbox import Duty

SIZE, PEER_SIZE, DUE = 1_000_000, 10_000, 50
PEOPLE, PAGE, BATCH, SETTLED = 50_000, 10_000, 50, 2_000
NOW = dt.datetime(2026, 11, 27, 16, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
SENT = Outcome(Fate.SENT, message_id=1)


def main(arguments: list[str]) -> None:
    """Print every figure."""
    size = int(arguments[0]) if arguments else SIZE
    print(f"load {os.getloadavg()[0]:.1f}, SQLite {_sqlite()}")
    with tempfile.TemporaryDirectory() as folder:
        database = _open(Path(folder), min(PEOPLE, size))
        _plan(database, size)
        _ticks(database, size)
        _claim_all(database, size)
        _settle(database)
        database.close()
    for peer in (ours, apscheduler, row_by_row):
        with tempfile.TemporaryDirectory() as folder:
            planned, tick = peer(Path(folder), PEER_SIZE)
        print(f"{peer.__name__}: {PEER_SIZE:,} planned in {planned:.2f} s, a tick {tick * 1000:.1f} ms")


def _sqlite() -> str:
    import sqlite3  # noqa: PLC0415  # for its version only

    return sqlite3.sqlite_version


def _open(folder: Path, people: int) -> Database:
    database = Database(f"sqlite:///{folder}/outbox.db")
    table_metadata().create_all(database.engine)
    day = NOW.date()
    known = {"language": "da", "last_seen": day, "created_on": day, "leads": []}
    rows = [{**known, "chat_id": n} for n in range(people)]
    database.write(lambda session: session.execute(insert(Person), rows))
    return database


def duties(size: int, people: int, due: int) -> Iterator[Duty]:
    """`due` of them are due, spread among the others, which come over the next 35 days."""
    every = max(1, size // due)
    for n in range(size):
        is_due = n % every == 0
        due_at = NOW - MINUTE if is_due else NOW + (1 + n * 7919 % 50_000) * MINUTE
        yield Duty(
            key=f"r:{n}",
            person_id=n % people + 1,
            kind="reminder",
            offering_id=n % 2_000,
            occurrence_id=n % 5_000,
            due_at=due_at,
            useful_until=due_at + (120 + n % 1_500) * MINUTE,
            priority=20,
            keep_until=due_at + 45_000 * MINUTE,
        )


def _plan(database: Database, size: int) -> None:
    before, began = _memory(), time.perf_counter()
    peak, waiting = before, duties(size, min(PEOPLE, size), DUE)
    while page := list(islice(waiting, PAGE)):
        database.write(lambda session, page=page: outbox.plan(session, page))
        peak = max(peak, _memory())
    _report("planned", size, began, before, peak)
    database.close()


def _claim_all(database: Database, size: int) -> None:
    """The worst day: every row is due at once."""
    database.write(lambda session: session.execute(update(Delivery).values(due_at=NOW - MINUTE)))
    before, began, times = _memory(), time.perf_counter(), []
    peak, claimed = before, 0
    while True:
        at = time.perf_counter()
        taken = database.write(lambda session: outbox.claim(session, "bench", NOW, BATCH, LEASE))
        times.append(time.perf_counter() - at)
        if not taken:
            break
        claimed += len(taken)
        if len(times) % 500 == 0:
            peak = max(peak, _memory())
    assert claimed == size
    _report("claimed", size, began, before, peak)
    first, last = statistics.median(times[:200]), statistics.median(times[-201:-1])
    print(f"a claim of {BATCH}: first ones {first * 1000:.1f} ms, last ones {last * 1000:.1f} ms")


def _ticks(database: Database, size: int) -> None:
    idle = _median(
        lambda: database.read(lambda session: outbox.anything_to_do(session, NOW - 2 * MINUTE)), 20
    )
    looking = _median(lambda: database.read(lambda session: outbox.anything_to_do(session, NOW)), 20)
    began = time.perf_counter()
    taken = database.write(lambda session: outbox.claim(session, "tick", NOW, BATCH, LEASE))
    claiming = time.perf_counter() - began
    print(f"{size:,} pending: a tick with nothing due {idle * 1000:.1f} ms;", end=" ")
    print(f"with {len(taken)} due {looking * 1000:.1f} ms to look and {claiming * 1000:.1f} ms to claim")
    database.write(lambda session: outbox.give_back(session, taken, "tick"))


def _settle(database: Database) -> None:
    """What stands around each request: the fence and the answer, two commits."""
    freed = update(Delivery).where(col(Delivery.id) <= SETTLED).values(state="pending")
    database.write(lambda session: session.execute(freed))
    rows = database.write(lambda session: outbox.claim(session, "bench", NOW, SETTLED, LEASE))
    began = time.perf_counter()
    for mine in rows:
        assert database.write(lambda session, mine=mine: outbox.start(session, mine, "bench", NOW, TIMEOUT))
        database.write(lambda session, mine=mine: outbox.settle(session, mine, "bench", SENT, NOW))
    took = time.perf_counter() - began
    print(f"fenced and settled: {len(rows) / took:,.0f} rows a second, {took / len(rows) * 1000:.1f} ms each")


# Peers, at a size they bear. Each: (seconds to plan, seconds for a tick that finds DUE rows).


def ours(folder: Path, size: int) -> tuple[float, float]:
    database = _open(folder, 1_000)
    began = time.perf_counter()
    database.write(lambda session: outbox.plan(session, duties(size, 1_000, DUE)))
    planned, began = time.perf_counter() - began, time.perf_counter()
    taken = database.write(lambda session: outbox.claim(session, "bench", NOW, BATCH, LEASE))
    tick = time.perf_counter() - began
    assert len(taken) == DUE
    database.close()
    return planned, tick


def apscheduler(folder: Path, size: int) -> tuple[float, float]:
    """A job a duty in its SQL job store; a tick takes the due jobs out, as its scheduler does."""
    store = SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs.db")
    scheduler = BackgroundScheduler(jobstores={"default": store}, timezone="UTC")
    scheduler.start(paused=True)
    began = time.perf_counter()
    for duty in duties(size, 1_000, DUE):
        scheduler.add_job(_nothing, "date", run_date=duty["due_at"], id=duty["key"], args=[duty["person_id"]])
    planned, began = time.perf_counter() - began, time.perf_counter()
    due = store.get_due_jobs(NOW)
    for job in due:
        store.remove_job(job.id)
    tick = time.perf_counter() - began
    assert len(due) == DUE
    scheduler.shutdown()
    return planned, tick


def row_by_row(folder: Path, size: int) -> tuple[float, float]:
    """The same table by hand: a query and a commit for each row, and a tick that looks at all that waits."""
    database = _open(folder, 1_000)
    began = time.perf_counter()
    for duty in duties(size, 1_000, DUE):
        database.write(lambda session, duty=duty: _add_when_new(session, duty))
    planned, began = time.perf_counter() - began, time.perf_counter()
    waiting = database.read(lambda s: s.exec(select(Delivery).where(Delivery.state == "pending")).all())
    due = [row for row in waiting if row.due_at <= NOW < row.useful_until]
    for row in sorted(due, key=lambda row: (row.priority, row.useful_until)):
        database.write(lambda session, row=row: _take(session, row.id))
    tick = time.perf_counter() - began
    assert len(due) == DUE
    database.close()
    return planned, tick


def _nothing(_person: int) -> None:
    """What a job calls."""


def _add_when_new(session: Any, duty: Duty) -> None:
    if session.exec(select(Delivery).where(Delivery.key == duty["key"])).first() is None:
        session.add(Delivery(**duty))


def _take(session: Any, delivery_id: int | None) -> None:
    row = session.get(Delivery, delivery_id)
    row.state, row.claimed_by, row.lease_until = "claimed", "bench", NOW + LEASE


def _median(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def _memory() -> float:
    return psutil.Process().memory_info().rss / 1e6


def _report(what: str, rows: int, began: float, before: float, peak: float) -> None:
    took = time.perf_counter() - began
    print(f"{what}: {rows:,} in {took:.1f} s, {rows / took:,.0f} a second;", end=" ")
    print(f"memory {before:.0f} MB before, {peak:.0f} MB at most")


if __name__ == "__main__":
    main(sys.argv[1:])
