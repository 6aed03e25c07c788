"""Everything there is to show about an offering, as plain frozen facts: safe to hand between threads.

`load_cards` fills them in one read; the words and the layout are the replies' business.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from catalog.values import Access, Audience, Category, Fact, Format, PriceKind, Status, Tariff


@dataclass(frozen=True, slots=True)
class VenueFacts:
    """A venue as far as it is known. Degrees are WGS 84. located_by: see `catalog.model.Venue`."""

    name: str
    address: str | None = None
    postcode: str | None = None
    town: str | None = None
    municipality: str | None = None
    district: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    located_by: str | None = None


@dataclass(frozen=True, slots=True)
class OccurrenceFacts:
    """One time. Instants are aware, in UTC; `zone` is where its wall clock reads."""

    id: int
    start: dt.datetime
    end: dt.datetime | None
    zone: str
    time_known: bool = True
    is_run: bool = False
    open_days: tuple[int, ...] = ()
    opens: dt.time | None = None
    closes: dt.time | None = None
    venue: VenueFacts | None = None
    status: Status = Status.SCHEDULED
    previous_start: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One offering, whole. Unknown is None or empty, never a default. occurrences: by start, also past ones."""

    id: int
    public_id: str
    external_id: str
    source: str
    is_sample: bool
    titles: dict[str, str]
    descriptions: dict[str, str]
    occurrences: tuple[OccurrenceFacts, ...]
    categories: tuple[Category, ...] = ()
    formats: tuple[Format, ...] = ()
    audiences: tuple[Audience, ...] = ()
    owners: tuple[str, ...] = ()
    age_from: int | None = None
    age_to: int | None = None
    made_for: Audience | None = None
    price_kind: PriceKind = PriceKind.UNKNOWN
    prices: dict[Tariff, float] | None = None
    access: dict[Access, bool] | None = None
    languages: tuple[str, ...] = ()
    inferred: frozenset[Fact] = frozenset()
    organizer: str | None = None
    organizer_url: str | None = None
    series: str | None = None
    url: str | None = None
    image_url: str | None = None
    status: Status = Status.SCHEDULED
    residents_only: bool = False
    season_from: dt.date | None = None
    season_until: dt.date | None = None
    weekdays: tuple[int, ...] = ()
    enrolment_opens: dt.datetime | None = None
    enrolment_closes: dt.datetime | None = None
    capacity: int | None = None
    remaining: int | None = None
    enrolment_url: str | None = None
    withdrawn: bool = False

    def title(self, language: str) -> str:
        """The title in `language`, else in Danish, else in whatever language there is."""
        return _in_language(self.titles, language) or ""

    def description(self, language: str) -> str | None:
        """The description, chosen like the title; None when there is none."""
        return _in_language(self.descriptions, language)


def _in_language(texts: dict[str, str], language: str) -> str | None:
    return texts.get(language) or texts.get("da") or next(iter(texts.values()), None)


def load_cards(session: Session, offering_ids: Iterable[int]) -> dict[int, Card]:
    """The cards of these offerings by id; ids that no longer exist are missing from the answer."""
    raise NotImplementedError
