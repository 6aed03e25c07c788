"""What was written, and which verb answers it. Blocking and free of Telegram, like its neighbours."""

from collections.abc import Callable
from dataclasses import replace

from bot.conversations import Shown
from bot.handlers import asking_back, pointing, talking
from bot.handlers.answering import (
    Outcome,
    ask_where,
    for_children,
    named,
    place_note,
    to_help,
    to_near,
    to_query,
)
from bot.handlers.counting import counted
from bot.handlers.visit import Visit
from bot.replies.answer import ROWS
from bot.replies.understood import Asked
from catalog.places import gazetteer
from catalog.query import Understanding
from catalog.text import fold, tokens

_LONGEST_QUESTION = 500

Heard = Callable[[Visit, Understanding, str, str], Outcome]


def to_text(visit: Visit, text: str, bot_username: str) -> Outcome:
    """The answer to anything that was written: a row's number, a place that was asked for, or a question."""
    conversation = visit.conversation
    if (chosen := pointing.by_number(visit, text, bot_username)) is not None:
        return chosen
    asked_in = conversation.waiting.language if conversation.waiting else visit.language
    understanding = visit.house.catalogue.understand(
        text,
        visit.now,
        language=asked_in,
        previous=conversation.last.asked.query if conversation.last else None,
        location=conversation.position,
    )
    speaking = visit.speaking(understanding.query.language)
    outcome = _KINDS[understanding.kind](speaking, understanding, text[:_LONGEST_QUESTION], bot_username)
    # Nothing else is: least of all what somebody in danger or in sorrow writes.
    return counted(speaking, outcome) if understanding.kind == "question" else outcome


def _question(visit: Visit, understanding: Understanding, text: str, bot_username: str) -> Outcome:
    if understanding.detail and (outcome := pointing.about_shown(visit, understanding.detail, bot_username)):
        return outcome
    waiting, visit.conversation.waiting = visit.conversation.waiting, None
    if waiting is not None and (outcome := _placed(visit.speaking(waiting.language), waiting, text)):
        return outcome
    asked = _as_asked(visit, understanding, text)
    if visit.kids and _means_own_children(visit, text):
        asked = for_children(visit, asked, 0)
    if understanding.asks == "place":
        return to_near(visit, asked)
    asked = named(visit, asked)
    return asking_back.which_reading(visit, asked, understanding.others) or to_query(visit, asked)


def _placed(visit: Visit, waiting: Shown, text: str) -> Outcome | None:
    """The waiting question at the place that `text` names; None when `text` asks something else."""
    alone = visit.house.catalogue.understand(text, visit.now, language=visit.language).query
    if not (alone.places or alone.near) or not alone.without("places", "near").asks_nothing():
        return None
    query = replace(waiting.asked.query, places=alone.places, near=alone.near)
    place = gazetteer().get(alone.places[0].key) if alone.places else None
    note = place_note(visit, place, "place.written") if place else None
    return replace(to_query(visit, named(visit, replace(waiting.asked, query=query))), note=note)


def _as_asked(visit: Visit, understanding: Understanding, text: str) -> Asked:
    last = visit.conversation.last
    earlier = last.asked.spellings if last and understanding.follow_up else {}
    spoken = {**earlier, **{token.folded: token.text for token in tokens(text)}}
    kept = {
        phrase: " ".join(spoken.get(word, word) for word in phrase.split())
        for phrase in understanding.query.words
    }
    confided = last is not None and understanding.follow_up and last.asked.confided
    return Asked(understanding.query, kept, understanding.repaired, confided=confided)


def _more(visit: Visit, _understanding: Understanding, _text: str, _username: str) -> Outcome:
    last = visit.conversation.last
    if last is None:
        return talking.with_examples(visit, "hello.no_list")
    speaking = visit.speaking(last.language)
    if last.readings:
        return to_query(speaking, last.asked)
    if last.offset + ROWS >= last.total:
        return talking.with_examples(speaking, "hello.no_more")
    return to_query(speaking, last.asked, last.offset + ROWS)


def _help(visit: Visit, _understanding: Understanding, _text: str, _username: str) -> Outcome:
    return to_help(visit)


def _reset(visit: Visit, _understanding: Understanding, _text: str, _username: str) -> Outcome:
    visit.conversation.last = visit.conversation.waiting = visit.conversation.card = None
    return talking.with_examples(visit, "hello.reset")


def _nothing(visit: Visit, _understanding: Understanding, _text: str, _username: str) -> Outcome:
    waiting = visit.conversation.waiting
    if waiting is not None:
        return ask_where(visit.speaking(waiting.language), waiting.asked, "place.not_found")
    return talking.this_week(visit, "did_not_get.examples", "hello.nothing")


def _means_own_children(visit: Visit, text: str) -> bool:
    said = f" {' '.join(token.folded for token in tokens(text))} "
    return any(f" {fold(words)} " in said for words in visit.voice.texts("family.mine").split("|"))


def _greeting(visit: Visit, _understanding: Understanding, _text: str, _username: str) -> Outcome:
    return talking.with_examples(visit, "hello.greeting")


def _thanks(visit: Visit, _understanding: Understanding, _text: str, _username: str) -> Outcome:
    return talking.with_examples(visit, "hello.thanks", 1)


def _foreign(visit: Visit, _understanding: Understanding, _text: str, _username: str) -> Outcome:
    return talking.this_week(visit, "foreign.text", "foreign.text")


def _small_talk(visit: Visit, understanding: Understanding, _text: str, _username: str) -> Outcome:
    return talking.small_talk(visit, understanding.detail)


def _worry(visit: Visit, understanding: Understanding, _text: str, _username: str) -> Outcome:
    return talking.worry(visit, understanding)


def _danger(visit: Visit, understanding: Understanding, _text: str, _username: str) -> Outcome:
    return talking.danger(visit, understanding.detail)


def _about(visit: Visit, understanding: Understanding, _text: str, username: str) -> Outcome:
    return pointing.about_shown(visit, understanding.detail, username) or pointing.which(visit)


def _row(visit: Visit, understanding: Understanding, _text: str, username: str) -> Outcome:
    return pointing.row(visit, int(understanding.detail), username)


def _follow(visit: Visit, _understanding: Understanding, _text: str, username: str) -> Outcome:
    return pointing.follow_shown(visit, username)


def _notify(visit: Visit, _understanding: Understanding, _text: str, username: str) -> Outcome:
    return pointing.notify(visit, username)


_KINDS: dict[str, Heard] = {
    "danger": _danger,
    "question": _question,
    "more": _more,
    "about": _about,
    "row": _row,
    "follow": _follow,
    "notify": _notify,
    "greeting": _greeting,
    "thanks": _thanks,
    "small-talk": _small_talk,
    "worry": _worry,
    "help": _help,
    "reset": _reset,
    "foreign": _foreign,
    "nothing": _nothing,
}
