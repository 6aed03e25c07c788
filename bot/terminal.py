"""The bot in a terminal: the very same Application, over a Bot API that is a screen.

Every inline button gets a number; a list's rows come first, so number 1 is row 1. A line that is such a
number taps the button, `:place LAT,LON` shares a place, `:file PATH` sends a file, a picture as
a photo, `:quit` or the end of input leaves, and anything else is said to the bot. When standard input is no
terminal, lines are read from it and echoed, so that the output reads as a transcript.
"""

import asyncio
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console
from rich.text import Text
from telegram import Update
from telegram.ext import Application

from bot.offline import Message, OfflineApi
from bot.texts import Texts

CHAT_ID = 1
"""The terminal person's chat. Telegram gives no such id to people."""

_STYLES = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strike",
    "code": "cyan",
}
_PLACE = ":place"
_FILE = ":file"
_PICTURES = (".jpg", ".jpeg", ".png")
_QUIT = (":quit", ":q")

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class Screen:
    """Prints what the bot shows, and remembers which number taps what."""

    def __init__(self, say: Texts, out: TextIO | None = None) -> None:
        self._say = say
        self._console = Console(file=out or sys.stdout, highlight=False)
        # A transcript keeps its lines whole; a terminal breaks them between words.
        self._console.soft_wrap = not self._console.is_terminal
        self.current: Message | None = None

    def show(self, what: Message | str) -> None:
        """A message that is new or edited, or the words of a callback answer."""
        if isinstance(what, str):
            self._console.print(Text(self._say("terminal.toast", text=what), style="yellow"))
            return
        self._console.print()
        if what.venue:
            self._console.print(Text(self._say("terminal.venue", **what.venue)))
        if what.document:
            name, content = what.document
            self._console.print(Text(self._say("terminal.document", name=name, size=len(content))))
        if what.preview:
            self.note(self._say("terminal.picture", url=what.preview))
        if what.photo:
            self.note(self._say("terminal.photo"))
        if what.text:
            self._console.print(_styled(what))
        if what.reply_keyboard:
            self.note(self._say("terminal.place_hint"))
        self._show_buttons(what)

    def _show_buttons(self, message: Message) -> None:
        if not message.buttons:
            return
        self.current = message
        number = 0
        for row in message.buttons:
            line = Text()
            for button in row:
                number += 1
                label = button["text"]
                line.append(f"[{number}]", style="bold cyan")
                line.append(f" {label}   " if label != str(number) else "  ")
            self._console.print(line)

    def echo(self, line: str) -> None:
        """Repeat what was said, for a transcript."""
        self._console.print()
        self._console.print(Text(f"> {line}", style="bold green"))

    def note(self, text: str) -> None:
        """Something the terminal itself has to say."""
        self._console.print(Text(text, style="dim"))

    def button(self, number: int) -> dict[str, str] | None:
        """The button with this number in the message that last showed buttons."""
        if self.current is None:
            return None
        buttons = [button for row in self.current.buttons for button in row]
        return buttons[number - 1] if 1 <= number <= len(buttons) else None


def _styled(message: Message) -> Text:
    text = Text(message.text)
    for span in message.spans:
        style = f"link {span.link}" if span.link else _STYLES.get(span.kind, "")
        text.stylize(style, span.start, span.end)
    return text


class TerminalChat:
    """One person's chat in the terminal."""

    def __init__(self, application: AnyApplication, api: OfflineApi, screen: Screen, say: Texts) -> None:
        self._application = application
        self._api = api
        self._screen = screen
        self._say = say

    async def run(self, at: tuple[float, float] | None = None, lines: TextIO | None = None) -> None:
        """Talk until the input ends. `at` is a place shared before the first word."""
        source = lines or sys.stdin
        interactive = source.isatty()
        async with self._application:
            await self._application.start()
            try:
                await self._talk(source, interactive, at)
            finally:
                await self._application.stop()

    async def _talk(self, source: TextIO, interactive: bool, at: tuple[float, float] | None) -> None:
        if interactive:
            self._screen.note(self._say("terminal.hint"))
            await self._deliver(self._api.send_text(CHAT_ID, "/start", language_code=self._say.language))
        if at is not None:
            await self._share(at)
        queue = _read_lines(source, interactive)
        while (line := await queue.get()) is not None:
            if line.strip() in _QUIT:
                return
            if line.strip():
                await self._take(line.strip(), interactive)

    async def _take(self, line: str, interactive: bool) -> None:
        if not interactive:
            self._screen.echo(line)
        if line.split(maxsplit=1)[0] == _PLACE:
            await self._take_place(line)
        elif line.split(maxsplit=1)[0] == _FILE:
            await self._take_file(line.removeprefix(_FILE).strip())
        elif line.isdecimal() and (button := self._screen.button(int(line))):
            await self._tap(button)
        else:
            await self._deliver(self._api.send_text(CHAT_ID, line, language_code=self._say.language))

    async def _take_place(self, line: str) -> None:
        place = parse_place(line.removeprefix(_PLACE))
        if place is None:
            self._screen.note(self._say("terminal.bad_place"))
        else:
            await self._share(place)

    async def _take_file(self, path: str) -> None:
        file = Path(path).expanduser()
        try:
            content = await asyncio.to_thread(file.read_bytes)
        except (OSError, ValueError):
            self._screen.note(self._say("terminal.bad_file", path=path))
            return
        send = self._api.send_photo if file.suffix.lower() in _PICTURES else self._api.send_file
        await self._deliver(send(CHAT_ID, file.name, content, language_code=self._say.language))

    async def _share(self, place: tuple[float, float]) -> None:
        await self._deliver(self._api.send_location(CHAT_ID, *place, language_code=self._say.language))

    async def _tap(self, button: dict[str, str]) -> None:
        if "callback_data" not in button:
            self._screen.note(button.get("url", ""))
            return
        assert self._screen.current is not None  # noqa: S101  # there is no button without a message
        message_id = self._screen.current.message_id
        update = self._api.tap(CHAT_ID, message_id, button["callback_data"], language_code=self._say.language)
        await self._deliver(update)

    async def _deliver(self, update: dict[str, object]) -> None:
        await self._application.process_update(Update.de_json(update, self._application.bot))


def parse_place(text: str) -> tuple[float, float] | None:
    """ "55.61, 12.35" as degrees of latitude and longitude; None when it is no place on earth."""
    try:
        latitude, longitude = (float(part) for part in text.split(","))
    except ValueError:
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _read_lines(source: TextIO, interactive: bool) -> "asyncio.Queue[str | None]":
    """Lines as they come, then None. A daemon thread reads, so that the bot can speak in between, and a
    blocked read does not keep the process alive."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()

    def put(line: str | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(queue.put_nowait, line)

    threading.Thread(target=_pump, args=(source, interactive, put), daemon=True).start()
    return queue


def _pump(source: TextIO, interactive: bool, put: Callable[[str | None], None]) -> None:
    try:
        if interactive:
            while True:
                put(input())
        for line in source:
            put(line)
    except (EOFError, UnicodeDecodeError):
        pass
    put(None)
