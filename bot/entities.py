"""What staff wrote in Telegram, as HTML that may go out to many: bold and links are kept, nothing else."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from urllib.parse import urlsplit

from telegram import MessageEntity

from bot.replies.markup import Html, bold, escape, join, link_to

_BOLD, _LINK = MessageEntity.BOLD, MessageEntity.TEXT_LINK
_SCHEMES = ("http", "https", "tg")
_BY_ITSELF = frozenset(
    {
        MessageEntity.URL,
        MessageEntity.EMAIL,
        MessageEntity.MENTION,
        MessageEntity.HASHTAG,
        MessageEntity.CASHTAG,
        MessageEntity.PHONE_NUMBER,
        MessageEntity.BOT_COMMAND,
    }
)
"""What Telegram finds in plain text by itself, again in what we send."""


@dataclass(frozen=True, slots=True)
class Written:
    """html: with bold and links only. dropped: whether there was anything else, which is gone."""

    html: Html
    dropped: bool


def from_entities(text: str, entities: Iterable[MessageEntity]) -> Written:
    """`text` with its entities, whose offsets count UTF-16 units, as HTML. A link that leads anywhere but
    into the web or Telegram is dropped, its words are kept."""
    spans = [_Span(text, entity) for entity in entities if entity.type not in _BY_ITSELF]
    kept = [span for span in spans if span.is_bold or span.url]
    cuts = sorted({0, len(text), *(at for span in kept for at in (span.start, span.end))})
    pieces = [_Piece(text[a:b], *_style(kept, a)) for a, b in pairwise(cuts)]
    html = join((_linked(url, list(some)) for url, some in groupby(pieces, lambda p: p.url)), "")
    return Written(Html(html.strip()), dropped=len(kept) < len(spans))


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    is_bold: bool
    url: str | None


class _Span:
    """An entity in characters of a text."""

    def __init__(self, text: str, entity: MessageEntity) -> None:
        self.start = _characters(text, entity.offset)
        self.end = _characters(text, entity.offset + entity.length)
        self.is_bold = entity.type == _BOLD
        self.url = entity.url if entity.type == _LINK and _leads_out(entity.url or "") else None


def _style(spans: Sequence[_Span], at: int) -> tuple[bool, str | None]:
    here = [span for span in spans if span.start <= at < span.end]
    return any(span.is_bold for span in here), next((span.url for span in here if span.url), None)


def _linked(url: str | None, pieces: Sequence[_Piece]) -> Html:
    inside = join(((bold if piece.is_bold else escape)(piece.text) for piece in pieces), "")
    return link_to(inside, url) if url else inside


def _characters(text: str, units: int) -> int:
    return len(text.encode("utf-16-le")[: max(units, 0) * 2].decode("utf-16-le", errors="ignore"))


def _leads_out(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in _SCHEMES and bool(parts.netloc)
