"""Letters and words: folding, skeletons and tokens, the same for questions, titles and place names.

Rules after measurements of Danish spelling (æ/ae, ø/oe, å/aa and their bare forms all occur):
`fold` is the canonical ASCII form, `skeleton` a second, coarser key under which "børn", "boern"
and "born" meet. Both are for comparing, never for showing.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_FOLD = str.maketrans(
    {
        "æ": "ae",
        "ø": "oe",
        "å": "aa",
        "ö": "oe",
        "ä": "ae",
        "ü": "u",
        "ß": "ss",
        "ð": "d",
        "þ": "th",
        "œ": "oe",
    }
)
_WORD = re.compile(r"[^\W_]++(?:['’][^\W_]++)*+", re.UNICODE)
_REMEMBERED = 60
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
    "\ud800-\udfff]"
)


def visible(text: str) -> str:
    """`text` in NFC without control, zero-width and bidirectional characters and without halves of
    surrogate pairs, which no encoding knows; line breaks stay."""
    return _UNSEEN.sub("", unicodedata.normalize("NFC", text))


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """The canonical ASCII form: "Køge" and "KOEGE" give "koege", "café" gives "cafe"."""
    return fold_once(text)


def fold_once(text: str) -> str:
    """`fold` without a memory of it: for words by the hundred thousand, each of which comes once."""
    if text.isascii():
        return text.lower()
    # NFC first: å may come as a + ring, and must become aa rather than lose its ring.
    lowered = unicodedata.normalize("NFC", text).casefold().translate(_FOLD)
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFKD", lowered)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=65_536)
def skeleton(text: str) -> str:
    """A coarser key: ae→a, oe→o, aa→a after folding, so that "born" meets "børn" and "Aarhus" "Arhus"."""
    return skeleton_once(text)


def skeleton_once(text: str) -> str:
    """`skeleton` without a memory of it, as `fold_once`."""
    return fold_once(text).replace("ae", "a").replace("oe", "o").replace("aa", "a")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: as written, folded, and its half-open span in the text."""

    text: str
    folded: str
    start: int
    end: int


def tokens(text: str) -> tuple[Token, ...]:
    """The words of `text` in order: runs of letters and digits; an inner apostrophe does not split."""
    return tuple(Token(m[0], _folded(m[0]), m.start(), m.end()) for m in _WORD.finditer(text))


def _folded(word: str) -> str:
    # What anybody may send must not fill the memory of folded words.
    return fold(word) if len(word) <= _REMEMBERED else fold_once(word)


def words(text: str) -> tuple[str, ...]:
    """The folded words of `text` in order."""
    return tuple(fold(m[0]) for m in _WORD.finditer(text))


def split(text: str) -> list[str]:
    """The words of `text` in order, as written."""
    return _WORD.findall(text)
