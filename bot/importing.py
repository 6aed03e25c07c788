"""`kulturlods import`: files into the catalogue, with a progress bar, and a report a person can act on."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bot.texts import Texts
from catalog import Database, Rejection, Report, UnreadableError, ingest
from catalog.drafts import Progress as OnProgress
from catalog.importers import parse
from catalog.text import fold, visible

COUNTS = ("added", "updated", "unchanged", "cancelled", "past", "withdrawn")
SHOWN_REJECTIONS = 50
"""So many rejections are printed one by one; `--json` tells all."""


def import_file(
    database: Database,
    path: Path,
    *,
    format: str,
    source: str | None,
    now: datetime,
    zone: ZoneInfo,
    complete: bool,
    dry_run: bool,
    on_progress: OnProgress | None = None,
) -> Report:
    """Read one file and store what is good in it; a file that cannot be read is one rejection."""
    try:
        parsed = parse(path.read_bytes(), format=format, now=now, zone=zone)
    except UnreadableError as error:
        return Report(rejections=[Rejection("", error.code, error.detail)])
    return ingest(
        database,
        parsed,
        source=source or fold(path.stem),
        now=now,
        complete=complete,
        dry_run=dry_run,
        progress=on_progress,
    )


@contextmanager
def progress_bar(label: str) -> Iterator[OnProgress | None]:
    """A bar on standard error while it is a terminal, else None."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)


def report_lines(path: str, report: Report, say: Texts, *, dry_run: bool) -> Iterator[str]:
    """The report in words: one line of counts, then a line for each rejection."""
    counts = [say(f"import.{name}", n=getattr(report, name)) for name in COUNTS if getattr(report, name)]
    if report.rejections:
        counts.append(say("import.rejected", n=len(report.rejections)))
    head = "import.would" if dry_run else "import.did"
    yield say(head, file=path, counts=", ".join(counts) or say("import.nothing"))
    for rejection in report.rejections[:SHOWN_REJECTIONS]:
        yield "  " + rejection_line(rejection, say)
    if (hidden := len(report.rejections) - SHOWN_REJECTIONS) > 0:
        yield "  " + say("import.more_rejections", n=hidden)


def rejection_line(rejection: Rejection, say: Texts) -> str:
    """Where and why, in a sentence."""
    reason = say(f"import.reason.{rejection.code}", detail=visible(rejection.detail)[:200])
    return (
        say("import.rejection", where=visible(rejection.where)[:120], reason=reason)
        if rejection.where
        else reason
    )


def report_json(path: str, report: Report, say: Texts) -> dict[str, Any]:
    """The report as data: counts, and every rejection with its code and its sentence."""
    rejections = [{**asdict(r), "reason": rejection_line(r, say)} for r in report.rejections]
    counts = {name: getattr(report, name) for name in COUNTS}
    return {"file": path, **counts, "rejected": len(rejections), "rejections": rejections}
