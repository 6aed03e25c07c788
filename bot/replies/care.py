"""What is said to somebody in danger: whom to call, and nothing else."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from bot.replies.markup import Html, lines, say
from bot.replies.reply import Reply, Voice


@dataclass(frozen=True, slots=True)
class Helpline:
    """Somebody to call. what: for whom and when, by language. topics: the kinds of danger it is for. source:
    the address where number and hours were read, on the day `checked`."""

    number: str
    name: str
    topics: tuple[str, ...]
    what: dict[str, str]
    source: str
    checked: dt.date


@cache
def helplines() -> tuple[Helpline, ...]:
    """All of them, in the order in which they are shown."""
    file = resources.files("bot.texts").joinpath("helplines.toml")
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["helpline"]
    return tuple(
        Helpline(
            entry["number"],
            entry.get("name", ""),
            tuple(entry["topics"]),
            {language: entry[language] for language in ("da", "en")},
            entry["source"],
            entry["checked"],
        )
        for entry in entries
    )


def in_danger(topic: str, voice: Voice) -> Reply:
    """A warm word and the lines for this kind of danger. No buttons, no offerings."""
    shown = [line for line in helplines() if topic in line.topics]
    return _page(say(voice.texts, f"danger.{topic}"), shown, voice)


def somebody_to_talk_to(voice: Voice) -> Reply:
    """Every line, for somebody who asks for it."""
    return _page(say(voice.texts, "worry.lines"), list(helplines()), voice)


def _page(head: Html, shown: list[Helpline], voice: Voice) -> Reply:
    rows = (
        say(
            voice.texts,
            "danger.named" if line.name else "danger.line",
            number=line.number,
            name=line.name,
            what=line.what[voice.language],
        )
        for line in shown
    )
    return Reply(lines([head, Html(""), *rows, Html(""), say(voice.texts, "danger.adult")]))
