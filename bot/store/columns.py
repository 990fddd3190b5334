"""The catalogue read as columns, whole or only what changed."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any, Final, TypeAlias

import numpy as np
from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import (
    COLLECTIVE_KEYS,
    LIVE_ALBUMS,
    MEASURES,
    SEPARATOR,
    RawTracks,
    credited_artists,
    credited_keys,
    independence_by_row,
    is_live_album,
    is_shared_title,
    song_key,
    sort_bits,
)
from bot.store import state
from bot.store.dialect import listed
from bot.store.tables import (
    albums,
    artists,
    genres,
    popularity,
    track_genres,
    track_labels,
    tracks,
)

VERSION: Final = "catalog_version"
"""The name in `app_state` of the number that every change of the catalogue counts up."""
FORGOTTEN: Final = "catalog_forgotten"
"""The name of the version in which something known was last removed: it is no change that can be
added to what was built before."""

_Column: TypeAlias = np.ndarray[Any, np.dtype[np.object_]]
_PIECE: Final = 5000


@dataclass(frozen=True, slots=True)
class CatalogMark:
    """Identifies one state of one catalogue; fast to read."""

    version: int
    tracks: int
    last_id: int


async def catalog_version(conn: AsyncConnection) -> int:
    """Return the version of the catalogue; 0 for one that was never filled."""
    return int(await state.get(conn, VERSION) or 0)


async def forgotten_version(conn: AsyncConnection) -> int:
    """Return the version in which something known was last removed; 0: never."""
    return int(await state.get(conn, FORGOTTEN) or 0)


async def catalog_mark(conn: AsyncConnection) -> CatalogMark:
    """Return the version, number and highest id of the tracks."""
    count, last = (await conn.execute(select(func.count(), func.max(tracks.c.id)))).one()
    return CatalogMark(await catalog_version(conn), int(count), int(last or 0))


async def changed_count(conn: AsyncConnection, *, since: int) -> int:
    """Return how many tracks were added or changed after a version."""
    query = select(func.count()).where(tracks.c.version > since)
    return int(await conn.scalar(query) or 0)


async def read_raw(conn: AsyncConnection, *, since: int | None = None) -> RawTracks:
    """Return all tracks as columns, or those added or changed after a version; ascending ids."""
    names = ("id", "artist_id", "album_id", "year", "recording_key", "explicit", *MEASURES)
    columns = [tracks.c[name] for name in names]
    of_tracks = select(*columns).order_by(tracks.c.id)
    of_genres = select(track_genres.c.track_id, track_genres.c.genre_id)
    of_genres = of_genres.order_by(track_genres.c.track_id, track_genres.c.genre_id)
    values = select(popularity.c.track_id, popularity.c.source, popularity.c.value)
    values = values.order_by(popularity.c.track_id, popularity.c.source)
    labels = select(track_labels.c.track_id, track_labels.c.independent)
    if since is not None:
        of_tracks = of_tracks.where(tracks.c.version > since)
        of_genres = of_genres.join(tracks).where(tracks.c.version > since)
        values = values.join(tracks).where(tracks.c.version > since)
        labels = labels.join(tracks).where(tracks.c.version > since)
    track_columns = await _read(conn, of_tracks, len(columns))
    genre_columns = await _read(conn, of_genres, 2)
    value_columns = await _read(conn, values, 3)
    label_columns = await _read(conn, labels, 2)
    genre_names = await _read(conn, select(genres.c.id, genres.c.name).order_by(genres.c.id), 2)
    live = await _live_albums(conn)
    raw = await asyncio.to_thread(
        _raw, track_columns, genre_columns, value_columns, genre_names, label_columns, live
    )
    return await _with_artists(conn, raw, since=since)


async def _live_albums(conn: AsyncConnection) -> list[int]:
    """Return the albums that their titles call live."""
    title = func.lower(albums.c.title)
    query = select(albums.c.id, albums.c.title).where(or_(*map(title.like, LIVE_ALBUMS)))
    return [number for number, name in await conn.execute(query) if is_live_album(name)]


async def _with_artists(conn: AsyncConnection, raw: RawTracks, *, since: int | None) -> RawTracks:
    """Fill in who else is credited, and which artists stand for many."""
    credited = select(tracks.c.id, tracks.c.artist_credit)
    credited = credited.where(tracks.c.artist_credit.is_not(None))
    if since is not None:
        credited = credited.where(tracks.c.version > since)
    ids, credits_ = await _read(conn, credited.order_by(tracks.c.id), 2)
    keys = await asyncio.to_thread(_named_in, credits_.tolist())
    named = select(artists.c.key, artists.c.id).where(artists.c.key.in_(listed(conn, keys)))
    known = {str(row.key): int(row.id) for row in await conn.execute(named)}
    of_many = select(artists.c.id).where(artists.c.key.in_(sorted(COLLECTIVE_KEYS)))
    collective = (await conn.scalars(of_many.order_by(artists.c.id))).all()
    owners, guests = await asyncio.to_thread(_guests, raw, ids, credits_, known)
    return replace(
        raw,
        guest_rows=owners,
        guest_ids=guests,
        collective_ids=np.array(collective, np.int64),
    )


def _named_in(credits_: list[str]) -> list[str]:
    """Return the keys of all names that may stand in some credits."""
    return sorted({key for one in set(credits_) for names in credited_keys(one) for key in names})


def _guests(
    raw: RawTracks, ids: _Column, credits_: _Column, known: dict[str, int]
) -> tuple[np.ndarray[Any, np.dtype[np.int64]], np.ndarray[Any, np.dtype[np.int64]]]:
    """Return the row and the id of every further artist that tracks are credited to."""
    rows = np.searchsorted(raw.track_ids, ids.astype(np.int64))
    pairs = [
        (row, artist)
        for row, credit in zip(rows.tolist(), credits_.tolist(), strict=True)
        for artist in credited_artists(credit, known)
        if artist != raw.artist_ids[row]
    ]
    found = np.array(sorted(set(pairs)), np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


async def _read(conn: AsyncConnection, query: Select[Any], width: int) -> list[_Column]:
    """Return the answer as one object array per column; other tasks run between the pieces."""
    pieces: list[list[_Column]] = [[np.empty(0, object)] * width]
    async with conn.stream(query) as result:
        async for rows in result.partitions(_PIECE):
            piece = [_as_objects(values) for values in zip(*rows, strict=True)]
            pieces += [piece]
    return [np.concatenate(column) for column in zip(*pieces, strict=True)]


def _as_objects(values: Sequence[Any]) -> _Column:
    column = np.empty(len(values), object)
    column[:] = values
    return column


def _raw(
    of_tracks: list[_Column],
    of_genres: list[_Column],
    values: list[_Column],
    names: list[_Column],
    of_labels: list[_Column],
    live_albums: list[int],
) -> RawTracks:
    ids, artist_ids, album_ids, years, recording_keys, explicit, *measures = of_tracks
    audio = np.stack([column.astype(np.float64) for column in measures], axis=1)
    on_live = np.isin(np.array([one or 0 for one in album_ids], np.int64), live_albums)
    track_ids = ids.astype(np.int64)
    owners, genre_ids = (column.astype(np.int64) for column in of_genres)
    source_names, sources = np.unique(values[1].astype(np.str_), return_inverse=True)
    offsets = np.zeros(len(track_ids) + 1, np.int64)
    in_track = np.bincount(np.searchsorted(track_ids, owners), minlength=len(track_ids))
    np.cumsum(in_track, out=offsets[1:])
    return RawTracks(
        track_ids=track_ids,
        artist_ids=artist_ids.astype(np.int64),
        song_ids=np.array(list(map(_song_of, recording_keys, album_ids, ids)), np.int64),
        years=np.nan_to_num(years.astype(np.float64)).astype(np.int16),  # None becomes NaN
        audio=audio,
        genre_offsets=offsets,
        genre_ids=genre_ids.astype(np.int32),
        popularity_rows=np.searchsorted(track_ids, values[0].astype(np.int64)),
        popularity_sources=sources.astype(np.int64),
        popularity_values=values[2].astype(np.float64),
        genre_keys=names[0].astype(np.int64),
        genre_names=tuple(names[1].tolist()),
        source_names=tuple(source_names.tolist()),
        guest_rows=np.empty(0, np.int64),
        guest_ids=np.empty(0, np.int64),
        collective_ids=np.empty(0, np.int64),
        sorts=sort_bits(recording_keys.tolist(), audio, explicit.tolist(), on_live),
        independence=independence_by_row(
            len(track_ids),
            np.searchsorted(track_ids, of_labels[0].astype(np.int64)),
            of_labels[1].astype(np.bool_),
        ),
    )


def song_id(recording_key: str) -> int:
    """Return the number that stands for a song in the arrays: 8 bytes of a hash of its key."""
    return _number(song_key(recording_key))


def _song_of(recording_key: str, album_id: int | None, track_id: int) -> int:
    """Return the song of a track; of titles that many pieces share ("Intro") each album's own."""
    song = song_key(recording_key)
    if is_shared_title(song.partition(SEPARATOR)[0]):
        song += f"{SEPARATOR}track {track_id}" if album_id is None else f"{SEPARATOR}{album_id}"
    return _number(song)


def _number(song: str) -> int:
    return int.from_bytes(blake2b(song.encode(), digest_size=8).digest(), "little", signed=True)
