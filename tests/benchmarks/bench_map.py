"""How well the parts of a map are those of a taste, and what its picture takes.

`uv run python -m tests.benchmarks.bench_map [--listeners 100] [--tracks 1428] [--markdown FILE]`:
simulated listeners like what is near to one of three hidden points, over the starter catalogue
(or, with `--tracks`, over so many generated ones). First, the adjusted Rand index of the clusters
against the points, beside how many clusters there are; then, what turning a cluster to 2, 0.5 and 0
makes of its share of the first 20; then, the processor time of a picture with all that may be on
it.
"""

import os

os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")

import argparse
import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from bot.core.bench.agreement import adjusted_rand_index
from bot.core.bench.simulated_listeners import World, three_tastes, world_of
from bot.core.catalog import Catalog, build_catalog
from bot.core.ranking import Query, rank
from bot.core.taste import (
    DOWN,
    OFF,
    UP,
    MapCluster,
    Opinion,
    TasteMap,
    TasteProfile,
    Turn,
    build_taste,
    ground_of,
    name_clusters,
    representatives,
    stand,
)
from bot.core.taste.preference import levels_at
from bot.services.catalog.live import LiveCatalog
from bot.services.catalog.starter import load_starter
from bot.store.engine import Database
from bot.ui.map_words import Named
from bot.ui.pictures.map import draw
from tests.benchmarks.catalogs import correlated_tracks
from tests.templates import put_database

LIKES = (10, 20, 40, 80)
DEPTH = 20
PICTURES = 25


async def starter_catalog(folder: Path) -> Catalog:
    async with Database(f"sqlite+aiosqlite:///{folder / 'bside.db'}") as database:
        await load_starter(database)
        return await LiveCatalog(database).get()


def likes_of(world: World, seed: int, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return what a listener likes, ascending, and the point each is near to."""
    rng = np.random.default_rng([7, seed])
    chances, points = three_tastes(world, rng)
    rows = np.sort(rng.choice(len(chances), count, replace=False, p=chances / chances.sum()))
    return rows, points[rows]


def agreement(world: World, listeners: int) -> list[str]:
    lines = ["| likes | adjusted Rand index | standard error | clusters |", "|---|---|---|---|"]
    for count in LIKES:
        found, numbers = [], []
        for seed in range(listeners):
            rows, points = likes_of(world, seed, count)
            labels = build_taste(
                world.catalog, [Opinion(int(row), 1.0) for row in rows]
            ).clusters.labels
            found.append(adjusted_rand_index(labels, points))
            numbers.append(labels.max() + 1)
        error = np.std(found) / np.sqrt(listeners)
        lines.append(f"| {count} | {np.mean(found):.2f} | {error:.2f} | {np.mean(numbers):.1f} |")
    return lines


def turning(world: World, listeners: int) -> list[str]:
    catalog = world.catalog
    shares: dict[float, list[tuple[int, int, int]]] = {UP: [], DOWN: [], OFF: []}
    for seed in range(listeners):
        rows, _ = likes_of(world, seed, 40)
        opinions = [Opinion(int(row), 1.0) for row in rows]
        before = build_taste(catalog, opinions)
        if before.clusters.labels.max() < 1:
            continue
        query = Query(count=DEPTH, obscurity=0, rated=tuple(rows.tolist()), relevance_weight=1.0)
        top = first(catalog, before, query)
        for factor, found in shares.items():
            turn = Turn(int(before.clusters.rows[before.clusters.labels == 0][0]), factor)
            after = first(catalog, build_taste(catalog, opinions, [turn]), query)
            found.append(
                (of_cluster(catalog, before, top), of_cluster(catalog, before, after),
                 5 - len(set(top[:5].tolist()) & set(after[:5].tolist())))
            )  # fmt: skip
    lines = [
        f"| turned to | its share of the first {DEPTH}: before | after | of 5 picks change |",
        "|---|---|---|---|",
    ]
    for factor, found in shares.items():
        old, new, changed = np.mean(found, axis=0)
        lines.append(f"| ×{factor:g} | {old / DEPTH:.2f} | {new / DEPTH:.2f} | {changed:.1f} |")
    return lines


def first(catalog: Catalog, taste: TasteProfile, query: Query) -> NDArray[np.int64]:
    return np.array([pick.row for pick in rank(catalog, taste, query).picks], np.int64)


def of_cluster(catalog: Catalog, taste: TasteProfile, rows: NDArray[np.int64]) -> int:
    """Return how many of some tracks are nearest to the first cluster of a taste."""
    curves = taste.preference
    scores = curves.offsets + levels_at(catalog, rows) @ curves.linear.T
    return int((scores.argmax(axis=1) == 0).sum())


def pictures(world: World) -> list[str]:
    catalog = world.catalog
    rows, _ = likes_of(world, 1, 80)
    said = [Opinion(int(row), 1.0) for row in rows] + [Opinion(row, -1.0) for row in range(30)]
    taste = build_taste(catalog, said)
    ground = ground_of(catalog)
    assert ground is not None
    artists = [["Joseph G. Toscano (Zhaytee)", "Low"]] * len(taste.clusters.factors)
    clusters = tuple(
        MapCluster(row, name, None, ("Joseph G. Toscano (Zhaytee)", "Low"), 1.0, 20)
        for row, name in zip(
            representatives(catalog, taste.clusters).tolist(),
            name_clusters(catalog, taste.clusters, artists),
            strict=True,
        )
    )
    friends = [Named("A friend with quite a long name", (one / 4, one / 5)) for one in range(-3, 3)]
    took: dict[str, list[float]] = {"place": [], "draw": []}
    for _ in range(PICTURES):
        start = time.process_time()
        shown = TasteMap(
            ground, stand(catalog, ground, taste), clusters,
            ground.places_of(catalog, np.arange(8)), tracks=len(catalog),
        )  # fmt: skip
        middle = time.process_time()
        draw(shown, listener="Ann", friends=friends)
        took["place"].append(middle - start)
        took["draw"].append(time.process_time() - middle)
    start = time.process_time()
    ground_of(catalog)
    once = time.process_time() - start
    lines = ["| what | processor time, ms (least, median) |", "|---|---|"]
    for what, each in took.items():
        warm = np.array(each[1:]) * 1000
        lines.append(f"| {what} | {warm.min():.0f}, {np.median(warm):.0f} |")
    return [*lines, f"| axes, once per version of the catalogue | {once * 1000:.0f} |"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--listeners", type=int, default=100)
    parser.add_argument("--tracks", type=int)
    parser.add_argument("--markdown", type=Path)
    given = parser.parse_args()
    if given.tracks:
        catalog = build_catalog(correlated_tracks(given.tracks), version=1)
    else:
        with TemporaryDirectory() as folder:
            put_database(Path(folder) / "bside.db")
            catalog = asyncio.run(starter_catalog(Path(folder)))
    world = world_of(catalog, seed=1)
    tables = (agreement(world, given.listeners), turning(world, given.listeners), pictures(world))
    text = "\n\n".join("\n".join(lines) for lines in tables)
    print(text)
    if given.markdown:
        given.markdown.write_text(f"{text}\n")


if __name__ == "__main__":
    main()
