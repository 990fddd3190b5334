"""What an import adds to known tracks beside their columns: popularity, and who measured what."""

from dataclasses import dataclass
from typing import Final

import polars as pl
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import AUDIO_FEATURES
from bot.store.dialect import listed
from bot.store.frames import insert_frame, read_frame
from bot.store.tables import feature_provenance, popularity

ORIGIN: Final = {
    "track_id": pl.Int64, "feature": pl.String, "source": pl.String, "confidence": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class More:
    """What an export of a catalogue tells besides."""

    popularity: pl.DataFrame
    """track_id, source, value, observed_on: one row for a track and a source."""
    origins: pl.DataFrame
    """track_id, feature, source, confidence: of features that were not measured by the row's
    feature_source; one row for a track and a feature."""


async def keep_popularity(
    conn: AsyncConnection,
    source: str,
    fresh: pl.DataFrame,
    offered: pl.DataFrame,
    *,
    newest: bool = False,
) -> set[int]:
    """Keep the highest value of a source; return the known tracks where something changed.

    Args:
        conn: in a transaction that writes.
        source: whose popularity it is.
        fresh: track_id, source, value, observed_on of new tracks.
        offered: the same of known ones.
        newest: of two values with dates, keep the later one.
    """
    await insert_frame(conn, popularity, fresh)
    if offered.is_empty():
        return set()
    asked = offered["track_id"].to_list()
    query = select(popularity.c.track_id, popularity.c.value, popularity.c.observed_on).where(
        popularity.c.source == source, popularity.c.track_id.in_(listed(conn, asked))
    )
    schema = {"track_id": pl.Int64, "stored": pl.Float64, "stored_on": pl.Date}
    offered = offered.join(await read_frame(conn, query, schema), on="track_id", how="left")
    said, stored_on = pl.col("observed_on"), pl.col("stored_on")
    later = said.is_not_null() & (stored_on.is_null() | (said > stored_on))
    higher = pl.col("value") > pl.col("stored")
    if newest:
        dated = said.is_not_null() & stored_on.is_not_null() & (said != stored_on)
        higher = pl.when(dated).then(said > stored_on).otherwise(higher)
    better = offered.filter(
        pl.col("stored").is_null() | higher | ((pl.col("value") == pl.col("stored")) & later)
    )
    raised = better["track_id"].to_list()
    await conn.execute(
        delete(popularity).where(
            popularity.c.source == source, popularity.c.track_id.in_(listed(conn, raised))
        )
    )
    await insert_frame(conn, popularity, better.drop("stored", "stored_on"))
    return set(raised)


def origins_of_filled(
    offered: pl.DataFrame, stored: pl.DataFrame, told: pl.DataFrame | None
) -> pl.DataFrame:
    """Return who measured the features that known tracks take from an import.

    The source of a track stays what it was; where the import has another one, it is noted for the
    features that come from it, and trusted as an import is.

    Args:
        offered: track_id, feature_source and the features, as they come.
        stored: the same rows as they are in the catalogue.
        told: the sources that the import names for single features, as in `More.origins`.
    """
    own = pl.DataFrame(schema=ORIGIN) if told is None else told
    found = [pl.DataFrame(schema=ORIGIN)]
    source = offered["feature_source"]
    differs = source.is_not_null() & stored["feature_source"].is_not_null()
    differs &= source != stored["feature_source"]
    for name in AUDIO_FEATURES:
        filled = stored[name].is_null() & offered[name].is_not_null()
        named = own.filter(feature=name)
        found.append(named.join(offered.filter(filled), on="track_id", how="semi"))
        others = offered.filter(filled & differs).select(
            "track_id",
            pl.lit(name).alias("feature"),
            pl.col("feature_source").str.slice(0, 20).alias("source"),
            pl.lit(1.0).alias("confidence"),
        )
        found.append(others.join(named, on="track_id", how="anti"))
    return pl.concat(frame.select(*ORIGIN) for frame in found)


async def keep_origins(conn: AsyncConnection, rows: pl.DataFrame) -> None:
    """Note who measured single features: track_id, feature, source, confidence."""
    await insert_frame(
        conn, feature_provenance, rows.sort("track_id", "feature"), skip_existing=True
    )
