"""A Danish catalogue of any size, the same every time: for benchmarks only.

Titles are compounds of the kind people give their offerings, some inflected, some in English; texts draw
on a long-tailed vocabulary of made-up words between the real ones. Places are real, programmes are not.
"""

import datetime as dt
import random
import tomllib
from collections.abc import Iterator
from importlib import resources
from itertools import accumulate, islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from catalog.database import Database
from catalog.model import Occurrence, Offering, OfferingTag, Organizer, Source, Venue, table_metadata
from catalog.text import fold
from catalog.values import Audience, Category, Format

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 25, 15, 0, tzinfo=ZONE)
TOWNS = (
    ("Ishøj", "Ishøj", "2635", 55.615, 12.352),
    ("Køge", "Køge", "4600", 55.457, 12.182),
    ("Ballerup", "Ballerup", "2750", 55.731, 12.359),
    ("Albertslund", "Albertslund", "2620", 55.657, 12.363),
    ("Farum", "Furesø", "3520", 55.809, 12.361),
    ("Herlev", "Herlev", "2730", 55.724, 12.440),
    ("Helsingør", "Helsingør", "3000", 56.036, 12.613),
    ("Roskilde", "Roskilde", "4000", 55.642, 12.080),
    ("Rødovre", "Rødovre", "2610", 55.681, 12.454),
    ("Aalborg", "Aalborg", "9000", 57.048, 9.919),
)
_SYLLABLES = (
    *("ba", "be", "da", "de", "fo", "ga", "gra", "hav", "hel", "ka", "kli", "ko", "la", "le", "lin", "lø"),
    *("ma", "mel", "mu", "ne", "ni", "nor", "ol", "pa", "ra", "re", "ri", "sa", "ska", "so", "sta", "ti"),
    *("tra", "va", "ve", "vi", "ør", "å"),
)
_HOUSES = (
    "Bibliotek",
    "Kulturhus",
    "Museum",
    "Musikskole",
    "Teater",
    "Medborgerhus",
    "Kirke",
    "Ungdomsskole",
)
_ENDINGS = ("", "", "", "en", "er", "erne", "s")
_VOCABULARY = 40_000
_BATCH = 5_000


class Synthetic:
    """Rows for `size` offerings."""

    def __init__(self, size: int, seed: int = 1) -> None:
        self._random = random.Random(seed)
        self.size = size
        lists = tomllib.loads(resources.files("catalog.search").joinpath("compounds.toml").read_text("utf-8"))
        self.modifiers, self.heads = lists["modifiers"], lists["heads"]
        self._words = [self._made_up() for _ in range(_VOCABULARY)] + self.heads * 40
        self._random.shuffle(self._words)
        self._rarity = list(accumulate(1 / (rank + 20) for rank in range(len(self._words))))

    def _made_up(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 4)))

    def title(self) -> str:
        compound = self._random.choice(self.modifiers) + self._random.choice(self.heads)
        compound += self._random.choice(_ENDINGS)
        extra = self._random.choice((self._random.choice(self.modifiers), self._made_up(), "for alle"))
        return f"{compound.capitalize()} {self._random.choice(('med', 'og', 'i'))} {extra}"

    def text(self) -> str:
        return " ".join(self._random.choices(self._words, cum_weights=self._rarity, k=45))

    def venues(self) -> Iterator[dict[str, Any]]:
        for n in range(max(20, min(2_000, self.size // 10))):
            town, municipality, postcode, latitude, longitude = self._random.choice(TOWNS)
            name = f"{town} {self._made_up().capitalize()} {self._random.choice(_HOUSES)}"
            at = {"town": town, "municipality": municipality, "postcode": postcode}
            degrees = {
                "latitude": latitude + self._random.gauss(0, 0.03),
                "longitude": longitude + self._random.gauss(0, 0.05),
            }
            yield {"id": n + 1, "key": f"{fold(name)} {n}", "name": name, **at, **degrees}

    def offerings(self) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]]:
        """Each with its occurrences and its tags."""
        for id_ in range(1, self.size + 1):
            yield self._offering(id_), self._times(id_), self._tags(id_)

    def _offering(self, id_: int) -> dict[str, Any]:
        young = self._random.choice((None, 0, 3, 6, 13, 18))
        price = self._random.choice(("free", "amounts", "unknown"))
        return {
            "id": id_,
            "public_id": f"o{id_}",
            "source_id": 1,
            "external_id": f"urn:synthetic:{id_}",
            "titles": {"da": self.title()},
            "descriptions": {"da": self.text()},
            "keywords": [self._random.choice(self.modifiers)],
            "age_from": young,
            "age_to": None if young is None else young + self._random.choice((4, 12, 80)),
            "price_kind": price,
            "prices": {"adult": float(self._random.randint(2, 40) * 10)} if price == "amounts" else {},
            "organizer_id": self._random.randint(1, 50),
            "status": self._random.choices(("scheduled", "cancelled", "sold-out"), (95, 2, 3))[0],
            "access": {},
            "languages": ["da"],
            "inferred": [],
            "weekdays": [],
            "content_hash": "",
            "created_at": NOW,
            "updated_at": NOW,
        }

    def _times(self, id_: int) -> list[dict[str, Any]]:
        first = NOW.replace(hour=0) + dt.timedelta(days=self._random.randint(-5, 300))
        shared = {"offering_id": id_, "zone": str(ZONE), "venue_id": None, "is_run": False, "end": None}
        shared |= {"opens": None, "closes": None, "time_known": True, "status": "scheduled"}
        if self._random.random() < 0.1:
            weeks = dt.timedelta(weeks=self._random.randint(2, 20))
            hours = {"opens": dt.time(self._random.choice((10, 11, 12))), "closes": dt.time(17)}
            days = self._random.choice(([], [2, 3, 4, 5, 6, 7]))
            run = {"is_run": True, "start": first, "end": first + weeks, "open_days": days, **hours}
            return [shared | {"key": "run", **run, "venue_id": self._venue()}]
        start = first.replace(hour=self._random.randint(9, 20), minute=self._random.choice((0, 30)))
        repeats, venue = self._random.choice((1, 1, 1, 2, 4)), self._venue()
        starts = [start + dt.timedelta(weeks=n) for n in range(repeats)]
        once = shared | {"venue_id": venue, "open_days": []}
        return [
            once | {"key": f"{n}", "start": s, "end": s + dt.timedelta(hours=2)} for n, s in enumerate(starts)
        ]

    def _venue(self) -> int:
        return self._random.randint(1, max(20, min(2_000, self.size // 10)))

    def _tags(self, id_: int) -> list[dict[str, Any]]:
        tags = {
            "category": self._random.choice(list(Category)),
            "format": self._random.choice(list(Format)),
            "audience": self._random.choice(list(Audience)[:6]),
        }
        return [{"offering_id": id_, "kind": kind, "value": str(value)} for kind, value in tags.items()]


def fill(database: Database, size: int) -> Synthetic:
    """Store a catalogue of `size` offerings in an empty database."""
    made = Synthetic(size)
    table_metadata().create_all(database.engine)
    organisers = [{"id": n, "key": f"o{n}", "name": f"Foreningen {made.title()}"} for n in range(1, 51)]
    _store(database, Source, [{"id": 1, "name": "synthetic", "is_sample": False}])
    _store(database, Organizer, organisers)
    _store(database, Venue, list(made.venues()))
    rows = made.offerings()
    while batch := list(islice(rows, _BATCH)):
        offerings, times, tags = zip(*batch, strict=True)
        _store(database, Offering, list(offerings))
        _store(database, Occurrence, [time for of_one in times for time in of_one])
        _store(database, OfferingTag, [tag for of_one in tags for tag in of_one])
    return made


def _store(database: Database, table: type, rows: list[dict[str, Any]]) -> None:
    database.write(lambda session: session.execute(insert(table), rows))
