"""The rows of offerings → what search decides by, in columns, and what can be read of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from sqlalchemy import Select, Text, case, cast, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from catalog.model import Offering, OfferingTag
from catalog.search.columns import HIDDEN, TARIFFS, Column, Offerings, bit_of
from catalog.search.reading import fetch_of
from catalog.search.spans import Bools, Ints
from catalog.values import OLDEST, Access, Audience, Category, Fact, Format, PriceKind, Status

_AT_A_TIME = 2_000
"""So many texts are held in memory."""

_MOST_LANGUAGES = 62
_TAGS: dict[str, type[Category] | type[Format] | type[Audience]] = {
    "category": Category,
    "format": Format,
    "audience": Audience,
}
_UNKNOWN_PRICES = (float("nan"),) * len(TARIFFS)


@dataclass(frozen=True, slots=True)
class Texts:
    """What can be read of some offerings, in all languages. rows: ascending, where they stand among those
    asked for."""

    rows: Ints
    organizers: Sequence[int | None]
    series: Sequence[int | None]
    titles: Sequence[str]
    keywords: Sequence[Sequence[str]]
    texts: Sequence[str]


class OfferingReader:
    """Reads the offerings with these ascending ids: first their texts, some thousand at a time, then their
    columns. `language_bits`: those that have theirs already. `all_of_them`: whether these are most there are,
    so that their tags are read without naming each."""

    def __init__(self, ids: Ints, language_bits: Mapping[str, int], *, all_of_them: bool) -> None:
        self._ids = ids
        self._all = all_of_them
        self._facts = _OfferingFacts(len(ids), language_bits)

    def texts(self, session: Session) -> Iterator[Texts]:
        """What can be read of each; the facts of the same rows are kept on the way."""
        for some in fetch_of(session, _offerings(), self._ids, Offering.id, _AT_A_TIME):
            ids, titles, keywords, texts, *facts = zip(*some, strict=True)
            rows = np.searchsorted(self._ids, ids)
            stated = _Stated(*facts)
            self._facts.add(rows, stated)
            # One list of them all: a call for each takes as long as the parsing.
            read = json.loads(f"[{','.join(titles)},{','.join(keywords)},{','.join(texts)}]")
            yield Texts(
                rows=rows,
                organizers=stated.organizers,
                series=stated.series,
                titles=["\n".join((named or {}).values()) for named in read[: len(ids)]],
                keywords=[labels or () for labels in read[len(ids) : 2 * len(ids)]],
                texts=["\n".join((told or {}).values()) for told in read[2 * len(ids) :]],
            )

    def columns(self, session: Session) -> tuple[Offerings, Bools]:
        """The facts of all, and for each whether it is sold out as a whole. Texts must have been read."""
        among = None if self._all else self._ids
        for some in fetch_of(session, _tag_bits(), among, OfferingTag.offering_id):
            ids, *bits = (np.array(column, dtype=np.int64) for column in zip(*some, strict=True))
            rows = np.searchsorted(self._ids, ids)
            known = rows < len(self._ids)
            known[known] = self._ids[rows[known]] == ids[known]
            self._facts.tag(rows[known], [column[known] for column in bits])
        return self._facts.columns(self._ids), self._facts.sold_out


def mark_columns() -> tuple[Any, Any]:
    """What is different in a row of an offering after an import has changed it."""
    return cast(col(Offering.updated_at), Text), col(Offering.content_hash)


def _offerings() -> Select[*tuple[Any, ...]]:
    texts = (Offering.titles, Offering.keywords, Offering.descriptions)
    plain = (
        *(
            Offering.source_id,
            Offering.organizer_id,
            Offering.series_id,
            Offering.status,
            Offering.remaining,
            Offering.price_kind,
        ),
        *(Offering.age_from, Offering.age_to, Offering.made_for),
    )
    stored = (Offering.prices, Offering.access, Offering.languages, Offering.inferred)
    columns = (
        col(Offering.id),
        *(cast(col(text), Text) for text in texts),
        *map(col, plain),
        *(cast(col(facts), Text) for facts in stored),
        *mark_columns(),
    )
    return select_columns(*columns).order_by(col(Offering.id))


def _tag_bits() -> Select[*tuple[Any, ...]]:
    """(offering id, bits of its categories, of its formats, of its audiences), added up by the database: a
    tag stands once only."""
    kind, value = col(OfferingTag.kind), col(OfferingTag.value)
    bits = (
        func.sum(case((kind == name, case(*((value == v, bit_of(v)) for v in values), else_=0)), else_=0))
        for name, values in _TAGS.items()
    )
    return select_columns(col(OfferingTag.offering_id), *bits).group_by(col(OfferingTag.offering_id))


class _Stated(NamedTuple):
    """Columns of some offerings as they are stored."""

    sources: Sequence[int]
    organizers: Sequence[int | None]
    series: Sequence[int | None]
    status: Sequence[str]
    remaining: Sequence[int | None]
    price_kind: Sequence[str]
    age_from: Sequence[int | None]
    age_to: Sequence[int | None]
    made_for: Sequence[str | None]
    prices: Sequence[str]
    access: Sequence[str]
    languages: Sequence[str]
    inferred: Sequence[str]
    updated_at: Sequence[str]
    content_hash: Sequence[str]


class _OfferingFacts:
    """Columns of offerings while they are filled."""

    def __init__(self, count: int, language_bits: Mapping[str, int]) -> None:
        self.bits = {kind: np.zeros(count, dtype=np.uint16) for kind in (*_TAGS, "access", "made_for")}
        self.ages = np.full((2, count), -1, dtype=np.int16)
        self.age_inferred = np.zeros(count, dtype=bool)
        self.prices = np.full((count, len(TARIFFS)), np.nan, dtype=np.float32)
        self.languages = np.zeros(count, dtype=np.int64)
        self.language_bits = dict(language_bits)
        self.shared = {
            name: np.full(count, -1, dtype=np.int64) for name in ("sources", "organizers", "series")
        }
        self.sold_out = np.zeros(count, dtype=bool)
        self.marks = np.zeros(count, dtype=np.int64)

    def add(self, rows: Ints, stated: _Stated) -> None:
        sold_out = (status == Status.SOLD_OUT for status in stated.status)
        none_left = (remaining == 0 for remaining in stated.remaining)
        self.sold_out[rows] = [a or b for a, b in zip(sold_out, none_left, strict=True)]
        for name, column in self.shared.items():
            column[rows] = [-1 if id_ is None else id_ for id_ in getattr(stated, name)]
        self.prices[rows] = list(map(_prices, stated.price_kind, stated.prices))
        self.ages[:, rows] = list(zip(*map(_ages, stated.age_from, stated.age_to), strict=True))
        self.age_inferred[rows] = [Fact.AGE in _json(facts) for facts in stated.inferred]
        self.bits["made_for"][rows] = [_bit(Audience, group) for group in stated.made_for]
        self.bits["access"][rows] = list(map(_access, stated.access))
        self.languages[rows] = list(map(self._spoken, stated.languages))
        self.marks[rows] = list(map(hash, zip(stated.updated_at, stated.content_hash, strict=True)))

    def tag(self, rows: Ints, bits: list[Ints]) -> None:
        for kind, values in zip(_TAGS, bits, strict=True):
            self.bits[kind][rows] = values

    def _spoken(self, languages: str) -> int:
        return sum(map(self._language_bit, set(_json(languages))))

    def _language_bit(self, language: str) -> int:
        if language not in self.language_bits and len(self.language_bits) < _MOST_LANGUAGES:
            self.language_bits[language] = 1 << len(self.language_bits)
        return self.language_bits.get(language, 0)

    def columns(self, ids: Ints) -> Offerings:
        return Offerings(
            ids=ids,
            categories=self.bits["category"],
            formats=self.bits["format"],
            audiences=self.bits["audience"] | self.bits["made_for"],
            made_for=self.bits["made_for"],
            age_from=self.ages[0],
            age_to=self.ages[1],
            age_inferred=self.age_inferred,
            prices=self.prices,
            access=self.bits["access"],
            languages=self.languages,
            language_bits=self.language_bits,
            **self.shared,
            marks=self.marks,
        )


@lru_cache(maxsize=4096)
def _json(text: str | None) -> Any:
    return json.loads(text or "null") or {}


@lru_cache(maxsize=4096)
def _prices(kind: str, text: str) -> tuple[float, ...]:
    if kind == PriceKind.FREE:
        return (0.0,) * len(TARIFFS)
    amounts = _json(text) if kind == PriceKind.AMOUNTS else {}
    return tuple(amounts.get(tariff, np.nan) for tariff in TARIFFS) if amounts else _UNKNOWN_PRICES


def _ages(youngest: int | None, oldest: int | None) -> tuple[int, int]:
    if youngest is None and oldest is None:
        return -1, -1
    return youngest or 0, OLDEST if oldest is None else oldest


@lru_cache(maxsize=4096)
def _access(text: str) -> int:
    return sum(_bit(Access, name) for name, has in _json(text).items() if has)


@lru_cache(maxsize=1024)
def _bit(kind: Any, value: str | None) -> int:
    """The bit of a stored value, 0 when it is not a standard one."""
    return bit_of(kind(value)) if value in set(kind) else 0


def hideable(offerings: Offerings, rows: Column, is_run: Column) -> Column:
    """Which occurrences leave the lists once they have begun: nobody can join them late. A run that is also
    something one may drop in on (an exhibition with talks) stays."""
    formats = offerings.formats[rows]
    joinable = is_run & ((formats & ~np.uint16(HIDDEN)) != 0)
    hidden: Column = ((formats & HIDDEN) != 0) & ~joinable
    return hidden
