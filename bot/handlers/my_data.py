"""/mine_data and /my_data: everything that is stored about a person, as a file of theirs."""

import asyncio
import json
from io import BytesIO

from telegram import InputFile, Update

from bot.handlers.answering import Outcome
from bot.handlers.sending import send
from bot.handlers.visit import Context, enter
from bot.replies import basics
from reminders import people

_NAME = "kulturlods.json"


async def show(update: Update, context: Context) -> None:
    """The whole of it as JSON."""
    visit = await enter(update, context)
    data = await asyncio.to_thread(
        visit.house.database.read, lambda session: people.export(session, visit.chat_id)
    )
    if data is None:
        await send(update, context, visit, Outcome(basics.plain("my_data.nothing", visit.voice)))
        return
    content = json.dumps(data, ensure_ascii=False, indent=2).encode()
    file = InputFile(BytesIO(content), filename=_NAME)
    await context.bot.send_document(visit.chat_id, file, caption=visit.voice.texts("my_data.caption"))
