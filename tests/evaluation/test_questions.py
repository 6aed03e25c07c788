"""Our own questions, put to the sample catalogue: how many find what they should, and nothing else."""

import re
from collections import Counter
from pathlib import Path

import pytest

from tests.evaluation.judge import FACTS, NAMES, Verdict
from tests.evaluation.report import failures, groups, rate, share
from tests.evaluation.suite import NOT_ON, Outcome, Question, questions

FLOOR = 0.94
"""Of all questions; a little below what was measured."""
FLOOR_ASIDE = 0.86
GROUP_FLOORS = {
    "age": 0.92,
    "category": 0.88,
    "compounds": 0.92,
    "many": 0.91,
    "names": 0.94,
    "negation": 0.92,
    "nothing": 0.96,
    "place": 0.95,
    "price": 0.93,
    "time": 0.98,
    "turns": 0.94,
    "typos": 0.88,
}
README = Path(__file__).parents[2] / "README.md"


def _all(_: Question) -> bool:
    return True


def test_most_questions_find_what_they_should(outcomes: list[Outcome]) -> None:
    assert share(rate(outcomes, _all)) >= FLOOR, "\n\n".join(failures(outcomes))


def test_questions_kept_aside_do_about_as_well(outcomes: list[Outcome]) -> None:
    assert share(rate(outcomes, lambda q: q.held)) >= FLOOR_ASIDE


@pytest.mark.parametrize("group", GROUP_FLOORS)
def test_no_group_of_questions_is_left_behind(outcomes: list[Outcome], group: str) -> None:
    own = [outcome for outcome in outcomes if outcome.question.group == group]
    assert share(rate(own, _all)) >= GROUP_FLOORS[group], "\n\n".join(failures(own))


@pytest.mark.parametrize("language", ["da", "en"])
def test_both_languages_are_understood(outcomes: list[Outcome], language: str) -> None:
    assert share(rate(outcomes, lambda q: q.lang == language)) >= FLOOR_ASIDE


def test_the_readme_promises_no_more_than_is_kept(outcomes: list[Outcome]) -> None:
    table = README.read_text(encoding="utf-8").partition("<!-- rates -->")[2]
    promised = re.search(r"^\| all \|.*= (\d+)% \|$", table, re.MULTILINE)
    assert promised is not None
    assert round(100 * share(rate(outcomes, _all))) >= int(promised[1])


def test_every_group_has_a_floor(outcomes: list[Outcome]) -> None:
    assert groups(outcomes) == sorted(GROUP_FLOORS)


def test_what_is_asked_is_spread_as_it_should_be() -> None:
    asked = questions()
    languages = Counter(question.lang for question in asked)
    assert len(asked) >= 250
    assert abs(languages["da"] - languages["en"]) <= len(asked) / 10
    assert sum(bool(question.spelled) for question in asked) >= len(asked) / 4
    assert 0.3 <= sum(question.held for question in asked) / len(asked) <= 0.36
    assert len({(str(question), question.now) for question in asked}) == len(asked)
    assert FACTS.keys() == NAMES.keys()


def test_there_is_something_to_find_where_something_is_expected(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        expected = Verdict.WRONG if outcome.question.nothing else Verdict.RIGHT
        assert outcome.exists is expected, outcome.question


def test_nothing_that_is_over_or_cancelled_is_ever_shown(outcomes: list[Outcome]) -> None:
    assert [p for outcome in outcomes for p in outcome.problems if p.startswith(NOT_ON)] == []
