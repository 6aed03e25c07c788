"""The words that questions are understood by, in both languages at once: data in `lexicon/*.toml`."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import chain
from typing import Any

from catalog.search import analysis
from catalog.search.match import Vocabulary
from catalog.text import fold, skeleton, tokens, words
from catalog.understanding.phrases import Phrases
from catalog.values import AUDIENCE_AGES, Audience, Category, Format

LANGUAGES = ("da", "en")

_SLOT_WEIGHT, _PHRASE_WEIGHT, _STOP_WEIGHT = 3, 2, 1


@dataclass(frozen=True, slots=True)
class Tags:
    """A general word: it asks for whole categories and formats. are_lessons: for a way to learn something,
    of whatever format."""

    categories: tuple[Category, ...] = ()
    formats: tuple[Format, ...] = ()
    are_lessons: bool = False

    def __bool__(self) -> bool:
        return bool(self.categories or self.formats)

    def and_also(self, other: "Tags") -> "Tags":
        """What both ask for."""
        return Tags(
            tuple(dict.fromkeys(self.categories + other.categories)),
            tuple(dict.fromkeys(self.formats + other.formats)),
            self.are_lessons or other.are_lessons,
        )


@dataclass(frozen=True, slots=True)
class Thing:
    """A specific word of a concept ("keramik"), the same in both languages; `tags` stand in for it."""

    concept: str
    tags: Tags


@dataclass(frozen=True, slots=True)
class Group:
    """People: an audience, and the ages meant (None where a group has none)."""

    audience: Audience
    ages: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Said:
    """Anything else a phrase can say. slot: "access", "price", "tongue", "near", "examples", "stop" or
    "noise"."""

    slot: str
    value: str = ""


Meaning = Tags | Thing | Group | Said
NOTHING_SAID = Said("stop")


class Lexicon:
    """All words of both languages.

    slots: what a phrase asks for, or that it asks for nothing. marks: phrases that steer, by section ("say",
    "turn", "drop", "near", "negation"). numbers: number words. coins: words that name an amount of kroner.
    ordinals: words that count school classes. parts: what a word means inside a compound. data: the files
    themselves, by language. templates: the Danish
    ways of saying a number. spelt: folded words as they are written. of_time: every word of the time lexicon.
    vocabulary: these and all others, for repairs; skeletons: the same without Danish letters. telling: the
    words that only one language has; danish_skeletons: the Danish ones without their letters.
    """

    def __init__(self) -> None:
        self.data = {language: _read(language) for language in LANGUAGES}
        self.own = {language: frozenset(_folded(d["own"])) for language, d in self.data.items()}
        self._forms: dict[tuple[str, str], tuple[str, ...]] = {}
        self.slots: Phrases[Meaning] = Phrases(LANGUAGES)
        self.parts: Phrases[Meaning] = Phrases(LANGUAGES)
        self.marks: dict[str, Phrases[str]] = {
            name: Phrases(LANGUAGES) for name in ("say", "turn", "drop", "near", "negation")
        }
        self.numbers: Phrases[int] = Phrases(LANGUAGES)
        self.coins: Phrases[int] = Phrases(LANGUAGES)
        self.ordinals: Phrases[int] = Phrases(LANGUAGES)
        for language, data in self.data.items():
            self._load_slots(language, data)
            self._load_marks(language, data)
        self.of_time = frozenset(_words_of_time())
        self.templates = tuple(_templates(self.data["da"]))
        self.spelt = _spelt(file for code in LANGUAGES for file in (self.data[code], _read(f"when.{code}")))
        self._related = self._by_key()
        stops = map(fold, _split(self.data["da"]["stop"]))
        self._twins: dict[str, tuple[str, ...]] = {}
        self._bare_stops = frozenset(bare for stop in stops if (bare := skeleton(stop)) != stop)
        self.vocabulary = Vocabulary(self._weights())
        self.skeletons = frozenset(map(skeleton, self.vocabulary))
        self.telling = _telling({language: frozenset(self._words_of(language)) for language in LANGUAGES})
        self.danish_skeletons = frozenset(skeleton(w) for w in self.telling["da"] if skeleton(w) != w)

    @lru_cache(maxsize=8192)  # noqa: B019 (there is one lexicon, and it stays)
    def single(self, folded: str, language: str) -> tuple[Meaning, ...]:
        """What one word means: as it stands, else without its Danish letters, else by lemma or stem."""
        exact = self.slots.exact((folded,), language)
        if exact:
            return exact
        for key in analysis.related(folded):
            for word in self._related.get(key, ()):
                meanings = self.slots.exact((word,), language)
                if meanings:
                    return meanings
        return (NOTHING_SAID,) if language == "da" and folded in self._bare_stops else ()

    def forms(self, concept: str, language: str | None = None) -> tuple[str, ...]:
        """Every folded form of a concept, in one language or in both."""
        chosen = [language] if language else LANGUAGES
        return tuple(form for code in chosen for form in self._forms.get((concept, code), ()))

    def twins(self, concept: str) -> tuple[str, ...]:
        """The forms of a concept that may be searched for without having been said: not an English one that
        is another word in Danish ("tales")."""
        if concept not in self._twins:
            english = (f for f in self.forms(concept, "en") if "da" not in analysis.languages_of(f))
            self._twins[concept] = (*self.forms(concept, "da"), *english)
        return self._twins[concept]

    def all_forms(self) -> Iterator[str]:
        """Every folded form of every concept."""
        return (form for forms in self._forms.values() for form in forms)

    def lists(self, language: str) -> dict[str, str]:
        """The word lists that templates name; "tongue" is the names of all languages."""
        data = self.data[language]
        distances = f"{data['list']['km']},{data['list']['metre']}"
        return {**data["list"], "km": distances, "tongue": ",".join(tongues(data).values())}

    def _load_slots(self, language: str, data: Mapping[str, Any]) -> None:
        own = self.own[language]

        def add(phrases: str, meaning: Meaning, into: Phrases[Meaning] = self.slots) -> None:
            for phrase in _split(phrases):
                into.add(phrase, meaning, language, own)

        for key, phrases in data["kind"].items():
            add(phrases, _tags(key))
        for key, concepts in data["thing"].items():
            for concept, phrases in concepts.items():
                add(phrases, Thing(concept, _tags(key)))
                self._forms[concept, language] = tuple(" ".join(words(phrase)) for phrase in _split(phrases))
        for group in data["group"]:
            add(group["words"], _group(group))
        for access, phrases in data["access"].items():
            add(phrases, Said("access", access))
        for key in ("free", "cheap"):
            add(data["price"][key], Said("price", key))
        add(data["near"]["me"], Said("near", "me"))
        add(data["tongue"]["no_danish"], Said("tongue", "en"))
        add(data["noise"], Said("noise"))
        add(data["examples"], Said("examples"))
        for key, phrases in data["part"].items():
            add(phrases, _part(key), self.parts)
        self._load_stops(language, data["stop"])

    def _load_stops(self, language: str, stops: str) -> None:
        for word in _split(stops):
            if not self.slots.exact(words(word), language):
                self.slots.add(word, NOTHING_SAID, language, frozenset())

    def _load_marks(self, language: str, data: Mapping[str, Any]) -> None:
        own = self.own[language]
        sections = {name: data[name] for name in ("say", "turn", "near", "negation")}
        sections["drop"] = data["turn"]["drop"]
        for name, section in sections.items():
            for value, phrases in section.items():
                for phrase in _split(phrases) if isinstance(phrases, str) else ():
                    self.marks[name].add(phrase, value, language, own)
        for word, number in data["numbers"].items():
            self.numbers.add(word, number, language, own)
        for word, number in data["ordinals"].items():
            self.ordinals.add(word, number, language, own)
        for word, number in data["price"].get("coins", {}).items():
            self.coins.add(word, number, language, own)

    def _by_key(self) -> dict[str, list[str]]:
        """Single words that ask for something, by the keys under which their relatives meet."""
        found: dict[str, list[str]] = {}
        for key in self.slots:
            meanings = [m for language in LANGUAGES for m in self.slots.exact(key, language)]
            if len(key) == 1 and NOTHING_SAID not in meanings and key[0].isalpha():
                for related in analysis.related(key[0]):
                    found.setdefault(related, []).append(key[0])
        return found

    def _words_of(self, language: str) -> Iterator[str]:
        """The single words of a language's files, and the words that tell it by themselves."""
        for data in (self.data[language], _read(f"when.{language}")):
            for phrase in _strings(data):
                yield from (key[0] for part in phrase.split(",") if len(key := words(part)) == 1)
        yield from map(fold, self.data[language]["numbers"])

    def _weights(self) -> dict[str, int]:
        steering = chain(*self.marks.values(), self.numbers, self.coins)
        weights = dict.fromkeys(chain.from_iterable(steering), _STOP_WEIGHT)
        for key in self.slots:
            stop = all(NOTHING_SAID in self.slots.exact(key, language) for language in LANGUAGES)
            asking = _SLOT_WEIGHT if len(key) == 1 else _PHRASE_WEIGHT
            for word in key:
                weights[word] = max(weights.get(word, 0), _STOP_WEIGHT if stop else asking)
        # "så" is a word of time in "så snart som muligt", and a word of nothing else.
        of_time = {word: _SLOT_WEIGHT if weights.get(word) != _PHRASE_WEIGHT else 2 for word in self.of_time}
        return weights | of_time


@cache
def lexicon() -> Lexicon:
    """The one lexicon, read once."""
    return Lexicon()


def _read(name: str) -> dict[str, Any]:
    file = resources.files(__package__).joinpath("lexicon", f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def tongues(data: Mapping[str, Any]) -> dict[str, str]:
    """The names of languages by ISO 639-1 code."""
    return {code: names for code, names in data["tongue"].items() if len(code) == 2}


def _words_of_time() -> Iterator[str]:
    for language in LANGUAGES:
        file = _read(f"when.{language}")
        for phrase in _strings({kind: entries for kind, entries in file.items() if kind != "never"}):
            yield from (word for word in words(phrase) if word.isalpha())


def _spelt(files: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Folded words and how they are written, where that differs."""
    phrases = (phrase for file in files for phrase in _strings(file))
    written = (token for phrase in phrases for token in tokens(phrase))
    return {token.folded: token.text for token in written if token.folded != token.text}


def _telling(by_language: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {
        language: own.difference(*(other for code, other in by_language.items() if code != language))
        for language, own in by_language.items()
    }


def _strings(data: Mapping[str, Any]) -> Iterator[str]:
    """Every phrase list in a file; the audience of a group names it and is no phrase."""
    for key, value in data.items():
        if isinstance(value, str) and key != "audience":
            yield value
        tables: list[Any] = value if isinstance(value, list) else [value]
        for table in tables:
            if isinstance(table, dict):
                yield from _strings(table)


def _templates(data: Any) -> Iterator[str]:
    tables = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    for value in tables:
        if isinstance(value, str) and isinstance(data, list):
            yield value
        else:
            yield from _templates(value)


def _split(phrases: str) -> Iterator[str]:
    return (phrase.strip() for phrase in phrases.split(",") if phrase.strip())


def _folded(phrases: str) -> Iterable[str]:
    return (fold(phrase) for phrase in _split(phrases))


def _tags(key: str) -> Tags:
    names = key.split()
    return Tags(
        tuple(Category(name) for name in names if name in set(Category)),
        tuple(Format(name) for name in names if name in set(Format)),
        are_lessons="lessons" in names,
    )


def _group(group: Mapping[str, Any]) -> Group:
    audience = Audience(group["audience"])
    ages = group.get("ages")
    return Group(audience, (ages[0], ages[1]) if ages else AUDIENCE_AGES.get(audience))


def _part(key: str) -> Meaning:
    if key in set(Audience):
        audience = Audience(key)
        return Group(audience, AUDIENCE_AGES.get(audience))
    return NOTHING_SAID if key == "none" else _tags(key)
