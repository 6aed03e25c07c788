"""Clean words out of wild files: text without markup, links, amounts, and which language a text is in."""

import html
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from catalog.text import visible, words

_READ_AT_MOST = 100_000
_LONGEST_LINK = 4_000
_SWALLOWED = re.compile(r"(?is)<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)")
_BREAK = re.compile(r"(?i)<br\b[^<>]*>|</(?:p|div|li|ul|ol|tr|h[1-6]|blockquote|section|article)\s*>")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>|<![a-zA-Z][^<>]*>")
_ONE_TO_NINE = frozenset("123456789")
_NUMBER = re.compile(r"-?\d[\d.,\u00a0 ]*")


def text_of(value: str, limit: int) -> str:
    """`value` as plain text of at most `limit` characters: no markup, no unseen characters, entities
    resolved, line breaks kept (never more than one empty line)."""
    text = _SWALLOWED.sub(" ", value[:_READ_AT_MOST])
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", text)))
    lines = (" ".join(line.split()) for line in visible(text).splitlines())
    return _clip(re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), limit)


def line_of(value: str, limit: int) -> str:
    """`value` as one line of plain text. What is all markup stands as it is written: a title may be `<b>`."""
    stripped = " ".join(text_of(value, limit).split())
    return stripped or _clip(" ".join(visible(value[:_READ_AT_MOST]).split()), limit)


def link(value: object) -> str | None:
    """`value` when it is an absolute http(s) address, else None. Spaces in it are escaped."""
    if not isinstance(value, str):
        return None
    address = visible(value[:_LONGEST_LINK]).strip().replace(" ", "%20")
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    sound = parts.scheme.lower() in {"http", "https"} and bool(parts.netloc) and len(address) <= 2_000
    if not sound or any(c.isspace() for c in address):
        return None
    return f"{parts.scheme.lower()}{address[len(parts.scheme) :]}"


def number(value: object) -> float | None:
    """The first number in `value`; "1.200,00", "1,200.00", "75,-" and "75 kr." are read as they are meant:
    three digits are thousands behind one other ("1.200"), decimals behind more ("75.000")."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if not isinstance(value, str):
        return _finite(value)
    found = _NUMBER.search(value[:100])
    return _finite(_with_point(re.sub(r"[\s\u00a0]", "", found[0]).rstrip(".,"))) if found else None


def language_of(text: str) -> str:
    """ "en" when the text is clearly English by its small words, else "da"."""
    known = vocabulary("small-words")
    found = words(text[:2000])
    english, danish = (sum(word in known[language] for word in found) for language in ("en", "da"))
    return "en" if english > 2 * danish else "da"


def meant(kind: str, said: Iterable[str]) -> tuple[str, ...]:
    """Which values of `kind` (a table of words.toml) the words in `said` name, in the table's order.

    A word fits when it begins with one of the value's stems; one that ends in "|" is the whole word."""
    text = "".join(f" {' '.join(words(phrase))} " for phrase in said)
    stems_of = vocabulary(kind).items()
    return tuple(value for value, stems in stems_of if any(f" {stem}" in text for stem in stems))


@cache
def vocabulary(kind: str) -> Mapping[str, frozenset[str]]:
    """One table of words.toml: value → folded words."""
    table = tomllib.loads((resources.files(__package__) / "words.toml").read_text(encoding="utf-8"))[kind]
    return {value: frozenset(map(_stem, stems)) for value, stems in table.items()}


def _stem(written: str) -> str:
    return " ".join(words(written)) + " " * written.endswith("|")


def _clip(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _with_point(digits: str) -> str:
    comma, point = digits.rfind(","), digits.rfind(".")
    if comma >= 0 and point >= 0:
        thousands = "." if comma > point else ","
        return digits.replace(thousands, "").replace(",", ".")
    mark = "," if comma >= 0 else "."
    head, _, tail = digits.rpartition(mark)
    groups = digits.count(mark) > 1 or (len(tail) == 3 and head in _ONE_TO_NINE)
    return digits.replace(mark, "" if groups else ".")


def _finite(value: float | str) -> float | None:
    try:
        amount = float(value)
    except (ValueError, OverflowError):
        return None
    return amount if abs(amount) < 1e12 else None
