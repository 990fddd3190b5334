"""How popular tracks were, by source and month: only what changed noticeably is kept."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import COLLECTIVE_KEYS, UNKNOWN, Kept, SourcePast
from bot.store.bulk import bulk_insert
from bot.store.dialect import listed
from bot.store.tables import artists, popularity, popularity_history, popularity_months, tracks

_PIECE: Final = 5000

_history = popularity_history.c


@dataclass(frozen=True, slots=True)
class PastOfSource:
    """How much of the past of a source is kept."""

    source: str
    first: int
    """The first and the last month in which it was looked at."""
    last: int
    months: int
    rows: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Some tracks of a source in ascending id, as they are now and as they were kept last."""

    track_ids: NDArray[np.int64]
    values: NDArray[np.float64]
    """On the scale of the source, > 0."""
    kept: NDArray[np.int16]
    """Levels; `UNKNOWN`: never kept."""
    is_kept: NDArray[np.bool_]
    """Those that were kept in this month or a later one."""


async def sources_not_looked_at(conn: AsyncConnection, month: int) -> list[str]:
    """Return the sources of popularity that were not looked at in a month or later, by name."""
    done = select(popularity_months.c.source).where(popularity_months.c.month >= month)
    query = select(popularity.c.source).where(popularity.c.source.not_in(done)).distinct()
    return sorted(await conn.scalars(query))


async def value_counts(
    conn: AsyncConnection, source: str
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the different values of a source, ascending, and how many tracks have each."""
    query = (
        select(popularity.c.value, func.count())
        .where(popularity.c.source == source)
        .group_by(popularity.c.value)
        .order_by(popularity.c.value)
    )
    rows = (await conn.execute(query)).all()
    return np.array([row[0] for row in rows], float), np.array([row[1] for row in rows], np.int64)


async def piece_after(conn: AsyncConnection, source: str, after: int, month: int) -> Piece | None:
    """Return the next tracks of a source, of higher ids than `after`; None when there are no more.

    What has a popularity of 0 is left out: it was not found in a snapshot, which proves nothing.
    """
    query = select(popularity.c.track_id, popularity.c.value).where(
        popularity.c.source == source, popularity.c.track_id > after, popularity.c.value > 0
    )
    rows = (await conn.execute(query.order_by(popularity.c.track_id).limit(_PIECE))).all()
    if not rows:
        return None
    ids = np.array([row[0] for row in rows], np.int64)
    kept, is_kept = np.full(len(ids), UNKNOWN, np.int16), np.zeros(len(ids), np.bool_)
    before = (
        select(_history.track_id, _history.month, _history.percentile)
        .where(_history.track_id.between(int(ids[0]), int(ids[-1])), _history.source == source)
        .order_by(_history.track_id, _history.month)
    )
    past = np.array([tuple(row) for row in await conn.execute(before)], np.int64).reshape(-1, 3)
    past = past[np.isin(past[:, 0], ids)]
    places = np.searchsorted(ids, past[:, 0])
    kept[places] = past[:, 2]  # the last one of each track stays
    is_kept[places[past[:, 1] >= month]] = True
    return Piece(ids, np.array([row[1] for row in rows], float), kept, is_kept)


async def keep(
    conn: AsyncConnection,
    source: str,
    month: int,
    track_ids: NDArray[np.int64],
    levels: NDArray[np.int16],
) -> None:
    """Keep the levels of some tracks; what was forgotten meanwhile, and what is there, stays so."""
    asked = listed(conn, track_ids.tolist())
    still = select(popularity.c.track_id).where(
        popularity.c.source == source, popularity.c.track_id.in_(asked)
    )
    there = np.isin(track_ids, np.array(list(await conn.scalars(still)), np.int64))
    await bulk_insert(
        conn,
        popularity_history,
        {"track_id": track_ids[there].tolist(), "percentile": levels[there].tolist()},
        {"source": source, "month": month},
        skip_existing=True,
    )


async def note_look(conn: AsyncConnection, source: str, month: int) -> None:
    """Note that all of a source was looked at in a month, unless it was forgotten meanwhile."""
    own = popularity_months.c.source == source, popularity_months.c.month == month
    count = select(func.count()).where(popularity.c.source == source)
    known = int(await conn.scalar(count) or 0)
    if known and await conn.scalar(select(popularity_months.c.tracks).where(*own)) is None:
        await conn.execute(
            insert(popularity_months).values(source=source, month=month, tracks=known)
        )


async def kept_past(conn: AsyncConnection) -> list[PastOfSource]:
    """Return how much of the past of each source is kept, by name."""
    counts = select(_history.source, func.count()).group_by(_history.source)
    rows: dict[str, int] = dict(tuple(row) for row in await conn.execute(counts))
    source, month = popularity_months.c.source, popularity_months.c.month
    query = select(source, func.min(month), func.max(month), func.count())
    query = query.group_by(source).order_by(source)
    return [
        PastOfSource(name, first, last, months, rows.get(name, 0))
        for name, first, last, months in await conn.execute(query)
    ]


async def months_looked_at(conn: AsyncConnection) -> dict[str, list[int]]:
    """Return the months in which each source was looked at, ascending."""
    found: dict[str, list[int]] = defaultdict(list)
    query = select(popularity_months.c.source, popularity_months.c.month)
    for source, month in await conn.execute(
        query.order_by(popularity_months.c.source, popularity_months.c.month)
    ):
        found[source].append(month)
    return found


async def past_of_tracks(conn: AsyncConnection, track_ids: Sequence[int]) -> dict[int, list[Kept]]:
    """Return what is kept of some tracks, by source and month; nothing for one without a past."""
    query = (
        select(_history.track_id, _history.source, _history.month, _history.percentile)
        .where(_history.track_id.in_(listed(conn, track_ids)))
        .order_by(_history.track_id, _history.source, _history.month)
    )
    found: dict[int, list[Kept]] = defaultdict(list)
    for row in await conn.execute(query):
        found[row.track_id].append(Kept(*row))
    return dict(found)


async def past_of_source(conn: AsyncConnection, source: str) -> SourcePast:
    """Return all that is kept of a source, but of tracks whose artist stands for many."""
    query = (
        select(_history.track_id, tracks.c.artist_id, _history.month, _history.percentile)
        .join(tracks, tracks.c.id == _history.track_id)
        .where(_history.source == source)
        .order_by(_history.track_id, _history.month)
    )
    pieces = [np.empty((4, 0), np.int64)]
    async with conn.stream(query) as result:
        async for rows in result.partitions(_PIECE):
            pieces += [np.array(list(zip(*rows, strict=True)), np.int64)]
    of_many = select(artists.c.id).where(artists.c.key.in_(sorted(COLLECTIVE_KEYS)))
    collective = list(await conn.scalars(of_many))
    whole = np.concatenate(pieces, axis=1)
    ids, artist_ids, months, levels = whole[:, ~np.isin(whole[1], collective)]
    return SourcePast(ids, artist_ids, months.astype(np.int16), levels.astype(np.int16))
