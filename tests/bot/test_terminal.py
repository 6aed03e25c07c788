"""The terminal chat is the bot on a screen: numbers tap, `:place` shares, pipes read as transcripts."""

import asyncio
import io
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import build_application
from bot.migrations import upgrade
from bot.offline import OfflineApi, OfflineRequest
from bot.settings import Settings
from bot.terminal import CHAT_ID, Screen, TerminalChat, parse_place
from bot.texts import texts
from catalog import Catalogue, Database, staff
from catalog.sample.loading import load_sample
from catalog.staff import Role

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = datetime(2026, 11, 25, 15, tzinfo=ZONE)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('chat') / Path('kulturlods.db')}")
    upgrade(database)
    load_sample(database, NOW, ZONE)
    return database


def chat(database: Database, *lines: str, language: str = "da", at: tuple[float, float] | None = None) -> str:
    """What the terminal shows when these lines come through a pipe."""
    out = io.StringIO()
    say = texts(language)
    screen = Screen(say, out)
    api = OfflineApi(watch=screen.show)
    application = build_application(
        settings=Settings(_env_file=None),
        catalogue=Catalogue(database, ZONE),
        database=database,
        clock=lambda: NOW,
        request=OfflineRequest(api),
    )
    source = io.StringIO("".join(f"{line}\n" for line in lines))
    asyncio.run(TerminalChat(application, api, screen, say).run(at, source))
    assert api.unanswered_callbacks() == []
    return out.getvalue()


def numbered(shown: str, label: str) -> str:
    """The number in front of the last button with this label."""
    line = next(line for line in reversed(shown.splitlines()) if label in line and "[" in line)
    return line.split(label)[0].rsplit("[", 1)[1].split("]")[0]


def test_a_list_and_then_the_detail(database: Database) -> None:
    shown = chat(database, "musik i weekenden", "1")
    assert shown.index("> musik i weekenden") < shown.index("\n1. ") < shown.index("> 1")
    title = shown.split("\n1. ")[1].splitlines()[0]
    assert shown.count(title) == 2
    assert "[1] ⭐ Følg" in shown


def test_number_one_is_row_one_and_the_rest_are_numbered_after(database: Database) -> None:
    shown = chat(database, "workshops")
    assert "[1]  [2]  [3]  [4]  [5]" in shown
    assert int(numbered(shown, "Flere")) > 5


def test_more_edits_the_list(database: Database) -> None:
    first = chat(database, "workshops")
    shown = chat(database, "workshops", numbered(first, "Flere"))
    assert "6–10 af" in shown


def test_a_place_is_shared_by_its_command(database: Database) -> None:
    shown = chat(database, "workshops tæt på mig", ":place 55.6154,12.3517")
    assert ":place" in shown.split("> :place")[0]
    assert " m · " in shown or " km · " in shown


def test_a_place_can_be_given_at_the_start(database: Database) -> None:
    shown = chat(database, "what youth workshops are near me", language="en", at=(55.6154, 12.3517))
    assert "near you" in shown.split("> what youth workshops")[1]
    assert "Upcycling" in shown


def test_a_wrong_place_is_explained(database: Database) -> None:
    assert texts("da")("terminal.bad_place") in chat(database, ":place nordpolen")


def test_a_file_is_sent_by_its_command(database: Database, tmp_path: Path) -> None:
    (tmp_path / "program.csv").write_bytes(b"titel")
    assert texts("da")("terminal.bad_file", path="ukendt.csv") in chat(database, ":file ukendt.csv")
    shown = chat(database, f":file {tmp_path / 'program.csv'}")
    assert texts("da")("terminal.bad_file", path=tmp_path / "program.csv") not in shown
    assert len(shown.splitlines()) > 2


def test_a_picture_is_sent_as_a_photo(database: Database, tmp_path: Path) -> None:
    (tmp_path / "kor.PNG").write_bytes(b"png")
    database.write(lambda session: staff.appoint(session, CHAT_ID, Role.ADMIN, [], NOW))
    skipped = ["spring over"] * 6
    shown = chat(database, "/ny", "Julekor", *skipped, "Kom og syng", f":file {tmp_path / 'kor.PNG'}")
    database.write(lambda session: staff.cut(session, CHAT_ID, NOW))
    asked = shown.rpartition("> :file")[2]
    assert asked.index(texts("da")("terminal.photo")) < asked.index("Hvor kan man læse mere?")


def test_a_link_is_shown_rather_than_opened(database: Database) -> None:
    card = chat(database, "workshops", "1")
    shown = chat(database, "workshops", "1", numbered(card, "Del"))
    assert "https://t.me/share/url" in shown


def test_quitting_leaves_the_rest_unread(database: Database) -> None:
    assert "> workshops" not in chat(database, ":quit", "workshops")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("55.61,12.35", (55.61, 12.35)),
        (" 55.61 , 12.35 ", (55.61, 12.35)),
        ("91,0", None),
        ("x", None),
        ("1,2,3", None),
    ],
)
def test_places_are_read_with_care(text: str, place: tuple[float, float] | None) -> None:
    assert parse_place(text) == place
