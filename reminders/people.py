"""All personal data in one file to audit: a chat's number, its language, a chosen place, the last day seen.

Every verb works inside the caller's transaction (`Database.write`), except `erase`. Forgetting is a hard
delete. Lead times and quiet hours are set in `reminders.follows`, for reminders move with them.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session, SQLModel, col, select

from catalog import staff
from catalog.database import Database
from catalog.model import Occurrence, Offering, Organizer, Series, Venue
from reminders import outbox
from reminders.model import Child, Delivery, FactReport, Follow, Person, SavedSearch

DIGESTS = ("asap", "daily", "weekly", "off")
MOST_A_WEEK = 50
PAUSE = timedelta(days=14)
KNOWING_TABLES = ("person", "staff")
"""The tables that know a chat's number."""


def meet(session: Session, chat_id: int, language: str, today: date) -> Person:
    """The person of this chat, made when new with `language`; a known one keeps the language they chose.
    Notes `today`, the local date, as the last day seen. Whoever speaks to us can be reached again."""
    person = find(session, chat_id)
    if person is None:
        person = Person(chat_id=chat_id, language=language, last_seen=today, created_on=today)
        session.add(person)
        session.flush()
    person.last_seen = max(person.last_seen, today)
    person.inactive_since = person.warned_on = None
    return person


def find(session: Session, chat_id: int) -> Person | None:
    """The person of this chat, None when we do not know them; notes nothing."""
    return session.exec(select(Person).where(Person.chat_id == chat_id)).one_or_none()


def set_language(session: Session, chat_id: int, language: str) -> None:
    """Speak `language` ("da" or "en") with this person from now on; a stranger is left alone."""
    if (person := find(session, chat_id)) is not None:
        person.language = language


def set_place(session: Session, chat_id: int, place_key: str | None) -> None:
    """Remember the gazetteer's key of the place they chose; None forgets it. A stranger is left alone."""
    if (person := find(session, chat_id)) is not None:
        person.place_key = place_key


def set_weekly_cap(session: Session, chat_id: int, most: int) -> None:
    """Say at most so many things unasked in seven days, 0 to 50; reminders and changes are not counted. A
    stranger is left alone."""
    if not 0 <= most <= MOST_A_WEEK:
        raise ValueError(most)
    if (person := find(session, chat_id)) is not None:
        person.weekly_cap = most


def set_digest(
    session: Session, chat_id: int, mode: str, *, weekday: int | None = None, at: time | None = None
) -> None:
    """When to tell what is new: one of DIGESTS, with an ISO weekday and a local time; what is not given
    stays. A stranger is left alone."""
    if mode not in DIGESTS or weekday not in (None, *range(1, 8)):
        raise ValueError(mode, weekday)
    if (person := find(session, chat_id)) is not None:
        person.digest = mode
        person.digest_weekday = weekday or person.digest_weekday
        person.digest_time = person.digest_time if at is None else at.replace(tzinfo=None)


def set_surveys(session: Session, chat_id: int, wanted: bool) -> None:
    """Whether to ask "kom du af sted?". A stranger is left alone."""
    if (person := find(session, chat_id)) is not None:
        person.surveys = wanted


def set_news(session: Session, chat_id: int, wanted: bool) -> None:
    """Whether they want what staff send to many; once set, they have been asked. A stranger is left alone."""
    if (person := find(session, chat_id)) is not None:
        person.news = wanted


def pause(session: Session, chat_id: int, now: datetime) -> None:
    """Say nothing unasked for two weeks. A stranger is left alone."""
    if (person := find(session, chat_id)) is not None:
        person.paused_until = now + PAUSE


def resume(session: Session, chat_id: int) -> None:
    """End a pause. A stranger is left alone."""
    if (person := find(session, chat_id)) is not None:
        person.paused_until = None


def mark_inactive(session: Session, person_id: int, now: datetime) -> None:
    """Telegram says that this person cannot be reached: they blocked us, or are gone. Nothing is owed to them
    until they speak to us again; since when is kept from the first time."""
    person = session.get(Person, person_id)
    if person is not None:
        person.inactive_since = person.inactive_since or now
        outbox.cancel_person(session, person_id, now, "gone")


def migrate_chat(session: Session, old: int, new: int) -> bool:
    """The chat got another number; everything stays with it. False, and nothing is done, when we do not know
    the old one or know the new one already."""
    person = find(session, old)
    if person is None or find(session, new) is not None:
        return False
    person.chat_id = new
    return True


def export(session: Session, chat_id: int) -> dict[str, Any] | None:
    """Everything stored about this chat, as JSON data; None when there is nothing. What is followed is named
    in all its languages."""
    person, member = find(session, chat_id), staff.staffer(session, chat_id)
    role = {} if member is None else {"staff": _as_json(member)}
    if person is None:
        return role or None
    theirs = {name: _rows(session, table, person.id) for name, table in _OF_A_PERSON.items()}
    for follow in theirs["follows"]:
        follow["name"] = _name(session, follow["kind"], follow["target_id"])
    return {"person": person.model_dump(mode="json"), **theirs, **role}


_OF_A_PERSON: dict[str, type[Child | Follow | SavedSearch | Delivery | FactReport]] = {
    "children": Child,
    "follows": Follow,
    "saved_searches": SavedSearch,
    "deliveries": Delivery,
    "fact_reports": FactReport,
}
_NAMED: dict[str, type[SQLModel]] = {
    "offering": Offering,
    "series": Series,
    "organizer": Organizer,
    "venue": Venue,
}


def _rows(session: Session, table: Any, person_id: int | None) -> list[dict[str, Any]]:
    rows: Iterable[SQLModel] = session.exec(
        select(table).where(table.person_id == person_id).order_by(col(table.id))
    )
    return [row.model_dump(mode="json") for row in rows]


def _as_json(member: staff.Staffer) -> dict[str, Any]:
    facts: dict[str, Any] = TypeAdapter(staff.Staffer).dump_python(member, mode="json")
    return facts


def _name(session: Session, kind: str, target_id: int) -> Any:
    if kind == "occurrence":
        occurrence = session.get(Occurrence, target_id)
        return occurrence.offering.titles if occurrence else None
    named = session.get(_NAMED[kind], target_id)
    return getattr(named, "titles", None) or getattr(named, "name", None)


def erase(database: Database, chat_id: int, now: datetime) -> bool:
    """`forget`, and leave no byte of it in the database's files; whether there was anything. To be called
    outside of any transaction."""
    found = database.write(lambda session: forget(session, chat_id, now))
    scrub(database)
    return found


def scrub(database: Database) -> bool:
    """Let nothing be left in the database's files of people who were forgotten; see `Database.scrub`."""
    return database.scrub(*KNOWING_TABLES)


def forget(session: Session, chat_id: int, now: datetime) -> bool:
    """Delete everything we hold about this chat, whose owner is then no longer staff; whether there was
    anything. What it was written over is only gone after `Database.scrub`: see `erase`."""
    was_staff = staff.cut(session, chat_id, now)
    person = find(session, chat_id)
    if person is None:
        return was_staff
    session.delete(person)
    session.flush()
    return True
