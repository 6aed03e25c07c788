"""Look-ups by name, code, address and position over all places of Denmark."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache

from catalog.places import facts
from catalog.places.place import Located, Place
from catalog.search.match import Vocabulary
from catalog.text import skeleton, visible, words
from catalog.values import PlaceKind

_RANK = {kind: rank for rank, kind in enumerate(PlaceKind)}
_FOUR_DIGITS = re.compile(r"(?<![\d.,])\d{4}(?![.,-]?\d)")
_PLACE_NAME_TYPO_FROM = 5
# "ARoS" is a museum, not the genitive of Ærø without its letters.
_SKELETON_GENITIVE_FROM = 4
_OF_COMMUNE = "municipality"
_COMMUNE = frozenset({"kommune", "kommunes", "kommunen", _OF_COMMUNE})


class Gazetteer:
    """All places, found by name, code, address or position. Build it through `gazetteer()`."""

    def __init__(self) -> None:
        names = facts.municipality_names()
        areas = facts.postcode_areas(names)
        self._areas = sorted(areas, key=lambda area: area.first)
        self._starts = [area.first for area in self._areas]
        found = [*facts.municipalities(areas), *facts.districts(names), *facts.towns(names, areas)]
        self._by_key = {place.key: place for place in found}
        self._by_name = _names_of(found, self._by_key)
        self._by_skeleton = _by_skeleton(self._by_name)
        self._common = frozenset(row["word"] for row in facts.rows("common_words.csv"))
        self._never_mended = self._common | {row["word"] for row in facts.rows("never_mended.csv")}
        self._folded = _vocabulary(self._by_name, self._common)
        self._skeletons = _vocabulary(self._by_skeleton, self._common)
        self._district_of = {p.postcodes[0]: p for p in found if _is_postal_district(p)}
        self.max_words = max(name.count(" ") for name in self._by_name) + 2
        """Words in the longest name, with "Kommune" after it: how far a scanner must look."""
        self._regions = {
            " ".join(words(row["name"])): tuple(
                self._by_key[f"municipality:{code}"] for code in row["municipalities"].split()
            )
            for row in facts.rows("regions.csv")
        }
        self.region_words = frozenset(name.split(" ", 1)[0] for name in self._regions)
        """The first words of the names of regions, for a scanner."""
        self._firsts = {name.split(" ", 1)[0] for name in (*self._by_name, *self._by_skeleton)}

    def named(self, text: str) -> tuple[Place, ...]:
        """The places that `text` as a whole names, best first: municipality, district, town.

        Knows aliases, ASCII spellings ("Koege", "Koge"), genitives ("Køges") and postcodes ("2635",
        "2635 Ishøj"); exact after folding. With "Kommune" or "Municipality" only municipalities answer.
        """
        name = words(text)
        if name and name[0].isdigit():
            return self._coded(name)
        if len(name) > 1 and name[-1] in _COMMUNE:
            return _only_municipalities(self._spelt(" ".join(name[:-1])))
        if len(name) > 2 and name[:2] == (_OF_COMMUNE, "of"):
            return _only_municipalities(self._spelt(" ".join(name[2:])))
        return self._spelt(" ".join(name))

    def may_begin(self, folded: str) -> bool:
        """Whether a name of two words or more may begin with this folded word."""
        firsts = self._firsts
        return folded in firsts or skeleton(folded) in firsts or folded[0].isdigit() or folded == _OF_COMMUNE

    def closest(self, text: str) -> tuple[tuple[Place, ...], int]:
        """As `named`, with typos repaired: the places and how many typos it took; ((), 0) without any.

        Everyday words that lie near a name ("konge", "læse") are never taken for it."""
        exact = self.named(text)
        name = " ".join(word for word in words(text) if word not in _COMMUNE)
        if exact or name in self._never_mended:
            return exact, 0
        best: tuple[tuple[Place, ...], int] = ((), 0)
        for spelling in _with_and_without_genitive(name):
            for places, typos in self._near(spelling):
                if not best[0] or typos < best[1]:
                    best = places, typos
        return best

    def is_common_word(self, folded: str) -> bool:
        """Whether a place's folded name is also an everyday word ("ry", "them", "års"): such a word names
        the place only after a preposition or with a capital letter inside a sentence."""
        return any(spelling in self._common for spelling in _with_and_without_genitive(folded))

    def region(self, text: str) -> tuple[Place, ...]:
        """The municipalities of a part of the country ("Vestegnen"), () when `text` is none; exact after
        folding."""
        return self._regions.get(" ".join(words(text)), ())

    def get(self, key: str) -> Place | None:
        """The place of a key that this gazetteer gave."""
        kind, _, code = key.partition(":")
        return self.postcode(code) if kind == PlaceKind.POSTCODE else self._by_key.get(key)

    def postcode(self, code: str) -> Place | None:
        """The place of a four-digit postcode; None for what is none (company postcodes too)."""
        area = self._area(code)
        return area.place(code) if area else None

    def municipality(self, name_or_code: str) -> Place | None:
        """The municipality of "Ishøj", "Ishøj Kommune" or "0183"."""
        wanted = name_or_code.strip()
        if wanted.isascii() and wanted.isdigit():
            return self._by_key.get(f"municipality:{wanted.zfill(4)}")
        return next(iter(_only_municipalities(self.named(wanted))), None)

    def locate(
        self,
        *,
        address: str | None = None,
        postcode: str | None = None,
        town: str | None = None,
        municipality: str | None = None,
    ) -> Located | None:
        """Where this lies: by a postcode, given or found in the address, else by a town's name.

        A stated municipality wins over a derived one. None when nothing of it is known.
        """
        stated = self.municipality(municipality) if municipality else None
        code = postcode if postcode and self._area(postcode) else self._code_in(address or "")
        area = self._area(code) if code else None
        if code and area:
            return self._by_postcode(code, area, town, stated)
        place = self._town_in(town or "", address or "", stated)
        if place:
            return self._by_town(place, stated)
        if stated:
            return Located(None, None, None, None, None, stated.name, None)
        return None

    def nearest(self, latitude: float, longitude: float) -> Place | None:
        """The postcode area around a position in degrees; None outside Denmark."""
        near = [
            (_offset(area, latitude, longitude), area.first)
            for area in self._areas
            if area.box and _inside(area.box, latitude, longitude)
        ]
        return self.postcode(min(near)[1]) if near else None

    def _area(self, code: str) -> facts.PostcodeArea | None:
        if not re.fullmatch(r"[0-9]{4}", code) or code < self._starts[0]:
            return None
        area = self._areas[bisect_right(self._starts, code) - 1]
        return area if code <= area.last else None

    def _coded(self, name: tuple[str, ...]) -> tuple[Place, ...]:
        place = self.postcode(name[0])
        if place is None or (len(name) > 1 and words(place.name) != name):
            return ()
        return (place,)

    def _spelt(self, name: str) -> tuple[Place, ...]:
        for spelling in _with_and_without_genitive(name):
            found = self._by_name.get(spelling)
            if found or (spelling != name and len(spelling) < _SKELETON_GENITIVE_FROM):
                return found or ()
            found = self._by_skeleton.get(skeleton(spelling))
            if found:
                return found
        return ()

    def _near(self, name: str) -> Iterator[tuple[tuple[Place, ...], int]]:
        for match in self._folded.closest(name):
            yield self._by_name[match.word], match.typos
        for match in self._skeletons.closest(skeleton(name)):
            if len(match.word) >= _PLACE_NAME_TYPO_FROM:
                yield self._by_skeleton[match.word], match.typos

    def _code_in(self, address: str) -> str | None:
        # The last one: a postcode follows the street and its number.
        codes = [code for code in _FOUR_DIGITS.findall(visible(address)) if self._area(code)]
        return codes[-1] if codes else None

    def _town_in(self, town: str, address: str, stated: Place | None) -> Place | None:
        for text in (town, *_ends(address)):
            places = [p for p in self.named(text) if p.latitude is not None]
            if stated:
                places = [p for p in places if stated.name in p.municipalities]
            if places:
                return next((p for p in places if p.kind is PlaceKind.TOWN), places[0])
        return None

    def _by_postcode(
        self, code: str, area: facts.PostcodeArea, town: str | None, stated: Place | None
    ) -> Located:
        municipality = stated.name if stated else self._settled(area, town)
        district = self._district_of.get(code)
        if district and district.municipality != municipality:
            district = None
        centre = self._town_of(code, town or area.town) or area
        return Located(
            centre.latitude,
            centre.longitude,
            "postcode",
            code,
            town or area.town,
            municipality,
            district.name if district else None,
        )

    def _town_of(self, code: str, town: str) -> Place | None:
        """The town of this name in a postcode: people and houses are there, not in the middle of its area."""
        towns = (p for p in self.named(town) if p.kind is PlaceKind.TOWN and p.latitude is not None)
        return next((place for place in towns if code in place.postcodes), None)

    def _settled(self, area: facts.PostcodeArea, town: str | None) -> str:
        for place in self.named(town) if town else ():
            if place.kind is PlaceKind.TOWN and place.municipality in area.municipalities:
                return place.municipality
        return area.municipalities[0]

    def _by_town(self, place: Place, stated: Place | None) -> Located:
        only = place.postcodes[0] if len(place.postcodes) == 1 and place.kind is PlaceKind.TOWN else None
        district = self._district_of.get(only or "")
        return Located(
            place.latitude,
            place.longitude,
            "town",
            only,
            place.name,
            stated.name if stated else place.municipality,
            district.name if district else None,
        )


@cache
def gazetteer() -> Gazetteer:
    """The one gazetteer, read once."""
    return Gazetteer()


def _names_of(places: list[Place], by_key: dict[str, Place]) -> dict[str, tuple[Place, ...]]:
    named: dict[str, set[Place]] = {}
    order = {place: position for position, place in enumerate(places)}
    aliases = [(row["alias"], by_key[row["key"]]) for row in facts.rows("aliases.csv")]
    for name, place in [*((p.name, p) for p in places), *aliases]:
        named.setdefault(" ".join(words(name)), set()).add(place)
    return {name: _best_first(sorted(same, key=order.__getitem__)) for name, same in named.items()}


def _by_skeleton(by_name: dict[str, tuple[Place, ...]]) -> dict[str, tuple[Place, ...]]:
    grouped: dict[str, list[Place]] = {}
    for name, places in by_name.items():
        grouped.setdefault(skeleton(name), []).extend(places)
    return {key: _best_first(places) for key, places in grouped.items()}


def _best_first(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(dict.fromkeys(places), key=lambda place: _RANK[place.kind]))


def _vocabulary(by_name: dict[str, tuple[Place, ...]], common: frozenset[str]) -> Vocabulary:
    weights = {
        name: len(_RANK) - _RANK[places[0].kind] for name, places in by_name.items() if name not in common
    }
    return Vocabulary(weights, one_typo_from=_PLACE_NAME_TYPO_FROM)


def _is_postal_district(place: Place) -> bool:
    return place.kind is PlaceKind.DISTRICT and bool(place.postcodes)


def _only_municipalities(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(place for place in places if place.kind is PlaceKind.MUNICIPALITY)


def _with_and_without_genitive(name: str) -> Iterator[str]:
    yield name
    for ending in ("'s", "’s", "s"):
        if name.endswith(ending) and len(name) > len(ending) + 1:
            yield name.removesuffix(ending)
            return


def _ends(address: str) -> Iterator[str]:
    """The parts of an address that may be its town, likeliest first: whole parts and their last words."""
    for part in reversed(re.split(r"[,;\n]", address)):
        yield part
        last = re.findall(r"[^\W\d_]+", part)
        for count in (3, 2, 1):
            if len(last) > count:
                yield " ".join(last[-count:])


def _inside(box: tuple[float, float, float, float], latitude: float, longitude: float) -> bool:
    south, west, north, east = box
    return south <= latitude <= north and west <= longitude <= east


def _offset(area: facts.PostcodeArea, latitude: float, longitude: float) -> float:
    """How far from the centre, measured in the area's own size: areas differ a hundredfold."""
    south, west, north, east = area.box or (0.0, 0.0, 1.0, 1.0)
    return ((latitude - area.latitude) / (north - south)) ** 2 + (
        (longitude - area.longitude) / (east - west)
    ) ** 2
