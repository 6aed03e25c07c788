"""The command line: `kulturlods`, also `python -m bot`.

Exit codes: 0 done; 1 done with rejections; 2 wrong usage or settings, with one clear line on standard
error. Heavy modules are imported inside the command that needs them: `ask` should not load Telegram.
"""

import json
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.clock import Clock, clock_from, system_clock
from bot.logs import set_up_logging
from bot.settings import Settings, SettingsError, language_for_help, read_settings
from bot.texts import LANGUAGES, texts
from bot.version import VERSION

if TYPE_CHECKING:
    from bot.asking import Asker
    from catalog import Database

_HELP = texts(language_for_help())
app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=_HELP("cli.help.app"),
)

DONE, REJECTED, WRONG = 0, 1, 2


class RefusalError(Exception):
    """A wrong use or setting; its text key and values become the one line on standard error."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def main() -> NoReturn:
    """Run a command and exit with its code."""
    from sqlalchemy.exc import OperationalError

    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        code = _complain(error.format_message())
    except SettingsError as error:
        code = _complain(_setting_text(error))
    except RefusalError as refusal:
        code = _complain(_HELP(refusal.key, **refusal.values))
    except OperationalError as error:
        code = _complain(_HELP("cli.database", detail=str(error.orig).splitlines()[0]))
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = DONE
    sys.exit(code)


def _setting_text(error: SettingsError) -> str:
    key = f"settings.{error.variable.lower()}"
    return _HELP(key if _HELP.has(key) else "settings.other", variable=error.variable, value=error.value)


def _complain(line: str) -> int:
    print(" ".join(line.split()), file=sys.stderr)
    return WRONG


def _help(key: str) -> str:
    return _HELP(f"cli.help.{key}")


Lang = Annotated[str | None, typer.Option("--lang", help=_help("lang"), metavar="|".join(LANGUAGES))]
Now = Annotated[str | None, typer.Option("--now", help=_help("now"), metavar="ISO")]
At = Annotated[str | None, typer.Option("--at", help=_help("at"), metavar="LAT,LON")]
AsJson = Annotated[bool, typer.Option("--json", help=_help("json"))]


@app.callback(invoke_without_command=True)
def _version(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help=_help("version"))] = False,
) -> None:
    if version:
        print(VERSION)
        raise typer.Exit(DONE)
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command(help=_help("run"))
def run() -> None:
    settings = read_settings()
    if settings.token is None:
        raise RefusalError("settings.no_token")
    set_up_logging(settings.log_level, settings.token)
    from bot.running import UnknownTokenError, UnreachableError, run_on_telegram

    with closing(_ready_database(settings)) as database:
        try:
            code = run_on_telegram(settings, database, system_clock(settings.zone))
        except UnknownTokenError:
            raise RefusalError("cli.bad_token") from None
        except UnreachableError as error:
            raise RefusalError("cli.unreachable", detail=str(error)) from None
    raise typer.Exit(code)


@app.command(help=_help("chat"))
def chat(lang: Lang = None, now: Now = None, at: At = None) -> None:
    settings = read_settings()
    _talk(settings, _language(lang) or settings.default_language, _clock(now, settings), _place(at))


@app.command(hidden=True, help=_help("up"))
def up() -> None:
    settings = read_settings()
    with closing(_ready_database(settings)) as database:
        _load_sample_when_empty(database, settings)
    if settings.token is not None:
        run()
    else:
        _talk(settings, settings.default_language, system_clock(settings.zone), None)


def _talk(settings: Settings, language: str, clock: Clock, at: tuple[float, float] | None) -> None:
    import asyncio

    # The screen belongs to the chat: only what is wrong may appear beside it.
    set_up_logging("DEBUG" if settings.log_level == "DEBUG" else "ERROR", settings.token)
    from bot.running import chat_in_terminal

    with closing(_ready_database(settings)) as database:
        asyncio.run(chat_in_terminal(settings, database, clock, language, at))


@app.command(help=_help("ask"))
def ask(
    question: Annotated[str | None, typer.Argument(help=_help("question"))] = None,
    batch: Annotated[str | None, typer.Option("--batch", help=_help("batch"), metavar="FILE")] = None,
    as_json: AsJson = False,
    lang: Lang = None,
    now: Now = None,
    at: At = None,
) -> None:
    if (question is None) == (batch is None):
        raise RefusalError("cli.one_question")
    from bot.asking import ONE_SNAPSHOT, Asker, Question
    from catalog import Catalogue

    settings = read_settings()
    place, moment = _place(at), _clock(now, settings)()
    with closing(_existing_database(settings)) as database:
        catalogue = Catalogue(database, settings.zone, fresh_for=ONE_SNAPSHOT)
        asker = Asker(catalogue, moment, settings.zone, _language(lang) or settings.default_language)
        if batch is not None:
            raise typer.Exit(_ask_many(asker, batch))
        asked = Question(turns=(question or "",), location=place)
        print(_dumps(asker.answer_json(asked)) if as_json else asker.answer_text(asked))


def _ask_many(asker: "Asker", batch: str) -> int:
    code = DONE
    for well, line in asker.answer_lines(_lines_of(batch)):
        print(line, flush=True)
        code = code if well else REJECTED
    return code


def _lines_of(batch: str) -> Iterable[str]:
    if batch == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a text stream
        return sys.stdin
    path = _existing_file(batch)
    return path.read_text(encoding="utf-8-sig", errors="replace").splitlines()


@app.command("import", help=_help("import"))
def import_(
    files: Annotated[list[str], typer.Argument(help=_help("files"), metavar="FILE...")],
    format: Annotated[str, typer.Option("--format", help=_help("format"))] = "auto",
    source: Annotated[str | None, typer.Option("--source", help=_help("source"), metavar="NAME")] = None,
    now: Now = None,
    complete: Annotated[bool, typer.Option("--complete", help=_help("complete"))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_help("dry_run"))] = False,
    as_json: AsJson = False,
) -> None:
    from bot.importing import import_file, progress_bar, report_json, report_lines
    from catalog.importers import FORMATS

    if format not in FORMATS:
        raise RefusalError("cli.bad_format", value=format, formats=", ".join(FORMATS))
    settings = read_settings()
    say, moment = texts(settings.default_language), _clock(now, settings)()
    paths = [_existing_file(name) for name in files]
    reports = []
    with closing(_ready_database(settings)) as database:
        for path in paths:
            with progress_bar(path.name) as on_progress:
                report = import_file(
                    database,
                    path,
                    format=format,
                    source=source,
                    now=moment,
                    zone=settings.zone,
                    complete=complete,
                    dry_run=dry_run,
                    on_progress=on_progress,
                )
            reports.append((str(path), report))
            if not as_json:
                print("\n".join(report_lines(path.name, report, say, dry_run=dry_run)))
    if as_json:
        print(_dumps([report_json(*pair, say) for pair in reports]))
    raise typer.Exit(REJECTED if any(report.rejections for _, report in reports) else DONE)


@app.command(help=_help("sample"))
def sample(
    remove: Annotated[bool, typer.Option("--remove", help=_help("remove"))] = False, now: Now = None
) -> None:
    from catalog.sample.loading import load_sample, remove_sample

    settings = read_settings()
    say, moment = texts(settings.default_language), _clock(now, settings)()
    with closing(_ready_database(settings)) as database:
        if remove:
            print(say("sample.removed", n=remove_sample(database)))
        else:
            report = load_sample(database, moment, settings.zone)
            print(say("sample.loaded", n=report.added + report.updated + report.unchanged))


@app.command(help=_help("template"))
def template(
    file: Annotated[Path, typer.Argument(help=_help("template_file"), metavar="FILE.xlsx")], lang: Lang = None
) -> None:
    from catalog.importers.template import template as make_template

    settings = read_settings()
    try:
        file.write_bytes(make_template(_language(lang) or settings.default_language))
    except OSError as error:
        raise RefusalError("cli.cannot_write", file=file, detail=error.strerror) from error
    print(texts(settings.default_language)("cli.wrote", file=file))


@app.command(help=_help("migrate"))
def migrate() -> None:
    settings = read_settings()
    _ready_database(settings).close()
    print(texts(settings.default_language)("cli.migrated"))


@app.command(help=_help("doctor"))
def doctor(local: Annotated[bool, typer.Option("--local", help=_help("local"))] = False) -> None:
    from bot.doctor import examine

    settings = read_settings()
    say, healthy = texts(settings.default_language), True
    for finding in examine(settings, system_clock(settings.zone)(), local=local):
        outcome = "ok" if finding.ok else "bad"
        print(
            say("doctor.line." + outcome, text=say(f"doctor.{finding.name}.{outcome}", detail=finding.detail))
        )
        healthy = healthy and (finding.ok or not finding.worth_a_stop)
    raise typer.Exit(DONE if healthy else REJECTED)


# What the commands share.


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


def _clock(now: str | None, settings: Settings) -> Clock:
    from bot.asking import in_zone

    if now is None:
        return system_clock(settings.zone)
    try:
        return clock_from(in_zone(datetime.fromisoformat(now), settings.zone), settings.zone)
    except (ValueError, OverflowError):
        raise RefusalError("cli.bad_now", value=now) from None


def _place(at: str | None) -> tuple[float, float] | None:
    from bot.terminal import parse_place

    if at is None:
        return None
    place = parse_place(at)
    if place is None:
        raise RefusalError("cli.bad_place", value=at)
    return place


def _language(lang: str | None) -> str | None:
    if lang is not None and lang not in LANGUAGES:
        raise RefusalError("cli.bad_lang", value=lang, languages=", ".join(LANGUAGES))
    return lang


def _existing_file(name: str) -> Path:
    if name.startswith(("http://", "https://")):
        raise RefusalError("cli.no_addresses", value=name)
    path = Path(name)
    if not path.is_file():
        raise RefusalError("cli.no_file", file=name)
    return path


def _ready_database(settings: Settings) -> "Database":
    """The database at the newest schema."""
    from bot.migrations import upgrade
    from catalog import Database

    database = Database(settings.database_url)
    upgrade(database)
    return database


def _existing_database(settings: Settings) -> "Database":
    """The database as it is; refused when its schema is not the newest, for reading must not change it."""
    from bot.migrations import is_current
    from catalog import Database

    if not Database.exists(settings.database_url):
        raise RefusalError("cli.not_migrated")
    database = Database(settings.database_url)
    if not is_current(database):
        raise RefusalError("cli.not_migrated")
    return database


def _load_sample_when_empty(database: "Database", settings: Settings) -> None:
    from catalog.sample.loading import is_empty, load_sample

    if is_empty(database):
        report = load_sample(database, system_clock(settings.zone)(), settings.zone)
        print(texts(settings.default_language)("sample.loaded", n=report.added), file=sys.stderr)
