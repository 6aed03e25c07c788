"""PostgreSQL's pg_trgm: a private server in a folder of its own, where its programs are found."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.peers.asking import SHOWN, Answer, Asked, SkippedError
from benchmarks.peers.rows import BUILDING, Rows

try:
    import psycopg
except ImportError:
    psycopg = None  # type: ignore[assignment]  # an optional extra

_TABLES = """
CREATE EXTENSION pg_trgm;
CREATE TABLE offering (id integer PRIMARY KEY, title text);
CREATE TABLE time (offering integer, start float, "end" float, municipality text, town text);
"""
_INDEXES = """
CREATE INDEX by_title ON offering USING gin (title gin_trgm_ops);
CREATE INDEX by_offering ON time (offering);
CREATE INDEX by_start ON time (start, "end");
ANALYZE;
"""
_SETTINGS = ("fsync=off", "shared_buffers=256MB", "work_mem=64MB", "maintenance_work_mem=256MB", "jit=off")
_PATIENCE = 20.0


class Server:
    """A cluster on a socket in a temporary folder; PostgreSQL refuses to run as root, so that root lends it
    to another user."""

    def __init__(self) -> None:
        programs = [shutil.which(name) for name in ("initdb", "postgres")]
        if not all(programs):
            raise SkippedError("no initdb and postgres on this machine")
        self.user = _other_than_root()
        self.folder = Path(tempfile.mkdtemp(prefix="kulturlods-"))
        if self.user:
            shutil.chown(self.folder, self.user)
        data = self.folder / "data"
        self._run([*programs[:1], "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--no-sync"])
        options = [part for setting in _SETTINGS for part in ("-c", setting)]
        address = ["-k", self.folder, "-h", ""]
        self.process = self._start([programs[1], "-D", data, *address, *options])

    def _run(self, command: list[Any]) -> None:
        done = subprocess.run(
            command, user=self.user, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SkippedError(f"initdb: {done.stderr.strip().splitlines()[-1:]}")

    def _start(self, command: list[Any]) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        return subprocess.Popen(command, user=self.user, cwd=self.folder, stdout=quiet, stderr=quiet)

    def connect(self) -> "psycopg.Connection":
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                return psycopg.connect(
                    host=str(self.folder), user="bench", dbname="postgres", autocommit=True
                )
            except psycopg.OperationalError as error:
                if time.monotonic() > until:
                    raise SkippedError("PostgreSQL did not start") from error
                time.sleep(0.1)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        shutil.rmtree(self.folder)


def _other_than_root() -> str | None:
    if not hasattr(os, "geteuid") or os.geteuid():
        return None
    import pwd  # noqa: PLC0415  # not on Windows

    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return name
    raise SkippedError("PostgreSQL does not run as root")


class Trgm:
    """Words that are like a part of title and keywords (`<%`), all of them; the most alike first."""

    def __init__(self, source: Path, _folder: Path) -> None:
        if psycopg is None:
            raise SkippedError("psycopg is not installed")
        rows, self.server = Rows(source), Server()
        self.connection = self.server.connect()
        try:
            self._fill(rows)
        except BaseException as error:
            self.close()
            if isinstance(error, psycopg.errors.QueryCanceled):
                raise SkippedError(f"more than {BUILDING:.0f} s to build") from error
            raise

    def _fill(self, rows: Rows) -> None:
        self.connection.execute(_TABLES)
        with self.connection.cursor() as cursor:
            with cursor.copy("COPY offering FROM STDIN") as copy:
                for text in rows.texts():
                    copy.write_row((text.id, f"{text.title} {text.keywords}".lower()))
            with cursor.copy("COPY time FROM STDIN") as copy:
                for time_ in rows.times():
                    copy.write_row(time_)
        left = max(1, int(1_000 * (rows.deadline - time.monotonic())))
        self.connection.execute(f"SET statement_timeout = {left}")
        self.connection.execute(_INDEXES)
        self.connection.execute("SET statement_timeout = 0")

    def answer(self, question: Asked) -> Answer:
        values: list[Any] = [question.since, question.until]
        where = 't."end" > %s AND t.start < %s'
        if question.places:
            where += " AND (t.municipality = ANY(%s) OR t.town = ANY(%s))"
            values += [list(question.places)] * 2
        words = list(question.words)
        alike = "".join(" AND %s <%% o.title" for _ in words)
        order = " + ".join("word_similarity(%s, o.title)" for _ in words)
        sql = "SELECT t.offering, MIN(t.start) FROM time t JOIN offering o ON o.id = t.offering"
        sql += f" WHERE {where}{alike}"
        sql += f" GROUP BY o.id, t.offering ORDER BY {f'{order} DESC,' if words else ''} 2, 1 LIMIT {SHOWN}"
        return self.connection.execute(sql, [*values, *words, *words]).fetchall()

    def megabytes(self) -> float:
        size = "SELECT pg_total_relation_size('offering') + pg_total_relation_size('time')"
        (held,) = self.connection.execute(size).fetchone() or (0,)
        return float(held) / 1e6

    def close(self) -> None:
        self.connection.close()
        self.server.stop()
