"""Access to the database: many readers, one writer at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot import meters
from bot.errors import DatabaseError
from bot.store import dialect

_LARGE: Final = 1 << 30


class Database:
    """Hands out connections; the only holder of the engine."""

    def __init__(self, url: str, *, busy_timeout_ms: int = dialect.BUSY_TIMEOUT_MS) -> None:
        self.file: Path | None = dialect.database_file(url)
        self.engine: AsyncEngine = create_async_engine(
            url, hide_parameters=True, connect_args=dialect.driver_options(url)
        )
        self._patience_s = busy_timeout_ms / 1000
        dialect.prepare_engine(self.engine, busy_timeout_ms=busy_timeout_ms)
        self._writer = asyncio.Lock()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads: one consistent view, never waiting for a writer.

        Raises:
            DatabaseError: the database is locked, damaged or cannot be opened.
        """
        try:
            async with self.engine.connect() as conn:
                yield conn
        except DBAPIError as error:
            raise dialect.translate_error(error) or error from error

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open the one transaction that writes; commit at the end, undo everything on an error.

        To wait for other writers here and for other programs takes as long as the patience with a
        busy database, in all: when it is locked, all who wait are told so at the same time.

        Raises:
            DatabaseError: the database is locked, full, damaged or cannot be opened.
        """
        deadline = asyncio.get_running_loop().time() + self._patience_s
        try:
            with meters.timed(meters.DATABASE_WAIT_SECONDS):
                async with asyncio.timeout_at(deadline):
                    await self._writer.acquire()
        except TimeoutError as error:
            raise dialect.locked() from error
        try:
            async with self.engine.connect() as plain:
                left = max(0.0, deadline - asyncio.get_running_loop().time())
                conn = await plain.execution_options(writes=True, patience_ms=round(1000 * left))
                async with conn.begin():
                    yield conn
        except DBAPIError as error:
            raise dialect.translate_error(error) or error from error
        finally:
            self._writer.release()

    async def empty_log(self) -> bool:
        """Empty the write-ahead log after a deletion; False: it is in use, so try again later."""
        try:
            async with self._writer, self.engine.connect() as plain:
                conn = await plain.execution_options(no_transaction=True)
                return await dialect.empty_log(conn)
        except DBAPIError as error:
            if isinstance(dialect.translate_error(error), DatabaseError):
                return False
            raise

    @property
    def is_large(self) -> bool:
        """Tell whether writing the file anew would hold everybody up for long."""
        return self.file is not None and self.file.stat().st_size > _LARGE

    async def rewrite(self) -> None:
        """Write the file anew, without anything that was deleted earlier, and empty the log.

        Raises:
            DatabaseError: somebody else uses the database, or the disk is full.
        """
        try:
            async with self._writer, self.engine.connect() as plain:
                conn = await plain.execution_options(no_transaction=True)
                await dialect.rewrite(conn)
                await dialect.empty_log(conn)
        except DBAPIError as error:
            raise dialect.translate_error(error) or error from error

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
