"""What differs between databases. No other file asks which database it is."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnClause,
    Connection,
    DateTime,
    Dialect,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    column,
    event,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy import table as sql_table
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.types import TypeDecorator

from bot.errors import DatabaseError
from bot.store import sqlite

Row: TypeAlias = tuple[Any, ...]

BUSY_TIMEOUT_MS = 10_000
synchronous = "FULL"
"""How far a commit of SQLite is on the disk before it is told; only the tests change it."""
SEARCH_TABLE_PREFIX = "search_"

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


def database_file(url: str) -> Path | None:
    """Return the file of a database that is a file, else None."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def driver_options(url: str) -> dict[str, Any]:
    """Return what a driver is told when it connects."""
    if make_url(url).get_backend_name() != "sqlite":
        return {}
    return {"async_creator_fn": sqlite.connect}


def prepare_engine(engine: AsyncEngine, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
    """Set up each connection: write-ahead log, foreign keys, waiting for a busy database.

    A connection with the execution option `writes` takes the write lock when its transaction
    begins, so that it cannot fail half-way because somebody else wrote first, and waits for it
    `patience_ms` at most. One with the option `no_transaction` begins none.

    Every commit is on the disk before it is told (`synchronous = FULL`): a power cut takes nothing
    that somebody was told is counted.
    """
    if engine.dialect.name != "sqlite":
        return

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
    return DatabaseError(
        "The database is locked by another program. Close it (another bot, an import, "
        "a database browser) and try again; nothing was changed."
    )


def translate_error(error: DBAPIError) -> DatabaseError | None:
    """Return the sentence for a failure of the database itself; None for a bug of ours."""
    text = str(error.orig).lower()
    if "locked" in text or "busy" in text:
        return locked()
    if "full" in text or "disk i/o" in text:
        return DatabaseError(
            "There is no room left on the disk for the database. Free some space and try again; "
            "nothing was changed."
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return DatabaseError(
            "The database file cannot be opened for writing. Check that its folder exists and "
            "that this user may write there."
        )
    if "not a database" in text or "malformed" in text:
        return DatabaseError(
            "The database file is damaged or is not a B-Side database. Stop the bot and put back "
            "a backup with `bside db restore FILE`, or set DATABASE_URL to another file."
        )
    return None


@dataclass(frozen=True, slots=True)
class Examined:
    """What a database file is."""

    problems: list[str]
    revision: str | None
    """Of its schema; None: it has none of ours."""


class Folded(Enum):
    """Whether a database file is complete without its log."""

    COMPLETE = auto()
    IN_USE = auto()
    DAMAGED = auto()


def copy_file(source: Path, target: Path) -> None:
    """Copy a database file, with its log if there is one; the source is only read.

    Raises:
        DatabaseError: it is no database, damaged, or the target cannot be written.
    """
    target.unlink(missing_ok=True)
    address = f"{source.absolute().as_uri()}?mode=ro"
    try:
        with closing(sqlite3.connect(address, uri=True)) as old, closing(connected(target)) as new:
            old.backup(new)
    except sqlite3.Error as error:
        raise DatabaseError(
            f"{source} cannot be copied ({error}). It is damaged, no database of B-Side, or there "
            "is no room for another one."
        ) from error


def examine_file(file: Path) -> Examined:
    """Look at a database file that nobody uses."""
    try:
        with closing(connected(file)) as conn:
            problems = [str(row[0]) for row in conn.execute("PRAGMA integrity_check")]
            problems = [line for line in problems if line != "ok"]
            problems += [
                f"row {rowid} of {table} points to a missing row of {parent}"
                for table, rowid, parent, _ in conn.execute("PRAGMA foreign_key_check")
            ]
            names = {row[0] for row in conn.execute("SELECT name FROM sqlite_master")}
            if not {"alembic_version", "app_state", "tracks"} <= names:
                return Examined(problems, None)
            row = conn.execute("SELECT version_num FROM alembic_version").fetchone()
            return Examined(problems, None if row is None else str(row[0]))
    except sqlite3.DatabaseError as error:
        return Examined([str(error)], None)


def fold_log(file: Path) -> Folded:
    """Write the log of a database file into it, if nobody has it open."""
    try:
        with closing(connected(file)) as conn:
            # Only who is alone may leave the log behind: it is written into the file before.
            conn.execute("PRAGMA journal_mode = DELETE").fetchone()
            conn.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        return Folded.IN_USE if "locked" in str(error) else Folded.DAMAGED
    except sqlite3.DatabaseError:
        return Folded.DAMAGED
    return Folded.COMPLETE


def connected(file: Path) -> sqlite3.Connection:
    """Return a connection to a database file that waits for nobody."""
    return sqlite3.connect(file, timeout=0, isolation_level=None)


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
    """Return what the database finds wrong with itself; an empty list is good news."""
    found = [str(row[0]) for row in await conn.exec_driver_sql("PRAGMA integrity_check")]
    problems = [line for line in found if line != "ok"]
    for row in await conn.exec_driver_sql("PRAGMA foreign_key_check"):
        table, rowid, parent, _ = tuple[Any, ...](row)
        problems.append(f"row {rowid} of {table} points to a missing row of {parent}")
    return problems


# ----------------------------------------------------------------------------- rows in bulk

_MAX_PARAMETERS = 900  # of one statement; every SQLite allows 999


async def prepare_bulk(conn: AsyncConnection) -> None:
    """Give this connection the memory for a large import."""
    if conn.dialect.name == "sqlite":
        await conn.exec_driver_sql("PRAGMA cache_size = -65536")
        await conn.exec_driver_sql("PRAGMA threads = 2")  # for sorting, when an index is built


async def bulk_insert(
    conn: AsyncConnection,
    table: Table,
    columns: Mapping[str, Sequence[Any]],
    constants: Mapping[str, Any] | None = None,
    *,
    skip_existing: bool = False,
) -> None:
    """Insert many rows; with `skip_existing`, leave out those whose key is there already.

    Many rows go into one statement: the cost of a statement is higher than that of a row.

    Args:
        columns: the values of each column, all of the same length; at least one column.
        constants: the value that all rows have in common, of further columns.
    """
    constants = constants or {}
    width, height = len(columns), len(next(iter(columns.values())))
    if not height:
        return
    if conn.dialect.name != "sqlite":
        statement = postgresql.insert(table)
        statement = statement.on_conflict_do_nothing() if skip_existing else statement
        rows = zip(*columns.values(), strict=True)
        values = [{**constants, **dict(zip(columns, row, strict=True))} for row in rows]
        await conn.execute(statement, values)
        return
    flat: list[Any] = [None] * (width * height)
    for place, column_values in enumerate(columns.values()):
        flat[place::width] = column_values
    size = max((_MAX_PARAMETERS - len(constants)) // width, 1)
    whole = (height - height % size) * width
    names = ", ".join(f'"{name}"' for name in [*constants, *columns])
    shared = tuple(constants.values())
    ending = " ON CONFLICT DO NOTHING" if skip_existing else ""
    for count, start, end in ((size, 0, whole), (1, whole, len(flat))):
        if start < end:
            step = count * width
            sql = (
                f'INSERT INTO "{table.name}" ({names}) '  # noqa: S608
                f"VALUES {_numbered_rows(count, width, len(shared))}{ending}"
            )
            await conn.exec_driver_sql(
                sql,
                [shared + tuple(flat[first : first + step]) for first in range(start, end, step)],
            )


def _numbered_rows(count: int, width: int, shared: int) -> str:
    """Return the placeholders for rows that all begin with the same shared parameters."""
    start = [f"?{number + 1}" for number in range(shared)]
    rows = (
        [*start, *(f"?{shared + row * width + place + 1}" for place in range(width))]
        for row in range(count)
    )
    return ", ".join(f"({', '.join(row)})" for row in rows)


async def bulk_update(
    conn: AsyncConnection, table: Table, columns: Sequence[str], rows: Sequence[Row]
) -> None:
    """Set columns of many rows; the last value of each row is its id."""
    if not rows:
        return
    parameters = [f"v{place}" for place in range(len(columns))]
    values: dict[str, Any] = {
        name: bindparam(parameter) for name, parameter in zip(columns, parameters, strict=True)
    }
    statement = update(table).where(table.c.id == bindparam("row_id")).values(values)
    keys = [*parameters, "row_id"]
    await conn.execute(statement, [dict(zip(keys, row, strict=True)) for row in rows])


def listed(conn: AsyncConnection, values: Sequence[str] | Sequence[int]) -> Select[Any]:
    """Return a query for the given values, for `in_()`: one parameter, however many values."""
    if conn.dialect.name == "sqlite":
        return select(func.json_each(json.dumps(values)).table_valued("value").c.value)
    kind = BigInteger if values and isinstance(values[0], int) else Text
    return select(func.unnest(cast(list(values), postgresql.ARRAY(kind))))


def listed_by(dialect: str, name: str) -> Select[Any]:
    """Return a query like `listed`, for whole numbers that a parameter holds as `as_listed`."""
    if dialect == "sqlite":
        return select(func.json_each(bindparam(name, type_=Text)).table_valued("value").c.value)
    return select(func.unnest(bindparam(name, type_=postgresql.ARRAY(BigInteger))))


def as_listed(conn: AsyncConnection, values: Sequence[int]) -> str | list[int]:
    """Return whole numbers as the parameter of `listed_by`."""
    return json.dumps(values) if conn.dialect.name == "sqlite" else list(values)


# ----------------------------------------------------------------------------- search index

# An entry is found by its words and comes in the order of its number: rank first, then id. So the
# first matches are the most popular ones, and a search stops as soon as it has enough of them.
# The migrations create the tables of the index, one for tracks, albums and artists.
SEARCH_RANK_FACTOR = 1 << 40


async def index_words(
    conn: AsyncConnection, table: Table, rows: Select[Any], *, remove: bool = False
) -> None:
    """Add entries to the search index, or remove them.

    Args:
        table: tracks, albums or artists.
        rows: a query for (id, search_rank, words). To take entries out it must give exactly what
            was put in.
        remove: take out instead of add.
    """
    if conn.dialect.name != "sqlite":
        return
    index = f"{SEARCH_TABLE_PREFIX}{table.name}"
    entry = rows.subquery()
    number = entry.c.search_rank * SEARCH_RANK_FACTOR + entry.c.id
    query = select(number, entry.c.words).order_by(entry.c.search_rank, entry.c.id)
    columns: list[ColumnClause[Any]] = [column("rowid"), column("words")]
    if remove:
        query = select(literal("delete"), number, entry.c.words)
        columns.insert(0, column(index))
    await conn.execute(
        insert(sql_table(index, *columns)).from_select([c.name for c in columns], query)
    )


async def forget_words(conn: AsyncConnection, table: Table) -> None:
    """Write the search index anew, which else keeps the words of entries that were taken out."""
    if conn.dialect.name == "sqlite":
        index = f"{SEARCH_TABLE_PREFIX}{table.name}"
        await conn.execute(insert(sql_table(index, column(index))).values({index: "optimize"}))


async def matching_ids(
    conn: AsyncConnection, table: Table, words: Sequence[str], *, limit: int
) -> list[int]:
    """Return the entries that hold all words, the last of them as the beginning of a word.

    Args:
        words: folded, without spaces, at least one.
        limit: how many, best search rank first.
    """
    if conn.dialect.name != "sqlite":
        return []
    quoted = [f'"{word.replace(chr(34), chr(34) * 2)}"' for word in words]
    index = f"{SEARCH_TABLE_PREFIX}{table.name}"
    found = await conn.exec_driver_sql(
        f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ?",  # noqa: S608
        (" ".join(quoted) + "*", limit),
    )
    return [int(row[0]) % SEARCH_RANK_FACTOR for row in found]
