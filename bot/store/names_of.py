"""Artists, albums and genres of the catalogue by the keys of their names."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import tables
from bot.store.dialect import listed


async def artists(conn: AsyncConnection, keys: Sequence[str]) -> dict[str, int]:
    """Return the artists of some keys, `core.catalog.artist_key`."""
    if not keys:
        return {}
    table = tables.artists.c
    query = select(table.key, table.id).where(table.key.in_(listed(conn, keys)))
    return {row.key: row.id for row in await conn.execute(query)}


async def albums(
    conn: AsyncConnection, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Return albums by the key of their artist and their own, `core.catalog.text_key`."""
    if not keys:
        return {}
    album, artist = tables.albums.c, tables.artists.c
    query = (
        select(artist.key.label("artist_key"), album.key, album.id)
        .join(tables.artists, artist.id == album.artist_id)
        .where(artist.key.in_(listed(conn, sorted({one for one, _ in keys}))))
    )
    wanted = set(keys)
    found = {(row.artist_key, row.key): row.id for row in await conn.execute(query)}
    return {key: number for key, number in found.items() if key in wanted}


async def genres(conn: AsyncConnection, names: Sequence[str]) -> dict[str, int]:
    """Return the genres of some names in lower case."""
    if not names:
        return {}
    table = tables.genres.c
    query = select(table.name, table.id).where(table.name.in_(listed(conn, names)))
    return {row.name: row.id for row in await conn.execute(query)}
