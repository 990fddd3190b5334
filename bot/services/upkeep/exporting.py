"""Gives people everything that is kept about them, to read and to take along."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bot.clock import Clock
from bot.errors import NotFoundError, UserError
from bot.services.upkeep.export_files import ExportFiles
from bot.store import auditions, listeners, moderation, personal
from bot.store.engine import Database

log = logging.getLogger(__name__)

_LAST: Final = 999
"""The number of the file with bans that outlived a deletion."""
NOTHING: Final = "There is nothing about you in my database."
_TOO_LARGE: Final = (
    "A part of your data is larger than what I may send here. Use the command in a server that "
    "takes larger files, or ask whoever runs me."
)


class PersonalExports:
    """Writes exports, one at a time: others wait."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._one = asyncio.Lock()

    @asynccontextmanager
    async def of(self, user_id: int, *, limit: int) -> AsyncIterator[list[Path]]:
        """Write everything about a person into zips, which are gone afterwards.

        All of it is of one moment. Rows are read some thousands at a time and written in a thread,
        so neither the memory nor the loop notices how much it is.

        Args:
            user_id: whose.
            limit: bytes of a zip, at most.

        Raises:
            NotFoundError: nothing is kept about them.
            UserError: a part of it is larger than that.
        """
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="bside-export-"))
        try:
            async with self._one:
                paths = await self._written(folder, user_id, limit)
            log.info("an export of %d zips was made", len(paths))
            yield paths
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _written(self, folder: Path, user_id: int, limit: int) -> list[Path]:
        async with self._database.read() as conn:
            settings = {
                "profile_public": await listeners.profile_is_public(conn, user_id),
                "listens_on": await listeners.listens_on(conn, user_id),
                "hears_auditions": await auditions.joined(conn, user_id),
            }
            files = ExportFiles(folder, user_id, settings, limit=limit, now=self._clock.now())
            total = 0
            try:
                for sheet in personal.SHEETS:
                    names, number = personal.columns_of(sheet), 0
                    async for rows in personal.rows_of(conn, sheet, user_id):
                        number += 1
                        total += len(rows)
                        await asyncio.to_thread(files.add, sheet.name, number, names, rows)
                left = await moderation.marked_bans(conn, user_id)
                if left:
                    total += len(left)
                    names = ["guild_id", "until"]
                    await asyncio.to_thread(files.add, "bans", _LAST, names, left)
            except ValueError as error:
                raise UserError(_TOO_LARGE) from error
            finally:
                paths = await asyncio.to_thread(files.close)
        if not total:
            raise NotFoundError(NOTHING)
        return paths
