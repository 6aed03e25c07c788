"""Tables of phrases: the longest one at a place in a sentence, and what it means.

Both languages are understood at once. Words in the `own` list of a file mean what it says only in a question
of its language: "men" is "but" in Danish and people in English.
"""

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from catalog.text import words
from catalog.understanding.sentence import Sentence

Value = TypeVar("Value")


class Phrases(Generic[Value]):
    """Phrases and their values in questions of these languages, by folded words; the longest at a place
    wins."""

    def __init__(self, languages: Iterable[str]) -> None:
        self._values: dict[str, dict[tuple[str, ...], tuple[Value, ...]]] = {code: {} for code in languages}
        self._longest_from: dict[str, int] = {}
        self.longest = 1

    def add(self, phrase: str, value: Value, language: str, own: frozenset[str]) -> None:
        """Let `phrase` mean `value` too; only in questions of `language` where it is one of its `own`."""
        key = words(phrase)
        if not key or any(value in said.get(key, ()) for said in self._values.values()):
            return
        only = len(key) == 1 and key[0] in own
        for said in [self._values[language]] if only else self._values.values():
            said[key] = (*said.get(key, ()), value)
        self._longest_from[key[0]] = max(self._longest_from.get(key[0], 1), len(key))
        self.longest = max(self.longest, len(key))

    def at(self, sentence: Sentence, position: int, language: str) -> tuple[int, tuple[Value, ...]]:
        """How many words the longest phrase has that begins here, and what it means; (0, ()) for none."""
        longest = self._longest_from.get(sentence.words[position])
        if longest is None:
            return 0, ()
        begin = sentence.words[position : position + longest]
        for length in range(len(begin), 0, -1):
            values = self.exact(tuple(begin[:length]), language)
            if values:
                return length, values
        return 0, ()

    def all_in(self, sentence: Sentence, language: str) -> Iterator[tuple[int, int, tuple[Value, ...]]]:
        """The longest phrases one after the other: position, how many words it has, and what it means. What
        is taken meanwhile is seen no more."""
        until = 0
        for position in [i for i, word in enumerate(sentence.words) if word in self._longest_from]:
            length, values = self.at(sentence, position, language) if position >= until else (0, ())
            if length:
                until = position + length
                yield position, length, values

    def exact(self, key: tuple[str, ...], language: str) -> tuple[Value, ...]:
        """What these words mean as a whole in a question of `language`."""
        return self._values[language].get(key, ())

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return iter(dict.fromkeys(key for said in self._values.values() for key in said))
