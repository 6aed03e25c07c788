"""What an importer makes of a file, before anything is stored: drafts, and rejections with reasons.

Drafts validate on construction (table models do not). An importer states only what the source states;
guesses are added later by `catalog.importers.infer`, which names them.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from catalog.values import Access, Audience, Category, Fact, Format, PriceKind, Status, Tariff

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]
Body = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
Url = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000, pattern=r"^https?://[^\s]+$")]
Age = Annotated[int, Field(ge=0, le=120)]
Kroner = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
IsoWeekday = Annotated[int, Field(ge=1, le=7)]


class _Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class VenueDraft(_Draft):
    """A place as the source tells it. Degrees are WGS 84."""

    name: Title
    address: str | None = Field(default=None, max_length=300)
    postcode: str | None = Field(default=None, pattern=r"^\d{4}$")
    town: str | None = Field(default=None, max_length=100)
    municipality: str | None = Field(default=None, max_length=100)
    district: str | None = Field(default=None, max_length=100)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


class OccurrenceDraft(_Draft):
    """One time. See `catalog.model.Occurrence` for the meaning of every field."""

    key: str = Field(min_length=1, max_length=100)
    start: AwareDatetime
    end: AwareDatetime | None = None
    zone: str = Field(max_length=64)
    time_known: bool = True
    is_run: bool = False
    open_days: tuple[IsoWeekday, ...] = ()
    opens: dt.time | None = None
    closes: dt.time | None = None
    venue: VenueDraft | None = None
    status: Status = Status.SCHEDULED
    previous_start: AwareDatetime | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> "OccurrenceDraft":
        if self.end is not None and self.end < self.start:
            raise ValueError("end-before-start")
        return self


class OfferingDraft(_Draft):
    """One offering as its source tells it. See `catalog.model.Offering` for the meaning of every field."""

    external_id: str = Field(min_length=1, max_length=500)
    titles: dict[str, Title] = Field(min_length=1)
    descriptions: dict[str, Body] = Field(default_factory=dict)
    keywords: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    formats: tuple[Format, ...] = ()
    audiences: tuple[Audience, ...] = ()
    age_from: Age | None = None
    age_to: Age | None = None
    made_for: Audience | None = None
    price_kind: PriceKind = PriceKind.UNKNOWN
    prices: dict[Tariff, Kroner] = Field(default_factory=dict)
    access: dict[Access, bool] = Field(default_factory=dict)
    languages: tuple[str, ...] = ()
    inferred: tuple[Fact, ...] = ()
    organizer: str | None = Field(default=None, max_length=200)
    organizer_url: Url | None = None
    series_id: str | None = Field(default=None, max_length=500)
    series_name: str | None = Field(default=None, max_length=300)
    owners: tuple[str, ...] = ()
    url: Url | None = None
    image_url: Url | None = None
    photo: str | None = Field(default=None, min_length=1, max_length=200)
    status: Status = Status.SCHEDULED
    residents_only: bool = False
    season_from: dt.date | None = None
    season_until: dt.date | None = None
    weekdays: tuple[IsoWeekday, ...] = ()
    enrolment_opens: AwareDatetime | None = None
    enrolment_closes: AwareDatetime | None = None
    capacity: int | None = Field(default=None, ge=0)
    remaining: int | None = Field(default=None, ge=0)
    enrolment_url: Url | None = None
    occurrences: tuple[OccurrenceDraft, ...] = ()
    where: str = Field(default="", exclude=True, description="line or item in the file, for the report")

    @model_validator(mode="after")
    def _ages_in_order(self) -> "OfferingDraft":
        if self.age_from is not None and self.age_to is not None and self.age_from > self.age_to:
            raise ValueError("ages-reversed")
        return self


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why one item was left out. where: "12" (a line, row or item number, or an identifier); code: a short
    stable word such as "no-title", "bad-date", "too-many-occurrences", whose sentence is in the texts under
    `import.reason.<code>`; detail: the offending value, shortened, for that sentence; external_id: of the
    offering it would have been, when that much could be read: ingest then knows which one to leave alone."""

    where: str
    code: str
    detail: str = ""
    external_id: str | None = None


@dataclass(slots=True)
class Parsed:
    """What one file held."""

    format: str
    drafts: list[OfferingDraft] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)


class UnreadableError(ValueError):
    """The whole file cannot be read. code as in `Rejection`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


Progress = Callable[[int, int], None]
"""Called with (done, of) while a long file is read or stored."""
