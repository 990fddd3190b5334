"""How much better the DJ order is than chance, and how long it takes.

`uv run python -m tests.benchmarks.bench_sequencing [--lists 40]`: lists of real tracks where the
real tables are here, else of generated ones. Costs are medians over the lists, in one run; that of
chance is the mean of 20 random orders of the same list.
"""

import argparse
import time

import numpy as np

from bot.core.catalog.space import MEASURES, RawTracks
from bot.core.lists.sequencing import dj_order
from bot.core.models import AudioFeatures
from tests.orders import order_cost
from tests.real_data import PRESENT, real_tracks
from tests.spaces import random_tracks

SIZES = (8, 21, 50, 100, 200)


def features(raw: RawTracks, row: int) -> AudioFeatures:
    measured = dict(zip(MEASURES, raw.audio[row].tolist(), strict=True))
    known = {name: value for name, value in measured.items() if not np.isnan(value)}
    key, mode = (int(known.pop(name)) if name in known else None for name in ("key", "mode"))
    return AudioFeatures(key=key, mode=mode, **known)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=int, default=40)
    lists = parser.parse_args().lists
    raw = real_tracks() if PRESENT else random_tracks(20_000)
    rng = np.random.default_rng(1)
    print(f"{'real' if PRESENT else 'generated'} tracks, {lists} lists each")
    print("tracks    cost   as given   by chance   median ms   longest ms")
    for size in SIZES:
        rows = []
        for _ in range(lists):
            chosen = rng.choice(len(raw.track_ids), size, replace=False).tolist()
            tracks = [features(raw, row) for row in chosen]
            start = time.perf_counter()
            order = dj_order(tracks)
            seconds = time.perf_counter() - start
            chance = [order_cost(tracks, rng.permutation(size).tolist()) for _ in range(20)]
            given = order_cost(tracks, range(size))
            rows.append((order_cost(tracks, order), given, np.mean(chance), 1000 * seconds))
        cost, given, chance_cost, ms = np.median(np.array(rows), axis=0)
        worst = max(row[3] for row in rows)
        print(f"{size:6} {cost:7.0f} {given:10.0f} {chance_cost:11.0f} {ms:11.1f} {worst:12.1f}")


if __name__ == "__main__":
    main()
