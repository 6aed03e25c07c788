"""Whom to call: every number is sourced, and the reply is nothing but help."""

import datetime as dt
from urllib.parse import urlsplit

import pytest

from bot.replies.care import helplines, in_danger, somebody_to_talk_to
from bot.telegram_html import parse_html
from bot.texts import LANGUAGES
from catalog.understanding.danger import TOPICS
from tests.bot.facts import voice


def test_every_helpline_has_a_source_and_the_day_it_was_checked() -> None:
    for line in helplines():
        assert urlsplit(line.source).scheme == "https"
        assert urlsplit(line.source).hostname
        assert dt.date(2026, 1, 1) <= line.checked <= dt.date(2100, 1, 1)
        assert line.number.replace(" ", "").isdecimal()
        assert set(line.what) == set(LANGUAGES)
        assert all(line.what.values())
        assert line.topics
        assert set(line.topics) <= set(TOPICS)


def test_the_numbers_that_must_be_there_are() -> None:
    assert {"112", "116 111", "70 201 201"} <= {line.number for line in helplines()}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("topic", TOPICS)
def test_in_danger_one_is_given_numbers_and_nothing_to_do(topic: str, language: str) -> None:
    reply = in_danger(topic, voice(language))
    text = parse_html(reply.text)[0]
    assert reply.rows == ()
    assert reply.picture is None
    assert "112" in text
    assert "116 111" in text
    assert len(text) < 700


def test_for_thoughts_of_suicide_there_is_the_lifeline_and_for_violence_the_violence_line() -> None:
    assert "70 201 201" in in_danger("suicide", voice()).text
    assert "1888" in in_danger("violence", voice()).text


def test_who_wants_to_talk_gets_every_line() -> None:
    text = somebody_to_talk_to(voice("en")).text
    assert all(line.number in text for line in helplines())
