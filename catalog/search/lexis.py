"""What the words of a catalogue are related to: the keys they meet under, and the parts of its compounds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from catalog.search import analysis
from catalog.search.counts import NAMES, Counts, Places
from catalog.search.spans import Bools, Ints

_SHORTEST_PART = 4
"""The catalogue's own words are looked for in compounds from this length on (`analysis.parts`)."""


@dataclass(frozen=True, slots=True)
class Lexis:
    """names: the words of titles and names, each with the number of documents that hold it there. key_hashes,
    key_terms: `analysis` keys by hash, ascending, and their terms (places in `Counts.terms`). whole, part:
    for each part of each compound the term it stands in, ascending, and its place in parts."""

    names: dict[str, int]
    key_hashes: Ints
    key_terms: Places
    whole: Places
    part: Places
    parts: list[str]

    def named(self, terms: list[str]) -> dict[str, int]:
        """The words of names and the parts of their compounds, with the number of documents of each."""
        sizes = np.fromiter(map(self.names.get, terms, repeat(0)), dtype=np.int64, count=len(terms))
        documents = np.bincount(self.part, sizes[self.whole], len(self.parts)).astype(np.int64).tolist()
        weights = dict(self.names)
        for part, size in sorted(zip(self.parts, documents, strict=True)):
            if size:
                weights[part] = weights.get(part, 0) + size
        return weights


def lexis_of(counts: Counts) -> Lexis:
    """Every word looked at."""
    none = np.zeros(0, dtype=np.int32)
    empty = Lexis({}, np.zeros(0, dtype=np.int64), none, none, none, [])
    return _with(empty, counts, _names(counts), range(len(counts.terms)))


def lexis_after(earlier: Lexis, before: list[str], counts: Counts) -> Lexis:
    """The same as `lexis_of(counts)`, from an earlier one over the terms `before`: looked at are only new
    words and those that may be compounds of words that have come or gone."""
    names = _names(counts)
    place = {term: n for n, term in enumerate(counts.terms)}
    places = np.fromiter(map(place.get, before, repeat(-1)), dtype=np.int32, count=len(before))
    is_known = np.zeros(len(counts.terms), dtype=bool)
    is_known[places[places >= 0]] = True
    is_known[_compounds_with(names.keys() ^ earlier.names.keys(), counts.terms)] = False
    # The place -1 reads the last entry, which therefore says that such a term is not kept.
    kept = np.append(is_known, False)
    keys, parts = kept[places[earlier.key_terms]], kept[places[earlier.whole]]
    left = Lexis(
        names={},
        key_hashes=earlier.key_hashes[keys],
        key_terms=places[earlier.key_terms[keys]],
        whole=places[earlier.whole[parts]],
        part=earlier.part[parts],
        parts=earlier.parts,
    )
    return _with(left, counts, names, np.flatnonzero(~is_known).tolist())


def _names(counts: Counts) -> dict[str, int]:
    in_names = counts.per_term(counts.fields <= NAMES)
    held = np.flatnonzero(in_names)
    return {counts.terms[n]: size for n, size in zip(held.tolist(), in_names[held].tolist(), strict=True)}


def _compounds_with(changed: Iterable[str], terms: list[str]) -> Ints:
    """The places of the terms in which one of these words stands."""
    together = "\n".join(terms)
    found = []
    for word in changed:
        at = together.find(word) if len(word) >= _SHORTEST_PART else -1
        while at >= 0:
            found.append(at)
            at = together.find(word, at + 1)
    ends = np.cumsum(np.fromiter(map(len, terms), dtype=np.int64, count=len(terms)) + 1)
    return np.searchsorted(ends, np.array(found, dtype=np.int64), side="right")


def _with(left: Lexis, counts: Counts, names: dict[str, int], unknown: Iterable[int]) -> Lexis:
    """`left` and all that is to know of the terms at these places."""
    numbers = {part: n for n, part in enumerate(left.parts)}
    places = list(unknown)
    split = [(place, part) for place in places for part in analysis.parts(counts.terms[place], names)]
    whole = np.array([place for place, _ in split], dtype=np.int32)
    part = np.array([numbers.setdefault(part, len(numbers)) for _, part in split], dtype=np.int32)
    key_hashes, key_terms = _sorted_keys(
        [(left.key_hashes, left.key_terms), _own_keys(counts.terms, places), _part_keys(whole, part, numbers)]
    )
    order = np.argsort(all_wholes := np.concatenate([left.whole, whole]), kind="stable")
    all_parts = np.concatenate([left.part, part])
    return Lexis(names, key_hashes, key_terms, all_wholes[order], all_parts[order], list(numbers))


def _own_keys(terms: list[str], places: list[int]) -> tuple[Ints, Places]:
    """The hashes of the lemmas, stems and skeletons of these terms. A hash takes a twentieth of the memory of
    a string, and at 64 bits they do not collide."""
    hashes: list[int] = []
    counts: list[int] = []
    for keys in analysis.related_of_all([terms[place] for place in places]):
        hashes += map(hash, keys)
        counts.append(len(keys))
    return np.array(hashes, dtype=np.int64), np.repeat(np.array(places, dtype=np.int32), counts)


def _part_keys(whole: Places, part: Places, numbers: Mapping[str, int]) -> tuple[Ints, Places]:
    """The hashes of the dictionary forms of the parts that these compounds have."""
    used = np.zeros(len(numbers), dtype=bool)
    used[part] = True
    keys = [
        [hash(key) for key in analysis.part_keys(name)] if is_used else []
        for name, is_used in zip(numbers, used.tolist(), strict=True)
    ]
    sizes = np.fromiter(map(len, keys), dtype=np.int64, count=len(keys))
    ends, flat = np.cumsum(sizes), np.array([code for codes in keys for code in codes], dtype=np.int64)
    each = sizes[part]
    within = np.arange(each.sum()) - np.repeat(np.cumsum(each) - each, each)
    return flat[np.repeat((ends - sizes)[part], each) + within], np.repeat(whole, each)


def _sorted_keys(pieces: Iterable[tuple[Ints, Places]]) -> tuple[Ints, Places]:
    """By hash, then by term, each pair once."""
    hashes, terms = (np.concatenate(column) for column in zip(*pieces, strict=True))
    order = np.lexsort((terms, hashes))
    hashes, terms = hashes[order], terms[order]
    first: Bools = np.append(True, (hashes[1:] != hashes[:-1]) | (terms[1:] != terms[:-1]))[: len(hashes)]
    return hashes[first], terms[first]
