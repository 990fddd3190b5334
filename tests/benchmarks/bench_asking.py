"""Measure wishes in words on a large generated catalogue.

`python -m tests.benchmarks.bench_asking --tracks 300000`
"""

import argparse
import random
import resource
import time
from collections.abc import Callable, Iterator
from statistics import median

import numpy as np

from bot.core.asking import GenreNames, Reader, TitleWords, TitleWordsBuilder
from bot.core.catalog import Catalog, build_catalog
from bot.core.ranking import Asked, Bound, Lift, Query, rank
from bot.core.taste import Opinion, build_taste
from tests.benchmarks.bench_search import COMMON, SYLLABLES
from tests.benchmarks.catalogs import correlated_tracks
from tests.core.asking.slots import written

PIECE = 1000
REPEATED = 30


def titles(count: int) -> Iterator[list[tuple[int, str]]]:
    """Yield titles as the database hands them out: a few common words, many rare ones."""
    rng = random.Random(5)
    rare = ["".join(rng.choices(SYLLABLES, k=3)) for _ in range(60_000)]
    for start in range(1, count + 1, PIECE):
        yield [
            (number, " ".join(rng.choices(COMMON, k=2) + rng.choices(rare, k=rng.randint(1, 3))))
            for number in range(start, min(start + PIECE, count + 1))
        ]


def peak_mb() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(what: str, function: Callable[[], object]) -> None:
    """Print how long something takes, the median of some runs."""
    times = []
    for _ in range(REPEATED):
        start = time.perf_counter()
        function()
        times.append(time.perf_counter() - start)
    print(f"{what}: {1000 * median(times):.1f} ms")


def build(count: int) -> TitleWords:
    """Index the titles, and tell what that takes."""
    pieces = list(titles(count))
    before, longest = peak_mb(), 0.0
    builder, start = TitleWordsBuilder(), time.perf_counter()
    for piece in pieces:
        began = time.perf_counter()
        builder.add(piece)
        longest = max(longest, time.perf_counter() - began)
    index = builder.finish()
    took = time.perf_counter() - start
    print(f"indexing {count:,} titles: {took:.2f} s, {peak_mb() - before:.0f} MB more at the peak")
    print(f"the longest piece of it: {1000 * longest:.1f} ms")
    return index


def measure(catalog: Catalog, index: TitleWords) -> None:
    """Read wishes, match words, and rank with a lift and without."""
    keys = catalog.genre_keys.tolist()
    reader = Reader(GenreNames(dict(zip(keys, catalog.genre_names, strict=True))))
    wishes = [one.text for one in written("tuning.txt")]
    start = time.perf_counter()
    for one in wishes:
        reader.read(one, this_year=2026)
    print(f"reading a wish: {1000 * (time.perf_counter() - start) / len(wishes):.1f} ms")
    timed("matching three words, one common", lambda: index.lift(catalog, RARE, 1.0))
    taste = build_taste(catalog, [Opinion(row, 1.0) for row in range(100, 200, 7)])
    asked = Asked(bounds=(Bound("tempo", None, 120.0), Bound("loudness", -14.0, None)))
    lift = index.lift(catalog, RARE, 1.0)

    def ranked(bounds: tuple[Bound, ...], lift: Lift) -> None:
        rank(catalog, taste, Query(count=5, obscurity=70, bounds=bounds, lift=lift))

    nothing = Lift(np.empty(0, np.int64), np.empty(0))
    timed("ranking without words", lambda: ranked((), nothing))
    timed("ranking with a lift", lambda: ranked((), lift))
    timed("ranking with a lift, a tempo and a loudness", lambda: ranked(asked.bounds, lift))


RARE = ("night", "badila", "rosuta")


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=300_000)
    count = parser.parse_args().tracks
    index = build(count)
    measure(build_catalog(correlated_tracks(count), version=1), index)


if __name__ == "__main__":
    main()
