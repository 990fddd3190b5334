"""Tracks by the key that every copy of a recording shares."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import tracks


async def track_ids_by_recording(conn: AsyncConnection, recording_key: str) -> list[int]:
    """Return the tracks with this `core.identity.recording_key`, ascending; mostly one or none."""
    query = select(tracks.c.id).where(tracks.c.recording_key == recording_key).order_by(tracks.c.id)
    return list((await conn.scalars(query)).all())
