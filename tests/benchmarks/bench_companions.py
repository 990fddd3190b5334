"""How often companions really share playlists with the artist's tracks.

`uv run python -m tests.benchmarks.bench_companions [--artists 200] [--count 20]`: needs the real
tables. The scene is trained on half of the playlists; the other half judges: of the companions of
one to three tracks of an artist, the share that stands in a list with one of these tracks, and the
share whose artist does. Chance is a random track per artist between the same bounds. Artists are
drawn evenly from those in the judging lists that are not yet among the best known tenth.
"""

import argparse
import time
from collections import defaultdict

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bot.core.catalog.building import build_catalog
from bot.core.catalog.space import Catalog
from bot.core.lists.companions import find_companions
from bot.core.ranking.obscurity import within_reach
from bot.core.scene.scene import train_scene, with_scene
from tests import real_data

WELL_KNOWN = 0.9
WIDE = {"no upper bound": 1.0}


def playlists(catalog: Catalog) -> list[NDArray[np.int64]]:
    table = pl.read_csv(real_data.DATA / "playlists_dev.csv.gz", columns=["list", "song"])
    return [
        catalog.rows_of(np.unique(songs["song"].to_numpy()))
        for _, songs in table.group_by("list", maintain_order=True)
    ]


class Judge:
    """Knows who shares a list with whom."""

    def __init__(self, catalog: Catalog, lists: list[NDArray[np.int64]]) -> None:
        self._catalog, self._lists = catalog, lists
        self._of: dict[int, list[int]] = defaultdict(list)
        for number, rows in enumerate(lists):
            for row in rows.tolist():
                self._of[row].append(number)

    def rows(self) -> NDArray[np.int64]:
        return np.array(sorted(self._of))

    def shares(self, own: NDArray[np.int64], found: NDArray[np.int64]) -> tuple[float, float]:
        there = [self._lists[number] for row in own.tolist() for number in self._of[row]]
        rows = np.unique(np.concatenate(there))
        artists = self._catalog.artist_index
        tracks = np.isin(found, rows).mean()
        return float(tracks), float(np.isin(artists[found], artists[rows]).mean())


def chance(
    catalog: Catalog, own: NDArray[np.int64], low: float, high: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    fame = catalog.fame
    fits = np.flatnonzero((fame > low) & (fame <= high) & catalog.measured)
    fits = fits[~np.isin(catalog.artist_index[fits], catalog.artist_index[own])]
    mixed = rng.permutation(fits)
    return mixed[np.unique(catalog.artist_index[mixed], return_index=True)[1]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--artists", type=int, default=200)
    parser.add_argument("--count", type=int, default=20)
    asked = parser.parse_args()
    rng = np.random.default_rng(4)
    plain = build_catalog(real_data.real_tracks(), version=1)
    lists = playlists(plain)
    order = rng.permutation(len(lists))
    training, judging = ([lists[place] for place in part] for part in np.array_split(order, 2))
    scene = train_scene(plain, training, seed=1)
    catalogs = {
        "sound and artist": plain,
        "with a scene": with_scene(plain, scene, version="bench"),
    }
    judge = Judge(plain, judging)
    fame = plain.artist_fame
    rows = judge.rows()
    rows = rows[fame[plain.artist_index[rows]] < WELL_KNOWN]
    artists = rng.permutation(np.unique(plain.artist_index[rows]))[: asked.artists]
    results: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for artist in artists.tolist():
        own = rng.permutation(rows[plain.artist_index[rows] == artist])[:3]
        low, high = within_reach(float(fame[artist]))
        for name, top in {"within reach": high, **WIDE}.items():
            for title, catalog in catalogs.items():
                start = time.perf_counter()
                found = find_companions(catalog, own.tolist(), asked.count, highest=top)
                ms = 1000 * (time.perf_counter() - start)
                if found and found.companions:
                    chosen = np.array([one.row for one in found.companions])
                    results[f"{name}, {title}"].append((*judge.shares(own, chosen), ms))
            others = chance(plain, own, low, top, rng)
            if len(others):
                some = rng.permutation(others)[: asked.count]
                results[f"{name}, by chance"].append((*judge.shares(own, some), 0.0))
    print(f"{len(artists)} artists, {asked.count} companions")
    print(f"{'':36} track shares a list   artist does   median ms")
    for name, values in results.items():
        table = np.array(values)
        track, artist_share = table[:, :2].mean(axis=0)
        error = table[:, :2].std(axis=0) / np.sqrt(len(table))
        print(
            f"{name:36} {track:8.4f} ± {error[0]:.4f}    {artist_share:.3f} ± {error[1]:.3f}"
            f" {np.median(table[:, 2]):11.1f}"
        )


if __name__ == "__main__":
    main()
