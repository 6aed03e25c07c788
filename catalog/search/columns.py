"""The snapshot of what is on, as columns: one array a fact, one row an offering, occurrence or venue.

Sets of standard values are bits (`bit_of`). Unknown is NaN for degrees and kroner, -1 for everything else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from catalog.search.spans import Bools, Ints, LocalDays, Spans
from catalog.values import CLOSED_AUDIENCES, HIDDEN_ONCE_BEGUN, Access, Audience, Category, Format, Tariff

Bits = npt.NDArray[np.uint16]
Numbers = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.object_]
Column = npt.NDArray[Any]
"""Of whatever type the facts at hand have."""

Rows = Ints | Numbers | slice
"""Rows of a table: numbered, or a stretch of them, which costs no copying."""


def rows_at(rows: Rows, places: Column) -> Column:
    """The rows at these places among `rows`."""
    return places + (rows.start or 0) if isinstance(rows, slice) else rows[places]


TARIFFS = tuple(Tariff)

_BITS: dict[StrEnum, int] = {
    value: 1 << n for kind in (Category, Format, Audience, Access) for n, value in enumerate(kind)
}


def bit_of(value: StrEnum) -> int:
    """The bit that stands for a category, format, audience or access value among those of its kind."""
    return _BITS[value]


def bits_of(values: Iterable[StrEnum]) -> int:
    """The bits of these values of one kind."""
    return sum({_BITS[value] for value in values})


CLOSED = bits_of(CLOSED_AUDIENCES)
HIDDEN = bits_of(HIDDEN_ONCE_BEGUN)


@dataclass(frozen=True, slots=True)
class Offerings:
    """Ascending by id. audiences holds `made_for` too; age_from and age_to are -1 when unknown, and both
    ends are filled when either is known. prices: kroner by TARIFFS, 0 all over when free, NaN when unknown.
    languages: bits, numbered by `language_bits`. series, organizers, sources: the ids of what offerings
    share, -1 none. marks: another one when an import has changed the offering."""

    ids: Ints
    categories: Bits
    formats: Bits
    audiences: Bits
    made_for: Bits
    age_from: npt.NDArray[np.int16]
    age_to: npt.NDArray[np.int16]
    age_inferred: Bools
    prices: npt.NDArray[np.float32]
    access: Bits
    languages: Ints
    language_bits: dict[str, int]
    series: Ints
    organizers: Ints
    sources: Ints
    marks: Ints

    def __len__(self) -> int:
        return len(self.ids)

    def merged(self, kept: Bools, fresh: "Offerings") -> "Offerings":
        """These rows of one's own and all of `fresh`, whose bits of languages hold one's own."""
        order = np.argsort(np.append(self.ids[kept], fresh.ids), kind="stable")
        joined = {
            name: np.concatenate([getattr(self, name)[kept], getattr(fresh, name)])[order]
            for name in (column.name for column in fields(self) if column.name != "language_bits")
        }
        return Offerings(**joined, language_bits=fresh.language_bits)


@dataclass(frozen=True, slots=True)
class Venues:
    """One row a venue, ascending by id. Names are folded; the empty string stands for unknown. Degrees are
    WGS 84."""

    ids: Ints
    keys: Words
    names: Words
    municipalities: Words
    districts: Words
    towns: Words
    postcodes: Words
    latitudes: Floats
    longitudes: Floats

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Schedule:
    """What occurrences have in common in time: their zone, and for runs the hours they are open. key: the
    zone's name, and for runs what the hours are made from."""

    key: tuple[Any, ...]
    days: LocalDays
    open_hours: Spans | None


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Grouped by offering row, then by start. Instants are Unix seconds.

    ends: always known; where the source gave none, start + 3 hours, or the end of the local day when the
    time of day is unknown. begun: from when it counts as begun (the end of its first day when the time of
    day is unknown). venues: row, -1 none. schedules: numbers into the index's schedules. hours_known:
    whether one can tell at what time of day it is on. hideable: it leaves the lists once it has begun.
    dated: it is one time, not a run and not a bare date."""

    ids: Ints
    rows: Numbers
    starts: Ints
    stated_ends: Ints
    ends: Ints
    begun: Ints
    venues: Numbers
    schedules: Numbers
    hours_known: Bools
    is_run: Bools
    dated: Bools
    sold_out: Bools
    hideable: Bools

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, kept: npt.NDArray[np.intp]) -> "Occurrences":
        """These occurrences, in this order."""
        return Occurrences(*(getattr(self, column.name)[kept] for column in fields(self)))

    def moved(self, rows: Numbers, venues: Numbers | None = None) -> "Occurrences":
        """The same at the new rows of their offerings, and of their venues where those are given."""
        placed = self.venues if venues is None else venues[self.venues]
        return replace(self, rows=rows[self.rows], venues=placed)

    def merged(self, others: "Occurrences") -> "Occurrences":
        """These and the others, in order."""
        names = [column.name for column in fields(self)]
        both = Occurrences(*(np.concatenate([getattr(self, n), getattr(others, n)]) for n in names))
        return both.only(np.lexsort((both.ids, both.starts, both.rows)))
