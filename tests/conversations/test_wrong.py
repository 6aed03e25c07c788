""" "Noget forkert?": anyone says so in two taps, staff answer, and whoever said it hears."""

import pytest
from sqlmodel import Session, select

from catalog import ingest, staff
from catalog.drafts import Parsed
from catalog.staff import Role
from reminders import fact_reports
from reminders.fact_reports import KEPT, MOST_A_DAY
from reminders.model import FactReport
from tests.conversations.catalogue import COMIC
from tests.conversations.driver import Person, Town
from tests.conversations.staffing import ISHOJ, KOEGE, assert_refused, employ

BUTTON = "✋ Noget forkert?"


@pytest.fixture
def coordinator(changing_town: Town) -> Person:
    return employed(changing_town, Role.COORDINATOR, ISHOJ)


def employed(town: Town, role: Role, *scopes: staff.Scope) -> Person:
    found = Person(town)
    found.says("/start")
    employ(found, role, *scopes)
    return found


def card_of(person: Person, title: str = "Tegn en tegneserie") -> None:
    cards = person.town.catalogue.cards(range(1, 40)).values()
    public_id = next(card.public_id for card in cards if card.title("da") == title)
    person.says(f"/start o_{public_id}")


def says_wrong(person: Person, what: str, title: str = "Tegn en tegneserie") -> str:
    card_of(person, title)
    person.taps(BUTTON)
    person.taps(what)
    return person.toasts[-1]


def labels(person: Person) -> list[str]:
    return [button["text"] for row in person.sees_buttons.buttons for button in row]


def heard(person: Person) -> list[str]:
    return [message.text for message in person.everything if message.text.startswith(("✋", "👌", "✅"))]


def reports(town: Town) -> list[FactReport]:
    def work(session: Session) -> list[FactReport]:
        found = list(session.exec(select(FactReport)))
        for row in found:
            session.expunge(row)
        return found

    return town.database.read(work)


def test_two_taps_say_what_is_wrong_and_the_card_is_back(coordinator: Person) -> None:
    person = Person(coordinator.town)
    card_of(person)
    before = labels(person)
    person.taps(BUTTON)
    assert labels(person) == ["🗓 Tid", "📍 Sted", "💰 Pris", "❌ Aflyst", "👥 Alder", "◂ Tilbage"]
    assert "Tegn en tegneserie" in person.sees.text
    person.taps("🗓 Tid")
    assert person.toasts[-1] == "Tak for hjælpen! De ansvarlige ser på det, og du hører fra mig."
    assert labels(person) == before
    assert len(reports(person.town)) == 1


def test_one_may_think_better_of_it(coordinator: Person) -> None:
    person = Person(coordinator.town)
    card_of(person)
    before = labels(person)
    person.taps(BUTTON)
    person.taps("◂ Tilbage")
    assert labels(person) == before
    assert reports(person.town) == []


def test_staff_in_charge_hear_it_once_however_many_say_so(coordinator: Person) -> None:
    town = coordinator.town
    elsewhere, admin = employed(town, Role.COORDINATOR, KOEGE), employed(town, Role.ADMIN)
    for person in (Person(town), Person(town), Person(town)):
        says_wrong(person, "🗓 Tid")
    town.ticks()
    for person in (Person(town), Person(town)):
        says_wrong(person, "🗓 Tid")
        town.ticks()
    assert len(heard(coordinator)) == 1
    assert heard(coordinator)[0].startswith(
        "✋ Noget forkert? 3, der bruger Kulturlods, siger: tiden er forkert. Her står:\n"
        "Tegn en tegneserie\n🗓 lør. 28. nov. kl. 13–15\n"
    )
    assert (heard(elsewhere), heard(admin)) == ([], [])


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("📍 Sted", "📍 Ishøj Bibliotek"),
        ("💰 Pris", "💰 Pris: gratis"),
        ("❌ Aflyst", "🗓 lør. 28. nov."),
        ("👥 Alder", "👥 Alder: 13–25 år"),
    ],
)
def test_staff_see_what_stands_there_now(coordinator: Person, what: str, told: str) -> None:
    says_wrong(Person(coordinator.town), what)
    coordinator.town.ticks()
    assert told in heard(coordinator)[0]


@pytest.mark.parametrize(
    ("button", "told"),
    [
        ("👌 Det passer", "👌 Tak, fordi du skrev: tiden er forkert. De ansvarlige har set efter"),
        ("✅ Rettet", "✅ Tak, fordi du skrev: tiden er forkert. De ansvarlige har rettet det. Nu står der:"),
    ],
)
def test_everybody_who_said_so_hears_the_answer(coordinator: Person, button: str, told: str) -> None:
    town = coordinator.town
    people = [Person(town), Person(town)]
    for person in people:
        says_wrong(person, "🗓 Tid")
    town.ticks()
    coordinator.taps(button)
    assert coordinator.toasts[-1] == "Tak! Svaret bliver sendt."
    assert labels(coordinator) == ["ℹ️ Vis"]
    town.ticks()
    town.ticks()
    for person in people:
        assert [text.startswith(told) for text in heard(person)] == [True]
        assert "lør. 28. nov. kl. 13–15" in heard(person)[0]
    log = town.database.read(lambda session: [(e.action, e.counts) for e in staff.log(session, 1)])
    assert log == [("fact-right" if "passer" in button else "fact-mended", {"reports": 2})]


def test_only_the_first_answer_counts(coordinator: Person) -> None:
    town = coordinator.town
    colleague, person = employed(town, Role.COORDINATOR, ISHOJ), Person(town)
    says_wrong(person, "💰 Pris")
    town.ticks()
    coordinator.taps("👌 Det passer")
    colleague.taps("✅ Rettet")
    assert colleague.toasts[-1] == "En kollega har svaret."
    assert colleague.sees.text.startswith("👌")
    town.ticks()
    assert len(heard(person)) == 1


def test_a_new_report_after_the_answer_is_a_new_note(coordinator: Person) -> None:
    town = coordinator.town
    says_wrong(Person(town), "💰 Pris")
    town.ticks()
    coordinator.taps("👌 Det passer")
    says_wrong(Person(town), "💰 Pris")
    town.ticks()
    assert heard(coordinator)[-1].startswith("✋ Noget forkert? En, der bruger Kulturlods, siger: prisen")


def test_what_staff_made_is_mended_from_the_note_and_what_comes_from_elsewhere_is_asked_for(
    coordinator: Person,
) -> None:
    town = coordinator.town
    ours = COMIC.model_copy(update={"external_id": "urn:own:1", "titles": {"da": "Vores eget"}})
    ingest(town.database, Parsed("csv", [ours]), source="staff:Ishøj", now=town.now)
    town.ticks()
    says_wrong(Person(town), "🗓 Tid", "Vores eget")
    town.ticks()
    assert "ret det her med knappen" in heard(coordinator)[-1]
    assert "Vores eget" in coordinator.taps("✏️ Ret det").text
    says_wrong(Person(town), "🗓 Tid", "Byg et beat")
    town.ticks()
    assert "spørg arrangøren, så det bliver rettet dér" in heard(coordinator)[-1]
    assert "✏️ Ret det" not in labels(coordinator)


def test_what_is_answered_before_it_is_sent_is_not_sent(coordinator: Person) -> None:
    town = coordinator.town
    says_wrong(Person(town), "💰 Pris")
    number = reports(town)[0].id
    me = town.database.read(lambda session: staff.staffer(session, coordinator.chat_id))
    assert me is not None
    town.database.write(lambda s: fact_reports.decide(s, me.id, number or 0, "right", town.now))
    town.ticks()
    assert heard(coordinator) == []


def test_somebody_elses_answer_is_refused(coordinator: Person) -> None:
    town = coordinator.town
    elsewhere = employed(town, Role.COORDINATOR, KOEGE)
    says_wrong(Person(town), "🗓 Tid")
    for thief in (elsewhere, Person(town)):
        assert_refused(thief, f"1:sw:{reports(town)[0].id}:mended")


def test_a_person_says_a_thing_once(coordinator: Person) -> None:
    person = Person(coordinator.town)
    says_wrong(person, "🗓 Tid")
    assert says_wrong(person, "🗓 Tid") == (
        "Tak! Det har du sagt én gang, og de ansvarlige har fået det at vide."
    )
    assert len(reports(person.town)) == 1


def test_a_flood_from_one_person_is_thanked_for_and_left(coordinator: Person) -> None:
    town, person = coordinator.town, Person(coordinator.town)
    titles = ["Tegn en tegneserie", "Byg et beat", "Byg en robot"]
    facts = ["🗓 Tid", "📍 Sted", "💰 Pris", "👥 Alder"]
    said = [says_wrong(person, fact, title) for title in titles for fact in facts]
    assert sum(toast.startswith("Tak for hjælpen") for toast in said) == MOST_A_DAY
    assert said[-1].startswith("Tak! Du har sagt meget i dag.")
    assert len(reports(town)) == MOST_A_DAY
    town.later(hours=25)
    assert says_wrong(person, "❌ Aflyst").startswith("Tak for hjælpen")


def test_who_said_it_is_not_kept_for_ever(coordinator: Person) -> None:
    town = coordinator.town
    says_wrong(Person(town), "🗓 Tid")
    town.now += KEPT * 0.99
    town.ticks()
    assert len(reports(town)) == 1
    town.now += KEPT * 0.02
    town.ticks()
    assert reports(town) == []


def test_where_nobody_is_in_charge_there_is_no_such_button(changing_town: Town) -> None:
    person = Person(changing_town)
    card_of(person)
    assert BUTTON not in labels(person)
    employed(changing_town, Role.COORDINATOR, KOEGE)
    card_of(person)
    assert BUTTON not in labels(person)
    employed(changing_town, Role.ADMIN)
    card_of(person)
    assert BUTTON in labels(person)


def test_when_nobody_is_left_to_read_it_that_is_said(coordinator: Person) -> None:
    town, person = coordinator.town, Person(coordinator.town)
    card_of(person)
    person.taps(BUTTON)
    town.database.write(lambda session: staff.cut(session, coordinator.chat_id, town.now))
    person.taps("🗓 Tid")
    assert person.toasts[-1].startswith("Tak! Her er ingen, der kan rette det lige nu.")
    assert BUTTON not in labels(person)
    assert reports(town) == []


def test_staff_who_never_wrote_to_the_bot_leave_it_to_the_admins(changing_town: Town) -> None:
    admin = employed(changing_town, Role.ADMIN)
    employ(Person(changing_town), Role.COORDINATOR, ISHOJ)
    says_wrong(Person(changing_town), "🗓 Tid")
    changing_town.ticks()
    assert len(heard(admin)) == 1


def test_the_answer_to_somebody_who_was_forgotten_goes_nowhere(coordinator: Person) -> None:
    town, person = coordinator.town, Person(coordinator.town)
    says_wrong(person, "🗓 Tid")
    town.ticks()
    person.says("/slet")
    person.taps("Ja, slet alt")
    assert [row.person_id for row in reports(town)] == [None]
    coordinator.taps("✅ Rettet")
    town.ticks()
    assert heard(person) == []


def test_in_a_group_the_card_has_no_such_button(coordinator: Person) -> None:
    gathering = Person(coordinator.town, chat_type="supergroup")
    gathering.says("/find tegneserie i Ishøj")
    gathering.taps("1")
    assert "Tegn en tegneserie" in gathering.sees.text
    assert BUTTON not in labels(gathering)


def test_it_speaks_english_too(coordinator: Person) -> None:
    person = Person(coordinator.town, language="en")
    card_of(person)
    person.taps("✋ Something wrong?")
    person.taps("👥 Age")
    assert person.toasts[-1].startswith("Thank you! Those in charge will look at it")


def test_the_programmes_own_words_are_escaped_in_what_staff_read(coordinator: Person) -> None:
    town = coordinator.town
    town.imports(COMIC.model_copy(update={"titles": {"da": "<b>Tegn & fest</b>"}}))
    person = Person(town)
    says_wrong(person, "🗓 Tid", "<b>Tegn & fest</b>")
    town.ticks()
    assert "<b>Tegn & fest</b>" in heard(coordinator)[0]
