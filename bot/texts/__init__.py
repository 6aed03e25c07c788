"""Every sentence in every language, as data: `<language>/<area>.toml`, keys joined by dots.

A value is a `str.format` template, or a table of CLDR plural forms ("one", "other", …) chosen by the value
`n`. To add a language, add a folder with the same files; the tests tell what is missing.
"""

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale

LANGUAGES = ("da", "en")


class Texts:
    """The sentences of one language. Unknown keys raise KeyError: a test asks for every key in use."""

    def __init__(self, language: str, entries: Mapping[str, str | Mapping[str, str]]) -> None:
        self.language = language
        self.entries = entries
        self._plural = Locale.parse(language).plural_form

    def __call__(self, key: str, /, **values: Any) -> str:
        """The sentence `key` with `values` put in; `n` chooses the plural form where there are several."""
        entry = self.entries[key]
        if not isinstance(entry, str):
            entry = entry.get(self._plural(values["n"]), entry["other"])
        return _FORMATTER.vformat(entry, (), values)

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self.entries


class _PlainFormatter(string.Formatter):
    """Only `{name}` and `{name:spec}`: no attribute or item may be reached from a template."""

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> Any:
        return self.get_value(field_name, args, kwargs), field_name


_FORMATTER = _PlainFormatter()
PLURAL_FORMS = frozenset({"zero", "one", "two", "few", "many", "other"})


@cache
def texts(language: str) -> Texts:
    """The sentences of `language`; an unknown language gets the first of LANGUAGES."""
    chosen = language if language in LANGUAGES else LANGUAGES[0]
    entries: dict[str, str | Mapping[str, str]] = {}
    for file in sorted((resources.files(__name__) / chosen).iterdir(), key=lambda f: f.name):
        if file.name.endswith(".toml"):
            entries.update(_flatten(tomllib.loads(file.read_text(encoding="utf-8"))))
    return Texts(chosen, entries)


def _flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, str | Mapping[str, str]]:
    flat: dict[str, str | Mapping[str, str]] = {}
    for key, value in table.items():
        if isinstance(value, str) or set(value) <= PLURAL_FORMS:
            flat[prefix + key] = value
        else:
            flat.update(_flatten(value, f"{prefix}{key}."))
    return flat
