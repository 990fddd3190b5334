"""Access to the database: many readers, one writer at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot import meters
from bot.errors import DatabaseError
from bot.store import dialect, dumps, postgresql
from bot.store.turns import Turns

_LARGE: Final = 1 << 30


class Database:
    """Hands out connections; the only holder of the engine."""

    def __init__(
        self,
        url: str,
        *,
        folder: Path = Path(),
        busy_timeout_ms: int = dialect.BUSY_TIMEOUT_MS,
    ) -> None:
        """Name the database; nothing is opened yet.

        Args:
            url: its address.
            folder: where that lies which does not live in the database, unless this is a file:
                then it lies beside.
            busy_timeout_ms: how long to wait for others who write.

        Raises:
            ArgumentError: the address is none.
        """
        address = dialect.address(url)
        self.file: Path | None = dialect.database_file(address)
        self.beside: Path = self.file or folder / str(address.database)
        """What the names begin with of all that belongs to it and does not live in it."""
        self.engine: AsyncEngine = create_async_engine(
            address, hide_parameters=True, **dialect.engine_options(address)
        )
        self._patience_s = busy_timeout_ms / 1000
        self._users = postgresql.Users()
        dialect.prepare_engine(self.engine, self._users, busy_timeout_ms=busy_timeout_ms)
        self._reading = dialect.reading_options(self.engine)
        self._writer = asyncio.Lock()
        self._turns = Turns(self.engine, shared=self.file is None)

    @asynccontextmanager
    async def _connected(self, **options: Any) -> AsyncIterator[AsyncConnection]:
        """Open a connection; what the database itself does wrong becomes a sentence.

        Raises:
            DatabaseError: the database is locked, damaged or cannot be reached or opened.
        """
        async with AsyncExitStack() as stack:
            try:
                plain = await stack.enter_async_context(self.engine.connect())
            except Exception as error:
                raise dialect.translate_error(error) or error from error
            try:
                yield await plain.execution_options(**options) if options else plain
            except (DBAPIError, ConnectionError) as error:
                raise dialect.translate_error(error) or error from error

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads: one consistent view, never waiting for a writer.

        Raises:
            DatabaseError: the database is locked, damaged or cannot be opened.
        """
        async with self._connected(**self._reading) as conn:
            yield conn

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
            left = max(0.0, deadline - asyncio.get_running_loop().time())
            async with (
                self._connected(writes=True, patience_ms=round(1000 * left)) as conn,
                conn.begin(),
            ):
                yield conn
        finally:
            self._writer.release()

    def turn(self, name: str) -> AbstractAsyncContextManager[None]:
        """Wait until nobody else has the turn of that name, in whatever process, and have it.

        Raises:
            DatabaseError: the server cannot be reached.
        """
        return self._turns.turn(name)

    async def empty_log(self) -> bool:
        """Empty the write-ahead log after a deletion; False: it is in use, so try again later."""
        try:
            async with self._writer, self._connected(no_transaction=True) as conn:
                return await dialect.empty_log(conn)
        except DatabaseError:
            return False

    @property
    def is_large(self) -> bool:
        """Tell whether writing the file anew would hold everybody up for long."""
        return self.file is not None and self.file.stat().st_size > _LARGE

    async def rewrite(self) -> None:
        """Write the file anew, without anything that was deleted earlier, and empty the log.

        Raises:
            DatabaseError: somebody else uses the database, or the disk is full.
        """
        async with self._writer, self._connected(no_transaction=True) as conn:
            await dialect.rewrite(conn)
            await dialect.empty_log(conn)

    @property
    def can_be_copied(self) -> bool:
        """Tell whether this machine can make copies of it."""
        return self.file is not None or dumps.is_possible()

    def named(self, name: str) -> Path:
        """Return the place for a copy beside it."""
        ending = "" if self.file else ".dump"
        return self.beside.with_name(f"{self.beside.name}.{name}{ending}")

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Keep everybody else from using the database on a server meanwhile.

        Raises:
            DatabaseError: somebody uses it.
        """
        await self._turns.close()
        await self.engine.dispose()  # our own connections share the lock with others
        self._users.alone = True
        try:
            async with (
                self._connected(isolation_level="AUTOCOMMIT") as conn,
                postgresql.held_alone(conn),
            ):
                yield
        finally:
            self._users.alone = False
            await self.engine.dispose()

    async def copy_to(self, target: Path) -> None:
        """Write a consistent copy of the database to a new file.

        Raises:
            DatabaseError: there is no room for it, or this machine cannot copy that of a server.
        """
        if self.file is None:
            await dumps.dump(self.engine.url, target)
            return
        async with self._connected(no_transaction=True) as conn:
            await dialect.copy_database(conn, target)

    async def close(self) -> None:
        """Close every connection."""
        await self._turns.close()
        await self.engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
