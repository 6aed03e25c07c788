"""The table of rules, and the reading of a sentence with them: atoms to items, items to days and hours."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from catalog.understanding.when import clocks, days, joining, periods
from catalog.understanding.when.atoms import Atom
from catalog.understanding.when.calendar import Calendar
from catalog.understanding.when.items import Item
from catalog.understanding.when.rules import Grammar, Kinded

_GROUPS = {
    "leads": "in|om|lead|til|den|whole|around|clock|of",
    "num": "number|one|to|few",
    "digit": "number|ordinal",
    "weekdayname": "weekday|weekday_definite",
    "short": "weekday_short|weekday_unsure",
    "units_any": "unit|units",
    "years": "year|year_rel",
    "parts": "part|part_any|part_plural",
    "onward": "dash|to|til|until",
    "joint": "and|comma",
    "which": "this|next|coming|last",
    "times": "dayname|weekend|span",
    "hour": "hours|number|ordinal|to|one",
}

_ATOMS: Grammar[Atom, Item] = Grammar(
    _GROUPS,
    [
        (days.relative_day, ("leads* day ( leads* parts )?",)),
        (days.day_part, ("leads* day_part",)),
        (days.night_before, ("leads* part til|dash leads* weekdayname|day",)),
        (days.every_weekday, (
            "om weekday_definite parts?",
            "leads* every weekdayname ( leads* parts )?",
            "leads* every? weekday_plural ( leads* parts )?",
            "leads* weekday_plural joint weekday_plural ( leads* parts )?",
            "leads* weekday leads* part_plural",
            "leads* one weekday ( joint one? weekday )? ( leads* parts )?",
            "leads* every ordinal weekdayname ( leads* parts )?",
        )),
        (days.weekday, (
            "leads* this* coming? weekdayname comma? ( leads* parts )?",
            "leads* next|last weekdayname comma? ( leads* parts )?",
            "leads* this* coming? weekday_short leads* parts",
            "leads* this|next|coming|last weekday_short",
            "lead weekday_short",
        )),
        (days.weekdays_short, ("leads* short joint short|weekday ( leads* parts )?",)),
        (days.weekday_of_unit, (
            "leads* weekdayname leads* this|next|last unit ( leads* parts )?",
            "leads* weekday_short leads* this|next unit ( leads* parts )?",
            "leads* this|next unit leads* weekdayname ( leads* parts )?",
            "leads* weekdayname leads* week_after_next parts?",
        )),
        (days.weekday_in_weeks, (
            "leads* weekdayname om|in num units_any",
            "num units_any from|lead leads* weekdayname",
        )),
        (days.workdays, ("leads* every? workdays ( leads* parts )?",)),
        (days.weekends, (
            "leads* every? weekends ( leads* parts )?",
            "leads* every weekend ( leads* parts )?",
        )),
        (days.weekday_range, (
            "leads* short dash|to|til|until short",
            "leads* from? weekday_plural dash|to|til|until weekday_plural",
        )),
        (days.date, (
            "leads* weekdayname? comma? leads* digit of? month comma? years? comma? ( leads* parts )?",
            "leads* weekdayname? comma? leads* month den? digit comma? years? comma? ( leads* parts )?",
            "leads* short comma? leads* digit of? month years?",
            "leads* digit joint den? digit of? month years?",
            "leads* digit comma den? digit joint den? digit of? month years?",
            "leads* month den? digit joint den? digit years?",
        )),
        (days.numeric_date, (
            "leads* weekdayname? comma? leads* date comma? dash? years? ( leads* parts )?",
            "leads* short comma? leads* date",
        )),
        (days.day_of_month, ("leads* weekdayname? comma? leads* den digit ( leads* parts )?",)),
        (days.days_of_month, (
            "leads* den digit joint den? ordinal",
            "leads* den digit comma den? digit joint den? ordinal",
        )),
        (days.dates_range, (
            "leads* from? den? digit onward den? digit of? month years?",
            "leads* from? month den? digit onward den? digit years?",
            "leads* between den? digit and den? digit of? month years?",
        )),
        (days.numeric_range, ("leads* from? digit onward den? date",)),
        (days.nth_of_month, (
            "leads* ordinal|last weekdayname|weekend leads* month years? ( leads* parts )?",
            "leads* ordinal|last weekdayname|weekend leads* this|next? unit ( leads* parts )?",
        )),
        (days.week_of_month, ("leads* ordinal|last unit leads* month ( leads* years )?",)),
        (periods.from_now_on, (
            "leads* next|coming num units_any",
            "leads* den next|coming units_any",
            "leads* next|coming units",
            "leads* coming unit",
            "within leads* next|coming? num? units_any",
            "whole num units_any",
        )),
        (periods.weekend, ("leads* which* weekend ( leads* parts )?",)),
        (periods.unit, ("leads* whole unit", "leads* this|next|last unit ( leads* parts )?",)),
        (periods.week_after_next, ("leads* week_after_next",)),
        (periods.weekend_after_next, ("leads* weekend_after_next",)),
        (periods.iso_week, (
            "leads* units_any digit years? ( leads* parts )?",
            "leads* units_any digit onward|and digit years?",
        )),
        (periods.month, ("leads* which* month ( leads* years )?",)),
        (periods.season, ("leads* which* season ( leads* years )?",)),
        (periods.feast_day, ("leads* which* feast ( leads* years )? ( leads* parts )?",)),
        (periods.year, ("leads* year_rel", "in|lead year")),
        (periods.third, (
            "leads* early|mid|late leads* which* unit",
            "leads* early|mid|late leads* which* month years?",
            "leads* early|mid|late leads* which* season|year_rel years?",
            "leads* mid dash unit|month",
        )),
        (periods.rest, (
            "leads* rest leads* which* unit|month|day|weekend|season|feast|year_rel",
        )),
        (periods.in_units, ("om|in num units_any", "num units_any from_now")),
        (periods.nothing, ("leads* every unit",)),
        (periods.now, ("leads* now",)),
        (periods.soon, ("soon",)),
        (periods.habit, ("leads* habit",)),
        (clocks.clock_time, (
            "leads* clock digit|to|one|time oclock? meridiem? ( leads* parts )?",
            "leads* number|time meridiem ( leads* parts )?",
            "leads* digit|to|one oclock ( leads* parts )?",
            "leads* time ( leads* parts )?",
            "leads* clock_word",
            "leads* offset digit|to|one oclock? meridiem? ( leads* parts )?",
            "around number leads* parts",
            "leads* clock|around digit dash? tid",
        )),
        (clocks.part_of_day, ("leads* part_any|part_plural", "leads* part")),
    ],
)  # fmt: skip

_ITEMS: Grammar[Item, list[Item]] = Grammar(
    _GROUPS,
    [
        (joining.days_range, ("from? times comma? onward leads* times", "between times and leads* times")),
        (joining.from_now_until, ("from_now dash|until leads* times", "now dash|until leads* times")),
        (joining.open_from, ("from leads* times onwards?",)),
        (joining.open_after, ("after leads* times",)),
        (joining.open_before, ("before leads* times",)),
        (joining.open_until, ("until leads* times",)),
        (joining.within, (
            "dayname comma? leads* weekend|span",
            "dayname joint dayname comma? leads* span",
            "weekend leads* dayname|span",
        )),
        (joining.within_before, ("span leads* dayname",)),
        (joining.hours_range, (
            "hours onward hour",
            "number|ordinal dash hours",
            "from hour onward hour",
            "between hour and hour",
        )),
        (joining.hours_of_days, (
            "times leads* number|ordinal|hours dash number|ordinal|hours",
            "weekdays leads* number|ordinal|hours dash number|ordinal|hours",
        )),
        (joining.hours_from, (
            "from|after leads* hours onwards?",
            "from|after number|ordinal|to onwards?",
            "from|after one onwards",
            "hours onwards",
        )),
        (joining.hours_until, ("until|before|til leads* hours", "until|before number|ordinal")),
        (joining.not_hours, ("from|after|until|before|between digit onward|and? digit? unit|units",)),
        (joining.starting, ("starting",)),
    ],
)  # fmt: skip

# What may stand before a word such as "jul" that is then a time, and what "til" leads on from.
_OPENS = frozenset(
    [
        "in",
        "om",
        "lead",
        "til",
        "clock",
        "of",
        "whole",
        "this",
        "next",
        "coming",
        "last",
        "early",
        "mid",
        "late",
        "rest",
        "before",
        "after",
        "from",
        "until",
        "between",
    ]
)
_ENDS = frozenset(
    [
        "day",
        "day_part",
        "weekday",
        "weekday_definite",
        "weekday_plural",
        "weekday_short",
        "weekday_unsure",
        "month",
        "season",
        "feast",
        "number",
        "ordinal",
        "date",
        "time",
        "clock_word",
        "meridiem",
        "oclock",
        "year",
        "part",
        "weekend",
    ]
)
_JOINTS = frozenset({"and", "to", "til", "dash", "until"})
_AFTER_A_DAY = frozenset({"comma", "barrier", "clock", "time", "after", "from", "before", "until"})
_BEFORE_NO_BARE_DAY = frozenset(
    {"den", "month", "number", "dash", "til", "until", "weekday_short", "weekday_unsure"}
)
_UNSURE = {"feast_unsure": "feast", "season_unsure": "season", "month_unsure": "month"}

Kind = TypeVar("Kind", bound=Kinded)
Made = TypeVar("Made")


def read_items(calendar: Calendar, atoms: Sequence[Atom], language: str) -> list[Item]:
    """The times of a sentence in order, with the words in between as items that are no time."""
    sure = _settled(atoms, language)
    found: list[Item] = []
    for piece in _read(_ATOMS, calendar, sure):
        found.append(piece if isinstance(piece, Item) else Item(piece.kind, (piece,)))
    joined: list[Item] = []
    for more in _read(_ITEMS, calendar, found):
        joined += more if isinstance(more, list) else [more]
    return joined


def _read(grammar: Grammar[Kind, Made], calendar: Calendar, pieces: Sequence[Kind]) -> Iterator[Kind | Made]:
    """The pieces in order, with what a rule made of them in their place."""
    code = grammar.encode(pieces)
    position = 0
    while position < len(pieces):
        match = grammar.longest(calendar, pieces, code, position)
        yield match[1] if match else pieces[position]
        position = match[0] if match else position + 1


def _settled(atoms: Sequence[Atom], language: str) -> list[Atom]:
    """Words such as "jul", "spring" and "may" are times only where the words beside them say so; and "til"
    after a time leads to the end of a range, while else it is "on": "til fredag"."""
    settled: list[Atom] = []
    for index, atom in enumerate(atoms):
        if atom.kind in _UNSURE:
            sure = _is_sure(settled, atom, atoms[index + 1 :], language)
            kind = _UNSURE[atom.kind] if sure else "other"
            settled.append(replace(atom, kind=kind))
        elif atom.kind == "weekday_short" and _is_bare_day(settled, atoms[index + 1 :]):
            settled.append(replace(atom, kind="weekday"))
        elif atom.kind == "til" and settled and settled[-1].kind in _ENDS:
            settled.append(replace(atom, kind="dash"))
        else:
            settled.append(atom)
    return settled


def _is_bare_day(before: list[Atom], after: Sequence[Atom]) -> bool:
    """Whether a short name of a day stands where nothing but a day can: "free stuff sat", "fri after 5"."""
    if not before:
        return bool(after) and after[0].kind in ("clock", "time", "after", "before")
    alone = before[-1].kind not in _BEFORE_NO_BARE_DAY
    return alone and (not after or after[0].kind in _AFTER_A_DAY)


def _is_sure(before: list[Atom], atom: Atom, after: Sequence[Atom], language: str) -> bool:
    following = after[0].kind if after else ""
    spoken = [a.kind for a in before if a.kind != "den"]
    if (not before and not after) or following in ("year", "year_rel"):
        return True
    if atom.kind == "month_unsure":
        if {following, *spoken[-1:]} & {"number", "ordinal"}:
            return True
    elif following == "other" and language == "en":
        # "at Christmas markets": English puts the feast before what it is the feast of.
        return False
    joined = len(spoken) > 1 and spoken[-1] in _JOINTS and spoken[-2] in ("month", "season", "feast")
    return joined or (bool(spoken) and spoken[-1] in _OPENS)
