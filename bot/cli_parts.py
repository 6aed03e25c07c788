"""What the commands share: options, exit codes, a refusal in one line, and the database they work on."""

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.clock import Clock, clock_from, system_clock
from bot.settings import Settings, language_for_help
from bot.texts import LANGUAGES, texts

if TYPE_CHECKING:
    from catalog import Database

HELP = texts(language_for_help())

DONE, REJECTED, WRONG = 0, 1, 2


class RefusalError(Exception):
    """A wrong use or setting; its text key and values become the one line on standard error."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def help_of(key: str) -> str:
    """What `--help` says of this."""
    return HELP(f"cli.help.{key}")


Lang = Annotated[str | None, typer.Option("--lang", help=help_of("lang"), metavar="|".join(LANGUAGES))]
Now = Annotated[str | None, typer.Option("--now", help=help_of("now"), metavar="ISO")]
At = Annotated[str | None, typer.Option("--at", help=help_of("at"), metavar="LAT,LON")]
AsJson = Annotated[bool, typer.Option("--json", help=help_of("json"))]


def dumps(value: object) -> str:
    """As JSON for people."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def clock_of(now: str | None, settings: Settings) -> Clock:
    """The clock that `--now` sets, the system's without."""
    from bot.asking import in_zone

    if now is None:
        return system_clock(settings.zone)
    try:
        return clock_from(in_zone(datetime.fromisoformat(now), settings.zone), settings.zone)
    except (ValueError, OverflowError):
        raise RefusalError("cli.bad_now", value=now) from None


def place_of(at: str | None) -> tuple[float, float] | None:
    """The degrees that `--at` gives."""
    from bot.terminal import parse_place

    if at is None:
        return None
    place = parse_place(at)
    if place is None:
        raise RefusalError("cli.bad_place", value=at)
    return place


def language_of(lang: str | None) -> str | None:
    """The language that `--lang` names, None without."""
    if lang is not None and lang not in LANGUAGES:
        raise RefusalError("cli.bad_lang", value=lang, languages=", ".join(LANGUAGES))
    return lang


def existing_file(name: str) -> Path:
    """The file of this name, which is there."""
    if name.startswith(("http://", "https://")):
        raise RefusalError("cli.no_addresses", value=name)
    path = Path(name)
    if not path.is_file():
        raise RefusalError("cli.no_file", file=name)
    return path


def ready_database(settings: Settings) -> "Database":
    """The database at the newest schema."""
    from bot.migrations import upgrade
    from catalog import Database

    database = Database(settings.database_url)
    upgrade(database)
    return database


def existing_database(settings: Settings) -> "Database":
    """The database as it is; refused when its schema is not the newest, for reading must not change it."""
    from bot.migrations import is_current
    from catalog import Database

    if not Database.exists(settings.database_url):
        raise RefusalError("cli.not_migrated")
    database = Database(settings.database_url)
    if not is_current(database):
        raise RefusalError("cli.not_migrated")
    return database
