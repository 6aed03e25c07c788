"""The honest near miss: what comes closest when nothing fits, and what was given up to find it.

One thing is given up at a time, in small steps; two only when no single one helps. Never given up:
accessibility, exclusions, a name (of a venue, an organiser, a series), the kind of offering.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import combinations, islice

from catalog.places.place import distance_km
from catalog.query import Near, Query, Window
from catalog.values import OLDEST, PlaceKind

_FURTHER_KM = (10.0, 20.0, 40.0, 80.0)
_AROUND_KM = _FURTHER_KM[:3]
_LONGER = tuple(dt.timedelta(days=days) for days in (1, 3, 7, 28))
_WITHIN_A_WEEK = 3
"""How many of the steps of `_LONGER` are."""

_DEARER = (50.0, 100.0, 200.0)

Fits = Callable[[Query], bool]


def closest(query: Query, fits: Fits, is_name: Callable[[str], bool]) -> tuple[tuple[str, ...], Query] | None:
    """(what had to be given up, the question that is then answered), None when nothing helps.

    `fits` tells whether anything fits a question, `is_name` whether a folded word is part of a name."""
    own = tuple(word for word in query.words if is_name(word))
    if soon := _same_place_soon(query, fits):
        return ("time",), soon
    asked = [name for name in _STEPS if _steps(query, name, own)]
    for name in asked:
        if (found := _mildest(query, (name,), fits, own)) is not None:
            return (name,), found
    for wordless in _wordless(query) if query.words and not own else ():
        if not wordless.asks_nothing() and fits(wordless):
            return ("words",), wordless
    for names in combinations(sorted(asked, key=_PAIRING.index), 2):
        if (found := _mildest(query, names, fits, own)) is not None:
            return names, found
    return None


def _wordless(query: Query) -> tuple[Query, ...]:
    """The question without its words: of the kind that they name, else of any."""
    bare = query.without("words")
    of_kind = replace(bare, categories=query.kinds)
    return (of_kind, bare) if query.kinds and not query.categories else (bare,)


def _mildest(query: Query, names: tuple[str, ...], fits: Fits, own: tuple[str, ...]) -> Query | None:
    """The first question that fits when all of `names` are relaxed, each as little as can be."""
    if not names:
        return query if fits(query) else None
    if "words" not in names and not fits(_widest(query, names)):
        return None
    attempts = (_mildest(step, names[1:], fits, own) for step in _steps(query, names[0], own))
    return next((found for found in attempts if found is not None), None)


def _steps(query: Query, name: str, own: tuple[str, ...]) -> list[Query]:
    return _fewer_words(query, own) if name == "words" else _STEPS[name](query)


def _widest(query: Query, names: tuple[str, ...]) -> Query:
    for name in names:
        query = _STEPS[name](query)[-1]
    return query


def _fewer_words(query: Query, own: tuple[str, ...]) -> list[Query]:
    """Words fall away from the right; then each stands alone. One always stays, and names, the `own`, do."""
    words = tuple(word for word in query.words if word not in own)
    fewer = [words[:count] for count in range(len(words) - 1, -1, -1)] + [(word,) for word in words[:0:-1]]
    return [replace(query, words=own + kept) for kept in fewer if words and (own or kept)]


def _further_away(query: Query) -> list[Query]:
    """A wider radius; around a named place its neighbourhood."""
    if query.near is not None:
        radius = query.near.radius_km
        wider = [replace(query.near, radius_km=km) for km in _FURTHER_KM if km > radius]
        return [replace(query, near=near) for near in wider]
    points = [
        (p.latitude, p.longitude) for p in query.places if p.latitude is not None and p.longitude is not None
    ]
    if not points or any(place.kind is PlaceKind.VENUE for place in query.places):
        return []
    latitude, longitude = (sum(degrees) / len(points) for degrees in zip(*points, strict=True))
    spread = max(distance_km(latitude, longitude, *point) for point in points)
    return [replace(query, places=(), near=Near(latitude, longitude, km + spread)) for km in _AROUND_KM]


def _other_times(query: Query) -> list[Query]:
    """Any time of the asked days, then days more and more around them, then whenever."""
    timeless = query.without("windows", "weekdays", "from_time", "until_time", "starts_only", "now_asked")
    steps = []
    if query.from_time is not None or query.until_time is not None:
        steps.append(query.without("from_time", "until_time"))
    if query.windows:
        longer = [tuple(_stretched(window, by) for window in query.windows) for by in _LONGER]
        steps += [replace(timeless, windows=windows) for windows in longer]
    return [*steps, timeless] if query.windows or query.weekdays or steps else []


def _same_place_soon(query: Query, fits: Fits) -> Query | None:
    """The same in the named places within a week of the asked time: who names a town means that town."""
    if not query.places or not query.windows:
        return None
    days = (step for step in _other_times(query) if step.windows != query.windows and step.windows)
    return next((step for step in islice(days, _WITHIN_A_WEEK) if fits(step)), None)


def _stretched(window: Window, by: dt.timedelta) -> Window:
    return Window(window.since and window.since - by, window.until and window.until + by)


def _dearer(query: Query) -> list[Query]:
    """What costs a little, then what costs more."""
    limits: tuple[float, ...] = _DEARER if query.free else ()
    if not query.free and query.max_price is not None:
        limits = (query.max_price * 1.5, query.max_price * 2)
    unlimited = query.without("free", "max_price")
    return [*(replace(unlimited, max_price=kr) for kr in limits), unlimited] if limits else []


def _about_that_age(query: Query) -> list[Query]:
    """A year younger or older."""
    wider = tuple((max(0, youngest - 1), min(OLDEST, oldest + 1)) for youngest, oldest in query.ages)
    return [replace(query, ages=wider)] if wider not in ((), query.ages) else []


_STEPS: dict[str, Callable[[Query], list[Query]]] = {
    "words": partial(_fewer_words, own=()),
    "place": _further_away,
    "time": _other_times,
    "price": _dearer,
    "age": _about_that_age,
}
"""What may be given up, in the order of trying, with the questions that result, mildest first."""

_PAIRING = ("words", "time", "place", "price", "age")
"""The order in which two are tried together; words first: their steps are no widening."""
