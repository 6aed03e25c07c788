"""Whether an answer is right: facts over drafts, in plain Python, without the search it judges.

A question's facts are data (see `questions/README.md`). A fact says of one occurrence of an offering how well
it fits; the verdict on it is the worst of its facts.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, cached_property
from math import asin, cos, radians, sin, sqrt
from typing import Any
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, OfferingDraft
from catalog.places import gazetteer
from catalog.values import (
    AUDIENCE_AGES,
    CLOSED_AUDIENCES,
    HIDDEN_ONCE_BEGUN,
    OLDEST,
    Audience,
    PriceKind,
    Status,
    Tariff,
)

ZONE = ZoneInfo("Europe/Copenhagen")
SURE, ROUGHLY = 0.85, 1.15
"""Of a radius: within SURE an answer must count, beyond ROUGHLY it must not (centres of places differ)."""

Facts = dict[str, Any]
Span = tuple[dt.datetime, dt.datetime]


class Verdict(IntEnum):
    """WRONG must not be shown. LATER may be, after everything right (a fact is unknown, or it lies near the
    asked town). MAYBE may be shown anywhere and need not be. RIGHT must be shown."""

    WRONG = 0
    LATER = 1
    MAYBE = 2
    RIGHT = 3


@dataclass(frozen=True)
class Candidate:
    """One occurrence of an offering."""

    offering: OfferingDraft
    occurrence: OccurrenceDraft

    @cached_property
    def hours(self) -> list[Span]:
        """When it is on, in local time: once, or on every open day of a run. A bare date lasts the day; what
        ends nobody knows when is over once it has begun."""
        start = self.occurrence.start.astimezone(ZONE)
        end = self.occurrence.end.astimezone(ZONE) if self.occurrence.end else None
        if self.occurrence.is_run:
            last = end - dt.timedelta(microseconds=1) if end and end > start else start
            days = (last.date() - start.date()).days + 1
            return list(_open_days(self.occurrence, start.date(), days))
        if not self.occurrence.time_known:
            return [(start, (end or start).replace(hour=0, minute=0) + dt.timedelta(days=1))]
        return [(start, end or start + dt.timedelta(minutes=1))]


def _open_days(run: OccurrenceDraft, first: dt.date, days: int) -> Iterator[Span]:
    opens, closes = run.opens or dt.time(0), run.closes or dt.time(23, 59)
    for day in (first + dt.timedelta(days=number) for number in range(days)):
        if not run.open_days or day.isoweekday() in run.open_days:
            yield dt.datetime.combine(day, opens, ZONE), dt.datetime.combine(day, closes, ZONE)


@dataclass(frozen=True, slots=True)
class Seen:
    """A candidate at a moment, and the facts that are asked of it together."""

    candidate: Candidate
    now: dt.datetime
    asked: Facts

    @property
    def offering(self) -> OfferingDraft:
        return self.candidate.offering

    @property
    def occurrence(self) -> OccurrenceDraft:
        return self.candidate.occurrence

    @property
    def ahead(self) -> list[Span]:
        """When it is still on."""
        return [hours for hours in self.candidate.hours if hours[1] > self.now]


def verdict(facts: Facts, candidate: Candidate, now: dt.datetime, *, begun: bool = False) -> Verdict:
    """How well the candidate fits the facts at `now`; WRONG when it may not be shown at all."""
    seen = Seen(candidate, now, facts)
    fits = fit(facts, seen)
    return min(fits, may_be_shown(seen, begun=begun)) if fits else fits


def may_be_shown(seen: Seen, *, begun: bool = False) -> Verdict:
    """By the contract: never what is cancelled or over; a performance and the like not once it has begun
    (unless now is asked); what institutions book only when it is asked for. Postponed is nobody's promise."""
    closed = CLOSED_AUDIENCES.intersection(seen.offering.audiences)
    if closed and not closed & {seen.asked.get("group"), *seen.asked.get("audience", ())}:
        return Verdict.WRONG
    states = seen.offering.status, seen.occurrence.status
    joinable = begun or HIDDEN_ONCE_BEGUN.isdisjoint(seen.offering.formats)
    if Status.CANCELLED in states or not any(joinable or since > seen.now for since, _ in seen.ahead):
        return Verdict.WRONG
    return Verdict.MAYBE if Status.POSTPONED in states else Verdict.RIGHT


def fit(facts: Facts, seen: Seen) -> Verdict:
    """The worst verdict of all these facts."""
    worst = Verdict.RIGHT
    for name, asked in facts.items():
        worst = min(worst, FACTS[name](asked, seen))
        if worst is Verdict.WRONG:
            break
    return worst


def failed(facts: Facts, seen: Seen) -> set[str]:
    """What an answer that shows this has to say it gave up: the contract's names of the facts that fail."""
    return {NAMES[name] for name, asked in facts.items() if FACTS[name](asked, seen) is Verdict.WRONG}


# The facts. Each takes what is asked and what is seen.


def _one_of(values: Callable[[Seen], Iterable[Any]]) -> Callable[[list[str], Seen], Verdict]:
    def fact(asked: list[str], seen: Seen) -> Verdict:
        return _right({str(v) for v in values(seen)} & set(asked))

    return fact


def _right(holds: object) -> Verdict:
    return Verdict.RIGHT if holds else Verdict.WRONG


def _on(asked: list[str], seen: Seen) -> Verdict:
    """On at some time within one of the spans, "2026-11-28T18:00/2026-11-29", local and half-open."""
    return max(_within(span, seen) for span in map(_span, asked))


def _within(span: Span, seen: Seen) -> Verdict:
    on = [(s, u) for s, u in seen.ahead if s < span[1] and u > span[0]]
    if seen.occurrence.time_known or seen.occurrence.is_run:
        return _right(on)
    whole = any(span[0] <= since and until <= span[1] for since, until in on)
    return Verdict.RIGHT if whole else Verdict.MAYBE if on else Verdict.WRONG


@cache
def _span(text: str) -> Span:
    since, until = (dt.datetime.fromisoformat(part).replace(tzinfo=ZONE) for part in text.split("/"))
    return since, until


def _weekday(asked: list[int], seen: Seen) -> Verdict:
    return _right(any(since.isoweekday() in asked for since, _ in _days(seen)))


def _clock(asked: str, seen: Seen) -> Verdict:
    """On at some time between two clock times of one of its days, "18:00/24:00"."""
    if not seen.occurrence.time_known:
        return Verdict.MAYBE
    since, until = (_minutes(part) for part in asked.split("/"))
    weekdays = seen.asked.get("weekday", range(1, 8))
    return _right(
        any(
            start.isoweekday() in weekdays
            and start.hour * 60 + start.minute < until
            and (start.hour * 60 + start.minute) + (stop - start).total_seconds() / 60 > since
            for start, stop in _days(seen)
        )
    )


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def _days(seen: Seen) -> list[Span]:
    """The days ahead, within the asked spans when there are any, so that both hold of the same day."""
    spans = [_span(text) for text in seen.asked.get("on", ())]
    return [h for h in seen.ahead if not spans or any(h[0] < u and h[1] > s for s, u in spans)]


def _municipality(asked: list[str], seen: Seen) -> Verdict:
    """The venue's own; a joint project may be named by any of its owners."""
    venue = seen.occurrence.venue
    place = gazetteer().postcode(venue.postcode) if venue and venue.postcode else None
    own = (venue and venue.municipality) or (place and place.municipality)
    if own in asked:
        return Verdict.RIGHT
    return Verdict.MAYBE if set(asked) & set(seen.offering.owners) else Verdict.WRONG


def _district(asked: list[str], seen: Seen) -> Verdict:
    venue = seen.occurrence.venue
    return _right(venue and (venue.district or "") in asked)


def _town(asked: Facts, seen: Seen) -> Verdict:
    """A town's own; what lies within five kilometres of it comes after."""
    venue = seen.occurrence.venue
    if venue and venue.town == asked["name"]:
        return Verdict.RIGHT
    return Verdict.LATER if _near({"at": asked["at"], "km": 5}, seen) else Verdict.WRONG


def _near(asked: Facts, seen: Seen) -> Verdict:
    point = _point(seen)
    if point is None:
        return Verdict.WRONG
    share = _kilometres(asked["at"], point) / asked["km"]
    return Verdict.RIGHT if share <= SURE else Verdict.MAYBE if share <= ROUGHLY else Verdict.WRONG


def _point(seen: Seen) -> tuple[float, float] | None:
    venue = seen.occurrence.venue
    located = venue and venue.latitude is not None
    place = venue if located else venue and venue.postcode and gazetteer().postcode(venue.postcode)
    if not place or place.latitude is None or place.longitude is None:
        return None
    return place.latitude, place.longitude


def _kilometres(a: Sequence[float], b: Sequence[float]) -> float:
    north, east = radians(b[0] - a[0]) / 2, radians(b[1] - a[1]) / 2
    chord = sin(north) ** 2 + cos(radians(a[0])) * cos(radians(b[0])) * sin(east) ** 2
    return 12742 * asin(sqrt(chord))


def _venue(asked: str, seen: Seen) -> Verdict:
    venue = seen.occurrence.venue
    return _right(venue and re.search(asked, venue.name, re.IGNORECASE))


def _ages(asked: list[list[int]], seen: Seen) -> Verdict:
    """The ranges overlap, for every asked one. Where no age is stated, who it is for decides; where nothing
    is stated, nobody knows."""
    return min(_age(range_, seen.offering) for range_ in asked)


def _age(asked: list[int], offering: OfferingDraft) -> Verdict:
    if offering.age_from is not None or offering.age_to is not None:
        youngest, oldest = offering.age_from or 0, OLDEST if offering.age_to is None else offering.age_to
        return _right(youngest <= asked[1] and asked[0] <= oldest)
    if not offering.audiences:
        return Verdict.LATER
    wide = {Audience.EVERYONE, Audience.FAMILIES} & set(offering.audiences)
    named = [AUDIENCE_AGES[a] for a in offering.audiences if a in AUDIENCE_AGES]
    return Verdict.MAYBE if wide or any(f <= asked[1] and asked[0] <= t for f, t in named) else Verdict.WRONG


def _group(asked: str, seen: Seen) -> Verdict:
    """For this group of people: named as such, or by its ages; what is for everyone may come too."""
    audience, stated = Audience(asked), set(seen.offering.audiences)
    if audience in stated or audience is seen.offering.made_for:
        return Verdict.RIGHT
    if audience in AUDIENCE_AGES:
        return _age(list(AUDIENCE_AGES[audience]), seen.offering)
    wide = (
        {Audience.EVERYONE, Audience.CHILDREN, Audience.TODDLERS} if audience is Audience.FAMILIES else set()
    )
    return Verdict.MAYBE if wide & stated else Verdict.LATER if not stated else Verdict.WRONG


def _free(_: bool, seen: Seen) -> Verdict:
    """Known to be free. Free for children alone will do where children are asked for; an unknown price comes
    after."""
    if seen.offering.price_kind is PriceKind.FREE:
        return Verdict.RIGHT
    if seen.offering.price_kind is PriceKind.UNKNOWN:
        return Verdict.LATER
    young = seen.offering.prices.get(Tariff.CHILD) == 0 and _tariff(seen.asked) is Tariff.CHILD
    return Verdict.MAYBE if young else Verdict.WRONG


def _price_to(asked: float, seen: Seen) -> Verdict:
    """Kroner at most, for the asked people's tariff; an unknown price comes after."""
    prices = seen.offering.prices
    if seen.offering.price_kind is PriceKind.FREE:
        return Verdict.RIGHT
    if seen.offering.price_kind is PriceKind.UNKNOWN or not prices:
        return Verdict.LATER
    if prices.get(_tariff(seen.asked), min(prices.values())) <= asked:
        return Verdict.RIGHT
    return Verdict.MAYBE if min(prices.values()) <= asked else Verdict.WRONG


def _tariff(facts: Facts) -> Tariff:
    groups = {
        Audience.TODDLERS: Tariff.CHILD,
        Audience.CHILDREN: Tariff.CHILD,
        Audience.FAMILIES: Tariff.CHILD,
        Audience.YOUTH: Tariff.YOUNG,
        Audience.SENIORS: Tariff.SENIOR,
    }
    oldest = max((to for _, to in facts.get("ages", ())), default=None)
    if oldest is not None:
        return Tariff.CHILD if oldest <= 12 else Tariff.YOUNG if oldest <= 25 else Tariff.ADULT
    return groups.get(facts.get("group", ""), Tariff.ADULT)


def _access(asked: list[str], seen: Seen) -> Verdict:
    return _right({str(a) for a, given in seen.offering.access.items() if given} >= set(asked))


def _speaks(asked: list[str], seen: Seen) -> Verdict:
    """In one of these languages; what needs no language may come too."""
    if not seen.offering.languages:
        return Verdict.MAYBE
    return _right(set(asked) & set(seen.offering.languages))


def _about(asked: str, seen: Seen) -> Verdict:
    """A pattern in the title or keywords; in the text alone, perhaps."""
    if _found(asked, (*seen.offering.titles.values(), *seen.offering.keywords)):
        return Verdict.RIGHT
    return Verdict.MAYBE if _found(asked, seen.offering.descriptions.values()) else Verdict.WRONG


def _named(asked: str, seen: Seen) -> Verdict:
    """A pattern in the title, the organiser's or the series' name; in keywords, text or venue, perhaps."""
    offering, venue = seen.offering, seen.occurrence.venue
    if _found(asked, (*offering.titles.values(), offering.organizer, offering.series_name)):
        return Verdict.RIGHT
    weak = (*offering.keywords, *offering.descriptions.values(), venue.name if venue else None)
    return Verdict.MAYBE if _found(asked, weak) else Verdict.WRONG


def _found(pattern: str, texts: Iterable[str | None]) -> bool:
    return any(text and re.search(pattern, text, re.IGNORECASE) for text in texts)


def _ids(asked: list[str], seen: Seen) -> Verdict:
    """One of these very offerings. An empty list asks nothing (it lifts the list in `maybe`)."""
    return _right(not asked or seen.offering.external_id.rpartition(":")[2] in asked)


def _any(asked: list[Facts], seen: Seen) -> Verdict:
    return max(fit(facts, seen) for facts in asked)


def _not(asked: Facts, seen: Seen) -> Verdict:
    opposite = {Verdict.RIGHT: Verdict.WRONG, Verdict.WRONG: Verdict.RIGHT}
    return opposite.get(fit(asked, seen), Verdict.MAYBE)


FACTS: dict[str, Callable[[Any, Seen], Verdict]] = {
    "ids": _ids,
    "municipality": _municipality,
    "district": _district,
    "town": _town,
    "venue": _venue,
    "category": _one_of(lambda seen: seen.offering.categories),
    "format": _one_of(lambda seen: seen.offering.formats),
    "audience": _one_of(lambda seen: seen.offering.audiences),
    "group": _group,
    "ages": _ages,
    "free": _free,
    "price_to": _price_to,
    "access": _access,
    "speaks": _speaks,
    "near": _near,
    "about": _about,
    "named": _named,
    "any": _any,
    "not": _not,
    "on": _on,
    "weekday": _weekday,
    "clock": _clock,
}
"""By name, the quickest to tell first."""
NAMES = dict.fromkeys(("on", "weekday", "clock"), "time")
NAMES |= dict.fromkeys(("municipality", "district", "town", "near", "venue"), "place")
NAMES |= dict.fromkeys(("ages", "group", "audience"), "age")
NAMES |= dict.fromkeys(("free", "price_to"), "price")
NAMES |= dict.fromkeys(("about", "named", "ids"), "words")
NAMES |= {"category": "category", "format": "format", "access": "accessibility", "speaks": "languages"}
NAMES |= {"any": "words", "not": "not"}
