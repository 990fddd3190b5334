"""A catalogue for an experiment: the one that was named, that of the settings, or the starter."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot import settings
from bot.cli.wiring import connect, open_database
from bot.services.catalog import load_starter
from bot.store import columns
from bot.store.engine import Database


@asynccontextmanager
async def filled(url: str | None) -> AsyncIterator[tuple[Database, bool]]:
    """Open the catalogue that was named; else that of the settings, or the starter catalogue."""
    address = url or settings.load().database_url
    file = connect(address).file
    if url is not None or file is None or file.exists():
        async with open_database(address) as database:
            async with database.read() as conn:
                filled = (await columns.catalog_mark(conn)).tracks > 0
            if filled or url is not None:
                yield database, False
                return
    with tempfile.TemporaryDirectory(prefix="bside-lab-") as folder:
        async with open_database(f"sqlite+aiosqlite:///{Path(folder) / 'lab.db'}") as database:
            await load_starter(database)
            yield database, True
