"""The chat's sentences as Telegram will get them."""

import re
from string import Formatter

import pytest
from telegram.constants import BotCommandLimit, CallbackQueryLimit

from bot.buttons import Kind
from bot.handlers import BUTTONS, COMMANDS
from bot.replies import basics
from bot.telegram_html import parse_html
from bot.texts import LANGUAGES, texts
from catalog.values import Access, Audience, Category, Format, Status, Tariff


class _Filled(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "x"


def sentences(language: str) -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, entry in texts(language).entries.items():
        forms = {"": entry} if isinstance(entry, str) else entry
        flat.update(
            {f"{key}{form}": Formatter().vformat(text, (), _Filled()) for form, text in forms.items()}
        )
    return flat


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tags_in_a_sentence_are_whole(language: str) -> None:
    tagged = {key: text for key, text in sentences(language).items() if re.search(r"</?[a-z]+>", text)}
    assert len(tagged) > 5
    for text in tagged.values():
        parse_html(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_toast_and_a_menu_fit_where_they_are_shown(language: str) -> None:
    say = texts(language)
    for key, text in sentences(language).items():
        if key.startswith("toast."):
            assert len(text) <= CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH
    for command in [*COMMANDS, "find"]:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", say(f"command.{command}.name"))
        assert len(say(f"command.{command}.description")) <= BotCommandLimit.MAX_DESCRIPTION


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("area", "values"),
    [
        ("category", Category),
        ("format", Format),
        ("audience", Audience),
        ("tariff", Tariff),
        ("access_phrase", Access),
        ("access_yes", Access),
        ("access_no", Access),
        ("status", set(Status) - {Status.SCHEDULED}),
        ("date_status", set(Status) - {Status.SCHEDULED}),
    ],
)
def test_every_standard_value_has_its_word(language: str, area: str, values: set[Category]) -> None:
    assert [value for value in values if not texts(language).has(f"{area}.{value.value}")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_ready_question_can_be_asked(language: str) -> None:
    say = texts(language)
    for key in {*basics.STARTERS, *basics.SUGGESTIONS}:
        assert say.has(f"suggestion.{key}.label")
        assert say.has(f"suggestion.{key}.question")


def test_every_button_has_a_route() -> None:
    assert set(BUTTONS) == set(Kind)


def test_the_labels_of_the_contract_stay() -> None:
    danish, english = texts("da"), texts("en")
    for key, here, there in [
        ("more", "Flere", "More"),
        ("map", "Kort", "Map"),
        ("calendar", "Kalender", "Calendar"),
        ("share", "Del", "Share"),
        ("back", "Tilbage", "Back"),
        ("follow", "Følg", "Follow"),
        ("following", "Følger", "Following"),
    ]:
        assert here in danish(f"button.{key}").split()
        assert there in english(f"button.{key}").split()
    assert "Sig til" in danish("button.notify")
    assert "Notify me" in english("button.notify")
