"""The command line: `kulturlods`, also `python -m bot`.

Exit codes: 0 done; 1 done with rejections; 2 wrong usage or settings, with one clear line on standard
error. Heavy modules are imported inside the command that needs them: `ask` should not load Telegram.
"""

import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.cli_parts import (
    DONE,
    HELP,
    REJECTED,
    WRONG,
    AsJson,
    At,
    Lang,
    Now,
    RefusalError,
    clock_of,
    dumps,
    existing_database,
    existing_file,
    help_of,
    language_of,
    place_of,
    ready_database,
)
from bot.clock import Clock, system_clock
from bot.logs import set_up_logging
from bot.settings import Settings, SettingsError, read_settings
from bot.staff_cli import staff
from bot.stats_cli import stats
from bot.texts import texts
from bot.version import VERSION

if TYPE_CHECKING:
    from bot.asking import Asker
    from catalog import Database

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help=HELP("cli.help.app"),
)

app.command("stats", help=help_of("stats"))(stats)
app.add_typer(staff, name="staff", help=help_of("staff"))


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
        code = _complain(HELP(refusal.key, **refusal.values))
    except OperationalError as error:
        code = _complain(HELP("cli.database", detail=str(error.orig).splitlines()[0]))
    except (KeyboardInterrupt, typer.Abort):
        code = 130
    except BrokenPipeError:
        sys.stderr.close()
        code = DONE
    sys.exit(code)


def _setting_text(error: SettingsError) -> str:
    key = f"settings.{error.variable.lower()}"
    return HELP(key if HELP.has(key) else "settings.other", variable=error.variable, value=error.value)


def _complain(line: str) -> int:
    print(" ".join(line.split()), file=sys.stderr)
    return WRONG


@app.callback(invoke_without_command=True)
def _version(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help=help_of("version"))] = False,
) -> None:
    if version:
        print(VERSION)
        raise typer.Exit(DONE)
    if context.invoked_subcommand is None:
        print(context.get_help())


@app.command(help=help_of("run"))
def run() -> None:
    settings = read_settings()
    if settings.token is None:
        raise RefusalError("settings.no_token")
    set_up_logging(settings.log_level, settings.token)
    from bot.running import UnknownTokenError, UnreachableError, run_on_telegram

    with closing(ready_database(settings)) as database:
        try:
            code = run_on_telegram(settings, database, system_clock(settings.zone))
        except UnknownTokenError:
            raise RefusalError("cli.bad_token") from None
        except UnreachableError as error:
            raise RefusalError("cli.unreachable", detail=str(error)) from None
    raise typer.Exit(code)


@app.command(help=help_of("chat"))
def chat(lang: Lang = None, now: Now = None, at: At = None) -> None:
    settings = read_settings()
    _talk(settings, language_of(lang) or settings.default_language, clock_of(now, settings), place_of(at))


@app.command(hidden=True, help=help_of("up"))
def up() -> None:
    settings = read_settings()
    with closing(ready_database(settings)) as database:
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

    with closing(ready_database(settings)) as database:
        asyncio.run(chat_in_terminal(settings, database, clock, language, at))


@app.command(help=help_of("ask"))
def ask(
    question: Annotated[str | None, typer.Argument(help=help_of("question"))] = None,
    batch: Annotated[str | None, typer.Option("--batch", help=help_of("batch"), metavar="FILE")] = None,
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
    place, moment = place_of(at), clock_of(now, settings)()
    with closing(existing_database(settings)) as database:
        catalogue = Catalogue(database, settings.zone, fresh_for=ONE_SNAPSHOT)
        asker = Asker(catalogue, moment, settings.zone, language_of(lang) or settings.default_language)
        if batch is not None:
            raise typer.Exit(_ask_many(asker, batch))
        asked = Question(turns=(question or "",), location=place)
        print(dumps(asker.answer_json(asked)) if as_json else asker.answer_text(asked))


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
    path = existing_file(batch)
    return path.read_text(encoding="utf-8-sig", errors="replace").splitlines()


@app.command("import", help=help_of("import"))
def import_(
    files: Annotated[list[str], typer.Argument(help=help_of("files"), metavar="FILE...")],
    format: Annotated[str, typer.Option("--format", help=help_of("format"))] = "auto",
    source: Annotated[str | None, typer.Option("--source", help=help_of("source"), metavar="NAME")] = None,
    now: Now = None,
    complete: Annotated[bool, typer.Option("--complete", help=help_of("complete"))] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=help_of("dry_run"))] = False,
    as_json: AsJson = False,
) -> None:
    from bot.importing import import_file, progress_bar, report_json, report_lines
    from catalog.importers import FORMATS

    if format not in FORMATS:
        raise RefusalError("cli.bad_format", value=format, formats=", ".join(FORMATS))
    settings = read_settings()
    say, moment = texts(settings.default_language), clock_of(now, settings)()
    paths = [existing_file(name) for name in files]
    reports = []
    with closing(ready_database(settings)) as database:
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
        print(dumps([report_json(*pair, say) for pair in reports]))
    raise typer.Exit(REJECTED if any(report.rejections for _, report in reports) else DONE)


@app.command(help=help_of("sample"))
def sample(
    remove: Annotated[bool, typer.Option("--remove", help=help_of("remove"))] = False, now: Now = None
) -> None:
    from catalog.sample.loading import load_sample, remove_sample

    settings = read_settings()
    say, moment = texts(settings.default_language), clock_of(now, settings)()
    with closing(ready_database(settings)) as database:
        if remove:
            print(say("sample.removed", n=remove_sample(database)))
        else:
            report = load_sample(database, moment, settings.zone)
            print(say("sample.loaded", n=report.added + report.updated + report.unchanged))


@app.command(help=help_of("template"))
def template(
    file: Annotated[Path, typer.Argument(help=help_of("template_file"), metavar="FILE.xlsx")],
    lang: Lang = None,
) -> None:
    from catalog.importers.template import template as make_template

    settings = read_settings()
    try:
        file.write_bytes(make_template(language_of(lang) or settings.default_language))
    except OSError as error:
        raise RefusalError("cli.cannot_write", file=file, detail=error.strerror) from error
    print(texts(settings.default_language)("cli.wrote", file=file))


@app.command(help=help_of("migrate"))
def migrate() -> None:
    settings = read_settings()
    ready_database(settings).close()
    print(texts(settings.default_language)("cli.migrated"))


@app.command(help=help_of("doctor"))
def doctor(local: Annotated[bool, typer.Option("--local", help=help_of("local"))] = False) -> None:
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


def _load_sample_when_empty(database: "Database", settings: Settings) -> None:
    from catalog.sample.loading import is_empty, load_sample

    if is_empty(database):
        report = load_sample(database, system_clock(settings.zone)(), settings.zone)
        print(texts(settings.default_language)("sample.loaded", n=report.added), file=sys.stderr)
