"""Runs the migrations on the connection that `bot.store.migrate` hands over.

From the command line (`alembic revision --autogenerate …`) it looks at the database of alembic.ini.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, create_engine, pool

from bot.store import dialect, words
from bot.store.tables import metadata


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column types as plain ones, so that a migration imports only SQLAlchemy."""
    if kind == "type" and isinstance(item, dialect.UtcDateTime):
        return "sa.DateTime()"
    return False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out the tables of the search index, which the database makes by itself."""
    return not (kind == "table" and name is not None and name.startswith(words.SEARCH_TABLE_PREFIX))


def run(connection: Connection) -> None:
    """Run what was asked for on this connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render_item,
        include_name=include_name,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    address = context.config.get_main_option("sqlalchemy.url") or "sqlite://"
    with create_engine(address, poolclass=pool.NullPool).connect() as connection:
        run(connection)
