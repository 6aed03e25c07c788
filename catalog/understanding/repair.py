"""Typos mended before anything is understood, so that every finder sees the word that was meant.

A word is mended only when nothing knows it: not the lexicon, the words of time, the gazetteer, the names in
the catalogue, nor a dictionary of either language. The nearest word wins; among equally near ones the
lexicon's, then a place's, then the catalogue's; after a preposition a place comes first.
"""

from collections.abc import Iterable
from dataclasses import replace

from catalog.places import gazetteer
from catalog.search import analysis
from catalog.search.match import TWO_TYPOS_FROM, CatalogueWords
from catalog.text import Token, fold, skeleton
from catalog.understanding.lexicon import LANGUAGES, Thing, lexicon
from catalog.understanding.sentence import Sentence
from catalog.understanding.what import compound

MOST_REPAIRS = 12
"""Words that are looked up for typos in one question: a question is short, a flood of letters is not."""

_SHORTEST_BY_SKELETON = 3


def joined(sentence: Sentence, language: str) -> Sentence:
    """The sentence with compounds that were written as two words in one: "fælles spisning"."""
    tokens: list[Token] = []
    for token in sentence.tokens:
        whole = tokens[-1].folded + token.folded if tokens else ""
        if whole and _is_written_as_one(whole, tokens[-1].folded, token.folded, language):
            before = tokens.pop()
            token = Token(before.text + token.text, whole, before.start, token.end)  # noqa: PLW2901
        tokens.append(token)
    return Sentence(sentence.text, tokens)


def _is_written_as_one(whole: str, first: str, last: str, language: str) -> bool:
    slots = lexicon().slots
    asks = any(isinstance(m, Thing) for m in slots.exact((whole,), language))
    return asks and len(whole) >= TWO_TYPOS_FROM and not slots.exact((first, last), language)


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
        if better := _nearest(sentence, position, catalogue):
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
        any(c.isdigit() for c in folded)
        or folded in lex.vocabulary
        or folded in catalogue.words
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


def _nearest(sentence: Sentence, position: int, catalogue: CatalogueWords) -> str | None:
    token = sentence.tokens[position]
    places, typos = gazetteer().closest(token.text)
    before = tuple(sentence.words[max(position - 1, 0) : position])
    prepositions = lexicon().marks["near"]
    a_place = any({"at", "before"} & set(prepositions.exact(before, code)) for code in LANGUAGES)
    found: list[tuple[int, float, str]] = [
        (m.typos, 1, m.word) for m in lexicon().vocabulary.closest(token.folded)
    ]
    found += [(m.typos, 2, m.word) for m in catalogue.words.closest(token.folded)]
    if places:
        found.append((typos, 0 if a_place else 1.5, places[0].name))
    best = min(found)[2] if found else None
    return lexicon().spelt.get(best, best) if best else None
