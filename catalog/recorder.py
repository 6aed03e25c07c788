"""Counts questions in memory and writes them down in batches, so that no question waits for a write. What was
not yet written is lost with the process: at most a minute's counts.

So that five questions mean five people, each counts once a month (once a week among the week's figures) for
the same thing in the same place. To know that, a keyed hash is kept in memory; its key is made at random when
the process starts and stands nowhere, and the hashes go with the month. After a restart somebody may count
once more."""

import datetime as dt
import hashlib
import secrets
import threading
from collections import Counter, defaultdict
from zoneinfo import ZoneInfo

from sqlmodel import Session

from catalog import demand, figures
from catalog.database import Database
from catalog.demand import Tries, Wanted
from catalog.figures import Cell, What
from catalog.places import Place
from catalog.query import Query

MOST_REMEMBERED = 500_000
"""Some 50 MB at the very most; beyond that somebody may count once more."""


class Recorder:
    """Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key = secrets.token_bytes(32)
        self._month: dt.date | None = None
        self._seen: set[bytes] = set()
        self._counts: Counter[Cell] = Counter()
        self._demand: defaultdict[Wanted, Tries] = defaultdict(Tries)

    def question(
        self, asker: int, query: Query, chosen: Place | None, now: dt.datetime, zone: ZoneInfo, *, unmet: bool
    ) -> None:
        """Somebody asked this. asker: who, only to count them once; chosen: the place that they chose. unmet:
        nothing was found, or only what comes close."""
        day = now.astimezone(zone).date()
        where, district = demand.place_of(query, chosen)
        category = str(query.categories[0]) if len(query.categories) == 1 else ""
        week, month = figures.monday(day), day.replace(day=1)
        with self._lock:
            self._turn(month)
            for what in (What.QUESTIONS, What.UNMET) if unmet else (What.QUESTIONS,):
                cell = Cell(week, what, where, category)
                self._counts[cell] += self._is_first(asker, cell)
            for wish in demand.wanted(query, where, district, month):
                self._wish(asker, wish, week, unmet=False)
                if unmet:
                    self._wish(asker, wish, week, unmet=True)

    def flush(self, database: Database) -> str:
        """Write down what was counted since; what was written. When that fails, it is kept for the next
        time."""
        with self._lock:
            counts, self._counts = self._counts, Counter()
            wishes, self._demand = self._demand, defaultdict(Tries)
        if not counts.total():
            return ""

        def work(session: Session) -> None:
            figures.add(session, counts)
            demand.add(session, wishes)

        try:
            database.write(work)
        except BaseException:
            self._take_back(counts, wishes)
            raise
        return f"counted {counts.total()}"

    def _wish(self, asker: int, wish: Wanted, week: dt.date, *, unmet: bool) -> None:
        is_first = self._is_first(asker, (unmet, *wish))
        self._counts[demand.of_week(wish, week, unmet=unmet)] += is_first
        tries = self._demand[wish]
        tries.unmet, tries.asked = tries.unmet + (is_first and unmet), tries.asked + (is_first and not unmet)

    def _take_back(self, counts: Counter[Cell], wishes: dict[Wanted, Tries]) -> None:
        with self._lock:
            self._counts.update(counts)
            for wish, tries in wishes.items():
                self._demand[wish].asked += tries.asked
                self._demand[wish].unmet += tries.unmet

    def _turn(self, month: dt.date) -> None:
        if self._month != month or len(self._seen) > MOST_REMEMBERED:
            self._month, self._key = month, secrets.token_bytes(32)
            self._seen.clear()

    def _is_first(self, asker: int, cell: tuple[object, ...]) -> bool:
        said = repr((asker, *cell)).encode()
        digest = hashlib.blake2b(said, key=self._key, digest_size=12).digest()
        is_first = digest not in self._seen
        self._seen.add(digest)
        return is_first
