"""Folds the names in a database anew when `core.catalog.identity` folds them in another way.

What is one artist, one album or one recording by its new key becomes one row: whoever rated,
claimed or heard either of them has rated, claimed or heard that.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from sqlalchemy import Table, delete, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import KEYS, SEPARATOR, artist_key, recording_key, text_key
from bot.core.models import SubjectKind
from bot.store import columns, not_me, state
from bot.store.bulk import bulk_update
from bot.store.dialect import listed
from bot.store.listening import set_recordings_changed
from bot.store.search_updates import SearchUpdates
from bot.store.tables import (
    albums,
    artist_claims,
    artists,
    bans,
    feedback,
    heard,
    library_tracks,
    listens,
    recordings,
    tracks,
)

log = logging.getLogger(__name__)

_KEYS: Final = "keys"
"""Under this name a database remembers which keys it holds."""
_REMOVED: Final = f"{SEPARATOR}removed{SEPARATOR}"
"""In the key of a track that its artist took back; its title and artist say nothing."""
_PIECE: Final = 20_000

_Moves: TypeAlias = dict[int, int]
"""Row → the row that it is the same as."""


async def is_due(conn: AsyncConnection) -> bool:
    """Say whether a database, of this schema, holds keys of an earlier kind."""
    return int(await state.get(conn, _KEYS) or 1) < KEYS


async def rekey(conn: AsyncConnection) -> None:
    """Make all keys anew, in the transaction of the caller."""
    if not await is_due(conn):
        return
    await _rekey_catalog(conn)
    await _rekey_recordings(conn)
    for table in (artist_claims, bans):
        await _rekey_names(conn, table)
    await state.put(conn, _KEYS, str(KEYS))


async def _rekey_catalog(conn: AsyncConnection) -> None:
    of_artists = await _changed(conn, artists, lambda row: artist_key(row.name))
    of_albums = await _changed(conn, albums, lambda row: text_key(row.title))
    of_tracks = await _changed(conn, tracks, _key_of_track)
    if not (of_artists or of_albums or of_tracks):
        return
    same_artists = await _moves(conn, artists, of_artists)
    same_albums = await _moves(conn, albums, of_albums, owners=same_artists)
    search = await _taken_out(
        conn, {*of_artists, *same_artists}, {*of_albums, *same_albums}, set(of_tracks)
    )
    await _set_aside(conn, artists, of_artists)
    await _set_aside(conn, albums, of_albums)
    for loser, keeper in same_albums.items():
        await _merge_album(conn, loser, keeper)
    for loser, keeper in same_artists.items():
        await _merge_artist(conn, loser, keeper)
    await _set_keys(conn, artists, of_artists)
    await _set_keys(conn, albums, of_albums)
    version = await columns.catalog_version(conn) + 1
    rows = [(key, version, number) for number, key in of_tracks.items()]
    await bulk_update(conn, tracks, ["recording_key", "version"], rows)
    await search.finish()
    await state.put(conn, columns.VERSION, str(version))
    log.info(
        "names are compared in a new way: %d artists, %d albums and %d tracks have other keys, "
        "and %d artists are the same as others",
        len(of_artists), len(of_albums), len(of_tracks), len(same_artists),
    )  # fmt: skip


def _key_of_track(row: Any) -> str:
    return row.key if _REMOVED in row.key else recording_key(row.title, row.artist)


async def _changed(
    conn: AsyncConnection, table: Table, key_of: Callable[[Any], str]
) -> dict[int, str]:
    """Return the rows whose key is another than it was, with the new one."""
    stored = table.c.recording_key.label("key") if table is tracks else table.c.key
    text = table.c.name if table is artists else table.c.title
    query = select(table.c.id, text, stored).order_by(table.c.id).limit(_PIECE)
    if table is recordings:
        query = query.add_columns(recordings.c.artist)
    elif table is tracks:
        query = query.add_columns(artists.c.name.label("artist")).join(
            artists, artists.c.id == table.c.artist_id
        )
    found: dict[int, str] = {}
    last = 0
    while True:
        rows = (await conn.execute(query.where(table.c.id > last))).all()
        if not rows:
            return found
        keys = await asyncio.to_thread(lambda piece: [key_of(row) for row in piece], rows)
        found |= {
            row.id: key for row, key in zip(rows, keys, strict=True) if key and key != row.key
        }
        last = rows[-1].id


async def _taken_out(
    conn: AsyncConnection, of_artists: set[int], of_albums: set[int], of_tracks: set[int]
) -> SearchUpdates:
    """Take everything out of the search index that is to go or will be found by other words."""
    last_ids = {
        table.name: int(await conn.scalar(select(func.max(table.c.id))) or 0)
        for table in (tracks, albums, artists)
    }
    search = SearchUpdates(conn, last_ids)
    theirs = select(albums.c.id).where(albums.c.artist_id.in_(listed(conn, sorted(of_artists))))
    await search.take_out(albums, sorted({*of_albums, *await conn.scalars(theirs)}))
    await search.take_out(artists, sorted(of_artists))
    await search.take_out(tracks, sorted(of_tracks))
    return search


async def _moves(
    conn: AsyncConnection, table: Table, new: dict[int, str], *, owners: _Moves | None = None
) -> _Moves:
    """Return which rows become others: of those that share a key, the best known one stays.

    Args:
        owners: of albums, which belong to artists: the artists who become others.
    """
    if not new and not owners:
        return {}
    rank = table.c.track_id.is_(None) if table is recordings else table.c.search_rank
    owner = table.c.artist_id if table is albums else literal(0)
    query = select(table.c.id, owner, table.c.key).order_by(rank, table.c.id)
    first: dict[tuple[int, str], int] = {}
    moves: _Moves = {}
    for number, of_whom, key in await conn.execute(query):
        one = ((owners or {}).get(of_whom, of_whom), new.get(number, key))
        keeper = first.setdefault(one, number)
        if keeper != number:
            moves[number] = keeper
    return moves


async def _merge_artist(conn: AsyncConnection, loser: int, keeper: int) -> None:
    for table in (albums, tracks, artist_claims):
        theirs = update(table).where(table.c.artist_id == loser)
        await conn.execute(theirs.values(artist_id=keeper))
    await _move_feedback(conn, SubjectKind.ARTIST, loser, keeper)
    await conn.execute(delete(artists).where(artists.c.id == loser))


async def _merge_album(conn: AsyncConnection, loser: int, keeper: int) -> None:
    on_it = update(tracks).where(tracks.c.album_id == loser)
    await conn.execute(on_it.values(album_id=keeper))
    await _move_feedback(conn, SubjectKind.ALBUM, loser, keeper)
    await conn.execute(delete(albums).where(albums.c.id == loser))


async def _move_feedback(conn: AsyncConnection, kind: SubjectKind, loser: int, keeper: int) -> None:
    rated = (feedback.c.subject == kind) & (feedback.c.subject_id == loser)
    await conn.execute(update(feedback).where(rated).values(subject_id=keeper))


async def _set_aside(conn: AsyncConnection, table: Table, new: dict[int, str]) -> None:
    """Free the keys of some rows: they are unique, and one may get what another had."""
    aside = [(f"{SEPARATOR}{number}", number) for number in new]
    await bulk_update(conn, table, ["key"], aside)


async def _set_keys(conn: AsyncConnection, table: Table, new: dict[int, str]) -> None:
    await bulk_update(conn, table, ["key"], [(key, number) for number, key in new.items()])


# ---------------------------------------------------------------------------- what is listened to


async def _rekey_recordings(conn: AsyncConnection) -> None:
    new = await _changed(conn, recordings, lambda row: recording_key(row.title, row.artist))
    same = await _moves(conn, recordings, new)
    await set_recordings_changed(conn, [*same, *same.values()])
    await _set_aside(conn, recordings, new)
    for loser, keeper in same.items():
        await _merge_heard(conn, loser, keeper)
        await _merge_library(conn, loser, keeper)
        await conn.execute(delete(recordings).where(recordings.c.id == loser))
    await _set_keys(conn, recordings, new)
    songs = [(columns.song_id(key), number) for number, key in new.items()]
    await bulk_update(conn, recordings, ["song_id"], songs)


async def _merge_heard(conn: AsyncConnection, loser: int, keeper: int) -> None:
    by_history: dict[int, dict[int, Any]] = defaultdict(dict)
    query = select(heard).where(heard.c.recording_id.in_([loser, keeper]))
    for row in (await conn.execute(query)).all():
        by_history[row.history_id][row.recording_id] = row
    for history_id, rows in by_history.items():
        if loser not in rows:
            continue
        own = {"history_id": history_id, "recording_id": keeper}
        last = max(row.last_played_at for row in rows.values())
        is_here = (heard.c.history_id == history_id) & (heard.c.recording_id == keeper)
        if keeper not in rows:
            await conn.execute(insert(heard).values(**own, plays=0, last_played_at=last))
        await _move_listens(conn, history_id, loser, keeper)
        counted = select(func.count()).where(
            listens.c.history_id == history_id,
            listens.c.recording_id == keeper,
            await not_me.counts_in(conn, history_id),
        )
        plays = int(await conn.scalar(counted) or 0)
        plays = plays or sum(row.plays for row in rows.values())
        await conn.execute(update(heard).where(is_here).values(plays=plays, last_played_at=last))
        gone = (heard.c.history_id == history_id) & (heard.c.recording_id == loser)
        await conn.execute(delete(heard).where(gone))


async def _move_listens(conn: AsyncConnection, history_id: int, loser: int, keeper: int) -> None:
    """Move plays; one at the very second that the other has one, too, is the same play."""

    def of(number: int) -> Any:
        return (listens.c.history_id == history_id) & (listens.c.recording_id == number)

    there = select(listens.c.played_at).where(of(keeper))
    known = set(await conn.scalars(there))
    moving = select(listens.c.played_at).where(of(loser))
    again = [at for at in await conn.scalars(moving) if at in known]
    twice = of(loser) & listens.c.played_at.in_(listed(conn, again))
    await conn.execute(delete(listens).where(twice))
    await conn.execute(update(listens).where(of(loser)).values(recording_id=keeper))


async def _merge_library(conn: AsyncConnection, loser: int, keeper: int) -> None:
    table = library_tracks
    query = select(table).where(table.c.recording_id.in_([loser, keeper]))
    lists: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for row in (await conn.execute(query)).all():
        lists[row.history_id, row.kind][row.recording_id] = row.place
    for (history_id, kind), places in lists.items():
        if loser not in places:
            continue
        in_list = (table.c.history_id == history_id) & (table.c.kind == kind)
        if keeper in places:
            await conn.execute(delete(table).where(in_list, table.c.recording_id == loser))
            best = update(table).where(in_list, table.c.recording_id == keeper)
            await conn.execute(best.values(place=min(places.values())))
        else:
            moved = update(table).where(in_list, table.c.recording_id == loser)
            await conn.execute(moved.values(recording_id=keeper))


async def _rekey_names(conn: AsyncConnection, table: Table) -> None:
    """Fold claimed and banned names anew; one that another row of the server has stays."""
    query = select(table.c.id, table.c.guild_id, table.c.name, table.c.key)
    rows = (await conn.execute(query.where(table.c.name.is_not(None)).order_by(table.c.id))).all()
    taken = {(row.guild_id, row.key) for row in rows}
    for row in rows:
        key = artist_key(row.name)
        if key != row.key and (row.guild_id, key) not in taken:
            taken.add((row.guild_id, key))
            await conn.execute(update(table).where(table.c.id == row.id).values(key=key))
