"""HTML for Telegram. Everything a person or a source wrote is escaped here, and nowhere else.

`Html` is text that is already safe to send; every function here takes plain `str` as unsafe and makes it
safe. Lengths count as Telegram counts: UTF-16 units after the entities are taken out.
"""

import html
import re
from collections.abc import Iterable
from typing import Any

from telegram.constants import MessageLimit

from bot.texts import Texts
from catalog.text import visible

TEXT_LIMIT = int(MessageLimit.MAX_TEXT_LENGTH)
ENTITY_LIMIT = int(MessageLimit.MESSAGE_ENTITIES)
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"\s+")


class Html(str):
    """Text that Telegram can parse as HTML."""

    __slots__ = ()


def escape(text: str) -> Html:
    """`text` as it reads, on as many lines, without characters that hide or turn text around."""
    return text if isinstance(text, Html) else Html(html.escape(_plain(text), quote=False))


def one_line(text: str, limit: int) -> str:
    """`text` on one line in at most `limit` UTF-16 units, cut at a word where that costs little."""
    line = _SPACE.sub(" ", _plain(text)).strip()
    if units(line) <= limit:
        return line
    cut = shorten(line, limit - 1)
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > len(cut) * 2 // 3 else cut).rstrip(" ,;:.–-") + "…"


def shorten(text: str, limit: int) -> str:
    """The longest beginning of `text` that fits in `limit` UTF-16 units."""
    if units(text) <= limit:
        return text
    return _plain(text).encode("utf-16-le")[: max(limit, 0) * 2].decode("utf-16-le", errors="ignore")


def units(text: str) -> int:
    """The length of plain `text` in UTF-16 units."""
    return len(_plain(text).encode("utf-16-le")) // 2


def shown_units(markup: Html) -> int:
    """The length that Telegram counts: without tags, entities as the characters they stand for."""
    return units(html.unescape(_TAG.sub("", markup)))


def bold(text: str) -> Html:
    return Html(f"<b>{escape(text)}</b>")


def italic(text: str) -> Html:
    return Html(f"<i>{escape(text)}</i>")


def link(label: str, url: str) -> Html:
    """`label` leading to `url`; just the label when the address is none that Telegram opens."""
    if not url.startswith(("http://", "https://")):
        return escape(label)
    return link_to(escape(label), url)


def link_to(label: Html, url: str) -> Html:
    """`label`, which is safe already, leading to an address that somebody has found good."""
    return Html(f'<a href="{html.escape(_plain(url), quote=True)}">{label}</a>')


def say(texts: Texts, key: str, /, **values: Any) -> Html:
    """The sentence `key` with its values made safe. The sentence itself may hold tags: it is ours."""
    safe = {name: escape(value) if isinstance(value, str) else value for name, value in values.items()}
    return Html(texts(key, **safe))


def join(parts: Iterable[Html], between: str) -> Html:
    """The parts that are not empty, with plain `between` in between."""
    return Html(escape(between).join(part for part in parts if part))


def lines(parts: Iterable[Html | None]) -> Html:
    """One part a line, as many as fit in one message. None is left out, "" is an empty line."""
    kept: list[Html] = []
    room, entities = TEXT_LIMIT, ENTITY_LIMIT
    for part in parts:
        if part is None:
            continue
        room -= shown_units(part) + 1
        entities -= part.count("</")
        if room < 0 or entities < 0:
            break
        kept.append(part)
    return Html("\n".join(kept).strip("\n"))


def _plain(text: str) -> str:
    # Half a surrogate pair cannot be sent at all.
    return visible(text).encode(errors="replace").decode()
