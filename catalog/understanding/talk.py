"""What is said without asking for anything new: small talk, a worry, a word about what is shown.

Only whole sentences count: "noget for ensomme" stays a search and "tak, og i Køge?" a question.
"""

import re
from dataclasses import dataclass
from functools import cache

from catalog.understanding.lexicon import LANGUAGES
from catalog.understanding.sayings import pattern, plain, read

_SECTIONS = {"small": "small-talk", "worry": "worry", "about": "about", "row": "row", "do": ""}
"""The sections of the lexicon, in the order of trying, and the kind that each is; "": each has its own."""

_MAY_SEARCH = frozenset({"when", "price", "wheelchair", "access", "age", "language"})
"""What one may ask about the offering that is shown, and as well of everything there is."""

_MOST_WORDS = 14


@dataclass(frozen=True, slots=True)
class Remark:
    """kind: "small-talk", "worry", "about" (the offering that is shown), "row" (one of the list), "follow" or
    "notify". detail: which small talk or worry, what is asked about, the row's number from 1 (-1: the last).
    language: whose saying it is."""

    kind: str
    detail: str
    language: str

    @property
    def may_search(self) -> bool:
        """Whether it makes a question without anything shown: "er det gratis?"."""
        return self.detail in _MAY_SEARCH


def remark_in(text: str, language: str) -> Remark | None:
    """What `text` as a whole remarks, the sayings of `language` before the others; None for all else."""
    said = plain(text)
    if not said or said.count(" ") >= _MOST_WORDS:
        return None
    for code in sorted(LANGUAGES, key=lambda other: other != language):
        names, sayings = _sayings(code)
        if match := sayings.fullmatch(said):
            kind, detail = names[(match.lastgroup or "s0").removeprefix("s")]
            return Remark(kind, detail, code)
    return None


@cache
def _sayings(language: str) -> tuple[dict[str, tuple[str, str]], re.Pattern[str]]:
    data = read(f"talk.{language}")
    lists = {**data["list"], "close": data["close"]}
    names: dict[str, tuple[str, str]] = {}
    parts = []
    for section, kind in _SECTIONS.items():
        for detail, sayings in data[section].items():
            parts.append(f"(?P<s{len(names)}>{pattern(sayings, lists)})")
            names[str(len(names))] = (kind, detail) if kind else (detail, "")
    begins, ends = (pattern(f"<{name}>", {name: data[name]}) for name in ("open", "close"))
    return names, re.compile(rf"(?:{begins} ){{0,3}}(?:{'|'.join(parts)})(?: {ends}){{0,3}}")
