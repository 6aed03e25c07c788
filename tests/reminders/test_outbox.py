"""The outbox: one row a duty, one holder a row, and every doubt counted."""

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event

from catalog.database import Database
from reminders import outbox, people
from reminders.model import Delivery
from reminders.notices import Fate, Kind, Outcome
from reminders.outbox import LONGEST_LEASE, Claimed, Priority, Released
from reminders.retry import DOUBT_PAUSE, Next
from tests.reminders.outbox_facts import (
    ANNA,
    BO,
    DAY,
    HOUR,
    LEASE,
    MINUTE,
    NOW,
    TIMEOUT,
    alter,
    claim,
    duty,
    open_database,
    plan,
    row,
    rows,
    settle,
    start,
    states,
)

SENT = Outcome(Fate.SENT, message_id=99)
AFTER_LEASE = NOW + LEASE


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = open_database(tmp_path)
    yield opened
    opened.close()


def claimed(database: Database, **facts: object) -> Claimed:
    plan(database, duty(**facts))  # type: ignore[arg-type]  # the facts are columns
    (mine,) = claim(database)
    return mine


def in_flight(database: Database, **facts: object) -> Claimed:
    mine = claimed(database, **facts)
    assert start(database, mine)
    return mine


def release(database: Database, now: dt.datetime = AFTER_LEASE) -> Released:
    return database.write(lambda session: outbox.release_expired(session, now))


def sweep(database: Database, now: dt.datetime) -> int:
    return database.write(lambda session: outbox.sweep(session, now))


def cancel(database: Database, *ids: int) -> int:
    return database.write(lambda session: outbox.cancel(session, ids, NOW, "unfollowed"))


def persons(taken: list[Claimed]) -> list[int]:
    return [mine.person_id for mine in taken]


# One row a duty.


def test_a_duty_exists_once_however_often_it_is_planned(database: Database) -> None:
    assert plan(database, duty(1), duty(2), duty(1)) == 2
    assert plan(database, duty(1), duty(2), duty(3)) == 1
    assert len(rows(database)) == 3


def test_planning_again_does_not_touch_what_is_under_way_or_done(database: Database) -> None:
    settle(database, in_flight(database), SENT)
    assert plan(database, duty(due_at=NOW + HOUR)) == 0
    assert (row(database).state, row(database).due_at) == ("sent", NOW)


def test_a_cancelled_duty_that_exists_again_is_owed_again(database: Database) -> None:
    plan(database, duty())
    assert cancel(database, 1) == 1
    assert plan(database, duty(due_at=NOW + HOUR)) == 1
    again = row(database)
    assert (again.state, again.reason, again.due_at) == ("pending", None, NOW + HOUR)
    assert again.settled_at is None


def test_more_than_one_chunk_is_planned_whole(database: Database) -> None:
    assert plan(database, *(duty(number) for number in range(2_500))) == 2_500


# Who gets what, and in which order.


def test_only_what_is_due_and_still_of_use_is_claimed(database: Database) -> None:
    plan(
        database,
        duty(1, due_at=NOW + MINUTE),
        duty(2, useful_until=NOW),
        duty(3),
        duty(4, due_at=NOW - DAY),
    )
    assert {mine.id for mine in claim(database)} == {3, 4}


def test_the_urgent_goes_first_then_the_earliest_start(database: Database) -> None:
    plan(
        database,
        duty(1, priority=Priority.BROADCAST, useful_until=NOW + MINUTE),
        duty(2, useful_until=NOW + 3 * HOUR),
        duty(3, useful_until=NOW + 2 * HOUR),
        duty(4, priority=Priority.URGENT_CHANGE, useful_until=NOW + DAY),
    )
    assert [mine.id for mine in claim(database)] == [4, 3, 2, 1]


@pytest.mark.parametrize("due", [outbox.FEW - 10, outbox.FEW + 10])
def test_the_order_is_the_same_in_a_crowd(database: Database, due: int) -> None:
    plan(database, *(duty(n, useful_until=NOW + HOUR + (n * 7919 % due) * MINUTE) for n in range(due)))
    plan(database, duty(9_999, due_at=NOW + MINUTE, useful_until=NOW + 2 * MINUTE))
    taken = [mine for _ in range(4) for mine in claim(database, limit=20)]
    assert [mine.useful_until for mine in taken] == [NOW + HOUR + n * MINUTE for n in range(80)]


def test_nobody_gets_a_row_that_somebody_holds(database: Database) -> None:
    plan(database, *(duty(number) for number in range(10)))
    first, second = claim(database, "a", limit=6), claim(database, "b", limit=6)
    assert (len(first), len(second)) == (6, 4)
    assert {mine.id for mine in first} & {mine.id for mine in second} == set()


def test_racing_workers_share_the_rows_and_none_is_taken_twice(database: Database) -> None:
    plan(database, *(duty(number) for number in range(400)))
    taken: list[int] = []

    def work(name: str) -> None:
        while mine := claim(database, name, limit=7):
            taken.extend(one.id for one in mine)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(1, 401))


def test_whoever_cannot_be_reached_or_has_paused_us_is_left_alone(database: Database) -> None:
    plan(database, duty(1, 1), duty(2, 2), duty(3, 3))
    alter(database, 1, inactive_since=NOW - DAY)
    alter(database, 2, paused_until=NOW + MINUTE)
    assert persons(claim(database)) == [3]
    assert persons(claim(database, now=NOW + MINUTE)) == [2]


def test_the_terminal_claims_its_own_persons_rows_only(database: Database) -> None:
    plan(database, duty(1, 1), duty(2, 2), duty(3, 2))
    assert persons(claim(database, only_chat=BO)) == [2, 2]
    assert claim(database, only_chat=404) == []
    assert states(database) == ["pending", "claimed", "claimed"]


def test_a_kind_that_rests_is_not_claimed(database: Database) -> None:
    plan(database, duty(1), duty(2, kind="digest"))
    assert [mine.kind for mine in claim(database, without=[Kind.REMINDER])] == ["digest"]


def test_it_knows_cheaply_whether_there_is_anything_to_do(database: Database) -> None:
    def asked(now: dt.datetime = NOW, chat: int | None = None) -> bool:
        return database.read(lambda session: outbox.anything_to_do(session, now, chat))

    assert not asked()
    plan(database, duty(due_at=NOW + MINUTE))
    assert not asked()
    assert asked(NOW + MINUTE)
    assert asked(NOW + MINUTE, ANNA)
    assert not asked(NOW + MINUTE, BO)
    claim(database, now=NOW + MINUTE)
    assert not asked(NOW + MINUTE)
    assert asked(NOW + MINUTE + LEASE)


# The fence.


def test_a_row_is_in_flight_before_its_request(database: Database) -> None:
    mine = claimed(database)
    assert start(database, mine)
    assert (row(database).state, row(database).attempts) == ("in_flight", 1)
    assert not start(database, mine), "once"


@pytest.mark.parametrize(
    ("holder", "now"),
    [
        ("b", NOW),
        ("a", NOW + LEASE - TIMEOUT + dt.timedelta(seconds=1)),
        ("a", NOW + 2 * HOUR),
    ],
    ids=["somebody else's", "the lease would end before the answer", "it has begun"],
)
def test_the_fence_says_no(database: Database, holder: str, now: dt.datetime) -> None:
    assert not start(database, claimed(database), holder, now)
    assert row(database).state == "claimed"


def test_the_fence_says_no_for_whoever_left_or_paused_since_the_claim(database: Database) -> None:
    mine = claimed(database)
    alter(database, 1, paused_until=NOW + DAY)
    assert not start(database, mine)
    alter(database, 1, paused_until=None, inactive_since=NOW)
    assert not start(database, mine)
    alter(database, 1, inactive_since=None)
    assert start(database, mine)


def test_erasing_beats_a_run_that_has_claimed_already(database: Database) -> None:
    mine = claimed(database)
    database.write(lambda session: people.forget(session, ANNA, NOW))
    assert not start(database, mine)
    assert rows(database) == []


def test_a_cancelled_row_does_not_pass(database: Database) -> None:
    mine = claimed(database)
    assert cancel(database, mine.id) == 1
    assert not start(database, mine)
    assert (row(database).state, row(database).reason) == ("cancelled", "unfollowed")


# What became of it.


def test_sent_is_settled_with_its_message(database: Database) -> None:
    assert settle(database, in_flight(database), SENT) == Next("sent")
    done = row(database)
    assert (done.state, done.message_id, done.settled_at, done.reason) == ("sent", 99, NOW, None)
    assert (done.claimed_by, done.lease_until) == (None, None)


def test_what_certainly_did_not_arrive_counts_no_attempt(database: Database) -> None:
    settle(database, in_flight(database), Outcome(Fate.NOT_SENT))
    assert (row(database).state, row(database).attempts) == ("pending", 0)
    assert row(database).due_at > NOW


def test_a_reminder_in_doubt_is_said_once_more_and_then_never(database: Database) -> None:
    settle(database, in_flight(database), Outcome(Fate.UNKNOWN))
    assert (row(database).state, row(database).reason) == ("pending", "in-doubt")
    assert claim(database) == []
    later = NOW + DOUBT_PAUSE
    (again,) = claim(database, now=later)
    assert start(database, again, now=later)
    settle(database, again, Outcome(Fate.UNKNOWN), now=later)
    assert (row(database).state, row(database).attempts) == ("unknown", 2)
    assert claim(database, now=later + HOUR) == []


def test_a_digest_in_doubt_is_never_said_again(database: Database) -> None:
    settle(database, in_flight(database, kind="digest"), Outcome(Fate.UNKNOWN))
    assert row(database).state == "unknown"


def test_what_was_said_twice_perhaps_stays_countable(database: Database) -> None:
    settle(database, in_flight(database), Outcome(Fate.UNKNOWN))
    (again,) = claim(database, now=NOW + DOUBT_PAUSE)
    start(database, again, now=NOW + DOUBT_PAUSE)
    settle(database, again, SENT, now=NOW + DOUBT_PAUSE)
    assert (row(database).state, row(database).reason, row(database).attempts) == ("sent", "in-doubt", 2)


def test_a_long_reason_fits_its_column(database: Database) -> None:
    settle(database, in_flight(database), Outcome(Fate.REFUSED, reason="x" * 400))
    assert row(database).reason == "x" * 40


def test_a_dropped_row_says_why(database: Database) -> None:
    mine = claimed(database)
    drop = lambda worker: database.write(  # noqa: E731  # twice the same call
        lambda session: outbox.drop(session, mine, worker, Next("superseded", "newer-lead"), NOW)
    )
    assert not drop("b")
    assert drop("a")
    assert (row(database).state, row(database).reason, row(database).settled_at) == (
        "superseded",
        "newer-lead",
        NOW,
    )


def test_what_was_not_begun_is_given_back(database: Database) -> None:
    plan(database, duty(1), duty(2), duty(3))
    first, second, _third = claim(database)
    start(database, first)
    database.write(lambda session: outbox.give_back(session, [first, second], "a"))
    assert states(database) == ["in_flight", "pending", "claimed"]


# After a crash.


def test_a_lease_gives_back_what_was_claimed_and_doubts_what_was_in_flight(database: Database) -> None:
    plan(database, duty(1), duty(2), duty(3, kind="digest"))
    first, _second, third = claim(database)
    start(database, first)
    start(database, third)
    assert release(database, AFTER_LEASE - dt.timedelta(seconds=1)) == Released(0, 0)
    assert release(database) == Released(1, 2)
    reminder, waiting, digest = rows(database)
    assert (reminder.state, reminder.reason, reminder.due_at) == (
        "pending",
        "in-doubt",
        AFTER_LEASE + DOUBT_PAUSE,
    )
    assert (waiting.state, waiting.reason, waiting.due_at) == ("pending", None, NOW)
    assert (digest.state, digest.reason) == ("unknown", "in-doubt")


def test_a_late_answer_ends_the_doubt(database: Database) -> None:
    mine = in_flight(database)
    release(database)
    assert settle(database, mine, SENT, now=AFTER_LEASE) == Next("sent")
    assert (row(database).state, row(database).message_id) == ("sent", 99)


def test_a_late_answer_does_not_disturb_whoever_holds_the_row_by_then(database: Database) -> None:
    mine = in_flight(database)
    release(database)
    later = AFTER_LEASE + DOUBT_PAUSE
    (theirs,) = claim(database, "b", later)
    assert settle(database, mine, SENT, now=later) is None
    assert start(database, theirs, "b", later)
    assert settle(database, mine, SENT, now=later) is None
    assert settle(database, theirs, SENT, "b", later) == Next("sent")


def test_a_late_answer_to_the_first_request_says_nothing_about_the_second(database: Database) -> None:
    first = in_flight(database)
    release(database)
    later = AFTER_LEASE + DOUBT_PAUSE
    (second,) = claim(database, now=later)
    assert start(database, second, now=later)
    assert settle(database, first, SENT, now=later) is None
    assert row(database).state == "in_flight"


def test_a_late_answer_is_let_be_when_somebody_else_has_had_the_row_since(database: Database) -> None:
    mine = in_flight(database)
    release(database)
    later = AFTER_LEASE + DOUBT_PAUSE
    theirs = claim(database, "b", later)
    database.write(lambda session: outbox.give_back(session, theirs, "b"))
    assert settle(database, mine, SENT, now=later) is None


def test_an_answer_about_somebody_erased_is_let_be(database: Database) -> None:
    mine = in_flight(database)
    database.write(lambda session: people.forget(session, ANNA, NOW))
    assert settle(database, mine, SENT) is None


def test_a_doubt_that_would_come_too_late_stays_a_doubt(database: Database) -> None:
    in_flight(database, useful_until=AFTER_LEASE + MINUTE)
    release(database)
    assert row(database).state == "unknown"


def test_the_terminal_releases_its_own_rows_only(database: Database) -> None:
    plan(database, duty(1, 1), duty(2, 2))
    claim(database)
    database.write(lambda session: outbox.release_expired(session, AFTER_LEASE, BO))
    assert states(database) == ["claimed", "pending"]


def test_a_lease_written_under_a_clock_that_was_ahead_does_not_bind_for_hours(database: Database) -> None:
    plan(database, duty(due_at=NOW - 3 * HOUR))
    claim(database)
    assert release(database, NOW - LONGEST_LEASE / 2) == Released(0, 0)
    assert release(database, NOW - 2 * HOUR) == Released(1, 0)


# Tidying.


def test_what_came_too_late_expires_and_what_is_old_is_deleted(database: Database) -> None:
    plan(database, duty(1), duty(2, useful_until=NOW + DAY), duty(3, due_at=NOW + HOUR))
    assert sweep(database, NOW + 3 * HOUR) == 2
    assert states(database) == ["expired", "pending", "expired"]
    assert rows(database)[0].reason == "too-late"
    assert sweep(database, NOW + 3 * HOUR) == 0
    assert sweep(database, NOW + 30 * DAY) == 4, "one expires, and all three go"
    assert rows(database) == []


def test_nothing_is_deleted_under_its_request(database: Database) -> None:
    in_flight(database, keep_until=NOW + MINUTE)
    assert sweep(database, NOW + HOUR) == 0
    assert row(database).state == "in_flight"


def test_cancelling_a_person_leaves_what_has_happened(database: Database) -> None:
    plan(database, duty(1), duty(2), duty(3), duty(4, 2))
    first, _second, *_ = claim(database, limit=2)
    start(database, first)
    database.write(lambda session: outbox.cancel_person(session, 1, NOW, "gone"))
    assert states(database) == ["in_flight", "cancelled", "cancelled", "pending"]


# How the database goes about it.


def plans(database: Database, work) -> list[str]:
    seen: list[str] = []

    def explain(connection, cursor, statement, parameters, context, many) -> None:
        if statement.startswith(("WITH", "SELECT", "UPDATE")) and not many:
            explained = cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            seen.append(" | ".join(line[3] for line in explained))

    event.listen(database.engine, "before_cursor_execute", explain)
    try:
        work()
    finally:
        event.remove(database.engine, "before_cursor_execute", explain)
    return seen


def test_a_claim_from_a_crowd_walks_an_index_and_sorts_nothing(database: Database) -> None:
    plan(database, *(duty(number) for number in range(outbox.FEW + 5)))
    peek, claiming = plans(database, lambda: claim(database))
    assert "ix_delivery_state_due (state=? AND due_at<?)" in peek
    assert "ix_delivery_state_order (state=?)" in claiming
    assert "TEMP B-TREE" not in claiming


def test_a_claim_from_a_few_looks_at_these_only(database: Database) -> None:
    plan(database, duty(1), duty(2))
    _peek, claiming = plans(database, lambda: claim(database))
    assert "ix_delivery" not in claiming


def test_cancelling_and_settling_look_at_single_rows(database: Database) -> None:
    mine = in_flight(database)
    steps = plans(database, lambda: (settle(database, mine, SENT), cancel(database, 1, 2, 3)))
    assert len(steps) == 3
    assert all("USING INTEGER PRIMARY KEY" in step for step in steps)


# Whatever happens, in whatever order.

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "start", "answer", "release", "give back", "sweep", "wait"]),
        st.sampled_from("ab"),
        st.sampled_from(Fate),
    ),
    max_size=25,
)


class Course:
    """Two workers and one duty. arrived: requests that may have reached Telegram."""

    def __init__(self, database: Database, number: int, kind: Kind) -> None:
        self.database, self.now, self.arrived = database, NOW, 0
        self.held: dict[str, Claimed] = {}
        self.asked: dict[str, tuple[Claimed, Fate]] = {}
        plan(database, duty(number, kind=kind.value, useful_until=NOW + DAY))

    def take(self, step: str, worker: str, fate: Fate) -> None:
        if step == "claim":
            for mine in claim(self.database, worker, self.now):
                self.held[worker] = mine
        elif step == "start" and worker in self.held:
            mine = self.held.pop(worker)
            if start(self.database, mine, worker, self.now):
                self.asked[worker] = mine, fate
                self.arrived += fate in (Fate.SENT, Fate.UNKNOWN)
        elif step == "answer" and worker in self.asked:
            mine, fate = self.asked.pop(worker)
            settle(self.database, mine, Outcome(fate), worker, self.now)
        elif step == "give back" and worker in self.held:
            mine = self.held.pop(worker)
            self.database.write(lambda session: outbox.give_back(session, [mine], worker))
        elif step == "release":
            release(self.database, self.now)
        elif step == "sweep":
            sweep(self.database, self.now)
        elif step == "wait":
            self.now += DOUBT_PAUSE + LEASE


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.sampled_from([Kind.REMINDER, Kind.DIGEST]))
def test_no_course_of_events_sends_a_digest_twice_or_a_reminder_three_times(
    database: Database, steps: list[tuple[str, str, Fate]], kind: Kind
) -> None:
    database.write(lambda session: session.execute(delete(Delivery)))
    course = Course(database, 1, kind)
    for step in steps:
        course.take(*step)
    assert course.arrived <= (2 if kind is Kind.REMINDER else 1)
    assert row(database).attempts <= 2
