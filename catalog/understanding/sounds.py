"""Danish words written as they sound: "kunsert" is "koncert", "tiater" is "teater".

Who spells by ear changes several letters at once, too many for typos, but not what the word sounds like. A
sound is a string in which letters that Danes hear alike are one.
"""

import re
from functools import cache

from catalog.understanding.lexicon import lexicon

_SHORTEST = 4
"""Letters of a sound that belongs to few words."""

_ASKS_FROM = 2
"""The weight in the vocabulary of a word that asks for something."""

_RULES = (
    ("ae", "e"),
    ("oe|aa|[uy]", "o"),
    ("w", "v"),
    ("i", "e"),
    ("(?<=[aeo])r(?=[^aeor])", ""),
    ("(?<=[klmnrtv])j(?=[aeo])", "e"),
    ("sch|sjk?|ch(?=[eo])|[zx]", "s"),
    ("c(?=[e])", "s"),
    ("ck|[cq]", "k"),
    ("ph", "f"),
    ("th|dt", "t"),
    ("^h(?=[vj])", ""),
    ("(?<=[lnr])d(?=[^aeor]|$)", ""),
    ("d", "t"),
    ("b", "p"),
    ("g", "k"),
    (r"(.)\1+", r"\1"),
)


def sound_of(folded: str) -> str:
    """What a folded word sounds like."""
    for said, heard in _rules():
        folded = said.sub(heard, folded)
    return folded


def heard_as(folded: str) -> str | None:
    """The folded Danish word that asks for something and sounds like this one; None when there is none."""
    sound = sound_of(folded)
    return _by_sound().get(sound) if len(sound) >= _SHORTEST and folded.isalpha() else None


@cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(said), heard) for said, heard in _RULES)


@cache
def _by_sound() -> dict[str, str]:
    known, foreign = lexicon().vocabulary, lexicon().telling["en"]
    asking = (word for word in set(known) - foreign if known.weight(word) >= _ASKS_FROM and word.isalpha())
    found: dict[str, str] = {}
    for word in sorted(asking, key=lambda word: (known.weight(word), word)):
        found[sound_of(word)] = word
    return found
