"""The only place that opens a connection.

`Database.read(fn)` and `Database.write(fn)` each run `fn(session)` in one transaction; call them through
`asyncio.to_thread` from async code, one hop for a whole use case. On SQLite: WAL, foreign keys on, five
seconds of patience, and writes begin with BEGIN IMMEDIATE, because the library's default loses updates
silently when two writers race (measured: 51 of 200 increments kept, no error). Every commit reaches the disk
(`synchronous=FULL`): with NORMAL a power cut may take back the mark that a message was sent, and it would be
sent again. Measured: 1.4 ms a commit instead of 0.7, and 3.3 s instead of 3.1 for an import of 4,000.

Writers of one process on SQLite take turns in the order they came. SQLite alone lets them try again and
again, and whoever writes without a pause starves the others (seen: for five seconds, while a broadcast ran).
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlmodel import Session

T = TypeVar("T")

_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "synchronous=FULL",
    "secure_delete=ON",
)


class _Turns:
    """A lock that is handed on in the order it was asked for."""

    def __init__(self) -> None:
        self._mutex, self._taken = threading.Lock(), False
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def mine(self) -> Iterator[None]:
        with self._mutex:
            turn = threading.Event()
            if self._taken:
                self._waiting.append(turn)
            else:
                self._taken = True
                turn.set()
        turn.wait()
        try:
            yield
        finally:
            with self._mutex:
                if self._waiting:
                    self._waiting.popleft().set()
                else:
                    self._taken = False


class Database:
    """A SQLite or PostgreSQL database named by a SQLAlchemy URL. Safe to share between threads."""

    def __init__(self, url: str) -> None:
        self.url: URL = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite and self.url.database and self.url.database != ":memory:":
            Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        self.engine: Engine = self._create_engine()
        self._watch: Connection | None = None
        self._turns = _Turns()

    @staticmethod
    def exists(url: str) -> bool:
        """Whether there is anything at `url` yet: always for a server, for SQLite when its file is there."""
        parsed = make_url(url)
        return parsed.get_backend_name() != "sqlite" or Path(parsed.database or "").is_file()

    def _create_engine(self) -> Engine:
        if not self.is_sqlite:
            return create_engine(_postgres_driver(self.url), pool_size=8, max_overflow=0, pool_pre_ping=True)
        engine = create_engine(self.url, connect_args={"timeout": 5, "check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def read(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction that sees one state of the data; nothing it does is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            try:
                return work(session)
            finally:
                session.expunge_all()  # a rollback would expire the rows that the caller takes away
                session.rollback()

    def write(self, work: Callable[[Session], T]) -> T:
        """Run `work` in a transaction and commit it; an exception rolls all of it back and is raised."""
        engine = self.engine.execution_options(kulturlods_write=True)
        turn = self._turns.mine() if self.is_sqlite else nullcontext()
        with turn, Session(engine, expire_on_commit=False) as session, session.begin():
            return work(session)

    def version(self) -> int:
        """A number that differs after any other connection has committed.

        SQLite's `PRAGMA data_version`, asked on one connection kept for it; on PostgreSQL the newest
        transaction id."""
        if self._watch is None:
            self._watch = self.engine.connect()
        query = (
            "PRAGMA data_version" if self.is_sqlite else "SELECT txid_snapshot_xmax(txid_current_snapshot())"
        )
        try:
            return int(self._watch.execute(text(query)).scalar_one())
        finally:
            self._watch.rollback()

    def scrub(self, *tables: str) -> bool:
        """Leave no byte of what was deleted from these tables; call it outside of any transaction.

        SQLite overwrites what it deletes (`secure_delete`), but rebalancing may have left copies of a row in
        unused parts of pages (seen for one row of a thousand), and the write-ahead log holds older states of
        pages. So the tables are written anew, and the log is emptied. False when somebody who reads for long
        did not let us; try again later. On PostgreSQL vacuum does it, in its own time."""
        if not self.is_sqlite:
            return True
        pooled = self.engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            for table in tables:
                _write_anew(connection, table)
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
        finally:
            pooled.close()

    def close(self) -> None:
        """Close every connection."""
        if self._watch is not None:
            self._watch.close()
            self._watch = None
        self.engine.dispose()


def _postgres_driver(url: URL) -> URL:
    """`postgresql://` means psycopg 3 here, the one driver the project installs."""
    return url.set(drivername="postgresql+psycopg") if url.drivername in ("postgresql", "postgres") else url


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver must not begin transactions: _begin_sqlite does
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get("kulturlods_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _write_anew(connection: Any, table: str) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")  # what points at the rows must not go with them
    try:
        with connection:  # commits, or rolls back what failed
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f'CREATE TEMP TABLE kept AS SELECT * FROM "{table}"')  # noqa: S608  # its own name
            connection.execute(f'DELETE FROM "{table}"')  # noqa: S608  # the same
            connection.execute(f'INSERT INTO "{table}" SELECT * FROM kept')  # noqa: S608  # the same
            connection.execute("DROP TABLE kept")
    finally:
        connection.execute("PRAGMA foreign_keys=ON")
