"""Organisers and series that are named in full: "Havnens Venner" asks for what they do, for no harbour."""

from collections.abc import Iterator
from functools import lru_cache

from catalog.places import gazetteer
from catalog.search.match import CatalogueWords
from catalog.text import words
from catalog.understanding.sentence import Sentence

Name = tuple[str, ...]

_AT = ("i", "paa")


def read_maker_names(sentence: Sentence, catalogue: CatalogueWords) -> dict[int, str]:
    """Take the names of organisers and series of two words or more, by position."""
    found: dict[int, str] = {}
    known = _by_first(catalogue)
    for position in [i for i in sentence.free() if sentence.words[i] in known]:
        for name in known.get(sentence.words[position], ()):
            span = range(position, position + len(name))
            # What was taken before is no word any more.
            if tuple(sentence.words[position : span.stop]) == name and not _is_a_house(sentence, span):
                found[position] = " ".join(name)
                sentence.take(span, "what")
                break
    return found


def _is_a_house(sentence: Sentence, span: range) -> bool:
    """Whether a name with a place in it stands behind "i" or "på": "musik i Ungdomsskolen i Ballerup"."""
    before = sentence.words[span.start - 1] if span.start else ""
    return before in _AT and bool(gazetteer().named(sentence.words[span[-1]]))


@lru_cache(maxsize=2)
def _by_first(catalogue: CatalogueWords) -> dict[str, list[Name]]:
    """The names by their first word, the longest first."""
    names = {name for maker in catalogue.makers for name in _said(words(maker))}
    known: dict[str, list[Name]] = {}
    for name in sorted(names, key=len, reverse=True):
        if len(name) > 1 and not gazetteer().named(" ".join(name)):
            known.setdefault(name[0], []).append(name)
    return known


def _said(name: Name) -> Iterator[Name]:
    """A name, and the same without the place that it ends with: "Naturens Venner (i Furesø)"."""
    yield name
    for at in range(2, len(name) - 1):
        if name[at] in _AT and gazetteer().named(" ".join(name[at + 1 :])):
            yield name[:at]
