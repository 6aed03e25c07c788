"""/tal: how many were reached and what they asked for, as a picture, in short and as CSV."""

import asyncio
from io import BytesIO

from telegram import InputFile, Update

from bot.handlers.answering import Outcome
from bot.handlers.sending import acknowledge, buttons, send
from bot.handlers.staffing import for_staff
from bot.handlers.visit import Context, Visit
from bot.plots import picture
from bot.replies import figures as pages
from bot.replies.figures_sheet import as_csv
from bot.replies.reply import Reply
from catalog.staff import Right
from reminders import reach
from reminders.reach import Report


@for_staff(Right.FIGURES)
async def show(update: Update, context: Context, visit: Visit) -> None:
    """The picture with the figures under it; words alone when there is nothing to draw."""
    reply, drawn = await asyncio.to_thread(_page, visit)
    if drawn is None:
        await send(update, context, visit, Outcome(reply))
        return
    photo = InputFile(BytesIO(drawn), filename=f"{visit.voice.texts('figures.file')}.png")
    await context.bot.send_photo(visit.chat_id, photo, caption=reply.text, reply_markup=buttons(reply))


@for_staff(Right.FIGURES)
async def turn(update: Update, context: Context, visit: Visit) -> None:
    """All numbers as CSV."""
    await acknowledge(update)
    report = await asyncio.to_thread(_report, visit)
    # With the mark that lets spreadsheets see the encoding.
    content, last = as_csv(report).encode("utf-8-sig"), report.weeks[-1].isocalendar()
    name = f"{visit.voice.texts('figures.file')}-{last.year}-{last.week:02}.csv"
    caption = visit.voice.texts("figures.caption", weeks=pages.weeks_of(report, visit.voice))
    file = InputFile(BytesIO(content), filename=name)
    await context.bot.send_document(visit.chat_id, file, caption=caption, parse_mode=None)


def _page(visit: Visit) -> tuple[Reply, bytes | None]:
    report = _report(visit)
    reply = pages.page(report, pages.whose(visit.acting, report, visit.voice), visit.voice)
    return reply, picture(report, visit.voice)


def _report(visit: Visit) -> Report:
    return visit.house.database.read(
        lambda session: reach.report(session, visit.acting, visit.now, visit.zone)
    )
