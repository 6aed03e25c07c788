"""Staff send a file, see what it would do, publish it, take it back; and call off a whole evening."""

import io

import pytest
from openpyxl import load_workbook
from sqlmodel import col, select

from bot.conversations import MOST_PENDING
from bot.texts import texts
from catalog import staff
from catalog.model import Occurrence, Offering
from catalog.staff import Role
from catalog.staff_model import AuditEntry
from catalog.values import Status
from tests.conversations.catalogue import COMIC, PROGRAMME
from tests.conversations.driver import Person, Town
from tests.conversations.staffing import ISHOJ, KOEGE, SCHOOLS, assert_refused, dismiss, employ

HEADER = "id;titel;start_dato;start_tid;sted;postnummer;kommune;pris\n"
PLACE = "Ishøj Bibliotek;2635;Ishøj"
GOOD = HEADER + f"a1;Kor for alle;28-11-2026;19:00;{PLACE};gratis\na2;Jazz;29-11-2026;20:00;{PLACE};75\n"
LATER = GOOD.replace("19:00", "20:00")
THREE_ERRORS = (
    GOOD
    + f"a3;Fuglekasser;31-02-2027;13:00;{PLACE};gratis\n"
    + "a4;=HYPERLINK(1);05-12-2026;14:00;Køge Bibliotek;4600;Køge;\n"
    + f"a5;Banko;06-12-2026;halv otte ca;{PLACE};20\n"
)


@pytest.fixture
def librarian(changing_town: Town) -> Person:
    person = Person(changing_town)
    employ(person, Role.COORDINATOR, ISHOJ)
    return person


def titles(town: Town) -> set[str]:
    """What staff have put on the programme."""
    ours = select(Offering).where(col(Offering.external_id).startswith("a"))
    rows = town.database.read(lambda session: session.exec(ours).all())
    return {row.titles["da"] for row in rows if row.withdrawn_at is None}


def log(town: Town) -> list[tuple[str, dict[str, int]]]:
    entries = town.database.read(lambda session: session.exec(select(AuditEntry)).all())
    return [(entry.action, entry.counts) for entry in entries if entry.action in ("publish", "undo")]


def test_sending_a_file_shows_what_it_would_do_and_publishes_nothing(librarian: Person) -> None:
    shown = librarian.sends_file("program.csv", GOOD)
    assert "program.csv" in shown.text
    assert "2 nye" in shown.text
    assert "Kor for alle – lør. 28. nov. kl. 19 · Ishøj Bibliotek" in shown.text
    assert titles(librarian.town) == set()


def test_what_is_published_can_be_found_at_once(librarian: Person) -> None:
    librarian.sends_file("program.csv", GOOD)
    assert "Udgivet" in librarian.taps("Udgiv").text
    assert titles(librarian.town) == {"Kor for alle", "Jazz"}
    assert "Kor for alle" in Person(librarian.town).says("kor i Ishøj").text
    assert log(librarian.town) == [("publish", {"new": 2, "changed": 0, "withdrawn": 0, "rejected": 0})]


def test_in_english_it_is_all_the_same(changing_town: Town) -> None:
    person = Person(changing_town, language="en")
    employ(person, Role.COORDINATOR, ISHOJ)
    assert "Nothing is published yet" in person.sends_file("programme.csv", GOOD).text
    assert "Published" in person.taps("Publish").text


def test_a_changed_time_is_shown_old_and_new(librarian: Person) -> None:
    librarian.sends_file("program.csv", GOOD)
    librarian.taps("Udgiv")
    shown = librarian.sends_file("program.csv", LATER)
    assert "Ét ændres\n• Kor for alle\n" in shown.text
    assert "Ny tid: lør. 28. nov. kl. 20 (før: lør. 28. nov. kl. 19)" in shown.text
    assert "✓ Ét er, som det var" in shown.text


def test_errors_are_told_by_row_with_what_would_mend_them(librarian: Person) -> None:
    shown = librarian.sends_file("program.csv", THREE_ERRORS)
    told = shown.text[shown.text.index("3 fejl") :].splitlines()
    assert told[1::2] == [
        "• Række 4: Datoen findes ikke eller kan ikke forstås: start_dato: 31-02-2027",
        "• Række 5: Det hører til Køge, hvor du ikke er koordinator.",
        "• Række 6: Klokkeslættet kan ikke forstås: start_tid: halv otte ca",
    ]
    assert told[2] == "   → Findes dagen? Skriv den som 28-11-2026."


def test_the_errors_come_as_a_sheet_that_can_be_mended_and_sent_back(librarian: Person) -> None:
    librarian.sends_file("program.csv", THREE_ERRORS)
    document = librarian.taps("Send mig fejlene som et ark").document
    assert document is not None
    assert document[0] == "program-fejl.xlsx"
    book = load_workbook(io.BytesIO(document[1]))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet["D"]] == ["titel", "Fuglekasser", "=HYPERLINK(1)", "Banko"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    sheet["E2"], sheet["F4"] = "28-02-2027", "19:30"
    sheet.delete_rows(3)
    saved = io.BytesIO()
    book.save(saved)
    shown = librarian.sends_file("program-fejl.xlsx", saved.getvalue())
    assert "2 nye" in shown.text
    assert "fejl –" not in shown.text


def test_a_cancelled_preview_publishes_nothing(librarian: Person) -> None:
    shown = librarian.sends_file("program.csv", GOOD)
    go = shown.button("Udgiv")["callback_data"]
    assert librarian.taps("Annullér").text == "Helt i orden. Intet er udgivet."
    librarian.presses(go)
    assert librarian.toasts[-1] == "Jeg har ikke filen her længere. Send den igen."
    assert titles(librarian.town) == set()


def test_a_catalogue_that_changed_is_shown_again_before_it_is_published(librarian: Person) -> None:
    first = librarian.sends_file("program.csv", GOOD)
    colleague = Person(librarian.town)
    employ(colleague, Role.COORDINATOR, ISHOJ)
    colleague.sends_file("andet.csv", LATER)
    colleague.taps("Udgiv")
    shown = librarian.taps("Udgiv", first)
    assert "Programmet er ændret" in shown.text
    assert "(før: lør. 28. nov. kl. 20)" in shown.text
    assert "Udgivet" in librarian.taps("Udgiv", shown).text


def test_a_preview_of_half_an_hour_ago_is_shown_again(librarian: Person) -> None:
    librarian.sends_file("program.csv", GOOD)
    for _ in range(2):
        librarian.town.later(minutes=16)
        librarian.says("hej")
    shown = librarian.everything[0]
    librarian.taps("Udgiv", shown)
    assert "Det er lidt siden" in shown.text
    assert titles(librarian.town) == set()
    librarian.taps("Udgiv", shown)
    assert titles(librarian.town) == {"Kor for alle", "Jazz"}


def test_after_a_restart_the_file_is_asked_for_again(librarian: Person) -> None:
    shown = librarian.sends_file("program.csv", GOOD)
    librarian.town.close()
    librarian.town.open()
    librarian.taps("Udgiv", shown)
    assert librarian.toasts[-1] == "Jeg har ikke filen her længere. Send den igen."
    assert titles(librarian.town) == set()


def test_a_file_that_telegram_no_longer_has_is_asked_for_again(librarian: Person) -> None:
    librarian.sends_file("program.csv", GOOD)
    librarian.town.api.files.lose("file1")
    assert "Send den igen" in librarian.taps("Udgiv").text


def test_two_taps_publish_once(librarian: Person) -> None:
    shown = librarian.sends_file("program.csv", GOOD)
    go = shown.button("Udgiv")["callback_data"]
    librarian.presses(go, shown)
    librarian.presses(go, shown)
    assert librarian.toasts[-1] == "Det er allerede udgivet."
    assert len(log(librarian.town)) == 1


def test_several_files_wait_side_by_side(librarian: Person) -> None:
    sent = [
        librarian.sends_file(f"{n}.csv", GOOD.replace("Jazz", f"Jazz {n}")) for n in range(MOST_PENDING + 1)
    ]
    librarian.taps("Udgiv", sent[1])
    assert "Udgivet" in sent[1].text
    librarian.taps("Udgiv", sent[0])
    assert librarian.toasts[-1] == "Jeg har ikke filen her længere. Send den igen."


def test_only_a_whole_programme_takes_off_what_it_does_not_mention(librarian: Person) -> None:
    librarian.sends_file("program.csv", GOOD)
    librarian.taps("Udgiv")
    less = GOOD.replace(f"a2;Jazz;29-11-2026;20:00;{PLACE};75\n", "")
    assert "tages af" not in librarian.sends_file("program.csv", less).text
    assert "🗑 Ét tages af programmet\n• Jazz" in librarian.taps("Filen er hele programmet").text
    assert "tages af" not in librarian.taps("Filen er ikke hele programmet").text
    librarian.taps("Filen er hele programmet")
    librarian.taps("Udgiv")
    assert titles(librarian.town) == {"Kor for alle"}


def test_what_was_published_can_be_undone_for_a_quarter_of_an_hour(librarian: Person) -> None:
    librarian.sends_file("program.csv", GOOD)
    done = librarian.taps("Udgiv")
    assert "senest kl. 15.15" in done.text
    librarian.town.later(minutes=14)
    assert "Fortrudt" in librarian.taps("Fortryd").text
    assert titles(librarian.town) == set()


def test_later_it_is_refused_kindly(librarian: Person) -> None:
    librarian.sends_file("program.csv", GOOD)
    done = librarian.taps("Udgiv")
    librarian.town.later(minutes=15)
    assert "folk kan have fået besked" in librarian.taps("Fortryd", done).text
    assert titles(librarian.town) == {"Kor for alle", "Jazz"}


def test_followers_never_hear_of_what_was_undone(librarian: Person) -> None:
    town, follower = librarian.town, Person(librarian.town)
    librarian.sends_file("program.csv", GOOD)
    librarian.taps("Udgiv")
    town.later(minutes=20)
    town.ticks()
    follower.says("kor i Ishøj")
    follower.taps("1")
    follower.taps("Følg")
    heard = len(follower.everything)
    librarian.sends_file("program.csv", LATER)
    librarian.taps("Udgiv")
    town.later(minutes=1)
    town.ticks()
    librarian.taps("Fortryd")
    for _ in range(3):
        town.later(minutes=20)
        town.ticks()
    assert len(follower.everything) == heard
    librarian.sends_file("program.csv", LATER)
    librarian.taps("Udgiv")
    town.later(minutes=20)
    town.ticks()
    assert "Nyt om Kor for alle" in follower.sees.text


def test_a_file_that_is_too_big_is_not_fetched(librarian: Person) -> None:
    document = {"file_id": "x", "file_unique_id": "x", "file_name": "a.csv", "file_size": 11 * 1024 * 1024}
    assert "op til 10 MB" in librarian.sends(document=document).text
    assert "getFile" not in [method for method, _ in librarian.town.api.calls]


def test_a_file_that_holds_too_much_is_to_be_split(
    librarian: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.publishing.MOST_OFFERINGS", 1)
    shown = librarian.sends_file("program.csv", GOOD)
    assert "Der er 2 tilbud i filen, og jeg kan tage 1 ad gangen." in shown.text


def test_a_file_that_is_nothing_we_know_is_told_so(librarian: Person) -> None:
    shown = librarian.sends_file("brev.txt", "Kære alle")
    assert "Jeg kan ikke bruge brev.txt" in shown.text
    assert [button["text"] for row in shown.buttons for button in row] == ["📋 Få et ark til at udfylde"]


@pytest.mark.parametrize("asked", ["/hjaelp", "/help"])
def test_the_help_page_tells_staff_what_they_can_do_and_has_the_sheet_to_fill_in(
    librarian: Person, asked: str
) -> None:
    page = librarian.says(asked).text
    assert "Du er også koordinator for Ishøj" in page
    assert "/udsend – " in page
    assert "Send mig et regneark" in page
    librarian.taps("📋 Få et ark til at udfylde")
    name, content = librarian.sees.document or ("", b"")
    assert name == "program.xlsx"
    assert "titel" in [cell.value for cell in load_workbook(io.BytesIO(content)).worksheets[0][1]]
    librarian.sends_file(name, content)
    assert "Byg en fuglekasse" in librarian.sees.text


def test_an_ambassador_is_told_of_their_commands_and_of_no_files(changing_town: Town) -> None:
    teacher = Person(changing_town)
    employ(teacher, Role.AMBASSADOR, SCHOOLS)
    page = teacher.says("/hjaelp")
    assert "Du er også ambassadør for alle skoler i Ishøj" in page.text
    assert "regneark" not in page.text
    with pytest.raises(KeyError):
        page.button("📋 Få et ark til at udfylde")


def test_the_help_page_of_anybody_else_knows_nothing_of_staff(changing_town: Town) -> None:
    page = Person(changing_town).says("/hjaelp").text
    assert "/udsend" not in page
    assert "Du er også" not in page


def test_an_ambassador_is_pointed_to_proposing(changing_town: Town) -> None:
    ambassador = Person(changing_town)
    employ(ambassador, Role.AMBASSADOR, SCHOOLS)
    shown = ambassador.sends_file("program.csv", GOOD)
    assert shown.text == "Filer er for koordinatorer. Vil du foreslå et tilbud, så skriv /ny."


def test_ordinary_people_get_what_they_always_got(person: Person) -> None:
    sticker = {"file_id": "x", "file_unique_id": "x", "type": "regular", "width": 1, "height": 1}
    before = person.sends(sticker={**sticker, "is_animated": False, "is_video": False}).text
    assert person.sends_file("program.csv", GOOD).text == before
    assert "getFile" not in [method for method, _ in person.town.api.calls]


def test_nobody_publishes_by_another_persons_button(librarian: Person) -> None:
    shown = librarian.sends_file("program.csv", GOOD)
    go = shown.button("Udgiv")["callback_data"]
    thief, stranger = Person(librarian.town), Person(librarian.town)
    thief.says("/start")
    employ(thief, Role.COORDINATOR, ISHOJ)
    assert_refused(stranger, go)
    thief.presses(go)
    assert thief.toasts[-1] == "Jeg har ikke filen her længere. Send den igen."
    assert titles(librarian.town) == set()
    undo = librarian.taps("Udgiv").button("Fortryd")["callback_data"]
    assert_refused(thief, undo)
    assert_refused(stranger, undo)
    assert titles(librarian.town) == {"Kor for alle", "Jazz"}


def test_whoever_was_dismissed_publishes_nothing_any_more(librarian: Person) -> None:
    shown = librarian.sends_file("program.csv", GOOD)
    dismiss(librarian)
    librarian.taps("Udgiv", shown)
    assert librarian.toasts[-1] == texts("da")("toast.staff_only")
    assert titles(librarian.town) == set()


SATURDAY = "Alt på Ishøj Bibliotek på lørdag er aflyst"


def cancelled(town: Town) -> int:
    off = select(Occurrence).where(Occurrence.status == Status.CANCELLED)
    return len(town.database.read(lambda session: session.exec(off).all()))


@pytest.mark.parametrize("said", [SATURDAY, "everything at Ishøj Bibliotek on Saturday is cancelled"])
def test_everything_at_a_place_is_called_off_in_one_go(librarian: Person, said: str) -> None:
    before = cancelled(librarian.town)
    shown = librarian.says(said)
    assert "Ishøj Bibliotek: 3 tilbud bliver aflyst\nIntet er aflyst endnu." in shown.text
    assert shown.text.splitlines()[3:] == [
        "• Podcast på en dag – lør. 28. nov. kl. 10",
        "• Eventyrstund – lør. 28. nov. kl. 10",
        "• Tegn en tegneserie – lør. 28. nov. kl. 13",
    ]
    assert cancelled(librarian.town) == before
    assert "3 tilbud er aflyst" in librarian.taps("Aflys").text
    assert cancelled(librarian.town) == before + 3
    assert "Fortrudt" in librarian.taps("Fortryd").text
    assert cancelled(librarian.town) == before


def test_followers_hear_of_what_was_called_off(librarian: Person) -> None:
    town, follower = librarian.town, Person(librarian.town)
    follower.says("tegneserie i Ishøj")
    follower.taps("1")
    follower.taps("Følg")
    town.later(minutes=1)
    librarian.says(SATURDAY)
    librarian.taps("Aflys")
    town.later(minutes=20)
    town.ticks()
    assert "Aflyst: Tegn en tegneserie" in follower.sees.text


def test_a_file_read_again_does_not_bring_back_what_was_called_off(librarian: Person) -> None:
    librarian.says(SATURDAY)
    librarian.taps("Aflys")
    off = cancelled(librarian.town)
    librarian.town.imports(*PROGRAMME)
    librarian.town.imports(COMIC.model_copy(update={"keywords": ("tusch",)}))
    assert cancelled(librarian.town) == off


def test_nobody_calls_off_another_municipalitys_evening(changing_town: Town) -> None:
    neighbour = Person(changing_town)
    employ(neighbour, Role.COORDINATOR, KOEGE)
    shown = neighbour.says(SATURDAY)
    assert "intet at aflyse" in shown.text
    assert "3 hører til en anden kommune" in shown.text
    assert shown.buttons == []


@pytest.mark.parametrize(
    "said",
    [
        "Er alt på Ishøj Bibliotek på lørdag aflyst?",
        "er alt på Ishøj Bibliotek på lørdag aflyst",
        "Alt på Ishøj Bibliotek på lørdag er ikke aflyst",
        "alt for børn på Ishøj Bibliotek på lørdag",
    ],
)
def test_a_question_calls_nothing_off(librarian: Person, said: str) -> None:
    assert all("Aflys" not in b["text"] for row in librarian.says(said).buttons for b in row)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Alt er aflyst", "Så skriv kun, hvor og hvornår"),
        ("Alt for børn på Ishøj Bibliotek på lørdag er aflyst", "kun, hvor og hvornår"),
        ("Alt på Pakhuset i Ishøj på lørdag er aflyst", "Jeg forstod ikke «pakhuset»"),
    ],
)
def test_what_is_not_clear_is_asked_for(librarian: Person, said: str, told: str) -> None:
    shown = librarian.says(said)
    assert told in shown.text
    assert shown.buttons == []


def test_ordinary_people_call_nothing_off(person: Person) -> None:
    assert "aflyst endnu" not in person.says(SATURDAY).text


def test_the_log_knows_who_published_and_no_words(librarian: Person) -> None:
    librarian.sends_file("program.csv", GOOD)
    librarian.taps("Udgiv")
    librarian.taps("Fortryd")
    assert [action for action, _ in log(librarian.town)] == ["publish", "undo"]
    who = librarian.town.database.read(lambda s: staff.staffer(s, librarian.chat_id))
    entries = librarian.town.database.read(lambda s: staff.log(s, 2))
    assert who is not None
    assert {entry.staff_id for entry in entries} == {who.id}
