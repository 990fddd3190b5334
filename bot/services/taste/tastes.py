"""Everybody's tastes: read as they are kept, derived when something has changed since.

A taste is kept with the position in the ledger and the listening, the version of the catalogue and
the code that it was derived from. So nobody needs to be told that it is old: whoever reads it sees
that. It is derived after the answer to what changed it, or when it is needed, whichever is first.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import Catalog
from bot.core.taste import ListenerTaste, taste_from_blobs
from bot.errors import DatabaseError
from bot.services.beside import beside
from bot.services.catalog import LiveCatalog
from bot.services.taste.code import code_version
from bot.services.taste.taste import Grounds, derive, read_grounds, turned
from bot.services.threads import compute
from bot.store import columns
from bot.store import tastes as store
from bot.store.engine import Database
from bot.store.tastes import KeptTaste, Origin, Position

log = logging.getLogger(__name__)

PAUSE: Final = timedelta(seconds=2)
"""What is said within this time counts as one change."""
_REMEMBERED: Final = 500
"""So many tastes stay in memory, those used last."""


class Tastes:
    """Hands out tastes and keeps them."""

    def __init__(
        self,
        database: Database,
        catalog: LiveCatalog,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._database = database
        self._catalog = catalog
        self._sleep = sleep
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._remembered: OrderedDict[int, tuple[Position, Origin, ListenerTaste]] = OrderedDict()
        self._waiting: dict[int, None] = {}
        self._wake = asyncio.Event()

    async def of(
        self, catalog: Catalog, user_id: int, position: Position | None = None
    ) -> ListenerTaste:
        """Return the taste of a listener in a catalogue: what is kept, or derived and kept now.

        Args:
            catalog: where it is to be used.
            user_id: the listener.
            position: theirs, when somebody has just read it: then what is remembered will do.
        """
        if position is not None:
            known = self._remembered.get(user_id)
            if known is not None and known[:2] == (position, _origin(catalog)):
                self._remembered.move_to_end(user_id)
                return known[2]
        async with self._turns.setdefault(user_id, asyncio.Lock()):
            return await self._read_or_derived(catalog, user_id)

    async def if_turned(
        self, catalog: Catalog, user_id: int, track_id: int, factor: float
    ) -> ListenerTaste:
        """Return the taste of a listener if they turned a cluster now; nothing is kept."""
        async with self._database.read() as conn:
            grounds = await read_grounds(conn, user_id)
        return await compute(derive, catalog, turned(grounds, track_id, factor))

    async def _read_or_derived(self, catalog: Catalog, user_id: int) -> ListenerTaste:
        async with self._database.read() as conn:
            position = await store.position(conn, user_id)
            kept = await store.read(conn, user_id)
            found = _read(kept, position, _origin(catalog))
            if found is not None:
                return self._remember(user_id, position, catalog, found)
            grounds = await read_grounds(conn, user_id)
        kept_now, taste = await compute(_derived, catalog, position, grounds)
        if kept is not None or not taste.is_nothing:
            await self._keep(user_id, kept_now, is_nothing=taste.is_nothing)
        return self._remember(user_id, position, catalog, taste)

    def _remember(
        self, user_id: int, position: Position, catalog: Catalog, taste: ListenerTaste
    ) -> ListenerTaste:
        self.forget(user_id)
        if not taste.is_nothing:  # somebody of whom nothing is known leaves no trace
            self._remembered[user_id] = (position, _origin(catalog), taste)
            if len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return taste

    def remembers(self, user_id: int) -> bool:
        """Return whether a taste of somebody is in memory; False says nothing."""
        return user_id in self._remembered

    def forget(self, user_id: int) -> None:
        """Let go of the taste that is remembered of somebody."""
        self._remembered.pop(user_id, None)

    def follow(self, user_id: int) -> None:
        """Have a taste derived soon, because of what was said or played; nobody waits for it."""
        self._waiting[user_id] = None
        self._wake.set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Derive meanwhile what `follow` asks for. What waits at the end is derived when needed."""
        async with beside(self._run()):
            yield

    async def catch_up(self) -> None:
        """Derive what waits."""
        self._wake.clear()
        waiting, self._waiting = self._waiting, {}
        for user_id in waiting:
            try:
                await self.of(await self._catalog.get(), user_id)
            except Exception:
                log.exception("a taste could not be derived; it is when it is needed")

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            await self._sleep(PAUSE.total_seconds())
            await self.catch_up()

    async def _keep(self, user_id: int, kept: KeptTaste, *, is_nothing: bool) -> None:
        """Keep a taste unless it is old already: more was said, or all of it was deleted."""
        try:
            async with self._database.write() as conn:
                if await _is_old(conn, user_id, kept):
                    return
                if is_nothing:
                    await store.drop(conn, user_id)
                else:
                    await store.keep(conn, user_id, kept)
        except (SQLAlchemyError, DatabaseError):
            log.exception("a taste could not be kept; it will be derived again")


async def _is_old(conn: AsyncConnection, user_id: int, kept: KeptTaste) -> bool:
    version = await columns.catalog_version(conn)
    return (
        version != kept.origin.catalog_version
        or await store.position(conn, user_id) != kept.position
    )


def _origin(catalog: Catalog) -> Origin:
    return Origin(catalog.version, catalog.built_version, catalog.scene_version, code_version())


def _read(kept: KeptTaste | None, position: Position, origin: Origin) -> ListenerTaste | None:
    """Return the taste that is kept; None when it is old, or damaged."""
    if kept is None or (kept.position, kept.origin) != (position, origin):
        return None
    try:
        return taste_from_blobs(kept.vector, kept.rest)
    except ValueError as error:
        log.warning("a taste that was kept is derived again: %s", error)
        return None


def _derived(
    catalog: Catalog, position: Position, grounds: Grounds
) -> tuple[KeptTaste, ListenerTaste]:
    """Derive a taste; it is used as it will be read, so that nothing depends on who derived it."""
    log.debug("a taste is derived from %d entries", len(grounds.entries))
    vector, rest = derive(catalog, grounds).to_blobs()
    kept = KeptTaste(position, _origin(catalog), vector, rest)
    return kept, taste_from_blobs(vector, rest)
