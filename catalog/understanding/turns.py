"""A conversation: how a sentence changes the question before it.

A sentence that joins on ("og i Køge?", "hvad med søndag?", "kun gratis") or names no subject of its own ("på
søndag", "i Køge", "for unge") refines the previous question: what it says about time, place, people, price
or subject replaces what was said about that before, "også" and "eller" add to it, "alligevel ikke gratis"
takes it back. A bare subject is added when there was none. A sentence with another subject, or that opens as
a whole question does ("hvad sker der …"), starts anew; so does one that says anew when, where and for whom
("noget for teenagere i Ballerup i aften").
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from catalog.query import QUERY_FIELDS, Near, Query, Window
from catalog.understanding.lexicon import lexicon
from catalog.understanding.sentence import NOISE, Sentence
from catalog.understanding.where import RADIUS_KM, around

SLOTS: dict[str, tuple[str, ...]] = {
    "time": ("windows", "weekdays", "from_time", "until_time", "now_asked", "starts_only"),
    "place": ("places", "near"),
    "who": ("ages", "audiences"),
    "what": ("categories", "formats", "words", "alike", "kinds"),
    "price": ("free", "max_price"),
    "access": ("accessibility",),
    "tongue": ("languages",),
}
"""Which fields of a query belong together: saying one of them anew replaces them all."""

_CLOCK = ("from_time", "until_time")
_SHIFTS = {"day_after": 1, "day_before": -1, "week_after": 7, "week_before": -7}
_WHOLE = ("time", "place", "who")
_FARTHER, _MOST_KM = 2, 100.0
_KINDS = ("reset", "more", "help", "thanks", "greeting")


@dataclass(slots=True)
class Turn:
    """What a sentence says about the question before it. drops: slots taken back. joins: it carries on.
    adds: beside what was said, not instead of it. narrows: only what it names changes. fresh: it opens as a
    whole question. farther: the circle is to grow. later: days from the
    time asked for before ("dagen efter")."""

    drops: set[str] = field(default_factory=set)
    joins: bool = False
    adds: bool = False
    narrows: bool = False
    fresh: bool = False
    farther: bool = False
    later: int = 0


def kind_of(sentence: Sentence, language: str) -> str | None:
    """ "greeting", "thanks", "help", "more" or "reset" when the sentence says just that, else None."""
    said: set[str] = set()
    position = 0
    while position < len(sentence.words):
        length, kinds = lexicon().marks["say"].at(sentence, position, language)
        if not length:
            return None
        said.update(kinds)
        position += length
    return next((kind for kind in _KINDS if kind in said), None)


def read_turn(sentence: Sentence, language: str) -> Turn:
    """Take what the sentence says about the question before it."""
    turn = Turn()
    _read_drops(sentence, language, turn)
    marks = lexicon().marks["turn"]
    position, opening = 0, True
    while position < len(sentence.words):
        length, said = marks.at(sentence, position, language)
        turn.fresh |= opening and "fresh" in said
        turn.farther |= "farther" in said
        turn.joins |= "within" in said or (opening and "follow" in said)
        turn.adds |= "also" in said and ("within" in said or opening)
        turn.narrows |= "narrow" in said and opening
        if later := _later(sentence, position + length, said):
            turn.later = later
        if "farther" in said or later:
            sentence.take(range(position, position + length), NOISE)
        opening = opening and ("follow" in said or "greeting" in _greeting(sentence, position, language))
        position += max(length, 1)
    return turn


def _later(sentence: Sentence, after: int, said: tuple[str, ...]) -> int:
    """Days that a phrase at the end of a clause moves on by: "dagen efter jul" is another day."""
    return sum(_SHIFTS.get(name, 0) for name in said) if said and sentence.ends_clause(after) else 0


def _greeting(sentence: Sentence, position: int, language: str) -> tuple[str, ...]:
    return lexicon().marks["say"].exact((sentence.words[position],), language)


def _read_drops(sentence: Sentence, language: str, turn: Turn) -> None:
    position = 0
    while position < len(sentence.words):
        length, slots = lexicon().marks["drop"].at(sentence, position, language)
        negating, _ = lexicon().marks["negation"].at(sentence, position, language)
        if length and negating <= length:
            turn.drops.update(slots)
            sentence.take(range(position, position + length), NOISE)
        position += max(length, negating, 1)


def follows(previous: Query | None, new: Query, turn: Turn) -> bool:
    """Whether the new sentence refines the previous question rather than replacing it."""
    if previous is None or previous.asks_nothing() or (turn.fresh and not turn.joins):
        return False
    if turn.joins or turn.drops or turn.farther or (turn.later and previous.windows):
        return True
    if new.asks_nothing():
        return False
    subject = SLOTS["what"]
    if not any(getattr(new, name) for name in subject):
        return not all(_says(new, slot) for slot in _WHOLE)
    if not any(getattr(previous, name) for name in subject):
        return new.without(*subject).asks_nothing()
    return all(getattr(new, name) == getattr(previous, name) for name in subject)


def refine(previous: Query, new: Query, turn: Turn) -> Query:
    """The previous question changed by what the new sentence says."""
    result = previous.without(*(name for slot in turn.drops for name in SLOTS[slot]))
    for slot in SLOTS:
        if _says(new, slot):
            result = _with_slot(result, new, slot, turn)
    if turn.farther:
        result = _farther(result)
    if turn.later and not _says(new, "time"):
        result = _moved(result, timedelta(days=turn.later))
    result = replace(result, language=new.language, origin=new.origin or previous.origin)
    return _with_exclusions(result, new)


_EMPTY = Query()


def _says(query: Query, slot: str) -> bool:
    return any(getattr(query, name) != getattr(_EMPTY, name) for name in SLOTS[slot])


def _with_slot(result: Query, new: Query, slot: str, turn: Turn) -> Query:
    names = SLOTS[slot]
    said = {name: getattr(new, name) for name in names if getattr(new, name) != getattr(_EMPTY, name)}
    if turn.adds and slot != "price":
        both: dict[str, Any] = {name: _both(getattr(result, name), value) for name, value in said.items()}
        return replace(result, **both)
    repeated = set(said) <= set(_CLOCK) or (turn.narrows and set(said) <= {*_CLOCK, "weekdays"})
    keeps_rest = (slot == "what" and turn.narrows) or (slot == "time" and repeated)
    return replace(result if keeps_rest else result.without(*names), **said)


def _moved(query: Query, by: timedelta) -> Query:
    """The same times of day so many days later, whatever the clocks do."""
    moved = (
        Window(window.since + by if window.since else None, window.until + by if window.until else None)
        for window in query.windows
    )
    return replace(query, windows=tuple(moved))


def _farther(query: Query) -> Query:
    """Twice the circle; around a single place twice what "near" would mean; else everywhere."""
    if query.near:
        radius = min(query.near.radius_km * _FARTHER, _MOST_KM)
        return replace(query, near=replace(query.near, radius_km=radius))
    circle: Near | None = None
    if len(query.places) == 1:
        circle = around(query.places[0], RADIUS_KM * _FARTHER)
    return replace(query.without("places"), near=circle)


def _with_exclusions(result: Query, new: Query) -> Query:
    """What is asked for now is excluded no longer, and what is excluded now is asked for no longer."""
    kept = _minus(result.exclude, new) if result.exclude else _EMPTY
    if new.exclude:
        result = _minus(result, new.exclude)
        kept = _union(kept, new.exclude)
    return replace(result, exclude=None if kept.asks_nothing() else kept)


def _minus(query: Query, other: Query) -> Query:
    """`query` without the values that `other` names."""
    left: dict[str, Any] = {
        name: tuple(value for value in getattr(query, name) if value not in getattr(other, name))
        for name in QUERY_FIELDS
        if name != "origin" and isinstance(getattr(query, name), tuple)
    }
    return replace(query, **left)


def _union(one: Query, other: Query) -> Query:
    both: dict[str, Any] = {name: _both(getattr(one, name), getattr(other, name)) for name in QUERY_FIELDS}
    return replace(one, **both)


def _both(old: Any, new: Any) -> Any:
    if isinstance(old, tuple) and isinstance(new, tuple):
        return tuple(dict.fromkeys((*old, *new)))
    return new or old
