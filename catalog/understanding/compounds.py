"""Compounds of words that each say something: what "quizworkshop" means, and which one "quizwrkshop" is."""

from functools import cache, lru_cache

from catalog.search import analysis
from catalog.search.match import Vocabulary
from catalog.text import skeleton
from catalog.understanding.lexicon import NOTHING_SAID, Group, Meaning, Tags, Thing, lexicon
from catalog.understanding.spelling import danish

_SHORTEST_PART, _SHORTEST, _LONGEST = 3, 6, 40
_SHORTEST_MENDED = 8
_LINKS = ("s", "e")


@lru_cache(maxsize=4096)
def compound(folded: str, language: str) -> tuple[Meaning, ...]:
    """What the parts of a compound mean together; () for a word that does not fall into known parts."""
    if not _SHORTEST <= len(folded) <= _LONGEST or not folded.isalpha():
        return ()
    for at in range(_SHORTEST_PART, len(folded) - _SHORTEST_PART + 1):
        modifier = _modifier(folded[:at], language)
        if modifier and (head := _head(folded[at:], language)):
            return _together(modifier, head)
    return ()


def _head(word: str, language: str) -> tuple[Meaning, ...]:
    lex = lexicon()
    return (
        lex.parts.exact((word,), language) or _asking(lex.single(word, language)) or compound(word, language)
    )


def _modifier(word: str, language: str) -> tuple[Meaning, ...]:
    lex = lexicon()
    lettered = danish().get(skeleton(word), word) if language == "da" else word
    for spelling in dict.fromkeys((word, lettered, *(word[:-1] for link in _LINKS if word.endswith(link)))):
        found = lex.parts.exact((spelling,), language) or _asking(lex.slots.exact((spelling,), language))
        if found:
            return found
    return ()


def _asking(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    return tuple(m for m in meanings if isinstance(m, Tags | Thing | Group))


def _together(modifier: tuple[Meaning, ...], head: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    asking = _asking((*modifier, *head))
    return asking or (NOTHING_SAID,)


def mended_compound(folded: str, language: str) -> str | None:
    """The compound of a subject and a format that this word is but for one typo in either part."""
    if not _SHORTEST_MENDED <= len(folded) <= _LONGEST or not folded.isalpha():
        return None
    heads = _formats(language)
    for at in range(len(folded) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
        first: str | None = folded[:at]
        last: str | None = folded[at:]
        if last in heads:
            first = _nearest_modifier(folded[:at], language)
        else:
            last = _nearest(heads, folded[at:]) if _modifier(folded[:at], language) else None
        if first and last:
            return "".join(lexicon().spelt.get(part, part) for part in (first, last))
    return None


def _nearest_modifier(word: str, language: str) -> str | None:
    near = _nearest(lexicon().vocabulary, word)
    return near if near and _modifier(near, language) else nearest_lettered(word)


def nearest_lettered(word: str) -> str | None:
    """The folded Danish word that this one is but for one of its letters æ, ø, å, which fold to two."""
    near = _nearest(_lettered(), word)
    return _lettered_words().get(near) if near else None


def _nearest(vocabulary: Vocabulary, word: str) -> str | None:
    near = vocabulary.closest(word)
    return near[0].word if near and near[0].typos == 1 else None


@cache
def _lettered_words() -> dict[str, str]:
    """The Danish words that ask for something and have such a letter, as written, and folded."""
    lex = lexicon()
    asking = (folded for folded in danish().values() if _asking(lex.slots.exact((folded,), "da")))
    return {analysis.written(folded): folded for folded in asking}


@cache
def _lettered() -> Vocabulary:
    return Vocabulary(dict.fromkeys(_lettered_words(), 1))


@cache
def _formats(language: str) -> Vocabulary:
    """Every form of the single words that name a format."""
    lex = lexicon()
    listed = (key for phrases in (lex.slots, lex.parts) for key in phrases if len(key) == 1)
    bases = {word for (word,) in listed if any(_names_format(m) for m in _head(word, language))}
    inflected = (form for base in bases for form in analysis.inflections(base))
    return Vocabulary(dict.fromkeys((*bases, *inflected), 1))


def _names_format(meaning: Meaning) -> bool:
    return isinstance(meaning, Tags) and bool(meaning.formats)
