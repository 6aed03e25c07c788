"""The question back: "Mener du i dag eller fredag 4. december?"."""

from bot.replies import dates
from bot.replies.markup import bold, say
from bot.replies.reply import Button, Reply, Voice
from bot.replies.windows import time_phrase
from catalog.places import gazetteer
from catalog.query import Query
from catalog.values import PlaceKind


def which(buttons: tuple[Button, ...], voice: Voice) -> Reply:
    """Asks which of the readings on these buttons is meant."""
    listed = dates.listed([button.label for button in buttons], voice, "or")
    return Reply(say(voice.texts, "reading.ask", readings=bold(listed)), tuple((b,) for b in buttons))


def label(query: Query, voice: Voice) -> str:
    """What tells this reading from the others: its town, else its time."""
    town = query.places[0] if query.places and query.places[0].kind is PlaceKind.TOWN else None
    place = gazetteer().get(town.key) if town else None
    if place is not None and place.municipality:
        return voice.texts("reading.town", town=place.name, municipality=place.municipality)
    return time_phrase(query, voice)
