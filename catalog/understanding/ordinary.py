"""Words of everyday talk that nobody searches for: "for der sover vi", "my lil bro", "back home".

A word is left over when no finder knows it. Most such words are a subject or a name, and are searched for. A
word of everyday talk, one of a person's own description ("I am an au pair", "jeg kommer fra Ohio"), what
somebody does ("sover vi") and odds and ends of a letter or two are in doubt: they are searched for only when
nothing else is asked for, or when a title holds them beside the words around them ("Avisen Live").
"""

from collections.abc import Iterable
from functools import cache, lru_cache

from catalog.search import analysis
from catalog.search.match import CatalogueWords
from catalog.text import fold, skeleton, words
from catalog.understanding.lexicon import LANGUAGES, NOTHING_SAID, lexicon
from catalog.understanding.sayings import read
from catalog.understanding.sentence import NOISE, OUT, Sentence

_ODD_UNTIL, _SLIP_UNTIL = 2, 3
"""Letters of a word that is always in doubt, and of one that is when nothing at all knows it."""

_LONGEST_OPENING, _LONGEST_DESCRIPTION = 5, 3
_LONGEST_TITLE, _WEIGHTY = 6, 4


def in_doubt(sentence: Sentence, position: int, language: str, catalogue: CatalogueWords) -> bool:
    """Whether the left-over word at `position` of a question in `language` is likely small talk."""
    word = sentence.tokens[position].folded
    return (
        is_ordinary(word, language)
        or _is_odd(word, catalogue)
        or _is_done_by_somebody(sentence, position, language)
        or _describes_somebody(sentence, position, language)
    )


@lru_cache(maxsize=8192)
def is_ordinary(word: str, language: str) -> bool:
    """Whether a folded word is one of everyday talk: of the question's language, or of the other one where
    it is no word of its own."""
    return any(
        _is_listed(word, code) and (code == language or language not in analysis.languages_of(word))
        for code in LANGUAGES
    )


def is_only_ordinary(word: str, language: str) -> bool:
    """Whether a folded word is itself one of everyday talk in this language, whatever it may be related to:
    "bro" is no "brød"."""
    return word in _listed(language) and not lexicon().slots.exact((word,), language)


def _is_listed(word: str, language: str) -> bool:
    listed, slots = _listed(language), lexicon().slots
    forms = analysis.lemmas(word)
    return any(form in listed or slots.exact((form,), language) == (NOTHING_SAID,) for form in forms)


@cache
def _listed(language: str) -> frozenset[str]:
    said = frozenset(fold(word.strip()) for word in read(f"ordinary.{language}")["words"].split(","))
    return said | {skeleton(word) for word in said if len(word) > _SLIP_UNTIL}


def _is_odd(word: str, catalogue: CatalogueWords) -> bool:
    if (
        len(word) <= _ODD_UNTIL
        or word.isdigit()
        or any(lexicon().numbers.exact((word,), c) for c in LANGUAGES)
    ):
        return True
    if word in catalogue.words:
        return False
    return "'" in word or (len(word) <= _SLIP_UNTIL and not analysis.languages_of(word))


def _is_done_by_somebody(sentence: Sentence, position: int, language: str) -> bool:
    """Whether a pronoun says who does it ("sover vi", "they meet"); what one *can* do may be the subject."""
    said = [token.folded for token in sentence.tokens[max(position - 2, 0) : position + 2]]
    at = min(position, 2)
    subjects, can = _marked("subject", language), _marked("can", language)
    if at and said[at - 1] in subjects and not sentence.ends_clause(position):
        return at < 2 or said[at - 2] not in can
    after = said[at + 1] if len(said) > at + 1 else ""
    inverted = language == "da" and after in subjects and not sentence.ends_clause(position + 1)
    return inverted and not (at and said[at - 1] in can)


def title_around(sentence: Sentence, position: int, catalogue: CatalogueWords) -> range:
    """The positions around a word that one title holds together; only its own when there is none such. Two of
    these words have some weight: "på torvet" is no title."""
    alone = range(position, position + 1)
    if sentence.tokens[position].folded not in catalogue.words:
        return alone
    titles = []
    for first in (-1, 1):
        title = _widened(sentence, alone, first, catalogue)
        titles.append(_widened(sentence, title, -first, catalogue))
    best = max(titles, key=lambda title: _weight(sentence, title))
    return best if _weight(sentence, best) > 1 else alone


def negates_in_title(sentence: Sentence, position: int, language: str, catalogue: CatalogueWords) -> bool:
    """Whether a negating word belongs to a title that is said with two words of its own at least."""
    title = title_around(sentence, position, catalogue)
    own = (i for i in title if i != position and not _is_small(sentence, i, language))
    return len(title) > 1 and _weight(sentence, own) > 1


def _widened(sentence: Sentence, title: range, by: int, catalogue: CatalogueWords) -> range:
    """The range with as many words before (-1) or behind it (1) as stand in one title with it."""
    held = [sentence.tokens[i].folded for i in title]
    at = title[-1] if by > 0 else title[0]
    for _ in range(_LONGEST_TITLE):
        edge, at = at, at + by
        if not 0 <= at < len(sentence) or sentence.labels[at] == OUT or sentence.ends_clause(max(edge, at)):
            break
        held.append(sentence.tokens[at].folded)
        if not catalogue.together(held):
            break
        title = range(min(at, title.start), max(at + 1, title.stop))
    return title


def _is_small(sentence: Sentence, position: int, language: str) -> bool:
    nothing = NOTHING_SAID in lexicon().single(sentence.tokens[position].folded, language)
    return nothing or sentence.labels[position] == NOISE


def _weight(sentence: Sentence, positions: Iterable[int]) -> int:
    return sum(len(sentence.tokens[i].folded) >= _WEIGHTY for i in positions)


def _describes_somebody(
    sentence: Sentence, position: int, language: str, most: int = _LONGEST_DESCRIPTION
) -> bool:
    """Whether the word, or a few unknown ones and it, come right behind "I am" or "we come from"."""
    said = tuple(token.folded for token in sentence.tokens[max(position - _LONGEST_OPENING, 0) : position])
    openings = _openings(language)
    if sentence.ends_clause(position):
        return False
    if any(said[-length:] in openings for length in range(1, len(said) + 1)):
        return True
    known = not said or lexicon().single(said[-1], language)
    return most > 1 and not known and _describes_somebody(sentence, position - 1, language, most - 1)


@cache
def _openings(language: str) -> frozenset[tuple[str, ...]]:
    return frozenset(words(phrase) for phrase in read(f"ordinary.{language}")["openings"].split(","))


@cache
def _marked(name: str, language: str) -> frozenset[str]:
    return frozenset(words(read(f"ordinary.{language}")[name]))
