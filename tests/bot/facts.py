"""Facts to write replies about: small builders, and a voice that speaks at a fixed moment."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from bot.replies.reply import Voice
from bot.texts import texts
from catalog.cards import Card, OccurrenceFacts, VenueFacts

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 25, 15, 0, tzinfo=ZONE)
"""A Wednesday afternoon."""


def voice(language: str = "da", now: dt.datetime = NOW) -> Voice:
    return Voice(texts(language), now, ZONE)


def at(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, tzinfo=ZONE)


def a_venue(**facts: Any) -> VenueFacts:
    known: dict[str, Any] = {
        "name": "Kulturkassen",
        "address": "Store Torv 1",
        "postcode": "2635",
        "town": "Ishøj",
        "municipality": "Ishøj",
        "latitude": 55.61,
        "longitude": 12.35,
        "located_by": "source",
    }
    return VenueFacts(**{**known, **facts})


def an_occurrence(number: int = 1, **facts: Any) -> OccurrenceFacts:
    known: dict[str, Any] = {
        "id": number,
        "start": at(11, 28, 13),
        "end": at(11, 28, 15),
        "zone": "Europe/Copenhagen",
        "venue": a_venue(),
    }
    return OccurrenceFacts(**{**known, **facts})


def a_card(number: int = 1, **facts: Any) -> Card:
    known: dict[str, Any] = {
        "id": number,
        "public_id": f"abc{number}",
        "external_id": f"urn:x:{number}",
        "source": "test",
        "is_sample": False,
        "titles": {"da": "Tegn en tegneserie", "en": "Draw a comic"},
        "descriptions": {},
        "occurrences": (an_occurrence(number),),
    }
    return Card(**{**known, **facts})
