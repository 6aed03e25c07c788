"""How one item of a file becomes a draft or a rejection, and how several dates of one offering meet."""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed, Rejection

_DETAIL = 120


class RejectedError(Exception):
    """One item is left out. code and detail as in `Rejection`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def read_item(
    parsed: Parsed,
    where: str,
    make: Callable[[], Iterable[OfferingDraft]],
    external_id: str | None = None,
) -> None:
    """Adds the drafts that `make` gives to `parsed`, or the reason why there are none. Nothing else is lost.

    where and external_id are those of a rejection."""
    try:
        parsed.drafts.extend(make())
    except RejectedError as reason:
        parsed.rejections.append(rejection(where, reason.code, reason.detail, external_id))
    except ValidationError as error:
        parsed.rejections.append(_from_validation(where, error, external_id))
    # The libraries that read a wild item may stumble in any way; it must cost this one item only.
    except Exception as error:
        parsed.rejections.append(rejection(where, "broken-item", type(error).__name__, external_id))


def rejection(where: str, code: str, detail: str = "", external_id: str | None = None) -> Rejection:
    """A rejection whose texts are short and can be stored and shown."""
    return Rejection(_short(where), code, _short(detail), external_id)


def together(drafts: Iterable[OfferingDraft]) -> list[OfferingDraft]:
    """Drafts under the same identifier become one with all their dates; the first tells the other facts."""
    by_id: dict[str, list[OfferingDraft]] = {}
    for draft in drafts:
        by_id.setdefault(draft.external_id, []).append(draft)
    return [same[0] if len(same) == 1 else _united(same) for same in by_id.values()]


def by_start(occurrences: Iterable[OccurrenceDraft]) -> tuple[OccurrenceDraft, ...]:
    """In order of time, each key once (the first that has it stays)."""
    once: dict[str, OccurrenceDraft] = {}
    for occurrence in occurrences:
        once.setdefault(occurrence.key, occurrence)
    return tuple(sorted(once.values(), key=lambda occurrence: (occurrence.start, occurrence.key)))


def lasts_more_than_a_day(
    start: dt.datetime, end: dt.datetime | None, zone: ZoneInfo, *, timed: bool
) -> bool:
    """Whether it is a run: more than 24 hours, or more than one day of `zone` where only days are known."""
    if end is None:
        return False
    if timed:
        return end.astimezone(dt.UTC) - start.astimezone(dt.UTC) > dt.timedelta(hours=24)
    last_moment = end.astimezone(dt.UTC) - dt.timedelta(microseconds=1)
    return last_moment.astimezone(zone).date() > start.astimezone(zone).date()


def _united(same: list[OfferingDraft]) -> OfferingDraft:
    dates = (
        o if o.status is not o.status.SCHEDULED else o.model_copy(update={"status": draft.status})
        for draft in same
        for o in draft.occurrences
    )
    alive = next((draft for draft in same if draft.status is draft.status.SCHEDULED), same[0])
    return alive.model_copy(update={"occurrences": by_start(dates)})


def _from_validation(where: str, error: ValidationError, external_id: str | None) -> Rejection:
    first: Any = error.errors(include_url=False)[0]
    said = str(first.get("ctx", {}).get("error", ""))
    if said in {"end-before-start", "ages-reversed"}:
        return rejection(where, said, external_id=external_id)
    field = ".".join(str(part) for part in first["loc"])
    return rejection(where, "bad-value", f"{field}: {first.get('input')!r}", external_id)


def _short(text: str) -> str:
    line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    return line if len(line) <= _DETAIL else line[: _DETAIL - 1] + "…"
