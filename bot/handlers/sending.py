"""Replies on their way out: buttons, pictures, edits, and the answers that every tap gets."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any

from telegram import (
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    Update,
)
from telegram.error import BadRequest

from bot.buttons import Action, decode
from bot.conversations import Shown
from bot.handlers.answering import Outcome
from bot.handlers.visit import Context, Visit, glance
from bot.replies.reply import Button, Reply, Rows

logger = logging.getLogger(__name__)

_CANNOT_EDIT = ("can't be edited", "edit not found")

Handler = Callable[[Update, Context], Coroutine[Any, Any, None]]
Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ForceReply


async def send(update: Update, context: Context, visit: Visit, outcome: Outcome) -> None:
    """A new message, after the note that goes with it; in a group it answers the one that asked."""
    if outcome.note is not None:
        await _say_first(context, visit, outcome.note)
    markup = _share_markup(visit, outcome.share_button) if outcome.share_button else buttons(outcome.reply)
    quote = (
        None if visit.is_private else ReplyParameters(_message_id(update), allow_sending_without_reply=True)
    )

    async def post(preview: LinkPreviewOptions) -> Message:
        return await context.bot.send_message(
            visit.chat_id,
            outcome.reply.text,
            reply_markup=markup,
            reply_parameters=quote,
            link_preview_options=preview,
        )

    sent = await _with_or_without_picture(outcome.reply, post)
    _remember(visit, outcome, sent.message_id if isinstance(sent, Message) else None)
    await _say_then(context, visit, outcome)


async def change(update: Update, context: Context, visit: Visit, outcome: Outcome) -> None:
    """The tapped message becomes this reply; what cannot be an edit is a new message."""
    if outcome.share_button:
        await send(update, context, visit, outcome)
        return
    message_id = _message_id(update)

    async def edit(preview: LinkPreviewOptions) -> Message | bool:
        return await context.bot.edit_message_text(
            outcome.reply.text,
            visit.chat_id,
            message_id,
            reply_markup=buttons(outcome.reply),
            link_preview_options=preview,
        )

    try:
        await _with_or_without_picture(outcome.reply, edit)
    except BadRequest as error:
        if not _says(error, *_CANNOT_EDIT):
            raise
        await send(update, context, visit, outcome)
        return
    _remember(visit, outcome, message_id)
    await _say_then(context, visit, outcome)


async def show_photo(context: Context, visit: Visit, reply: Reply) -> bool:
    """The photo of this reply as a message of its own; False when Telegram does not know its file id, which
    may be another bot's."""
    assert reply.photo is not None  # noqa: S101  # a reply with a photo
    try:
        await context.bot.send_photo(visit.chat_id, reply.photo, caption=reply.text)
    except BadRequest:
        logger.info("a photo could not be shown")
        return False
    return True


async def _say_first(context: Context, visit: Visit, note: Reply) -> None:
    if note.photo is not None:
        await show_photo(context, visit, note)
    else:
        await context.bot.send_message(visit.chat_id, note.text, reply_markup=ReplyKeyboardRemove())


async def _say_then(context: Context, visit: Visit, outcome: Outcome) -> None:
    if outcome.then is not None:
        then = outcome.then
        await context.bot.send_message(visit.chat_id, then.text, reply_markup=buttons(then))


def _remember(visit: Visit, outcome: Outcome, message_id: int | None) -> None:
    if outcome.shown is not None and message_id is not None:
        visit.conversation.remember(message_id, outcome.shown)
    if outcome.shown is not None or outcome.card is not None:
        visit.conversation.card = outcome.card


async def change_buttons(update: Update, context: Context, visit: Visit, rows: Rows) -> None:
    """Other buttons under the tapped message, which keeps its words; nothing when it cannot be edited."""
    markup = InlineKeyboardMarkup([[_button(b) for b in row] for row in rows])
    try:
        await context.bot.edit_message_reply_markup(visit.chat_id, _message_id(update), reply_markup=markup)
    except BadRequest as error:
        if not _says(error, "not modified", *_CANNOT_EDIT):
            raise


async def acknowledge(update: Update, toast: str | None = None, *, must_be_read: bool = False) -> None:
    """Answer the tap, so that the button stops waiting; one that is too old to be answered is let be.
    must_be_read: the toast stays until it is closed."""
    assert update.callback_query is not None  # noqa: S101  # called for taps only
    try:
        await update.callback_query.answer(toast, show_alert=must_be_read or None)
    except BadRequest:
        logger.info("a tap was too old to be answered")


def list_above(update: Update, context: Context) -> Shown | None:
    """The list that the tapped message shows or came from, None when that is forgotten."""
    return glance(update, context).conversation.list_of(_message_id(update))


def on_list(work: Callable[[Update, Context, Shown], Awaitable[None]]) -> Handler:
    """A handler for buttons under a list: the tap is answered, and when the list is forgotten it says so."""

    @wraps(work)
    async def handler(update: Update, context: Context) -> None:
        visit = glance(update, context)
        shown = visit.conversation.list_of(_message_id(update))
        await acknowledge(update, None if shown else visit.voice.texts("toast.forgotten"))
        if shown is not None:
            await work(update, context, shown)

    return handler


def tapped(update: Update) -> Action:
    """What the button says. The routes admit only what can be read."""
    action = decode(update.callback_query.data) if update.callback_query else None
    assert action is not None  # noqa: S101  # the route has decoded it before
    return action


def buttons(reply: Reply) -> InlineKeyboardMarkup | None:
    """The reply's buttons for Telegram."""
    return InlineKeyboardMarkup([[_button(b) for b in row] for row in reply.rows]) if reply.rows else None


def _button(button: Button) -> InlineKeyboardButton:
    if button.action is not None:
        return InlineKeyboardButton(button.label, callback_data=button.action.encode())
    return InlineKeyboardButton(button.label, url=button.url)


def _share_markup(visit: Visit, label: str) -> Markup:
    # A position can be asked for in private chats only; in a group the answer must be a reply to us.
    if not visit.is_private:
        return ForceReply(selective=True)
    button = KeyboardButton(label, request_location=True)
    return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)


async def _with_or_without_picture(
    reply: Reply, post: Callable[[LinkPreviewOptions], Awaitable[Message | bool]]
) -> Message | bool:
    try:
        return await post(_preview(reply.picture))
    except BadRequest as error:
        if _says(error, "not modified"):
            return True
        if not reply.picture or _says(error, *_CANNOT_EDIT):
            raise
        # The address of the picture is the source's, and Telegram may refuse it.
        return await post(_preview(None))


def _preview(picture: str | None) -> LinkPreviewOptions:
    if picture is None:
        return LinkPreviewOptions(is_disabled=True)
    return LinkPreviewOptions(is_disabled=False, url=picture, prefer_large_media=True, show_above_text=True)


def _says(error: BadRequest, *words: str) -> bool:
    return any(word in error.message.lower() for word in words)


def _message_id(update: Update) -> int:
    tap = update.callback_query
    message = tap.message if tap else update.effective_message
    assert message is not None  # noqa: S101  # the routes admit only updates that have a message
    return message.message_id
