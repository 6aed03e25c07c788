"""The Bot API in memory refuses what Telegram refuses."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, InvalidToken

from bot.offline import OfflineApi, OfflineRequest
from bot.telegram_html import HtmlError, parse_html

CHAT = 7


@pytest.fixture
def api() -> OfflineApi:
    api = OfflineApi()
    api.send_text(CHAT, "hej")
    return api


def send(api: OfflineApi, text: str = "<b>hej</b>", **more: object) -> tuple[int, dict]:
    return api.call("sendMessage", {"chat_id": CHAT, "text": text, "parse_mode": "HTML", **more})


def buttons(**button: object) -> dict:
    return {"inline_keyboard": [[{"text": "tryk", **button}]]}


def test_a_message_is_shown_without_its_markup(api: OfflineApi) -> None:
    assert send(api, "<b>Rock</b> &amp; Rul")[0] == 200
    (message,) = api.shown(CHAT)
    assert message.text == "Rock & Rul"
    assert (message.spans[0].kind, message.spans[0].start, message.spans[0].end) == ("bold", 0, 4)


@pytest.mark.parametrize(
    "text", ["<b>hej", "hej</b>", "<b><i>hej</b></i>", "a < b", "Rock & Rul", "<h1>x</h1>", "&nbsp;"]
)
def test_broken_markup_is_refused(api: OfflineApi, text: str) -> None:
    status, body = send(api, text)
    assert status == 400
    assert "can't parse entities" in body["description"]
    assert api.shown(CHAT) == []


def test_length_counts_after_markup_in_utf16_units(api: OfflineApi) -> None:
    assert send(api, "<b>" + "x" * 4096 + "</b>")[0] == 200
    assert send(api, "x" * 4097)[0] == 400
    assert send(api, "🎭" * 2048)[0] == 200
    assert send(api, "🎭" * 2049)[0] == 400


def test_callback_data_is_at_most_64_bytes(api: OfflineApi) -> None:
    assert send(api, reply_markup=buttons(callback_data="x" * 64))[0] == 200
    assert send(api, reply_markup=buttons(callback_data="ø" * 33))[0] == 400


def test_a_chat_that_never_wrote_cannot_be_written_to(api: OfflineApi) -> None:
    status, body = api.call("sendMessage", {"chat_id": 99, "text": "hej"})
    assert (status, body["description"]) == (400, "Bad Request: chat not found")


def test_an_edit_must_change_something(api: OfflineApi) -> None:
    message_id = send(api)[1]["result"]["message_id"]
    edit = {"chat_id": CHAT, "message_id": message_id, "parse_mode": "HTML"}
    assert api.call("editMessageText", {**edit, "text": "<b>hej</b>"})[1]["description"].endswith(
        "not modified"
    )
    assert api.call("editMessageText", {**edit, "text": "farvel"})[0] == 200
    assert [m.text for m in api.shown(CHAT)] == ["farvel"]


def test_a_tap_is_answered_exactly_once(api: OfflineApi) -> None:
    message_id = send(api, reply_markup=buttons(callback_data="x"))[1]["result"]["message_id"]
    callback_id = api.tap(CHAT, message_id, "x")["callback_query"]["id"]
    assert api.unanswered_callbacks() == [callback_id]
    assert api.call("answerCallbackQuery", {"callback_query_id": callback_id})[0] == 200
    assert api.call("answerCallbackQuery", {"callback_query_id": callback_id})[0] == 400
    assert api.unanswered_callbacks() == []


def test_a_place_can_be_asked_for_in_private_only(api: OfflineApi) -> None:
    group = -100
    api.send_text(group, "/find musik", chat_type="supergroup")
    keyboard = {"keyboard": [[{"text": "sted", "request_location": True}]]}
    assert send(api, reply_markup=keyboard)[0] == 200
    assert api.call("sendMessage", {"chat_id": group, "text": "hvor?", "reply_markup": keyboard})[0] == 400


def test_an_unknown_method_is_not_found(api: OfflineApi) -> None:
    assert api.call("sendTelepathy", {})[0] == 404


def test_python_telegram_bot_speaks_to_it_as_to_telegram(api: OfflineApi) -> None:
    async def story() -> None:
        bot = Bot("1:x", request=OfflineRequest(api))
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("1", callback_data="a")]])
        sent = await bot.send_message(CHAT, "<i>hej</i>", parse_mode="HTML", reply_markup=markup)
        assert sent.reply_markup is not None
        await bot.send_document(CHAT, b"BEGIN:VCALENDAR", filename="koncert.ics")
        with pytest.raises(BadRequest, match="not modified"):
            await bot.edit_message_text(
                "<i>hej</i>", CHAT, sent.message_id, parse_mode="HTML", reply_markup=markup
            )

    asyncio.run(story())
    assert api.shown(CHAT)[1].document == ("koncert.ics", b"BEGIN:VCALENDAR")


def test_a_file_that_was_sent_can_be_fetched_by_its_id(api: OfflineApi) -> None:
    sent = api.send_file(CHAT, "program.csv", b"titel\n")["message"]["document"]
    assert (sent["file_name"], sent["file_size"]) == ("program.csv", 6)

    async def story() -> None:
        bot = Bot("1:x", request=OfflineRequest(api))
        file = await bot.get_file(sent["file_id"])
        assert await file.download_as_bytearray() == b"titel\n"
        with pytest.raises(BadRequest, match="Wrong file_id"):
            await bot.get_file("another")
        api.files.lose(sent["file_id"])
        with pytest.raises(InvalidToken):  # what python-telegram-bot makes of a 404
            await file.download_as_bytearray()

    asyncio.run(story())


def test_a_file_of_more_than_20_mb_cannot_be_fetched(api: OfflineApi) -> None:
    sent = api.send_file(CHAT, "program.csv", bytes(20_000_001))["message"]["document"]
    status, body = api.call("getFile", {"file_id": sent["file_id"]})
    assert (status, body["description"]) == (400, "Bad Request: file is too big")


@given(st.text(alphabet='<>&;/ab"= pi#x1', max_size=40))
def test_any_markup_is_read_or_refused(source: str) -> None:
    try:
        plain, spans = parse_html(source)
    except HtmlError:
        return
    assert all(0 <= span.start <= span.end <= len(plain) for span in spans)
