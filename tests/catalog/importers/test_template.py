import datetime as dt
import io
import zipfile
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from catalog.importers import parse
from catalog.importers.sheet_columns import columns, data, plain
from catalog.importers.template import template
from catalog.values import Audience, Category, Format, PriceKind, Status

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=ZONE)
LANGUAGES = ["da", "en"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_example_row_imports_cleanly_and_is_in_the_future(language: str) -> None:
    parsed = parse(template(language), now=NOW, zone=ZONE)
    assert (parsed.format, parsed.rejections) == ("xlsx", [])
    [draft] = parsed.drafts
    assert draft.titles[language]
    assert (draft.formats, draft.price_kind) == ((Format.WORKSHOP,), PriceKind.FREE)
    assert (draft.age_from, draft.age_to, draft.made_for) == (7, 12, Audience.CHILDREN)
    assert draft.inferred == ()
    [time] = draft.occurrences
    assert time.start > NOW + dt.timedelta(days=365)
    assert time.venue is not None
    assert (time.venue.postcode, time.venue.municipality) == ("2635", "Ishøj")


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_sheets_name_every_column_and_the_second_explains_it(language: str) -> None:
    book = load_workbook(io.BytesIO(template(language)))
    to_fill, help_page = book.worksheets
    headers = [column.header[language] for column in columns()]
    assert [cell.value for cell in to_fill[1]] == headers
    explained = {row[0]: row[1] for row in help_page.iter_rows(min_row=4, values_only=True)}
    assert list(explained) == headers
    assert all(isinstance(text, str) and len(text) > 8 for text in explained.values())


def test_the_public_column_names_stay() -> None:
    names = [column.header["da"] for column in columns()]
    assert names[:10] == [
        *("id", "titel", "titel_en", "beskrivelse", "beskrivelse_en"),
        *("start_dato", "start_tid", "slut_dato", "slut_tid", "ugedage"),
    ]
    assert {"sæson_fra", "sted", "postnummer", "kategorier", "lavet_for", "pris_barn", "kørestol"} <= set(
        names
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_the_standard_values_are_listed(language: str) -> None:
    page = load_workbook(io.BytesIO(template(language))).worksheets[1]
    meaning = {row[0]: str(row[1]) for row in page.iter_rows(min_row=4, values_only=True)}
    column = {"da": "kategorier", "en": "categories"}[language]
    listed = meaning[column].split(": ")[1].rstrip(".").split(", ")
    assert len(listed) == len(Category)
    assert {"da": "billedkunst", "en": "visual arts"}[language] in listed


@pytest.mark.parametrize(
    ("kind", "values"),
    [("categories", Category), ("formats", Format), ("audiences", Audience), ("status", Status)],
)
def test_every_standard_value_has_a_name_in_both_languages(kind: str, values: type[StrEnum]) -> None:
    table = data()["values"][kind]
    assert set(table) == {str(value) for value in values}
    assert all(len(names) >= 2 for names in table.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_cell_is_a_formula_and_there_are_no_macros(language: str) -> None:
    written = template(language)
    for page in load_workbook(io.BytesIO(written)).worksheets:
        for row in page.iter_rows():
            assert all(cell.data_type in {"s", "n"} for cell in row)
            assert all(cell.data_type == "s" for cell in row if cell.value is not None)
    assert not [name for name in zipfile.ZipFile(io.BytesIO(written)).namelist() if "vba" in name.lower()]


def test_text_that_looks_like_a_formula_is_written_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    meaning = '=HYPERLINK("https://example.org")'
    changed = data() | {"template": data()["template"] | {"meaning_da": meaning}}
    monkeypatch.setattr("catalog.importers.template.data", lambda: changed)
    cell = load_workbook(io.BytesIO(template("da"))).worksheets[1]["B3"]
    assert (cell.value, cell.data_type) == (meaning, "s")


def test_no_two_columns_answer_to_the_same_header() -> None:
    headers = [
        (name, entry["name"])
        for entry in data()["column"]
        for name in {entry["da"], entry["en"], *entry["aliases"]}
    ]
    meant: dict[str, str] = {}
    for header, name in headers:
        assert meant.setdefault(plain(header), name) == name
