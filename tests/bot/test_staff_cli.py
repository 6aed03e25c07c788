"""`kulturlods staff`: who may do what, from the server's own console."""

from pathlib import Path

import httpx
import pytest
import typer

from bot.staff_cli import staff as app

NOW = ("--now", "2026-11-25T15:00")


def test_somebody_is_added_listed_and_removed(run) -> None:
    assert run("migrate")[0] == 0
    assert "Ingen er medarbejdere" in run("staff", "list")[1]
    code, out, _ = run(
        *("staff", "add", "77", "--role", "coordinator"),
        *("--municipality", "ishøj", "--municipality", "Køge"),
        *NOW,
    )
    assert (code, out.splitlines()[0].split(" er med")[0]) == (0, "77 (koordinator for Ishøj og Køge)")
    assert run("staff", "list")[1].startswith("77: nr. 1: koordinator for Ishøj og Køge, siden 25. nov.")
    assert run("staff", "remove", "77", *NOW)[0] == 0
    assert "77" not in run("staff", "list")[1]


def test_whoever_is_added_again_has_the_new_role(run) -> None:
    run("staff", "add", "77", "--role", "admin")
    run("staff", "add", "77", "--role", "ambassador", "--district", "Hedegård")
    assert run("staff", "list")[1].count("77:") == 1
    assert "ambassadør for bydelen Hedegård i Ballerup" in run("staff", "list")[1]


@pytest.mark.parametrize(
    "scope",
    [
        ("ambassador", "--municipality", "Ishøj", "--institution-type", "daycare"),
        ("ambassador", "--municipality", "Ishøj", "--institution", "Vejlebroskolen"),
        ("coordinator", "--municipality", "0183"),
        ("admin",),
    ],
)
def test_without_the_bots_name_an_invitation_is_a_command_to_write(run, scope: tuple[str, ...]) -> None:
    code, out, _ = run("staff", "invite", "--role", *scope, *NOW)
    assert code == 0
    assert "indtil ons. 2. dec. kl. 15." in out
    assert out.splitlines()[-1].startswith("/start i_")


def test_with_the_bots_name_an_invitation_is_a_link(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def get(url: str, **_: object) -> httpx.Response:
        me = {"ok": True, "result": {"username": "koege_bot"}}
        return httpx.Response(200, json=me, request=httpx.Request("GET", url))

    monkeypatch.setenv("TELEGRAM_TOKEN", "1234567890:" + "A" * 35)
    monkeypatch.setattr(httpx, "get", get)
    _, out, _ = run("staff", "invite", "--role", "admin")
    assert out.splitlines()[-1].startswith("https://t.me/koege_bot?start=i_")


def test_a_telegram_that_does_not_answer_costs_only_the_link(run, monkeypatch: pytest.MonkeyPatch) -> None:
    def get(url: str, **_: object) -> httpx.Response:
        raise httpx.ConnectError(url)

    monkeypatch.setenv("TELEGRAM_TOKEN", "1234567890:" + "A" * 35)
    monkeypatch.setattr(httpx, "get", get)
    code, out, err = run("staff", "invite", "--role", "admin")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].startswith("/start i_")


def test_the_log_tells_who_did_what(run) -> None:
    run("migrate")
    assert "tom" in run("staff", "log")[1]
    run("staff", "add", "77", "--role", "admin", *NOW)
    run("staff", "remove", "77", *NOW)
    assert run("staff", "log")[1].splitlines() == [
        "2026-11-25 15:00  kommandolinjen  appoint  staff:1",
        "2026-11-25 15:00  kommandolinjen  dismiss  staff:1",
    ]
    assert run("staff", "log", "--entries", "1")[1].count("\n") == 1


WRONG = {
    "add": [
        ("77",),
        ("--role", "admin"),
        ("Anna", "--role", "admin"),
        ("-5", "--role", "admin"),
        ("0", "--role", "admin"),
        ("9" * 30, "--role", "admin"),
        ("77", "--role", "boss"),
        ("77", "--role", "admin", "--municipality", "Ishøj"),
        ("77", "--role", "coordinator"),
        ("77", "--role", "coordinator", "--municipality", "Ishøjj"),
        ("77", "--role", "coordinator", "--municipality", "Ishøj", "--district", "Hedegård"),
    ],
    "invite": [
        (),
        ("--role", "ambassador", "--municipality", "Ishøj"),
        ("--role", "ambassador", "--district", "Atlantis"),
        ("--role", "ambassador", "--municipality", "Ishøj", "--district", "Hedegård"),
        ("--role", "ambassador", "--municipality", "Ishøj", "--institution", " "),
        ("--role", "ambassador", "--municipality", "Ishøj", "--institution-type", "bank"),
        ("--role", "admin", "--now", "i går"),
    ],
    "list": [("77",)],
    "remove": [(), ("Anna",)],
    "log": [("--entries", "0"), ("--entries", "mange")],
}


def test_every_command_is_tried_with_what_is_wrong() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, typer.core.TyperGroup)
    assert set(group.commands) == set(WRONG)


@pytest.mark.parametrize(
    "arguments", [(name, *arguments) for name, several in WRONG.items() for arguments in several]
)
def test_what_is_wrong_is_one_clear_line_and_makes_nobody_staff(run, arguments: tuple[str, ...]) -> None:
    code, out, err = run("staff", *arguments)
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert not Path("data").exists()


def test_nobody_can_be_removed_who_is_not_staff(run) -> None:
    run("migrate")
    code, out, err = run("staff", "remove", "77")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert "tom" in run("staff", "log")[1]
