"""Which values the words of a text speak of: look-ups in infer.toml, with Danish compounds."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache, partial
from importlib import resources
from typing import Any

from catalog.text import fold, words

_LONGEST_PHRASE = 4


@cache
def data() -> dict[str, Any]:
    """infer.toml, as it stands."""
    text = (resources.files(__package__) / "infer.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


class Patterns:
    """Folded words and phrases, alone or with more letters at either end, by how many words they have."""

    def __init__(self, written: Iterable[str]) -> None:
        self._whole: set[str] = set()
        self._starts: dict[int, tuple[str, ...]] = defaultdict(tuple)
        self._ends: dict[int, tuple[str, ...]] = defaultdict(tuple)
        for pattern in written:
            core = " ".join(words(pattern))
            if pattern.endswith("*"):
                self._starts[core.count(" ")] += (core,)
            if pattern.startswith("*"):
                self._ends[core.count(" ")] += (core,)
            self._whole.add(core)

    def fit(self, phrase: str) -> bool:
        size = phrase.count(" ")
        return (
            phrase in self._whole
            or phrase.startswith(self._starts.get(size, ()))
            or phrase.endswith(self._ends.get(size, ()))
        )


class Meanings:
    """The values of one fact ("category", "format", "audience") and the words that speak of them."""

    def __init__(self, fact: str) -> None:
        table = data()[fact]
        self._types = {
            kind.casefold(): value for value, entry in table.items() for kind in entry.get("types", ())
        }
        self._order = list(table)
        self._never = {value: Patterns(entry.get("not", ())) for value, entry in table.items()}
        everywhere = {value: Patterns(entry.get("words", ())) for value, entry in table.items()}
        in_titles = {value: Patterns(entry.get("title", ())) for value, entry in table.items()}
        self._clear = lru_cache(maxsize=65_536)(partial(self._values, everywhere))
        in_texts = {value: Patterns(entry.get("text", ())) for value, entry in table.items()}
        self._vague = lru_cache(maxsize=65_536)(partial(self._values, in_titles))
        self._telling = lru_cache(maxsize=65_536)(partial(self._values, in_texts))

    def types(self, keywords: Iterable[str]) -> list[str]:
        """What schema.org types among the keywords say."""
        found = (self._types.get(keyword.rsplit("/", 1)[-1].casefold()) for keyword in keywords)
        return list(dict.fromkeys(value for value in found if value))

    def clear(self, text: str) -> list[str]:
        """The values that `text` speaks of in words believed anywhere, most often first."""
        return self._counted(text, self._clear)

    def vague(self, text: str) -> list[str]:
        """The same for words that are only believed in titles and keywords."""
        return self._counted(text, self._vague)

    def telling(self, text: str) -> list[str]:
        """The same for words by which a text speaks of what it is about ("turen", "udstillingen")."""
        return self._counted(text, self._telling)

    def said(self, text: str) -> list[str]:
        """What a title or a keyword speaks of: vague words count when no clear ones speak."""
        return self.clear(text) or self.vague(text)

    def _counted(self, text: str, values_of: Callable[[str], tuple[str, ...]]) -> list[str]:
        counted = Counter(value for phrase in set(phrases(words(text))) for value in values_of(phrase))
        return sorted(counted, key=lambda value: (-counted[value], self._order.index(value)))

    def _values(self, table: Mapping[str, Patterns], phrase: str) -> tuple[str, ...]:
        return tuple(
            value
            for value, patterns in table.items()
            if patterns.fit(phrase) and not self._never[value].fit(phrase)
        )


@cache
def meanings(fact: str) -> Meanings:
    """The words of one fact, read once."""
    return Meanings(fact)


def heads_apart(text: str) -> str:
    """`text` and the first parts of those of its compounds that end in a listed head, one a line: "rap" of
    "Rapværksted"."""
    firsts = (_first_part(word) for word in words(text))
    return "\n".join([text, *(first for first in firsts if first)])


def _first_part(word: str) -> str:
    head = next((head for head in _heads() if word.endswith(head)), "")
    return word.removesuffix(head) if head else ""


@cache
def _heads() -> tuple[str, ...]:
    return tuple(sorted((fold(head) for head in data()["compound"]["heads"]), key=len, reverse=True))


def phrases(found: Sequence[str]) -> Iterable[str]:
    """Every run of one to four of these words, with one space between."""
    for size in range(1, _LONGEST_PHRASE + 1):
        for at in range(len(found) - size + 1):
            yield " ".join(found[at : at + size])
