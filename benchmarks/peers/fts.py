"""SQLite FTS5 with either tokenizer, and filters in SQL."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.peers.asking import SHOWN, Answer, Asked
from benchmarks.peers.rows import Rows

_TABLES = """
PRAGMA synchronous=OFF;
CREATE TABLE time (offering INTEGER, start REAL, end REAL, municipality TEXT, town TEXT);
CREATE VIRTUAL TABLE fts USING fts5(title, names, text, content='', tokenize='{tokenizer}');
"""
_INDEXES = "CREATE INDEX by_offering ON time (offering); CREATE INDEX by_start ON time (start, end)"
_MATCHING = """
WITH found AS MATERIALIZED (SELECT rowid AS id, bm25(fts, 3, 2, 1) AS badness FROM fts WHERE fts MATCH ?)
"""


class Fts:
    """Words by prefix, all of them; when that finds nothing, any of them."""

    tokenizer = "unicode61 remove_diacritics 2"

    def __init__(self, source: Path, folder: Path) -> None:
        rows, self.path = Rows(source), folder / f"{type(self).__name__}.db"
        self.connection = sqlite3.connect(self.path)
        self.connection.executescript(_TABLES.format(tokenizer=self.tokenizer))
        insert = "INSERT INTO fts (rowid, title, names, text) VALUES (?, ?, ?, ?)"
        texts = ((t.id, t.title, t.organiser, f"{t.keywords} {t.description}") for t in rows.texts())
        self.connection.executemany(insert, texts)
        self.connection.executemany("INSERT INTO time VALUES (?, ?, ?, ?, ?)", rows.times())
        self.connection.executescript(_INDEXES)
        self.connection.commit()

    def matches(self, words: tuple[str, ...]) -> Iterator[str]:
        """What to look for, then what to look for when that finds nothing."""
        yield " ".join(f'"{word}"*' for word in words)
        if len(words) > 1:
            yield " OR ".join(f'"{word}"*' for word in words)

    def answer(self, question: Asked) -> Answer:
        where, values = "t.end > ? AND t.start < ?", [question.since, question.until, *question.places * 2]
        if question.places:
            marks = ", ".join("?" * len(question.places))
            where += f" AND (t.municipality IN ({marks}) OR t.town IN ({marks}))"
        if not question.words:
            return self._first("", "time t", where, "MIN(t.start)", values)
        joined = "found f JOIN time t ON t.offering = f.id"
        for match in self.matches(question.words):
            answer = self._first(_MATCHING, joined, where, "f.badness, MIN(t.start)", [match, *values])
            if answer:
                return answer
        return []

    def _first(self, found: str, source: str, where: str, order: str, values: list[Any]) -> Answer:
        sql = f"{found} SELECT t.offering, MIN(t.start) FROM {source} WHERE {where}"
        sql += f" GROUP BY t.offering ORDER BY {order}, t.offering LIMIT {SHOWN}"
        return self.connection.execute(sql, values).fetchall()

    def megabytes(self) -> float:
        return self.path.stat().st_size / 1e6

    def close(self) -> None:
        self.connection.close()


class Trigram(Fts):
    """Words as parts of words, all of them; when that finds nothing, whatever shares most trigrams."""

    tokenizer = "trigram"

    def matches(self, words: tuple[str, ...]) -> Iterator[str]:
        long = [word for word in words if len(word) > 2]
        yield " ".join(f'"{word}"' for word in long) or '""'
        trigrams = {word[at : at + 3] for word in long for at in range(len(word) - 2)}
        if trigrams:
            yield " OR ".join(f'"{trigram}"' for trigram in sorted(trigrams))
