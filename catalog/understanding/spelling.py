"""Words that are not written out: "paa 8 aar" and "pa 8 ar" are "på 8 år", "lør fm" is "lør formiddag".

A word is read as the one it is a bare spelling of when nothing knows it as it stands. Short words are an
exception: "ar" and "pa" stand in a dictionary, and nobody means what it says.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache

from catalog.search import analysis
from catalog.search.match import CatalogueWords, Vocabulary
from catalog.text import Token, fold, skeleton, skeleton_once, tokens
from catalog.understanding.lexicon import lexicon
from catalog.understanding.sayings import read

_LETTERS = frozenset({"æ", "ø", "å"})
_SURE_UNTIL = 3
"""Letters of a word that is too short for a dictionary to be believed."""


def with_letters(sentence: Iterable[Token], language: str, catalogue: CatalogueWords) -> list[Token]:
    """The words of a sentence as if they were written with all their letters."""
    return [
        replace(token, folded=better) if (better := _lettered(token.folded, language, catalogue)) else token
        for token in sentence
    ]


def written_out(sentence: Iterable[Token], language: str, catalogue: CatalogueWords) -> list[Token]:
    """The words of a sentence with the short forms of a chat as what they stand for."""
    short = _short_forms(language)
    return [
        replace(token, text=short[token.folded], folded=fold(short[token.folded]))
        if token.folded in short and token.folded not in catalogue.words
        else token
        for token in sentence
    ]


@cache
def _short_forms(language: str) -> dict[str, str]:
    return {fold(short): word for short, word in read("chat")[language].items()}


def _lettered(word: str, language: str, catalogue: CatalogueWords) -> str | None:
    if word in lexicon().vocabulary or word in catalogue.words:
        return None
    bare = skeleton(word)
    own = danish().get(bare) if language == "da" else None
    better = own or _of_names(catalogue.words).get(bare)
    if better is None or better == word:
        return None
    doubtful = analysis.languages_of(word) & ({"da"} if own else {"da", "en"})
    return None if doubtful and len(word) > _SURE_UNTIL else better


@cache
def danish() -> dict[str, str]:
    """The folded words of the Danish lexicon that are written with æ, ø or å, by their bare spelling, where
    that is no other word of it."""
    spelt = lexicon().spelt | {
        token.folded: token.text for template in lexicon().templates for token in tokens(template)
    }
    return _by_bare((folded for folded, word in spelt.items() if _LETTERS & set(word)), lexicon().vocabulary)


@lru_cache(maxsize=2)
def _of_names(vocabulary: Vocabulary) -> dict[str, str]:
    """The same of the words in the catalogue's names."""
    return _by_bare(vocabulary, vocabulary)


def _by_bare(folded: Iterable[str], known: Vocabulary) -> dict[str, str]:
    found: dict[str, str] = {}
    ambiguous: set[str] = set()
    for word in folded:
        bare = skeleton_once(word)
        if bare != word and bare not in known and found.setdefault(bare, word) != word:
            ambiguous.add(bare)
    return {bare: word for bare, word in found.items() if bare not in ambiguous}
