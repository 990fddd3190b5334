"""Catalogues for tests and benchmarks, written by hand or generated."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.building import build_catalog
from bot.core.catalog.space import MEASURES, Catalog, RawTracks


def raw_tracks(
    size: int,
    *,
    first_id: int = 1,
    measures: Mapping[str, Sequence[float]] | None = None,
    artists: Sequence[int] | None = None,
    songs: Sequence[int] | None = None,
    years: Sequence[int] | None = None,
    genres: Sequence[Sequence[int]] | None = None,
    popularity: Mapping[str, Sequence[float]] | None = None,
    guests: Sequence[tuple[int, int]] = (),
    collective: Sequence[int] = (),
    sorts: Sequence[int] | None = None,
    independence: Sequence[int] | None = None,
) -> RawTracks:
    """Return raw columns; what is not named is unknown, every track is its own song and artist."""
    ids = np.arange(first_id, first_id + size, dtype=np.int64)
    audio = np.full((size, len(MEASURES)), np.nan)
    for name, values in (measures or {}).items():
        audio[:, MEASURES.index(name)] = values
    lists = genres or [()] * size
    names = tuple(sorted(popularity or {}))
    table = np.array([(popularity or {})[name] for name in names]).reshape(len(names), size)
    sources, rows = np.nonzero(~np.isnan(table))
    keys = np.unique(np.array([one for each in lists for one in each], np.int64))
    return RawTracks(
        track_ids=ids,
        artist_ids=np.array(artists, np.int64) if artists is not None else ids,
        song_ids=np.array(songs, np.int64) if songs is not None else ids * 1_000_003,
        years=np.array(years if years is not None else [0] * size, np.int16),
        audio=audio,
        genre_offsets=np.cumsum([0, *map(len, lists)]).astype(np.int64),
        genre_ids=np.array([one for each in lists for one in each], np.int32),
        popularity_rows=rows.astype(np.int64),
        popularity_sources=sources.astype(np.int64),
        popularity_values=table[sources, rows],
        genre_keys=keys,
        genre_names=tuple(f"genre {key}" for key in keys),
        source_names=names,
        guest_rows=np.array([row for row, _ in guests], np.int64),
        guest_ids=np.array([artist for _, artist in guests], np.int64),
        collective_ids=np.array(collective, np.int64),
        sorts=np.array(sorts if sorts is not None else [0] * size, np.uint8),
        independence=np.array(independence if independence is not None else [0] * size, np.uint8),
    )


def random_tracks(size: int, seed: int = 0, *, first_id: int = 1) -> RawTracks:
    """Return generated tracks: 4 a artist, 5 in 6 keys known, popularity known for 6 in 10."""
    rng = np.random.default_rng(seed)
    scene = rng.normal(size=(size // 4 + 1, len(MEASURES)))
    artists = rng.integers(0, size // 4 + 1, size)
    mixed = 1 / (1 + np.exp(-scene[artists] - rng.normal(size=(size, len(MEASURES)))))
    measures: dict[str, NDArray[np.float64]] = dict(zip(MEASURES, mixed.T.copy(), strict=True))
    measures["loudness"] = -60 * (1 - measures["loudness"])
    measures["tempo"] = 60 + 120 * measures["tempo"]
    measures["key"] = np.where(rng.random(size) < 1 / 6, np.nan, rng.integers(0, 12, size))
    measures["mode"] = np.round(measures["mode"])
    popularity = np.where(rng.random(size) < 0.4, np.nan, rng.integers(0, 101, size))
    return raw_tracks(
        size,
        first_id=first_id,
        measures={name: values.tolist() for name, values in measures.items()},
        artists=(artists + 1).tolist(),
        songs=rng.integers(1, max(2, int(size * 0.85)), size).tolist(),
        years=np.where(rng.random(size) < 0.2, 0, rng.integers(1950, 2026, size)).tolist(),
        genres=[(int(one),) if one else () for one in rng.integers(0, 30, size)],
        popularity={"spotify": popularity.tolist()},
    )


def part(raw: RawTracks, rows: NDArray[np.int64]) -> RawTracks:
    """Cut some ascending rows out of raw columns."""
    lists = [raw.genre_ids[raw.genre_offsets[r] : raw.genre_offsets[r + 1]] for r in rows]
    chosen = np.isin(raw.popularity_rows, rows)
    guests = np.isin(raw.guest_rows, rows)
    return replace(
        raw,
        track_ids=raw.track_ids[rows],
        artist_ids=raw.artist_ids[rows],
        song_ids=raw.song_ids[rows],
        years=raw.years[rows],
        audio=raw.audio[rows],
        genre_offsets=np.cumsum([0, *map(len, lists)]),
        genre_ids=np.concatenate([*lists, np.empty(0, np.int32)]).astype(np.int32),
        popularity_rows=np.searchsorted(rows, raw.popularity_rows[chosen]),
        popularity_sources=raw.popularity_sources[chosen],
        popularity_values=raw.popularity_values[chosen],
        guest_rows=np.searchsorted(rows, raw.guest_rows[guests]),
        guest_ids=raw.guest_ids[guests],
        sorts=raw.sorts[rows],
        independence=raw.independence[rows],
    )


def catalog_of(raw: RawTracks) -> Catalog:
    """Build version 1 of a catalogue."""
    return build_catalog(raw, version=1)


CALM, LOUD = range(12), range(12, 24)
"""Rows of `two_sounds`."""


def two_sounds() -> Catalog:
    """Return 60 tracks: 12 calm ones, 12 loud ones and others between; each has its own artist."""
    between = [0.3 + row / 100 for row in range(36)]
    loudness = [-30.0] * 12 + [-4.0] * 12 + [-20.0 + row / 4 for row in range(36)]
    return catalog_of(
        raw_tracks(60, measures={"energy": [0.1] * 12 + [0.9] * 12 + between, "loudness": loudness})
    )
