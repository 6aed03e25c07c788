"""Which stored occurrence is which of a draft's, so that a moved one stays the same row.

Reminders point at occurrences by id, so an id must survive everything but the occurrence's removal.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, OfferingDraft
from catalog.model import Occurrence

Pairs = list[tuple[Occurrence, OccurrenceDraft]]


def is_over(start: dt.datetime, end: dt.datetime | None, zone: str, now: dt.datetime) -> bool:
    """Whether it has ended; with no known end, whether its local day has."""
    if end is not None and end > start:
        return end <= now
    day = start.astimezone(ZoneInfo(zone)).date()
    midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, ZoneInfo(zone))
    return midnight <= now


def is_past(draft: OfferingDraft, now: dt.datetime) -> bool:
    """Whether all of its dates have ended. One without dates is past when its season is."""
    if not draft.occurrences:
        return draft.season_until is not None and draft.season_until < now.date()
    return all(is_over(o.start, o.end, o.zone, now) for o in draft.occurrences)


def revise(
    rows: Iterable[Occurrence], drafts: Iterable[OccurrenceDraft], now: dt.datetime
) -> tuple[Pairs, list[OccurrenceDraft], list[Occurrence]]:
    """(kept, new, gone): rows with the drafts that tell of them (found by key, by start, by local day, or as
    the only one left), drafts without a row, and upcoming rows without a draft. Past rows are history: they
    are never gone. A row that was gone before comes back by its key or start only."""
    pairs: Pairs = []
    left, told = list(rows), list(drafts)
    for trait in (_key, _start):
        left, told = _match(left, told, trait, pairs)
    left = [r for r in left if r.withdrawn_at is None and not is_over(r.start, r.end, r.zone, now)]
    left, told = _match(left, told, _day, pairs)
    if len(left) == len(told) == 1:
        pairs.append((left.pop(), told.pop()))
    return pairs, told, left


def previous_start(row: Occurrence, draft: OccurrenceDraft) -> dt.datetime | None:
    """When it would have been: what the source says, else where we knew it before it moved."""
    if draft.previous_start is not None:
        return draft.previous_start
    if row.start == draft.start or (not row.time_known and _day(row) == _day(draft)):
        return row.previous_start
    return row.start


def _match(
    rows: list[Occurrence], drafts: list[OccurrenceDraft], trait: Callable[[Any], Hashable], pairs: Pairs
) -> tuple[list[Occurrence], list[OccurrenceDraft]]:
    """Pair those whose trait is theirs alone on both sides; what is left of both."""
    found, wanted = _unique(rows, trait), _unique(drafts, trait)
    both = found.keys() & wanted.keys()
    pairs.extend((found[value], wanted[value]) for value in both)
    return (
        [row for row in rows if trait(row) not in both],
        [draft for draft in drafts if trait(draft) not in both],
    )


def _unique(things: Iterable[Any], trait: Callable[[Any], Hashable]) -> dict[Hashable, Any]:
    found: dict[Hashable, list[Any]] = {}
    for thing in things:
        found.setdefault(trait(thing), []).append(thing)
    return {value: those[0] for value, those in found.items() if len(those) == 1}


def _key(thing: Occurrence | OccurrenceDraft) -> str:
    return thing.key


def _start(thing: Occurrence | OccurrenceDraft) -> dt.datetime:
    return thing.start.astimezone(dt.UTC)


def _day(thing: Occurrence | OccurrenceDraft) -> dt.date:
    return thing.start.astimezone(ZoneInfo(thing.zone)).date()
