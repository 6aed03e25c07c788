"""What staff say to many, as each of them gets it: the text, the offerings in short rows, and why."""

from collections.abc import Collection, Sequence

from telegram.constants import MessageLimit

from bot.buttons import Action, Kind
from bot.replies import dates
from bot.replies.card import upcoming
from bot.replies.markup import (
    ENTITY_LIMIT,
    TEXT_LIMIT,
    Html,
    bold,
    escape,
    italic,
    join,
    one_line,
    say,
    shown_units,
)
from bot.replies.reply import Button, Reply, Rows, Voice
from catalog.cards import Card
from catalog.values import Status
from reminders.notices import Announcement

CAPTION_LIMIT = int(MessageLimit.CAPTION_LENGTH)
_TITLE_UNITS = 60
_VENUE_UNITS = 40
_OFF = (Status.CANCELLED, Status.POSTPONED)


def announcement(notice: Announcement, voice: Voice) -> Reply:
    """The message. Nothing of it is cut: see `excess`."""
    cards = notice.cards
    offerings = [_row(number, card, len(cards), voice) for number, card in enumerate(cards, 1)]
    sample = italic(voice.texts("answer.sample")) if any(card.is_sample for card in cards) else Html("")
    why = say(voice.texts, "broadcast.message.why")
    parts = [Html(notice.text), join(offerings, "\n"), join([sample, why], "\n")]
    rows = message_rows(notice.broadcast_id, cards, (), voice)
    return Reply(join(parts, "\n\n"), rows, photo=notice.picture)


def excess(reply: Reply) -> int:
    """How many units an announcement is too long for Telegram, and how many entities; 0 when it fits."""
    limit = CAPTION_LIMIT if reply.photo else TEXT_LIMIT
    return max(0, shown_units(reply.text) - limit, reply.text.count("</") - ENTITY_LIMIT)


def message_rows(broadcast_id: int, cards: Sequence[Card], followed: Collection[int], voice: Voice) -> Rows:
    """Its buttons. followed: the ids of the offerings that this person follows."""
    rows = [
        _offering(broadcast_id, number if len(cards) > 1 else 0, card, card.id in followed, voice)
        for number, card in enumerate(cards, 1)
    ]
    mute = Button(voice.texts("broadcast.message.mute"), Action(Kind.NEWS, f"{broadcast_id}:mute"))
    return (*rows, (mute,))


def _offering(
    broadcast_id: int, number: int, card: Card, is_followed: bool, voice: Voice
) -> tuple[Button, ...]:
    def label(key: str) -> str:
        return voice.texts(f"broadcast.message.{key}", number=number or "").strip()

    show = Button(label("show"), Action(Kind.OPEN, card.public_id))
    if _is_off(card):
        return (show,)
    if is_followed:
        return (Button(label("followed"), Action(Kind.OPEN, card.public_id)),)
    return Button(label("follow"), Action(Kind.NEWS, f"{broadcast_id}:f:{card.public_id}")), show


def _row(number: int, card: Card, total: int, voice: Voice) -> Html:
    title = bold(one_line(card.title(voice.language), _TITLE_UNITS))
    first = next(iter(upcoming(card, voice)), None)
    facts = []
    if _is_off(card):
        facts.append(voice.texts("date_status.cancelled"))
    elif first is not None:
        venue = one_line(first.venue.name, _VENUE_UNITS) if first.venue else ""
        facts += [dates.briefly(first, voice), venue]
    head = join([escape(f"{number}."), title], " ") if total > 1 else title
    return join([head, escape(" · ".join(fact for fact in facts if fact))], "\n   " if total > 1 else "\n")


def _is_off(card: Card) -> bool:
    return card.withdrawn or card.status in _OFF
