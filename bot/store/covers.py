"""The covers of tracks: where a picture is, kept for ever, and where nobody had one."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import Cover
from bot.store.dialect import listed
from bot.store.tables import covers, tracks


async def settled(
    conn: AsyncConnection, track_ids: Sequence[int], *, missed_since: datetime
) -> set[int]:
    """Return the tracks that nobody need be asked about: known, or missed since then."""
    query = select(covers.c.track_id).where(
        covers.c.track_id.in_(listed(conn, track_ids)),
        covers.c.url.is_not(None) | (covers.c.asked_at >= missed_since),
    )
    return set(await conn.scalars(query))


async def addresses(conn: AsyncConnection, track_ids: Sequence[int]) -> dict[int, str]:
    """Return where the known covers of tracks are."""
    query = select(covers.c.track_id, covers.c.url).where(
        covers.c.track_id.in_(listed(conn, track_ids)), covers.c.url.is_not(None)
    )
    return {row.track_id: row.url for row in await conn.execute(query)}


async def put(conn: AsyncConnection, found: Mapping[int, Cover | None], *, now: datetime) -> None:
    """Keep the covers of tracks, but not of those that are gone; None: nobody had one."""
    there = select(tracks.c.id).where(tracks.c.id.in_(listed(conn, list(found))))
    kept = set(await conn.scalars(there))
    if not kept:
        return
    await conn.execute(delete(covers).where(covers.c.track_id.in_(listed(conn, list(kept)))))
    rows = [
        {
            "track_id": track_id,
            "url": one.url if one else None,
            "accent": one.accent if one else None,
            "asked_at": now,
        }
        for track_id, one in found.items()
        if track_id in kept
    ]
    await conn.execute(insert(covers), rows)
