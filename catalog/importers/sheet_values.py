"""What one cell means: days, clock times, prices, ages, links, yes and no, lists of standard values.

Cells come as text (CSV) or typed (XLSX). Each reader takes a cell that is not blank and raises ValueError
when it cannot be what its column asks for.
"""

import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

from openpyxl.utils.datetime import from_excel

from catalog.importers.cleaning import line_of, link, meant, number
from catalog.importers.infer_tariffs import tariffs_of
from catalog.importers.sheet_columns import named_value, word_list
from catalog.text import fold, visible, words
from catalog.values import Tariff

Day = tuple[dt.date, dt.time | None]
Clock = tuple[dt.time, dt.time | None]

_REST = r"(?:[\s,]+(?P<rest>.+))?"
_ISO = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[T\s]+(?P<rest>.+))?")
_NUMBERS = re.compile(rf"(?P<d>\d{{1,2}})\s?[-/.]\s?(?P<m>\d{{1,2}})\s?[-/.]\s?(?P<y>\d{{4}}|\d{{2}}){_REST}")
_NAMED = re.compile(rf"(?P<d>\d{{1,2}})\.?\s+(?P<m>[^\W\d_]+)\.?,?\s+(?P<y>\d{{4}}){_REST}")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:[:.]\d{2})?\s*([ap]\.?m\.?)?")
_WEEKDAY = re.compile(r"[^\W\d_]+\.?,?\s+(?:d\.|den)?\s*(?=\d)")
_POSTCODE = re.compile(r"(?:DK[- ]?)?(\d{4})(?:\s+(.+))?", re.IGNORECASE)
_ERRORS = frozenset({"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#I/T"})
_YEARS = range(2000, 2101)


def is_blank(cell: object) -> bool:
    """Whether nothing is said: empty, only spaces, or a formula that failed."""
    return cell is None or (isinstance(cell, str) and (not visible(cell).strip() or cell.strip() in _ERRORS))


def text(cell: object) -> str:
    """The cell as one line; whole numbers without a decimal point."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return line_of(str(cell), 100_000)


def day(cell: object, zone: ZoneInfo) -> Day:
    """A calendar day, with a time of day when the cell holds one too. Day before month, as in Denmark."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        cell = from_excel(cell)
    if isinstance(cell, dt.datetime):
        moment = cell.astimezone(zone) if cell.tzinfo else cell
        return _checked(moment.date()), moment.time() if moment.time() != dt.time.min else None
    if isinstance(cell, dt.date):
        return _checked(cell), None
    return _written_day(text(cell), zone)


def _written_day(written: str, zone: ZoneInfo) -> Day:
    if re.search(r"\d{2}:?\d{2}Z$|T.*[+-]\d{2}:?\d{2}$", written):
        return day(dt.datetime.fromisoformat(written), zone)
    bare = _WEEKDAY.sub("", written, count=1) if written[:1].isalpha() else written
    found = _ISO.fullmatch(bare) or _NUMBERS.fullmatch(bare) or _NAMED.fullmatch(bare)
    if found is None:
        raise ValueError(written)
    year, month = found["y"], found["m"]
    month = month if month.isdigit() else named_value("months", month) or ""
    date = dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(found["d"]))
    rest = found["rest"]
    return _checked(date), clock(rest)[0] if rest else None


def _checked(date: dt.date) -> dt.date:
    if date.year not in _YEARS:
        raise ValueError(str(date))
    return date


def clock(cell: object) -> Clock:
    """A time of day, and a second one when the cell holds a span ("13-15"). 24:00 is midnight."""
    if isinstance(cell, dt.timedelta):
        return _clock_number(cell / dt.timedelta(days=1)), None
    if isinstance(cell, dt.datetime):
        cell = cell.time()
    if isinstance(cell, dt.time):
        return cell.replace(microsecond=0, tzinfo=None), None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _clock_number(cell), None
    parts = re.split(r"\s*[-–—]\s*", _without(fold(text(cell)), "clock"), maxsplit=1)
    first, *more = [_written_clock(part) for part in parts]
    return first, more[0] if more else None


def _clock_number(value: float) -> dt.time:
    """A fraction is a part of the day, as Excel stores times; 13.3 was typed for 13.30."""
    if 0 <= value < 1:
        minutes = round(value * 24 * 60)
        return dt.time(minutes // 60 % 24, minutes % 60)
    return _written_clock(f"{value:.2f}")


def _written_clock(written: str) -> dt.time:
    found = _CLOCK.fullmatch(written.strip())
    if found is None:
        raise ValueError(written)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return dt.time(0 if (hour, minute) == (24, 0) else hour, minute)


def price(cell: object) -> float | None:
    """Kroner; 0.0 when it says free, None when it says unknown. Raises when it says anything else."""
    if isinstance(cell, str):
        meant = named_value("free", text(cell))
        if meant:
            return 0.0 if meant == "free" else None
    amount = quantity(cell, "kroner")
    if not 0 <= amount <= 1_000_000:
        raise ValueError(cell)
    return amount


def prices(cell: object) -> dict[Tariff, float] | None:
    """Like `price`, of adults, and also by tariff: "voksne 80 kr, børn 40 kr"."""
    by_tariff = tariffs_of(text(cell))
    if set(by_tariff) - {Tariff.ADULT} or (by_tariff and meant("tariffs", [text(cell)])):
        return by_tariff
    amount = price(cell)
    return None if amount is None else {Tariff.ADULT: amount}


def ages(cell: object) -> tuple[int | None, int | None]:
    """One age or a span of ages, in whole years; (None, None) for all ages."""
    if fold(text(cell)) in word_list("all_ages"):
        return None, None
    written = text(cell)
    open_ended = written.endswith("+")
    parts = re.split(r"\s*[-–—]\s*", written.rstrip("+ "), maxsplit=1)
    low, *more = [whole(part, "years") for part in parts]
    if open_ended and more:
        raise ValueError(written)
    return low, more[0] if more else None


def whole(cell: object, unit: str = "years") -> int:
    """A whole number, with or without its unit."""
    value = quantity(cell, unit)
    if not value.is_integer() or value < 0:
        raise ValueError(cell)
    return int(value)


def quantity(cell: object, unit: str) -> float:
    """A number in Danish or international writing, with or without its unit before or behind it."""
    if isinstance(cell, bool):
        raise ValueError(cell)
    bare = _without(fold(text(cell)), unit)
    value = number(bare) if re.fullmatch(r"-?[\d.,\s]*\d[.,]?", bare) else None
    if value is None:
        raise ValueError(cell)
    return value


def degrees(cell: object) -> float:
    """Degrees; the comma is a decimal point, however many digits stand behind it."""
    return float(cell) if isinstance(cell, int | float) else float(text(cell).replace(",", "."))


def yes(cell: object) -> bool | None:
    """True, False, or None when it says that it is not known."""
    if isinstance(cell, bool):
        return cell
    meant = named_value("yes_no", text(cell))
    if meant is None:
        raise ValueError(cell)
    return {"yes": True, "no": False, "unknown": None}[meant]


def address(cell: object) -> str:
    """An absolute http(s) address; "www.…" is taken as https."""
    written = text(cell)
    found = link(f"https://{written}" if written.lower().startswith("www.") else written)
    if found is None:
        raise ValueError(written)
    return found


def postcode(cell: object) -> tuple[str, str | None]:
    """Four digits, and the town when it stands behind them."""
    found = _POSTCODE.fullmatch(text(cell))
    if found is None:
        raise ValueError(cell)
    return found[1], found[2]


def parts(cell: object) -> list[str]:
    """The pieces of a list: separated by commas, semicolons, strokes or line breaks."""
    raw = str(cell) if isinstance(cell, str) else text(cell)
    return list(dict.fromkeys(piece for part in re.split(r"[,;|/\n]", raw) if (piece := line_of(part, 300))))


def values(cell: object, kind: str) -> tuple[str, ...]:
    """The standard values that a list names. Raises with the piece that names none."""
    return tuple(dict.fromkeys(value(piece, kind) for piece in parts(cell)))


def value(cell: object, kind: str) -> str:
    """The one standard value that a cell names."""
    found = named_value(kind, text(cell))
    if found is None:
        raise ValueError(text(cell))
    return found


def weekdays(cell: object) -> tuple[int, ...]:
    """ISO weekdays of a list or a span: "tirsdag, torsdag", "tir-søn", "alle dage"."""
    if fold(text(cell)) in word_list("every_day"):
        return tuple(range(1, 8))
    return tuple(sorted({number for piece in _weekday_pieces(cell) for number in _span(piece)}))


def _weekday_pieces(cell: object) -> Iterator[list[str]]:
    for piece in parts(re.sub(r"\s+(?:og|and|&)\s+", ",", text(cell))):
        yield re.split(r"\s*[-–—]\s*|\s+(?:til|to)\s+", piece)


def _span(ends: list[str]) -> list[int]:
    first, last = _weekday(ends[0]), _weekday(ends[-1])
    return [(first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1)]


def _weekday(written: str) -> int:
    """A name also fits in its plural or genitive: "tirsdage", "Mondays"."""
    folded = " ".join(words(written))
    for stem in (folded, folded.removesuffix("e"), folded.removesuffix("s"), folded.removesuffix("ene")):
        if (found := named_value("weekdays", stem)) is not None:
            return int(found)
    raise ValueError(written)


def _without(folded: str, unit: str) -> str:
    return _unit(unit).sub("", folded, count=2).strip()


@cache
def _unit(name: str) -> re.Pattern[str]:
    listed = "|".join(re.escape(word) for word in word_list(name))
    return re.compile(rf"^(?:{listed})(?![^\W\d_])\s*|\s*(?<![^\W\d_])(?:{listed})$")
