"""/tal, and the week's figures: what may be told, in words. Numbers come rounded from `catalog.figures`."""

from collections.abc import Iterator

from telegram.constants import MessageLimit

from bot.buttons import Action, Kind
from bot.replies import dates
from bot.replies.markup import Html, lines, one_line, say, shown_units
from bot.replies.reply import Button, Reply, Voice
from bot.replies.staff import who
from bot.replies.understood import Asked, phrase
from catalog.demand import Wish
from catalog.figures import What
from catalog.query import Query
from catalog.staff import Role, Staffer
from catalog.values import AUDIENCE_AGES, Audience, Category
from reminders.notices import Note
from reminders.reach import Report

_MOST_WISHES = 5
_WHERE_UNITS = 120
_ALONE = (What.QUESTIONS, What.UNMET, What.FOLLOWS, What.REMINDERS)


def page(report: Report, where: str, voice: Voice) -> Reply:
    """The figures in short, with a way to all of them; they fit under a picture."""
    if not has_any(report):
        return Reply(say(voice.texts, "figures.nothing", where=where))
    where = one_line(where, _WHERE_UNITS)
    head = say(voice.texts, "figures.title", where=where, weeks=weeks_of(report, voice))
    foot = say(voice.texts, "figures.rounded")
    for most in range(_MOST_WISHES, -1, -1):
        text = lines([head, *_body(report, voice, most), foot])
        if shown_units(text) <= MessageLimit.CAPTION_LENGTH:
            break
    return Reply(text, ((Button(voice.texts("figures.button.csv"), Action(Kind.FIGURES, "csv")),),))


def weekly(note: Note, voice: Voice) -> Reply:
    """The week's figures, as they come unasked."""
    report = note.facts
    assert isinstance(report, Report)  # noqa: S101  # `reminders.weekly` makes no other
    where = _places(report.municipalities, voice)
    head = say(voice.texts, "figures.weekly", where=where, weeks=weeks_of(report, voice))
    foot = [say(voice.texts, "figures.rounded"), say(voice.texts, "figures.see")]
    return Reply(lines([head, *_body(report, voice, _MOST_WISHES), *foot]))


def has_any(report: Report) -> bool:
    """Whether there is a number that may be told."""
    told = [figure for figure in report.figures if figure.total is not None]
    return bool(told or report.wishes or report.pooled)


def whose(staffer: Staffer | None, report: Report, voice: Voice) -> str:
    """What the figures are of."""
    if staffer is not None and staffer.role is Role.AMBASSADOR:
        return who(staffer.role, staffer.scopes, voice)
    return _places(report.municipalities, voice)


def weeks_of(report: Report, voice: Voice) -> str:
    """ "uge 40–47"."""
    first, last = report.weeks[0].isocalendar().week, report.weeks[-1].isocalendar().week
    if first == last:
        return voice.texts("figures.week", n=str(first))
    return voice.texts("figures.weeks", first=first, last=last)


def number(told: int | None, voice: Voice) -> str:
    """ "20+", "<5"."""
    return voice.texts("figures.under") if told is None else voice.texts("figures.at_least", n=told)


def category_name(category: str, voice: Voice) -> str:
    """A category by name, also none."""
    return voice.texts(f"category.{category}") if category else voice.texts("figures.none.category")


def municipality_name(municipality: str, voice: Voice) -> str:
    """A municipality by name, also none."""
    return municipality or voice.texts("figures.none.municipality")


def _body(report: Report, voice: Voice, most: int) -> Iterator[Html]:
    yield from _totals(report, voice)
    unmet = [wish for wish in report.wishes if wish.unmet is not None]
    if unmet[:most]:
        yield Html("")
        yield say(voice.texts, "figures.wishes", since=dates.plain_day(report.since, voice))
        yield from (_wish(wish, report, voice) for wish in unmet[:most])
    if report.pooled[:most]:
        yield Html("")
        yield say(voice.texts, "figures.pooled")
        yield from (_pooled(wish, voice) for wish in report.pooled[:most])
        yield say(voice.texts, "figures.pooled_what")
    yield Html("")


def _totals(report: Report, voice: Voice) -> Iterator[Html]:
    totals = {figure.what: figure.total for figure in report.figures}
    for what in _ALONE:
        if totals[what] is not None or what is What.QUESTIONS:
            yield say(voice.texts, f"figures.{what.value}", n=number(totals[what], voice))
    went, stayed = totals[What.WENT], totals[What.STAYED]
    if went is not None or stayed is not None:
        said = {"went": number(went, voice), "stayed": number(stayed, voice)}
        yield say(voice.texts, "figures.attended", **said)
    if totals[What.PEOPLE] is not None:
        yield say(voice.texts, "figures.people", n=number(totals[What.PEOPLE], voice))


def _wish(wish: Wish, report: Report, voice: Voice) -> Html:
    what, where, n = _what(wish, voice), wish.where[0], str(wish.unmet or 0)
    if not where or (report.municipalities is not None and len(report.municipalities) == 1):
        return say(voice.texts, "figures.wish", what=what, n=n)
    return say(voice.texts, "figures.wish_where", what=what, where=where, n=n)


def _pooled(wish: Wish, voice: Voice) -> Html:
    what, where = _what(wish, voice), dates.listed(list(wish.where), voice)
    return say(voice.texts, "figures.pooled_wish", what=what, where=where, n=str(wish.unmet or 0))


def _what(wish: Wish, voice: Voice) -> str:
    """ "dans for 13–25 år"."""
    categories = (Category(wish.category),) if wish.category else ()
    ages = (AUDIENCE_AGES[Audience(wish.ages)],) if wish.ages else ()
    return phrase(Asked(Query(categories=categories, ages=ages)), voice)


def _places(municipalities: tuple[str, ...] | None, voice: Voice) -> str:
    if municipalities is None:
        return voice.texts("figures.everywhere")
    return dates.listed(list(municipalities), voice)
