"""A question in words, or an old one changed, to what is shown. Blocking and free of Telegram: handlers call
these verbs through `asyncio.to_thread`, one hop a use case."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.buttons import Action, Kind
from bot.conversations import Shown
from bot.handlers.following import standing
from bot.handlers.visit import Visit
from bot.replies import basics, family
from bot.replies.answer import ROWS, answer, nothing_found, shown_hits
from bot.replies.card import card_reply
from bot.replies.reply import Button, Reply, Rows
from bot.replies.understood import NEAR_KM, Asked
from catalog.cards import Card
from catalog.places import Place, gazetteer
from catalog.query import Near, Query, Understanding
from catalog.text import fold, tokens
from reminders import people
from reminders.families import for_no_age

_LONGEST_QUESTION = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to send. shown: the list it shows or came from, remembered under its message. share_button: words
    for a button that shares where one is, when that is asked. note: what is told before it."""

    reply: Reply
    shown: Shown | None = None
    share_button: str | None = None
    note: Reply | None = None


def to_text(visit: Visit, text: str, bot_username: str) -> Outcome:
    """The answer to anything that was written: a row's number, a place that was asked for, or a question."""
    conversation = visit.conversation
    number = text.strip().rstrip(".")
    if conversation.last is not None and number.isdecimal() and len(number) == 1:
        return _row(visit, conversation.last, int(number), bot_username)
    asked_in = conversation.waiting.language if conversation.waiting else visit.language
    understanding = visit.house.catalogue.understand(
        text[:_LONGEST_QUESTION],
        visit.now,
        language=asked_in,
        previous=conversation.last.asked.query if conversation.last else None,
        location=conversation.position,
    )
    speaking = visit.speaking(understanding.query.language)
    return _KINDS[understanding.kind](speaking, understanding, text[:_LONGEST_QUESTION])


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
        return Outcome(nothing_found(asked, suggestions, visit.voice, extras), shown)
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
    return Outcome(reply, shown)


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
    )
    return Outcome(reply, shown)


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
    return replace(outcome, note=_note(speaking, place, "place.shared"))


def to_help(visit: Visit) -> Outcome:
    """What one can write, with examples that have answers just now."""
    return Outcome(basics.help_page(examples(visit, 4, basics.HELP_EXAMPLES), visit.voice))


def examples(visit: Visit, most: int, keys: tuple[str, ...] = basics.SUGGESTIONS) -> tuple[str, ...]:
    """Those of these ready questions that have answers just now, at most so many."""
    found: list[str] = []
    for key in keys:
        if len(found) < most and _has_answer(visit, basics.question(key, visit.voice) or ""):
            found.append(key)
    return tuple(found)


def named(visit: Visit, asked: Asked) -> Asked:
    """The question with a name for what it is near to, unless that is the person, and for their children."""
    kids = family.asked_for(visit.kids, asked.query.ages)
    asked = replace(asked, who_name=family.names(kids, visit.voice) if kids else None)
    near = asked.query.near
    if near is None or (near.latitude, near.longitude) == visit.conversation.position:
        return replace(asked, near_name=None)
    place = gazetteer().nearest(near.latitude, near.longitude)
    chosen = visit.place
    if chosen is not None and (chosen.latitude, chosen.longitude) == (near.latitude, near.longitude):
        place = chosen
    return replace(asked, near_name=place.name if place else None)


def _note(visit: Visit, place: Place, key: str) -> Reply | None:
    if not visit.is_private:
        return None
    visit.house.database.write(lambda session: people.set_place(session, visit.chat_id, place.key))
    return basics.plain(key, visit.voice, place=place.name)


def _has_answer(visit: Visit, text: str) -> bool:
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


def _means_own_children(visit: Visit, text: str) -> bool:
    said = f" {' '.join(token.folded for token in tokens(text))} "
    return any(f" {fold(words)} " in said for words in visit.voice.texts("family.mine").split("|"))


def _origin(visit: Visit, shown: Shown | None) -> tuple[float, float] | None:
    if visit.conversation.position is not None or shown is None:
        return visit.conversation.position
    near = shown.asked.query.near
    return (near.latitude, near.longitude) if near else shown.asked.query.origin


def _row(visit: Visit, shown: Shown, number: int, bot_username: str) -> Outcome:
    speaking = visit.speaking(shown.language)
    if not 1 <= number <= len(shown.rows):
        return Outcome(basics.plain("hello.no_row", speaking.voice, number=number))
    return to_card(speaking, shown.rows[number - 1], shown, bot_username)


def _question(visit: Visit, understanding: Understanding, text: str) -> Outcome:
    waiting, visit.conversation.waiting = visit.conversation.waiting, None
    if waiting is not None and (outcome := _placed(visit.speaking(waiting.language), waiting, text)):
        return outcome
    asked = _as_asked(visit, understanding, text)
    if visit.kids and _means_own_children(visit, text):
        asked = for_children(visit, asked, 0)
    return to_near(visit, asked) if understanding.asks == "place" else to_query(visit, named(visit, asked))


def _placed(visit: Visit, waiting: Shown, text: str) -> Outcome | None:
    """The waiting question at the place that `text` names; None when `text` asks something else."""
    alone = visit.house.catalogue.understand(text, visit.now, language=visit.language).query
    if not (alone.places or alone.near) or not alone.without("places", "near").asks_nothing():
        return None
    query = replace(waiting.asked.query, places=alone.places, near=alone.near)
    place = gazetteer().get(alone.places[0].key) if alone.places else None
    note = _note(visit, place, "place.written") if place else None
    return replace(to_query(visit, named(visit, replace(waiting.asked, query=query))), note=note)


def _as_asked(visit: Visit, understanding: Understanding, text: str) -> Asked:
    last = visit.conversation.last
    earlier = last.asked.spellings if last and understanding.follow_up else {}
    spoken = {**earlier, **{token.folded: token.text for token in tokens(text)}}
    kept = {
        phrase: " ".join(spoken.get(word, word) for word in phrase.split())
        for phrase in understanding.query.words
    }
    return Asked(understanding.query, kept, understanding.repaired)


def _more(visit: Visit, _understanding: Understanding, _text: str) -> Outcome:
    last = visit.conversation.last
    if last is None:
        return _with_examples(visit, "hello.no_list")
    speaking = visit.speaking(last.language)
    if last.offset + ROWS >= last.total:
        return _with_examples(speaking, "hello.no_more")
    return to_query(speaking, last.asked, last.offset + ROWS)


def _help(visit: Visit, _understanding: Understanding, _text: str) -> Outcome:
    return to_help(visit)


def _reset(visit: Visit, _understanding: Understanding, _text: str) -> Outcome:
    visit.conversation.last = visit.conversation.waiting = None
    return _with_examples(visit, "hello.reset")


def _nothing(visit: Visit, _understanding: Understanding, _text: str) -> Outcome:
    waiting = visit.conversation.waiting
    if waiting is not None:
        return ask_where(visit.speaking(waiting.language), waiting.asked, "place.not_found")
    return _with_examples(visit, "hello.nothing")


def _with_examples(visit: Visit, key: str) -> Outcome:
    return Outcome(basics.with_examples(key, examples(visit, 4), visit.voice))


_KINDS: dict[str, Callable[[Visit, Understanding, str], Outcome]] = {
    "question": _question,
    "more": _more,
    "greeting": lambda visit, _understanding, _text: _with_examples(visit, "hello.greeting"),
    "thanks": lambda visit, _understanding, _text: Outcome(basics.plain("hello.thanks", visit.voice)),
    "help": _help,
    "reset": _reset,
    "nothing": _nothing,
}
