"""Posters as paper: their size, what their code says, and words of any kind."""

import io
import re
import zlib
from functools import cache

import numpy as np
import pytest
from PIL import Image

from bot.posters import DOTS_AN_INCH, MILLIMETRES, Drawn, Poster, Size, code_rows, draw
from bot.replies.poster import file_name, list_page, poster_of, size_page
from catalog.cards import Card
from catalog.values import PriceKind, Status, Tariff
from tests.bot.facts import a_card, a_venue, an_occurrence, at, voice

LINK = "https://t.me/kulturlods_bot?start=f_aB3xY9kQ"
BIRDS = Poster(
    "Byg en fuglekasse – æøå ÆØÅ",
    ("Lør. 28. nov. kl. 13–15", "Ishøj Bibliotek, Ishøj Store Torv 1, 2635 Ishøj", "7–12 år · gratis"),
    LINK,
    "Scan koden, og tryk på Start i Telegram.",
)


@cache
def birds(size: Size) -> Drawn:
    return draw(BIRDS, size)


def picture(drawn: Drawn) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(drawn.png)).convert("L"))


def dark_modules(drawn: Drawn, count: int) -> list[list[bool]]:
    """The code as a scanner sees it: the square of so many modules whose corner is the lowest dark column on
    the left."""
    dark = picture(drawn) < 128
    half = dark[dark.shape[0] * 69 // 100 :, : dark.shape[1] // 2]
    top, bottom = np.flatnonzero(half.any(axis=1))[[0, -1]]
    left = np.flatnonzero(half.any(axis=0))[0]
    module = (bottom + 1 - top) / count
    centres = [int((n + 0.5) * module) for n in range(count)]
    return [[bool(half[top + y, left + x]) for x in centres] for y in centres]


@pytest.mark.parametrize("size", Size)
def test_the_code_on_the_picture_is_the_link_module_for_module(size: Size) -> None:
    rows = code_rows(LINK)
    assert dark_modules(birds(size), len(rows)) == rows
    assert code_rows(LINK + "x") != rows


@pytest.mark.parametrize("size", Size)
def test_the_pdf_is_one_page_of_the_paper(size: Size) -> None:
    boxes = re.findall(rb"/MediaBox \[ ?0 0 ([\d.]+) ([\d.]+) ?\]", birds(size).pdf)
    assert len(boxes) == 1
    for points, millimetres in zip(boxes[0], MILLIMETRES[size], strict=True):
        assert float(points) / 72 * 25.4 == pytest.approx(millimetres, abs=0.1)


@pytest.mark.parametrize("size", Size)
def test_the_picture_has_300_dots_an_inch(size: Size) -> None:
    shown = Image.open(io.BytesIO(birds(size).png))
    assert shown.info["dpi"] == pytest.approx((300, 300), abs=0.01)
    assert shown.size == tuple(round(side / 25.4 * DOTS_AN_INCH) for side in MILLIMETRES[size])


def test_the_words_of_the_pdf_are_letters_and_no_picture() -> None:
    pdf = birds(Size.A5).pdf
    assert b"/Subtype /Image" not in pdf
    assert b"/Font" in pdf
    streams = [zlib.decompress(found) for found in re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", pdf, re.S)]
    assert any(b"Tj" in stream or b"TJ" in stream for stream in streams)


def test_the_same_poster_is_the_same_file() -> None:
    assert draw(BIRDS, Size.A5) == birds(Size.A5)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "title",
    [
        "Æbleskiver og åbent værksted for hele familien " * 6,
        "Kulturmetropolens" * 17,
        "\u202eabc\x00\ud800 🎄👩‍👩‍👧 $x_1$ \\frac \n\t",
        "مرحبا بالعالم",
        "🎄🎄🎄",
        "",
    ],
)
def test_whatever_a_title_holds_leaves_the_margins_and_the_code_alone(title: str) -> None:
    wild = Poster(title, tuple([title] * 6), LINK, title)
    drawn = draw(wild, Size.A5)
    dark = picture(drawn) < 128
    edge = dark.shape[1] // 24
    assert not dark[:edge].any()
    assert not dark[-edge:].any()
    assert not dark[:, :edge].any()
    assert not dark[:, -edge:].any()
    rows = code_rows(LINK)
    assert dark_modules(drawn, len(rows)) == rows


# What stands on it


def poster(card: Card, language: str = "da") -> Poster:
    found = poster_of(card, voice(language), "kulturlods_bot")
    assert found is not None
    return found


def test_a_poster_tells_when_where_for_whom_and_for_how_much() -> None:
    card = a_card(
        age_from=7,
        age_to=12,
        price_kind=PriceKind.AMOUNTS,
        prices={Tariff.ADULT: 80.0, Tariff.CHILD: 40.0},
        residents_only=True,
        owners=("Ishøj",),
        organizer="Ishøj Billedskole",
    )
    assert poster(card) == Poster(
        "Tegn en tegneserie",
        (
            "Lør. 28. nov. kl. 13–15",
            "Kulturkassen, Store Torv 1, 2635 Ishøj",
            "7–12 år · voksne 80 kr., børn 40 kr.",
            "Kun for borgere i Ishøj",
            "Arrangør: Ishøj Billedskole",
        ),
        "https://t.me/kulturlods_bot?start=f_abc1",
        voice().texts("poster.hint"),
    )


def test_what_is_not_known_is_not_on_a_poster() -> None:
    assert poster(a_card(), "en").facts == (
        "Sat 28 Nov at 13:00–15:00",
        "Kulturkassen, Store Torv 1, 2635 Ishøj",
    )


def test_a_poster_of_sample_data_says_so() -> None:
    assert poster(a_card(is_sample=True)).facts[-1].startswith("Eksempel:")


def test_no_date_on_a_poster_is_today_or_tomorrow() -> None:
    tomorrow = an_occurrence(start=at(11, 26, 10), end=at(11, 26, 11))
    assert poster(a_card(occurrences=(tomorrow,))).facts[0] == "Tors. 26. nov. kl. 10–11"


def test_an_exhibition_that_is_on_tells_both_its_ends() -> None:
    run = an_occurrence(is_run=True, start=at(11, 20), end=at(12, 21))
    assert poster(a_card(occurrences=(run,))).facts[0] == "20. nov. – 20. dec."


def test_four_dates_are_told_and_the_rest_counted_and_what_is_off_is_left_out() -> None:
    many = [an_occurrence(n, start=at(12, n, 17), end=at(12, n, 18)) for n in range(1, 8)]
    many[0] = an_occurrence(1, start=at(12, 1, 17), end=at(12, 1, 18), status=Status.CANCELLED)
    facts = poster(a_card(occurrences=tuple(many))).facts
    assert facts[0] == "Ons. 2. dec. kl. 17–18"
    assert facts[4] == "… og 2 datoer mere"


def test_each_date_elsewhere_names_its_place() -> None:
    away = an_occurrence(2, start=at(12, 1, 9), end=None, venue=a_venue(name="Brohuset"))
    assert poster(a_card(occurrences=(an_occurrence(1), away))).facts[1] == "Tirs. 1. dec. kl. 9 – Brohuset"


@pytest.mark.parametrize(
    "facts",
    [
        {"status": Status.CANCELLED},
        {"withdrawn": True},
        {"occurrences": ()},
        {"occurrences": (an_occurrence(status=Status.CANCELLED),)},
    ],
)
def test_there_is_no_poster_of_what_is_not_on(facts: dict) -> None:
    assert poster_of(a_card(**facts), voice(), "kulturlods_bot") is None
    assert size_page(a_card(**facts), voice()).rows == ()


def test_the_list_can_be_turned() -> None:
    cards = [a_card(n) for n in range(1, 9)]
    first, second = list_page(cards, voice(), total=20), list_page(cards, voice(), offset=8, total=16)
    assert [button.label for button in first.rows[-1]] == ["Flere ▸"]
    assert [button.label for button in second.rows[-1]] == ["◂ Forrige"]


def test_a_file_has_a_name_that_any_system_can_store() -> None:
    assert file_name(a_card(titles={"da": 'Æblefest / på "Køge" Torv!'}), voice(), "a4.pdf") == (
        "aeblefest-paa-koege-torv.a4.pdf"
    )
    assert file_name(a_card(titles={"da": "🎄"}), voice(), "a5.png") == "kulturlods.a5.png"
