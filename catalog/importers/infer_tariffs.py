"""Prices that words state by tariff: "Pris: voksne 80 kr, børn 40 kr"."""

import re
from collections.abc import Iterable
from functools import cache

from catalog.importers.cleaning import meant, number
from catalog.importers.infer_words import data
from catalog.text import fold
from catalog.values import Tariff

_REMARK = re.compile(r"\(([^()\d]*)\)")
_CLAUSES = re.compile(r",(?!\d)(?!-)|[;/|(]|\s(?:og|and|&)\s")
_NUMBER = re.compile(r"(?<![\d.,])\d{1,3}(?:\.\d{3})+|(?<![\d.,])\d{1,5}(?:[.,]\d{2})?(?![\d%])")


def tariffs_of(line: str) -> dict[Tariff, float]:
    """Kroner by tariff of a line that names one for every amount; a first amount without one is an adult's.
    {} when anything in the line is unclear."""
    found: dict[Tariff, float] = {}
    for clause in _CLAUSES.split(_REMARK.sub(r" \1 ", fold(line))):
        read = _tariff_and_amount(clause)
        if read is None or (read[0] is None and found) or (read[0] or Tariff.ADULT) in found:
            return {}
        found[read[0] or Tariff.ADULT] = read[1]
    return found


def tariffs_in(text: str) -> dict[Tariff, float]:
    """The same of the first sentence of `text` that speaks of prices in kroner; {} when only adults pay."""
    for led in _rules()[0].finditer(re.sub(r"(?i)\b(kr)\.", r"\1", fold(text))):
        found = tariffs_of(led["line"]) if _rules()[1].search(led["line"]) else {}
        if set(found) - {Tariff.ADULT}:
            return found
    return {}


def _tariff_and_amount(clause: str) -> tuple[Tariff | None, float] | None:
    named = meant("tariffs", [clause])
    amounts = [*_rules()[1].finditer(clause)] or [*_NUMBER.finditer(clause)]
    if not amounts and named and meant("free", [clause]):
        return Tariff(named[0]), 0.0
    amount = number(_NUMBER.findall(amounts[0][0])[0]) if len(amounts) == 1 else None
    return None if amount is None or len(named) > 1 else (Tariff(named[0]) if named else None, amount)


@cache
def _rules() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """(a sentence from a word for the price on, an amount with its kroner)."""
    word = data()["price"]
    kroner = rf"(?:{_NUMBER.pattern})\s?(?:{_any(word['kroner'])})(?!\w)|\b(?:kr|dkk)\s?(?:{_NUMBER.pattern})"
    line = rf"\b(?:{_any(word['leads'])})\b\W{{0,3}}(?P<line>[^.!?\n]*(?:\.\d+[^.!?\n]*)*)"
    return re.compile(line), re.compile(kroner)


def _any(listed: Iterable[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(listed, key=len, reverse=True))
