"""Telegram's menu of commands: everybody sees the same, staff see their own commands as well."""

import logging
from collections.abc import Iterable, Mapping

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot

from bot.texts import texts
from catalog.staff import Right, Staffer, may

logger = logging.getLogger(__name__)


class Menus:
    """Who sees which commands. What a chat was told last is kept in memory, so that a staffer's menu is told
    anew after a restart. Commands are named as in the texts: `command.<this>.name`."""

    def __init__(self, everybody: Iterable[str], staff: Mapping[str, Right]) -> None:
        self._everybody, self._staff = tuple(everybody), dict(staff)
        self._told: dict[int, tuple[str, tuple[str, ...]]] = {}

    def for_everybody(self, language: str) -> list[BotCommand]:
        """The menu of a private chat."""
        return [command(name, language) for name in self._everybody]

    def of_staff(self, staffer: Staffer | None) -> tuple[str, ...]:
        """The staff commands that they may use, in the order of the menu."""
        return tuple(name for name, right in self._staff.items() if may(staffer, right))

    async def keep(self, bot: ExtBot[None], chat_id: int, staffer: Staffer | None, language: str) -> None:
        """Let this chat's menu show what its owner may do now, in this language."""
        names = self.of_staff(staffer)
        if not names:
            if chat_id in self._told:
                await self.take_away(bot, chat_id)
            return
        if self._told.get(chat_id) == (language, names):
            return
        menu = [*self.for_everybody(language), *(command(name, language) for name in names)]
        try:
            await bot.set_my_commands(menu, BotCommandScopeChat(chat_id))
        except TelegramError as error:
            logger.info("a staff menu could not be set: %s", type(error).__name__)
            return
        self._told[chat_id] = language, names

    async def take_away(self, bot: ExtBot[None], chat_id: int) -> None:
        """Let this chat see what everybody sees."""
        try:
            await bot.delete_my_commands(BotCommandScopeChat(chat_id))
        except TelegramError as error:
            logger.info("a staff menu could not be taken away: %s", type(error).__name__)
            return
        self._told.pop(chat_id, None)


def command(name: str, language: str) -> BotCommand:
    """A command as the menu shows it."""
    say = texts(language)
    return BotCommand(say(f"command.{name}.name"), say(f"command.{name}.description"))
