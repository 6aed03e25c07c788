"""The database's schema, step by step: Alembic, driven from code, without an ini file.

Works on SQLite and PostgreSQL. `upgrade` may be called at every start: on a database that is up to date it
changes nothing.
"""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from catalog.database import Database


def config(connection: Connection | None = None) -> Config:
    """The settings Alembic needs; `connection` is the one its commands then work on."""
    settings = Config()
    settings.set_main_option("script_location", "bot:migrations")
    settings.attributes["connection"] = connection
    return settings


def upgrade(database: Database) -> None:
    """Bring `database` to the newest schema, in one transaction: all of it or nothing."""
    engine = database.engine.execution_options(kulturlods_write=True)
    with engine.begin() as connection:
        command.upgrade(config(connection), "head")


def current(database: Database) -> str | None:
    """The revision that `database` stands at; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this version of the program needs."""
    return ScriptDirectory.from_config(config()).get_current_head()


def is_current(database: Database) -> bool:
    """Whether `database` has the newest schema."""
    return current(database) == newest()
