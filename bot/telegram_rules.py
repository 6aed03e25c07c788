"""What Telegram refuses in commands and buttons; limits from `telegram.constants`."""

from collections.abc import Mapping, Sequence
from typing import Any

from telegram.constants import BotCommandLimit, InlineKeyboardButtonLimit, InlineKeyboardMarkupLimit


class ApiError(Exception):
    """A refusal: HTTP status and Telegram's description, with its `parameters` if any."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters


def check_inline(rows: list[list[dict[str, Any]]]) -> None:
    """Refuse inline buttons that Telegram would refuse. Raises ApiError."""
    buttons = [button for row in rows for button in row]
    if len(buttons) > InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER:
        raise ApiError(400, "Bad Request: REPLY_MARKUP_TOO_LONG")
    if any(len(row) > InlineKeyboardMarkupLimit.BUTTONS_PER_ROW for row in rows):
        raise ApiError(400, "Bad Request: too many buttons in a row")
    for button in buttons:
        _check_button(button)


def _check_button(button: Mapping[str, Any]) -> None:
    if not str(button.get("text", "")).strip():
        raise ApiError(400, "Bad Request: text of an inline keyboard button is empty")
    if len(set(button) & {"callback_data", "url", "switch_inline_query", "copy_text"}) != 1:
        raise ApiError(400, "Bad Request: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not 1 <= len(str(data).encode()) <= InlineKeyboardButtonLimit.MAX_CALLBACK_DATA:
        raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and not str(url).startswith(("http://", "https://", "tg://")):
        raise ApiError(400, "Bad Request: BUTTON_URL_INVALID")


def check_commands(menu: Sequence[Mapping[str, str]]) -> None:
    """Refuse a menu that Telegram would refuse. Raises ApiError."""
    if len(menu) > BotCommandLimit.MAX_COMMAND_NUMBER:
        raise ApiError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for command in menu:
        _check_command(command)


def _check_command(command: Mapping[str, str]) -> None:
    name, description = command["command"], command["description"]
    plain = all(c.isascii() and (c.islower() or c.isdigit() or c == "_") for c in name)
    if not plain or not 1 <= len(name) <= BotCommandLimit.MAX_COMMAND:
        raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= BotCommandLimit.MAX_DESCRIPTION:
        raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")


def utf16(text: str) -> int:
    """Length in UTF-16 units, as Telegram counts."""
    return len(text.encode("utf-16-le")) // 2
