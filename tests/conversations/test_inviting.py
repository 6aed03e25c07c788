"""/inviter: a link that works once, colleagues who come and go, and the menu that shows what staff may do."""

import re

import pytest

from catalog import staff
from catalog.staff import Role
from tests.conversations.driver import Person, Town
from tests.conversations.staffing import ISHOJ, KOEGE, SCHOOLS, assert_refused, dismiss, employ


@pytest.fixture
def coordinator(changing_town: Town) -> Person:
    """Of Ishøj."""
    person = Person(changing_town)
    employ(person, Role.COORDINATOR, ISHOJ)
    return person


def link_for_schools(coordinator: Person) -> str:
    coordinator.says("/inviter")
    coordinator.taps("➕ En ambassadør")
    coordinator.taps("Alle skoler")
    return start_of(coordinator)


def start_of(person: Person) -> str:
    """What Telegram sends when somebody opens the link that this person sees."""
    found = re.search(r"https://t\.me/kulturlods_bot\?start=(i_[\w-]+)", person.sees.text)
    assert found, person.sees.text
    return f"/start {found[1]}"


def menu(person: Person) -> list[str]:
    """The commands that Telegram shows in this chat alone."""
    return [command["command"] for command in person.town.api.chat_menus.get(person.chat_id, [])]


def what(person: Person) -> staff.Staffer | None:
    return person.town.database.read(lambda session: staff.staffer(session, person.chat_id))


def test_a_link_for_an_ambassador_tells_for_what_and_until_when(coordinator: Person) -> None:
    link_for_schools(coordinator)
    said = coordinator.sees.text
    assert "ambassadør for alle skoler i Ishøj" in said
    assert "én gang og indtil ons. 2. dec. kl. 15" in said


def test_who_opens_the_link_is_staff_and_hears_what_they_can_do(coordinator: Person) -> None:
    bo = Person(coordinator.town)
    welcome = bo.says(link_for_schools(coordinator)).text
    assert welcome.startswith("👋 Velkommen! Du er nu ambassadør for alle skoler i Ishøj.")
    assert what(bo).scopes == (SCHOOLS,)


@pytest.mark.parametrize(
    ("days", "used", "said"),
    [(0, True, "allerede brugt"), (7, False, "gælder ikke længere")],
)
def test_a_link_that_is_used_or_old_says_so_in_one_line(
    coordinator: Person, days: int, used: bool, said: str
) -> None:
    link, bo = link_for_schools(coordinator), Person(coordinator.town)
    if used:
        Person(coordinator.town).says(link)
    coordinator.town.later(days=days)
    assert said in bo.says(link).text
    assert what(bo) is None
    assert "\n" not in bo.sees.text


def test_a_link_that_never_was_says_so(coordinator: Person) -> None:
    assert "kender jeg ikke" in Person(coordinator.town).says("/start i_" + "x" * 32).text


def test_who_made_the_link_may_look_at_it_and_it_still_works(coordinator: Person) -> None:
    link, bo = link_for_schools(coordinator), Person(coordinator.town)
    assert "stadig bruges" in coordinator.says(link).text
    assert "Velkommen" in bo.says(link).text


def test_a_link_can_be_taken_back(coordinator: Person) -> None:
    link, bo = link_for_schools(coordinator), Person(coordinator.town)
    assert "trukket tilbage" in coordinator.taps("Træk linket tilbage").text
    assert "gælder ikke længere" in bo.says(link).text


def test_a_coordinator_of_several_municipalities_picks_some(changing_town: Town) -> None:
    eva, bo = Person(changing_town), Person(changing_town)
    employ(eva, Role.COORDINATOR, ISHOJ, KOEGE)
    eva.says("/inviter")
    eva.taps("➕ En koordinator")
    assert "Lav linket" not in str(eva.sees.buttons)
    for label in ("☐ Ishøj", "☐ Køge", "☑ Ishøj", "🔗 Lav linket"):
        eva.taps(label)
    bo.says(start_of(eva))
    assert what(bo).scopes == (KOEGE,)


def test_an_admin_writes_the_municipalities(changing_town: Town) -> None:
    admin, bo = Person(changing_town), Person(changing_town)
    employ(admin, Role.ADMIN)
    admin.says("/inviter")
    admin.taps("➕ En koordinator")
    assert "«Ishøjj»" in admin.says("Ishøjj").text
    assert "☑ Ishøj" in str(admin.says("ishøj").buttons)
    assert "☑ Køge" in str(admin.says("Køge kommune, Solrød").buttons)
    admin.taps("☑ Solrød")
    admin.taps("🔗 Lav linket")
    bo.says(start_of(admin))
    assert what(bo).scopes == (ISHOJ, KOEGE)


def test_an_ambassador_for_a_district_and_for_one_place(changing_town: Town) -> None:
    admin, bo, eva = (Person(changing_town) for _ in range(3))
    employ(admin, Role.ADMIN)
    admin.says("/inviter")
    admin.taps("➕ En ambassadør")
    admin.says("Ballerup")
    admin.taps("Hedegård")
    bo.says(start_of(admin))
    admin.says("/inviter")
    admin.taps("➕ En ambassadør")
    admin.says("Ishøj")
    admin.taps("Ét bestemt sted")
    admin.says("Ishøj <b>Bibliotek</b>")
    eva.says(start_of(admin))
    assert "ambassadør for bydelen Hedegård i Ballerup" in bo.sees.text
    assert "ambassadør for Ishøj <b>Bibliotek</b> i Ishøj" in eva.sees.text


def test_an_admin_can_make_an_admin_and_a_coordinator_cannot(changing_town: Town) -> None:
    admin, bo = Person(changing_town), Person(changing_town)
    employ(admin, Role.ADMIN)
    admin.says("/inviter")
    admin.taps("➕ En administrator")
    bo.says(start_of(admin))
    assert what(bo).role is Role.ADMIN


def test_one_s_own_colleagues_are_listed_and_nobody_else(coordinator: Person) -> None:
    town = coordinator.town
    employ(Person(town), Role.AMBASSADOR, SCHOOLS)
    employ(Person(town), Role.COORDINATOR, KOEGE)
    employ(Person(town), Role.COORDINATOR, ISHOJ, KOEGE)
    employ(Person(town), Role.ADMIN)
    said = coordinator.says("/inviter").text
    assert said.count("siden") == 1
    assert "alle skoler i Ishøj, siden 25. nov." in said


def test_many_colleagues_come_ten_at_a_time(coordinator: Person) -> None:
    for _ in range(12):
        employ(Person(coordinator.town), Role.AMBASSADOR, SCHOOLS)
    assert coordinator.says("/inviter").text.count("siden") == 10
    assert coordinator.taps("Flere").text.count("siden") == 2
    assert coordinator.taps("Forrige").text.count("siden") == 10


def test_removing_is_asked_once_and_holds_at_once(coordinator: Person) -> None:
    bo = Person(coordinator.town)
    bo.says(link_for_schools(coordinator))
    coordinator.says("/inviter")
    coordinator.taps("1")
    assert coordinator.taps("Fjern").text.startswith("Skal jeg fjerne")
    assert what(bo) is not None
    coordinator.taps("Ja, fjern")
    assert what(bo) is None
    assert "siden" not in coordinator.says("/inviter").text


def test_a_stolen_button_is_refused(coordinator: Person) -> None:
    town = coordinator.town
    thief, elsewhere = Person(town), Person(town)
    employ(elsewhere, Role.COORDINATOR, KOEGE)
    employ(Person(town), Role.AMBASSADOR, SCHOOLS)
    link_for_schools(coordinator)
    withdraw = coordinator.sees.button("Træk linket tilbage")["callback_data"]
    coordinator.says("/inviter")
    coordinator.taps("1")
    coordinator.taps("Fjern")
    for data in (withdraw, coordinator.sees.button("Ja, fjern")["callback_data"]):
        for person in (thief, elsewhere):
            assert_refused(person, data)


def test_a_button_of_the_last_moment_before_being_dismissed_does_nothing(coordinator: Person) -> None:
    employ(Person(coordinator.town), Role.AMBASSADOR, SCHOOLS)
    coordinator.says("/inviter")
    coordinator.taps("1")
    data = coordinator.sees.button("Fjern")["callback_data"].replace(":ask", ":gone")
    dismiss(coordinator)
    assert_refused(coordinator, data)


# The menu


def test_staff_see_their_commands_from_the_moment_they_are_staff(coordinator: Person) -> None:
    assert menu(coordinator) == []
    coordinator.says("hej")
    assert "inviter" in menu(coordinator)
    assert menu(coordinator)[0] == "start"


def test_the_menu_is_told_once_and_speaks_their_language(coordinator: Person) -> None:
    for _ in range(3):
        coordinator.says("hej")
    calls = [method for method, _ in coordinator.town.api.calls]
    assert calls.count("setMyCommands") == 1
    coordinator.says("/sprog")
    coordinator.taps("English")
    coordinator.says("hello")
    assert "invite" in menu(coordinator)


def test_a_new_colleague_gets_a_menu_with_the_welcome(coordinator: Person) -> None:
    bo = Person(coordinator.town)
    coordinator.says("/inviter")
    coordinator.taps("➕ En koordinator")
    welcome = bo.says(start_of(coordinator)).text
    assert "/inviter – " in welcome
    assert "inviter" in menu(bo)


def test_who_is_removed_loses_the_menu(coordinator: Person) -> None:
    bo = Person(coordinator.town)
    employ(bo, Role.COORDINATOR, ISHOJ)
    bo.says("hej")
    coordinator.says("/inviter")
    for label in ("1", "Fjern", "Ja, fjern"):
        coordinator.taps(label)
    assert menu(bo) == []


def test_who_was_removed_elsewhere_loses_the_menu_with_their_next_word(coordinator: Person) -> None:
    coordinator.says("hej")
    dismiss(coordinator)
    coordinator.says("hej")
    assert menu(coordinator) == []


def test_a_menu_that_outlived_a_restart_goes_with_the_first_command_from_it(coordinator: Person) -> None:
    coordinator.says("hej")
    dismiss(coordinator)
    coordinator.town.close()
    coordinator.town.open()
    assert "/hjaelp" in coordinator.says("/inviter").text
    assert menu(coordinator) == []


def test_a_menu_that_telegram_refuses_costs_nothing_else(
    coordinator: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coordinator.town.api, "_do_set_my_commands", None)
    assert "kolleger" in coordinator.says("/inviter").text


def test_staff_who_erase_themselves_are_told_and_are_staff_no_more(coordinator: Person) -> None:
    assert "ikke medarbejder længere" in coordinator.says("/slet").text
    coordinator.taps("Ja, slet alt")
    assert what(coordinator) is None
    assert menu(coordinator) == []
    assert coordinator.says("/inviter").text == coordinator.says("/fodbold").text


def test_the_data_of_staff_tells_their_role(coordinator: Person) -> None:
    document = coordinator.says("/mine_data").document
    assert document is not None
    assert '"role": "coordinator"' in document[1].decode()
