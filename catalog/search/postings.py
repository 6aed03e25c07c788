"""Which documents hold which words, in flat arrays, and how well a document answers some words.

A document is a row of the index. Scores are BM25 (k1 1.2, b 0.75) with words of the title counted three
times and names (organiser, venue, series) twice. Per word of a question the best of its relatives counts,
and how rare the word is is judged over them all: an odd inflection is no stronger a sign than the word.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import chain, pairwise
from math import log1p

import numpy as np
import numpy.typing as npt

from catalog.search import analysis
from catalog.search.columns import Column
from catalog.search.counts import NAMES, TEXT, TITLE, Counts
from catalog.search.lexis import Lexis
from catalog.search.match import Vocabulary
from catalog.search.spans import Bools, Ints

_EXACT, _LEMMA, _STEM, _SKELETON, _PART, _PREFIX, _TYPO, _ALIKE = 1.0, 0.95, 0.85, 0.8, 0.6, 0.5, 0.7, 0.75
_KINDS = {
    analysis.LEMMA: _LEMMA,
    analysis.STEM: _STEM,
    analysis.SKELETON: _SKELETON,
    analysis.PART: _PART,
}
_UNSURE = (analysis.STEM, analysis.SKELETON)
_K1, _B = 1.2, 0.75
_BLOCK = 1_000_000
_SHORTEST_PREFIX = 3
_PREFIXED = 50
_TYPO_WORDS = 3
_REMEMBERED = 8
_ROW_BIT, _QUALITY_BIT, _WORST_QUALITY = 37, 32, 31

_Scores = npt.NDArray[np.float32]
_Quality = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Expansion:
    """Terms that may stand for a word of the question. factor: how much of their weight counts."""

    terms: Column
    factor: float
    typos: int = 0

    is_sure: bool = True
    """Whether they are the word itself, inflected or in a compound, rather than likely ones."""


@dataclass(frozen=True, slots=True)
class _Terms:
    """Ascending terms, each once, with the factor and the typos of each."""

    terms: Column
    factors: Column
    typos: Column

    def beyond(self, other: "_Terms") -> "_Terms":
        """Those that count for more than they do in `other`."""
        if not len(self.terms) or not len(other.terms):
            return self
        at = np.minimum(other.terms.searchsorted(self.terms), len(other.terms) - 1)
        same = (other.terms[at] == self.terms) & (other.typos[at] <= self.typos)
        more = (~same | (other.factors[at] < self.factors)).nonzero()[0]
        return _Terms(self.terms[more], self.factors[more], self.typos[more])


@dataclass(frozen=True, slots=True)
class _Held:
    """The documents that hold a word: ascending rows, and of each its score and typos · 4 + field."""

    rows: Column
    scores: Column
    qualities: Column

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, kept: Bools) -> "_Held":
        return _Held(self.rows[kept], self.scores[kept], self.qualities[kept])

    def lacks(self, rows: Column) -> Bools:
        """Which of these ascending rows are not among its own."""
        if not len(self.rows):
            return np.ones(len(rows), dtype=bool)
        lacks: Bools = self.rows[np.minimum(self.rows.searchsorted(rows), len(self.rows) - 1)] != rows
        return lacks


@dataclass(frozen=True, slots=True)
class TextMatch:
    """The documents that hold all words: ascending rows, with the fewest typos, the field of the word
    that is found last (TITLE before NAMES before TEXT) and the BM25 score of each."""

    rows: Ints
    typos: _Quality
    field: _Quality
    score: npt.NDArray[np.float64]


class Postings:
    """What `counts` and `lexis` say, laid out for questions. terms: sorted folded words; starts: where each
    term's documents begin in rows, weights and fields. key_hashes, key_terms: see `Lexis`."""

    def __init__(self, counts: Counts, lexis: Lexis) -> None:
        self.counts, self.lexis = counts, lexis
        self._documents = len(counts.lengths)
        self._terms = counts.terms
        self._starts = counts.starts
        self._rows = counts.rows
        self._weights = _weights(counts)
        self._fields = counts.fields
        self.names = Vocabulary(lexis.named(counts.terms))
        sizes = zip(counts.terms, np.diff(counts.starts).tolist(), strict=True)
        self._only_text = Vocabulary({term: size for term, size in sizes if term not in self.names})
        self._key_hashes, self._key_terms = lexis.key_hashes, lexis.key_terms
        self._remembered: dict[tuple[tuple[str, ...], tuple[tuple[str, ...], ...]], TextMatch] = {}
        self._expanded: dict[tuple[str, tuple[str, ...], bool], list[Expansion]] = {}

    def match(self, words: tuple[str, ...], alike: tuple[tuple[str, ...], ...] = ()) -> TextMatch:
        """The documents that hold every one of these folded words, a relative of it, or what will do
        instead (`Query.alike`)."""
        # The next page asks the same words again, and so may a follow-up with other facts.
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
                expansion = Expansion(np.array([joined]), _SKELETON, 1)
                found[n], found[n + 1] = [*found[n], expansion], [*found[n + 1], expansion]
        alone = len(words) == 1
        held = [
            self._scored(word, others.get(word, ()), self._gather(f, alone=alone))
            for word, f in zip(words, found, strict=True)
        ]
        rows = _shared([one.rows for one in held])
        at = [one.rows.searchsorted(rows) for one in held]
        qualities = [one.qualities[places] for one, places in zip(held, at, strict=True)]
        scores = [one.scores[places] * self._rarity(one) for one, places in zip(held, at, strict=True)]
        return TextMatch(
            rows=rows,
            typos=np.add.reduce([q >> 2 for q in qualities]),
            field=np.maximum.reduce([q & 3 for q in qualities]),
            score=np.add.reduce(scores, dtype=np.float64),
        )

    def _rarity(self, held: _Held) -> float:
        return log1p((self._documents - len(held) + 0.5) / (len(held) + 0.5))

    def holding(self, word: str, others: Sequence[str] = ()) -> Column:
        """The documents that hold this folded word, a relative of it or one of the others, no guesses: for
        exclusions."""
        found = self._direct(word) + self._alike(others)
        return self._with_phrases(word, others, self._gather(found)).rows

    def in_one_title(self, words: Sequence[str]) -> bool:
        """Whether one title holds all of these folded words as they stand."""
        terms = [term for word in words if (term := self._term(word)) is not None]
        if len(terms) < len(words):
            return False
        spans = sorted((slice(*self._starts[term : term + 2].tolist()) for term in terms), key=_size)
        rows: Column | None = None
        for span in spans:
            held = self._rows[span]
            at = np.arange(len(held)) if rows is None else held.searchsorted(rows).clip(max=len(held) - 1)
            named = self._fields[span][at] == TITLE
            rows = held[at[named if rows is None else named & (held[at] == rows)]]
        return rows is not None and len(rows) > 0

    def _term(self, word: str) -> int | None:
        at = bisect_left(self._terms, word)
        return at if at < len(self._terms) and self._terms[at] == word else None

    def _expand(self, word: str, others: tuple[str, ...], *, last: bool) -> list[Expansion]:
        """Relatives of a word and what will do instead; only when there are none, its continuations (last
        word) or its typos."""
        # A near miss asks for the same words in ever other company.
        key = word, others, last
        if (found := self._expanded.get(key)) is None:
            if len(self._expanded) >= _REMEMBERED:
                self._expanded.clear()
            direct = self._direct(word) + self._alike(others)
            found = self._expanded[key] = direct or (last and self._prefixed(word)) or self._mistyped(word)
        return found

    def _alike(self, others: Sequence[str]) -> list[Expansion]:
        """The single words that will do instead: themselves, inflected, and in compounds. Nothing is guessed:
        "rummet" (space) is no room."""
        expansions = (e for other in others if " " not in other for e in self._forms_of(other))
        return [Expansion(e.terms, e.factor * _ALIKE, is_sure=False) for e in expansions]

    def _forms_of(self, word: str) -> list[Expansion]:
        return self._exactly(word) + self._under([analysis.LEMMA + word, analysis.PART + word])

    def _exactly(self, word: str) -> list[Expansion]:
        exact = self._term(word)
        return [] if exact is None else [Expansion(np.array([exact]), _EXACT)]

    def _direct(self, word: str) -> list[Expansion]:
        related = _related(word)
        keys = [*related, *_as_parts(related)]
        found = self._exactly(word) + self._under(keys)
        alike = [e.terms for e in self._under([k for k in keys if k.startswith(analysis.SKELETON)])]
        for term in chain.from_iterable(terms[:_TYPO_WORDS].tolist() for terms in alike):
            found += self._under([key for key in _related(self._terms[term]) if key not in keys])
        return found

    def _under(self, keys: Sequence[str]) -> list[Expansion]:
        """The terms under these keys, each with the factor of its kind."""
        codes = np.array([hash(key) for key in keys], dtype=np.int64)
        firsts = self._key_hashes.searchsorted(codes).tolist()
        untils = self._key_hashes.searchsorted(codes, side="right").tolist()
        return [
            Expansion(self._key_terms[first:until], _KINDS[key[:2]], is_sure=key[:2] not in _UNSURE)
            for key, first, until in zip(keys, firsts, untils, strict=True)
            if first < until
        ]

    def _prefixed(self, word: str) -> list[Expansion]:
        if len(word) < _SHORTEST_PREFIX:
            return []
        first, until = bisect_left(self._terms, word), bisect_left(self._terms, word + "\uffff")
        if first == until:
            return []
        heaviest = np.argsort(self._starts[first:until] - self._starts[first + 1 : until + 1], kind="stable")
        return [Expansion(np.sort(heaviest[:_PREFIXED]) + first, _PREFIX)]

    def _mistyped(self, word: str) -> list[Expansion]:
        near = self.names.closest(word, _TYPO_WORDS) or self._only_text.closest(word, _TYPO_WORDS)
        return [
            Expansion(e.terms, e.factor * _TYPO, match.typos)
            for match in near
            if match.typos == near[0].typos
            for e in self._direct(match.word)
        ]

    def _scored(self, word: str, others: Sequence[str], gathered: _Held) -> _Held:
        """Also what holds the parts of a compound; split, it has one typo."""
        best = self._with_phrases(word, others, gathered)
        pieces = [part for part in analysis.parts(word, self.names) if not analysis.parts(part, self.names)]
        return _or_else(best, self._all_of(pieces), _PART, 1) if len(pieces) > 1 else best

    def _with_phrases(self, word: str, others: Sequence[str], best: _Held) -> _Held:
        """`best`, and the documents that hold every word of one of these where it has several; only those
        with the very name that was said, if there are such."""
        for phrase in (word, *others):
            pieces = phrase.split()
            if len(pieces) > 1:
                said = phrase == word
                named = self._all_of(pieces, NAMES, self._exactly) if said else _NOTHING
                found = named if len(named) else self._all_of(pieces, TEXT if said else NAMES)
                best = _or_else(best, found, _EXACT if said else _ALIKE, 0)
        return best

    def _all_of(
        self,
        words: Sequence[str],
        worst: int = TEXT,
        expand: Callable[[str], list[Expansion]] | None = None,
    ) -> _Held:
        """The documents that hold every one of these words, in the field `worst` or a better one, by the
        least of their scores. expand: what counts as a word; its relatives unless given."""
        gathered = [self._gather((expand or self._direct)(word)) for word in words]
        rows = _shared([one.rows for one in gathered])
        at = [one.rows.searchsorted(rows) for one in gathered]
        scores = reduce(np.minimum, [one.scores[n] for one, n in zip(gathered, at, strict=True)])
        fields = reduce(np.maximum, [one.qualities[n] & 3 for one, n in zip(gathered, at, strict=True)])
        held = _Held(rows, scores, fields)
        return held if worst == TEXT else held.only(fields <= worst)

    def _gather(self, found: Sequence[Expansion], *, alone: bool = False) -> _Held:
        """The documents that hold any of these. `alone`: nothing else is asked for, so that what is not
        sure counts in a text only where there is nothing better: "programmet" is not about programming."""
        sure = _once_each([e for e in found if e.is_sure])
        unsure = _once_each([e for e in found if not e.is_sure]).beyond(sure)
        best = self._gathered(sure)
        if not len(unsure.terms):
            return best
        likely = self._gathered(unsure)
        named = (likely.qualities & 3) != TEXT
        if alone and (len(best) or named.any()):
            likely = likely.only(named)
        return _best_of([best, likely]) if len(best) else likely

    def _gathered(self, found: _Terms) -> _Held:
        if not len(terms := found.terms):
            return _NOTHING
        begins = self._starts[terms]
        counts = self._starts[terms + 1] - begins
        ends = counts.cumsum()
        at = np.arange(ends[-1]) + (begins - ends + counts).repeat(counts)
        held = _Held(
            self._rows[at],
            self._weights[at] * found.factors.repeat(counts),
            self._fields[at] | (found.typos << 2).repeat(counts),
        )
        return held if len(terms) == 1 else _best_of([held])


_NO_TERMS = _Terms(*(np.zeros(0, dtype=kind) for kind in (np.int64, np.float32, np.uint8)))
_NOTHING = _Held(np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.uint8))


def _best_of(held: Sequence[_Held]) -> _Held:
    """Each document once, with the best score and the best quality that it has in any place."""
    # Row, quality and score in one number: plain numbers are sorted fastest.
    packed = np.concatenate(
        [
            one.rows.astype(np.int64) << _ROW_BIT
            | one.qualities.astype(np.int64) << _QUALITY_BIT
            | one.scores.view(np.int32)
            for one in held
        ]
    )
    packed.sort()
    rows = packed >> _ROW_BIT
    begins = np.ones(len(rows), dtype=bool)
    np.not_equal(rows[1:], rows[:-1], out=begins[1:])
    firsts = begins.nonzero()[0]
    qualities = (packed[firsts] >> _QUALITY_BIT).astype(np.uint8) & np.uint8(_WORST_QUALITY)
    scores = packed.astype(np.int32).view(np.float32)
    best = scores[firsts]
    if len(again := (~begins).nonzero()[0]):
        np.maximum.at(best, begins.cumsum()[again] - 1, scores[again])
    return _Held(rows[firsts], best, qualities)


def _or_else(best: _Held, other: _Held, factor: float, typos: int) -> _Held:
    """`best`, and what only `other` has, at `factor` of its score and with so many typos."""
    more = other.only(best.lacks(other.rows))
    if not len(more):
        return best
    more = _Held(more.rows, more.scores * np.float32(factor), more.qualities | np.uint8(typos << 2))
    return _best_of([best, more])


def _shared(rows: Sequence[Column]) -> Ints:
    """The rows that are in all of these, each of which is ascending."""
    fewest, *rest = sorted(rows, key=len)
    for others in rest:
        at = others.searchsorted(fewest)
        at[at == len(others)] = 0
        fewest = fewest[others[at] == fewest] if len(others) else fewest[:0]
    return fewest.astype(np.int64)


def _size(span: slice) -> int:
    return int(span.stop - span.start)


@lru_cache(maxsize=16_384)
def _related(word: str) -> tuple[str, ...]:
    return tuple(analysis.related(word))


def _as_parts(keys: Iterable[str]) -> list[str]:
    """The keys under which the same lemmas stand as parts of compounds."""
    return [analysis.PART + key[2:] for key in keys if key.startswith(analysis.LEMMA)]


def _once_each(found: list[Expansion]) -> _Terms:
    """A term that was found twice counts as its first, its best."""
    if not found:
        return _NO_TERMS
    best = sorted(found, key=lambda e: (e.typos, -e.factor))
    sizes = [len(e.terms) for e in best]
    terms = np.concatenate([e.terms for e in best])
    factors = np.array([e.factor for e in best], dtype=np.float32).repeat(sizes)
    typos = np.array([min(e.typos, 7) for e in best], dtype=np.uint8).repeat(sizes)
    if len(best) == 1:
        return _Terms(terms, factors, typos)
    terms, firsts = np.unique(terms, return_index=True)
    return _Terms(terms, factors[firsts], typos[firsts])


def _weights(counts: Counts) -> _Scores:
    """BM25 without the rarity of the word, which a question's word shares with its relatives."""
    mean = max(1.0, float(counts.lengths.mean())) if len(counts.lengths) else 1.0
    norms = (_K1 * (1 - _B + _B * counts.lengths / mean)).astype(np.float32)
    weights = np.empty(len(counts.rows), dtype=np.float32)
    for at in range(0, len(weights), _BLOCK):
        said = counts.counts[at : at + _BLOCK].astype(np.float32)
        weights[at : at + _BLOCK] = said * np.float32(_K1 + 1) / (said + norms[counts.rows[at : at + _BLOCK]])
    return weights
