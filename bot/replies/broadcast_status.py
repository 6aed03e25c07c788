"""What becomes of a broadcast: the count before it is sent, its progress, its report, and the notes about
it."""

from dataclasses import fields

from bot.replies.audience import audience_words, count_lines, number_words
from bot.replies.broadcasting import (
    Draft,
    back,
    draft_page,
    head,
    moment_words,
    problem_lines,
    step,
)
from bot.replies.markup import TEXT_LIMIT, Html, lines, one_line, say, shown_units
from bot.replies.reply import Button, Reply, Rows, Voice
from bot.texts import LANGUAGES
from reminders.audience import Count
from reminders.broadcast_notes import BroadcastNote
from reminders.broadcast_progress import CANARY, Report
from reminders.broadcasts import FEWEST, SECOND_PERSON_FROM
from reminders.model import Broadcast
from reminders.notices import Note

HASHED = 12
"""So much of what an approval is bound to stands in a button."""
_REFUSAL_UNITS = 200
_ALWAYS = ("announced", "sent")
_BUTTONS = {
    "waiting": ("back",),
    "held": ("back",),
    "ready": ("back",),
    "running": ("pause", "stop"),
    "paused": ("on", "stop", "withdraw"),
    "done": ("withdraw", "fix"),
    "stopped": ("withdraw", "fix"),
    "expired": ("withdraw", "fix"),
    "withdrawn": ("fix",),
}
_AFTER_SOMEBODY = ("withdraw", "fix")
"""What makes sense only once somebody may have got it."""
_COLLEAGUES_BUTTONS = {"waiting": ("look",), "held": (), "ready": ("stop",)}


def count_page(draft: Draft, counted: Count, hashed: str, voice: Voice) -> Reply:
    """How many it reaches, and the button that sends it, bound to what was shown."""
    first = say(voice.texts, "broadcast.tried")
    if counted.reached < FEWEST:
        return Reply(lines([first, count_lines(counted, voice)]), ((back(draft.id, voice),),))
    needs_second = counted.reached >= SECOND_PERSON_FROM
    words = audience_words(draft.audience, draft.organizers, voice)
    text = lines(
        [
            first,
            Html(""),
            count_lines(counted, voice),
            say(voice.texts, "broadcast.line.audience", value=words),
            say(voice.texts, "broadcast.line.send_at", value=moment_words(draft.broadcast, voice)),
            Html(""),
            say(voice.texts, "broadcast.count.second" if needs_second else "broadcast.count.held"),
        ]
    )
    name = "ask" if needs_second else "go"
    go = Button(voice.texts(f"broadcast.button.{name}"), step("go", draft.id, voice, hashed[:HASHED]).action)
    return Reply(text, ((go,), (Button(voice.texts("broadcast.button.edit"), back(draft.id, voice).action),)))


def problems_page(draft: Draft, voice: Voice) -> Reply:
    """Why it cannot be counted and sent yet."""
    return Reply(lines(problem_lines(draft, voice)), ((back(draft.id, voice),),))


def refused_page(draft: Draft, words: str, voice: Voice) -> Reply:
    """Telegram said no to the message."""
    text = say(voice.texts, "broadcast.refused_by_telegram", words=one_line(words, _REFUSAL_UNITS))
    return Reply(text, ((back(draft.id, voice),),))


def tried_page(draft: Draft, voice: Voice) -> Reply:
    """The draft again, below the message as it will be."""
    return draft_page(draft, voice, note="broadcast.tried")


def progress_page(
    broadcast: Broadcast, report: Report, left_out: int, voice: Voice, *, is_author: bool = True
) -> Reply:
    """How far it is, and what can be done now. left_out: how many were, when it was handed in."""
    words = moment_words(broadcast, voice)
    numbers = _numbers(broadcast, report, voice)
    if numbers and left_out:
        numbers.append(say(voice.texts, "broadcast.report.left_out", number=number_words(left_out, voice)))
    text = lines([head(broadcast, voice), _status(broadcast, words, voice), *numbers])
    return Reply(text, _buttons(broadcast, report, voice, is_author=is_author))


def short(key: str, number: int, voice: Voice) -> Reply:
    """One sentence about this broadcast."""
    return Reply(say(voice.texts, key, id=number))


def seen_page(draft: Draft, hashed: str, voice: Voice) -> Reply:
    """What a second person decides about, below the message as it will be."""
    text = lines([say(voice.texts, "broadcast.tried"), *_reach(draft, voice)])
    return Reply(text, (_decide(draft.id, hashed, voice),))


def asked(note: Note, voice: Voice) -> Reply:
    """Asks a second person, with the text as it will be where there is room for it."""
    found = _of(note)
    draft = Draft(found.broadcast, (), found.organizers)
    look = step("look", draft.id, voice)
    first = [say(voice.texts, "broadcast.note.asked", id=draft.id), *_reach(draft, voice)]
    written = [
        part for code in LANGUAGES if code in draft.broadcast.texts for part in _written(draft, code, voice)
    ]
    # Only what is shown to the last letter may be approved at once; the rest must be looked at first.
    is_whole = not draft.broadcast.picture and not draft.broadcast.offerings
    if is_whole and sum(shown_units(part) + 1 for part in (*first, *written)) <= TEXT_LIMIT:
        return Reply(lines([*first, *written]), ((look,), _decide(draft.id, found.hashed, voice)))
    return Reply(lines([*first, say(voice.texts, "broadcast.note.too_long")]), ((look,),))


def decided(note: Note, voice: Voice) -> Reply:
    """Tells the author what a colleague decided."""
    broadcast = _of(note).broadcast
    number = broadcast.id or 0
    if broadcast.approved_by is None:
        return Reply(say(voice.texts, "broadcast.note.declined", id=number), ((_open(number, voice),),))
    return Reply(say(voice.texts, "broadcast.note.approved", id=number, when=moment_words(broadcast, voice)))


def _of(note: Note) -> BroadcastNote:
    assert isinstance(note.facts, BroadcastNote)  # noqa: S101  # reminders.broadcast_notes
    return note.facts


def _reach(draft: Draft, voice: Voice) -> list[Html]:
    words = audience_words(draft.audience, draft.organizers, voice)
    number = draft.broadcast.announced
    return [
        say(voice.texts, "broadcast.note.reach", audience=words, n=number),
        say(voice.texts, "broadcast.line.send_at", value=moment_words(draft.broadcast, voice)),
    ]


def _written(draft: Draft, language: str, voice: Voice) -> list[Html]:
    name = voice.texts(f"broadcast.language.{language}")
    return [
        Html(""),
        say(voice.texts, "broadcast.note.text", language=name.capitalize()),
        Html(draft.broadcast.texts[language]),
    ]


def _decide(number: int, hashed: str, voice: Voice) -> tuple[Button, Button]:
    return step("yes", number, voice, hashed[:HASHED]), step("no", number, voice, hashed[:HASHED])


def _status(broadcast: Broadcast, when: str, voice: Voice) -> Html | None:
    state = broadcast.state
    if state == "paused":
        known = voice.texts.has(f"broadcast.paused.{broadcast.paused_for}")
        name = broadcast.paused_for if known else "hand"
        return say(voice.texts, f"broadcast.paused.{name}", n=CANARY)
    if state == "running":
        is_starting = broadcast.frozen_at is None
        return say(voice.texts, "broadcast.status.starting") if is_starting else None
    return say(voice.texts, f"broadcast.status.{state}", when=when)


def _numbers(broadcast: Broadcast, report: Report, voice: Voice) -> list[Html]:
    """Everything that there is of; all and sent always."""
    if broadcast.state == "draft":
        return []
    begun = broadcast.frozen_at is not None
    names = [field.name for field in fields(report)] if begun else ["announced"]
    values = {name: getattr(report, name) for name in names}
    return [
        say(voice.texts, f"broadcast.report.{name}", n=number)
        for name, number in values.items()
        if number or name in _ALWAYS
    ]


def _buttons(broadcast: Broadcast, report: Report, voice: Voice, *, is_author: bool) -> Rows:
    number = broadcast.id or 0
    if broadcast.state == "draft":
        return ((_open(number, voice),),)
    names = _BUTTONS if is_author else _BUTTONS | _COLLEAGUES_BUTTONS
    has_reached = report.sent or report.in_doubt or report.in_flight or report.withdrawn
    fitting = [name for name in names[broadcast.state] if has_reached or name not in _AFTER_SOMEBODY]
    return tuple((step(name, number, voice),) for name in fitting)


def _open(number: int, voice: Voice) -> Button:
    return Button(voice.texts("broadcast.button.open"), back(number, voice).action)
