"""Role by action, made from the tables of the bot: nothing is open that should be closed.

Whoever adds a staff command, a staff button or a route meets this file: without a right, or without examples
here, it fails."""

import asyncio
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.buttons import Action, Kind
from bot.handlers import (
    BUTTONS,
    COMMANDS,
    STAFF_COMMANDS,
    ask,
    group,
    place,
    presence,
    private,
    routes,
    unknown,
)
from bot.handlers import _tap as tap
from bot.handlers.staffing import right_of
from bot.handlers.typed import SCREENS
from bot.texts import LANGUAGES, texts
from catalog import Catalogue, Database, Parsed, publishing, staff
from catalog.model import Offering
from catalog.staff import Right, Role, Staffer, may
from reminders import broadcasts, fact_reports
from reminders.model import FactReport
from reminders.model import Person as Row
from tests.bot.test_buttons import ARGUMENTS
from tests.conversations import drafts
from tests.conversations.catalogue import NOW, ZONE
from tests.conversations.driver import Person, Town
from tests.conversations.staffing import ISHOJ, KOEGE, SCHOOLS, assert_refused, dismiss, employ, stored

STAFF_KINDS = [kind for kind in Kind if re.fullmatch("s[a-z]", kind)]
OPEN_TO_ALL = {Kind(letters) for letters in ("wr", "nw") if letters in set(Kind)}
"""Kinds of two letters that are anybody's: what is wrong here, and whether one wants news from staff."""
OPEN_ROUTES = {
    *COMMANDS.values(),
    *(group.find, private.point_there, place.shared, ask.ask, ask.picture, unknown.command, unknown.content),
    *(tap, presence.changed),
}


@dataclass
class World:
    """A town with somebody in every role. link: a token of the coordinator's that nobody has used.
    publication: what they have just published. reported: what somebody said is wrong in
    Ishøj. broadcast: a draft of theirs."""

    town: Town
    actors: dict[str, Person]
    ambassador: Staffer
    colleague: Staffer
    broadcast: int
    link: str
    publication: int
    reported: int

    def staffer(self, actor: str) -> Staffer | None:
        chat = self.actors[actor].chat_id
        return self.town.database.read(lambda session: staff.staffer(session, chat))


ACTORS = ("stranger", "person", "dismissed", "ambassador", "coordinator-elsewhere", "coordinator", "admin")
OUTSIDERS = ACTORS[:3]

# For every kind of staff button: what the coordinator of Ishøj could be shown, as arguments …
EXAMPLES: dict[Kind, list[str]] = {
    Kind.INVITE: ["list0", "new:coordinator", "new:ambassador"],
    Kind.DRAFT: ["new", "mine5", "mine0"],
    Kind.PROPOSAL: ["list"],
    Kind.FIGURES: ["csv"],
    Kind.BROADCAST: ["list0", "new"],
    Kind.PUBLISH: [
        "form",
        *(f"{verb}:0123456789ab" for verb in ("go", "off", "no", "whole", "part", "sheet")),
    ],
    Kind.POSTER: ["list0", "list8", "of:aB3", "a4:aB3", "a5:aB3"],
    Kind.MEND: ["999999:right", "999999:mended"],
}
# … and what is the coordinator's own, or lies in Ishøj: nobody else's but an admin's, where it says so.
THEIRS: dict[Kind, Callable[[World], list[str]]] = {
    Kind.DRAFT: lambda world: own_drafts(world)[0],
    Kind.PROPOSAL: lambda world: own_drafts(world)[1],
    Kind.INVITE: lambda world: [
        *(f"{one.id}{what}" for one in (world.ambassador, world.colleague) for what in ("", ":ask", ":gone")),
        *("of:0183", "of:0183:go", "of:0183.0259", "of:0183.0259:go", "for:0183", "for:0183:typed"),
        *("for:0183:school", "new:admin", f"back:{world.link}"),
    ],
    # Whoever presses it gets their own.
    Kind.FIGURES: lambda _world: [],
    Kind.BROADCAST: lambda world: [
        f"{world.broadcast}{what}"
        for what in ("", ":da", ":add:1", ":town:0183", ":test", ":scrap", ":back", ":pause", ":undo")
    ],
    Kind.PUBLISH: lambda world: [f"undo:{world.publication}"],
    Kind.POSTER: lambda _world: [],
    Kind.MEND: lambda world: [f"{world.reported}:{state}" for state in ("right", "mended")],
}


def own_drafts(world: World) -> tuple[list[str], list[str]]:
    """Every button of the coordinator's drafts and offerings, and every decision over them."""
    me = world.staffer("coordinator")
    assert me is not None
    numbers, publishings, offerings = drafts.all_of(world.town, me)
    work = [f"{number}:{verb}" for number in numbers for verb in drafts.VERBS]
    acts = [f"of{offering}{act}" for offering in offerings for act in drafts.ACTS]
    others = [*(f"go{number}" for number in numbers), *(f"undo{number}" for number in publishings)]
    return [*work, *acts, *others], [f"{n}:{verb}" for n in numbers for verb in drafts.DECISIONS]


def nothing(_world: World) -> list[str]:
    return []


@pytest.fixture(scope="module")
def world(
    runner: asyncio.Runner, programme: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    database = Database(f"sqlite:///{shutil.copy(programme, tmp_path_factory.mktemp('roles'))}")
    catalogue = Catalogue(database, ZONE)
    catalogue.refresh(NOW)
    town = Town(runner, catalogue, database)
    town.open()
    yield populated(town)
    town.close()
    database.close()
    assert town.api.unanswered_callbacks() == []


def populated(town: Town) -> World:
    actors = {name: Person(town) for name in ACTORS}
    for name in ACTORS[1:]:
        actors[name].says("/start")
    employ(actors["dismissed"], Role.COORDINATOR, ISHOJ)
    actors["dismissed"].says("/start")
    dismiss(actors["dismissed"])
    employ(actors["coordinator-elsewhere"], Role.COORDINATOR, KOEGE)
    me = employ(actors["coordinator"], Role.COORDINATOR, ISHOJ)
    employ(actors["admin"], Role.ADMIN)
    return World(
        town,
        actors,
        ambassador=employ(actors["ambassador"], Role.AMBASSADOR, SCHOOLS),
        colleague=employ(Person(town), Role.COORDINATOR, ISHOJ),
        link=town.database.write(lambda s: staff.invite(s, Role.AMBASSADOR, [SCHOOLS], NOW, by=me.id)),
        publication=published(town, me),
        broadcast=town.database.write(lambda s: drafted(s, me)),
        reported=reported(town, actors["person"]),
    )


def drafted(session: Session, who: Staffer) -> int:
    made = broadcasts.draft(session, who, NOW)
    session.flush()
    return made.id or 0


def published(town: Town, who: Staffer) -> int:
    plan = publishing.from_file(who, Parsed("csv", []))
    shown = publishing.preview(town.database, who, plan, NOW).fingerprint
    return publishing.publish(town.database, who, plan, NOW, shown=shown)[0]


def reported(town: Town, who: Person) -> int:
    """Somebody says that the time of something in Ishøj is wrong."""

    def work(session: Session) -> int:
        offering = session.exec(select(Offering).where(Offering.external_id == "urn:town:1")).one()
        person = session.exec(select(Row).where(Row.chat_id == who.chat_id)).one()
        fact_reports.report(session, person.id or 0, offering.id or 0, "time", NOW)
        return session.exec(select(FactReport.id)).one() or 0

    return town.database.write(work)


# The tables are whole


@pytest.mark.parametrize("command", STAFF_COMMANDS)
def test_every_staff_command_asks_for_a_right(command: str) -> None:
    assert right_of(STAFF_COMMANDS[command]) in Right
    assert command not in COMMANDS


@pytest.mark.parametrize("kind", STAFF_KINDS)
def test_every_staff_button_asks_for_a_right_and_has_its_examples_here(kind: Kind) -> None:
    assert right_of(BUTTONS[kind]) in Right
    assert EXAMPLES.get(kind), "what could a button of this kind say?"
    assert kind in THEIRS, "what of it belongs to one person or municipality?"


def test_what_is_open_to_everybody_is_so_by_name() -> None:
    others = set(Kind) - set(STAFF_KINDS)
    assert {kind for kind in others if len(kind) > 1} == OPEN_TO_ALL
    for handler in (*COMMANDS.values(), *(BUTTONS[kind] for kind in others)):
        with pytest.raises(KeyError):
            right_of(handler)


def test_every_route_is_open_by_name_or_asks_for_a_right() -> None:
    for route in routes():
        assert route.callback in OPEN_ROUTES or right_of(route.callback) in Right


def test_every_screen_of_staff_that_takes_writing_asks_for_a_right() -> None:
    for kind in set(SCREENS) & set(STAFF_KINDS):
        assert right_of(SCREENS[kind]) is right_of(BUTTONS[kind])


# Role by action


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("command", STAFF_COMMANDS)
def test_a_staff_command_exists_only_for_those_who_have_the_right(
    world: World, command: str, actor: str
) -> None:
    allowed = may(world.staffer(actor), right_of(STAFF_COMMANDS[command]))
    person = world.actors[actor]
    for language in LANGUAGES:
        name = texts(language)(f"command.{command}.name")
        before = stored(world.town)
        answer = person.says(f"/{name}")
        unheard_of = person.says("/fodbold")
        is_closed = (answer.html, answer.buttons) == (unheard_of.html, unheard_of.buttons)
        assert is_closed is not allowed
        assert allowed or stored(world.town) == before


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("kind", STAFF_KINDS)
def test_a_staff_button_works_only_for_those_who_have_the_right(world: World, kind: Kind, actor: str) -> None:
    person = world.actors[actor]
    for argument in EXAMPLES.get(kind, []):
        if may(world.staffer(actor), right_of(BUTTONS[kind])):
            person.says("/start")
            toasts = len(person.toasts)
            person.presses(Action(kind, argument).encode())
            assert texts("da")("toast.staff_only") not in person.toasts[toasts:]
        else:
            assert_refused(person, Action(kind, argument).encode())


@pytest.mark.parametrize("actor", [*OUTSIDERS, "ambassador", "coordinator-elsewhere"])
@pytest.mark.parametrize("kind", STAFF_KINDS)
def test_what_belongs_to_others_is_refused_whatever_the_data_says(
    world: World, kind: Kind, actor: str
) -> None:
    for argument in THEIRS.get(kind, nothing)(world):
        assert_refused(world.actors[actor], Action(kind, argument).encode())


@pytest.mark.parametrize("kind", STAFF_KINDS)
def test_in_a_group_there_are_no_staff(world: World, kind: Kind) -> None:
    gathering = Person(world.town, chat_type="supergroup")
    gathering.says("/find musik")
    for argument in [*EXAMPLES.get(kind, []), *THEIRS.get(kind, nothing)(world)]:
        before = stored(world.town), len(gathering.everything)
        gathering.presses(Action(kind, argument).encode())
        assert gathering.toasts[-1] == texts("da")("toast.staff_only")
        assert (stored(world.town), len(gathering.everything)) == before


@pytest.mark.parametrize("actor", OUTSIDERS)
def test_nothing_that_is_open_to_everybody_makes_anybody_staff_or_does_their_work(
    world: World, actor: str
) -> None:
    person = world.actors[actor]
    before = staff_rows(world.town)
    for command in COMMANDS:
        person.says(f"/{texts('da')(f'command.{command}.name')}")
    for kind in set(Kind) - set(STAFF_KINDS) - {Kind.ERASE}:
        person.presses(Action(kind, ARGUMENTS[kind]).encode())
    assert staff_rows(world.town) == before


def staff_rows(town: Town) -> dict[str, list[tuple]]:
    about_staff = ("staff", "staffscope", "staffinvite", "auditentry", "publication", "proposal", "broadcast")
    return {name: rows for name, rows in stored(town).items() if name in about_staff}


@pytest.mark.parametrize("kind", sorted(set(SCREENS) & set(STAFF_KINDS)))
def test_what_is_written_on_a_staff_screen_is_a_question_once_they_are_dismissed(
    world: World, kind: Kind
) -> None:
    leaver = Person(world.town)
    employ(leaver, Role.ADMIN)
    leaver.says("/start")
    world.town.application.bot_data["house"].conversations.of(leaver.chat_id, NOW).typing = Action(
        kind, EXAMPLES[kind][-1]
    )
    dismiss(leaver)
    before = staff_rows(world.town)
    assert leaver.says("musik i Ishøj").text.startswith("Musik i Ishøj")
    assert staff_rows(world.town) == before
