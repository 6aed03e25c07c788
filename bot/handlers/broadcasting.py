"""/udsend: staff write to many. The list, trying out, counting and handing in."""

import asyncio
from collections.abc import Callable, Sequence

from sqlmodel import Session, col, or_, select
from telegram import InlineKeyboardMarkup, Message, Update
from telegram.error import BadRequest

from bot.handlers import broadcast_control as control
from bot.handlers import broadcast_draft as drafts
from bot.handlers.answering import Outcome
from bot.handlers.broadcast_control import bound_to, looked_after, me_now, previews, progress, refused
from bot.handlers.broadcast_screen import NotTheirsError, Screen, mine, read_draft
from bot.handlers.sending import acknowledge, buttons, change, send, tapped
from bot.handlers.staffing import for_staff, refuse
from bot.handlers.visit import Context, Visit
from bot.replies import basics
from bot.replies import broadcast_status as status
from bot.replies import broadcasting as pages
from bot.replies.reply import Reply
from catalog.staff import Right
from reminders import broadcast_notes, broadcasts
from reminders.audience import Count, count
from reminders.model import Broadcast
from reminders.refusals import RefusedError

_LOOKED_AFTER = ("waiting", "ready", "running", "paused")
"""What colleagues see in their list, too."""
_SLOW = ("count", "go")
"""Steps that read everybody: the button stops waiting before they are done."""
_HISTORY = 200


@for_staff(Right.BROADCAST)
async def show(update: Update, context: Context, visit: Visit) -> None:
    """One's broadcasts."""
    await send(update, context, visit, Outcome((await asyncio.to_thread(_list, visit, 0)).reply))


@for_staff(Right.BROADCAST)
async def turn(update: Update, context: Context, visit: Visit) -> None:
    """Does what the button says, and shows what comes of it."""
    argument = tapped(update).argument
    is_slow = argument.partition(":")[2].partition(":")[0] in _SLOW
    if is_slow:
        await acknowledge(update)
    try:
        screen = await asyncio.to_thread(_step, visit, argument)
    except NotTheirsError:
        await _refuse(update, context, visit, is_slow=is_slow)
        return
    except RefusedError as error:
        await _explain(update, context, visit, error.code, is_slow=is_slow)
        return
    if not is_slow:
        await acknowledge(update)
    await _present(update, context, visit, screen)


async def _refuse(update: Update, context: Context, visit: Visit, *, is_slow: bool) -> None:
    if is_slow:
        await send(update, context, visit, Outcome(basics.plain("toast.staff_only", visit.voice)))
    else:
        await refuse(update, visit)


async def _explain(update: Update, context: Context, visit: Visit, code: str, *, is_slow: bool) -> None:
    if is_slow:
        await send(update, context, visit, Outcome(basics.plain(f"broadcast.refused.{code}", visit.voice)))
    else:
        await acknowledge(update, visit.voice.texts(f"broadcast.refused.{code}"), must_be_read=True)


async def _present(update: Update, context: Context, visit: Visit, screen: Screen) -> None:
    """Show it; after the messages that it tries out, when Telegram takes them."""
    refusal = await _try_out(context, visit, screen.previews)
    if refusal is not None and screen.otherwise is not None:
        await send(update, context, visit, Outcome(screen.otherwise(refusal)))
    elif screen.as_new or screen.previews:
        message = await _post(context, visit.chat_id, screen.reply)
        await _keep(visit, screen, message.message_id)
    else:
        await change(update, context, visit, Outcome(screen.reply))
        message_id = (
            update.callback_query.message.message_id
            if update.callback_query and update.callback_query.message
            else 0
        )
        await _keep(visit, screen, message_id)


async def _try_out(context: Context, visit: Visit, previews: Sequence[Reply]) -> str | None:
    """Send these to whoever asks, as everybody would get them; Telegram's words when it refuses."""
    try:
        for reply in previews:
            await _post(context, visit.chat_id, reply)
    except BadRequest as error:
        return error.message
    return None


async def _post(context: Context, chat_id: int, reply: Reply) -> Message:
    markup: InlineKeyboardMarkup | None = buttons(reply)
    if reply.photo is not None:
        return await context.bot.send_photo(chat_id, reply.photo, caption=reply.text, reply_markup=markup)
    return await context.bot.send_message(chat_id, reply.text, reply_markup=markup)


async def _keep(visit: Visit, screen: Screen, message_id: int) -> None:
    """This message tells the broadcast's progress from now on."""
    if screen.keeps is None:
        return
    number = screen.keeps

    def work(session: Session) -> None:
        found = session.get(Broadcast, number)
        if found is not None and found.author_id == visit.acting.id:
            found.message_id = message_id
            session.add(found)

    await asyncio.to_thread(visit.house.database.write, work)


def _step(visit: Visit, argument: str) -> Screen:
    first, _, rest = argument.partition(":")
    if first == "new":
        return drafts.new(visit)
    if first.startswith("list"):
        return _list(visit, int(first.removeprefix("list")))
    verb, _, value = rest.partition(":")
    step = _STEPS.get(verb) or drafts.STEPS.get(verb)
    if step is None:
        raise NotTheirsError
    return step(visit, int(first), value)


def _list(visit: Visit, offset: int, note: str | None = None) -> Screen:
    found = visit.house.database.read(lambda session: _seen(session, visit))
    offset = offset if offset < len(found) else 0
    shown = found[offset : offset + pages.ROWS]
    return Screen(pages.list_page(shown, offset, len(found) > offset + pages.ROWS, visit.voice, note=note))


def _seen(session: Session, visit: Visit) -> list[Broadcast]:
    """Their own, and colleagues' that they may look after; the newest first."""
    me = me_now(session, visit)
    theirs = or_(col(Broadcast.author_id) == me.id, col(Broadcast.state).in_(_LOOKED_AFTER))
    newest = select(Broadcast).where(theirs).order_by(col(Broadcast.id).desc()).limit(_HISTORY)
    return [
        one for one in session.exec(newest) if one.author_id == me.id or broadcasts.may_send(session, me, one)
    ]


def _open(visit: Visit, number: int, _value: str) -> Screen:
    """A draft as such; anything else as far as it is."""
    state = visit.house.database.read(lambda session: looked_after(session, visit, number).state)
    if state == "draft":
        visit.house.database.read(lambda session: mine(session, visit, number))
        return drafts.open_draft(visit, number)
    return progress(visit, number, as_new=True)


# Trying, counting, handing in


def _test(visit: Visit, number: int, _value: str) -> Screen:
    draft = read_draft(visit, number)
    shown = previews(visit, draft)
    if not shown:
        return Screen(status.problems_page(draft, visit.voice))
    return Screen(status.tried_page(draft, visit.voice), shown, otherwise=refused(draft, visit))


def _count(visit: Visit, number: int, _value: str) -> Screen:
    """Everybody gets it as it is tried out here; what Telegram refuses cannot be handed in."""
    draft = read_draft(visit, number)
    _check_time(visit, draft)
    shown = previews(visit, draft)
    if draft.problems or not shown:
        return Screen(status.problems_page(draft, visit.voice))
    counted, hashed = _counted(visit, draft.broadcast), broadcasts.content_hash(draft.broadcast)
    page = status.count_page(draft, counted, hashed, visit.voice)
    return Screen(page, shown, otherwise=refused(draft, visit))


def _go(visit: Visit, number: int, value: str) -> Screen:
    draft = read_draft(visit, number)
    _check_time(visit, draft)
    if pages.excess_of(draft, visit.voice):
        raise RefusedError("changed")
    counted = _counted(visit, draft.broadcast)

    def work(session: Session) -> None:
        found, me = mine(session, visit, number), me_now(session, visit)
        hashed = bound_to(found, value)
        state = broadcasts.submit(session, found, me, visit.now, counted=counted, hashed=hashed)
        if state == "waiting" and not broadcast_notes.ask(session, found, visit.now):
            raise RefusedError("nobody-to-approve")

    visit.house.database.write(work)
    return progress(visit, number)


def _check_time(visit: Visit, draft: pages.Draft) -> None:
    """It is held for some minutes first, and must not be too late by then."""
    until = draft.broadcast.not_after
    if until is not None and until <= visit.now + broadcasts.TAKE_BACK:
        raise RefusedError("time-over")


def _counted(visit: Visit, broadcast: Broadcast) -> Count:
    house = visit.house
    plan = broadcasts.sending(broadcast, visit.now)
    return count(house.database, plan, visit.now, visit.zone, house.catalogue.search_new)


def _take_back(visit: Visit, number: int, _value: str) -> Screen:
    def work(session: Session) -> None:
        found = mine(session, visit, number)
        broadcasts.take_back(session, found, visit.acting.id, visit.now)
        found.message_id = None
        if found.send_at is not None and found.send_at <= visit.now + broadcasts.TAKE_BACK:
            found.send_at = None  # that was only the time to regret it in

    visit.house.database.write(work)
    return drafts.open_draft(visit, number)


def _scrap(visit: Visit, number: int, _value: str) -> Screen:
    visit.house.database.write(
        lambda s: broadcasts.discard(s, mine(s, visit, number), visit.acting.id, visit.now)
    )
    return _list(visit, 0, "broadcast.dropped_draft")


_STEPS: dict[str, Callable[[Visit, int, str], Screen]] = {
    "": _open,
    "test": _test,
    "count": _count,
    "go": _go,
    "back": _take_back,
    "scrap": _scrap,
    **control.STEPS,
}
"""What a button does with what is handed in, by its verb."""
