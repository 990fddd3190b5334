"""Lists that were made for somebody, kept so that they can get them in other formats."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.lists import KeptPlaylist, Playlist
from bot.store import catalog
from bot.store.tables import playlist_tracks, playlists

KEPT: Final = 25
"""How many lists of one person are kept, the newest ones."""


async def add(
    conn: AsyncConnection,
    user_id: int,
    playlist: Playlist,
    *,
    public: bool,
    own_track_ids: Collection[int] = (),
) -> int:
    """Keep a list and return its id; the person's oldest lists are removed for it."""
    values = {
        "user_id": user_id,
        "title": playlist.title,
        "description": playlist.description,
        "public": public,
        "created_at": playlist.created_at,
    }
    done = await conn.execute(insert(playlists).values(values).returning(playlists.c.id))
    number = int(done.scalar_one())
    if playlist.tracks:
        rows = [
            {
                "playlist_id": number,
                "place": place,
                "track_id": track.id,
                "own": track.id in own_track_ids,
            }
            for place, track in enumerate(playlist.tracks)
        ]
        await conn.execute(insert(playlist_tracks), rows)
    await _forget_old(conn, user_id)
    return number


async def _forget_old(conn: AsyncConnection, user_id: int) -> None:
    """Remove all but the newest `KEPT` lists of a person."""
    newest = (
        select(playlists.c.id)
        .where(playlists.c.user_id == user_id)
        .order_by(playlists.c.id.desc())
        .limit(KEPT)
    )
    kept = list((await conn.scalars(newest)).all())
    await conn.execute(
        delete(playlists).where(playlists.c.user_id == user_id, playlists.c.id.not_in(kept))
    )


async def by_id(conn: AsyncConnection, playlist_id: int) -> KeptPlaylist | None:
    """Return a list with its tracks in order; None when it is not kept any more.

    Tracks that have left the catalogue have left the list.
    """
    row = (await conn.execute(select(playlists).where(playlists.c.id == playlist_id))).first()
    if row is None:
        return None
    query = (
        select(playlist_tracks.c.track_id, playlist_tracks.c.own)
        .where(playlist_tracks.c.playlist_id == playlist_id)
        .order_by(playlist_tracks.c.place)
    )
    entries = [(one.track_id, one.own) for one in await conn.execute(query)]
    tracks = await catalog.tracks_by_ids(conn, [track_id for track_id, _ in entries])
    created_at: datetime = row.created_at
    return KeptPlaylist(
        id=playlist_id,
        user_id=row.user_id,
        public=row.public,
        playlist=Playlist(row.title, row.description, tuple(tracks), created_at),
        own_track_ids=frozenset(track_id for track_id, own in entries if own),
    )


async def titles_of(conn: AsyncConnection, user_id: int) -> set[tuple[str, int]]:
    """Return the titles of a person's lists, each with the second it was made in."""
    query = select(playlists.c.title, playlists.c.created_at).where(playlists.c.user_id == user_id)
    return {(row.title, int(row.created_at.timestamp())) for row in await conn.execute(query)}
