"""A card as an iCalendar file that a phone's calendar can take in."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vText

from bot.replies.card import address
from bot.replies.markup import one_line
from catalog.cards import Card, OccurrenceFacts, VenueFacts
from catalog.occurrences import is_over
from catalog.text import fold, visible
from catalog.values import Status

_ICAL_STATUS = {Status.CANCELLED: "CANCELLED", Status.POSTPONED: "TENTATIVE"}


def calendar_file(card: Card, language: str, now: dt.datetime) -> bytes:
    """Every occurrence that is not over, each with a UID that stays the same from file to file.

    Timed ones in UTC, so that no zone has to be described; whole days and runs as local dates."""
    calendar = Calendar()
    calendar.add("prodid", "-//Kulturlods//kulturlods//DA")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for occurrence in card.occurrences:
        if not is_over(occurrence.start, occurrence.end, occurrence.zone, now):
            calendar.add_component(_event(card, occurrence, language, now))
    content: bytes = calendar.to_ical()
    return content


def file_name(card: Card, language: str) -> str:
    """A short plain name ending in .ics."""
    plain = re.sub(r"[^a-z0-9]+", "-", fold(card.title(language))).strip("-")
    return f"{plain[:40].strip('-') or 'kulturlods'}.ics"


def _event(card: Card, occurrence: OccurrenceFacts, language: str, now: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{card.public_id}-{occurrence.id}@kulturlods")
    event.add("dtstamp", now.astimezone(dt.UTC))
    event.add("summary", one_line(card.title(language), 250))
    _add_times(event, occurrence)
    status = occurrence.status if occurrence.status is not Status.SCHEDULED else card.status
    event.add("status", _ICAL_STATUS.get(status, "CONFIRMED"))
    if description := card.description(language):
        event.add("description", vText(visible(description)[:2000]))
    if card.url:
        event.add("url", visible(card.url))
    if occurrence.venue:
        _add_place(event, occurrence.venue)
    return event


def _add_times(event: Event, occurrence: OccurrenceFacts) -> None:
    if occurrence.time_known and not occurrence.is_run:
        event.add("dtstart", occurrence.start.astimezone(dt.UTC))
        if occurrence.end is not None and occurrence.end > occurrence.start:
            event.add("dtend", occurrence.end.astimezone(dt.UTC))
        return
    zone = ZoneInfo(occurrence.zone)
    first = occurrence.start.astimezone(zone).date()
    end = max(occurrence.end or occurrence.start, occurrence.start + dt.timedelta(microseconds=1))
    last = (end - dt.timedelta(microseconds=1)).astimezone(zone).date()
    event.add("dtstart", first)
    event.add("dtend", last + dt.timedelta(days=1))


def _add_place(event: Event, venue: VenueFacts) -> None:
    event.add("location", visible(", ".join(part for part in (venue.name, address(venue)) if part)))
    if venue.latitude is not None and venue.longitude is not None and venue.located_by == "source":
        event.add("geo", (venue.latitude, venue.longitude))
