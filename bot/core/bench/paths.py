"""How smooth paths are, beside simpler ways from one track to another."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog, assumed_popularity
from bot.core.lists import closeness, find_path

HIT: Final = 0.9
"""From this fame on an artist is one to start from."""
UNKNOWN: Final = 0.4
"""Up to this fame an artist is one to end with."""

Way: TypeAlias = Callable[[Catalog, int, int, int, np.random.Generator], tuple[int, ...] | None]


@dataclass(frozen=True, slots=True)
class WayFigures:
    """What one way of going made of all pairs that it found a path for; means of the pairs."""

    found: float
    """The share of pairs that it led somewhere, 0 … 1."""
    tracks: float
    """How many tracks a path has."""
    hop: float
    """How near a track is to the one before, a cosine."""
    worst_hop: float
    """The same of the farthest hop of each path."""
    nearer: float
    """The share of steps that are nearer to the end than the one before."""
    better_known: float
    """The share of steps by somebody better known than the one before."""
    cpu_ms: float
    """Processor time of one path."""


@dataclass(frozen=True, slots=True)
class PathPair:
    """Two tracks, and for each way its path, if there is one, and what it took in seconds."""

    paths: Mapping[str, tuple[tuple[int, ...] | None, float]]


def judged_pairs(catalog: Catalog, *, pairs: int, steps: int, seed: int) -> Iterator[PathPair]:
    """Go every way from a well-known artist's track to one by somebody few know, again and again.

    Raises:
        ValueError: nobody is well known, or nobody little known.
    """
    rng = np.random.default_rng(seed)
    counted = catalog.counted & catalog.measured
    hits = np.flatnonzero(counted & (catalog.fame >= HIT))
    unknown = np.flatnonzero(counted & (catalog.fame <= UNKNOWN))
    if not len(hits) or not len(unknown):
        raise ValueError("no two artists lie far enough apart in fame")
    for _ in range(pairs):
        start, goal = int(rng.choice(hits)), int(rng.choice(unknown))
        paths = {}
        for name, way in WAYS.items():
            begun = time.thread_time()
            rows = way(catalog, start, goal, steps, rng)
            paths[name] = rows, time.thread_time() - begun
        yield PathPair(paths)


def figures_of(catalog: Catalog, pairs: list[PathPair], name: str) -> WayFigures:
    """Return what one of `WAYS` made of some pairs; NaN where it found no path at all."""
    taken = [pair.paths[name] for pair in pairs]
    found = [np.array(rows) for rows, _ in taken if rows is not None]
    measured = np.array([_measured(catalog, rows) for rows in found]).reshape(-1, 5)
    means = measured.mean(axis=0) if found else np.full(5, np.nan)
    tracks, hop, worst, nearer, better = means.tolist()
    seconds = float(np.mean([one for _, one in taken]))
    return WayFigures(len(found) / len(taken), tracks, hop, worst, nearer, better, 1000 * seconds)


def _measured(catalog: Catalog, rows: NDArray[np.int64]) -> tuple[float, ...]:
    """Return `tracks` … `better_known` of one path, in the order of `WayFigures`."""
    near = closeness(catalog, rows, rows)
    hops = np.diagonal(near, 1)
    fame = assumed_popularity(catalog.fame[rows])
    nearer, better = np.diff(near[:, -1]) > 0, np.diff(fame) > 0
    means = (hops.mean(), hops.min(), nearer.mean(), better.mean())
    return (float(len(rows)), *(float(one) for one in means))


def _path(
    catalog: Catalog, start: int, goal: int, steps: int, _rng: np.random.Generator
) -> tuple[int, ...] | None:
    path = find_path(catalog, start, goal, steps)
    return None if path is None else path.rows


def _neighbors(
    catalog: Catalog, start: int, goal: int, steps: int, _rng: np.random.Generator
) -> tuple[int, ...]:
    """Go from each track to its nearest neighbor that is nearer to the end, then jump."""
    every, rows = np.arange(len(catalog)), [start]
    to_goal = closeness(catalog, every, np.array([goal]))[:, 0]
    while len(rows) < steps - 1:
        near = closeness(catalog, every, np.array([rows[-1]]))[:, 0]
        near[to_goal <= to_goal[rows[-1]]] = -np.inf
        near[np.isin(catalog.artist_index, catalog.artist_index[[*rows, goal]])] = -np.inf
        if not np.isfinite(near.max()):
            break
        rows.append(int(near.argmax()))
    return (*rows, goal)


def _random(
    catalog: Catalog, start: int, goal: int, steps: int, rng: np.random.Generator
) -> tuple[int, ...]:
    between = rng.choice(np.flatnonzero(catalog.measured), steps - 2, replace=False)
    return (start, *between.tolist(), goal)


WAYS: Final[Mapping[str, Way]] = {
    "path": _path,
    "nearest neighbors, then a jump": _neighbors,
    "any tracks": _random,
}
