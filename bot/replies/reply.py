"""What a reply is: text and buttons, ready for Telegram but free of it; and the voice it speaks in."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.buttons import Action
from bot.replies.markup import Html
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class Button:
    """An inline button: exactly one of an action for us and an address to open."""

    label: str
    action: Action | None = None
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True)
class Reply:
    """One message. picture: the address of an image shown above the text. photo: a file id of Telegram's;
    the text is then its caption, which may be 1,024 units long."""

    text: Html
    rows: Rows = ()
    picture: str | None = None
    photo: str | None = None


@dataclass(frozen=True, slots=True)
class Voice:
    """In which language, at what instant, and in which zone a reply speaks."""

    texts: Texts
    now: datetime
    zone: ZoneInfo

    @property
    def language(self) -> str:
        return self.texts.language
