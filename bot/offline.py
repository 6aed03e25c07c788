"""A strict Bot API in memory: what the terminal chat shows, and what tests talk to.

It accepts the methods this bot uses and refuses what Telegram refuses, with Telegram's own words for the
errors the bot handles: limits count after entity parsing in UTF-16 units, HTML must be well formed, a
callback can be answered once, an edit must change something. Limits come from `telegram.constants`. What
Telegram would deliver is put in `updates`; what a chat would show stands in `chats`.
"""

import itertools
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import IO, Any
from urllib.parse import unquote

from telegram.constants import CallbackQueryLimit, MessageLimit
from telegram.request import BaseRequest, RequestData

from bot.offline_files import FileStore, photo_of
from bot.offline_message import Message
from bot.offline_params import read_params, snake_case
from bot.telegram_html import HtmlError, parse_html
from bot.telegram_rules import ApiError, check_commands, check_inline, utf16

__all__ = ["Message", "OfflineApi", "OfflineRequest"]

Params = Mapping[str, Any]
Files = Mapping[str, tuple[str, bytes]]
_LONG_AGO = 1_700_000_000


class OfflineApi:
    """One bot's world. `watch`, when given, is told of every message of the bot that is new or has changed,
    and of the words of a callback answer."""

    def __init__(
        self, username: str = "kulturlods_bot", watch: Callable[[Message | str], None] | None = None
    ) -> None:
        self.username = username
        self.bot_id = 4242
        self.updates: list[dict[str, Any]] = []
        self.chats: dict[int, list[Message]] = defaultdict(list)
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.commands: dict[str, list[dict[str, str]]] = {}
        self.chat_menus: dict[int, list[dict[str, str]]] = {}
        self._types: dict[int, str] = {}
        self._blocked: frozenset[int] = frozenset()
        self._callbacks: dict[str, bool] = {}
        self.files = FileStore()
        self._ids = itertools.count(1)
        self._update_ids = itertools.count(100)
        self._watch = watch or (lambda _what: None)

    # What people do.

    def send_text(
        self,
        chat_id: int,
        text: str,
        *,
        language_code: str = "da",
        chat_type: str = "private",
        reply_to: int = 0,
    ) -> dict[str, Any]:
        """A person writes `text`; returns the update that Telegram would deliver, also kept in `updates`."""
        content: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            length = utf16(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        if reply_to:
            content["reply_to_message"] = self._as_json(self.find(chat_id, reply_to))
        return self._person_message(chat_id, content, language_code, chat_type)

    def send_location(
        self, chat_id: int, latitude: float, longitude: float, *, language_code: str = "da"
    ) -> dict[str, Any]:
        """A person shares a position."""
        content = {"location": {"latitude": latitude, "longitude": longitude}}
        return self._person_message(chat_id, content, language_code, "private")

    def send_content(
        self, chat_id: int, content: Mapping[str, Any], *, language_code: str = "da"
    ) -> dict[str, Any]:
        """A person sends anything else: a sticker, a photo, a document, as the Message fields say."""
        return self._person_message(chat_id, content, language_code, "private")

    def send_file(
        self, chat_id: int, name: str, content: bytes, *, language_code: str = "da"
    ) -> dict[str, Any]:
        """A person sends a file, which the bot can ask for by the id that it is given."""
        content_of = {"document": self.files.keep(name, content)}
        return self.send_content(chat_id, content_of, language_code=language_code)

    def send_photo(
        self, chat_id: int, name: str, content: bytes, *, language_code: str = "da"
    ) -> dict[str, Any]:
        """A person sends a picture, not as a file."""
        file_id = self.files.keep(name, content)["file_id"]
        return self.send_content(chat_id, {"photo": [photo_of(file_id)]}, language_code=language_code)

    def tap(self, chat_id: int, message_id: int, data: str, *, language_code: str = "da") -> dict[str, Any]:
        """A person taps an inline button with this callback data (it need not exist: data is untrusted)."""
        callback_id = str(next(self._ids) + 10**9)
        self._callbacks[callback_id] = False
        message = self._as_json(self.find(chat_id, message_id))
        query = {
            "id": callback_id,
            "from": self._person(chat_id, language_code),
            "chat_instance": "1",
            "message": message,
            "data": data,
        }
        return self._queue({"callback_query": query})

    def know(self, chat_id: int, chat_type: str = "private") -> None:
        """They have spoken with the bot before: it may write to them."""
        self._types.setdefault(chat_id, chat_type)

    def block(self, chat_id: int, *, is_blocked: bool = True) -> dict[str, Any]:
        """A person blocks the bot, or takes that back; returns the update that tells of it."""
        self._blocked = self._blocked | {chat_id} if is_blocked else self._blocked - {chat_id}
        bot = self._do_get_me({}, {})
        states = [{"user": bot, "status": "member"}, {"user": bot, "status": "kicked", "until_date": 0}]
        old, new = states if is_blocked else reversed(states)
        chat = self._frame(Message(chat_id, 0, from_bot=False))["chat"]
        who = {"chat": chat, "from": self._person(chat_id, "da"), "date": _LONG_AGO}
        return self._queue({"my_chat_member": {**who, "old_chat_member": old, "new_chat_member": new}})

    def find(self, chat_id: int, message_id: int) -> Message:
        """The message with this id in this chat; refused like Telegram when there is none."""
        for message in self.chats[chat_id]:
            if message.message_id == message_id and not message.deleted:
                return message
        raise ApiError(400, "Bad Request: message to edit not found")

    def unanswered_callbacks(self) -> list[str]:
        """The ids of taps that nobody answered."""
        return [callback for callback, answered in self._callbacks.items() if not answered]

    def shown(self, chat_id: int) -> list[Message]:
        """What the bot shows in a chat, oldest first."""
        return [m for m in self.chats[chat_id] if m.from_bot and not m.deleted]

    # What the bot does.

    def call(self, method: str, params: Params, files: Files | None = None) -> tuple[int, dict[str, Any]]:
        """One Bot API call: (HTTP status, JSON body). Values may come as JSON strings, as forms send them."""
        decoded = read_params(params)
        self.calls.append((method, decoded))
        handler = getattr(self, "_do_" + snake_case(method), None)
        try:
            if handler is None:
                raise ApiError(404, "Not Found: method not found")
            return 200, {"ok": True, "result": handler(decoded, files or {})}
        except ApiError as error:
            body: dict[str, Any] = {"ok": False, "error_code": error.status, "description": error.description}
            if error.parameters:
                body["parameters"] = error.parameters
            return error.status, body

    def _do_get_me(self, _params: Params, _files: Files) -> Any:
        return {"id": self.bot_id, "is_bot": True, "first_name": "Kulturlods", "username": self.username}

    def _do_set_my_commands(self, params: Params, _files: Files) -> Any:
        check_commands(params["commands"])
        if params["scope"]["type"] == "chat":
            self.chat_menus[int(params["scope"]["chat_id"])] = list(params["commands"])
        else:
            self.commands[str(params.get("language_code", ""))] = list(params["commands"])
        return True

    def _do_delete_my_commands(self, params: Params, _files: Files) -> Any:
        self.chat_menus.pop(int(params["scope"]["chat_id"]), None)
        return True

    def _do_send_message(self, params: Params, _files: Files) -> Any:
        message = self._new(params)
        self._fill_text(message, params)
        return self._show(message)

    def _do_send_photo(self, params: Params, files: Files) -> Any:
        message = self._new(params)
        uploaded = [self.files.keep(*file)["file_id"] for file in files.values()]
        message.photo = next(iter(uploaded), str(params.get("photo") or ""))
        if not message.photo:
            raise ApiError(400, "Bad Request: there is no photo in the request")
        self._fill_text(message, {**params, "text": params.get("caption")}, MessageLimit.CAPTION_LENGTH)
        return self._show(message)

    def _do_edit_message_text(self, params: Params, _files: Files) -> Any:
        message = self.find(int(params["chat_id"]), int(params["message_id"]))
        if message.photo:
            raise ApiError(400, "Bad Request: there is no text in the message to edit")
        before = (message.html, message.buttons, message.preview)
        draft = Message(message.chat_id, message.message_id, from_bot=True)
        self._fill_text(draft, params)
        self._fill_markup(draft, params)
        if (draft.html, draft.buttons, draft.preview) == before:
            raise ApiError(400, "Bad Request: message is not modified")
        message.text, message.html, message.spans = draft.text, draft.html, draft.spans
        message.buttons, message.preview = draft.buttons, draft.preview
        message.edited += 1
        self._watch(message)
        return self._as_json(message)

    def _do_edit_message_reply_markup(self, params: Params, _files: Files) -> Any:
        message = self.find(int(params["chat_id"]), int(params["message_id"]))
        draft = Message(message.chat_id, message.message_id, from_bot=True)
        self._fill_markup(draft, params)
        if draft.buttons == message.buttons:
            raise ApiError(400, "Bad Request: message is not modified")
        message.buttons = draft.buttons
        message.edited += 1
        self._watch(message)
        return self._as_json(message)

    def _do_delete_message(self, params: Params, _files: Files) -> Any:
        self.find(int(params["chat_id"]), int(params["message_id"])).deleted = True
        return True

    def _do_send_venue(self, params: Params, _files: Files) -> Any:
        message = self._new(params)
        venue = {key: params[key] for key in ("latitude", "longitude", "title", "address") if params.get(key)}
        if len(venue) < 4:
            raise ApiError(400, "Bad Request: VENUE_INVALID")
        message.venue = venue
        return self._show(message)

    def _do_send_document(self, params: Params, files: Files) -> Any:
        message = self._new(params)
        if not files:
            raise ApiError(400, "Bad Request: there is no document in the request")
        message.document = next(iter(files.values()))
        if params.get("caption"):
            self._fill_text(message, {**params, "text": params["caption"]}, MessageLimit.CAPTION_LENGTH)
        return self._show(message)

    def _do_send_chat_action(self, params: Params, _files: Files) -> Any:
        self._known_chat(int(params["chat_id"]))
        return True

    def _do_answer_callback_query(self, params: Params, _files: Files) -> Any:
        callback = str(params["callback_query_id"])
        if self._callbacks.get(callback, True):
            raise ApiError(
                400, "Bad Request: query is too old and response timeout expired or query ID is invalid"
            )
        text = str(params.get("text") or "")
        if len(text) > CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH:
            raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
        self._callbacks[callback] = True
        if text:
            self._watch(text)
        return True

    def _do_get_file(self, params: Params, _files: Files) -> Any:
        return self.files.get(str(params["file_id"]))

    def _do_delete_webhook(self, _params: Params, _files: Files) -> Any:
        return True

    def _do_get_updates(self, _params: Params, _files: Files) -> Any:
        return []

    # How it keeps things.

    def _person_message(
        self, chat_id: int, content: Mapping[str, Any], language_code: str, chat_type: str
    ) -> dict[str, Any]:
        self.know(chat_id, chat_type)
        message = Message(chat_id, next(self._ids), from_bot=False, text=str(content.get("text", "")))
        self.chats[chat_id].append(message)
        body = {**self._frame(message), "from": self._person(chat_id, language_code), **content}
        return self._queue({"message": body})

    def _queue(self, content: dict[str, Any]) -> dict[str, Any]:
        update = {"update_id": next(self._update_ids), **content}
        self.updates.append(update)
        return update

    def _person(self, chat_id: int, language_code: str) -> dict[str, Any]:
        return {"id": abs(chat_id), "is_bot": False, "first_name": "P", "language_code": language_code}

    def _frame(self, message: Message) -> dict[str, Any]:
        chat: dict[str, Any] = {"id": message.chat_id, "type": self._types.get(message.chat_id, "private")}
        chat |= {"title": "G"} if chat["type"] != "private" else {"first_name": "P"}
        return {"message_id": message.message_id, "date": _LONG_AGO + message.message_id, "chat": chat}

    def _as_json(self, message: Message) -> dict[str, Any]:
        body = self._frame(message)
        if message.from_bot:
            body["from"] = self._do_get_me({}, {})
        if message.venue:
            spot = {key: message.venue[key] for key in ("latitude", "longitude")}
            body["venue"] = {
                "location": spot,
                "title": message.venue["title"],
                "address": message.venue["address"],
            }
        elif message.photo:
            body |= {"photo": [photo_of(message.photo)], "caption": message.text}
        elif message.document:
            body["document"] = {"file_id": "f", "file_unique_id": "u", "file_name": message.document[0]}
        else:
            body["text"] = message.text
        if message.buttons:
            body["reply_markup"] = {"inline_keyboard": message.buttons}
        return body

    def _known_chat(self, chat_id: int) -> None:
        if chat_id not in self._types:
            raise ApiError(400, "Bad Request: chat not found")
        if chat_id in self._blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")

    def _new(self, params: Params) -> Message:
        chat_id = int(params["chat_id"])
        self._known_chat(chat_id)
        message = Message(chat_id, next(self._ids), from_bot=True)
        self._fill_markup(message, params)
        return message

    def _show(self, message: Message) -> dict[str, Any]:
        self.chats[message.chat_id].append(message)
        self._watch(message)
        return self._as_json(message)

    def _fill_text(self, message: Message, params: Params, limit: int = MessageLimit.MAX_TEXT_LENGTH) -> None:
        message.html = str(params.get("text") or "")
        try:
            is_html = params.get("parse_mode") == "HTML"
            message.text, message.spans = parse_html(message.html) if is_html else (message.html, ())
        except HtmlError as error:
            raise ApiError(400, f"Bad Request: can't parse entities: {error}") from error
        if not message.text.strip():
            raise ApiError(400, "Bad Request: message text is empty")
        if utf16(message.text) > limit or len(message.spans) > MessageLimit.MESSAGE_ENTITIES:
            raise ApiError(400, "Bad Request: message is too long")
        preview = params.get("link_preview_options") or {}
        message.preview = None if preview.get("is_disabled") else preview.get("url")

    def _fill_markup(self, message: Message, params: Params) -> None:
        markup = params.get("reply_markup") or {}
        message.buttons = markup.get("inline_keyboard") or []
        check_inline(message.buttons)
        if markup.get("remove_keyboard"):
            message.reply_keyboard = []
        elif "keyboard" in markup:
            message.reply_keyboard = markup["keyboard"]
            self._check_keyboard(message)

    def _check_keyboard(self, message: Message) -> None:
        wants_place = any(b.get("request_location") for row in message.reply_keyboard or [] for b in row)
        if wants_place and self._types.get(message.chat_id) != "private":
            raise ApiError(400, "Bad Request: location can be requested in private chats only")


class OfflineRequest(BaseRequest):
    """python-telegram-bot's way out, leading to an `OfflineApi` instead of the network."""

    def __init__(self, api: OfflineApi) -> None:
        self.api = api

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_timeouts: Any, **_more: Any
    ) -> tuple[int, bytes]:
        """One call, answered at once. The HTTP method does not matter; the Bot API's is the end of `url`."""
        del method
        if "/file/bot" in url:
            return self.api.files.download(unquote(url.partition("/file/bot")[2].partition("/")[2]))
        params = request_data.parameters if request_data else {}
        files = request_data.multipart_data if request_data and request_data.contains_files else {}
        uploads = {name: (str(part[0]), _bytes(part[1])) for name, part in files.items()}
        status, body = self.api.call(url.rsplit("/", 1)[-1], params, uploads)
        return status, json.dumps(body).encode()


def _bytes(content: bytes | IO[bytes]) -> bytes:
    return content if isinstance(content, bytes) else content.read()
