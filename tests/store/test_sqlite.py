"""The connection that makes one trip for a statement gives what the plain one gives."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text

from bot.store import sqlite
from bot.store.engine import Database


@pytest_asyncio.fixture
async def connection(tmp_path: Path) -> AsyncIterator[sqlite.Connection]:
    opened = sqlite.connect(tmp_path / "plain.db", isolation_level=None)
    await opened
    cursor = opened.cursor()
    await cursor.execute("pragma synchronous = off")
    await cursor.execute("create table numbers (number integer primary key)")
    rows = [(number,) for number in range(2500)]
    await cursor.executemany("insert into numbers values (?)", rows)
    yield opened
    await opened.close()


@pytest.mark.parametrize("count", [0, 1, 999, 1000, 1001, 2500])
async def test_every_row_comes_once_in_order(connection: sqlite.Connection, count: int) -> None:
    cursor = connection.cursor()
    query = "select number from numbers order by number limit ?"

    await cursor.execute(query, (count,))
    pieces = [len(await cursor.fetchmany(7)), await cursor.fetchone(), await cursor.fetchall()]
    await cursor.execute(query, (count,))
    streamed = [row async for row in cursor]

    assert pieces[0] == min(7, count)
    assert pieces[1] == ((7,) if count > 7 else None)
    assert pieces[2] == [(number,) for number in range(8, count)]
    assert streamed == [(number,) for number in range(count)]


async def test_what_a_statement_did_is_told(connection: sqlite.Connection) -> None:
    cursor = connection.cursor()

    await cursor.execute("insert into numbers values (7000) returning number")
    assert (cursor.rowcount, cursor.lastrowid) == (1, 7000)
    assert [column[0] for column in cursor.description] == ["number"]
    assert await cursor.fetchall() == [(7000,)]

    await cursor.execute("delete from numbers where number < 10")
    assert (cursor.rowcount, cursor.description) == (10, None)


async def test_a_statement_that_fails_raises_what_sqlite_says_and_the_next_one_goes_on(
    connection: sqlite.Connection,
) -> None:
    cursor = connection.cursor()

    with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
        await cursor.execute("insert into numbers values (1)")
    await cursor.execute("select count(*) from numbers")

    assert await cursor.fetchall() == [(2500,)]


@pytest.mark.sqlite
async def test_a_stream_that_is_left_half_way_holds_nothing(database: Database) -> None:
    async with database.write() as conn:
        for number in range(1100):
            await conn.execute(text("insert into app_state values (:n, :n)"), {"n": f"{number:04}"})

    async with database.read() as conn, conn.stream(text("select name from app_state")) as result:
        first = await result.fetchone()
    async with database.write() as conn:
        await conn.execute(text("delete from app_state"))

    assert first == ("0000",)
    async with database.read() as conn:
        assert (await conn.scalars(text("select name from app_state"))).all() == []
