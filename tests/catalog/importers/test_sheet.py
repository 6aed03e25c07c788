import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.texts import texts
from catalog.drafts import OfferingDraft, Parsed, Rejection, UnreadableError
from catalog.importers import sheet
from catalog.values import Access, Audience, Category, Format, PriceKind, Status, Tariff

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 21, 12, tzinfo=ZONE)


def read(text: str, encoding: str = "utf-8") -> Parsed:
    return sheet.parse(text.encode(encoding), NOW, ZONE)


def row(**cells: str) -> Parsed:
    """A sheet of one row, with a title and a date unless it says otherwise."""
    filled = {"titel": "Julekoncert", "start_dato": "28-11-2026"} | cells
    quoted = (f'"{value}"' for value in filled.values())
    return read(";".join(filled) + "\n" + ";".join(quoted) + "\n")


def only(parsed: Parsed) -> OfferingDraft:
    assert parsed.rejections == []
    [draft] = parsed.drafts
    return draft


def refused(parsed: Parsed) -> tuple[str, str, str]:
    assert parsed.drafts == []
    [rejection] = parsed.rejections
    return rejection.where, rejection.code, rejection.detail


def local(moment: dt.datetime | None) -> str:
    assert moment is not None
    return moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def workbook(*rows: list[Any], sheets: dict[str, list[list[Any]]] | None = None) -> bytes:
    book = Workbook()
    for name, lines in (sheets or {"Ark1": list(rows)}).items():
        page = book.create_sheet(name)
        for line in lines:
            page.append(line)
    book.remove(book.worksheets[0])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def changed(data: bytes, name: str, text: str) -> bytes:
    """The workbook with one of its files replaced or added."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, text)
    return written.getvalue()


def test_a_row_with_a_title_and_a_date_is_enough() -> None:
    draft = only(row())
    assert draft.titles == {"da": "Julekoncert"}
    [time] = draft.occurrences
    assert (local(time.start), time.end, time.time_known) == ("2026-11-28 00:00", None, False)
    assert (draft.price_kind, draft.age_from, draft.access) == (PriceKind.UNKNOWN, None, {})
    assert draft.inferred == ()


def test_every_fact_of_a_full_row_is_read() -> None:
    draft = only(
        row(
            id="17",
            titel_en="Christmas concert",
            beskrivelse="Koret synger.",
            beskrivelse_en="The choir sings.",
            start_tid="kl. 19.30",
            slut_tid="21",
            sted="Kulturhuset",
            adresse="Torvet 3",
            postnummer="4600",
            by="Køge",
            kommune="Køge",
            distrikt="Midtbyen",
            breddegrad="55,4561",
            længdegrad="12,1818",
            kategorier="Musik, litteratur",
            formater="forestilling",
            målgruppe="voksne; seniorer",
            alder_fra="15 år",
            alder_til="99",
            lavet_for="seniorer",
            pris="80 kr.",
            pris_barn="39,50",
            pris_medlem="gratis",
            kørestol="ja",
            teleslynge="NEJ",
            stille="?",
            sprog="dansk, Engelsk",
            arrangør="Køge Kor",
            link="www.example.org/kor",
            billede="https://example.org/kor.jpg",
            tilmelding_lukker="27/11/2026",
            pladser="120",
            ledige_pladser="3",
            tilmelding_link="https://example.org/billet",
            serie="Jul i Køge",
            kommuner="Køge, Roskilde",
            kun_for_borgere="nej",
            nøgleord="jul, kor",
        )
    )
    assert draft.external_id == "17"
    assert draft.titles == {"da": "Julekoncert", "en": "Christmas concert"}
    assert draft.descriptions == {"da": "Koret synger.", "en": "The choir sings."}
    assert (draft.categories, draft.formats) == (
        (Category.MUSIC, Category.LITERATURE),
        (Format.PERFORMANCE,),
    )
    assert (draft.audiences, draft.made_for) == ((Audience.ADULTS, Audience.SENIORS), Audience.SENIORS)
    assert (draft.age_from, draft.age_to) == (15, 99)
    assert (draft.price_kind, draft.prices) == (
        PriceKind.AMOUNTS,
        {Tariff.ADULT: 80, Tariff.CHILD: 39.5, Tariff.MEMBER: 0},
    )
    assert draft.access == {Access.WHEELCHAIR: True, Access.HEARING_LOOP: False}
    assert (draft.languages, draft.organizer, draft.series_name) == (("da", "en"), "Køge Kor", "Jul i Køge")
    assert (draft.url, draft.image_url) == ("https://www.example.org/kor", "https://example.org/kor.jpg")
    assert local(draft.enrolment_closes) == "2026-11-27 23:59"
    assert (draft.capacity, draft.remaining, draft.enrolment_url) == (120, 3, "https://example.org/billet")
    assert (draft.owners, draft.residents_only) == (("Køge", "Roskilde"), False)
    assert draft.keywords == ("jul", "kor")
    [time] = draft.occurrences
    assert (local(time.start), local(time.end), time.is_run) == (
        "2026-11-28 19:30",
        "2026-11-28 21:00",
        False,
    )
    assert time.venue is not None
    assert time.venue.model_dump() == {
        "name": "Kulturhuset",
        "address": "Torvet 3",
        "postcode": "4600",
        "town": "Køge",
        "municipality": "Køge",
        "district": "Midtbyen",
        "latitude": 55.4561,
        "longitude": 12.1818,
    }


def test_english_headers_and_values_are_read_too() -> None:
    parsed = read(
        "Title,Start date,Start time,Categories,Formats,Audience,Price,Wheelchair,Status\n"
        "The art of pottery and you,2026-11-28,1:30 PM,visual arts,course,young people,free,yes,sold out\n"
    )
    draft = only(parsed)
    assert draft.titles == {"en": "The art of pottery and you"}
    assert (draft.categories, draft.formats, draft.audiences) == (
        (Category.VISUAL_ARTS,),
        (Format.COURSE,),
        (Audience.YOUTH,),
    )
    assert (draft.price_kind, draft.status) == (PriceKind.FREE, Status.SOLD_OUT)
    assert local(draft.occurrences[0].start) == "2026-11-28 13:30"


@pytest.mark.parametrize("value", ["visual-arts", "Billedkunst", "VISUAL ARTS", " visual_arts "])
def test_a_standard_value_goes_by_all_its_names(value: str) -> None:
    assert only(row(kategorier=value)).categories == (Category.VISUAL_ARTS,)


@pytest.mark.parametrize("header", ["Start dato", "START_DATO", "start-dato:", "StartDato", " start_dato "])
def test_case_spaces_and_underscores_in_a_header_do_not_matter(header: str) -> None:
    assert only(read(f"Titel;{header}\nJul;24-12-2026\n")).occurrences


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_any_usual_separator_and_encoding_is_understood(separator: str, encoding: str) -> None:
    lines = [["titel", "start_dato", "sted"], ["Smørrebrød på æøå", "28-11-2026", "Kulturøen"]]
    text = "\r\n".join(separator.join(line) for line in lines)
    assert only(read(text, encoding)).titles == {"da": "Smørrebrød på æøå"}


def test_quoted_cells_may_hold_separators_and_line_breaks() -> None:
    parsed = read('titel;start_dato;beskrivelse\n"Jul; og nytår";28-11-2026;"Første linje\nAnden linje"\n')
    draft = only(parsed)
    assert draft.titles == {"da": "Jul; og nytår"}
    assert draft.descriptions == {"da": "Første linje\nAnden linje"}


def test_the_header_may_stand_below_a_heading() -> None:
    parsed = read("Program for 2026;;\n;;\nrettet i går;;\ntitel;start_dato;sted\nJul;32-12-2026;Huset\n")
    assert refused(parsed) == ("5", "bad-date", "start_dato: 32-12-2026")


def test_unknown_columns_and_empty_rows_are_passed_over() -> None:
    parsed = read("titel;telefon;start_dato\n;;\n ; ; \nJul;12345678;24-12-2026\n;;\n")
    assert only(parsed).titles == {"da": "Jul"}


@pytest.mark.parametrize(
    "written",
    [
        "28-11-2026",
        "28.11.2026",
        "28/11/2026",
        "28-11-26",
        "2026-11-28",
        "2026/11/28",
        "28. november 2026",
        "28 nov 2026",
        "lørdag d. 28. november 2026",
        "Saturday 28 November 2026",
        "lør 28.11.2026",
    ],
)
def test_a_date_may_be_written_in_many_ways(written: str) -> None:
    assert local(only(row(start_dato=written)).occurrences[0].start) == "2026-11-28 00:00"


@pytest.mark.parametrize(
    "written", ["11/28/2026", "31-11-2026", "i morgen", "28-11", "28-11-1026", "2026", "-"]
)
def test_what_is_no_date_is_named(written: str) -> None:
    assert refused(row(start_dato=written)) == ("2", "bad-date", f"start_dato: {written}")


def test_a_date_cell_may_hold_the_time_as_well() -> None:
    for written in ("28-11-2026 13:00", "2026-11-28T13:00", "2026-11-28T12:00:00Z", "28-11-2026 kl. 13"):
        [time] = only(row(start_dato=written)).occurrences
        assert (local(time.start), time.time_known) == ("2026-11-28 13:00", True)


@pytest.mark.parametrize(
    "written", ["13:00", "13.00", "kl. 13", "Kl 13.00", "klokken 13", "13", "13:00:00", "1 pm", "1:00 PM"]
)
def test_a_time_may_be_written_in_many_ways(written: str) -> None:
    assert local(only(row(start_tid=written)).occurrences[0].start) == "2026-11-28 13:00"


def test_a_span_of_time_gives_both_ends() -> None:
    [time] = only(row(start_tid="kl. 13-15.30")).occurrences
    assert (local(time.start), local(time.end)) == ("2026-11-28 13:00", "2026-11-28 15:30")


def test_what_ends_before_it_begins_ends_the_next_day() -> None:
    for until, end in (("01:00", "2026-11-29 01:00"), ("24:00", "2026-11-29 00:00")):
        [time] = only(row(start_tid="22:00", slut_tid=until)).occurrences
        assert (local(time.end), time.is_run) == (end, False)


@pytest.mark.parametrize("written", ["25:00", "13:61", "formiddag", "13,5 time"])
def test_what_is_no_time_is_named(written: str) -> None:
    assert refused(row(start_tid=written))[1:] == ("bad-time", f"start_tid: {written}")


def test_summer_and_winter_time_are_both_local_time() -> None:
    [summer] = only(row(start_dato="24-06-2027", start_tid="12:00")).occurrences
    [winter] = only(row(start_dato="24-12-2026", start_tid="12:00")).occurrences
    assert (summer.start.astimezone(dt.UTC).hour, winter.start.astimezone(dt.UTC).hour) == (10, 11)


@pytest.mark.parametrize(
    ("written", "kind", "prices"),
    [
        ("gratis", PriceKind.FREE, {}),
        ("Free", PriceKind.FREE, {}),
        ("0", PriceKind.FREE, {}),
        ("0 kr.", PriceKind.FREE, {}),
        ("80 kr.", PriceKind.AMOUNTS, {Tariff.ADULT: 80.0}),
        ("kr. 79,50", PriceKind.AMOUNTS, {Tariff.ADULT: 79.5}),
        ("1.200,00", PriceKind.AMOUNTS, {Tariff.ADULT: 1200.0}),
        ("75,-", PriceKind.AMOUNTS, {Tariff.ADULT: 75.0}),
        ("ukendt", PriceKind.UNKNOWN, {}),
        ("", PriceKind.UNKNOWN, {}),
    ],
)
def test_a_price_is_free_an_amount_or_unknown(
    written: str, kind: PriceKind, prices: dict[Tariff, float]
) -> None:
    draft = only(row(pris=written))
    assert (draft.price_kind, draft.prices) == (kind, prices)


def test_free_for_children_alone_is_not_free() -> None:
    draft = only(row(pris_barn="gratis"))
    assert (draft.price_kind, draft.prices) == (PriceKind.AMOUNTS, {Tariff.CHILD: 0.0})


@pytest.mark.parametrize(
    ("written", "prices"),
    [
        ("voksne 80 kr, børn 40 kr", {Tariff.ADULT: 80.0, Tariff.CHILD: 40.0}),
        ("80 kr (børn 40 kr)", {Tariff.ADULT: 80.0, Tariff.CHILD: 40.0}),
        ("Voksen: 80,50 / Barn: gratis", {Tariff.ADULT: 80.5, Tariff.CHILD: 0.0}),
        ("voksen 150 kr", {Tariff.ADULT: 150.0}),
        ("adults 1.200 and students 600", {Tariff.ADULT: 1200.0, Tariff.YOUNG: 600.0}),
    ],
)
def test_several_prices_may_stand_in_one_cell(written: str, prices: dict[Tariff, float]) -> None:
    draft = only(row(pris=written))
    assert (draft.price_kind, draft.prices) == (PriceKind.AMOUNTS, prices)


@pytest.mark.parametrize("written", ["80/40", "se hjemmesiden", "-5", "1e9", "80 euro", "børn 40, unge"])
def test_what_is_no_price_is_named(written: str) -> None:
    assert refused(row(pris=written))[1:] == ("bad-price", f"pris: {written}")


@pytest.mark.parametrize(
    ("cells", "ages"),
    [
        ({"alder_fra": "7"}, (7, None)),
        ({"alder_til": "12"}, (None, 12)),
        ({"alder": "7-12 år"}, (7, 12)),
        ({"alder": "15+"}, (15, None)),
        ({"alder": "alle"}, (None, None)),
    ],
)
def test_ages_are_open_or_closed(cells: dict[str, str], ages: tuple[int | None, int | None]) -> None:
    draft = only(row(**cells))
    assert (draft.age_from, draft.age_to) == ages


@pytest.mark.parametrize(
    ("cells", "code", "detail"),
    [
        ({"alder_fra": "12", "alder_til": "7"}, "ages-reversed", ""),
        ({"alder_fra": "syv"}, "bad-age", "alder_fra: syv"),
        ({"kategorier": "musik, hønseavl"}, "unknown-value", "kategorier: hønseavl"),
        ({"lavet_for": "hunde"}, "unknown-value", "lavet_for: hunde"),
        ({"status": "måske"}, "unknown-value", "status: måske"),
        ({"kørestol": "næsten"}, "bad-yes-no", "kørestol: næsten"),
        ({"postnummer": "46"}, "bad-postcode", "postnummer: 46"),
        ({"link": "ring til Kaj"}, "bad-link", "link: ring til Kaj"),
        ({"link": "javascript:alert(1)"}, "bad-link", "link: javascript:alert(1)"),
        ({"breddegrad": "nord"}, "bad-coordinates", "breddegrad: nord"),
        ({"breddegrad": "55,6"}, "bad-coordinates", "55.6, None"),
        ({"breddegrad": "155", "længdegrad": "12"}, "bad-value", "latitude: 155.0"),
        ({"pladser": "mange"}, "bad-number", "pladser: mange"),
        ({"pladser": "12,5"}, "bad-number", "pladser: 12,5"),
        ({"ugedage": "tirsdag, helligdag"}, "bad-weekday", "ugedage: tirsdag, helligdag"),
        ({"slut_dato": "27-11-2026"}, "end-before-start", "2026-11-28 – 2026-11-27"),
        ({"titel": ""}, "no-title", ""),
        ({"start_dato": ""}, "no-start", ""),
        ({"beskrivelse": "x" * 100_001}, "too-long", "beskrivelse"),
    ],
)
def test_a_wrong_cell_rejects_its_row_by_name(cells: dict[str, str], code: str, detail: str) -> None:
    assert refused(row(**cells)) == ("2", code, detail)


def test_bad_rows_are_named_by_their_number_and_good_rows_are_kept() -> None:
    parsed = read(
        "id;titel;start_dato\n1;Første;01-12-2026\n2;Anden;31-02-2026\n3;;03-12-2026\n4;Fjerde;04-12-2026\n"
    )
    assert [draft.external_id for draft in parsed.drafts] == ["1", "4"]
    assert parsed.rejections == [
        Rejection("3", "bad-date", "start_dato: 31-02-2026", "2"),
        Rejection("4", "no-title", "", "3"),
    ]


def test_rows_with_the_same_id_are_dates_of_one_offering() -> None:
    parsed = read(
        "id;titel;beskrivelse;start_dato;start_tid;sted\n"
        "7;Højtlæsning;Godt for de små;05-12-2026;10:00;Biblioteket\n"
        "7;;;12-12-2026;10:00;\n"
        "7;højtlæsning;;28-11-2026;10:00;Kulturhuset\n"
    )
    draft = only(parsed)
    assert draft.descriptions == {"da": "Godt for de små"}
    assert [(local(o.start), o.venue and o.venue.name) for o in draft.occurrences] == [
        ("2026-11-28 10:00", "Kulturhuset"),
        ("2026-12-05 10:00", "Biblioteket"),
        ("2026-12-12 10:00", "Biblioteket"),
    ]


def test_one_bad_date_of_several_leaves_the_others() -> None:
    parsed = read("id;titel;start_dato\n7;Læs;05-12-2026\n7;Læs;35-12-2026\n7;Læs;19-12-2026\n")
    assert [local(o.start) for o in parsed.drafts[0].occurrences] == ["2026-12-05 00:00", "2026-12-19 00:00"]
    assert parsed.rejections == [Rejection("3", "bad-date", "start_dato: 35-12-2026", "7")]


def test_one_cancelled_date_of_several_leaves_the_offering_on() -> None:
    rows = "id;titel;start_dato;status\n7;Læs;05-12-2026;aflyst\n7;Læs;12-12-2026;{}\n"
    half, whole = only(read(rows.format(""))), only(read(rows.format("aflyst")))
    assert half.status is Status.SCHEDULED
    assert [o.status for o in half.occurrences] == [Status.CANCELLED, Status.SCHEDULED]
    assert whole.status is Status.CANCELLED


def test_another_offering_under_the_same_id_is_rejected() -> None:
    parsed = read("id;titel;start_dato\n7;Læs;05-12-2026\n7;Skriv;06-12-2026\n")
    assert [draft.titles["da"] for draft in parsed.drafts] == ["Læs"]
    assert parsed.rejections == [Rejection("3", "duplicate-id", "7", "7")]


def test_the_same_date_told_twice_is_one_and_told_differently_is_rejected() -> None:
    rows = "id;titel;start_dato;start_tid;slut_tid\n7;Læs;05-12-2026;10;11\n7;Læs;05-12-2026;10;{}\n"
    assert len(only(read(rows.format("11"))).occurrences) == 1
    assert read(rows.format("12")).rejections == [Rejection("3", "duplicate-date", "2026-12-05 10:00", "7")]


def test_without_an_id_it_is_known_by_title_venue_and_organiser_and_never_by_its_start() -> None:
    header = "titel;start_dato;sted;arrangør\n"
    before = read(header + "Jul;05-12-2026;Huset;Koret\nJul;05-12-2026;Kirken;Koret\n")
    after = read(header + "JUL;07-12-2026;Huset;Koret\n")
    assert len({draft.external_id for draft in before.drafts}) == 2
    assert after.drafts[0].external_id == before.drafts[0].external_id


def test_a_link_to_the_whole_calendar_identifies_nothing() -> None:
    parsed = read(
        "titel;start_dato;link\nJul;05-12-2026;https://example.org/\nPåske;28-03-2027;https://example.org/\n"
    )
    assert len({draft.external_id for draft in parsed.drafts}) == 2


def test_an_exhibition_runs_and_is_open_on_its_days() -> None:
    draft = only(
        row(
            titel="Forårsudstilling",
            start_dato="02-03-2027",
            slut_dato="30-05-2027",
            ugedage="tirsdag-søndag",
            start_tid="11",
            slut_tid="17",
        )
    )
    [run] = draft.occurrences
    assert (run.is_run, run.open_days, run.opens, run.closes) == (
        True,
        (2, 3, 4, 5, 6, 7),
        dt.time(11),
        dt.time(17),
    )
    assert (local(run.start), local(run.end)) == ("2027-03-02 11:00", "2027-05-30 17:00")


def test_a_run_without_hours_lasts_to_the_end_of_its_last_day() -> None:
    [run] = only(row(titel="Festuge", start_dato="01-03-2027", slut_dato="07-03-2027")).occurrences
    assert (run.is_run, run.time_known) == (True, False)
    assert (local(run.start), local(run.end)) == ("2027-03-01 00:00", "2027-03-08 00:00")


def test_a_course_meets_every_week_of_its_season() -> None:
    draft = only(
        row(
            titel="Keramikhold",
            start_dato="",
            sæson_fra="05-01-2027",
            sæson_til="28-01-2027",
            ugedage="Tirsdage og torsdag",
            start_tid="17-19",
        )
    )
    assert (draft.season_from, draft.season_until) == (dt.date(2027, 1, 5), dt.date(2027, 1, 28))
    assert draft.weekdays == (2, 4)
    assert [local(o.start)[5:] for o in draft.occurrences] == [
        f"01-{day:02} 17:00" for day in (5, 7, 12, 14, 19, 21, 26, 28)
    ]
    assert {local(o.end)[-5:] for o in draft.occurrences} == {"19:00"}


def test_a_course_without_end_is_rejected() -> None:
    endless = row(sæson_fra="05-01-2027", sæson_til="05-01-2099", start_dato="", ugedage="alle dage")
    assert refused(endless)[1] == "too-many-occurrences"
    never = row(start_dato="04-01-2027", slut_dato="05-01-2027", ugedage="søndag")
    assert refused(never)[1] == "no-occurrences"


def test_a_moved_date_tells_where_it_was() -> None:
    draft = only(row(status="flyttet", flyttet_fra="21-11-2026", start_tid="19"))
    [time] = draft.occurrences
    assert (time.status, local(time.previous_start)) == (Status.RESCHEDULED, "2026-11-21 19:00")


def test_a_postcode_may_bring_its_town() -> None:
    for written in ("DK-4600 Køge", "4600 Køge"):
        venue = only(row(postnummer=written)).occurrences[0].venue
        assert venue is not None
        assert (venue.name, venue.postcode, venue.town) == ("Køge", "4600", "Køge")


def test_a_position_alone_is_a_place() -> None:
    venue = only(row(breddegrad="55,6154", længdegrad="12.3518")).occurrences[0].venue
    assert venue is not None
    assert (venue.name, venue.latitude, venue.longitude) == ("55.6154, 12.3518", 55.6154, 12.3518)


def test_markup_and_unseen_characters_are_taken_out() -> None:
    draft = only(row(titel="Jul\u202e\u0007 <b>nu</b>", beskrivelse="<p>Hej</p><script>x</script>"))
    assert draft.titles == {"da": "Jul nu"}
    assert draft.descriptions == {"da": "Hej"}


def test_a_file_without_a_header_cannot_be_read() -> None:
    for text in ("Jul;24-12-2026\n", "", "titel\n", "<html></html>"):
        with pytest.raises(UnreadableError) as caught:
            read(text)
        assert caught.value.code == "no-header"


def test_a_cell_beyond_what_the_reader_bears_costs_its_row_only() -> None:
    parsed = read(f"titel;start_dato\n{'x' * 140_000};24-12-2026\nJul;24-12-2026\n")
    assert [draft.titles["da"] for draft in parsed.drafts] == ["Jul"]
    assert [(r.where, r.code) for r in parsed.rejections] == [("2", "too-long")]


def test_too_many_rows_are_cut_off_and_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MOST_ROWS", 3)
    parsed = read("titel;start_dato\nA;24-12-2026\nB;24-12-2026\nC;24-12-2026\nD;24-12-2026\n")
    assert len(parsed.drafts) == 2
    assert [(r.where, r.code) for r in parsed.rejections] == [("4", "too-many-rows")]


# Excel knows no zones.
CHRISTMAS = dt.datetime(2026, 11, 28)  # noqa: DTZ001
QUARTER_PAST_NINE = dt.datetime(1899, 12, 30, 9, 15)  # noqa: DTZ001


def test_excel_dates_times_and_numbers_are_read_as_they_are() -> None:
    parsed = sheet.parse(
        workbook(
            ["Titel", "Start dato", "Start tid", "Slut tid", "Postnummer", "Pris", "Alder fra", "Kørestol"],
            ["Jul", CHRISTMAS, dt.time(13, 30), 0.625, 4600, 79.5, 7, True],
            ["Nytår", dt.date(2026, 12, 31), 13.3, "15", 4600.0, 0, 7.0, False],
            ["Påske", 46474, QUARTER_PAST_NINE, None, "4600", "=1+1", None, None],
        ),
        NOW,
        ZONE,
    )
    assert (parsed.format, parsed.rejections) == ("xlsx", [])
    jul, new_year, easter = parsed.drafts
    assert (local(jul.occurrences[0].start), local(jul.occurrences[0].end)) == (
        "2026-11-28 13:30",
        "2026-11-28 15:00",
    )
    assert (jul.prices, jul.age_from, jul.access) == ({Tariff.ADULT: 79.5}, 7, {Access.WHEELCHAIR: True})
    assert local(new_year.occurrences[0].start) == "2026-12-31 13:30"
    assert (new_year.price_kind, new_year.access) == (PriceKind.FREE, {Access.WHEELCHAIR: False})
    assert local(easter.occurrences[0].start) == "2027-03-28 09:15"
    # A formula counts by its stored value, and this one was never worked out.
    assert easter.price_kind is PriceKind.UNKNOWN
    for draft in parsed.drafts:
        assert draft.occurrences[0].venue is not None
        assert draft.occurrences[0].venue.postcode == "4600"


def test_formulas_that_failed_are_blank() -> None:
    data = workbook(["titel", "start_dato", "pris"], ["Jul", "28-11-2026", "#REF!"])
    assert only(sheet.parse(data, NOW, ZONE)).price_kind is PriceKind.UNKNOWN


def test_the_first_sheet_with_a_header_is_read() -> None:
    data = workbook(
        sheets={
            "Forside": [["Program"], ["for vinteren"]],
            "Data": [["titel", "start_dato"], ["Jul", "24-12-2026"]],
            "Gammelt": [["titel", "start_dato"], ["Sidste år", "24-12-2025"]],
        }
    )
    assert only(sheet.parse(data, NOW, ZONE)).titles == {"da": "Jul"}


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is() -> None:
    data = workbook(["titel", "start_dato"], ["Jul", "24-12-2026"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        text = archive.read("xl/worksheets/sheet1.xml").decode()
    lying = text.replace('ref="A1:B2"', 'ref="A1:A1"')
    assert lying != text
    assert only(sheet.parse(changed(data, "xl/worksheets/sheet1.xml", lying), NOW, ZONE))


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "&a;" * 10}">' for n in range(9))
    + ']><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>&a8;</t></is></c></row></sheetData></worksheet>'
)


def with_shared_strings(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as whole:
        types = whole.read("[Content_Types].xml").decode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    added = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    told = changed(data, "[Content_Types].xml", types.replace("</Types>", added))
    return changed(told, "xl/sharedStrings.xml", strings)


def causes(error: BaseException | None) -> list[str]:
    return [] if error is None else [type(error).__name__, *causes(error.__cause__ or error.__context__)]


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_bomb_of_entities_is_refused(part: str) -> None:
    data = with_shared_strings(workbook(["titel", "start_dato"], ["Jul", "24-12-2026"]))
    assert only(sheet.parse(data, NOW, ZONE))
    with pytest.raises(UnreadableError) as caught:
        sheet.parse(changed(data, part, BOMB), NOW, ZONE)
    assert caught.value.code == "broken-file"
    assert "EntitiesForbidden" in causes(caught.value)


def test_an_entity_that_would_read_a_file_reads_nothing(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hemmelighed")
    data = workbook(["titel", "start_dato"], ["Jul", "24-12-2026"])
    entity = f'<!DOCTYPE b [<!ENTITY a SYSTEM "{secret.as_uri()}">]>'
    text = BOMB[BOMB.index("<worksheet") :].replace("&a8;", "&a;")
    with pytest.raises(UnreadableError) as caught:
        sheet.parse(changed(data, "xl/worksheets/sheet1.xml", entity + text), NOW, ZONE)
    assert caught.value.code == "broken-file"


def archive(entries: dict[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return written.getvalue()


def test_a_zip_bomb_is_refused_by_its_directory_before_it_is_unpacked() -> None:
    for bomb in (
        archive({"xl/worksheets/sheet1.xml": b"0" * 20_000_000}),
        archive({f"{n}.xml": b"" for n in range(2_001)}),
    ):
        with pytest.raises(UnreadableError) as caught:
            sheet.parse(bomb, NOW, ZONE)
        assert caught.value.code == "archive-bomb"


def test_an_archive_that_is_no_workbook_or_broken_is_refused() -> None:
    good = workbook(["titel", "start_dato"], ["Jul", "24-12-2026"])
    for data in (archive({"hej.txt": b"hej"}), good[: len(good) // 2], b"PK\x03\x04" + b"\0" * 100):
        with pytest.raises(UnreadableError) as caught:
            sheet.parse(data, NOW, ZONE)
        assert caught.value.code == "broken-file"


def test_a_row_far_down_and_a_cell_far_out_cost_little() -> None:
    book = Workbook()
    page = book.worksheets[0]
    page.append(["titel", "start_dato"])
    page.append(["Jul", "24-12-2026"])
    page.cell(row=2, column=16_384, value="langt ude")
    page.cell(row=90_000, column=1, value="Nytår")
    written = io.BytesIO()
    book.save(written)
    parsed = sheet.parse(written.getvalue(), NOW, ZONE)
    assert [draft.titles["da"] for draft in parsed.drafts] == ["Jul"]
    assert parsed.rejections[0].where == "90000"
    assert parsed.rejections[0].code == "no-start"


CELL = st.text(max_size=30) | st.sampled_from(
    [
        "28-11-2026",
        "13:00",
        "gratis",
        "80",
        "ja",
        "musik",
        "7-12",
        "tirsdag",
        "4600",
        "https://x.dk",
        "1e400",
        "nan",
    ]
)
HEADERS = [
    *("id", "titel", "start_dato", "start_tid", "slut_dato", "slut_tid", "ugedage", "sæson_fra", "pris"),
    *(
        "alder_fra",
        "kategorier",
        "kørestol",
        "postnummer",
        "breddegrad",
        "længdegrad",
        "link",
        "status",
        "pladser",
    ),
]


@given(rows=st.lists(st.lists(CELL, min_size=len(HEADERS), max_size=len(HEADERS)), max_size=6))
@settings(max_examples=120, deadline=None)
def test_whatever_stands_in_the_cells_every_row_is_kept_or_named(rows: list[list[str]]) -> None:
    data = workbook(HEADERS, *([_storable(cell) for cell in row] for row in rows))
    parsed = sheet.parse(data, NOW, ZONE)
    named = {int(rejection.where) for rejection in parsed.rejections}
    assert named <= set(range(2, len(rows) + 2))
    assert len(parsed.drafts) + len(named) <= len(rows)
    for draft in parsed.drafts:
        OfferingDraft.model_validate(draft.model_dump())


def _storable(text: str) -> str:
    return "".join(c for c in text if c.isprintable())


@given(
    data=st.binary(max_size=400) | st.text(max_size=400).map(lambda text: ("titel;dato\n" + text).encode())
)
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_drafts_or_one_clear_error(data: bytes) -> None:
    code = "none"
    try:
        sheet.parse(data, NOW, ZONE)
    except UnreadableError as error:
        code = error.code
    assert code in {"none", "no-header", "broken-file"}


@given(order=st.permutations(range(6)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_rows_does_not_matter(order: list[int]) -> None:
    rows = [f"{n % 3};Titel {n % 3};{n + 1:02}-12-2026;{10 + n}:00" for n in range(6)]

    def offerings(lines: list[str]) -> dict[str, Any]:
        parsed = read("id;titel;start_dato;start_tid\n" + "\n".join(lines))
        return {draft.external_id: draft.model_dump(exclude={"where"}) for draft in parsed.drafts}

    assert offerings([rows[n] for n in order]) == offerings(rows)


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_reason_has_a_sentence(language: str) -> None:
    folder = Path(sheet.__file__).parent
    sources = [*folder.glob("sheet*.py"), folder.parent / "ingest.py"]
    codes = {
        code
        for source in sources
        for code in re.findall(
            r'"((?:no|bad|too|unknown|duplicate|withdraw|archive|broken|end)-[a-z-]+)"', source.read_text()
        )
    }
    assert len(codes) > 20
    assert {code for code in codes if not texts(language).has(f"import.reason.{code}")} == set()
