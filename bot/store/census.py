"""Counts what is in the catalogue: the numbers that tell whether it can be used."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, distinct, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

import bot.starter
from bot.core.catalog import MEASURES
from bot.store.dialect import listed
from bot.store.tables import external_ids, popularity, tracks


@dataclass(frozen=True, slots=True)
class CatalogCounts:
    """Numbers of tracks."""

    tracks: int
    measured: int
    """With at least one audio feature."""
    with_popularity: int
    starter: int
    """Of the starter catalogue, whoever brought them."""
    popularity_on: date | None = None
    """The latest day on which any popularity was observed; None: nobody says."""


async def catalog_counts(conn: AsyncConnection) -> CatalogCounts:
    """Count the tracks of the catalogue; reads every row once."""
    measured = or_(*(tracks.c[name].is_not(None) for name in MEASURES))
    of_games = external_ids.c.namespace == "starter"
    of_archive = and_(
        external_ids.c.namespace == "fma",
        external_ids.c.value.in_(listed(conn, bot.starter.archive_ids())),
    )
    queries = (
        select(func.count()).select_from(tracks),
        select(func.count()).select_from(tracks).where(measured),
        select(func.count(distinct(popularity.c.track_id))),
        select(func.count(distinct(external_ids.c.track_id))).where(or_(of_games, of_archive)),
    )
    held, measured_ones, popular, shipped = [
        int(await conn.scalar(query) or 0) for query in queries
    ]
    latest = await conn.scalar(select(func.max(popularity.c.observed_on)))
    return CatalogCounts(held, measured_ones, popular, shipped, latest)


async def has_ids(conn: AsyncConnection, namespace: str) -> bool:
    """Return whether any track has an id of that namespace; quick in a catalogue of any size."""
    query = select(external_ids.c.value).where(external_ids.c.namespace == namespace).limit(1)
    return await conn.scalar(query) is not None
