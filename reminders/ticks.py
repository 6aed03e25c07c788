"""What is done again and again, and how often. Each piece of work is a plain call that blocks and returns a
line for the log, empty when there was nothing to do; sending has a tick of its own (`reminders.courier`).

All of it is idempotent: late, repeated or interrupted, nothing is lost and nothing is said twice.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from sqlmodel import Session

from catalog.catalogue import Catalogue
from catalog.database import Database
from reminders import bookmarks, outbox, people, reach, retention, weekly
from reminders.broadcast_progress import advance_all
from reminders.changes import notice_changes
from reminders.digests import plan_digests
from reminders.duties import Counts, reconcile, reconcile_pages
from reminders.searches import plan_renewals
from reminders.surveys import plan_surveys

_EARLY = dt.time(9)
_IN_THE_MORNING = dt.time(10)
_AT_NIGHT = dt.time(4)


@dataclass(frozen=True, slots=True)
class Work:
    """Something to do every `seconds`. run: takes `now`, blocks, returns what it did."""

    name: str
    seconds: float
    run: Callable[[dt.datetime], str]


def works(
    database: Database, catalogue: Catalogue, zone: ZoneInfo, only_chat: int | None = None
) -> tuple[Work, ...]:
    """Everything but the sending. To be run in threads, no piece beside itself. only_chat: for a terminal,
    which plans what is owed but settles, repairs and erases nothing of anybody else's."""
    planning = (
        Work("changes", 30, partial(changes, database, zone)),
        Work("digests", 60, partial(digests, database, catalogue, zone)),
        Work("upkeep", 300, partial(upkeep, database, zone)),
        Work("broadcasts", 2, partial(broadcasts, database, catalogue, zone)),
        Work("figures", 300, partial(figures, database, zone)),
    )
    if only_chat is not None:
        return (*planning, Work("repair", 600, partial(repair_one, database, zone, only_chat)))
    return (
        *planning,
        Work("repair", 600, partial(repair, database, zone)),
        # Often enough to find its hour of the day; the first run of a tick comes after its interval.
        Work("retention", 1800, partial(forget, database, zone)),
    )


def changes(database: Database, zone: ZoneInfo, now: dt.datetime) -> str:
    """Tell followers of what has changed, and let reminders follow."""
    return _line(notices=notice_changes(database, now, zone))


def digests(database: Database, catalogue: Catalogue, zone: ZoneInfo, now: dt.datetime) -> str:
    """Plan digests of what is new."""
    return _line(digests=plan_digests(database, catalogue, now, zone))


def upkeep(database: Database, zone: ZoneInfo, now: dt.datetime) -> str:
    """Once a day, in the morning: ask how it was, and whether saved searches still matter."""
    surveys = plan_surveys(database, now, zone)
    with bookmarks.daily(database, "renewals", now, _IN_THE_MORNING, zone) as is_due:
        renewals = plan_renewals(database, now, zone) if is_due else 0
    return _line(surveys=surveys, renewals=renewals)


def figures(database: Database, zone: ZoneInfo, now: dt.datetime) -> str:
    """Once a week, on Monday morning: count what the last week comes to, and tell those in charge."""

    def work(session: Session) -> int:
        return weekly.tell_week(session, now, zone) if reach.make_up(session, now, zone) else 0

    with bookmarks.daily(database, "figures-day", now, _EARLY, zone) as is_due:
        told = database.write(work) if is_due else 0
    return _line(told=told)


def broadcasts(database: Database, catalogue: Catalogue, zone: ZoneInfo, now: dt.datetime) -> str:
    """Start, write down, let go, pause and end what staff send to many."""
    return advance_all(database, now, zone, catalogue.search_new)


def repair(database: Database, zone: ZoneInfo, now: dt.datetime) -> str:
    """Make the duties of all follows what they should be, and sweep the outbox."""
    released = database.write(lambda session: outbox.release_expired(session, now))
    swept = 0
    while some := database.write(lambda session: outbox.sweep(session, now)):
        swept += some
    counts = reconcile_pages(database, now, zone)
    return _line(made=counts.made, cancelled=counts.cancelled, swept=swept, **released._asdict())


def repair_one(database: Database, zone: ZoneInfo, chat_id: int, now: dt.datetime) -> str:
    """Make this chat's duties what they should be."""

    def work(session: Session) -> Counts:
        person = people.find(session, chat_id)
        return reconcile(session, [person.id], now, zone) if person and person.id else Counts()

    counts = database.write(work)
    return _line(made=counts.made, cancelled=counts.cancelled)


def forget(database: Database, zone: ZoneInfo, now: dt.datetime) -> str:
    """Once a day, at night: erase and warn people whose time has come."""
    with bookmarks.daily(database, "retention", now, _AT_NIGHT, zone) as is_due:
        kept = retention.forget_the_gone(database, now, zone) if is_due else retention.Kept(0, 0)
    return _line(erased=kept.erased, warned=kept.warned)


def _line(**counts: int) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count)
