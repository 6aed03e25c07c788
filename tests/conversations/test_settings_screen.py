"""/indstillinger: one screen that shows everything and changes it."""

import datetime as dt

import pytest

from tests.conversations.driver import Person, Town


def opens(person: Person, *labels: str) -> None:
    person.says("/indstillinger")
    for label in labels:
        person.taps(label)


def test_one_screen_shows_everything_with_good_defaults(person: Person) -> None:
    assert person.says("/indstillinger").text.splitlines() == [
        "⚙️ Indstillinger",
        "🌐 Sprog: Dansk",
        "📍 Sted: ikke valgt",
        "⏰ Påmindelser: dagen før kl. 17 og 2 timer før",
        "🌙 Ro: kl. 21–8",
        "🔔 Nyt til dig: løbende, højst én gang om dagen",
        "✋ Højst 7 beskeder om ugen – påmindelser og ændringer tæller ikke med",
        "💬 Spørge, om du kom af sted: ja",
        "📣 Nyt fra kommunens kulturfolk: nej",
    ]
    assert len(person.everything) == 1


@pytest.mark.parametrize(
    ("labels", "shown"),
    [
        (("🌐 Sprog", "English"), "🌐 Language: English"),
        (("🌙 Ro", "22", "Tilbage"), "🌙 Ro: kl. 22–8"),
        (("🌙 Ro", "7", "Tilbage"), "🌙 Ro: kl. 21–7"),
        (("🌙 Ro", "Ingen ro", "Tilbage"), "🌙 Ro: Ingen ro"),
        (("🌙 Ro", "Ingen ro", "22", "Tilbage"), "🌙 Ro: kl. 22–8"),
        (("🔔 Nyt til dig", "Hver dag", "18", "Tilbage"), "🔔 Nyt til dig: hver dag kl. 18"),
        (("🔔 Nyt til dig", "Hver uge", "søn.", "10", "Tilbage"), "🔔 Nyt til dig: hver søndag kl. 10"),
        (("🔔 Nyt til dig", "Aldrig", "Tilbage"), "🔔 Nyt til dig: slået fra"),
        (("✋ Højst", "3"), "✋ Højst 3 beskeder om ugen"),
        (("💬 Spørg ikke, om jeg kom af sted",), "💬 Spørge, om du kom af sted: nej"),
        (("⏸ Pause alt i to uger",), "⏸ Alt er på pause til onsdag 9. december"),
        (
            ("⏰ Påmindelser", "en uge før kl. 17", "Tilbage"),
            "⏰ Påmindelser: en uge før kl. 17, dagen før kl. 17",
        ),
        (("⏰ Påmindelser", "Ingen påmindelser", "Tilbage"), "⏰ Påmindelser: ingen påmindelser"),
    ],
)
def test_everything_can_be_changed_on_the_same_message(
    person: Person, labels: tuple[str, ...], shown: str
) -> None:
    opens(person, *labels)
    assert shown in person.sees.text
    assert len(person.everything) == 1


def test_a_pause_can_be_ended(person: Person) -> None:
    opens(person, "⏸ Pause alt i to uger", "▶️ Start igen")
    assert "pause" not in person.sees.text
    assert person.row is not None
    assert person.row.paused_until is None


def test_a_place_is_written_and_can_be_forgotten(person: Person) -> None:
    opens(person, "📍 Sted")
    assert person.says("xqzt vwpk").text.startswith("Det sted kender jeg ikke")
    assert "📍 Sted: Køge" in person.says("Køge").text
    person.taps("📍 Sted")
    person.taps("🗑 Glem Køge")
    assert "📍 Sted: ikke valgt" in person.sees.text


def test_a_question_may_come_instead_of_a_place(person: Person) -> None:
    opens(person, "📍 Sted")
    assert person.says("koncerter i Køge").text.startswith("Koncerter i Køge:")
    assert person.row is not None
    assert person.row.place_key is None


def test_during_a_pause_nothing_comes(person: Person, changing_town: Town) -> None:
    town, here = changing_town, Person(changing_town)
    here.says("Julekoncert")
    here.taps("1")
    here.taps("Følg")
    here.says("/indstillinger")
    here.taps("⏸ Pause alt i to uger")
    before = len(here.everything)
    town.waits_until(12, 4, 17)
    town.waits_until(12, 5, 17)
    assert len(here.everything) == before


@pytest.mark.parametrize(
    "argument",
    ["quiet:from99", "digest:never", "time:3", "weekday:9", "cap:99", "language:xx", "nonsense", "x:y"],
)
def test_a_button_that_never_was_changes_nothing(person: Person, argument: str) -> None:
    opens(person)
    row = person.row
    person.presses(f"1:v:{argument}")
    assert person.row == row
    assert row is not None
    assert row.quiet_from == dt.time(21)
