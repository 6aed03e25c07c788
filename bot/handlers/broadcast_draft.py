"""Writing a broadcast: its text, picture and offerings, and when it goes out. Blocking."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlmodel import Session

from bot.buttons import PUBLIC_ID, Action
from bot.entities import from_entities
from bot.handlers import broadcast_audience
from bot.handlers.answering import Outcome
from bot.handlers.broadcast_screen import (
    NotTheirsError,
    Screen,
    await_words,
    change,
    load,
    mine,
    number_in,
    read_draft,
)
from bot.handlers.staffing import typed_by_staff
from bot.handlers.visit import Visit
from bot.replies import broadcasting as pages
from bot.replies.broadcasting import Draft
from bot.texts import LANGUAGES
from catalog import local, staff
from catalog.cards import Card
from catalog.staff import Right, source_of
from reminders import broadcasts
from reminders.refusals import RefusedError

_SUGGESTED = 5
_MORNING = dt.time(9)
_DAY = dt.timedelta(days=1)
_LINK = re.compile(rf"(?:start=)?[of]_({PUBLIC_ID})|({PUBLIC_ID})")


def open_draft(visit: Visit, number: int, note: str | None = None) -> Screen:
    """The draft at a glance."""
    draft = visit.house.database.read(lambda s: load(s, visit, mine(s, visit, number)))
    return Screen(pages.draft_page(draft, visit.voice, note=note))


def new(visit: Visit) -> Screen:
    """A new draft, which begins with its text."""
    made = visit.house.database.write(lambda session: _made(session, visit))
    return _ask_text(visit, made, visit.language)


@typed_by_staff(Right.BROADCAST)
def take(visit: Visit, screen: Action, text: str, _bot_username: str) -> Outcome | None:
    """What was written or sent to an open screen of a draft."""
    number, _, name = screen.argument.partition(":")
    taker = _TAKERS.get(name)
    if taker is None:
        return None
    try:
        return Outcome(taker(visit, int(number), text).reply)
    except (NotTheirsError, RefusedError):
        return None


def _made(session: Session, visit: Visit) -> int:
    me = staff.by_id(session, visit.acting.id)
    if me is None or not staff.may(me, Right.BROADCAST):
        raise NotTheirsError
    made = broadcasts.draft(session, me, visit.now)
    session.flush()
    return made.id or 0


# The text and the picture


def _ask_text(visit: Visit, number: int, language: str, note: str | None = None) -> Screen:
    is_written = language in read_draft(visit, number).broadcast.texts
    await_words(visit, number, language)
    return Screen(pages.text_page(language, number, is_written, visit.voice, note=note))


def _text_screen(language: str) -> Callable[[Visit, int, str], Screen]:
    return lambda visit, number, _value: _ask_text(visit, number, language)


def _take_text(language: str) -> Callable[[Visit, int, str], Screen]:
    def taker(visit: Visit, number: int, text: str) -> Screen:
        before, said = read_draft(visit, number).broadcast, visit.said
        entities = (said.entities or said.caption_entities) if said else ()
        written = from_entities(text, entities)
        picture = visit.photo
        if not written.html:
            if picture:
                change(visit, number, picture=picture)
            return _ask_text(visit, number, language, "broadcast.typed.no_words")
        facts: dict[str, object] = {"texts": {**before.texts, language: written.html}}
        if picture:
            facts["picture"] = picture
        draft = change(visit, number, **facts)
        return Screen(
            pages.draft_page(draft, visit.voice, note="broadcast.dropped" if written.dropped else None)
        )

    return taker


def _clear(visit: Visit, number: int, language: str) -> Screen:
    kept = {
        code: text for code, text in read_draft(visit, number).broadcast.texts.items() if code != language
    }
    change(visit, number, texts=kept)
    return open_draft(visit, number)


def _ask_picture(visit: Visit, number: int, _value: str) -> Screen:
    extra = ("nopic",) if read_draft(visit, number).broadcast.picture else ()
    await_words(visit, number, "pic")
    return Screen(pages.ask_page("picture", number, extra, visit.voice))


def _take_picture(visit: Visit, number: int, _text: str) -> Screen:
    picture = visit.photo
    if picture is None:
        await_words(visit, number, "pic")
        return Screen(pages.ask_page("picture", number, (), visit.voice, note="broadcast.typed.no_picture"))
    return Screen(pages.draft_page(change(visit, number, picture=picture), visit.voice))


def _no_picture(visit: Visit, number: int, _value: str) -> Screen:
    return Screen(pages.draft_page(change(visit, number, picture=None), visit.voice))


# What it is about


def _offerings(visit: Visit, number: int, _value: str = "") -> Screen:
    return _offerings_page(visit, read_draft(visit, number), _own(visit))


def _offerings_page(visit: Visit, draft: Draft, found: Sequence[Card], note: str | None = None) -> Screen:
    await_words(visit, draft.id, "off")
    return Screen(pages.offerings_page(draft, found, visit.voice, note=note))


def _take_offering(visit: Visit, number: int, text: str) -> Screen:
    found, note = _found(visit, text)
    return _offerings_page(visit, read_draft(visit, number), found or _own(visit), note)


def _add_offering(visit: Visit, number: int, value: str) -> Screen:
    draft, wanted = read_draft(visit, number), number_in(value)
    if wanted not in visit.house.catalogue.cards([wanted]):
        raise RefusedError("nothing-to-do")
    if len(draft.cards) >= broadcasts.MOST_OFFERINGS:
        raise RefusedError("too-many-offerings")
    kept = [card.id for card in draft.cards if card.id != wanted]
    return _offerings_page(visit, change(visit, number, offerings=[*kept, wanted]), _own(visit))


def _drop_offering(visit: Visit, number: int, value: str) -> Screen:
    draft = read_draft(visit, number)
    kept = [card.id for card in draft.cards if card.id != number_in(value)]
    facts: dict[str, object] = {"offerings": kept}
    if not kept:
        facts["audience"] = replace(draft.audience, matching=False)
    return _offerings_page(visit, change(visit, number, **facts), _own(visit))


def _own(visit: Visit) -> list[Card]:
    """What they and their colleagues have published, the soonest first."""
    source = source_of(visit.acting)
    ids = visit.house.database.read(lambda s: local.coming_of(s, source, visit.now, _SUGGESTED))
    cards = visit.house.catalogue.cards(ids)
    return [cards[id_] for id_ in ids if id_ in cards]


def _found(visit: Visit, text: str) -> tuple[list[Card], str | None]:
    """What a link leads to or a question finds, and what is to be said about it."""
    catalogue = visit.house.catalogue
    last = re.split(r"[/?&\s]", text.strip())[-1]
    if (link := _LINK.fullmatch(last)) and (card := catalogue.card(link[1] or link[2])):
        return [card], None
    query = catalogue.understand(text, visit.now, language=visit.language).query
    page = catalogue.search(query, visit.now, limit=_SUGGESTED)
    ids = [hit.offering_id for hit in page.hits]
    cards = catalogue.cards(ids)
    note = "broadcast.typed.not_found" if not ids else "broadcast.typed.alike" if page.relaxed else None
    return [cards[id_] for id_ in ids if id_ in cards], note


# When


def _when(visit: Visit, number: int, _value: str) -> Screen:
    read_draft(visit, number)
    await_words(visit, number, "when")
    return Screen(pages.ask_page("send_at", number, ("now",), visit.voice))


def _until(visit: Visit, number: int, _value: str) -> Screen:
    read_draft(visit, number)
    await_words(visit, number, "until")
    return Screen(pages.ask_page("not_after", number, ("anytime",), visit.voice))


def _now(visit: Visit, number: int, _value: str) -> Screen:
    return Screen(pages.draft_page(change(visit, number, send_at=None), visit.voice))


def _anytime(visit: Visit, number: int, _value: str) -> Screen:
    return Screen(pages.draft_page(change(visit, number, not_after=None), visit.voice))


def _take_when(visit: Visit, number: int, text: str) -> Screen:
    return _take_moment(visit, number, "when", text)


def _take_until(visit: Visit, number: int, text: str) -> Screen:
    return _take_moment(visit, number, "until", text)


def _take_moment(visit: Visit, number: int, name: str, text: str) -> Screen:
    fact, extra = ("send_at", "now") if name == "when" else ("not_after", "anytime")
    moment, is_guess = moment_of(visit, text, ends=name == "until")
    if moment is None or moment <= visit.now:
        await_words(visit, number, name)
        key = "broadcast.typed.past" if moment else "broadcast.typed.no_time"
        return Screen(pages.ask_page(fact, number, (extra,), visit.voice, note=key))
    draft = change(visit, number, **{fact: moment})
    return Screen(pages.draft_page(draft, visit.voice, note="broadcast.guess_nine" if is_guess else None))


def moment_of(visit: Visit, text: str, *, ends: bool) -> tuple[dt.datetime | None, bool]:
    """The instant that the text names, and whether its time of day is a guess. A day alone is nine in the
    morning, or its end when something `ends`; a time alone is the next such time."""
    query = visit.house.catalogue.understand(text, visit.now, language=visit.language).query
    window = query.windows[0] if query.windows else None
    today = visit.now.astimezone(visit.zone).date()
    if window is None:
        if query.from_time is None:
            return None, False
        at = _at(today, query.from_time, visit)
        return (at if at > visit.now else _at(today + _DAY, query.from_time, visit)), False
    since = window.since or (window.until - _DAY if window.until else visit.now)
    is_day = window.since is None or window.until is None or window.until - since > _DAY / 2
    if not is_day:
        return since, False
    day = since.astimezone(visit.zone).date()
    if query.from_time is not None:
        return _at(day, query.from_time, visit), False
    return (_at(day + _DAY, dt.time.min, visit), False) if ends else (_at(day, _MORNING, visit), True)


def _at(day: dt.date, time: dt.time, visit: Visit) -> dt.datetime:
    return dt.datetime.combine(day, time.replace(tzinfo=None), visit.zone)


# Away with it


def _ask_drop(visit: Visit, number: int, _value: str) -> Screen:
    read_draft(visit, number)
    return Screen(pages.confirm_page("drop", "scrap", number, visit.voice))


STEPS: dict[str, Callable[[Visit, int, str], Screen]] = {
    **{code: _text_screen(code) for code in LANGUAGES},
    "clear": _clear,
    "pic": _ask_picture,
    "nopic": _no_picture,
    "off": _offerings,
    "add": _add_offering,
    "del": _drop_offering,
    **broadcast_audience.STEPS,
    "when": _when,
    "now": _now,
    "until": _until,
    "anytime": _anytime,
    "drop": _ask_drop,
}
"""What a button does with a draft, by its verb."""

_TAKERS: dict[str, Callable[[Visit, int, str], Screen]] = {
    **{code: _take_text(code) for code in LANGUAGES},
    "pic": _take_picture,
    "off": _take_offering,
    **broadcast_audience.TAKERS,
    "when": _take_when,
    "until": _take_until,
}
"""What becomes of what is written or sent to its screens."""
