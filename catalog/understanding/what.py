"""What is asked for: categories, formats, and words to search by.

A general word ("musik", "workshops") filters by its category and format. A specific one ("keramik",
"podcast") says more than its category does: it is searched for as a word, and any other form of the same
concept in either language will do as well. Its category does not filter while the names in the catalogue know
the concept. When they do not, it filters too: the word may still stand in a text, and when it does not,
search gives the words up, says so, and is left with the category. Only "community" is too wide for that: a
flea market that nobody holds is not answered with every get-together.
Specific words joined as alternatives ("rap eller dj") are one: any of them will do. One that is joined with a
general word ("yoga og musik") becomes its category, as the other already is.
A compound of general parts ("musikworkshop", "børneteater") is its parts. One that names a format asks for
that format too ("quizworkshop"), and is searched for by itself and by its subject.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from catalog.search.match import CatalogueWords, Vocabulary
from catalog.understanding.compounds import compound
from catalog.understanding.lexicon import Group, Meaning, Tags, Thing, lexicon
from catalog.understanding.sentence import Sentence
from catalog.values import Category, Format

_SHORTEST_PREFIX = 5
_TOO_WIDE = (Category.COMMUNITY,)
_LESSONS_TOO = (Format.WORKSHOP, Format.CLUB)
_CHOICES = frozenset({"eller", "or"})
_JOINTS = _CHOICES | {"og", "and", "samt"}
_ANY_JOINT = _JOINTS | {","}


@dataclass(slots=True)
class Searched:
    """What is to be searched for: see `Query.words`, `Query.alike` and `Query.kinds`."""

    words: list[str] = field(default_factory=list)
    alike: list[tuple[str, ...]] = field(default_factory=list)
    kinds: list[Category] = field(default_factory=list)

    def add(self, said: list[str], things: list[Thing]) -> None:
        """Search for any of what was said or of the forms of these things."""
        if said[0] in self.words:
            return
        forms = [form for thing in things for form in lexicon().twins(thing.concept)]
        self.words.append(said[0])
        if others := tuple(dict.fromkeys((*said, *forms)))[1:]:
            self.alike.append((said[0], *others))


@dataclass(slots=True)
class What:
    """What a question asks for. general: what was named in general, by its position in the sentence. things:
    specific words by position, with the folded form that was said; a compound may be both. words: plain words
    to be searched for, by position. doubtful: those that are likely small talk. joints: the words and commas
    that join alternatives, by position. by_example: the things are only examples of their categories ("yoga
    or something like that"). categories, formats: what filters, once it is settled."""

    categories: list[Category] = field(default_factory=list)
    formats: list[Format] = field(default_factory=list)
    general: dict[int, Tags] = field(default_factory=dict)
    things: dict[int, tuple[Thing, str]] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    doubtful: dict[int, str] = field(default_factory=dict)
    joints: dict[int, str] = field(default_factory=dict)
    by_example: bool = False

    def add_general(self, tags: Tags, position: int) -> None:
        """Note a general word, or a general part of a compound."""
        self.general[position] = self.general.get(position, Tags()).and_also(tags)

    def add_thing(self, thing: Thing, said: str, position: int) -> None:
        """Note a specific word, once for each concept."""
        if all(thing.concept != known.concept for known, _ in self.things.values()):
            self.things[position] = (thing, said)

    def settle_doubts(self, *, asked: bool) -> None:
        """Search for doubtful words too when neither a subject nor anything else is `asked` for."""
        if not (asked or self.things or self.words or any(self.general.values())):
            self.words |= self.doubtful
        self.doubtful = {}

    def settle(self, catalogue: CatalogueWords, *, negated: bool = False) -> Searched:
        """The words to search by, in order, and what will do instead of some of them.

        A negated thing never filters by its category: who wants no jazz may still want music."""
        said = self.words | {position: form for position, (_, form) in self.things.items()}
        self._filter_by_general(negated=negated)
        groups = list(self._alternatives(sorted(said)))
        stood_in = [] if negated else list(filter(self._is_stood_in, groups))
        searched = Searched()
        for positions in groups:
            things = [self.things[p][0] for p in positions if self._is_thing(p, negated=negated)]
            if (positions in stood_in or (stood_in and self._covers(things))) and self._let_stand_in(things):
                continue
            searched.add([said[position] for position in positions], things)
            if self._categories_named() or negated:
                continue
            if is_known(things, catalogue):
                searched.kinds += _kinds_of(things)
            else:
                self._let_stand_in(things)
        return searched

    def _filter_by_general(self, *, negated: bool) -> None:
        for position, tags in self.general.items():
            # No keramikworkshop is no word against other workshops.
            if not (negated and position in self.things):
                self._filter_by(tags)
        taught = self.things or self._categories_named()
        if taught and not negated and any(tags.are_lessons for tags in self.general.values()):
            # Who takes "skateboarding lessons" or "dance classes" may as well join the club.
            self.formats.extend(f for f in _LESSONS_TOO if f not in self.formats)

    def _is_thing(self, position: int, *, negated: bool) -> bool:
        return position in self.things and not (negated and position in self.general)

    def _categories_named(self) -> list[int]:
        """The positions where categories were named."""
        return [position for position, tags in self.general.items() if tags.categories]

    def _covers(self, things: list[Thing]) -> bool:
        """Whether the categories asked for are all that these things belong to."""
        return bool(things) and all(set(thing.tags.categories) <= set(self.categories) for thing in things)

    def _let_stand_in(self, things: list[Thing]) -> bool:
        """Let the categories of these things filter; whether they have any that are not too wide."""
        usable = [thing.tags for thing in things if thing.tags and thing.tags.categories != _TOO_WIDE]
        for tags in usable:
            self._filter_by(tags)
        return bool(usable)

    def _is_stood_in(self, group: list[int]) -> bool:
        """Whether the categories of the things in a group say what is asked for."""
        return self.by_example or any(map(self._is_beside_general, group))

    def _is_beside_general(self, position: int) -> bool:
        """Whether a thing and a general word are alternatives: "yoga og musik"."""
        return position in self.things and any(
            self._joined(position, other, _JOINTS) for other in self._categories_named()
        )

    def _filter_by(self, tags: Tags) -> None:
        self.categories.extend(c for c in tags.categories if c not in self.categories)
        self.formats.extend(f for f in tags.formats if f not in self.formats)

    def _alternatives(self, positions: list[int]) -> Iterator[list[int]]:
        """The positions in order, those together of which any will do. Plain words only where "or" joins
        them: a title may hold an "and"."""
        group: list[int] = []
        for position in positions:
            both_things = group and group[-1] in self.things and position in self.things
            if group and not self._joined(group[-1], position, _ANY_JOINT if both_things else _CHOICES):
                yield group
                group = []
            group.append(position)
        if group:
            yield group

    def _joined(self, one: int, other: int, by: frozenset[str]) -> bool:
        """Whether one of these joints stands between two positions, and nothing else that is asked for."""
        first, last = sorted((one, other))
        asked = (*self.things, *self.words, *self._categories_named())
        return any(first < at <= last and joint in by for at, joint in self.joints.items()) and not any(
            first < position < last for position in asked
        )


def _kinds_of(things: Iterable[Thing]) -> list[Category]:
    """The categories of these things that say enough."""
    usable = (thing.tags.categories for thing in things if thing.tags.categories != _TOO_WIDE)
    return [category for categories in usable for category in categories]


def is_known(things: Iterable[Thing], catalogue: CatalogueWords) -> bool:
    """Whether a form of one of the things stands in a name of the catalogue, or begins a word there."""
    known = _known_forms(catalogue.words)
    return any(form in known for thing in things for form in lexicon().forms(thing.concept))


@lru_cache(maxsize=2)
def _known_forms(vocabulary: Vocabulary) -> frozenset[str]:
    """The forms of all concepts that a name holds; "keramikværksted" holds "keramik"."""
    held = sorted(vocabulary)

    def stands(word: str) -> bool:
        if len(word) < _SHORTEST_PREFIX:
            return word in vocabulary
        at = bisect_left(held, word)
        return at < len(held) and held[at].startswith(word)

    forms = lexicon().all_forms()
    return frozenset(form for form in forms if form and all(map(stands, form.split(" "))))


def meanings_of(folded: str, language: str, catalogue: CatalogueWords) -> tuple[Meaning, ...]:
    """What one word means by itself; () when it is to be searched for as it stands.

    In this order: as in the lexicon or inflected, a compound of general words or one that names a format, a
    word of the catalogue's names (which means nothing more), any other compound."""
    single = lexicon().single(folded, language)
    if single:
        return single
    parts = compound(folded, language)
    return () if folded in catalogue.words and not _says_what_kind(parts) else parts


def _says_what_kind(parts: tuple[Meaning, ...]) -> bool:
    """Whether a compound names a format ("quizworkshop"), or is general and names people ("børneteater");
    another one may as well be a name ("MusikTeatret", "keramikskolen")."""
    general = not any(isinstance(part, Thing) for part in parts)
    return any(
        (isinstance(part, Group) and general) or (isinstance(part, Tags) and part.formats) for part in parts
    )


def joints(sentence: Sentence) -> dict[int, str]:
    """The words and commas that join alternatives, by position; a comma stands at the word after it."""
    positions = range(len(sentence)) if "," in sentence.text else ()
    commas = {position: "," for position in positions if "," in sentence.gap(position)}
    joining = {i: token.folded for i, token in enumerate(sentence.tokens) if token.folded in _JOINTS}
    return commas | joining
