"""How fast the ranking is beside other ways to find the best 20 of a million tracks.

`uv run --group bench python -m tests.benchmarks.bench_ranking [--tracks 1000000] [--listeners 12]
[--sections audio full batch memory start] [--markdown FILE]`: everything runs on one thread, all
ways in one run and in an order that changes from listener to listener; a ratio is the median over
the listeners of the times of the two ways for the same listener. The catalogue is generated. Of
ten million tracks, ask for `--sections full memory start`, or for `audio` alone.

The other ways get the whole score as one product per cluster of a taste: every track as its own
and its artist's levels, their squares, what the penalty takes and, in the full space, its place
in the scene. What they do not do is leave out what is rated, cap songs and artists, keep the
promise of the dial and explain: `rank` does.
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS"), "1")

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeAlias

import faiss
import numpy as np
import pandas as pd
import polars as pl
from numpy.typing import NDArray
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import NearestNeighbors

from bot.core.catalog.building import build_catalog
from bot.core.catalog.space import FEATURES, Catalog
from bot.core.catalog.weights import PLAIN
from bot.core.ranking.obscurity import counting_fame, fame_penalty
from bot.core.ranking.query import Mood, Query
from bot.core.ranking.ranking import rank, rank_all
from bot.core.ranking.scorer import Scorer
from bot.core.ranking.search import Search, scan
from bot.core.scene.scene import with_scene
from bot.core.taste.preference import levels_at
from bot.store import snapshot
from tests.benchmarks.catalogs import Listener, correlated_tracks, generated_scene, listeners

K = 20
OBSCURITY = 70
BATCH = 64
NARROW = {"mood": Mood.CALM, "years": (1990, 2015), "new_artists": True}

Way: TypeAlias = Callable[[Listener], object]
Table: TypeAlias = list[tuple[str, ...]]
Groups: TypeAlias = dict[str, list[Listener]]


def interleaved(ways: Mapping[str, Way], people: Sequence[Listener]) -> dict[str, NDArray[Any]]:
    """Return the seconds of every way for every listener, after a first round that warms up."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for number, listener in enumerate([people[0], *people]):
        for name in np.random.default_rng(number).permutation(list(ways)):
            start = time.perf_counter()
            ways[name](listener)
            if number:
                seconds[name].append(time.perf_counter() - start)
    return {name: np.array(values) for name, values in seconds.items()}


def lines(seconds: Mapping[str, NDArray[Any]], base: str) -> Table:
    return [
        (
            name,
            f"{1000 * np.median(values):.1f}",
            f"{1000 * np.percentile(values, 95):.1f}",
            f"{np.median(values / seconds[base]):.2f}",
        )
        for name, values in seconds.items()
    ]


HEADER = ("", "median ms", "95 % ms", "÷ FAISS")
OURS = "B-Side, rank"
FLAT = "FAISS IndexFlatIP"


def augmented(catalog: Catalog, obscurity: int) -> NDArray[np.float32]:
    """Return every track as a row, the product of which with `asked` is its score."""
    levels = 2 * len(FEATURES)
    width = 2 * levels + 1 + catalog.scene.shape[1]
    vectors = np.empty((len(catalog), width), np.float32)
    for start in range(0, len(catalog), 100_000):
        rows = slice(start, start + 100_000)
        own = levels_at(catalog, np.arange(len(catalog))[rows])
        vectors[rows, :levels] = own
        vectors[rows, levels : 2 * levels] = own**2
        cuts = Query(obscurity=obscurity).admitted_cuts
        fame = counting_fame(catalog, np.arange(len(catalog))[rows], cuts)
        vectors[rows, 2 * levels] = fame_penalty(fame, obscurity)
        vectors[rows, 2 * levels + 1 :] = catalog.scene[rows]
    return vectors


def asked(listener: Listener) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return cluster × factor, and what is added to the products of each cluster."""
    taste = listener[0]
    clusters = len(taste.preference.offsets)
    rest = np.concatenate([taste.preference.square, [1.0], PLAIN.company * taste.scene])
    whole = np.hstack([taste.preference.linear, np.tile(rest, (clusters, 1))])
    return whole.astype(np.float32), taste.preference.offsets.astype(np.float32)


def merged(
    scores: NDArray[np.floating], rows: NDArray[np.integer], listener: Listener
) -> NDArray[np.int64]:
    """Return the best rows of the best of each cluster."""
    whole = (scores + asked(listener)[1][:, None]).ravel()
    order = np.argsort(-whole, kind="stable")
    found = rows.ravel()[order]
    best: NDArray[np.int64] = found[np.sort(np.unique(found, return_index=True)[1])][:K]
    return best


def by_rank(catalog: Catalog, listener: Listener, **wish: Any) -> NDArray[np.int64]:
    taste, rated = listener
    query = Query(**{"count": K, "rated": rated, "affinity": 0, **wish})
    return np.array([pick.row for pick in rank(catalog, taste, query).picks])


def by_faiss(index: Any, listener: Listener) -> NDArray[np.int64]:
    scores, rows = index.search(asked(listener)[0], K)
    return merged(scores, rows, listener)


def found_by_scan(catalog: Catalog, listener: Listener, obscurity: int) -> NDArray[np.int64]:
    scorer = Scorer.of(catalog, listener[0], obscurity=obscurity, affinity=0)
    search = Search(catalog, scorer, [], count=K, per_artist=None)
    scan(catalog, [search])
    return search.candidates()


def flat_index(vectors: NDArray[np.float32]) -> Any:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return index


def check(catalog: Catalog, index: Any, people: Sequence[Listener], obscurity: int) -> None:
    """Make sure that both find the same."""
    for listener in people[:5]:
        scorer = Scorer.of(catalog, listener[0], obscurity=obscurity, affinity=0)
        theirs = np.sort(scorer.scores(by_faiss(index, listener)))
        ours = np.sort(scorer.scores(found_by_scan(catalog, listener, obscurity)))[-K:]
        assert np.allclose(theirs, ours, atol=1e-4), "the scan and FAISS found different tracks"


def other_ways(vectors: NDArray[np.float32]) -> dict[str, Way]:
    brute = NearestNeighbors(n_neighbors=K, algorithm="brute", metric="cosine").fit(vectors)
    names = [f"axis {place}" for place in range(vectors.shape[1])]
    polars, pandas = pl.DataFrame(vectors, names), pd.DataFrame(vectors, columns=names)

    def by_polars(listener: Listener) -> object:
        clusters = [
            pl.sum_horizontal(
                pl.col(name) * float(factor) for name, factor in zip(names, factors, strict=True)
            )
            + float(offset)
            for factors, offset in zip(*asked(listener), strict=True)
        ]
        score = pl.max_horizontal(clusters)
        return polars.lazy().select(score=score).with_row_index().top_k(K, by="score").collect()

    def by_pandas(listener: Listener) -> object:
        scores = cosine_similarity(asked(listener)[0], pandas).max(axis=0)
        return pd.Series(scores, pandas.index).sort_values(ascending=False).head(K)

    return {
        "polars": by_polars,
        "scikit-learn brute, cosine": lambda one: brute.kneighbors(asked(one)[0]),
        "pandas, cosine_similarity, sort": by_pandas,
    }


def compared(catalog: Catalog, groups: Groups, others: bool) -> str:
    """Return a table per group of listeners: at the dial's default, and at 0."""
    vectors = augmented(catalog, OBSCURITY)
    index, plain = flat_index(vectors), flat_index(augmented(catalog, 0))
    name = f"{FLAT}, {vectors.shape[1]} wide"
    tables = []
    for title, people in groups.items():
        check(catalog, index, people, OBSCURITY)
        check(catalog, plain, people, 0)
        ways: dict[str, Way] = {
            f"{OURS} at obscurity {OBSCURITY}": lambda one: by_rank(
                catalog, one, obscurity=OBSCURITY
            ),
            f"{OURS} at obscurity 0": lambda one: by_rank(catalog, one),
            f"{OURS} + mood, years, new artists": lambda one: by_rank(
                catalog, one, obscurity=OBSCURITY, **NARROW
            ),
            f"{OURS} + one genre": lambda one: by_rank(
                catalog, one, obscurity=OBSCURITY, genres=(3,)
            ),
            name: lambda one: by_faiss(index, one),
        }
        ways |= other_ways(vectors) if others else {}
        tables.append(markdown(title, HEADER, lines(interleaved(ways, people), name)))
    return "\n".join(tables)


def batches(catalog: Catalog, people: Sequence[Listener]) -> Table:
    wanted = [
        (taste, Query(count=K, rated=rated, obscurity=OBSCURITY, affinity=0))
        for taste, rated in people
    ]
    index = flat_index(augmented(catalog, OBSCURITY))
    many = np.concatenate([asked(listener)[0] for listener in people])
    name = f"{FLAT}, {many.shape[1]} wide"
    ways: dict[str, Way] = {
        "B-Side, rank_all": lambda _: rank_all(catalog, wanted),
        "B-Side, rank one by one": lambda _: [rank(catalog, *one) for one in wanted],
        name: lambda _: index.search(many, K),
    }
    return lines(interleaved(ways, [people[0]] * 5), name)


def memory(catalog: Catalog, folder: Path) -> Table:
    sizes = {
        one.name: getattr(catalog, one.name).nbytes
        for one in fields(Catalog)
        if isinstance(getattr(catalog, one.name), np.ndarray)
    }
    snapshot.save(folder, catalog)
    command = [sys.executable, "-m", __spec__.name, "--grown", str(folder)]
    grown = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    return [
        ("all arrays", f"{sum(sizes.values()) / 1e6:.0f}"),
        ("resident after 20 queries on a mapped snapshot", grown),
        *((f"of these {name}", f"{size / 1e6:.0f}") for name, size in largest(sizes)),
    ]


def largest(sizes: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(sizes.items(), key=lambda pair: -pair[1])[:6]


def resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def print_growth(folder: Path) -> None:
    before = resident_mb()
    catalog = snapshot.load(folder)
    assert catalog is not None
    for taste, rated in listeners(catalog, 20, corners=1, dislikes=0):
        rank(catalog, taste, Query(count=K, rated=rated, obscurity=OBSCURITY))
    print(f"{resident_mb() - before:.0f}")


def starting(catalog: Catalog, folder: Path) -> Table:
    def milliseconds(work: Callable[[], object]) -> str:
        start = time.perf_counter()
        work()
        return f"{1000 * (time.perf_counter() - start):,.0f}"

    return [
        ("write the snapshot", milliseconds(lambda: snapshot.save(folder, catalog))),
        ("start from the snapshot", milliseconds(lambda: snapshot.load(folder))),
    ]


def markdown(title: str, header: Sequence[str], table: Table) -> str:
    rows = [header, ["-", *("-:" for _ in header[1:])], *table]
    return "\n".join([f"**{title}**", "", *(f"| {' | '.join(row)} |" for row in rows), ""])


SECTIONS = ("audio", "full", "batch", "memory", "start")


def grouped(catalog: Catalog, count: int, title: str) -> Groups:
    """Return listeners of all kinds, each kind under what its table is called."""
    kinds = {"one cluster": 1, "two or three clusters": 3}
    said = {"likes": 0, "likes and dislikes": 10}
    return {
        f"{title}: {clusters}, {what}": listeners(
            catalog, count, corners=corners, dislikes=dislikes
        )
        for clusters, corners in kinds.items()
        for what, dislikes in said.items()
    }


def report(size: int, people: int, wanted: Sequence[str]) -> str:
    start = time.perf_counter()
    plain = build_catalog(correlated_tracks(size), version=1)
    built = time.perf_counter()
    catalog = with_scene(plain, generated_scene(plain), version="generated")
    took = [
        ("generate and build", f"{1000 * (built - start):,.0f}"),
        ("generate a scene and put it in", f"{1000 * (time.perf_counter() - built):,.0f}"),
    ]
    title = f"Best {K} of {size:,} tracks"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sections: dict[str, Callable[[], str]] = {
            "audio": lambda: compared(
                plain, grouped(plain, people, f"{title}, audio and artist"), others=True
            ),
            "full": lambda: compared(
                catalog, grouped(catalog, people, f"{title}, with a scene"), others=False
            ),
            "batch": lambda: "\n".join(
                markdown(
                    f"{title} for {BATCH} listeners at once, {space}",
                    HEADER,
                    batches(one, listeners(one, BATCH, corners=1, dislikes=0)),
                )
                for one, space in ((plain, "audio and artist"), (catalog, "with a scene"))
            ),
            "memory": lambda: markdown(
                f"Memory of {size:,} tracks with a scene", ("", "MB"), memory(catalog, folder)
            ),
            "start": lambda: markdown(
                f"Start with {size:,} tracks", ("", "ms"), [*took, *starting(catalog, folder)]
            ),
        }
        return "\n".join(sections[one]() for one in wanted)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=1_000_000)
    parser.add_argument("--listeners", type=int, default=12)
    parser.add_argument("--sections", nargs="+", choices=SECTIONS, default=SECTIONS)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--grown", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    faiss.omp_set_num_threads(1)
    if arguments.grown:
        print_growth(arguments.grown)
        sys.exit()
    text = report(arguments.tracks, arguments.listeners, arguments.sections)
    print(text)
    if arguments.markdown:
        arguments.markdown.write_text(text, encoding="utf-8")
