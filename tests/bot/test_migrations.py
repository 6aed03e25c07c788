from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from bot import migrations
from catalog.database import Database
from reminders.model import table_metadata


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path}/new.db")
    yield opened
    opened.close()


def tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())


def test_an_empty_database_is_not_current(database: Database) -> None:
    assert migrations.current(database) is None
    assert not migrations.is_current(database)


def test_upgrading_an_empty_database_makes_every_table(database: Database) -> None:
    migrations.upgrade(database)
    assert tables(database) == set(table_metadata().tables) | {"alembic_version"}
    assert migrations.is_current(database)


def test_upgrading_again_changes_nothing_and_keeps_what_is_there(database: Database) -> None:
    migrations.upgrade(database)
    with database.engine.begin() as connection:
        columns = "name, is_sample, revision"
        connection.exec_driver_sql(f"INSERT INTO source ({columns}) VALUES ('Biblioteket', 0, 0)")
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT name FROM source").scalars().all() == ["Biblioteket"]


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, table_metadata()) == []


def test_a_table_that_the_models_do_not_know_would_be_found(database: Database) -> None:
    migrations.upgrade(database)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE venue DROP COLUMN district")
        context = MigrationContext.configure(connection)
        assert [change[0] for change in compare_metadata(context, table_metadata())] == ["add_column"]


def test_every_step_can_be_taken_back(database: Database) -> None:
    migrations.upgrade(database)
    with database.engine.begin() as connection:
        command.downgrade(migrations.config(connection), "base")
    assert tables(database) == {"alembic_version"}
    assert migrations.current(database) is None


def test_a_revision_needs_no_other_types_than_the_databases_own() -> None:
    versions = Path(migrations.__file__).parent / "versions"
    for revision in versions.glob("0*.py"):
        assert "sqlmodel" not in revision.read_text(encoding="utf-8").lower()


def test_ids_that_people_follow_are_never_given_away_again(database: Database) -> None:
    migrations.upgrade(database)
    with database.engine.connect() as connection:
        made = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'")
        assert set(made.scalars()) >= {"organizer", "venue", "series", "offering", "occurrence"}
