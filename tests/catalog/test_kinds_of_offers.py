"""The kinds of offers that municipalities have beside concerts, asked for in people's own words."""

import io

import pytest
from openpyxl import load_workbook

from catalog.cards import Card
from catalog.catalogue import Catalogue
from catalog.importers import parse
from catalog.importers.template import template
from tests.catalog.factory import ZONE, at, database_with, offering, venue

NOW = at("2026-11-25 15:00")
SCHOOL = venue("Måløvhøj Skole", postcode="2760", town="Måløv", municipality="Ballerup")
ISHOJ = venue("Ishøj Bibliotek", postcode="2635", town="Ishøj", municipality="Ishøj")
KOEGE = venue("Køge Bibliotek", postcode="4600", town="Køge", municipality="Køge")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    when = "2026-12-02 09:00"
    schools = {"audiences": ("schools",), "categories": ("theatre",), "formats": ("performance",)}
    young = {"audiences": ("youth",), "age_from": 13, "age_to": 25}
    database = database_with(
        offering("Rejsen til månen", when, place=SCHOOL, age_from=8, age_to=11, **schools),
        offering(
            "Den grimme ælling",
            when,
            place=SCHOOL,
            categories=("theatre",),
            formats=("performance",),
            audiences=("families", "children"),
            age_from=5,
            age_to=10,
        ),
        offering("Rytmik i børnehaven", when, place=ISHOJ, audiences=("daycare",), categories=("music",)),
        offering("MGK", when, place=ISHOJ, keywords=("talent",), categories=("music",), **young),
        offering("Rockband", when, place=ISHOJ, categories=("music",), **young),
        offering("Hjælp på RÅ festival", when, place=ISHOJ, formats=("volunteering",), **young),
        offering("RÅ festival", when, place=ISHOJ, formats=("festival",), **young),
        offering("Kor i kirken", when, place=KOEGE, categories=("music",), residents_only=True),
        offering("Kor på torvet", when, place=KOEGE, categories=("music",)),
    )
    return Catalogue(database, ZONE)


def found(catalogue: Catalogue, question: str) -> list[str]:
    understanding = catalogue.understand(question, NOW)
    page = catalogue.search(understanding.query, NOW, limit=20)
    assert page.relaxed == ()
    cards = catalogue.cards(hit.offering_id for hit in page.hits)
    return sorted(cards[hit.offering_id].title("da") for hit in page.hits)


@pytest.mark.parametrize(
    "question",
    ["teater for 3. klasse i Måløv", "teater til vores fritidsklub i Måløv", "teater for skoler i Ballerup"],
)
def test_a_teacher_finds_what_is_for_schools(catalogue: Catalogue, question: str) -> None:
    assert found(catalogue, question) == ["Rejsen til månen"]


@pytest.mark.parametrize(
    "question", ["teater for børn i Måløv", "teater for familier", "teater", "teater for 9-årige"]
)
def test_a_family_is_not_shown_what_is_for_schools(catalogue: Catalogue, question: str) -> None:
    assert found(catalogue, question) == ["Den grimme ælling"]


def test_a_daycare_finds_what_is_for_daycare(catalogue: Catalogue) -> None:
    assert found(catalogue, "musik for vuggestuer i Ishøj") == ["Rytmik i børnehaven"]
    assert "Rytmik i børnehaven" not in found(catalogue, "musik i Ishøj")


@pytest.mark.parametrize(
    "question",
    ["talent for unge musikere", "talentlinje", "talenthold i Ishøj", "talent for young musicians"],
)
def test_a_talent_track_is_found_by_any_of_its_names(catalogue: Catalogue, question: str) -> None:
    assert found(catalogue, question) == ["MGK"]


@pytest.mark.parametrize(
    "question", ["frivillig ved festival", "jeg vil gerne være frivillig", "volunteer at a festival"]
)
def test_who_wants_to_help_finds_where_help_is_wanted(catalogue: Catalogue, question: str) -> None:
    assert found(catalogue, question) == ["Hjælp på RÅ festival"]


def test_what_is_for_residents_only_is_found_like_the_rest(catalogue: Catalogue) -> None:
    assert found(catalogue, "musik i Køge") == ["Kor i kirken", "Kor på torvet"]


# A waiting list


def card_of(**facts: object) -> Card:
    catalogue = Catalogue(database_with(offering("Keramikhold", "2026-12-02 16:00", **facts)), ZONE)
    (card,) = catalogue.cards(range(1, 5)).values()
    return card


@pytest.mark.parametrize(
    "said", ["Skriv dig på venteliste.", "Ventelisten er åben.", "There is a waiting list."]
)
def test_a_full_course_whose_source_says_so_has_a_waiting_list(said: str) -> None:
    assert card_of(descriptions={"da": said}, remaining=0).has_waiting_list
    assert card_of(descriptions={"da": said}, status="sold-out").has_waiting_list


def test_there_is_no_waiting_list_that_nobody_speaks_of_or_needs() -> None:
    said = {"da": "Er der fuldt, er der venteliste."}
    assert not card_of(remaining=0).has_waiting_list
    assert not card_of(descriptions=said, remaining=2).has_waiting_list
    assert not card_of(descriptions=said).has_waiting_list
    assert not card_of(descriptions={"da": "Der er ingen venteliste."}, remaining=0).has_waiting_list


@pytest.mark.parametrize(
    ("header", "cell", "has"), [("venteliste", "ja", True), ("waiting_list", "no", False)]
)
def test_a_sheet_can_say_that_there_is_a_waiting_list(header: str, cell: str, has: bool) -> None:
    sheet = f"titel;start_dato;ledige_pladser;{header}\nKeramik;2026-12-02;0;{cell}\n".encode()
    (draft,) = parse(sheet, now=NOW, zone=ZONE).drafts
    (card,) = Catalogue(database_with(draft), ZONE).cards(range(1, 5)).values()
    assert card.has_waiting_list is has


def test_a_waiting_list_that_is_neither_is_rejected() -> None:
    sheet = b"titel;start_dato;venteliste\nKeramik;2026-12-02;snart\n"
    parsed = parse(sheet, now=NOW, zone=ZONE)
    assert (parsed.drafts, [r.code for r in parsed.rejections]) == ([], ["bad-yes-no"])


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_template_has_a_column_for_every_kind(language: str) -> None:
    sheet = load_workbook(io.BytesIO(template(language))).worksheets[0]
    headers = {cell.value for cell in sheet[1]}
    danish = {"sæson_fra", "tilmelding_åbner", "ledige_pladser", "venteliste", "kun_for_borgere", "kommuner"}
    english = {"season_from", "enrolment_opens", "remaining_seats", "waiting_list", "residents_only"}
    assert (danish if language == "da" else english) <= headers
