"""Tables of phrases: the longest one at a place in a sentence, and what it means.

Both languages are understood at once. Words in the `own` list of a file mean what it says only in a question
of its language: "men" is "but" in Danish and people in English.
"""

from collections.abc import Iterator
from typing import Generic, TypeVar

from catalog.text import words
from catalog.understanding.sentence import Sentence

Value = TypeVar("Value")


class Phrases(Generic[Value]):
    """Phrases and their values, by folded words; the longest at a place wins."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, ...], list[tuple[Value, str, bool]]] = {}
        self._longest_from: dict[str, int] = {}
        self.longest = 1

    def add(self, phrase: str, value: Value, language: str, own: frozenset[str]) -> None:
        """Let `phrase` mean `value` too; only in questions of `language` where it is one of its `own`."""
        key = words(phrase)
        meanings = self._values.setdefault(key, [])
        if key and all(value != known for known, _, _ in meanings):
            meanings.append((value, language, len(key) == 1 and key[0] in own))
            self._longest_from[key[0]] = max(self._longest_from.get(key[0], 1), len(key))
            self.longest = max(self.longest, len(key))

    def at(self, sentence: Sentence, position: int, language: str) -> tuple[int, tuple[Value, ...]]:
        """How many words the longest phrase has that begins here, and what it means; (0, ()) for none."""
        longest = self._longest_from.get(sentence.words[position], 0)
        begin = sentence.words[position : position + longest]
        for length in range(len(begin), 0, -1):
            values = self.exact(tuple(begin[:length]), language)
            if values:
                return length, values
        return 0, ()

    def exact(self, key: tuple[str, ...], language: str) -> tuple[Value, ...]:
        """What these words mean as a whole in a question of `language`."""
        known = self._values.get(key)
        return tuple(v for v, of, own in known if not own or of == language) if known else ()

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return iter(self._values)
