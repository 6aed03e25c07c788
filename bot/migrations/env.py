"""How Alembic meets the tables. It runs on the connection that `bot.migrations` passes in."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection
from sqlmodel.sql.sqltypes import AutoString

from reminders.model import table_metadata


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write SQLModel's own column types as SQLAlchemy's, so that a revision needs nothing but `sa`."""
    if kind != "type":
        return False
    if isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if isinstance(item, sa.types.TypeDecorator) and isinstance(item.impl, sa.DateTime):
        return "sa.DateTime(timezone=True)" if item.impl.timezone else "sa.DateTime()"
    return False


def run(connection: Connection) -> None:
    """Run the command's migrations on `connection`, inside the transaction that its owner began."""
    context.configure(
        connection=connection,
        target_metadata=table_metadata(),
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
