"""What a peer is, and what every one of them is asked."""

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from catalog.query import Query
from catalog.values import PlaceKind

SHOWN = 5
STOP_WORDS = frozenset(Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8").split())
"""Words that say nothing of the subject, and those of time, age and price: for these a peer has filters, or
nothing at all."""

_WORD = re.compile(r"[^\W_]+")
_FOREVER = 4e9


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a peer gets it. words: as typed, lowercase; since, until: of the first window, in seconds
    since 1970; places: names of municipalities and towns, any of them."""

    words: tuple[str, ...]
    since: float
    until: float
    places: tuple[str, ...]


def asked(text: str, query: Query, now: dt.datetime) -> Asked:
    """The words of `text` without stop words, numbers and the named places. Dates and places come by grace of
    our own understanding, for no peer reads these by itself."""
    window = query.windows[0] if query.windows else None
    since = ((window and window.since) or now).timestamp()
    until = window.until.timestamp() if window and window.until else _FOREVER
    named = (PlaceKind.MUNICIPALITY, PlaceKind.TOWN)
    places = tuple(place.name for place in query.places if place.kind in named)
    taken = {word for name in places for word in _WORD.findall(name.lower())}
    taken |= {f"{word}s" for word in taken} | STOP_WORDS
    words = (word for word in _WORD.findall(text.lower()) if not word[0].isdigit() and word not in taken)
    return Asked(tuple(dict.fromkeys(words)), max(since, now.timestamp()), until, places)


Answer = list[tuple[int, float]]
"""At most five: the offering's id and the start, in seconds since 1970, of its first fitting date."""


class Peer(Protocol):
    """An engine that holds the catalogue."""

    def answer(self, question: Asked) -> Answer: ...

    def megabytes(self) -> float:
        """What it takes to hold the catalogue: on the disk, or in memory where it holds it there."""

    def close(self) -> None: ...


class SkippedError(Exception):
    """This peer cannot take part; the reason, for the table."""
