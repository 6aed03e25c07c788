"""Words: the same word in other clothes, and the order of what holds it."""

import pytest

from catalog.query import Query
from catalog.search import analysis
from tests.catalog.factory import offering, run, venue
from tests.catalog.search.asking import ISHOEJ, Asked, window

TOMORROW, LATER = "2026-11-26 19:00", "2026-11-28 19:00"


def found(title: str, *words: str) -> bool:
    """Whether these words find an offering of this title among others."""
    asked = Asked(
        offering(title, TOMORROW), offering("Noget helt andet", TOMORROW), offering("Petanque", TOMORROW)
    )
    return asked.titles(words=words) == [title]


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Keramik i kælderen", "keramik"),
        ("Bøger på tværs", "bog"),
        ("Historien om et barn", "boern"),
        ("Byens teatre", "teater"),
        ("Koncerterne i parken", "koncert"),
        ("Kurser i latin", "kursus"),
        ("Strikning", "strikninger"),
        ("Paintings of the sea", "painting"),
        ("Stories for winter", "story"),
    ],
)
def test_an_inflected_word_finds_its_relatives(title: str, word: str) -> None:
    assert found(title, word)


@pytest.mark.parametrize("word", ["boern", "born"])
def test_the_spellings_without_danish_letters_meet(word: str) -> None:
    assert found("Børn og dyr", word)


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Jazzkoncert i gården", "koncert"),
        ("Jazzkoncert i gården", "jazz"),
        ("Keramikværksteder for begyndere", "vaerksted"),
        ("Julekoncerten", "koncerter"),
        ("Børnemusikteater", "musik"),
        ("Børnemusikteater", "teater"),
        ("Efterårsferie", "ferie"),
        ("Byens børneteatre", "teater"),
    ],
)
def test_a_part_of_a_compound_finds_it(title: str, word: str) -> None:
    assert found(title, word)


def test_a_compound_finds_its_parts_written_apart() -> None:
    assert found("Værksted med keramik", "keramikvaerksted")


def test_two_words_find_them_written_as_one() -> None:
    assert found("SuburbanGrrls", "suburban", "grrls")


def test_the_beginning_of_the_last_word_is_enough_when_no_word_is_whole() -> None:
    assert found("Makramé i kælderen", "makr")
    assert not found("Makramé i kælderen", "makr", "kaelderen")


def test_a_whole_word_is_not_stretched() -> None:
    asked = Asked(offering("Dans", TOMORROW), offering("Dansk samtale", TOMORROW))
    assert asked.titles(words=("dans",)) == ["Dans"]


@pytest.mark.parametrize("word", ["kermaik", "keramk", "keramiik", "cermaik"])
def test_a_typo_is_repaired_when_nothing_else_is_found(word: str) -> None:
    assert found("Keramik i kælderen", word) is (word != "cermaik")


def test_a_typo_in_a_part_of_a_compound_is_repaired() -> None:
    assert found("Jazzkoncert i gården", "kocert")


def test_numbers_have_no_typos() -> None:
    assert not found("Grundlovsdag 1849", "1848")


def test_all_words_must_be_there() -> None:
    asked = Asked(offering("Jazz", TOMORROW), offering("Jazz og mad", TOMORROW))
    assert asked.titles(words=("jazz", "mad")) == ["Jazz og mad"]


def test_words_are_looked_for_in_every_text_and_name() -> None:
    facts = {
        "titles": {"da": "Titlen", "en": "Sculpture"},
        "descriptions": {"da": "Om bronze", "en": "About marble"},
        "keywords": ("billedhugger",),
        "organizer": "Kunstforeningen",
        "series_name": "Avisen Live",
    }
    asked = Asked(offering("Titlen", TOMORROW, place=venue("Portalen"), **facts))
    for word in ("sculpture", "bronze", "marble", "billedhugger", "kunstforeningen", "avisen", "portalen"):
        assert asked.titles(words=(word,)) == ["Titlen"], word


def test_the_title_comes_before_names_and_names_before_the_text() -> None:
    asked = Asked(
        offering("En aften", TOMORROW, descriptions={"da": "Noget om ler"}),
        offering("En formiddag", TOMORROW, organizer="Foreningen Ler"),
        offering("Ler", LATER),
    )
    assert asked.titles(words=("ler",)) == ["Ler", "En formiddag", "En aften"]


def test_fewer_typos_come_before_a_better_place() -> None:
    asked = Asked(
        offering("Keramik værksted", LATER), offering("Fest", TOMORROW, keywords=("keramikværksted",))
    )
    assert asked.titles(words=("keramikvaerksted",)) == ["Fest", "Keramik værksted"]


def test_more_of_the_word_comes_before_less_of_it() -> None:
    long = "Jazz og alt muligt andet som man kan høre på denne lange og brogede og sene aften i byens hal"
    asked = Asked(offering(long, TOMORROW), offering("Jazz jazz", LATER), offering("Fest", TOMORROW))
    assert asked.titles(words=("jazz",)) == ["Jazz jazz", long]


def test_known_facts_come_before_better_words() -> None:
    asked = Asked(
        offering("Ler", TOMORROW), offering("En aften", LATER, age_from=0, descriptions={"da": "ler"})
    )
    assert asked.titles(words=("ler",), ages=((8, 8),)) == ["En aften", "Ler"]


def test_among_equals_the_soonest_then_the_first_stored() -> None:
    asked = Asked(offering("Sang C", LATER), offering("Sang A", TOMORROW), offering("Sang B", TOMORROW))
    assert asked.titles(words=("sang",)) == ["Sang A", "Sang B", "Sang C"]


def test_what_has_an_hour_comes_before_what_is_open_all_day_the_same_day() -> None:
    asked = Asked(
        offering("Udstilling", run("2026-11-01", "2026-12-24")),
        offering("I aften", "2026-11-25 20:00"),
        offering("I morgen", TOMORROW),
    )
    assert asked.titles() == ["I aften", "Udstilling", "I morgen"]


def test_no_five_of_one_series_fill_the_first_page() -> None:
    series = [offering(f"RÅ {n}", f"2026-11-26 1{n}:00", series_name="RÅ festival") for n in range(6)]
    others = [offering(f"Andet {n}", f"2026-11-27 1{n}:00") for n in range(3)]
    asked = Asked(*series, *others)
    assert asked.titles()[:5] == ["RÅ 0", "RÅ 1", "Andet 0", "Andet 1", "Andet 2"]
    assert sorted(asked.titles()) == sorted(draft.titles["da"] for draft in (*series, *others))


def test_a_series_is_not_pushed_past_what_fits_less_well() -> None:
    series = [offering(f"RÅ {n}", f"2026-11-26 1{n}:00", series_name="RÅ", age_from=13) for n in range(4)]
    asked = Asked(*series, offering("Ukendt alder", TOMORROW))
    assert asked.titles(ages=((15, 15),)) == ["RÅ 0", "RÅ 1", "RÅ 2", "RÅ 3", "Ukendt alder"]


def test_pages_follow_on_from_each_other() -> None:
    drafts = [
        offering(f"Nr. {n:03}", f"2026-12-{1 + n % 28:02} 19:00", series_name=f"S{n % 4}") for n in range(130)
    ]
    asked = Asked(*drafts)
    pages = [asked.page(limit=7, offset=offset) for offset in range(0, 140, 7)]
    assert {page.total for page in pages} == {130}
    paged = [hit.offering_id for page in pages for hit in page.hits]
    assert paged == [hit.offering_id for hit in asked.page(limit=500).hits]
    assert sorted(paged) == list(range(1, 131))


def test_an_empty_catalogue_answers_every_question_with_nothing() -> None:
    asked = Asked()
    for query in (Query(), Query(words=("jazz",)), Query(windows=window(None, None), origin=ISHOEJ)):
        assert asked.page(query).hits == ()


@pytest.mark.parametrize(
    ("compound", "parts"),
    [
        ("jazzkoncert", ("jazz", "koncert")),
        ("boernemusikteater", ("boern", "musikteater", "musik", "teater")),
        ("vikingelandsbyen", ("viking", "landsby")),
        ("keramik", ()),
        ("2026", ()),
    ],
)
def test_compounds_fall_apart_where_both_sides_are_words(compound: str, parts: tuple[str, ...]) -> None:
    assert analysis.parts(compound, frozenset()) == parts


def test_the_catalogues_own_words_split_compounds_too() -> None:
    assert analysis.parts("broedbagning", {"bagning"}) == ("broed", "bagning")
    assert analysis.parts("broedbagning", frozenset()) == ()


CHOIR = ("choir", "kor", "koret", "synge med")


def test_a_word_that_will_do_instead_is_found_too_and_the_word_itself_comes_first() -> None:
    asked = Asked(
        offering("Børnekor", TOMORROW), offering("A choir", LATER), offering("Kom og syng med", TOMORROW)
    )
    assert asked.titles(words=("choir",)) == ["A choir"]
    assert asked.titles(words=("choir",), alike=(CHOIR,)) == ["A choir", "Børnekor", "Kom og syng med"]


def test_what_will_do_instead_counts_in_a_text_only_when_no_name_holds_it() -> None:
    named = offering("Børnekor", TOMORROW)
    told = offering("Koncert", TOMORROW, descriptions={"da": "Et kor synger."})
    assert Asked(named, told).titles(words=("choir",), alike=(CHOIR,)) == ["Børnekor"]
    assert Asked(told).titles(words=("choir",), alike=(CHOIR,)) == ["Koncert"]


def test_a_likely_word_in_a_text_is_no_answer_beside_a_sure_one() -> None:
    code = offering("Programmér en robot", TOMORROW, descriptions={"da": "Lær at programmere."})
    other = offering("Træf", TOMORROW, descriptions={"da": "Programmet skifter."})
    assert Asked(code, other).titles(words=("programmere",)) == ["Programmér en robot"]


def test_what_will_do_instead_is_excluded_too() -> None:
    asked = Asked(offering("Børnekor", TOMORROW), offering("Rock", TOMORROW))
    assert asked.titles(exclude=Query(words=("choir",), alike=(CHOIR,))) == ["Rock"]


def test_an_entry_of_several_words_is_held_when_all_its_words_are() -> None:
    asked = Asked(offering("Game night with boards", TOMORROW), offering("Night walk", TOMORROW))
    assert asked.titles(words=("game night",)) == ["Game night with boards"]


def test_keywords_are_names_that_an_offering_goes_by() -> None:
    labelled = offering("Fra jeans til taske", LATER, keywords=("upcycling",))
    told = offering("Festival", TOMORROW, descriptions={"da": "Musik, upcycling og dans."})
    assert Asked(told, labelled).titles(words=("upcycling",)) == ["Fra jeans til taske", "Festival"]
    assert "upcycling" in Asked(labelled).index.words.words
