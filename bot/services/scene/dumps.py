"""Takes sessions of the dumps of ListenBrainz, read as they are downloaded."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.core.catalog import Catalog
from bot.errors import SetupError
from bot.services.catalog import Reading, keys_of
from bot.services.scene.sampling import ASIDE, ByListener, KnownRows, Sampled, sampled
from bot.store import batch
from bot.store.engine import Database

Taken: TypeAlias = tuple[tuple[NDArray[np.int64], ...], Sampled]


async def read_dumps(
    database: Database,
    catalog: Catalog,
    files: Sequence[Path],
    progress: Callable[[str, int, int], None],
) -> Taken:
    """Return sessions of some dumps, as rows of the catalogue.

    What was read lies beside the database meanwhile. A reading that was interrupted goes on.

    Raises:
        ImportFileError: a dump is damaged or cut off.
        SetupError: there is no room.
    """
    reading = Reading(files, database.named("listens"), [ByListener()], only_listens=True)
    try:
        with reading:
            await asyncio.to_thread(reading.read, progress)
            taken = await take_sessions(database, catalog, reading)
    except OSError as error:
        raise SetupError(
            f"{error.filename or reading.work} cannot be written: {error.strerror or error}. Make "
            "room and run the command again: it goes on from here."
        ) from error
    await asyncio.to_thread(reading.close_up)
    return taken


async def take_sessions(database: Database, catalog: Catalog, reading: Reading) -> Taken:
    """Return sessions of what was put aside, as rows of the catalogue."""
    known = await _known_rows(database, catalog)
    aside = reading.shuffle(ByListener.name)
    return await asyncio.to_thread(sampled, aside.parts(), known, halved=aside.rows // ASIDE)


async def _known_rows(database: Database, catalog: Catalog) -> KnownRows:
    """Return which recording of MusicBrainz is which row."""
    keys, tracks = [np.empty(0, np.uint64)], [np.empty(0, np.int64)]
    async with database.read() as conn:
        async for values, track_ids in batch.all_of(conn, "mbid"):
            number = keys_of(pl.Series(values, dtype=pl.String))
            keys.append(number.drop_nulls().to_numpy())
            tracks.append(np.array(track_ids, np.int64)[number.is_not_null().to_numpy()])
    key, track = np.concatenate(keys), np.concatenate(tracks)
    place = np.minimum(np.searchsorted(catalog.track_ids, track), len(catalog) - 1)
    here = catalog.track_ids[place] == track
    key, first = np.unique(key[here], return_index=True)
    return KnownRows(key, place[here][first])
