"""Counts of the catalogue, for the operator."""

from dataclasses import dataclass

from sqlalchemy import Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import AUDIO_FEATURES
from bot.store.columns import catalog_version
from bot.store.tables import albums, artists, external_ids, genres, popularity, tracks


@dataclass(frozen=True, slots=True)
class CatalogStats:
    """What is in the catalogue. Shares are 0 … 1 of the tracks; 0 for an empty catalogue."""

    version: int
    tracks: int
    artists: int
    albums: int
    genres: int
    first_year: int | None
    last_year: int | None
    feature_shares: dict[str, float]
    """For each audio feature, the share of the tracks that have it."""
    year_share: float
    duration_share: float
    popularity_share: float
    external_ids: dict[str, int]
    """Ids by namespace; the largest first."""


async def catalog_stats(conn: AsyncConnection) -> CatalogStats:
    """Count everything (reads the whole table of tracks once)."""
    known = [func.count(tracks.c[name]) for name in (*AUDIO_FEATURES, "year", "duration_ms")]
    query = select(func.count(), func.min(tracks.c.year), func.max(tracks.c.year), *known)
    total, first_year, last_year, *counts = (await conn.execute(query.select_from(tracks))).one()
    shares = [count / total if total else 0.0 for count in counts]
    rated = await conn.scalar(select(func.count(popularity.c.track_id.distinct())))
    return CatalogStats(
        version=await catalog_version(conn),
        tracks=total,
        artists=await _size(conn, artists),
        albums=await _size(conn, albums),
        genres=await _size(conn, genres),
        first_year=first_year,
        last_year=last_year,
        feature_shares=dict(zip(AUDIO_FEATURES, shares, strict=False)),
        year_share=shares[-2],
        duration_share=shares[-1],
        popularity_share=(rated or 0) / total if total else 0.0,
        external_ids=await _groups(conn, external_ids, "namespace"),
    )


async def _size(conn: AsyncConnection, table: Table) -> int:
    return int(await conn.scalar(select(func.count()).select_from(table)) or 0)


async def _groups(conn: AsyncConnection, table: Table, name: str) -> dict[str, int]:
    size = func.count().label("size")
    query = select(table.c[name], size).group_by(table.c[name]).order_by(size.desc(), table.c[name])
    return {str(row[0]): int(row[1]) for row in await conn.execute(query)}
