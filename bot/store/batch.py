"""Many tracks at once: found by name, and listed with what scripts need."""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import artists, external_ids, popularity, tracks

_PIECE: Final = 5000
_STREAMED: Final = 50_000
_PREFERRED: Final = "spotify"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ListedTrack:
    """A track as a script sees it."""

    external_id: str | None
    """The Spotify id, else the first of the others; the lowest where there are several."""
    artist: str
    title: str
    popularity: float | None
    """The latest raw value of any source."""


async def by_external_id(conn: AsyncConnection, values: Sequence[str]) -> dict[str, int]:
    """Return the track of each known external id, whatever its namespace; Spotify's come first."""
    names = await conn.scalars(select(external_ids.c.namespace).distinct())
    namespaces = sorted(names, key=lambda name: (name != _PREFERRED, name))
    found: dict[str, int] = {}
    for namespace in namespaces:
        found = await by_id_of(conn, namespace, values) | found
    return found


async def by_id_of(conn: AsyncConnection, namespace: str, values: Sequence[str]) -> dict[str, int]:
    """Return the track of each known id of one namespace."""
    found: dict[str, int] = {}
    for piece in _pieces(values):
        query = select(external_ids.c.value, external_ids.c.track_id).where(
            external_ids.c.namespace == namespace, external_ids.c.value.in_(piece)
        )
        found.update((value, track_id) for value, track_id in await conn.execute(query))
    return found


async def all_of(
    conn: AsyncConnection, namespace: str
) -> AsyncIterator[tuple[list[str], list[int]]]:
    """Yield all ids of one namespace and the tracks that have them, many at a time."""
    query = select(external_ids.c.value, external_ids.c.track_id).where(
        external_ids.c.namespace == namespace
    )
    async with conn.stream(query) as result:
        async for rows in result.partitions(_STREAMED):
            yield [row[0] for row in rows], [row[1] for row in rows]


async def by_recording_key(conn: AsyncConnection, keys: Sequence[str]) -> dict[str, int]:
    """Return the track of each known recording key: the lowest id where several share it."""
    found: dict[str, int] = {}
    for piece in _pieces(keys):
        query = select(tracks.c.recording_key, tracks.c.id).where(tracks.c.recording_key.in_(piece))
        for key, track_id in await conn.execute(query.order_by(tracks.c.id)):
            found.setdefault(key, track_id)
    return found


async def listed(conn: AsyncConnection, track_ids: Sequence[int]) -> dict[int, ListedTrack]:
    """Return what a script wants to know about tracks; those that no longer exist are left out."""
    found = {}
    for piece in _pieces(track_ids):
        external: dict[int, str] = {}
        ids = select(external_ids.c.track_id, external_ids.c.value).where(
            external_ids.c.track_id.in_(piece)
        )
        spotify_first = (external_ids.c.namespace != _PREFERRED, external_ids.c.namespace)
        for track_id, value in await conn.execute(
            ids.order_by(*spotify_first, external_ids.c.value)
        ):
            external.setdefault(track_id, value)
        raw: dict[int, float] = {}
        values = select(popularity.c.track_id, popularity.c.value).where(
            popularity.c.track_id.in_(piece)
        )
        newest = (popularity.c.observed_on.desc().nulls_last(), popularity.c.source)
        for track_id, value in await conn.execute(values.order_by(*newest)):
            raw.setdefault(track_id, value)
        names = select(tracks.c.id, tracks.c.title, artists.c.name).join(artists)
        for track_id, title, artist in await conn.execute(names.where(tracks.c.id.in_(piece))):
            found[track_id] = ListedTrack(external.get(track_id), artist, title, raw.get(track_id))
    return found


def _pieces(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(values), _PIECE):
        yield values[start : start + _PIECE]
