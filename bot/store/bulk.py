"""Many rows at once. What differs between databases here is asked here."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, Final, TypeAlias

from sqlalchemy import Table, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection

Row: TypeAlias = tuple[Any, ...]


_SEQUENCE: Final = "pg_get_serial_sequence($1, $2)::regclass"
_MAX_PARAMETERS: Final = 900  # of one statement; every SQLite allows 999


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
        rows = zip(*columns.values(), *map(repeat, constants.values()), strict=False)
        named = [*columns, *constants]
        if skip_existing:
            statement = postgresql.insert(table).on_conflict_do_nothing()
            await conn.execute(statement, [dict(zip(named, row, strict=True)) for row in rows])
        else:
            await _copy_in(conn, table, named, rows)
        if table.autoincrement_column is not None and table.autoincrement_column.name in columns:
            await count_on(conn, table)
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


async def insert_rows(
    conn: AsyncConnection, table: Table, names: Sequence[str], rows: Sequence[Row]
) -> None:
    """Insert many rows, as a query gives them."""
    if conn.dialect.name == "sqlite":
        await conn.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
    else:
        await _copy_in(conn, table, names, rows)


async def _copy_in(
    conn: AsyncConnection, table: Table, names: Sequence[str], rows: Iterable[Row]
) -> None:
    """Insert rows by COPY, which is several times as fast as INSERT."""
    dialect = conn.sync_connection.dialect if conn.sync_connection else conn.dialect
    to_driver = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    if any(to_driver):
        rows = (
            tuple(
                value if processed is None else processed(value)
                for value, processed in zip(row, to_driver, strict=True)
            )
            for row in rows
        )
    driver = (await conn.get_raw_connection()).driver_connection
    if driver is None:
        raise TypeError("the connection has no driver")
    await driver.copy_records_to_table(table.name, records=rows, columns=list(names))


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


async def last_given(conn: AsyncConnection, table: Table) -> int:
    """Return the last id that a database gave to a row, whether the row is still there or not."""
    counted = table.autoincrement_column
    if counted is None:
        return 0
    if conn.dialect.name == "sqlite":
        if not table.dialect_options["sqlite"]["autoincrement"]:
            return int(await conn.scalar(select(func.max(counted))) or 0)
        query = "SELECT seq FROM sqlite_sequence WHERE name = ?"
    else:
        query = f"SELECT pg_sequence_last_value({_SEQUENCE})"
    names = (table.name,) if conn.dialect.name == "sqlite" else (table.name, counted.name)
    return int((await conn.exec_driver_sql(query, names)).scalar() or 0)


async def count_on(conn: AsyncConnection, table: Table, *, after: int = 0) -> None:
    """Let the next id that a database gives come after all that were ever given.

    Args:
        after: ... and after this one.
    """
    counted = table.autoincrement_column
    if counted is None:
        return
    if conn.dialect.name != "sqlite":
        last = f'SELECT max("{counted.name}") FROM "{table.name}"'  # noqa: S608
        await conn.exec_driver_sql(
            f"SELECT setval(s, last) FROM (SELECT {_SEQUENCE} AS s) AS one, "  # noqa: S608
            f"LATERAL (SELECT greatest(({last}), pg_sequence_last_value(s), $3) AS last) AS two "
            "WHERE s IS NOT NULL AND last > 0",
            (table.name, counted.name, after),
        )
    elif after and table.dialect_options["sqlite"]["autoincrement"]:
        await conn.exec_driver_sql("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        await conn.exec_driver_sql(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, after)
        )
