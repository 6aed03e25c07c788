"""Which documents hold which words, in flat arrays, and how well a document answers some words.

A document is a row of the index. Scores are BM25 (k1 1.2, b 0.75) with words of the title counted three
times and names (organiser, venue, series) twice. Per word of a question the best of its relatives counts,
and how rare the word is is judged over them all: an odd inflection is no stronger a sign than the word.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log1p

import numpy as np
import numpy.typing as npt

from catalog.search import analysis
from catalog.search.match import Vocabulary
from catalog.search.spans import Ints

TITLE, NAMES, TEXT = 0, 1, 2
"""The fields of a document, best first."""

_EXACT, _LEMMA, _STEM, _SKELETON, _PART, _PREFIX, _TYPO, _ALIKE = 1.0, 0.95, 0.85, 0.8, 0.6, 0.5, 0.7, 0.75
_KINDS = (
    (analysis.LEMMA, _LEMMA),
    (analysis.STEM, _STEM),
    (analysis.SKELETON, _SKELETON),
    (analysis.PART, _PART),
)
_SHORTEST_PREFIX = 3
_PREFIXED = 50
_TYPO_WORDS = 3
_NO_MATCH = 255
_REMEMBERED = 8

_Scores = npt.NDArray[np.float32]
_Quality = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Expansion:
    """A term that may stand for a word of the question. factor: how much of its weight counts."""

    term: int
    factor: float
    typos: int = 0

    is_sure: bool = True
    """Whether it is the word itself, inflected or in a compound, rather than a likely one."""


@dataclass(frozen=True, slots=True)
class TextMatch:
    """The documents that hold all words: ascending rows, with the fewest typos, the field of the word
    that is found last (TITLE before NAMES before TEXT) and the BM25 score of each."""

    rows: Ints
    typos: Ints
    field: Ints
    score: npt.NDArray[np.float64]


class Postings:
    """Made by `PostingsBuilder`. terms: sorted folded words; starts: where each term's documents begin in
    rows, weights and fields. key_hashes, key_terms: `analysis` keys by hash, ascending, and their terms."""

    def __init__(
        self,
        *,
        documents: int,
        terms: list[str],
        starts: Ints,
        rows: npt.NDArray[np.int32],
        weights: _Scores,
        fields: _Quality,
        names: dict[str, int],
    ) -> None:
        self._documents = documents
        self._terms = terms
        self._starts = starts
        self._rows = rows
        self._weights = weights
        self._fields = fields
        parts = {term: analysis.parts(term, names) for term in terms}
        self.names = Vocabulary(_with_parts(names, parts))
        sizes = zip(terms, np.diff(starts).tolist(), strict=True)
        self._only_text = Vocabulary({term: size for term, size in sizes if term not in self.names})
        self._key_hashes, self._key_terms = _hashed_keys(terms, parts)
        self._remembered: dict[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], TextMatch] = {}

    def match(self, words: tuple[str, ...], alike: tuple[tuple[str, ...], ...] = ()) -> TextMatch:
        """The documents that hold every one of these folded words, a relative of it, or what will do
        instead (`Query.alike`)."""
        # A near miss asks the same words again and again with other facts, and so does the next page.
        if (match := self._remembered.get((words, alike))) is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            match = self._remembered[words, alike] = self._match(words, alike)
        return match

    def _match(self, words: tuple[str, ...], alike: tuple[tuple[str, ...], ...]) -> TextMatch:
        others = {word: tuple(group) for word, *group in alike}
        found = [self._expand(word, others.get(word, ()), last=word == words[-1]) for word in words]
        for n, pair in enumerate(pairwise(words)):
            if (joined := self._term("".join(pair))) is not None:
                found[n].append(Expansion(joined, _SKELETON, 1))
                found[n + 1].append(Expansion(joined, _SKELETON, 1))
        alone = len(words) == 1
        scored = [
            self._scored(word, others.get(word, ()), self._gather(f, alone=alone))
            for word, f in zip(words, found, strict=True)
        ]
        covered = np.logical_and.reduce([score > 0 for score, _ in scored])
        rows = np.flatnonzero(covered)
        qualities = [quality[rows].astype(np.int64) for _, quality in scored]
        return TextMatch(
            rows=rows,
            typos=np.sum([q >> 2 for q in qualities], axis=0, dtype=np.int64),
            field=np.max([q & 3 for q in qualities], axis=0),
            score=np.sum(
                [score[rows] * self._rarity(score) for score, _ in scored], axis=0, dtype=np.float64
            ),
        )

    def _rarity(self, score: _Scores) -> float:
        holding = np.count_nonzero(score)
        return log1p((self._documents - holding + 0.5) / (holding + 0.5))

    def holding(self, word: str, others: Sequence[str] = ()) -> Ints:
        """The documents that hold this folded word, a relative of it or one of the others, no guesses: for
        exclusions."""
        found = self._direct(word) + self._alike(others)
        score, _ = self._with_phrases(word, others, self._gather(found))
        return np.flatnonzero(score > 0)

    def _term(self, word: str) -> int | None:
        at = bisect_left(self._terms, word)
        return at if at < len(self._terms) and self._terms[at] == word else None

    def _expand(self, word: str, others: Sequence[str], *, last: bool) -> list[Expansion]:
        """Relatives of a word and what will do instead; only when there are none, its continuations (last
        word) or its typos."""
        direct = self._direct(word) + self._alike(others)
        return direct or (last and self._prefixed(word)) or self._mistyped(word)

    def _alike(self, others: Sequence[str]) -> list[Expansion]:
        """The single words that will do instead: themselves, inflected, and in compounds. Nothing is guessed:
        "rummet" (space) is no room."""
        expansions = (e for other in others if " " not in other for e in self._forms_of(other))
        return [Expansion(e.term, e.factor * _ALIKE, is_sure=False) for e in expansions]

    def _forms_of(self, word: str) -> list[Expansion]:
        exact = self._term(word)
        found = [] if exact is None else [Expansion(exact, _EXACT)]
        return found + self._under([analysis.LEMMA + word, analysis.PART + word])

    def _direct(self, word: str) -> list[Expansion]:
        exact = self._term(word)
        found = [] if exact is None else [Expansion(exact, _EXACT)]
        keys = [*_related(word), *_as_parts(_related(word))]
        found += self._under(keys)
        alike = [e.term for e in self._under([k for k in keys if k.startswith(analysis.SKELETON)])]
        for term in alike[:_TYPO_WORDS]:
            found += self._under([key for key in analysis.related(self._terms[term]) if key not in keys])
        return found

    def _under(self, keys: Iterable[str]) -> list[Expansion]:
        """The terms under these keys, each with the factor of its kind."""
        found = []
        for key in keys:
            factor = next(factor for kind, factor in _KINDS if key.startswith(kind))
            code = hash(key)
            first, until = (int(np.searchsorted(self._key_hashes, code, s)) for s in ("left", "right"))
            sure = factor not in (_STEM, _SKELETON)
            found += [Expansion(int(term), factor, is_sure=sure) for term in self._key_terms[first:until]]
        return found

    def _prefixed(self, word: str) -> list[Expansion]:
        if len(word) < _SHORTEST_PREFIX:
            return []
        first, until = bisect_left(self._terms, word), bisect_left(self._terms, word + "\uffff")
        heaviest = sorted(
            range(first, until), key=lambda term: -(self._starts[term + 1] - self._starts[term])
        )
        return [Expansion(term, _PREFIX) for term in heaviest[:_PREFIXED]]

    def _mistyped(self, word: str) -> list[Expansion]:
        near = self.names.closest(word, _TYPO_WORDS) or self._only_text.closest(word, _TYPO_WORDS)
        return [
            Expansion(e.term, e.factor * _TYPO, match.typos)
            for match in near
            if match.typos == near[0].typos
            for e in self._direct(match.word)
        ]

    def _scored(
        self, word: str, others: Sequence[str], gathered: tuple[_Scores, _Quality]
    ) -> tuple[_Scores, _Quality]:
        """Per document the best score of a word, and typos · 4 + field; split compounds are one typo."""
        best = self._with_phrases(word, others, gathered)
        pieces = [part for part in analysis.parts(word, self.names) if not analysis.parts(part, self.names)]
        return _or_else(best, self._all_of(pieces), _PART, 1) if len(pieces) > 1 else best

    def _with_phrases(
        self, word: str, others: Sequence[str], best: tuple[_Scores, _Quality]
    ) -> tuple[_Scores, _Quality]:
        """`best`, and the documents that hold every word of one of these where it has several."""
        for phrase in (word, *others):
            pieces = phrase.split()
            if len(pieces) > 1:
                said = phrase == word
                found = self._all_of(pieces, TEXT if said else NAMES)
                best = _or_else(best, found, _EXACT if said else _ALIKE, 0)
        return best

    def _all_of(self, words: Sequence[str], worst: int = TEXT) -> tuple[_Scores, _Quality]:
        """The documents that hold every one of these words, in the field `worst` or a better one, by the
        least of their scores."""
        gathered = [self._gather(self._direct(word)) for word in words]
        field = np.maximum.reduce([q & 3 for _, q in gathered])
        return np.minimum.reduce([s for s, _ in gathered]) * (field <= worst), field

    def _gather(self, found: list[Expansion], *, alone: bool = False) -> tuple[_Scores, _Quality]:
        """Per document the best score and quality. `alone`: nothing else is asked for, so that what is not
        sure counts in a text only where there is nothing better: "programmet" is not about programming."""
        best = self._gathered([e for e in found if e.is_sure])
        likely = [e for e in found if not e.is_sure]
        if not likely:
            return best
        score, quality = self._gathered(likely)
        in_text = (quality & 3) == TEXT
        if alone and (best[0].any() or (score[~in_text] > 0).any()):
            score = np.where(in_text, np.float32(0), score)
        quality = np.where(score > 0, np.minimum(quality, best[1]), best[1])
        return np.maximum(score, best[0]), quality

    def _gathered(self, found: list[Expansion]) -> tuple[_Scores, _Quality]:
        score = np.zeros(self._documents, dtype=np.float32)
        quality = np.full(self._documents, _NO_MATCH, dtype=np.uint8)
        for factor, typos, terms in _grouped(found):
            pieces = [np.arange(self._starts[term], self._starts[term + 1]) for term in terms]
            at = np.concatenate(pieces)
            np.maximum.at(score, self._rows[at], self._weights[at] * np.float32(factor))
            np.minimum.at(quality, self._rows[at], self._fields[at] | np.uint8(min(typos, 7) << 2))
        return score, quality


def _or_else(
    best: tuple[_Scores, _Quality], other: tuple[_Scores, _Quality], factor: float, typos: int
) -> tuple[_Scores, _Quality]:
    """`best`, and what only `other` has, at `factor` of its score and with so many typos."""
    only = (other[0] > 0) & (best[0] == 0)
    score = np.where(only, other[0] * np.float32(factor), best[0])
    return score, np.where(only, other[1] | np.uint8(typos << 2), best[1])


@lru_cache(maxsize=16_384)
def _related(word: str) -> tuple[str, ...]:
    return tuple(analysis.related(word))


def _as_parts(keys: Iterable[str]) -> list[str]:
    """The keys under which the same lemmas stand as parts of compounds."""
    return [analysis.PART + key[2:] for key in keys if key.startswith(analysis.LEMMA)]


def _grouped(found: list[Expansion]) -> list[tuple[float, int, list[int]]]:
    """Terms by (factor, typos); a term that was found twice counts under its first, its best."""
    groups: dict[tuple[int, float], list[int]] = {}
    seen: set[int] = set()
    for e in sorted(found, key=lambda e: (e.typos, -e.factor, e.term)):
        if e.term not in seen:
            seen.add(e.term)
            groups.setdefault((e.typos, e.factor), []).append(e.term)
    return [(factor, typos, terms) for (typos, factor), terms in groups.items()]


def _with_parts(names: dict[str, int], parts: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """The words of names and the parts of their compounds, with the number of documents of each."""
    weights = dict(names)
    for name, documents in names.items():
        for part in parts[name]:
            weights[part] = weights.get(part, 0) + documents
    return weights


def _hashed_keys(terms: list[str], parts: dict[str, tuple[str, ...]]) -> tuple[Ints, npt.NDArray[np.int32]]:
    """Keys as hashes: a twentieth of the memory of strings, and at 64 bits they do not collide."""
    hashes: list[int] = []
    owners: list[int] = []
    for n, term in enumerate(terms):
        keys = set(analysis.related(term))
        for part in parts[term]:
            keys.update(analysis.part_keys(part))
        hashes += map(hash, keys)
        owners += [n] * len(keys)
    codes = np.array(hashes, dtype=np.int64)
    order = np.argsort(codes, kind="stable")
    return codes[order], np.array(owners, dtype=np.int32)[order]
