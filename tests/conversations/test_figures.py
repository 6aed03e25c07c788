"""What people ask is counted without who; staff read it: /tal, its CSV, and the week's note."""

import csv
import datetime as dt
import io

import pytest
from sqlmodel import select

from catalog import demand, figures
from catalog.demand import Tries, Wanted
from catalog.figures import Cell, What
from catalog.staff import Role
from catalog.staff_model import Demand, Tally
from catalog.values import Access, Category
from tests.conversations.catalogue import ISHOJ_STATION, LIBRARY, offering, when
from tests.conversations.driver import Person, Town
from tests.conversations.staffing import ISHOJ, KOEGE, SCHOOLS, employ

WEEKS = tuple(dt.date(2026, 11, 2) + dt.timedelta(days=7 * n) for n in range(3))
OCTOBER = dt.date(2026, 10, 1)


@pytest.fixture
def town(changing_town: Town) -> Town:
    return changing_town


@pytest.fixture
def person(town: Town) -> Person:
    return Person(town)


def tallies(town: Town) -> dict[tuple[str, str, str], int]:
    town.application.bot_data["house"].recorder.flush(town.database)
    rows = town.database.read(lambda s: s.exec(select(Tally)).all())
    return {(row.what, row.municipality, row.category): row.number for row in rows if row.what in set(What)}


def wanted(town: Town) -> list[tuple[str, str, str, int, int]]:
    tallies(town)
    rows = town.database.read(lambda s: s.exec(select(Demand)).all())
    return [(row.municipality, row.category, row.ages, row.asked, row.unmet) for row in rows]


# What is counted


def test_a_question_is_counted_where_it_asks_and_what_it_asks_for(person: Person) -> None:
    person.says("musik for unge i Ishøj")
    assert tallies(person.town)["questions", "Ishøj", "music"] == 1
    ((where, category, ages, asked, _),) = wanted(person.town)
    assert (where, category, ages, asked) == ("Ishøj", "music", "youth", 1)


def test_a_question_that_nothing_meets_is_counted_as_unmet(person: Person) -> None:
    person.says("dans for seniorer i Køge")
    assert tallies(person.town) == {("questions", "Køge", "dance"): 1, ("unmet", "Køge", "dance"): 1}
    assert wanted(person.town) == [("Køge", "dance", "seniors", 1, 1)]


def test_more_rows_and_the_same_again_are_no_new_question(person: Person) -> None:
    person.says("workshops i Ishøj")
    before = tallies(person.town)
    person.taps("Flere")
    person.says("flere")
    person.says("workshops i Ishøj")
    assert tallies(person.town) == before


def test_a_question_that_is_changed_is_counted_as_it_is_now(person: Person) -> None:
    person.says("musik i Ishøj")
    person.says("og i Køge?")
    assert {where for _, where, _ in tallies(person.town)} == {"Ishøj", "Køge"}


def test_a_condition_that_is_tapped_away_changes_the_question(person: Person) -> None:
    person.says("musik i Ishøj")
    person.taps(next(b["text"] for row in person.sees.buttons for b in row if "i Ishøj" in b["text"]))
    assert ("questions", "", "music") in tallies(person.town)


def test_without_a_place_the_municipality_that_somebody_chose_counts(person: Person) -> None:
    person.shares_place(*ISHOJ_STATION)
    person.says("film")
    assert ("questions", "Ishøj", "film") in tallies(person.town)


@pytest.mark.parametrize(
    "words",
    [
        *("jeg vil ikke leve mere", "min far slår mig", "jeg føler mig ensom", "jeg er ked af det"),
        *(
            "hej",
            "tak",
            "hjælp",
            "flere",
            "noget helt andet",
            "hvem er du?",
            "Wo ist das Theater?",
            "qwrtzxk",
        ),
    ],
)
def test_what_is_no_question_is_never_counted(person: Person, words: str) -> None:
    person.says(words)
    assert tallies(person.town) == {}
    assert wanted(person.town) == []


def test_what_is_changed_of_the_answer_to_a_worry_is_never_counted_either(person: Person) -> None:
    easy = {"access": {Access.LOW_THRESHOLD: True}, "categories": (Category.COMMUNITY,)}
    person.town.imports(offering(90, "Fællesspisning", LIBRARY, when(27, 18), **easy))
    person.shares_place(*ISHOJ_STATION)
    before = tallies(person.town)
    assert "✕" in str(person.says("jeg er ked af det").buttons)
    person.taps(next(b["text"] for row in person.sees.buttons for b in row if b["text"].startswith("✕")))
    person.says("kun gratis")
    assert tallies(person.town) == before
    person.says("musik i Ishøj")
    assert tallies(person.town) != before


def test_nothing_of_the_words_or_the_person_is_stored(person: Person) -> None:
    person.says("keramik med min nabo Ulla i Ishøj")
    tallies(person.town)
    rows = person.town.database.read(lambda s: [*s.exec(select(Tally)).all(), *s.exec(select(Demand)).all()])
    stored = " ".join(repr(row).lower() for row in rows)
    assert rows
    assert not any(secret in stored for secret in ("ulla", "nabo", str(person.chat_id)))


# /tal


def busy(town: Town) -> None:
    counts = {
        Cell(week, what, where, "dance"): n
        for week in WEEKS
        for what, n in ((What.QUESTIONS, 23), (What.UNMET, 9), (What.FOLLOWS, 7))
        for where in ("Ishøj", "Køge")
    }
    wishes = (
        *(("Ishøj", "dance", "youth", 14), ("Ishøj", "film", "seniors", 4)),
        *(("Køge", "film", "seniors", 3), ("Køge", "food", "", 28)),
    )
    cells = {Wanted(OCTOBER, where, "", category, ages): n for where, category, ages, n in wishes}
    for wish, n in cells.items():
        counts |= {demand.of_week(wish, WEEKS[0], unmet=unmet): n for unmet in (False, True)}
    asked = {wish: Tries(n, n) for wish, n in cells.items()}
    town.database.write(lambda s: (figures.add(s, counts), demand.add(s, asked))[0])


def test_a_coordinator_sees_a_picture_with_the_figures_under_it(person: Person) -> None:
    busy(person.town)
    employ(person, Role.COORDINATOR, ISHOJ)
    shown = person.says("/tal")
    assert shown.photo
    assert picture_of(person).startswith(b"\x89PNG")
    assert "Tal for Ishøj, uge 40–47" in shown.text
    assert "Spørgsmål: 65+" in shown.text
    assert "dans for 13–25 år: mindst 10 gange" in shown.text
    assert "mindst 5 gange i Ishøj og Køge tilsammen" in shown.text
    assert "mad" not in shown.text


def picture_of(person: Person) -> bytes:
    files = person.town.api.files
    path = files.get(person.sees.photo or "")["file_path"]
    return files.download(path)[1]


def test_the_figures_come_in_english_too(town: Town) -> None:
    busy(town)
    boss = Person(town, language="en")
    boss.says("/start")
    employ(boss, Role.ADMIN)
    assert "Figures for all municipalities, weeks 40–47" in boss.says("/figures").text


def test_everything_comes_as_csv(person: Person) -> None:
    busy(person.town)
    employ(person, Role.COORDINATOR, KOEGE)
    person.says("/tal")
    name, content = person.taps("Som CSV").document or ("", b"")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert name == "tal-2026-47.csv"
    assert {row["municipality"] for row in rows} <= {"", "Køge"}
    assert all(row["number"] == "<5" or int(row["number"]) % 5 == 0 for row in rows)
    food = [
        (row["figure"], row["number"])
        for row in rows
        if row["category"] == "food" and row["from"] == "2026-10-01"
    ]
    assert food == [("asked", "25"), ("not-found", "25")]


@pytest.mark.parametrize("role", ["coordinator", "ambassador", "admin"])
def test_where_there_is_nothing_to_tell_it_says_when_there_will_be(person: Person, role: str) -> None:
    scopes = {"coordinator": [ISHOJ], "ambassador": [SCHOOLS], "admin": []}[role]
    employ(person, Role(role), *scopes)
    shown = person.says("/tal")
    assert shown.photo is None
    assert "hver mandag kl. 9" in shown.text


def test_what_one_person_asks_does_not_change_the_figures(town: Town) -> None:
    busy(town)
    boss, curious = Person(town), Person(town)
    employ(boss, Role.COORDINATOR, ISHOJ)
    before = boss.says("/tal").text, picture_of(boss)
    for words in ("dans for seniorer i Ishøj", "dans for unge i Ishøj", "film i Ishøj"):
        curious.says(words)
    tallies(town)
    assert (boss.says("/tal").text, picture_of(boss)) == before


# The week's note


def test_a_coordinator_hears_on_monday_what_was_asked_for_and_not_found(town: Town) -> None:
    anna, bo = Person(town), Person(town)
    for coordinator, scope in ((anna, ISHOJ), (bo, KOEGE)):
        coordinator.says("/start")
        employ(coordinator, Role.COORDINATOR, scope)
    busy(town)
    town.waits_until(11, 30, 8, 50)
    assert "Ugens tal" not in anna.sees.text
    town.waits_until(11, 30, 9)
    town.ticks()
    assert "Ugens tal for Ishøj, uge 48" in anna.sees.text
    assert "dans for 13–25 år: mindst 10 gange" in anna.sees.text
    assert "Ishøj og Køge tilsammen" in anna.sees.text
    assert "mad: mindst 25 gange" in bo.sees.text
    heard = len(anna.everything)
    town.waits_until(12, 2, 10)
    assert not any("Ugens tal" in message.text for message in anna.everything[heard:])
