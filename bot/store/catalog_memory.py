"""Looks up many ids and recordings in the catalogue at once.

While a small catalogue is being filled, the answer comes from memory: its indexes are taken away
meanwhile, because building them once at the end is much faster than keeping them up to date.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import polars as pl
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.dialect import listed
from bot.store.tables import external_ids, tracks

_ID_SCHEMA: Final = {
    "namespace": pl.String,
    "value": pl.String,
    "track_id": pl.Int64,
    "duration_ms": pl.Int32,
}
_LEADER_SCHEMA: Final = {"recording_key": pl.String, "track_id": pl.Int64, "duration_ms": pl.Int32}


@dataclass(frozen=True, slots=True)
class Found:
    """What is known about the ids and keys that were asked for."""

    ids: pl.DataFrame
    """namespace, value, track_id, duration_ms."""
    leaders: pl.DataFrame
    """recording_key, track_id, duration_ms: in the order of the tracks' ids."""


async def look_up(
    conn: AsyncConnection, ids: dict[str, Sequence[str]], recording_keys: Sequence[str]
) -> Found:
    """Ask the database.

    Args:
        ids: namespace → values.
        recording_keys: each at most once.
    """
    frames = [pl.DataFrame(schema=_ID_SCHEMA)]
    for namespace, values in ids.items():
        if values:
            query = (
                select(external_ids.c.value, tracks.c.id, tracks.c.duration_ms)
                .join(tracks)
                .where(external_ids.c.namespace == namespace)
                .where(external_ids.c.value.in_(listed(conn, values)))
            )
            rows = [(namespace, *row) for row in await conn.execute(query)]
            frames.append(pl.DataFrame(rows, schema=_ID_SCHEMA, orient="row"))
    leaders: list[tuple[object, ...]] = []
    if recording_keys:
        asked = (
            select(tracks.c.recording_key, tracks.c.id, tracks.c.duration_ms)
            .where(tracks.c.recording_key.in_(listed(conn, recording_keys)))
            .order_by(tracks.c.id)
        )
        leaders = [tuple(row) for row in await conn.execute(asked)]
    return Found(pl.concat(frames), pl.DataFrame(leaders, schema=_LEADER_SCHEMA, orient="row"))


class FillingMemory:
    """Remembers what is in a catalogue (some 100 bytes per track)."""

    def __init__(self, ids: pl.DataFrame, leaders: pl.DataFrame) -> None:
        self._ids = ids
        self._leaders = leaders
        self._learned: dict[int, int] = {}

    @classmethod
    async def load(cls, conn: AsyncConnection) -> Self:
        """Read what is there already."""
        named = select(external_ids.c.namespace, external_ids.c.value, external_ids.c.track_id)
        known = select(tracks.c.recording_key, tracks.c.id, tracks.c.duration_ms).order_by(
            tracks.c.id
        )
        schema = {name: _ID_SCHEMA[name] for name in ("namespace", "value", "track_id")}
        ids = [tuple(row) for row in await conn.execute(named)]
        leaders = [tuple(row) for row in await conn.execute(known)]
        return cls(
            pl.DataFrame(ids, schema=schema, orient="row"),
            pl.DataFrame(leaders, schema=_LEADER_SCHEMA, orient="row"),
        )

    def add(self, ids: pl.DataFrame, leaders: pl.DataFrame) -> None:
        """Remember new ids (namespace, value, track_id) and new tracks (as in `Found.leaders`)."""
        self._ids = pl.concat([self._ids, ids.select(self._ids.columns)])
        self._leaders = pl.concat([self._leaders, leaders.select(self._leaders.columns)])

    def learn_durations(self, durations: dict[int, int]) -> None:
        """Remember durations of tracks that had none."""
        self._learned.update(durations)

    def look_up(self, ids: dict[str, Sequence[str]], recording_keys: Sequence[str]) -> Found:
        """Answer as `look_up` does from the database."""
        asked = pl.concat(
            [pl.DataFrame(schema={"namespace": pl.String, "value": pl.String})]
            + [
                pl.DataFrame({"value": pl.Series(values, dtype=pl.String)}).select(
                    pl.lit(namespace).alias("namespace"), "value"
                )
                for namespace, values in ids.items()
            ]
        )
        durations = self._leaders.select("track_id", "duration_ms")
        found = self._ids.join(asked, on=["namespace", "value"], how="semi")
        found = found.join(durations, on="track_id", how="left")
        keys = pl.DataFrame({"recording_key": pl.Series(recording_keys, dtype=pl.String)})
        leaders = self._leaders.join(keys, on="recording_key", how="semi", maintain_order="left")
        return Found(self._with_learned(found), self._with_learned(leaders))

    def _with_learned(self, frame: pl.DataFrame) -> pl.DataFrame:
        if not self._learned or frame.is_empty():
            return frame
        learned = pl.DataFrame(
            {"track_id": list(self._learned), "learned": list(self._learned.values())},
            schema={"track_id": pl.Int64, "learned": pl.Int32},
        )
        joined = frame.join(learned, on="track_id", how="left", maintain_order="left")
        return joined.with_columns(pl.coalesce("duration_ms", "learned").alias("duration_ms")).drop(
            "learned"
        )
