"""Other names of a venue: in English ("Ishøj library"), turned round ("biblioteket i Ishøj"), familiar ("the
Viking Ship Museum"), or short ("Baltoppen" for "Baltoppen LIVE"). Only venues of the catalogue have any."""

from collections.abc import Iterator, Mapping
from functools import cache

from catalog.places import gazetteer
from catalog.query import PlaceRef
from catalog.search import analysis
from catalog.text import skeleton, words
from catalog.understanding.lexicon import lexicon
from catalog.understanding.sayings import read

Name = tuple[str, ...]

_SHORTEST = 5
_IN = ("i", "in")


def other_names(venues: Mapping[Name, PlaceRef]) -> dict[Name, PlaceRef]:
    """The other names of these venues; one that two of them would share names neither."""
    found: dict[Name, PlaceRef] = {}
    shared: set[Name] = set()
    for name, venue in venues.items():
        others = (*_familiar().get(name, ()), *_put_otherwise(name))
        for other in dict.fromkeys((*others, *map(_bare, (name, *others)))):
            if found.setdefault(other, venue) != venue:
                shared.add(other)
    return {name: venue for name, venue in found.items() if name not in shared}


def short_names(venues: Mapping[Name, PlaceRef]) -> dict[str, PlaceRef]:
    """The words that only one venue has in its name of several, and that are no other word or place."""
    found: dict[str, PlaceRef] = {}
    shared: set[str] = set()
    for name, venue in venues.items():
        for word in name:
            if found.setdefault(word, venue) != venue:
                shared.add(word)
    return {word: venue for word, venue in found.items() if word not in shared and _is_a_name(word)}


def _bare(name: Name) -> Name:
    """The name in letters that every keyboard has, where it is long enough to be no other word."""
    return tuple(map(skeleton, name)) if len(name) > 1 else name


def _is_a_name(word: str) -> bool:
    known = lexicon().single(word, "da") or lexicon().single(word, "en") or analysis.languages_of(word)
    return len(word) >= _SHORTEST and not known and not gazetteer().named(word)


@cache
def _familiar() -> dict[Name, tuple[Name, ...]]:
    return {words(own): _phrases(others) for own, others in read("venues")["name"].items()}


@cache
def _heads() -> tuple[tuple[frozenset[str], tuple[Name, ...], tuple[Name, ...]], ...]:
    return tuple(
        (frozenset(words(head["own"])), _phrases(head["beside"]), _phrases(head["before"]))
        for head in read("venues")["head"]
    )


def _phrases(listed: str) -> tuple[Name, ...]:
    return tuple(words(phrase) for phrase in listed.split(",") if phrase.strip())


def _put_otherwise(name: Name) -> Iterator[Name]:
    """ "Ishøj Bibliotek", "Kulturskolen Roskilde" and "Hovedbiblioteket i Aalborg" said with another head."""
    parted = _place_and_head(name)
    for own, beside, before in _heads():
        if parted and parted[1] in own:
            place = parted[0]
            yield from ((*place, *head) for head in beside)
            yield from ((*head, *place) for head in before)
            yield from ((*head, joint, *place) for head in before for joint in _IN)


def _place_and_head(name: Name) -> tuple[Name, str] | None:
    if len(name) > 1 and gazetteer().named(" ".join(name[:-1])):
        return name[:-1], name[-1]
    rest = name[2:] if name[1:2] == ("i",) else name[1:]
    return (rest, name[0]) if rest and gazetteer().named(" ".join(rest)) else None
