"""Numbers of several words, or of two in one, as digits: "forty five", "two hundred", "femogfyrre"."""

from collections.abc import Iterable
from functools import lru_cache

from catalog.text import Token
from catalog.understanding.lexicon import LANGUAGES, lexicon

_TEN, _HUNDRED = 10, 100
_AND = "og"
_DANISH_UNITS = {"en": 1, "et": 1}
_A_FEW = {"par": 2, "couple": 2}


def with_digits(sentence: Iterable[Token], language: str) -> list[Token]:
    """The words of a sentence with what makes one number as one token of digits. A number of a single plain
    word stays as it is: it may stand in a title."""
    read: list[Token] = []
    for token in sentence:
        number = _joined(token.folded, language)
        start, before = token.start, read[-1] if read else None
        beside = before is not None and before.end + 1 == token.start
        if before and beside and (both := _both(before.folded, token.folded, language)):
            number, start = both, read.pop().start
        read.append(Token(str(number), str(number), start, token.end) if number else token)
    return read


@lru_cache(maxsize=8192)
def _value(word: str, language: str) -> int | None:
    if word.isascii() and word.isdigit() and len(word) <= len(str(_HUNDRED)):
        return int(word)
    others = (code for code in LANGUAGES if code == language)
    return next((said[0] for code in others if (said := lexicon().numbers.exact((word,), code))), None)


def _is_plain(word: str) -> bool:
    return not word.isdigit()


@lru_cache(maxsize=8192)
def _both(first: str, last: str, language: str) -> int | None:
    """ "forty five", "two hundred", "et par hundrede"."""
    high = _value(last, language) if _is_plain(last) else None
    if high is None:
        return None
    if high == _HUNDRED:
        few = _A_FEW.get(first) or _value(first, language)
        return few * _HUNDRED if few and 1 < few < _TEN else None
    tens = _value(first, language) if _is_plain(first) else None
    whole = tens is not None and 2 * _TEN <= tens < _HUNDRED and tens % _TEN == 0
    return (tens or 0) + high if whole and language == "en" and 0 < high < _TEN else None


@lru_cache(maxsize=8192)
def _joined(word: str, language: str) -> int | None:
    """ "femogfyrre", as Danish has it."""
    unit, joint, tens = word.partition(_AND)
    if language != "da" or not joint or not unit or not tens:
        return None
    low, high = _DANISH_UNITS.get(unit) or _value(unit, language), _value(tens, language)
    return low + high if low and high and low < _TEN <= high < _HUNDRED and _is_plain(tens) else None
