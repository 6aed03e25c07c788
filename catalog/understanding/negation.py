"""What must not be: "ikke musik", "undtagen søndag", "no courses", "uden børn".

A negating word reaches as far as the first thing said after it and its alternatives of the same kind: in
"alt undtagen musik og teater i weekenden" music and theatre are negated, the weekend is not.
"""

from collections.abc import Callable

from catalog.understanding.lexicon import lexicon
from catalog.understanding.ordinary import is_ordinary
from catalog.understanding.sentence import NOISE, Sentence

_MOST = 4
_JOINTS = frozenset({"og", "eller", "and", "or", "nor", "samt"})
_OTHER = frozenset({"until", "relative", "along", "answer", "corrected"})
_WHEN_OR_WHERE = frozenset({"time", "place"})


def take_negated(
    sentence: Sentence,
    language: str,
    read: Callable[[Sentence], None],
    is_name: Callable[[str], bool],
    is_in_title: Callable[[int], bool],
) -> list[int]:
    """Take the negating words and what they negate out of `sentence`; the positions of what is negated.

    `read` labels the words of a part of the sentence by the kind of thing they say; `is_name` tells the
    words that only names in the catalogue know, `is_in_title` the negating words that stand in a title with
    the words around them: "the lion who would not roar" negates nothing."""
    negated: list[int] = []
    starts = _negators(sentence, language)
    for number, (position, length, reaches) in enumerate(starts):
        if is_in_title(position):
            continue
        end = starts[number + 1][0] if number + 1 < len(starts) else len(sentence)
        region = _region(sentence, position + length, end, language)
        part = sentence.only(region)
        read(part)
        reach = _first_kind(part, region)
        sentence.take(range(position, position + length), NOISE)
        said = [i for i in reach if part.labels[i] not in ("", NOISE)]
        if reaches and not reaches.issuperset(part.labels[i] for i in said):
            continue
        named = bool(said) and all(part.labels[i] == "what" and is_name(sentence.words[i]) for i in said)
        if named and _is_relative(sentence, position, language):
            continue
        negated += reach
        sentence.take(reach, "not")
    return negated


def _is_relative(sentence: Sentence, position: int, language: str) -> bool:
    before = tuple(sentence.words[max(position - 1, 0) : position])
    return "relative" in lexicon().marks["negation"].exact(before, language)


def _negators(sentence: Sentence, language: str) -> list[tuple[int, int, frozenset[str]]]:
    """The negating words that belong to no longer phrase: (position, number of words, the kinds of things it
    can negate, none for all): who "can't do Tuesdays" shuts them out, who "can't swim" may still want to."""
    found: list[tuple[int, int, frozenset[str]]] = []
    position = 0
    while position < len(sentence.words) and len(found) < _MOST:
        phrase, _ = lexicon().slots.at(sentence, position, language)
        phrase = max(phrase, lexicon().marks["near"].at(sentence, position, language)[0])
        length, said = lexicon().marks["negation"].at(sentence, position, language)
        answers = "answer" in said and _is_answer(sentence, position + length, language)
        if said and not answers and not _OTHER.issuperset(said) and length >= phrase:
            found.append((position, length, _WHEN_OR_WHERE if "unable" in said else frozenset()))
        position += max(phrase, length, 1)
    return found


def _is_answer(sentence: Sentence, after: int, language: str) -> bool:
    """Whether a first word such as "no" only answers: "no, this weekend"."""
    _, said = lexicon().marks["negation"].at(sentence, min(after, len(sentence) - 1), language)
    return after == 1 and (sentence.ends_clause(after) or "corrected" in said)


def _region(sentence: Sentence, start: int, end: int, language: str) -> list[int]:
    """The free words from `start` to the end of the clause; a comma in an enumeration does not end it."""
    region: list[int] = []
    for position in range(start, end):
        if position > start and sentence.ends_clause(position) and not _enumerates(sentence, position, end):
            break
        _, said = lexicon().marks["negation"].at(sentence, position, language)
        if "until" in said or ("along" in said and _something_is_done(sentence, region, language)):
            break
        if not sentence.labels[position]:
            region.append(position)
    return region


def _something_is_done(sentence: Sentence, region: list[int], language: str) -> bool:
    """Whether words that ask for nothing stand here, as in "ikke køre langt med børn"."""
    said = (sentence.words[i] for i in region)
    return any(is_ordinary(word, language) and not lexicon().single(word, language) for word in said)


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
