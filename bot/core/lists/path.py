"""A path from one track to another: each step a little nearer to the end, and no better known.

The tracks that stand between two ends form layers, one per step: those nearest to the point at that
share of the great circle between the ends (spherical interpolation, Shoemake 1985), in the space
of sound and, where there is one, of the scene. A step leads from a track to any of the next layer
that is nearer to the end. Of all paths through the layers, dynamic programming takes the one whose
hops are shortest together, in squares, so that no hop is long (Viterbi 1967).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import NEUTRAL_POPULARITY, Catalog
from bot.core.lists.nearness import closeness, placed

FEWEST_STEPS: Final = 4
MOST_STEPS: Final = 12
"""Tracks of a path, both ends counted."""
MOST_OTHERS: Final = 20
"""So many other paths between two ends are looked for."""

_LAYER: Final = 300
"""So many tracks of a layer are looked at."""
_LEVEL: Final = 0.08
"""Ends whose fame differs by no more are about as well known."""
_FAME_WEIGHT: Final = 0.5
"""What a track costs whose fame is off the straight way by 1, in squares."""


class Course(StrEnum):
    """Where a path leads, by how well known its artists are."""

    DOWN = "down"
    """To the lesser known: no step is better known than the one before."""
    UP = "up"
    """The other way round."""
    LEVEL = "level"
    """Both ends are about as well known, and no step leaves that level."""


@dataclass(frozen=True, slots=True)
class Path:
    """The tracks from one end to the other."""

    rows: tuple[int, ...]
    closeness: tuple[float, ...]
    """How near each track is to the last one: cosines, rising to 1."""
    hops: tuple[float, ...]
    """How near each track is to the one before; one less than there are rows."""
    course: Course
    fame: tuple[float, ...]
    """How well known each artist is, 0 … 1, as far as anybody knows."""


def find_path(
    catalog: Catalog,
    start: int,
    goal: int,
    steps: int,
    *,
    barred: Collection[int] = (),
) -> Path | None:
    """Find a path of so many tracks, or the longest shorter one; None: there is none of four.

    Each track is nearer to the goal than the one before, no artist and no song comes twice, and
    fame keeps to the `Course`. The same arguments give the same path.

    Args:
        start: the row where it begins.
        goal: the row where it ends, by another artist.
        steps: `FEWEST_STEPS` … `MOST_STEPS`, both ends counted.
        barred: rows that may not stand between them.

    Raises:
        ValueError: the steps are out of range.
    """
    if not FEWEST_STEPS <= steps <= MOST_STEPS:
        raise ValueError(f"a path has {FEWEST_STEPS} to {MOST_STEPS} tracks, not {steps}")
    between = _between(catalog, start, goal, barred)
    for length in range(steps, FEWEST_STEPS - 1, -1):
        rows = _through(between, length)
        if rows is not None:
            return _path(between, rows)
    return None


def others(catalog: Catalog, path: Path) -> set[int]:
    """Return the rows that another path between the same ends does without."""
    artists = np.unique(catalog.artist_ids[list(path.rows[1:-1])])
    return set(catalog.rows_of_artists(artists).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class _Between:
    """What may stand between two ends."""

    catalog: Catalog
    start: int
    goal: int
    course: Course
    rows: NDArray[np.int64]
    to_start: NDArray[np.float32]
    to_goal: NDArray[np.float32]
    """Cosines of `rows` with the ends."""
    apart: float
    """The cosine of the ends."""
    fame: NDArray[np.float32]
    """0 … 1 of `rows`."""
    ends: tuple[float, float]
    """The fame of the ends."""


def _between(catalog: Catalog, start: int, goal: int, barred: Collection[int]) -> _Between:
    """Gather the tracks that may be steps, with how near they are to both ends."""
    first, last = (float(one) for one in _fame(catalog, np.array([start, goal])))
    course = Course.LEVEL
    if abs(first - last) > _LEVEL:
        course = Course.DOWN if last < first else Course.UP
    margin = _LEVEL if course is Course.LEVEL else 0.0
    every = np.arange(len(catalog))
    fame = _fame(catalog, every)
    may = (fame >= min(first, last) - margin) & (fame <= max(first, last) + margin)
    may &= catalog.measured | catalog.listed
    may[np.fromiter(barred, np.int64, len(barred))] = False
    ends = np.array([start, goal])
    may[catalog.rows_of_artists(np.unique(catalog.artist_ids[ends]))] = False
    may &= ~np.isin(catalog.song_index, catalog.song_index[ends])
    rows = np.flatnonzero(may)
    near = closeness(catalog, rows, ends)
    return _Between(
        catalog=catalog,
        start=start,
        goal=goal,
        course=course,
        rows=rows,
        to_start=near[:, 0],
        to_goal=near[:, 1],
        apart=float(closeness(catalog, np.array([start]), np.array([goal]))[0, 0]),
        fame=fame[rows],
        ends=(first, last),
    )


def _fame(catalog: Catalog, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    fame = catalog.fame[rows]
    return np.where(np.isnan(fame), np.float32(NEUTRAL_POPULARITY), fame)


@dataclass(frozen=True, slots=True, eq=False)
class _Layer:
    """Tracks that may be one step of a path."""

    rows: NDArray[np.int64]
    to_goal: NDArray[np.float32]
    fame: NDArray[np.float32]
    cost: NDArray[np.float32]
    """Of being off the straight way of fame."""
    vectors: NDArray[np.float32]


def _through(between: _Between, length: int) -> tuple[int, ...] | None:
    """Return the best path of so many tracks; None: there is none.

    No track comes twice, since each is nearer than the one before. Where an artist or a song does,
    all but the first of its tracks are left out, and the way is looked for again.
    """
    layers, catalog = _layers(between, length), between.catalog
    hops = [_hops(between.course, *two) for two in pairwise(layers)]
    while (rows := _cheapest(layers, hops)) is not None:
        twice = _twice(catalog, rows)
        if twice is None:
            return rows
        for place, layer in enumerate(layers[1:], 1):
            hops[place - 1][:, twice(layer.rows)] = np.inf
    return None


def _layers(between: _Between, length: int) -> list[_Layer]:
    """Return for each step the tracks that are nearest to its point of the way."""
    angle = float(np.arccos(np.clip(between.apart, -0.999, 0.999)))
    targets = np.linspace(*between.ends, length, dtype=np.float32)
    start, goal = _end(between, 0), _end(between, 1)
    layers = [start]
    for step in range(1, length - 1):
        share = step / (length - 1)
        near = np.float32(np.sin((1 - share) * angle) / np.sin(angle)) * between.to_start
        near += np.float32(np.sin(share * angle) / np.sin(angle)) * between.to_goal
        cost = np.float32(_FAME_WEIGHT) * (between.fame - targets[step]) ** 2
        near -= cost
        best = np.argpartition(near, -_LAYER)[-_LAYER:] if len(near) > _LAYER else slice(None)
        layers.append(_layer(between, best, cost[best]))
    return [*layers, goal]


def _layer(
    between: _Between, places: NDArray[np.int64] | slice, cost: NDArray[np.float32]
) -> _Layer:
    rows = between.rows[places]
    near, fame = between.to_goal[places], between.fame[places]
    return _Layer(rows, near, fame, cost, placed(between.catalog, rows))


def _end(between: _Between, which: int) -> _Layer:
    """Return the layer of an end: 0 the first, 1 the last."""
    row = np.array([(between.start, between.goal)[which]])
    near, fame, cost = (
        np.array([one], np.float32)
        for one in ((between.apart, 1.0)[which], between.ends[which], 0.0)
    )
    return _Layer(row, near, fame, cost, placed(between.catalog, row))


def _hops(course: Course, here: _Layer, there: _Layer) -> NDArray[np.float32]:
    """Return what it costs to go from each track of a layer to each of the next, inf: no way."""
    may = here.to_goal[:, None] < there.to_goal[None, :]
    if course is Course.DOWN:
        may &= here.fame[:, None] >= there.fame[None, :]
    elif course is Course.UP:
        may &= here.fame[:, None] <= there.fame[None, :]
    far = 1 - here.vectors @ there.vectors.T
    return np.where(may, far**2 + there.cost, np.float32(np.inf))


def _cheapest(
    layers: Sequence[_Layer], hops: Sequence[NDArray[np.float32]]
) -> tuple[int, ...] | None:
    """Return the rows of the cheapest way through all layers; None: there is none."""
    if not all(len(one.rows) for one in layers):
        return None
    cost, before = np.zeros(1, np.float32), []
    for hop in hops:
        whole = cost[:, None] + hop
        before.append(whole.argmin(axis=0))
        cost = whole.min(axis=0)
    if not np.isfinite(cost[0]):
        return None
    place, found = 0, [int(layers[-1].rows[0])]
    for layer, came in zip(layers[-2::-1], reversed(before), strict=True):
        place = int(came[place])
        found.append(int(layer.rows[place]))
    return tuple(reversed(found))


def _twice(
    catalog: Catalog, rows: Sequence[int]
) -> Callable[[NDArray[np.int64]], NDArray[np.bool_]] | None:
    """Return which rows are others of an artist or song that comes twice; None: none does."""
    for groups in (catalog.artist_index, catalog.song_index):
        seen: dict[int, int] = {}
        for row in rows:
            group = int(groups[row])
            if group in seen:
                return partial(_others_of, groups, group, seen[group])
            seen[group] = row
    return None


def _others_of(
    groups: NDArray[np.int32], group: int, kept: int, rows: NDArray[np.int64]
) -> NDArray[np.bool_]:
    others: NDArray[np.bool_] = (groups[rows] == group) & (rows != kept)
    return others


def _path(between: _Between, rows: tuple[int, ...]) -> Path:
    catalog, every = between.catalog, np.array(rows)
    near = closeness(catalog, every, every)
    return Path(
        rows=rows,
        closeness=(*(float(one) for one in near[:-1, -1]), 1.0),
        hops=tuple(float(one) for one in np.diagonal(near, 1)),
        course=between.course,
        fame=tuple(float(one) for one in _fame(catalog, every)),
    )
