"""What a week comes to, and whose figures are whose."""

import datetime as dt

import pytest

from catalog import demand, figures, staff
from catalog.demand import Tries, Wanted
from catalog.drafts import VenueDraft
from catalog.figures import Cell, What
from catalog.staff import Role, Scope, Staffer
from catalog.staff_scopes import district_scope, institution_scope, municipality_scope, type_scope
from catalog.values import Audience, Category
from reminders import people, reach, ticks, weekly
from reminders.reach import Report
from tests.reminders.world import ZONE, World, at, date, offering

LIBRARY = VenueDraft(name="Ishøj Bibliotek", municipality="Ishøj")
HALL = VenueDraft(name="Hallen", municipality="Køge")
HEDEGAARD = VenueDraft(name="Salen", municipality="Ballerup", district="Hedegård")
SUNDAY, MONDAY = "2026-11-22 23:00", "2026-11-23 09:00"
WEEK = dt.date(2026, 11, 16)


@pytest.fixture
def world() -> World:
    return World(
        "2026-11-18 12:00",
        offering(
            "koncert", date("2026-12-12 19:00", venue=LIBRARY), categories=(Category.MUSIC,), series_id="Jazz"
        ),
        offering(
            "dans", date("2026-12-13 19:00", venue=HALL), categories=(Category.DANCE,), organizer="Dansen"
        ),
        offering("leg", date("2026-12-14 10:00", venue=HEDEGAARD), audiences=(Audience.DAYCARE,)),
    )


def crowd(world: World, name: str, size: int) -> None:
    for _ in range(size):
        world.follow(world.person(), "offering", world.id(name))


def counted(world: World) -> dict[Cell, int]:
    return dict(world.database.read(lambda s: figures.read(s, [WEEK])))


def make_up(world: World, when: str) -> int:
    world.now = at(when)
    return int(world.do(reach.make_up))


def report(world: World, role: Role | None = None, *scopes: Scope) -> Report:
    who = None if role is None else Staffer(1, 1, role, scopes, world.now)
    return world.database.read(lambda s: reach.report(s, who, world.now, ZONE))


def total(told: Report, what: What) -> int | None:
    return told.figure(what).total


# Making up a week


def test_a_week_comes_to_who_began_to_follow_and_to_what_was_sent(world: World) -> None:
    crowd(world, "koncert", 3)
    crowd(world, "dans", 1)
    sent = world.rows("reminder")[0]
    world.set(sent, state="sent", settled_at=at("2026-11-20 17:00"))
    assert make_up(world, MONDAY) == 1
    music, dance = (Cell(WEEK, What.FOLLOWS, *place) for place in (("Ishøj", "music"), ("Køge", "dance")))
    found = counted(world)
    assert (found[music], found[dance]) == (3, 1)
    assert sum(n for cell, n in found.items() if cell.what == What.REMINDERS) == 1


def test_whoever_follows_an_offering_and_its_date_and_its_series_counts_once_for_it(world: World) -> None:
    anna = world.person()
    world.follow(anna, "offering", world.id("koncert"))
    world.follow(anna, "occurrence", world.date_id("koncert", "2026-12-12 19:00"))
    world.follow(anna, "series", world.series_id("Jazz"))
    make_up(world, MONDAY)
    assert [n for cell, n in counted(world).items() if cell.what == What.FOLLOWS] == [1]


def test_a_week_is_made_up_once_and_not_before_monday_at_nine(world: World) -> None:
    make_up(world, "2026-11-18 12:00")
    crowd(world, "koncert", 5)
    assert make_up(world, "2026-11-23 08:59") == 0
    assert [make_up(world, when) for when in (MONDAY, MONDAY, "2026-11-29 23:00")] == [1, 0, 0]
    assert counted(world)[Cell(WEEK, What.FOLLOWS, "Ishøj", "music")] == 5


def test_weeks_that_nobody_made_up_are_made_up_later(world: World) -> None:
    make_up(world, "2026-11-18 12:00")
    crowd(world, "koncert", 5)
    assert make_up(world, "2026-12-07 10:00") == 3
    assert counted(world)[Cell(WEEK, What.FOLLOWS, "Ishøj", "music")] == 5


def test_people_count_where_they_chose_unless_they_are_gone(world: World) -> None:
    for key in ("municipality:0183", "postcode:2635", None):
        world.person(place_key=key)
    world.person(place_key="municipality:0183", inactive_since=world.now)
    make_up(world, MONDAY)
    people_of = {cell.municipality: n for cell, n in counted(world).items() if cell.what == What.PEOPLE}
    assert people_of == {"Ishøj": 2, "": 1}


def test_erasing_somebody_leaves_the_counts_and_nothing_of_them(world: World) -> None:
    crowd(world, "koncert", 5)
    make_up(world, MONDAY)
    before = counted(world)
    world.database.write(lambda s: people.forget(s, 1, world.now))
    assert counted(world) == before
    assert "koncert" not in repr(before)


# Whose figures are whose


def test_a_coordinator_sees_their_municipalities_and_an_admin_all(world: World) -> None:
    crowd(world, "koncert", 12)
    crowd(world, "dans", 7)
    make_up(world, MONDAY)
    ishoj = report(world, Role.COORDINATOR, municipality_scope("Ishøj"))
    assert (total(ishoj, What.FOLLOWS), total(report(world, Role.ADMIN), What.FOLLOWS)) == (10, 15)
    assert total(report(world), What.FOLLOWS) == 15
    assert "Køge" not in repr(ishoj)


@pytest.mark.parametrize(
    ("scope", "follows"),
    [
        (institution_scope("ishøj bibliotek", "Ishøj"), 10),
        (institution_scope("Ishøj Bibliotek", "Køge"), None),
        (institution_scope("Dansen", "Køge"), 5),
        (district_scope("Hedegård"), 5),
        (type_scope("daycare", "Ballerup"), 5),
        (type_scope("daycare", "Ishøj"), None),
        (type_scope("school", "Ballerup"), None),
    ],
    ids=str,
)
def test_an_ambassador_sees_what_is_theirs(world: World, scope: Scope, follows: int | None) -> None:
    for name, size in (("koncert", 11), ("dans", 6), ("leg", 8)):
        crowd(world, name, size)
    world.now = at(MONDAY)
    assert total(report(world, Role.AMBASSADOR, scope), What.FOLLOWS) == follows


OCTOBER = dt.date(2026, 10, 1)


def test_an_ambassador_of_a_district_sees_what_was_asked_for_there_in_whole_months(world: World) -> None:
    asked = {
        Wanted(month, "Ballerup", district, "film", "seniors"): Tries(n, n)
        for month, district, n in (
            *((OCTOBER, "Hedegård", 6), (OCTOBER, "Skovlunde", 40), (OCTOBER, "", 30)),
            (dt.date(2026, 11, 1), "Hedegård", 50),
        )
    }
    world.database.write(lambda s: demand.add(s, asked))
    theirs = report(world, Role.AMBASSADOR, district_scope("Hedegård"))
    assert [(wish.category, wish.unmet) for wish in theirs.wishes] == [("film", 5)]
    assert [month for month, _ in theirs.by_month] == [OCTOBER]
    assert report(world, Role.AMBASSADOR, type_scope("school", "Ballerup")).wishes == ()


def test_the_district_of_one_person_shows_nothing(world: World) -> None:
    alone = {Wanted(OCTOBER, "Ballerup", "Hedegård", "film", "seniors"): Tries(1, 1)}
    empty = report(world, Role.AMBASSADOR, district_scope("Hedegård"))
    world.database.write(lambda s: demand.add(s, alone))
    assert report(world, Role.AMBASSADOR, district_scope("Hedegård")) == empty


def wish_in(where: str, number: int, week: dt.date = WEEK) -> dict[Cell, int]:
    wish = Wanted(OCTOBER, where, "", "film", "seniors")
    return {demand.of_week(wish, week, unmet=unmet): number for unmet in (False, True)}


def test_the_wishes_of_a_week_are_told_when_it_is_over(world: World) -> None:
    world.database.write(lambda s: figures.add(s, wish_in("Ishøj", 6)))
    world.now = at("2026-11-23 08:59")
    assert report(world).wishes == ()
    world.now = at(MONDAY)
    assert [wish.where for wish in report(world).wishes] == [("Ishøj",)]
    assert report(world, Role.COORDINATOR, municipality_scope("Køge")).wishes == ()


# The week's note


def employ(world: World, role: Role, *names: str) -> int:
    person = world.person()
    scopes = [municipality_scope(name) for name in names]
    world.database.write(lambda s: staff.appoint(s, person, role, scopes, world.now))
    return person


def told(world: World) -> list[int]:
    return [row.person_id for row in world.rows("note")]


def tick(world: World, when: str) -> str:
    world.now = at(when)
    return ticks.figures(world.database, ZONE, world.now)


def test_coordinators_hear_of_the_week_once_on_monday_at_nine(world: World) -> None:
    boss, anna, bo = (
        employ(world, Role.ADMIN),
        *(employ(world, Role.COORDINATOR, n) for n in ("Ishøj", "Køge")),
    )
    world.person()
    tick(world, SUNDAY)
    before = told(world)
    assert tick(world, "2026-11-23 08:59") == ""
    assert tick(world, MONDAY) == "told 2"
    assert tick(world, "2026-11-25 09:30") == ""
    assert told(world)[len(before) :] == [anna, bo]
    assert boss not in told(world)
    assert world.rows("note")[-1].payload == {"what": weekly.NOTE, "number": 202647}


def test_an_admin_hears_of_it_where_nobody_coordinates(world: World) -> None:
    boss = employ(world, Role.ADMIN)
    assert tick(world, MONDAY) == "told 1"
    assert told(world) == [boss]


def facts(world: World, chat: int, number: int = 202647) -> Report | None:
    person = world.database.read(lambda s: people.find(s, chat))
    assert person is not None
    return world.database.read(lambda s: weekly.facts(s, number, person, world.now, ZONE))


def test_nothing_is_said_when_there_is_nothing_to_say(world: World) -> None:
    anna = employ(world, Role.COORDINATOR, "Ishøj")
    crowd(world, "koncert", 3)
    make_up(world, MONDAY)
    assert facts(world, anna) is None


def test_the_note_is_of_its_week_and_of_whoever_reads_it(world: World) -> None:
    anna, bo = (employ(world, Role.COORDINATOR, name) for name in ("Ishøj", "Køge"))
    make_up(world, "2026-11-18 12:00")
    crowd(world, "koncert", 12)
    make_up(world, MONDAY)
    hers = facts(world, anna)
    assert hers is not None
    assert (hers.weeks, total(hers, What.FOLLOWS)) == ((WEEK,), 10)
    assert facts(world, bo) is None


def test_nobody_hears_anything_once_dismissed(world: World) -> None:
    anna = employ(world, Role.COORDINATOR, "Ishøj")
    crowd(world, "koncert", 12)
    make_up(world, MONDAY)
    world.database.write(lambda s: staff.cut(s, anna, world.now))
    assert facts(world, anna) is None


def test_coordinators_of_a_niche_hear_of_it_together_with_each_others_name(world: World) -> None:
    world.database.write(lambda s: figures.add(s, {**wish_in("Ishøj", 3), **wish_in("Køge", 3)}))
    anna, bo, eva = (employ(world, Role.COORDINATOR, name) for name in ("Ishøj", "Køge", "Greve"))
    world.now = at(MONDAY)
    hers, his = facts(world, anna), facts(world, bo)
    assert hers is not None
    assert his is not None
    assert hers.pooled == his.pooled
    assert [(wish.where, wish.unmet) for wish in hers.pooled] == [(("Ishøj", "Køge"), 5)]
    assert facts(world, eva) is None
