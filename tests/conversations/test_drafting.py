"""/ny: an offering written on a phone, one question at a time; and those in charge let it through, or ask."""

from typing import Any

import pytest
from sqlmodel import col, select

from bot.telegram_rules import ApiError
from catalog import staff
from catalog.model import Offering
from catalog.staff import Role
from catalog.staff_model import Proposal
from tests.conversations.driver import Person, Town
from tests.conversations.staffing import ISHOJ, KOEGE, SCHOOLS, assert_refused, dismiss, employ

PICTURE = "🖼 Billede"
STICKER = {
    "file_id": "s",
    "file_unique_id": "s",
    "type": "regular",
    "width": 9,
    "height": 9,
    "is_animated": False,
    "is_video": False,
}
PUBLISH, SEND, APPROVE = "✅ Udgiv", "📨 Send til godkendelse", "✅ Godkend og udgiv"


@pytest.fixture
def librarian(changing_town: Town) -> Person:
    return employed(changing_town, Role.COORDINATOR, ISHOJ)


@pytest.fixture
def teacher(changing_town: Town) -> Person:
    return employed(changing_town, Role.AMBASSADOR, SCHOOLS)


def employed(town: Town, role: Role, *scopes: staff.Scope, language: str = "da") -> Person:
    person = Person(town, language=language)
    employ(person, role, *scopes)
    person.says("/start")
    return person


def offerings(town: Town) -> list[Offering]:
    """What staff have put on the programme."""
    ours = select(Offering).where(col(Offering.external_id).startswith("p"))
    rows = town.database.read(lambda session: session.exec(ours).all())
    return [row for row in rows if row.withdrawn_at is None]


def writes(person: Person, title: str = "Julekor", when: str = "lørdag 5. december kl. 13-15") -> None:
    """The three things that nobody may skip."""
    person.says("/ny")
    person.says(title)
    person.says(when)
    person.taps("✅ Det passer ▸")
    person.says("Ishøj Bibliotek")


def test_the_questions_are_asked_one_after_the_other_with_the_card_above(librarian: Person) -> None:
    asked = [librarian.says("/ny").text.splitlines()[0]]
    shown = librarian.says("Julekor for alle")
    assert shown.text.startswith("Julekor for alle")
    librarian.says("lørdag 5. december kl. 13-15")
    assert "Sådan forstår jeg det:\n📅 lør. 5. dec. kl. 13–15\nPasser det?" in librarian.sees.text
    librarian.taps("✅ Det passer ▸")
    librarian.says("Ishøj Bibliotek")
    while "Klar?" not in librarian.sees.text:
        asked.append(librarian.sees.text.partition("〰️〰️〰️\n")[2])
        on = "Spring over ▸" if "Spring over ▸" in labels(librarian) else "Videre ▸"
        librarian.taps(on)
    assert asked[0] == "Hvad hedder det?"
    assert "Hvem er det for?" in asked[1]
    assert asked[-1].startswith("Er det kun for nogle?")
    assert len(set(asked)) == 10


def labels(person: Person) -> list[str]:
    return [button["text"] for row in person.sees.buttons for button in row]


def test_everything_that_is_told_is_on_the_card_and_can_be_found(librarian: Person) -> None:
    writes(librarian)
    librarian.taps("☐ familier")
    librarian.taps("Videre ▸")
    librarian.taps("☐ forestillinger og koncerter")
    librarian.taps("Videre ▸")
    librarian.taps("Videre ▸")
    librarian.says("voksne 80, børn 40")
    librarian.says("Vi synger & hygger <3")
    librarian.says("https://www.kultur.example/kor.jpg")
    assert librarian.sees.preview == "https://www.kultur.example/kor.jpg"
    librarian.says("www.ishoj.example/kor")
    librarian.says("20 pladser, åbner 1. december kl. 10, senest 4. december")
    shown = librarian.taps("☐ Kun for kommunens borgere")
    for line in (
        "Vi synger & hygger <3",
        "📍 Ishøj Bibliotek, Ishøj Store Torv 1, 2635 Ishøj",
        "især for familier",
        "voksne 80 kr., børn 40 kr.",
        "åbner tirs. 1. dec. kl. 10, senest fre. 4. dec. kl. 23.59, 20 pladser i alt",
        "Kun for borgere i Ishøj",
        "🔗 ishoj.example",
    ):
        assert line in shown.text, line
    librarian.taps("✅ Færdig")
    assert "er udgivet og kan findes nu" in librarian.taps(PUBLISH).text
    assert "Julekor" in Person(librarian.town).says("julekor i Ishøj").text


def test_what_was_guessed_is_shown_as_a_guess_and_is_replaced_by_a_tap(librarian: Person) -> None:
    writes(librarian)
    librarian.taps("Spring over ▸")
    librarian.taps("Videre ▸")
    assert "☑ musik" in labels(librarian)
    assert "Jeg har gættet" in librarian.sees.text
    librarian.taps("☐ dans")
    assert {"☐ musik", "☑ dans"} <= set(labels(librarian))
    assert "Jeg har gættet" not in librarian.sees.text


@pytest.mark.parametrize(
    ("step", "said", "told"),
    [
        ("Titel", "!!!", "mindst ét ord"),
        ("Hvornår", "snart engang", "hvilken dag det er"),
        ("Hvornår", "hver tirsdag 16-17", "Til hvornår?"),
        ("Hvornår", "1. januar 2020", "Den dag er gået"),
        ("Hvem", "blå", "«unge» eller «6-12 år»"),
        ("Pris", "halvtreds eller deromkring", "«voksne 80, børn 40»"),
        ("Billede", "har jeg ikke", "Det er ikke et link"),
        ("Link", "javascript:alert(1)", "Det er ikke et link"),
        ("Tilmelding", "måske", "senest 10. december"),
        ("Emne", "grønt", "Tryk på en knap"),
    ],
)
def test_what_is_not_understood_is_asked_again_and_nothing_is_lost(
    librarian: Person, step: str, said: str, told: str
) -> None:
    writes(librarian)
    librarian.taps("✏️ Ret noget")
    librarian.taps(step)
    before = librarian.sees.text.partition("〰️")[0]
    shown = librarian.says(said).text
    assert told in shown
    assert shown.startswith(before)


def test_one_can_go_back_and_change_anything(librarian: Person) -> None:
    writes(librarian)
    librarian.taps("◂ Tilbage")
    assert "Hvor er det?" in librarian.sees.text
    librarian.taps("✏️ Ret noget")
    librarian.taps("Titel")
    assert librarian.says("Nytårskor").text.startswith("Nytårskor\n")


def test_the_draft_is_there_after_a_restart(librarian: Person) -> None:
    writes(librarian)
    librarian.town.close()
    librarian.town.open()
    assert librarian.says("/ny").text == "Du har et tilbud i gang: Julekor"
    assert "Hvem er det for?" in librarian.taps("▶ Fortsæt").text
    assert "børn" in librarian.says("for børn 6-12 år").text
    librarian.says("/ny")
    assert "Hvad hedder det?" in librarian.taps("🆕 Begynd forfra på et nyt").text


def test_skipping_the_description_in_words_does_not_become_the_description(librarian: Person) -> None:
    writes(librarian)
    for _ in range(3):
        librarian.says("videre")
    librarian.says("gratis")
    shown = librarian.says("spring over")
    assert "spring over" not in shown.text.partition("〰️")[0].lower()


def test_plain_words_do_what_the_buttons_do(librarian: Person) -> None:
    librarian.says("/ny")
    librarian.says("Julekor")
    librarian.says("lørdag 5. december kl. 13-15")
    assert "Hvor er det?" in librarian.says("ja").text
    librarian.says("Ishøj Bibliotek")
    assert "Hvad er det?" in librarian.says("Spring over").text
    assert "Hvem er det for?" in librarian.says("tilbage").text
    assert "Klar?" in librarian.says("færdig").text
    assert librarian.says("musik i Ishøj").text.startswith("Musik i Ishøj")
    assert offerings(librarian.town) == []
    librarian.says("/ny")
    librarian.taps("▶ Fortsæt")
    assert "er udgivet" in librarian.says("Udgiv").text
    assert len(offerings(librarian.town)) == 1


def test_a_cancelled_draft_is_gone(librarian: Person) -> None:
    writes(librarian)
    librarian.taps("🗑 Annullér")
    assert librarian.taps("🗑 Ja, smid det væk").text == "🗑 Smidt væk."
    assert "Hvad hedder det?" in librarian.says("/ny").text
    assert offerings(librarian.town) == []


def test_nothing_is_published_that_lacks_a_date_or_a_place(librarian: Person) -> None:
    librarian.says("/ny")
    librarian.says("Julekor")
    librarian.taps("✏️ Ret noget")
    assert "Der mangler: Hvornår." in librarian.taps("✅ Færdig").text
    assert PUBLISH not in labels(librarian)
    assert "Hvornår er det?" in librarian.taps("✏️ Skriv det, der mangler").text


def test_a_place_with_a_typo_is_asked_for_and_a_new_one_needs_an_address(librarian: Person) -> None:
    librarian.says("/ny")
    librarian.says("Julekor")
    librarian.says("lørdag 5. december kl. 13-15")
    librarian.taps("✅ Det passer ▸")
    assert "Hvilket sted er «ishøj bibliotk»?" in librarian.says("ishøj bibliotk").text
    assert "Ishøj Store Torv 1" in librarian.taps("Ishøj Bibliotek, Ishøj").text
    librarian.taps("◂ Tilbage")
    assert "Havnevej 3, 2635 Ishøj" in librarian.says("Pakhuset, Havnevej 3, 2635 Ishøj").text


def test_a_place_that_nobody_knows_is_asked_for_once_more(librarian: Person) -> None:
    librarian.says("/ny")
    librarian.says("Julekor")
    librarian.says("fra 1. til 20. december, ti-sø 11-17")
    assert "📅 1.–20. dec., tirs.–søn., kl. 11–17" in librarian.sees.text
    librarian.taps("✅ Det passer ▸")
    assert "Jeg kender ikke «Pakhuset»." in librarian.says("Pakhuset").text
    assert "📍 Pakhuset, Ishøj" in librarian.taps("➕ Det er et nyt sted").text


def at_the_picture(person: Person) -> None:
    """The draft is whole, and its picture is asked for."""
    writes(person)
    person.taps("✏️ Ret noget")
    assert "Send det som foto, eller skriv et link." in person.taps("Billede").text


def photo(file_id: str = "the-choir", **more: Any) -> dict[str, Any]:
    sizes = [{"file_id": f"{file_id}-small", "file_unique_id": "s", "width": 9, "height": 9}]
    return {"photo": [*sizes, {"file_id": file_id, "file_unique_id": "l", "width": 90, "height": 90}], **more}


def published_with_photo(librarian: Person) -> None:
    at_the_picture(librarian)
    librarian.sends(**photo())
    librarian.taps("✅ Færdig")
    librarian.taps(PUBLISH)


def test_a_photo_is_shown_as_it_will_be_and_the_next_question_asked(librarian: Person) -> None:
    at_the_picture(librarian)
    asked = librarian.sends(**photo(caption="videre"))
    assert asked.text.endswith("Hvor kan man læse mere?\nSkriv et link.")
    shown = librarian.everything[-2]
    assert (shown.photo, shown.text, shown.buttons) == ("the-choir", "Julekor", [])


def test_an_ambassadors_photo_is_seen_by_those_who_decide_and_then_by_everybody(
    librarian: Person, teacher: Person
) -> None:
    at_the_picture(teacher)
    teacher.sends(**photo())
    teacher.taps("✅ Færdig")
    assert teacher.taps(PICTURE).photo == "the-choir"
    teacher.taps(SEND)
    passes(teacher.town)
    assert librarian.taps(PICTURE).photo == "the-choir"
    librarian.taps(APPROVE)
    family = Person(librarian.town)
    family.says("julekor i Ishøj")
    card = family.taps("1")
    shown = family.taps(PICTURE)
    assert (shown.photo, shown.html) == ("the-choir", "<b>Julekor</b>")
    assert (card.edited, card.preview) == (1, None)
    family.taps("⭐ Følg", card)
    assert card.button(PICTURE)


def test_a_picture_that_telegram_does_not_know_is_answered_kindly(
    librarian: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_params: object) -> None:
        raise ApiError(400, "Bad Request: wrong file identifier/HTTP URL specified")

    monkeypatch.setattr(librarian.town.api, "_do_send_photo", refuse)
    at_the_picture(librarian)
    assert "Hvor kan man læse mere?" in librarian.sends(**photo()).text
    librarian.taps("✅ Færdig")
    waits = librarian.taps(PICTURE)
    assert librarian.toasts == ["Billedet kan jeg ikke vise lige nu."]
    assert "er udgivet" in librarian.taps(PUBLISH, waits).text
    librarian.taps("ℹ️ Vis")
    before = len(librarian.everything)
    librarian.taps(PICTURE)
    assert librarian.toasts == ["Billedet kan jeg ikke vise lige nu."] * 2
    assert len(librarian.everything) == before


def test_an_image_file_is_asked_for_as_a_photo(librarian: Person) -> None:
    at_the_picture(librarian)
    for caption in ({}, {"caption": "https://www.kultur.example/kor.jpg"}):
        document = {"file_id": "f", "file_unique_id": "u", "mime_type": "image/png", "file_name": "kor.png"}
        assert "Send det som foto" in librarian.sends(document=document, **caption).text
    assert PICTURE not in labels(librarian)


def test_without_an_open_screen_an_image_file_is_no_question(librarian: Person) -> None:
    librarian.says("/start")
    document = {"file_id": "f", "file_unique_id": "u", "mime_type": "image/png", "file_name": "kor.png"}
    only_text = librarian.sends(document=document).text
    assert only_text == librarian.sends(sticker=STICKER).text


def test_looking_at_the_picture_leaves_the_question_open(librarian: Person) -> None:
    at_the_picture(librarian)
    librarian.sends(**photo())
    librarian.taps("✏️ Ret noget")
    librarian.taps("Billede")
    librarian.taps(PICTURE)
    assert librarian.sends(**photo("another")).text.endswith("Skriv et link.")
    assert librarian.everything[-2].photo == "another"


def test_a_link_takes_the_place_of_a_photo_and_both_can_be_removed(librarian: Person) -> None:
    published_with_photo(librarian)
    (row,) = offerings(librarian.town)
    assert (row.photo, row.image_url) == ("the-choir", None)
    for answer, kept in (
        ("https://www.kultur.example/kor.jpg", (None, "https://www.kultur.example/kor.jpg")),
        (photo("new"), ("new", None)),
        (None, (None, None)),
    ):
        librarian.town.later(minutes=20)
        librarian.says("/mine_tilbud")
        librarian.taps("1")
        librarian.taps("✏️ Ret")
        librarian.taps("Billede")
        if isinstance(answer, str):
            librarian.says(answer)
        elif answer:
            librarian.sends(**answer)
        else:
            librarian.taps("🗑 Fjern billede")
        assert "Følgere får ikke besked" in librarian.sees.text
        librarian.taps(PUBLISH)
        (row,) = offerings(librarian.town)
        assert (row.photo, row.image_url) == kept


def test_a_file_id_that_is_too_long_is_not_kept(librarian: Person) -> None:
    at_the_picture(librarian)
    assert "Det kan jeg ikke bruge" in librarian.sends(**photo("x" * 201)).text
    assert PICTURE not in labels(librarian)


def test_what_staff_write_is_shown_as_they_wrote_it(librarian: Person) -> None:
    writes(librarian, title="<b>Kor</b> & <a href='x'>dans</a>")
    assert librarian.sees.text.startswith("<b>Kor</b> & <a href='x'>dans</a>\n")


def test_a_publishing_can_be_regretted_and_done_again(librarian: Person) -> None:
    writes(librarian)
    librarian.taps("✅ Færdig")
    librarian.taps(PUBLISH)
    assert "Det er en kladde igen" in librarian.taps("↩ Fortryd").text
    assert offerings(librarian.town) == []
    librarian.taps(PUBLISH)
    librarian.town.later(minutes=16)
    librarian.taps("↩ Fortryd")
    assert "mere end et kvarter siden" in librarian.toasts[-1]
    assert len(offerings(librarian.town)) == 1


def hands_in(teacher: Person) -> None:
    writes(teacher)
    teacher.taps("✅ Færdig")
    teacher.taps(SEND)
    passes(teacher.town)


def passes(town: Town) -> None:
    town.later(minutes=1)
    town.ticks()


def test_an_ambassadors_proposal_reaches_those_in_charge_and_is_published(
    librarian: Person, teacher: Person
) -> None:
    elsewhere = employed(librarian.town, Role.COORDINATOR, KOEGE)
    heard = len(elsewhere.everything)
    hands_in(teacher)
    assert "Et forslag fra ambassadør for alle skoler i Ishøj" in librarian.sees.text
    assert librarian.sees.text.startswith("Julekor\n")
    assert len(elsewhere.everything) == heard
    assert "er udgivet" in librarian.taps(APPROVE).text
    passes(librarian.town)
    assert teacher.sees.text == "🎉 Julekor er godkendt og udgivet."
    assert "Julekor" in teacher.taps("ℹ️ Vis").text


def test_only_the_first_colleague_decides(librarian: Person, teacher: Person) -> None:
    colleague = employed(librarian.town, Role.COORDINATOR, ISHOJ)
    hands_in(teacher)
    librarian.taps(APPROVE)
    colleague.taps("✕ Afvis")
    assert colleague.toasts[-1] == "En kollega har allerede svaret på det her."
    assert len(offerings(librarian.town)) == 1


def test_a_question_is_answered_in_the_chat(librarian: Person, teacher: Person) -> None:
    hands_in(teacher)
    librarian.taps("❓ Spørg")
    assert "er sendt" in librarian.says("Er det gratis?").text
    passes(librarian.town)
    assert "«Er det gratis?»" in teacher.sees.text
    teacher.taps("✏️ Svar")
    teacher.says("Ja, for skoler")
    teacher.taps(SEND)
    passes(librarian.town)
    assert "Spørgsmål: «Er det gratis?»\nSvar: «Ja, for skoler»" in librarian.sees.text
    assert "er udgivet" in librarian.taps(APPROVE).text


def test_no_is_asked_once_and_told(librarian: Person, teacher: Person) -> None:
    hands_in(teacher)
    librarian.taps("✕ Afvis")
    assert "er afvist" in librarian.taps("Ja, afvis").text
    passes(librarian.town)
    assert teacher.sees.text.startswith("Julekor blev ikke godkendt")
    assert offerings(librarian.town) == []


def test_a_proposal_that_was_changed_is_not_approved_by_an_old_button(
    librarian: Person, teacher: Person
) -> None:
    hands_in(teacher)
    teacher.taps("👀 Se det")
    teacher.taps("✏️ Ret noget")
    teacher.taps("Titel")
    teacher.says("Banko")
    old = librarian.sees
    librarian.taps(APPROVE, old)
    assert "Det er ændret" in librarian.toasts[-1]
    teacher.taps(SEND)
    librarian.taps(APPROVE, old)
    assert "Det er ændret" in librarian.toasts[-1]
    assert offerings(librarian.town) == []
    passes(librarian.town)
    assert librarian.sees.text.startswith("Banko\n")


def test_what_waits_is_found_again_under_ones_offerings(librarian: Person, teacher: Person) -> None:
    hands_in(teacher)
    librarian.says("/mine_tilbud")
    librarian.taps("📥 Ét forslag venter")
    assert "Skal det udgives?" in librarian.taps("Julekor").text
    assert "⏳ Venter: Julekor" in [
        button["text"] for row in teacher.says("/mine_tilbud").buttons for button in row
    ]


def test_stolen_buttons_do_nothing(librarian: Person, teacher: Person) -> None:
    writes(teacher)
    go = teacher.taps("✅ Færdig").button(SEND)["callback_data"]
    assert_refused(librarian, go)
    teacher.taps(SEND)
    passes(librarian.town)
    approve = librarian.sees.button(APPROVE)["callback_data"]
    assert_refused(teacher, approve)
    assert_refused(employed(librarian.town, Role.COORDINATOR, KOEGE), approve)
    assert_refused(Person(librarian.town), approve)


def test_whoever_was_dismissed_writes_a_question_like_anybody(librarian: Person) -> None:
    writes(librarian)
    librarian.taps("✏️ Ret noget")
    librarian.taps("Titel")
    dismiss(librarian)
    assert librarian.says("musik i Ishøj").text.startswith("Musik i Ishøj")
    rows = librarian.town.database.read(lambda s: s.exec(select(Proposal)).all())
    assert rows == []


def test_in_english_it_is_all_the_same(changing_town: Town) -> None:
    person = employed(changing_town, Role.COORDINATOR, ISHOJ, language="en")
    person.says("/new")
    person.says("Winter choir")
    person.says("Saturday 5 December 1-3 pm")
    person.taps("✅ That is right ▸")
    person.says("Ishøj Bibliotek")
    person.taps("✅ Finished")
    assert "is published and can be found now" in person.taps("✅ Publish").text
    (row,) = offerings(changing_town)
    assert row.titles == {"en": "Winter choir"}
