"""One question about the offering that is shown, answered from its card."""

from typing import Any

import pytest

from bot.replies.about import about
from bot.telegram_html import parse_html
from catalog.values import Access, Fact, PriceKind, Status, Tariff
from tests.bot.facts import a_card, a_venue, an_occurrence, at, voice


def said(subject: str, language: str = "da", **facts: Any) -> str:
    text = parse_html(about(a_card(**facts), subject, voice(language)).text)[0]
    title, _, answer = text.partition("\n")
    assert title == ("Tegn en tegneserie" if language == "da" else "Draw a comic")
    return str(answer)


@pytest.mark.parametrize(
    ("subject", "facts", "answer"),
    [
        ("when", {}, "🗓 lør. 28. nov. kl. 13–15"),
        ("price", {"price_kind": PriceKind.FREE}, "💰 Pris: gratis"),
        ("price", {"price_kind": PriceKind.AMOUNTS, "prices": {Tariff.ADULT: 50}}, "💰 Pris: 50 kr."),
        ("where", {}, "📍 Kulturkassen, Store Torv 1, 2635 Ishøj"),
        ("seats", {"remaining": 3}, "📝 Tilmelding: 3 ledige pladser"),
        ("seats", {"remaining": 0}, "⛔ Der er udsolgt."),
        ("seats", {"status": Status.SOLD_OUT}, "⛔ Der er udsolgt."),
        (
            "seats",
            {"status": Status.CANCELLED, "remaining": 3},
            "❌ Det er aflyst.\n📝 Tilmelding: 3 ledige pladser",
        ),
        ("wheelchair", {"access": {Access.WHEELCHAIR: True}}, "♿ Ja, der er plads til kørestol."),
        (
            "wheelchair",
            {"access": {Access.WHEELCHAIR: True}, "inferred": frozenset({Fact.ACCESS})},
            "♿ Ja, der er plads til kørestol. (vores gæt)",
        ),
        (
            "wheelchair",
            {"access": {Access.WHEELCHAIR: False}},
            "♿ Nej, det er desværre ikke egnet til kørestol.",
        ),
        ("age", {"age_from": 6, "age_to": 12}, "👥 Alder: 6–12 år"),
        ("language", {"languages": ("en",)}, "🗣 Sprog: engelsk"),
        ("organiser", {"organizer": "Ishøj Bibliotek"}, "👤 Ishøj Bibliotek"),
        ("enrolment", {"enrolment_closes": at(11, 27, 12)}, "📝 Tilmelding: senest fre. 27. nov. kl. 12"),
    ],
)
def test_what_is_known_is_answered_in_a_line(subject: str, facts: dict[str, Any], answer: str) -> None:
    assert said(subject, **facts) == answer


@pytest.mark.parametrize(
    "subject", ["price", "seats", "wheelchair", "access", "age", "language", "enrolment", "organiser"]
)
def test_what_is_not_stated_is_said_with_whom_to_ask(subject: str) -> None:
    assert said(subject) == "Det står der ikke. Spørg arrangøren."
    known: dict[str, Any] = {"organizer_url": "https://hus.example/", "enrolment_url": None}
    if subject != "organiser":
        reply = about(a_card(organizer="Huset", **known), subject, voice("en"))
        assert 'It doesn\'t say – ask <a href="https://hus.example/">Huset</a>.' in reply.text


def test_without_a_venue_nobody_knows_where() -> None:
    assert said("where", occurrences=(an_occurrence(venue=None),)) == "Det står der ikke. Spørg arrangøren."
    assert said("when", occurrences=()) == "Det står der ikke. Spørg arrangøren."


def test_the_way_is_a_button_and_the_whole_card_is_one_tap_away() -> None:
    (row,) = about(a_card(), "way", voice()).rows
    assert [button.label for button in row] == ["Se det hele", "🚌 Rejs derhen"]
    nowhere = a_venue(latitude=None, longitude=None, address=None)
    (row,) = about(a_card(occurrences=(an_occurrence(venue=nowhere),)), "way", voice()).rows
    assert [button.label for button in row] == ["Se det hele"]
