"""The table of routes: everything a person can do, top to bottom as the first match answers."""

from typing import Any

from telegram import Update
from telegram.ext import (
    BaseHandler,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.buttons import Kind, decode
from bot.handlers import (
    ask,
    asking_back,
    broadcasting,
    care,
    drafting,
    erase,
    errors,
    family,
    figures,
    follow,
    group,
    inviting,
    language,
    leads,
    mine,
    my_data,
    news,
    notice,
    own_offerings,
    pages,
    place,
    poster,
    presence,
    private,
    proposing,
    publishing,
    searches,
    settings,
    show,
    start,
    survey,
    unknown,
    wrong,
)
from bot.handlers import help as help_
from bot.handlers.sending import Handler
from bot.handlers.visit import AnyApplication, Context
from bot.texts import LANGUAGES, texts

COMMANDS: dict[str, Handler] = {
    "start": start.start,
    "help": help_.show_help,
    "mine": mine.show,
    "family": family.show,
    "settings": settings.show,
    "language": language.offer,
    "privacy": help_.show_privacy,
    "my_data": my_data.show,
    "delete": erase.ask_first,
}
"""Commands in private chats, in the order of the menu. Their names are `command.<this>.name` in the texts;
the name of every language works in every language."""

STAFF_COMMANDS: dict[str, Handler] = {
    "invite": inviting.show,
    "new": drafting.show,
    "my_offerings": own_offerings.show,
    "broadcast": broadcasting.show,
    "poster": poster.show,
    "figures": figures.show,
}
"""The same for staff, in private chats; every one is wrapped in `for_staff`, whose right says who sees it."""

BUTTONS: dict[Kind, Handler] = {
    Kind.CARD: show.card,
    Kind.BACK: show.back,
    Kind.MAP: show.on_map,
    Kind.CALENDAR: show.calendar,
    Kind.PHOTO: show.photo,
    Kind.PAGE: pages.turn,
    Kind.WITHOUT: pages.drop,
    Kind.NEAR_ME: place.near_me,
    Kind.OTHER_PLACE: place.other_place,
    Kind.QUESTION: start.ready_question,
    Kind.LANGUAGE: language.choose,
    Kind.ERASE: erase.decide,
    Kind.OPEN: follow.open_card,
    Kind.FOLLOW: follow.follow,
    Kind.FOLLOWING: follow.choices,
    Kind.PART: follow.part,
    Kind.NOTIFY: searches.save,
    Kind.FOR_CHILD: family.ask_for,
    Kind.MINE: mine.turn,
    Kind.FOLLOWED: mine.followed,
    Kind.LEADS: leads.turn,
    Kind.SEARCH: searches.search,
    Kind.FAMILY: family.turn,
    Kind.SETTINGS: settings.turn,
    Kind.NOTICE: notice.turn,
    Kind.SURVEY: survey.answer,
    Kind.READING: asking_back.choose,
    Kind.TALK: care.talk,
    Kind.INVITE: inviting.turn,
    Kind.PUBLISH: publishing.turn,
    Kind.FIGURES: figures.turn,
    Kind.DRAFT: drafting.turn,
    Kind.PROPOSAL: proposing.turn,
    Kind.BROADCAST: broadcasting.turn,
    Kind.NEWS: news.turn,
    Kind.WRONG: wrong.turn,
    Kind.MEND: wrong.answer,
    Kind.POSTER: poster.turn,
}

PERSONAL = ("mine", "family", "settings", "my_data")
"""Commands that a group is told to use in the private chat."""

_ALL = COMMANDS | STAFF_COMMANDS
_NEW = filters.UpdateType.MESSAGE
_PRIVATE = _NEW & filters.ChatType.PRIVATE
_GROUP = _NEW & filters.ChatType.GROUPS
_PLACE = filters.LOCATION | filters.VENUE
_FILE = filters.Document.ALL & ~filters.Document.IMAGE
_WORDS = filters.TEXT & ~filters.COMMAND


def routes() -> list[BaseHandler[Update, Context, Any]]:
    """Every route, in the order in which they are tried."""
    return [
        *[CommandHandler(_names(command), handler, _PRIVATE) for command, handler in _ALL.items()],
        CommandHandler("find", group.find, _NEW),
        *[CommandHandler(_names(command), private.point_there, _GROUP) for command in PERSONAL],
        MessageHandler(_PRIVATE & _PLACE, place.shared),
        MessageHandler(_PRIVATE & _WORDS, ask.ask),
        MessageHandler(_PRIVATE & _FILE, publishing.receive),
        MessageHandler(_PRIVATE & (filters.PHOTO | filters.Document.IMAGE), ask.picture),
        MessageHandler(_PRIVATE & filters.COMMAND, unknown.command),
        MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, unknown.content),
        MessageHandler(_GROUP & group.TO_THE_BOT & _PLACE, place.shared),
        MessageHandler(_GROUP & group.TO_THE_BOT & _WORDS, ask.ask),
        CallbackQueryHandler(_tap),
        ChatMemberHandler(presence.changed, ChatMemberHandler.MY_CHAT_MEMBER),
    ]


def register(application: AnyApplication) -> None:
    """Give the application its routes."""
    application.add_handlers(routes())
    application.add_error_handler(errors.report)


def _names(command: str) -> frozenset[str]:
    return frozenset(texts(language)(f"command.{command}.name") for language in LANGUAGES)


async def _tap(update: Update, context: Context) -> None:
    action = decode(update.callback_query.data) if update.callback_query else None
    handler = BUTTONS[action.kind] if action else unknown.button
    await handler(update, context)
