"""Staff in a town of conversations, and buttons that are pressed by those whom they do not belong to."""

from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from bot.texts import texts
from catalog import staff
from catalog.staff import Role, Scope, Staffer
from catalog.staff_scopes import municipality_scope, type_scope
from tests.conversations.driver import Person, Town

ISHOJ, KOEGE = municipality_scope("Ishøj"), municipality_scope("Køge")
SCHOOLS = type_scope("school", "Ishøj")

Rows = dict[str, list[tuple[Any, ...]]]


def employ(person: Person, role: Role, *scopes: Scope) -> Staffer:
    """Appointed on the command line."""
    town = person.town
    return town.database.write(lambda s: staff.appoint(s, person.chat_id, role, scopes, town.now))


def dismiss(person: Person) -> None:
    """Dismissed on the command line."""
    town = person.town
    town.database.write(lambda s: staff.cut(s, person.chat_id, town.now))


def stored(town: Town, *, but: tuple[str, ...] = ("person",)) -> Rows:
    """Everything that is stored, apart from the day somebody was last seen."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table.name not in but]

    def rows(session: Session) -> Rows:
        return {table.name: [tuple(row) for row in session.execute(select(table))] for table in tables}

    return town.database.read(rows)


def assert_refused(thief: Person, data: str) -> None:
    """Pressing this in their own chat is answered with a toast: nothing is shown, stored or sent to anybody.

    For a button of somebody else's: `assert_refused(thief, owner.sees.button("Fjern")["callback_data"])`."""
    town = thief.town
    thief.says("/start")
    before = stored(town), spoken(town)
    thief.presses(data)
    assert thief.toasts[-1] == texts(thief.language)("toast.staff_only"), data
    assert (stored(town), spoken(town)) == before, data


def spoken(town: Town) -> dict[int, list[tuple[str, int]]]:
    """What every chat shows of the bot."""
    return {chat: [(m.html, m.edited) for m in town.api.shown(chat)] for chat in list(town.api.chats)}
