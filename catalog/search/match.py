"""Words that are almost right: rapidfuzz over a vocabulary, never over whole documents.

Thresholds as measured for this project's research (4/8 beat 5/9 on Danish titles): one typo from 4
letters, two from 8, none in anything with a digit; a wrong first letter counts twice. Distance is OSA, in
which two swapped letters are one typo. Among equals the heavier word (in more documents) wins.

Few words are compared at all: those of nearly the same length and letters that begin alike. A word that
begins otherwise may differ in nothing but its first letter, and is looked up.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

ONE_TYPO_FROM = 4
TWO_TYPOS_FROM = 8


def typos_allowed(word: str, one_from: int = ONE_TYPO_FROM) -> int:
    """How many typos a folded word of this length may have."""
    if len(word) < one_from or any(c.isdigit() for c in word):
        return 0
    return 2 if len(word) >= TWO_TYPOS_FROM else 1


@dataclass(frozen=True, slots=True)
class Match:
    """A vocabulary word near the one asked for. typos: weighted, a wrong first letter counts twice."""

    word: str
    typos: int
    weight: int


class _Alike:
    """Words with one first letter in the order of their length, and which letters each of them has."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words, key=len)
        self._letters = np.fromiter(map(_letters, self._words), np.uint64, len(self._words))

    def to(self, word: str, typos: int) -> list[str]:
        """Those with nearly the length and the letters of `word`: one typo takes a letter away, or adds
        one, or both."""
        start = bisect_left(self._words, len(word) - typos, key=len)
        end = bisect_right(self._words, len(word) + typos, key=len)
        differing = np.bitwise_count(self._letters[start:end] ^ np.uint64(_letters(word)))
        return [self._words[start + at] for at in (differing <= 2 * typos).nonzero()[0].tolist()]


def _letters(word: str) -> int:
    """A set of bits: the letters that a word has once, and those it has again. Letters that share a bit
    only make more words alike."""
    once = again = 0
    for character in word:
        bit = 1 << (ord(character) & 31)
        again |= once & bit
        once |= bit
    return again << 32 | once


class Vocabulary:
    """Folded words with weights (how many documents hold them), searchable by likeness.

    `one_typo_from`: the shortest word in which one typo is repaired (5 for place names)."""

    def __init__(self, weights: Mapping[str, int], one_typo_from: int = ONE_TYPO_FROM) -> None:
        self._weights = dict(weights)
        self._one_typo_from = one_typo_from
        by_first: dict[str, list[str]] = defaultdict(list)
        for word in self._weights:
            by_first[word[:1]].append(word)
        self._by_first = {first: _Alike(words) for first, words in by_first.items()}

    def __contains__(self, word: object) -> bool:
        return word in self._weights

    def __len__(self) -> int:
        return len(self._weights)

    def __iter__(self) -> Iterator[str]:
        return iter(self._weights)

    def weight(self, word: str) -> int:
        """How many documents hold exactly this folded word; 0 when none."""
        return self._weights.get(word, 0)

    def closest(self, word: str, limit: int = 1) -> list[Match]:
        """The words within the allowed typos of the folded `word`, nearest first, then heaviest, then
        alphabetical. Exact matches come with typos 0."""
        allowed = typos_allowed(word, self._one_typo_from)
        if word in self._weights:
            found = [Match(word, 0, self._weights[word])]
            if limit == 1 or not allowed:
                return found
        elif not allowed:
            return []
        matches = self._within(word, allowed)
        return sorted(matches, key=lambda m: (m.typos, -m.weight, m.word))[:limit]

    def _within(self, word: str, allowed: int) -> Iterator[Match]:
        for candidate in self._differing_at_start(word) if allowed > 1 else ():
            if not _same_start(word, candidate):
                yield Match(candidate, 2, self._weights[candidate])
        near = process.extract(
            word, self._alike(word, allowed), scorer=OSA.distance, score_cutoff=allowed, limit=None
        )
        for candidate, distance, _ in near:
            if _same_start(word, candidate):
                yield Match(candidate, distance, self._weights[candidate])

    def _alike(self, word: str, allowed: int) -> list[str]:
        """The words that begin with the first letter, or with the second as in a swap of the two, and have
        nearly the same length and letters."""
        alike = filter(None, map(self._by_first.get, dict.fromkeys(word[:2])))
        return [candidate for words in alike for candidate in words.to(word, allowed)]

    def _differing_at_start(self, word: str) -> Iterator[str]:
        """The words with another first letter, or one before it, or without it."""
        tails = (word[1:], *(first + rest for rest in (word[1:], word) for first in self._by_first))
        return (tail for tail in tails if tail != word and tail in self._weights)


def _same_start(word: str, candidate: str) -> bool:
    # Two swapped first letters ("rdama" for "drama") are one slip, not a wrong first letter.
    return word[0] == candidate[0] or (word[:2] == candidate[1::-1] and len(candidate) > 1)


@dataclass(frozen=True, slots=True, eq=False)
class CatalogueWords:
    """The names in the catalogue, for understanding: every folded word of titles, organisers, venues,
    series and keywords with its document count; and whole folded venue names with what a `PlaceRef` needs.
    makers: the names of organisers and series as written.
    together: whether one title holds all of these folded words. Equal only to itself, so that what is derived
    from it can be kept beside it."""

    words: Vocabulary
    venues: Mapping[str, tuple[str, float | None, float | None]]
    together: Callable[[Sequence[str]], bool] = lambda _: False
    makers: frozenset[str] = frozenset()
