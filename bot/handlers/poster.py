"""/plakat: staff pick an offering and a size, and get a poster of it to print."""

import asyncio
import re
from io import BytesIO

from telegram import InputFile, Update

from bot import posters
from bot.buttons import PUBLIC_ID, Action, Kind
from bot.handlers.answering import Outcome
from bot.handlers.sending import acknowledge, change, send, tapped
from bot.handlers.staffing import for_staff, typed_by_staff
from bot.handlers.visit import Context, Visit
from bot.posters import Poster, Size
from bot.replies import basics
from bot.replies import poster as pages
from catalog.cards import Card
from catalog.places import gazetteer
from catalog.query import Query
from catalog.staff import Right, Role

_LINK = re.compile(rf"t\.me/\S*[?&]start=[of]_({PUBLIC_ID})")
_PICK = Action(Kind.POSTER, "list0")


@for_staff(Right.PROPOSE)
async def show(update: Update, context: Context, visit: Visit) -> None:
    """What is on where they act, to pick from; words and links are read, too."""
    await send(update, context, visit, await asyncio.to_thread(_list, visit, 0))


@for_staff(Right.PROPOSE)
async def turn(update: Update, context: Context, visit: Visit) -> None:
    """A page of the list, the sizes of one, or the poster."""
    what, _, public_id = tapped(update).argument.partition(":")
    if what in list(Size):
        await _make(update, context, visit, public_id, Size(what))
        return
    await acknowledge(update)
    if what == "of":
        outcome = await asyncio.to_thread(_sizes, visit, public_id)
    else:
        outcome = await asyncio.to_thread(_list, visit, int(what.removeprefix("list")))
    await change(update, context, visit, outcome)


@typed_by_staff(Right.PROPOSE)
def take(visit: Visit, _screen: Action, text: str, _bot_username: str) -> Outcome | None:
    """What was meant by these words, or this link. Blocking."""
    if link := _LINK.search(text):
        return _sizes(visit, link[1])
    understanding = visit.house.catalogue.understand(text, visit.now, language=visit.language)
    return _found(visit, understanding.query)


def _list(visit: Visit, offset: int) -> Outcome:
    """What is on in their municipalities; an admin's are all."""
    here = () if visit.acting.role is Role.ADMIN else sorted(visit.acting.municipalities)
    places = [place for name in here if (place := gazetteer().municipality(name))]
    return _found(visit, Query(language=visit.language, places=tuple(p.ref() for p in places)), offset)


def _found(visit: Visit, query: Query, offset: int = 0) -> Outcome:
    visit.conversation.typing = _PICK
    catalogue = visit.house.catalogue
    page = catalogue.search(query, visit.now, limit=pages.ROWS, offset=offset)
    cards = catalogue.cards([hit.offering_id for hit in page.hits])
    shown = [cards[hit.offering_id] for hit in page.hits if hit.offering_id in cards]
    total = page.total if query.without("places").asks_nothing() else 0
    return Outcome(pages.list_page(shown, visit.voice, offset=offset, total=total))


def _sizes(visit: Visit, public_id: str) -> Outcome:
    card = visit.house.catalogue.card(public_id)
    if card is None:
        return Outcome(basics.plain("status.gone", visit.voice))
    return Outcome(pages.size_page(card, visit.voice))


async def _make(update: Update, context: Context, visit: Visit, public_id: str, size: Size) -> None:
    found = await asyncio.to_thread(_poster, visit, public_id, context.bot.username)
    if found is None:
        await acknowledge(update, visit.voice.texts("status.gone"))
        return
    await acknowledge(update, visit.voice.texts("poster.making"))
    card, poster = found
    drawn = await asyncio.to_thread(posters.draw, poster, size)
    for ending, content in (("png", drawn.png), ("pdf", drawn.pdf)):
        name = pages.file_name(card, visit.voice, f"{size}.{ending}")
        said = visit.voice.texts("poster.caption") if ending == "pdf" else None
        await context.bot.send_document(
            visit.chat_id, InputFile(BytesIO(content), filename=name), caption=said
        )


def _poster(visit: Visit, public_id: str, bot_username: str) -> tuple[Card, Poster] | None:
    card = visit.house.catalogue.card(public_id)
    poster = pages.poster_of(card, visit.voice, bot_username) if card else None
    return (card, poster) if card and poster else None
