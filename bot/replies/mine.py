"""/mine: what somebody follows, by date, and what they want to be told of."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.buttons import Action, Kind
from bot.replies import dates
from bot.replies.changes import occurrence_line
from bot.replies.leads import leads_phrase
from bot.replies.markup import Html, bold, escape, italic, lines, one_line, say
from bot.replies.notices import snooze_buttons
from bot.replies.reply import Button, Reply, Voice
from bot.replies.searches import Entry as SearchEntry
from bot.replies.searches import query_phrase
from reminders.follows import FollowView
from reminders.leads import Lead

ROWS = 5
_TITLE_UNITS = 90
_NEWS = ("organizer", "venue")

Entry = FollowView | SearchEntry


@dataclass(frozen=True, slots=True)
class Followed:
    """One followed thing in full. leads: those that hold for it, its own or the usual ones; often: how news
    comes, None when none does; next_reminder: when; snoozes: for how many minutes its last reminder can be
    put off."""

    view: FollowView
    leads: tuple[Lead, ...]
    often: str | None
    next_reminder: dt.datetime | None = None
    snoozes: tuple[int, ...] = ()


def mine_page(
    follows: Sequence[FollowView], searches: Sequence[SearchEntry], offset: int, voice: Voice
) -> Reply:
    """Five things from `offset` on: follows first, then searches, numbered as their buttons are."""
    everything: list[Entry] = [*follows, *searches]
    if not everything:
        return Reply(say(voice.texts, "mine.empty"))
    shown = everything[offset : offset + ROWS] or everything[:ROWS]
    start = offset if offset < len(everything) else 0
    numbers = [Button(str(n), _open(entry)) for n, entry in enumerate(shown, 1)]
    parts = [_titled(n, entry, shown, voice) for n, entry in enumerate(shown, 1)]
    position = _position(start, len(shown), len(everything), voice)
    text = lines([*(line for part in parts for line in part), position])
    return Reply(text, tuple(row for row in (tuple(numbers), _turning(start, len(everything), voice)) if row))


def follow_page(followed: Followed, voice: Voice) -> Reply:
    """One followed thing: its card, its reminders, and away with it."""
    view = followed.view
    facts = [say(voice.texts, "mine.about", title=_name(view, voice), facts=_facts(view, voice))]
    buttons: list[tuple[Button, ...]] = []
    if view.card is not None:
        buttons.append((Button(voice.texts("mine.button.card"), Action(Kind.OPEN, view.card.public_id)),))
    if view.kind in _NEWS:
        key = "search.off" if followed.often is None else "mine.news"
        facts.append(say(voice.texts, key, often=followed.often or ""))
    else:
        key = "mine.reminders_usual" if view.leads is None else "mine.reminders"
        facts.append(say(voice.texts, key, leads=leads_phrase(followed.leads, voice)))
        if followed.next_reminder is not None:
            when = dates.moment(followed.next_reminder, voice)
            facts.append(say(voice.texts, "mine.next_reminder", when=when))
        buttons += snooze_buttons(Kind.FOLLOWED, view.id, followed.snoozes, voice)
        buttons.append((Button(voice.texts("following.leads"), Action(Kind.LEADS, str(view.id))),))
    buttons.append((Button(voice.texts("following.stop"), Action(Kind.FOLLOWED, f"{view.id}:stop")),))
    buttons.append((Button(voice.texts("button.back"), Action(Kind.MINE, "0")),))
    return Reply(lines(facts), tuple(buttons))


def _open(entry: Entry) -> Action:
    if isinstance(entry, FollowView):
        return Action(Kind.FOLLOWED, str(entry.id))
    return Action(Kind.SEARCH, str(entry[0].id))


def _titled(number: int, entry: Entry, shown: Sequence[Entry], voice: Voice) -> list[Html]:
    """The row, under its heading when it is the first of its kind on this page."""
    is_follow = isinstance(entry, FollowView)
    is_first = number == 1 or isinstance(shown[number - 2], FollowView) != is_follow
    heading = [say(voice.texts, "mine.follows" if is_follow else "mine.searches")] if is_first else []
    return [*heading, _row(number, entry, voice)]


def _row(number: int, entry: Entry, voice: Voice) -> Html:
    if isinstance(entry, FollowView):
        title = bold(one_line(_name(entry, voice), _TITLE_UNITS))
        return say(voice.texts, "answer.row", number=number, title=title, facts=_facts(entry, voice))
    saved, kid = entry
    words = query_phrase(saved.query, voice, kid)
    if saved.paused:
        words = f"{words} ({voice.texts('mine.paused')})"
    return say(voice.texts, "mine.search_row", number=number, search=words)


def _name(view: FollowView, voice: Voice) -> str:
    return one_line(view.name(voice.language), _TITLE_UNITS)


def _facts(view: FollowView, voice: Voice) -> Html:
    if view.kind in _NEWS:
        return escape(voice.texts("mine.all_new"))
    parts = [voice.texts("mine.whole_series")] if view.kind == "series" else []
    if view.next is not None:
        parts.append(occurrence_line(view.next, voice))
    elif view.card is not None:
        parts.append(voice.texts("mine.over" if view.card.occurrences else "mine.no_dates"))
    return escape(" · ".join(parts))


def _position(offset: int, shown: int, total: int, voice: Voice) -> Html | None:
    if total <= shown:
        return None
    return italic(voice.texts("answer.position", first=offset + 1, last=offset + shown, total=total))


def _turning(offset: int, total: int, voice: Voice) -> tuple[Button, ...]:
    turns = []
    if offset:
        turns.append(Button(voice.texts("button.previous"), Action(Kind.MINE, str(max(0, offset - ROWS)))))
    if offset + ROWS < total:
        turns.append(Button(voice.texts("button.more"), Action(Kind.MINE, str(offset + ROWS))))
    return tuple(turns)
