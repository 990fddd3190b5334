"""The artists, albums and tracks of new releases that the catalogue holds, by name."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.dialect import listed
from bot.store.tables import albums, artists, tracks


async def artist_ids(conn: AsyncConnection, keys: Sequence[str]) -> dict[str, int]:
    """Return the artist of each known key (`core.identity.artist_key`)."""
    query = select(artists.c.key, artists.c.id).where(artists.c.key.in_(listed(conn, keys)))
    found = await conn.execute(query)
    return {row.key: row.id for row in found}


async def album_tracks(
    conn: AsyncConnection, artists_and_titles: Collection[tuple[int, str]]
) -> dict[tuple[int, str], tuple[int, ...]]:
    """Return the tracks, ascending, of albums by artist and `core.identity.text_key` of the title.

    Albums that the catalogue does not hold are left out.
    """
    wanted = set(artists_and_titles)
    by_artist = select(albums.c.id, albums.c.artist_id, albums.c.key).where(
        albums.c.artist_id.in_(listed(conn, sorted({artist for artist, _ in wanted})))
    )
    named = {
        row.id: (row.artist_id, row.key)
        for row in await conn.execute(by_artist)
        if (row.artist_id, row.key) in wanted
    }
    query = select(tracks.c.album_id, tracks.c.id).where(
        tracks.c.album_id.in_(listed(conn, sorted(named)))
    )
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    for album_id, track_id in await conn.execute(query.order_by(tracks.c.id)):
        found[named[album_id]].append(track_id)
    return {album: tuple(ids) for album, ids in found.items()}
