"""/plakat in words: the list to pick from, the sizes, and what stands on the paper, where no day is near."""

import datetime as dt
import re
from dataclasses import replace

from bot.buttons import Action, Kind
from bot.posters import Poster, Size
from bot.replies import dates, prices
from bot.replies.card import address, age_range, next_venue, owners_named, season_words, upcoming
from bot.replies.markup import one_line, say
from bot.replies.reply import Button, Reply, Rows, Voice
from catalog.cards import Card, OccurrenceFacts
from catalog.text import fold
from catalog.values import PriceKind, Status

ROWS = 8
_MOST_DATES = 4
_LABEL_UNITS = 60
_NAME_UNITS = 120
_NO_SIGHT = (Status.CANCELLED, Status.POSTPONED)
_LONG_BEFORE = dt.timedelta(days=2)
"""A poster hangs for weeks: no date on it is "tomorrow"."""


def list_page(cards: list[Card], voice: Voice, *, offset: int = 0, total: int = 0) -> Reply:
    """What one may make a poster of, a button each. total: of all there are, when it can be turned."""
    rows = [(_entry(card, voice),) for card in cards]
    turns = []
    if offset:
        turns.append(_turn("button.previous", max(0, offset - ROWS), voice))
    if offset + ROWS < total:
        turns.append(_turn("button.more", offset + ROWS, voice))
    words = "poster.pick" if cards else "poster.nothing"
    return Reply(say(voice.texts, words), (*rows, *([tuple(turns)] if turns else [])))


def size_page(card: Card, voice: Voice) -> Reply:
    """Which size, A4 or A5, of a poster of this."""
    title = one_line(card.title(voice.language), _NAME_UNITS)
    if not _shown_dates(card, voice):
        return Reply(say(voice.texts, "poster.no_dates", title=title))
    sizes = (Size.A4, Size.A5)
    choices = (
        Button(voice.texts(f"poster.{size}"), Action(Kind.POSTER, f"{size}:{card.public_id}"))
        for size in sizes
    )
    rows: Rows = (tuple(choices), (Button(voice.texts("button.back"), Action(Kind.POSTER, "list0")),))
    return Reply(say(voice.texts, "poster.size", title=title), rows)


def poster_of(card: Card, voice: Voice, bot_username: str) -> Poster | None:
    """What stands on its poster; None when no date is ahead that it could tell."""
    ahead = _shown_dates(card, voice)
    if not ahead:
        return None
    return Poster(
        card.title(voice.language),
        (*_when(card, ahead, voice), *_where(card, voice), *_who(card, voice)),
        f"https://t.me/{bot_username}?start=f_{card.public_id}",
        voice.texts("poster.hint"),
    )


def file_name(card: Card, voice: Voice, ending: str) -> str:
    """A name that any system can store, from its title."""
    slug = re.sub(r"[^a-z0-9]+", "-", fold(card.title(voice.language)))[:40].strip("-")
    return f"{slug or 'kulturlods'}.{ending}"


def _entry(card: Card, voice: Voice) -> Button:
    ahead = upcoming(card, voice)
    when = f" · {dates.briefly(ahead[0], voice)}" if ahead else ""
    title = one_line(card.title(voice.language), _LABEL_UNITS - len(when))
    return Button(f"{title}{when}", Action(Kind.POSTER, f"of:{card.public_id}"))


def _turn(label: str, offset: int, voice: Voice) -> Button:
    return Button(voice.texts(label), Action(Kind.POSTER, f"list{offset}"))


def _shown_dates(card: Card, voice: Voice) -> list[OccurrenceFacts]:
    if card.withdrawn or card.status in _NO_SIGHT:
        return []
    return [date for date in upcoming(card, voice) if date.status not in _NO_SIGHT]


def _when(card: Card, ahead: list[OccurrenceFacts], voice: Voice) -> list[str]:
    if season := season_words(card, replace(voice, now=ahead[0].start - _LONG_BEFORE)):
        said = [season, _date(ahead[0], card, voice)]
        return [line[:1].upper() + line[1:] for line in said]
    lines = [_date(date, card, voice) for date in ahead[:_MOST_DATES]]
    more = [voice.texts("card.more_dates", n=len(ahead) - _MOST_DATES)] if len(ahead) > _MOST_DATES else []
    return [*(line[:1].upper() + line[1:] for line in lines), *more]


def _date(date: OccurrenceFacts, card: Card, voice: Voice) -> str:
    when = dates.fully(date, replace(voice, now=date.start - _LONG_BEFORE))
    elsewhere = date.venue is not None and date.venue != next_venue(card, voice)
    return f"{when} – {one_line(date.venue.name, 60)}" if elsewhere and date.venue else when


def _where(card: Card, voice: Voice) -> list[str]:
    venue = next_venue(card, voice)
    if venue is None:
        return []
    return [", ".join(part for part in (venue.name, address(venue)) if part)]


def _who(card: Card, voice: Voice) -> list[str]:
    has_age = card.age_from is not None or card.age_to is not None
    age = age_range(card, voice) if has_age else ""
    price = prices.by_tariff(card, voice) if card.price_kind is not PriceKind.UNKNOWN else ""
    short = [words for words in (age, price) if words]
    lines = [" · ".join(short)] if short else []
    if card.residents_only:
        owners = owners_named(card, voice)
        lines.append(voice.texts("poster.residents_of" if owners else "poster.residents", owners=owners))
    venue = next_venue(card, voice)
    if card.organizer and (venue is None or card.organizer != venue.name):
        lines.append(voice.texts("poster.organiser", name=card.organizer))
    return [*lines, voice.texts("card.sample")] if card.is_sample else lines
