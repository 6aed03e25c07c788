from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.drafts import OfferingDraft
from catalog.importers.infer import infer
from catalog.importers.infer_access import access_in
from catalog.importers.infer_age import ages_in
from catalog.importers.infer_price import price_in
from catalog.importers.infer_status import status_in
from catalog.importers.infer_words import data
from catalog.values import Access, Audience, Category, Fact, Format, PriceKind, Status, Tariff


def draft(title: str, text: str = "", **facts: Any) -> OfferingDraft:
    told = {"titles": {"da": title}, "descriptions": {"da": text} if text else {}} | facts
    return OfferingDraft(external_id="1", **told)


def guessed(title: str, text: str = "", **facts: Any) -> OfferingDraft:
    return infer(draft(title, text, **facts))


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("fra 7 år", (7, None)),
        ("Fra ca. 3 år", (3, None)),
        ("fra 7 år og opefter", (7, None)),
        ("7-12 år", (7, 12)),
        ("7 – 12 år", (7, 12)),
        ("for børn 3-6 år", (3, 6)),
        ("0-3 år", (0, 3)),
        ("mellem 15 og 25 år", (15, 25)),
        ("7 til 12 år", (7, 12)),
        ("Skriveværksted 15+", (15, None)),
        ("60+", (60, None)),
        ("8 år+", (8, None)),
        ("ages 7 to 10", (7, 10)),
        ("age 3-5", (3, 5)),
        ("from age 7", (7, None)),
        ("5 years and up", (5, None)),
        ("for 7-10 year olds", (7, 10)),
        ("for 5. klasse", (11, 12)),
        ("for 4.-6. klasse", (10, 13)),
        ("fra 7. klasse", (13, None)),
        ("0.-3. klassetrin", (6, 10)),
        ("for 5-årige", (5, 5)),
        ("4-6-årige", (4, 6)),
        ("3-9 måneder", (0, 1)),
        ("fra 3 måneder", (0, None)),
        ("3 mdr. - 2 år", (0, 2)),
        ("Aldersgrænse: 18 år", (18, None)),
        ("Alder: 6-9", (6, 9)),
        ("for alle over 60 år", (60, None)),
        ("for børn op til 8 år", (None, 8)),
        ("Hold 1: 3-6 år. Hold 2: 7-12 år", (3, 12)),
        ("Gratis workshop for børn 7-12 år", (7, 12)),
        ("Fra 8 år. Gratis", (8, None)),
    ],
)
def test_ages_are_read_from_the_text(text: str, ages: tuple[int | None, int | None]) -> None:
    assert ages_in(text) == ages
    assert ages_in(f"Kom og vær med! {text.capitalize()}.\nVi glæder os") == ages
    offering = guessed("Onsdag", text)
    assert (offering.age_from, offering.age_to) == ages
    assert Fact.AGE in offering.inferred


@pytest.mark.parametrize(
    "text",
    [
        "100 års jubilæum",
        "25 års jubilæum",
        "i 10 år",
        "I 10-12 år har vi spillet",
        "for 12 år siden",
        "for 10-12 år siden",
        "har spillet i over 20 år",
        "fra 1995",
        "åbent siden 1987",
        "kl. 10-12",
        "Krea kl. 10-12",
        "Børn 3-12 år: 40 kr.",
        "Gratis for børn 3-12 år",
        "Gratis for børn under 18 år",
        "Børn under 12 år følges med en voksen",
        "Få 10+ opskrifter",
        "200+ deltagere",
        "24.12-31.12",
        "De 12-årige vinder",
        "12-7 år",
        "80 kr.",
        "1. klasses madvarer",
    ],
)
def test_years_that_are_no_ages_are_left_out(text: str) -> None:
    assert ages_in(text) is None
    assert Fact.AGE not in guessed("Onsdag", text).inferred


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("Gratis", 0),
        ("Pris: gratis", 0),
        ("Fri entré", 0),
        ("Det er gratis at deltage", 0),
        ("Gratis julekoncert", 0),
        ("Gratis, men tilmelding er nødvendig", 0),
        ("Free admission", 0),
        ("Free concert in the park", 0),
        ("Pris: 0 kr.", 0),
        ("Entré: 80 kr.", 80),
        ("Pris: kr. 75,00", 75),
        ("Pris 1.200 kr", 1200),
        ("Entré 80 kr. Gratis kaffe", 80),
        ("80 kr.", 80),
    ],
)
def test_a_clear_price_is_read_from_the_text(text: str, price: float) -> None:
    assert price_in(text) == price
    offering = guessed("Onsdag", text)
    expected = (PriceKind.FREE, {}) if price == 0 else (PriceKind.AMOUNTS, {Tariff.ADULT: price})
    assert (offering.price_kind, offering.prices) == expected
    assert Fact.PRICE in offering.inferred


@pytest.mark.parametrize(
    "text",
    [
        "Gratis kaffe",
        "Der er gratis parkering",
        "gratis wifi og gratis te",
        "Det er ikke gratis",
        "Gratis for medlemmer",
        "Gratis adgang for børn",
        "Det er gratis for børn under 18",
        "Gratis entré for alle under 18",
        "Fri entré, kaffe 20 kr.",
        "Billetter 80 kr, loge 140 kr",
        "Vind 500 kr",
        "Feel free to join",
        "Sugar-free cakes",
        "i 2026",
    ],
)
def test_an_unclear_price_stays_unknown(text: str) -> None:
    assert price_in(text) is None
    offering = guessed("Onsdag", text)
    assert (offering.price_kind, offering.prices) == (PriceKind.UNKNOWN, {})


@pytest.mark.parametrize(
    ("title", "category", "form"),
    [
        ("Julekoncert med Kammerkoret", Category.MUSIC, Format.PERFORMANCE),
        ("Open mic", Category.MUSIC, Format.PERFORMANCE),
        ("Teaterskole for begyndere", Category.THEATRE, Format.COURSE),
        ("Børneteater: Den lille trold", Category.THEATRE, Format.PERFORMANCE),
        ("Folkedans for alle", Category.DANCE, None),
        ("Fernisering: Nye malerier", Category.VISUAL_ARTS, Format.EXHIBITION),
        ("Fotoudstilling", Category.VISUAL_ARTS, Format.EXHIBITION),
        ("Læseklub", Category.LITERATURE, Format.CLUB),
        ("Forfatteraften", Category.LITERATURE, Format.TALK),
        ("Filmklub", Category.FILM, Format.CLUB),
        ("Keramikhold", Category.CRAFTS, Format.COURSE),
        ("Upcycling-workshop", Category.CRAFTS, Format.WORKSHOP),
        ("Syværksted", Category.CRAFTS, Format.WORKSHOP),
        ("Byvandring i det gamle Køge", Category.HERITAGE, Format.TOUR),
        ("Guidet rundvisning på slottet", Category.HERITAGE, Format.TOUR),
        ("Fugletur ved fjorden", Category.NATURE, Format.TOUR),
        ("Foredrag om kunstig intelligens", Category.TECHNOLOGY, Format.TALK),
        ("Kodeklub", Category.TECHNOLOGY, Format.CLUB),
        ("Madværksted", Category.FOOD, Format.WORKSHOP),
        ("Vinsmagning", Category.FOOD, None),
        ("Yoga i parken", Category.SPORT, None),
        ("Banko", Category.COMMUNITY, Format.CLUB),
        ("Sprogcafé", Category.COMMUNITY, Format.CLUB),
        ("Litteraturfestival", Category.LITERATURE, Format.FESTIVAL),
        ("Sommercamp med robotter", Category.TECHNOLOGY, Format.CAMP),
        ("Bliv frivillig på museet", Category.HERITAGE, Format.VOLUNTEERING),
        ("Pottery class", Category.CRAFTS, Format.COURSE),
        ("Guided tour of the museum", Category.HERITAGE, Format.TOUR),
        ("Jazz concert", Category.MUSIC, Format.PERFORMANCE),
    ],
)
def test_a_title_tells_what_it_is(title: str, category: Category, form: Format | None) -> None:
    offering = guessed(title)
    assert offering.categories[0] == category
    assert offering.formats == ((form,) if form else ())
    assert Fact.CATEGORIES in offering.inferred
    assert (Fact.FORMATS in offering.inferred) == (form is not None)


@pytest.mark.parametrize(
    "title",
    [
        "Dansk for udlændinge",
        "Transport i fremtiden",
        "Kunstig sol",
        "Indhold og forhold",
        "Kulturens hus",
        "En helt almindelig tirsdag",
        "Naturligvis",
        "Made in Denmark",
    ],
)
def test_words_that_only_look_alike_tell_nothing(title: str) -> None:
    offering = guessed(title)
    assert (offering.categories, offering.formats) == ((), ())


def test_every_category_format_and_audience_has_words() -> None:
    assert set(data()["category"]) == {str(value) for value in Category}
    assert set(data()["format"]) == {str(value) for value in Format}
    assert set(data()["audience"]) == {str(value) for value in Audience}


def test_the_type_of_the_source_counts_and_the_title_more() -> None:
    by_type = guessed("Café Europa", keywords=("TheaterEvent",))
    assert by_type.categories == (Category.THEATRE,)
    assert guessed("Onsdag", keywords=("https://schema.org/MusicEvent",)).formats == (Format.PERFORMANCE,)
    assert guessed("Sangværksted", keywords=("MusicEvent",)).formats == (Format.WORKSHOP,)


def test_keywords_count_like_the_title_and_the_text_only_when_both_are_silent() -> None:
    assert guessed("Onsdag", keywords=("Strik",)).categories == (Category.CRAFTS,)
    assert guessed("Onsdag", "Vi hækler og strikker hele aftenen.").categories == (Category.CRAFTS,)
    assert guessed("Koncert", "Bagefter er der strik.").categories == (Category.MUSIC,)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("En omvisning for nysgerrige. Bagefter er der koncert.", (Format.TOUR,)),
        ("Tolv naboer har fotograferet. Udstillingen viser portrætter.", (Format.EXHIBITION,)),
        ("Kom som du er. Bagefter er der koncert.", ()),
    ],
)
def test_a_text_tells_what_it_is_in_its_first_sentence_or_by_name(
    text: str, form: tuple[Format, ...]
) -> None:
    assert guessed("Onsdag", text).formats == form


@pytest.mark.parametrize(
    ("title", "audience", "ages"),
    [
        ("Workshop for unge", Audience.YOUTH, (13, 25)),
        ("Børneteater", Audience.CHILDREN, (3, 12)),
        ("Babysalmesang", Audience.TODDLERS, (0, 2)),
        ("Seniordans", Audience.SENIORS, (60, None)),
        ("Strik for voksne", Audience.ADULTS, (18, None)),
        ("Familiesøndag", Audience.FAMILIES, (None, None)),
        ("Musik for dagplejere", Audience.DAYCARE, (None, None)),
        ("Forløb for skoleklasser", Audience.SCHOOLS, (None, None)),
        ("Writing for young people", Audience.YOUTH, (13, 25)),
    ],
)
def test_a_title_tells_whom_it_is_made_for(
    title: str, audience: Audience, ages: tuple[int | None, int | None]
) -> None:
    offering = guessed(title)
    assert (offering.made_for, offering.audiences) == (audience, (audience,))
    assert (offering.age_from, offering.age_to) == ages
    assert {Fact.MADE_FOR, Fact.AUDIENCES} <= set(offering.inferred)


def test_several_groups_are_audiences_but_it_is_made_for_none_of_them() -> None:
    offering = guessed("Krea for nysgerrige børn og deres voksne")
    assert (offering.audiences, offering.made_for) == ((Audience.CHILDREN, Audience.ADULTS), None)
    assert offering.age_from is None


def test_everyone_is_an_audience_and_no_group() -> None:
    offering = guessed("Fællesspisning", "Åbent for alle.")
    assert (offering.audiences, offering.made_for) == ((Audience.EVERYONE,), None)


def test_the_only_stated_audience_is_whom_it_is_made_for() -> None:
    offering = guessed("Kreativt værksted", audiences=(Audience.CHILDREN,))
    assert (offering.made_for, offering.age_from, offering.age_to) == (Audience.CHILDREN, 3, 12)
    several = guessed("Kreativt værksted", audiences=(Audience.CHILDREN, Audience.YOUTH))
    assert (several.made_for, several.age_from) == (None, None)


@pytest.mark.parametrize(
    "title", ["Unge løver", "Ældre musik", "Gratis for børn", "Ikke for børn", "Hans børn og barndom"]
)
def test_a_group_that_is_only_mentioned_is_no_audience(title: str) -> None:
    assert guessed(title).audiences == ()


def test_stated_ages_count_more_than_the_group() -> None:
    offering = guessed("Børneteater", "Fra 4 år.")
    assert (offering.age_from, offering.age_to) == (4, None)


def test_what_it_is_made_for_contradicts_no_stated_audience() -> None:
    assert guessed("Workshop for unge", audiences=(Audience.SENIORS,)).made_for is None


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Foregår på dansk og engelsk.", ("da", "en")),
        ("The tour is in English.", ("en",)),
        ("Omvisning på arabisk", ("ar",)),
        ("Tosproget højtlæsning", ("da", "en")),
        ("Ikke på engelsk", ()),
        ("Læs mere på engelsk", ()),
        ("Med undertekster på dansk", ()),
        ("Dansk litteratur", ()),
    ],
)
def test_the_language_of_an_activity_is_only_read_from_clear_words(
    text: str, languages: tuple[str, ...]
) -> None:
    assert guessed("Onsdag", text).languages == languages


def test_a_stated_fact_is_never_overruled() -> None:
    stated: dict[str, Any] = {
        "categories": (Category.FILM,),
        "formats": (Format.TALK,),
        "audiences": (Audience.ADULTS,),
        "made_for": Audience.ADULTS,
        "age_from": 18,
        "languages": ("sv",),
        "price_kind": PriceKind.AMOUNTS,
        "prices": {Tariff.ADULT: 100},
    }
    told = draft("Gratis babysalmesang for unge", "Fra 3 år. På engelsk. Fri entré.", **stated)
    assert infer(told) == told


def test_half_a_stated_age_is_left_alone() -> None:
    offering = guessed("Onsdag", "3-6 år", age_from=4)
    assert (offering.age_from, offering.age_to, offering.inferred) == (4, None, ())


def test_nothing_to_guess_changes_nothing() -> None:
    told = draft("Xyzzy", "Lorem ipsum.")
    assert infer(told) is told


WORDS = "7-12 år fra gratis koncert for børn og unge 15+ 80 kr. i klasse 5. på engelsk ikke Pris: 3"
TEXT = st.text(max_size=60) | st.lists(st.sampled_from(WORDS.split()), max_size=12).map(" ".join)


@given(title=TEXT.filter(str.strip), text=TEXT, keywords=st.lists(TEXT, max_size=3))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_sound_draft_and_guessing_again_changes_nothing(
    title: str, text: str, keywords: list[str]
) -> None:
    told = draft(title, text, keywords=tuple(keywords))
    offering = infer(told)
    OfferingDraft.model_validate(offering.model_dump())
    assert infer(offering) == offering
    assert (offering.titles, offering.descriptions) == (told.titles, told.descriptions)


@pytest.mark.parametrize(
    ("text", "access"),
    [
        ("Der er adgang for kørestole.", (Access.WHEELCHAIR,)),
        ("The hall is wheelchair accessible", (Access.WHEELCHAIR,)),
        (
            "Tolkes til tegnsprog. Salen har teleslynge, og der er niveaufri adgang.",
            (Access.WHEELCHAIR, Access.SIGN_LANGUAGE, Access.HEARING_LOOP),
        ),
        ("Sansevenlig forestilling", (Access.QUIET,)),
        ("Der er desværre ikke adgang for kørestole.", ()),
        ("Kørestole kan ikke komme ind. Der er teleslynge.", (Access.HEARING_LOOP,)),
        ("Kørestolsbasket for alle", ()),
    ],
)
def test_access_is_read_from_clear_words_that_nothing_refuses(text: str, access: tuple[Access, ...]) -> None:
    assert access_in(text) == access


def test_access_that_a_text_states_is_marked_as_a_guess() -> None:
    found = guessed("Julekoncert", "Der er adgang for kørestole.")
    assert found.access == {Access.WHEELCHAIR: True}
    assert Fact.ACCESS in found.inferred


def test_stated_access_is_never_overruled_by_a_text() -> None:
    stated = {Access.WHEELCHAIR: False}
    assert guessed("Julekoncert", "Der er adgang for kørestole.", access=stated).access == stated


@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("AFLYST: Sommerfest", Status.CANCELLED),
        ("Aflyst – Jazz i haven", Status.CANCELLED),
        ("Jazz i haven (aflyst)", Status.CANCELLED),
        ("Cancelled: Jazz", Status.CANCELLED),
        ("UDSAT! Kong Lear", Status.POSTPONED),
        ("Jazz i haven – udsolgt", Status.SOLD_OUT),
        ("Udsat til foråret", None),
        ("Aflyst koncert: en film om håb", None),
        ("De udsatte: foredrag", None),
    ],
)
def test_a_title_tells_a_change_when_it_is_set_apart(title: str, status: Status | None) -> None:
    assert status_in([title]) is status


def test_a_status_that_the_source_states_stands() -> None:
    assert guessed("Aflyst: Jazz").status is Status.CANCELLED
    assert guessed("Aflyst: Jazz", status=Status.RESCHEDULED).status is Status.RESCHEDULED


@pytest.mark.parametrize(
    ("title", "category"),
    [
        ("Rapværksted", Category.MUSIC),
        ("Lerværksted", Category.CRAFTS),
        ("Workshop i stop motion", Category.FILM),
        ("Foredrag: Stjernehimlen", Category.NATURE),
        ("Litterær samtale", Category.LITERATURE),
    ],
)
def test_a_title_also_tells_its_category_by_the_first_part_of_a_compound(
    title: str, category: Category
) -> None:
    assert guessed(title).categories == (category,)


def test_training_is_a_course_also_where_the_type_says_dance() -> None:
    assert guessed("Hiphop: åben træning", keywords=("DanceEvent",)).formats == (Format.COURSE,)


def test_a_camp_stays_a_camp_whatever_is_made_there() -> None:
    assert Format.CAMP in guessed("Juleferie-camp: Byg et brætspil").formats


def test_reading_aloud_is_no_talk() -> None:
    assert Format.TALK not in guessed("Højtlæsning for de mindste").formats


@pytest.mark.parametrize(
    ("text", "prices"),
    [
        ("Billetter 80 kr, børn 40 kr", {Tariff.ADULT: 80, Tariff.CHILD: 40}),
        ("Pris: voksne 80 kr., børn 40 kr. Tag kaffe med.", {Tariff.ADULT: 80, Tariff.CHILD: 40}),
        ("Entré: 100 kr (studerende 50 kr)", {Tariff.ADULT: 100, Tariff.YOUNG: 50}),
        ("Pris: børn under 12 år 40 kr", {Tariff.CHILD: 40}),
        ("Tickets: adults 120 kr, children free", {Tariff.ADULT: 120, Tariff.CHILD: 0}),
    ],
)
def test_prices_are_read_by_tariff(text: str, prices: dict[Tariff, float]) -> None:
    offering = guessed("Onsdag", text)
    assert (offering.price_kind, offering.prices) == (PriceKind.AMOUNTS, prices)
    assert Fact.PRICE in offering.inferred


@pytest.mark.parametrize(
    "text",
    [
        "Billetter: 2 voksne og 3 børn",
        "Pris: 80 kr, kaffe 20 kr",
        "Voksne 80 kr, børn 40 kr",
        "Pris: børn, 10 %",
    ],
)
def test_amounts_that_name_no_tariff_or_no_price_stay_unknown(text: str) -> None:
    assert guessed("Onsdag", text).price_kind is PriceKind.UNKNOWN
