"""What listeners play: recordings by name, plays, and lists of a library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import ListeningBasis
from bot.core.listening import NOTHING_PLAYED, Played, Recording
from bot.core.models import ExternalId
from bot.store import state
from bot.store.columns import catalog_version, song_id
from bot.store.dialect import bulk_insert, bulk_update, listed
from bot.store.tables import (
    external_ids,
    heard,
    histories,
    library_tracks,
    linked_accounts,
    listens,
    recordings,
    tracks,
)

MATCHED: Final = "recordings_version"
"""The name in `app_state` of the catalogue version that all recordings were compared with."""


@dataclass(frozen=True, slots=True)
class History:
    """Plays from one source: of one kind of export, or of one linked account."""

    id: int
    kind: str
    basis: ListeningBasis
    """What of it counts for the taste."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A recording that the catalogue does not hold."""

    id: int
    recording: Recording


# ----------------------------------------------------------------------------- histories


async def history_of(
    conn: AsyncConnection, user_id: int, kind: str, *, account_id: int | None = None
) -> int:
    """Return the history of a kind, made when it is missing."""
    query = select(histories.c.id).where(histories.c.user_id == user_id, histories.c.kind == kind)
    found = await conn.scalar(query)
    if found is None:
        values = {"user_id": user_id, "kind": kind, "account_id": account_id}
        found = (await conn.scalars(insert(histories).returning(histories.c.id), [values])).one()
    return int(found)


async def histories_of(conn: AsyncConnection, user_id: int) -> list[History]:
    """Return the histories of a listener, oldest first; an import counts by its plays."""
    query = (
        select(histories.c.id, histories.c.kind, linked_accounts.c.basis)
        .outerjoin(linked_accounts)
        .where(histories.c.user_id == user_id)
        .order_by(histories.c.id)
    )
    return [
        History(number, kind, ListeningBasis(basis or ListeningBasis.TOP))
        for number, kind, basis in await conn.execute(query)
    ]


async def remove_of(conn: AsyncConnection, user_id: int) -> None:
    """Remove the histories of a listener, and the recordings that nobody else has."""
    await conn.execute(delete(histories).where(histories.c.user_id == user_id))
    await remove_orphans(conn)


async def remove_orphans(conn: AsyncConnection) -> None:
    """Remove the recordings that are in no history."""
    played = select(heard.c.recording_id).where(heard.c.recording_id == recordings.c.id).exists()
    in_list = select(library_tracks.c.recording_id).where(
        library_tracks.c.recording_id == recordings.c.id
    )
    await conn.execute(delete(recordings).where(~played, ~in_list.exists()))


async def count_plays(conn: AsyncConnection, user_id: int) -> int:
    """Return how many plays of a listener are kept."""
    query = select(func.coalesce(func.sum(heard.c.plays), 0)).join(histories)
    return int(await conn.scalar(query.where(histories.c.user_id == user_id)) or 0)


async def count_listed(conn: AsyncConnection, user_id: int) -> int:
    """Return how many entries of a listener's lists are kept."""
    query = select(func.count()).select_from(library_tracks).join(histories)
    return int(await conn.scalar(query.where(histories.c.user_id == user_id)) or 0)


# ----------------------------------------------------------------------------- recordings


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
    """Compare the recordings with the tracks that came or changed since it was done last.

    By its other name first, then as the same recording, then as another version of the song. Return
    how many were found.
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
    await state.put(conn, MATCHED, str(version))
    return len(found)


async def unmatched(conn: AsyncConnection, user_id: int, *, limit: int) -> list[Unmatched]:
    """Return what a listener plays most and nobody was asked about, with those in lists."""
    plays = func.max(heard.c.plays)
    query = (
        select(recordings)
        .join(heard, heard.c.recording_id == recordings.c.id)
        .join(histories)
        .where(histories.c.user_id == user_id, _open())
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


# ----------------------------------------------------------------------------- plays and lists


async def add_plays(
    conn: AsyncConnection, history_id: int, ids: Sequence[int], times_s: Sequence[int]
) -> int:
    """Keep plays; those that are there already stay one. Return how many are new.

    Args:
        history_id: whose they are.
        ids: the recording of each play.
        times_s: when each began.
    """
    if not ids:
        return 0
    distinct = sorted(set(ids))
    constants = {"history_id": history_id}
    fresh = {**constants, "plays": 0, "last_played_at": 0}
    await bulk_insert(conn, heard, {"recording_id": distinct}, fresh, skip_existing=True)
    of_these = (heard.c.history_id == history_id) & heard.c.recording_id.in_(listed(conn, distinct))
    total = select(func.sum(heard.c.plays)).where(of_these)
    before = int(await conn.scalar(total) or 0)
    pairs = sorted(zip(ids, times_s, strict=True))
    columns = {"recording_id": [one for one, _ in pairs], "played_at": [at for _, at in pairs]}
    await bulk_insert(conn, listens, columns, constants, skip_existing=True)
    own = (listens.c.history_id == heard.c.history_id) & (
        listens.c.recording_id == heard.c.recording_id
    )
    counted = {
        "plays": select(func.count()).where(own).scalar_subquery(),
        "last_played_at": select(func.max(listens.c.played_at)).where(own).scalar_subquery(),
    }
    await conn.execute(update(heard).where(of_these).values(counted))
    return int(await conn.scalar(total) or 0) - before


async def add_to_list(
    conn: AsyncConnection, history_id: int, kind: ListeningBasis, ids: Sequence[int]
) -> int:
    """Add recordings to a list of a library; return how many were not in it."""
    own = (library_tracks.c.history_id == history_id) & (library_tracks.c.kind == kind)
    size = select(func.count()).select_from(library_tracks).where(own)
    before = int(await conn.scalar(size) or 0)
    distinct = list(dict.fromkeys(ids))
    columns = {"recording_id": distinct, "place": range(before, before + len(distinct))}
    constants = {"history_id": history_id, "kind": kind}
    await bulk_insert(conn, library_tracks, columns, constants, skip_existing=True)
    return int(await conn.scalar(size) or 0) - before


async def replace_list(
    conn: AsyncConnection, history_id: int, kind: ListeningBasis, ids: Sequence[int]
) -> None:
    """Keep a list of a library as it is now."""
    own = (library_tracks.c.history_id == history_id) & (library_tracks.c.kind == kind)
    await conn.execute(delete(library_tracks).where(own))
    await add_to_list(conn, history_id, kind, ids)


async def played(conn: AsyncConnection, history_ids: Sequence[int]) -> Played:
    """Return the tracks that were played in any of some histories.

    The same play may stand in several of them: a recording's plays are the most of any.
    """
    query = (
        select(recordings.c.track_id, func.max(heard.c.plays), func.max(heard.c.last_played_at))
        .join(recordings, recordings.c.id == heard.c.recording_id)
        .where(heard.c.history_id.in_(history_ids), recordings.c.track_id.is_not(None))
        .where(heard.c.plays > 0)
        .group_by(recordings.c.id, recordings.c.track_id)
    )
    return await _played(conn, query) if history_ids else NOTHING_PLAYED


async def played_lately(
    conn: AsyncConnection, history_id: int, *, seconds: int, limit: int
) -> Played:
    """Return the tracks of a history's last plays, so many seconds before the newest of them."""
    newest = await conn.scalar(
        select(func.max(listens.c.played_at)).where(listens.c.history_id == history_id)
    )
    if newest is None:
        return NOTHING_PLAYED
    last = (
        select(listens.c.recording_id, listens.c.played_at)
        .where(listens.c.history_id == history_id, listens.c.played_at >= newest - seconds)
        .order_by(listens.c.played_at.desc(), listens.c.recording_id)
        .limit(limit)
        .subquery()
    )
    query = (
        select(recordings.c.track_id, func.count(), func.max(last.c.played_at))
        .join(recordings, recordings.c.id == last.c.recording_id)
        .where(recordings.c.track_id.is_not(None))
        .group_by(recordings.c.id, recordings.c.track_id)
    )
    return await _played(conn, query)


async def in_lists(
    conn: AsyncConnection, history_ids: Sequence[int], kind: ListeningBasis | None = None
) -> Played:
    """Return the tracks of lists, each as played once; of a top list the first are played most.

    Args:
        history_ids: whose lists.
        kind: which list; None: all.
    """
    plays = (
        func.count() if kind is not ListeningBasis.TOP else 1000 - func.min(library_tracks.c.place)
    )
    query = (
        select(recordings.c.track_id, plays, func.min(0))
        .join(recordings, recordings.c.id == library_tracks.c.recording_id)
        .where(library_tracks.c.history_id.in_(history_ids), recordings.c.track_id.is_not(None))
        .group_by(recordings.c.id, recordings.c.track_id)
    )
    if kind is not None:
        query = query.where(library_tracks.c.kind == kind)
    return await _played(conn, query) if history_ids else NOTHING_PLAYED


async def plays_of_track(conn: AsyncConnection, user_id: int, track_id: int) -> int:
    """Return how often a listener played a track: the most that any history says."""
    query = (
        select(func.sum(heard.c.plays))
        .join(recordings, recordings.c.id == heard.c.recording_id)
        .join(histories)
        .where(histories.c.user_id == user_id, recordings.c.track_id == track_id)
        .group_by(heard.c.history_id)
    )
    return max((int(one) for one in await conn.scalars(query)), default=0)


async def last_times(conn: AsyncConnection, history_id: int, *, limit: int) -> list[int]:
    """Return when the last plays of a history began, newest first, in seconds."""
    query = (
        select(listens.c.played_at)
        .where(listens.c.history_id == history_id)
        .order_by(listens.c.played_at.desc())
        .limit(limit)
    )
    return list(await conn.scalars(query))


async def _played(conn: AsyncConnection, query: Select[Any]) -> Played:
    return Played.of([tuple(row) for row in await conn.execute(query)])
