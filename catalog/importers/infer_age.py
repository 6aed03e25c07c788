"""Ages that a text states in words: "fra 7 år", "7-12 år", "15+", "for 5. klasse". The words are data.

Only what is surely an age counts: years that tell of time ("i 10-12 år", "12 år siden"), of a price
("gratis for børn 3-12 år") or of a companion are left out.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from re import Pattern

from catalog.importers.infer_words import data
from catalog.text import fold
from catalog.values import OLDEST

Ages = tuple[int | None, int | None]
_FIRST_GRADE = 6
"""A Danish pupil turns 6 or 7 in grade 0: grade n is n + 6 to n + 7 years."""


def ages_in(text: str) -> Ages | None:
    """(from, to) in whole years, both included, either one None when open; None when no age is stated.

    Several ranges give the widest ("Hold 1: 3-6 år. Hold 2: 7-12 år")."""
    folded = fold(text)
    both = list(_closed(folded))
    if both:
        return min(low for low, _ in both), max(high for _, high in both)
    return next(_open(folded), None)


def _closed(text: str) -> Iterator[tuple[int, int]]:
    rules = _rules()
    for pattern in (rules.range, rules.led_range, rules.olds):
        for found in pattern.finditer(text):
            if not rules.misleads(text, found):
                yield from _in_order(*_years(found))
    for found in rules.grade_range.finditer(text):
        yield from _in_order(int(found["low"]) + _FIRST_GRADE, int(found["high"]) + _FIRST_GRADE + 1)


def _open(text: str) -> Iterator[Ages]:
    rules = _rules()
    for found in rules.grade.finditer(text):
        low = int(found["low"]) + _FIRST_GRADE
        yield low, None if found["lead"] == "fra" else low + 1
    for pattern in (rules.since, rules.since_bare, rules.plus):
        for found in pattern.finditer(text):
            if not rules.misleads(text, found):
                yield _years(found)[0], None
    for found in rules.up_to.finditer(text):
        if not rules.misleads(text, found):
            yield None, _years(found)[0]


def _years(found: re.Match[str]) -> tuple[int, int]:
    """Both ends in years; months are whole years from below, at least up to the first birthday."""
    groups = found.groupdict()
    low, high = int(groups["low"]), int(groups.get("high") or groups["low"])
    months = groups.get("months")
    if months or groups.get("low_months"):
        low //= 12
    return low, max(high // 12, 1) if months else high


def _in_order(low: int, high: int) -> Iterator[tuple[int, int]]:
    if low <= high <= OLDEST:
        yield low, high


@dataclass(frozen=True, slots=True)
class _Rules:
    """Patterns over folded text. All name `low`; `high`, `months`, `low_months`, `lead` where they can."""

    range: Pattern[str]
    led_range: Pattern[str]
    olds: Pattern[str]
    since: Pattern[str]
    since_bare: Pattern[str]
    plus: Pattern[str]
    up_to: Pattern[str]
    grade: Pattern[str]
    grade_range: Pattern[str]
    before: Pattern[str]
    after: Pattern[str]

    def misleads(self, text: str, found: re.Match[str]) -> bool:
        """Whether what stands around it says that it is no age of those it is for."""
        before = text[max(0, found.start() - 60) : found.start()]
        return bool(self.before.search(before) or self.after.match(text, found.end()))


@cache
def _rules() -> _Rules:
    word = {name: _any(listed) for name, listed in data()["age"].items()}
    years, months, to = word["years"], word["months"], word["to"]
    number = r"(?<![\d.,:/+-])(?P<low>\d{1,2})"
    high = r"(?P<high>\d{1,2})"
    unit = rf"[-\s]*(?:{years}|(?P<months>{months}))\b"
    low_unit = rf"(?:[-\s]*(?:{years}|(?P<low_months>{months}))\b\.?)?"
    span = rf"{number}-?{low_unit}\s*(?:{to})\s*{high}"
    no_more = r"(?![\d.,:]*\d)"
    return _Rules(
        range=_compiled(rf"{span}{unit}"),
        led_range=_compiled(rf"\b(?:{word['leads']})\W{{0,3}}{span}{no_more}"),
        olds=_compiled(rf"\b(?:{word['for']})\s+{number}[-\s]*(?:{word['olds']})\b"),
        since=_compiled(rf"\b(?:{word['from']}):?\s+(?:(?:{word['about']})\s+)?{number}(?:{unit}|\s*\+)"),
        since_bare=_compiled(rf"\b(?:{word['from_age']})\W{{1,3}}{number}{no_more}"),
        plus=_compiled(
            rf"{number}\s*(?:{years})?\s*(?:\+(?=\s*(?:{years})|\s*$|\s*[)\].,;:!?/|\n–-])|(?:{word['and_up']})\b)"
        ),
        up_to=_compiled(rf"\b(?:{word['up_to']})\s+{number}{unit}"),
        grade=_compiled(rf"\b(?P<lead>fra|{word['grade_leads']})\s+{number}\.\s*(?:{word['grades']})\b"),
        grade_range=_compiled(rf"{number}\.?\s*(?:{to})\s*{high}\.\s*(?:{word['grades']})\b"),
        before=_before(word),
        after=_compiled(
            rf"[^\w.!?\n]*(?:(?:{word['refused_after']})\b|(?:\d+\s*)?(?:{word['price_after']})(?:\W|$))"
        ),
    )


def _before(word: dict[str, str]) -> Pattern[str]:
    persons = rf"(?:(?:for|til)\s+)?(?:(?:{word['persons']})\s+){{0,2}}(?:(?:fra|from)\s+)?"
    return _compiled(rf"\b(?:(?:{word['refused_before']})\s+|(?:{word['price_before']})[\s:,]+{persons})$")


def _any(listed: Iterable[str]) -> str:
    """An alternation, longest first so that no word hides a longer one."""
    folded = sorted({fold(word) for word in listed}, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in folded)


def _compiled(pattern: str) -> Pattern[str]:
    return re.compile(pattern)
