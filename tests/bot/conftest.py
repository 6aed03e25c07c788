"""The command line, in a folder of its own and without anybody's settings."""

from pathlib import Path

import pytest

from bot import cli
from bot.settings import Settings


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):
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
