"""Lead times in words, and the screen that changes them."""

import datetime as dt

from bot.buttons import Action, Kind
from bot.replies import dates
from bot.replies.markup import lines, say
from bot.replies.reply import Button, Reply, Rows, Voice
from reminders.leads import PRESETS, Lead

NONE, OWN = "none", "own"
"""What a button says instead of a lead: no reminders at all, and the person's own ones again."""


def lead_phrase(lead: Lead, voice: Voice) -> str:
    """ "dagen før kl. 17", "2 timer før"."""
    if lead.minutes is not None:
        hours, minutes = divmod(lead.minutes, 60)
        return voice.texts("lead.minutes" if minutes else "lead.hours", n=lead.minutes if minutes else hours)
    time = voice.texts("date.clock", time=dates.clock(lead.clock or dt.time(), voice))
    key = {0: "lead.same_day", 1: "lead.day_before", 7: "lead.week_before"}.get(lead.days or 0, "lead.days")
    return voice.texts(key, time=time, n=lead.days)


def leads_phrase(leads: tuple[Lead, ...], voice: Voice) -> str:
    """All of them, the earliest first: "dagen før kl. 17 og 2 timer før"; or that there are none."""
    if not leads:
        return voice.texts("lead.none")
    return dates.listed([lead_phrase(lead, voice) for lead in earliest_first(leads)], voice)


def earliest_first(leads: tuple[Lead, ...]) -> list[Lead]:
    """In the order in which they come."""
    return sorted(dict.fromkeys(leads), key=_minutes_before, reverse=True)


def leads_page(
    leads: tuple[Lead, ...], voice: Voice, *, follow_id: int = 0, title: str = "", is_own: bool = False
) -> Reply:
    """What to tap: the usual lead times and whatever else was chosen. follow_id: of the one followed thing
    that they are for, called `title`; 0 for everything that has none of its own (is_own)."""
    ask = say(voice.texts, "lead.ask_one" if follow_id else "lead.ask", title=title)
    now = say(voice.texts, "lead.now_usual" if is_own else "lead.now", leads=leads_phrase(leads, voice))
    text = lines([ask, now, say(voice.texts, "lead.type")])
    return Reply(text, _rows(leads, follow_id, is_own, voice))


def _rows(leads: tuple[Lead, ...], follow_id: int, is_own: bool, voice: Voice) -> Rows:
    offered = earliest_first((*PRESETS, *leads))
    buttons = [_toggle(lead, lead in leads, follow_id, voice) for lead in offered]
    rows = [tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2)]
    last = [Button(voice.texts("lead.button.none"), Action(Kind.LEADS, f"{follow_id}:{NONE}"))]
    if follow_id and not is_own:
        last.append(Button(voice.texts("lead.button.usual"), Action(Kind.LEADS, f"{follow_id}:{OWN}")))
    back = Action(Kind.FOLLOWED, str(follow_id)) if follow_id else Action(Kind.SETTINGS, "main")
    return (*rows, tuple(last), (Button(voice.texts("button.back"), back),))


def _toggle(lead: Lead, is_chosen: bool, follow_id: int, voice: Voice) -> Button:
    label = lead_phrase(lead, voice)
    return Button(f"✓ {label}" if is_chosen else label, Action(Kind.LEADS, f"{follow_id}:{lead}"))


def _minutes_before(lead: Lead) -> int:
    if lead.minutes is not None:
        return lead.minutes
    clock = lead.clock or dt.time()
    # Counted back from eight in the evening, when most things have begun.
    return (lead.days or 0) * 1440 + (20 - clock.hour) * 60 - clock.minute
