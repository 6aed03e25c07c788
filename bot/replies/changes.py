"""What has changed, old and new in plain words."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bot.replies import dates, prices
from bot.replies.card import age_range, upcoming
from bot.replies.markup import Html, one_line, say
from bot.replies.reply import Voice
from catalog.cards import Card, OccurrenceFacts
from catalog.values import PriceKind, Status, Tariff
from reminders.notices import Changed

_NAME_UNITS = 120


def change_line(changed: Changed, card: Card, voice: Voice) -> Html | None:
    """One altered fact in one line; which date it is about where there are several. None where the change
    says nothing to people."""
    words = _WORDS[changed.fact](changed, card, voice)
    if (
        words is None
        or changed.occurrence is None
        or changed.fact == "start"
        or len(upcoming(card, voice)) < 2
    ):
        return words
    date = dates.briefly(changed.occurrence, voice)
    return say(voice.texts, "changed.on_date", date=date[:1].upper() + date[1:], words=words)


def _start(changed: Changed, _card: Card, voice: Voice) -> Html | None:
    if changed.new is None:
        return None
    new, old = _moment(changed.new, voice), changed.old and _moment(changed.old, voice)
    return _pair("start", old, new, voice)


def _end(changed: Changed, _card: Card, voice: Voice) -> Html | None:
    if changed.new is None:
        return None
    start = changed.occurrence.start if changed.occurrence else None
    new, old = _ending(changed.new, start, voice), changed.old and _ending(changed.old, start, voice)
    return _pair("end", old, new, voice)


def _venue(changed: Changed, _card: Card, voice: Voice) -> Html | None:
    old, new = (name and one_line(name, _NAME_UNITS) for name in (changed.old, changed.new))
    return _pair("venue", old, new or voice.texts("place.unknown"), voice)


def _status(changed: Changed, _card: Card, voice: Voice) -> Html | None:
    if changed.new is None:
        return say(voice.texts, "changed.status.gone")
    was_full = changed.old == Status.SOLD_OUT
    key = "seats" if was_full and changed.new == Status.SCHEDULED else changed.new
    return say(voice.texts, f"changed.status.{key}")


def _price(changed: Changed, card: Card, voice: Voice) -> Html | None:
    old, new = (prices.by_tariff(_priced(card, told), voice) for told in (changed.old, changed.new))
    return _pair("price", old, new, voice)


def _age(changed: Changed, card: Card, voice: Voice) -> Html | None:
    old, new = (age_range(_aged(card, told), voice) for told in (changed.old, changed.new))
    return _pair("age", old, new, voice)


def _enrolment(changed: Changed, _card: Card, voice: Voice) -> Html | None:
    old, new = _facts(changed.old), _facts(changed.new)
    for name in ("opens", "closes"):
        if old.get(name) != new.get(name) and isinstance(new.get(name), str):
            before = old.get(name) and _moment(str(old[name]), voice)
            return _pair(f"enrolment_{name}", before, _moment(str(new[name]), voice), voice)
    if old.get("full") != new.get("full") and new.get("full") is not None:
        return say(voice.texts, "changed.status.sold-out" if new["full"] else "changed.status.seats")
    return None


_WORDS: dict[str, Callable[[Changed, Card, Voice], Html | None]] = {
    "start": _start,
    "end": _end,
    "venue": _venue,
    "status": _status,
    "price": _price,
    "age": _age,
    "enrolment": _enrolment,
}


def _pair(name: str, old: str | None, new: str, voice: Voice) -> Html:
    if old is None or old == new:
        return say(voice.texts, f"changed.{name}.new", new=new)
    return say(voice.texts, f"changed.{name}.from_to", old=old, new=new)


def _moment(told: str, voice: Voice) -> str:
    """An ISO instant, or a local date where no time of day is known."""
    if len(told) == len("2026-11-25"):
        return dates.day(dt.date.fromisoformat(told), voice)
    return dates.moment(dt.datetime.fromisoformat(told), voice)


def _ending(told: str, start: dt.datetime | None, voice: Voice) -> str:
    """The clock alone when it ends on the day it begins."""
    if start is None or len(told) == len("2026-11-25"):
        return _moment(told, voice)
    end = dates.local(dt.datetime.fromisoformat(told), voice)
    if end.date() != dates.local(start, voice).date():
        return _moment(told, voice)
    return voice.texts("date.clock", time=dates.clock(end.time(), voice))


def _facts(told: str | None) -> Mapping[str, Any]:
    facts = json.loads(told) if told else {}
    return facts if isinstance(facts, dict) else {}


def _priced(card: Card, told: str | None) -> Card:
    facts = _facts(told)
    amounts = {Tariff(name): float(kroner) for name, kroner in facts.get("prices", {}).items()}
    return replace(card, price_kind=PriceKind(facts.get("kind", PriceKind.UNKNOWN)), prices=amounts)


def _aged(card: Card, told: str | None) -> Card:
    low, high = json.loads(told) if told else (None, None)
    return replace(card, age_from=low, age_to=high)


def occurrence_line(occurrence: OccurrenceFacts, voice: Voice) -> str:
    """When and where, in one line."""
    venue = one_line(occurrence.venue.name, _NAME_UNITS) if occurrence.venue else ""
    return " · ".join(part for part in (dates.briefly(occurrence, voice), venue) if part)
