"""Tracks, artists, albums and genres, read from the catalogue."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import AUDIO_FEATURES, AudioFeatures, Credit, ExternalId, Track
from bot.core.ranking import Genre
from bot.store.dialect import listed
from bot.store.tables import albums, artists, external_ids, genres, track_genres, tracks


async def tracks_by_ids(conn: AsyncConnection, ids: Sequence[int]) -> list[Track]:
    """Return tracks with all that is known, in the order asked for; unknown ids are left out."""
    query = (
        select(tracks, artists.c.name.label("artist"), albums.c.title.label("album"))
        .join(artists, artists.c.id == tracks.c.artist_id)
        .outerjoin(albums, albums.c.id == tracks.c.album_id)
        .where(tracks.c.id.in_(listed(conn, ids)))
    )
    rows = {row.id: row for row in await conn.execute(query)}
    named = await _genre_names(conn, ids)
    known = await _external_ids(conn, ids)
    return [track_of(rows[one], named[one], known[one]) for one in ids if one in rows]


def track_of(row: Row[Any], genre_names: Sequence[str], known: Sequence[tuple[str, str]]) -> Track:
    """Return the track in a row that has its columns, `artist` and `album`.

    Args:
        known: namespace and value of its ids elsewhere, in order.
    """
    credit = None
    if row.license is not None:
        credit = Credit(row.license, row.source_package, row.homepage)
    return Track(
        id=row.id,
        title=row.title,
        artist=row.artist,
        artist_id=row.artist_id,
        artist_credit=row.artist_credit,
        album=row.album,
        album_id=row.album_id,
        year=row.year,
        duration_ms=row.duration_ms,
        explicit=row.explicit,
        genres=tuple(genre_names),
        features=AudioFeatures(**{name: getattr(row, name) for name in AUDIO_FEATURES}),
        external_ids=tuple(ExternalId(*one) for one in known),
        credit=credit,
    )


async def _genre_names(conn: AsyncConnection, ids: Sequence[int]) -> dict[int, list[str]]:
    query = (
        select(track_genres.c.track_id, genres.c.name)
        .join(genres, genres.c.id == track_genres.c.genre_id)
        .where(track_genres.c.track_id.in_(listed(conn, ids)))
        .order_by(track_genres.c.track_id, genres.c.name)
    )
    found: dict[int, list[str]] = defaultdict(list)
    for track_id, name in await conn.execute(query):
        found[track_id].append(name)
    return found


async def _external_ids(
    conn: AsyncConnection, ids: Sequence[int]
) -> dict[int, list[tuple[str, str]]]:
    query = (
        select(external_ids.c.track_id, external_ids.c.namespace, external_ids.c.value)
        .where(external_ids.c.track_id.in_(listed(conn, ids)))
        .order_by(external_ids.c.track_id, external_ids.c.namespace, external_ids.c.value)
    )
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for track_id, namespace, value in await conn.execute(query):
        found[track_id].append((namespace, value))
    return found


async def track_id_by_external(conn: AsyncConnection, known: ExternalId) -> int | None:
    """Return the track that has this id in another system; None when the catalogue has none."""
    query = select(external_ids.c.track_id).where(
        external_ids.c.namespace == known.namespace, external_ids.c.value == known.value
    )
    track_id: int | None = await conn.scalar(query)
    return track_id


async def track_ids_by_recording(conn: AsyncConnection, key: str) -> list[int]:
    """Return the tracks of one recording key (`core.identity.recording_key`), oldest first.

    There are several when one song was recorded twice by its artist: their durations differ.
    """
    query = select(tracks.c.id).where(tracks.c.recording_key == key).order_by(tracks.c.id)
    return list(await conn.scalars(query))


async def recording_names(
    conn: AsyncConnection, track_ids: Sequence[int]
) -> dict[int, list[tuple[str, str | int]]]:
    """Return by what each track may be known again: itself, its recording key, its ISRCs."""
    found: dict[int, list[tuple[str, str | int]]] = {}
    chosen = listed(conn, track_ids)
    keys = select(tracks.c.id, tracks.c.recording_key).where(tracks.c.id.in_(chosen))
    for track_id, key in await conn.execute(keys):
        found[track_id] = [("track", track_id), ("key", key)]
    codes = select(external_ids.c.track_id, external_ids.c.value).where(
        external_ids.c.track_id.in_(chosen), external_ids.c.namespace == "isrc"
    )
    for track_id, code in await conn.execute(codes):
        found[track_id].append(("isrc", code))
    return found


async def genre_counts(conn: AsyncConnection) -> list[Genre]:
    """Return every genre that has tracks, the largest first, ties by name."""
    size = func.count().label("size")
    query = (
        select(genres.c.id, genres.c.name, size)
        .join(track_genres, track_genres.c.genre_id == genres.c.id)
        .group_by(genres.c.id, genres.c.name)
        .order_by(size.desc(), genres.c.name)
    )
    return [Genre(*row) for row in await conn.execute(query)]
