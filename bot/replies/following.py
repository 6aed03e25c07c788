"""The small screens behind "Følger": what of an offering one follows."""

from collections.abc import Collection

from bot.buttons import Action, Kind
from bot.replies import dates
from bot.replies.card import next_venue, upcoming
from bot.replies.leads import leads_phrase
from bot.replies.markup import Html, bold, lines, one_line, say
from bot.replies.reply import Button, Reply, Rows, Voice
from catalog.cards import Card
from catalog.text import fold
from catalog.values import Status
from reminders.leads import Lead

MOST_DATES = 10
_NAME_UNITS = 34
_TITLE_UNITS = 120
_TOAST_UNITS = 200


def started(card: Card, leads: tuple[Lead, ...], voice: Voice, *, is_first: bool) -> str:
    """Said when somebody follows an offering: the first time, when reminders come; always, when it is too
    late for one."""
    ahead = [lead for lead in leads if _is_ahead(lead, card, voice)]
    if leads and not ahead:
        return voice.texts("following.started_late")
    if not is_first:
        return voice.texts("toast.followed")
    key = "following.started" if leads else "following.started_quiet"
    return one_line(voice.texts(key, leads=leads_phrase(tuple(ahead), voice)), _TOAST_UNITS)


def following_page(card: Card, parts: Collection[str], follow_id: int | None, voice: Voice) -> Reply:
    """What can be followed, ticked where it is. parts: names of what this person follows; follow_id: the
    follow whose lead times can be changed."""
    ahead = upcoming(card, voice)
    rows: list[tuple[Button, ...]] = []
    if ahead or not card.occurrences:
        key = "following.all_dates" if len(ahead) > 1 else "following.all"
        rows.append((_tick("all", voice.texts(key), card, parts),))
    if len(ahead) > 1:
        label = voice.texts("following.one_date")
        is_one = any(part.startswith("date") for part in parts)
        rows.append((_button("dates", f"✓ {label}" if is_one else label, card),))
    rows += [(button,) for button in _sources(card, parts, voice)]
    if _is_full(card):
        rows.append((_tick("seats", voice.texts("following.seats"), card, parts),))
    if follow_id is not None:
        rows.append((Button(voice.texts("following.leads"), Action(Kind.LEADS, str(follow_id))),))
    if parts:
        rows.append((_button("none", voice.texts("following.stop"), card),))
    rows.append((Button(voice.texts("button.back"), Action(Kind.CARD, card.public_id)),))
    return Reply(_head("following.ask", card, voice), tuple(rows))


def dates_page(card: Card, parts: Collection[str], voice: Voice) -> Reply:
    """Which of its dates to follow."""
    rows: Rows = tuple(
        (_tick(f"date{date.id}", dates.briefly(date, voice), card, parts),)
        for date in upcoming(card, voice)[:MOST_DATES]
    )
    back = Button(voice.texts("button.back"), Action(Kind.FOLLOWING, card.public_id))
    return Reply(_head("following.ask_date", card, voice), (*rows, (back,)))


def _is_ahead(lead: Lead, card: Card, voice: Voice) -> bool:
    """Whether a reminder with this lead is still to come. Of a run it comes before its end, and what has no
    dates yet may get some."""
    dates_ahead = upcoming(card, voice)
    if not dates_ahead:
        return not card.occurrences
    return any(date.is_run or lead.due(date.start, voice.zone) > voice.now for date in dates_ahead)


def _sources(card: Card, parts: Collection[str], voice: Voice) -> list[Button]:
    """The series, the organiser, and the venue when that is another name."""
    names = {
        "series": card.series if card.series_id else None,
        "organizer": card.organizer if card.organizer_id else None,
    }
    venue = next_venue(card, voice)
    if venue is not None and venue.id is not None and fold(venue.name) != fold(card.organizer or ""):
        names["venue"] = venue.name
    return [
        _tick(part, voice.texts(f"following.{part}", name=one_line(name, _NAME_UNITS)), card, parts)
        for part, name in names.items()
        if name
    ]


def _is_full(card: Card) -> bool:
    return card.status is Status.SOLD_OUT or card.remaining == 0


def _head(key: str, card: Card, voice: Voice) -> Html:
    title = one_line(card.title(voice.language), _TITLE_UNITS)
    return lines([bold(title), say(voice.texts, key)])


def _tick(part: str, label: str, card: Card, parts: Collection[str]) -> Button:
    return _button(part, f"✓ {label}" if part in parts else label, card)


def _button(part: str, label: str, card: Card) -> Button:
    return Button(label, Action(Kind.PART, f"{card.public_id}:{part}"))
