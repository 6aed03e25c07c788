"""Staff publish what a file holds, or call off everything at a place: shown first, then done, then undone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from telegram import InputFile, Update
from telegram.error import TelegramError

from bot.conversations import Pending
from bot.handlers import unknown
from bot.handlers.answering import Outcome
from bot.handlers.sending import acknowledge, change, send, tapped
from bot.handlers.staffing import for_staff, refuse
from bot.handlers.visit import Context, Visit, enter
from bot.replies import basics
from bot.replies import publishing as pages
from bot.texts import LANGUAGES, texts
from catalog import Parsed, UnreadableError, calling_off, publishing
from catalog.calling_off import call_off, is_clear
from catalog.importers import MOST_BYTES, parse
from catalog.importers.mending import mending_sheet
from catalog.importers.template import template
from catalog.publishing import MOST_OFFERINGS, SHOWN, OtherwiseError, Plan, Preview, from_file
from catalog.query import Query
from catalog.staff import Right, may
from catalog.text import words
from catalog.undoing import UndoError, Undone, undo

FRESH = timedelta(minutes=30)
"""What was shown longer ago is shown again before it is published."""
_MOST_OFF = 25
_Page = Callable[[Plan, Pending, str | None], Outcome]


async def _of_others(update: Update, context: Context) -> None:
    """Ambassadors are told how they propose; anybody else gets what everybody gets who sends a file."""
    visit = await enter(update, context)
    if may(visit.staffer, Right.PROPOSE):
        await send(update, context, visit, _plain(visit, "publish.coordinators_only"))
    else:
        await unknown.content(update, context)


@for_staff(Right.PUBLISH, otherwise=_of_others)
async def receive(update: Update, context: Context, visit: Visit) -> None:
    """A file: what it would do. Nothing is published yet."""
    document = update.effective_message.document if update.effective_message else None
    assert document is not None  # noqa: S101  # the route admits only documents
    if (document.file_size or 0) > MOST_BYTES:
        outcome = _plain(visit, "publish.too_large", most=MOST_BYTES // 1024 // 1024)
    else:
        data = await _download(context, document.file_id)
        pending = Pending("", visit.now, document.file_id, document.file_name or "")
        outcome = await asyncio.to_thread(_show_file, visit, pending, data)
    await send(update, context, visit, outcome)


@for_staff(Right.PUBLISH)
async def turn(update: Update, context: Context, visit: Visit) -> None:
    """Publish, drop, the whole programme or not, the errors as a sheet, undo, the sheet to fill in."""
    verb, _, rest = tapped(update).argument.partition(":")
    if verb == "undo":
        await _undo(update, context, visit, int(rest))
        return
    if verb == "form":
        await acknowledge(update)
        await _send_form(context, visit)
        return
    pending = visit.conversation.pending.get(rest)
    if pending is None:
        gone = "publish.gone_sentence" if verb == "off" else "publish.gone"
        await acknowledge(update, visit.voice.texts(gone), must_be_read=True)
    elif pending.is_published and verb != "sheet":
        await acknowledge(update, visit.voice.texts("publish.is_published"))
    else:
        await acknowledge(update)
        await _act(update, context, visit, pending, verb)


def take(visit: Visit, text: str) -> Outcome | None:
    """What would be called off, when staff write that everything at a place is; None for anything else."""
    if not may(visit.staffer, Right.PUBLISH) or not _calls_off(text):
        return None
    query = visit.house.catalogue.understand(text, visit.now, language=visit.language).query
    strange = [word for word in query.words if word not in _vocabulary("off") | _vocabulary("all")]
    if strange:
        return _plain(visit, "publish.off.unknown", words=" ".join(strange))
    if not is_clear(query):
        return _plain(visit, "publish.off.unclear")
    where = ", ".join(place.name for place in query.places)
    return _show_off(visit, Pending("", visit.now, name=where, query=query))


async def _act(update: Update, context: Context, visit: Visit, pending: Pending, verb: str) -> None:
    if verb == "no":
        del visit.conversation.pending[pending.key]
        outcome = _plain(visit, "publish.off.dropped" if pending.query else "publish.dropped")
    elif pending.query is not None:
        outcome = await asyncio.to_thread(_off, visit, pending)
    else:
        data = await _download(context, pending.file_id)
        if verb == "sheet" and data is not None:
            await _send_sheet(context, visit, pending, data)
            return
        outcome = await asyncio.to_thread(_publish_file, visit, pending, data, verb)
    await change(update, context, visit, outcome)


async def _undo(update: Update, context: Context, visit: Visit, number: int) -> None:
    try:
        undone = await asyncio.to_thread(_put_back, visit, number)
    except UndoError as error:
        if error.code == "unknown":
            await refuse(update, visit)
            return
        key = "publish.undone.late" if error.code == "late" else "publish.undone.already"
        await acknowledge(update)
        await send(update, context, visit, _plain(visit, key))
        return
    await acknowledge(update)
    await change(update, context, visit, Outcome(pages.undone_page(undone, visit.voice)))


def _put_back(visit: Visit, number: int) -> Undone:
    undone = undo(visit.house.database, visit.acting, number, visit.now)
    visit.house.catalogue.refresh(visit.now)
    return undone


async def _download(context: Context, file_id: str) -> bytes | None:
    """The file, as Telegram keeps it; None when it no longer does."""
    try:
        file = await context.bot.get_file(file_id)
        return bytes(await file.download_as_bytearray())
    except TelegramError:
        return None


async def _send_form(context: Context, visit: Visit) -> None:
    content = await asyncio.to_thread(template, visit.language)
    name, caption = visit.voice.texts("publish.form_name"), visit.voice.texts("publish.form")
    form = InputFile(BytesIO(content), filename=f"{name}.xlsx")
    await context.bot.send_document(visit.chat_id, form, caption=caption)


async def _send_sheet(context: Context, visit: Visit, pending: Pending, data: bytes) -> None:
    content = await asyncio.to_thread(_sheet, visit, pending, data)
    stem = pending.name.rpartition(".")[0][:60]
    name = "-".join(part for part in (stem, visit.voice.texts("publish.file_name")) if part)
    await context.bot.send_document(visit.chat_id, InputFile(BytesIO(content), filename=f"{name}.xlsx"))


def _sheet(visit: Visit, pending: Pending, data: bytes) -> bytes:
    parsed = _parse(visit, data)
    seen = _preview(visit, from_file(visit.acting, parsed, complete=pending.is_whole))
    advice = {rejection: pages.advice(rejection, visit.voice) for rejection in seen.rejections}
    return mending_sheet(data, parsed.format, advice, pages.sheet_headers(visit.voice))


def _show_file(visit: Visit, pending: Pending, data: bytes | None, note: str | None = None) -> Outcome:
    """How it would be."""
    plan = _plan(visit, pending, data)
    if isinstance(plan, Outcome):
        return plan
    return _page(visit)(plan, pending, note)


def _publish_file(visit: Visit, pending: Pending, data: bytes | None, verb: str) -> Outcome:
    if verb != "go":
        return _show_file(visit, replace(pending, at=visit.now, is_whole=verb == "whole"), data)
    if visit.now - pending.at > FRESH:
        return _show_file(visit, replace(pending, at=visit.now), data, "publish.old")
    plan = _plan(visit, pending, data)
    if isinstance(plan, Outcome):
        return plan
    done = _do(visit, pending, plan, _page(visit))
    if isinstance(done, Outcome):
        return done
    held = visit.conversation.hold(replace(pending, is_published=True))
    return Outcome(pages.published_page(*done, held, visit.voice))


def _off(visit: Visit, pending: Pending) -> Outcome:
    """Call it off as it was shown."""
    query = pending.query or Query()
    if visit.now - pending.at > FRESH:
        return _show_off(visit, replace(pending, at=visit.now), "publish.old")
    done = _do(visit, pending, call_off(visit.acting, query, visit.now, visit.zone), _off_page(visit, query))
    if isinstance(done, Outcome):
        return done
    visit.conversation.hold(replace(pending, is_published=True))
    return Outcome(pages.called_off_page(*done, visit.voice))


def _do(visit: Visit, pending: Pending, plan: Plan, page: _Page) -> tuple[int, Preview] | Outcome:
    """Publish what was shown; when it is no longer that, show what it is."""
    database, shown = visit.house.database, pending.fingerprint
    try:
        done = publishing.publish(database, visit.acting, plan, visit.now, shown=shown)
        visit.house.catalogue.refresh(visit.now)
        return done
    except OtherwiseError:
        return page(plan, replace(pending, at=visit.now), "publish.again")


def _show_off(visit: Visit, pending: Pending, note: str | None = None) -> Outcome:
    query = pending.query or Query()
    plan = call_off(visit.acting, query, visit.now, visit.zone)
    return _off_page(visit, query)(plan, pending, note)


def _plan(visit: Visit, pending: Pending, data: bytes | None) -> Plan | Outcome:
    """What to store of a file, or why it is of no use."""
    if data is None:
        return _plain(visit, "publish.not_fetched")
    try:
        parsed = _parse(visit, data)
    except UnreadableError as error:
        return Outcome(pages.unreadable(pending.name, error.code, error.detail, visit.voice))
    if len(parsed.drafts) > MOST_OFFERINGS:
        return _plain(visit, "publish.too_many", n=len(parsed.drafts), most=MOST_OFFERINGS)
    return from_file(visit.acting, parsed, complete=pending.is_whole)


def _parse(visit: Visit, data: bytes) -> Parsed:
    return parse(data, now=visit.now, zone=visit.zone)


def _preview(visit: Visit, plan: Plan, most: int = SHOWN) -> Preview:
    return publishing.preview(visit.house.database, visit.acting, plan, visit.now, most=most)


def _page(visit: Visit) -> _Page:
    def page(plan: Plan, pending: Pending, note: str | None) -> Outcome:
        preview = _preview(visit, plan)
        held = visit.conversation.hold(replace(pending, fingerprint=preview.fingerprint))
        return Outcome(pages.preview_page(preview, held, visit.voice, note=note))

    return page


def _off_page(visit: Visit, query: Query) -> _Page:
    def page(plan: Plan, pending: Pending, note: str | None) -> Outcome:
        preview = _preview(visit, plan, _MOST_OFF)
        held = visit.conversation.hold(replace(pending, fingerprint=preview.fingerprint))
        found = visit.house.database.read(
            lambda session: calling_off.find(session, visit.acting, query, visit.now, visit.zone)
        )
        return Outcome(pages.off_page(preview, found, held, visit.voice, note=note))

    return page


def _calls_off(text: str) -> bool:
    """Whether it says that everything is cancelled, and neither asks nor denies it."""
    said = words(text)
    plain = f" {' '.join(said)} "
    names = {kind: any(f" {word} " in plain for word in _vocabulary(kind)) for kind in ("all", "off", "not")}
    is_question = text.rstrip().endswith("?") or (bool(said) and said[0] in _vocabulary("asks"))
    return names["all"] and names["off"] and not names["not"] and not is_question


def _vocabulary(kind: str) -> frozenset[str]:
    """The words of this kind in every language: staff write as they like."""
    said = (
        phrase for language in LANGUAGES for phrase in texts(language)(f"publish.words.{kind}").split("|")
    )
    return frozenset(" ".join(words(phrase)) for phrase in said)


def _plain(visit: Visit, key: str, **values: str | int) -> Outcome:
    return Outcome(basics.plain(key, visit.voice, **values))
