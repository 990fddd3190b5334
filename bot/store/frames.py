"""Data frames in and out of the database."""

from typing import Any

import polars as pl
from sqlalchemy import Select, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.bulk import bulk_insert


async def read_frame(
    conn: AsyncConnection, query: Select[Any], schema: dict[str, Any]
) -> pl.DataFrame:
    """Return the answer to a query; the schema names its columns in their order."""
    rows = [tuple(row) for row in await conn.execute(query)]
    return pl.DataFrame(rows, schema=schema, orient="row")


async def insert_frame(
    conn: AsyncConnection, table: Table, rows: pl.DataFrame, *, skip_existing: bool = False
) -> None:
    """Insert rows whose columns have the same names as those of the table."""
    columns, constants = {}, {}
    for series in rows.get_columns():
        if len(series) > 1 and series.eq_missing(series.first()).all():
            constants[series.name] = series.item(0)
        else:
            columns[series.name] = series.to_list()
    await bulk_insert(conn, table, columns, constants, skip_existing=skip_existing)
