"""Where: places of the gazetteer and venues of the catalogue, a distance, and "near me".

A plain place filters; "near" a place is a circle around it, RADIUS_KM unless a distance is said. "Near me"
is a circle around the shared position; without one it asks for the place. Several places are alternatives,
so "near" before one of several asks for the places themselves. A place inside another that is named too
("Måløv i Ballerup") is the one that is meant.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from catalog.places import Place, distance_km, gazetteer
from catalog.query import Near, PlaceRef
from catalog.search.match import CatalogueWords
from catalog.text import words
from catalog.understanding.lexicon import LANGUAGES, Said, lexicon
from catalog.understanding.patterns import Patterns
from catalog.understanding.sentence import Sentence
from catalog.understanding.venue_names import other_names, short_names
from catalog.values import PlaceKind

RADIUS_KM = 10.0
"""Kilometres that "near" means when no distance is said (contract)."""

_LEAST_KM, _MOST_KM = 0.05, 300.0
_SHORTEST_BARE_VENUE = 5
_TOWN_KM = 5.0
# Four digits in here are a year as often as a postcode.
_YEARS = range(1500, 2041)


@dataclass(slots=True)
class Where:
    """What a question says about places. me: it means where the person is. near: the places that stand
    after a word such as "near". radius_km: a distance that was said."""

    places: list[PlaceRef] = field(default_factory=list)
    near: list[PlaceRef] = field(default_factory=list)
    me: bool = False
    radius_km: float | None = None

    def resolve(
        self, location: tuple[float, float] | None
    ) -> tuple[tuple[PlaceRef, ...], Near | None, str | None]:
        """The places that filter, the circle, and "place" when a position is needed and not known."""
        if (self.me or self.radius_km) and not self.places and not self.near:
            circle = Near(*location, self.radius_km or RADIUS_KM) if location else None
            return (), circle, None if circle else "place"
        named = [*self.places, *self.near]
        circled = self.near or (named if self.radius_km else [])
        if len(named) == 1 and circled and (circle := around(circled[0], self.radius_km)):
            return (), circle, None
        return tuple(named), None, None


def around(place: PlaceRef, radius_km: float | None) -> Near | None:
    """The circle around a place; None when nobody knows where it lies."""
    if place.latitude is None or place.longitude is None:
        return None
    return Near(place.latitude, place.longitude, radius_km or RADIUS_KM)


@cache
def _patterns() -> Patterns:
    return Patterns(lexicon(), "near", ("within",))


@cache
def _metres() -> frozenset[str]:
    lex = lexicon()
    return frozenset(word for data in lex.data.values() for word in words(data["list"]["metre"]))


@lru_cache(maxsize=2)
def _venues(catalogue: CatalogueWords) -> dict[tuple[str, ...], PlaceRef]:
    known = {
        tuple(words(folded)): PlaceRef(f"venue:{folded}", name, PlaceKind.VENUE, latitude, longitude)
        for folded, (name, latitude, longitude) in catalogue.venues.items()
    }
    return other_names(known) | known


@lru_cache(maxsize=2)
def _short_venues(catalogue: CatalogueWords) -> dict[str, PlaceRef]:
    return short_names({tuple(words(ref.name)): ref for ref in _venues(catalogue).values()})


@lru_cache(maxsize=2)
def _longest_from(catalogue: CatalogueWords) -> dict[str, int]:
    """How many words the longest name of a venue has that begins with each word."""
    longest: dict[str, int] = {}
    for first, *others in _venues(catalogue):
        longest[first] = max(longest.get(first, 0), 1 + len(others))
    return longest


def read_distance(sentence: Sentence, language: str, where: Where) -> None:
    """Take a distance ("inden for 5 km", "500 m away") out of `sentence`."""

    def accept(_: str, said: tuple[str, ...]) -> bool:
        number, unit = said[0].replace(" ", "").replace(",", "."), said[-1]
        kilometres = float(number) / (1000 if unit in _metres() else 1)
        if not _LEAST_KM <= kilometres <= _MOST_KM:
            return False
        where.radius_km = kilometres
        return True

    _patterns().read(sentence, language, "place", accept)


def read_venues(sentence: Sentence, catalogue: CatalogueWords, where: Where) -> None:
    """Take the venues that are named with two words or more."""
    for position, length, ref in _venue_spans(sentence, catalogue):
        _note(sentence, where, ref, position, length)


def read_makers(sentence: Sentence, catalogue: CatalogueWords) -> dict[int, str]:
    """Take the names after "by" ("by Aalborg Kulturskole"), by position: they tell who, not where."""
    marks = lexicon().marks["near"]
    makers: dict[int, str] = {}
    for position, length, _ in _venue_spans(sentence, catalogue):
        before = tuple(sentence.words[max(position - 1, 0) : position])
        if any("maker" in marks.exact(before, language) for language in LANGUAGES):
            makers[position] = " ".join(sentence.words[position : position + length])
            sentence.take(range(position, position + length), "what")
    return makers


def _venue_spans(sentence: Sentence, catalogue: CatalogueWords) -> list[tuple[int, int, PlaceRef]]:
    """Where the names of venues of two words or more stand: position, number of words, and the venue."""
    known, longest = _venues(catalogue), _longest_from(catalogue)
    spans: list[tuple[int, int, PlaceRef]] = []
    until = 0
    for position in [i for i, word in enumerate(sentence.words) if longest.get(word, 0) > 1]:
        most = min(longest[sentence.words[position]], len(sentence) - position) if position >= until else 0
        for length in range(most, 1, -1):
            name = sentence.words[position : position + length]
            if (ref := known.get(tuple(name))) and not named(" ".join(name)):
                spans.append((position, length, ref))
                until = position + length
                break
    return spans


def names_of_places(sentence: Sentence, language: str, catalogue: CatalogueWords) -> list[int]:
    """The positions of every word that stands in the name of a place or a venue as it is written."""
    part = sentence.only(range(len(sentence)))
    read_venues(part, catalogue, Where())
    found = [*place_spans(part, language), *_region_spans(part)]
    spans = [range(position, position + length) for position, length, _ in found]
    return [i for i, label in enumerate(part.labels) if label] + [i for span in spans for i in span]


def read_places(sentence: Sentence, language: str, catalogue: CatalogueWords, where: Where) -> None:
    """Take every place out of `sentence`, and the words of nearness before it."""
    inside: set[str] = set()
    for position, length, places in place_spans(sentence, language):
        is_centre = where.radius_km is not None or _nearness(sentence, position) > 0
        place = _meant(places, _follows(sentence, position + length), is_centre=is_centre)
        inside.update(place.municipalities if place.kind is not PlaceKind.MUNICIPALITY else ())
        _note(sentence, where, place.ref(), position, length)
    for position in sentence.free():
        ref = _venues(catalogue).get((sentence.words[position],))
        if ref and _names_a_venue(sentence, position, language):
            _note(sentence, where, ref, position, 1)
        short = _short_venues(catalogue).get(sentence.words[position])
        if short and _stands_after_preposition(sentence, position, language):
            _note(sentence, where, short, position, 1)
    where.places = [p for p in where.places if p.kind is not PlaceKind.MUNICIPALITY or p.name not in inside]
    where.places = [p for p in where.places if not _holds_a_venue(p, [*where.places, *where.near])]
    _read_regions(sentence, where, inside)


def _holds_a_venue(place: PlaceRef, named_places: list[PlaceRef]) -> bool:
    """Whether a venue that is named too lies in this place: "Gammelgaard i Herlev" is that house only. One
    that nobody knows the place of is believed to."""
    if place.kind is PlaceKind.VENUE:
        return False
    return any(_lies_in(ref, place) for ref in named_places if ref.kind is PlaceKind.VENUE)


def _lies_in(venue: PlaceRef, place: PlaceRef) -> bool:
    at, centre = (venue.latitude, venue.longitude), (place.latitude, place.longitude)
    if at[0] is None or at[1] is None or centre[0] is None or centre[1] is None:
        return True
    if place.kind is PlaceKind.MUNICIPALITY:
        around_it = gazetteer().nearest(at[0], at[1])
        return around_it is not None and place.name in around_it.municipalities
    return distance_km(at[0], at[1], centre[0], centre[1]) <= _TOWN_KM


def _read_regions(sentence: Sentence, where: Where, inside: set[str]) -> None:
    """Take the parts of the country ("på Vestegnen"): any of their municipalities, unless one is named."""
    for position, length, members in _region_spans(sentence):
        sentence.take(range(position, position + length), "place")
        chosen = {*inside, *(place.name for place in (*where.places, *where.near))}
        if not chosen.intersection(member.name for member in members):
            where.places += [member.ref() for member in members]


def _region_spans(sentence: Sentence) -> Iterator[tuple[int, int, tuple[Place, ...]]]:
    firsts = gazetteer().region_words
    for position in [i for i, word in enumerate(sentence.words) if word in firsts]:
        for length in (2, 1):
            name = sentence.words[position : position + length]
            if members := gazetteer().region(" ".join(name)):
                yield position, len(name), members
                break


def place_spans(sentence: Sentence, language: str) -> Iterator[tuple[int, int, tuple[Place, ...]]]:
    """Where places of the gazetteer stand: position, number of words, and the places so named."""
    position = 0
    while position < len(sentence.words):
        length, places = _place_at(sentence, position, language)
        if length:
            yield position, length, places
        position += max(length, 1)


def _place_at(sentence: Sentence, position: int, language: str) -> tuple[int, tuple[Place, ...]]:
    if sentence.labels[position]:
        return 0, ()
    longest = gazetteer().max_words if gazetteer().may_begin(sentence.words[position]) else 1
    for length in range(min(longest, len(sentence) - position), 0, -1):
        if any(sentence.labels[position : position + length]):
            continue
        span = sentence.tokens[position : position + length]
        places = named(" ".join(token.folded for token in span))
        if places and (length > 1 or _names_a_place(sentence, position, language)):
            return length, places
    return 0, ()


@lru_cache(maxsize=8192)
def named(text: str) -> tuple[Place, ...]:
    """The gazetteer's places of this name, best first."""
    return gazetteer().named(text)


def _names_a_place(sentence: Sentence, position: int, language: str) -> bool:
    """Whether a single word that is spelt like a place is meant as one."""
    word = sentence.words[position]
    if word.isdigit():
        return len(word) == 4 and int(word) not in _YEARS and not _said_before(sentence, position, ("kl",))
    everyday = lexicon().slots.exact((word,), language) or gazetteer().is_common_word(word)
    everyday = everyday or _heads_a_phrase(sentence, position, language)
    return not everyday or _stands_after_preposition(sentence, position, language)


def _heads_a_phrase(sentence: Sentence, position: int, language: str) -> bool:
    """Whether a word that is also a kind of thing is meant as that: "lejre med skak", "lejre i Herlev"."""
    if not lexicon().single(sentence.words[position], language):
        return False
    said = lexicon().marks["near"].exact((_follows(sentence, position + 1),), language)
    return "subject" in said or ("at" in said and bool(named(_follows(sentence, position + 2))))


def _said_before(sentence: Sentence, position: int, said: tuple[str, ...]) -> bool:
    return position > 0 and sentence.words[position - 1] in said


def _stands_after_preposition(sentence: Sentence, position: int, language: str) -> bool:
    marks = lexicon().marks["near"]
    before = sentence.words[max(position - 1, 0) : position]
    return bool(before) and bool({"at", "before"} & set(marks.exact(tuple(before), language)))


def _names_a_venue(sentence: Sentence, position: int, language: str) -> bool:
    word = sentence.words[position]
    lex = lexicon()
    if "house" in lex.marks["near"].exact((word,), language):
        return False
    if _stands_after_preposition(sentence, position, language):
        return Said("stop") not in lex.slots.exact((word,), language)
    return len(word) >= _SHORTEST_BARE_VENUE and not lex.single(word, language)


def _follows(sentence: Sentence, position: int) -> str:
    return sentence.words[position] if position < len(sentence) else ""


def _meant(places: tuple[Place, ...], after: str, *, is_centre: bool) -> Place:
    """Of places with one name the best, or the town when "by" or "town" comes after it, or when it is the
    middle of a circle: people mean the town, not the middle of its municipality's fields."""
    marks = lexicon().marks["near"]
    kinds = {kind for language in LANGUAGES for kind in marks.exact((after,), language)}
    if "town" in kinds or (is_centre and "municipality" not in kinds):
        return next((p for p in places if p.kind is PlaceKind.TOWN), places[0])
    return places[0]


def _note(sentence: Sentence, where: Where, ref: PlaceRef, position: int, length: int) -> None:
    before = _nearness(sentence, position)
    near = before > 0 and not (ref.kind is PlaceKind.VENUE and before == 1 and _at(sentence, position))
    chosen = where.near if near else where.places
    if ref not in chosen:
        chosen.append(ref)
    after = position + length
    sentence.take(
        range(position - before, after + _is_town_or_municipality(_follows(sentence, after))), "place"
    )


def _is_town_or_municipality(word: str) -> bool:
    marks = lexicon().marks["near"]
    return any({"town", "municipality"} & set(marks.exact((word,), language)) for language in LANGUAGES)


def _nearness(sentence: Sentence, position: int) -> int:
    """How many words before a place say "near"; 0 when none does."""
    marks = lexicon().marks["near"]
    for length in range(min(marks.longest, position), 0, -1):
        said = tuple(sentence.words[position - length : position])
        if any("before" in marks.exact(said, language) for language in LANGUAGES):
            return length
    return 0


def _at(sentence: Sentence, position: int) -> bool:
    """Whether the word before also says "at": "ved Nordkraft" is in that house, "nær Nordkraft" around it."""
    said = (sentence.words[position - 1],)
    return any("at" in lexicon().marks["near"].exact(said, language) for language in LANGUAGES)
