"""Which drafts can be stored, and the hash that tells whether one is stored already."""

import hashlib
import json
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from catalog.drafts import OfferingDraft, Rejection
from catalog.keepers import municipality_name


def accept(drafts: Iterable[OfferingDraft]) -> tuple[dict[str, OfferingDraft], list[Rejection]]:
    """The drafts by id, and those that cannot be stored. An exact repetition of a draft says nothing new."""
    accepted: dict[str, OfferingDraft] = {}
    refused = []
    for draft in drafts:
        fault = _fault(draft, accepted.get(draft.external_id))
        if fault:
            code, detail = fault
            refused.append(Rejection(draft.where or draft.external_id, code, detail[:80], draft.external_id))
        else:
            accepted.setdefault(draft.external_id, draft)
    return accepted, refused


def _fault(draft: OfferingDraft, earlier: OfferingDraft | None) -> tuple[str, str] | None:
    if earlier is not None and content_hash(earlier) != content_hash(draft):
        return "duplicate-id", draft.external_id
    if unknown := [name for name in draft.owners if municipality_name(name) is None]:
        return "unknown-municipality", unknown[0]
    if r"\u0000" in draft.model_dump_json():
        return "bad-text", ""
    keys = [occurrence.key for occurrence in draft.occurrences]
    if len(set(keys)) < len(keys):
        return "duplicate-date", next(key for key in keys if keys.count(key) > 1)
    for occurrence in draft.occurrences:
        if not _is_zone(occurrence.zone):
            return "bad-zone", occurrence.zone
    return None


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def content_hash(draft: OfferingDraft) -> str:
    """The same for the same facts, in whatever order occurrences and translations stand."""
    facts = draft.model_dump(mode="json")
    if draft.photo is None:
        del facts["photo"]  # or all that is stored would look changed to whoever had no photos yet
    facts["occurrences"].sort(key=lambda occurrence: occurrence["key"])
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
