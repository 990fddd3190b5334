"""Names that listeners gave to clusters of their likes, each by a track in the cluster."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.dialect import listed
from bot.store.tables import cluster_names


async def of_user(conn: AsyncConnection, user_id: int) -> dict[int, str]:
    """Return the names a listener gave, by track, in the order of the tracks' ids."""
    query = select(cluster_names.c.track_id, cluster_names.c.name)
    query = query.where(cluster_names.c.user_id == user_id).order_by(cluster_names.c.track_id)
    return {row.track_id: row.name for row in await conn.execute(query)}


async def put(
    conn: AsyncConnection, user_id: int, track_id: int, name: str, *, instead: Collection[int]
) -> None:
    """Name a cluster; without letters in the name, take its name away.

    Args:
        instead: all tracks of the cluster: names that were given by them are forgotten.
    """
    own = cluster_names.c.user_id == user_id
    theirs = cluster_names.c.track_id.in_(listed(conn, sorted({*instead, track_id})))
    await conn.execute(delete(cluster_names).where(own, theirs))
    if name:
        values = {"user_id": user_id, "track_id": track_id, "name": name}
        await conn.execute(insert(cluster_names).values(values))
