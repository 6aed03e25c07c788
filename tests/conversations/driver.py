"""A person who talks with the bot: the real Application over the strict Bot API in memory."""

import asyncio
import datetime as dt
import itertools
from dataclasses import dataclass, field
from typing import Any

from telegram import Update

from bot.app import Timing, build_application, build_courier, build_sender
from bot.limits import NO_LIMITS, Gate
from bot.offline import Message, OfflineApi, OfflineRequest
from bot.settings import Settings
from catalog import Catalogue, Database, ingest
from catalog.drafts import OfferingDraft, Parsed
from reminders import people, ticks
from reminders.model import Person as Row
from tests.conversations.catalogue import NOW

_chat_ids = itertools.count(1000)


@dataclass
class Town:
    """The bot, its catalogue and its clock."""

    runner: asyncio.Runner
    catalogue: Catalogue
    database: Database
    now: dt.datetime = NOW
    api: OfflineApi = field(default_factory=OfflineApi)

    def open(self) -> None:
        gate = Gate(1000, NO_LIMITS)
        self.application = build_application(
            settings=Settings(_env_file=None),
            catalogue=self.catalogue,
            database=self.database,
            clock=lambda: self.now,
            request=OfflineRequest(self.api),
            gate=gate,
        )
        self.courier = build_courier(self.application, build_sender(self.application, gate, None), Timing())
        self.runner.run(self.application.initialize())

    def close(self) -> None:
        self.runner.run(self.application.shutdown())

    def later(self, **time: float) -> None:
        self.now += dt.timedelta(**time)

    def ticks(self) -> None:
        """Everything that is done again and again, once: planning, then sending what is due."""
        self.catalogue.refresh(self.now)
        for work in ticks.works(self.database, self.catalogue, self.now.tzinfo):  # type: ignore[arg-type]  # a zone
            work.run(self.now)
        self.runner.run(self.courier.tick())

    def waits_until(self, *when: int) -> None:
        """The local time passes to month, day, hour and minute; then all ticks have run."""
        month, day, hour, minute = (*when, 0)[:4]
        self.now = dt.datetime(2026, month, day, hour, minute, tzinfo=self.now.tzinfo)
        self.ticks()

    def imports(self, *offerings: OfferingDraft) -> None:
        """A file with these offerings is read; the ticks have seen it."""
        report = ingest(self.database, Parsed("jsonld", list(offerings)), source="town", now=self.now)
        assert not report.rejections
        self.ticks()

    def deliver(self, update: dict[str, Any]) -> None:
        parsed = Update.de_json(update, self.application.bot)
        self.runner.run(self.application.process_update(parsed))


@dataclass
class Person:
    """Somebody in a chat, or a group of them; what they do returns the last thing that the bot shows."""

    town: Town
    language: str = "da"
    chat_type: str = "private"
    chat_id: int = field(default_factory=lambda: next(_chat_ids))

    def __post_init__(self) -> None:
        if self.chat_type != "private":
            self.chat_id = -self.chat_id

    def says(self, text: str, *, reply_to: Message | None = None) -> Message:
        how: dict[str, Any] = {"language_code": self.language, "chat_type": self.chat_type}
        answered = reply_to.message_id if reply_to else 0
        self.town.deliver(self.town.api.send_text(self.chat_id, text, reply_to=answered, **how))
        return self.sees

    def shares_place(self, latitude: float, longitude: float) -> Message:
        place = self.town.api.send_location(self.chat_id, latitude, longitude, language_code=self.language)
        self.town.deliver(place)
        return self.sees

    def sends(self, **content: Any) -> Message:
        self.town.deliver(self.town.api.send_content(self.chat_id, content, language_code=self.language))
        return self.sees

    def sends_file(self, name: str, content: str | bytes) -> Message:
        data = content if isinstance(content, bytes) else content.encode()
        self.town.deliver(self.town.api.send_file(self.chat_id, name, data, language_code=self.language))
        return self.sees

    def taps(self, label: str, message: Message | None = None) -> Message:
        shown = message or self.sees_buttons
        return self.presses(shown.button(label)["callback_data"], shown)

    def presses(self, data: str, message: Message | None = None) -> Message:
        """Taps a button with this data, whether or not there is such a one."""
        message = message or self.sees
        tap = self.town.api.tap(self.chat_id, message.message_id, data, language_code=self.language)
        self.town.deliver(tap)
        return self.sees

    @property
    def sees(self) -> Message:
        return self.everything[-1]

    @property
    def sees_buttons(self) -> Message:
        return next(message for message in reversed(self.everything) if message.buttons)

    @property
    def everything(self) -> list[Message]:
        return self.town.api.shown(self.chat_id)

    @property
    def toasts(self) -> list[str]:
        answers = [params for method, params in self.town.api.calls if method == "answerCallbackQuery"]
        return [str(params["text"]) for params in answers if params.get("text")]

    @property
    def row(self) -> Row | None:
        """What the database holds about this chat."""
        return self.town.database.read(lambda session: people.find(session, self.chat_id))


def wants_no_news(person: Person) -> None:
    """They have been asked before whether they want news from staff."""
    person.says("/start")
    person.town.database.write(lambda session: people.set_news(session, person.chat_id, wanted=False))
