"""How often each track was shown, to anybody."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import recommendations


async def shown_counts(conn: AsyncConnection, *, since: datetime) -> list[tuple[int, int]]:
    """Return how often each track was shown since then: most first, ties by track."""
    times = func.count().label("times")
    query = (
        select(recommendations.c.track_id, times)
        .where(recommendations.c.shown_at >= since)
        .group_by(recommendations.c.track_id)
        .order_by(times.desc(), recommendations.c.track_id)
    )
    return [(track_id, count) for track_id, count in await conn.execute(query)]
