"""A stored offering as the draft that would make it: what staff edit, what an undone publishing puts back.

Faithful: ingesting the draft under the same source changes nothing but the hash of the offering.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from catalog.drafts import OccurrenceDraft, OfferingDraft, VenueDraft
from catalog.keepers import chunks
from catalog.model import Occurrence, Offering, Venue
from catalog.text import words

_SAME = (
    *("external_id", "titles", "descriptions", "keywords", "age_from", "age_to", "made_for", "price_kind"),
    *("prices", "access", "languages", "inferred", "url", "image_url", "photo", "status"),
    *("residents_only", "season_from", "season_until", "weekdays", "enrolment_opens", "enrolment_closes"),
    *("capacity", "remaining", "enrolment_url"),
)
_TIME = ("key", "zone", "time_known", "is_run", "open_days", "opens", "closes", "status")
_TAGS = {"category": "categories", "format": "formats", "audience": "audiences", "owner": "owners"}
_WHOLE = (
    selectinload(Offering.organizer),  # type: ignore[arg-type]  # SQLModel types what it holds
    selectinload(Offering.series),  # type: ignore[arg-type]  # the same
    selectinload(Offering.tags),  # type: ignore[arg-type]  # the same
    selectinload(Offering.occurrences).selectinload(Occurrence.venue),  # type: ignore[arg-type]  # the same
)


def draft_of(session: Session, offering: Offering) -> OfferingDraft:
    """The draft of this stored offering, with the dates that are on its programme, past ones too."""
    return drafts_of(session, [offering.id or 0])[offering.id or 0]


def drafts_of(session: Session, offering_ids: Iterable[int]) -> dict[int, OfferingDraft]:
    """The drafts of these stored offerings by id; ids that do not exist are missing from the answer."""
    found: dict[int, OfferingDraft] = {}
    for some in chunks(sorted(set(offering_ids))):
        rows = select(Offering).where(col(Offering.id).in_(some)).options(*_WHOLE)
        whole = session.exec(rows.execution_options(populate_existing=True))
        found |= {row.id or 0: _draft(row) for row in whole}
    return found


def _draft(row: Offering) -> OfferingDraft:
    facts: dict[str, Any] = {name: getattr(row, name) for name in _SAME}
    tags: dict[str, list[str]] = defaultdict(list)
    for tag in sorted(row.tags, key=lambda tag: (tag.kind, tag.value)):
        tags[_TAGS[tag.kind]].append(tag.value)
    if row.organizer is not None:
        facts |= {"organizer": row.organizer.name, "organizer_url": row.organizer.url}
    if row.series is not None:
        facts |= {"series_id": row.series.external_id, "series_name": row.series.name}
    times = (occurrence for occurrence in row.occurrences if occurrence.withdrawn_at is None)
    return OfferingDraft(**facts, **tags, occurrences=tuple(map(_time, times)))


def _time(row: Occurrence) -> OccurrenceDraft:
    zone = ZoneInfo(row.zone)
    facts: dict[str, Any] = {name: getattr(row, name) for name in _TIME}
    instants = {name: _local(getattr(row, name), zone) for name in ("start", "end", "previous_start")}
    return OccurrenceDraft(**facts, **instants, venue=row.venue and venue_draft(row.venue))


def _local(instant: dt.datetime | None, zone: ZoneInfo) -> dt.datetime | None:
    return instant.astimezone(zone) if instant else None


def venue_draft(row: Venue) -> VenueDraft:
    """Only what leads to the same key again: a postcode or town that was worked out is not stated, or it
    would be another venue. Nor is a position that was."""
    area = row.key.partition("|")[0]
    named = {name: getattr(row, name) for name in ("postcode", "town", "municipality")}
    for name, value in list(named.items()):
        if value and " ".join(words(value)) == area:
            break
        named[name] = None
    is_stated = row.located_by == "source"
    return VenueDraft(
        name=row.name,
        address=row.address,
        district=row.district,
        latitude=row.latitude if is_stated else None,
        longitude=row.longitude if is_stated else None,
        **named,
    )
