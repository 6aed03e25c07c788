"""The keys under which related words meet: lemma, stem, skeleton, and the parts of a compound.

A key is a string with its kind in front ("l:barn"). Two words meet under a kind when they share a key of
that kind. Lemmas come from simplemma's Danish and English dictionaries, stems from Snowball.
"""

import threading
import tomllib
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import Stemmer
from simplemma.strategies import DictionaryLookupStrategy
from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

from catalog.text import fold, fold_once, skeleton_once

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


def inflections(word: str) -> list[str]:
    """The forms of a folded Danish word that the dictionary has: "klub" gives "klubben", "klubber", …"""
    stems = (word, word + word[-1:])
    forms = {stem + fold(ending) for stem in stems for ending in _data()["endings"]} - set(stems)
    danish, _ = _dictionaries()
    return sorted(form for form in forms if danish.get(written(form)) == written(word))


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
    spelt, exceptions, (danish, english) = written(word), _exceptions(), _dictionaries()
    if lemma := exceptions.get(spelt) or _looked_up(danish, spelt, "da"):
        found.add(fold_once(lemma))
    if lemma := exceptions.get(word) or _looked_up(english, word, "en"):
        found.add(fold_once(lemma))
    return found


@cache
def _dictionaries() -> tuple[Mapping[str, str], ...]:
    return tuple(DEFAULT_DICTIONARY_FACTORY.get_dictionary(language) for language in _LANGUAGES)


def _looked_up(dictionary: Mapping[str, str], word: str, language: str) -> str | None:
    """As the strategy looks it up, which takes three times as long over words of small letters alone."""
    if word.isalpha() and word.islower():
        return dictionary.get(word) or dictionary.get(word.capitalize())
    return _DICTIONARY.get_lemma(word, language)


def languages_of(word: str) -> set[str]:
    """In which of the dictionaries, "da" and "en", a folded word stands in any of its forms."""
    spelt = {"da": written(word), "en": word}
    return {
        language for language in _LANGUAGES if _DICTIONARY.get_lemma(spelt[language], language) is not None
    }


def related(word: str) -> list[str]:
    """The lemma, stem and skeleton keys of a folded word, nearest kind first."""
    danish, english = _stemmers()
    return _keys(word, danish(written(word)), english(word))


def related_of_all(words: Sequence[str]) -> Iterator[list[str]]:
    """`related` of every word: much faster than one by one."""
    # Stemmers of their own: these words come once, and would only push out what is remembered.
    danish, english = (Stemmer.Stemmer(name, 0).stemWords for name in _LANGUAGES.values())
    return map(_keys, words, danish(list(map(written, words))), english(words))


def _keys(word: str, danish_stem: str, english_stem: str) -> list[str]:
    stem = fold_once(danish_stem)
    keys = [LEMMA + lemma for lemma in sorted(lemmas(word))]
    keys.append(STEM + stem)
    if english_stem != stem:
        keys.append(STEM + english_stem)
    keys.append(SKELETON + skeleton_once(word))
    return keys


def parts(word: str, known: Container[str]) -> tuple[str, ...]:
    """The parts of a folded compound, () when it is none: "boernemusikteater" gives "boerne", "musikteater",
    "musik" and "teater", in their folded base forms.

    `known`: folded words of the catalogue, which may stand on both sides beside the curated lists."""
    if len(word) < _SHORTEST_COMPOUND or not word.isalpha():
        return ()
    lefts, heads = _lefts(), _heads()
    for at in range(len(word) - _SHORTEST_RIGHT, _SHORTEST_LEFT - 1, -1):
        left = word[:at]
        base = lefts.get(left)
        if base is None:
            # The catalogue's own word, or one with a letter that links the two.
            if at > _SHORTEST_LEFT and left in known:
                base = left
            elif at > _SHORTEST_LEFT + 1 and left[-1] in _LINKS and left[:-1] in known:
                base = left[:-1]
            else:
                continue
        right = word[at:]
        head = heads.get(right) or (right if len(right) > _SHORTEST_RIGHT and right in known else None)
        inner = parts(head or right, known)
        if head or inner:
            return (base, head or right, *inner)
    return ()


@lru_cache(maxsize=65_536)
def part_keys(part: str) -> tuple[str, ...]:
    """The keys of a compound's part: its dictionary forms."""
    return tuple(PART + lemma for lemma in sorted(lemmas(part)))
