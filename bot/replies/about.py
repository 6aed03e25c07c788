"""One question about the offering that is shown, answered in a line or two from its card."""

from collections.abc import Callable, Iterable

from bot.buttons import Action, Kind
from bot.replies import card as cards
from bot.replies.markup import Html, lines, link, one_line, say
from bot.replies.reply import Button, Reply, Voice
from catalog.cards import Card
from catalog.values import Access, Status

_TITLE_UNITS = 90
_NAME_UNITS = 60
_DATES = 3

Lines = Iterable[Html | None]


def about(card: Card, subject: str, voice: Voice) -> Reply:
    """The answer: what is known, else that it is not stated and whom to ask; and the way to the card."""
    found = [line for line in _ANSWERS[subject](card, voice) if line]
    answer = found or [_ask_organiser(card, voice)]
    title = say(voice.texts, "shown.title", title=one_line(card.title(voice.language), _TITLE_UNITS))
    buttons = [Button(voice.texts("shown.more"), Action(Kind.OPEN, card.public_id))]
    venue = cards.next_venue(card, voice)
    if subject in ("way", "where") and venue and (url := cards.directions_url(venue)):
        buttons.append(Button(voice.texts("button.directions"), url=url))
    return Reply(lines([title, *answer]), (tuple(buttons),))


def which(rows: tuple[str, ...], voice: Voice) -> Reply:
    """Asks which row of the list is meant."""
    numbers = tuple(Button(str(n), Action(Kind.CARD, row)) for n, row in enumerate(rows, 1))
    return Reply(say(voice.texts, "shown.which"), (numbers,))


def _ask_organiser(card: Card, voice: Voice) -> Html:
    url = card.url or card.organizer_url or card.enrolment_url
    if url is None:
        return say(voice.texts, "shown.unknown")
    name = one_line(card.organizer or voice.texts("shown.organiser"), _NAME_UNITS)
    return say(voice.texts, "shown.ask", organiser=link(name, url))


def _when(card: Card, voice: Voice) -> Lines:
    yield _not_on(card, voice)
    yield from list(cards.date_lines(card, voice, _DATES)) if card.occurrences else ()
    yield cards.season_line(card, voice)


def _not_on(card: Card, voice: Voice) -> Html | None:
    if card.status not in (Status.CANCELLED, Status.POSTPONED):
        return None
    return say(voice.texts, f"shown.{card.status.value}")


def _price(card: Card, voice: Voice) -> Lines:
    yield cards.price_line(card, voice)


def _where(card: Card, voice: Voice) -> Lines:
    yield cards.where_line(card, voice) if cards.next_venue(card, voice) else None


def _way(card: Card, voice: Voice) -> Lines:
    yield from _where(card, voice)
    venue = cards.next_venue(card, voice)
    yield say(voice.texts, "shown.way") if venue and cards.directions_url(venue) else None


def _seats(card: Card, voice: Voice) -> Lines:
    yield _not_on(card, voice)
    ahead = cards.upcoming(card, voice)
    gone = card.status is Status.SOLD_OUT or (ahead and all(o.status is Status.SOLD_OUT for o in ahead))
    if gone or card.remaining == 0:
        yield say(voice.texts, "shown.sold_out")
        yield cards.enrolment_line(card, voice) if card.has_waiting_list else None
    elif card.remaining is not None or card.enrolment_closes is not None:
        yield cards.enrolment_line(card, voice)


def _enrolment(card: Card, voice: Voice) -> Lines:
    yield _not_on(card, voice)
    known = cards.enrolment_line(card, voice)
    if known is None and card.url:
        label = one_line(card.organizer or voice.texts("shown.organiser"), _NAME_UNITS)
        known = say(voice.texts, "shown.enrolment", link=link(label, card.url))
    yield known


def _wheelchair(card: Card, voice: Voice) -> Lines:
    has = (card.access or {}).get(Access.WHEELCHAIR)
    if has is not None:
        answer = say(voice.texts, "shown.wheelchair" if has else "shown.no_wheelchair")
        yield Html(f"{answer}{cards.access_guess(card, voice)}")


def _access(card: Card, voice: Voice) -> Lines:
    yield cards.access_line(card, voice) if card.access else None


def _age(card: Card, voice: Voice) -> Lines:
    yield cards.age_line(card, voice)


def _language(card: Card, voice: Voice) -> Lines:
    yield cards.language_line(card, voice)


def _organiser(card: Card, _voice: Voice) -> Lines:
    yield cards.organiser_line(card)
    yield cards.link_line(card)


_ANSWERS: dict[str, Callable[[Card, Voice], Lines]] = {
    "when": _when,
    "price": _price,
    "where": _where,
    "way": _way,
    "seats": _seats,
    "enrolment": _enrolment,
    "wheelchair": _wheelchair,
    "access": _access,
    "age": _age,
    "language": _language,
    "organiser": _organiser,
}
"""What can be asked; "all" is the card itself."""
