"""/inviter: staff invite colleagues by a link that works once, and dismiss them. And the link itself."""

import asyncio
import re
from collections.abc import Sequence

from sqlmodel import Session
from telegram import Update

from bot.buttons import Action, Kind
from bot.handlers.answering import Outcome
from bot.handlers.sending import acknowledge, change, send, tapped
from bot.handlers.staffing import for_staff, refuse, typed_by_staff
from bot.handlers.visit import Context, Visit
from bot.replies import staff as pages
from bot.replies.reply import Reply
from catalog import staff
from catalog.places import Place, gazetteer
from catalog.staff import InviteError, Right, Role, Scope, Staffer
from catalog.staff_scopes import (
    ScopeError,
    district_scope,
    districts_of,
    institution_scope,
    municipality_scope,
    type_scope,
)
from catalog.values import PlaceKind


class _NotTheirsError(Exception):
    """Somebody else's, or outside of where they may act."""


@for_staff(Right.INVITE)
async def show(update: Update, context: Context, visit: Visit) -> None:
    """Who is staff, and whom to invite."""
    await send(update, context, visit, await asyncio.to_thread(_list, visit, 0))


@for_staff(Right.INVITE)
async def turn(update: Update, context: Context, visit: Visit) -> None:
    """The next step towards a link, the link, and dismissing somebody."""
    argument = tapped(update).argument
    try:
        if argument.endswith(":gone"):
            outcome = await _dismiss(context, visit, int(argument.removesuffix(":gone")))
        else:
            outcome = await asyncio.to_thread(_step, visit, argument, context.bot.username)
    except (_NotTheirsError, ScopeError):
        await refuse(update, visit)
        return
    await acknowledge(update)
    await change(update, context, visit, outcome)


@typed_by_staff(Right.INVITE)
def take(visit: Visit, screen: Action, text: str, bot_username: str) -> Outcome | None:
    """The municipalities that an admin wrote, or an institution's name. Blocking."""
    what, _, rest = screen.argument.partition(":")
    try:
        if what == "for":
            where = _municipality(rest.partition(":")[0]).name
            return _link(visit, Role.AMBASSADOR, (institution_scope(text, where),), bot_username)
        found = [_municipality(name) for name in re.split(r"[,;\n]", text) if name.strip()]
    except ScopeError as error:
        visit.conversation.typing = screen
        return Outcome(pages.unknown_municipality(error.value, visit.voice))
    except _NotTheirsError:
        return None
    if rest == Role.AMBASSADOR:
        return Outcome(_what_for(found[0], visit))
    before = rest.split(".") if what == "of" else []
    return _picked(visit, list(dict.fromkeys([*before, *map(pages.code, found)])))


async def accept(update: Update, context: Context, visit: Visit, token: str) -> None:
    """Somebody followed a link: they are staff now, or hear why not."""
    try:
        welcome = await asyncio.to_thread(
            visit.house.database.write, lambda session: staff.accept(session, token, visit.chat_id, visit.now)
        )
    except InviteError as error:
        await send(update, context, visit, Outcome(pages.refused_link(error.code, visit.voice)))
        return
    menus = visit.house.menus
    await menus.keep(context.bot, visit.chat_id, welcome, visit.language)
    reply = pages.welcome(welcome, menus.of_staff(welcome), visit.voice)
    await send(update, context, visit, Outcome(reply))


def _step(visit: Visit, argument: str, bot_username: str) -> Outcome:
    what, _, rest = argument.partition(":")
    if what in _STEPS:
        return _STEPS[what](visit, rest, bot_username)
    if what.startswith("list"):
        return _list(visit, int(what.removeprefix("list")))
    one = visit.house.database.read(lambda session: _colleague(session, visit, int(what)))
    return Outcome(pages.staffer_page(one, visit.voice, is_asking=rest == "ask"))


def _list(visit: Visit, offset: int) -> Outcome:
    colleagues = visit.house.database.read(lambda session: _colleagues(session, visit))
    return Outcome(pages.staff_page(colleagues, offset, visit.acting.role, visit.voice))


def _new(visit: Visit, argument: str, bot_username: str) -> Outcome:
    role = Role(argument)
    own = [_municipality(name) for name in sorted(visit.acting.municipalities)]
    if role is Role.ADMIN:
        return _link(visit, role, (), bot_username)
    if len(own) == 1 and role is Role.AMBASSADOR:
        return Outcome(_what_for(own[0], visit))
    if len(own) == 1:
        return _link(visit, role, (municipality_scope(own[0].name),), bot_username)
    if not own:
        visit.conversation.typing = Action(Kind.INVITE, f"new:{role}")
    return Outcome(pages.municipalities_page(own, (), role, visit.voice))


def _coordinator(visit: Visit, argument: str, bot_username: str) -> Outcome:
    codes = argument.removesuffix(":go").split(".")
    if not argument.endswith(":go"):
        return _picked(visit, codes)
    return _link(visit, Role.COORDINATOR, tuple(map(municipality_scope, codes)), bot_username)


def _picked(visit: Visit, codes: Sequence[str]) -> Outcome:
    """The choice of a coordinator's municipalities, these picked; an admin may write more of them."""
    codes = codes[: pages.MOST_MUNICIPALITIES]
    picked = [_municipality(code) for code in codes]
    _check(visit.acting, Role.COORDINATOR, [municipality_scope(place.name) for place in picked])
    own = [_municipality(name) for name in sorted(visit.acting.municipalities)]
    if not own:
        visit.conversation.typing = Action(Kind.INVITE, f"of:{'.'.join(codes)}")
    return Outcome(pages.municipalities_page(own or picked, codes, Role.COORDINATOR, visit.voice))


def _ambassador(visit: Visit, argument: str, bot_username: str) -> Outcome:
    code, _, what = argument.partition(":")
    place = _municipality(code)
    _check(visit.acting, Role.AMBASSADOR, [municipality_scope(code)])
    if not what:
        return Outcome(_what_for(place, visit))
    if what == "typed":
        visit.conversation.typing = Action(Kind.INVITE, f"for:{code}:typed")
        return Outcome(pages.institution_page(place, visit.voice))
    if what.startswith("d-"):
        district = gazetteer().get(f"{PlaceKind.DISTRICT}:{what.removeprefix('d-')}")
        scope = district_scope(district.name if district else what, place.name)
    else:
        scope = type_scope(what, place.name)
    return _link(visit, Role.AMBASSADOR, (scope,), bot_username)


def _what_for(municipality: Place, visit: Visit) -> Reply:
    return pages.ambassador_page(municipality, districts_of(municipality.name), visit.voice)


def _link(visit: Visit, role: Role, scopes: Sequence[Scope], bot_username: str) -> Outcome:
    def work(session: Session) -> str:
        _check(staff.by_id(session, visit.acting.id), role, scopes)
        return staff.invite(session, role, scopes, visit.now, by=visit.acting.id)

    token = visit.house.database.write(work)
    return Outcome(pages.link_page(role, scopes, token, bot_username, visit.voice))


def _withdraw(visit: Visit, token: str, _bot_username: str) -> Outcome:
    if not visit.house.database.write(
        lambda session: staff.withdraw(session, token, visit.now, by=visit.acting.id)
    ):
        raise _NotTheirsError
    return Outcome(pages.withdrawn_page(visit.voice))


_STEPS = {"new": _new, "of": _coordinator, "for": _ambassador, "back": _withdraw}


async def _dismiss(context: Context, visit: Visit, staff_id: int) -> Outcome:
    def work(session: Session) -> Staffer:
        one = _colleague(session, visit, staff_id)
        staff.dismiss(session, one.id, visit.now, by=visit.acting.id)
        return one

    gone = await asyncio.to_thread(visit.house.database.write, work)
    await visit.house.menus.take_away(context.bot, gone.telegram_id)
    return Outcome(pages.dismissed_page(gone, visit.voice))


def _colleagues(session: Session, visit: Visit) -> list[Staffer]:
    """Whom they may dismiss."""
    me = staff.by_id(session, visit.acting.id)
    everybody = [one for one in staff.staff_list(session) if one.id != visit.acting.id]
    return [one for one in everybody if staff.may_invite(me, one.role, one.scopes)]


def _colleague(session: Session, visit: Visit, staff_id: int) -> Staffer:
    for one in _colleagues(session, visit):
        if one.id == staff_id:
            return one
    raise _NotTheirsError


def _check(me: Staffer | None, role: Role, scopes: Sequence[Scope]) -> None:
    if not staff.may_invite(me, role, scopes):
        raise _NotTheirsError


def _municipality(name_or_code: str) -> Place:
    place = gazetteer().municipality(name_or_code)
    if place is None:
        raise ScopeError("municipality", name_or_code.strip())
    return place
