"""Whether somebody writes of suicide, of hurting themselves, or of violence and abuse.

It is asked first, before anything else is understood. What somebody says of themselves counts wherever it
stands; what only names the matter ("selvmord") counts alone, and not where a programme is asked for
("foredrag om selvmord"). Everyday figures of speech ("dø af grin", "slår mig i skak") are taken out before.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from catalog.search.match import Vocabulary
from catalog.understanding.sayings import pattern, plain, read

TOPICS = ("suicide", "assault", "violence")
"""What it can be about; the first that fits is what is answered."""

_MENDED_FROM = 6
"""Letters from which on a misspelt word of danger is known again."""

_ENDS = 1000
"""Characters that are read from the beginning and from the end of a long text."""


@dataclass(frozen=True, slots=True)
class Danger:
    """topic: one of `TOPICS`. language: the one it is written in, None when the words do not tell."""

    topic: str
    language: str | None


def danger_in(text: str) -> Danger | None:
    """What danger `text` speaks of, None when it speaks of none."""
    sayings = _sayings()
    read_part = text if len(text) <= 2 * _ENDS else f"{text[:_ENDS]} {text[-_ENDS:]}"
    words = [_mended(word) for word in plain(read_part).split()]
    if sayings.hints.isdisjoint(words) and not any(word.startswith(sayings.beginnings) for word in words):
        return None
    said = sayings.innocent.sub(" _ ", f" {' '.join(words)} ")
    is_programme = sayings.programme.search(said) is not None
    found = (topic for topic in TOPICS if sayings.speaks_of(topic, said, is_programme))
    topic = next(found, None)
    return Danger(topic, _language(words)) if topic else None


def _language(words: list[str]) -> str | None:
    known = _telling()
    counts = {code: sum(word in telling for word in words) for code, telling in known.items()}
    ahead, behind = sorted(counts, key=lambda code: -counts[code])
    return ahead if counts[ahead] > counts[behind] else None


@cache
def _telling() -> dict[str, frozenset[str]]:
    return {code: frozenset(plain(words).split()) for code, words in read("danger")["telling"].items()}


@dataclass(frozen=True, slots=True)
class _Sayings:
    innocent: re.Pattern[str]
    programme: re.Pattern[str]
    hints: frozenset[str]
    beginnings: tuple[str, ...]
    own: dict[str, re.Pattern[str]]
    told: dict[str, re.Pattern[str]]
    alone: dict[str, re.Pattern[str]]
    words: Vocabulary

    def speaks_of(self, topic: str, said: str, is_programme: bool) -> bool:
        if self.own[topic].search(said) or self.alone[topic].fullmatch(said):
            return True
        return not is_programme and self.told[topic].search(said) is not None


@lru_cache(maxsize=65_536)
def _mended(word: str) -> str:
    known = _sayings().words
    if len(word) < _MENDED_FROM or word in known:
        return word
    found = known.closest(word)
    return found[0].word if found else word


@cache
def _sayings() -> _Sayings:
    data = read("danger")
    lists: Mapping[str, str] = data["list"]
    topics: dict[str, Any] = {topic: data[topic] for topic in TOPICS}
    return _Sayings(
        innocent=_found(pattern(data["innocent"], lists)),
        programme=_found(pattern(data["programme"], lists)),
        hints=frozenset(plain(data["hints"]).split()),
        beginnings=tuple(plain(data["hint_beginnings"]).split()),
        own={name: _found(pattern(topic["own"], lists)) for name, topic in topics.items()},
        told={name: _found(pattern(topic["told"], lists)) for name, topic in topics.items()},
        alone={
            name: re.compile(
                rf" (?:(?:{pattern('<opening>', lists)}) ){{0,3}}(?:{pattern(topic['alone'], lists)}) "
            )
            for name, topic in topics.items()
        },
        words=Vocabulary(dict.fromkeys(plain(data["mended"]).split(), 1)),
    )


def _found(source: str) -> re.Pattern[str]:
    return re.compile(rf" (?:{source})(?= )")
