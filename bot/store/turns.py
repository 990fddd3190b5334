"""What only one task does at a time: within this process, and among all that share a server."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hashlib import blake2b
from typing import Final
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import DatabaseError
from bot.store import dialect

log = logging.getLogger(__name__)

_FIRST_WAIT_S: Final = 0.02
_LONGEST_WAIT_S: Final = 5.0


class Turns:
    """Hands out turns, each by its name.

    A file has one process that matters; a server has many. There, all turns of a process are
    advisory locks of one connection: when that ends, however it ends, so do they.
    """

    def __init__(self, engine: AsyncEngine, *, shared: bool) -> None:
        """Take the engine of the database; shared: other processes take turns too."""
        self._engine = engine
        self._shared = shared
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._saying = asyncio.Lock()
        self._conn: AsyncConnection | None = None

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        """Wait until nobody else has this turn, and have it inside.

        Raises:
            DatabaseError: the server cannot be reached.
        """
        async with self._here.setdefault(name, asyncio.Lock()):
            if not self._shared:
                yield
                return
            key = _key(name)
            wait_s = _FIRST_WAIT_S
            while not await self._take(key):
                await asyncio.sleep(wait_s)
                wait_s = min(2 * wait_s, _LONGEST_WAIT_S)
            try:
                yield
            finally:
                await asyncio.shield(self._give_back(key))

    async def _take(self, key: int) -> bool:
        """Take a turn if it is free.

        A question is asked to its end: the connection holds the turns of others, too.
        """
        asking = asyncio.ensure_future(self._ask("SELECT pg_try_advisory_lock($1)", key))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            with suppress(DatabaseError):
                if await asking:
                    await self._give_back(key)
            raise

    async def _give_back(self, key: int) -> None:
        try:
            await self._ask("SELECT pg_advisory_unlock($1)", key)
        except DatabaseError as error:  # with the connection, all its turns ended
            log.warning("the server ended the turns of this process: %s", error)

    async def _ask(self, question: str, key: int) -> bool:
        async with self._saying:
            try:
                if self._conn is None or self._conn.invalidated or self._conn.closed:
                    plain = await self._engine.connect()
                    self._conn = await plain.execution_options(isolation_level="AUTOCOMMIT")
                return bool((await self._conn.exec_driver_sql(question, (key,))).scalar())
            except Exception as error:
                await self._let_go()
                raise dialect.translate_error(error) or error from error

    async def _let_go(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            await conn.invalidate()
            await conn.close()

    async def close(self) -> None:
        """End all turns."""
        await self._let_go()


def _key(name: str) -> int:
    """Return the number of a turn: 8 bytes of a hash of its name."""
    digest = blake2b(name.encode(), digest_size=8, person=b"turn").digest()
    return int.from_bytes(digest, "little", signed=True)
