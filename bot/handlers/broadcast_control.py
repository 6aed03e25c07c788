"""What is done with a broadcast that was handed in: a colleague's decision, pause, stop, withdrawal.
Blocking.

Drafts are their author's; what is under way may be looked after by whoever may write to those people. Both
are asked of the database at every tap."""

from collections.abc import Callable

from sqlmodel import Session

from bot.handlers import broadcast_draft as drafts
from bot.handlers.broadcast_screen import NotTheirsError, Screen, load
from bot.handlers.visit import Visit
from bot.replies import broadcast_status as status
from bot.replies import broadcasting as pages
from bot.replies.reply import Reply
from catalog import staff
from catalog.staff import Right, Staffer
from reminders import broadcast_notes, broadcasts
from reminders.audience import Audience
from reminders.broadcast_progress import report
from reminders.model import Broadcast
from reminders.refusals import RefusedError


def me_now(session: Session, visit: Visit) -> Staffer:
    me = staff.by_id(session, visit.acting.id)
    if me is None or not staff.may(me, Right.BROADCAST):
        raise NotTheirsError
    return me


def looked_after(session: Session, visit: Visit, number: int) -> Broadcast:
    """One of their own, or one that they might have sent. Raises NotTheirsError."""
    me, found = me_now(session, visit), session.get(Broadcast, number)
    if found is None:
        raise NotTheirsError
    if found.author_id != me.id and (found.state == "draft" or not broadcasts.may_send(session, me, found)):
        raise NotTheirsError
    return found


def progress(visit: Visit, number: int, *, as_new: bool = False) -> Screen:
    def work(session: Session) -> Reply:
        found = looked_after(session, visit, number)
        left = broadcasts.left_out(session, found)
        is_author = found.author_id == visit.acting.id
        return status.progress_page(found, report(session, found), left, visit.voice, is_author=is_author)

    return Screen(visit.house.database.read(work), as_new=as_new, keeps=number)


def bound_to(broadcast: Broadcast, value: str) -> str:
    """What it is bound to, when that is what stood in the button."""
    hashed = broadcasts.content_hash(broadcast)
    if len(value) != status.HASHED or not hashed.startswith(value):
        raise RefusedError("changed")
    return hashed


def previews(visit: Visit, draft: pages.Draft) -> tuple[Reply, ...]:
    """As people get it; nothing when there is no text or too much."""
    if pages.excess_of(draft, visit.voice):
        return ()
    return pages.shown_versions(draft, visit.chat_id, visit.voice)


def refused(draft: pages.Draft, visit: Visit) -> Callable[[str], Reply]:
    return lambda words: status.refused_page(draft, words, visit.voice)


# The second person


def _look(visit: Visit, number: int, _value: str) -> Screen:
    """The message as it will be, and what is to be decided."""
    draft = visit.house.database.read(lambda s: load(s, visit, looked_after(s, visit, number)))
    if draft.broadcast.state != "waiting":
        raise RefusedError("settled")
    page = status.seen_page(draft, broadcasts.content_hash(draft.broadcast), visit.voice)
    return Screen(page, previews(visit, draft), otherwise=refused(draft, visit))


def _decide(verb: Callable[..., None], told: str) -> Callable[[Visit, int, str], Screen]:
    def step(visit: Visit, number: int, value: str) -> Screen:
        def work(session: Session) -> None:
            me, found = me_now(session, visit), _to_decide(session, visit, number)
            if found.state != "waiting":
                raise RefusedError("settled")
            verb(session, found, me, bound_to(found, value), visit.now)
            broadcast_notes.tell_author(session, found, visit.now)

        visit.house.database.write(work)
        return Screen(status.short(told, number, visit.voice))

    return step


def _to_decide(session: Session, visit: Visit, number: int) -> Broadcast:
    me, found = me_now(session, visit), session.get(Broadcast, number)
    if found is None or not broadcasts.may_send(session, me, found, Right.APPROVE):
        raise NotTheirsError
    return found


# On the way


def _control(verb: Callable[..., bool], *whys: str) -> Callable[[Visit, int, str], Screen]:
    def step(visit: Visit, number: int, _value: str) -> Screen:
        def work(session: Session) -> None:
            found = _sendable(session, visit, number)
            if not verb(session, found, *whys, by=visit.acting.id, now=visit.now):
                raise RefusedError("nothing-to-do")

        visit.house.database.write(work)
        return progress(visit, number)

    return step


def _sendable(session: Session, visit: Visit, number: int) -> Broadcast:
    """One that they might send now. Raises NotTheirsError."""
    found = looked_after(session, visit, number)
    if not broadcasts.may_send(session, me_now(session, visit), found):
        raise NotTheirsError
    return found


def _ask(what: str, yes: str) -> Callable[[Visit, int, str], Screen]:
    def step(visit: Visit, number: int, _value: str) -> Screen:
        visit.house.database.read(lambda session: _sendable(session, visit, number))
        return Screen(pages.confirm_page(what, yes, number, visit.voice), as_new=True)

    return step


def _end(verb: Callable[..., bool], told: str) -> Callable[[Visit, int, str], Screen]:
    act = _control(verb)

    def step(visit: Visit, number: int, value: str) -> Screen:
        act(visit, number, value)
        return Screen(status.short(told, number, visit.voice))

    return step


def _fix(visit: Visit, number: int, _value: str) -> Screen:
    """A draft to those who got it, with what it said."""

    def work(session: Session) -> int:
        wrong, me = _sendable(session, visit, number), me_now(session, visit)
        if wrong.frozen_at is None:
            raise RefusedError("nothing-to-do")
        made = broadcasts.draft(session, me, visit.now, corrects=number)
        facts = {"texts": wrong.texts, "picture": wrong.picture, "offerings": wrong.offerings}
        broadcasts.edit(session, made, visit.now, audience=Audience(recipients_of=number), **facts)
        session.flush()
        return made.id or 0

    return drafts.open_draft(visit, visit.house.database.write(work))


STEPS: dict[str, Callable[[Visit, int, str], Screen]] = {
    "look": _look,
    "yes": _decide(broadcasts.approve, "broadcast.note.you_approved"),
    "no": _decide(broadcasts.decline, "broadcast.note.you_declined"),
    "pause": _control(broadcasts.pause, "hand"),
    "on": _control(broadcasts.go_on),
    "stop": _ask("stop", "halt"),
    "halt": _end(broadcasts.stop, "broadcast.status.stopping"),
    "withdraw": _ask("withdraw", "undo"),
    "undo": _end(broadcasts.withdraw, "broadcast.status.withdrawing"),
    "fix": _fix,
}
"""What a button does, by its verb."""
