"""Every sentence stands in every language, whole; and every sentence in use exists."""

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel import Locale

from bot.texts import LANGUAGES, PLURAL_FORMS, texts
from tests.house.source import ROOT, modules

FOLDER = ROOT / "bot" / "texts"
FIRST = LANGUAGES[0]
KEY = re.compile(r"[a-z_]+(?:\.[a-z0-9_-]+)+")


def files(language: str) -> list[Path]:
    return sorted((FOLDER / language).glob("*.toml"))


def flat_keys(table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in table.items():
        if isinstance(value, str) or set(value) <= PLURAL_FORMS:
            yield prefix + key
        else:
            yield from flat_keys(value, f"{prefix}{key}.")


def forms(entry: Any) -> dict[str, str]:
    return {"": entry} if isinstance(entry, str) else dict(entry)


def placeholders(entry: Any) -> set[str]:
    return {
        field for form in forms(entry).values() for _, field, _, _ in string.Formatter().parse(form) if field
    }


def test_every_folder_of_texts_is_a_language_that_is_offered() -> None:
    assert {path.name for path in FOLDER.iterdir() if list(path.glob("*.toml"))} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_stands_in_one_file_only(language: str) -> None:
    keys = [key for path in files(language) for key in flat_keys(tomllib.loads(path.read_text("utf-8")))]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_the_languages_say_the_same_with_the_same_placeholders(language: str) -> None:
    here, first = texts(language).entries, texts(FIRST).entries
    assert set(here) == set(first)
    assert {key: placeholders(here[key]) for key in here} == {key: placeholders(first[key]) for key in first}


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_the_forms_that_cldr_asks_for(language: str) -> None:
    asked = {*Locale.parse(language).plural_form.tags, "other"}
    wrong = [
        key
        for key, entry in texts(language).entries.items()
        if not isinstance(entry, str) and (set(entry) != asked or "n" not in placeholders(entry))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_empty(language: str) -> None:
    entries = texts(language).entries.items()
    assert [key for key, entry in entries if not all(form.strip() for form in forms(entry).values())] == []


def test_every_sentence_that_the_code_asks_for_exists() -> None:
    keys = set(texts(FIRST).entries)
    sections = {key.split(".")[0] for key in keys}
    asked = {
        node.value
        for tree in modules("bot").values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value)
    }
    missing = {key for key in asked if key.split(".")[0] in sections and key not in keys}
    assert missing == set()


def test_every_sentence_is_asked_for() -> None:
    wanted = [shape for tree in modules("bot").values() for node in ast.walk(tree) if (shape := _shape(node))]
    whole = re.compile("|".join(f"(?:{shape})" for shape in sorted(set(wanted))))
    assert [key for key in texts(FIRST).entries if not whole.fullmatch(key)] == []


def _shape(node: ast.AST) -> str | None:
    """The keys that a string expression can name, as a pattern; None when it names no key."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value) if KEY.fullmatch(node.value) else None
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in node.values]
        return "".join(parts) if re.match(r"[a-z_]+\\\.", parts[0]) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) and isinstance(node.left, ast.Constant):
        start = str(node.left.value)
        return re.escape(start) + ".+" if re.match(r"[a-z_]+\.", start) else None
    return None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_a_rejection_has_its_sentence(language: str) -> None:
    codes = {code for tree in modules("catalog").values() for code in _rejection_codes(tree)}
    assert len(codes) > 5
    assert [code for code in sorted(codes) if not texts(language).has(f"import.reason.{code}")] == []


def _rejection_codes(tree: ast.Module) -> Iterator[str]:
    """The codes given to `Rejection(where, code)` and `UnreadableError(code)` in so many words."""
    places = {"Rejection": 1, "UnreadableError": 0}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in places:
            given = [*node.args, *[None] * 2][places[node.func.id]]
            given = next((word.value for word in node.keywords if word.arg == "code"), given)
            if isinstance(given, ast.Constant):
                yield str(given.value)
