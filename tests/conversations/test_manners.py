"""Greetings, settings, groups, strange messages and strange buttons."""

import logging
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import introduce
from bot.telegram_rules import ApiError
from tests.conversations.driver import Person, Town


def button_labels(message: Any) -> list[str]:
    return [button["text"] for row in message.buttons for button in row]


@pytest.mark.parametrize(
    ("code", "hello"), [("da", "Hej!"), ("nb", "Hej!"), ("sv", "Hej!"), ("en-GB", "Hello!"), ("de", "Hello!")]
)
def test_a_start_greets_in_the_persons_language_with_four_things_to_tap(
    town: Town, code: str, hello: str
) -> None:
    greeting = Person(town, language=code).says("/start")
    assert hello in greeting.text
    assert len(button_labels(greeting)) == 4


@pytest.mark.parametrize("number", range(1, 4))
def test_the_things_to_tap_have_answers(person: Person, number: int) -> None:
    greeting = person.says("/start")
    label = button_labels(greeting)[number]
    answer = person.taps(label, greeting)
    assert answer.buttons[0][0]["text"] == "1"
    assert not answer.text.startswith("Jeg kan")


def test_near_me_can_be_tapped_at_the_start(person: Person) -> None:
    greeting = person.says("/start")
    assert person.taps("Tæt på mig", greeting).reply_keyboard


@pytest.mark.parametrize("text", ["hej", "tak!", "hjælp", "noget helt andet", "xqzt vwpk", "🎉", "?"])
def test_small_talk_is_answered_kindly(person: Person, text: str) -> None:
    answer = person.says(text)
    assert answer.text
    assert not any(button.startswith("✕") for button in button_labels(answer)[:1])


def test_help_gives_examples_that_have_answers_now(person: Person) -> None:
    page = person.says("/hjaelp")
    examples = button_labels(page)
    assert len(examples) == 4
    for label in examples:
        assert person.taps(label, page).buttons[0][0]["text"] == "1"
    assert person.says("/help").text == page.text


def test_the_language_can_be_changed(person: Person) -> None:
    person.says("/sprog")
    assert person.taps("English").text == "I'll write English to you from now on."
    assert person.says("/start").text.startswith("👋 Hello!")
    assert person.row is not None
    assert person.row.language == "en"


def test_erasing_asks_once_and_then_forgets_everything(person: Person) -> None:
    person.says("workshops for unge i Ishøj")
    listed = person.sees
    person.says("/slet")
    assert person.taps("Nej, behold det").text == "Godt, jeg beholder det."
    assert person.row is not None
    person.says("/delete")
    assert "slettet" in person.taps("Ja, slet alt").text
    assert person.row is None
    person.taps("✕ i Ishøj", listed)
    assert "glemt" in person.toasts[-1]


def test_privacy_is_told_in_a_few_lines(person: Person) -> None:
    assert "/slet" in person.says("/privatliv").text


@pytest.mark.parametrize(
    "content",
    [
        {
            "sticker": {
                "file_id": "a",
                "file_unique_id": "b",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
                "type": "regular",
            }
        },
        {"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}},
        {"document": {"file_id": "a", "file_unique_id": "b"}},
        {"contact": {"phone_number": "1", "first_name": "x"}},
    ],
)
def test_what_is_not_text_gets_one_helpful_answer(person: Person, content: dict[str, Any]) -> None:
    answer = person.sends(**content)
    assert "Jeg læser bedst tekst" in answer.text
    assert len(person.everything) == 1


def test_an_album_is_answered_once(person: Person) -> None:
    for number in range(3):
        photo = {"file_id": f"{number}", "file_unique_id": f"{number}", "width": 1, "height": 1}
        person.sends(photo=[photo], media_group_id="album")
    assert len(person.everything) == 1


def test_a_venue_counts_as_a_shared_place(person: Person) -> None:
    venue = {"location": {"latitude": 55.6131, "longitude": 12.3579}, "title": "Hjemme", "address": "Her"}
    person.sends(venue=venue)
    assert person.row is not None
    assert person.row.place_key == "postcode:2635"


def test_an_unknown_command_points_to_help(person: Person) -> None:
    assert "/hjaelp" in person.says("/fodbold").text


@pytest.mark.parametrize(
    "data",
    [
        *("", "1:o:<script>", "9:o:abc", "x" * 64, "1:q:nonsense", "1:x:nonsense", "1:l:xx"),
        *(
            "1:f:abc",
            "1:g:abc",
            "1:t:abc:all",
            "1:t:abc:date7",
            "1:j:99999",
            "1:j:99999:stop",
            "1:h:99999:m10",
        ),
        *("1:h:0:own", "1:h:0:m99999", "1:i:99999", "1:s:99999:run", "1:s:99999:child0", "1:u:99999"),
        *("1:r:99999:why", "1:r:99999:wait30", "1:r:99999:rest10", "1:y:99999:yes", "1:z:99999:emoji99"),
    ],
)
def test_every_button_is_answered_even_one_that_never_was(person: Person, data: str, town: Town) -> None:
    shown = person.says("workshops for unge")
    person.presses(data, shown)
    assert town.api.unanswered_callbacks() == []
    assert len(person.everything) == 1


def test_a_button_on_a_forgotten_list_says_so(person: Person, town: Town) -> None:
    person.says("workshops for unge")
    town.later(hours=1)
    person.taps("Flere")
    assert "glemt" in person.toasts[-1]


def test_a_row_of_a_forgotten_list_still_opens(person: Person, town: Town) -> None:
    person.says("workshops for unge")
    town.later(hours=1)
    card = person.taps("1")
    assert "Kort" in card.text or "🗓" in card.text
    assert not any("Tilbage" in label for label in button_labels(card))


def test_a_tap_that_changes_nothing_is_no_error(person: Person, caplog: pytest.LogCaptureFixture) -> None:
    shown = person.says("workshops for unge")
    person.presses("1:p:0", shown)
    assert len(person.everything) == 1
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_an_error_ends_in_one_kind_sentence_and_a_log_line_without_words(
    person: Person, town: Town, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "min hemmelige tekst om musik"

    def fail(*_args: Any, **_more: Any) -> None:
        raise RuntimeError(text)

    monkeypatch.setattr(town.catalogue, "search", fail)
    sorry = person.says(text).text
    assert sorry.startswith("Undskyld")
    error_id = sorry.split("Fejl ")[1].rstrip(")")
    (record,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert error_id in record.getMessage()
    assert "hemmelig" not in caplog.text
    assert len(person.everything) == 1


def test_a_group_hears_nothing_but_what_is_meant_for_the_bot(town: Town) -> None:
    group = Person(town, chat_type="supergroup")
    for text in ("workshops for unge", "hej", "/start", "/slet"):
        with pytest.raises(IndexError):
            group.says(text)


def test_a_group_finds_together(town: Town) -> None:
    group = Person(town, chat_type="supergroup")
    answer = group.says("/find workshops for unge i Ishøj")
    assert answer.text.startswith("Workshops for unge i Ishøj:")
    group.taps("Flere") if any("Flere" in label for label in button_labels(answer)) else group.taps(
        "✕ i Ishøj"
    )
    assert len(group.everything) == 1
    assert group.says("kun gratis", reply_to=answer).text.startswith("Gratis workshops for unge")
    assert group.row is None


def test_a_group_is_never_asked_for_a_position(town: Town) -> None:
    group = Person(town, chat_type="group")
    asked = group.says("/find workshops for unge tæt på mig")
    assert asked.reply_keyboard is None
    assert group.says("Ishøj", reply_to=asked).text.startswith("Workshops for unge i Ishøj:")
    assert group.row is None


def test_find_without_a_question_shows_how(town: Town) -> None:
    assert "/find musik" in Person(town, chat_type="group").says("/find").text


def test_the_menu_is_told_in_every_language(town: Town) -> None:
    town.runner.run(introduce(town.application))
    names = {code: [command["command"] for command in menu] for code, menu in town.api.commands.items()}
    assert names["da"] == [
        *("start", "hjaelp", "mine", "familie", "indstillinger", "sprog", "privatliv", "mine_data", "slet")
    ]
    assert names["en"] == [
        *("start", "help", "mine", "family", "settings", "language", "privacy", "my_data", "delete")
    ]
    assert names[""] == names["da"]


def refuse(town: Town, monkeypatch: pytest.MonkeyPatch, words: str, *, only_pictures: bool) -> None:
    """From now on Telegram refuses edits, or only those with a picture."""
    edit = town.api._do_edit_message_text

    def strict(params: Any, files: Any) -> Any:
        preview = params.get("link_preview_options") or {}
        if only_pictures and preview.get("is_disabled"):
            return edit(params, files)
        raise ApiError(400, f"Bad Request: {words}")

    monkeypatch.setattr(town.api, "_do_edit_message_text", strict)


def test_a_message_too_old_to_be_changed_is_followed_by_a_new_one(
    person: Person, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.says("workshops for unge")
    refuse(town, monkeypatch, "message can't be edited", only_pictures=False)
    assert "6–8 af 8" in person.taps("Flere").text
    assert len(person.everything) == 2


def test_a_picture_that_telegram_refuses_costs_only_the_picture(
    person: Person, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.says("tegn en tegneserie")
    refuse(town, monkeypatch, "wrong type of the web page content", only_pictures=True)
    card = person.taps("1")
    assert card.text.startswith("Tegn en tegneserie")
    assert card.preview is None


def test_a_button_under_a_message_that_telegram_no_longer_shows_is_answered(
    person: Person, town: Town
) -> None:
    shown = person.says("workshops for unge")
    tap = town.api.tap(person.chat_id, shown.message_id, shown.button("2")["callback_data"])
    chat = {"id": person.chat_id, "type": "private"}
    tap["callback_query"]["message"] = {"chat": chat, "message_id": shown.message_id, "date": 0}
    town.deliver(tap)
    assert "🗓" in person.sees.text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and "\x00" not in text))
def test_whatever_is_written_gets_an_answer(person: Person, text: str) -> None:
    before = len(person.everything)
    answer = person.says(text)
    assert len(person.everything) > before
    assert not answer.text.startswith(("Undskyld", "Sorry"))
