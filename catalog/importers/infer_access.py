"""Access that a text states in words: "adgang for kørestole", "tolkes til tegnsprog". The words are data."""

import re
from collections.abc import Iterator
from functools import cache

from catalog.importers.infer_words import Patterns, data, phrases
from catalog.text import fold, words
from catalog.values import Access

_SENTENCE = re.compile(r"[.!?\n;]")


def access_in(text: str) -> tuple[Access, ...]:
    """What `text` says there is. A sentence that refuses or regrets anything tells nothing."""
    found = {access for sentence in _SENTENCE.split(text) for access in _said(words(sentence))}
    return tuple(access for access in Access if access in found)


def _said(sentence: tuple[str, ...]) -> Iterator[Access]:
    if _refusals().intersection(sentence):
        return
    for phrase in phrases(sentence):
        for access, (meant, never) in _patterns().items():
            if meant.fit(phrase) and not never.fit(phrase):
                yield access


@cache
def _patterns() -> dict[Access, tuple[Patterns, Patterns]]:
    said, never = data()["access"]["words"], data()["access"]["not"]
    return {Access(name): (Patterns(said[name]), Patterns(never.get(name, ()))) for name in said}


@cache
def _refusals() -> frozenset[str]:
    return frozenset(fold(word) for word in data()["access"]["refused_beside"])
