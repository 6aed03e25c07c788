import datetime as dt
from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from bot.replies.card import card_reply, directions_url
from bot.replies.markup import TEXT_LIMIT, shown_units, units
from bot.replies.reply import Reply
from bot.telegram_html import parse_html
from catalog.cards import Card
from catalog.values import Access, Audience, Fact, PriceKind, Status, Tariff
from tests.bot.facts import a_card, a_venue, an_occurrence, at, voice
from tests.bot.test_replies import WILD


def show(card: Card, language: str = "da", **how: object) -> Reply:
    return card_reply(card, voice(language), bot_username="kulturlods_bot", **how)  # type: ignore[arg-type]  # by name


def text_of(card: Card, language: str = "da", **how: object) -> str:
    return parse_html(show(card, language, **how).text)[0]


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.rows]


def test_a_card_tells_all_that_is_known() -> None:
    card = a_card(
        descriptions={"da": "Vi tegner sammen."},
        age_from=13,
        age_to=25,
        made_for=Audience.YOUTH,
        price_kind=PriceKind.AMOUNTS,
        prices={Tariff.YOUNG: 25.0, Tariff.ADULT: 50.0},
        access={Access.WHEELCHAIR: True, Access.HEARING_LOOP: False},
        languages=("da", "en"),
        organizer="Ishøj Bibliotek",
        url="https://www.ishoj.example/tegn?x=1",
        remaining=3,
        enrolment_closes=at(11, 27, 12),
        enrolment_url="https://ishoj.example/tilmeld",
        residents_only=True,
        owners=("Ishøj",),
    )
    assert text_of(card, origin=(55.61, 12.38)).splitlines() == [
        "Tegn en tegneserie",
        "",
        "Vi tegner sammen.",
        "",
        "🗓 lør. 28. nov. kl. 13–15",
        "📍 Kulturkassen, Store Torv 1, 2635 Ishøj · 1,9 km",
        "👥 Alder: 13–25 år · især for unge",
        "💰 Pris: unge 25 kr., voksne 50 kr.",
        "♿ Adgang: plads til kørestol, ingen teleslynge",
        "🗣 Sprog: dansk og engelsk",
        "📝 Tilmelding: senest fre. 27. nov. kl. 12, 3 ledige pladser, tilmeld dig her",
        "🏠 Kun for borgere i Ishøj",
        "👤 Ishøj Bibliotek",
        "🔗 ishoj.example",
    ]


def test_what_is_not_known_is_said_to_be_unknown() -> None:
    assert text_of(a_card(), "en").splitlines() == [
        "Draw a comic",
        "",
        "🗓 Sat 28 Nov at 13:00–15:00",
        "📍 Kulturkassen, Store Torv 1, 2635 Ishøj",
        "👥 Age: ask the organiser",
        "💰 Price: ask the organiser",
        "♿ Access: ask the organiser",
    ]


def test_what_is_not_known_leads_to_who_knows_it() -> None:
    page, home = "https://ishoj.example/tegn", "https://ishoj.example"
    ask = '<a href="{}">spørg arrangøren</a>'
    assert f"💰 Pris: {ask.format(page)}" in show(a_card(url=page)).text
    assert f"👥 Alder: {ask.format(home)}" in show(a_card(url=page, organizer_url=home)).text
    assert (
        f"📍 sted ikke oplyst – {ask.format(page)}"
        in show(a_card(url=page, occurrences=(an_occurrence(venue=None),))).text
    )
    assert f"🗓 datoer ikke oplyst – {ask.format(page)}" in show(a_card(url=page, occurrences=())).text
    assert "<a" not in show(a_card()).text


def test_only_where_somebody_reads_it_one_can_say_that_something_is_wrong() -> None:
    assert labels(show(a_card()))[-1] == ["↗ Del"]
    heard = show(a_card(), is_heard=True, can_go_back=True)
    assert labels(heard)[-1] == ["↗ Del", "✋ Noget forkert?", "◂ Tilbage"]


def test_a_cancelled_concert_is_marked_and_kept() -> None:
    assert "❌ Aflyst" in text_of(a_card(status=Status.CANCELLED))
    one = a_card(occurrences=(an_occurrence(status=Status.CANCELLED),))
    assert "🗓 lør. 28. nov. kl. 13–15 – aflyst" in text_of(one)
    assert "<s>" in show(one).text


def test_a_moved_one_tells_when_it_was_to_be() -> None:
    moved = an_occurrence(status=Status.RESCHEDULED, previous_start=at(11, 21, 13))
    text = text_of(a_card(status=Status.RESCHEDULED, occurrences=(moved,)))
    assert "🔄 Flyttet til en ny dato" in text
    assert "lør. 28. nov. kl. 13–15 – flyttet – før: lør. 21. nov. kl. 13" in text


def test_six_dates_are_shown_and_the_rest_counted() -> None:
    many = tuple(an_occurrence(n, start=at(12, n, 17), end=at(12, n, 18)) for n in range(1, 10))
    text = text_of(a_card(occurrences=many))
    assert text.count("🗓") == 6
    assert "… og 3 datoer mere" in text
    assert "… og 1 dato mere" in text_of(a_card(occurrences=many[:7]))


def test_dates_that_are_over_are_not_shown() -> None:
    past = an_occurrence(1, start=at(11, 20, 17), end=at(11, 20, 18))
    assert text_of(a_card(occurrences=(past, an_occurrence(2)))).count("🗓") == 1
    over = show(a_card(occurrences=(past,)))
    assert "Det er slut." in over.text
    assert labels(over)[1] == ["🗺 Kort", "🚌 Rejs derhen"]


def test_each_date_names_its_own_place_when_they_differ() -> None:
    card = a_card(
        occurrences=(
            an_occurrence(1),
            an_occurrence(2, start=at(12, 1, 9), end=None, venue=a_venue(name="Brohuset")),
        )
    )
    assert "🗓 tirs. 1. dec. kl. 9 – Brohuset" in text_of(card)


def test_a_district_is_named() -> None:
    venue = a_venue(
        name="Vognporten", town="Ballerup", postcode="2750", municipality="Ballerup", district="Baltorp"
    )
    assert "2750 Ballerup, Baltorp" in text_of(a_card(occurrences=(an_occurrence(venue=venue),)))


def test_a_guess_is_called_a_guess() -> None:
    card = a_card(age_from=13, inferred=frozenset({Fact.AGE}))
    assert "Alder: fra 13 år (vores gæt)" in text_of(card)
    assert "alle aldre" in text_of(a_card(age_from=0))
    assert "til og med 6 år" in text_of(a_card(age_to=6))
    assert "Alder: 8 år" in text_of(a_card(age_from=8, age_to=8))


def test_sample_data_and_what_was_withdrawn_are_marked() -> None:
    assert "prøvedata" in text_of(a_card(is_sample=True))
    assert "taget det her ned" in text_of(a_card(withdrawn=True))


def test_a_course_tells_its_season_and_when_enrolment_opens() -> None:
    card = a_card(
        season_from=dt.date(2027, 1, 5),
        season_until=dt.date(2027, 5, 25),
        weekdays=(2,),
        enrolment_opens=at(12, 1, 9),
        capacity=12,
    )
    assert "🔁 Sæson: 5. jan. 2027 – 25. maj 2027, tirsdag" in text_of(card)
    closed = text_of(a_card(enrolment_closes=at(11, 1, 12), remaining=4, enrolment_url="https://a.example"))
    assert "📝 Tilmelding: lukkede søn. 1. nov. kl. 12\n" in closed + "\n"
    assert "📝 Tilmelding: åbner tirs. 1. dec. kl. 9, 12 pladser i alt" in text_of(card)


def test_the_buttons_lead_to_map_calendar_directions_sharing_and_back() -> None:
    reply = show(a_card(), can_go_back=True)
    assert labels(reply)[1:] == [["🗺 Kort", "📅 Kalender", "🚌 Rejs derhen"], ["↗ Del", "◂ Tilbage"]]
    assert labels(show(a_card()))[1:] == [["🗺 Kort", "📅 Kalender", "🚌 Rejs derhen"], ["↗ Del"]]
    nowhere = a_card(occurrences=(an_occurrence(venue=None),))
    assert labels(show(nowhere))[1:] == [["📅 Kalender"], ["↗ Del"]]


def test_the_first_button_follows_or_shows_that_one_does() -> None:
    assert labels(show(a_card(), is_followed=False))[0] == ["⭐ Følg"]
    assert labels(show(a_card(), is_followed=True))[0] == ["⭐ Følger"]
    in_a_group = show(a_card()).rows[0][0]
    assert in_a_group.url == "https://t.me/kulturlods_bot?start=f_abc1"


def test_a_photo_that_staff_have_sent_is_a_tap_away() -> None:
    pictured = show(a_card(photo="the-choir", image_url=None), is_followed=False)
    assert labels(pictured)[0] == ["⭐ Følg", "🖼 Billede"]
    assert (pictured.photo, pictured.picture) == (None, None)
    assert "🖼 Billede" not in str(labels(show(a_card(image_url="https://a.example/b.jpg"))))


def test_sharing_sends_the_deep_link_of_the_card() -> None:
    share = show(a_card()).rows[2][0].url or ""
    asked = parse_qs(urlsplit(share).query)
    assert share.startswith("https://t.me/share/url?")
    assert asked["url"] == ["https://t.me/kulturlods_bot?start=o_abc1"]


def test_directions_go_by_public_transport_to_the_door_that_is_known() -> None:
    exact = parse_qs(urlsplit(directions_url(a_venue()) or "").query)
    assert exact["destination"] == ["55.610000,12.350000"]
    assert exact["travelmode"] == ["transit"]
    guessed = parse_qs(urlsplit(directions_url(a_venue(located_by="postcode")) or "").query)
    assert guessed["destination"] == ["Kulturkassen, Store Torv 1, 2635 Ishøj"]
    assert directions_url(a_venue(located_by="postcode", address=None)) is None


def test_the_picture_stands_above_the_text() -> None:
    assert show(a_card(image_url="https://a.example/b.jpg")).picture == "https://a.example/b.jpg"


def test_a_long_description_gives_way_to_the_facts() -> None:
    text = text_of(a_card(descriptions={"da": "ord " * 5000}, organizer="Biblioteket"))
    assert "ord…" in text
    assert text.endswith("👤 Biblioteket")


@given(WILD, WILD, st.text(max_size=3000))
def test_whatever_the_source_writes_the_card_can_be_sent(title: str, name: str, description: str) -> None:
    card = a_card(
        titles={"da": title},
        descriptions={"da": description},
        organizer=name,
        organizer_url=f"https://a.example/{name}",
        series=name,
        owners=(name,) * 30,
        residents_only=True,
        url="https://[" + name,
        languages=(name,),
        occurrences=tuple(
            an_occurrence(n, venue=a_venue(name=f"{name}{n}", address=name * 3, district=name))
            for n in range(8)
        ),
    )
    reply = show(card, can_go_back=True)
    text, _ = parse_html(reply.text)
    assert units(text) == shown_units(reply.text) <= TEXT_LIMIT


def test_what_several_municipalities_make_is_shown_as_theirs() -> None:
    assert "🤝 Ishøj og Køge sammen" in text_of(a_card(owners=("Ishøj", "Køge")))
    assert "🤝 5 kommuner sammen" in text_of(a_card(owners=tuple("ABCDE")))
    assert "🤝" not in text_of(a_card(owners=("Ishøj",)))


def test_a_full_course_tells_of_its_waiting_list() -> None:
    full = {"remaining": 0, "enrolment_url": "https://ishoj.example/tilmeld"}
    assert "📝 Tilmelding: alt er optaget\n" in text_of(a_card(**full)) + "\n"
    waiting = text_of(a_card(has_waiting_list=True, **full))
    assert "📝 Tilmelding: alt er optaget – der er venteliste, tilmeld dig her" in waiting
