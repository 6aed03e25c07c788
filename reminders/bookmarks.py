"""How far the planners have come, so that no tick looks at everything again."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from sqlmodel import Session

from catalog.database import Database
from reminders.leads import local_instant
from reminders.model import Bookmark


def place(session: Session, name: str) -> int | None:
    """Where the reader of this name has come to; None when it has never read."""
    found = session.get(Bookmark, name)
    return found.value if found else None


def move(session: Session, name: str, value: int) -> None:
    """Note that the reader has come to `value`."""
    session.merge(Bookmark(name=name, value=value))


@contextmanager
def daily(database: Database, name: str, now: dt.datetime, clock: dt.time, zone: ZoneInfo) -> Iterator[bool]:
    """Whether this local day's work of that name is still to be done at `now`: not before its local time, and
    not once it has been done without an exception."""
    today = now.astimezone(zone).date()
    is_due = now >= local_instant(today, clock, zone) and (
        database.read(lambda session: place(session, name)) != today.toordinal()
    )
    yield is_due
    if is_due:
        database.write(lambda session: move(session, name, today.toordinal()))
