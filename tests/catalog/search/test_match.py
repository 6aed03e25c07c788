"""Words that are almost right, against a comparison with every word there is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from catalog.search.match import Match, Vocabulary, typos_allowed

LETTERS = st.text(alphabet="abcdeåø1", min_size=1, max_size=11)


def compared_with_all(weights: dict[str, int], word: str) -> list[Match]:
    """The same answer by the rule alone: OSA distance to every word, one more for a wrong first letter."""
    allowed = typos_allowed(word)
    found = []
    for candidate, weight in weights.items():
        typos = OSA.distance(word, candidate)
        swapped = len(candidate) > 1 and candidate[:2] == word[1::-1]
        if typos and candidate[0] != word[0] and not swapped:
            typos += 1
        if typos <= allowed:
            found.append(Match(candidate, typos, weight))
    return sorted(found, key=lambda match: (match.typos, -match.weight, match.word))


@settings(max_examples=400, deadline=None)
@given(weights=st.dictionaries(LETTERS, st.integers(1, 9), max_size=60), word=LETTERS)
def test_no_word_that_is_near_is_passed_over(weights: dict[str, int], word: str) -> None:
    found = Vocabulary(weights).closest(word, limit=100)
    assert found == compared_with_all(weights, word)


@settings(max_examples=300, deadline=None)
@given(word=st.text(alphabet="abcdeåø", min_size=4, max_size=11), data=st.data())
def test_a_word_is_found_again_after_a_slip(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 1))
    other = data.draw(st.sampled_from("abcdeåøx"))
    slips = (word[:at] + word[at + 1 :], word[:at] + other + word[at + 1 :], word[:at] + other + word[at:])
    typed = data.draw(st.sampled_from(slips))
    if typos_allowed(typed):
        assert [match.word for match in Vocabulary({word: 1}).closest(typed)] == [word]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("musk", ["musik"]),
        ("ler", ["ler"]),
        ("lre", []),
        ("keramk", ["keramik"]),
        ("kermk", []),
        ("worskhpo", ["workshop"]),
        ("rdama", ["drama"]),
        ("brama", []),
        ("borkshop", ["workshop"]),
        ("borkshpo", []),
        ("uge42", []),
        ("uge43", ["uge43"]),
    ],
)
def test_one_typo_from_four_letters_two_from_eight_and_none_in_numbers(typed: str, found: list[str]) -> None:
    names = dict.fromkeys(("musik", "ler", "keramik", "workshop", "drama", "uge43"), 1)
    assert [match.word for match in Vocabulary(names).closest(typed)] == found


def test_of_two_as_near_the_one_that_more_documents_hold_is_meant() -> None:
    assert [match.word for match in Vocabulary({"kort": 2, "korn": 5}).closest("korx", 2)] == ["korn", "kort"]
