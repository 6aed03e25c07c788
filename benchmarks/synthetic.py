"""A Danish catalogue of any size, the same every time, and its facts as columns: for benchmarks only.

Titles are compounds of the kind people give their offerings, inflected as in real life; texts draw on a
long-tailed vocabulary of made-up words between the real ones. Places are real, programmes are not. Every
fact is drawn first, as a numpy column over all offerings; rows are made of the columns in chunks, so that a
million of them need no more memory than a thousand. Whoever makes `Synthetic(size)` anew has the same facts.
"""

import datetime as dt
import json
import sqlite3
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from catalog.database import Database
from catalog.model import table_metadata
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


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject that questions ask for. kin: what a librarian may name beside it, never must."""

    word: str
    category: Category
    kin: tuple[str, ...] = ()


TOPICS = (
    Topic("keramik", Category.CRAFTS, ("ler", "drej", "pottem")),
    Topic("jazz", Category.MUSIC, ("blues", "swing")),
    Topic("guitar", Category.MUSIC),
    Topic("skak", Category.COMMUNITY, ("bridge",)),
    Topic("strikke", Category.CRAFTS, ("strik", "garn", "hækl")),
    Topic("graffiti", Category.VISUAL_ARTS, ("street", "gadekunst")),
    Topic("robot", Category.TECHNOLOGY, ("drone",)),
    Topic("podcast", Category.TECHNOLOGY, ("radio", "lydprod")),
    Topic("foto", Category.VISUAL_ARTS),
    Topic("yoga", Category.SPORT),
    Topic("quiz", Category.COMMUNITY),
    Topic("brætspil", Category.COMMUNITY, ("spil",)),
    Topic("mosaik", Category.CRAFTS),
    Topic("salsa", Category.DANCE),
)


@dataclass(frozen=True, slots=True)
class Head:
    """The last part of a compound. One with a format says what kind of thing it is."""

    forms: tuple[str, ...]
    format: Format | None = None
    category: Category | None = None


FORMAT_HEADS = (
    Head(("koncert", "koncerten", "koncerter"), Format.PERFORMANCE, Category.MUSIC),
    Head(("kursus", "kurset", "kurser"), Format.COURSE),
    Head(("værksted", "værkstedet", "værksteder"), Format.WORKSHOP),
    Head(("workshop", "workshoppen", "workshops"), Format.WORKSHOP),
    Head(("foredrag", "foredraget", "foredragene"), Format.TALK),
    Head(("klub", "klubben", "klubber"), Format.CLUB),
    Head(("lejr", "lejren", "lejre"), Format.CAMP),
    Head(("festival", "festivalen", "festivaler"), Format.FESTIVAL),
    Head(("forestilling", "forestillingen", "forestillinger"), Format.PERFORMANCE),
    Head(("omvisning", "omvisningen", "omvisninger"), Format.TOUR),
    Head(("udstilling", "udstillingen", "udstillinger"), Format.EXHIBITION),
)
_PLAIN_HEADS = (
    *("aften", "dag", "café", "cirkel", "fællesskab", "gruppe", "salon", "samling", "studie", "stue", "træf"),
    *("eftermiddag", "formiddag", "morgen", "marked", "nat", "uge", "lab", "time"),
)
HEADS = FORMAT_HEADS + tuple(Head((word, f"{word}en", f"{word}s")) for word in _PLAIN_HEADS)
GROUPS: tuple[tuple[int | None, int | None, Audience | None], ...] = (
    (None, None, None),
    (None, None, Audience.EVERYONE),
    (0, 2, Audience.TODDLERS),
    (3, 12, Audience.CHILDREN),
    (6, 10, Audience.CHILDREN),
    (13, 25, Audience.YOUTH),
    (18, None, Audience.ADULTS),
    (60, None, Audience.SENIORS),
)
"""Ages and who it is for; without ages either for everyone or not a word about it."""

FREE, AMOUNT, UNKNOWN = range(3)
ANOTHER, FOR_ALL, NAMED = range(3)
"""What ends a title: another subject, "for alle", a made-up name that is this offering's alone."""

OPENS_AT, CLOSES_AT = (10, 11, 12), 17
CLOSED_MONDAYS = [2, 3, 4, 5, 6, 7]
_PRICES = ("free", "amounts", "unknown")
_STATUSES = ("scheduled", "sold-out", "cancelled")
CANCELLED = 2
_REPEATS = (1, 1, 1, 2, 4)
MOST_REPEATS = max(_REPEATS)
_LENGTH = 2 * 3600
_FIRST_DAY, _LAST_DAY = -5, 300
_LONGEST_RUN = 20
_SYLLABLES = (
    *("ba", "be", "da", "de", "fo", "ga", "gra", "hav", "hel", "ka", "kli", "ko", "la", "le", "lin", "lø"),
    *("ma", "mel", "mu", "ne", "ni", "nor", "ol", "pa", "ra", "re", "ri", "sa", "ska", "so", "sta", "ti"),
    *("tra", "va", "ve", "vi", "ør", "å", "zu"),
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
_VOCABULARY, _WORDS_A_TEXT = 40_000, 45
_CHUNK = 5_000
_ORGANISERS = 50

_CATEGORIES, _FORMATS = [str(category) for category in Category], [str(format_) for format_ in Format]

Column = np.ndarray[Any, Any]


@dataclass
class Synthetic:
    """The facts of `size` offerings, a column each; offering n of the database is row n - 1."""

    size: int
    seed: int = 1
    subjects: tuple[str, ...] = field(init=False)
    """The first parts of compounds: the topics, then all else."""

    def __post_init__(self) -> None:
        lists = tomllib.loads(resources.files("catalog.search").joinpath("compounds.toml").read_text("utf-8"))
        topics = [topic.word for topic in TOPICS]
        asked = [*topics, *(kin for t in TOPICS for kin in t.kin), *(form for h in HEADS for form in h.forms)]
        others = [word for word in lists["modifiers"] if not any(a in word or word in a for a in asked)]
        self.subjects = (*topics, *others)
        random = np.random.default_rng(self.seed)
        self._draw_what(random)
        self._draw_who(random)
        self._draw_when(random)

    def _draw_what(self, random: np.random.Generator) -> None:
        n = self.size
        self.subject = self._some_subject(random, n)
        self.head = random.integers(0, len(HEADS), n)
        self.form = random.choice(3, n, p=(0.6, 0.2, 0.2))
        self.extra_kind = random.integers(0, 3, n)
        self.extra = np.where(self.extra_kind == ANOTHER, self._some_subject(random, n), -1)
        self.keyword = random.integers(0, len(self.subjects), n)
        self.joint = random.integers(0, 3, n)
        own = np.array([_FORMATS.index(h.format) if h.format else -1 for h in HEADS])[self.head]
        others = [i for i, format_ in enumerate(_FORMATS) if format_ != Format.EXHIBITION]
        self.format = np.where(own >= 0, own, random.choice(others, n))
        of_topic = np.full(len(self.subjects), -1)
        of_topic[: len(TOPICS)] = [_CATEGORIES.index(topic.category) for topic in TOPICS]
        of_head = np.array([_CATEGORIES.index(h.category) if h.category else -1 for h in HEADS])
        chosen = np.where(
            of_topic[self.subject] >= 0, of_topic[self.subject], random.integers(0, len(_CATEGORIES), n)
        )
        self.category, self.second_category = chosen, of_head[self.head]

    def _some_subject(self, random: np.random.Generator, n: int) -> Column:
        """Half of them topics."""
        topics, all_ = random.integers(0, len(TOPICS), n), random.integers(0, len(self.subjects), n)
        return np.where(random.random(n) < 0.5, topics, all_)

    def _draw_who(self, random: np.random.Generator) -> None:
        n = self.size
        self.group = random.integers(0, len(GROUPS), n)
        self.price_kind = random.integers(0, 3, n)
        self.amount = 15 + 10 * random.integers(0, 39, n)  # never a round number: "under 200" is clear
        self.status = random.choice(3, n, p=(0.95, 0.03, 0.02))
        self.organiser = random.integers(1, _ORGANISERS + 1, n)
        self.venues = max(20, min(2_000, n // 10))
        self.venue = random.integers(0, self.venues, n)
        self.venue_town = random.integers(0, len(TOWNS), self.venues)
        self.venue_spread = random.normal(0, 1, (self.venues, 2)) * (0.03, 0.05)

    def _draw_when(self, random: np.random.Generator) -> None:
        n = self.size
        self.is_run = self.format == _FORMATS.index(Format.EXHIBITION)
        self.day = random.integers(_FIRST_DAY, _LAST_DAY + 1, n)
        self.clock = random.integers(9, 21, n) * 3600 + random.integers(0, 2, n) * 1800
        self.repeats = np.where(self.is_run, 1, random.choice(_REPEATS, n))
        self.run_days = 7 * random.integers(2, _LONGEST_RUN + 1, n)
        self.opens = random.choice(OPENS_AT, n)
        self.shut_on_mondays = random.random(n) < 0.5

    @cached_property
    def _noons(self) -> Column:
        """Noon of every day, in seconds since 1970. Noon, for midnights may be 23 hours apart."""
        days = range(_FIRST_DAY, _LAST_DAY + 7 * (_LONGEST_RUN + MOST_REPEATS) + 1)
        noon = NOW.replace(hour=12)
        return np.array([int((noon + dt.timedelta(days=day)).timestamp()) for day in days])

    def at(self, day: Column, clock: Column | int) -> Column:
        """The instant, in seconds since 1970, of a time of day in seconds, `day` days after today."""
        seconds: Column = self._noons[day - _FIRST_DAY] + clock - 12 * 3600
        return seconds

    def times(self, repeat: int) -> tuple[Column, Column, Column]:
        """(which offerings have a time of this number, its start, its end). A run has one, from the opening
        of its first day to the closing of its last."""
        starts = self.at(self.day + 7 * repeat, np.where(self.is_run, 3600 * self.opens, self.clock))
        last = self.at(self.day + self.run_days, 3600 * CLOSES_AT) if repeat == 0 else starts
        return self.repeats > repeat, starts, np.where(self.is_run, last, starts + _LENGTH)

    def name(self, row: int) -> str:
        """The made-up word in a title, its own for each row."""
        number, word = (row * 7_919 + 104_729) % len(_SYLLABLES) ** 4, ""
        for _ in range(4):
            number, rest = divmod(number, len(_SYLLABLES))
            word += _SYLLABLES[rest]
        return word

    def title(self, row: int) -> str:
        compound = self.subjects[self.subject[row]] + HEADS[self.head[row]].forms[self.form[row]]
        other = self.subjects[self.extra[row]]
        end = {ANOTHER: other, FOR_ALL: "for alle", NAMED: self.name(row)}[int(self.extra_kind[row])]
        return f"{compound.capitalize()} {('med', 'og', 'i')[self.joint[row]]} {end}"

    def rows(self) -> Iterator[dict[str, list[tuple[Any, ...]]]]:
        """The rows to store, a chunk of offerings at a time, by table."""
        words, rarity = self._vocabulary()
        for first in range(0, self.size, _CHUNK):
            chunk = range(first, min(first + _CHUNK, self.size))
            random = np.random.default_rng((self.seed, first))
            drawn = np.searchsorted(rarity, random.random((len(chunk), _WORDS_A_TEXT)) * rarity[-1])
            texts = [" ".join(text) for text in words[drawn]]
            yield {
                "offering": [self._offering(row, text) for row, text in zip(chunk, texts, strict=True)],
                "occurrence": list(self._occurrences(chunk)),
                "offeringtag": list(chain.from_iterable(map(self._tags, chunk))),
            }

    def _vocabulary(self) -> tuple[Column, Column]:
        """(words, their cumulated frequencies)."""
        random = np.random.default_rng((self.seed, 7))
        lengths = random.integers(2, 5, _VOCABULARY)
        drawn = np.array(_SYLLABLES)[random.integers(0, len(_SYLLABLES), (_VOCABULARY, 4))]
        made_up = ["".join(word[:length]) for word, length in zip(drawn.tolist(), lengths, strict=True)]
        real = [*(form for head in HEADS for form in head.forms), *self.subjects]
        words = np.array(made_up + real * 10, dtype=object)
        random.shuffle(words)
        return words, np.cumsum(1 / (np.arange(len(words)) + 20))

    def _offering(self, row: int, text: str) -> tuple[Any, ...]:
        youngest, oldest, _ = GROUPS[self.group[row]]
        price = int(self.price_kind[row])
        return (
            *(row + 1, f"o{row + 1}", 1, f"urn:synthetic:{row + 1}"),
            *(json.dumps({"da": self.title(row)}), json.dumps({"da": text})),
            json.dumps([self.subjects[self.keyword[row]]]),
            *(youngest, oldest, _PRICES[price]),
            json.dumps({"adult": float(self.amount[row])} if price == AMOUNT else {}),
            *(int(self.organiser[row]), _STATUSES[self.status[row]]),
        )

    def _occurrences(self, chunk: range) -> Iterator[tuple[Any, ...]]:
        part = slice(chunk.start, chunk.stop)
        for repeat in range(MOST_REPEATS):
            has, *times = (column[part] for column in self.times(repeat))
            starts, ends = (_utc(column) for column in times)
            for at in np.flatnonzero(has).tolist():
                row = chunk.start + at
                hours: tuple[Any, ...] = (0, "[]", None, None)
                if self.is_run[row]:
                    days = CLOSED_MONDAYS if self.shut_on_mondays[row] else []
                    hours = (1, json.dumps(days), _clock(int(self.opens[row])), _clock(CLOSES_AT))
                yield row + 1, f"{repeat}", starts[at], ends[at], *hours, int(self.venue[row]) + 1

    def _tags(self, row: int) -> Iterator[tuple[int, str, str]]:
        categories = {int(self.category[row]), int(self.second_category[row])} - {-1}
        yield from ((row + 1, "category", _CATEGORIES[c]) for c in sorted(categories))
        yield row + 1, "format", _FORMATS[self.format[row]]
        if audience := GROUPS[self.group[row]][2]:
            yield row + 1, "audience", str(audience)

    def venue_rows(self) -> Iterator[tuple[Any, ...]]:
        for n in range(self.venues):
            town, municipality, postcode, latitude, longitude = TOWNS[self.venue_town[n]]
            name = f"{town} {self.name(n).capitalize()} {_HOUSES[n % len(_HOUSES)]}"
            north, east = self.venue_spread[n].tolist()
            place = (town, municipality, postcode, latitude + north, longitude + east)
            yield n + 1, f"{fold(name)} {n}", name, *place


def _utc(seconds: Column) -> list[str]:
    """As the database keeps an instant: UTC, to the microsecond."""
    texts = np.datetime_as_string(seconds.astype("datetime64[s]"), unit="us")
    return [text.replace("T", " ") for text in texts.tolist()]


def _clock(hour: int) -> str:
    return f"{hour:02}:00:00.000000"


_VENUE = "id, key, name, town, municipality, postcode, latitude, longitude"
_OFFERING = (
    "id, public_id, source_id, external_id, titles, descriptions, keywords, age_from, age_to, price_kind,"
    " prices, organizer_id, status, access, languages, inferred, weekdays, residents_only, content_hash,"
    " created_at, updated_at"
)
_OFFERING_REST = ("{}", '["da"]', "[]", "[]", 0, "", *_utc(np.array([int(NOW.timestamp())] * 2)))
_OCCURRENCE = (
    "offering_id, key, start, end, is_run, open_days, opens, closes, venue_id, zone, time_known, status"
)
_OCCURRENCE_REST = (str(ZONE), 1, "scheduled")


def fill(database: Database, size: int) -> Synthetic:
    """Store a catalogue of `size` offerings in an empty SQLite database; a million take about a minute."""
    made = Synthetic(size)
    table_metadata().create_all(database.engine)
    organisers = ((n, f"o{n}", f"Foreningen {made.name(n).capitalize()}") for n in range(1, _ORGANISERS + 1))
    with closing(sqlite3.connect(str(database.url.database))) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-400000")  # kibibytes: the indexes stay in memory
        indexes = _drop_indexes(connection)
        _store(connection, "source", "id, name, is_sample, revision", [(1, "synthetic", 0, 0)])
        _store(connection, "organizer", "id, key, name", organisers)
        _store(connection, "venue", _VENUE, made.venue_rows())
        for tables in made.rows():
            offerings = (row + _OFFERING_REST for row in tables["offering"])
            _store(connection, "offering", _OFFERING, offerings)
            occurrences = (row + _OCCURRENCE_REST for row in tables["occurrence"])
            _store(connection, "occurrence", _OCCURRENCE, occurrences)
            _store(connection, "offeringtag", "offering_id, kind, value", tables["offeringtag"])
            connection.commit()
        connection.executescript(";".join(indexes))
    return made


def _drop_indexes(connection: sqlite3.Connection) -> list[str]:
    """What makes them again: in one go that is quicker than row by row."""
    made_by = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    indexes = connection.execute(made_by).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in indexes]


def _store(connection: sqlite3.Connection, table: str, columns: str, rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name.strip()}"' for name in columns.split(","))
    marks = ", ".join("?" * len(columns.split(",")))
    connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)
