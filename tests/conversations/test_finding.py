"""Asking, paging, opening a card, and asking on."""

from tests.conversations.catalogue import ISHOJ_STATION
from tests.conversations.driver import Person, Town


def labels(message: object) -> list[list[str]]:
    return [[button["text"] for button in row] for row in message.buttons]  # type: ignore[attr-defined]  # a Message


def test_a_question_is_answered_in_one_message_that_says_how_it_was_understood(person: Person) -> None:
    answer = person.says("gratis workshops for unge i Ishøj i weekenden")
    assert len(person.everything) == 1
    assert answer.text.splitlines()[0] == "Gratis workshops for unge i Ishøj i weekenden:"
    assert "Tegn en tegneserie" in answer.text
    assert "lør. 28. nov. kl. 13 · Ishøj Bibliotek" in answer.text
    assert "Graffiti" not in answer.text
    assert "Keramik" not in answer.text
    assert labels(answer)[0] == ["1", "2", "3", "4"]
    assert labels(answer)[1] == ["✕ gratis", "✕ i weekenden", "✕ i Ishøj"][: len(labels(answer)[1])]


def test_an_english_question_gets_an_english_answer_and_the_setting_stays(person: Person) -> None:
    person.says("/start")
    answer = person.says("free workshops for young people in Ishøj this weekend")
    assert answer.text.splitlines()[0] == "Free workshops for young people in Ishøj this weekend:"
    assert "Draw a comic" in answer.text
    assert person.taps("1").buttons[-1][-1]["text"] == "◂ Back"
    assert person.row is not None
    assert person.row.language == "da"


def test_more_pages_edit_the_same_message(person: Person) -> None:
    first = person.says("workshops for unge")
    assert "1–5 af 8" in first.text
    before = first.text
    second = person.taps("Flere")
    assert "6–8 af 8" in second.text
    assert len(person.everything) == 1
    assert person.taps("Forrige").text == before


def test_a_card_takes_the_lists_place_and_gives_it_back(person: Person) -> None:
    person.says("gratis workshops for unge i Ishøj i weekenden")
    before = person.sees.text
    number = 1 + next(n for n, line in enumerate(before.splitlines()[1::2]) if "tegneserie" in line)
    card = person.taps(str(number))
    assert card.text.startswith("Tegn en tegneserie")
    assert "Vi tegner sammen <med> tusch & blyant." in card.text
    assert card.preview == "https://www.kultur.example/tegn.jpg"
    assert person.taps("Tilbage").text == before
    assert person.sees.preview is None
    assert len(person.everything) == 1


def test_back_leads_to_the_page_one_came_from(person: Person) -> None:
    person.says("workshops for unge")
    page = person.taps("Flere").text
    person.taps("2")
    assert person.taps("Tilbage").text == page


def test_a_chip_takes_a_constraint_away(person: Person) -> None:
    person.says("gratis workshops for unge i Ishøj i weekenden")
    answer = person.taps("✕ gratis")
    assert answer.text.splitlines()[0] == "Workshops for unge i Ishøj i weekenden:"
    assert "Graffiti for begyndere" in answer.text
    assert len(person.everything) == 1


def test_a_number_written_as_text_opens_that_row(person: Person) -> None:
    person.says("gratis workshops for unge i Ishøj i weekenden")
    title = person.sees.text.splitlines()[1].removeprefix("1. ")
    assert person.says("1").text.startswith(title)
    assert "◂ Tilbage" in labels(person.sees)[-1]
    assert person.says("9").text == "Der er ikke noget nummer 9 på listen."


def test_more_written_as_text_goes_on_until_all_is_seen(person: Person) -> None:
    person.says("workshops for unge")
    assert "6–8 af 8" in person.says("flere").text
    assert person.says("flere").text.startswith("Det var alt")


def test_follow_ups_refine_the_question(person: Person) -> None:
    person.says("workshops for unge i Ishøj")
    assert person.says("kun gratis").text.startswith("Gratis workshops for unge i Ishøj")
    answer = person.says("og i Køge?")
    assert answer.text.startswith("Gratis workshops for unge i Køge")
    assert "Keramik i Køge" in answer.text


def test_after_half_an_hour_a_question_stands_alone_again(person: Person, town: Town) -> None:
    person.says("workshops for unge i Ishøj")
    town.later(minutes=31)
    assert "Ishøj" not in person.says("gratis koncerter").text.splitlines()[0]


def test_mended_words_are_told(person: Person) -> None:
    assert "worskhops" in person.says("worskhops for unge i Ishøj").text


def test_what_does_not_exist_is_said_and_what_comes_closest_is_shown(person: Person) -> None:
    answer = person.says("gratis koncerter i Ishøj i weekenden")
    first = answer.text.splitlines()[0]
    assert first.startswith("Jeg kan ikke finde gratis koncerter i Ishøj i weekenden.")
    assert "kommer tættest på" in first
    assert labels(answer)[0][0] == "1"


def test_a_cancelled_concert_is_in_no_list(person: Person) -> None:
    assert "rockaften" not in person.says("koncerter i weekenden").text


def test_near_me_asks_for_a_place_and_then_answers_the_question(person: Person) -> None:
    asked = person.says("workshops for unge tæt på mig")
    assert asked.reply_keyboard is not None
    assert asked.reply_keyboard[0][0]["request_location"] is True
    answer = person.shares_place(*ISHOJ_STATION)
    note = person.everything[-2]
    assert "2635 Ishøj" in note.text
    assert note.reply_keyboard == []
    assert answer.text.splitlines()[0] == "Workshops for unge tæt på dig:"
    assert " m · " in answer.text or " km · " in answer.text


def test_a_place_may_be_written_instead(person: Person) -> None:
    person.says("workshops for unge tæt på mig")
    answer = person.says("Køge")
    assert answer.text.splitlines()[0] == "Workshops for unge i Køge:"
    assert "Keramik i Køge" in answer.text
    assert "Køge" in person.everything[-2].text
    assert person.row is not None
    assert person.row.place_key == "municipality:0259"


def test_another_question_may_come_instead_of_a_place(person: Person) -> None:
    person.says("workshops tæt på mig")
    assert person.says("koncerter i Køge").text.splitlines()[0] == "Koncerter i Køge:"


def test_a_known_place_serves_the_next_time_without_asking(person: Person, town: Town) -> None:
    person.says("workshops for unge tæt på mig")
    person.says("2635")
    town.later(hours=2)
    assert person.says("workshops tæt på mig").text.splitlines()[0] == "Workshops tæt på 2635 Ishøj:"
    person.taps("Et andet sted")
    assert person.says("Køge").text.splitlines()[0] == "Workshops i Køge:"


def test_a_place_is_asked_and_noted_in_the_language_of_the_question(person: Person) -> None:
    asked = person.says("what youth workshops are near me")
    assert asked.reply_keyboard is not None
    assert asked.reply_keyboard[0][0]["text"] == "📍 Share where I am"
    assert person.says("qqqq wwww").text.startswith("I don't know that place")
    answer = person.shares_place(*ISHOJ_STATION)
    assert person.everything[-2].text.startswith("Thank you!")
    assert answer.text.startswith("Workshops for young people near you:")


def test_a_question_without_any_answer_does_not_cling_to_the_next(person: Person) -> None:
    person.says("noget med kattekillinger")
    assert person.says("i weekenden").text.splitlines()[0] == "Oplevelser i weekenden:"


def test_only_the_postcode_of_a_position_is_stored(person: Person) -> None:
    person.shares_place(*ISHOJ_STATION)
    assert person.row is not None
    assert person.row.place_key == "postcode:2635"
    assert "55.6" not in str(person.row.model_dump())


def test_near_me_can_be_tapped_under_a_list(person: Person) -> None:
    person.says("workshops for unge")
    person.taps("Tæt på mig")
    assert person.shares_place(*ISHOJ_STATION).text.splitlines()[0] == "Workshops for unge tæt på dig:"


def test_a_place_outside_denmark_is_not_kept(person: Person) -> None:
    assert "uden for Danmark" in person.shares_place(48.85, 2.35).text
    assert person.row is not None
    assert person.row.place_key is None


def test_the_map_is_a_venue_and_the_calendar_a_file(person: Person) -> None:
    person.says("gratis workshops for unge i Ishøj i weekenden")
    card = person.taps("1")
    spot = person.taps("Kort", card)
    assert spot.venue is not None
    assert spot.venue["title"] in card.text
    name, content = person.taps("Kalender", card).document or ("", b"")
    assert name.endswith(".ics")
    assert content.startswith(b"BEGIN:VCALENDAR")


def test_sharing_gives_a_link_that_opens_the_card(person: Person, town: Town) -> None:
    person.says("gratis workshops for unge i Ishøj i weekenden")
    card = person.taps("1")
    link = card.button("Del")["url"]
    payload = link.split("start%3D")[1].split("&")[0]
    friend = Person(town, language="en")
    opened = friend.says(f"/start {payload}")
    assert opened.text.splitlines()[2:] != []
    assert [button["text"] for button in opened.buttons[-1]] == ["↗ Share"]


def test_a_link_to_nothing_is_answered_kindly(person: Person) -> None:
    assert person.says("/start o_nothere").text == "Det her findes ikke længere i programmet."
    assert "Kulturlods" in person.says("/start <script>").text
