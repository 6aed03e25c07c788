"""Questions to the synthetic catalogue: each is made of facts, and then worded as people write.

`judging.py` tells which offerings have these facts.
"""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from benchmarks.synthetic import (
    AMOUNT,
    CANCELLED,
    FORMAT_HEADS,
    FREE,
    GROUPS,
    NAMED,
    NOW,
    TOPICS,
    TOWNS,
    Column,
    Synthetic,
)
from catalog.values import Audience

QUESTIONS = 400
SMALLEST = 1_000
"""Offerings; among fewer there is not for every kind of question one that has all its facts."""

_MISTYPED = 0.33
_YOUNG = (13, 25)
TODAY = NOW.replace(hour=0)
WHEN: tuple[tuple[str, dt.timedelta, dt.timedelta], ...] = (
    ("i morgen", dt.timedelta(days=1), dt.timedelta(days=2)),
    ("på fredag", dt.timedelta(days=2), dt.timedelta(days=3)),
    ("i weekenden", dt.timedelta(days=2, hours=18), dt.timedelta(days=5)),
    ("i næste uge", dt.timedelta(days=5), dt.timedelta(days=12)),
    ("i december", dt.timedelta(days=6), dt.timedelta(days=37)),
)
"""A time phrase, and its window from the beginning of today."""

_ASKABLE = tuple(n for n, (town, municipality, *_) in enumerate(TOWNS) if town == municipality)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. topic, head, town: numbers in TOPICS, FORMAT_HEADS and TOWNS; joined: topic and head as
    one word; when: a number in the table of windows; price: kroner at most, 0 free; row: this very one."""

    text: str
    topic: int | None = None
    head: int | None = None
    joined: bool = False
    town: int | None = None
    when: int | None = None
    ages: tuple[int, int] | None = None
    price: int | None = None
    row: int | None = None


def questions(made: Synthetic) -> list[Question]:
    """Danish questions as people write them, a third of their main words with a typo, the same every time."""
    return list(map(_Writer(made), range(QUESTIONS)))


class _Writer:
    """Takes the facts of a question from an offering that has them, so that there is an answer; every tenth
    question takes each of its facts from another one, and most often nothing fits."""

    def __init__(self, made: Synthetic) -> None:
        self.made = made
        self.chance = random.Random(7)
        self.number = 0
        _, self.starts, _ = made.times(0)
        ahead = (made.status != CANCELLED) & (made.day > 0)
        groups = [GROUPS.index(group) for group in GROUPS if group[2] == Audience.CHILDREN]
        soon = ~made.is_run & (made.day <= WHEN[-1][2].days - 1)
        self.having = {
            "topic": ahead & (made.subject < len(TOPICS)),
            "head": ahead & (made.head < len(FORMAT_HEADS)),
            "town": ahead & np.isin(made.venue_town[made.venue], _ASKABLE),
            "when": ahead & soon,
            "child": ahead & np.isin(made.group, groups),
            "young": ahead & (made.group == GROUPS.index((*_YOUNG, Audience.YOUTH))),
            "free": ahead & (made.price_kind == FREE),
            "cheap": ahead & (made.price_kind == AMOUNT) & (made.amount < 300),
            "named": ahead & (made.extra_kind == NAMED),
        }
        self.kinds: tuple[Callable[[], Question], ...] = (
            *(self.thing_when, self.free_thing_where, self.anything, self.topic_for_the_young),
            *(self.for_a_child, self.kind_with_topic, self.thing, self.kind_under, self.topic_where_when),
            *(self.many, self.by_title),
        )

    def __call__(self, number: int) -> Question:
        self.number = number
        return self.kinds[number % len(self.kinds)]()

    def having_all(self, *facts: str) -> list[int]:
        """For each of the facts, an offering that has it: the same one, but for every tenth question."""
        if self.number % 10 == 9:
            return [self.one(fact) for fact in facts]
        return [self.one(*facts)] * len(facts)

    def one(self, *facts: str) -> int:
        rows = self.rows(facts)
        return int(rows[self.chance.randrange(len(rows))])

    @cache  # noqa: B019  # one writer a process
    def rows(self, facts: tuple[str, ...]) -> Column:
        """All offerings that have these facts."""
        return np.flatnonzero(np.logical_and.reduce([self.having[fact] for fact in facts]))

    def typed(self, word: str) -> str:
        return _mistyped(word, self.chance) if self.chance.random() < _MISTYPED else word

    def topic(self, row: int) -> tuple[int, str]:
        number = int(self.made.subject[row])
        return number, self.typed(TOPICS[number].word)

    def head(self, row: int) -> tuple[int, str]:
        number = int(self.made.head[row])
        return number, FORMAT_HEADS[number].forms[self.chance.choice((0, 0, 2))]

    def compound(self, row: int, other: int) -> tuple[dict[str, Any], str]:
        topic, (head, word) = int(self.made.subject[row]), self.head(other)
        return {"topic": topic, "head": head, "joined": True}, self.typed(TOPICS[topic].word + word)

    def town(self, row: int) -> tuple[int, str]:
        number = int(self.made.venue_town[self.made.venue[row]])
        return number, TOWNS[number][0]

    def when(self, row: int) -> tuple[int, str]:
        start = self.starts[row] - TODAY.timestamp()
        fits = [n for n, (_, s, u) in enumerate(WHEN) if s.total_seconds() <= start < u.total_seconds()]
        number = self.chance.choice(fits)
        return number, WHEN[number][0]

    def age(self, row: int) -> int:
        youngest, oldest, _ = GROUPS[self.made.group[row]]
        return self.chance.randint(youngest or 0, oldest or 12)

    def thing_when(self) -> Question:
        topic, head, when = self.having_all("topic", "head", "when")
        (facts, word), (window, day) = self.compound(topic, head), self.when(when)
        return Question(f"{word} {day}", **facts, when=window)

    def free_thing_where(self) -> Question:
        topic, head, town, _ = self.having_all("topic", "head", "town", "free")
        (facts, word), (place, name) = self.compound(topic, head), self.town(town)
        return Question(f"gratis {word} i {name}", **facts, town=place, price=0)

    def anything(self) -> Question:
        town, when = self.having_all("town", "when")
        (place, name), (window, day) = self.town(town), self.when(when)
        return Question(f"hvad sker der i {name} {day}", town=place, when=window)

    def topic_for_the_young(self) -> Question:
        topic, when, _ = self.having_all("topic", "when", "young")
        (subject, word), (window, day) = self.topic(topic), self.when(when)
        return Question(f"{word} for unge {day}", topic=subject, when=window, ages=_YOUNG)

    def for_a_child(self) -> Question:
        town, child = self.having_all("town", "child")
        (place, name), age = self.town(town), self.age(child)
        return Question(f"noget for min datter på {age} i {name}", town=place, ages=(age, age))

    def kind_with_topic(self) -> Question:
        topic, head = self.having_all("topic", "head")
        (subject, word), (number, kind) = self.topic(topic), self.head(head)
        return Question(f"{kind} med {word}", topic=subject, head=number)

    def thing(self) -> Question:
        facts, word = self.compound(*self.having_all("topic", "head"))
        return Question(word, **facts)

    def kind_under(self) -> Question:
        head, town, cheap = self.having_all("head", "town", "cheap")
        (number, kind), (place, name) = self.head(head), self.town(town)
        most = int(self.made.amount[cheap]) // 100 * 100 + 100
        return Question(f"{kind} i {name} under {most} kr", head=number, town=place, price=most)

    def topic_where_when(self) -> Question:
        topic, town, when = self.having_all("topic", "town", "when")
        (subject, word), (place, name), (window, day) = self.topic(topic), self.town(town), self.when(when)
        return Question(f"{word} i {name} {day}", topic=subject, town=place, when=window)

    def many(self) -> Question:
        topic, town, when, child, _ = self.having_all("topic", "town", "when", "child", "free")
        (subject, word), (place, name), (window, day) = self.topic(topic), self.town(town), self.when(when)
        age = self.age(child)
        facts: dict[str, Any] = {"topic": subject, "town": place, "when": window, "ages": (age, age)}
        return Question(f"gratis {word} for min søn på {age} i {name} {day}", **facts, price=0)

    def by_title(self) -> Question:
        row, _ = self.having_all("named", "named")
        first, _, name = self.made.title(row).lower().split(" ")
        return Question(f"{first} {self.typed(name)}", row=row)


def _mistyped(word: str, chance: random.Random) -> str:
    """One letter left out or two swapped, not the first and not in a short word."""
    if len(word) < 5:
        return word
    at = chance.randint(1, len(word) - 2)
    return chance.choice((word[:at] + word[at + 1 :], word[:at] + word[at + 1] + word[at] + word[at + 2 :]))
