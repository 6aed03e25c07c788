"""`kulturlods stats`: the figures of all municipalities, from the server's own console."""

from contextlib import closing
from typing import Annotated

import typer

from bot.cli_parts import (
    AsJson,
    Lang,
    Now,
    RefusalError,
    clock_of,
    dumps,
    existing_database,
    help_of,
    language_of,
)
from bot.settings import read_settings
from bot.texts import texts


def stats(
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help=help_of("csv"))] = False,
    lang: Lang = None,
    now: Now = None,
) -> None:
    """What /tal shows an admin."""
    if as_json and as_csv:
        raise RefusalError("cli.one_format")
    from bot.replies import figures, figures_sheet
    from bot.replies.reply import Voice
    from bot.telegram_html import parse_html
    from reminders.reach import report

    settings = read_settings()
    moment = clock_of(now, settings)()
    voice = Voice(texts(language_of(lang) or settings.default_language), moment, settings.zone)
    with closing(existing_database(settings)) as database:
        told = database.read(lambda session: report(session, None, moment, settings.zone))
    if as_csv:
        print(figures_sheet.as_csv(told).replace("\r\n", "\n"), end="")
    elif as_json:
        print(dumps(figures_sheet.as_json(told)))
    else:
        print(parse_html(figures.page(told, figures.whose(None, told, voice), voice).text)[0])
