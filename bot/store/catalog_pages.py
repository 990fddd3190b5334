"""The whole catalogue in pages, with all that is known of the tracks on each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from sqlalchemy import Select, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import AUDIO_FEATURES
from bot.store.frames import read_frame
from bot.store.tables import (
    albums,
    artists,
    external_ids,
    feature_provenance,
    genres,
    popularity,
    track_genres,
    track_labels,
    tracks,
)
from bot.store.track_labels import LABELS

PAGE: Final = 20_000
_WHOLE: Final = ("key", "mode", "time_signature")
_TRACK: Final = {
    "track_id": pl.Int64, "title": pl.String, "artist": pl.String, "artist_credit": pl.String,
    "album": pl.String, "year": pl.Int64, "duration_ms": pl.Int64, "explicit": pl.Boolean,
    **{name: pl.Int64 if name in _WHOLE else pl.Float64 for name in AUDIO_FEATURES},
    "feature_source": pl.String, "license": pl.String, "source_package": pl.String,
    "homepage": pl.String,
}  # fmt: skip
_ID: Final = {"track_id": pl.Int64, "namespace": pl.String, "value": pl.String}
_PLAYED: Final = {
    "track_id": pl.Int64, "source": pl.String, "value": pl.Float64, "observed_on": pl.Date,
}  # fmt: skip
_GENRE: Final = {"track_id": pl.Int64, "genre": pl.String}
_ORIGIN: Final = {
    "track_id": pl.Int64, "feature": pl.String, "source": pl.String, "confidence": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """Some tracks, by ascending id, and what hangs on them, in a total order."""

    tracks: pl.DataFrame
    """track_id and the columns of `tracks`, with the names of artist and album."""
    ids: pl.DataFrame
    """track_id, namespace, value."""
    popularity: pl.DataFrame
    """track_id, source, value, observed_on."""
    genres: pl.DataFrame
    """track_id, genre."""
    origins: pl.DataFrame
    """track_id, feature, source, confidence: of features with a source of their own."""
    labels: pl.DataFrame
    """track_id, source, independent, label: who released them."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What the pages will hold."""

    tracks: int
    namespaces: list[str]
    """Of ids, in order."""
    sources: list[str]
    """Of popularity, in order."""


async def survey(conn: AsyncConnection) -> Survey:
    """Return what there is (reads the indexes of ids and of popularity once)."""
    count = int(await conn.scalar(select(func.count()).select_from(tracks)) or 0)
    namespaces = await conn.scalars(select(external_ids.c.namespace).distinct())
    sources = await conn.scalars(select(popularity.c.source).distinct())
    return Survey(count, sorted(namespaces), sorted(sources))


async def pages(conn: AsyncConnection, *, size: int = PAGE) -> AsyncIterator[Page]:
    """Yield the tracks of one consistent view, some at a time.

    Args:
        conn: in a transaction that only reads.
        size: tracks on a page, at most.
    """
    after = 0
    while True:
        query = _tracks().where(tracks.c.id > after).order_by(tracks.c.id).limit(size)
        found = await read_frame(conn, query, _TRACK)
        if found.is_empty():
            return
        first, last = after + 1, int(found["track_id"].item(-1))
        yield Page(
            found,
            await _hanging(conn, _of(external_ids, "namespace", "value"), _ID, first, last),
            await _hanging(
                conn, _of(popularity, "source", "value", "observed_on"), _PLAYED, first, last
            ),
            await _hanging(conn, _genres(), _GENRE, first, last),
            await _hanging(
                conn, _of(feature_provenance, "feature", "source", "confidence"), _ORIGIN, first,
                last,
            ),
            await _hanging(
                conn, _of(track_labels, "source", "independent", "label"), LABELS, first, last
            ),
        )  # fmt: skip
        after = last


def _tracks() -> Select[Any]:
    named = {"track_id": tracks.c.id, "artist": artists.c.name, "album": albums.c.title}
    return (
        select(*(named[name] if name in named else tracks.c[name] for name in _TRACK))
        .join(artists, artists.c.id == tracks.c.artist_id)
        .outerjoin(albums, albums.c.id == tracks.c.album_id)
    )


def _of(table: Table, *names: str) -> Select[Any]:
    return select(table.c.track_id, *(table.c[name] for name in names))


def _genres() -> Select[Any]:
    joined = select(track_genres.c.track_id, genres.c.name)
    return joined.join(genres, genres.c.id == track_genres.c.genre_id)


async def _hanging(
    conn: AsyncConnection, query: Select[Any], schema: dict[str, Any], first: int, last: int
) -> pl.DataFrame:
    track_id = query.selected_columns[0]
    found = await read_frame(conn, query.where(track_id.between(first, last)), schema)
    return found.sort(list(schema)[:3])
