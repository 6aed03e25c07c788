"""`kulturlods staff`: who may publish and broadcast. The server's own console may do anything."""

from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_parts import Now, RefusalError, clock_of, existing_database, help_of, ready_database
from bot.settings import Settings, read_settings
from bot.texts import texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.replies.reply import Voice
    from catalog.staff import Role, Scope

staff = typer.Typer(rich_markup_mode=None)

TelegramId = Annotated[str, typer.Argument(help=help_of("telegram_id"), metavar="TELEGRAM_ID")]
RoleName = Annotated[str, typer.Option("--role", help=help_of("role"))]
Municipalities = Annotated[
    list[str] | None, typer.Option("--municipality", help=help_of("municipality"), metavar="NAME")
]
District = Annotated[str | None, typer.Option("--district", help=help_of("district"), metavar="NAME")]
Institution = Annotated[
    str | None, typer.Option("--institution", help=help_of("institution"), metavar="NAME")
]
InstitutionType = Annotated[
    str | None, typer.Option("--institution-type", help=help_of("institution_type"), metavar="TYPE")
]


@staff.command(help=help_of("staff_add"))
def add(
    telegram_id: TelegramId,
    role: RoleName,
    municipality: Municipalities = None,
    district: District = None,
    institution: Institution = None,
    institution_type: InstitutionType = None,
    now: Now = None,
) -> None:
    from bot.replies.staff import who
    from catalog.staff import appoint

    settings = read_settings()
    voice, number = _voice(settings, now), _telegram_id(telegram_id)
    made, scopes = _made(role, municipality or (), district, institution, institution_type)
    with closing(ready_database(settings)) as database:
        database.write(lambda session: appoint(session, number, made, scopes, voice.now))
    print(voice.texts("staff_cli.added", who=f"{number} ({who(made, scopes, voice)})"))


@staff.command(help=help_of("staff_invite"))
def invite(
    role: RoleName,
    municipality: Municipalities = None,
    district: District = None,
    institution: Institution = None,
    institution_type: InstitutionType = None,
    now: Now = None,
) -> None:
    from bot.replies import dates
    from bot.replies.staff import deep_link, who
    from catalog import staff as rights

    settings = read_settings()
    voice = _voice(settings, now)
    made, scopes = _made(role, municipality or (), district, institution, institution_type)
    with closing(ready_database(settings)) as database:
        token = database.write(lambda session: rights.invite(session, made, scopes, voice.now))
    until = dates.moment(voice.now + rights.INVITE_LASTS, voice)
    print(voice.texts("staff_cli.invited", who=who(made, scopes, voice), until=until))
    username = _bot_username(settings)
    if username is None:
        print(voice.texts("staff_cli.command"))
    print(deep_link(username, token) if username else f"/start i_{token}")


@staff.command("list", help=help_of("staff_list"))
def list_() -> None:
    from bot.replies.staff import facts
    from catalog.staff import staff_list

    settings = read_settings()
    voice = _voice(settings, None)
    with closing(existing_database(settings)) as database:
        everybody = database.read(staff_list)
    for one in everybody:
        print(voice.texts("staff_cli.row", telegram_id=one.telegram_id, facts=facts(one, voice)))
    if not everybody:
        print(voice.texts("staff_cli.nobody"))


@staff.command(help=help_of("staff_remove"))
def remove(telegram_id: TelegramId, now: Now = None) -> None:
    from catalog.staff import cut

    settings = read_settings()
    voice, number = _voice(settings, now), _telegram_id(telegram_id)
    with closing(existing_database(settings)) as database:
        was_staff = database.write(lambda session: cut(session, number, voice.now))
    if not was_staff:
        raise RefusalError("staff_cli.not_staff", value=number)
    print(voice.texts("staff_cli.removed", telegram_id=number))


@staff.command(help=help_of("staff_log"))
def log(entries: Annotated[int, typer.Option("--entries", help=help_of("entries"), min=1)] = 20) -> None:
    from catalog.staff import log as audit_log

    settings = read_settings()
    say = texts(settings.default_language)
    with closing(existing_database(settings)) as database:
        rows = database.read(lambda session: audit_log(session, entries))
    for row in reversed(rows):
        at = f"{row.at.astimezone(settings.zone):%Y-%m-%d %H:%M}"
        by = say("staff_cli.by", id=row.staff_id) if row.staff_id else say("staff_cli.by_nobody")
        print(say("staff_cli.log_row", at=at, who=by, action=row.action, target=row.target))
    if not rows:
        print(say("staff_cli.nothing_logged"))


def _voice(settings: Settings, now: str | None) -> "Voice":
    from bot.replies.reply import Voice

    moment: datetime = clock_of(now, settings)()
    return Voice(texts(settings.default_language), moment, settings.zone)


def _telegram_id(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 2**52):
        raise RefusalError("staff_cli.bad_id", value=text)
    return int(text)


def _made(
    role: str,
    municipalities: "Sequence[str]",
    district: str | None,
    institution: str | None,
    institution_type: str | None,
) -> "tuple[Role, tuple[Scope, ...]]":
    """What somebody is to become, its names checked."""
    from catalog.staff import INSTITUTION_TYPES, Role
    from catalog.staff_scopes import ScopeError, scopes_of

    if role not in set(Role):
        raise RefusalError("staff_cli.bad_role", value=role, roles=", ".join(Role))
    try:
        scopes = scopes_of(Role(role), municipalities, district, institution, institution_type)
    except ScopeError as error:
        types = ", ".join(INSTITUTION_TYPES)
        raise RefusalError(f"staff_cli.{error.code}", value=error.value, types=types) from None
    return Role(role), scopes


def _bot_username(settings: Settings) -> str | None:
    """The bot's name at Telegram; None without a token or an answer."""
    import httpx

    if settings.token is None:
        return None
    base = settings.telegram_api_url or "https://api.telegram.org"
    try:
        answer = httpx.get(f"{base.rstrip('/')}/bot{settings.token}/getMe", timeout=10)
        return str(answer.raise_for_status().json()["result"]["username"])
    except (httpx.HTTPError, ValueError, LookupError, TypeError):
        return None
