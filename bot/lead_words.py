"""A lead time in somebody's own words: "10 min", "3 timer før", "a week before". Its words are texts."""

import datetime as dt
import re
from functools import cache

from bot.texts import LANGUAGES, texts
from catalog.text import fold
from reminders.leads import DAY_BEFORE, MORNING, Lead

_UNITS = ("minute", "hour", "day", "week")


def typed_leads(text: str) -> tuple[Lead, ...] | None:
    """The lead time that `text` names, in any language; empty for "none", None when it names no lead time."""
    folded = " ".join(fold(text).strip(" .!").split())
    for language in LANGUAGES:
        if folded in _phrases(language, "none"):
            return ()
        if (lead := _lead(folded, language)) is not None:
            return (lead,)
    return None


def _lead(folded: str, language: str) -> Lead | None:
    match = _pattern(language).fullmatch(folded)
    if match is None:
        return None
    try:
        return Lead.parse(str(_meant(match)))
    except ValueError:
        return None


def _meant(match: "re.Match[str]") -> Lead:
    clock = dt.time(int(match["clock"]), int(match["minutes"] or 0)) if match["clock"] else None
    if match["same_day"]:
        return Lead(days=0, clock=clock or MORNING.clock)
    number = int(match["number"] or 1)
    if match["minute"] or match["hour"]:
        minutes = number * (60 if match["hour"] else 1)
        return Lead(minutes=minutes // 2 if match["half"] else minutes)
    return Lead(days=number * (7 if match["week"] else 1), clock=clock or DAY_BEFORE.clock)


@cache
def _pattern(language: str) -> "re.Pattern[str]":
    units = "|".join(f"(?P<{unit}>{_words(language, unit)})" for unit in _UNITS)
    same_day = "|".join(map(re.escape, _phrases(language, "same_day")))
    one, half = _words(language, "one"), _words(language, "half")
    amount = rf"(?:(?P<number>\d{{1,4}}) ?|(?:{one}) )?(?:(?P<half>{half}) (?:(?:{one}) )?)?"
    clock = rf"(?: (?:{_words(language, 'at')}))?\.? (?P<clock>[01]?\d|2[0-3])(?:[.:](?P<minutes>[0-5]\d))?"
    when = rf"(?:{amount}(?:{units})\.?(?: (?:{_words(language, 'before')}))?|(?P<same_day>{same_day}))"
    return re.compile(rf"{when}(?:{clock})?")


def _words(language: str, name: str) -> str:
    return "|".join(map(re.escape, fold(texts(language)(f"lead_words.{name}")).split()))


def _phrases(language: str, name: str) -> tuple[str, ...]:
    return tuple(fold(texts(language)(f"lead_words.{name}")).split("|"))
