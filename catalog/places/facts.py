"""The facts of `data/*.csv` as places."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

from catalog.places.place import Place
from catalog.text import words
from catalog.values import PlaceKind


@dataclass(frozen=True, slots=True)
class PostcodeArea:
    """One postcode, or a range of codes that share an area (central Copenhagen).

    box: (south, west, north, east) in degrees, None for a few islands. municipalities: names, best first.
    """

    first: str
    last: str
    town: str
    latitude: float
    longitude: float
    box: tuple[float, float, float, float] | None
    municipalities: tuple[str, ...]

    def codes(self) -> tuple[str, ...]:
        return tuple(str(code) for code in range(int(self.first), int(self.last) + 1))

    def place(self, code: str) -> Place:
        """The place of one code in this area."""
        return Place(
            f"postcode:{code}",
            f"{code} {self.town}",
            PlaceKind.POSTCODE,
            self.latitude,
            self.longitude,
            self.municipalities[0],
            self.municipalities,
            (code,),
        )


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of one file of facts, as written."""
    text = resources.files("catalog.places").joinpath("data", name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def municipality_names() -> dict[str, str]:
    """Official four-digit codes to names."""
    return {row["code"]: row["name"] for row in rows("municipalities.csv")}


def postcode_areas(names: dict[str, str]) -> list[PostcodeArea]:
    return [_area(row, names) for row in rows("postcodes.csv")]


def _area(row: dict[str, str], names: dict[str, str]) -> PostcodeArea:
    first, _, last = row["code"].partition("-")
    sides = [row[side] for side in ("min_lat", "min_lon", "max_lat", "max_lon")]
    south, west, north, east = (float(side or 0) for side in sides)
    return PostcodeArea(
        first,
        last or first,
        row["name"],
        float(row["latitude"]),
        float(row["longitude"]),
        (south, west, north, east) if all(sides) else None,
        tuple(names[code] for code in row["municipalities"].split()),
    )


def municipalities(areas: list[PostcodeArea]) -> Iterator[Place]:
    codes: dict[str, list[str]] = {}
    for area in areas:
        for name in area.municipalities:
            codes.setdefault(name, []).extend(area.codes())
    for row in rows("municipalities.csv"):
        name = row["name"]
        yield Place(
            f"municipality:{row['code']}",
            name,
            PlaceKind.MUNICIPALITY,
            float(row["latitude"]),
            float(row["longitude"]),
            name,
            (name,),
            tuple(codes.get(name, ())),
        )


def districts(names: dict[str, str]) -> Iterator[Place]:
    for row in rows("districts.csv"):
        municipality = names[row["municipality"]]
        yield Place(
            f"district:{row['key']}",
            row["name"],
            PlaceKind.DISTRICT,
            float(row["latitude"]) if row["latitude"] else None,
            float(row["longitude"]) if row["longitude"] else None,
            municipality,
            (municipality,),
            (row["postcode"],) if row["postcode"] else (),
        )


def towns(names: dict[str, str], areas: list[PostcodeArea]) -> list[Place]:
    """All towns, the most populous first."""
    post_towns = {(area.first, area.town): area for area in areas}
    ordered = sorted(rows("towns.csv"), key=lambda row: -int(row["population"] or 0))
    return [_town(row, names[row["municipality"]], post_towns) for row in ordered]


def _town(row: dict[str, str], municipality: str, post_towns: dict[tuple[str, str], PostcodeArea]) -> Place:
    first = row["postcode"][:4]
    area = post_towns.get((first, row["name"]))
    others = tuple(m for m in area.municipalities if m != municipality) if area else ()
    return Place(
        f"town:{'-'.join(words(row['name']))}-{first}",
        row["name"],
        PlaceKind.TOWN,
        float(row["latitude"]),
        float(row["longitude"]),
        municipality,
        (municipality, *others),
        area.codes() if area else (),
    )
