"""One row of a spreadsheet as a draft: cells by column, typed, with the column named when one is wrong."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, OfferingDraft, VenueDraft
from catalog.importers import sheet_values as cell
from catalog.importers.cleaning import language_of, line_of, text_of
from catalog.importers.drafting import RejectedError
from catalog.importers.infer_words import meanings
from catalog.values import Access, Audience, Category, Format, PriceKind, Status, Tariff

T = TypeVar("T")
_Days = tuple[dt.date, dt.date]
_Hours = tuple[dt.time | None, dt.time | None]
MOST_DATES = 1_000
_LONGEST_CELL = 100_000
_DAY = dt.timedelta(days=1)
_END_OF_DAY = dt.time(23, 59)


class Cells:
    """The filled cells of one row by column. headers: how the file calls them, for the report."""

    def __init__(self, filled: Mapping[str, object], headers: Mapping[str, str]) -> None:
        self.filled = filled
        self._headers = headers

    def read(self, name: str, reader: Callable[[object], T], code: str) -> T | None:
        """What `reader` makes of the cell, None when it is blank; a wrong one rejects the row with `code`."""
        if name not in self.filled:
            return None
        value = self.filled[name]
        if isinstance(value, str) and len(value) > _LONGEST_CELL:
            raise RejectedError("too-long", self._headers[name])
        try:
            return reader(value)
        except (ValueError, OverflowError, TypeError) as error:
            shown = error.args[0] if code == "unknown-value" and error.args else value
            raise RejectedError(code, f"{self._headers[name]}: {shown}") from error

    def text(self, name: str, limit: int) -> str | None:
        return self.read(name, lambda value: line_of(cell.text(value), limit), "bad-value")


def offering(cells: Cells, external_id: str, zone: ZoneInfo, where: str) -> OfferingDraft:
    """The draft that one row makes. Raises RejectedError or pydantic's ValidationError."""
    status = Status(cells.read("status", lambda v: cell.value(v, "status"), "unknown-value") or "scheduled")
    facts = _texts(cells) | _who(cells) | _price(cells) | _links(cells) | _enrolment(cells, zone)
    return OfferingDraft(
        external_id=external_id,
        where=where,
        status=status,
        owners=tuple(cells.read("owners", cell.parts, "bad-value") or ()),
        residents_only=bool(cells.read("residents_only", cell.yes, "bad-yes-no")),
        **facts,
        **_when(cells, zone, status, is_exhibition=_is_exhibition(facts)),
    )


def _texts(cells: Cells) -> dict[str, Any]:
    title, title_en = cells.text("title", 300), cells.text("title_en", 300)
    body = cells.read("description", lambda value: text_of(str(value), 20_000), "bad-value")
    body_en = cells.read("description_en", lambda value: text_of(str(value), 20_000), "bad-value")
    if not (title or title_en):
        raise RejectedError("no-title")
    language = "da" if title_en or body_en else language_of(f"{title} {body or ''}")
    return {
        "titles": {lang: said for lang, said in ((language, title), ("en", title_en)) if said},
        "descriptions": {lang: said for lang, said in ((language, body), ("en", body_en)) if said},
        "keywords": _keywords(cells),
        "series_name": cells.text("series", 300),
        "organizer": cells.text("organizer", 200),
    }


def _keywords(cells: Cells) -> tuple[str, ...]:
    """Its keywords; a waiting list is one, which is how a card knows of it."""
    said = tuple(cells.read("keywords", cell.parts, "bad-value") or ())
    waiting = cells.read("waiting_list", cell.yes, "bad-yes-no")
    return tuple(dict.fromkeys([*said, "venteliste"])) if waiting else said


def _who(cells: Cells) -> dict[str, Any]:
    low, high = cells.read("age_from", cell.ages, "bad-age") or (None, None)
    upper = cells.read("age_to", cell.ages, "bad-age") or (None, None)
    made_for = cells.read("made_for", lambda value: cell.value(value, "audiences"), "unknown-value")
    return {
        "categories": tuple(Category(value) for value in _values(cells, "categories")),
        "formats": tuple(Format(value) for value in _values(cells, "formats")),
        "audiences": tuple(Audience(value) for value in _values(cells, "audiences")),
        "languages": _values(cells, "languages"),
        "made_for": made_for and Audience(made_for),
        "age_from": low,
        "age_to": upper[0] if upper[0] is not None else high,
        "access": {
            access: known
            for access in Access
            if (known := cells.read(access.value, cell.yes, "bad-yes-no")) is not None
        },
    }


def _values(cells: Cells, name: str) -> tuple[str, ...]:
    return cells.read(name, lambda value: cell.values(value, name), "unknown-value") or ()


def _price(cells: Cells) -> dict[str, Any]:
    """Free only when the price itself is: "gratis for børn" alone does not make the rest free."""
    prices = cells.read("price", cell.prices, "bad-price") or {}
    prices |= {
        tariff: amount
        for tariff in Tariff
        if (amount := cells.read(f"price_{tariff}", cell.price, "bad-price")) is not None
    }
    if prices.get(Tariff.ADULT) == 0 and not any(prices.values()):
        return {"price_kind": PriceKind.FREE}
    return {"price_kind": PriceKind.AMOUNTS, "prices": prices} if prices else {}


def _links(cells: Cells) -> dict[str, Any]:
    names = ("url", "image_url", "organizer_url", "enrolment_url")
    return {name: cells.read(name, cell.address, "bad-link") for name in names}


def _enrolment(cells: Cells, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "enrolment_opens": _moment(cells, "enrolment_opens", zone, dt.time.min),
        "enrolment_closes": _moment(cells, "enrolment_closes", zone, _END_OF_DAY),
        "capacity": cells.read("capacity", lambda value: cell.whole(value, "seats"), "bad-number"),
        "remaining": cells.read("remaining", lambda value: cell.whole(value, "seats"), "bad-number"),
    }


def _moment(cells: Cells, name: str, zone: ZoneInfo, otherwise: dt.time) -> dt.datetime | None:
    found = cells.read(name, lambda value: cell.day(value, zone), "bad-date")
    return dt.datetime.combine(found[0], found[1] or otherwise, zone) if found else None


def venue(cells: Cells) -> VenueDraft | None:
    """The place of a row, None when it tells of none; without a name it is called by what else is known."""
    code, town = cells.read("postcode", cell.postcode, "bad-postcode") or (None, None)
    latitude = cells.read("latitude", cell.degrees, "bad-coordinates")
    longitude = cells.read("longitude", cell.degrees, "bad-coordinates")
    if (latitude is None) != (longitude is None):
        raise RejectedError("bad-coordinates", f"{latitude}, {longitude}")
    facts: dict[str, Any] = {
        "address": cells.text("address", 300),
        "district": cells.text("district", 100),
        "town": cells.text("town", 100) or (town and town[:100]),
        "postcode": code,
        "municipality": cells.text("municipality", 100),
    }
    point = None if latitude is None else f"{latitude:.4f}, {longitude:.4f}"
    known_as = (cells.text("venue", 300), *facts.values(), point)
    name = next((name for name in known_as if name), None)
    return VenueDraft(name=name, latitude=latitude, longitude=longitude, **facts) if name else None


def _is_exhibition(facts: Mapping[str, Any]) -> bool:
    titled = meanings("format").clear(" ".join(facts["titles"].values()))
    return Format.EXHIBITION in (facts["formats"] or titled)


def _when(cells: Cells, zone: ZoneInfo, status: Status, *, is_exhibition: bool) -> dict[str, Any]:
    first, last, since, until = _span(cells, zone)
    days = cells.read("weekdays", cell.weekdays, "bad-weekday") or ()
    occurs: dict[str, Any] = {"zone": zone.key, "venue": venue(cells), "status": status}
    occurs["previous_start"] = _moment(cells, "previous_start", zone, since or dt.time.min)
    if days and not is_exhibition:
        dates = list(_weekly(first, last, days))
        times = tuple(_once((date, date), (since, until), zone, occurs) for date in dates)
    else:
        times = (_once((first, last), (since, until), zone, occurs | {"open_days": days}),)
    seasonal = bool(days) or "season_from" in cells.filled
    season = {"season_from": first, "season_until": last, "weekdays": days} if seasonal else {}
    return {"occurrences": times} | (season if not is_exhibition else {})


def _span(cells: Cells, zone: ZoneInfo) -> tuple[dt.date, dt.date, dt.time | None, dt.time | None]:
    """(first day, last day, from, until): the dates of a row, else its season."""

    def day(name: str) -> cell.Day | None:
        return cells.read(name, lambda value: cell.day(value, zone), "bad-date")

    start, end = day("start_date") or day("season_from"), day("end_date") or day("season_until")
    if start is None:
        raise RejectedError("no-start")
    since, upto = cells.read("start_time", cell.clock, "bad-time") or (start[1], None)
    until = cells.read("end_time", cell.clock, "bad-time")
    last = end[0] if end else start[0]
    if last < start[0]:
        raise RejectedError("end-before-start", f"{start[0]} – {last}")
    return start[0], last, since, until[0] if until else upto or (end[1] if end else None)


def _weekly(first: dt.date, last: dt.date, days: tuple[int, ...]) -> Iterator[dt.date]:
    if (last - first).days > 7 * MOST_DATES:
        raise RejectedError("too-many-occurrences", f"{first} – {last}")
    dates = [first + step * _DAY for step in range((last - first).days + 1)]
    meets = [date for date in dates if date.isoweekday() in days]
    if not meets:
        raise RejectedError("no-occurrences", f"{first} – {last}")
    if len(meets) > MOST_DATES:
        raise RejectedError("too-many-occurrences", str(len(meets)))
    yield from meets


def _once(days: _Days, hours: _Hours, zone: ZoneInfo, facts: Mapping[str, Any]) -> OccurrenceDraft:
    """One occurrence from the first day to the last; one that lasts a day or more is a run."""
    (first, last), (since, until) = days, hours
    start = dt.datetime.combine(first, since or dt.time.min, zone)
    end = _end(days, hours, zone)
    is_run = last > first and (end is None or end - start >= _DAY)
    told = {**facts, **({"opens": since, "closes": until} if is_run else {"open_days": ()})}
    key = start.strftime("%Y-%m-%dT%H:%M" if since else "%Y-%m-%d")
    return OccurrenceDraft(key=key, start=start, end=end, time_known=since is not None, is_run=is_run, **told)


def _end(days: _Days, hours: _Hours, zone: ZoneInfo) -> dt.datetime | None:
    """The instant it ends: past midnight when the clock says so, the end of the last day without a clock."""
    (first, last), (since, until) = days, hours
    if until is None:
        return dt.datetime.combine(last + _DAY, dt.time.min, zone) if last > first else None
    over_night = last == first and since is not None and until <= since
    return dt.datetime.combine(last + _DAY if over_night else last, until, zone)
