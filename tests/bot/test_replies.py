"""Lists, and how a question was understood."""

from hypothesis import given
from hypothesis import strategies as st

from bot.buttons import Action, Kind
from bot.replies import basics
from bot.replies.answer import answer, nothing_found
from bot.replies.markup import TEXT_LIMIT, escape, lines, link, one_line, shorten, shown_units, units
from bot.replies.reply import Button, Reply
from bot.replies.understood import Asked, chips, phrase, sentence, without
from bot.telegram_html import parse_html
from bot.telegram_rules import check_inline
from catalog.query import Hit, Near, Page, PlaceRef, Query, Window
from catalog.values import Access, Audience, Category, Format, PlaceKind, PriceKind, Tariff
from tests.bot.facts import a_card, an_occurrence, at, voice

ISHOJ = PlaceRef("municipality:0183", "Ishøj", PlaceKind.MUNICIPALITY, 55.6, 12.3)
WEEKEND = Window(at(11, 27, 18), at(11, 30))
YOUTH = {"audiences": (Audience.YOUTH,), "ages": ((13, 25),)}
WILD = st.text(
    st.one_of(st.sampled_from("<>&\"'b/ …\n\u202e\u200f\u200d👩🏽🎨é😀"), st.characters()), max_size=400
)


def hit(number: int = 1, **facts: object) -> Hit:
    known: dict[str, object] = {"start": at(11, 28, 13), "end": None, "price": 0.0}
    return Hit(number, number, **{**known, **facts})  # type: ignore[arg-type]  # facts of a hit, by name


def plain(reply: Reply) -> str:
    return parse_html(reply.text)[0]


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.rows]


def test_a_question_reads_back_as_one_natural_sentence() -> None:
    query = Query(free=True, formats=(Format.WORKSHOP,), places=(ISHOJ,), windows=(WEEKEND,), **YOUTH)  # type: ignore[arg-type]  # typed above
    assert sentence(Asked(query), voice()) == "Gratis workshops for unge i Ishøj i weekenden"
    assert sentence(Asked(query), voice("en")) == "Free workshops for young people in Ishøj this weekend"


def test_kinds_and_subjects_become_one_word_where_the_language_has_one() -> None:
    concerts = Query(categories=(Category.MUSIC,), formats=(Format.PERFORMANCE,))
    assert phrase(Asked(concerts), voice()) == "koncerter"
    talks = Query(categories=(Category.FOOD,), formats=(Format.TALK,))
    assert phrase(Asked(talks), voice()) == "foredrag med mad"
    both = Query(categories=(Category.MUSIC, Category.DANCE))
    assert phrase(Asked(both), voice("en")) == "music and dance"


def test_ages_are_told_unless_the_group_says_them() -> None:
    assert phrase(Asked(Query(ages=((8, 8),))), voice()) == "oplevelser for 8-årige"
    teenagers = Query(audiences=(Audience.YOUTH,), ages=((13, 19),))
    assert phrase(Asked(teenagers), voice()) == "oplevelser for unge (13–19 år)"
    assert phrase(Asked(Query(ages=((60, 120),))), voice("en")) == "things to do for ages 60 and up"


def test_words_are_quoted_as_they_were_written() -> None:
    asked = Asked(Query(words=("boernehaven",)), {"boernehaven": "Børnehaven"})
    assert phrase(asked, voice()) == "oplevelser med «Børnehaven»"


def test_near_is_near_the_person_or_a_named_place() -> None:
    query = Query(near=Near(55.6, 12.3, 10.0))
    assert phrase(Asked(query), voice()) == "oplevelser tæt på dig"
    assert phrase(Asked(query, near_name="2635 Ishøj"), voice()) == "oplevelser tæt på 2635 Ishøj"
    within = Query(near=Near(55.6, 12.3, 3.0))
    assert phrase(Asked(within), voice("en")) == "things to do within 3 km of you"


def test_prices_needs_languages_and_refusals_are_part_of_the_sentence() -> None:
    query = Query(
        max_price=100,
        accessibility=(Access.WHEELCHAIR,),
        languages=("en",),
        exclude=Query(categories=(Category.SPORT,)),
    )
    assert phrase(Asked(query), voice()) == (
        "oplevelser til højst 100 kr. med adgang for kørestol på engelsk, men ikke sport"
    )


def test_a_question_about_nothing_in_particular_asks_for_everything() -> None:
    assert phrase(Asked(Query()), voice()) == "alt, hvad der sker"


def test_three_chips_at_most_each_taking_one_constraint_away() -> None:
    query = Query(free=True, formats=(Format.WORKSHOP,), places=(ISHOJ,), windows=(WEEKEND,), **YOUTH)  # type: ignore[arg-type]  # typed above
    shown = chips(Asked(query), voice())
    assert [chip.label for chip in shown] == ["✕ gratis", "✕ i weekenden", "✕ i Ishøj"]
    left = query
    for chip in shown:
        assert chip.action is not None
        left = without(left, chip.action.argument) or left
    assert left == Query(formats=(Format.WORKSHOP,), **YOUTH)  # type: ignore[arg-type]  # typed above
    assert without(query, "nonsense") is None


def test_a_row_tells_title_time_place_distance_and_price() -> None:
    page = Page((hit(distance_km=2.13),), 1, Query(origin=(55.6, 12.3)))
    reply = answer(Asked(Query()), page, {1: a_card()}, voice())
    assert plain(reply).splitlines() == [
        "Alt, hvad der sker:",
        "1. Tegn en tegneserie",
        "lør. 28. nov. kl. 13 · Kulturkassen · 2,1 km · gratis",
    ]
    assert labels(reply) == [["1"]]


def test_no_distance_is_shown_that_nobody_knows_from_where() -> None:
    page = Page((hit(distance_km=2.13),), 1, Query())
    assert "km" not in plain(answer(Asked(Query()), page, {1: a_card()}, voice()))


def test_sample_data_is_called_sample_data() -> None:
    page = Page((hit(),), 1, Query())
    assert plain(answer(Asked(Query()), page, {1: a_card(is_sample=True)}, voice())).endswith(
        "Prøvedata – ikke rigtige arrangementer."
    )


def test_what_is_not_known_is_said() -> None:
    page = Page((hit(price=None, marks=frozenset({"age-unknown", "price-unknown", "sold-out"})),), 1, Query())
    row = plain(answer(Asked(Query()), page, {1: a_card(occurrences=())}, voice())).splitlines()[-1]
    assert row.endswith("sted ikke oplyst · pris ikke oplyst · alder ikke oplyst · udsolgt")


def test_a_row_marks_what_is_for_residents_only() -> None:
    ours = a_card(residents_only=True, owners=("Ishøj",))
    reply = answer(Asked(Query()), Page((hit(),), 1, Query()), {1: ours}, voice())
    assert "· kun for borgere i Ishøj" in plain(reply)
    unknown = answer(Asked(Query()), Page((hit(),), 1, Query()), {1: a_card(residents_only=True)}, voice())
    assert plain(unknown).endswith("· kun for borgere")


def test_a_list_has_five_numbers_chips_and_one_row_of_actions() -> None:
    cards = {number: a_card(number) for number in range(1, 6)}
    query = Query(windows=(WEEKEND,), free=True)
    page = Page(tuple(hit(number) for number in cards), 23, query)
    reply = answer(
        Asked(query),
        page,
        cards,
        voice(),
        offset=5,
        place_button=Button("📍 Tæt på mig", Action(Kind.NEAR_ME)),
    )
    assert labels(reply) == [
        ["1", "2", "3", "4", "5"],
        ["✕ gratis", "✕ i weekenden"],
        ["◂ Forrige", "Flere ▸", "📍 Tæt på mig"],
    ]
    assert plain(reply).endswith("6–10 af 23")


def test_a_row_whose_offering_is_gone_leaves_no_gap_in_the_numbers() -> None:
    page = Page((hit(1), hit(2), hit(3)), 3, Query())
    reply = answer(Asked(Query()), page, {1: a_card(1), 3: a_card(3)}, voice())
    assert labels(reply)[0] == ["1", "2"]


def test_an_answer_that_gives_something_up_says_what() -> None:
    saturday = Query(free=True, places=(ISHOJ,), windows=(Window(at(11, 28), at(11, 29)),))
    page = Page((hit(start=at(11, 29, 13)),), 1, saturday.without("windows"), ("time",))
    first = plain(answer(Asked(saturday), page, {1: a_card()}, voice())).splitlines()[0]
    assert first == (
        "Jeg kan ikke finde gratis oplevelser i Ishøj lørdag 28. november. "
        "Det her kommer tættest på, men så er det søndag 29. november:"
    )
    page = Page((hit(),), 1, saturday, ("place", "price", "something-new"))
    first = plain(answer(Asked(saturday), page, {1: a_card()}, voice("en"))).splitlines()[0]
    assert first.endswith("in other places, at another price and almost what you asked for:")


def test_what_was_given_up_cannot_be_tapped_away_again() -> None:
    asked = Query(free=True, windows=(WEEKEND,))
    page = Page((hit(),), 1, asked.without("windows"), ("time",))
    assert labels(answer(Asked(asked), page, {1: a_card()}, voice())) == [["1"], ["✕ gratis"]]
    wider = Page((hit(),), 1, Query(near=Near(55.6, 12.3, 20.0)), ("place", "age"))
    asked = Query(places=(ISHOJ,), ages=((8, 8),), formats=(Format.WORKSHOP,))
    assert labels(answer(Asked(asked), wider, {1: a_card()}, voice())) == [["1"], ["✕ workshops"]]


def test_words_that_had_to_go_are_named() -> None:
    asked = Asked(Query(words=("boern", "jazz")), {"boern": "Børn"})
    page = Page((hit(),), 1, Query(words=("jazz",)), ("words",))
    assert (
        plain(answer(asked, page, {1: a_card()}, voice()))
        .splitlines()[0]
        .endswith("men så er det uden «Børn»:")
    )


def test_a_price_that_had_to_rise_is_told() -> None:
    page = Page((hit(price=50.0),), 1, Query(max_price=50.0), ("price",))
    first = plain(answer(Asked(Query(free=True)), page, {1: a_card()}, voice())).splitlines()[0]
    assert first.endswith("Det her kommer tættest på, men så er det til højst 50 kr.:")


def test_mended_words_are_told() -> None:
    asked = Asked(Query(formats=(Format.WORKSHOP,)), repaired=(("worskhop", "workshop"),))
    text = plain(answer(asked, Page((hit(),), 1, asked.query), {1: a_card()}, voice()))
    assert "Jeg læste «worskhop» som «workshop»." in text


def test_nothing_at_all_still_offers_a_way_on() -> None:
    asked = Asked(Query(words=("xyz",)), {"xyz": "xyz"})
    reply = nothing_found(asked, basics.suggestion_rows(("weekend", "free"), voice()), voice())
    assert plain(reply) == "Jeg kan desværre ikke finde oplevelser med «xyz». Måske er der noget her:"
    assert labels(reply) == [["✕ «xyz»"], ["📅 I weekenden", "Gratis i weekenden"]]


def test_a_price_of_several_tariffs_is_a_from_price() -> None:
    card = a_card(price_kind=PriceKind.AMOUNTS, prices={Tariff.ADULT: 120.0, Tariff.CHILD: 60.0})
    text = plain(answer(Asked(Query()), Page((hit(price=60.0),), 1, Query()), {1: card}, voice()))
    assert text.endswith("· fra 60 kr.")


@given(st.lists(WILD, min_size=1, max_size=5), WILD)
def test_whatever_sources_and_people_write_the_list_can_be_sent(titles: list[str], word: str) -> None:
    cards = {
        number: a_card(
            number,
            titles={"da": title},
            occurrences=(an_occurrence(number),),
        )
        for number, title in enumerate(titles, 1)
    }
    asked = Asked(Query(words=(word,)), repaired=((word, word),), near_name=word)
    reply = answer(asked, Page(tuple(map(hit, cards)), 9, asked.query), cards, voice())
    text, _ = parse_html(reply.text)
    assert 0 < units(text) == shown_units(reply.text) <= TEXT_LIMIT
    assert not set(text) & set("\u202e\u200f\u200d")
    check_inline(
        [
            [{"text": b.label, "callback_data": b.action.encode()} for b in row if b.action]
            for row in reply.rows
        ]
    )


@given(WILD, st.integers(1, 50))
def test_a_shortened_line_fits_and_is_one_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert units(line) <= max(limit, 1)
    assert "\n" not in line
    assert units(shorten(text, limit)) <= limit


@given(st.lists(WILD.map(escape), max_size=60))
def test_a_message_never_grows_over_the_limit(parts: list[str]) -> None:
    text = lines(escape(part) for part in parts)
    assert shown_units(text) <= TEXT_LIMIT
    parse_html(text)


def test_only_web_addresses_become_links() -> None:
    assert link("her", "javascript:alert(1)") == "her"
    assert (
        link("<b>", 'https://a.dk/?x="y"&z') == '<a href="https://a.dk/?x=&quot;y&quot;&amp;z">&lt;b&gt;</a>'
    )
