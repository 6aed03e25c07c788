"""What the bot says unasked: a notice's facts in words, with its buttons."""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from bot.buttons import Action, Kind
from bot.replies import broadcast_status, dates, figures, proposing, wrong
from bot.replies.announcement import announcement
from bot.replies.card import address, next_venue, upcoming
from bot.replies.changes import change_line, occurrence_line
from bot.replies.family import child_name
from bot.replies.markup import Html, bold, escape, italic, join, lines, one_line, say
from bot.replies.reply import Button, Reply, Rows, Voice
from bot.replies.searches import stored_phrase
from bot.texts import texts
from catalog.cards import Card, OccurrenceFacts
from catalog.values import Status
from reminders import broadcast_notes, weekly
from reminders.follows import FollowView
from reminders.notices import (
    Announcement,
    Change,
    Digest,
    DigestRow,
    Enrolment,
    ForgetSoon,
    Note,
    Notice,
    Reminder,
    Renewal,
    Survey,
)

NOTES: dict[str, Callable[[Note, Voice], Reply]] = {
    broadcast_notes.ASKED: broadcast_status.asked,
    broadcast_notes.DECIDED: broadcast_status.decided,
    **wrong.NOTES,
    **proposing.NOTES,
    weekly.NOTE: figures.weekly,
}
"""How each kind of note reads; the facts are `reminders.notes`'."""

_TITLE_UNITS = 120
_BUTTON_UNITS = 40
_NUMBERS_IN_A_ROW = 5
_PLACE_UNITS = 60
_LABELS = 3
_TOAST_UNITS = 200

SNOOZES = (10, 30, 60, 180)
"""Minutes for which a reminder may be put off, as long as it still comes before the start."""
TOMORROW = 0
"""Stands for tomorrow morning instead."""


def render(notice: Notice, zone: ZoneInfo) -> Reply:  # noqa: PLR0911  # one line a kind
    """The message for this notice, in its person's language, worded for the instant it is sent."""
    voice = Voice(texts(notice.to.language), notice.to.now, zone)
    match notice:
        case Reminder():
            return _reminder(notice, voice)
        case Change():
            return _cancellation(notice, voice) if notice.cancelled else _change(notice, voice)
        case Digest():
            return digest_page(notice, voice)
        case Enrolment():
            return _enrolment(notice, voice)
        case Survey():
            return _survey(notice, voice)
        case Renewal():
            return _renewal(notice, voice)
        case ForgetSoon():
            return Reply(say(voice.texts, "notice.forget_soon"))
        case Announcement():
            return announcement(notice, voice)
        case Note():
            return NOTES[notice.what](notice, voice)


def main_rows(kind: str, delivery_id: int, card: Card, voice: Voice) -> Rows:
    """The buttons that a reminder, a change or an enrolment notice begins with."""
    more = _step(delivery_id, "more", voice)
    if kind != "reminder":
        return ((_open(card, voice), more),)
    venue = next_venue(card, voice)
    spot = venue is not None and venue.latitude is not None and venue.longitude is not None
    show = Button(voice.texts("button.map"), Action(Kind.MAP, card.public_id)) if spot else _open(card, voice)
    return ((_step(delivery_id, "snooze", voice), show, more),)


def more_rows(delivery_id: int, card: Card, voice: Voice) -> Rows:
    """What stands behind "Mere"."""
    calendar = Button(voice.texts("button.calendar"), Action(Kind.CALENDAR, card.public_id))
    return (
        (calendar, _open(card, voice)) if upcoming(card, voice) else (_open(card, voice),),
        (_step(delivery_id, "stop", voice),),
        (_step(delivery_id, "why", voice),),
        (_step(delivery_id, "main", voice),),
    )


def stopped_rows(card: Card, voice: Voice) -> Rows:
    """What is left to tap when it is no longer followed."""
    return ((_open(card, voice),),)


def snooze_rows(delivery_id: int, minutes: Sequence[int], voice: Voice) -> Rows:
    """For how long a reminder can be put off, and the way back to its other buttons."""
    rows = snooze_buttons(Kind.NOTICE, delivery_id, minutes, voice)
    return (*rows, (_step(delivery_id, "main", voice),))


def snooze_buttons(kind: Kind, number: int, minutes: Sequence[int], voice: Voice) -> Rows:
    """Just for how long. kind, number: of the delivery, or of the followed thing whose reminder it was."""
    buttons = [Button(_duration(n, voice), Action(kind, f"{number}:wait{n}")) for n in minutes]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def _duration(minutes: int, voice: Voice) -> str:
    if minutes == TOMORROW:
        return voice.texts("notice.wait_tomorrow")
    hours, rest = divmod(minutes, 60)
    return voice.texts("notice.wait_minutes" if rest else "notice.wait_hours", n=minutes if rest else hours)


def _reminder(notice: Reminder, voice: Voice) -> Reply:
    card, occurrence = notice.card, notice.occurrence
    text = lines(
        [
            say(voice.texts, "notice.reminder", when=_when(notice, voice), title=_title(card, voice)),
            _where(occurrence, voice),
            say(voice.texts, "notice.more_in_series", n=notice.more, series=one_line(card.series or "", 80))
            if notice.more
            else None,
            _sample(card, voice),
        ]
    )
    return Reply(text, main_rows("reminder", notice.to.delivery_id, card, voice))


def _when(notice: Reminder, voice: Voice) -> str:
    if notice.last_day and notice.occurrence.end is not None:
        last = dates.last_day(notice.occurrence.end, voice)
        return _sentence(voice.texts("notice.last_day", day=dates.long_day(last, voice)))
    return _sentence(dates.briefly(notice.occurrence, voice))


def _where(occurrence: OccurrenceFacts, voice: Voice) -> Html:
    if occurrence.venue is None:
        return say(voice.texts, "card.where", words=voice.texts("place.unknown"))
    parts = (one_line(occurrence.venue.name, 120), one_line(address(occurrence.venue), 120))
    return say(voice.texts, "card.where", words=", ".join(part for part in parts if part))


def _change(notice: Change, voice: Voice) -> Reply:
    found = (change_line(changed, notice.card, voice) for changed in notice.changes)
    text = lines(
        [
            say(voice.texts, "notice.change", title=_title(notice.card, voice)),
            *dict.fromkeys(line for line in found if line is not None),
            _sample(notice.card, voice),
        ]
    )
    return Reply(text, main_rows("change", notice.to.delivery_id, notice.card, voice))


def _cancellation(notice: Change, voice: Voice) -> Reply:
    off = [c for c in notice.changes if c.fact == "status" and c.new == Status.CANCELLED]
    which = {c.occurrence.id: c.occurrence for c in off if c.occurrence}
    which = which or {o.id: o for o in upcoming(notice.card, voice)[:1]}
    also = (change_line(changed, notice.card, voice) for changed in notice.changes if changed not in off)
    text = lines(
        [
            say(voice.texts, "notice.cancelled", title=_title(notice.card, voice)),
            *[escape(_sentence(occurrence_line(o, voice))) for o in which.values()],
            *dict.fromkeys(line for line in also if line is not None),
            say(voice.texts, "notice.alternatives") if notice.alternatives else None,
            _sample(notice.card, voice),
        ]
    )
    like_it = [
        (_open(card, voice, one_line(card.title(voice.language), _BUTTON_UNITS)),)
        for card in notice.alternatives
    ]
    return Reply(text, (*like_it, (_open(notice.card, voice),)))


def digest_page(notice: Digest, voice: Voice, offset: int = 0) -> Reply:
    """The rows of a digest, `offset` of which have been shown before."""
    text = lines(
        [
            say(voice.texts, "notice.digest"),
            *[_digest_row(number, row, notice, voice) for number, row in enumerate(notice.rows, 1)],
            say(voice.texts, "notice.digest_more", n=notice.more) if notice.more else None,
            _sample(notice.rows[0].card, voice) if any(row.card.is_sample for row in notice.rows) else None,
        ]
    )
    numbers = [
        Button(str(number), Action(Kind.OPEN, row.card.public_id))
        for number, row in enumerate(notice.rows, 1)
    ]
    rows = [tuple(numbers[i : i + _NUMBERS_IN_A_ROW]) for i in range(0, len(numbers), _NUMBERS_IN_A_ROW)]
    last = [_step(notice.to.delivery_id, "mute", voice)]
    if notice.more:
        rest = Action(Kind.NOTICE, f"{notice.to.delivery_id}:rest{offset + len(notice.rows)}")
        last.insert(0, Button(voice.texts("button.more"), rest))
    return Reply(text, (*rows, tuple(last)))


def why(view: FollowView | None, voice: Voice) -> str:
    """In one sentence why somebody gets this: for which follow."""
    if view is None:
        return voice.texts("why.nothing")
    name = one_line(view.name(voice.language), _PLACE_UNITS)
    return one_line(voice.texts(f"why.{view.kind}", name=name), _TOAST_UNITS)


def _digest_row(number: int, row: DigestRow, notice: Digest, voice: Voice) -> Html:
    occurrence = next((o for o in row.card.occurrences if o.id == row.occurrence_id), None)
    found_by = dict.fromkeys(_label(kind, what, notice, voice) for kind, what in row.labels)
    labels = [label for label in found_by if label][:_LABELS]
    when = escape(occurrence_line(occurrence, voice)) if occurrence else Html("")
    found = italic(", ".join(labels)) if labels else Html("")
    title = bold(one_line(row.card.title(voice.language), _TITLE_UNITS))
    return say(voice.texts, "answer.row", number=number, title=title, facts=join([when, found], " · "))


def _label(kind: str, what: str, notice: Digest, voice: Voice) -> str:
    if kind == "child":
        child = notice.children.get(int(what))
        return child_name(*child, voice) if child else ""
    if kind == "search":
        stored = notice.searches.get(int(what))
        return one_line(stored_phrase(stored, voice), _PLACE_UNITS) if stored else ""
    return voice.texts(f"notice.new.{kind}", name=one_line(what, _PLACE_UNITS))


def _enrolment(notice: Enrolment, voice: Voice) -> Reply:
    card = notice.card
    instant = card.enrolment_closes if notice.what == "closes" else card.enrolment_opens
    when = dates.moment(instant, voice) if instant else ""
    first = upcoming(card, voice)[:1]
    text = lines(
        [
            say(voice.texts, f"notice.enrolment.{notice.what}", title=_title(card, voice), when=when),
            *[escape(_sentence(occurrence_line(occurrence, voice))) for occurrence in first],
            _sample(card, voice),
        ]
    )
    rows = main_rows("enrolment", notice.to.delivery_id, card, voice)
    if card.enrolment_url and card.enrolment_url.startswith(("http://", "https://")):
        rows = ((Button(voice.texts("notice.button.enrol"), url=card.enrolment_url),), *rows)
    return Reply(text, rows)


def _survey(notice: Survey, voice: Voice) -> Reply:
    yes, no, never = (
        Button(voice.texts(f"survey.{what}"), Action(Kind.SURVEY, f"{notice.to.delivery_id}:{what}"))
        for what in ("yes", "no", "never")
    )
    text = say(voice.texts, "survey.ask", title=_title(notice.card, voice))
    return Reply(text, ((yes, no), (never,)))


def _renewal(notice: Renewal, voice: Voice) -> Reply:
    keep, stop = (
        Button(voice.texts(f"renewal.{what}"), Action(Kind.SEARCH, f"{notice.search_id}:{what}"))
        for what in ("keep", "stop")
    )
    words = stored_phrase(notice.query, voice)
    return Reply(say(voice.texts, "renewal.ask", search=words), ((keep,), (stop,)))


def _step(delivery_id: int, what: str, voice: Voice) -> Button:
    return Button(voice.texts(f"notice.button.{what}"), Action(Kind.NOTICE, f"{delivery_id}:{what}"))


def _open(card: Card, voice: Voice, label: str | None = None) -> Button:
    return Button(label or voice.texts("notice.button.open"), Action(Kind.OPEN, card.public_id))


def _title(card: Card, voice: Voice) -> str:
    return one_line(card.title(voice.language), _TITLE_UNITS)


def _sample(card: Card, voice: Voice) -> Html | None:
    return italic(voice.texts("answer.sample")) if card.is_sample else None


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
