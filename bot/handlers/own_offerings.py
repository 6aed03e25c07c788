"""/mine_tilbud: what one has published, to be mended, moved, called off, sold out or copied. A change is a
draft first, shown with what followers will hear. Blocking and free of Telegram, but for the command."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from sqlmodel import Session
from telegram import Update

from bot.buttons import Action, Kind
from bot.handlers.answering import Outcome
from bot.handlers.drafts import NotTheirsError, Result, page, reading, writing
from bot.handlers.sending import send
from bot.handlers.staffing import for_staff
from bot.handlers.visit import Context, Visit
from bot.replies import own_offerings as pages
from catalog import own_offerings, proposals
from catalog.cards import Card, OccurrenceFacts, load_cards
from catalog.occurrences import is_over
from catalog.proposal_work import Work
from catalog.staff import Right
from catalog.text import words
from catalog.values import Status

_MOST_DRAFTS = 3


@for_staff(Right.PROPOSE)
async def show(update: Update, context: Context, visit: Visit) -> None:
    """The offerings that they may edit."""
    await send(update, context, visit, await asyncio.to_thread(_list, visit, 0))


def turn_to(visit: Visit, offset: str) -> Result:
    """The list from there on."""
    return Result(_list(visit, int(offset)))


def search(visit: Visit, text: str) -> Outcome | None:
    """Those of them whose titles have all these words; None when none has, which may be a question."""
    ids = reading(visit, lambda session: own_offerings.in_order(session, visit.acting, visit.now, text))
    if not ids or not words(text):
        return None
    visit.conversation.typing = Action(Kind.DRAFT, "mine0")
    return Outcome(pages.found_page(_cards(visit, ids[: pages.ROWS]), text, visit.voice))


def act(visit: Visit, argument: str) -> Result:
    """What is done with one of them."""
    number, _, verb = argument.partition(":")
    offering_id = int(number)
    reading(visit, lambda session: own_offerings.editable(session, visit.acting, offering_id))
    card = _card(visit, offering_id)
    name = verb.rstrip("0123456789")
    if verb != name:
        return Result(_about_a_date(visit, card, name, int(verb.removeprefix(name))))
    return Result(_ACTS.get(verb, _page)(visit, card))


def typed(visit: Visit, offering_id: int, text: str) -> Outcome | None:
    """How many places are left."""
    if not text.strip().isdecimal() or len(text.strip()) > 5:  # nowhere has so many
        visit.conversation.typing = Action(Kind.DRAFT, f"of{offering_id}:left")
        return Outcome(pages.offering_page(_card(visit, offering_id), visit.voice, note="own.bad_number"))
    left = int(text)
    status = {} if left else {"status": Status.SOLD_OUT}
    card = _card(visit, offering_id)
    if left and card.status is Status.SOLD_OUT:
        status = {"status": Status.SCHEDULED}
    return _edited(visit, offering_id, {"remaining": left, **status})


def _list(visit: Visit, offset: int) -> Outcome:
    def work(session: Session) -> tuple[list[int], list[Work], int]:
        ids = own_offerings.in_order(session, visit.acting, visit.now)
        drafts = own_offerings.in_progress(session, visit.acting)[:_MOST_DRAFTS]
        return ids, drafts, len(proposals.waiting(session, visit.acting))

    ids, drafts, waiting = reading(visit, work)
    visit.conversation.typing = Action(Kind.DRAFT, "mine0")
    offset = offset if offset < len(ids) else 0
    cards = _cards(visit, ids[offset : offset + pages.ROWS])
    return Outcome(pages.mine_page(cards, offset, len(ids), visit.voice, drafts=drafts, waiting=waiting))


def _cards(visit: Visit, ids: Sequence[int]) -> list[Card]:
    found = reading(visit, lambda session: load_cards(session, ids))
    return [found[id_] for id_ in ids if id_ in found]


def _ahead(card: Card, visit: Visit) -> list[OccurrenceFacts]:
    return [time for time in card.occurrences if not is_over(time.start, time.end, time.zone, visit.now)]


def _card(visit: Visit, offering_id: int) -> Card:
    card = reading(visit, lambda session: load_cards(session, [offering_id])).get(offering_id)
    if card is None:
        raise NotTheirsError
    return card


def _page(visit: Visit, card: Card) -> Outcome:
    return Outcome(pages.offering_page(card, visit.voice))


def _edit(visit: Visit, card: Card) -> Outcome:
    work = writing(visit, lambda session: own_offerings.edit(session, visit.acting, card.id, visit.now))
    return page(visit, work, "menu")


def _edited(visit: Visit, offering_id: int, draft: dict[str, Any]) -> Outcome:
    """It, with these facts: shown, not yet published."""

    def work(session: Session) -> Work:
        begun = own_offerings.edit(session, visit.acting, offering_id, visit.now)
        return proposals.alter(session, visit.acting, begun.id, visit.now, draft=draft)

    return page(visit, writing(visit, work), "done")


def _move(visit: Visit, card: Card) -> Outcome:
    ahead = _ahead(card, visit)
    if len(ahead) == 1:
        return _about_a_date(visit, card, "move", ahead[0].id)
    return Outcome(pages.dates_page(card, "move", visit.voice))


def _off(visit: Visit, card: Card) -> Outcome:
    if len(_ahead(card, visit)) == 1:
        return _off_all(visit, card)
    return Outcome(pages.dates_page(card, "off", visit.voice))


def _off_all(visit: Visit, card: Card) -> Outcome:
    return _edited(visit, card.id, {"status": Status.CANCELLED})


def _on(visit: Visit, card: Card) -> Outcome:
    return _edited(visit, card.id, {"status": Status.SCHEDULED})


def _sold(visit: Visit, card: Card) -> Outcome:
    remaining = {} if card.remaining is None else {"remaining": 0}
    return _edited(visit, card.id, {"status": Status.SOLD_OUT, **remaining})


def _free(visit: Visit, card: Card) -> Outcome:
    remaining = {"remaining": None} if card.remaining == 0 else {}
    return _edited(visit, card.id, {"status": Status.SCHEDULED, **remaining})


def _left(visit: Visit, card: Card) -> Outcome:
    visit.conversation.typing = Action(Kind.DRAFT, f"of{card.id}:left")
    return Outcome(pages.offering_page(card, visit.voice, note="own.how_many"))


def _copy(visit: Visit, card: Card) -> Outcome:
    return Outcome(pages.copy_page(card, visit.voice))


def _copied(visit: Visit, card: Card, *, keeps_place: bool) -> Outcome:
    work = writing(
        visit,
        lambda session: own_offerings.copy(
            session, visit.acting, card.id, visit.now, keeps_place=keeps_place
        ),
    )
    return page(visit, work, "when")


def _copy_date(visit: Visit, card: Card) -> Outcome:
    return _copied(visit, card, keeps_place=True)


def _copy_place(visit: Visit, card: Card) -> Outcome:
    return _copied(visit, card, keeps_place=False)


def _about_a_date(visit: Visit, card: Card, verb: str, occurrence_id: int) -> Outcome:
    time = next((time for time in _ahead(card, visit) if time.id == occurrence_id), None)
    if time is None or verb not in ("move", "off"):
        raise NotTheirsError

    def work(session: Session) -> Work:
        begun = own_offerings.edit(session, visit.acting, card.id, visit.now)
        key = next(t.key for t in begun.draft.occurrences if t.start == time.start)
        if verb == "move":
            return proposals.alter(session, visit.acting, begun.id, visit.now, moving=key)
        off = [
            t.model_copy(update={"status": Status.CANCELLED}) if t.key == key else t
            for t in begun.draft.occurrences
        ]
        told = {"occurrences": [t.model_dump(mode="json") for t in off]}
        return proposals.alter(session, visit.acting, begun.id, visit.now, draft=told)

    return page(visit, writing(visit, work), "when" if verb == "move" else "done")


_ACTS: dict[str, Callable[[Visit, Card], Outcome]] = {
    "edit": _edit,
    "move": _move,
    "off": _off,
    "offall": _off_all,
    "on": _on,
    "sold": _sold,
    "free": _free,
    "left": _left,
    "copy": _copy,
    "copydate": _copy_date,
    "copyplace": _copy_place,
}
