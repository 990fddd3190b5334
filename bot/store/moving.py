"""Moves everything from one database to another, of whatever kind, and compares both."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, Table, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import DatabaseError
from bot.store import bulk, migrate, scene_files, versions
from bot.store.engine import Database
from bot.store.search_updates import SearchUpdates
from bot.store.tables import albums, app_state, artists, metadata, tracks

_PIECE: Final = 5000
_BITS: Final = 64


@dataclass(slots=True)
class Tally:
    """How many rows were seen, and a sum of all that they hold, in whatever order they came."""

    rows: int = 0
    checksum: int = 0

    def add(self, rows: Iterable[Row[Any]]) -> None:
        """Count rows in."""
        for row in rows:
            digest = blake2b(repr(tuple(row)).encode("utf-8", "surrogatepass"), digest_size=8)
            self.checksum += int.from_bytes(digest.digest(), "little")
            self.rows += 1
        self.checksum %= 1 << _BITS


async def count_all(database: Database) -> int:
    """Return how many rows a database holds."""
    async with database.read() as conn:
        return sum([await _count(conn, table) for table in metadata.sorted_tables])


async def copy_all(
    source: Database, target: Database, advance: Callable[[int], None] = lambda _rows: None
) -> dict[str, Tally]:
    """Copy every row into an empty database of the newest schema: all of them or none.

    Each table is read again from the target and compared.

    Args:
        advance: is told whenever so many rows more were copied.

    Returns:
        What was copied, by the name of the table.

    Raises:
        DatabaseError: the source is not of the newest schema, the target is not empty, or they
            differ afterwards. The target is as it was then.
    """
    await _check_schema(source)
    async with source.read() as old, target.write() as new:
        for table in metadata.sorted_tables:
            own = 1 if table is app_state else 0  # which keys it holds
            if await _count(new, table) > own:
                raise DatabaseError(
                    f"The database to copy to is not empty (it has {table.name}). Name an empty "
                    "one; nothing was changed."
                )
        await new.execute(delete(app_state))  # what a new database knows of itself
        copied = {}
        for table in metadata.sorted_tables:
            copied[table.name] = await _copy(old, new, table, advance)
            last = await bulk.last_given(old, table)
            await bulk.count_on(new, table, after=last)
        await SearchUpdates(new, {table.name: 0 for table in (tracks, albums, artists)}).finish()
        for table in metadata.sorted_tables:
            found = Tally()
            async for rows in _pieces(new, table):
                found.add(rows)
            if found != copied[table.name]:
                raise DatabaseError(
                    f"The copy of {table.name} differs from what was copied ({found.rows:,} rows, "
                    f"{copied[table.name].rows:,} expected). Nothing was changed; please report it."
                )
        return copied


def copy_scenes(source: Database, target: Database) -> Path | None:
    """Copy the scene that belongs to a database; return where it is, if there is one."""
    old, new = (scene_files.scene_folder(one.beside) for one in (source, target))
    if not versions.is_there(old) or new.exists():
        return None
    shutil.copytree(old, new)
    return new


async def _check_schema(source: Database) -> None:
    current = await migrate.current_revision(source)
    if current is None:
        raise DatabaseError("The database to copy from is none of B-Side, or is empty.")
    if await migrate.is_due(source):
        raise DatabaseError(
            f"The database to copy from was made by an older B-Side (schema {current}). Run "
            "`bside db upgrade` with it first."
        )


async def _copy(
    old: AsyncConnection, new: AsyncConnection, table: Table, advance: Callable[[int], None]
) -> Tally:
    tally, names = Tally(), [column.name for column in table.c]
    async for rows in _pieces(old, table):
        tally.add(rows)
        await bulk.insert_rows(new, table, names, [tuple(row) for row in rows])
        advance(len(rows))
    return tally


async def _pieces(conn: AsyncConnection, table: Table) -> AsyncIterator[list[Row[Any]]]:
    """Yield the rows of a table in the order of its key: what points to itself points back."""
    async with conn.stream(select(table).order_by(*table.primary_key.columns)) as result:
        async for rows in result.partitions(_PIECE):
            yield list(rows)


async def _count(conn: AsyncConnection, table: Table) -> int:
    return int(await conn.scalar(select(func.count()).select_from(table)) or 0)
