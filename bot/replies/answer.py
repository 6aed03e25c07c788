"""The answer to a question: how it was understood, five rows, and the way on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.buttons import Action, Kind
from bot.replies import dates, prices
from bot.replies.card import owners_named
from bot.replies.family import Kid, fits
from bot.replies.markup import Html, bold, escape, italic, join, lines, one_line, say
from bot.replies.reply import Button, Reply, Rows, Voice
from bot.replies.understood import Asked, chips, phrase, quoted, sentence, still_asked
from catalog.cards import Card, OccurrenceFacts
from catalog.query import Hit, Page, Query

ROWS = 5
"""How many rows a list has, and how many numbered buttons."""

_TITLE_UNITS = 90
_PLACE_UNITS = 40
_MOST_OWNERS = 2
_ROW_OF_CHIPS = 34
_MARKS = ("age-unknown", "age-inferred", "sold-out", "begun")


def answer(
    asked: Asked,
    page: Page,
    cards: Mapping[int, Card],
    voice: Voice,
    *,
    offset: int = 0,
    place_button: Button | None = None,
    extras: Rows = (),
    kids: Sequence[Kid] = (),
) -> Reply:
    """One page of an answer. place_button: what would help this person to say where, if anything. extras:
    rows of buttons that go below. kids: the children it was asked for."""
    hits = [_measured(hit, page.query) for hit in shown_hits(page, cards)]
    text = lines(
        [
            _headline(asked, page, voice),
            _repairs(asked, voice),
            *[_row(number, hit, cards[hit.offering_id], kids, voice) for number, hit in enumerate(hits, 1)],
            _position(offset, len(hits), page.total, voice),
            _sample([cards[hit.offering_id] for hit in hits], voice),
        ]
    )
    numbers = tuple(
        Button(str(number), Action(Kind.CARD, cards[hit.offering_id].public_id))
        for number, hit in enumerate(hits, 1)
    )
    kept = replace(asked, query=still_asked(asked.query, page.relaxed))
    rows = (
        numbers,
        *_chip_rows(chips(kept, voice)),
        _actions(offset, len(hits), page.total, place_button, voice),
        *extras,
    )
    return Reply(text, tuple(row for row in rows if row))


def nothing_found(asked: Asked, suggestions: Rows, voice: Voice, extras: Rows = ()) -> Reply:
    """There is nothing at all: say so, and offer to ask for less or for what has answers. extras: rows of
    buttons that go between."""
    key = "answer.nothing" if suggestions else "answer.empty"
    text = lines([say(voice.texts, key, question=phrase(asked, voice)), _repairs(asked, voice)])
    return Reply(text, (*_chip_rows(chips(asked, voice)), *extras, *suggestions))


def shown_hits(page: Page, cards: Mapping[int, Card]) -> list[Hit]:
    """The hits that can be shown: those whose offering is still there."""
    return [hit for hit in page.hits if hit.offering_id in cards][:ROWS]


def _headline(asked: Asked, page: Page, voice: Voice) -> Html:
    if not page.relaxed:
        return say(voice.texts, "answer.found", question=sentence(asked, voice))
    given_up = dates.listed(
        list(dict.fromkeys(_given_up(name, asked, page, voice) for name in page.relaxed)), voice
    )
    return say(voice.texts, "answer.relaxed", question=phrase(asked, voice), given_up=given_up)


def _given_up(name: str, asked: Asked, page: Page, voice: Voice) -> str:
    days = {dates.local(hit.start, voice).date() for hit in page.hits}
    if name == "time" and len(days) == 1:
        return voice.texts("relaxed.day", day=dates.long_day(days.pop(), voice))
    if name == "price" and page.query.max_price is not None:
        return voice.texts("what.max_price", amount=prices.amount(page.query.max_price, voice))
    if name == "words":
        dropped = tuple(word for word in asked.query.words if word not in page.query.words)
        return voice.texts("relaxed.words", words=quoted(dropped, asked, voice))
    if name == "place" and asked.query.near is not None:
        return voice.texts("relaxed.further")
    key = f"relaxed.{name}"
    return voice.texts(key if voice.texts.has(key) else "relaxed.unnamed")


def _repairs(asked: Asked, voice: Voice) -> Html | None:
    if not asked.repaired:
        return None
    pairs = [
        voice.texts("answer.repair", written=one_line(written, 40), taken=one_line(taken, 40))
        for written, taken in asked.repaired[:3]
    ]
    return italic(voice.texts("answer.repaired", pairs=dates.listed(pairs, voice)))


def _measured(hit: Hit, query: Query) -> Hit:
    """The hit with its distance only where a person knows from what: from them, or from what it is near to.
    How far something in Køge is from the middle of Køge tells nobody anything."""
    return hit if query.near is not None or query.origin is not None else replace(hit, distance_km=None)


def _row(number: int, hit: Hit, card: Card, kids: Sequence[Kid], voice: Voice) -> Html:
    occurrence = next((o for o in card.occurrences if o.id == hit.occurrence_id), None)
    title = bold(one_line(card.title(voice.language), _TITLE_UNITS))
    facts = [
        dates.briefly(occurrence, voice) if occurrence else dates.moment(hit.start, voice),
        _venue(occurrence, voice),
        prices.distance(hit.distance_km, voice) if hit.distance_km is not None else "",
        prices.cheapest(hit.price, card, voice),
        *[voice.texts(f"mark.{mark}") for mark in _MARKS if mark in hit.marks],
        _residents(card, voice),
        fits(card, kids, voice),
    ]
    return say(voice.texts, "answer.row", number=number, title=title, facts=join(map(escape, facts), " · "))


def _residents(card: Card, voice: Voice) -> str:
    """Whose residents alone may come; empty when anybody may."""
    if not card.residents_only:
        return ""
    key = "mark.residents_of" if 0 < len(card.owners) <= _MOST_OWNERS else "mark.residents"
    return voice.texts(key, owners=owners_named(card, voice))


def _venue(occurrence: OccurrenceFacts | None, voice: Voice) -> str:
    if occurrence is None or occurrence.venue is None:
        return voice.texts("place.unknown")
    return one_line(occurrence.venue.name, _PLACE_UNITS)


def _position(offset: int, shown: int, total: int, voice: Voice) -> Html | None:
    if total <= shown:
        return None
    return italic(voice.texts("answer.position", first=offset + 1, last=offset + shown, total=total))


def _sample(cards: list[Card], voice: Voice) -> Html | None:
    return italic(voice.texts("answer.sample")) if any(card.is_sample for card in cards) else None


def _actions(
    offset: int, shown: int, total: int, place_button: Button | None, voice: Voice
) -> tuple[Button, ...]:
    buttons = []
    if offset:
        before = Action(Kind.PAGE, str(max(0, offset - ROWS)))
        buttons.append(Button(voice.texts("button.previous"), before))
    if offset + shown < total:
        buttons.append(Button(voice.texts("button.more"), Action(Kind.PAGE, str(offset + ROWS))))
    if place_button is not None:
        buttons.append(place_button)
    return tuple(buttons)


def _chip_rows(buttons: tuple[Button, ...]) -> Rows:
    rows: list[list[Button]] = []
    for button in buttons:
        if rows and sum(len(b.label) for b in rows[-1]) + len(button.label) <= _ROW_OF_CHIPS:
            rows[-1].append(button)
        else:
            rows.append([button])
    return tuple(tuple(row) for row in rows)
