"""What is said unasked, word by word."""

import datetime as dt
import json
from typing import Any

import pytest

from bot.replies.changes import change_line
from bot.replies.notices import render
from bot.replies.reply import Reply
from bot.telegram_html import parse_html
from catalog.cards import Card
from catalog.query import Query
from catalog.query_store import dump
from catalog.values import Format, Status
from reminders.notices import (
    Change,
    Changed,
    Digest,
    DigestRow,
    Enrolment,
    ForgetSoon,
    Notice,
    Reminder,
    Renewal,
    Survey,
    To,
)
from tests.bot.facts import NOW, ZONE, a_card, a_venue, an_occurrence, at, voice

AT_NOON = "2026-11-28T12:00:00+00:00"
NOT_LISTED = "Datoen står ikke længere i programmet. Spørg arrangøren, før du tager af sted."


def to(language: str = "da", now: dt.datetime = NOW) -> To:
    return To(chat_id=7, language=language, now=now, delivery_id=12)


def said(notice: Notice) -> list[str]:
    return parse_html(render(notice, ZONE).text)[0].splitlines()


def labels(reply: Reply) -> list[list[str]]:
    return [[button.label for button in row] for row in reply.rows]


def a_reminder(card: Card | None = None, now: dt.datetime = NOW, **facts: Any) -> Reminder:
    card = card or a_card()
    known: dict[str, Any] = {"occurrence": card.occurrences[0], "follow_kind": "offering", "follow_target": 1}
    return Reminder(to(now=now), card, **{**known, **facts})


def test_a_reminder_opens_with_when_and_says_where() -> None:
    assert said(a_reminder(now=at(11, 28, 11))) == [
        "I dag kl. 13 – Tegn en tegneserie",
        "📍 Kulturkassen, Store Torv 1, 2635 Ishøj",
    ]
    assert said(a_reminder(now=at(11, 27, 17)))[0] == "I morgen kl. 13 – Tegn en tegneserie"
    assert said(a_reminder())[0] == "Lør. 28. nov. kl. 13 – Tegn en tegneserie"
    assert labels(render(a_reminder(), ZONE)) == [["⏰ Udsæt", "🗺 Kort", "⋯ Mere"]]


def test_a_reminder_without_a_spot_on_the_map_opens_the_card_instead() -> None:
    card = a_card(occurrences=(an_occurrence(venue=a_venue(latitude=None, longitude=None)),))
    assert labels(render(a_reminder(card), ZONE)) == [["⏰ Udsæt", "ℹ️ Vis", "⋯ Mere"]]
    assert "📍 sted ikke oplyst" in said(a_reminder(a_card(occurrences=(an_occurrence(venue=None),))))


def test_an_all_day_offering_is_reminded_of_without_a_time() -> None:
    card = a_card(occurrences=(an_occurrence(start=at(11, 26), end=None, time_known=False),))
    assert said(a_reminder(card))[0] == "I morgen – Tegn en tegneserie"


def test_the_last_day_of_an_exhibition_is_named() -> None:
    run = an_occurrence(start=at(11, 1), end=at(11, 27), time_known=False, is_run=True)
    card = a_card(occurrences=(run,))
    assert said(a_reminder(card, last_day=True))[0] == "I morgen er sidste dag – Tegn en tegneserie"


def test_a_series_tells_how_much_more_there_is_that_day() -> None:
    card = a_card(series="RÅ festival")
    assert "… og 2 ting mere i RÅ festival den dag" in said(a_reminder(card, follow_kind="series", more=2))


def test_sample_data_is_called_sample_data() -> None:
    assert said(a_reminder(a_card(is_sample=True)))[-1] == "Prøvedata – ikke rigtige arrangementer."


@pytest.mark.parametrize(
    ("fact", "old", "new", "words"),
    [
        ("start", AT_NOON, "2026-11-29T13:00Z", "Ny tid: søn. 29. nov. kl. 14 (før: lør. 28. nov. kl. 13)"),
        ("start", "2026-11-28", "2026-11-29", "Ny tid: søn. 29. nov. (før: lør. 28. nov.)"),
        ("end", "2026-11-28T14:00+00:00", "2026-11-28T15:30+00:00", "Slutter nu kl. 16.30 (før: kl. 15)"),
        ("end", None, "2026-11-28T15:00:00+00:00", "Slutter nu kl. 16"),
        ("venue", "Kulturkassen", "Brohuset", "Nyt sted: Brohuset (før: Kulturkassen)"),
        ("venue", "Kulturkassen", None, "Nyt sted: sted ikke oplyst (før: Kulturkassen)"),
        ("status", "scheduled", "sold-out", "Det er udsolgt."),
        ("status", "sold-out", "scheduled", "Der er ledige pladser igen."),
        ("status", "cancelled", "scheduled", "Det bliver til noget alligevel."),
        ("status", "scheduled", "postponed", "Det er udskudt. En ny dato er ikke oplyst."),
        ("status", "scheduled", None, NOT_LISTED),
        ("age", "[6, 10]", "[8, 12]", "Ny alder: 8–12 år (før: 6–10 år)"),
        ("age", "[null, null]", "[13, null]", "Ny alder: fra 13 år (før: ikke oplyst)"),
    ],
)  # fmt: skip
def test_a_change_says_what_was_and_what_is(fact: str, old: str | None, new: str | None, words: str) -> None:
    card = a_card()
    line = change_line(Changed(fact, old, new, card.occurrences[0]), card, voice())
    assert line is not None
    assert parse_html(line)[0] == words


def test_prices_and_enrolment_are_told_in_kroner_and_dates() -> None:
    free, dear = {"kind": "free", "prices": {}}, {"kind": "amounts", "prices": {"adult": 80.0, "child": 40.0}}
    opens = {"opens": "2026-12-01T08:00:00+00:00", "closes": None, "full": None}
    pairs = [
        ("price", free, dear, "Ny pris: voksne 80 kr., børn 40 kr. (før: gratis)"),
        ("enrolment", {**opens, "opens": None}, opens, "Tilmeldingen åbner tirs. 1. dec. kl. 9"),
        ("enrolment", {**opens, "full": True}, {**opens, "full": False}, "Der er ledige pladser igen."),
        ("enrolment", {**opens, "full": False}, {**opens, "full": True}, "Det er udsolgt."),
    ]
    for fact, old, new, words in pairs:
        line = change_line(Changed(fact, json.dumps(old), json.dumps(new), None), a_card(), voice())
        assert line is not None
        assert parse_html(line)[0] == words


def test_a_change_names_its_date_where_there_are_several() -> None:
    two = a_card(occurrences=(an_occurrence(1), an_occurrence(2, start=at(12, 5, 13), end=None)))
    change = Change(to(), two, (Changed("venue", "Kulturkassen", "Brohuset", two.occurrences[1]),))
    assert said(change) == [
        "🔄 Nyt om Tegn en tegneserie",
        "Lør. 5. dec. kl. 13: Nyt sted: Brohuset (før: Kulturkassen)",
    ]
    assert labels(render(change, ZONE)) == [["ℹ️ Vis", "⋯ Mere"]]


def test_a_cancellation_offers_something_like_it() -> None:
    card = a_card(status=Status.CANCELLED)
    like_it = (a_card(2, titles={"da": "Mal et maleri"}), a_card(3, titles={"da": "Klip en collage"}))
    change = Change(to(), card, (Changed("status", "scheduled", "cancelled", None),), True, like_it)
    assert said(change) == [
        "❌ Aflyst: Tegn en tegneserie",
        "Lør. 28. nov. kl. 13 · Kulturkassen",
        "Det her ligner:",
    ]
    assert labels(render(change, ZONE)) == [["Mal et maleri"], ["Klip en collage"], ["ℹ️ Vis"]]


def test_a_date_that_only_moves_is_not_among_those_that_are_off() -> None:
    off, moved = an_occurrence(), an_occurrence(2, start=at(12, 5, 13), end=at(12, 5, 15))
    card = a_card(occurrences=(off, moved))
    changes = (
        Changed("status", "scheduled", "cancelled", off),
        Changed("start", "2026-12-05T10:00:00+00:00", "2026-12-05T12:00:00+00:00", moved),
    )
    assert said(Change(to(), card, changes, cancelled=True)) == [
        "❌ Aflyst: Tegn en tegneserie",
        "Lør. 28. nov. kl. 13 · Kulturkassen",
        "Ny tid: lør. 5. dec. kl. 13 (før: lør. 5. dec. kl. 11)",
    ]


def test_a_digest_labels_each_row_by_what_found_it() -> None:
    search = dump(Query(formats=(Format.WORKSHOP,), free=True))
    rows = (
        DigestRow(a_card(1), 1, (("child", "5"), ("search", "9"))),
        DigestRow(a_card(2, titles={"da": "Kor"}), 2, (("child", "6"), ("organizer", "Musikskolen"))),
        DigestRow(a_card(3, titles={"da": "Film"}), 3, (("venue", "Brohuset"),)),
    )
    digest = Digest(to(), rows, 4, {5: (2018, "🦊"), 6: (2021, None)}, {9: search})
    assert said(digest) == [
        "🔔 Nyt til dig",
        "1. Tegn en tegneserie",
        "lør. 28. nov. kl. 13 · Kulturkassen · 🦊, gratis workshops",
        "2. Kor",
        "lør. 28. nov. kl. 13 · Kulturkassen · barnet fra 2021, nyt fra Musikskolen",
        "3. Film",
        "lør. 28. nov. kl. 13 · Kulturkassen · nyt på Brohuset",
        "… og 4 mere.",
    ]
    assert labels(render(digest, ZONE)) == [["1", "2", "3"], ["Flere ▸", "🔕 Slå fra"]]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("opens", "📝 Nu kan du tilmelde dig: Tegn en tegneserie"),
        ("closes", "📝 Sidste frist for tilmelding er fre. 27. nov. kl. 12: Tegn en tegneserie"),
        ("seat", "🎟 Der er blevet plads: Tegn en tegneserie"),
    ],
)
def test_enrolment_is_told_with_the_way_to_sign_up(what: str, words: str) -> None:
    card = a_card(enrolment_closes=at(11, 27, 12), enrolment_url="https://a.example/enrol")
    reply = render(Enrolment(to(), card, what), ZONE)
    assert parse_html(reply.text)[0].splitlines()[0] == words
    assert reply.rows[0][0].url == "https://a.example/enrol"


def test_questions_have_their_answers_as_buttons() -> None:
    card = a_card()
    survey = Survey(to(), card, card.occurrences[0])
    assert said(survey) == ["Kom du af sted til Tegn en tegneserie?"]
    assert labels(render(survey, ZONE)) == [["👍 Ja", "👎 Nej"], ["Spørg mig ikke"]]
    renewal = Renewal(to(), 3, dump(Query(formats=(Format.WORKSHOP,))))
    assert "workshops" in said(renewal)[0]
    assert labels(render(renewal, ZONE)) == [["Ja, bliv ved"], ["Nej, stop"]]
    assert "en gammel søgning" in said(Renewal(to(), 3, {"windows": 5}))[0]
    assert "30 dage" in said(ForgetSoon(to()))[0]


def test_everything_speaks_english_too() -> None:
    card = a_card()
    assert parse_html(render(Survey(to("en"), card, card.occurrences[0]), ZONE).text)[0] == (
        "Did you make it to Draw a comic?"
    )
    english = Reminder(to("en", at(11, 28, 11)), card, card.occurrences[0], "offering", 1)
    assert said(english)[0] == "Today at 13:00 – Draw a comic"


def test_what_a_source_wrote_cannot_break_the_message() -> None:
    wild = "<b>Rock & Rul <3 \u202e" + "x" * 5000
    card = a_card(titles={"da": wild}, series=wild, occurrences=(an_occurrence(venue=a_venue(name=wild)),))
    rows = tuple(DigestRow(card, 1, (("organizer", wild), ("venue", wild))) for _ in range(10))
    changes = (Changed("venue", wild, wild + "y", card.occurrences[0]),)
    for notice in (
        a_reminder(card, follow_kind="series", more=3),
        Change(to(), card, changes),
        Change(to(), card, changes, True, (card, card, card)),
        Digest(to(), rows, 5, {}),
    ):
        reply = render(notice, ZONE)
        assert len(parse_html(reply.text)[0]) <= 4096
        assert all(button.action is None or button.action.encode() for row in reply.rows for button in row)
