"""`kulturlods doctor`: is everything that the bot needs in order?"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import select

from bot.migrations import is_current
from bot.settings import Settings
from catalog import Database
from catalog.model import Occurrence

OLDEST_PLAUSIBLE_YEAR = 2026


@dataclass(frozen=True, slots=True)
class Finding:
    """One check. name: its text is `doctor.<name>.<outcome>`; detail goes into that sentence. worth_a_stop:
    whether the bot cannot do its work when this is not ok."""

    name: str
    ok: bool
    detail: str = ""
    worth_a_stop: bool = True


def examine(settings: Settings, now: dt.datetime, *, local: bool) -> Iterator[Finding]:
    """The findings in order; with `local` nothing is asked of the network."""
    yield Finding("clock", now.year >= OLDEST_PLAUSIBLE_YEAR, now.isoformat(timespec="seconds"))
    yield from _examine_database(settings.database_url, now)
    if not local:
        yield _examine_telegram(settings)


def _examine_database(url: str, now: dt.datetime) -> Iterator[Finding]:
    if not Database.exists(url):
        yield Finding("schema", ok=False)
        return
    database = Database(url)
    try:
        yield Finding("schema", current := is_current(database))
        if not current:
            return
        upcoming = database.read(
            lambda session: session.exec(
                select(func.count()).select_from(Occurrence).where(Occurrence.start > now)
            ).one()
        )
        # A bot that was set up a minute ago is well, though it has nothing to tell yet.
        yield Finding("catalogue", upcoming > 0, str(upcoming), worth_a_stop=False)
    except SQLAlchemyError as error:
        yield Finding("database", ok=False, detail=type(error).__name__)
    finally:
        database.close()


def _examine_telegram(settings: Settings) -> Finding:
    if settings.token is None:
        return Finding("token", ok=False)
    base = settings.telegram_api_url or "https://api.telegram.org"
    try:
        answer = httpx.get(f"{base}/bot{settings.token}/getMe", timeout=10)
        return Finding("telegram", answer.status_code == httpx.codes.OK, str(answer.status_code))
    except httpx.HTTPError as error:
        # Only the kind of error: its words hold the address, and the address holds the token.
        return Finding("telegram", ok=False, detail=type(error).__name__)
