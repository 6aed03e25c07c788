"""Who is here: the house a handler stands in, and one update seen as a visit to it."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session
from telegram import Message, Update
from telegram.ext import Application, CallbackContext, ExtBot

from bot.buttons import Action
from bot.clock import Clock
from bot.conversations import Conversation, Conversations
from bot.menus import Menus
from bot.replies.family import Kid
from bot.replies.reply import Voice
from bot.settings import Settings
from bot.texts import LANGUAGES, texts
from catalog import Catalogue, Database, staff
from catalog.places import Place, gazetteer
from catalog.recorder import Recorder
from catalog.staff import Staffer
from reminders import families, people
from reminders.model import Person

Context = CallbackContext[ExtBot[None], dict[Any, Any], dict[Any, Any], dict[Any, Any]]
AnyApplication = Application[Any, Any, Any, Any, Any, Any]

_READ_DANISH = frozenset({"nb", "nn", "no", "sv", "fo", "kl"})
"""Languages whose speakers mostly read Danish better than English."""


@dataclass(frozen=True, slots=True)
class House:
    """What the handlers need of the rest of the bot."""

    settings: Settings
    catalogue: Catalogue
    database: Database
    clock: Clock
    conversations: Conversations
    menus: Menus
    recorder: Recorder = field(default_factory=Recorder)


@dataclass(frozen=True, slots=True)
class Visit:
    """One update: the chat, its conversation, the moment, the language, and the place that they chose.
    person: as the database knows them, None in a group; kids: their children. typing: the screen that was
    open until now and takes an answer in writing. staffer: what they are among the staff, read at this very
    update; None for everybody else, and in a group. said: the message that was just sent, with its entities
    and pictures; None at a tap."""

    house: House
    chat_id: int
    is_private: bool
    now: datetime
    conversation: Conversation
    language: str
    place: Place | None = None
    person: Person | None = None
    kids: tuple[Kid, ...] = ()
    typing: Action | None = None
    staffer: Staffer | None = None
    said: Message | None = None

    @property
    def acting(self) -> Staffer:
        """The staffer, where `for_staff` has let them in."""
        assert self.staffer is not None  # noqa: S101  # for_staff
        return self.staffer

    @property
    def photo(self) -> str | None:
        """Telegram's file id of the photo that was just sent, in its largest size."""
        return self.said.photo[-1].file_id if self.said and self.said.photo else None

    @property
    def person_id(self) -> int:
        """The person's number in the database; 0, which nobody has, in a group."""
        return (self.person and self.person.id) or 0

    @property
    def zone(self) -> ZoneInfo:
        """Where the clock on the wall hangs."""
        return self.house.settings.zone

    @property
    def voice(self) -> Voice:
        """The voice that speaks to this person now."""
        return Voice(texts(self.language), self.now, self.zone)

    def speaking(self, language: str) -> "Visit":
        """The same visit, answered in another language."""
        return replace(self, language=language)


def house(context: Context) -> House:
    """The house of this application."""
    found = context.bot_data["house"]
    assert isinstance(found, House)  # noqa: S101  # app.py puts it there before the first update
    return found


async def enter(update: Update, context: Context) -> Visit:
    """Open the door: in a private chat the person is met, and speaks the language they chose. In a group
    nobody is noted, and the language is that of whoever speaks."""
    visit = glance(update, context)
    if not visit.is_private:
        return visit
    visit = replace(visit, typing=visit.conversation.typing)
    visit.conversation.typing = None
    met = await asyncio.to_thread(visit.house.database.write, lambda session: _meet(session, visit))
    await met.house.menus.keep(context.bot, met.chat_id, met.staffer, met.language)
    return met


def glance(update: Update, context: Context) -> Visit:
    """The visit as far as the update alone tells; asks no database."""
    rooms, chat = house(context), update.effective_chat
    assert chat is not None  # noqa: S101  # the routes admit only updates that have a chat
    now = rooms.clock()
    user = update.effective_user
    language = likely_language(user.language_code if user else None, rooms.settings.default_language)
    is_private = chat.type == chat.PRIVATE
    conversation = rooms.conversations.of(chat.id, now)
    return Visit(rooms, chat.id, is_private, now, conversation, language, said=update.message)


def likely_language(code: str | None, default: str) -> str:
    """The language to begin in, from Telegram's IETF tag: one we speak, Danish for its neighbours, English
    for the rest of the world, `default` when nothing is known."""
    if not code:
        return default
    spoken = code.split("-")[0].lower()
    if spoken in LANGUAGES:
        return spoken
    return "da" if spoken in _READ_DANISH else "en"


def _meet(session: Session, visit: Visit) -> Visit:
    today = visit.now.astimezone(visit.zone).date()
    person = people.meet(session, visit.chat_id, visit.language, today)
    place = gazetteer().get(person.place_key) if person.place_key else None
    children = families.children_of(session, person.id or 0)
    kids = (Kid(c.id or 0, c.birth_year, c.emoji, families.ages(c.birth_year, today)) for c in children)
    met = replace(visit, language=person.language, place=place, person=person, kids=tuple(kids))
    return replace(met, staffer=staff.staffer(session, visit.chat_id))
