"""Which offerings of the synthetic catalogue answer a question: known by construction.

Facts are judged over the columns that the catalogue was made of, without any search, by the rules of the
project's own evaluation (`tests/evaluation/judge.py`).
"""

import datetime as dt
import sqlite3
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.questions import TODAY, WHEN, Question
from benchmarks.synthetic import (
    AMOUNT,
    CANCELLED,
    CLOSES_AT,
    FORMAT_HEADS,
    FREE,
    GROUPS,
    HEADS,
    MOST_REPEATS,
    NOW,
    TOPICS,
    UNKNOWN,
    Column,
    Synthetic,
)
from catalog.values import HIDDEN_ONCE_BEGUN, Category, Format

SHOWN = 5
_WRONG, _LATER, _MAYBE, _RIGHT = range(4)
"""May not be shown; may after all that is right; may; must. As in the evaluation's `Verdict`."""

_DAY = 86_400
_ALL = slice(None)
Rows = slice | Column


class Judge:
    """Whether answers are right. source: the database file, whose texts may mention a topic."""

    def __init__(self, made: Synthetic, source: Path) -> None:
        self.made = made
        self.connection = sqlite3.connect(source)
        self.numbers = np.arange(made.size)
        self.young = np.array([-1 if low is None else low for low, _, _ in GROUPS])[made.group]
        self.old = np.array([200 if high is None else high for _, high, _ in GROUPS])[made.group]
        self.nothing_said = np.array([audience is None for *_, audience in GROUPS])[made.group]
        hidden = [list(Format).index(format_) for format_ in HIDDEN_ONCE_BEGUN]
        self.hidden_once_begun = np.isin(made.format, hidden)
        self.town = made.venue_town[made.venue]

    def exist(self, question: Question) -> int:
        """How many offerings must be shown, could one show them all."""
        return int(np.count_nonzero((self._facts(question, _ALL) == _RIGHT) & self._topic(question, _ALL)))

    def passes(self, question: Question, shown: Sequence[int], exist: int, *, said: bool) -> bool:
        """Whether all that is shown (ids) is right and as many are shown as exist, up to five. said: the
        answer says that nothing fits and what it gave up to show something; right when nothing does."""
        if said:
            return exist == 0
        wanted, verdicts = min(SHOWN, exist), self._verdicts(question, np.array(shown, dtype=int) - 1)
        before_later = verdicts[: verdicts.index(_LATER)] if _LATER in verdicts else None
        in_order = before_later is None or before_later.count(_RIGHT) >= wanted
        return _WRONG not in verdicts and len(verdicts) >= wanted and in_order

    def _verdicts(self, question: Question, rows: Column) -> list[int]:
        facts, named = self._facts(question, rows), self._topic(question, rows)
        mentioned = [n or self._mentions(question, row) for n, row in zip(named, rows.tolist(), strict=True)]
        verdicts: list[int] = np.minimum(
            facts, np.where(named, _RIGHT, np.where(mentioned, _MAYBE, _WRONG))
        ).tolist()
        return verdicts

    def _mentions(self, question: Question, row: int) -> bool:
        """Whether title, keywords or text speak of the topic or of what is kin to it."""
        if question.topic is None:
            return False
        columns = "titles, keywords, descriptions"
        texts = self.connection.execute(f"SELECT {columns} FROM offering WHERE id = ?", (row + 1,)).fetchone()
        text = " ".join(texts).encode().decode("unicode_escape").lower()
        asked = TOPICS[question.topic]
        return any(word in text for word in (asked.word, *asked.kin))

    def _facts(self, question: Question, rows: Rows) -> Column:
        """The worst verdict of all facts but the topic."""
        worst = np.where((self.made.status[rows] != CANCELLED) & self._on(question)[rows], _RIGHT, _WRONG)
        if question.row is not None:
            worst[self.numbers[rows] != question.row] = _WRONG
        if question.town is not None:
            worst[self.town[rows] != question.town] = _WRONG
        if question.ages:
            worst = np.minimum(worst, self._age(question.ages, rows))
        if question.price is not None:
            worst = np.minimum(worst, self._price(question.price, rows))
        if question.head is not None:
            worst = np.minimum(worst, self._kind(question.head, rows, titled=question.joined))
        return worst

    def _on(self, question: Question) -> Column:
        if question.when is None:
            return self._within(NOW.timestamp(), np.inf)
        _, since, until = WHEN[question.when]
        return self._within((TODAY + since).timestamp(), (TODAY + until).timestamp())

    @cache  # noqa: B019  # a handful of windows, and one judge a process
    def _within(self, since: float, until: float) -> Column:
        """On at some time of the window. Without an end to it, every run is: none is over within a week."""
        made = self.made
        on: Column = made.is_run & np.isinf(until)
        for repeat in range(MOST_REPEATS):
            has, starts, ends = made.times(repeat)
            ahead = ~self.hidden_once_begun | (starts > NOW.timestamp())
            on |= has & ~made.is_run & ahead & (starts < until) & (ends > since)
        if np.isfinite(until):
            runs, today = np.flatnonzero(made.is_run), TODAY.timestamp()
            for day in range(int((since - today) // _DAY), int((until - today) // _DAY) + 1):
                on[runs] |= self._open(runs, day, since, until)
        return on

    def _open(self, runs: Column, day: int, since: float, until: float) -> Column:
        made, days = self.made, np.full(len(runs), day)
        weekday = (TODAY + dt.timedelta(days=day)).isoweekday()
        opens, closes = made.at(days, 3600 * made.opens[runs]), made.at(days, 3600 * CLOSES_AT)
        lasts = (made.day[runs] <= day) & (day <= made.day[runs] + made.run_days[runs])
        shut = made.shut_on_mondays[runs] & (weekday == 1)
        fits: Column = lasts & ~shut & (opens < until) & (closes > since)
        return fits

    def _age(self, ages: tuple[int, int], rows: Rows) -> Column:
        young, old = self.young[rows], self.old[rows]
        known = np.where((young <= ages[1]) & (old >= ages[0]), _RIGHT, _WRONG)
        return np.where(young >= 0, known, np.where(self.nothing_said[rows], _LATER, _MAYBE))

    def _price(self, most: int, rows: Rows) -> Column:
        kind, amount = self.made.price_kind[rows], self.made.amount[rows]
        fits = (kind == FREE) | ((kind == AMOUNT) & (amount <= most))
        return np.where(fits, _RIGHT, np.where(kind == UNKNOWN, _LATER, _WRONG))

    def _kind(self, number: int, rows: Rows, *, titled: bool) -> Column:
        """Of this format, and a concert of music. Asked for within a compound, one that is of the format and
        has another word for it in its title may be shown and need not be."""
        made, asked = self.made, FORMAT_HEADS[number]
        fits = made.format[rows] == list(Format).index(asked.format or Format.CLUB)
        if asked.category:
            category = list(Category).index(asked.category)
            fits &= (made.category[rows] == category) | (made.second_category[rows] == category)
        alike = (asked.format, asked.category)
        named = [n for n, head in enumerate(HEADS) if (head.format, head.category) == alike]
        must = np.isin(made.head[rows], named) | (not titled)
        return np.where(fits, np.where(must, _RIGHT, _MAYBE), _WRONG)

    def _topic(self, question: Question, rows: Rows) -> Column:
        """Whether title or keyword has it."""
        made, number = self.made, question.topic
        if number is None:
            return np.ones(len(self.numbers[rows]), dtype=bool)
        alone = (made.subject[rows] == number) | (made.extra[rows] == number)
        fits: Column = alone | (made.keyword[rows] == number)
        return fits
