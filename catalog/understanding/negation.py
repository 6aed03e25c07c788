"""What must not be: "ikke musik", "undtagen søndag", "no courses", "uden børn".

A negating word reaches as far as the first thing said after it and its alternatives of the same kind: in
"alt undtagen musik og teater i weekenden" music and theatre are negated, the weekend is not.
"""

from collections.abc import Callable

from catalog.understanding.lexicon import lexicon
from catalog.understanding.sentence import NOISE, Sentence

_MOST = 4
_JOINTS = frozenset({"og", "eller", "and", "or", "nor", "samt"})


def take_negated(
    sentence: Sentence,
    language: str,
    read: Callable[[Sentence], None],
    is_name: Callable[[str], bool],
) -> list[int]:
    """Take the negating words and what they negate out of `sentence`; the positions of what is negated.

    `read` labels the words of a part of the sentence by the kind of thing they say; `is_name` tells the
    words that only names in the catalogue know: "the lion who would not roar" is a title, and negates
    nothing."""
    negated: list[int] = []
    starts = _negators(sentence, language)
    for number, (position, length) in enumerate(starts):
        end = starts[number + 1][0] if number + 1 < len(starts) else len(sentence)
        region = _region(sentence, position + length, end, language)
        part = sentence.only(region)
        read(part)
        reach = _first_kind(part, region)
        sentence.take(range(position, position + length), NOISE)
        said = [i for i in reach if part.labels[i] not in ("", NOISE)]
        named = bool(said) and all(part.labels[i] == "what" and is_name(sentence.words[i]) for i in said)
        if named and _is_relative(sentence, position, language):
            continue
        negated += reach
        sentence.take(reach, "not")
    return negated


def _is_relative(sentence: Sentence, position: int, language: str) -> bool:
    before = tuple(sentence.words[max(position - 1, 0) : position])
    return "relative" in lexicon().marks["negation"].exact(before, language)


def _negators(sentence: Sentence, language: str) -> list[tuple[int, int]]:
    """The negating words that belong to no longer phrase: (position, number of words)."""
    found: list[tuple[int, int]] = []
    position = 0
    while position < len(sentence) and len(found) < _MOST:
        phrase, _ = lexicon().slots.at(sentence, position, language)
        length, said = lexicon().marks["negation"].at(sentence, position, language)
        if "words" in said and length >= phrase:
            found.append((position, length))
        position += max(phrase, length, 1)
    return found


def _region(sentence: Sentence, start: int, end: int, language: str) -> list[int]:
    """The free words from `start` to the end of the clause; a comma in an enumeration does not end it."""
    region = []
    for position in range(start, end):
        if position > start and sentence.ends_clause(position) and not _enumerates(sentence, position, end):
            break
        if "until" in lexicon().marks["negation"].exact((sentence.words[position],), language):
            break
        if not sentence.labels[position]:
            region.append(position)
    return region


def _enumerates(sentence: Sentence, position: int, end: int) -> bool:
    if sentence.gap(position).strip() != ",":
        return False
    return any(sentence.words[i] in _JOINTS for i in range(position, min(position + 4, end)))


def _first_kind(part: Sentence, region: list[int]) -> list[int]:
    """The words of the first kind of thing said in `region`, with the empty ones between them."""
    kind, reach, waiting = "", [], []
    for position in region:
        label = part.labels[position]
        if label in ("", NOISE):
            waiting.append(position)
        elif label == (kind or label):
            kind = label
            reach += [*waiting, position]
            waiting = []
        else:
            break
    return reach
