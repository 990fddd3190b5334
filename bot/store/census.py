"""Counts what is in the catalogue: the numbers that tell whether it can be used."""

from dataclasses import dataclass

from sqlalchemy import distinct, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.catalog import MEASURES
from bot.store.tables import external_ids, popularity, tracks


@dataclass(frozen=True, slots=True)
class CatalogCounts:
    """Numbers of tracks."""

    tracks: int
    measured: int
    """With at least one audio feature."""
    with_popularity: int
    starter: int
    """From the starter catalogue."""


async def catalog_counts(conn: AsyncConnection) -> CatalogCounts:
    """Count the tracks of the catalogue; reads every row once."""
    measured = or_(*(tracks.c[name].is_not(None) for name in MEASURES))
    queries = (
        select(func.count()).select_from(tracks),
        select(func.count()).select_from(tracks).where(measured),
        select(func.count(distinct(popularity.c.track_id))),
        select(func.count(distinct(external_ids.c.track_id))).where(
            external_ids.c.namespace == "starter"
        ),
    )
    return CatalogCounts(*[int(await conn.scalar(query) or 0) for query in queries])
