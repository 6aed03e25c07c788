"""The price that a text states in words: free beyond doubt, or one single amount. The words are data."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from re import Pattern

from catalog.importers.infer_words import data
from catalog.text import fold


def price_in(text: str) -> float | None:
    """Kroner of the one price that `text` states for all; 0.0 when it says it is free; None when it says
    nothing, or more than one thing."""
    folded = fold(text)
    amounts = set(_amounts(folded))
    if _says_free(folded):
        return None if amounts - {0.0} else 0.0
    return amounts.pop() if len(amounts) == 1 and _rules().led.search(folded) else None


@dataclass(frozen=True, slots=True)
class _Rules:
    """Patterns over folded text. led: an amount right after a word for the price."""

    amount: Pattern[str]
    led: Pattern[str]
    free: Pattern[str]
    before: Pattern[str]
    after: Pattern[str]


def _amounts(text: str) -> Iterator[float]:
    for found in _rules().amount.finditer(text):
        yield float(re.sub(r"\.(?=\d{3})", "", found["before"] or found["behind"]).replace(",", "."))


def _says_free(text: str) -> bool:
    rules = _rules()
    return any(
        not rules.before.search(text[max(0, found.start() - 30) : found.start()])
        and not rules.after.match(text, found.end())
        for found in rules.free.finditer(text)
    )


@cache
def _rules() -> _Rules:
    word = {name: _any(listed) for name, listed in data()["price"].items()}
    number = r"\d{1,3}(?:\.\d{3})+|\d{1,5}(?:,\d{2})?"
    kroner = rf"\s?(?:{word['kroner']})(?!\w)"
    break_ = r"[\n.!?,;()–-]"
    alone = rf"(?:^|{break_}\s*)(?:(?:{word['leads']})\W{{0,3}})?(?:{word['word']})(?=\s*(?:$|{break_}))"
    before = rf"(?<![\d.,])(?P<before>{number}){kroner}"
    behind = rf"\b(?:kr\.?|dkk)\s?(?P<behind>{number})(?![\d.,]\d)"
    event = rf"\b(?:{word['word']})\s+(?=(?:\w+\s)?\w*(?:{word['events']})\b)"
    led = rf"\b(?:{word['leads']})\b(?:kr\.|[^\d\n.!?]){{0,20}}(?:{number})"
    return _Rules(
        amount=re.compile(rf"{before}|{behind}"),
        led=re.compile(rf"{led}|^\W*(?:{number}){kroner}\W*$", re.M),
        free=re.compile(rf"\b(?:{word['free']})\b|{event}|{alone}"),
        before=re.compile(rf"\b(?:{word['refused_before']})\s+(?:\w+\s+)?$"),
        after=re.compile(rf"\W{{0,2}}(?:{word['refused_after']})\b"),
    )


def _any(listed: Iterable[str]) -> str:
    folded = sorted({fold(word) for word in listed}, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in folded)
