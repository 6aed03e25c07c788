"""/mine_tilbud: the offerings that one may edit, and what can be done with each."""

from collections.abc import Sequence

from bot.buttons import Action, Kind
from bot.replies import dates
from bot.replies.card import upcoming
from bot.replies.drafting import draft_button, with_card
from bot.replies.markup import Html, bold, lines, one_line, say
from bot.replies.reply import Button, Reply, Rows, Voice
from catalog.cards import Card, OccurrenceFacts
from catalog.draft_cards import card_of
from catalog.proposal_work import Work
from catalog.values import Status

ROWS = 5
_MOST_DATES = 8
_TITLE_UNITS = 80
_LABEL_UNITS = 40


def mine_page(
    cards: Sequence[Card], offset: int, total: int, voice: Voice, *, drafts: Sequence[Work], waiting: int
) -> Reply:
    """Those of the offerings that one may edit which stand from `offset` on, and what else is on its way.
    waiting: how many proposals wait for them."""
    heading = say(voice.texts, "own.list" if total else "own.none")
    more = say(voice.texts, "own.search") if total > ROWS else None
    extra = [(_draft_row(work, voice),) for work in drafts]
    if waiting:
        label = voice.texts("proposal.button.list", n=waiting)
        extra.append((Button(label, Action(Kind.PROPOSAL, "list")),))
    rows = (*_numbers(cards), *_turning(offset, total, voice), *extra)
    return Reply(lines([heading, *_listed(cards, voice), more]), rows)


def found_page(cards: Sequence[Card], searched: str, voice: Voice) -> Reply:
    """The first of those that were searched for."""
    heading = say(voice.texts, "own.found", words=one_line(searched, _TITLE_UNITS))
    back = draft_button("button.back", "mine0", voice)
    return Reply(lines([heading, *_listed(cards, voice)]), (*_numbers(cards), (back,)))


def _listed(cards: Sequence[Card], voice: Voice) -> list[Html]:
    return [_row(number, card, voice) for number, card in enumerate(cards, 1)]


def _numbers(cards: Sequence[Card]) -> Rows:
    row = tuple(Button(str(n), Action(Kind.DRAFT, f"of{card.id}")) for n, card in enumerate(cards, 1))
    return (row,) if row else ()


def offering_page(card: Card, voice: Voice, *, note: str | None = None) -> Reply:
    """One of their offerings, and what can be done with it."""
    names: list[tuple[str, ...]] = [("edit", "copy")]
    if upcoming(card, voice):
        off = "on" if card.status is Status.CANCELLED else "off"
        names += [("move", off), ("free" if card.status is Status.SOLD_OUT else "sold", "left")]
    rows = [tuple(draft_button(f"own.button.{n}", f"of{card.id}:{n}", voice) for n in row) for row in names]
    back = draft_button("button.back", "mine0", voice)
    said = say(voice.texts, note) if note else say(voice.texts, "own.what")
    return with_card(card, [said], (*rows, (back,)), voice)


def dates_page(card: Card, verb: str, voice: Voice) -> Reply:
    """Which date is to be moved or called off."""
    ahead = upcoming(card, voice)[:_MOST_DATES]
    rows = [(_date_button(card, verb, time, voice),) for time in ahead]
    if verb == "off":
        rows.insert(0, (draft_button("own.button.off_all", f"of{card.id}:offall", voice),))
    back = draft_button("button.back", f"of{card.id}", voice)
    return with_card(card, [say(voice.texts, f"own.which.{verb}")], (*rows, (back,)), voice)


def copy_page(card: Card, voice: Voice) -> Reply:
    """To another date, or to another place."""
    rows = [(draft_button(f"own.button.{n}", f"of{card.id}:{n}", voice),) for n in ("copydate", "copyplace")]
    back = draft_button("button.back", f"of{card.id}", voice)
    return with_card(card, [say(voice.texts, "own.copy")], (*rows, (back,)), voice)


def _date_button(card: Card, verb: str, time: OccurrenceFacts, voice: Voice) -> Button:
    return Button(dates.briefly(time, voice), Action(Kind.DRAFT, f"of{card.id}:{verb}{time.id}"))


def _draft_row(work: Work, voice: Voice) -> Button:
    title = one_line(card_of(work.draft, work.source).title(voice.language), _LABEL_UNITS)
    return Button(voice.texts(f"draft.state.{work.state}", title=title), Action(Kind.DRAFT, f"go{work.id}"))


def _row(number: int, card: Card, voice: Voice) -> Html:
    ahead = upcoming(card, voice)
    when = dates.briefly(ahead[0], voice) if ahead else voice.texts("own.over")
    status = voice.texts(f"status.{card.status}") if card.status is not Status.SCHEDULED else ""
    facts = " · ".join(part for part in (when, status) if part)
    title = bold(one_line(card.title(voice.language), _TITLE_UNITS))
    return say(voice.texts, "own.row", number=number, title=title, facts=facts)


def _turning(offset: int, total: int, voice: Voice) -> Rows:
    turns = []
    if offset:
        turns.append(draft_button("button.previous", f"mine{max(0, offset - ROWS)}", voice))
    if offset + ROWS < total:
        turns.append(draft_button("button.more", f"mine{offset + ROWS}", voice))
    return (tuple(turns),) if turns else ()
