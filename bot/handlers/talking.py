"""Small talk, worry, danger, and what nobody understands: a kind word, and something to go on with. Blocking
and free of Telegram, like `bot.handlers.answering`."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.buttons import Action, Kind
from bot.conversations import Shown
from bot.handlers.answering import Outcome, examples, has_answer, named, to_query
from bot.handlers.visit import Visit
from bot.replies import basics, care
from bot.replies.markup import Html, lines, say
from bot.replies.reply import Button, Reply, Voice
from bot.replies.understood import Asked, phrase
from catalog.cards import Card
from catalog.places import gazetteer
from catalog.query import Near, Query, Understanding, Window
from catalog.understanding.danger import danger_in
from catalog.values import Access, Category, Format

_NEAR_KM = 10.0
_ENOUGH = 2
_WEEK = dt.timedelta(days=7)
_LOOKED_THROUGH, _MOST_EXAMPLES = 40, 3
_NEED_TO_TALK = ("lonely", "sad")

_EASY_TO_JOIN = (
    Query(accessibility=(Access.LOW_THRESHOLD,)),
    Query(formats=(Format.CLUB,)),
    Query(categories=(Category.COMMUNITY,)),
)
"""What a worry is offered, the first that there is enough of."""


def in_danger(visit: Visit, text: str) -> Outcome | None:
    """Whom to call, when the text speaks of danger."""
    found = danger_in(text)
    return danger(visit.speaking(found.language or visit.language), found.topic) if found else None


def danger(visit: Visit, topic: str) -> Outcome:
    """Whom to call, and nothing else. What was written is kept nowhere."""
    return Outcome(care.in_danger(topic, visit.voice))


def small_talk(visit: Visit, what: str) -> Outcome:
    """A short word, and one thing to tap."""
    return with_examples(visit, f"small_talk.{what}", 1)


def worry(visit: Visit, understanding: Understanding) -> Outcome:
    """A kind word, and what is easy to join near them."""
    what, voice = understanding.detail, visit.voice
    outcome = next(filter(_has_rows, _offers(visit, understanding.query)), None)
    talk = ((Button(voice.texts("worry.talk"), Action(Kind.TALK)),),) if what in _NEED_TO_TALK else ()
    if outcome is None:
        reply = basics.with_examples("worry.nothing", examples(visit, 4), voice)
        return Outcome(replace(reply, rows=(*reply.rows, *talk)))
    text = lines([say(voice.texts, f"worry.{what}"), Html(""), outcome.reply.text])
    return replace(outcome, reply=Reply(text, (*outcome.reply.rows, *talk)))


def with_examples(visit: Visit, key: str, most: int = 4) -> Outcome:
    """The sentence `key` with ready questions under it that have answers just now."""
    return Outcome(basics.with_examples(key, examples(visit, most), visit.voice))


def this_week(visit: Visit, key: str, otherwise: str) -> Outcome:
    """The sentence `key` with questions made of what is really on this week; `otherwise` when nothing is."""
    found = list(_questions(visit))
    if not found:
        return with_examples(visit, otherwise)
    voice = visit.voice
    rows = [say(voice.texts, "this_week.example", question=question) for question in found]
    buttons = basics.suggestion_rows(examples(visit, 2), voice)
    return Outcome(Reply(lines([say(voice.texts, key), *rows]), buttons))


def _offers(visit: Visit, query: Query) -> Iterator[Outcome]:
    """Lists of what is easy to join: near them first, then anywhere; enough of one kind first, then any."""
    near = _around(visit)
    placed = [query] if query.places or query.near else [replace(query, near=near)] if near else []
    for where in (*placed, query.without("places", "near")):
        wanted = [
            replace(easy, language=query.language, places=where.places, near=where.near, origin=query.origin)
            for easy in _EASY_TO_JOIN
        ]
        for least in (_ENOUGH, 1):
            for question in wanted:
                page = visit.house.catalogue.search(question, visit.now, limit=1)
                if not page.relaxed and page.total >= least:
                    yield to_query(visit, named(visit, Asked(question, confided=True)))


def _has_rows(outcome: Outcome) -> bool:
    return isinstance(outcome.shown, Shown) and bool(outcome.shown.rows)


def _around(visit: Visit) -> Near | None:
    position, place = visit.conversation.position, visit.place
    if position is not None:
        return Near(*position, _NEAR_KM)
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Near(place.latitude, place.longitude, _NEAR_KM)


def _questions(visit: Visit) -> Iterator[str]:
    """A few questions, each of another kind and place, that this week's programme answers."""
    near = _around(visit)
    coming = Query(
        language=visit.language,
        windows=(Window(visit.now, visit.now + _WEEK),),
        origin=(near.latitude, near.longitude) if near else None,
    )
    page = visit.house.catalogue.search(coming, visit.now, limit=_LOOKED_THROUGH)
    cards = visit.house.catalogue.cards(hit.offering_id for hit in page.hits)
    known = (cards[hit.offering_id] for hit in page.hits if hit.offering_id in cards)
    seen: set[object] = set()
    # What has a name of its own ("koncerter") says more than a category.
    for query in sorted(_about(known, visit.voice), key=lambda query: not query.formats):
        if len(seen) >= 2 * _MOST_EXAMPLES:
            return
        question = phrase(Asked(query), visit.voice)
        if seen.isdisjoint((query.categories, query.places)) and has_answer(visit, question):
            seen |= {query.categories, query.places}
            yield question


def _named(query: Query, form: Format, voice: Voice) -> bool:
    return voice.texts.has(f"pair.{query.categories[0].value}-{form.value}")


def _about(cards: Iterable[Card], voice: Voice) -> Iterator[Query]:
    """What each of these is in a few words: "musikworkshops i Ishøj"."""
    for card in cards:
        venues = (date.venue for date in card.occurrences if date.venue is not None)
        municipality = next((venue.municipality for venue in venues if venue.municipality), None)
        place = gazetteer().municipality(municipality) if municipality else None
        if place is not None and card.categories:
            about = Query(language=voice.language, places=(place.ref(),), categories=card.categories[:1])
            yield from (
                replace(about, formats=(form,)) for form in card.formats if _named(about, form, voice)
            )
            yield about
