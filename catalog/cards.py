"""Everything there is to show about an offering, as plain frozen facts: safe to hand between threads.

`load_cards` fills them in one read; the words and the layout are the replies' business.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from catalog.importers.cleaning import meant
from catalog.model import Occurrence, Offering, Venue
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
    id: int | None = None


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
    """One offering, whole. Unknown is None or empty, never a default. occurrences: by start, also past;
    dates that are no longer on its programme are left out. has_waiting_list: it is full, and its source says
    that there is a list."""

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
    organizer_id: int | None = None
    series: str | None = None
    series_id: int | None = None
    url: str | None = None
    image_url: str | None = None
    photo: str | None = None
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
    has_waiting_list: bool = False

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
    statement = select(Offering).where(col(Offering.id).in_(set(offering_ids))).options(*_RELATED)
    return {card.id: card for card in map(_card, session.exec(statement))}


_RELATED = (
    selectinload(Offering.source),  # type: ignore[arg-type]  # mypy sees the related row's type
    selectinload(Offering.organizer),  # type: ignore[arg-type]  # the same
    selectinload(Offering.series),  # type: ignore[arg-type]  # the same
    selectinload(Offering.tags),  # type: ignore[arg-type]  # the same
    selectinload(Offering.occurrences).selectinload(Occurrence.venue),  # type: ignore[arg-type]  # the same
)


def _card(row: Offering) -> Card:
    return Card(
        id=row.id or 0,
        public_id=row.public_id,
        external_id=row.external_id,
        source=row.source.name,
        is_sample=row.source.is_sample,
        titles=row.titles,
        descriptions=row.descriptions,
        occurrences=tuple(occurrence_facts(o) for o in row.occurrences if o.withdrawn_at is None),
        categories=tuple(map(Category, _tagged(row, "category"))),
        formats=tuple(map(Format, _tagged(row, "format"))),
        audiences=tuple(map(Audience, _tagged(row, "audience"))),
        owners=tuple(_tagged(row, "owner")),
        age_from=row.age_from,
        age_to=row.age_to,
        made_for=Audience(row.made_for) if row.made_for else None,
        price_kind=PriceKind(row.price_kind),
        prices={Tariff(name): kroner for name, kroner in row.prices.items()},
        access={Access(name): has for name, has in row.access.items()},
        languages=tuple(row.languages),
        inferred=frozenset(map(Fact, row.inferred)),
        organizer=row.organizer.name if row.organizer else None,
        organizer_url=row.organizer.url if row.organizer else None,
        organizer_id=row.organizer_id,
        series=row.series.name if row.series else None,
        series_id=row.series_id,
        url=row.url,
        image_url=row.image_url,
        photo=row.photo,
        status=Status(row.status),
        residents_only=row.residents_only,
        season_from=row.season_from,
        season_until=row.season_until,
        weekdays=tuple(row.weekdays),
        enrolment_opens=row.enrolment_opens,
        enrolment_closes=row.enrolment_closes,
        capacity=row.capacity,
        remaining=row.remaining,
        enrolment_url=row.enrolment_url,
        withdrawn=row.withdrawn_at is not None,
        has_waiting_list=_is_full(row) and _says_waiting_list(row),
    )


def _is_full(row: Offering) -> bool:
    return row.remaining == 0 or row.status == Status.SOLD_OUT


def _says_waiting_list(row: Offering) -> bool:
    said = (*row.keywords, *row.titles.values(), *row.descriptions.values())
    return meant("waiting-list", said)[:1] == ("yes",)


def _tagged(row: Offering, kind: str) -> list[str]:
    return sorted(tag.value for tag in row.tags if tag.kind == kind)


def occurrence_facts(row: Occurrence) -> OccurrenceFacts:
    """One stored time, also one that is withdrawn."""
    return OccurrenceFacts(
        id=row.id or 0,
        start=row.start,
        end=row.end,
        zone=row.zone,
        time_known=row.time_known,
        is_run=row.is_run,
        open_days=tuple(row.open_days),
        opens=row.opens,
        closes=row.closes,
        venue=_venue(row.venue) if row.venue else None,
        status=Status(row.status),
        previous_start=row.previous_start,
    )


def _venue(row: Venue) -> VenueFacts:
    return VenueFacts(**{fact.name: getattr(row, fact.name) for fact in fields(VenueFacts)})
