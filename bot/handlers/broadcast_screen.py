"""What every screen of /udsend needs: a broadcast of theirs, and what to show. Blocking.

A broadcast is looked up anew, in the transaction that changes it, whatever the data of a button says."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from bot.buttons import Action, Kind
from bot.handlers.visit import Visit
from bot.replies.broadcasting import Draft
from bot.replies.reply import Reply
from catalog import local, staff
from catalog.cards import load_cards
from catalog.staff import Right
from reminders import broadcasts
from reminders.audience import Audience
from reminders.model import Broadcast
from reminders.refusals import RefusedError

_MOST_DIGITS = 9


class NotTheirsError(Exception):
    """Somebody else's, or outside of where they may act."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What a step shows. previews: sent before it, as people get them. as_new: in a message of its own.
    keeps: the broadcast whose progress this message tells from now on."""

    reply: Reply
    previews: tuple[Reply, ...] = ()
    otherwise: Callable[[str], Reply] | None = None
    as_new: bool = False
    keeps: int | None = None


def mine(session: Session, visit: Visit, number: int) -> Broadcast:
    """A broadcast of theirs. Raises NotTheirsError."""
    me, found = staff.by_id(session, visit.acting.id), session.get(Broadcast, number)
    if found is None or not staff.may(me, Right.BROADCAST) or found.author_id != visit.acting.id:
        raise NotTheirsError
    return found


def load(session: Session, visit: Visit, broadcast: Broadcast) -> Draft:
    """It, with what its numbers stand for."""
    cards = load_cards(session, broadcast.offerings)
    shown = tuple(cards[id_] for id_ in broadcast.offerings if id_ in cards)
    named = local.organizers_by_id(session, Audience.load(broadcast.audience).organizers)
    return Draft(broadcast, shown, tuple(named), broadcasts.problems(broadcast, visit.now))


def change(visit: Visit, number: int, **facts: object) -> Draft:
    """Change the draft, and what it is then."""

    def work(session: Session) -> Draft:
        broadcast = mine(session, visit, number)
        broadcasts.edit(session, broadcast, visit.now, **facts)
        session.flush()
        return load(session, visit, broadcast)

    return visit.house.database.write(work)


def read_draft(visit: Visit, number: int) -> Draft:
    """The draft, as long as it can be changed."""
    draft = visit.house.database.read(lambda s: load(s, visit, mine(s, visit, number)))
    if draft.broadcast.state not in broadcasts.EDITABLE:
        raise RefusedError("begun")
    return draft


def await_words(visit: Visit, number: int, name: str) -> None:
    """What is written or sent next is for this screen."""
    visit.conversation.typing = Action(Kind.BROADCAST, f"{number}:{name}")


def number_in(value: str) -> int:
    """A number in a button's data. Raises NotTheirsError for what we never wrote."""
    if not value.isdecimal() or len(value) > _MOST_DIGITS:
        raise NotTheirsError
    return int(value)
