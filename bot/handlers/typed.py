"""What is written while a screen is open that also takes an answer in writing. Blocking."""

from dataclasses import replace

from bot.buttons import Action, Kind
from bot.handlers import broadcast_draft, drafting, inviting, leads, poster, proposing
from bot.handlers.answering import Outcome
from bot.handlers.settings import to_settings
from bot.handlers.staffing import Taker
from bot.handlers.visit import Visit
from bot.lead_words import typed_leads
from bot.replies import basics
from catalog.places import gazetteer
from reminders import people


def take(visit: Visit, text: str, bot_username: str) -> Outcome | None:
    """The answer, when the open screen can take this text; None when it is a question like any other. The
    screen stays open as long as it is answered."""
    if visit.typing is None:
        return None
    return SCREENS[visit.typing.kind](visit, visit.typing, text, bot_username)


def _lead(visit: Visit, screen: Action, text: str, _bot_username: str) -> Outcome | None:
    typed = typed_leads(text)
    if typed is None:
        return None
    visit.conversation.typing = screen
    return leads.add(visit, int(screen.argument), typed)


def _place(visit: Visit, _screen: Action, text: str, _bot_username: str) -> Outcome | None:
    understanding = visit.house.catalogue.understand(text, visit.now, language=visit.language)
    named = understanding.query.places
    if understanding.kind == "nothing":
        visit.conversation.typing = visit.typing
        return Outcome(basics.plain("settings_page.place_not_found", visit.voice))
    if not named or not understanding.query.without("places").asks_nothing():
        return None
    place = gazetteer().get(named[0].key)
    if place is None:
        return None
    visit.house.database.write(lambda session: people.set_place(session, visit.chat_id, place.key))
    return to_settings(replace(visit, place=place))


SCREENS: dict[Kind, Taker] = {
    Kind.LEADS: _lead,
    Kind.SETTINGS: _place,
    Kind.INVITE: inviting.take,
    Kind.DRAFT: drafting.take,
    Kind.PROPOSAL: proposing.take,
    Kind.BROADCAST: broadcast_draft.take,
    Kind.POSTER: poster.take,
}
"""Which screens take an answer in writing; a staff screen's taker is wrapped in `typed_by_staff`."""

PICTURES = frozenset({Kind.BROADCAST, Kind.DRAFT})
"""Those of them that also take a photo."""
