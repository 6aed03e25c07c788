"""The real process, started as people start it, against the stand-in for Telegram over HTTP."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

import pytest

from bot.offline import Message, OfflineApi
from tests.standin import StandIn

SECRET = "AAEhBP0av18Y0BGRVLq4zxmGrvtqzdK1abc"
TOKEN = f"987654321:{SECRET}"
STOP_SECONDS = 10
ISHOEJ = (55.6151, 12.3512)
MOST_TEXT, MOST_DATA = 4096, 64

_chats = count(7_000_001)


@dataclass
class Kulturlods:
    """The running process and what it talks to."""

    process: subprocess.Popen[bytes]
    standin: StandIn
    log: Path
    database: Path

    def stop(self) -> int:
        """Ask it to stop, as a supervisor does; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=STOP_SECONDS)


@dataclass
class Person:
    """Somebody with a chat of their own."""

    standin: StandIn
    chat_id: int
    language: str = "da"

    def writes(self, text: str, expecting: Callable[[Message], bool] | None = None) -> Message:
        return self._does(lambda w: w.send_text(self.chat_id, text, language_code=self.language), expecting)

    def shares(self, place: tuple[float, float], expecting: Callable[[Message], bool]) -> Message:
        return self._does(
            lambda w: w.send_location(self.chat_id, *place, language_code=self.language), expecting
        )

    def taps(self, on: Message, label: str, expecting: Callable[[Message], bool] | None = None) -> Message:
        data = on.button(label)["callback_data"]
        return self.taps_data(on, data, expecting)

    def taps_data(
        self, on: Message, data: str, expecting: Callable[[Message], bool] | None = None
    ) -> Message:
        done = self._does(
            lambda w: w.tap(self.chat_id, on.message_id, data, language_code=self.language), expecting
        )
        self.standin.wait(lambda world: not world.unanswered_callbacks())
        return done

    def _does(
        self, act: Callable[[OfflineApi], object], expecting: Callable[[Message], bool] | None
    ) -> Message:
        """Act, and wait for a message that is new or edited since and is what we expect."""
        before = self.standin.person(self._state)
        self.standin.person(act)

        def news(world: OfflineApi) -> Message | None:
            fresh = [m for m in reversed(world.shown(self.chat_id)) if before.get(m.message_id) != m.edited]
            return next((m for m in fresh if expecting is None or expecting(m)), None)

        return self.standin.wait(news)

    def _state(self, world: OfflineApi) -> dict[int, int]:
        return {message.message_id: message.edited for message in world.shown(self.chat_id)}


def environment(**settings: str) -> dict[str, str]:
    """Nothing of the developer's own settings gets in."""
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "SYSTEMROOT")
    }
    return {**kept, "PYTHONUNBUFFERED": "1", **settings}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments]


@contextmanager
def running(folder: Path, standin: StandIn, **settings: str) -> Iterator[Kulturlods]:
    """`kulturlods run` in `folder`, which holds the database."""
    database, log = folder / "kulturlods.db", folder / "log"
    settings = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": standin.url,
        "DATABASE_URL": f"sqlite:///{database}",
        **settings,
    }
    with log.open("wb") as out:
        process = subprocess.Popen(
            command("run"), cwd=folder, env=environment(**settings), stdout=out, stderr=subprocess.STDOUT
        )
        try:
            standin.wait(lambda _world: standin.polls or process.poll() is not None, seconds=40)
            assert process.poll() is None, log.read_text("utf-8")
            yield Kulturlods(process, standin, log, database)
        finally:
            process.kill()
            process.wait(timeout=STOP_SECONDS)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a database that holds the sample catalogue."""
    made = tmp_path_factory.mktemp("kulturlods")
    settings = environment(DATABASE_URL=f"sqlite:///{made / 'kulturlods.db'}")
    subprocess.run(command("sample"), cwd=made, env=settings, check=True, capture_output=True, timeout=60)
    return made


@pytest.fixture(scope="module")
def bot(folder: Path) -> Iterator[Kulturlods]:
    """One process for the stories, logging all that it can."""
    with StandIn(TOKEN) as standin, running(folder, standin, LOG_LEVEL="DEBUG") as started:
        yield started


@pytest.fixture
def person(bot: Kulturlods) -> Iterator[Person]:
    """A Danish speaker new to the bot; afterwards all that was said to them kept Telegram's rules."""
    somebody = Person(bot.standin, next(_chats))
    bot.standin.refused.clear()
    yield somebody
    assert bot.standin.refused == []
    assert bot.standin.failures == []
    assert bot.standin.world.unanswered_callbacks() == []
    assert bot.standin.most_sends(within=1.0) <= 30
    for message in bot.standin.world.shown(somebody.chat_id):
        assert len(message.text.encode("utf-16-le")) // 2 < MOST_TEXT
        for button in chain.from_iterable(message.buttons):
            assert len(button.get("callback_data", "").encode()) < MOST_DATA


def is_list(message: Message) -> bool:
    labels = [button["text"] for row in message.buttons for button in row]
    return "1" in labels


def is_card(message: Message) -> bool:
    return any("Tilbage" in button["text"] for row in message.buttons for button in row)


def chips(message: Message) -> list[str]:
    return [b["text"] for row in message.buttons for b in row if b["text"].startswith("✕")]


def test_start_greets_each_person_in_their_own_language_with_four_things_to_tap(person: Person) -> None:
    danish = person.writes("/start")
    english = Person(person.standin, next(_chats), "en").writes("/start")
    assert "Hej" in danish.text
    assert "Hello" in english.text
    for greeting in (danish, english):
        assert len([button for row in greeting.buttons for button in row]) == 4


def test_the_menu_of_commands_is_set_in_both_languages(bot: Kulturlods) -> None:
    menus = bot.standin.wait(lambda world: world.commands if len(world.commands) > 1 else None)
    names = {command["command"] for menu in menus.values() for command in menu}
    assert {"start", "hjaelp", "help", "sprog", "language", "slet", "delete"} <= names


def test_a_question_gives_five_rows_and_more_turns_the_page(person: Person) -> None:
    first = person.writes("hvad sker der de næste 14 dage", is_list)
    assert [str(number) for number in range(1, 6)] == [b["text"] for b in first.buttons[0]]
    second = person.taps(first, "Flere", is_list)
    assert second.message_id == first.message_id, "the list is edited, not repeated"
    assert second.edited
    assert len(person.standin.world.shown(person.chat_id)) == 1


def test_a_row_opens_its_card_and_back_leads_to_the_list(person: Person) -> None:
    shown = person.writes("musik de næste 30 dage", is_list)
    before = shown.text
    card = person.taps(shown, "1", is_card)
    assert card.text != before
    again = person.taps(card, "Tilbage", is_list)
    assert again.text == before


def test_a_card_gives_its_map_and_its_calendar_file(person: Person) -> None:
    card = person.taps(person.writes("koncert de næste 30 dage", is_list), "1", is_card)
    venue = person.taps(card, "Kort", lambda message: message.venue is not None)
    assert venue.venue
    assert 54 < float(venue.venue["latitude"]) < 58
    sent = person.taps(card, "Kalender", lambda message: message.document is not None)
    assert sent.document
    name, content = sent.document
    assert name.endswith(".ics")
    assert content.startswith(b"BEGIN:VCALENDAR")


def test_a_chip_takes_its_condition_away(person: Person) -> None:
    narrow = person.writes("gratis musik de næste 30 dage", is_list)
    before = chips(narrow)
    assert 1 <= len(before) <= 3
    wider = person.taps(narrow, before[0], is_list)
    assert before[0] not in chips(wider)


def test_near_me_asks_where_and_a_shared_place_answers(person: Person) -> None:
    asked = person.writes("noget tæt på mig", lambda message: message.reply_keyboard is not None)
    assert asked.reply_keyboard
    assert asked.reply_keyboard[0][0]["request_location"] is True
    near = person.shares(ISHOEJ, is_list)
    assert re.search(r"\d (?:km|m)\b", near.text)


def test_a_follow_up_refines_and_another_place_replaces(person: Person) -> None:
    first = person.writes("workshops i Ishøj de næste 30 dage")
    free = person.writes("kun gratis", lambda message: message.message_id != first.message_id)
    assert "Ishøj" in free.text
    assert "gratis" in free.text.lower()
    moved = person.writes("og i Køge?", lambda message: message.message_id > free.message_id)
    assert "Køge" in moved.text


def test_in_a_group_only_find_is_answered(person: Person) -> None:
    group = -person.chat_id

    def everybody_talks(world: OfflineApi) -> None:
        for text in ("skal vi finde noget musik i weekenden?", "/find musik", "musik, ja"):
            world.send_text(group, text, chat_type="group")

    person.standin.person(everybody_talks)
    answer = person.standin.wait(lambda world: world.shown(group))[0]
    assert is_list(answer)
    person.writes("/start")
    assert len(person.standin.world.shown(group)) == 1


def test_a_change_of_language_lasts(person: Person) -> None:
    question = person.writes("/sprog")
    person.taps(question, "English")
    assert "Hello" in person.writes("/start", lambda message: "Hello" in message.text).text


def test_whoever_leaves_is_asked_once_and_then_forgotten(person: Person, bot: Kulturlods) -> None:
    person.writes("/start")
    assert is_known(bot, person)
    question = person.writes("/slet")
    assert is_known(bot, person), "asking erases nothing"
    person.taps(question, "Ja, slet alt")
    assert not is_known(bot, person)


def is_known(bot: Kulturlods, person: Person) -> bool:
    with sqlite3.connect(bot.database) as connection:
        found = connection.execute(
            "SELECT count(*) FROM person WHERE chat_id = ?", (person.chat_id,)
        ).fetchone()
    connection.close()
    return bool(found[0])


@pytest.mark.parametrize("data", ["", "?", "1", "æ" * 32, "0:0:0:0", "card|9999999999|zz"])
def test_a_made_up_button_is_answered_and_harms_nothing(person: Person, data: str) -> None:
    shown = person.writes("musik", is_list)
    person.standin.person(lambda world: world.tap(person.chat_id, shown.message_id, data))
    person.standin.wait(lambda world: not world.unanswered_callbacks())
    assert is_list(person.writes("teater", lambda message: message.message_id != shown.message_id))


def test_it_goes_on_when_telegram_stumbles(person: Person) -> None:
    person.writes("/start")
    for method in ("getUpdates", "sendMessage"):
        person.standin.fail(method, 502, "Bad Gateway")
    person.standin.person(lambda world: world.send_text(person.chat_id, "musik"))
    person.standin.wait(lambda _world: not person.standin.pending_faults())
    assert is_list(person.writes("teater i denne måned", is_list))


def test_two_pollers_are_told_apart_and_the_bot_polls_on(person: Person) -> None:
    polls = person.standin.polls
    person.standin.answer(TOKEN, "getUpdates", {"timeout": 0}, {})
    person.standin.wait(lambda _world: person.standin.polls > polls + 1)
    assert "Hej" in person.writes("/start").text


def test_the_token_is_in_no_line_of_the_log_even_at_debug(bot: Kulturlods) -> None:
    log = bot.log.read_text("utf-8")
    assert "DEBUG" in log, "the log must say much for this to mean anything"
    assert "/bot[token]/getUpdates" in log, "an address that held the token was really logged"
    assert SECRET not in log


def copy_database(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as full, closing(sqlite3.connect(target)) as copy:
        full.backup(copy)


def test_it_stops_when_asked_and_keeps_no_word_and_no_place(folder: Path, tmp_path: Path) -> None:
    database = tmp_path / "kulturlods.db"
    with (
        closing(sqlite3.connect(folder / "kulturlods.db")) as full,
        closing(sqlite3.connect(database)) as copy,
    ):
        full.backup(copy)
    with StandIn(TOKEN) as standin, running(tmp_path, standin) as bot:
        somebody = Person(standin, next(_chats))
        somebody.shares((55.61517, 12.35123), lambda _message: True)
        somebody.writes("xylofon for kvistgårdianere")
        assert bot.stop() == 0
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in ("kvistgårdianere", "55.61517", "12.35123", SECRET):
        assert secret.encode() not in written


WRONG = {
    "TELEGRAM_TOKEN": "hemmelig",
    "DATABASE_URL": "mongodb://localhost/hemmelig",
    "TIMEZONE": "Mars/Olympus",
}


def refusal(folder: Path, *arguments: str, **settings: str) -> str:
    """What a command says on standard error before it exits with 2."""
    done = subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2, done.stderr.decode()
    assert done.stdout == b""
    return done.stderr.decode()


@pytest.mark.parametrize("variable", WRONG)
def test_a_wrong_setting_stops_the_start_with_one_line_that_names_it(tmp_path: Path, variable: str) -> None:
    line = refusal(tmp_path, "run", **{"TELEGRAM_TOKEN": TOKEN, variable: WRONG[variable]})
    assert line.count("\n") == 1
    assert variable in line
    assert "hemmelig" not in line
    assert SECRET not in line


def test_without_a_token_run_says_so_in_one_line(tmp_path: Path) -> None:
    assert re.fullmatch(r".*TELEGRAM_TOKEN.*\n", refusal(tmp_path, "run"))


def test_a_token_that_telegram_does_not_know_stops_the_start_with_one_clear_line(tmp_path: Path) -> None:
    with StandIn("1:another") as standin:
        said = refusal(tmp_path, "run", TELEGRAM_TOKEN=TOKEN, TELEGRAM_API_URL=standin.url)
    assert "TELEGRAM_TOKEN" in said.splitlines()[-1]
    assert "Traceback" not in said
    assert SECRET not in said


@pytest.mark.parametrize("arguments", [["no-such-command"], ["import"]])
def test_a_wrong_use_is_one_line_as_well(tmp_path: Path, arguments: list[str]) -> None:
    assert refusal(tmp_path, *arguments).count("\n") == 1
