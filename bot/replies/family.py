"""Children as birth years: how they are called, which of them something fits, and the screens of /familie."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.buttons import Action, Kind
from bot.replies import dates, prices
from bot.replies.markup import Html, lines, say
from bot.replies.reply import Button, Reply, Rows, Voice
from catalog.cards import Card
from catalog.values import OLDEST
from reminders.families import EMOJI, MOST_CHILDREN, Ages, Total

YEARS = 19
"""From this year back: whoever turns eighteen this year is still offered."""

_ANY_CHILD = "🧒"
_YEARS_IN_A_ROW = 5
_EMOJIS_IN_A_ROW = 6


@dataclass(frozen=True, slots=True)
class Kid:
    """A child for replies. ages: the whole years that it may have now, from and to."""

    id: int
    year: int
    emoji: str | None
    ages: Ages


def child_name(year: int, emoji: str | None, voice: Voice) -> str:
    """The emoji that the family picked, else "barnet fra 2018"."""
    return emoji or voice.texts("family.child", year=year)


def names(kids: Sequence[Kid], voice: Voice) -> str:
    """All of them: "🦊 og barnet fra 2021"."""
    return dates.listed([child_name(kid.year, kid.emoji, voice) for kid in kids], voice)


def label(kid: Kid) -> str:
    """For a button: "🦊 2018"."""
    return f"{kid.emoji or _ANY_CHILD} {kid.year}"


def asked_for(kids: Sequence[Kid], ages: tuple[Ages, ...]) -> tuple[Kid, ...]:
    """Whom these ages mean: one of them, or all; nobody when they are other ages."""
    if len(kids) > 1 and ages == ages_of(kids):
        return tuple(kids)
    return next(((kid,) for kid in kids if (kid.ages,) == ages), ())


def ages_of(kids: Sequence[Kid]) -> tuple[Ages, ...]:
    """The ages of all of them, each once."""
    return tuple(sorted({kid.ages for kid in kids}))


def fits(card: Card, kids: Sequence[Kid], voice: Voice) -> str:
    """Which of several children this is for; "" when there is nothing to tell apart."""
    if len(kids) < 2 or (card.age_from is None and card.age_to is None):
        return ""
    fitting = [kid for kid in kids if _fits(card, kid)]
    if len(fitting) == len(kids):
        both = len(kids) == 2
        return voice.texts("family.fits_both") if both else voice.texts("family.fits_all", n=len(kids))
    return voice.texts("family.fits_some", names=names(fitting, voice)) if fitting else ""


def total_line(total: Total, adults: int, children: int, voice: Voice) -> Html:
    """What it costs this family in all, and whom that counts."""
    grown = voice.texts("family.adults", n=adults)
    young = voice.texts("family.children", n=children)
    whom = dates.listed([grown, young], voice)
    return say(voice.texts, "family.total", amount=prices.amount(total.kroner, voice), whom=whom)


def chooser(kids: Sequence[Kid], chosen: Sequence[Kid], voice: Voice) -> Rows:
    """Buttons under an answer that ask it for a child, and for all when there are several."""
    buttons = [Button(label(kid), Action(Kind.FOR_CHILD, str(kid.id))) for kid in kids if (kid,) != chosen]
    if len(kids) > 1 and tuple(chosen) != tuple(kids):
        buttons.append(Button(voice.texts("family.button.all"), Action(Kind.FOR_CHILD, "0")))
    return _in_rows(buttons, 4)


def family_page(kids: Sequence[Kid], voice: Voice) -> Reply:
    """Who is known, and what can be changed."""
    head = say(voice.texts, "family.title" if kids else "family.nobody")
    listed = [
        say(voice.texts, "family.row", name=child_name(k.year, k.emoji, voice), age=age(k, voice))
        for k in kids
    ]
    text = lines([head, *listed, say(voice.texts, "family.promise")])
    buttons = _in_rows([Button(label(kid), Action(Kind.FAMILY, str(kid.id))) for kid in kids], 3)
    if len(kids) >= MOST_CHILDREN:
        return Reply(text, buttons)
    return Reply(text, (*buttons, (Button(voice.texts("family.button.add"), Action(Kind.FAMILY, "add")),)))


def years_page(this_year: int, voice: Voice) -> Reply:
    """Which year the child was born in."""
    years = range(this_year, this_year - YEARS, -1)
    buttons = [Button(str(year), Action(Kind.FAMILY, f"year{year}")) for year in years]
    rows = (*_in_rows(buttons, _YEARS_IN_A_ROW), (_back(voice, "list"),))
    return Reply(say(voice.texts, "family.ask_year"), rows)


def child_page(kid: Kid, voice: Voice) -> Reply:
    """One child: another emoji or none, or out again."""
    buttons = [
        Button(emoji, Action(Kind.FAMILY, f"{kid.id}:emoji{number}"))
        for number, emoji in enumerate(EMOJI, start=1)
    ]
    last = [Button(voice.texts("family.button.remove"), Action(Kind.FAMILY, f"{kid.id}:gone"))]
    if kid.emoji:
        last.insert(0, Button(voice.texts("family.button.plain"), Action(Kind.FAMILY, f"{kid.id}:emoji0")))
    text = say(voice.texts, "family.about", name=child_name(kid.year, kid.emoji, voice), age=age(kid, voice))
    return Reply(text, (*_in_rows(buttons, _EMOJIS_IN_A_ROW), tuple(last), (_back(voice, "list"),)))


def age(kid: Kid, voice: Voice) -> str:
    """ "7–8 år": the calendar tells the year, not the day."""
    low, high = kid.ages
    return voice.texts("age.exactly" if low == high else "age.between", low=low, high=high)


def _fits(card: Card, kid: Kid) -> bool:
    youngest, oldest = kid.ages
    return (card.age_from or 0) <= oldest and youngest <= (OLDEST if card.age_to is None else card.age_to)


def _back(voice: Voice, where: str) -> Button:
    return Button(voice.texts("button.back"), Action(Kind.FAMILY, where))


def _in_rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))
