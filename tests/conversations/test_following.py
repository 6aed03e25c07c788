"""Following, being reminded, putting off, and being told that it is off."""

import datetime as dt

import pytest

from catalog.drafts import OfferingDraft
from catalog.values import Category, Status, Tariff
from tests.conversations.catalogue import COMIC, CONCERT, FREE, LIBRARY, NOW, PROGRAMME, offering, when
from tests.conversations.driver import Person, Town, wants_no_news

JULEKONCERT = next(draft for draft in PROGRAMME if draft.titles["da"] == "Julekoncert")


@pytest.fixture
def town(changing_town: Town) -> Town:
    return changing_town


def labels(message: object) -> list[str]:
    return [button["text"] for row in message.buttons for button in row]  # type: ignore[attr-defined]  # a Message


def opens(person: Person, title: str) -> None:
    """Asks for this offering and opens its card."""
    answer = person.says(title)
    number = next(
        line.split(".")[0] for line in answer.text.splitlines() if title in line and line[0].isdigit()
    )
    person.taps(number, answer)


def card_of(town: Town, title: str) -> str:
    """The public id of what is called that."""
    query = town.catalogue.understand(title, town.now, language="da").query
    hits = town.catalogue.search(query, town.now, limit=20).hits
    cards = town.catalogue.cards([hit.offering_id for hit in hits]).values()
    return next(card.public_id for card in cards if card.titles["da"] == title)


def follows(person: Person, title: str = "Julekoncert") -> None:
    opens(person, title)
    person.taps("Følg")


def test_the_first_follow_says_when_reminders_come_and_the_card_shows_it(person: Person) -> None:
    opens(person, "Julekoncert")
    person.taps("Følg")
    card = person.everything[-2]
    assert "dagen før kl. 17 og 2 timer før" in person.toasts[-1]
    assert "⭐ Følger" in labels(card)
    assert "◂ Tilbage" in labels(card)
    follows(person, "Jazz")
    assert person.toasts[-1] == "Du følger det nu."


def test_reminders_come_the_day_before_and_two_hours_before(person: Person, town: Town) -> None:
    follows(person)
    before = len(person.everything)
    town.waits_until(12, 4, 16, 59)
    assert len(person.everything) == before
    town.waits_until(12, 4, 17)
    assert person.sees.text.splitlines() == [
        "I morgen kl. 19 – Julekoncert",
        "📍 Ishøj Bibliotek, Ishøj Store Torv 1, 2635 Ishøj",
    ]
    assert labels(person.sees) == ["⏰ Udsæt", "🗺 Kort", "⋯ Mere"]
    town.waits_until(12, 5, 17)
    assert person.sees.text.startswith("I dag kl. 19 – Julekoncert")
    assert len(person.everything) == before + 2
    town.waits_until(12, 5, 18)
    assert len(person.everything) == before + 2


def test_a_reminder_can_be_put_off(person: Person, town: Town) -> None:
    follows(person)
    town.waits_until(12, 5, 17)
    reminder = person.sees
    person.taps("Udsæt", reminder)
    assert labels(reminder) == ["⏰ Om 10 minutter", "⏰ Om 30 minutter", "⏰ Om 1 time", "◂ Tilbage"]
    person.taps("⏰ Om 1 time", reminder)
    assert person.toasts[-1] == "Fint, jeg siger til igen i dag kl. 18."
    assert labels(reminder) == ["⏰ Udsæt", "🗺 Kort", "⋯ Mere"]
    before = len(person.everything)
    town.waits_until(12, 5, 18)
    assert len(person.everything) == before + 1
    assert person.sees.text.startswith("I dag kl. 19 – Julekoncert")


def test_a_reminder_can_also_be_put_off_from_the_list_of_what_one_follows(person: Person, town: Town) -> None:
    follows(person)
    town.waits_until(12, 4, 17)
    person.says("/mine")
    page = person.taps("1")
    person.taps("⏰ I morgen tidlig", page)
    assert person.toasts[-1] == "Fint, jeg siger til igen i morgen kl. 8."
    assert "Næste påmindelse: i morgen kl. 8" in page.text
    town.waits_until(12, 5, 8)
    assert person.sees.text.startswith("I dag kl. 19 – Julekoncert")


def test_more_tells_why_gives_the_calendar_and_ends_it(person: Person, town: Town) -> None:
    follows(person)
    town.waits_until(12, 4, 17)
    reminder = person.sees
    person.taps("Mere", reminder)
    assert labels(reminder) == [
        "📅 Kalender",
        "ℹ️ Vis",
        "✖️ Følg ikke længere",
        "❓ Hvorfor får jeg det her?",
        "◂ Tilbage",
    ]
    person.taps("❓ Hvorfor får jeg det her?", reminder)
    assert person.toasts[-1].startswith("Du får det her, fordi du følger «Julekoncert».")
    assert person.taps("Kalender", reminder).document is not None
    person.taps("✖️ Følg ikke længere", reminder)
    assert labels(reminder) == ["ℹ️ Vis"]
    before = len(person.everything)
    town.waits_until(12, 5, 17)
    assert len(person.everything) == before


def test_a_cancellation_after_an_import_comes_with_something_like_it(person: Person, town: Town) -> None:
    follows(person, "Jazz")
    town.now = NOW + dt.timedelta(hours=1)
    town.imports(
        next(d for d in PROGRAMME if "Jazz" in d.titles["da"]).model_copy(update={"status": Status.CANCELLED})
    )
    town.waits_until(11, 25, 16, 20)
    assert person.sees.text.splitlines()[:2] == [
        "❌ Aflyst: Jazz i caféen",
        "Fre. 27. nov. kl. 20 · Køge Kulturhus",
    ]
    before = len(person.everything)
    town.waits_until(11, 26, 17)
    town.waits_until(11, 27, 18)
    assert len(person.everything) == before


def test_a_new_time_and_place_are_told_old_and_new(person: Person, town: Town) -> None:
    follows(person)
    town.now = NOW + dt.timedelta(hours=1)
    moved = offering(10, "Julekoncert", LIBRARY, when(6, 18, month=12), **CONCERT, **FREE)
    town.imports(moved)
    town.waits_until(11, 25, 16, 20)
    assert person.sees.text.splitlines()[0] == "🔄 Nyt om Julekoncert"
    assert "Ny tid: søn. 6. dec. kl. 18 (før: lør. 5. dec. kl. 19)" in person.sees.text
    town.waits_until(12, 5, 17)
    assert person.sees.text.startswith("I morgen kl. 18 – Julekoncert")


def test_one_may_follow_a_single_date_the_organiser_and_stop(person: Person, town: Town) -> None:
    town.imports(
        offering(20, "Kor hver uge", LIBRARY, when(1, 19, month=12), when(8, 19, month=12), **CONCERT)
    )
    wants_no_news(person)
    follows(person, "Kor hver uge")
    choices = person.taps("Følger")
    assert "✓ Alle datoer" in labels(choices)
    dates = person.taps("Kun én dato ▸")
    person.taps("tirs. 8. dec. kl. 19", dates)
    assert "✓ tirs. 8. dec. kl. 19" in labels(person.sees)
    choices = person.taps("Tilbage")
    assert "Alle datoer" in labels(choices)
    person.taps("Alt nyt fra Ishøj Bibliotek")
    assert "✓ Alt nyt fra Ishøj Bibliotek" in labels(person.sees)
    person.taps("✖️ Følg ikke længere")
    assert not any(label.startswith("✓") for label in labels(person.sees))
    assert "⭐ Følg" in labels(person.taps("Tilbage"))


def test_mine_lists_by_date_and_each_thing_has_its_own_screen(person: Person) -> None:
    assert "Du følger ikke noget endnu" in person.says("/mine").text
    follows(person)
    follows(person, "Jazz")
    page = person.says("/mine")
    assert page.text.splitlines() == [
        "⭐ Det følger du",
        "1. Jazz i caféen",
        "fre. 27. nov. kl. 20 · Køge Kulturhus",
        "2. Julekoncert",
        "lør. 5. dec. kl. 19 · Ishøj Bibliotek",
    ]
    one = person.taps("2")
    assert "⏰ dagen før kl. 17 og 2 timer før (som ellers)" in one.text
    assert "Næste påmindelse: fre. 4. dec. kl. 17" in one.text
    assert person.taps("ℹ️ Vis").text.startswith("Julekoncert")
    person.taps("✖️ Følg ikke længere", one)
    assert "Julekoncert" not in one.text


def test_lead_times_can_be_tapped_and_typed_for_one_thing(person: Person, town: Town) -> None:
    follows(person)
    person.says("/mine")
    person.taps("1")
    person.taps("⏰ Påmindelser")
    person.taps("✓ dagen før kl. 17")
    person.taps("✓ 2 timer før")
    assert "Nu: ingen påmindelser." in person.sees.text
    assert "Nu: 10 minutter før." in person.says("10 min").text
    written = person.says("3 timer før")
    assert "Nu: 3 timer før og 10 minutter før." in written.text
    town.waits_until(12, 5, 16)
    assert person.sees.text.startswith("I dag kl. 19 – Julekoncert")
    person.taps("✓ 3 timer før", written)
    before = len(person.everything)
    town.waits_until(12, 5, 18, 50)
    assert len(person.everything) == before + 1


def test_a_question_is_still_a_question_while_a_screen_is_open(person: Person) -> None:
    person.says("/indstillinger")
    person.taps("⏰ Påmindelser")
    assert person.says("koncerter i Køge").text.startswith("Koncerter i Køge:")


def test_a_link_follows_and_shows_the_card(person: Person, town: Town) -> None:
    opens(person, "Julekoncert")
    friend = Person(town)
    link = person.sees.button("Følg")["callback_data"].rpartition(":")[2]
    card = friend.says(f"/start f_{link}")
    assert "dagen før kl. 17" in friend.everything[-2].text
    assert "⭐ Følger" in labels(card)
    assert friend.says("/start f_nothere").text == "Det her findes ikke længere i programmet."


def test_in_a_group_one_is_kindly_sent_to_the_private_chat(town: Town) -> None:
    group = Person(town, chat_type="group")
    group.says("/find Julekoncert")
    card = group.taps("1")
    assert card.button("Følg")["url"].startswith("https://t.me/kulturlods_bot?start=f_")
    for command in ("/mine", "/familie", "/settings", "/mine_data"):
        assert group.says(command).buttons[0][0]["url"].startswith("https://t.me/kulturlods_bot")
    assert group.row is None


def test_nobody_touches_what_is_another_persons(person: Person, town: Town) -> None:
    follows(person)
    town.waits_until(12, 4, 17)
    delivery = person.sees.button("Udsæt")["callback_data"]
    stranger = Person(town)
    stranger.says("/start")
    page = person.says("/mine").button("1")["callback_data"]
    for data in (
        delivery,
        delivery.replace("snooze", "stop"),
        delivery.replace("snooze", "why"),
        page,
        f"{page}:stop",
    ):
        stranger.presses(data)
        assert stranger.toasts[-1] == "Den knap virker ikke længere."
    assert "Julekoncert" in person.says("/mine").text


def test_erasing_ends_everything_also_what_was_to_come(person: Person, town: Town) -> None:
    follows(person)
    person.says("/slet")
    person.taps("Ja, slet alt")
    before = len(person.everything)
    town.waits_until(12, 4, 17)
    town.waits_until(12, 5, 17)
    assert len(person.everything) == before


def test_who_blocks_the_bot_gets_nothing_and_all_again_when_they_come_back(
    person: Person, town: Town
) -> None:
    follows(person)
    town.deliver(town.api.block(person.chat_id))
    assert person.row is not None
    assert person.row.inactive_since is not None
    town.deliver(town.api.block(person.chat_id, is_blocked=False))
    assert person.row.inactive_since is None
    before = len(person.everything)
    town.waits_until(12, 4, 17)
    assert len(person.everything) == before + 1


def test_everything_that_is_stored_comes_as_a_file(person: Person) -> None:
    follows(person)
    name, content = person.says("/mine_data").document or ("", b"")
    assert name == "kulturlods.json"
    assert "Julekoncert" in content.decode()


def test_a_place_that_becomes_free_is_told_once(person: Person, town: Town) -> None:
    def course(remaining: int) -> OfferingDraft:
        facts = {"capacity": 10, "remaining": remaining, "categories": (Category.DANCE,)}
        return offering(21, "Dans for alle", LIBRARY, when(10, 17, month=12), **facts)

    town.imports(course(0))
    wants_no_news(person)
    follows(person, "Dans for alle")
    person.taps("Følger")
    person.taps("Sig til, når der er plads")
    town.later(minutes=1)
    town.imports(course(2))
    assert person.sees.text.splitlines()[0] == "🎟 Der er blevet plads: Dans for alle"


def test_a_price_for_the_family_stands_on_the_card(person: Person, town: Town) -> None:
    prices = {"price_kind": "amounts", "prices": {Tariff.ADULT: 120.0, Tariff.CHILD: 60.0}}
    town.imports(offering(22, "Cirkus", LIBRARY, when(12, 15, month=12), **prices))
    person.says("/familie")
    for year in ("2018", "2021"):
        person.taps("➕ Tilføj et barn")
        person.taps(year)
        person.taps("Tilbage")
    opens(person, "Cirkus")
    assert "👪 I alt for jer: 240 kr. (1 voksen og 2 børn)" in person.sees.text


def test_the_comic_has_no_total_for_it_is_free(person: Person) -> None:
    opens(person, COMIC.titles["da"])
    assert "I alt for jer" not in person.sees.text


def test_many_follows_come_five_at_a_time(person: Person, town: Town) -> None:
    town.imports(*(offering(60 + n, f"Ting {n}", LIBRARY, when(10 + n, 17, month=12)) for n in range(7)))
    for number in range(7):
        link = card_of(town, f"Ting {number}")
        person.says(f"/start f_{link}")
    page = person.says("/mine")
    assert "1–5 af 7" in page.text
    person.taps("Flere")
    assert "6–7 af 7" in page.text
    assert page.text.splitlines()[1] == "1. Ting 5"
    assert person.taps("2").text.startswith("Ting 6")
    person.taps("Tilbage")
    assert "1–5 af 7" in page.text


def test_another_command_closes_what_was_open(person: Person) -> None:
    person.says("/indstillinger")
    person.taps("📍 Sted")
    person.says("/hjaelp")
    assert person.says("Køge").text.startswith("Oplevelser i Køge:")
