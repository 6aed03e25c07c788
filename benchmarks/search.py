"""How long an answer takes and what the snapshot costs, beside SQLite FTS5 on the same questions.

`python -m benchmarks.search [SIZE…]` (1,000, 10,000 and 100,000 offerings when none is given). Each size is
measured in a process of its own, so that the memory is its own.
"""

import json
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil

from benchmarks.synthetic import NOW, TOWNS, Synthetic, fill
from catalog.database import Database
from catalog.query import Page, Query
from catalog.search import Index, build_index, search
from catalog.search.analysis import related
from catalog.understanding import understand
from catalog.values import PlaceKind

SIZES = (1_000, 10_000, 100_000)
QUESTIONS = 300
_WARM = 20
_FTS = """
CREATE VIRTUAL TABLE fts USING fts5(title, names, text, tokenize='unicode61 remove_diacritics 2');
CREATE TABLE time (offering INTEGER, start REAL, end REAL, municipality TEXT);
CREATE INDEX by_offering ON time (offering);
CREATE INDEX by_start ON time (start, end);
"""


def questions(made: Synthetic) -> list[str]:
    """Danish questions as people write them, a third with a typo, the same every time."""
    chance = random.Random(7)
    towns = [town for town, *_ in TOWNS]

    def word() -> str:
        plain = chance.choice(
            (chance.choice(made.heads), chance.choice(made.modifiers) + chance.choice(made.heads))
        )
        return _mistyped(plain, chance) if chance.random() < 0.33 else plain

    templates: tuple[Callable[[], str], ...] = (
        lambda: f"{word()} i weekenden",
        lambda: f"gratis {word()} i {chance.choice(towns)}",
        lambda: f"hvad sker der i {chance.choice(towns)} på fredag",
        lambda: f"{word()} for unge i næste uge",
        lambda: f"noget for min datter på {chance.randint(3, 12)} i {chance.choice(towns)}",
        lambda: f"{word()} {word()}",
        word,
        lambda: f"koncert i aften under {chance.randint(1, 3)}00 kr",
    )
    return [chance.choice(templates)() for _ in range(QUESTIONS)]


def _mistyped(word: str, chance: random.Random) -> str:
    if len(word) < 5:
        return word
    at = chance.randint(1, len(word) - 2)
    return chance.choice((word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]))


class Fts:
    """The same catalogue in SQLite FTS5, with the filters a peer would add in SQL: date and municipality."""

    def __init__(self, path: Path, source: Path) -> None:
        self.connection = sqlite3.connect(path)
        self.connection.executescript(_FTS)
        with closing(sqlite3.connect(source)) as rows:
            self._fill(rows)

    def _fill(self, rows: sqlite3.Connection) -> None:
        texts = rows.execute(
            "SELECT o.id, o.titles, g.name, o.keywords, o.descriptions FROM offering o"
            " JOIN organizer g ON g.id = o.organizer_id WHERE o.status NOT IN ('cancelled', 'postponed')"
        )
        plain = ((i, _values(t), name, _values(k) + " " + _values(d)) for i, t, name, k, d in texts)
        self.connection.executemany("INSERT INTO fts (rowid, title, names, text) VALUES (?, ?, ?, ?)", plain)
        times = rows.execute(
            "SELECT c.offering_id, strftime('%s', c.start), strftime('%s', c.end), v.municipality"
            " FROM occurrence c JOIN venue v ON v.id = c.venue_id"
        )
        numbers = ((o, float(s), float(e), m) for o, s, e, m in times)
        self.connection.executemany("INSERT INTO time VALUES (?, ?, ?, ?)", numbers)
        self.connection.commit()

    def answer(self, query: Query) -> list[int]:
        """The ids of the first five."""
        window = query.windows[0] if query.windows else None
        since = ((window and window.since) or NOW).timestamp()
        until = window.until.timestamp() if window and window.until else 4e9
        clauses = ["t.end > ?", "t.start < ?"]
        values: list[Any] = [max(since, NOW.timestamp()), until]
        municipalities = [p.name for p in query.places if p.kind is PlaceKind.MUNICIPALITY]
        if municipalities:
            clauses.append(f"t.municipality IN ({', '.join('?' * len(municipalities))})")
            values += municipalities
        where, order = " AND ".join(clauses), "MIN(t.start)"
        source = "time t"
        if query.words:
            source = "fts JOIN time t ON t.offering = fts.rowid"
            where, order = f"fts MATCH ? AND {where}", "fts.rank, MIN(t.start)"
            values.insert(0, " ".join(f'"{word}"' for word in query.words))
        sql = f"SELECT t.offering FROM {source} WHERE {where} GROUP BY t.offering ORDER BY {order} LIMIT 5"
        return [row[0] for row in self.connection.execute(sql, values)]


def _values(text: str) -> str:
    parsed = json.loads(text)
    return " ".join(parsed.values() if isinstance(parsed, dict) else parsed)


def measure(size: int) -> dict[str, Any]:
    """All figures of one size."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "catalogue.db")
        database = Database(f"sqlite:///{path}")
        made = fill(database, size)
        related("boern")  # the dictionaries of lemmas are the program's, not the index's
        before, started = psutil.Process().memory_info().rss, time.perf_counter()
        index = build_index(database, NOW)
        built = time.perf_counter() - started
        grown = psutil.Process().memory_info().rss - before
        started = time.perf_counter()
        fts = Fts(Path(folder, "fts.db"), path)
        result = {
            "size": size,
            "build_s": built,
            "memory_mb": grown / 1e6,
            "fts_build_s": time.perf_counter() - started,
        }
        result |= _answers(index, fts, questions(made))
        fts.connection.close()
        database.close()
    return result


def _answers(index: Index, fts: Fts, texts: list[str]) -> dict[str, Any]:
    understood = list(_timed(lambda text: understand(text, now=NOW, words=index.words), texts))
    queries = [understanding.query for understanding, _ in understood]
    ours = list(_timed(lambda query: search(index, query, NOW), queries))
    # FTS5 gets the words as understanding has mended them already: that much is given to it.
    theirs = list(_timed(fts.answer, queries))
    pages: list[Page] = [page for page, _ in ours]
    return {
        "understand": _percentiles([seconds for _, seconds in understood]),
        "search": _percentiles([seconds for _, seconds in ours]),
        "fts": _percentiles([seconds for _, seconds in theirs]),
        "found": sum(bool(page.hits) and not page.relaxed for page in pages) / len(pages),
        "relaxed": sum(bool(page.relaxed) for page in pages) / len(pages),
        "fts_found": sum(bool(ids) for ids, _ in theirs) / len(theirs),
    }


def _timed(work: Callable[[Any], Any], inputs: list[Any]) -> Iterator[tuple[Any, float]]:
    for item in inputs[:_WARM]:
        work(item)
    for item in inputs:
        started = time.perf_counter()
        result = work(item)
        yield result, time.perf_counter() - started


def _percentiles(seconds: list[float]) -> dict[str, float]:
    ordered = sorted(seconds)
    at = {"p50": len(ordered) // 2, "p99": len(ordered) * 99 // 100}
    return {name: ordered[place] * 1000 for name, place in at.items()}


_COLUMNS = (
    "offerings | build s | memory MB | understand ms p50 / p99 | search ms p50 / p99 | FTS5 ms p50 / p99 "
    "| search : FTS5 at p50 / p99 | found (relaxed) | FTS5 found"
)


def row(r: dict[str, Any]) -> str:
    """One line of the table."""
    pairs = (f"{r[name]['p50']:.2f} / {r[name]['p99']:.2f}" for name in ("understand", "search", "fts"))
    ratios = " / ".join(f"{r['search'][p] / r['fts'][p]:.1f}" for p in ("p50", "p99"))
    shares = f"{r['found']:.0%} (+{r['relaxed']:.0%}) | {r['fts_found']:.0%}"
    first = f"{r['size']:,} | {r['build_s']:.1f} | {r['memory_mb']:.0f}"
    return f"| {first} | {' | '.join(pairs)} | {ratios} | {shares} |"


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--one"]:
        print(json.dumps(measure(int(arguments[1]))))
        return
    print(f"| {_COLUMNS} |\n|{'---|' * len(_COLUMNS.split(' | '))}")
    for size in [int(argument) for argument in arguments] or SIZES:
        command = [sys.executable, "-m", "benchmarks.search", "--one", str(size)]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(row(json.loads(out)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
