from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlmodel import select

from catalog.database import Database
from reminders import people
from reminders.model import Person, table_metadata

SATURDAY = date(2026, 11, 21)
SUNDAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHAT = 7_200_000_000_000


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/people.db")
    table_metadata().create_all(opened.engine)
    yield opened
    opened.close()


def everybody(database: Database) -> list[Person]:
    return database.read(lambda session: list(session.exec(select(Person)).all()))


def test_a_new_person_is_remembered_with_the_language_they_met_us_in(database: Database) -> None:
    database.write(lambda session: people.meet(session, CHAT, "en", SATURDAY))
    [person] = everybody(database)
    assert (person.chat_id, person.language, person.place_key) == (CHAT, "en", None)
    assert (person.created_on, person.last_seen) == (SATURDAY, SATURDAY)


def test_meeting_again_keeps_the_chosen_language_and_notes_the_day(database: Database) -> None:
    database.write(lambda session: people.meet(session, CHAT, "en", SATURDAY))
    database.write(lambda session: people.set_language(session, CHAT, "da"))
    database.write(lambda session: people.meet(session, CHAT, "en", SUNDAY))
    [person] = everybody(database)
    assert (person.language, person.created_on, person.last_seen) == ("da", SATURDAY, SUNDAY)


def test_a_clock_set_back_does_not_unsee_a_person(database: Database) -> None:
    database.write(lambda session: people.meet(session, CHAT, "da", SUNDAY))
    database.write(lambda session: people.meet(session, CHAT, "da", SATURDAY))
    assert everybody(database)[0].last_seen == SUNDAY


def test_a_chosen_place_is_remembered_and_can_be_taken_back(database: Database) -> None:
    database.write(lambda session: people.meet(session, CHAT, "da", SATURDAY))
    database.write(lambda session: people.set_place(session, CHAT, "town:koege"))
    assert everybody(database)[0].place_key == "town:koege"
    database.write(lambda session: people.set_place(session, CHAT, None))
    assert everybody(database)[0].place_key is None


def test_settings_of_a_stranger_make_nobody(database: Database) -> None:
    database.write(lambda session: people.set_language(session, CHAT, "en"))
    database.write(lambda session: people.set_place(session, CHAT, "town:koege"))
    assert everybody(database) == []


def test_forgetting_leaves_no_trace_and_touches_nobody_else(database: Database) -> None:
    database.write(lambda session: people.meet(session, CHAT, "da", SATURDAY))
    database.write(lambda session: people.meet(session, CHAT + 1, "da", SATURDAY))
    assert database.write(lambda session: people.forget(session, CHAT, NOON))
    assert [person.chat_id for person in everybody(database)] == [CHAT + 1]
    assert not database.write(lambda session: people.forget(session, CHAT, NOON))


def test_no_name_and_no_position_has_a_column() -> None:
    columns = set(Person.__table__.columns.keys())  # type: ignore[attr-defined]  # SQLModel adds it
    known = {"id", "chat_id", "language", "place_key", "last_seen", "created_on"}
    chosen = {
        "leads",
        "quiet_from",
        "quiet_until",
        "weekly_cap",
        "digest",
        "digest_weekday",
        "digest_time",
        "surveys",
        "news",
    }
    assert columns == known | chosen | {"paused_until", "inactive_since", "warned_on"}


def test_the_rhythm_of_digests_is_chosen_piece_by_piece(database: Database) -> None:
    database.write(lambda session: people.meet(session, CHAT, "da", SATURDAY))
    for mode, facts in (("weekly", {}), ("weekly", {"weekday": 7}), ("weekly", {"at": time(9, 30)})):
        database.write(lambda s, mode=mode, facts=facts: people.set_digest(s, CHAT, mode, **facts))
    [person] = everybody(database)
    assert (person.digest, person.digest_weekday, person.digest_time) == ("weekly", 7, time(9, 30))


def test_midnight_is_a_time_of_day_too(database: Database) -> None:
    database.write(lambda session: people.meet(session, CHAT, "da", SATURDAY))
    database.write(lambda session: people.set_digest(session, CHAT, "daily", at=time(0)))
    assert everybody(database)[0].digest_time == time(0)


@pytest.mark.parametrize(("mode", "weekday"), [("hourly", None), ("weekly", 0), ("weekly", 8)])
def test_a_rhythm_there_is_not_is_refused(database: Database, mode: str, weekday: int | None) -> None:
    with pytest.raises(ValueError, match=mode):
        database.write(lambda session: people.set_digest(session, CHAT, mode, weekday=weekday))


@pytest.mark.parametrize(("most", "fits"), [(-1, False), (0, True), (50, True), (51, False)])
def test_the_weekly_cap_has_bounds(database: Database, most: int, fits: bool) -> None:
    database.write(lambda session: people.meet(session, CHAT, "da", SATURDAY))
    if fits:
        database.write(lambda session: people.set_weekly_cap(session, CHAT, most))
        assert everybody(database)[0].weekly_cap == most
    else:
        with pytest.raises(ValueError, match=str(most)):
            database.write(lambda session: people.set_weekly_cap(session, CHAT, most))


def test_a_pause_lasts_two_weeks_and_can_be_ended(database: Database) -> None:
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    database.write(lambda session: people.meet(session, CHAT, "da", SATURDAY))
    database.write(lambda session: people.pause(session, CHAT, now))
    assert everybody(database)[0].paused_until == datetime(2026, 12, 5, 12, tzinfo=UTC)
    database.write(lambda session: people.resume(session, CHAT))
    assert everybody(database)[0].paused_until is None


def test_a_chat_that_moves_keeps_its_person(database: Database) -> None:
    database.write(lambda session: people.meet(session, CHAT, "en", SATURDAY))
    assert database.write(lambda session: people.migrate_chat(session, CHAT, -100_500))
    [person] = everybody(database)
    assert (person.chat_id, person.language, person.created_on) == (-100_500, "en", SATURDAY)


def test_a_chat_does_not_move_onto_another_or_from_nowhere(database: Database) -> None:
    for chat in (CHAT, CHAT + 1):
        database.write(lambda session, chat=chat: people.meet(session, chat, "da", SATURDAY))
    assert not database.write(lambda session: people.migrate_chat(session, CHAT, CHAT + 1))
    assert not database.write(lambda session: people.migrate_chat(session, 404, 405))
    assert sorted(person.chat_id for person in everybody(database)) == [CHAT, CHAT + 1]
