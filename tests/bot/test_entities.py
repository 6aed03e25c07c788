"""What staff write, as HTML: bold and links, whatever comes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import MessageEntity

from bot.entities import from_entities
from bot.telegram_html import parse_html
from catalog.text import visible

KINDS = ["bold", "italic", "text_link", "code", "url", "spoiler", "custom_emoji", "blockquote"]
ADDRESSES = [
    'https://a.dk/?x=1&y="2"',
    "http://a.dk",
    "tg://resolve?domain=x",
    "javascript:alert(1)",
    "//a",
    "",
    "http://[",
]


def bold(offset: int, length: int) -> MessageEntity:
    return MessageEntity("bold", offset, length)


def link(offset: int, length: int, url: str) -> MessageEntity:
    return MessageEntity("text_link", offset, length, url=url)


def test_offsets_count_utf16_units() -> None:
    text = "🎄🎄 Jul"
    assert from_entities(text, [bold(5, 3)]).html == "🎄🎄 <b>Jul</b>"


def test_bold_within_and_across_a_link_nests() -> None:
    written = from_entities("abcdef", [link(1, 3, "https://a.dk"), bold(2, 4)])
    assert written.html == 'a<a href="https://a.dk">b<b>cd</b></a><b>ef</b>'
    assert written.dropped is False


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//a.dk", "data:text/html,x", "tg:", "http://["])
def test_a_link_that_leads_elsewhere_keeps_its_words_only(url: str) -> None:
    written = from_entities("her", [link(0, 3, url)])
    assert (written.html, written.dropped) == ("her", True)


def test_what_telegram_finds_by_itself_is_nothing_lost() -> None:
    assert from_entities("se https://a.dk", [MessageEntity("url", 3, 12)]).dropped is False


entities = st.builds(
    lambda kind, offset, length, url: MessageEntity(
        kind, offset, length, url=url if kind == "text_link" else None
    ),
    st.sampled_from(KINDS),
    st.integers(-3, 30),
    st.integers(-3, 30),
    st.sampled_from(ADDRESSES),
)


@given(st.text(max_size=20), st.lists(entities, max_size=6))
def test_whatever_comes_telegram_can_parse_it_and_the_words_stay(text: str, marks: list[Any]) -> None:
    html = from_entities(text, marks).html
    plain, spans = parse_html(html)
    assert visible(plain).strip() == visible(visible(text)).strip()
    assert {span.kind for span in spans} <= {"bold", "link"}
    assert all((span.link or "http").startswith(("http", "tg://")) for span in spans)
