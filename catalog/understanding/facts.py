"""The facts of one sentence: every finder in its turn, each taking what it understood from the next.

Order matters: quotations and names first, then numbers with their units (so that an age is no date), phrases
of several words (so that "game night" is no night), time, place, single words, and what is left.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from catalog.query import Query
from catalog.search.match import CatalogueWords
from catalog.text import words
from catalog.understanding.lexicon import Group, Meaning, Said, Tags, Thing, lexicon, tongues
from catalog.understanding.maker_names import read_maker_names
from catalog.understanding.ordinary import in_doubt, is_only_ordinary, title_around
from catalog.understanding.patterns import Patterns
from catalog.understanding.price import CHEAP, Price, read_price
from catalog.understanding.sentence import NOISE, Sentence
from catalog.understanding.what import What, joints, meanings_of
from catalog.understanding.when import When, find_when
from catalog.understanding.where import Where, named, read_distance, read_makers, read_places, read_venues
from catalog.understanding.who import Who, read_ages
from catalog.values import Access

_QUOTED = re.compile(r"[\"“”„«»][^\"“”„«»]*\w[^\"“”„«»]*[\"“”„«»]")


@dataclass(frozen=True, slots=True)
class Setting:
    """What a sentence is understood in: its language, the instant, and the names of the catalogue."""

    language: str
    now: datetime
    catalogue: CatalogueWords


@dataclass(slots=True)
class Facts:
    """Everything that one sentence says."""

    when: When | None = None
    where: Where = field(default_factory=Where)
    who: Who = field(default_factory=Who)
    what: What = field(default_factory=What)
    price: Price = field(default_factory=Price)
    access: list[Access] = field(default_factory=list)
    tongues: list[str] = field(default_factory=list)

    def query(
        self, setting: Setting, location: tuple[float, float] | None, *, negated: bool = False
    ) -> tuple[Query, str | None]:
        """The question these facts make, and what it asks back ("place" or None)."""
        places, near, asks = self.where.resolve(location)
        self.what.settle_doubts(asked=bool(places or near or asks) or self._asks_without_what())
        searched = self.what.settle(setting.catalogue, negated=negated)
        query = Query(
            language=setting.language,
            places=places,
            near=near,
            ages=self.who.said_ages(),
            audiences=tuple(self.who.audiences),
            categories=tuple(self.what.categories),
            formats=tuple(self.what.formats),
            free=self.price.free,
            max_price=None if self.price.free else self.price.max_price,
            accessibility=tuple(self.access),
            languages=tuple(self.tongues),
            words=tuple(searched.words),
            alike=tuple(searched.alike),
            kinds=tuple(dict.fromkeys(searched.kinds)),
            origin=location,
            **_time(self.when),
        )
        return query, asks

    def _asks_without_what(self) -> bool:
        """Whether time, people, price, access or language are asked for."""
        timed = self.when is not None and any(_time(self.when).values())
        return bool(
            timed
            or self.who.ages
            or self.who.audiences
            or self.price.free
            or self.price.max_price
            or self.access
            or self.tongues
        )


def _time(when: When | None) -> dict[str, Any]:
    names = ("windows", "weekdays", "from_time", "until_time", "now_asked", "starts_only")
    return {name: getattr(when, name) for name in names} if when else {}


def read_amounts(sentence: Sentence, language: str, facts: Facts) -> None:
    """Take prices and distances, which hold words that would negate ("ikke over 100 kr")."""
    read_price(sentence, language, facts.price)
    read_distance(sentence, language, facts.where)


def read_facts(sentence: Sentence, setting: Setting, facts: Facts) -> None:
    """Take everything out of `sentence` that can be understood; what is left becomes words."""
    language = setting.language
    facts.what.joints = joints(sentence)
    _read_quotations(sentence, facts)
    facts.what.words |= read_makers(sentence, setting.catalogue)
    read_venues(sentence, setting.catalogue, facts.where)
    facts.what.words |= read_maker_names(sentence, setting.catalogue)
    read_ages(sentence, language, facts.who)
    _read_phrases(sentence, language, facts)
    _read_tongues(sentence, language, facts)
    _read_time(sentence, setting, facts)
    read_places(sentence, language, setting.catalogue, facts.where)
    _read_nearness(sentence, language, facts)
    _read_words(sentence, setting, facts)


def _read_time(sentence: Sentence, setting: Setting, facts: Facts) -> None:
    """Take the words of time; those that surely ask for something else are hidden meanwhile."""
    part = sentence.only(i for i in sentence.free() if not _is_of_another_kind(sentence.words[i], setting))
    facts.when = find_when(part.visible_tokens(), part.visible_text(), setting.now, setting.language)
    sentence.take(facts.when.used, "time")


def _is_of_another_kind(word: str, setting: Setting) -> bool:
    if word in lexicon().of_time:
        return False
    asking = any(not isinstance(m, Said) for m in lexicon().single(word, setting.language))
    return asking or (len(word) > 3 and bool(named(word)))


def _read_quotations(sentence: Sentence, facts: Facts) -> None:
    for match in _QUOTED.finditer(sentence.text):
        inside = [i for i in sentence.free() if match.start() < sentence.tokens[i].start < match.end()]
        facts.what.words.update((i, sentence.words[i]) for i in inside)
        sentence.take(inside, "what")


@cache
def _tongue_patterns() -> Patterns:
    return Patterns(lexicon(), "tongue", ("said",), counting=False)


@cache
def _codes() -> dict[str, str]:
    return {
        " ".join(words(name)): code
        for data in lexicon().data.values()
        for code, names in tongues(data).items()
        for name in names.split(",")
    }


def _read_tongues(sentence: Sentence, language: str, facts: Facts) -> None:
    def accept(_: str, said: tuple[str, ...]) -> bool:
        code = next(_codes()[name] for name in said if name)
        if code not in facts.tongues:
            facts.tongues.append(code)
        return True

    if any(word in _codes() for word in sentence.words):
        _tongue_patterns().read(sentence, language, "tongue", accept)


def _read_phrases(sentence: Sentence, language: str, facts: Facts) -> None:
    """Take phrases of two words or more, except those of nearness: a place may follow them."""
    for position, length, meanings in lexicon().slots.all_in(sentence, language):
        if length > 1 and not any(isinstance(m, Said) and m.slot == "near" for m in meanings):
            apply(sentence, range(position, position + length), meanings, facts)


def _read_nearness(sentence: Sentence, language: str, facts: Facts) -> None:
    for position, length, meanings in lexicon().slots.all_in(sentence, language):
        if Said("near", "me") in meanings:
            apply(sentence, range(position, position + length), meanings, facts)
    last = len(sentence) - 1
    if last >= 0 and "here" in lexicon().marks["near"].exact((sentence.words[last],), language):
        facts.where.me = True
        sentence.take([last], "place")


def _read_words(sentence: Sentence, setting: Setting, facts: Facts) -> None:
    for position in sentence.free():
        token = sentence.tokens[position]
        if sentence.labels[position]:
            continue
        meanings = meanings_of(token.folded, setting.language, setting.catalogue)
        if meanings and not is_only_ordinary(token.folded, setting.language):
            apply(sentence, range(position, position + 1), meanings, facts)
        elif len(title := title_around(sentence, position, setting.catalogue)) > 1:
            _note_title(sentence, title, position, facts.what)
        elif in_doubt(sentence, position, setting.language, setting.catalogue):
            if not token.folded.isdigit() or token.folded in setting.catalogue.words:
                facts.what.doubtful[position] = token.folded
            sentence.take([position], NOISE)
        else:
            facts.what.words[position] = token.folded
            sentence.take([position], "what")


def _note_title(sentence: Sentence, title: range, position: int, what: What) -> None:
    """Search for these words together, and not for what some of them mean by themselves."""
    what.words[position] = " ".join(sentence.tokens[i].folded for i in title)
    for inside in title:
        if what.things.pop(inside, None):
            what.general.pop(inside, None)
    sentence.take(title, "what")


def apply(sentence: Sentence, positions: range, meanings: Iterable[Meaning], facts: Facts) -> None:
    """Note what a phrase means, and take it; one without meaning is labelled NOISE."""
    labels = [_note(meaning, sentence, positions, facts) for meaning in meanings]
    sentence.take(positions, next((label for label in labels if label), NOISE))


def _note(meaning: Meaning, sentence: Sentence, positions: range, facts: Facts) -> str:
    match meaning:
        case Tags():
            facts.what.add_general(meaning, positions.start)
            return "what"
        case Thing():
            said = " ".join(sentence.tokens[i].folded for i in positions)
            facts.what.add_thing(meaning, said, positions.start)
            return "what"
        case Group():
            facts.who.add_group(meaning)
            return "who"
        case Said():
            return _note_said(meaning, facts)


def _note_said(said: Said, facts: Facts) -> str:
    match said.slot, said.value:
        case "access", access:
            if access not in facts.access:
                facts.access.append(Access(access))
        case "price", "free":
            facts.price.free = not facts.price.in_kroner
        case "price", "cheap":
            facts.price.max_price = facts.price.max_price or CHEAP
        case "tongue", code:
            if code not in facts.tongues:
                facts.tongues.append(code)
        case "near", _:
            facts.where.me = True
        case "examples", _:
            facts.what.by_example = True
            return ""
        case _:
            return ""
    return {"near": "place"}.get(said.slot, said.slot)
