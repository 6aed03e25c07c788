"""Whole ways of saying something, as data: "hvad koster <it>", "(min|mit) <relative> slår mig".

A saying is a regular expression over the words of a text in their coarsest spelling, one space between them;
`<name>` stands for the list of that name. Sayings are separated by commas. A star means three times at most,
so that no text takes long.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from catalog.text import skeleton, split

_DRAWN_OUT = re.compile(r"(.)\1{2,}")
_LONGEST_WORD = 60
_APOSTROPHES = re.compile(r"['’]")


def read(name: str) -> dict[str, Any]:
    """The lexicon file of this name."""
    file = resources.files(__package__).joinpath("lexicon", f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def plain(text: str) -> str:
    """The words of `text` as sayings see them: "Jeg er såååå glad!" gives "jeg er sa glad"."""
    return " ".join(spelt(word) for word in split(text) if len(word) <= _LONGEST_WORD)


@lru_cache(maxsize=8192)
def spelt(word: str) -> str:
    """One word as sayings see it."""
    # "å" becomes "aa" and then "a", which is not drawn out: only three of a letter and more are.
    return _APOSTROPHES.sub("", skeleton(_DRAWN_OUT.sub(r"\1", word.casefold())))


def pattern(sayings: str | Iterable[str], lists: Mapping[str, str]) -> str:
    """The source of one regular expression for all of these sayings."""
    listed = [sayings] if isinstance(sayings, str) else sayings
    parts = (part.strip() for text in listed for part in text.split(","))
    return "|".join(_expanded(part, lists) for part in parts if part)


def _expanded(saying: str, lists: Mapping[str, str]) -> str:
    def expand(match: re.Match[str]) -> str:
        words = (spelt_phrase(word) for word in lists[match[1]].split(","))
        return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"

    bounded = " ".join(spelt_phrase(saying).split()).replace(")*", "){0,3}")
    return re.sub(r"<(\w+)>", expand, bounded)


def spelt_phrase(saying: str) -> str:
    """A saying in the coarse spelling; its marks stay."""
    return _APOSTROPHES.sub("", skeleton(saying.strip()))
