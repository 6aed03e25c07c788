"""Questions that two people would take to mean two things: the other way to read them.

The first reading is always the contract's; whether another matters is for whoever has the lists to compare.
"""

import datetime as dt
import re
from dataclasses import replace
from functools import cache

from catalog.places import gazetteer
from catalog.query import Query
from catalog.text import fold, tokens, words
from catalog.understanding.lexicon import LANGUAGES
from catalog.understanding.sayings import read
from catalog.values import PlaceKind

_DAY_AND_MONTH = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})(?![\d/])")
_MONTHS = 12
_MOST_READINGS = 3


def put_otherwise(text: str, language: str, now: dt.datetime) -> str | None:
    """`text` put so that it means the other thing: "på fredag", said on a Friday, as "på næste fredag";
    "5/12" of somebody who writes English as "12/5". None when there is no other."""
    if language != "en" or not _DAY_AND_MONTH.search(text):
        return _next_week(text, now.isoweekday())
    dates = _DAY_AND_MONTH.findall(text)
    first, second = map(int, dates[0])
    swaps = len(dates) == 1 and first != second and max(first, second) <= _MONTHS
    return _DAY_AND_MONTH.sub(rf"{second}/{first}", text) if swaps else None


def other_places(query: Query, text: str) -> tuple[Query, ...]:
    """The question about the other towns that the one it names may be: there are three of "Nykøbing"."""
    if len(query.places) != 1 or query.places[0].kind is not PlaceKind.TOWN:
        return ()
    meant, said = query.places[0].key, f" {' '.join(words(text))} "
    if f" {' '.join(words(query.places[0].name))} " in said:
        return ()
    for token in tokens(text):
        towns = [place for place in gazetteer().named(token.text) if place.kind is PlaceKind.TOWN]
        if meant in {town.key for town in towns}:
            others = [town for town in towns if town.key != meant][: _MOST_READINGS - 1]
            return tuple(replace(query, places=(town.ref(),)) for town in others)
    return ()


def _next_week(text: str, today: int) -> str | None:
    """The weekday of today, named bare, as the one of next week. A date beside it says which one is meant."""
    names = _names(today)
    found = [token for token in tokens(text) if token.folded in names]
    if len(found) != 1 or any(c.isdigit() for c in text) or not _settled().isdisjoint(words(text)):
        return None
    language, start = names[found[0].folded], found[0].start
    before = tokens(text[:start])
    if before and before[-1].folded in _words("this", language):
        start = before[-1].start
    return f"{text[:start]}{read('ambiguity')['next'][language]} {text[found[0].start :]}"


@cache
def _names(weekday: int) -> dict[str, str]:
    """The folded names of a weekday, and whose they are."""
    return {fold(read(f"when.{code}")["weekday"][str(weekday)].split(",")[0]): code for code in LANGUAGES}


@cache
def _words(section: str, language: str) -> frozenset[str]:
    return frozenset(words(read("ambiguity")[section][language]))


@cache
def _settled() -> frozenset[str]:
    return frozenset().union(*(_words("settled", code) for code in LANGUAGES))
