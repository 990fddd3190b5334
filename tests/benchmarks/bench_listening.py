"""Measure what plays add to a few ratings: `python -m tests.benchmarks.bench_listening`.

A real playlist stands for a listener: a few of its tracks were rated 5, most others played (how
often is drawn from a geometric distribution), a quarter of what was played is by chance. How many
of the held-out tracks come back, by how much plays weigh together?
"""

import argparse

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.space import Catalog
from bot.core.ranking.query import Query
from bot.core.ranking.ranking import rank_all
from bot.core.taste.listening import listening_opinions
from bot.core.taste.taste import Opinion, TasteProfile, build_taste
from tests.real_data import Playlist, real_playlists, real_tracks
from tests.spaces import catalog_of

TOP = 100
NOISE = 0.25
TOGETHER = (0.0, 2.0, 5.0, 10.0)
RATINGS = (0, 3, 10)


def taste(
    catalog: Catalog,
    rated: NDArray[np.int64],
    played: NDArray[np.int64],
    plays: NDArray[np.float64],
    together: float,
) -> TasteProfile:
    """Derive a taste from tracks that were loved and tracks that were played."""
    said = [Opinion(int(row), 1.0) for row in rated]
    if not together:
        return build_taste(catalog, said)
    last = np.zeros(len(played), np.int64)
    return build_taste(
        catalog, [*said, *listening_opinions(played, plays, last, together=together)]
    )


def recalls(
    catalog: Catalog, lists: list[Playlist], ratings: int, together: float
) -> NDArray[np.float64]:
    """Return recall@100 per list."""
    wanted = []
    for number, one in enumerate(lists):
        rng = np.random.default_rng(number)
        rated, played = one.seeds[:ratings], one.seeds[ratings:]
        noise = rng.integers(0, len(catalog), int(len(played) * NOISE / (1 - NOISE)))
        heard = np.setdiff1d(np.union1d(played, noise), [*rated, *one.held_out])
        plays = rng.geometric(0.15, len(heard)).astype(np.float64)
        known = [*rated.tolist(), *heard.tolist()]
        query = Query(count=TOP, rated=known, per_artist=None)
        wanted.append((taste(catalog, rated, heard, plays, together), query))
    found = rank_all(catalog, wanted)
    return np.array(
        [
            np.isin(one.held_out, [pick.row for pick in ranking.picks]).mean()
            for one, ranking in zip(lists, found, strict=True)
        ]
    )


def main(count: int) -> None:
    """Print a table: ratings down, weight of the plays across."""
    raw = real_tracks()
    catalog = catalog_of(raw)
    lists = real_playlists(raw.track_ids, count)
    print("ratings \\ together  " + "  ".join(f"{one:>11g}" for one in TOGETHER))
    for ratings in RATINGS:
        cells = []
        for together in TOGETHER:
            if not ratings and not together:
                cells.append(f"{'–':>11}")
                continue
            values = recalls(catalog, lists, ratings, together)
            cells.append(f"{values.mean():.3f} ±{values.std() / len(values) ** 0.5:.3f}")
        print(f"{ratings:>18}  " + "  ".join(cells))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=int, default=100)
    main(parser.parse_args().lists)
