"""Brings the starter catalogue, and what is new in it, into the database."""

from typing import Final

import bot.starter
from bot.services.catalog.importing import CatalogImporter
from bot.store import census, columns, state
from bot.store.engine import Database

_LOADED: Final = "starter"
"""Under this name the database remembers which starter catalogue it has; its first tracks have ids
of this namespace."""


async def load_starter(database: Database) -> bool:
    """Bring the starter catalogue into the database; say whether there was anything to do.

    A track that is there already, under its id or as the same recording, learns what it lacks and
    keeps its id and everything that is known of it.
    """
    newest = bot.starter.digest()
    async with database.read() as conn:
        if await state.get(conn, _LOADED) == newest:
            return False
    for file in bot.starter.FILES:
        await CatalogImporter(database).import_file(file)
    async with database.write() as conn:
        await state.put(conn, _LOADED, newest)
    return True


async def keep_starter(database: Database) -> bool:
    """Load the starter catalogue where there is none yet, and renew it where an older one is.

    A catalogue that an operator filled before the first start is left alone. Says whether anything
    was loaded.
    """
    async with database.read() as conn:
        is_empty = not (await columns.catalog_mark(conn)).tracks
        wanted = is_empty or await census.has_ids(conn, _LOADED)
    return await load_starter(database) if wanted else False
