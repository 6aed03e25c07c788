"""Cards: everything there is to show, and unknown where nobody said."""

import datetime as dt

from catalog.cards import Card, load_cards
from catalog.values import Access, Audience, Category, Fact, Format, PriceKind, Status, Tariff
from tests.catalog.factory import at, database_with, offering, run, time, venue

WHOLE = offering(
    "Keramik",
    time("2026-12-05 13:00", "2026-12-05 15:00", status="rescheduled", previous_start=at("2026-12-04 13:00")),
    run("2026-11-01", "2026-12-01", open_days=(2, 3), opens=dt.time(11), closes=dt.time(17)),
    place=venue(
        "Kulturium",
        address="Ishøj Store Torv 1",
        postcode="2635",
        municipality="Ishøj",
        latitude=55.6,
        longitude=12.3,
    ),
    external_id="urn:keramik",
    titles={"da": "Keramik", "en": "Ceramics"},
    descriptions={"da": "Med ler"},
    categories=("crafts",),
    formats=("workshop",),
    audiences=("youth", "families"),
    owners=("Ishøj", "Køge"),
    age_from=13,
    made_for="youth",
    price_kind="amounts",
    prices={Tariff.ADULT: 50},
    access={Access.WHEELCHAIR: False},
    languages=("da",),
    inferred=("age",),
    organizer="Billedskolen",
    series_name="RÅ festival",
    status="rescheduled",
    weekdays=(2,),
    remaining=3,
)


def card_of(draft: object) -> Card:
    database = database_with(draft)  # type: ignore[arg-type]  # a draft
    return database.read(lambda session: load_cards(session, [1]))[1]


def test_a_card_holds_all_that_the_source_said() -> None:
    card = card_of(WHOLE)
    assert (card.external_id, card.source, card.is_sample) == ("urn:keramik", "test", False)
    assert (card.categories, card.formats) == ((Category.CRAFTS,), (Format.WORKSHOP,))
    assert set(card.audiences) == {Audience.YOUTH, Audience.FAMILIES}
    assert (card.owners, card.organizer, card.series) == (("Ishøj", "Køge"), "Billedskolen", "RÅ festival")
    assert (card.age_from, card.age_to, card.made_for) == (13, None, Audience.YOUTH)
    assert (card.price_kind, card.prices) == (PriceKind.AMOUNTS, {Tariff.ADULT: 50})
    assert (card.access, card.languages, card.inferred) == ({Access.WHEELCHAIR: False}, ("da",), {Fact.AGE})
    assert (card.status, card.weekdays, card.remaining, card.withdrawn) == (
        Status.RESCHEDULED,
        (2,),
        3,
        False,
    )


def test_a_cards_times_come_in_order_each_with_its_venue() -> None:
    exhibition, workshop = card_of(WHOLE).occurrences
    assert (exhibition.is_run, exhibition.open_days, exhibition.opens) == (True, (2, 3), dt.time(11))
    assert (workshop.start, workshop.previous_start) == (at("2026-12-05 13:00"), at("2026-12-04 13:00"))
    assert workshop.status is Status.RESCHEDULED
    assert workshop.venue is not None
    assert (workshop.venue.name, workshop.venue.municipality, workshop.venue.latitude) == (
        "Kulturium",
        "Ishøj",
        55.6,
    )


def test_what_nobody_said_is_unknown_on_the_card() -> None:
    card = card_of(offering("Noget", "2026-12-05 13:00"))
    assert (card.age_from, card.made_for, card.organizer, card.series, card.url) == (None,) * 5
    assert (card.price_kind, card.prices, card.access) == (PriceKind.UNKNOWN, {}, {})
    assert card.occurrences[0].venue is None


def test_a_card_speaks_the_asked_language_else_danish() -> None:
    card = card_of(WHOLE)
    assert (card.title("en"), card.title("da"), card.title("fr")) == ("Ceramics", "Keramik", "Keramik")
    assert card.description("en") == "Med ler"


def test_ids_that_no_longer_exist_are_missing_from_the_answer() -> None:
    database = database_with(offering("En", "2026-12-05 13:00"), offering("To", "2026-12-05 13:00"))
    cards = database.read(lambda session: load_cards(session, [2, 99]))
    assert {id_: card.title("da") for id_, card in cards.items()} == {2: "To"}
