"""A connection to SQLite on which a statement takes one trip to its thread and back.

aiosqlite makes a trip each to open a cursor, to execute, to fetch and to close. When the event loop
and the interpreter are busy, it is the trips that take long, not the statements.
"""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path
from typing import Any, Final

import aiosqlite

_FETCHED: Final = 1000
"""So many rows come along with the trip that executes."""


class _Cursor:
    """Opens itself, fetches the first rows and closes itself when these are all, in one trip."""

    def __init__(self, conn: "Connection") -> None:
        self._conn: Connection = conn
        self.arraysize = 1
        self._rows: list[Any] = []
        self._rest: sqlite3.Cursor | None = None
        """Has more rows."""
        self._told: tuple[int, int | None, Any] = -1, None, None
        """How many rows it changed, the last id, and its columns."""

    async def __aenter__(self) -> "_Cursor":
        return self

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_Cursor":
        """Execute a statement, and fetch its first rows."""
        values: Any = () if parameters is None else parameters
        return await self._run(sqlite3.Cursor.execute, sql, values)

    async def executemany(self, sql: str, parameters: Iterable[Iterable[Any]]) -> "_Cursor":
        """Execute a statement with each of many parameters."""
        values: Any = parameters
        return await self._run(sqlite3.Cursor.executemany, sql, values)

    async def _run(self, method: Callable[..., object], sql: str, values: Any) -> "_Cursor":
        await self._conn.run(self._done, method, sql, values)
        return self

    def _done(self, method: Callable[..., object], sql: str, values: Any) -> None:
        cursor = self._conn.opened()
        try:
            method(cursor, sql, values)
            self._told = cursor.rowcount, cursor.lastrowid, cursor.description
            self._rows = [] if cursor.description is None else cursor.fetchmany(_FETCHED)
        except BaseException:
            cursor.close()
            raise
        self._told = cursor.rowcount, cursor.lastrowid, self._told[2]
        if len(self._rows) < _FETCHED:
            cursor.close()
        else:
            self._rest = cursor

    async def __aiter__(self) -> AsyncIterator[Any]:
        while rows := await self.fetchmany(_FETCHED):
            for row in rows:
                yield row

    async def fetchone(self) -> Any:
        """Return the next row; None after the last."""
        rows = await self.fetchmany(1)
        return rows[0] if rows else None

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next rows, as many as are asked for and there are."""
        wanted = self.arraysize if size is None else size
        missing = wanted - len(self._rows)
        if missing > 0 and self._rest is not None:
            self._rows += await self._conn.run(self._rest.fetchmany, missing)
        found, self._rows = self._rows[:wanted], self._rows[wanted:]
        return found

    async def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        found, self._rows = self._rows, []
        if self._rest is not None:
            found += await self._conn.run(self._rest.fetchall)
            await self.close()
        return found

    async def close(self) -> None:
        """Let go of what is left."""
        rest, self._rest = self._rest, None
        if rest is not None:
            await self._conn.run(rest.close)

    @property
    def rowcount(self) -> int:
        """How many rows were changed; -1: it is not known."""
        return self._told[0]

    @property
    def lastrowid(self) -> int | None:
        """The id of the last row that was inserted."""
        return self._told[1]

    @property
    def description(self) -> Any:
        """The columns of the rows; None: there are none."""
        return self._told[2]


class Connection(aiosqlite.Connection):
    """Hands out cursors that spare the trips."""

    def cursor(self) -> _Cursor:  # type: ignore[override]  # nothing to wait for
        """Return a cursor, which opens itself."""
        return _Cursor(self)

    def opened(self) -> sqlite3.Cursor:
        """Return a cursor of the driver below; only in the thread of the connection."""
        return self._conn.cursor()

    async def run(self, function: Callable[..., Any], *args: Any) -> Any:
        """Return what a function returns (or raises) in the thread of the connection."""
        return await self._execute(function, *args)  # type: ignore[no-untyped-call]


def connect(database: str | Path, **options: Any) -> Connection:
    """Return a connection to be awaited; its thread does not keep the program from ending.

    Args:
        database: its file.
        options: of `sqlite3.connect`.
    """
    connection = Connection(lambda: sqlite3.connect(database, **options), _FETCHED)
    connection._thread.daemon = True  # noqa: SLF001  (as SQLAlchemy sets it)
    return connection
