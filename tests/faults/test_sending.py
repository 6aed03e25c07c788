"""The sending process, killed, stopped and lied to, against the stand-in over HTTP (G1–G5).

`make test` runs the short edition, `make faults` the long one.
"""

import random
import signal
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import Session, select

from catalog.drafts import Parsed
from catalog.ingest import ingest
from catalog.model import Offering
from reminders.duties import reconcile_pages
from reminders.model import Follow
from reminders.notices import Kind
from reminders.outbox import Priority
from tests.catalog.factory import offering
from tests.faults.post import Post, signal_to
from tests.faults.sending import TOKEN, ZONE, run_bot
from tests.reminders.outbox_facts import DAY, HOUR, LEASE, MINUTE, NOW, duty, plan
from tests.standin import Fault, StandIn

CONCURRENCY = 8
NEXT_LEASE = 60 + LEASE.total_seconds()
AFTER_DOUBT = 3600.0
LONG = pytest.param(2_000, 50, marks=[pytest.mark.slow, pytest.mark.timeout(1_800)])
SHORT = pytest.param(120, 5)


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(TOKEN) as running:
        yield running
    assert running.failures == []


def everybody_follows_a_concert(post: Post) -> None:
    """It is tomorrow evening, and a reminder goes today at 17:00: now."""
    concert = offering("Koncert", "2026-11-28 20:00")
    ingest(post.database, Parsed("csv", [concert]), source="test", now=NOW - DAY)

    def follow(session: Session) -> None:
        offering_id = session.exec(select(Offering.id)).one()
        for person_id in range(1, post.people + 1):
            session.add(
                Follow(person_id=person_id, kind="offering", target_id=offering_id, created_at=NOW - DAY)
            )

    post.database.write(follow)
    reconcile_pages(post.database, NOW - HOUR, ZONE)


@pytest.mark.parametrize(("people", "kills"), [SHORT, LONG])
def test_killed_again_and_again_it_loses_nobody_and_doubts_only_what_was_in_flight(
    tmp_path: Path, standin: StandIn, people: int, kills: int
) -> None:
    """`kulturlods run`, with a clock that is two minutes on after each kill, so that leases are over."""
    chance = random.Random(1871)
    standin.latency = lambda: chance.uniform(0, 0.4)
    post = Post(tmp_path, standin, people)
    everybody_follows_a_concert(post)
    today = "key LIKE '%:d1@17:00:%'"
    assert len(post.rows("id", today)) == people
    in_flight: set[tuple[object, ...]] = set()
    for kill in range(kills):
        with post.sending(ahead=kill * NEXT_LEASE, rate=30, run=run_bot) as process:
            post.arrived(len(standin.sends) + chance.randint(1, people // kills - CONCURRENCY))
            process.kill()
            process.join()
        at_the_kill = set(post.rows("id, attempts", "state = 'in_flight'"))
        assert len(at_the_kill) <= CONCURRENCY
        in_flight |= at_the_kill
    with post.sending(ahead=kills * NEXT_LEASE, rate=30, run=run_bot):
        post.standin.wait(lambda _world: len(post.copies()) + len(in_flight) >= people, seconds=120)
        post.done("claimed", "in_flight")
    with post.sending(ahead=kills * NEXT_LEASE + AFTER_DOUBT, rate=30, run=run_bot):
        post.done(where=today)
    copies = post.copies()
    twice = {post.person(chat) for chat, number in copies.items() if number > 1}
    assert set(copies) == set(post.chats), "nobody is forgotten"
    assert max(copies.values()) <= 2
    assert len(standin.sends) - people <= len(in_flight)
    assert twice <= {person for (person,) in post.rows("person_id", f"{today} AND reason = 'in-doubt'")}
    assert post.states(today) == {"sent": people}
    assert standin.most_sends(within=1.0) <= 32


def test_a_digest_in_flight_at_a_kill_is_never_said_twice(tmp_path: Path, standin: StandIn) -> None:
    standin.latency = lambda: 0.02
    post = Post(tmp_path, standin, 60)
    plan(post.database, *(duty(n, n + 1, kind=Kind.DIGEST, useful_until=NOW + DAY) for n in range(60)))
    with post.sending() as process:
        post.arrived(25)
        process.kill()
        process.join()
    with post.sending("b", ahead=NEXT_LEASE):
        post.done()
    states = post.states()
    assert max(post.copies().values()) == 1
    assert states["sent"] + states["unknown"] == 60
    assert states["unknown"] <= CONCURRENCY


def test_two_senders_on_one_database_say_nothing_twice(tmp_path: Path, standin: StandIn) -> None:
    standin.latency = lambda: 0.01
    post = Post(tmp_path, standin, 100)
    plan(post.database, *(duty(n, n + 1) for n in range(100)))
    with post.sending(), post.sending("b"):
        post.done()
    assert post.copies() == Counter(post.chats)
    assert post.states() == {"sent": 100}


def test_a_process_that_slept_past_its_lease_finds_its_rows_taken(tmp_path: Path, standin: StandIn) -> None:
    standin.latency = lambda: 0.02
    post = Post(tmp_path, standin, 60)
    plan(post.database, *(duty(n, n + 1, useful_until=NOW + DAY) for n in range(60)))
    with post.sending("sleeper", rate=300) as sleeper:
        post.arrived(20)
        post.stop(sleeper)
        with post.sending("b", ahead=NEXT_LEASE):
            # All but the doubts: a row that b itself left in flight would be a doubt begun an hour later.
            post.done(where="reason IS NOT 'in-doubt'")
        doubts = len(post.rows("id", "reason = 'in-doubt'"))
        signal_to(sleeper, signal.SIGCONT)
        sleeper.terminate()
        sleeper.join()
    assert doubts <= CONCURRENCY
    assert max(post.copies().values()) == 1, "late answers end the doubt, and what was not begun is left"
    with post.sending("c", ahead=AFTER_DOUBT):
        post.done()
    assert set(post.copies()) == set(post.chats)
    assert len(standin.sends) - 60 <= doubts


def test_answers_that_break_are_doubts_and_only_reminders_are_said_again(
    tmp_path: Path, standin: StandIn
) -> None:
    post = Post(tmp_path, standin, 40)
    reminders = [duty(n, n + 1) for n in range(20)]
    digests = [duty(n, n + 1, kind=Kind.DIGEST, priority=Priority.DIGEST) for n in range(20, 40)]
    standin.cut("sendMessage", 3)
    standin.fail("sendMessage", 502, "Bad Gateway", times=2)
    plan(post.database, *reminders)
    with post.sending():
        post.standin.wait(lambda _world: len(standin.sends) >= 18)
        standin.cut("sendMessage", 2)
        standin.fail("sendMessage", 500, "Internal Server Error", times=2)
        plan(post.database, *digests)
        post.standin.wait(lambda _world: len(standin.sends) >= 36)
        post.done("claimed", "in_flight")
    with post.sending("b", ahead=AFTER_DOUBT):
        post.done()
    copies = post.copies()
    assert sum(copies[chat] == 2 for chat in post.chats[:20]) == 3
    assert sum(copies[chat] == 1 for chat in post.chats[:20]) == 17
    assert Counter(copies[chat] for chat in post.chats[20:]) == {1: 18, 0: 2}
    assert post.states() == {"sent": 36, "unknown": 4}
    assert len(post.rows("id", "reason = 'in-doubt'")) == 5 + 4


def test_a_storm_of_429_stops_everything_and_costs_nothing(tmp_path: Path, standin: StandIn) -> None:
    standin.latency = lambda: 0.02
    post = Post(tmp_path, standin, 100)
    plan(post.database, *(duty(n, n + 1) for n in range(100)))
    with post.sending():
        post.arrived(30)
        standin.fail("sendMessage", 429, "Too Many Requests: retry after 1", retry_after=1, times=5)
        post.done()
    times = [send.at for send in standin.sends]
    assert max(later - earlier for earlier, later in pairwise(times)) >= 2
    assert post.copies() == Counter(post.chats)
    assert post.states() == {"sent": 100}
    assert post.rows("id", "reason = 'in-doubt' OR attempts <> 1") == []


def test_one_in_a_hundred_is_gone_or_has_moved_and_the_rest_do_not_notice(
    tmp_path: Path, standin: StandIn
) -> None:
    post = Post(tmp_path, standin, 100)
    blocked, deactivated, lost, moved = post.chats[7], post.chats[47], post.chats[77], post.chats[99]
    new_home = -1_009_000_001
    standin.world.send_text(new_home, "hej", chat_type="supergroup")
    standin.chat_faults = {
        blocked: Fault(403, "Forbidden: bot was blocked by the user"),
        deactivated: Fault(403, "Forbidden: user is deactivated"),
        lost: Fault(400, "Bad Request: chat not found"),
        moved: Fault(400, "Bad Request: group chat was upgraded", migrate_to=new_home),
    }
    plan(post.database, *(duty(n, n + 1) for n in range(100)))
    plan(post.database, *(duty(1_000 + n, n + 1, due_at=NOW + HOUR) for n in (7, 47, 77)))
    with post.sending():
        post.done("claimed", "in_flight")
        post.standin.wait(lambda _world: len(standin.sends) >= 97)
        post.done()
    reached = {*post.chats, new_home} - {blocked, deactivated, lost, moved}
    assert post.copies() == Counter(reached)
    assert post.states() == {"sent": 97, "failed": 3, "cancelled": 3}


def test_after_two_days_down_only_what_is_still_ahead_is_said(tmp_path: Path, standin: StandIn) -> None:
    post = Post(tmp_path, standin, 40)
    begun = [duty(n, n + 1, useful_until=NOW + DAY + n * MINUTE) for n in range(20)]
    ahead = [duty(n, n + 1, useful_until=NOW + 3 * DAY) for n in range(20, 40)]
    plan(post.database, *begun, *ahead)
    with post.sending(ahead=48 * 3600):
        post.done()
    assert post.copies() == Counter(post.chats[20:])
    assert post.states() == {"sent": 20, "expired": 20}


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_that_jumps_between_two_starts_repeats_nothing(
    tmp_path: Path, standin: StandIn, hours: int
) -> None:
    standin.latency = lambda: 0.01
    post = Post(tmp_path, standin, 60)
    long_due = NOW - 4 * HOUR
    plan(post.database, *(duty(n, n + 1, due_at=long_due, useful_until=NOW + DAY) for n in range(60)))
    with post.sending() as process:
        post.arrived(20)
        process.terminate()
        process.join()
    with post.sending("b", ahead=hours * 3600):
        post.done()
    assert post.copies() == Counter(post.chats)
    assert post.states() == {"sent": 60}
