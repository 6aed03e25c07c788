"""The rates as a table, and every failed question with what was understood, shown and right."""

from collections.abc import Callable, Iterator

from tests.evaluation.suite import Outcome, Question

Rate = tuple[int, int]
"""How many passed, of how many."""

_COLUMNS: dict[str, Callable[[Question], bool]] = {
    "da": lambda q: q.lang == "da",
    "en": lambda q: q.lang == "en",
    "misspelt": lambda q: bool(q.spelled),
    "aside": lambda q: q.held,
    "all": lambda _: True,
}


def groups(outcomes: list[Outcome]) -> list[str]:
    return sorted({outcome.question.group for outcome in outcomes})


def rate(outcomes: list[Outcome], of: Callable[[Question], bool]) -> Rate:
    chosen = [outcome.passed for outcome in outcomes if of(outcome.question)]
    return sum(chosen), len(chosen)


def share(rate_: Rate) -> float:
    return rate_[0] / rate_[1] if rate_[1] else 1.0


def table(outcomes: list[Outcome]) -> list[list[str]]:
    """Rows of cells: a header, a row a group, and all of them. "aside" are the questions kept aside."""
    rows = [["group", *_COLUMNS]]
    for group in groups(outcomes):
        own = [outcome for outcome in outcomes if outcome.question.group == group]
        rows.append([group, *(_cell(rate(own, of)) for of in _COLUMNS.values())])
    rows.append(["all", *(_percent(rate(outcomes, of)) for of in _COLUMNS.values())])
    return rows


def _cell(rate_: Rate) -> str:
    return f"{rate_[0]}/{rate_[1]}" if rate_[1] else "–"


def _percent(rate_: Rate) -> str:
    return f"{_cell(rate_)} = {share(rate_):.0%}"


def plain(rows: list[list[str]]) -> str:
    """The table for a terminal."""
    return "\n".join(f"{row[0]:12}" + "".join(f"{cell:>15}" for cell in row[1:]) for row in rows)


def markdown(rows: list[list[str]]) -> str:
    """The table for the README."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|---" + "|--:" * (len(rows[0]) - 1) + "|", *lines[1:]])


def failures(outcomes: list[Outcome], *, aside: bool = False) -> Iterator[str]:
    """Every question that failed: those to learn from, or those kept aside."""
    for outcome in outcomes:
        if not outcome.passed and outcome.question.held is aside:
            yield _failure(outcome)


def _failure(outcome: Outcome) -> str:
    answer, question = outcome.answer, outcome.question
    understood = {name: value for name, value in answer["understood"].items() if value}
    shown = [f"    {start[:16]}  {verdict.name:6} {title}" for title, start, verdict in outcome.shown]
    return "\n".join(
        [
            f"[{question.group}] {question}  ({question.now})",
            f"  understood: {understood} asks={answer['asks']} relaxed={answer['relaxed']}",
            *(f"  - {problem}" for problem in outcome.problems),
            "  shown:",
            *shown,
            f"  right ({len(outcome.right)}): {', '.join(outcome.right[:8])}",
        ]
    )
