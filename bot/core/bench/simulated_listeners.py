"""Simulated listeners: hidden tastes over the tracks of any catalogue.

A listener is one probability of liking per track. The families differ in what a taste is made of:
ideal points lie in ranks or in levels, with weights of their own; groups of artists and a hidden
factor are not functions of any feature.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog, RawTracks, normal_share, places

LIKED: Final = 0.05
"""The chance that a listener likes a random track, on average over the catalogue."""

_MEMBERS: Final = 60
"""Artists per group, about; a listener of groups likes three of them, or more when they are few."""
_STRANGE: Final = 1.0
"""How much of a group is not in any feature, beside the artist's context (1)."""


@dataclass(frozen=True, slots=True, eq=False)
class World:
    """What tastes are made of: the tracks of one catalogue, each song once."""

    catalog: Catalog
    ranks: NDArray[np.float64]
    """Track × F' of the features that are known at all, each 0 … 1; unknown is 0.5."""
    levels: NDArray[np.float64]
    """The same in Gaussian levels; unknown is 0."""
    groups: NDArray[np.int64]
    """Per track the group of its artist: like artists, but also quite unlike ones."""
    hidden: NDArray[np.float64]
    """Per track a standard normal number that is in no feature; half of it is the artist's."""
    popularity: NDArray[np.float64]
    """Percentile 0 … 1; unknown is 0.5."""


def world_of(catalog: Catalog, *, seed: int) -> World:
    """Draw what is in no feature; the same seed draws the same."""
    rng = np.random.default_rng([seed, 1])
    varied = catalog.known.any(axis=0)
    ranks = normal_share(catalog.gaussian[:, varied].astype(np.float64))
    artists = len(catalog.artist_keys)
    by_artist = rng.standard_normal(artists)[catalog.artist_index]
    own = rng.standard_normal(len(catalog))
    return World(
        catalog=catalog,
        levels=catalog.gaussian[:, varied].astype(np.float64),
        ranks=np.where(catalog.known[:, varied], ranks, 0.5),
        groups=_groups(catalog, rng),
        hidden=(by_artist + own) / np.sqrt(2),
        popularity=np.where(np.isnan(catalog.popularity), 0.5, catalog.popularity).astype(float),
    )


def _groups(catalog: Catalog, rng: np.random.Generator) -> NDArray[np.int64]:
    """Give every artist to the nearest of some artists drawn, in context and in pure chance."""
    count = len(catalog.artist_keys)
    context = catalog.artist_contexts.astype(np.float64)
    spread = context.std(axis=0)
    known = context[:, spread > 0] / spread[spread > 0]
    strange = rng.standard_normal(known.shape)
    points = np.hstack([known, np.sqrt(_STRANGE) * strange])
    centers = points[rng.permutation(count)[: max(count // _MEMBERS, 20)]]
    distance = (centers**2).sum(axis=1) - 2 * points @ centers.T
    group: NDArray[np.int64] = distance.argmin(axis=1)[catalog.artist_index].astype(np.int64)
    return group


def _heard(world: World, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return how a listener tells tracks apart: some by ranks, some by levels (extremes count)."""
    return (world.ranks, world.levels)[rng.integers(2)]


def _distance(world: World, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return how far every track is from one that was drawn, by features weighted by chance."""
    heard = _heard(world, rng)
    weights = rng.dirichlet(np.full(heard.shape[1], 0.8))
    distance: NDArray[np.float64] = (heard - heard[rng.integers(len(heard))]) ** 2 @ weights
    return distance


def _one_point(world: World, rng: np.random.Generator) -> NDArray[np.float64]:
    """One ideal track; some features matter, others do not."""
    return -_distance(world, rng)


def _distances(world: World, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return 3 × track: how far every track is from each of three that were drawn."""
    heard = _heard(world, rng)
    weights = rng.dirichlet(np.ones(heard.shape[1]))
    ideals = heard[rng.integers(len(heard), size=3)]
    return np.array([(heard - ideal) ** 2 @ weights for ideal in ideals])


def _three_points(world: World, rng: np.random.Generator) -> NDArray[np.float64]:
    """Three ideal tracks; being near to one of them is enough."""
    nearest: NDArray[np.float64] = -_distances(world, rng).min(axis=0)
    return nearest


def _artist_groups(world: World, rng: np.random.Generator) -> NDArray[np.float64]:
    """Groups of artists, however they sound, until they hold enough tracks to like."""
    sizes = np.bincount(world.groups)
    order = rng.permutation(len(sizes))
    enough = np.cumsum(sizes[order]) >= LIKED * len(world.groups)
    chosen = order[: max(int(enough.argmax()) + 1, 3)]
    return np.isin(world.groups, chosen) + 0.15 * rng.standard_normal(len(world.groups))


def _averse(world: World, rng: np.random.Generator) -> NDArray[np.float64]:
    """One ideal track, but one side of a feature (or the popular, or the little known) is hated."""
    near = -_distance(world, rng)
    sides = [*world.ranks.T, world.popularity, world.popularity]
    side = sides[rng.integers(len(sides))] * rng.choice([-1.0, 1.0])
    close = near >= np.quantile(near, 0.85)
    hated = side > np.quantile(side[close], 0.5)
    return np.asarray(near - 4 * near[close].std() * hated, np.float64)


def _hidden_factor(world: World, rng: np.random.Generator) -> NDArray[np.float64]:
    """One ideal track, and in equal part something that is in no feature."""
    near = -_distance(world, rng)
    direction = float(rng.choice([-1.0, 1.0]))
    return near / max(float(near.std()), 1e-9) + direction * world.hidden


FAMILIES: Final[dict[str, Callable[[World, np.random.Generator], NDArray[np.float64]]]] = {
    "one point": _one_point,
    "three points": _three_points,
    "artist groups": _artist_groups,
    "averse": _averse,
    "hidden factor": _hidden_factor,
}
"""How much a new listener of each family enjoys every track, in any unit."""


def like_probabilities(world: World, family: str, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return how likely a new listener likes each track: 0 … 1, `LIKED` on average."""
    return _chances(FAMILIES[family](world, rng))


def three_tastes(
    world: World, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return a new listener of three points as `like_probabilities` does, and each track's point.

    The points are 0, 1 and 2: who likes a track does so because it is near to that one.
    """
    distances = _distances(world, rng)
    return _chances(-distances.min(axis=0)), distances.argmin(axis=0).astype(np.int64)


def _chances(enjoyment: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a logistic function of the enjoyment, as steep as its upper tenth is wide."""
    low, high = np.quantile(enjoyment, [0.90, 0.99])
    scale = (high - low) / 4 + 1e-6

    def chances(middle: float) -> NDArray[np.float64]:
        share: NDArray[np.float64] = 1 / (
            1 + np.exp(-np.clip((enjoyment - middle) / scale, -30, 30))
        )
        return share

    least, most = float(enjoyment.min()) - 30 * scale, float(enjoyment.max()) + 30 * scale
    for _ in range(40):
        middle = (least + most) / 2
        least, most = (middle, most) if chances(middle).mean() > LIKED else (least, middle)
    return chances(most)


def songs_of_artists(raw: RawTracks, size: int, *, seed: int) -> RawTracks:
    """Return every song once; from a large catalogue only some artists, with all their songs.

    Args:
        size: about how many tracks are left; at least those of one artist.
    """
    once = np.sort(np.unique(raw.song_ids, return_index=True)[1])
    keys, artists = np.unique(raw.artist_ids[once], return_inverse=True)
    counts = np.bincount(artists, minlength=len(keys))
    order = np.random.default_rng([seed, 0]).permutation(len(keys))
    drawn = np.zeros(len(keys), np.bool_)
    drawn[order[: max(1, int(np.searchsorted(np.cumsum(counts[order]), size, "right")))]] = True
    return _restricted(raw, once[drawn[artists]])


def _restricted(raw: RawTracks, rows: NDArray[np.int64]) -> RawTracks:
    lengths = np.diff(raw.genre_offsets)[rows]
    place = np.full(len(raw.track_ids), -1)
    place[rows] = np.arange(len(rows))
    here = place[raw.popularity_rows] >= 0
    guests = place[raw.guest_rows] >= 0
    return replace(
        raw,
        track_ids=raw.track_ids[rows],
        artist_ids=raw.artist_ids[rows],
        song_ids=raw.song_ids[rows],
        years=raw.years[rows],
        audio=raw.audio[rows],
        genre_offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        genre_ids=raw.genre_ids[places(raw.genre_offsets[rows], lengths)],
        popularity_rows=place[raw.popularity_rows[here]],
        popularity_sources=raw.popularity_sources[here],
        popularity_values=raw.popularity_values[here],
        guest_rows=place[raw.guest_rows[guests]],
        guest_ids=raw.guest_ids[guests],
    )
