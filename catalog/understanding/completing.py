"""What is left out behind "next": in "not this weekend but the next" it is the weekend."""

from collections.abc import Iterable, Iterator
from functools import cache

from catalog.text import Token, fold
from catalog.understanding.sayings import read


def completed(sentence: Iterable[Token], language: str) -> list[Token]:
    """The words of a sentence with the time that "next" stands for put in behind it, when a time was named
    and a word such as "but" or "or" leads on to it."""
    tokens = list(sentence)
    left_out = not _words("next", language).isdisjoint(token.folded for token in tokens)
    return list(_filled(tokens, language)) if left_out else tokens


def _filled(tokens: list[Token], language: str) -> Iterator[Token]:
    named: Token | None = None
    led_on = False
    for position, token in enumerate(tokens):
        yield token
        if token.folded in _words("next", language):
            after = tokens[position + 1].folded if position + 1 < len(tokens) else ""
            if named and led_on and after not in _words("named", language):
                yield Token(named.text, named.folded, token.end, token.end)
        if token.folded in _words("named", language):
            named = token
        elif token.folded not in _words("small", language):
            led_on = token.folded in _words("leads_on", language)


@cache
def _words(name: str, language: str) -> frozenset[str]:
    return frozenset(fold(word.strip()) for word in read("completing")[language][name].split(","))
