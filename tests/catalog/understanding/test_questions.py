"""Whole questions in both languages, and everything that each of them asks for."""

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from catalog.query import Query, Understanding
from catalog.search.match import CatalogueWords
from catalog.understanding import understand


def _questions(language: str) -> list[Any]:
    file = Path(__file__).with_name(f"questions.{language}.toml")
    questions = tomllib.loads(file.read_text(encoding="utf-8"))["question"]
    return [pytest.param(q, language, id=" | ".join(_turns(q))) for q in questions]


def _turns(question: dict[str, Any]) -> list[str]:
    return [question["ask"]] if isinstance(question["ask"], str) else question["ask"]


def _answer(turns: list[str], now: datetime, names: CatalogueWords, language: str) -> Understanding:
    previous = None
    for text in turns:
        answer = understand(text, now=now, words=names, language=language, previous=previous)
        previous = answer.query
    return answer


def _meaning(query: Query) -> dict[str, Any]:
    """What a query asks for, without what it leaves open, in the shape of the question files."""
    found = {name: value for name, value in query.to_json().items() if value not in ([], None, False, {})}
    del found["language"]
    if query.near:
        found["near"] = query.near.radius_km
    for part in (found, found.get("not", {})):
        if "places" in part:
            part["places"] = [place["name"] for place in part["places"]]
        if "windows" in part:
            part["windows"] = [[window["from"], window["until"]] for window in part["windows"]]
    return found


@pytest.mark.parametrize(("question", "language"), [*_questions("da"), *_questions("en")])
def test_a_question_asks_for_this_and_nothing_else(
    question: dict[str, Any], language: str, wednesday: datetime, names: CatalogueWords
) -> None:
    answer = _answer(_turns(question), wednesday, names, language)
    found = _meaning(answer.query)
    if question.get("timed"):
        assert found.pop("windows", None) or answer.query.from_time
    assert found == question["means"]
    assert answer.asks == question.get("asks")
    assert answer.kind == question.get("kind", "question")
    assert answer.follow_up == question.get("follow_up", False)
    assert answer.query.language == language
