"""Saved searches in words, and the screen of each."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.buttons import Action, Kind
from bot.replies.family import Kid, child_name, label
from bot.replies.markup import Html, lines, say
from bot.replies.reply import Button, Reply, Rows, Voice
from bot.replies.understood import Asked, phrase
from catalog.query import Query
from catalog.query_store import load
from reminders.families import for_no_age
from reminders.searches import Saved

Entry = tuple[Saved, Kid | None]
"""A saved search, and the child that it asks for."""


def stored_phrase(stored: Mapping[str, object], voice: Voice) -> str:
    """What a stored question asks, in words: "gratis workshops for unge i Ishøj i weekender"."""
    try:
        return query_phrase(load(stored), voice)
    except ValueError:
        return voice.texts("search.unreadable")


def query_phrase(query: Query, voice: Voice, kid: Kid | None = None) -> str:
    """What a question asks, in words. kid: for whom it asks."""
    if kid is None:
        return phrase(Asked(query), voice)
    for_child = replace(for_no_age(query), ages=(kid.ages,))
    return phrase(Asked(for_child, who_name=child_name(kid.year, kid.emoji, voice)), voice)


def saved_page(saved: Sequence[Entry], often: str | None, kids: Sequence[Kid], voice: Voice) -> Reply:
    """What has just been saved, how often it will be told, and how to change or undo it."""
    heads = [say(voice.texts, "search.saved", search=query_phrase(s.query, voice, kid)) for s, kid in saved]
    undo = [
        Button(_undo_label(kid, len(saved) > 1, voice), Action(Kind.SEARCH, f"{search.id}:stop"))
        for search, kid in saved
    ]
    child_rows = _children(saved[0], kids, voice) if len(saved) == 1 else ()
    text = lines([*heads, _often(often, voice)])
    return Reply(text, (*child_rows, (_how_often(voice),), *((button,) for button in undo)))


def search_page(entry: Entry, often: str | None, kids: Sequence[Kid], voice: Voice) -> Reply:
    """One saved search: see what there is now, for which child, how often, and away with it."""
    saved, kid = entry
    head = say(voice.texts, "search.about", search=query_phrase(saved.query, voice, kid))
    state = say(voice.texts, "search.paused") if saved.paused else _often(often, voice)
    keep, run, stop = (
        Button(voice.texts(f"search.button.{what}"), Action(Kind.SEARCH, f"{saved.id}:{what}"))
        for what in ("keep", "run", "stop")
    )
    back = Button(voice.texts("button.back"), Action(Kind.MINE, "0"))
    rows: Rows = ((run,), *_children(entry, kids, voice), (_how_often(voice), stop), (back,))
    return Reply(lines([head, state]), ((keep,), *rows) if saved.paused else rows)


def _often(often: str | None, voice: Voice) -> Html:
    return say(voice.texts, "search.off") if often is None else say(voice.texts, "search.often", often=often)


def _undo_label(kid: Kid | None, is_one_of_many: bool, voice: Voice) -> str:
    undo = voice.texts("search.button.undo")
    return f"{undo} {label(kid)}" if kid and is_one_of_many else undo


def _children(entry: Entry, kids: Sequence[Kid], voice: Voice) -> Rows:
    saved, chosen = entry
    buttons = [
        Button(
            voice.texts("search.button.child", child=label(kid)),
            Action(Kind.SEARCH, f"{saved.id}:child{kid.id}"),
        )
        for kid in kids
        if kid != chosen
    ]
    if chosen is not None:
        anyone = Action(Kind.SEARCH, f"{saved.id}:child0")
        buttons.append(Button(voice.texts("search.button.anyone"), anyone))
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


def _how_often(voice: Voice) -> Button:
    return Button(voice.texts("search.button.often"), Action(Kind.SETTINGS, "digest"))
