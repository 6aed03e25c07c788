"""The week's figures, told to those in charge on Monday morning: once a week, and not at all when there is
nothing to tell."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlmodel import Session

from catalog import figures, staff
from catalog.staff import Role
from reminders import notes, reach
from reminders.model import Person
from reminders.reach import Report

NOTE = "figures"
"""The kind of the note; its number is the ISO year and week: 202648."""


def tell_week(session: Session, now: dt.datetime, zone: ZoneInfo) -> int:
    """Owe the coordinators, or the admins where there are none, the figures of the last week; how many."""
    everybody = staff.staff_list(session)
    coordinators = [one for one in everybody if one.role is Role.COORDINATOR]
    told = coordinators or [one for one in everybody if one.role is Role.ADMIN]
    year, week, _ = figures.closed_weeks(now, zone, 1)[0].isocalendar()
    return notes.tell(session, [one.telegram_id for one in told], NOTE, year * 100 + week, now)


def facts(session: Session, number: int, person: Person, now: dt.datetime, zone: ZoneInfo) -> Report | None:
    """What the note says to this person; None when there is nothing that may be told."""
    staffer = staff.staffer(session, person.chat_id)
    if staffer is None:
        return None
    week = dt.date.fromisocalendar(*divmod(number, 100), 1)
    report = reach.report(session, staffer, now, zone, [week])
    unmet = [wish for wish in report.wishes if wish.unmet is not None]
    told = [figure for figure in report.figures if figure.total is not None]
    return report if told or unmet or report.pooled else None
