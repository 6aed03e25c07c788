"""A question in words, or an old one changed, to what is shown. Blocking and free of Telegram: handlers call
these verbs through `asyncio.to_thread`, one hop a use case."""

from dataclasses import dataclass, replace

from bot.buttons import Action, Kind
from bot.conversations import Shown
from bot.handlers.following import standing
from bot.handlers.visit import Visit
from bot.replies import basics, family
from bot.replies import staff as staff_pages
from bot.replies.answer import ROWS, answer, nothing_found, shown_hits
from bot.replies.card import card_reply
from bot.replies.reply import Button, Reply, Rows
from bot.replies.understood import NEAR_KM, Asked
from catalog.cards import Card
from catalog.places import Place, gazetteer
from catalog.query import Near, PlaceRef, Query
from reminders import people
from reminders.families import for_no_age


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to send. shown: the list it shows or came from, remembered under its message. share_button: words
    for a button that shares where one is, when that is asked. note: what is told before it; then: after it,
    in a message of its own. card: the public id of the offering that it is about. unmet: whether nothing was
    found that meets all of a question, when there was one to search for."""

    reply: Reply
    shown: Shown | None = None
    share_button: str | None = None
    note: Reply | None = None
    card: str | None = None
    then: Reply | None = None
    unmet: bool | None = None


def to_query(visit: Visit, asked: Asked, offset: int = 0) -> Outcome:
    """A page of the list that answers this question, in the visit's language."""
    catalogue = visit.house.catalogue
    page = catalogue.search(asked.query, visit.now, limit=ROWS, offset=offset)
    cards = catalogue.cards([hit.offering_id for hit in page.hits])
    rows = tuple(cards[hit.offering_id].public_id for hit in shown_hits(page, cards))
    if offset and not rows:
        return to_query(visit, asked)
    shown = Shown(asked, visit.language, offset, rows, page.total)
    kids = family.asked_for(visit.kids, asked.query.ages)
    extras = _extras(visit, kids)
    if not rows:
        suggestions = basics.suggestion_rows(examples(visit, 3), visit.voice)
        return Outcome(nothing_found(asked, suggestions, visit.voice, extras), shown, unmet=True)
    reply = answer(
        asked,
        page,
        cards,
        visit.voice,
        offset=offset,
        place_button=_place_button(visit, asked),
        extras=extras,
        kids=kids,
    )
    return Outcome(reply, shown, unmet=bool(page.relaxed))


def for_children(visit: Visit, asked: Asked, child_id: int) -> Asked:
    """The same question for this child of theirs, for all of them when it is 0; unchanged for another's."""
    kids = [kid for kid in visit.kids if child_id in (0, kid.id)]
    if not kids:
        return asked
    query = replace(for_no_age(asked.query), ages=family.ages_of(kids))
    return named(visit, replace(asked, query=query, repaired=()))


def to_near(visit: Visit, asked: Asked) -> Outcome:
    """The question near the person: where they stand, else where they said, else they are asked."""
    position, place = visit.conversation.position, visit.place
    if position is None and place is not None and place.latitude is not None and place.longitude is not None:
        position = place.latitude, place.longitude
    if position is None:
        return ask_where(visit, asked)
    query = replace(asked.query, near=Near(*position, NEAR_KM), places=(), origin=visit.conversation.position)
    return to_query(visit, named(visit, replace(asked, query=query)))


def ask_where(visit: Visit, asked: Asked, key: str | None = None) -> Outcome:
    """Asks for a place; the question waits for it."""
    visit.conversation.waiting = Shown(asked, visit.language)
    question = key or ("place.ask" if visit.is_private else "place.ask_group")
    return Outcome(basics.plain(question, visit.voice), share_button=visit.voice.texts("button.share_place"))


def to_card(visit: Visit, public_id: str, shown: Shown | None, bot_username: str) -> Outcome:
    """The card of this offering, and the way back to `shown` when it came out of a list."""
    card = visit.house.catalogue.card(public_id)
    if card is None:
        return Outcome(basics.plain("status.gone", visit.voice), shown)
    return card_outcome(visit, card, shown, bot_username)


def card_outcome(visit: Visit, card: Card, shown: Shown | None, bot_username: str) -> Outcome:
    """This card, as it stands to this person."""
    stands = standing(visit, card)
    reply = card_reply(
        card,
        visit.voice,
        bot_username=bot_username,
        origin=_origin(visit, shown),
        can_go_back=shown is not None,
        is_followed=stands.is_followed,
        total=stands.total,
        is_heard=stands.is_heard,
    )
    return Outcome(reply, shown, card=card.public_id)


def to_place(visit: Visit, position: tuple[float, float]) -> Outcome:
    """The question that waited for a place, else the last one, else everything, near this position. The
    postcode is noted and told; the position stays in the conversation."""
    place = gazetteer().nearest(*position)
    if place is None:
        return Outcome(basics.plain("place.outside", visit.voice))
    conversation = visit.conversation
    conversation.position = position
    last = conversation.last
    base = conversation.waiting or (last if last and not last.asked.query.places else None)
    conversation.waiting = None
    asked = base.asked if base else Asked(Query(language=visit.language))
    speaking = visit.speaking(base.language) if base else visit
    outcome = to_near(speaking, replace(asked, repaired=()))
    return replace(outcome, note=place_note(speaking, place, "place.shared"))


def to_help(visit: Visit) -> Outcome:
    """What one can write, with examples that have answers just now, and to staff what they can do."""
    more = None
    if visit.staffer is not None and visit.is_private:
        more = staff_pages.help_for(visit.staffer, visit.house.menus.of_staff(visit.staffer), visit.voice)
    return Outcome(basics.help_page(examples(visit, 4, basics.HELP_EXAMPLES), visit.voice, more=more))


def examples(visit: Visit, most: int, keys: tuple[str, ...] = basics.SUGGESTIONS) -> tuple[str, ...]:
    """Those of these ready questions that have answers just now, at most so many."""
    found: list[str] = []
    for key in keys:
        if len(found) < most and has_answer(visit, basics.question(key, visit.voice) or ""):
            found.append(key)
    return tuple(found)


def named(visit: Visit, asked: Asked) -> Asked:
    """The question with a name for what it is near to, unless that is the person, and for their children."""
    kids = family.asked_for(visit.kids, asked.query.ages)
    asked = replace(asked, who_name=family.names(kids, visit.voice) if kids else None)
    near = asked.query.near
    if near is None or (near.latitude, near.longitude) == visit.conversation.position:
        return replace(asked, near_name=None)
    return replace(asked, near_name=_name_of(visit, (near.latitude, near.longitude)))


def _name_of(visit: Visit, point: tuple[float, float]) -> str | None:
    """The place they chose or asked about before, when it lies there, else the postcode around."""
    last, chosen = visit.conversation.last, visit.place
    before = last.asked if last else Asked(Query())
    known: list[Place | PlaceRef] = [*([chosen] if chosen else []), *before.query.places]
    for place in known:
        if (place.latitude, place.longitude) == point:
            return place.name
    near = before.query.near
    if before.near_name and near and (near.latitude, near.longitude) == point:
        return before.near_name
    found = gazetteer().nearest(*point)
    return found.name if found else None


def place_note(visit: Visit, place: Place, key: str) -> Reply | None:
    """Remember this place as the person's, and tell them so; nothing in a group."""
    if not visit.is_private:
        return None
    visit.house.database.write(lambda session: people.set_place(session, visit.chat_id, place.key))
    return basics.plain(key, visit.voice, place=place.name)


def has_answer(visit: Visit, text: str) -> bool:
    """Whether something fits this question just now, nothing given up."""
    understanding = visit.house.catalogue.understand(text, visit.now, language=visit.language)
    page = visit.house.catalogue.search(understanding.query, visit.now, limit=1)
    return bool(page.hits) and not page.relaxed


def _place_button(visit: Visit, asked: Asked) -> Button | None:
    """The way to what is near, or away from the remembered place when they are elsewhere."""
    if asked.near_name is not None and visit.place is not None and asked.near_name == visit.place.name:
        return Button(visit.voice.texts("button.elsewhere"), Action(Kind.OTHER_PLACE))
    if not visit.is_private or asked.query.places or asked.query.near is not None:
        return None
    return Button(visit.voice.texts("button.near"), Action(Kind.NEAR_ME))


def _extras(visit: Visit, kids: tuple[family.Kid, ...]) -> Rows:
    notify = Button(visit.voice.texts("button.notify"), Action(Kind.NOTIFY))
    return (*family.chooser(visit.kids, kids, visit.voice), (notify,))


def _origin(visit: Visit, shown: Shown | None) -> tuple[float, float] | None:
    if visit.conversation.position is not None or shown is None:
        return visit.conversation.position
    near = shown.asked.query.near
    return (near.latitude, near.longitude) if near else shown.asked.query.origin
