"""What understanding makes and search takes: the frozen `Query`, and the `Page` that comes back.

All instants are aware datetimes; windows are half-open. Nothing here reads a clock or a database.
"""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, time
from typing import Any

from catalog.values import Access, Audience, Category, Format, PlaceKind


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A half-open span of time, `since` ≤ t < `until`. A missing end is open."""

    since: datetime | None = None
    until: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "from": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A place that a question names. `key` is the gazetteer's or the venue's, `name` is for people."""

    key: str
    name: str
    kind: PlaceKind
    latitude: float | None = None
    longitude: float | None = None

    def to_json(self) -> dict[str, Any]:
        return {"name": self.name, "kind": self.kind.value}


@dataclass(frozen=True, slots=True)
class Near:
    """Within `radius_km` kilometres of a point (WGS 84 degrees)."""

    latitude: float
    longitude: float
    radius_km: float

    def to_json(self) -> dict[str, Any]:
        return {"latitude": self.latitude, "longitude": self.longitude, "radius_km": self.radius_km}


@dataclass(frozen=True, slots=True)
class Query:
    """A question as facts. Empty fields ask nothing; filled ones must all hold (within one field: any).

    weekdays: ISO numbers, 1 Monday … 7 Sunday. from_time, until_time: local wall clock; an occurrence fits
    when it is on at some time between them on an asked day. ages: whole years, both ends included; the
    ranges of an offering and of the question must overlap, with any of these, and with all of them when each
    is a single year (several children). free: only what is known to be free.
    max_price: Danish kroner, for the cheapest tariff that fits. words: folded words that no other field
    took, matched by likeness in title, organiser, venue and text; an entry with spaces is held when all its
    words are. alike: for some of the words, the word and others that will do instead ("choir", "kor").
    kinds: the categories of what the words name, which filter only once the words are given up.
    origin: a shared position that only
    orders, never filters. now_asked: show also what has begun. starts_only: an occurrence must begin
    within the window. exclude: the same fields negated ("ikke musik").
    """

    language: str = "da"
    windows: tuple[Window, ...] = ()
    weekdays: tuple[int, ...] = ()
    from_time: time | None = None
    until_time: time | None = None
    places: tuple[PlaceRef, ...] = ()
    near: Near | None = None
    ages: tuple[tuple[int, int], ...] = ()
    audiences: tuple[Audience, ...] = ()
    categories: tuple[Category, ...] = ()
    formats: tuple[Format, ...] = ()
    free: bool = False
    max_price: float | None = None
    accessibility: tuple[Access, ...] = ()
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    alike: tuple[tuple[str, ...], ...] = field(default=(), compare=False)
    kinds: tuple[Category, ...] = field(default=(), compare=False)
    exclude: "Query | None" = None
    origin: tuple[float, float] | None = None
    now_asked: bool = False
    starts_only: bool = False

    def without(self, *names: str) -> "Query":
        """The same question with these fields asking nothing."""
        blank = Query()
        return replace(self, **{name: getattr(blank, name) for name in names})

    def asks_nothing(self) -> bool:
        """Whether no field constrains anything (language and origin do not)."""
        return all(getattr(self, name) == getattr(_NOTHING, name) for name in _ASKING)

    def to_json(self) -> dict[str, Any]:
        """The contract's `understood` object; `not` holds only the fields that are negated."""
        result: dict[str, Any] = {
            "language": self.language,
            "windows": [w.to_json() for w in self.windows],
            "weekdays": list(self.weekdays),
            "from_time": self.from_time.isoformat("minutes") if self.from_time else None,
            "until_time": self.until_time.isoformat("minutes") if self.until_time else None,
            "places": [p.to_json() for p in self.places],
            "near": self.near.to_json() if self.near else None,
            "ages": [list(a) for a in self.ages],
            "audiences": [str(a) for a in self.audiences],
            "categories": [str(c) for c in self.categories],
            "formats": [str(f) for f in self.formats],
            "free": self.free,
            "max_price": self.max_price,
            "accessibility": [str(a) for a in self.accessibility],
            "languages": list(self.languages),
            "words": list(self.words),
        }
        result["not"] = {} if self.exclude is None else self.exclude._filled_json()
        return result

    def _filled_json(self) -> dict[str, Any]:
        empty = Query().to_json()
        return {k: v for k, v in self.to_json().items() if k not in ("language", "not") and v != empty[k]}


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a sentence was taken to mean.

    asks: "place" when it says "near me" and no position is known, else None. kind: "question" for
    something to search, "greeting", "thanks", "help", "more" ("flere"), "reset" ("noget helt andet"),
    "nothing" when not a single word was understood or searchable, "foreign" when it is in no language that is
    spoken here; "danger", which comes before all else; "worry", whose query offers what is easy to join;
    "small-talk"; "about" the offering that is shown, "row" of the list that is shown, "follow", "notify".
    detail: which danger, worry or small talk; what is asked about; the row from 1, or -1 for the last. A
    question has one too when it may be about what is shown ("er det gratis?").
    others: the other ways to read the question, when there are any.
    follow_up: whether the previous
    question was refined rather than replaced. repaired: (written, taken as) for every typo mended.
    """

    query: Query
    asks: str | None = None
    kind: str = "question"
    follow_up: bool = False
    repaired: tuple[tuple[str, str], ...] = ()
    detail: str = ""
    others: tuple["Query", ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One row of an answer: an offering once, with the occurrence that fits best.

    start, end: instants of that occurrence. distance_km from the position or place asked about, None
    when unknown. price: kroner of the cheapest fitting tariff, 0.0 when free, None when unknown.
    marks: "age-unknown", "price-unknown", "age-inferred", "sold-out", "begun". why: the contributions to
    the rank from the heaviest on, for `--json` and for tests: how many facts are unknown, how many words it
    holds, with how many typos, in which field (0 title, 1 names, 2 text), steps of score and distance, …
    """

    offering_id: int
    occurrence_id: int
    start: datetime
    end: datetime | None
    distance_km: float | None = None
    price: float | None = None
    marks: frozenset[str] = frozenset()
    why: dict[str, float] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Page:
    """Some hits of an answer, in order. total: how many fit in all. relaxed: names of what had to be
    given up ("time", "place", "age", "price", "words", …), empty when every hit meets all that was asked.
    query: the question that these hits really answer, after relaxing."""

    hits: tuple[Hit, ...]
    total: int
    query: Query
    relaxed: tuple[str, ...] = ()


QUERY_FIELDS = tuple(f.name for f in fields(Query))
_NOTHING = Query()
_ASKING = tuple(f.name for f in fields(Query) if f.compare and f.name not in ("language", "origin"))
