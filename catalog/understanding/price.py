"""What it may cost: free, or at most so many kroner. A bare "cheap" is at most CHEAP kroner."""

from dataclasses import dataclass
from functools import cache

from catalog.understanding.lexicon import lexicon
from catalog.understanding.patterns import Patterns
from catalog.understanding.sentence import Sentence

CHEAP = 50.0
"""Kroner: what "billigt" and "cheap" are taken for when no amount is said."""

_AN_AGE = 18
""""under 12" without a unit is an age, "under 50" is money."""


@dataclass(slots=True)
class Price:
    """The price asked for. max_price: kroner, None when none is said. in_kroner: whether an amount is said,
    which counts for more than "free": "gratis eller højst 50 kr"."""

    free: bool = False
    max_price: float | None = None
    in_kroner: bool = False


@cache
def _patterns() -> Patterns:
    return Patterns(lexicon(), "price", ("max", "bare"))


def read_price(sentence: Sentence, language: str, price: Price) -> None:
    """Take every amount of money out of `sentence`; the highest is what it may cost, 0 kroner is free."""

    def accept(name: str, said: tuple[str | None, ...]) -> bool:
        amount = float(max(int(number) for number in said if number))
        if name == "bare" and amount <= _AN_AGE:
            return False
        price.max_price = max(amount, price.max_price or 0.0)
        return True

    _patterns().read(sentence, language, "price", accept)
    if price.max_price == 0:
        price.free, price.max_price = True, None
    price.in_kroner = price.max_price is not None
