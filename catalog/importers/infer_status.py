"""A change that a source tells in the title alone: "AFLYST: Sommerfest", "Jazz i haven (udsolgt)"."""

import re
from collections.abc import Iterable
from functools import cache

from catalog.importers.infer_words import data
from catalog.text import fold
from catalog.values import Status


def status_in(titles: Iterable[str]) -> Status | None:
    """The status that one of the titles begins or ends with, set apart by a mark; None when none does."""
    for title in titles:
        for status, rule in _rules().items():
            if rule.search(fold(title)):
                return status
    return None


@cache
def _rules() -> dict[Status, re.Pattern[str]]:
    return {Status(name): _rule("|".join(map(fold, said))) for name, said in data()["status"].items()}


def _rule(said: str) -> re.Pattern[str]:
    mark = r"[\s*]*[:!)\]*–—-]"
    return re.compile(rf"^[\s*!(\[]*(?:{said}){mark}|[(\[*–—:!-][\s*]*(?:{said})[\s)\]*!.]*$")
