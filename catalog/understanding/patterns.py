"""Ways of saying a number, as templates in the lexicon: "mellem <n> og <n> <year>".

A template is a regular expression over the words of a sentence, folded, with one space between, number words
as digits, and the marks that matter ("-", ",", "+") as words of their own. `<n>` is a whole number, with or
without a mark between its thousands, `<d>` one with decimals, any other `<name>` a word list of the section
"list".
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from catalog.text import fold, words
from catalog.understanding.lexicon import LANGUAGES, Lexicon, lexicon
from catalog.understanding.sentence import Sentence

_MARKS = re.compile(r"[-‐-―,.:/+&(]")
_DIGITS_AND_LETTERS = re.compile(r"(\d+)['’]?([a-z]+)")
_THOUSANDS = re.compile(r"(\d{1,3}) [.,] (\d{3})")
_ORDINAL_MARK = {"da": ".", "en": "th"}
_NUMBERS = {"n": r"(\d{1,3} [.,] \d{3}|\d{1,4})", "d": r"(\d{1,3}(?: [.,] \d{1,2})?)"}

Accept = Callable[[str, tuple[str, ...]], bool]
"""Given a template's name and what stood in its brackets: whether it makes sense here."""


@dataclass(frozen=True, slots=True)
class Spelt:
    """A sentence as templates see it, and the token that each of its words comes from."""

    text: str
    starts: tuple[int, ...]
    positions: tuple[int, ...]


def spell(sentence: Sentence, language: str) -> Spelt:
    """The readable words and marks of `sentence`; numbers as digits."""
    pieces, positions, starts = list[str](), list[int](), list[int]()
    for position, word in enumerate((*sentence.words, "")):
        if (gap := sentence.gap(position)) != " ":
            marks = ["-" if m in "-‐‑‒–—―" else m for m in _MARKS.findall(gap)]
            pieces += marks
            positions += [-1] * len(marks)
        read = _pieces(word, language) if word else ()
        pieces += read
        positions += [position] * len(read)
    at = 1
    for piece in pieces:
        starts.append(at)
        at += len(piece) + 1
    return Spelt(" ".join(("", *pieces, "")), tuple(starts), tuple(positions))


@lru_cache(maxsize=8192)
def _pieces(word: str, language: str) -> tuple[str, ...]:
    lex = lexicon()
    if amount := lex.coins.exact((word,), language):
        return str(amount[0]), "kr"
    if number := lex.numbers.exact((word,), language):
        return (str(number[0]),)
    if ordinal := lex.ordinals.exact((word,), language):
        return str(ordinal[0]), _ORDINAL_MARK[language]
    if match := _DIGITS_AND_LETTERS.fullmatch(word):
        return match[1], match[2]
    if match := _number_and_year().fullmatch(word):
        return str(lex.numbers.exact((match[1],), "da")[0]), match[2]
    return (word,)


@cache
def _number_and_year() -> re.Pattern[str]:
    """ "otteårig": a number and a year in one word, as Danish has it."""
    numbers = "|".join(fold(word) for word in lexicon().data["da"]["numbers"])
    return re.compile(rf"({numbers})(aar\w*)")


class Patterns:
    """The templates of one section of the lexicon, tried in the order of `names`.

    counting: whether all of them hold a number."""

    def __init__(self, lex: Lexicon, section: str, names: tuple[str, ...], *, counting: bool = True) -> None:
        compiled = {
            (name, language): [
                _compile(template, lex.lists(language))
                for template in lex.data[language][section].get(name, ())
            ]
            for name in names
            for language in LANGUAGES
        }
        self._in_order = {
            first: [
                (name, pattern)
                for name in names
                for language in sorted(LANGUAGES, key=lambda code: code != first)
                for pattern in compiled[name, language]
            ]
            for first in LANGUAGES
        }
        self._count = counting

    def read(self, sentence: Sentence, language: str, label: str, accept: Accept) -> None:
        """Take every place where a template fits and `accept` agrees, the first template first, those of the
        sentence's own language before the others."""
        if self._count and not _may_count(sentence, language):
            return
        spelt = spell(sentence, language)
        text = spelt.text
        for name, pattern in self._in_order[language]:
            at = 0
            while match := pattern.search(text, at):
                at = match.end()
                if accept(name, _said(match)):
                    start = match.start() + 1
                    text = text[:start] + "_" * (match.end() - start) + text[match.end() :]
                    sentence.take(_positions(spelt, match), label)


def _said(match: re.Match[str]) -> tuple[str, ...]:
    """What stood in the brackets; "1 . 000" as "1000"."""
    return tuple(_THOUSANDS.sub(r"\1\2", said) if said else said for said in match.groups())


def _may_count(sentence: Sentence, language: str) -> bool:
    return any(_pieces(word, language)[0][0].isdigit() for word in sentence.words)


def _positions(spelt: Spelt, match: re.Match[str]) -> set[int]:
    first = bisect_right(spelt.starts, match.start() + 1) - 1
    until = bisect_right(spelt.starts, match.end() - 1)
    return {position for position in spelt.positions[first:until] if position >= 0}


def _compile(template: str, lists: Mapping[str, str]) -> re.Pattern[str]:
    def expand(match: re.Match[str]) -> str:
        return _NUMBERS.get(match[1]) or f"(?:{_alternatives(lists[match[1]])})(?= )"

    # "8-årige" and "8 årige" are the same: a dash may stand wherever there is a space.
    expanded = re.sub(r"<(\w+)>", expand, fold(template)).replace(" ", "(?: -)? ")
    # The space before a match is part of it: a search then leaps from word to word.
    return re.compile(rf" (?:{expanded})(?= )")


def _alternatives(listed: str) -> str:
    phrases = {" ".join(words(phrase)) for phrase in listed.split(",")} - {""}
    return "|".join(sorted(phrases, key=len, reverse=True))
