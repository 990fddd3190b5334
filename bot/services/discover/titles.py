"""The words of all titles in memory, from the first wish on that looks for any."""

import asyncio

from bot.core.asking import TitleWords, TitleWordsBuilder
from bot.core.catalog import SEPARATOR, Named
from bot.core.models import SubjectKind
from bot.services.heap import give_back
from bot.services.threads import compute
from bot.store import names
from bot.store.engine import Database


class Titles:
    """Hands out the words of titles; what the catalogue gains is added when somebody asks next.

    While that is done, the former ones serve. A title that is changed keeps its former words until
    the bot is started anew.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._builder = TitleWordsBuilder()
        self._held: TitleWords | None = None
        self._version = -1
        self._lock = asyncio.Lock()

    async def of(self, version: int) -> TitleWords:
        """Return the words of a version of the catalogue."""
        held = self._held
        if held is not None and (version == self._version or self._lock.locked()):
            return held
        async with self._lock:
            if self._held is None or version != self._version:
                self._held = await self._grown()
                self._version = version
            return self._held

    async def _grown(self) -> TitleWords:
        count = 0
        async with self._database.read() as conn:
            after = self._builder.last_id
            async for piece in names.pieces(conn, SubjectKind.TRACK, after=after):
                await compute(self._add, piece)
                count += len(piece)
        if not count and self._held is not None:
            return self._held
        found = await compute(self._builder.finish)
        await give_back()
        return found

    def _add(self, piece: list[Named]) -> None:
        self._builder.add((one.id, one.key.partition(SEPARATOR)[0]) for one in piece)
