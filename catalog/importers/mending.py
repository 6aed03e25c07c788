"""The rows that were left out of a file, as a sheet to mend and send again.

All rows of an offering are in it when one is wrong, so that the mended sheet holds all of its dates. Every
text is written as text: whatever it begins with, it is never a formula.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from catalog.drafts import Rejection
from catalog.importers.sheet import numbered_rows

_MARK = PatternFill("solid", fgColor="FBE3D6")
_LONGEST = 32_000
"""A cell of Excel's holds 32,767 characters."""


@dataclass(frozen=True, slots=True)
class Advice:
    """What is wrong with something, and what would mend it, in a sentence each."""

    wrong: str
    mend: str


@dataclass(frozen=True, slots=True)
class Headers:
    """What the columns are called. where: of a file that is no spreadsheet. belongs: what is said of a row
    that is right but belongs to one that is wrong, with `{row}` for that row's number."""

    sheet: str
    wrong: str
    mend: str
    where: str
    belongs: str


def mending_sheet(data: bytes, format: str, advice: Mapping[Rejection, Advice], headers: Headers) -> bytes:
    """An .xlsx of what was left out. format: of `data`, as `Parsed` tells it. A spreadsheet's rows keep their
    columns behind two new ones; of another file there is one row for each rejection."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = headers.sheet
    rows = _rows(data, advice, headers) if format in ("csv", "xlsx") else _list(advice, headers)
    for number, row in enumerate(rows, start=1):
        _write(sheet, number, row)
    for position in range(1, sheet.max_column + 1):
        sheet.column_dimensions[get_column_letter(position)].width = 48 if position < 3 else 18
    sheet.freeze_panes = "C2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _rows(data: bytes, advice: Mapping[Rejection, Advice], headers: Headers) -> Iterator[Sequence[object]]:
    header, rows = numbered_rows(data)
    yield [headers.wrong, headers.mend, *header]
    at = {rejection.where: said for rejection, said in advice.items()}
    first = {r.external_id: r.where for r in reversed(list(advice)) if r.external_id is not None}
    for number, external_id, row in rows:
        if str(number) in at:
            yield [at[str(number)].wrong, at[str(number)].mend, *row]
        elif external_id in first:
            yield ["", headers.belongs.format(row=first[external_id]), *row]


def _list(advice: Mapping[Rejection, Advice], headers: Headers) -> Iterator[Sequence[object]]:
    yield [headers.wrong, headers.mend, headers.where]
    for rejection, said in advice.items():
        yield [said.wrong, said.mend, rejection.where]


def _write(sheet: Worksheet, number: int, row: Sequence[object]) -> None:
    filled = max((position for position, value in enumerate(row, start=1) if value is not None), default=0)
    for position, value in enumerate(row[:filled], start=1):
        cell: Any = sheet.cell(row=number, column=position)
        _put(cell, value)
        cell.alignment = Alignment(vertical="top", wrap_text=position < 3)
        if number == 1:
            cell.font = Font(bold=True)
        elif position < 3 and value:
            cell.fill = _MARK


def _put(cell: Cell, value: object) -> None:
    if not isinstance(value, str):
        cell.value = value  # type: ignore[assignment]  # what a workbook's cell held, a date or a number
    elif value:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST]
        cell.data_type = "s"
        cell.number_format = "@"
