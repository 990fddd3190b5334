"""What differs between databases. Only this file, `bulk` and `words` ask which one it is."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Integer,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    event,
    func,
    select,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.types import TypeDecorator

from bot.errors import DatabaseError
from bot.store import postgresql as server
from bot.store import sqlite

BUSY_TIMEOUT_MS = 10_000
synchronous = "FULL"
"""How far a commit of SQLite is on the disk before it is told; only the tests change it."""

ADDRESS_WAY: Final = (
    "Write it like sqlite+aiosqlite:///bside.db or postgresql://user:password@host/bside, or "
    "remove the line for the default."
)
NO_DRIVER: Final = (
    "DATABASE_URL names a database of PostgreSQL, and its driver is not installed. Install it with "
    "`uv sync --extra postgresql`, or `pip install asyncpg`."
)
_LOCKED: Final = (
    "The database is locked by another program. Close it (another bot, an import, a database "
    "browser) and try again; nothing was changed."
)
_SQLITE_SENTENCES: Final = {
    ("locked", "busy"): _LOCKED,
    ("full", "disk i/o"): (
        "There is no room left on the disk for the database. Free some space and try again; "
        "nothing was changed."
    ),
    ("readonly", "read-only", "unable to open"): (
        "The database file cannot be opened for writing. Check that its folder exists and that "
        "this user may write there."
    ),
    ("not a database", "malformed"): (
        "The database file is damaged or is not a B-Side database. Stop the bot and put back a "
        "backup with `bside db restore FILE`, or set DATABASE_URL to another file."
    ),
}
"""By words that SQLite says then."""

# SQLite counts rows up by itself only for a column that is exactly INTEGER (64 bits there).
BigKey = BigInteger().with_variant(Integer, "sqlite")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC; SQLite has no time zones, so it is stored without one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Drop the zone after turning the time to UTC; refuse a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone cannot be stored: {value}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say that the stored time is UTC."""
        return None if value is None else value.replace(tzinfo=UTC)


def address(url: str) -> URL:
    """Return the address of a database.

    Raises:
        ArgumentError: it is none, or of a database that is not supported.
    """
    parsed = make_url(url)
    if parsed.drivername == "sqlite+aiosqlite" and database_file(parsed) is not None:
        return parsed
    if parsed.drivername in {"postgres", "postgresql", "postgresql+asyncpg"}:
        if not parsed.database:
            raise ArgumentError("the address names no database")
        return server.address(parsed)
    raise ArgumentError("the database is of no supported kind")


def database_file(url: URL) -> Path | None:
    """Return the file of a database that is a file, else None."""
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database))


def engine_options(url: URL) -> dict[str, Any]:
    """Return what the engine is told."""
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"async_creator_fn": sqlite.connect}}
    return server.engine_options()


def reading_options(engine: AsyncEngine) -> dict[str, Any]:
    """Return the options of a transaction that only reads: one consistent view.

    SQLite gives that by itself.
    """
    return {} if engine.dialect.name == "sqlite" else server.READING


def prepare_engine(engine: AsyncEngine, users: server.Users, *, busy_timeout_ms: int) -> None:
    """Set up each connection.

    A connection with the execution option `writes` is the only one that writes from the moment when
    its transaction begins, so that it cannot fail half-way because somebody else wrote first. It
    waits for that `patience_ms` at most.

    Args:
        users: who uses the database with it.
    """
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, busy_timeout_ms)
    else:
        server.prepare_engine(engine, users, busy_timeout_ms)


def _prepare_sqlite(engine: AsyncEngine, busy_timeout_ms: int) -> None:
    """Set up each connection: write-ahead log, foreign keys, waiting for a busy database.

    One with the execution option `no_transaction` begins none.

    Every commit is on the disk before it is told (`synchronous = FULL`): a power cut takes nothing
    that somebody was told is counted.
    """

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = (
            None  # transactions begin where on_begin says, not by themselves
        )
        cursor = connection.cursor()
        try:
            cursor.execute(f"PRAGMA busy_timeout = {busy_timeout_ms:d}")
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute(f"PRAGMA synchronous = {synchronous}")
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten
            cursor.close()
        except BaseException:
            connection.close()  # the pool does not know it yet and would leave it open
            raise

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("no_transaction", False):
            return
        if not options.get("writes"):
            connection.exec_driver_sql("BEGIN")
            return
        patience_ms = min(options.get("patience_ms", busy_timeout_ms), busy_timeout_ms)
        if patience_ms == busy_timeout_ms:  # as it is set already
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            return
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {patience_ms:d}")
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {busy_timeout_ms:d}")


def locked() -> DatabaseError:
    """Return the sentence for a database that nobody can write to at this moment."""
    return DatabaseError(_LOCKED)


def translate_error(error: BaseException) -> DatabaseError | None:
    """Return the sentence for a failure of the database itself; None for a bug of ours."""
    if isinstance(error, DatabaseError):
        return error
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, PoolTimeoutError):
        told: str | None = "The database is too busy. Try again in a minute; nothing was changed."
    elif isinstance(cause, sqlite3.Error):
        told = _sqlite_sentence(str(cause).lower())
    else:
        told = server.sentence(cause)
    return None if told is None else DatabaseError(told)


def _sqlite_sentence(text: str) -> str | None:
    """Return what a failure of SQLite means, given its words."""
    for words, told in _SQLITE_SENTENCES.items():
        if any(word in text for word in words):
            return told
    return None


async def copy_database(conn: AsyncConnection, target: Path) -> None:
    """Write a consistent copy of the database to a new file; others can read meanwhile."""
    await conn.exec_driver_sql("VACUUM INTO ?", (str(target),))


async def empty_log(conn: AsyncConnection) -> bool:
    """Empty the write-ahead log, which holds pages from before a deletion.

    Returns:
        False when somebody reads or writes just now: then it is to be tried again later.
    """
    if conn.dialect.name != "sqlite":
        return True
    patience = (await conn.exec_driver_sql("PRAGMA busy_timeout")).scalar_one()
    await conn.exec_driver_sql("PRAGMA busy_timeout = 0")  # nobody waits for this
    try:
        busy, *_ = (await conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).one()
    finally:
        await conn.exec_driver_sql(f"PRAGMA busy_timeout = {patience:d}")
    return not busy


async def rewrite(conn: AsyncConnection) -> None:
    """Write the whole file anew, so that it holds nothing of rows that were deleted earlier."""
    if conn.dialect.name == "sqlite":
        await conn.exec_driver_sql("VACUUM")


async def integrity_problems(conn: AsyncConnection) -> list[str]:
    """Return what the database finds wrong with itself; an empty list is good news.

    PostgreSQL holds every reference true by itself; there, every row is read.
    """
    if conn.dialect.name != "sqlite":
        return await server.unreadable(conn)
    found = [str(row[0]) for row in await conn.exec_driver_sql("PRAGMA integrity_check")]
    problems = [line for line in found if line != "ok"]
    for row in await conn.exec_driver_sql("PRAGMA foreign_key_check"):
        table, rowid, parent, _ = tuple[Any, ...](row)
        problems.append(f"row {rowid} of {table} points to a missing row of {parent}")
    return problems


def listed(
    conn: AsyncConnection, values: Sequence[str] | Sequence[int]
) -> Select[Any] | Sequence[Any]:
    """Return what to give to `in_()` for these values: one parameter, however many they are."""
    if conn.dialect.name == "sqlite":
        return select(func.json_each(json.dumps(values)).table_valued("value").c.value)
    if not values:
        return []
    kind = BigInteger if isinstance(values[0], int) else Text
    return select(func.unnest(cast(list(values), postgresql.ARRAY(kind))))


def among(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Return whether a column is one of the whole numbers that a parameter holds as `as_listed`."""
    if dialect == "sqlite":
        values = func.json_each(bindparam(name, type_=Text)).table_valued("value")
        return column.in_(select(values.c.value))
    return column == any_(bindparam(name, type_=postgresql.ARRAY(BigInteger)))


def as_listed(conn: AsyncConnection, values: Sequence[int]) -> str | list[int]:
    """Return whole numbers as the parameter of `among`."""
    return json.dumps(values) if conn.dialect.name == "sqlite" else list(values)
