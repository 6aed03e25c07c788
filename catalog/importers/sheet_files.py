"""Rows out of CSV and XLSX bytes. Sizes are checked before anything is unpacked."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from openpyxl import load_workbook

from catalog.drafts import UnreadableError
from catalog.importers.sheet_columns import HEADER_WITHIN, find_header

MOST_ROWS = 200_000
MOST_COLUMNS = 200
_MOST_SHEETS = 20
_MOST_ENTRIES = 2_000
_MOST_UNPACKED = 100_000_000
_MOST_RATIO = 100
_SMALL = 100_000

Row = Sequence[object]


def is_workbook(data: bytes) -> bool:
    """Whether these are the bytes of a zip archive, as an .xlsx is."""
    return data.startswith(b"PK\x03\x04")


def read_table(data: bytes) -> tuple[Row, dict[int, str], Iterator[tuple[int, Row]]]:
    """(the header row, position → column, the rows after it with the numbers that a spreadsheet shows).

    Of a workbook the first sheet with a header is read. Raises UnreadableError when there is none, or when
    the file is broken, encrypted or a bomb."""
    for rows in _sheets(data) if is_workbook(data) else _texts(data):
        first = list(islice(rows, HEADER_WITHIN))
        if found := find_header(first):
            index, named = found
            rest = _chain(first[index + 1 :], rows)
            return first[index], named, enumerate(rest, start=index + 2)
    raise UnreadableError("no-header")


def _chain(first: Iterable[Row], rest: Iterator[Row]) -> Iterator[Row]:
    yield from first
    yield from rest


def _texts(data: bytes) -> Iterator[Iterator[Row]]:
    """The text cut at each separator that it may have, the most promising first."""
    text = _decoded(data)
    first = text[:20_000].splitlines()[:HEADER_WITHIN]

    def columns_named(separator: str) -> int:
        found = find_header(list(_csv_rows(first, separator)))
        return len(found[1]) if found else 0

    for separator in sorted(";,\t", key=columns_named, reverse=True):
        yield _csv_rows(io.StringIO(text, newline=""), separator)


def _csv_rows(lines: Iterable[str], separator: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=separator)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield (error,)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _sheets(data: bytes) -> Iterator[Iterator[Row]]:
    _check_directory(data)
    try:
        # What a broken or hostile workbook makes the library raise is not ours to list.
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Exception as error:
        raise UnreadableError("broken-file", type(error).__name__) from error
    for sheet in islice(book.worksheets, _MOST_SHEETS):
        yield _sheet_rows(sheet)


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    try:
        sheet.reset_dimensions()  # what a file says of its own size is not to be trusted
        yield from sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
    except Exception as error:
        raise UnreadableError("broken-file", type(error).__name__) from error


def _check_directory(data: bytes) -> None:
    """Refuse an archive by what its directory says, before anything is unpacked."""
    try:
        entries = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableError("broken-file", type(error).__name__) from error
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > _MOST_ENTRIES or unpacked > _MOST_UNPACKED or any(map(_is_bomb, entries)):
        raise UnreadableError("archive-bomb", f"{len(entries)} / {unpacked // 1_000_000} MB")
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableError("encrypted")


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > _SMALL and entry.file_size > _MOST_RATIO * entry.compress_size
