"""The spreadsheet to fill in: a header, an example row, and a second sheet that explains every column."""

import io
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from catalog.importers.sheet_columns import Column, columns, data, display

_HEAD = PatternFill("solid", fgColor="DDE7F0")
_LISTED = frozenset({"categories", "formats", "audiences", "status"})


def template(language: str = "da") -> bytes:
    """An .xlsx in `language` ("da" or "en") that `sheet.parse` reads; its words stand in columns.toml."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _fill_in(book.create_sheet(_said("sheet", language)), language)
    _explain(book.create_sheet(_said("help", language)), language)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _fill_in(sheet: Worksheet, language: str) -> None:
    _write(sheet, 1, [column.header[language] for column in columns()], bold=True)
    _write(sheet, 2, [column.example[language] for column in columns()])
    sheet.freeze_panes = "C2"
    for position, column in enumerate(columns(), start=1):
        letter = get_column_letter(position)
        sheet.column_dimensions[letter].width = max(12, len(column.header[language]) + 3)
        # As text: Excel would turn 07-03 into a date of its own making.
        sheet.column_dimensions[letter].number_format = "@"


def _explain(sheet: Worksheet, language: str) -> None:
    sheet["A1"] = _said("intro", language)
    _write(sheet, 3, [_said(name, language) for name in ("column", "meaning", "example")], bold=True)
    for row, column in enumerate(columns(), start=4):
        meaning = _meaning(column, language)
        _write(sheet, row, [column.header[language], meaning, column.example[language]])
    for letter, width in (("A", 24), ("B", 90), ("C", 44)):
        sheet.column_dimensions[letter].width = width


def _meaning(column: Column, language: str) -> str:
    kind = column.name if column.name in _LISTED else None
    names = (display(kind, value, language) for value in data()["values"][kind]) if kind else ()
    return column.explain[language].format(values=", ".join(names))


def _write(sheet: Worksheet, row: int, texts: Sequence[str], *, bold: bool = False) -> None:
    for position, text in enumerate(texts, start=1):
        cell: Any = sheet.cell(row=row, column=position)
        _put(cell, text)
        cell.alignment = Alignment(vertical="top", wrap_text=row > 2)
        if bold:
            cell.font, cell.fill = Font(bold=True), _HEAD


def _put(cell: Cell, text: str) -> None:
    """Text stays text: whatever it begins with, it is never a formula."""
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"


def _said(name: str, language: str) -> str:
    return str(data()["template"][f"{name}_{language}"])
