"""The whole life of a broadcast, by the whole bot over HTTP, with a SIGKILL in the middle.

`make test` runs the short edition, `make faults` the long one with 5,000 people.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from bot.app import under_way
from catalog import staff
from catalog.places import gazetteer
from catalog.query import Query
from catalog.staff import Role, Scope, ScopeKind
from reminders import broadcasts
from reminders.audience import Audience, count
from reminders.broadcast_progress import Report, report
from reminders.model import Broadcast, Delivery, Person
from tests.faults.post import Post
from tests.faults.sending import TOKEN, ZONE, run_bot
from tests.reminders.outbox_facts import DAY, LEASE, NOW
from tests.standin import Fault, StandIn

ISHOJ = Scope(ScopeKind.MUNICIPALITY, "Ishøj", "Ishøj")
NEXT_LEASE = 60 + LEASE.total_seconds()
AUTHOR, COLLEAGUE = 901, 902
# People, messages a second, the canary, and how often it is paused after the kill (ten seconds each).
SHORT = pytest.param(300, 100, (200, 60), 0, id="short")
LONG = pytest.param(
    5_000, 300, (1_000, 200), 3, id="long", marks=[pytest.mark.slow, pytest.mark.timeout(900)]
)
Verb = Callable[..., Any]


class Campaign(Post):
    """People of Ishøj who want news, a broadcast to them, and the bot that sends it."""

    def __init__(self, folder: Path, standin: StandIn, people: int, rate: float, canary: tuple[int, int]):
        super().__init__(folder, standin, people)
        self.rate = rate
        self.how = {"rate": rate, "canary": canary, "run": run_bot}
        ishoj = gazetteer().named("Ishøj")[0].key
        facts = {"news": True, "place_key": ishoj}
        self.database.write(lambda session: session.execute(update(Person).values(facts)))
        self.author, self.colleague = (
            self.database.write(lambda s, id_=id_: staff.appoint(s, id_, Role.COORDINATOR, [ISHOJ], NOW))
            for id_ in (AUTHOR, COLLEAGUE)
        )
        self.id = self._handed_in()

    def _handed_in(self) -> int:
        """Written, counted, handed in, and let through by a second person."""

        def write(session: Any) -> int:
            made = broadcasts.draft(session, self.author, NOW)
            broadcasts.edit(
                session,
                made,
                NOW,
                texts={"da": "Kom og <b>vær med</b>"},
                audience=Audience(municipalities=("Ishøj",)),
            )
            return made.id or 0

        self.id = self.database.write(write)
        shown = broadcasts.content_hash(self.broadcast)
        counted = count(self.database, broadcasts.sending(self.broadcast, NOW), NOW, ZONE, nothing_fits)
        assert counted.reached == self.people
        handed_in = self.say(broadcasts.submit, self.author, NOW, counted=counted, hashed=shown)
        assert handed_in == "waiting"
        self.say(broadcasts.approve, self.colleague, shown, NOW)
        return self.id

    @property
    def broadcast(self) -> Broadcast:
        return self.database.read(lambda session: session.get_one(Broadcast, self.id))

    @property
    def report(self) -> Report:
        return self.database.read(lambda session: report(session, session.get_one(Broadcast, self.id)))

    def say(self, verb: Verb, *arguments: Any, **named: Any) -> Any:
        """A member of staff decides."""
        return self.database.write(
            lambda session: verb(session, session.get_one(Broadcast, self.id), *arguments, **named)
        )

    def until(self, holds: Callable[[], object]) -> None:
        """Wait for what the database tells; the stand-in tells of calls alone."""
        deadline = time.monotonic() + 60
        while not holds():
            assert time.monotonic() < deadline, f"{self.report}\n{self.log()}"
            with self.standin.changed:
                self.standin.changed.wait(timeout=0.05)

    def log(self) -> str:
        return (self.folder / "log").read_text()[-3000:]

    def is_(self, state: str, why: str | None = None) -> bool:
        return (self.broadcast.state, self.broadcast.paused_for) == (state, why)

    def holds_still_since(self, moment: float) -> None:
        """What arrived later was under way, and came within a second."""
        with self.standin.changed:
            late = [send.at - moment for send in self.standin.sends if send.at > moment]
        assert len(late) <= under_way(self.rate)
        assert max(late, default=0) < 1


def nothing_fits(_query: Query, _now: Any, *, after: int, until: int) -> tuple[()]:
    return ()


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn(TOKEN) as running:
        running.latency = lambda: 0.03
        yield running
    assert running.failures == []


@pytest.mark.parametrize(("people", "rate", "canary", "pauses"), [SHORT, LONG])
def test_killed_and_restarted_it_reaches_everybody_once_and_its_report_adds_up(
    tmp_path: Path, standin: StandIn, people: int, rate: float, canary: tuple[int, int], pauses: int
) -> None:
    campaign = Campaign(tmp_path, standin, people, rate, canary)
    with campaign.sending(**campaign.how) as process:
        campaign.until(lambda: campaign.is_("paused", "canary"))
        assert len(standin.sends) == canary[1], "the first ones go alone"
        campaign.say(broadcasts.go_on, campaign.author.id, NOW)
        campaign.arrived(people // 3)
        process.kill()
        process.join()
    in_flight = campaign.states("state = 'in_flight'").total()
    assert 0 < in_flight <= under_way(rate)
    with campaign.sending(ahead=NEXT_LEASE, **campaign.how):
        for number in range(1, pauses + 1):
            campaign.arrived(people // 3 + number * people // 10)
            it_is_paused_at_once_and_goes_on(campaign)
        campaign.until(lambda: campaign.is_("done"))
    copies = campaign.copies()
    assert max(copies.values()) == 1, "nobody twice"
    assert campaign.report == Report(announced=people, sent=people - in_flight, in_doubt=in_flight)
    reached = {campaign.person(chat) for chat in copies}
    doubted = {person for (person,) in campaign.rows("person_id", "state = 'unknown'")}
    assert reached | doubted == set(range(1, people + 1)), "nobody is forgotten"


def it_is_paused_at_once_and_goes_on(campaign: Campaign) -> None:
    campaign.say(broadcasts.pause, "author", NOW, by=campaign.author.id)
    paused_at = time.monotonic()
    campaign.until(lambda: not campaign.rows("id", "state IN ('claimed', 'in_flight')"))
    campaign.holds_still_since(paused_at)
    assert campaign.report.ahead > 0
    assert campaign.say(broadcasts.go_on, campaign.author.id, NOW)


def test_a_stop_holds_within_a_second_and_what_was_said_is_deleted_where_telegram_still_allows(
    tmp_path: Path, standin: StandIn
) -> None:
    campaign = Campaign(tmp_path, standin, 300, 100, (1_000, 200))
    with campaign.sending(**campaign.how):
        campaign.arrived(100)
        assert campaign.say(broadcasts.stop, campaign.author.id, NOW)
        stopped_at = time.monotonic()
        campaign.until(lambda: campaign.report.ahead + campaign.report.in_flight == 0)
        campaign.holds_still_since(stopped_at)
        sent = len(standin.sends)
        assert campaign.report == Report(announced=300, sent=sent, cancelled=300 - sent)
        refuses, old = (send.chat_id for send in standin.sends[3:5])
        with standin.changed:
            standin.chat_faults[refuses] = Fault(400, "Bad Request: message can't be deleted")
        aged = update(Delivery).where(col(Delivery.person_id) == campaign.person(old))
        campaign.database.write(lambda s: s.execute(aged.values(settled_at=NOW - 3 * DAY)))
        assert campaign.say(broadcasts.withdraw, campaign.author.id, NOW)
        campaign.until(lambda: campaign.report.withdrawn == sent - 2)
        campaign.until(lambda: campaign.rows("id", "reason = 'stays'"))
        kept = [chat for chat in campaign.copies() if standin.person(lambda w, c=chat: w.shown(c))]
    assert set(kept) == {refuses, old}
    assert campaign.report == Report(announced=300, sent=2, withdrawn=sent - 2, cancelled=300 - sent)
    assert campaign.rows("person_id", "reason = 'stays'") == [(campaign.person(refuses),)]
