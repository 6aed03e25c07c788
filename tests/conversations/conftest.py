"""The town that the conversations take place in, and somebody who talks."""

import asyncio
import shutil
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
def programme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file that holds the town's programme, to be copied."""
    file: Path = tmp_path_factory.mktemp("programme") / "town.db"
    database = Database(f"sqlite:///{file}")
    upgrade(database)
    report = ingest(database, Parsed("jsonld", list(PROGRAMME)), source="town", now=NOW)
    assert not report.rejections
    database.close()
    return file


@pytest.fixture(scope="session")
def stocked(
    programme: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Catalogue, Database]]:
    file = shutil.copy(programme, tmp_path_factory.mktemp("town"))
    database = Database(f"sqlite:///{file}")
    catalogue = Catalogue(database, ZONE)
    catalogue.refresh(NOW)
    yield catalogue, database
    database.close()


@pytest.fixture
def changing_town(runner: asyncio.Runner, programme: Path, tmp_path: Path) -> Iterator[Town]:
    """A town of one's own, whose programme may change."""
    database = Database(f"sqlite:///{shutil.copy(programme, tmp_path)}")
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
