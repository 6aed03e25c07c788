"""The town that the conversations take place in, and somebody who talks."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.migrations import upgrade
from catalog import Catalogue, Database, ingest
from catalog.drafts import Parsed
from tests.conversations.catalogue import NOW, PROGRAMME, ZONE
from tests.conversations.driver import Person, Town


@pytest.fixture(scope="session")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Catalogue, Database]]:
    folder: Path = tmp_path_factory.mktemp("town")
    database = Database(f"sqlite:///{folder}/town.db")
    upgrade(database)
    report = ingest(database, Parsed("jsonld", list(PROGRAMME)), source="town", now=NOW)
    assert not report.rejections
    catalogue = Catalogue(database, ZONE)
    catalogue.refresh(NOW)
    yield catalogue, database
    database.close()


@pytest.fixture
def changing_town(runner: asyncio.Runner, tmp_path: Path) -> Iterator[Town]:
    """A town of one's own, whose programme may change."""
    database = Database(f"sqlite:///{tmp_path}/town.db")
    upgrade(database)
    ingest(database, Parsed("jsonld", list(PROGRAMME)), source="town", now=NOW)
    catalogue = Catalogue(database, ZONE)
    catalogue.refresh(NOW)
    town = Town(runner, catalogue, database)
    town.open()
    yield town
    town.close()
    database.close()
    assert town.api.unanswered_callbacks() == []


@pytest.fixture
def town(runner: asyncio.Runner, stocked: tuple[Catalogue, Database]) -> Iterator[Town]:
    town = Town(runner, *stocked)
    town.open()
    yield town
    town.close()
    assert town.api.unanswered_callbacks() == []


@pytest.fixture
def person(town: Town) -> Person:
    return Person(town)
