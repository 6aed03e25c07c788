"""What may be told of counts: nobody can be singled out of it."""

import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import figures
from catalog.figures import Cell, Figure, Table, What
from tests.catalog.factory import ZONE, at, database_with

WEEKS = tuple(dt.date(2026, 11, 2) + dt.timedelta(days=7 * n) for n in range(3))
FIRST, SECOND, THIRD = WEEKS
OURS = ("Ishøj", "Køge")


def asked(
    number: int, week: dt.date = FIRST, where: str = "Ishøj", category: str = "dance"
) -> dict[Cell, int]:
    return {Cell(week, What.QUESTIONS, where, category): number}


def questions(counts: Mapping[Cell, int], where: tuple[str, ...] | None = OURS) -> Figure:
    return figures.publish(counts, WEEKS, where)[0]


def cells(figure: Figure, by: str) -> dict[str, int | None]:
    table = figure.table(by)
    assert table is not None
    return dict(table.cells)


# What is told


def test_a_number_is_told_in_all_and_by_week_category_and_municipality() -> None:
    figure = questions({**asked(10), **asked(21, SECOND, "Køge", "music"), **asked(7, THIRD, "Køge", "")})
    assert figure.total == 35
    assert cells(figure, "week") == {"2026-11-02": 10, "2026-11-09": 20, "2026-11-16": 5}
    assert {k: n for k, n in cells(figure, "category").items() if n} == {"dance": 10, "music": 20, "": 5}
    assert cells(figure, "municipality") == {"Ishøj": 10, "Køge": 25}


@pytest.mark.parametrize(("number", "told"), [(0, None), (4, None), (5, 5), (9, 5), (10, 10), (14, 10)])
def test_numbers_are_rounded_down_to_a_whole_five_and_nothing_is_told_below(number: int, told: int) -> None:
    assert figures.shown(number) == told


def test_how_many_people_there_are_is_the_last_weeks() -> None:
    counts = {Cell(week, What.PEOPLE, "Ishøj", ""): n for week, n in zip(WEEKS, (50, 60, 72), strict=True)}
    people = figures.publish(counts, WEEKS, OURS)[-1]
    assert (people.what, people.total, [table.by for table in people.tables]) == (
        What.PEOPLE,
        70,
        ["municipality"],
    )


def test_everywhere_only_those_municipalities_are_named_of_which_there_is_something_to_tell() -> None:
    figure = questions({**asked(12), **asked(3, where="Køge"), **asked(1, where="Ærø")}, where=None)
    assert cells(figure, "municipality") == {"Ishøj": 10}


def test_weeks_are_told_once_they_are_made_up_on_monday_at_nine() -> None:
    last = dt.date(2026, 11, 16)
    assert figures.closed_weeks(at("2026-11-23 08:59"), ZONE)[-1] == last - dt.timedelta(days=7)
    assert figures.closed_weeks(at("2026-11-23 09:00"), ZONE)[-1] == last
    assert figures.closed_weeks(at("2026-11-29 23:59"), ZONE)[-1] == last


# Nobody can be singled out


@pytest.mark.parametrize("number", [1, 4])
def test_one_persons_questions_leave_no_trace(number: int) -> None:
    assert figures.publish(asked(number), WEEKS, OURS) == figures.publish({}, WEEKS, OURS)
    assert figures.publish(asked(number), WEEKS) == figures.publish({}, WEEKS)


def test_the_only_person_of_a_municipality_is_not_told_by_the_difference_to_the_total() -> None:
    with_one = questions({**asked(21), **asked(1, where="Køge")})
    without = questions(asked(21))
    assert with_one == without


def test_two_weeks_reports_do_not_differ_by_what_one_person_asked() -> None:
    many = {**asked(20), **asked(11, SECOND, "Køge", "music")}
    assert questions({**many, **asked(1, THIRD)}) == questions(many)


def test_a_total_is_lowered_where_it_would_tell_every_number_that_is_hidden() -> None:
    # Five times four are twenty, and nothing else is.
    where = tuple("ABCDE")
    counts = {cell: n for name in where for cell, n in asked(4, where=name).items()}
    figure = questions(counts, where)
    assert cells(figure, "municipality") == dict.fromkeys(where)
    assert figure.total == 15
    assert cells(figure, "week") == {"2026-11-02": 15, "2026-11-09": None, "2026-11-16": None}


number = st.one_of(st.integers(0, 6), st.sampled_from([4, 9, 14, 5, 10]))
counted = st.dictionaries(
    st.tuples(st.sampled_from(WEEKS), st.sampled_from([*"ABCDE"]), st.sampled_from(["dance", "music", ""])),
    number,
    max_size=20,
)


@given(counted, st.integers(1, 5))
def test_whatever_was_counted_a_hidden_number_stays_open_by_at_least_three(
    counts: dict[tuple[dt.date, str, str], int], size: int
) -> None:
    where = tuple("ABCDE"[:size])
    mine = {Cell(w, What.QUESTIONS, m, c): n for (w, m, c), n in counts.items() if m in where}
    figure = questions(mine, where)
    for table in figure.tables:
        told = [n for _, n in table.cells if n is not None]
        assert sum(told) <= sum(mine.values())
        # None at all: not even all that is told fits together, for something of it was lowered.
        assert len(told) == table.size or len(possible(table, figure)) in (0, 3, 4, 5)


def possible(table: Table, figure: Figure) -> set[int]:
    """What a hidden cell of this table can be, for somebody who sees all that is told: each number from 0 to
    4 for which there is a sum that suits every table and the total."""
    whole = [
        (figure.total or 0, (figure.total or 0) + 4),
        *(_span(other, other.size) for other in figure.tables),
    ]
    sums = range(max(low for low, _ in whole), min(high for _, high in whole) + 1)
    low, high = _span(table, table.size - 1)
    return {guess for guess in range(5) if any(low <= total - guess <= high for total in sums)}


def _span(table: Table, cells: int) -> tuple[int, int]:
    low = sum(n or 0 for _, n in table.cells)
    return low, low + 4 * cells


# What is kept


def test_counts_add_up_in_the_database_and_come_back_by_place_and_week() -> None:
    database = database_with()
    for _ in range(2):
        database.write(lambda s: figures.add(s, {**asked(3), **asked(2, SECOND, "Køge")}))
    assert database.read(lambda s: figures.read(s, WEEKS)) == {**asked(6), **asked(4, SECOND, "Køge")}
    assert database.read(lambda s: figures.read(s, WEEKS, ["Køge"])) == asked(4, SECOND, "Køge")
    assert database.read(lambda s: figures.read(s, [THIRD])) == {}
