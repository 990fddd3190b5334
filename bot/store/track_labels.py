"""Who released tracks, by source."""

from collections.abc import Sequence
from typing import Final

import polars as pl
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.models import ReleasedBy
from bot.store.dialect import listed
from bot.store.frames import insert_frame, read_frame
from bot.store.tables import track_labels

LABELS: Final = {
    "track_id": pl.Int64, "source": pl.String, "independent": pl.Boolean, "label": pl.String,
}  # fmt: skip
"""The columns of statements."""


async def keep(conn: AsyncConnection, told: pl.DataFrame, *, first_new: int) -> set[int]:
    """Keep what sources say; return the known tracks of which something new was said.

    Of two statements of one source a label counts more than a self-release, and a named label more
    than one without a name.

    Args:
        conn: in a transaction that writes.
        told: as `LABELS` has it.
        first_new: tracks from this one on have no statements yet.
    """
    if told.is_empty():
        return set()
    offered = _first(told)
    known = offered.filter(pl.col("track_id") < first_new)["track_id"].unique().to_list()
    if not known:
        await insert_frame(conn, track_labels, offered)
        return set()
    query = select(*(track_labels.c[name] for name in LABELS)).where(
        track_labels.c.track_id.in_(listed(conn, known))
    )
    stored = await read_frame(conn, query, LABELS)
    best = _first(pl.concat([stored, offered]))
    better = best.join(stored, on=list(LABELS), how="anti", nulls_equal=True)
    changed = better.filter(pl.col("track_id") < first_new)["track_id"].unique().to_list()
    for (source,), rows in stored.join(better, on=["track_id", "source"], how="semi").group_by(
        "source"
    ):
        await conn.execute(
            delete(track_labels).where(
                track_labels.c.source == source,
                track_labels.c.track_id.in_(listed(conn, rows["track_id"].to_list())),
            )
        )
    await insert_frame(conn, track_labels, better.sort("track_id", "source"))
    return set(changed)


def _first(told: pl.DataFrame) -> pl.DataFrame:
    """Return one statement for each track and source: the one that counts more, else the first."""
    ranked = told.select(*LABELS).sort(
        "track_id", "source", "independent", pl.col("label").is_null(), maintain_order=True
    )
    return ranked.unique(["track_id", "source"], keep="first", maintain_order=True)


async def of_track(conn: AsyncConnection, track_id: int) -> tuple[ReleasedBy, ...]:
    """Return what sources say of a track: labels first, then by the name of the source."""
    query = (
        select(track_labels.c.source, track_labels.c.independent, track_labels.c.label)
        .where(track_labels.c.track_id == track_id)
        .order_by(track_labels.c.independent, track_labels.c.source)
    )
    return tuple(ReleasedBy(*row) for row in await conn.execute(query))


def frame_of(told: Sequence[tuple[int, ReleasedBy]]) -> pl.DataFrame:
    """Return statements about tracks as `LABELS` has them."""
    rows = [(track_id, one.source, one.independent, one.label) for track_id, one in told]
    return pl.DataFrame(rows, schema=LABELS, orient="row")
