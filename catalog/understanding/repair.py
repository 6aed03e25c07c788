"""Typos mended before anything is understood, so that every finder sees the word that was meant.

A word is mended only when nothing knows it: not the lexicon, the words of time, the gazetteer, the names in
the catalogue, nor a dictionary of either language. The nearest word wins; among equally near ones the
lexicon's, then a place's, then the catalogue's; after a preposition a place comes first.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from catalog.places import gazetteer
from catalog.search import analysis
from catalog.search.match import TWO_TYPOS_FROM, CatalogueWords, Match
from catalog.text import Token, fold, skeleton
from catalog.understanding.compounds import compound, mended_compound, nearest_lettered
from catalog.understanding.lexicon import LANGUAGES, Thing, lexicon
from catalog.understanding.ordinary import is_ordinary
from catalog.understanding.sentence import Sentence
from catalog.understanding.sounds import heard_as

MOST_REPAIRS = 12
"""Words that are looked up for typos in one question: a question is short, a flood of letters is not."""

_SHORTEST_BY_SKELETON, _EQUALLY_NEAR = 3, 8


def joined(sentence: Sentence, language: str) -> Sentence:
    """The sentence with compounds and places that were written as two words in one: "fælles spisning"."""
    tokens: list[Token] = []
    for token in sentence.tokens:
        if tokens and _are_written_as_one(tokens[-1].folded, token.folded, language):
            before = tokens.pop()
            whole = before.folded + token.folded
            token = Token(before.text + token.text, whole, before.start, token.end)  # noqa: PLW2901
        tokens.append(token)
    return Sentence(sentence.text, tokens)


@lru_cache(maxsize=16_384)
def _are_written_as_one(first: str, last: str, language: str) -> bool:
    slots, whole = lexicon().slots, first + last
    if len(whole) < TWO_TYPOS_FROM:
        return False
    asks = any(isinstance(m, Thing) for m in slots.exact((whole,), language))
    if not asks and (not gazetteer().named(whole) or _says_something(first) or _says_something(last)):
        return False
    return not (slots.exact((first, last), language) or gazetteer().named(f"{first} {last}"))


def _says_something(part: str) -> bool:
    """Whether a word is one by itself, so that "nørre sundby" is one place and "lille rød" none."""
    return part in lexicon().vocabulary or is_ordinary(part, "da") or bool(gazetteer().named(part))


def repaired(
    sentence: Sentence, language: str, catalogue: CatalogueWords, whole: Iterable[int]
) -> tuple[Sentence, tuple[tuple[str, str], ...]]:
    """The sentence with its typos mended, and (written, taken as) for each. `whole`: the positions of names
    that are right as they stand."""
    kept, mended, tried = set(whole), list[tuple[str, str]](), 0
    tokens: list[Token | None] = list(sentence.tokens)
    for position, token in enumerate(sentence.tokens):
        if tried == MOST_REPAIRS:
            break
        if position in kept or is_known(token.folded, language, catalogue):
            continue
        tried += 1
        if better := _nearest(sentence, position, language, catalogue):
            tokens[position] = replace(token, text=better, folded=fold(better))
            mended.append((token.text, better))
        elif whole_name := _nearest_to_both(sentence, position, catalogue):
            after = sentence.tokens[position + 1]
            tokens[position] = Token(whole_name, whole_name, token.start, after.end)
            tokens[position + 1] = None
            mended.append((f"{token.text} {after.text}", whole_name))
            kept.add(position + 1)
    return Sentence(sentence.text, [token for token in tokens if token]), tuple(mended)


def _nearest_to_both(sentence: Sentence, position: int, catalogue: CatalogueWords) -> str | None:
    """The name in the catalogue that a word and the one after it make together, almost."""
    both = "".join(sentence.words[position : position + 2])
    split = len(sentence) > position + 1 and len(both) >= TWO_TYPOS_FROM
    found = catalogue.words.closest(both) if split else []
    return found[0].word if found else None


def is_known(folded: str, language: str, catalogue: CatalogueWords) -> bool:
    """Whether anything knows this word exactly, inflected, as a compound or without its Danish letters."""
    lex = lexicon()
    return bool(
        folded in lex.vocabulary
        or folded in catalogue.words
        or is_ordinary(folded, language)
        or any(c.isdigit() for c in folded)
        or (len(folded) >= _SHORTEST_BY_SKELETON and skeleton(folded) in lex.skeletons)
        or gazetteer().named(folded)
        or compound(folded, language)
        or lex.single(folded, language)
        or (analysis.languages_of(folded) and not _is_a_slip(folded))
    )


def _is_a_slip(folded: str) -> bool:
    """Whether a long word is one letter from a word that asks for something: a dictionary of what people
    write holds "tecnology" too."""
    near = lexicon().vocabulary.closest(folded) if len(folded) >= TWO_TYPOS_FROM else []
    return bool(near) and near[0].typos == 1 and near[0].weight > 1


def _nearest(sentence: Sentence, position: int, language: str, catalogue: CatalogueWords) -> str | None:
    token = sentence.tokens[position]
    places, typos = gazetteer().closest(token.text)
    before = tuple(sentence.words[max(position - 1, 0) : position])
    prepositions = lexicon().marks["near"]
    a_place = any({"at", "before"} & set(prepositions.exact(before, code)) for code in LANGUAGES)
    found: list[tuple[int, float, str]] = [
        (m.typos, _rank(m, language), m.word)
        for m in lexicon().vocabulary.closest(token.folded, _EQUALLY_NEAR)
    ]
    named = catalogue.words.closest(token.folded, _EQUALLY_NEAR)
    found += [(m.typos, 2, m.word) for m in named[:1]]
    if places:
        # Of places that are equally near, the one where something is on.
        ranks = (0, 0.1) if a_place else (1.4, 1.5)
        found.append((typos, ranks[1], places[0].name))
        found += [(m.typos, ranks[0], m.word) for m in named if gazetteer().named(m.word)]
    if not found or min(found)[0] > 1:
        whole = nearest_lettered(token.folded) or mended_compound(token.folded, language)
        whole = whole or (heard_as(token.folded) if language == "da" else None)
        found += [(1, 3, whole)] if whole else []
    best = min(found)[-1] if found else None
    return lexicon().spelt.get(best, best) if best else None


def _rank(match: Match, language: str) -> float:
    """A word of the lexicon: one that asks for nothing by itself comes after ("sala" is no "så"), and so does
    one that only the other language has: "lern" is no "ler"."""
    others = (telling for code, telling in lexicon().telling.items() if code != language)
    return 1 - match.weight / 20 + (0.2 if any(match.word in telling for telling in others) else 0)
