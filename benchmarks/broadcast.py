"""`python -m benchmarks.broadcast [PEOPLE] [RATE]`: a broadcast to 100,000 at 1,000 a second.

The whole bot, `kulturlods run`, in a process of its own, against a Bot API of next to no cost in another,
which answers after 30 ms. People ask questions all the while; told is whether the rate holds, how long they
wait for their answers, and whether memory grows.
"""

import datetime as dt
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import psutil
from pydantic import SecretStr
from sqlalchemy import insert
from sqlmodel import Session

from benchmarks.lean_api import Record, serve
from benchmarks.timing import percentiles
from bot.clock import clock_from
from bot.limits import limits_for
from bot.running import run_on_telegram
from bot.settings import Settings
from catalog import Database, staff
from catalog.drafts import Parsed
from catalog.ingest import ingest
from catalog.places import gazetteer
from catalog.sample import sample_drafts
from catalog.staff import Role, Scope, ScopeKind
from reminders import broadcasts
from reminders.audience import Audience
from reminders.broadcast_progress import report
from reminders.model import Broadcast, Person, table_metadata

PEOPLE, RATE = 100_000, 1_000.0
ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=ZONE)
ISHOJ = Scope(ScopeKind.MUNICIPALITY, "Ishøj", "Ishøj")
ASKERS, PAUSE = 60, 0.33
QUESTIONS = (
    "koncerter i weekenden",
    "gratis workshops for unge i Ishøj",
    "noget for en på 4 år på lørdag",
    "teater i Køge",
    "udstillinger i næste uge",
    "jazz",
    "hvad sker der i morgen aften?",
    "kreative kurser for seniorer",
    "film for børn på søndag",
    "what is on this weekend?",
)
_CONTEXT = multiprocessing.get_context("spawn")
_LONGEST = 3


def main(arguments: list[str]) -> None:
    """Print every figure."""
    people = int(arguments[0]) if arguments else PEOPLE
    rate = float(arguments[1]) if len(arguments) > 1 else RATE
    print(f"{people:,} people at {rate:g} a second, load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bot.db"
        database = _database(url, people)
        api, theirs = _CONTEXT.Pipe()
        server = _CONTEXT.Process(target=serve, args=(theirs, ASKERS, QUESTIONS, PAUSE))
        server.start()
        address = f"http://127.0.0.1:{api.recv()}"
        log = Path(folder) / "log"
        with _running(url, address, rate, log) as bot:
            samples = _watch(database, bot, people / rate)
        used = psutil.Process(server.pid).cpu_times()
        api.send("stop")
        _tell(api.recv(), database, rate, samples)
        server.join()
        print(f"the Bot API's process used {used.user + used.system:.0f} s of processor time")
        print(log.read_text()[-2000:], end="")


def _database(url: str, people: int) -> Database:
    database = Database(url)
    table_metadata().create_all(database.engine)
    ingest(database, Parsed("csv", sample_drafts(NOW, ZONE)), source="sample", now=NOW)
    ishoj = gazetteer().named("Ishøj")[0].key
    day = NOW.date()
    known = {"last_seen": day, "created_on": day, "leads": [], "news": True, "place_key": ishoj}
    page = 10_000
    for first in range(0, people, page):
        rows = [
            {**known, "chat_id": 1 + n, "language": "en" if n % 5 == 0 else "da"}
            for n in range(first, min(first + page, people))
        ]
        database.write(lambda session, rows=rows: session.execute(insert(Person), rows))
    database.write(_handed_in)
    return database


def _handed_in(session: Session) -> None:
    """Approved, with its canary seen: all that is left is to send it."""
    author = staff.appoint(session, 1, Role.COORDINATOR, [ISHOJ], NOW)
    made = broadcasts.draft(session, author, NOW)
    texts = {
        "da": "<b>Kulturnat i Ishøj</b>\nKom og vær med på fredag: musik, mad og værksteder for alle.",
        "en": "<b>Culture night in Ishøj</b>\nJoin us on Friday: music, food and workshops for everybody.",
    }
    broadcasts.edit(
        session, made, NOW, texts=texts, offerings=[1, 2], audience=Audience(municipalities=("Ishøj",))
    )
    made.state, made.approved_hash, made.canary_seen = "ready", broadcasts.content_hash(made), True
    session.add(made)


@contextmanager
def _running(url: str, api: str, rate: float, log: Path) -> Iterator[BaseProcess]:
    process = _CONTEXT.Process(target=_run_bot, args=(url, api, rate, log))
    process.start()
    try:
        yield process
    finally:
        if process.is_alive() and process.pid:
            os.kill(process.pid, signal.SIGTERM)
        process.join(timeout=30)
        process.kill()


def _run_bot(url: str, api: str, rate: float, log: Path) -> None:
    sys.stdout = sys.stderr = log.open("a", encoding="utf-8")
    settings = Settings(
        _env_file=None,
        telegram_token=SecretStr("1:benchmark"),
        telegram_api_url=api,
        database_url=url,
        broadcast_rate=rate,
    )
    run_on_telegram(settings, Database(url), clock_from(NOW, ZONE))


class Sample(NamedTuple):
    """The bot at an instant of `time.monotonic`: its memory in MB, the processor time it has used."""

    at: float
    memory: float
    used: float


def _watch(database: Database, bot: BaseProcess, expected: float) -> list[Sample]:
    """Second after second, until the broadcast is over."""
    samples, deadline = [], time.monotonic() + 120 + _LONGEST * expected
    process = psutil.Process(bot.pid)
    while time.monotonic() < deadline:
        time.sleep(1)
        times = process.cpu_times()
        samples.append(Sample(time.monotonic(), process.memory_info().rss / 1e6, times.user + times.system))
        if database.read(lambda session: session.get_one(Broadcast, 1).state) == "done":
            break
    return samples


def _tell(record: Record, database: Database, rate: float, samples: list[Sample]) -> None:
    took = record.sends[-1] - record.sends[0]
    reached = (len(record.sends) - 1) / took
    print(f"sent {len(record.sends):,} in {took:.1f} s: {reached:,.0f} a second, {reached / rate:.1%} of it")
    print(f"in any one second at most {_most(record.sends):,} of {limits_for(rate).messages:,}")
    told = database.read(lambda session: report(session, session.get_one(Broadcast, 1)))
    print(
        f"twice: {record.twice}; announced {told.announced:,}, sent {told.sent:,}, in doubt {told.in_doubt}"
    )
    waits = [wait for asked, wait in record.waits if record.sends[0] <= asked <= record.sends[-1]]
    shares = ", ".join(f"{name} {ms:.0f} ms" for name, ms in percentiles(waits).items())
    print(f"{len(waits)} questions answered meanwhile: {shares}, at most {max(waits) * 1000:.0f} ms")
    meanwhile = [sample for sample in samples if record.sends[0] <= sample.at <= record.sends[-1]]
    first, last = meanwhile[0], meanwhile[-1]
    share = (last.used - first.used) / (last.at - first.at)
    print(
        f"the bot used {share:.0%} of a core, {share / reached * 1000:.2f} ms a message, questions included"
    )
    memory = [sample.memory for sample in meanwhile]
    tenth, most = memory[len(memory) // 10], max(memory)
    print(f"memory: {tenth:.0f} MB after a tenth, {most:.0f} MB at most, {memory[-1]:.0f} MB at last")


def _most(times: list[float]) -> int:
    first = most = 0
    for last, at in enumerate(times):
        while times[first] <= at - 1:
            first += 1
        most = max(most, last - first + 1)
    return most


if __name__ == "__main__":
    main(sys.argv[1:])
