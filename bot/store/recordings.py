"""Recordings that listeners play, by name, matched to tracks of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import ExternalId
from bot.core.taste import Recording
from bot.store import state
from bot.store.bulk import bulk_insert, bulk_update
from bot.store.columns import catalog_version, song_id
from bot.store.dialect import listed
from bot.store.listening import set_recordings_changed
from bot.store.tables import external_ids, heard, histories, library_tracks, recordings, tracks

MATCHED: Final = "recordings_version"
"""The name in `app_state` of the catalogue version that all recordings were compared with."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A recording that the catalogue does not hold."""

    id: int
    recording: Recording


async def recording_ids(conn: AsyncConnection, keys: Sequence[str]) -> dict[str, int]:
    """Return the recordings of some keys that are kept."""
    query = select(recordings.c.key, recordings.c.id)
    query = query.where(recordings.c.key.in_(listed(conn, keys)))
    return {key: number for key, number in await conn.execute(query)}  # noqa: C416 (rows to pairs)


async def add_recordings(
    conn: AsyncConnection, new: Mapping[str, Recording], track_ids: Mapping[str, int]
) -> None:
    """Keep recordings by their keys, with the tracks they are; known ones stay as they are."""
    columns: dict[str, Sequence[Any]] = {
        "key": list(new),
        "song_id": [song_id(key) for key in new],
        "title": [one.title for one in new.values()],
        "artist": [one.artist for one in new.values()],
        "namespace": [one.known_as and one.known_as.namespace for one in new.values()],
        "value": [one.known_as and one.known_as.value for one in new.values()],
        "track_id": [track_ids.get(key) for key in new],
    }
    await bulk_insert(conn, recordings, columns, skip_existing=True)


async def count_known(conn: AsyncConnection, ids: Sequence[int]) -> int:
    """Return how many of some recordings the catalogue holds."""
    query = select(func.count()).select_from(recordings)
    query = query.where(recordings.c.id.in_(listed(conn, ids)), recordings.c.track_id.is_not(None))
    return int(await conn.scalar(query) or 0)


async def match_new_tracks(conn: AsyncConnection) -> int:
    """Match recordings with the tracks that were added or changed since the last time.

    By its id in another system first, then as the same recording, then as another version of the
    song. Return how many were found.
    """
    since = int(await state.get(conn, MATCHED) or 0)
    version = await catalog_version(conn)
    if version == since:
        return 0
    if (
        await conn.scalar(select(recordings.c.id).where(recordings.c.track_id.is_(None)).limit(1))
        is None
    ):
        await state.put(conn, MATCHED, str(version))
        return 0
    changed = select(tracks.c.id, tracks.c.recording_key).where(tracks.c.version > since)
    by_key: dict[str, int] = {}
    by_song: dict[int, int] = {}
    for track_id, key in await conn.execute(changed.order_by(tracks.c.id)):
        by_key.setdefault(key, track_id)
        by_song.setdefault(song_id(key), track_id)
    named = (
        select(recordings.c.id, func.min(external_ids.c.track_id))
        .join(
            external_ids,
            (external_ids.c.value == recordings.c.value)
            & (external_ids.c.namespace == recordings.c.namespace),
        )
        .join(tracks, tracks.c.id == external_ids.c.track_id)
        .where(tracks.c.version > since, recordings.c.track_id.is_(None))
        .group_by(recordings.c.id)
    )
    found: dict[int, int] = dict(tuple(row) for row in await conn.execute(named))
    open_songs = select(recordings.c.id, recordings.c.key, recordings.c.song_id).where(
        recordings.c.song_id.in_(listed(conn, list(by_song))), recordings.c.track_id.is_(None)
    )
    for number, key, song in await conn.execute(open_songs):
        found.setdefault(number, by_key.get(key, by_song[song]))
    pairs = [(track_id, number) for number, track_id in found.items()]
    await bulk_update(conn, recordings, ["track_id"], pairs)
    await set_recordings_changed(conn, list(found))
    await state.put(conn, MATCHED, str(version))
    return len(found)


async def unmatched(conn: AsyncConnection, user_id: int, *, limit: int) -> list[Unmatched]:
    """Return what a listener plays most, or has in lists, and no service was asked about yet."""
    plays = func.max(heard.c.plays)
    query = (
        select(recordings)
        .join(heard, heard.c.recording_id == recordings.c.id)
        .join(histories)
        .where(histories.c.user_id == user_id, heard.c.plays > 0, _open())
        .group_by(recordings.c.id)
        .order_by(plays.desc(), func.max(heard.c.last_played_at).desc(), recordings.c.id)
    )
    in_lists = (
        select(recordings)
        .join(library_tracks, library_tracks.c.recording_id == recordings.c.id)
        .join(histories)
        .where(histories.c.user_id == user_id, _open())
        .group_by(recordings.c.id)
        .order_by(func.min(library_tracks.c.place), recordings.c.id)
    )
    found: dict[int, Unmatched] = {}
    for part in (in_lists, query):
        for row in await conn.execute(part.limit(limit - len(found))):
            known_as = ExternalId(row.namespace, row.value) if row.namespace else None
            found[row.id] = Unmatched(row.id, Recording(row.title, row.artist, known_as))
    return list(found.values())


async def set_asked(conn: AsyncConnection, ids: Sequence[int], *, now: datetime) -> None:
    """Note that the music services were asked for some recordings."""
    chosen = recordings.c.id.in_(listed(conn, ids))
    await conn.execute(update(recordings).where(chosen).values(asked_at=now))


async def count_asked(conn: AsyncConnection, user_id: int) -> int:
    """Return for how many of a listener's recordings the music services were asked."""
    of_plays, of_lists = (
        select(table.c.recording_id).join(histories).where(histories.c.user_id == user_id)
        for table in (heard, library_tracks)
    )
    query = select(func.count()).select_from(recordings)
    query = query.where(
        recordings.c.asked_at.is_not(None), recordings.c.id.in_(of_plays.union(of_lists))
    )
    return int(await conn.scalar(query) or 0)


def _open() -> Any:
    return recordings.c.track_id.is_(None) & recordings.c.asked_at.is_(None)
