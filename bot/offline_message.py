"""A message, as a chat of the offline Bot API shows it."""

import itertools
from dataclasses import dataclass, field
from typing import Any

from bot.telegram_html import Span


@dataclass(slots=True)
class Message:
    """A message as a chat shows it. text: without markup; html: as sent; buttons: rows of inline buttons;
    reply_keyboard: rows of keyboard buttons below the chat, None when this message says nothing of it. photo:
    the file id of a picture, whose caption the text is."""

    chat_id: int
    message_id: int
    from_bot: bool
    text: str = ""
    html: str = ""
    spans: tuple[Span, ...] = ()
    buttons: list[list[dict[str, Any]]] = field(default_factory=list)
    reply_keyboard: list[list[dict[str, Any]]] | None = None
    photo: str | None = None
    document: tuple[str, bytes] | None = None
    venue: dict[str, Any] | None = None
    preview: str | None = None
    edited: int = 0
    deleted: bool = False

    def button(self, label: str) -> dict[str, Any]:
        """The inline button whose label holds `label` as words; KeyError when there is none."""
        for candidate in itertools.chain.from_iterable(self.buttons):
            if candidate["text"] == label or f" {label} " in f" {candidate['text']} ":
                return candidate
        raise KeyError(label)
