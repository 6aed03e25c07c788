"""The stand-in is as strict as Telegram where the bot depends on it."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.offline import OfflineApi
from tests.standin import Send, StandIn

TOKEN = "123:standin"
ANNA, BO = 11, 12


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(TOKEN) as running:
        yield running
    assert running.failures == []


@pytest.fixture
def client(standin: StandIn) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=standin.url, timeout=10) as opened:
        yield opened


def call(client: httpx.Client, method: str, **params: Any) -> dict[str, Any]:
    body: dict[str, Any] = client.post(f"/bot{TOKEN}/{method}", json=params).json()
    return body


def update_ids(answer: dict[str, Any]) -> list[int]:
    return [update["update_id"] for update in answer["result"]]


def test_it_knows_the_bot_by_its_token(client: httpx.Client) -> None:
    assert call(client, "getMe")["result"]["is_bot"] is True
    assert client.post("/bot999:wrong/getMe").status_code == 401
    assert client.post("/nowhere").status_code == 404


def test_json_form_and_query_say_the_same(standin: StandIn, client: httpx.Client) -> None:
    standin.person(lambda world: world.send_text(ANNA, "hej"))
    url = f"/bot{TOKEN}/sendMessage"
    client.post(url, json={"chat_id": ANNA, "text": "én"})
    client.post(url, data={"chat_id": str(ANNA), "text": "to & tre"})
    client.get(url, params={"chat_id": ANNA, "text": "fire"})
    assert [message.text for message in standin.world.shown(ANNA)] == ["én", "to & tre", "fire"]


def test_a_file_arrives_byte_for_byte(standin: StandIn, client: httpx.Client) -> None:
    standin.person(lambda world: world.send_text(ANNA, "hej"))
    content = bytes(range(256)) + "æøå\r\n--x\n".encode()
    sent = client.post(
        f"/bot{TOKEN}/sendDocument",
        data={"chat_id": str(ANNA), "caption": "Læg den i kalenderen"},
        files={"document": ("øl & brød.ics", content, "text/calendar")},
    )
    assert sent.json()["ok"] is True
    (message,) = standin.world.shown(ANNA)
    assert message.document == ("øl & brød.ics", content)
    assert message.text == "Læg den i kalenderen"


def test_a_file_that_somebody_sent_can_be_fetched(standin: StandIn, client: httpx.Client) -> None:
    update = standin.person(lambda world: world.send_file(ANNA, "æ.csv", b"a\x00b"))
    path = call(client, "getFile", file_id=update["message"]["document"]["file_id"])["result"]["file_path"]
    assert client.get(f"/file/bot{TOKEN}/{path}").content == b"a\x00b"
    assert client.get(f"/file/bot9:wrong/{path}").status_code == 404
    assert client.get(f"/file/bot{TOKEN}/documents/file9.csv").status_code == 404


def test_an_update_comes_again_until_its_offset_is_passed(standin: StandIn, client: httpx.Client) -> None:
    standin.person(lambda world: (world.send_text(ANNA, "et"), world.send_text(ANNA, "to")))
    first, second = update_ids(call(client, "getUpdates"))
    assert update_ids(call(client, "getUpdates", offset=first)) == [first, second]
    assert update_ids(call(client, "getUpdates", offset=first + 1)) == [second]
    assert update_ids(call(client, "getUpdates")) == [second]
    assert update_ids(call(client, "getUpdates", offset=second + 1)) == []


def test_a_batch_is_no_longer_than_asked(standin: StandIn, client: httpx.Client) -> None:
    standin.person(lambda world: [world.send_text(ANNA, str(number)) for number in range(3)])
    assert len(update_ids(call(client, "getUpdates", limit=2))) == 2


def test_only_the_kinds_of_update_that_were_asked_for_come(standin: StandIn, client: httpx.Client) -> None:
    standin.person(lambda world: world.send_text(ANNA, "hej"))
    assert call(client, "getUpdates", allowed_updates=["callback_query"])["result"] == []
    assert call(client, "getUpdates")["result"] == [], "what was asked for stays so until it is asked anew"
    assert len(call(client, "getUpdates", allowed_updates=json.dumps([]))["result"]) == 1


def test_a_waiting_poll_answers_as_soon_as_a_person_writes(standin: StandIn, client: httpx.Client) -> None:
    answers: list[dict[str, Any]] = []
    poller = threading.Thread(target=lambda: answers.append(call(client, "getUpdates", timeout=8)))
    poller.start()
    standin.wait(lambda _world: standin.polls)
    standin.person(lambda world: world.send_text(BO, "er der nogen?"))
    poller.join(timeout=4)
    assert answers[0]["result"][0]["message"]["text"] == "er der nogen?"


def test_a_second_poller_ends_the_first_with_a_conflict(standin: StandIn, client: httpx.Client) -> None:
    answers: list[dict[str, Any]] = []
    poller = threading.Thread(target=lambda: answers.append(call(client, "getUpdates", timeout=8)))
    poller.start()
    standin.wait(lambda _world: standin.polls)
    assert call(client, "getUpdates")["ok"] is True
    poller.join(timeout=4)
    assert answers[0]["error_code"] == 409


def test_a_scripted_fault_comes_once_and_delivers_nothing(standin: StandIn, client: httpx.Client) -> None:
    standin.person(lambda world: world.send_text(ANNA, "hej"))
    standin.fail("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3)
    standin.fail("sendMessage", 502, "Bad Gateway")
    answers = [call(client, "sendMessage", chat_id=ANNA, text="svar") for _ in range(3)]
    assert [answer.get("error_code") for answer in answers] == [429, 502, None]
    assert answers[0]["parameters"] == {"retry_after": 3}
    assert len(standin.world.shown(ANNA)) == 1


def test_it_counts_what_reached_chats_and_not_what_was_refused(
    standin: StandIn, client: httpx.Client
) -> None:
    standin.person(lambda world: (world.send_text(ANNA, "hej"), world.send_text(BO, "hej")))
    for chat in (ANNA, ANNA, BO):
        call(client, "sendMessage", chat_id=chat, text="svar")
    call(client, "sendMessage", chat_id=ANNA, text="<b>", parse_mode="HTML")
    call(client, "sendChatAction", chat_id=ANNA, action="typing")
    assert standin.most_sends(within=60) == 3
    assert standin.most_sends(within=60, chat_id=ANNA) == 2


def test_the_busiest_second_may_begin_at_any_send(standin: StandIn) -> None:
    standin.sends.extend(Send(at, "sendMessage", ANNA) for at in (0.0, 0.9, 1.1, 1.8, 5.0))
    assert standin.most_sends(within=1.0) == 3
    assert standin.most_sends(within=1.0, chat_id=BO) == 0


def test_waiting_in_vain_says_what_the_bot_did(standin: StandIn, client: httpx.Client) -> None:
    call(client, "getMe")

    def never(_world: OfflineApi) -> bool:
        return False

    with pytest.raises(AssertionError, match="getMe"):
        standin.wait(never, seconds=0.05)
