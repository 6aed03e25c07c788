"""When: the words of time in a sentence, as windows, weekdays and hours.

The conventions are the contract's ("time phrases"). Words of both languages are understood in any sentence;
the language only decides where two languages share a word. All windows are half-open and in the zone of
`now`, with wall-clock arithmetic, so that a day is a day when the clocks change. "i dag" and "denne uge" are
whole (from midnight, from Monday); a weekend asked within it, "de næste 14 dage" and "resten af ugen" begin
at `now`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from catalog.query import Window
from catalog.text import Token
from catalog.understanding.when.atoms import read_atoms
from catalog.understanding.when.calendar import DAY, Calendar, Span
from catalog.understanding.when.grammar import read_items
from catalog.understanding.when.items import Hours, Item
from catalog.understanding.when.lexicon import lexicon

__all__ = ["When", "find_when"]

_WEEKEND = (6, 7)


@dataclass(frozen=True, slots=True)
class When:
    """The times that a sentence names. The fields up to starts_only mean what they mean in `Query`.

    named_days: ISO weekdays, when nothing but bare weekdays or a weekend was said: the coming ones, unless
    they are not wanted. used: indexes of the tokens that said it. repaired: (written, taken as) for every
    typo mended in them.
    """

    windows: tuple[Window, ...] = ()
    weekdays: tuple[int, ...] = ()
    from_time: time | None = None
    until_time: time | None = None
    now_asked: bool = False
    starts_only: bool = False
    named_days: tuple[int, ...] = ()
    used: frozenset[int] = frozenset()
    repaired: tuple[tuple[str, str], ...] = ()


def find_when(tokens: Sequence[Token], text: str, now: datetime, language: str) -> When:
    """The times in `tokens`, words of `text` in order; words that mean something else may be left out.

    `now`: aware, in the zone of the municipality, preferably a `ZoneInfo`. `language`: "da" or "en", a hint.
    """
    calendar = Calendar(now)
    words = lexicon(language)
    atoms = read_atoms(tokens, text, words, language)
    if all(atom.kind == "other" for atom in atoms):
        return When()
    found = read_items(calendar, atoms, language)
    items = list(_without_lone_parts(found, [token.folded for token in tokens], words.bare_part))
    times = [item for item in items if item.is_time]
    if all(item.kind == "starting" for item in times):
        return When()
    shared = _share_parts(calendar, items)
    return _combined(calendar, [item for item in shared if item.is_time], _used(items))


def _without_lone_parts(items: list[Item], words: list[str], never_alone: frozenset[str]) -> Iterator[Item]:
    """ "god aften", "night market", "morgen": a bare part of the day that says no time."""
    for index, item in enumerate(items):
        only_part = len(item.atoms) == 1 and item.atoms[0].kind == "part"
        greeted = index > 0 and items[index - 1].kind == "greet"
        if only_part and (greeted or words[item.atoms[0].last] in never_alone):
            yield replace(item, kind="other")
        else:
            yield item


def _share_parts(calendar: Calendar, items: list[Item]) -> list[Item]:
    """ "fredag og lørdag aften" is both evenings; "next Friday or Saturday" and "Friday or Saturday next
    week" are in the same week."""
    shared = list(items)
    for index in range(len(shared) - 1, 1, -1):
        first, joint, last = shared[index - 2 : index + 1]
        if joint.kind in ("and", "comma", "dash") and last.part and not first.part and _one_day(first):
            spans = tuple(calendar.part(span, last.part) for span in first.spans)
            shared[index - 2] = replace(first, spans=spans, part=last.part)
    for index in range(2, len(shared)):
        first, joint, last = shared[index - 2 : index + 1]
        if joint.kind in ("and", "comma") and first.next_week and last.kind == "dayname":
            spans = tuple(_in_week_of(calendar, first.spans[0], span) for span in last.spans)
            shared[index] = replace(last, spans=spans, next_week=True)
        if joint.kind in ("and", "comma") and first.kind == "dayname" and _of_said_week(last):
            spans = tuple(_in_week_of(calendar, last.spans[0], span) for span in first.spans)
            shared[index - 2] = replace(first, spans=spans, next_week=True)
    return shared


def _of_said_week(item: Item) -> bool:
    """ "torsdag i næste uge": the weekday before it is meant in the same week."""
    return item.next_week and any(atom.kind == "unit" for atom in item.atoms)


def _one_day(item: Item) -> bool:
    return bool(item.spans) and all(span.day for span in item.spans)


def _in_week_of(calendar: Calendar, week: Span, span: Span) -> Span:
    moved = span
    while week.day and moved.day and moved.day.isocalendar()[:2] < week.day.isocalendar()[:2]:
        moved = calendar.moved(moved, 1)
    return replace(moved, period="")


def _used(items: list[Item]) -> list[Item]:
    """The items that say a time, and the "og" between two of them."""
    used = [item for item in items if item.is_time]
    for before, joint, after in zip(items, items[1:], items[2:], strict=False):
        if before.is_time and after.is_time and joint.kind == "and":
            used.append(joint)
    return used


def _combined(calendar: Calendar, items: list[Item], used: list[Item]) -> When:
    hours = [item.hours for item in items if item.hours]
    joined = _joined(hours)
    spans = [(span, item.part) for item in items for span in item.spans]
    all_days = bool(spans) and all(span.day for span, _ in spans)
    weekdays = sorted({day for item in items for day in item.weekdays if not (all_days and _is_habit(item))})
    if joined and spans:
        spans = [(_narrowed(calendar, span, joined, part), part) for span, part in spans]
    every_day = joined if joined and (weekdays or not all_days) else None
    from_time, until_time = _times_of_day(every_day)
    atoms = [atom for item in used for atom in item.atoms]
    return When(
        windows=tuple(sorted({span.window() for span, _ in spans}, key=_order)),
        weekdays=tuple(weekdays),
        from_time=from_time,
        until_time=until_time,
        now_asked=any(item.kind == "now" for item in items),
        starts_only=any(item.kind == "starting" for item in items),
        named_days=_named_days(items),
        used=frozenset(i for atom in atoms for i in range(atom.first, atom.last + 1)),
        repaired=tuple(dict.fromkeys(slip for atom in atoms for slip in atom.mended)),
    )


def _named_days(items: list[Item]) -> tuple[int, ...]:
    days: set[int] = set()
    for item in items:
        if item.kind not in ("dayname", "weekend") or item.part or item.next_week:
            return ()
        days.update(_WEEKEND if item.kind == "weekend" else (s.day.isoweekday() for s in item.spans if s.day))
    return tuple(sorted(days))


def _is_habit(item: Item) -> bool:
    """ "efter skole" is on weekdays, but in "i morgen efter skole" the day is said."""
    return any(atom.kind == "habit" for atom in item.atoms)


def _joined(hours: list[Hours]) -> Hours | None:
    """Several statements about the hours as one: "om aftenen, efter kl. 8"."""
    if not hours:
        return None
    starts = [h.start for h in hours if h.start]
    ends = [h.end for h in hours if h.end]
    parts = [h.part for h in hours if h.part]
    return Hours(
        starts[0] if starts else None,
        ends[-1] if ends else None,
        parts[0] if parts else None,
        any(h.around for h in hours),
    )


def _narrowed(calendar: Calendar, span: Span, hours: Hours, part: str | None) -> Span:
    return calendar.clock(span, *hours.minutes(part)) if span.day else span


def _order(window: Window) -> tuple[float, float]:
    since = window.since.timestamp() if window.since else float("-inf")
    return since, window.until.timestamp() if window.until else float("inf")


def _times_of_day(hours: Hours | None) -> tuple[time | None, time | None]:
    """From and until on every day; None at either end of the day, and beyond midnight."""
    first, last = hours.minutes() if hours else (0, DAY)
    if first >= DAY:
        # The small hours belong to the day in which they lie when no day is said.
        return _clock(first - DAY), _clock(last - DAY)
    return _clock(first) if first else None, _clock(last)


def _clock(minute: int) -> time | None:
    return time(minute // 60, minute % 60) if minute < DAY else None
