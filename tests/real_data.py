"""The real tables to measure with, as arrays; no part of the project, so they may be absent."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.core.catalog.space import MEASURES, RawTracks

DATA = (Path(__file__).parents[1] / "../shared/data").resolve()
PRESENT = (DATA / "catalog.csv.gz").exists() and (DATA / "playlists_dev.csv.gz").exists()


@dataclass(frozen=True, slots=True, eq=False)
class Playlist:
    """Catalogue rows of a real playlist, one per song."""

    seeds: NDArray[np.int64]
    held_out: NDArray[np.int64]


def real_tracks() -> RawTracks:
    """Return one row per song of the real table: the copy with the highest popularity."""
    songs = (
        pl.read_csv(DATA / "catalog.csv.gz", infer_schema_length=100_000)
        .sort("song", pl.col("popularity"), descending=[False, True], nulls_last=True)
        .unique("song", keep="first", maintain_order=True)
    )
    size = len(songs)
    popularity = _floats(songs["popularity"])
    known = np.flatnonzero(~np.isnan(popularity))
    return RawTracks(
        track_ids=songs["song"].to_numpy().astype(np.int64),
        artist_ids=songs["artist"].rank("dense").to_numpy().astype(np.int64),
        song_ids=songs["song"].to_numpy().astype(np.int64),
        years=np.zeros(size, np.int16),
        audio=np.stack([_floats(songs[name]) for name in MEASURES], axis=1),
        genre_offsets=np.zeros(size + 1, np.int64),
        genre_ids=np.empty(0, np.int32),
        popularity_rows=known,
        popularity_sources=np.zeros(len(known), np.int64),
        popularity_values=popularity[known],
        genre_keys=np.empty(0, np.int64),
        genre_names=(),
        source_names=("table",),
        guest_rows=np.empty(0, np.int64),
        guest_ids=np.empty(0, np.int64),
        collective_ids=np.empty(0, np.int64),
        sorts=np.zeros(size, np.uint8),
        independence=np.zeros(size, np.uint8),
    )


def real_playlists(track_ids: NDArray[np.int64], count: int, *, seed: int = 7) -> list[Playlist]:
    """Return randomly chosen playlists of ten or more songs, each split into 80 % and 20 %.

    Args:
        track_ids: those of `real_tracks`, ascending.
    """
    rng = np.random.default_rng(seed)
    table = pl.read_csv(DATA / "playlists_dev.csv.gz", columns=["list", "song"])
    lists = []
    for _, songs in table.group_by("list", maintain_order=True):
        wanted = np.unique(songs["song"].to_numpy())
        rows = np.minimum(np.searchsorted(track_ids, wanted), len(track_ids) - 1)
        rows = rows[track_ids[rows] == wanted]
        if len(rows) >= 10:
            lists.append(rows)
    chosen = rng.permutation(len(lists))[:count]
    return [_split(rng.permutation(lists[place])) for place in chosen]


def _split(rows: NDArray[np.int64]) -> Playlist:
    cut = len(rows) // 5
    return Playlist(seeds=rows[cut:], held_out=rows[:cut])


def _floats(column: pl.Series) -> NDArray[np.float64]:
    return column.cast(pl.Float64).fill_null(float("nan")).to_numpy()
