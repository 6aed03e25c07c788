"""How a question was understood: one natural phrase, and the constraints one by one as chips.

"gratis workshops for unge i Ishøj i weekenden" is put together from parts, each worded in the texts.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.buttons import Action, Kind
from bot.replies import dates, prices
from bot.replies.markup import one_line
from bot.replies.reply import Button, Voice
from bot.replies.windows import time_phrase
from catalog.query import Query
from catalog.values import AUDIENCE_AGES, OLDEST, Category, Format, PlaceKind

CONSTRAINTS: dict[str, tuple[str, ...]] = {
    "price": ("free", "max_price"),
    "time": ("windows", "weekdays", "from_time", "until_time", "now_asked", "starts_only"),
    "place": ("places", "near"),
    "who": ("ages", "audiences"),
    "what": ("categories", "formats"),
    "words": ("words",),
    "access": ("accessibility",),
    "language": ("languages",),
    "not": ("exclude",),
}
"""What a chip takes away, by the name in its button: fields of a `Query`. Earlier ones are shown first."""

_RELAXED_AS = {"age": "who"}
MOST_CHIPS = 3
_CHIP_UNITS = 30
NEAR_KM = 10.0
"""What "near" means unless a distance is said."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and how it was put. spellings: words as the person wrote them, by their folded form.
    repaired: (written, taken as). near_name: what `query.near` is near to; None is the person. who_name: for
    whom `query.ages` are, when that is somebody's own children. confided: it answers what somebody confided,
    and is never counted."""

    query: Query
    spellings: Mapping[str, str] = field(default_factory=dict)
    repaired: tuple[tuple[str, str], ...] = ()
    near_name: str | None = None
    who_name: str | None = None
    confided: bool = False


def phrase(asked: Asked, voice: Voice) -> str:
    """The whole question in words, beginning in lower case."""
    if asked.query.asks_nothing():
        return voice.texts("what.anything")
    order = (_price, _subject, _words, _who, _access, _languages, _place, _time)
    words = " ".join(words for part in order if (words := part(asked, voice)))
    refusal = _not(asked, voice)
    return voice.texts("what.but", question=words, refusal=refusal) if refusal else words


def sentence(asked: Asked, voice: Voice) -> str:
    """The phrase as the beginning of a sentence."""
    words = phrase(asked, voice)
    return words[:1].upper() + words[1:]


def chips(asked: Asked, voice: Voice) -> tuple[Button, ...]:
    """The constraints that can be tapped away, the three that matter most."""
    found = ((name, _LABELS[name](asked, voice)) for name in CONSTRAINTS if _is_set(asked.query, name))
    buttons = [
        Button(f"✕ {one_line(label, _CHIP_UNITS)}", Action(Kind.WITHOUT, name))
        for name, label in found
        if label
    ]
    return tuple(buttons[:MOST_CHIPS])


def without(query: Query, constraint: str) -> Query | None:
    """The question without this constraint; None when there is no such one."""
    names = CONSTRAINTS.get(constraint)
    return query.without(*names) if names else None


def still_asked(query: Query, relaxed: tuple[str, ...]) -> Query:
    """The question without what search had to give up."""
    for name in relaxed:
        query = query.without(*CONSTRAINTS.get(_RELAXED_AS.get(name, name), ()))
    return query


def _is_set(query: Query, constraint: str) -> bool:
    return query.without(*CONSTRAINTS[constraint]) != query


def _price(asked: Asked, voice: Voice) -> str:
    return voice.texts("what.free") if asked.query.free else ""


def _max_price(asked: Asked, voice: Voice) -> str:
    most = asked.query.max_price
    if most is None or asked.query.free:
        return ""
    return voice.texts("what.max_price", amount=prices.amount(most, voice))


def _subject(asked: Asked, voice: Voice) -> str:
    what = _what(asked, voice) or voice.texts("what.things")
    return " ".join(part for part in (what, _max_price(asked, voice)) if part)


def _what(asked: Asked, voice: Voice) -> str:
    query = asked.query
    if len(query.formats) == 1 and len(query.categories) == 1:
        return _pair(query.formats[0], query.categories[0], voice)
    formats = _listed([f"format.{what.value}" for what in query.formats], voice)
    categories = _listed([f"category.{what.value}" for what in query.categories], voice)
    if formats and categories:
        return voice.texts("what.about", things=formats, subject=categories)
    return formats or categories


def _pair(what: Format, about: Category, voice: Voice) -> str:
    key = f"pair.{about.value}-{what.value}"
    if voice.texts.has(key):
        return voice.texts(key)
    things, subject = voice.texts(f"format.{what.value}"), voice.texts(f"category.{about.value}")
    return voice.texts("what.about", things=things, subject=subject)


def _words(asked: Asked, voice: Voice) -> str:
    if not asked.query.words:
        return ""
    return voice.texts("what.words", words=quoted(asked.query.words, asked, voice))


def quoted(words: tuple[str, ...], asked: Asked, voice: Voice) -> str:
    """Folded words as the person spelled them, in the language's quotation marks."""
    spelled = " ".join(asked.spellings.get(word, word) for word in words)
    return voice.texts("what.quote", words=one_line(spelled, 80))


def _who(asked: Asked, voice: Voice) -> str:
    query = asked.query
    if asked.who_name and query.ages:
        return voice.texts("who.for", who=asked.who_name)
    groups = _listed([f"audience.{group.value}" for group in query.audiences], voice)
    expected = {AUDIENCE_AGES.get(audience) for audience in query.audiences}
    ages = [_age(low, high, voice) for low, high in query.ages if (low, high) not in expected]
    if groups:
        extra = voice.texts("who.ages", ages=dates.listed(ages, voice)) if ages else ""
        return " ".join(part for part in (voice.texts("who.for", who=groups), extra) if part)
    return voice.texts("who.for", who=dates.listed(ages, voice)) if ages else ""


def _age(low: int, high: int, voice: Voice) -> str:
    if low == high:
        return voice.texts("who.age", n=low)
    if high >= OLDEST:
        return voice.texts("who.from", n=low)
    return voice.texts("who.between", low=low, high=high)


def _access(asked: Asked, voice: Voice) -> str:
    return _listed([f"access_phrase.{need.value}" for need in asked.query.accessibility], voice)


def _languages(asked: Asked, voice: Voice) -> str:
    if not asked.query.languages:
        return ""
    return voice.texts("what.in_language", languages=languages(asked.query.languages, voice))


def languages(codes: tuple[str, ...], voice: Voice) -> str:
    """Languages by name; one whose name is not known by its code."""
    names = [voice.texts(f"spoken.{c}") if voice.texts.has(f"spoken.{c}") else c for c in codes]
    return dates.listed(names, voice)


def _place(asked: Asked, voice: Voice) -> str:
    query = asked.query
    named = [_at(place.name, place.kind, voice) for place in query.places]
    parts = [dates.listed(named, voice, "or")] if named else []
    if query.near is not None:
        parts.append(_near(asked, query.near.radius_km, voice))
    return " ".join(parts)


def _at(name: str, kind: PlaceKind, voice: Voice) -> str:
    return voice.texts("where.at" if kind is PlaceKind.VENUE else "where.in", place=one_line(name, 40))


def _near(asked: Asked, radius_km: float, voice: Voice) -> str:
    whom = asked.near_name or voice.texts("where.you")
    if radius_km == NEAR_KM:
        return voice.texts("where.near", place=whom)
    return voice.texts("where.within", place=whom, distance=prices.distance(radius_km, voice))


def _time(asked: Asked, voice: Voice) -> str:
    return time_phrase(asked.query, voice)


def _not(asked: Asked, voice: Voice) -> str:
    if asked.query.exclude is None:
        return ""
    unwanted = Asked(asked.query.exclude, asked.spellings)
    parts = (_what, _words, _who, _place, _time, _languages, _access)
    words = dates.listed([words for part in parts if (words := part(unwanted, voice))], voice)
    return voice.texts("what.not", unwanted=words) if words else ""


def _listed(keys: list[str], voice: Voice) -> str:
    return dates.listed([voice.texts(key) for key in keys], voice) if keys else ""


_LABELS: dict[str, Callable[[Asked, Voice], str]] = {
    "price": lambda asked, voice: _price(asked, voice) or _max_price(asked, voice),
    "time": _time,
    "place": _place,
    "who": _who,
    "what": _what,
    "words": lambda asked, voice: quoted(asked.query.words, asked, voice),
    "access": _access,
    "language": _languages,
    "not": _not,
}
