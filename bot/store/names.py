"""The names of tracks, albums and artists, read to be kept in memory."""

from collections.abc import AsyncIterator
from typing import Any, Final

from sqlalchemy import Select, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import SEPARATOR, Named
from bot.core.models import SubjectKind
from bot.store.tables import albums, artists, tracks

_PIECE: Final = 1000
_QUERIES: Final[dict[SubjectKind, Select[Any]]] = {
    SubjectKind.TRACK: select(
        tracks.c.id, tracks.c.search_rank, tracks.c.recording_key, tracks.c.title, artists.c.name
    ).join(artists),
    SubjectKind.ALBUM: select(
        albums.c.id,
        albums.c.search_rank,
        albums.c.key + SEPARATOR + artists.c.key,
        albums.c.title,
        artists.c.name,
    ).join(artists),
    SubjectKind.ARTIST: select(
        artists.c.id, artists.c.search_rank, artists.c.key, artists.c.name, null()
    ),
}
KINDS: Final = tuple(_QUERIES)
"""What has names that can be typed."""


async def pieces(
    conn: AsyncConnection, kind: SubjectKind, *, after: int = 0
) -> AsyncIterator[list[Named]]:
    """Yield all names of a kind in ascending id, from the one after an id on."""
    query = _QUERIES[kind]
    number = query.selected_columns[0]
    async with conn.stream(query.where(number > after).order_by(number)) as result:
        async for rows in result.partitions(_PIECE):
            yield [Named(*row) for row in rows]


async def changed_tracks(conn: AsyncConnection, *, since: int, limit: int) -> list[Named]:
    """Return the names of tracks that were added or changed after a version of the catalogue."""
    query = _QUERIES[SubjectKind.TRACK].where(tracks.c.version > since)
    rows = await conn.execute(query.order_by(tracks.c.id).limit(limit))
    return [Named(*row) for row in rows]
