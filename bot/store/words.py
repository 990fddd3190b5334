"""The search index: which entries hold which words.

An entry is found by its words and comes in the order of its number: rank first, then id. So the
first matches are the most popular ones, and a search stops as soon as it has enough of them. The
migrations create the tables of the index, one for tracks, albums and artists. SQLite has FTS5 for
it, PostgreSQL a `tsvector`; here is asked which it is.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnClause,
    ColumnElement,
    Select,
    Table,
    column,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy import table as sql_table
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import SEPARATOR

SEARCH_TABLE_PREFIX: Final = "search_"
SEARCH_RANK_FACTOR: Final = 1 << 40
_LONGEST_WORD: Final = 500
"""In characters; PostgreSQL takes 2 KiB."""


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
    index = f"{SEARCH_TABLE_PREFIX}{table.name}"
    entry = rows.subquery()
    number = literal(SEARCH_RANK_FACTOR, BigInteger) * entry.c.search_rank + entry.c.id
    if conn.dialect.name != "sqlite":
        target = sql_table(index, column("entry"), column("words"))
        if remove:
            await conn.execute(delete(target).where(target.c.entry.in_(select(number))))
        else:
            words = select(number, _vector(entry.c.words))
            await conn.execute(insert(target).from_select(["entry", "words"], words))
        return
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
    index = f"{SEARCH_TABLE_PREFIX}{table.name}"
    if conn.dialect.name != "sqlite":
        return await _matching_vectors(conn, index, words, limit=limit)
    quoted = [f'"{word.replace(chr(34), chr(34) * 2)}"' for word in words]
    found = await conn.exec_driver_sql(
        f"SELECT rowid FROM {index} WHERE {index} MATCH ? ORDER BY rowid LIMIT ?",  # noqa: S608
        (" ".join(quoted) + "*", limit),
    )
    return [int(row[0]) % SEARCH_RANK_FACTOR for row in found]


def _vector(words: ColumnElement[str]) -> ColumnElement[Any]:
    """Return the words of an entry for the index: what stands between spaces, as it stands there.

    The parsers of PostgreSQL would take some of them for addresses or numbers, and cut them up.
    """
    apart = func.string_to_array(func.replace(words, SEPARATOR, " "), " ")
    word = func.unnest(apart).column_valued("word")
    found = select(func.left(word, _LONGEST_WORD)).where(word != "")
    return func.array_to_tsvector(func.array(found.scalar_subquery()))


async def _matching_vectors(
    conn: AsyncConnection, index: str, words: Sequence[str], *, limit: int
) -> list[int]:
    """Do what `matching_ids` does, on PostgreSQL."""
    doubled = (word[:_LONGEST_WORD].replace("\\", "\\\\").replace("'", "''") for word in words)
    asked = " & ".join(f"'{word}'" for word in doubled) + ":*"
    found = await conn.exec_driver_sql(
        f"SELECT entry FROM {index} WHERE words @@ $1::text::tsquery ORDER BY entry LIMIT $2",  # noqa: S608
        (asked, limit),
    )
    return [int(row[0]) % SEARCH_RANK_FACTOR for row in found]
