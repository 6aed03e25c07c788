"""What was left out of a file comes back as a sheet that says what is wrong, and that runs nothing."""

import datetime as dt
import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from catalog.drafts import Rejection
from catalog.importers import parse
from catalog.importers.mending import Advice, Headers, mending_sheet
from tests.catalog.factory import ZONE, at

NOW = at("2026-11-21 10:00")
HEADERS = Headers("Fejl", "hvad er galt", "hvad hjælper", "hvor", "hører til række {row}")
SHEET = """titel;start_dato;start_tid;id
Kor;28-11-2026;19:00;1
Jazz;31-02-2026;19:00;2
Kor;29-11-2026;kl. tidligt;1
Opera;28-11-2026;20:00;4
"""


def mended(data: bytes, *, rejections: list[Rejection] | None = None) -> list[tuple[object, ...]]:
    parsed = parse(data, now=NOW, zone=ZONE)
    refused = parsed.rejections if rejections is None else rejections
    advice = {rejection: Advice(rejection.code, "ret det") for rejection in refused}
    book = load_workbook(io.BytesIO(mending_sheet(data, parsed.format, advice, HEADERS)))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_the_failing_rows_and_those_that_belong_to_them_come_back_with_the_reason() -> None:
    assert mended(SHEET.encode()) == [
        ("hvad er galt", "hvad hjælper", "titel", "start_dato", "start_tid", "id"),
        (None, "hører til række 4", "Kor", "28-11-2026", "19:00", "1"),
        ("bad-date", "ret det", "Jazz", "31-02-2026", "19:00", "2"),
        ("bad-time", "ret det", "Kor", "29-11-2026", "kl. tidligt", "1"),
    ]


def test_the_mended_sheet_can_be_sent_as_it_is() -> None:
    parsed = parse(SHEET.encode(), now=NOW, zone=ZONE)
    advice = {rejection: Advice(rejection.code, "ret det") for rejection in parsed.rejections}
    book = load_workbook(io.BytesIO(mending_sheet(SHEET.encode(), "csv", advice, HEADERS)))
    sheet = book.worksheets[0]
    sheet["D3"], sheet["E4"] = "28-02-2027", "18:00"
    saved = io.BytesIO()
    book.save(saved)
    again = parse(saved.getvalue(), now=NOW, zone=ZONE)
    assert again.rejections == []
    assert {draft.titles["da"]: len(draft.occurrences) for draft in again.drafts} == {"Kor": 2, "Jazz": 1}


@pytest.mark.parametrize("evil", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=HYPERLINK(1)"])
def test_no_cell_that_goes_out_is_a_formula(evil: str) -> None:
    book = Workbook()
    book.worksheets[0].append(["titel", "start_dato", "beskrivelse"])
    book.worksheets[0].append(["x", "aldrig", "x"])
    for position in (1, 3):
        cell = book.worksheets[0].cell(2, position, evil)
        cell.data_type = "s"
    saved = io.BytesIO()
    book.save(saved)
    rejection = Rejection("2", "bad-date", evil)
    written = mending_sheet(saved.getvalue(), "xlsx", {rejection: Advice(evil, evil)}, HEADERS)
    sheet = load_workbook(io.BytesIO(written)).worksheets[0]
    assert [cell.data_type for cell in sheet[2]] == ["s"] * 5
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(written)).read("xl/worksheets/sheet1.xml")
    assert str(sheet["C2"].value).strip() == evil.strip()


def test_dates_of_a_workbook_stay_dates() -> None:
    book = Workbook()
    book.worksheets[0].append(["titel", "start_dato", "start_tid"])
    book.worksheets[0].append(["Kor", dt.datetime(2026, 11, 28), "sent"])  # noqa: DTZ001  # as workbooks hold it
    saved = io.BytesIO()
    book.save(saved)
    assert mended(saved.getvalue())[1][3] == dt.datetime(2026, 11, 28)  # noqa: DTZ001  # the same


def test_of_a_calendar_there_is_a_row_for_each_reason() -> None:
    calendar = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:7@x\nSUMMARY:Kor\nEND:VEVENT\nEND:VCALENDAR\n"
    assert [row[0] for row in mended(calendar)] == ["hvad er galt", "no-start"]
