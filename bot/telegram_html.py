"""Telegram's HTML, read as strictly as Telegram reads it (Bot API, "HTML style").

Only the named tags exist, they must nest, `<`, `>` and `&` must be escaped, and of named entities only
lt, gt, amp and quot are known.
"""

import html
import re
from dataclasses import dataclass

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "link",
}
_TOKEN = re.compile(
    r"<(?P<close>/)?(?P<tag>[a-z-]+)(?P<attributes>(?:\s+[a-z]+(?:=\"[^\"<>]*\")?)*)\s*>"
    r"|&(?P<entity>lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});"
    r"|(?P<plain>[^<>&]+)"
)
_HREF = re.compile(r"href=\"([^\"]*)\"")


class HtmlError(ValueError):
    """Why Telegram would refuse the markup."""


@dataclass(frozen=True, slots=True)
class Span:
    """A marked part of the plain text: half-open, in characters. link: the address of an `a`."""

    kind: str
    start: int
    end: int
    link: str | None = None


def parse_html(source: str) -> tuple[str, tuple[Span, ...]]:
    """The plain text and its marked parts, in the order in which they end. Raises HtmlError."""
    plain, position = "", 0
    spans: list[Span] = []
    open_tags: list[tuple[str, int, str | None]] = []
    while position < len(source):
        token = _TOKEN.match(source, position)
        if token is None:
            raise HtmlError(f'unexpected "{source[position]}" at {position}')
        position = token.end()
        if token["tag"] is None:
            plain += token["plain"] or html.unescape(token[0])
        elif token["close"]:
            spans.append(_close(token["tag"], open_tags, len(plain)))
        else:
            open_tags.append(_open(token["tag"], token["attributes"], len(plain)))
    if open_tags:
        raise HtmlError(f'can\'t find end tag corresponding to start tag "{open_tags[-1][0]}"')
    return plain, tuple(spans)


def _open(tag: str, attributes: str, start: int) -> tuple[str, int, str | None]:
    if tag not in _TAGS:
        raise HtmlError(f'unsupported start tag "{tag}"')
    href = _HREF.search(attributes)
    return tag, start, html.unescape(href[1]) if href else None


def _close(tag: str, open_tags: list[tuple[str, int, str | None]], end: int) -> Span:
    if not open_tags or open_tags[-1][0] != tag:
        raise HtmlError(f'unmatched end tag "{tag}"')
    _, start, link = open_tags.pop()
    return Span(_TAGS[tag], start, end, link)
