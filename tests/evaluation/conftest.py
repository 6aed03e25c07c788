"""The questions are asked once a run, and the rates are told at its end."""

import pytest

from tests.evaluation.report import plain, table
from tests.evaluation.suite import Outcome, ask_all

OUTCOMES = pytest.StashKey[list[Outcome]]()


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest) -> list[Outcome]:
    """The outcome of every question."""
    request.config.stash[OUTCOMES] = ask_all()
    return request.config.stash[OUTCOMES]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if found := config.stash.get(OUTCOMES, None):
        terminalreporter.section("questions that find what they should")
        terminalreporter.write_line(plain(table(found)))
