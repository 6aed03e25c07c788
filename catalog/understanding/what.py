"""What is asked for: categories, formats, and words to search by.

A general word ("musik", "workshops") filters by its category and format. A specific one ("keramik",
"podcast") says more than its category does: it is searched for as a word, and any other form of the same
concept in either language will do as well. Its category does not filter while the names in the catalogue know
the concept. When they do not, it filters too: the word may still stand in a text, and when it does not,
search gives the words up, says so, and is left with the category. Only "community" is too wide for that: a
flea market that nobody holds is not answered with every get-together.
Specific words joined as alternatives ("rap eller dj") are one: any of them will do. One that is joined with a
general word ("yoga og musik") becomes its category, as the other already is.
A compound of general parts ("musikworkshop", "børneteater") is its parts.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from catalog.search.match import CatalogueWords, Vocabulary
from catalog.understanding.lexicon import NOTHING_SAID, Group, Meaning, Tags, Thing, lexicon
from catalog.understanding.sentence import Sentence
from catalog.values import Category, Format

_SHORTEST_PART, _SHORTEST_COMPOUND, _SHORTEST_PREFIX = 3, 6, 5
_LONGEST_COMPOUND = 40
_TOO_WIDE = (Category.COMMUNITY,)
_CHOICES = frozenset({"eller", "or"})
_JOINTS = _CHOICES | {"og", "and", "samt"}
_ANY_JOINT = _JOINTS | {","}
_LINKS = ("s", "e")


@dataclass(slots=True)
class Searched:
    """What is to be searched for: see `Query.words` and `Query.alike`."""

    words: list[str] = field(default_factory=list)
    alike: list[tuple[str, ...]] = field(default_factory=list)

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
    """What a question asks for. general: where categories were named. things: specific words by their
    position in the sentence, with the folded form that was said. words: plain words to be searched for, by
    position. joints: the words and commas that join alternatives, by position."""

    categories: list[Category] = field(default_factory=list)
    formats: list[Format] = field(default_factory=list)
    general: list[int] = field(default_factory=list)
    things: dict[int, tuple[Thing, str]] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    joints: dict[int, str] = field(default_factory=dict)

    def add_general(self, tags: Tags, position: int) -> None:
        """Note a general word."""
        self._filter_by(tags)
        if tags.categories:
            self.general.append(position)

    def add_thing(self, thing: Thing, said: str, position: int) -> None:
        """Note a specific word, once for each concept."""
        if all(thing.concept != known.concept for known, _ in self.things.values()):
            self.things[position] = (thing, said)

    def settle(self, catalogue: CatalogueWords, *, negated: bool = False) -> Searched:
        """The words to search by, in order, and what will do instead of some of them.

        A negated thing never filters by its category: who wants no jazz may still want music."""
        said = self.words | {position: form for position, (_, form) in self.things.items()}
        searched = Searched()
        for positions in self._alternatives(sorted(said)):
            things = [self.things[position][0] for position in positions if position in self.things]
            general = not negated and any(map(self._is_beside_general, positions))
            if general and self._let_stand_in(things):
                continue
            searched.add([said[position] for position in positions], things)
            if not self.general and not negated and not is_known(things, catalogue):
                self._let_stand_in(things)
        return searched

    def _let_stand_in(self, things: list[Thing]) -> bool:
        """Let the categories of these things filter; whether they have any that are not too wide."""
        usable = [thing.tags for thing in things if thing.tags and thing.tags.categories != _TOO_WIDE]
        for tags in usable:
            self._filter_by(tags)
        return bool(usable)

    def _is_beside_general(self, position: int) -> bool:
        """Whether a thing and a general word are alternatives: "yoga og musik"."""
        return position in self.things and any(
            self._joined(position, other, _JOINTS) for other in self.general
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
        asked = (*self.things, *self.words, *self.general)
        return any(first < at <= last and joint in by for at, joint in self.joints.items()) and not any(
            first < position < last for position in asked
        )


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

    In this order: as in the lexicon, inflected, a compound of general words, a word of the catalogue's names
    (which means nothing more), any other compound."""
    lex = lexicon()
    single = lex.single(folded, language)
    if single:
        return single
    parts = compound(folded, language)
    return () if folded in catalogue.words and not _says_what_kind(parts) else parts


def _says_what_kind(parts: tuple[Meaning, ...]) -> bool:
    """Whether a compound is general and names people or a format ("børneteater", "musikworkshop"); another
    one may as well be a name ("MusikTeatret", "keramikskolen")."""
    general = not any(isinstance(part, Thing) for part in parts)
    return general and any(
        isinstance(part, Group) or (isinstance(part, Tags) and part.formats) for part in parts
    )


@lru_cache(maxsize=4096)
def compound(folded: str, language: str) -> tuple[Meaning, ...]:
    """What the parts of a compound mean together; () for a word that does not fall into known parts."""
    if not _SHORTEST_COMPOUND <= len(folded) <= _LONGEST_COMPOUND or not folded.isalpha():
        return ()
    for at in range(_SHORTEST_PART, len(folded) - _SHORTEST_PART + 1):
        modifier = _modifier(folded[:at], language)
        if modifier and (head := _head(folded[at:], language)):
            return _together(modifier, head)
    return ()


def _head(word: str, language: str) -> tuple[Meaning, ...]:
    lex = lexicon()
    return (
        lex.parts.exact((word,), language) or _asking(lex.single(word, language)) or compound(word, language)
    )


def _modifier(word: str, language: str) -> tuple[Meaning, ...]:
    lex = lexicon()
    for spelling in (word, *(word[:-1] for link in _LINKS if word.endswith(link))):
        found = lex.parts.exact((spelling,), language) or _asking(lex.slots.exact((spelling,), language))
        if found:
            return found
    return ()


def _asking(meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    return tuple(m for m in meanings if isinstance(m, Tags | Thing | Group))


def _together(modifier: tuple[Meaning, ...], head: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
    asking = _asking((*modifier, *head))
    return asking or (NOTHING_SAID,)


def joints(sentence: Sentence) -> dict[int, str]:
    """The words and commas that join alternatives, by position; a comma stands at the word after it."""
    commas = {position: "," for position in range(len(sentence)) if "," in sentence.gap(position)}
    joining = {i: token.folded for i, token in enumerate(sentence.tokens) if token.folded in _JOINTS}
    return commas | joining
