"""/indstillinger: one screen that shows everything, and the small screens behind its buttons."""

import datetime as dt
from collections.abc import Sequence

from bot.buttons import Action, Kind
from bot.replies import dates
from bot.replies.leads import leads_phrase
from bot.replies.markup import Html, lines, say
from bot.replies.reply import Button, Reply, Rows, Voice
from bot.texts import LANGUAGES, texts
from reminders.leads import Lead
from reminders.model import Person
from reminders.people import DIGESTS

DIGEST_HOURS = (7, 8, 10, 12, 16, 18, 20)
QUIET_FROM = (18, 19, 20, 21, 22, 23)
QUIET_UNTIL = (5, 6, 7, 8, 9, 10)
QUIET_AGAIN = (dt.time(21), dt.time(8))
"""What the other end is when one is chosen after there were no quiet hours."""
CAPS = (1, 3, 7, 14)


def settings_page(person: Person, place: str | None, voice: Voice) -> Reply:
    """Everything at a glance. place: the name of the place they chose."""
    text = lines([say(voice.texts, "settings_page.title"), *_facts(person, place, voice)])
    switches = ((_surveys(person, voice),), (_news(person, voice),), (_pause(person, voice),))
    return Reply(text, (*_entries(voice), *switches))


def language_page(voice: Voice) -> Reply:
    """Every language by its own name."""
    row = [
        _button(texts(code)("language.name"), f"language:{code}", code == voice.language)
        for code in LANGUAGES
    ]
    return _page("language", (tuple(row),), voice)


def place_page(place: str | None, voice: Voice) -> Reply:
    """Asks for a town or postcode in writing; the one that is known can be forgotten."""
    rows: Rows = ()
    if place is not None:
        rows = ((_button(voice.texts("settings_page.forget_place", place=place), "place:forget"),),)
    return _page("place", rows, voice)


def quiet_page(person: Person, voice: Voice) -> Reply:
    """From when and until when it is quiet."""
    since, until = person.quiet_from, person.quiet_until
    is_quiet = since != until
    begins = [_hour(hour, "quiet:from", is_quiet and since == dt.time(hour), voice) for hour in QUIET_FROM]
    ends = [_hour(hour, "quiet:to", is_quiet and until == dt.time(hour), voice) for hour in QUIET_UNTIL]
    never = _button(voice.texts("settings_page.never_quiet"), "quiet:none", not is_quiet)
    return _page("quiet", (tuple(begins), tuple(ends), (never,)), voice, now=_quiet(person, voice))


def digest_page(person: Person, voice: Voice) -> Reply:
    """How often, and for a digest on which day and at what time."""
    often = [
        _button(voice.texts(f"settings_page.often.{often}"), f"digest:{often}", often == person.digest)
        for often in DIGESTS
    ]
    rows = [tuple(often[:2]), tuple(often[2:])]
    if person.digest == "weekly":
        rows.append(tuple(_weekday(day, person, voice) for day in range(1, 8)))
    if person.digest in ("daily", "weekly"):
        rows.append(tuple(_hour(h, "time:", person.digest_time == dt.time(h), voice) for h in DIGEST_HOURS))
    return _page("digest", tuple(rows), voice, now=digest_phrase(person, voice))


def cap_page(person: Person, voice: Voice) -> Reply:
    """How many unasked messages a week."""
    row = tuple(_button(str(cap), f"cap:{cap}", cap == person.weekly_cap) for cap in CAPS)
    return _page("cap", (row,), voice)


def digest_phrase(person: Person, voice: Voice) -> str:
    """ "hver fredag kl. 16", "så snart der er noget, højst én gang om dagen"."""
    day = dates.weekday_names((person.digest_weekday,), voice)[0]
    time = voice.texts("date.clock", time=dates.clock(person.digest_time, voice))
    return voice.texts(f"settings_page.digest.{person.digest}", day=day, time=time)


def leads_of(written: Sequence[str]) -> tuple[Lead, ...]:
    """Stored lead times as such."""
    return tuple(Lead.parse(text) for text in written)


def _facts(person: Person, place: str | None, voice: Voice) -> list[Html]:
    is_paused = person.paused_until is not None and person.paused_until > voice.now
    values = {
        "language": voice.texts("language.name"),
        "place": place or voice.texts("settings_page.no_place"),
        "leads": leads_phrase(leads_of(person.leads), voice),
        "quiet": _quiet(person, voice),
        "digest": digest_phrase(person, voice),
        "cap": voice.texts("settings_page.cap_week", n=person.weekly_cap),
        "surveys": voice.texts("settings_page.yes" if person.surveys else "settings_page.no"),
        "news": voice.texts("settings_page.yes" if person.news else "settings_page.no"),
    }
    rows = [say(voice.texts, f"settings_page.row.{name}", value=value) for name, value in values.items()]
    if is_paused and person.paused_until is not None:
        until = dates.long_day(dates.local(person.paused_until, voice).date(), voice)
        rows.append(say(voice.texts, "settings_page.row.paused", value=until))
    return rows


def _entries(voice: Voice) -> Rows:
    leads = Button(voice.texts("settings_page.button.leads"), Action(Kind.LEADS, "0"))
    language, place, quiet, digest, cap = (
        _button(voice.texts(f"settings_page.button.{name}"), name)
        for name in ("language", "place", "quiet", "digest", "cap")
    )
    return ((language, place), (leads, quiet), (digest, cap))


def _surveys(person: Person, voice: Voice) -> Button:
    key = "settings_page.button.no_surveys" if person.surveys else "settings_page.button.surveys"
    return _button(voice.texts(key), f"surveys:{'no' if person.surveys else 'yes'}")


def _news(person: Person, voice: Voice) -> Button:
    key = "settings_page.button.no_news" if person.news else "settings_page.button.news"
    return _button(voice.texts(key), f"news:{'no' if person.news else 'yes'}")


def _pause(person: Person, voice: Voice) -> Button:
    if person.paused_until is not None and person.paused_until > voice.now:
        return _button(voice.texts("settings_page.button.resume"), "pause:no")
    return _button(voice.texts("settings_page.button.pause"), "pause:yes")


def _quiet(person: Person, voice: Voice) -> str:
    if person.quiet_from == person.quiet_until:
        return voice.texts("settings_page.never_quiet")
    span = dates.clocks(person.quiet_from, person.quiet_until, voice)
    return voice.texts("date.clock", time=span)


def _page(name: str, rows: Rows, voice: Voice, **values: str) -> Reply:
    back = Button(voice.texts("button.back"), Action(Kind.SETTINGS, "main"))
    return Reply(say(voice.texts, f"settings_page.ask.{name}", **values), (*rows, (back,)))


def _weekday(day: int, person: Person, voice: Voice) -> Button:
    [name] = dates.short_weekday_names((day,), voice)
    return _button(name, f"weekday:{day}", day == person.digest_weekday)


def _hour(hour: int, what: str, is_chosen: bool, voice: Voice) -> Button:
    return _button(dates.clock(dt.time(hour), voice), f"{what}{hour}", is_chosen)


def _button(label: str, argument: str, is_chosen: bool = False) -> Button:
    return Button(f"✓ {label}" if is_chosen else label, Action(Kind.SETTINGS, argument))
