""" "Noget forkert?" in words: what can be wrong, what staff hear of it, and what they answer."""

from collections.abc import Iterable

from bot.buttons import Action, Kind
from bot.replies import card as cards
from bot.replies.markup import Html, bold, lines, one_line, say
from bot.replies.reply import Button, Reply, Rows, Voice
from catalog.cards import Card
from catalog.changes import is_staff
from reminders.fact_reports import ANSWERED, REPORTED, FactNote
from reminders.notices import Note

_TITLE_UNITS = 200
_MOST_DATES = 3
_IN_ROWS = (("time", "place", "price"), ("cancelled", "age"))


def choices(card: Card, voice: Voice) -> Rows:
    """What can be wrong, and the way back to the card's own buttons."""

    def button(what: str) -> Button:
        return Button(voice.texts(f"wrong.{what}"), Action(Kind.WRONG, f"{card.public_id}:{what}"))

    rows = [tuple(button(fact) for fact in row) for row in _IN_ROWS]
    back = Button(voice.texts("button.back"), Action(Kind.WRONG, f"{card.public_id}:back"))
    return (*rows, (back,))


def reported(found: FactNote, voice: Voice) -> Reply:
    """Staff hear that people say so, what stands there now, and how to mend it or answer."""
    said = say(voice.texts, "wrong.reported", n=found.people, fact=_what(found, voice))
    is_ours = is_staff(found.card.source)
    ask = cards.ask_organiser(found.card, voice)
    how = say(voice.texts, "wrong.mend_here" if is_ours else "wrong.mend_there", ask=ask)
    text = [said, *_as_it_stands(found, voice), how, say(voice.texts, "wrong.how_to_answer")]
    answers = tuple(
        Button(voice.texts(f"wrong.button.{state}"), Action(Kind.MEND, f"{found.number}:{state}"))
        for state in ("right", "mended")
    )
    edit = Button(voice.texts("wrong.button.edit"), Action(Kind.DRAFT, f"of{found.card.id}"))
    return Reply(lines(text), (answers, (*((edit,) if is_ours else ()), *_open(found.card, voice))))


def decided(found: FactNote, voice: Voice) -> Reply:
    """The same note once it is answered."""
    done = say(voice.texts, f"wrong.decided.{found.state}", fact=_what(found, voice))
    return Reply(lines([done, *_as_it_stands(found, voice)]), (_open(found.card, voice),))


def answered(found: FactNote, voice: Voice) -> Reply:
    """Whoever said that it is wrong hears what became of it."""
    said = say(voice.texts, f"wrong.answer.{found.state}", fact=_what(found, voice))
    return Reply(lines([said, *_as_it_stands(found, voice)]), (_open(found.card, voice),))


def _reported(note: Note, voice: Voice) -> Reply:
    assert isinstance(note.facts, FactNote)  # noqa: S101  # its loader makes no other
    return reported(note.facts, voice)


def _answered(note: Note, voice: Voice) -> Reply:
    assert isinstance(note.facts, FactNote)  # noqa: S101  # the same
    return answered(note.facts, voice)


NOTES = {REPORTED: _reported, ANSWERED: _answered}
"""For `bot.replies.notices.NOTES`."""


def _what(found: FactNote, voice: Voice) -> str:
    return voice.texts(f"wrong.fact.{found.fact}")


def _as_it_stands(found: FactNote, voice: Voice) -> Iterable[Html]:
    card = found.card
    yield bold(one_line(card.title(voice.language), _TITLE_UNITS))
    match found.fact:
        case "place":
            yield cards.where_line(card, voice)
        case "price":
            yield cards.price_line(card, voice) or cards.unknown_line("price", card, voice)
        case "age":
            yield cards.age_line(card, voice) or cards.unknown_line("age", card, voice)
        case _:
            yield from cards.status_lines(card, voice)
            yield from cards.date_lines(card, voice, _MOST_DATES)


def _open(card: Card, voice: Voice) -> tuple[Button, ...]:
    return (Button(voice.texts("notice.button.open"), Action(Kind.OPEN, card.public_id)),)
