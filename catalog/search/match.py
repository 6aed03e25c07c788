"""Words that are almost right: rapidfuzz over a vocabulary, never over whole documents.

Thresholds as measured for this project's research (4/8 beat 5/9 on Danish titles): one typo from 4
letters, two from 8, none in anything with a digit; a wrong first letter counts twice. Distance is OSA, in
which two swapped letters are one typo. Among equals the heavier word (in more documents) wins.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

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


class Vocabulary:
    """Folded words with weights (how many documents hold them), searchable by likeness.

    `one_typo_from`: the shortest word in which one typo is repaired (5 for place names)."""

    def __init__(self, weights: Mapping[str, int], one_typo_from: int = ONE_TYPO_FROM) -> None:
        self._weights = dict(weights)
        self._one_typo_from = one_typo_from
        self._by_length: dict[int, list[str]] = defaultdict(list)
        for word in self._weights:
            self._by_length[len(word)].append(word)

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

    def _within(self, word: str, allowed: int) -> Iterable[Match]:
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            candidates = self._by_length.get(length, ())
            near = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=allowed, limit=None)
            for candidate, distance, _ in near:
                typos = distance if not distance or _same_start(word, candidate) else distance + 1
                if typos <= allowed:
                    yield Match(candidate, typos, self._weights[candidate])


def _same_start(word: str, candidate: str) -> bool:
    # Two swapped first letters ("rdama" for "drama") are one slip, not a wrong first letter.
    return word[0] == candidate[0] or (word[:2] == candidate[1::-1] and len(candidate) > 1)


@dataclass(frozen=True, slots=True, eq=False)
class CatalogueWords:
    """The names in the catalogue, for understanding: every folded word of titles, organisers, venues,
    series and keywords with its document count; and whole folded venue names with what a `PlaceRef` needs.
    Equal only to itself, so that what is derived from it can be kept beside it."""

    words: Vocabulary
    venues: Mapping[str, tuple[str, float | None, float | None]]
