"""The catalogue as a peer reads it out of the database file, without what is cancelled or postponed."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from benchmarks.peers.asking import SkippedError

BUILDING = 180.0
"""Seconds that a peer may take to read the catalogue."""

_CHECK_EVERY = 1_000


class Text(NamedTuple):
    id: int
    title: str
    organiser: str
    keywords: str
    description: str


class Time(NamedTuple):
    offering: int
    start: float
    end: float
    municipality: str
    town: str


_LISTED = "o.withdrawn_at IS NULL AND o.status NOT IN ('cancelled', 'postponed')"
_TEXTS = f"""
SELECT o.id, o.titles, coalesce(g.name, ''), o.keywords, o.descriptions
FROM offering o LEFT JOIN organizer g ON g.id = o.organizer_id WHERE {_LISTED} ORDER BY o.id
"""
_TIMES = f"""
SELECT c.offering_id, unixepoch(c.start), unixepoch(coalesce(c.end, datetime(c.start, '+3 hours'))),
  coalesce(v.municipality, ''), coalesce(v.town, '')
FROM occurrence c JOIN offering o ON o.id = c.offering_id LEFT JOIN venue v ON v.id = c.venue_id
WHERE {_LISTED} AND c.withdrawn_at IS NULL AND c.status NOT IN ('cancelled', 'postponed')
ORDER BY c.offering_id
"""


class Rows:
    """The rows of one catalogue, read within the time a peer has."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.deadline = time.monotonic() + BUILDING

    def texts(self) -> Iterator[Text]:
        """One for each offering. Every language of a text, one after the other."""
        for id_, titles, name, keywords, descriptions in self._rows(_TEXTS):
            yield Text(id_, _plain(titles), name, " ".join(json.loads(keywords)), _plain(descriptions))

    def times(self) -> Iterator[Time]:
        """One for each occurrence, in the order of offerings."""
        return map(Time._make, self._rows(_TIMES))

    def _rows(self, sql: str) -> Iterator[tuple]:  # type: ignore[type-arg]  # SQLite's rows have no type
        with closing(sqlite3.connect(self.source)) as connection:
            for number, row in enumerate(connection.execute(sql)):
                if number % _CHECK_EVERY == 0 and time.monotonic() > self.deadline:
                    raise SkippedError(f"more than {BUILDING:.0f} s to build")
                yield row


def _plain(by_language: str) -> str:
    return " ".join(json.loads(by_language).values())
