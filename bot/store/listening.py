"""What listeners play: plays by history, and lists of a library."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.accounts import ListeningBasis
from bot.core.taste import NOTHING_PLAYED, Away, Played
from bot.store import not_me, state
from bot.store.bulk import bulk_insert
from bot.store.dialect import listed
from bot.store.tables import (
    heard,
    histories,
    library_tracks,
    linked_accounts,
    listens,
    recordings,
    tracks,
)

CHANGES: Final = "listening_changes"
"""The name in `app_state` of the number that every change of any history counts up."""


@dataclass(frozen=True, slots=True)
class History:
    """Plays from one source: one kind of export, or one linked account."""

    id: int
    kind: str
    basis: ListeningBasis
    """Which part of it counts for the taste."""


# ----------------------------------------------------------------------------- histories


async def history_of(
    conn: AsyncConnection, user_id: int, kind: str, *, account_id: int | None = None
) -> int:
    """Return the history of a kind, made when it is missing."""
    query = select(histories.c.id).where(histories.c.user_id == user_id, histories.c.kind == kind)
    found = await conn.scalar(query)
    if found is None:
        values = {
            "user_id": user_id,
            "kind": kind,
            "account_id": account_id,
            "changed": await state.count_up(conn, CHANGES),
        }
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


async def counting_histories(conn: AsyncConnection, user_id: int) -> list[History]:
    """Return those of which anything counts: what was somebody else's as a whole is left out."""
    whole = [one.away for one in await not_me.of_user(conn, user_id) if one.away.is_whole]
    return [
        one
        for one in await histories_of(conn, user_id)
        if not any(away.is_about(one.kind) for away in whole)
    ]


async def set_changed(conn: AsyncConnection, history_ids: Sequence[int]) -> None:
    """Note that what some histories tell has changed; a taste derived from them is old now."""
    if history_ids:
        number = await state.count_up(conn, CHANGES)
        which = histories.c.id.in_(listed(conn, history_ids))
        await conn.execute(update(histories).where(which).values(changed=number))


async def set_recordings_changed(conn: AsyncConnection, recording_ids: Sequence[int]) -> None:
    """Note for the histories that hold some recordings that these are other tracks now."""
    if not recording_ids:
        return
    queries = (
        select(table.c.history_id).where(table.c.recording_id.in_(listed(conn, recording_ids)))
        for table in (heard, library_tracks)
    )
    found = {number for query in queries for number in await conn.scalars(query)}
    await set_changed(conn, sorted(found))


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
    """Return how many plays of a listener are kept, whether they count or not."""
    own = listens.join(histories, histories.c.id == listens.c.history_id)
    query = select(func.count()).select_from(own).where(histories.c.user_id == user_id)
    return int(await conn.scalar(query) or 0)


async def count_listed(conn: AsyncConnection, user_id: int) -> int:
    """Return how many entries of a listener's lists are kept."""
    query = select(func.count()).select_from(library_tracks).join(histories)
    return int(await conn.scalar(query.where(histories.c.user_id == user_id)) or 0)


# ----------------------------------------------------------------------------- plays and lists


async def add_plays(
    conn: AsyncConnection, history_id: int, ids: Sequence[int], times_s: Sequence[int]
) -> int:
    """Keep plays; one that is there already is not added again. Return how many are new.

    Args:
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
    total = select(func.count()).where(
        listens.c.history_id == history_id, listens.c.recording_id.in_(listed(conn, distinct))
    )
    before = int(await conn.scalar(total) or 0)
    pairs = sorted(zip(ids, times_s, strict=True))
    columns = {"recording_id": [one for one, _ in pairs], "played_at": [at for _, at in pairs]}
    await bulk_insert(conn, listens, columns, constants, skip_existing=True)
    await _count(conn, of_these, await not_me.counts_in(conn, history_id))
    new = int(await conn.scalar(total) or 0) - before
    if new:
        await set_changed(conn, [history_id])
    return new


async def recount(conn: AsyncConnection, user_id: int, away: Away) -> None:
    """Count the plays of a listener anew after they named, or took back, what was not theirs."""
    kept = await histories_of(conn, user_id)
    ids = [one.id for one in kept if away.is_about(one.kind)]
    counts = await not_me.counts(conn, user_id)
    await _count(conn, heard.c.history_id.in_(listed(conn, ids)), counts)
    await set_changed(conn, ids)


async def _count(
    conn: AsyncConnection, which: ColumnElement[bool], counts: ColumnElement[bool]
) -> None:
    """Bring rows of `heard` up to date with the plays that count."""
    own = (
        listens.c.history_id == heard.c.history_id,
        listens.c.recording_id == heard.c.recording_id,
        counts,
    )
    last = select(func.coalesce(func.max(listens.c.played_at), 0)).where(*own)
    values = {
        "plays": select(func.count()).where(*own).scalar_subquery(),
        "last_played_at": last.scalar_subquery(),
    }
    await conn.execute(update(heard).where(which).values(values))


async def plays_within(conn: AsyncConnection, user_id: int, away: Away) -> int:
    """Return how many plays of a listener lie in a span, whether they count or not."""
    kept = await histories_of(conn, user_id)
    ids = [one.id for one in kept if away.is_about(one.kind)]
    query = select(func.count()).where(listens.c.history_id.in_(listed(conn, ids)))
    if away.since_s is not None:
        query = query.where(listens.c.played_at >= away.since_s)
    if away.until_s is not None:
        query = query.where(listens.c.played_at < away.until_s)
    return int(await conn.scalar(query) or 0)


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
    new = int(await conn.scalar(size) or 0) - before
    if new:
        await set_changed(conn, [history_id])
    return new


async def replace_list(
    conn: AsyncConnection, history_id: int, kind: ListeningBasis, ids: Sequence[int]
) -> None:
    """Keep a list of a library as it is now; one that is the same is left alone."""
    own = (library_tracks.c.history_id == history_id) & (library_tracks.c.kind == kind)
    stored = select(library_tracks.c.recording_id).where(own).order_by(library_tracks.c.place)
    if list(await conn.scalars(stored)) == list(dict.fromkeys(ids)):
        return
    await conn.execute(delete(library_tracks).where(own))
    await add_to_list(conn, history_id, kind, ids)
    await set_changed(conn, [history_id])


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
    """Return the tracks of a history's last plays, up to some seconds before the newest of them."""
    counts = await not_me.counts_in(conn, history_id)
    newest = await conn.scalar(
        select(func.max(listens.c.played_at)).where(listens.c.history_id == history_id, counts)
    )
    if newest is None:
        return NOTHING_PLAYED
    last = (
        select(listens.c.recording_id, listens.c.played_at)
        .where(listens.c.history_id == history_id, listens.c.played_at >= newest - seconds, counts)
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


async def plays_of_artist(conn: AsyncConnection, user_id: int, artist_id: int) -> int:
    """Return how often a listener played an artist: the most that any history says."""
    query = (
        select(func.sum(heard.c.plays))
        .join(recordings, recordings.c.id == heard.c.recording_id)
        .join(tracks, tracks.c.id == recordings.c.track_id)
        .join(histories, histories.c.id == heard.c.history_id)
        .where(histories.c.user_id == user_id, tracks.c.artist_id == artist_id)
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
