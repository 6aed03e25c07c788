"""The door of the importers: what a file is, is told from its content; whatever it holds, nothing breaks."""

import ast
import datetime as dt
import io
from contextlib import suppress
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import catalog.importers
from bot.texts import LANGUAGES, texts
from catalog.drafts import UnreadableError
from catalog.importers import FORMATS, MOST_BYTES, detect, parse
from catalog.values import Category, Fact, Format

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=ZONE)

CALENDAR = b"""BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:Kor
DTSTART:20261204T180000Z
END:VEVENT
END:VCALENDAR
"""
EVENT = b'{"@type": "MusicEvent", "@id": "1", "name": "Nordlys", "startDate": "2026-12-04T19:00"}'


def zipped() -> bytes:
    held = io.BytesIO()
    with ZipFile(held, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return held.getvalue()


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (CALENDAR, "ics"),
        (b"\xef\xbb\xbf\n" + CALENDAR, "ics"),
        (CALENDAR.decode().encode("utf-16"), "ics"),
        (EVENT, "jsonld"),
        (b"\xef\xbb\xbf " + EVENT, "jsonld"),
        (b"[" + EVENT + b"]", "jsonld"),
        (b"<!doctype html><html></html>", "jsonld"),
        ("titel;dato;sted\nKor;4/12 2026;Huset\n".encode("cp1252"), "csv"),
        (b"title,date\nChoir,2026-12-04\n", "csv"),
        (zipped(), "xlsx"),
    ],
)
def test_a_format_is_told_from_the_content(data: bytes, format: str) -> None:
    assert detect(data) == format


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty-file"),
        (b" \n\t", "empty-file"),
        (b"%PDF-1.7\n\x00\x01", "unknown-format"),
        (b"just a sentence", "unknown-format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-excel"),
        (b"[" + b" " * MOST_BYTES, "too-large"),
    ],
)
def test_what_is_no_catalogue_is_refused_in_one_word(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        parse(data, now=NOW, zone=ZONE)

    assert caught.value.code == code


@pytest.mark.parametrize("format", ["auto", "ics"])
def test_a_calendar_is_read_by_the_door(format: str) -> None:
    parsed = parse(CALENDAR, format=format, now=NOW, zone=ZONE)

    assert (parsed.format, [draft.titles for draft in parsed.drafts]) == ("ics", [{"da": "Kor"}])


def test_what_is_not_stated_is_inferred_and_marked() -> None:
    [draft] = parse(EVENT, now=NOW, zone=ZONE).drafts

    assert draft.categories == (Category.MUSIC,)
    assert draft.formats == (Format.PERFORMANCE,)
    assert {Fact.CATEGORIES, Fact.FORMATS} <= set(draft.inferred)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from(
        [b"", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", b"{", b"[", b"<script type='application/ld+json'>"]
    ),
    st.sampled_from(["auto", "jsonld", "ics"]),
)
@example(b"\xff\xfe\x00", b"", "auto")
@example(b"<![if]></script>", b"<", "jsonld")
def test_no_bytes_ever_raise_anything_but_unreadable(data: bytes, start: bytes, format: str) -> None:
    with suppress(UnreadableError):
        assert parse(start + data, format=format, now=NOW, zone=ZONE).format in FORMATS


def codes_in_the_source() -> set[str]:
    """Every reason that an importer gives: the first words of the calls that make one."""
    place = {"RejectedError": 0, "UnreadableError": 0, "rejection": 1, "Rejection": 1}
    trees = [ast.parse(file.read_text()) for file in Path(catalog.importers.__file__).parent.glob("*.py")]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    said = [
        node.args[place[node.func.id]]
        for node in calls
        if isinstance(node.func, ast.Name) and node.func.id in place and len(node.args) > place[node.func.id]
    ]
    strings = [
        part.value for argument in said for part in ast.walk(argument) if isinstance(part, ast.Constant)
    ]
    from_the_child = {"recurrence-too-heavy", "too-many-occurrences", "no-occurrences", "bad-recurrence"}
    from_drafts = {"end-before-start", "ages-reversed"}
    return {text for text in strings if isinstance(text, str) and "-" in text} | from_the_child | from_drafts


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_a_sentence(language: str) -> None:
    say = texts(language)
    codes = codes_in_the_source()

    assert len(codes) > 20
    assert [code for code in sorted(codes) if not say.has(f"import.reason.{code}")] == []
    assert all(say(f"import.reason.{code}", detail="x") for code in codes)
