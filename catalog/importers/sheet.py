"""Spreadsheets: CSV and XLSX with a header row in Danish or English, one row a date.

Rows with the same id are dates of one offering; a fact that one of them leaves blank is the others'. A row
that cannot be read is rejected by its number and the rest is kept.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from catalog.drafts import OccurrenceDraft, OfferingDraft, Parsed
from catalog.importers import sheet_values as cell
from catalog.importers.drafting import RejectedError, read_item, rejection
from catalog.importers.identity import identity, shared_links
from catalog.importers.sheet_columns import plain
from catalog.importers.sheet_files import MOST_ROWS, Row, is_workbook, read_table
from catalog.importers.sheet_rows import Cells, offering
from catalog.values import Status

_OF_THE_DATE = frozenset(
    {"start_date", "start_time", "end_date", "end_time", "weekdays", "season_from", "season_until"}
    | {"status", "previous_start"}
)
_OF_THE_PLACE = frozenset(
    {"venue", "address", "postcode", "town", "municipality", "district", "latitude", "longitude"}
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One row that says something: its number, its filled cells, and the id it is known by."""

    number: int
    filled: Mapping[str, object]
    external_id: str | None


def parse(data: bytes, now: dt.datetime, zone: ZoneInfo) -> Parsed:  # noqa: ARG001 - every format's door
    """The offerings of a spreadsheet. Its clock times are those of `zone`. Raises UnreadableError when there
    is no table with a title column, or the file is broken, encrypted or a bomb."""
    parsed = Parsed("xlsx" if is_workbook(data) else "csv")
    header, named, rows = read_table(data)
    headers = {name: str(header[position]) for position, name in named.items()}
    groups: dict[str | int, list[_Line]] = {}
    for line in _identified(list(_lines(rows, named, parsed))):
        groups.setdefault(line.external_id or line.number, []).append(line)
    for lines in groups.values():
        _read_group(lines, headers, zone, parsed)
    return parsed


def numbered_rows(data: bytes) -> tuple[Row, list[tuple[int, str | None, Row]]]:
    """The header row, and every row that says something: its number, the id that its offering is known by,
    and its cells as they stand. Raises UnreadableError as `parse` does."""
    header, named, rows = read_table(data)
    cells = dict(rows)
    lines = list(_identified(list(_lines(iter(cells.items()), named, Parsed("")))))
    return header, [(line.number, line.external_id, cells[line.number]) for line in lines]


def _lines(
    rows: Iterator[tuple[int, Row]], named: Mapping[int, str], parsed: Parsed
) -> Iterator[tuple[int, dict[str, object]]]:
    """The number and the filled cells of every row that says something."""
    for number, row in rows:
        if number > MOST_ROWS:
            parsed.rejections.append(rejection(str(number), "too-many-rows", str(MOST_ROWS)))
            return
        if row and isinstance(row[0], Exception):
            parsed.rejections.append(rejection(str(number), "too-long"))
            continue
        cells = ((name, row[position]) for position, name in named.items() if position < len(row))
        filled = {name: value for name, value in cells if not cell.is_blank(value)}
        if filled:
            yield number, filled


def _identified(rows: Sequence[tuple[int, dict[str, object]]]) -> Iterator[_Line]:
    """The rows with the id that they state, or else are known by; None for one without a name too."""
    shared = shared_links((_link(filled), _text(filled, "title")) for _, filled in rows)
    for number, filled in rows:
        title = _text(filled, "title") or _text(filled, "title_en")
        url = _link(filled)
        known_by = identity(
            url=None if url in shared else url,
            title=title,
            venue=_text(filled, "venue"),
            organizer=_text(filled, "organizer"),
        )
        stated = _text(filled, "id")
        yield _Line(number, filled, stated[:500] if stated else known_by if title else None)


def _text(filled: Mapping[str, object], name: str) -> str | None:
    return cell.text(filled[name]) if name in filled else None


def _link(filled: Mapping[str, object]) -> str | None:
    try:
        return cell.address(filled["url"]) if "url" in filled else None
    except ValueError:
        return None


def _read_group(lines: Sequence[_Line], headers: Mapping[str, str], zone: ZoneInfo, parsed: Parsed) -> None:
    """One offering from all rows under its id."""
    shared = _shared(lines)
    made: list[OfferingDraft] = []
    for line in lines:
        cells = Cells({**shared, **_place(lines, line), **line.filled}, headers)

        def make(line: _Line = line, cells: Cells = cells) -> Iterable[OfferingDraft]:
            if _differs(line.filled, shared):
                raise RejectedError("duplicate-id", line.external_id or "")
            draft = offering(cells, line.external_id or "?", zone, str(line.number))
            return [_fitting(draft, made)]

        tried = Parsed(parsed.format)
        read_item(tried, str(line.number), make)
        made.extend(tried.drafts)
        parsed.rejections.extend(replace(r, external_id=line.external_id) for r in tried.rejections)
    if made:
        parsed.drafts.append(_merged(made))


def _shared(lines: Iterable[_Line]) -> dict[str, object]:
    """What the rows of an offering tell together about everything but their dates and places."""
    shared: dict[str, object] = {}
    for line in lines:
        for name, value in line.filled.items():
            if name not in _OF_THE_DATE | _OF_THE_PLACE:
                shared.setdefault(name, value)
    return shared


def _place(lines: Iterable[_Line], line: _Line) -> dict[str, object]:
    """The first place that any row tells, for a row that tells none."""
    told = (each.filled for each in (line, *lines) if each.filled.keys() & _OF_THE_PLACE)
    return {name: value for name, value in next(told, {}).items() if name in _OF_THE_PLACE}


def _differs(filled: Mapping[str, object], shared: Mapping[str, object]) -> bool:
    """Whether a row under the same id is about something else."""
    own, first = _text(filled, "title"), _text(shared, "title")
    return own is not None and first is not None and plain(own) != plain(first)


def _fitting(draft: OfferingDraft, made: Iterable[OfferingDraft]) -> OfferingDraft:
    """The draft, if none of its dates is told otherwise by an earlier row."""
    known = {occurrence.key: occurrence for earlier in made for occurrence in earlier.occurrences}
    for occurrence in draft.occurrences:
        if known.get(occurrence.key, occurrence) != occurrence:
            raise RejectedError("duplicate-date", occurrence.key.replace("T", " "))
    return draft


def _merged(drafts: Sequence[OfferingDraft]) -> OfferingDraft:
    """The first draft with the dates of all of them."""
    if len(drafts) == 1:
        return drafts[0]
    times = {occurrence.key: occurrence for draft in drafts for occurrence in draft.occurrences}
    statuses = {occurrence.status for occurrence in times.values()}
    return drafts[0].model_copy(
        update={
            "occurrences": tuple(sorted(times.values(), key=_start)),
            "status": statuses.pop() if len(statuses) == 1 else Status.SCHEDULED,
            "weekdays": tuple(sorted({day for draft in drafts for day in draft.weekdays})),
            "season_from": min((d.season_from for d in drafts if d.season_from), default=None),
            "season_until": max((d.season_until for d in drafts if d.season_until), default=None),
        }
    )


def _start(occurrence: OccurrenceDraft) -> tuple[dt.datetime, str]:
    return occurrence.start, occurrence.key
