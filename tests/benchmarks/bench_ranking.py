"""How fast and how good the ranking is.

`uv run python -m tests.benchmarks.bench_ranking [--lists 300]`: latency of a query at 300,000 and
1,000,000 generated tracks and the start from a snapshot; on the real tables (when they are beside
the repository) the recall of held-out tracks of playlists, over the whole catalogue.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.core.building import build_catalog
from bot.core.filters import Mood, Query
from bot.core.ranking import rank
from bot.core.space import FEATURES, MEASURES, Catalog, RawTracks
from bot.core.taste import Opinion, build_taste
from bot.store import snapshot
from tests.real_data import PRESENT, Playlist, real_playlists, real_tracks
from tests.spaces import random_tracks

QUERIES = {
    "obscurity 0": Query(),
    "obscurity 70": Query(obscurity=70),
    "genre, mood, years, new artists": Query(
        obscurity=70, genres=(3, 4), mood=Mood.CALM, years=(1990, 2010), new_artists=True
    ),
    "nothing found": Query(genres=(99,), obscurity=70),
    "500 without artist cap": Query(count=500, per_artist=None),
}


def milliseconds(work: Callable[[], object], times: int = 15) -> str:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - start))
    return f"{np.median(taken):.1f} (worst {max(taken):.1f})"


def speed(size: int) -> None:
    raw = random_tracks(size, seed=1)
    start = time.perf_counter()
    catalog = build_catalog(raw, version=1)
    print(f"\n{size:,} generated tracks\n  build {time.perf_counter() - start:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        snapshot.save(Path(folder), catalog)
        print(f"  save snapshot {time.perf_counter() - start:.2f} s")
        start = time.perf_counter()
        mapped = snapshot.load(Path(folder))
        print(f"  start from snapshot {1000 * (time.perf_counter() - start):.1f} ms")
        assert mapped is not None
        rated = list(range(0, 60 * 37, 37))
        opinions = [Opinion(row, 1.0 if row % 2 else -0.5) for row in rated]
        print(f"  taste of 60 opinions, ms: {milliseconds(lambda: build_taste(mapped, opinions))}")
        taste = build_taste(mapped, opinions)
        for name, query in QUERIES.items():
            whole = Query(**{f: getattr(query, f) for f in Query.__slots__} | {"rated": rated})
            print(f"  {name}, ms: {milliseconds(lambda q=whole: rank(mapped, taste, q))}")  # type: ignore[misc]


def recall_by_cosine(
    vectors: NDArray[np.float32], playlists: Sequence[Playlist]
) -> list[tuple[float, NDArray[np.int64]]]:
    length = np.maximum(np.linalg.norm(vectors, axis=1), 1e-9)
    unit = vectors / length[:, None]
    found = []
    for playlist in playlists:
        scores = unit @ unit[playlist.seeds].mean(0)
        scores[playlist.seeds] = -9
        top = np.argpartition(-scores, 100)[:100]
        found.append((float(np.isin(playlist.held_out, top).mean()), top))
    return found


def recall_by_rank(
    catalog: Catalog, playlists: Sequence[Playlist], *, affinity: float, obscurity: int
) -> list[tuple[float, NDArray[np.int64]]]:
    found = []
    for playlist in playlists:
        taste = build_taste(catalog, [Opinion(int(row), 1.0) for row in playlist.seeds])
        query = Query(
            count=100,
            obscurity=obscurity,
            rated=playlist.seeds.tolist(),
            per_artist=None,
            affinity=affinity,
        )
        top = np.array([pick.row for pick in rank(catalog, taste, query).picks])
        found.append((float(np.isin(playlist.held_out, top).mean()), top))
    return found


def standardized(raw: RawTracks) -> NDArray[np.float32]:
    audio = raw.audio[:, : MEASURES.index("key")]
    scores: NDArray[np.float64] = (audio - np.nanmean(audio, 0)) / np.nanstd(audio, 0)
    return np.nan_to_num(scores).astype(np.float32)


def quality(lists: int) -> None:
    raw = real_tracks()
    catalog = build_catalog(raw, version=1)
    playlists = real_playlists(catalog.track_ids, lists)
    popularity = np.full(len(catalog), np.nan)
    popularity[raw.popularity_rows] = raw.popularity_values
    ways = {
        "cosine of z-scored audio": recall_by_cosine(standardized(raw), playlists),
        "cosine of rank-Gaussian audio": recall_by_cosine(
            np.ascontiguousarray(catalog.gaussian[:, : FEATURES.index("key_cos")]), playlists
        ),
    }
    for obscurity in (0, 70):
        for name, affinity in (("no affinity", 0.0), ("affinity .05", 0.05), ("batch, .5", 0.5)):
            title = f"audio + artist context, {name}, obscurity {obscurity}"
            ways[title] = recall_by_rank(catalog, playlists, affinity=affinity, obscurity=obscurity)
    print(f"\n{len(catalog):,} real songs, {len(playlists)} playlists, 80/20")
    print("| | recall@100 | ± | median popularity | below the 30th percentile |\n|-|-|-|-|-|")
    for name, found in ways.items():
        recalls = np.array([recall for recall, _ in found])
        picked = np.concatenate([top for _, top in found])
        known = catalog.popularity[picked]
        below = np.mean(known[~np.isnan(known)] <= 0.3)
        error = recalls.std() / np.sqrt(len(recalls))
        print(
            f"| {name} | {recalls.mean():.4f} | {error:.4f} "
            f"| {np.nanmedian(popularity[picked]):.0f} | {below:.0%} |",
            flush=True,
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=int, default=300)
    arguments = parser.parse_args()
    for tracks in (300_000, 1_000_000):
        speed(tracks)
    if PRESENT:
        quality(arguments.lists)
