"""/indstillinger: the screen that shows everything, and what its buttons change."""

import asyncio
import datetime as dt
from collections.abc import Callable

from sqlmodel import Session
from telegram import Update

from bot.buttons import Action, Kind
from bot.handlers.answering import Outcome
from bot.handlers.private import is_alone
from bot.handlers.sending import acknowledge, change, send, tapped
from bot.handlers.visit import Context, Visit, enter
from bot.replies import settings as pages
from bot.replies.reply import Reply
from bot.texts import LANGUAGES
from reminders import follows, people

Write = Callable[[Session], object]


async def show(update: Update, context: Context) -> None:
    """Everything on one screen."""
    visit = await enter(update, context)
    await send(update, context, visit, Outcome(_page(visit, "main")))


async def turn(update: Update, context: Context) -> None:
    """Opens a part of the settings, or changes it and shows it changed."""
    if not await is_alone(update, context):
        return
    visit = await enter(update, context)
    name, _, value = tapped(update).argument.partition(":")
    change_it = _change(visit, name, value) if value else None
    if change_it is not None:
        await asyncio.to_thread(visit.house.database.write, change_it)
        visit = await enter(update, context)
    toast = _TOASTS.get(f"{name}:{value}")
    await acknowledge(update, visit.voice.texts(toast) if toast else None)
    if name == "place" and not value:
        visit.conversation.typing = Action(Kind.SETTINGS, "place")
    await change(update, context, visit, Outcome(_page(visit, _AFTER.get(name, name) if value else name)))


def to_settings(visit: Visit) -> Outcome:
    """The screen that shows everything."""
    return Outcome(_page(visit, "main"))


_AFTER = {
    "language": "main",
    "place": "main",
    "weekday": "digest",
    "time": "digest",
    "surveys": "main",
    "news": "main",
    "pause": "main",
    "cap": "main",
}
"""Which screen shows what was changed, where it is not the one with the button."""

_TOASTS = {
    "pause:yes": "toast.paused",
    "pause:no": "toast.resumed",
    "place:forget": "toast.forgot_place",
    "news:yes": "news.grown_up",
}


def _page(visit: Visit, name: str) -> Reply:
    person, voice = visit.person, visit.voice
    assert person is not None  # noqa: S101  # these screens are shown in private chats only
    place = visit.place.name if visit.place else None
    match name:
        case "language":
            return pages.language_page(voice)
        case "place":
            return pages.place_page(place, voice)
        case "quiet":
            return pages.quiet_page(person, voice)
        case "digest":
            return pages.digest_page(person, voice)
        case "cap":
            return pages.cap_page(person, voice)
    return pages.settings_page(person, place, voice)


def _change(visit: Visit, name: str, value: str) -> Write | None:  # noqa: PLR0911  # one line a button
    """What this button writes; None when no such button was ever made."""
    chat_id, number = visit.chat_id, int(value) if value.isdecimal() else None
    match name:
        case "language" if value in LANGUAGES:
            return lambda session: people.set_language(session, chat_id, value)
        case "place" if value == "forget":
            return lambda session: people.set_place(session, chat_id, None)
        case "quiet":
            return _quiet(visit, value)
        case "digest" | "weekday" | "time":
            return _digest(visit, name, value)
        case "cap" if number in pages.CAPS:
            return lambda session: people.set_weekly_cap(session, chat_id, number or 0)
        case "surveys":
            return lambda session: people.set_surveys(session, chat_id, value == "yes")
        case "news":
            return lambda session: people.set_news(session, chat_id, value == "yes")
        case "pause" if value == "yes":
            return lambda session: people.pause(session, chat_id, visit.now)
        case "pause":
            return lambda session: people.resume(session, chat_id)
    return None


def _quiet(visit: Visit, value: str) -> Write | None:
    person, now, zone = visit.person, visit.now, visit.zone
    assert person is not None  # noqa: S101  # see _page
    since, until = person.quiet_from, person.quiet_until
    if since == until:
        since, until = pages.QUIET_AGAIN
    if value == "none":
        since = until
    elif value.startswith("from") and (hour := _hour(value.removeprefix("from"))) in pages.QUIET_FROM:
        since = dt.time(hour)
    elif value.startswith("to") and (hour := _hour(value.removeprefix("to"))) in pages.QUIET_UNTIL:
        until = dt.time(hour)
    else:
        return None
    who = visit.person_id
    return lambda session: follows.set_quiet_hours(session, who, since, until, now=now, zone=zone)


def _digest(visit: Visit, name: str, value: str) -> Write | None:
    person, chat_id = visit.person, visit.chat_id
    assert person is not None  # noqa: S101  # see _page
    hour, mode = _hour(value), person.digest
    if name == "digest" and value in people.DIGESTS:
        return lambda session: people.set_digest(session, chat_id, value)
    if name == "weekday" and hour in range(1, 8):
        return lambda session: people.set_digest(session, chat_id, mode, weekday=hour)
    if name == "time" and hour in pages.DIGEST_HOURS:
        return lambda session: people.set_digest(session, chat_id, mode, at=dt.time(hour))
    return None


def _hour(value: str) -> int:
    return int(value) if value.isdecimal() else -1
