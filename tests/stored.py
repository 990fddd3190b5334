"""Tracks written straight into the tables, as an import would leave them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog.identity import artist_key, recording_key
from bot.store import columns, state
from bot.store.engine import Database
from bot.store.tables import artists, external_ids, genres, popularity, track_genres, tracks


@dataclass(frozen=True, slots=True)
class StoredTrack:
    """What a test wants to say of a track; the rest is unknown."""

    title: str
    artist: str
    facts: dict[str, Any] = field(default_factory=dict)
    """Columns of `tracks`."""
    genres: Sequence[str] = ()
    popularity: float | None = None
    spotify: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    """Other ids, by namespace."""


async def next_version(conn: AsyncConnection) -> int:
    """Count the version of the catalogue up."""
    version = await columns.catalog_version(conn) + 1
    await state.put(conn, columns.VERSION, str(version))
    return version


async def let_artists_be_known(database: Database) -> None:
    """Let somebody count the artists of the catalogue: some are famous, others are not."""
    async with database.write() as conn:
        version = await next_version(conn)
        ids = list(await conn.scalars(select(tracks.c.id).order_by(tracks.c.id)))
        rows = [{"track_id": one, "source": "spotify", "value": one * 37 % 101} for one in ids]
        await conn.execute(insert(popularity), rows)
        await conn.execute(update(tracks).values(version=version))


async def add_tracks(conn: AsyncConnection, new: Sequence[StoredTrack]) -> list[int]:
    """Store tracks in one new version of the catalogue; return their ids."""
    version = await next_version(conn)
    by = {
        name: await _id_of(conn, artists, "key", {"name": name, "key": artist_key(name)})
        for name in dict.fromkeys(track.artist for track in new)
    }
    ids = [await _add(conn, track, by[track.artist], version) for track in new]
    numbered = list(zip(ids, new, strict=True))
    known = [
        {"track_id": track_id, "source": "spotify", "value": track.popularity}
        for track_id, track in numbered
        if track.popularity is not None
    ]
    names_there = [
        {"namespace": namespace, "value": value, "track_id": track_id}
        for track_id, track in numbered
        for namespace, value in {"spotify": track.spotify, **track.ids}.items()
        if value is not None
    ]
    for table, rows in ((popularity, known), (external_ids, names_there)):
        if rows:
            await conn.execute(insert(table), rows)
    return ids


async def change_track(conn: AsyncConnection, track_id: int, **facts: Any) -> None:
    """Change columns of a track, in a new version."""
    version = await next_version(conn)
    changed = update(tracks).where(tracks.c.id == track_id).values(**facts, version=version)
    await conn.execute(changed)


async def remove_track(conn: AsyncConnection, track_id: int) -> None:
    """Remove a track, in a new version."""
    await next_version(conn)
    await conn.execute(delete(tracks).where(tracks.c.id == track_id))


async def _add(conn: AsyncConnection, track: StoredTrack, artist_id: int, version: int) -> int:
    row = {
        "title": track.title,
        "artist_id": artist_id,
        "recording_key": recording_key(track.title, track.artist),
        "version": version,
        **track.facts,
    }
    track_id = int((await conn.scalars(insert(tracks).returning(tracks.c.id), [row])).one())
    for name in track.genres:
        genre_id = await _id_of(conn, genres, "name", {"name": name})
        await conn.execute(insert(track_genres).values(track_id=track_id, genre_id=genre_id))
    return track_id


async def _id_of(conn: AsyncConnection, table: Table, unique: str, row: dict[str, str]) -> int:
    """Return the id of the row with that unique value, made when it is missing."""
    found = await conn.scalar(select(table.c.id).where(table.c[unique] == row[unique]))
    if found is None:
        found = (await conn.scalars(insert(table).returning(table.c.id), [row])).one()
    return int(found)
