"""The figures in words, in a picture and in rows, for staff and on the command line."""

import ast
import csv
import datetime as dt
import io
import json
import struct
from pathlib import Path

import pytest

from bot import plots
from bot.migrations import upgrade
from bot.plots import picture
from bot.replies import figures as pages
from bot.replies import figures_sheet
from bot.replies.markup import shown_units
from bot.replies.reply import Voice
from bot.texts import texts
from catalog import Database, demand, figures
from catalog.demand import Wish
from catalog.figures import Cell, Figure, What
from catalog.values import Category
from reminders.reach import Report
from tests.bot.facts import NOW, ZONE

WEEKS = figures.closed_weeks(NOW, ZONE)
MONTH = dt.date(2026, 10, 1)


def voice(language: str = "da") -> Voice:
    return Voice(texts(language), NOW, ZONE)


def report(number: int = 40, places: tuple[str, ...] | None = ("Ishøj", "Køge"), **facts: object) -> Report:
    counts = {
        Cell(week, what, place, "" if what is What.PEOPLE else str(category)): number
        for week in WEEKS
        for what in What
        for place in places or ("Ishøj", "Ærø")
        for category in list(Category)[:8]
    }
    told = figures.publish(counts, WEEKS, places)
    return Report(
        **{
            "weeks": WEEKS,
            "municipalities": places,
            "figures": told,
            "since": WEEKS[0],
            "wishes": (),
            **facts,
        }
    )  # type: ignore[arg-type]  # as given


def wish(category: str = "dance", ages: str = "youth", where: str = "Ishøj", n: int = 10) -> Wish:
    return Wish((where,), "", category, ages, n, n)


# In words


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_words_fit_under_a_picture_however_much_there_is_to_tell(language: str) -> None:
    wishes = tuple(wish(str(c), a, where="Lyngby-Taarbæk") for c in Category for a in ("youth", "seniors"))
    pooled = tuple(
        Wish(tuple(f"Kommune {n}" for n in range(12)), "", str(c), "youth", None, 5) for c in Category
    )
    reply = pages.page(report(wishes=wishes, pooled=pooled), "x" * 500, voice(language))
    assert shown_units(reply.text) <= 1024


def test_a_wish_for_anything_at_an_age_and_for_any_age_reads_well() -> None:
    told = report(wishes=(wish("", "children"), wish("music", ""), wish("film", "adults", where="")))
    text = pages.page(told, "alle", voice()).text
    assert "for 3–12 år i Ishøj: mindst 10 gange" in text
    assert "• musik i Ishøj: mindst 10 gange" in text
    assert "film for 18 år og op: mindst 10 gange" in text


# As a picture


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_the_picture_can_be_read_on_a_phone() -> None:
    drawn = picture(report(), voice("en"))
    assert drawn is not None
    width, height = size(drawn)
    assert width >= 1080
    # Telegram shows nothing larger than 2,560: a higher picture would become narrower.
    assert height <= 2000


def test_nothing_below_five_is_drawn() -> None:
    few = figures.publish({Cell(WEEKS[0], What.QUESTIONS, "Ishøj", "dance"): 4}, WEEKS, ("Ishøj",))
    assert picture(report(figures=few), voice()) is None


def test_nothing_loads_the_plots_before_one_is_drawn() -> None:
    tree = ast.parse(Path(plots.__file__).read_text("utf-8"))
    at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    assert "matplotlib" not in " ".join(map(ast.unparse, at_once))
    assert "matplotlib" in ast.unparse(tree)


# As rows


def test_every_number_in_the_sheet_may_be_told() -> None:
    rows = figures_sheet.rows(report(3, by_month=((MONTH, Wish(("Ishøj",), "", "dance", "", 10, None)),)))
    assert {row["number"] for row in rows if row["figure"] == "not-found"} == {"<5"}
    assert all(row["number"] == "<5" or int(row["number"]) % 5 == 0 for row in rows)
    assert all(tuple(row) == figures_sheet.COLUMNS for row in rows)


def test_everywhere_nothing_tells_which_municipalities_have_only_a_few() -> None:
    rows = figures_sheet.rows(report(3, places=None))
    counts = {Cell(WEEKS[0], What.QUESTIONS, "Ishøj", "dance"): 3}
    alone = figures_sheet.rows(report(figures=figures.publish(counts, WEEKS)))
    assert "Ishøj" in {row["municipality"] for row in rows}
    assert {row["municipality"] for row in alone} == {""}


@pytest.mark.parametrize("formula", ["=1+1", "+45", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_the_csv_is_a_formula(formula: str) -> None:
    told = report(by_month=((MONTH, Wish((formula,), formula, "dance", "youth", 10, 10)),))
    (asked, _) = list(csv.DictReader(io.StringIO(figures_sheet.as_csv(told), newline="")))[-2:]
    assert (asked["municipality"], asked["district"]) == (f"'{formula}", f"'{formula}")


def test_the_month_of_a_wish_lasts_to_its_last_day() -> None:
    february = dt.date(2028, 2, 1)
    (row, _) = figures_sheet.rows(report(figures=nothing(), by_month=((february, wish()),)))[-2:]
    assert (row["from"], row["until"]) == ("2028-02-01", "2028-02-29")


def nothing() -> tuple[Figure, ...]:
    return figures.publish({}, WEEKS, ("Ishøj",))


# On the command line


@pytest.fixture
def stocked(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]  # the fixture's
    run("migrate")
    database = Database(f"sqlite:///{tmp_path / 'data' / 'kulturlods.db'}")
    upgrade(database)
    counts = {
        Cell(WEEKS[-1], What.QUESTIONS, "Ishøj", "dance"): 23,
        Cell(WEEKS[-1], What.UNMET, "Køge", ""): 4,
    }
    asked = {demand.Wanted(MONTH, "Ishøj", "", "dance", "youth"): demand.Tries(20, 14)}
    database.write(lambda s: (figures.add(s, counts), demand.add(s, asked))[0])
    database.close()


NOW_OPTION = ("--now", "2026-11-25T15:00")


@pytest.mark.usefixtures("stocked")
def test_stats_tells_what_an_admin_sees(run) -> None:  # type: ignore[no-untyped-def]  # the fixture's
    code, out, _ = run("stats", *NOW_OPTION)
    assert code == 0
    assert "Tal for alle kommuner, uge 40–47" in out
    assert "Spørgsmål: 20+" in out
    assert "<b>" not in out


@pytest.mark.usefixtures("stocked")
def test_stats_gives_the_same_numbers_as_json_and_as_csv(run) -> None:  # type: ignore[no-untyped-def]  # the fixture's
    told = json.loads(run("stats", "--json", *NOW_OPTION)[1])
    rows = list(csv.DictReader(io.StringIO(run("stats", "--csv", *NOW_OPTION)[1])))
    assert told["rounded_down_to"] == 5
    assert [{k: str(v) for k, v in row.items()} for row in told["figures"]] == rows
    assert {"23", "14", "4"}.isdisjoint(row["number"] for row in rows)


def test_stats_takes_one_format_and_needs_a_database(run) -> None:  # type: ignore[no-untyped-def]  # the fixture's
    assert run("stats")[0] == 2
    code, _, err = run("stats", "--json", "--csv")
    assert (code, err) == (2, "Vælg enten --json eller --csv.\n")


def test_what_was_asked_in_the_terminal_is_written_when_the_chat_ends(
    run,  # type: ignore[no-untyped-def]  # the fixture's
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("musik for unge i Ishøj\n"))
    assert run("chat", *NOW_OPTION)[0] == 0
    database = Database(f"sqlite:///{tmp_path / 'data' / 'kulturlods.db'}")
    counts = database.read(lambda s: figures.read(s, [dt.date(2026, 11, 23)]))
    database.close()
    assert counts[Cell(dt.date(2026, 11, 23), What.QUESTIONS, "Ishøj", "music")] == 1
