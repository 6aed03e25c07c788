"""The command line: what a script may rely on."""

import json
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

NOW = "2026-11-25T15:00:00+01:00"
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//test//DA
BEGIN:VEVENT
UID:koncert@example.org
DTSTAMP:20261101T120000Z
DTSTART;TZID=Europe/Copenhagen:20261128T190000
DTEND;TZID=Europe/Copenhagen:20261128T210000
SUMMARY:Gratis jazzkoncert for alle
LOCATION:Musikhuset\\, Torvet 1\\, 4600 Køge
{status}END:VEVENT
{more}END:VCALENDAR
"""
BROKEN = "BEGIN:VEVENT\nUID:forkert@example.org\nDTSTART:20261345T190000\nSUMMARY:Uden dato\nEND:VEVENT\n"


def a_calendar(status: str = "", more: str = "") -> str:
    path = Path("koncerter.ics")
    path.write_text(CALENDAR.format(status=status, more=more).replace("\n", "\r\n"), encoding="utf-8")
    return str(path)


def counts(run, *arguments: str) -> dict:
    code, out, _ = run("import", a_calendar(*arguments[:2]), "--now", NOW, "--json", *arguments[2:])
    return json.loads(out)[0] | {"code": code}


def test_an_imported_concert_answers_a_question(run) -> None:
    assert counts(run)["added"] == 1
    code, out, _ = run("ask", "gratis koncert i Køge på lørdag", "--json", "--now", NOW)
    answer = json.loads(out)
    assert code == 0
    assert [result["id"] for result in answer["results"]] == ["koncert@example.org"]
    assert answer["results"][0]["start"] == "2026-11-28T19:00:00+01:00"
    assert answer["results"][0]["municipality"] == "Køge"
    assert answer["understood"]["formats"] == ["performance"]
    assert answer["relaxed"] == []


def test_importing_again_changes_nothing_and_a_cancelled_one_is_marked(run) -> None:
    counts(run)
    again = counts(run)
    assert (again["unchanged"], again["added"], again["updated"]) == (1, 0, 0)
    assert counts(run, "STATUS:CANCELLED\n")["cancelled"] == 1
    _, out, _ = run("ask", "koncert i Køge", "--json", "--now", NOW)
    assert json.loads(out)["results"] == []


def test_a_bad_item_is_named_and_the_good_one_kept(run) -> None:
    report = counts(run, "", BROKEN)
    assert (report["code"], report["added"], report["rejected"]) == (1, 1, 1)
    assert report["rejections"][0]["where"] == "forkert@example.org"
    assert report["rejections"][0]["reason"]


def test_a_dry_run_keeps_nothing(run) -> None:
    assert counts(run, "", "", "--dry-run")["added"] == 1
    assert counts(run)["added"] == 1


def test_a_file_that_is_nothing_is_one_rejection(run) -> None:
    Path("billede.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(50))
    code, out, err = run("import", "billede.png")
    assert (code, err) == (1, "")
    assert "1 afvist" in out


def test_batch_answers_in_the_same_order_and_survives_a_bad_line(run) -> None:
    counts(run)
    lines = [
        {"id": "a", "text": "koncert", "now": NOW},
        {"id": "b"},
        {"id": 3, "text": ["koncert i Roskilde", "og i Køge?"], "now": NOW, "limit": 1},
        {"id": "c", "text": "music on Saturday", "lang": "en", "now": NOW, "location": [55.46, 12.18]},
    ]
    Path("q.jsonl").write_text(
        "\n".join(json.dumps(line) for line in lines) + "\nikke json\n", encoding="utf-8"
    )
    code, out, _ = run("ask", "--batch", "q.jsonl")
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [answer["id"] for answer in answers] == ["a", "b", 3, "c", None]
    assert [("error" in answer) for answer in answers] == [False, True, False, False, True]
    assert [place["name"] for place in answers[2]["understood"]["places"]] == ["Køge"]
    assert answers[3]["understood"]["language"] == "en"
    assert answers[3]["results"][0]["distance_km"] < 3


def test_the_plain_answer_is_the_bots_own_words(run) -> None:
    counts(run)
    code, out, _ = run("ask", "koncert i Køge", "--now", NOW)
    assert code == 0
    assert "1. Gratis jazzkoncert for alle" in out
    assert "<b>" not in out


def test_asking_where_nothing_is_set_up_says_what_to_do_and_makes_no_file(run) -> None:
    code, _, err = run("ask", "musik")
    assert code == 2
    assert "kulturlods migrate" in err
    assert not Path("data").exists()


def test_the_sample_comes_and_goes(run) -> None:
    assert run("sample", "--now", NOW)[0] == 0
    _, out, _ = run("ask", "workshops for unge i weekenden", "--json", "--now", NOW)
    assert json.loads(out)["results"]
    assert run("sample", "--remove")[0] == 0
    _, out, _ = run("ask", "workshops for unge i weekenden", "--json", "--now", NOW)
    assert json.loads(out)["results"] == []


def test_the_template_can_be_imported_as_it_is(run) -> None:
    assert run("template", "skema.xlsx")[0] == 0
    code, out, _ = run("import", "skema.xlsx", "--now", NOW, "--json")
    assert (code, json.loads(out)[0]["added"]) == (0, 1)


def test_the_doctor_finds_a_new_database_well(run) -> None:
    assert run("doctor", "--local")[0] == 1
    assert run("migrate")[0] == 0
    assert run("doctor", "--local")[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("ask",),
        ("ask", "hej", "--now", "i går"),
        ("ask", "hej", "--at", "nordpolen"),
        ("ask", "hej", "--lang", "fi"),
        ("import",),
        ("import", "findes-ikke.csv"),
        ("import", "https://example.org/feed.ics"),
        ("import", "x.csv", "--format", "pdf"),
        ("template", "findes/ikke/skema.xlsx"),
        ("run",),
    ],
)
def test_wrong_usage_is_one_clear_line(run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1


def test_a_wrong_setting_is_one_clear_line(run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMEZONE", "Mars/Base")
    code, out, err = run("migrate")
    assert (code, out) == (2, "")
    assert "TIMEZONE" in err
    assert len(err.strip().splitlines()) == 1


def test_a_database_that_cannot_be_opened_is_one_clear_line(run, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("mappe.db").mkdir()
    monkeypatch.setenv("DATABASE_URL", "sqlite:///mappe.db")
    code, _, err = run("migrate")
    assert code == 2
    assert len(err.strip().splitlines()) == 1


def test_a_time_without_an_offset_is_local(run) -> None:
    counts(run)
    _, out, _ = run("ask", "koncert i dag", "--json", "--now", "2026-11-28T10:00")
    answer = json.loads(out)
    midnight = datetime(2026, 11, 28, tzinfo=ZoneInfo("Europe/Copenhagen"))
    assert answer["understood"]["windows"][0]["from"] == midnight.isoformat()
