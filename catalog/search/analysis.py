"""The keys under which related words meet: lemma, stem, skeleton, and the parts of a compound.

A key is a string with its kind in front ("l:barn"). Two words meet under a kind when they share a key of
that kind. Lemmas come from simplemma's Danish and English dictionaries, stems from Snowball.
"""

import threading
import tomllib
from collections.abc import Callable, Container
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import Stemmer
from simplemma.strategies import DictionaryLookupStrategy

from catalog.text import fold, skeleton

LEMMA, STEM, SKELETON, PART = "l:", "s:", "k:", "p:"

_DICTIONARY = DictionaryLookupStrategy()
_LANGUAGES = {"da": "danish", "en": "english"}
_SHORTEST_LEFT, _SHORTEST_RIGHT, _SHORTEST_COMPOUND = 3, 3, 7
_LINKS = "se"
_per_thread = threading.local()


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("compounds.toml").read_text("utf-8"))


@cache
def _exceptions() -> dict[str, str]:
    return dict(_data()["lemmas"])


@cache
def _heads() -> dict[str, str]:
    """Every form of a head, folded, and the folded head it belongs to."""
    forms = {fold(head + ending): fold(head) for head in _data()["heads"] for ending in _data()["endings"]}
    return forms | {fold(head): fold(head) for head in _data()["heads"]}


@cache
def _lefts() -> dict[str, str]:
    """Every folded word that may stand first, also with a linking letter, and the word it stands for."""
    bases = [fold(word) for word in _data()["modifiers"] + _data()["heads"]]
    return {base + link: base for base in bases for link in _LINKS} | {base: base for base in bases}


def _stemmers() -> tuple[Callable[[str], str], ...]:
    # A Snowball stemmer keeps state while it works: each thread has its own.
    if not hasattr(_per_thread, "stemmers"):
        _per_thread.stemmers = tuple(Stemmer.Stemmer(name).stemWord for name in _LANGUAGES.values())
    return _per_thread.stemmers  # type: ignore[no-any-return]  # an attribute of a thread has no type


def written(word: str) -> str:
    """How a folded word is most likely written in Danish: "boern" gives "børn"."""
    return word.replace("ae", "æ").replace("oe", "ø").replace("aa", "å")


def lemmas(word: str) -> set[str]:
    """The folded Danish and English dictionary forms of a folded word; the word itself is among them."""
    found = {word}
    for spelt, language in ((written(word), "da"), (word, "en")):
        lemma = _exceptions().get(spelt) or _DICTIONARY.get_lemma(spelt, language)
        if lemma:
            found.add(fold(lemma))
    return found


def languages_of(word: str) -> set[str]:
    """In which of the dictionaries, "da" and "en", a folded word stands in any of its forms."""
    spelt = {"da": written(word), "en": word}
    return {
        language for language in _LANGUAGES if _DICTIONARY.get_lemma(spelt[language], language) is not None
    }


def related(word: str) -> list[str]:
    """The lemma, stem and skeleton keys of a folded word, nearest kind first."""
    danish, english = _stemmers()
    return [
        *(LEMMA + lemma for lemma in sorted(lemmas(word))),
        *dict.fromkeys((STEM + fold(danish(written(word))), STEM + english(word))),
        SKELETON + skeleton(word),
    ]


def parts(word: str, known: Container[str]) -> tuple[str, ...]:
    """The parts of a folded compound, () when it is none: "boernemusikteater" gives "boerne", "musikteater",
    "musik" and "teater", in their folded base forms.

    `known`: folded words of the catalogue, which may stand on both sides beside the curated lists."""
    if len(word) < _SHORTEST_COMPOUND or not word.isalpha():
        return ()
    lefts, heads = _lefts(), _heads()
    for at in range(len(word) - _SHORTEST_RIGHT, _SHORTEST_LEFT - 1, -1):
        left, right = word[:at], word[at:]
        base = lefts.get(left) or _known_left(left, known)
        if base is None:
            continue
        head = heads.get(right) or (right if len(right) > _SHORTEST_RIGHT and right in known else None)
        inner = parts(head or right, known)
        if head or inner:
            return (base, head or right, *inner)
    return ()


def _known_left(left: str, known: Container[str]) -> str | None:
    """The catalogue's own word that a left part stands for, without the letter that links the two."""
    if len(left) > _SHORTEST_LEFT:
        if left in known:
            return left
        if left[-1] in _LINKS and len(left) > _SHORTEST_LEFT + 1 and left[:-1] in known:
            return left[:-1]
    return None


@lru_cache(maxsize=65_536)
def part_keys(part: str) -> tuple[str, ...]:
    """The keys of a compound's part: its dictionary forms."""
    return tuple(PART + lemma for lemma in sorted(lemmas(part)))
