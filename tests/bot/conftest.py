"""The command line, in a folder of its own and without anybody's settings."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import cli
from bot.settings import Settings


@pytest.fixture
def logs_as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A command sets up the process's logging; what comes after it in this process wants its own again."""
    names = ("", "httpx", "httpcore", "apscheduler", "alembic")
    levels = {name: logging.getLogger(name).level for name in names}
    handlers = list(logging.getLogger().handlers)
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    yield
    logging.getLogger().handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    logs_as_before: None,
):
    """`kulturlods` with these arguments: its exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def kulturlods(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["kulturlods", *arguments])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        captured = capsys.readouterr()
        return int(stopped.value.code or 0), captured.out, captured.err

    return kulturlods
