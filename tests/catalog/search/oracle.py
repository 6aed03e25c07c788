"""The rules of eligibility once more, in plain Python over drafts: slow, obvious, and sharing no code with
the search. Time is looked at in ticks of half an hour, so every instant of a test is on one."""

import datetime as dt
from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, OfferingDraft, VenueDraft
from catalog.query import PlaceRef, Query, Window
from catalog.values import (
    AUDIENCE_AGES,
    CLOSED_AUDIENCES,
    HIDDEN_ONCE_BEGUN,
    Audience,
    PlaceKind,
    Status,
    Tariff,
)

TICK = dt.timedelta(minutes=30)
_GONE = (Status.CANCELLED, Status.POSTPONED)


def fitting(draft: OfferingDraft, query: Query, now: dt.datetime) -> list[OccurrenceDraft]:
    """The occurrences with which an offering may be shown; words are not looked at."""
    if draft.status in _GONE or not _facts(draft, query) or _unwanted(draft, query.exclude or Query()):
        return []
    return [
        o
        for o in draft.occurrences
        if o.status not in _GONE and _time(draft, o, query, now) and _place(o.venue, query)
    ]


def _facts(draft: OfferingDraft, query: Query) -> bool:
    price = price_for(draft, query)
    return (
        (not query.categories or bool({*query.categories} & {*draft.categories}))
        and (not query.formats or bool({*query.formats} & {*draft.formats}))
        and (not query.languages or bool({*query.languages} & {*draft.languages}))
        and all(draft.access.get(need) for need in query.accessibility)
        and (not query.free or not price)
        and (query.max_price is None or price is None or price <= query.max_price)
        and _people(draft, query)
    )


def groups(draft: OfferingDraft) -> set[Audience]:
    return {*draft.audiences} | ({draft.made_for} if draft.made_for else set())


def ages(draft: OfferingDraft) -> range | None:
    if draft.age_from is None and draft.age_to is None:
        return None
    return range(draft.age_from or 0, (120 if draft.age_to is None else draft.age_to) + 1)


def _people(draft: OfferingDraft, query: Query) -> bool:
    tags, known = groups(draft), ages(draft)
    wanted, closed = {*query.audiences}, {*query.audiences} & CLOSED_AUDIENCES
    spans = query.ages or tuple(AUDIENCE_AGES[a] for a in wanted if a in AUDIENCE_AGES)
    if closed:
        spans = query.ages
        return bool(tags & closed) and (not spans or known is None or _any_in(known, spans))
    if tags and tags <= CLOSED_AUDIENCES:
        return False
    if not wanted and not spans:
        return True
    ageless = not query.ages and bool(wanted & {Audience.FAMILIES, Audience.EVERYONE})
    if ageless and tags & (wanted | {Audience.EVERYONE}):
        return True
    if known is not None:
        return bool(spans) and _any_in(known, spans)
    possible = wanted | {Audience.EVERYONE}
    if not wanted:
        possible |= {a for a, (low, high) in AUDIENCE_AGES.items() if _any_in(range(low, high + 1), spans)}
    if not wanted or wanted & {Audience.CHILDREN, Audience.TODDLERS}:
        possible.add(Audience.FAMILIES)
    return not tags or bool(tags & possible)


def _any_in(known: range, spans: tuple[tuple[int, int], ...]) -> bool:
    return any(age in known for low, high in spans for age in range(low, high + 1))


def price_for(draft: OfferingDraft, query: Query) -> float | None:
    if draft.price_kind == "free":
        return 0.0
    if draft.price_kind == "unknown" or not draft.prices:
        return None
    spans = query.ages or tuple(AUDIENCE_AGES[a] for a in query.audiences if a in AUDIENCE_AGES)
    by_age = {Tariff.CHILD: (0, 17), Tariff.YOUNG: (13, 25), Tariff.SENIOR: (60, 120)}
    own = [t for t, (low, high) in by_age.items() if any(low <= a and b <= high for a, b in spans)]
    for tariffs in (own, [Tariff.ADULT], list(Tariff)):
        if amounts := [draft.prices[t] for t in tariffs if t in draft.prices]:
            return min(amounts)
    return None


def _unwanted(draft: OfferingDraft, no: Query) -> bool:
    price, known = price_for(draft, no), ages(draft)
    return bool(
        {*no.categories} & {*draft.categories}
        or {*no.formats} & {*draft.formats}
        or {*no.audiences} & groups(draft)
        or {*no.languages} & {*draft.languages}
        or (known is not None and _any_in(known, no.ages))
        or any(draft.access.get(need) for need in no.accessibility)
        or (no.free and price == 0)
        or (no.max_price is not None and price is not None and price <= no.max_price)
    )


def _place(venue: VenueDraft | None, query: Query) -> bool:
    no = query.exclude or Query()
    if venue is None:
        return not query.places and query.near is None
    if query.places and not any(_at(venue, p) or _around(venue, p) for p in query.places):
        return False
    if query.near and not _within(venue, query.near.latitude, query.near.longitude, query.near.radius_km):
        return False
    near = no.near and _within(venue, no.near.latitude, no.near.longitude, no.near.radius_km)
    return not near and not any(_at(venue, p) for p in no.places)


def _at(venue: VenueDraft, place: PlaceRef) -> bool:
    own = {
        PlaceKind.MUNICIPALITY: venue.municipality,
        PlaceKind.DISTRICT: venue.district,
        PlaceKind.TOWN: venue.town,
        PlaceKind.POSTCODE: venue.postcode,
        PlaceKind.VENUE: venue.name,
    }[place.kind]
    return own == place.name


def _around(venue: VenueDraft, place: PlaceRef) -> bool:
    if (
        place.kind not in (PlaceKind.TOWN, PlaceKind.POSTCODE)
        or place.latitude is None
        or place.longitude is None
    ):
        return False
    return _within(venue, place.latitude, place.longitude, 5)


def _within(venue: VenueDraft, latitude: float, longitude: float, km: float) -> bool:
    if venue.latitude is None or venue.longitude is None:
        return False
    p, q, r, s = map(radians, (latitude, longitude, venue.latitude, venue.longitude))
    half = sin((r - p) / 2) ** 2 + cos(p) * cos(r) * sin((s - q) / 2) ** 2
    return 2 * 6371 * asin(sqrt(half)) <= km


def _time(draft: OfferingDraft, o: OccurrenceDraft, query: Query, now: dt.datetime) -> bool:
    formats = {*draft.formats}
    stays = o.is_run and formats - HIDDEN_ONCE_BEGUN
    if formats & HIDDEN_ONCE_BEGUN and not stays and not query.now_asked and _begun(o) <= now:
        return False
    end = _end(o)
    if query.starts_only:
        end = min(end, _begun(o) if not o.time_known else o.start + TICK)
    no = query.exclude or Query()
    if not o.is_run and any(_refused(t, o, no) for t in _ticks(o.start, end)):
        return False
    return any(
        t >= now and _asked(t, o, query) and (not o.is_run or _open(t, o, no)) for t in _ticks(o.start, end)
    )


def _ticks(start: dt.datetime, end: dt.datetime) -> Iterator[dt.datetime]:
    instant = start.astimezone(dt.UTC)
    while instant < end:
        yield instant
        instant += TICK


def _end(o: OccurrenceDraft) -> dt.datetime:
    if o.end is not None and o.end > o.start:
        return o.end
    return o.start + dt.timedelta(hours=3) if o.time_known else _midnight_after(o)


def _begun(o: OccurrenceDraft) -> dt.datetime:
    return o.start if o.time_known else _midnight_after(o)


def _midnight_after(o: OccurrenceDraft) -> dt.datetime:
    zone = ZoneInfo(o.zone)
    next_day = o.start.astimezone(zone).date() + dt.timedelta(days=1)
    return dt.datetime.combine(next_day, dt.time(0), zone).astimezone(dt.UTC)


def _in_windows(instant: dt.datetime, windows: tuple[Window, ...]) -> bool:
    return any((not w.since or w.since <= instant) and (not w.until or instant < w.until) for w in windows)


def _asked(instant: dt.datetime, o: OccurrenceDraft, query: Query) -> bool:
    if query.windows and not _in_windows(instant, query.windows):
        return False
    return _day(instant, o.zone, query.weekdays, query.from_time, query.until_time) is not None


def _refused(instant: dt.datetime, o: OccurrenceDraft, no: Query) -> bool:
    clock = no.weekdays or no.from_time or no.until_time
    by_clock = clock and _day(instant, o.zone, no.weekdays, no.from_time, no.until_time) is not None
    return bool(by_clock) or _in_windows(instant, no.windows)


def _open(instant: dt.datetime, o: OccurrenceDraft, no: Query) -> bool:
    day = _day(instant, o.zone, o.open_days, o.opens, o.closes)
    if day is None:
        return False
    midnight = dt.datetime.combine(day, dt.time(0), ZoneInfo(o.zone)).astimezone(dt.UTC)
    session = (t for t in _ticks(midnight, midnight + dt.timedelta(hours=50)))
    return not any(
        _refused(t, o, no) for t in session if _day(t, o.zone, o.open_days, o.opens, o.closes) == day
    )


def _day(
    instant: dt.datetime, zone: str, weekdays: tuple[int, ...], since: dt.time | None, until: dt.time | None
) -> dt.date | None:
    """The day on whose hours an instant falls: after midnight it may still be the evening before."""
    local = instant.astimezone(ZoneInfo(zone))
    wall, since, until = local.time(), since or dt.time(0), until or dt.time(0)
    day = local.date()
    if since < until:
        falls = since <= wall < until
    elif wall >= since:
        falls = True
    else:
        falls, day = wall < until, day - dt.timedelta(days=1)
    return day if falls and (not weekdays or day.isoweekday() in weekdays) else None
