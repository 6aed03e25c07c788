"""The words of time, read from the lexicon files: phrases with their kind and meaning, and typo repair."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from catalog.search.match import Vocabulary
from catalog.text import fold, skeleton, words

LANGUAGES = ("da", "en")
_NOT_KINDS = frozenset({"own", "alias", "never"})
_SKELETON_FROM = 4
_MENDED_FROM = 5
_TWO_TYPOS_FROM = 9
_MENDED_KINDS = frozenset(
    {"day", "day_part", "weekday", "weekday_plural", "weekday_definite", "workdays", "part", "weekend",
     "month", "season", "feast", "feast_unsure"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A kind of time word and what it means ("weekday", "5")."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """The phrases of all languages as one language's sentence reads them.

    phrases: folded words to what they mean, in order. longest: words in the longest phrase. longest_from:
    the same of those that begin with a word. vocabulary: the single words that a typo may be mended into.
    never_mended: everyday words that stay as they are. bare_part: parts of the day that say no time when
    they stand alone. spelt: folded words as they are written.
    """

    phrases: dict[tuple[str, ...], tuple[Word, ...]]
    longest: int
    longest_from: dict[str, int]
    vocabulary: Vocabulary
    never_mended: frozenset[str]
    bare_part: frozenset[str]
    spelt: dict[str, str]

    @lru_cache(maxsize=8192)  # noqa: B019 (there are as many lexicons as languages, and they stay)
    def mend(self, word: str) -> str | None:
        """The time word that the folded `word` is a typo of."""
        if len(word) < _SKELETON_FROM or word in self.never_mended or not word.isalpha():
            return None
        found = self.vocabulary.closest(word)
        allowed = 2 if len(word) >= _TWO_TYPOS_FROM else 1
        return found[0].word if found and 0 < found[0].typos <= allowed else None


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon for sentences that are probably in `language` ("da" or "en")."""
    files = {name: _read(f"when.{name}.toml") for name in LANGUAGES}
    hinted = language if language in LANGUAGES else LANGUAGES[0]
    # The hinted language last: where two languages share a word, its meaning wins.
    ordered = sorted(LANGUAGES, key=lambda name: name == hinted)
    phrases: dict[tuple[str, ...], tuple[Word, ...]] = {}
    for name in ordered:
        own = set() if name == hinted else set(_split(files[name]["own"]))
        phrases |= {phrase: found for phrase, found in _phrases(files[name]).items() if phrase not in own}
    vocabulary = _vocabulary(phrases)
    for name in ordered:
        phrases |= _aliases(files[name], _phrases(files[name]))
    phrases |= _compounds(phrases)
    never = {" ".join(p) for name in LANGUAGES for p in _split(files[name]["never"]["mended"])}
    spelt = _with_skeletons(phrases)
    return Lexicon(
        spelt,
        max(map(len, spelt)),
        _longest_from(spelt),
        vocabulary,
        frozenset(never | {phrase[0] for phrase in phrases if len(phrase) == 1}),
        frozenset(" ".join(p) for name in LANGUAGES for p in _split(files[name]["never"]["bare_part"])),
        {fold(word): word for name in LANGUAGES for word in _words_of(files[name])},
    )


@cache
def meanings() -> dict[str, Any]:
    """What the words amount to: parts of the day, seasons, habits and feasts."""
    return _read("when.toml")


def _read(name: str) -> dict[str, Any]:
    folder = resources.files("catalog.understanding").joinpath("lexicon")
    return tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8"))


def _words_of(file: dict[str, Any]) -> Iterator[str]:
    for kind, entries in file.items():
        if kind not in _NOT_KINDS:
            for text in entries.values():
                yield from re.findall(r"[^\W\d_]+", text)


def _split(text: str) -> list[tuple[str, ...]]:
    return [folded_words(phrase) for phrase in text.split(",")]


def folded_words(text: str) -> tuple[str, ...]:
    """The folded words of a phrase, with one kind of apostrophe."""
    return words(text.replace("’", "'"))


def _phrases(file: dict[str, Any]) -> dict[tuple[str, ...], tuple[Word, ...]]:
    return {
        phrase: (Word(kind, value),)
        for kind, entries in file.items()
        if kind not in _NOT_KINDS
        for value, text in entries.items()
        for phrase in _split(text)
    }


def _aliases(
    file: dict[str, Any], phrases: dict[tuple[str, ...], tuple[Word, ...]]
) -> dict[tuple[str, ...], tuple[Word, ...]]:
    return {
        phrase: _meaning(folded_words(target), phrases)
        for target, text in file["alias"].items()
        for phrase in _split(text)
    }


def _meaning(phrase: tuple[str, ...], phrases: dict[tuple[str, ...], tuple[Word, ...]]) -> tuple[Word, ...]:
    if phrase in phrases:
        return phrases[phrase]
    return tuple(meaning for word in phrase for meaning in phrases[(word,)])


def _compounds(phrases: dict[tuple[str, ...], tuple[Word, ...]]) -> dict[tuple[str, ...], tuple[Word, ...]]:
    """Danish writes a weekday and a part of the day as one word: "fredagsaften", "søndagsformiddage"."""
    singles = [(p[0], found) for p, found in phrases.items() if len(p) == 1]
    firsts = [(word, f) for word, f in singles if f[0].kind in ("weekday", "workdays") and "'" not in word]
    seconds = [(word, f) for word, f in singles if f[0].kind in ("part", "part_plural")]
    return {
        (first + joint + second,): before + after
        for first, before in firsts
        for second, after in seconds
        for joint in ("", "s")
    }


def _with_skeletons(
    phrases: dict[tuple[str, ...], tuple[Word, ...]],
) -> dict[tuple[str, ...], tuple[Word, ...]]:
    bare = {
        tuple(skeleton(w) if len(w) >= _SKELETON_FROM else w for w in phrase): found
        for phrase, found in phrases.items()
    }
    return bare | phrases


def _longest_from(phrases: Iterable[tuple[str, ...]]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for phrase in phrases:
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return longest


def _vocabulary(phrases: dict[tuple[str, ...], tuple[Word, ...]]) -> Vocabulary:
    singles = {p[0] for p, found in phrases.items() if len(p) == 1 and found[0].kind in _MENDED_KINDS}
    # "i morgen", "day after tomorrow": half of the phrase must be mendable too.
    in_days = {word for p, found in phrases.items() if found[0].kind == "day" for word in p}
    return Vocabulary({word: 1 for word in singles | in_days if len(word) >= _MENDED_FROM and word.isalpha()})
