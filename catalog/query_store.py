"""A question kept: exact as data, and stripped of what passes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, replace
from enum import Enum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from catalog.places import gazetteer
from catalog.query import Query, Window

LASTING_WINDOW = dt.timedelta(days=14)
"""A window at least this long is meant as such ("i december"); a shorter one was about now."""

_ADAPTER = TypeAdapter(Query)


def dump(query: Query) -> dict[str, Any]:
    """`query` as JSON data, every field exact; `load` is the inverse."""
    filled = asdict(query, dict_factory=_filled)
    return _ADAPTER_JSON.dump_python(filled, mode="json")  # type: ignore[no-any-return]  # a dict in, a dict out


def load(data: Mapping[str, Any]) -> Query:
    """The question that `dump` made this of. Fields it does not know are left out. Raises ValueError."""
    try:
        return _ADAPTER.validate_python(_known(data))
    except ValidationError as error:
        raise ValueError("not a stored query") from error


def lasting(query: Query, now: dt.datetime) -> Query:
    """The part of a question that still means something next month.

    A weekend becomes Saturdays and Sundays; other windows shorter than a fortnight, "now" and a shared
    position go; a long window stays while it lies ahead. "Near" a point becomes the postcode area around
    it, for no position is ever stored."""
    kept = [w for w in query.windows if _lasts(w, now)]
    weekend = any(_is_weekend(w) for w in query.windows)
    weekdays = query.weekdays or ((6, 7) if weekend else ())
    lasting_query = replace(
        query, windows=tuple(kept), weekdays=weekdays, origin=None, now_asked=False, starts_only=False
    )
    return _named(lasting_query)


def _named(query: Query) -> Query:
    if query.near is None:
        return query
    place = gazetteer().nearest(query.near.latitude, query.near.longitude)
    return replace(query, near=None, places=(place.ref(),) if place else query.places)


def _lasts(window: Window, now: dt.datetime) -> bool:
    if window.until is None:
        return False
    return window.until > now and window.until - (window.since or now) >= LASTING_WINDOW


def _is_weekend(window: Window) -> bool:
    if window.until is None:
        return False
    last = window.until - dt.timedelta(microseconds=1)
    first = window.since or last
    return last.isoweekday() == 7 and first.isoweekday() >= 5 and last - first < dt.timedelta(days=3)


_ADAPTER_JSON = TypeAdapter(dict[str, Any])


def _filled(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {
        key: value.value if isinstance(value, Enum) else value for key, value in pairs if value is not None
    }


def _known(data: Mapping[str, Any]) -> dict[str, Any]:
    names = Query.__dataclass_fields__
    known = {key: value for key, value in data.items() if key in names}
    if isinstance(known.get("exclude"), dict):
        known["exclude"] = _known(known["exclude"])
    return known
