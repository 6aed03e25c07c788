"""The turns of a conversation: what "kun gratis" refines, what "Flere" goes on with, where somebody stands.

In memory only and for half an hour; nothing here is ever written down. A position lives here and nowhere
else. Both the number of chats and what is kept of each are bounded: the oldest goes first.
"""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.buttons import Action
from bot.replies.understood import Asked
from catalog.query import Query

LIFETIME = timedelta(minutes=30)
MOST_CHATS = 20_000
MOST_LISTS = 20
MOST_PENDING = 5

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list shows: which question, in which language, from which row on, the public ids of its rows in
    order, and how many there are in all. A card keeps the Shown of the list that it came from. readings: the
    question was asked back which of these it is; then there are no rows, and `asked` is the first."""

    asked: Asked
    language: str
    offset: int = 0
    rows: tuple[str, ...] = ()
    total: int = 0
    readings: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """Something that a staffer was shown at this instant and may publish: what a file of Telegram's holds, or
    that all at a place is called off. fingerprint: of what was shown. is_whole: the file is said to be all
    there is. is_published: it was, and only what was left out of it is still of use."""

    fingerprint: str
    at: datetime
    file_id: str = ""
    name: str = ""
    query: Query | None = None
    is_whole: bool = False
    is_published: bool = False

    @property
    def key(self) -> str:
        """What a button calls it."""
        return self.fingerprint[:12]


@dataclass(slots=True)
class Conversation:
    """What is known of one chat just now. waiting: a question that lacks only a place, with the language it
    was put in. position: degrees of latitude and longitude. album: the last album that was answered. typing:
    the screen that was just opened and also takes an answer in writing. card: the public id of the offering
    that was shown last, until a list is. pending: what a staffer may publish, by its key."""

    last: Shown | None = None
    waiting: Shown | None = None
    position: Position | None = None
    album: str | None = None
    typing: Action | None = None
    card: str | None = None
    touched: datetime | None = None
    lists: OrderedDict[int, Shown] = field(default_factory=OrderedDict)
    pending: OrderedDict[str, Pending] = field(default_factory=OrderedDict)

    def hold(self, pending: Pending) -> Pending:
        """This may be published now; of what may be, the oldest goes first."""
        self.pending[pending.key] = pending
        self.pending.move_to_end(pending.key)
        while len(self.pending) > MOST_PENDING:
            self.pending.popitem(last=False)
        return pending

    def remember(self, message_id: int, shown: Shown) -> None:
        """This message shows that, and the conversation goes on from there, unless there was nothing."""
        self.last = shown if shown.rows or shown.readings else None
        self.lists[message_id] = shown
        self.lists.move_to_end(message_id)
        while len(self.lists) > MOST_LISTS:
            self.lists.popitem(last=False)

    def list_of(self, message_id: int) -> Shown | None:
        """What this message shows or came from, None when that is forgotten."""
        return self.lists.get(message_id)


class Conversations:
    """All conversations. Use from one thread; a chat's updates come one at a time."""

    def __init__(self, most_chats: int = MOST_CHATS) -> None:
        self._most = most_chats
        self._by_chat: OrderedDict[int, Conversation] = OrderedDict()

    def of(self, chat_id: int, now: datetime) -> Conversation:
        """This chat's conversation, a new one when the last turn is more than half an hour ago."""
        known = self._by_chat.get(chat_id)
        if known is None or known.touched is None or now - known.touched > LIFETIME:
            known = self._by_chat[chat_id] = Conversation()
        known.touched = now
        self._by_chat.move_to_end(chat_id)
        self._drop_old(now)
        return known

    def forget(self, chat_id: int) -> None:
        """Forget everything about this chat."""
        self._by_chat.pop(chat_id, None)

    def __len__(self) -> int:
        return len(self._by_chat)

    def _drop_old(self, now: datetime) -> None:
        while self._by_chat:
            chat_id, oldest = next(iter(self._by_chat.items()))
            expired = oldest.touched is None or now - oldest.touched > LIFETIME
            if not expired and len(self._by_chat) <= self._most:
                return
            del self._by_chat[chat_id]
