"""Broadcasts: who they are for, who lets them through, how they go out and what became of them."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from catalog import staff
from catalog.database import Database
from catalog.drafts import Parsed
from catalog.ingest import ingest
from catalog.model import Offering, Organizer
from catalog.places import gazetteer
from catalog.query import Query
from catalog.query_store import dump
from catalog.staff import Role, Scope, ScopeKind, Staffer
from catalog.values import Category
from reminders import broadcasts, outbox, people
from reminders.announcements import Announcements
from reminders.audience import Audience, Count, count
from reminders.broadcast_progress import CANARY, Report, advance_all, report
from reminders.model import Broadcast, Child, Delivery, Follow, Person, SavedSearch
from reminders.notices import Announcement, Fate, Outcome
from reminders.refusals import RefusedError
from tests.catalog.factory import offering, venue
from tests.reminders.outbox_facts import DAY, HOUR, MINUTE, claim, open_database, settle, start

ZONE = ZoneInfo("Europe/Copenhagen")
NOW = dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)
ISHOJ = Scope(ScopeKind.MUNICIPALITY, "Ishøj", "Ishøj")
KOGE = Scope(ScopeKind.MUNICIPALITY, "Køge", "Køge")
FIRST_CHAT = 8_000_001


def nothing_fits(_query: Query, _now: dt.datetime, *, after: int, until: int) -> tuple[()]:
    return ()


class Town:
    """People of Ishøj who want news, and the staff who write to them."""

    def __init__(self, folder: Path, people_in_town: int = 10) -> None:
        self.database: Database = open_database(folder, range(FIRST_CHAT, FIRST_CHAT + people_in_town))
        self.everybody(news=True, place_key=key("Ishøj"))
        self.author = self.appoint(1, ISHOJ)
        self.colleague = self.appoint(2, ISHOJ)
        self.stranger = self.appoint(3, KOGE)

    def appoint(self, number: int, scope: Scope) -> Staffer:
        return self.database.write(
            lambda session: staff.appoint(session, 900 + number, Role.COORDINATOR, [scope], NOW)
        )

    def everybody(self, **facts: Any) -> None:
        self.database.write(lambda session: [_set(person, facts) for person in session.exec(select(Person))])

    def person(self, number: int, **facts: Any) -> None:
        self.database.write(lambda session: _set(session.get_one(Person, number), facts))

    def add(self, *rows: Any) -> None:
        self.database.write(lambda session: session.add_all(rows))

    def drafted(self, **facts: Any) -> int:
        facts = {"texts": {"da": "Kom og vær med"}, "audience": Audience(municipalities=("Ishøj",)), **facts}

        def work(session: Session) -> int:
            made = broadcasts.draft(session, self.author, NOW)
            broadcasts.edit(session, made, NOW, **facts)
            return made.id or 0

        return self.database.write(work)

    def counted(self, id_: int, now: dt.datetime = NOW) -> Count:
        plan = self.database.read(lambda session: broadcasts.sending(session.get_one(Broadcast, id_), now))
        return count(self.database, plan, now, ZONE, nothing_fits)

    def reaches(self, **audience: Any) -> int:
        return self.counted(self.drafted(audience=Audience(**audience))).reached

    def change(self, id_: int, verb: Any, *arguments: Any, **named: Any) -> Any:
        return self.database.write(
            lambda session: verb(session, session.get_one(Broadcast, id_), *arguments, **named)
        )

    def submit(self, id_: int, author: Staffer | None = None) -> str:
        shown = self.database.read(lambda session: broadcasts.content_hash(session.get_one(Broadcast, id_)))
        who = author or self.author
        state: str = self.change(id_, broadcasts.submit, who, NOW, counted=self.counted(id_), hashed=shown)
        return state

    def approve(self, id_: int, by: Staffer) -> None:
        shown = self.database.read(lambda session: broadcasts.content_hash(session.get_one(Broadcast, id_)))
        self.change(id_, broadcasts.approve, by, shown, NOW)

    def advance(self, now: dt.datetime = NOW) -> str:
        return advance_all(self.database, now, ZONE, nothing_fits)

    def running(self, **facts: Any) -> int:
        """A broadcast whose recipients are written down and let go."""
        id_ = self.drafted(**facts)
        if self.submit(id_) == "waiting":
            self.approve(id_, self.colleague)
        self.advance(NOW + 11 * MINUTE)
        return id_

    def send(
        self, number: int, fate: Fate = Fate.SENT, now: dt.datetime = NOW + 12 * MINUTE, **more: Any
    ) -> int:
        """So many of what waits are sent, and end like this; how many there were."""
        done = 0
        for mine in claim(self.database, now=now, limit=number):
            if start(self.database, mine, now=now):
                settle(self.database, mine, Outcome(fate, **more), now=now)
                done += 1
        return done

    def state(self, id_: int) -> tuple[str, str | None]:
        row = self.database.read(lambda session: session.get_one(Broadcast, id_))
        return row.state, row.paused_for

    def report(self, id_: int) -> Report:
        return self.database.read(lambda session: report(session, session.get_one(Broadcast, id_)))


def _set(person: Person, facts: dict[str, Any]) -> None:
    for name, value in facts.items():
        setattr(person, name, value)


def key(name: str) -> str:
    return gazetteer().named(name)[0].key


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    made = Town(tmp_path)
    yield made
    made.database.close()


# Whom it is for.


def test_it_reaches_whoever_chose_the_municipality_and_asked_for_news(town: Town) -> None:
    town.person(1, place_key=key("Køge"))
    town.person(2, news=False)
    town.person(3, news=None)
    counted = town.counted(town.drafted())
    assert counted.reached == 7
    assert counted.left_out == {"not-opted-in": 2}
    assert counted.places == {("Ishøj", ""): 7}
    assert counted.languages == {"da": 7}


def test_whoever_is_left_out_is_left_out_for_one_reason_that_is_told(town: Town) -> None:
    town.person(1, inactive_since=NOW - DAY)
    town.person(2, paused_until=NOW + DAY)
    town.person(3, weekly_cap=0)
    town.person(4, quiet_from=dt.time(9), quiet_until=dt.time(23))
    counted = town.counted(town.drafted(not_after=NOW + 6 * HOUR))
    assert counted.left_out == {"unreachable": 1, "paused": 1, "capped": 1, "quiet": 1}
    assert counted.reached == 6


def test_what_went_out_this_week_counts_towards_the_cap(town: Town) -> None:
    town.everybody(weekly_cap=1)
    town.running()
    assert town.send(10) == 10
    counted = town.counted(town.drafted(), NOW + HOUR)
    assert (counted.reached, counted.left_out) == (0, {"capped": 10})


def test_ages_are_those_of_children_and_of_what_people_asked_to_hear_of(town: Town) -> None:
    town.add(Child(person_id=1, birth_year=2018), Child(person_id=2, birth_year=2010))
    for person_id, query in ((3, Query(ages=((13, 25),))), (4, Query())):
        town.add(
            SavedSearch(person_id=person_id, query=dump(query), created_at=NOW, looked_at=NOW, renew_at=NOW)
        )
    assert town.reaches(municipalities=("Ishøj",), ages=((7, 9),)) == 1
    assert town.reaches(municipalities=("Ishøj",), ages=((14, 16),)) == 2


def test_one_interest_is_enough(town: Town) -> None:
    concert = offering("Koncert", "2026-11-28 20:00", categories=(Category.MUSIC,), organizer="Baltoppen")
    ingest(town.database, Parsed("csv", [concert]), source="test", now=NOW)

    def follow(session: Session) -> tuple[int, int]:
        id_, organizer = session.exec(select(Offering.id, Organizer.id).join(Organizer)).one()
        session.add(Follow(person_id=1, kind="offering", target_id=id_ or 0, created_at=NOW))
        session.add(Follow(person_id=2, kind="organizer", target_id=organizer or 0, created_at=NOW))
        return id_ or 0, organizer or 0

    _, organizer = town.database.write(follow)
    music = SavedSearch(
        person_id=3,
        query=dump(Query(categories=(Category.MUSIC,))),
        created_at=NOW,
        looked_at=NOW,
        renew_at=NOW,
    )
    town.add(music)
    assert town.reaches(municipalities=("Ishøj",), categories=(Category.MUSIC,)) == 2
    assert town.reaches(municipalities=("Ishøj",), organizers=(organizer,)) == 1
    assert town.reaches(municipalities=("Ishøj",), categories=(Category.MUSIC,), organizers=(organizer,)) == 3


def test_somebody_without_a_place_counts_where_something_is_that_they_follow(town: Town) -> None:
    concert = offering("Koncert", "2026-11-28 20:00", place=venue("Baltoppen LIVE", postcode="2750"))
    ingest(town.database, Parsed("csv", [concert]), source="test", now=NOW)
    town.everybody(place_key=None)
    town.add(Follow(person_id=4, kind="offering", target_id=1, created_at=NOW))
    town.author = town.appoint(4, Scope(ScopeKind.MUNICIPALITY, "Ballerup", "Ballerup"))
    assert town.reaches(municipalities=("Ballerup",)) == 1


def test_an_audience_reads_back_as_it_was_written() -> None:
    whole = Audience(("Ishøj",), ("district:x",), ((3, 6),), (Category.MUSIC,), True, (4,), 9)
    assert Audience.load(whole.dump()) == whole
    assert Audience.load({}) == Audience()


# Who lets it through.


def test_nobody_can_write_to_fewer_than_five(town: Town) -> None:
    for number in range(1, 7):
        town.person(number, news=False)
    with pytest.raises(RefusedError, match="too-few"):
        town.submit(town.drafted())


def test_a_small_one_waits_ten_minutes_in_which_it_can_be_taken_back(town: Town) -> None:
    id_ = town.drafted()
    assert town.submit(id_) == "held"
    assert town.advance(NOW + 9 * MINUTE) == ""
    town.change(id_, broadcasts.take_back, town.author.id, NOW + 9 * MINUTE)
    assert town.advance(NOW + HOUR) == ""
    assert town.state(id_) == ("draft", None)


def test_from_two_hundred_on_a_second_person_must_let_it_through(tmp_path: Path) -> None:
    town = Town(tmp_path, 200)
    id_ = town.drafted()
    assert town.submit(id_) == "waiting"
    assert town.advance(NOW + HOUR) == ""
    for refused, why in ((town.author, "own"), (town.stranger, "not-yours")):
        with pytest.raises(RefusedError, match=why):
            town.approve(id_, refused)
    town.approve(id_, town.colleague)
    assert "started" in town.advance(NOW + HOUR)


def test_an_edit_voids_the_approval(tmp_path: Path) -> None:
    town = Town(tmp_path, 200)
    id_ = town.drafted()
    town.submit(id_)
    shown = town.database.read(lambda session: broadcasts.content_hash(session.get_one(Broadcast, id_)))
    town.change(id_, broadcasts.edit, NOW, texts={"da": "Noget helt andet"})
    town.submit(id_)
    with pytest.raises(RefusedError, match="changed"):
        town.change(id_, broadcasts.approve, town.colleague, shown, NOW)
    town.approve(id_, town.colleague)
    town.database.write(lambda s: setattr(s.get_one(Broadcast, id_), "texts", {"da": "Behind their backs"}))
    assert "refused" in town.advance(NOW)
    assert town.state(id_)[0] == "draft"


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"texts": {"da": "  "}}, "no-text"),
        ({"offerings": [1, 2, 3, 4, 5, 6]}, "too-many-offerings"),
        ({"not_after": NOW - HOUR}, "time-over"),
        ({"not_after": NOW + 9 * DAY}, "too-long"),
        ({"audience": Audience(municipalities=("Ishøj", "Køge"))}, "not-yours"),
        ({"audience": Audience()}, "not-yours"),
    ],
)
def test_what_cannot_be_sent_is_refused(town: Town, facts: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        town.submit(town.drafted(**facts))


def test_whoever_was_dismissed_meanwhile_sends_nothing(town: Town) -> None:
    id_ = town.drafted()
    town.submit(id_)
    town.database.write(lambda session: staff.dismiss(session, town.author.id, NOW))
    assert "refused" in town.advance(NOW + HOUR)


# How it goes out.


def test_everybody_counted_is_written_down_and_gets_it_once(town: Town) -> None:
    id_ = town.running()
    assert town.report(id_) == Report(announced=10, ahead=10)
    assert town.send(50) == 10
    assert town.send(50) == 0
    town.advance(NOW + 13 * MINUTE)
    assert town.state(id_) == ("done", None)
    assert town.report(id_) == Report(announced=10, sent=10)


def test_in_quiet_hours_it_waits_for_the_morning(town: Town) -> None:
    town.person(1, quiet_from=dt.time(9), quiet_until=dt.time(12))
    town.running()
    assert town.send(50) == 9
    noon = dt.datetime(2026, 11, 25, 11, tzinfo=dt.UTC)
    town.advance(noon)
    assert town.send(50, now=noon) == 1


def test_a_pause_lets_nothing_more_out_not_even_what_was_claimed(town: Town) -> None:
    id_ = town.running()
    claimed = claim(town.database, now=NOW + 12 * MINUTE)
    assert town.change(id_, broadcasts.pause, "author", NOW + 12 * MINUTE, by=town.author.id)
    assert not any(start(town.database, mine, now=NOW + 12 * MINUTE) for mine in claimed)
    assert town.change(id_, broadcasts.go_on, town.author.id, NOW + 13 * MINUTE)
    assert start(town.database, claimed[0], now=NOW + 12 * MINUTE)


def test_a_stop_is_for_good_and_calls_off_the_rest(town: Town) -> None:
    id_ = town.running()
    town.send(4)
    assert town.change(id_, broadcasts.stop, town.author.id, NOW + 13 * MINUTE)
    assert town.send(50, now=NOW + 14 * MINUTE) == 0
    town.advance(NOW + 14 * MINUTE)
    assert town.report(id_) == Report(announced=10, sent=4, cancelled=6)
    assert not town.change(id_, broadcasts.go_on, town.author.id, NOW + HOUR)


def test_words_that_telegram_refuses_pause_it_at_the_first_one(town: Town) -> None:
    id_ = town.running()
    town.send(1, Fate.REFUSED, reason="can't parse entities")
    assert town.state(id_) == ("paused", "words")
    assert town.send(50) == 0


def test_a_wave_of_blocks_pauses_it(tmp_path: Path) -> None:
    town = Town(tmp_path, 150)
    id_ = town.running()
    town.send(95)
    town.send(5, Fate.GONE, reason="forbidden")
    town.advance(NOW + 13 * MINUTE)
    assert town.state(id_) == ("paused", "blocks")


def test_of_a_thousand_the_first_two_hundred_go_alone_until_somebody_says_go_on(tmp_path: Path) -> None:
    town = Town(tmp_path, 1_000)
    id_ = town.running()
    assert town.send(1_000) == CANARY
    town.advance(NOW + 13 * MINUTE)
    assert town.state(id_) == ("paused", "canary")
    assert town.change(id_, broadcasts.go_on, town.author.id, NOW + HOUR)
    town.advance(NOW + HOUR)
    assert town.send(1_000, now=NOW + HOUR) == 1_000 - CANARY


def test_never_after_the_stated_time(town: Town) -> None:
    id_ = town.running(not_after=NOW + HOUR)
    town.send(3)
    town.advance(NOW + 2 * HOUR)
    town.advance(NOW + 2 * HOUR)
    assert town.state(id_)[0] == "expired"
    assert town.report(id_) == Report(announced=10, sent=3, expired=7)


def test_one_in_doubt_is_never_sent_again(town: Town) -> None:
    id_ = town.running()
    town.send(1, Fate.UNKNOWN)
    town.send(50)
    town.advance(NOW + DAY)
    assert town.report(id_) == Report(announced=10, sent=9, in_doubt=1)


def test_whoever_leaves_in_the_middle_gets_nothing_and_the_report_still_adds_up(town: Town) -> None:
    id_ = town.running()
    town.send(2)
    rest = town.database.read(
        lambda s: s.exec(select(Delivery.person_id).where(col(Delivery.state) == "pending")).first()
    )
    town.database.write(lambda session: people.forget(session, FIRST_CHAT - 1 + (rest or 0), NOW))
    town.send(50)
    town.advance(NOW + HOUR)
    assert town.report(id_) == Report(announced=10, sent=9, erased=1)


def test_a_correction_goes_to_exactly_those_who_got_the_wrong_one(town: Town) -> None:
    id_ = town.running()
    town.send(6)
    town.change(id_, broadcasts.withdraw, town.author.id, NOW + HOUR)
    town.advance(NOW + HOUR)

    def correct(session: Session) -> int:
        made = broadcasts.draft(session, town.author, NOW + HOUR, corrects=id_)
        broadcasts.edit(session, made, NOW + HOUR, texts={"da": "Klokken er 14, ikke 12"})
        return made.id or 0

    correction = town.database.write(correct)
    assert town.counted(correction).reached == 6
    assert town.submit(correction) == "held"


# What one person gets.


def test_everybody_gets_it_in_their_own_language_and_not_after_they_muted_it(town: Town) -> None:
    town.person(2, language="en")
    town.person(3, news=False, language="en")
    town.running(texts={"da": "Hej", "en": "Hello"})
    compose = Announcements().compose

    def said(session: Session) -> list[str]:
        rows = session.exec(select(Delivery).order_by(col(Delivery.person_id))).all()
        made = [compose(session, r, session.get_one(Person, r.person_id), NOW + HOUR, ZONE) for r in rows[:2]]
        return [one.text if isinstance(one, Announcement) else one.reason for one in made]

    assert town.database.read(said) == ["Hej", "Hello"]
    town.person(1, news=False)
    assert town.database.read(said)[0] == "opted-out"


def test_a_broadcast_may_be_planned_again_without_a_second_row(town: Town) -> None:
    town.running()
    row = town.database.read(lambda s: s.exec(select(Delivery)).first())
    assert row is not None
    again = outbox.Duty(
        key=row.key,
        person_id=row.person_id,
        kind="broadcast",
        due_at=NOW,
        useful_until=NOW + DAY,
        priority=50,
        keep_until=NOW + DAY,
    )
    assert town.database.write(lambda session: outbox.plan(session, [again])) == 0
