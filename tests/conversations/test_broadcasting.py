"""/udsend: two colleagues of Ishøj write to six people there."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.offline import Message
from bot.progress import Progress
from bot.telegram_rules import utf16
from catalog.places import gazetteer
from catalog.staff import Role
from catalog.staff_model import AuditEntry
from reminders import broadcasts, people
from reminders.broadcast_progress import advance
from reminders.model import Broadcast
from tests.conversations.catalogue import ZONE
from tests.conversations.driver import Person, Town
from tests.conversations.staffing import ISHOJ, KOEGE, SCHOOLS, assert_refused, dismiss, employ

TEXT = "Kom til jul på biblioteket"
AFTERWARDS = {"minutes": 11}


@dataclass
class Library:
    """The town, the librarian who writes, a colleague, and six people who want news."""

    town: Town
    librarian: Person
    colleague: Person
    readers: list[Person]

    def __post_init__(self) -> None:
        self.progress = Progress(self.town.application)

    @property
    def broadcast(self) -> Broadcast:
        """The newest."""
        newest = select(Broadcast).order_by(col(Broadcast.id).desc())
        return self.town.database.read(lambda session: session.exec(newest).first())  # type: ignore[return-value]  # there is one

    def later(self, **time: float) -> None:
        """Time passes, and everything is done that is due."""
        self.town.later(**time)
        for _ in range(3):
            self.town.ticks()
        self.town.runner.run(self.progress.tick())

    def writes(self, text: str = TEXT) -> Message:
        """A new draft with this text; what the librarian sees then."""
        self.librarian.says("/udsend")
        self.librarian.taps("Ny udsendelse")
        return self.librarian.says(text)

    def hands_in(self) -> Message:
        """Counts and sends what is written."""
        self.librarian.taps("Tæl, og se den igennem")
        return self.librarian.taps("Send den ud")

    def got(self, reader: Person) -> list[Message]:
        return [m for m in reader.everything if "fordi du har sagt ja til nyt" in m.text]


@pytest.fixture
def library(changing_town: Town) -> Library:
    town = changing_town
    librarian, colleague = Person(town), Person(town)
    for one in (librarian, colleague):
        employ(one, Role.COORDINATOR, ISHOJ)
        one.says("/start")
    readers = [Person(town) for _ in range(6)]
    for reader in readers:
        wants_news(reader)
    return Library(town, librarian, colleague, readers)


def wants_news(person: Person, *, wanted: bool = True) -> None:
    """They live in Ishøj, and want news from staff or do not."""
    person.says("/start")
    key = gazetteer().named("Ishøj")[0].key

    def work(session: Session) -> None:
        people.set_news(session, person.chat_id, wanted)
        people.set_place(session, person.chat_id, key)

    person.town.database.write(work)


def newest(person: Person, words: str) -> Message:
    """The last message that says this; other things may have come since."""
    return next(message for message in reversed(person.everything) if words in message.text)


def labels(message: Message) -> list[str]:
    return [button["text"] for row in message.buttons for button in row]


def marked(text: str, *entities: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    """A message whose words are marked: (kind, words, more)."""
    found = [
        {"type": kind, "offset": utf16(text[: text.index(words)]), "length": utf16(words), **more}
        for kind, words, more in entities
    ]
    return {"text": text, "entities": found}


def photo(file_id: str, **more: Any) -> dict[str, Any]:
    return {"photo": [{"file_id": file_id, "file_unique_id": "u", "width": 90, "height": 90}], **more}


# Writing


def test_a_new_broadcast_begins_with_its_text_and_then_shows_everything(library: Library) -> None:
    assert "ingen udsendelser endnu" in library.librarian.says("/udsend").text
    assert "Skriv teksten på dansk" in library.librarian.taps("Ny udsendelse").text
    shown = library.librarian.says(TEXT)
    assert shown.text.splitlines() == [
        "📣 Udsendelse nr. 1 · kladde",
        f"🇩🇰 Dansk: «{TEXT}»",
        "🇬🇧 Engelsk: mangler – de, der bruger engelsk, får den danske",
        "🖼 Billede: nej",
        "🎟 Tilbud: ingen",
        "👥 Til: alle i Ishøj",
        "🕑 Sendes: så snart den er klar",
        "⛔ Aldrig efter: et døgn efter, at den er begyndt at gå ud",
    ]


def test_bold_and_links_are_kept_and_the_rest_is_dropped_and_said(library: Library) -> None:
    library.librarian.says("/udsend")
    library.librarian.taps("Ny udsendelse")
    link = {"url": "https://ishojbib.dk/?a=1&b=2"}
    said = marked(
        "🎄 Gratis <jul> & bog her nu",
        ("bold", "Gratis <jul>", {}),
        ("italic", "bog", {}),
        ("text_link", "her", link),
        ("text_link", "nu", {"url": "javascript:alert(1)"}),
    )
    shown = library.librarian.sends(**said)
    assert shown.text.startswith("✂️ Jeg beholdt fed skrift og links.")
    assert library.broadcast.texts["da"] == (
        '🎄 <b>Gratis &lt;jul&gt;</b> &amp; bog <a href="https://ishojbib.dk/?a=1&amp;b=2">her</a> nu'
    )


def test_a_test_comes_exactly_as_people_get_it(library: Library) -> None:
    library.writes()
    library.librarian.taps("Prøv på mig selv")
    tried, page = library.librarian.everything[-2:]
    assert tried.text == (f"{TEXT}\n\nDu får det her, fordi du har sagt ja til nyt fra kommunens kulturfolk.")
    assert labels(tried) == ["🔕 Slå fra"]
    assert page.text.startswith("☝️ Sådan får folk den.")
    library.hands_in()
    library.later(**AFTERWARDS)
    [got] = library.got(library.readers[0])
    assert (got.html, labels(got)) == (tried.html, labels(tried))


def test_what_telegram_refuses_is_told_and_cannot_be_handed_in(library: Library) -> None:
    library.writes()

    def spoil(session: Session) -> None:
        session.get_one(Broadcast, 1).texts = {"da": "Kom <til jul"}

    library.town.database.write(spoil)
    shown = library.librarian.presses("1:sb:1:count")
    assert shown.text.startswith("⛔ Telegram siger nej til den")
    assert labels(shown) == ["◂ Tilbage"]


def test_a_text_that_is_too_long_for_a_picture_is_told_in_characters(library: Library) -> None:
    library.writes("x" * 1000)
    library.librarian.taps("🖼 Billede")
    shown = library.librarian.sends(**photo("the-poster"))
    assert "⚠️ Den er 58 tegn for lang." in shown.text
    assert "tegn for lang" in library.librarian.taps("Tæl, og se den igennem").text


def test_a_photo_with_words_gives_both_the_picture_and_the_text(library: Library) -> None:
    library.librarian.says("/udsend")
    library.librarian.taps("Ny udsendelse")
    shown = library.librarian.sends(
        **photo("the-poster", caption=TEXT, caption_entities=marked(TEXT, ("bold", "jul", {}))["entities"])
    )
    assert "🖼 Billede: ja" in shown.text
    library.hands_in()
    library.later(**AFTERWARDS)
    [got] = library.got(library.readers[0])
    assert (got.photo, got.html.startswith("Kom til <b>jul</b>")) == ("the-poster", True)


def test_everybody_gets_their_own_language_and_the_other_where_one_is_missing(library: Library) -> None:
    library.readers[0].says("/sprog")
    library.readers[0].taps("English")
    library.writes()
    library.librarian.taps("Engelsk tekst")
    library.librarian.says("Come for Christmas")
    library.hands_in()
    library.later(**AFTERWARDS)
    assert library.readers[0].sees.text.startswith("Come for Christmas\n\nYou get this because")
    assert library.readers[1].sees.text.startswith(TEXT)


def test_offerings_are_found_by_words_and_by_link_and_can_be_followed(library: Library) -> None:
    library.writes()
    library.librarian.taps("🎟 Tilbud")
    found = library.librarian.says("julekoncert")
    label = next(label for label in labels(found) if "Julekoncert" in label)
    assert "✖️ Julekoncert" in labels(library.librarian.taps(label))
    comic = library.town.catalogue.cards(range(1, 20))[1]
    library.librarian.says(f"https://t.me/kulturlods_bot?start=o_{comic.public_id}")
    library.librarian.taps("➕ Tegn en tegneserie · lør. 28. nov. kl. 13")
    assert "Tilbud: Julekoncert og Tegn en tegneserie" in library.librarian.taps("Tilbage").text
    library.hands_in()
    library.later(**AFTERWARDS)
    reader = library.readers[0]
    [got] = library.got(reader)
    assert "1. Julekoncert\n   lør. 5. dec. kl. 19 · Ishøj Bibliotek" in got.text
    assert labels(got) == ["⭐ Følg 1", "ℹ️ Vis 1", "⭐ Følg 2", "ℹ️ Vis 2", "🔕 Slå fra"]
    reader.taps("⭐ Følg 1", got)
    assert "Du følger det nu." in reader.toasts[-1]
    assert labels(got)[0] == "✓ Følger 1"
    reader.taps("✓ Følger 1", got)
    assert "Julekoncert" in reader.sees.text
    reader.presses(f"1:nw:1:f:{comic.public_id}", got)
    assert library.broadcast.followed == 1


def test_mute_ends_it_at_once_and_is_counted_once(library: Library) -> None:
    library.writes()
    library.hands_in()
    library.later(**AFTERWARDS)
    reader = library.readers[0]
    [got] = library.got(reader)
    reader.taps("Slå fra", got)
    reader.taps("Slå fra", got)
    assert "Du får ikke mere nyt" in reader.toasts[-1]
    assert reader.row is not None
    assert reader.row.news is False
    assert library.broadcast.muted == 1


# Whom it is for


def test_the_audience_is_put_together_by_taps_and_told_in_words(library: Library) -> None:
    library.writes()
    library.librarian.taps("🎟 Tilbud")
    library.librarian.says("julekoncert")
    library.librarian.taps("➕ Julekoncert · lør. 5. dec. kl. 19")
    library.librarian.taps("Tilbage")
    library.librarian.taps("Til hvem")
    library.librarian.taps("Alder")
    library.librarian.taps("6–9 år")
    library.librarian.taps("10–12 år")
    library.librarian.taps("Tilbage")
    library.librarian.taps("Interesse")
    library.librarian.taps("musik")
    library.librarian.taps("Tilbage")
    library.librarian.taps("Har en gemt søgning, der passer til tilbuddene")
    library.librarian.taps("Arrangør")
    library.librarian.says("ishoj bib")
    library.librarian.taps("Ishøj Bibliotek")
    library.librarian.taps("Tilbage")
    assert library.librarian.sees.text.endswith(
        "Nu: alle i Ishøj, med børn eller søgninger for 6–9 år eller 10–12 år, "
        "som er til musik, har en gemt søgning, der passer eller følger Ishøj Bibliotek."
    )


def test_a_coordinator_writes_to_their_own_municipalities_only(library: Library) -> None:
    library.writes()
    library.librarian.taps("Til hvem")
    library.librarian.taps("Sted")
    library.librarian.taps("✓ Ishøj")
    assert library.librarian.toasts[-1].startswith("Du må kun skrive til dine egne kommuner")
    assert_refused(library.librarian, "1:sb:1:town:0259")
    assert library.broadcast.audience == {"municipalities": ["Ishøj"]}


def test_the_exact_count_comes_with_places_languages_and_who_is_left_out(library: Library) -> None:
    for neighbour in [Person(library.town) for _ in range(7)]:
        wants_news(neighbour, wanted=False)
    library.writes()
    shown = library.librarian.taps("Tæl, og se den igennem")
    assert shown.text.splitlines()[2:] == [
        "🔢 Den når 6 mennesker.",
        "📍 Ishøj: 6",
        "🌐 dansk: 6",
        "Får den ikke: har ikke sagt ja til nyt: 7",
        "👥 Til: alle i Ishøj",
        "🕑 Sendes: så snart den er klar",
        "",
        "Når du trykker, går der ti minutter, før den sendes. Så længe kan du tage den tilbage.",
    ]


def test_nobody_can_write_to_a_few_but_may_try_it_on_themselves(library: Library) -> None:
    for reader in library.readers[:2]:
        reader.says("/slet")
        reader.taps("Ja, slet alt")
    library.writes()
    shown = library.librarian.taps("Tæl, og se den igennem")
    assert "færre end 5 mennesker" in shown.text
    assert labels(shown) == ["◂ Tilbage"]
    hashed = library.town.database.read(lambda s: broadcasts.content_hash(s.get_one(Broadcast, 1)))
    assert library.librarian.presses(f"1:sb:1:go:{hashed[:12]}").text == "Det er for få. Gør kredsen større."
    assert library.broadcast.state == "draft"
    library.librarian.presses("1:sb:1:test")
    assert library.librarian.everything[-2].text.startswith(TEXT)


# When


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("i morgen kl. 9", "🕑 Sendes: i morgen kl. 9"),
        ("fredag kl. 16.30", "🕑 Sendes: fre. 27. nov. kl. 16.30"),
        ("kl. 18", "🕑 Sendes: i dag kl. 18"),
        ("lørdag", "🕑 Sendes: lør. 28. nov. kl. 9"),
    ],
)
def test_the_time_is_written_in_plain_words(library: Library, written: str, shown: str) -> None:
    library.writes()
    library.librarian.taps("Hvornår")
    assert shown in library.librarian.says(written).text


def test_a_time_that_is_over_or_no_time_is_asked_for_again(library: Library) -> None:
    library.writes()
    library.librarian.taps("Hvornår")
    assert "Det tidspunkt forstod jeg ikke" in library.librarian.says("blomkål").text
    assert "allerede forbi" in library.librarian.says("i dag kl. 9").text
    assert "i morgen kl. 9" in library.librarian.says("i morgen kl. 9").text


def test_it_goes_out_at_its_time_and_never_after_the_stated_one(library: Library) -> None:
    library.writes()
    library.librarian.taps("Hvornår")
    library.librarian.says("i morgen kl. 9")
    library.librarian.taps("Aldrig efter")
    assert "⛔ Aldrig efter: i morgen kl. 12" in library.librarian.says("i morgen kl. 12").text
    library.hands_in()
    library.later(hours=12)
    assert library.got(library.readers[0]) == []
    library.later(hours=10)
    assert library.broadcast.state == "expired"
    assert library.got(library.readers[0]) == []


# The life of one


def test_it_can_be_taken_back_for_ten_minutes(library: Library) -> None:
    library.writes()
    shown = library.hands_in()
    assert "Den går ud i dag kl. 15.10" in shown.text
    library.later(minutes=9)
    library.librarian.taps("Tag den tilbage")
    assert "· kladde" in newest(library.librarian, "Udsendelse nr. 1").text
    library.later(hours=1)
    assert library.got(library.readers[0]) == []


def test_progress_is_told_in_one_message_and_ends_in_a_report(library: Library) -> None:
    library.town.api.block(library.readers[0].chat_id)
    library.writes()
    held = library.hands_in()
    library.town.runner.run(library.progress.tick())
    library.town.later(minutes=11)
    library.town.ticks()
    library.town.runner.run(library.progress.tick())
    assert held.edited > 0
    library.later(seconds=10)
    assert newest(library.librarian, "Udsendelse nr. 1").text.splitlines() == [
        "📣 Udsendelse nr. 1 · sendt",
        "Den er slut: alle har haft deres tur.",
        "👥 I alt: 6",
        "✅ Sendt: 5",
        "🚫 Kunne ikke nås: 1",
    ]
    statuses = [m for m in library.librarian.everything if m.text.startswith("📣 Udsendelse nr. 1")]
    assert len(statuses) == 2  # the draft, and the one that tells the progress
    assert [len(library.got(reader)) for reader in library.readers[1:]] == [1] * 5


def test_an_unchanged_progress_message_is_not_edited_again(library: Library) -> None:
    library.writes()
    library.hands_in()
    library.later(minutes=1)
    calls = len(library.town.api.calls)
    assert library.town.runner.run(library.progress.tick()) == ""
    assert len(library.town.api.calls) == calls


def test_pause_go_on_and_stop(library: Library) -> None:
    library.writes()
    library.hands_in()
    begins(library)
    shown = library.librarian.presses("1:sb:1")
    assert labels(shown) == ["⏸ Pause", "⏹ Stop"]
    assert labels(library.librarian.taps("Pause")) == ["▶️ Fortsæt", "⏹ Stop"]
    library.later(minutes=1)
    assert library.got(library.readers[0]) == []
    assert "Skal jeg stoppe" in library.librarian.taps("Stop").text
    assert library.librarian.taps("Ja, stop").text == "⏹ Stopper udsendelse nr. 1."
    library.later(minutes=1)
    assert library.got(library.readers[0]) == []
    assert library.broadcast.state == "stopped"


def test_going_on_after_a_pause_reaches_everybody_once(library: Library) -> None:
    library.writes()
    library.hands_in()
    begins(library)
    library.librarian.presses("1:sb:1:pause")
    library.later(minutes=1)
    library.librarian.presses("1:sb:1:on")
    library.later(minutes=1)
    assert [len(library.got(reader)) for reader in library.readers] == [1] * 6


def test_a_pause_that_came_by_itself_is_explained_in_a_new_message(library: Library) -> None:
    library.writes()
    library.hands_in()
    begins(library)
    library.town.runner.run(library.progress.tick())

    def halt(session: Session) -> None:
        broadcasts.pause(session, session.get_one(Broadcast, 1), "canary", library.town.now)

    library.town.database.write(halt)
    before = library.librarian.sees.message_id
    library.town.runner.run(library.progress.tick())
    assert library.librarian.sees.message_id > before
    assert "🐤 De første 200 har fået den." in library.librarian.sees.text
    library.librarian.taps("Fortsæt")
    library.later(minutes=1)
    assert len(library.got(library.readers[0])) == 1


def test_a_wrong_one_is_withdrawn_after_asking_and_corrected_to_the_same(library: Library) -> None:
    library.writes()
    library.hands_in()
    library.later(**AFTERWARDS)
    library.later(minutes=1)
    newcomer = Person(library.town)
    wants_news(newcomer)
    assert "Skal jeg trække udsendelse nr. 1 tilbage?" in library.librarian.taps("Træk tilbage").text
    library.librarian.taps("Ja, træk den tilbage")
    assert library.broadcast.state == "withdrawn"
    library.later(minutes=1)
    shown = library.librarian.presses("1:sb:1:fix")
    assert "👥 Til: dem, der fik nr. 1" in shown.text
    assert "👥 Til hvem" not in labels(shown)
    library.librarian.taps("Dansk tekst")
    library.librarian.says("Undskyld: det er den 6.")
    library.hands_in()
    library.later(**AFTERWARDS)
    assert [len(library.got(reader)) for reader in library.readers] == [2] * 6
    assert library.got(newcomer) == []


# A second person


@pytest.fixture
def many(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Six people are many here."""
    monkeypatch.setattr("reminders.broadcasts.SECOND_PERSON_FROM", 6)
    monkeypatch.setattr("bot.replies.broadcast_status.SECOND_PERSON_FROM", 6)
    return library


def decides(library: Library, label: str) -> Message:
    """The colleague taps this under what they were asked."""
    message = newest(library.colleague, "har brug for dit ja")
    library.colleague.taps(label, message)
    return message


def asks_colleague(library: Library) -> None:
    library.librarian.taps("Tæl, og se den igennem")
    library.librarian.taps("Bed en kollega om at godkende")
    library.town.ticks()


def test_a_colleague_sees_the_text_the_audience_and_the_count_and_approves(many: Library) -> None:
    many.writes()
    asks_colleague(many)
    assert newest(many.colleague, "har brug for dit ja").text.splitlines() == [
        "👀 En kollega vil sende udsendelse nr. 1 og har brug for dit ja.",
        "👥 Til alle i Ishøj – 6 mennesker",
        "🕑 Sendes: så snart den er klar",
        "",
        "Dansk:",
        TEXT,
    ]
    assert decides(many, "Godkend").text == "✅ Du har godkendt udsendelse nr. 1."
    many.later(minutes=1)
    assert [len(many.got(reader)) for reader in many.readers] == [1] * 6
    assert any("er godkendt" in message.text for message in many.librarian.everything)


def test_with_a_picture_it_must_be_looked_at_before_it_can_be_approved(many: Library) -> None:
    many.writes()
    many.librarian.taps("🖼 Billede")
    many.librarian.sends(**photo("the-poster"))
    asks_colleague(many)
    assert labels(newest(many.colleague, "har brug for dit ja")) == ["👀 Se den, som folk får den"]
    decides(many, "Se den, som folk får den")
    assert many.colleague.everything[-2].photo == "the-poster"
    assert labels(many.colleague.sees) == ["✅ Godkend", "✖️ Afvis"]


def test_declined_it_is_a_draft_again_and_its_author_hears_of_it(many: Library) -> None:
    many.writes()
    asks_colleague(many)
    note = newest(many.colleague, "har brug for dit ja")
    decides(many, "Afvis")
    many.later(seconds=10)
    assert many.broadcast.state == "draft"
    assert newest(many.librarian, "En kollega har afvist udsendelse nr. 1")
    many.colleague.presses("1:sb:1:yes:0123456789ab", note)
    assert many.colleague.toasts[-1] == "Det er allerede afgjort."


def test_an_edit_voids_the_button_that_approves(many: Library) -> None:
    many.writes()
    asks_colleague(many)
    note = newest(many.colleague, "har brug for dit ja")
    old = note.button("✅ Godkend")["callback_data"]
    many.librarian.taps("Tag den tilbage")
    many.librarian.taps("Dansk tekst")
    many.librarian.says("Noget helt andet")
    asks_colleague(many)
    many.colleague.presses(old, note)
    assert many.colleague.toasts[-1] == "Den er ændret, siden du så den. Se den igennem igen."
    assert many.broadcast.state == "waiting"
    assert "Noget helt andet" in newest(many.colleague, "har brug for dit ja").text


def test_nobody_approves_their_own_and_without_a_colleague_it_waits_for_nobody(many: Library) -> None:
    many.writes()
    asks_colleague(many)
    hashed = many.town.database.read(lambda s: broadcasts.content_hash(s.get_one(Broadcast, 1)))
    many.librarian.presses(f"1:sb:1:yes:{hashed[:12]}")
    assert many.librarian.toasts[-1] == "Du kan ikke godkende din egen."
    many.librarian.presses("1:sb:1:back")
    dismiss(many.colleague)
    many.librarian.taps("Tæl, og se den igennem")
    assert "ingen kollega, der kan godkende" in many.librarian.taps("Bed en kollega om at godkende").text
    assert many.broadcast.state == "draft"


# Whose it is


def test_a_draft_is_its_authors_and_nobody_elses(library: Library) -> None:
    library.writes()
    elsewhere = Person(library.town)
    employ(elsewhere, Role.COORDINATOR, KOEGE)
    ambassador = Person(library.town)
    employ(ambassador, Role.AMBASSADOR, SCHOOLS)
    for verb in (
        "",
        ":da",
        ":clear:da",
        ":pic",
        ":off",
        ":who",
        ":town:0183",
        ":when",
        ":test",
        ":scrap",
        ":fix",
    ):
        for thief in (library.colleague, elsewhere, ambassador, library.readers[0]):
            assert_refused(thief, f"1:sb:1{verb}")


def test_colleagues_there_may_stop_what_is_under_way_and_others_may_not(library: Library) -> None:
    library.writes()
    library.hands_in()
    begins(library)
    elsewhere = Person(library.town)
    employ(elsewhere, Role.COORDINATOR, KOEGE)
    for verb in ("", ":pause", ":stop", ":halt", ":withdraw", ":undo", ":fix"):
        assert_refused(elsewhere, f"1:sb:1{verb}")
    library.colleague.says("/udsend")
    library.colleague.taps("1")
    library.colleague.taps("Pause")
    assert library.broadcast.state == "paused"


def test_what_is_under_way_cannot_be_edited_from_an_old_screen(library: Library) -> None:
    library.writes()
    library.hands_in()
    library.later(**AFTERWARDS)
    library.librarian.presses("1:sb:1:clear:da")
    assert library.librarian.toasts[-1] == "Den er allerede på vej og kan ikke rettes."
    assert library.broadcast.texts == {"da": TEXT}


@pytest.mark.parametrize("what", ["1:add:x", "1:add:99999999999999", "1:nosuch", "77", "1:age:x.y"])
def test_data_that_we_never_wrote_does_nothing(library: Library, what: str) -> None:
    library.writes()
    assert_refused(library.librarian, f"1:sb:{what}")


def test_everything_is_in_the_log(library: Library) -> None:
    library.writes()
    library.hands_in()
    library.librarian.taps("Tag den tilbage")
    library.librarian.taps("Slet kladden")
    assert library.librarian.taps("Ja, slet").text.startswith("Kladden er slettet.")
    entries = library.town.database.read(lambda s: s.exec(select(AuditEntry)).all())
    assert [e.action for e in entries if e.target == "broadcast:1"] == ["submit", "take-back", "discard"]


def begins(library: Library) -> None:
    """Its recipients are written down, and nothing is sent yet."""
    library.town.later(minutes=11)
    town = library.town
    for _ in range(2):
        town.database.write(
            lambda s: advance(s, s.get_one(Broadcast, 1), town.now, ZONE, town.catalogue.search_new)
        )
