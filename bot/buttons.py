"""What an inline button says to us: a strict little language in at most 64 bytes.

`<version>:<kind>:<argument>`. Data comes back from outside and may be anything, so `decode` is total: any
text or bytes is an Action that this version could have written, or None.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from telegram.constants import InlineKeyboardButtonLimit

VERSION = "1"
PUBLIC_ID = r"[A-Za-z0-9_-]{1,16}"


class Kind(StrEnum):
    """What a tap asks for; the value stands in the data, so it never changes its meaning."""

    CARD = "o"
    PAGE = "p"
    WITHOUT = "x"
    BACK = "b"
    MAP = "m"
    CALENDAR = "c"
    QUESTION = "q"
    NEAR_ME = "n"
    OTHER_PLACE = "w"
    LANGUAGE = "l"
    ERASE = "e"
    OPEN = "k"
    FOLLOW = "f"
    FOLLOWING = "g"
    PART = "t"
    MINE = "i"
    FOLLOWED = "j"
    LEADS = "h"
    NOTIFY = "a"
    SEARCH = "s"
    FOR_CHILD = "u"
    FAMILY = "z"
    SETTINGS = "v"
    NOTICE = "r"
    SURVEY = "y"
    READING = "d"
    TALK = "D"
    PHOTO = "P"
    INVITE = "si"
    PUBLISH = "sp"
    FIGURES = "sf"
    DRAFT = "sd"
    PROPOSAL = "sa"
    BROADCAST = "sb"
    NEWS = "nw"
    POSTER = "sk"
    MEND = "sw"
    WRONG = "wr"


_ID = r"(?:1[0-9]{9}|[1-9][0-9]{0,8})"
_LEAD = r"d[0-9]{1,2}@[0-9]{2}:[0-9]{2}|m[1-9][0-9]{0,4}|none|own"
_CODE = r"[0-9]{4}"
_INSTITUTIONS = "daycare|after-school|school|club"
_KINDS = {kind.value: kind for kind in Kind}
_ARGUMENTS = {
    Kind.CARD: PUBLIC_ID,
    Kind.PAGE: r"0|[1-9][0-9]{0,4}",
    Kind.WITHOUT: r"[a-z]{1,12}",
    Kind.BACK: r"",
    Kind.MAP: PUBLIC_ID,
    Kind.CALENDAR: PUBLIC_ID,
    Kind.QUESTION: r"[a-z]{1,16}",
    Kind.NEAR_ME: r"",
    Kind.OTHER_PLACE: r"",
    Kind.LANGUAGE: r"[a-z]{2}",
    Kind.ERASE: r"yes|no",
    Kind.OPEN: PUBLIC_ID,
    Kind.FOLLOW: PUBLIC_ID,
    Kind.FOLLOWING: PUBLIC_ID,
    Kind.PART: rf"{PUBLIC_ID}:(?:all|dates|date{_ID}|series|organizer|venue|seats|none)",
    Kind.MINE: r"0|[1-9][0-9]{0,4}",
    Kind.FOLLOWED: rf"{_ID}(?::(?:stop|wait(?:0|{_ID})))?",
    Kind.LEADS: rf"(?:0|{_ID})(?::(?:{_LEAD}))?",
    Kind.NOTIFY: r"",
    Kind.SEARCH: rf"{_ID}(?::(?:run|stop|keep|child(?:0|{_ID})))?",
    Kind.FOR_CHILD: rf"0|{_ID}",
    Kind.FAMILY: rf"list|add|year[0-9]{{4}}|{_ID}(?::(?:gone|emoji[0-9]{{1,2}}))?",
    Kind.SETTINGS: r"[a-z]{1,10}(?::[a-z0-9]{1,6})?",
    Kind.NOTICE: rf"{_ID}:(?:main|more|snooze|why|stop|mute|(?:wait|rest)(?:0|{_ID}))",
    Kind.SURVEY: rf"{_ID}:(?:yes|no|never)",
    Kind.READING: r"[0-9]",
    Kind.TALK: r"",
    Kind.PHOTO: PUBLIC_ID,
    Kind.INVITE: rf"list(?:0|{_ID})|new:(?:admin|coordinator|ambassador)"
    rf"|of:{_CODE}(?:\.{_CODE}){{0,7}}(?::go)?|for:{_CODE}(?::(?:typed|{_INSTITUTIONS}|d-[a-z0-9-]{{1,40}}))?"
    rf"|{_ID}(?::(?:ask|gone))?|back:[A-Za-z0-9_-]{{1,48}}",
    Kind.DRAFT: rf"new|mine(?:0|{_ID})|undo{_ID}|go{_ID}|of{_ID}(?::[a-z]{{2,9}}(?:{_ID})?)?"
    rf"|{_ID}:[a-z]{{2,8}}(?::[a-z0-9-]{{1,16}})?",
    Kind.PROPOSAL: rf"list|{_ID}:(?:see|photo|(?:yes|ask|no|decline):[0-9a-f]{{10}})",
    Kind.PUBLISH: rf"(?:go|off|no|whole|part|sheet):[0-9a-f]{{12}}|undo:{_ID}|form",
    Kind.FIGURES: r"csv",
    Kind.BROADCAST: rf"new|list(?:0|{_ID})|{_ID}(?::[a-z]{{2,8}}(?::[a-z0-9.-]{{1,32}})?)?",
    Kind.NEWS: rf"yes|no|{_ID}:(?:mute|f:{PUBLIC_ID})",
    Kind.POSTER: rf"list(?:0|{_ID})|(?:of|a4|a5):{PUBLIC_ID}",
    Kind.MEND: rf"{_ID}:(?:right|mended)",
    Kind.WRONG: rf"{PUBLIC_ID}(?::(?:time|place|price|cancelled|age|back))?",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a button does. argument: a public id, an offset into a list, the name of a constraint, of a
    ready question or of a language, or "yes" and "no"; empty where the kind needs none. An id of ours may be
    followed by a colon and what to do with it; whoever taps may not own it, so every handler asks."""

    kind: Kind
    argument: str = ""

    def encode(self) -> str:
        """The callback data. Raises ValueError for what `decode` would not give back."""
        data = f"{VERSION}:{self.kind.value}:{self.argument}"
        if len(data.encode()) > InlineKeyboardButtonLimit.MAX_CALLBACK_DATA or decode(data) != self:
            raise ValueError("not a button's argument")
        return data


def decode(data: str | bytes | None) -> Action | None:
    """The Action in this callback data, None when it is not ours or not of this version."""
    if isinstance(data, bytes):
        data = data.decode("utf-8", errors="replace")
    version, _, rest = (data or "").partition(":")
    letter, colon, argument = rest.partition(":")
    kind = _KINDS.get(letter)
    if version != VERSION or not colon or kind is None:
        return None
    return Action(kind, argument) if re.fullmatch(_ARGUMENTS[kind], argument) else None
