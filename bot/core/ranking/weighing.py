"""Learns what the parts of a score count, from lists that are held out.

A scene is learned from most lists; the others are continued, from few of their songs and from many,
and the weights are moved, one at a time, as long as more of what was held out is found. They are
learned once for the open dial, where all of it counts and what is by artists new to the list counts
half as much again, and once for its upper half, where what hardly anybody knows counts. Half of the
lists teach; what does not find more than the plain weights on the other half is not kept. The parts
stay a sum, so every pick is explained as exactly as without.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import (
    PLAIN,
    Catalog,
    PartWeights,
    assumed_popularity,
    shipped_weights,
)
from bot.core.ranking.obscurity import KNEE, DeepCuts, ceiling, counting_fame
from bot.core.ranking.query import Query
from bot.core.ranking.scorer import Scorer, half_products
from bot.core.ranking.scoring import artist_listing, artist_strength
from bot.core.scene import Scene, train_scene, with_scene
from bot.core.taste import Opinion, build_taste

HELD_OUT: Final = 300
"""So many lists, at most, are held out, and no more than one in `_SHARE`."""
FEWEST: Final = 60
"""Fewer teach nothing."""
SHORTEST: Final = 10
"""A list of fewer songs is not held out."""
HARDLY_LISTED: Final = 10
"""An artist in fewer lists is hardly known."""
FEW_KNOWN: Final = 5
LIST_AFFINITY: Final = 0.5
"""More than for a listener: a list goes on with its own artists.

By cross-validation: recall stops growing at about this value."""
_SHARE: Final = 5
_POOL: Final = 2_000
"""The weights order the best so many; on real lists hardly anything from farther down comes up."""
_VERSIONS: Final = 4
_DEPTHS: Final = (50, 100, 200)
_STEPS: Final = PartWeights(company=0.6, artist=0.3, listing=0.05, renown=0.2)
_HALVINGS: Final = 2
_LEAST_GAIN: Final = 2e-4
"""Of the measure: less is chance."""
_NEW: Final = 0.5
_ALL: Final = 0.25
_PIECE: Final = 65_536


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """What may continue one list."""

    parts: NDArray[np.float32]
    """Song × (sound, and what each of `PartWeights` is the factor of)."""
    wanted: tuple[tuple[NDArray[np.bool_], int, float], ...]
    """Which songs are looked for, how many there are in all, and how much finding them counts."""


def weighed(
    catalog: Catalog,
    scene: Scene,
    lists: Sequence[NDArray[np.int64]],
    *,
    seed: int = 0,
    progress: Callable[[int, int], None] = lambda done, all_: None,
) -> Scene:
    """Return a scene that was learned from some lists with what the parts of a score count in it.

    With too few lists, these are the shipped ones.

    Args:
        catalog: as `train_scene` had it.
        scene: what it made.
        lists: as `train_scene` had them.
        seed: chooses the lists that are held out, and their songs.
        progress: is called with the lists that are continued and all there are.
    """
    rng = np.random.default_rng(seed)
    long = [place for place, rows in enumerate(lists) if len(rows) >= SHORTEST]
    count = min(HELD_OUT, len(lists) // _SHARE, len(long))
    if count < FEWEST:
        return replace(scene, part_weights=shipped_weights())
    out = set(rng.permutation(long)[:count].tolist())
    rest = [rows for place, rows in enumerate(lists) if place not in out]
    try:
        inner = train_scene(catalog, rest, dimensions=scene.dimensions, seed=seed)
    except ValueError:
        return replace(scene, part_weights=shipped_weights())
    within = with_scene(catalog, inner, version="")
    continued = [np.unique(lists[place]) for place in sorted(out)]
    return replace(scene, part_weights=_learned(within, continued, rng, progress))


def _learned(
    catalog: Catalog,
    lists: Sequence[NDArray[np.int64]],
    rng: np.random.Generator,
    progress: Callable[[int, int], None],
) -> NDArray[np.float32]:
    weights = np.tile(np.array(PLAIN, np.float32), (2, 2, 1))
    listing = artist_listing(catalog, catalog.artist_index)
    shown = counting_fame(catalog, np.arange(len(catalog)), DeepCuts.NO) <= ceiling(KNEE[0])
    hardly = shown & (catalog.artist_lists[catalog.artist_index] < HARDLY_LISTED)
    for many in (False, True):
        pools: tuple[list[_Pool], list[_Pool]] = ([], [])
        for done, rows in enumerate(lists, 1):
            mixed = rng.permutation(rows)
            cut = max(1, len(rows) // _SHARE)
            left, known = mixed[:cut], np.sort(mixed[cut:] if many else mixed[cut:][:FEW_KNOWN])
            parts = _parts(catalog, known, listing)
            pools[0].append(_open_pool(catalog, parts, known, left))
            pools[1].append(_upper_pool(catalog, parts, known, left, shown, hardly))
            progress(done + many * len(lists), 2 * len(lists))
        for upper, of_half in enumerate(pools):
            teach, judge = of_half[::2], of_half[1::2]
            found = _searched(teach, upper=bool(upper))
            if _measure(judge, found) > _measure(judge, np.array(PLAIN)):
                weights[int(many), upper] = found
    return weights


def _parts(
    catalog: Catalog, known: NDArray[np.int64], listing: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return row × (sound, company, artist, listing, renown) for a taste that likes some rows."""
    taste = build_taste(catalog, [Opinion(row, 1.0) for row in known.tolist()])
    alone = replace(catalog, part_weights=np.zeros_like(catalog.part_weights))
    scorer = Scorer.of(alone, taste, obscurity=0, affinity=Query().affinity)
    parts = np.empty((len(catalog), 1 + len(PLAIN)), np.float32)
    for start in range(0, len(catalog), _PIECE):
        rows = np.arange(start, min(start + _PIECE, len(catalog)))
        parts[rows, 0] = scorer.scores(rows)
        parts[rows, 1] = half_products(catalog.scene, rows, taste.scene)
    artists = LIST_AFFINITY * artist_strength(taste, catalog.artist_keys)
    parts[:, 2] = artists[catalog.artist_index]
    parts[:, 3] = listing
    parts[:, 4] = assumed_popularity(catalog.popularity)
    return parts


def _best(
    catalog: Catalog,
    parts: NDArray[np.float32],
    known: NDArray[np.int64],
    among: NDArray[np.bool_] | None,
) -> NDArray[np.int64]:
    """Return the best rows by the plain weights, each song once and none that is known."""
    scores = parts @ np.array([1.0, *PLAIN], np.float32)
    scores[np.isin(catalog.song_index, catalog.song_index[known])] = -np.inf
    if among is not None:
        scores[~among] = -np.inf
    count = min(_VERSIONS * _POOL, len(scores))
    best = np.argpartition(-scores, count - 1)[:count]
    best = best[np.argsort(-scores[best], kind="stable")]
    best = best[np.isfinite(scores[best])]
    return best[np.sort(np.unique(catalog.song_index[best], return_index=True)[1])[:_POOL]]


def _open_pool(
    catalog: Catalog, parts: NDArray[np.float32], known: NDArray[np.int64], left: NDArray[np.int64]
) -> _Pool:
    rows = _best(catalog, parts, known, None)
    new = left[~np.isin(catalog.artist_index[left], catalog.artist_index[known])]
    wanted = (_wanted(catalog, rows, left, 1.0), _wanted(catalog, rows, new, _NEW))
    return _Pool(parts[rows], wanted)


def _upper_pool(
    catalog: Catalog,
    parts: NDArray[np.float32],
    known: NDArray[np.int64],
    left: NDArray[np.int64],
    shown: NDArray[np.bool_],
    hardly: NDArray[np.bool_],
) -> _Pool:
    rows = _best(catalog, parts, known, shown)
    wanted = (
        _wanted(catalog, rows, left[hardly[left]], 1.0),
        _wanted(catalog, rows, left[shown[left]], _ALL),
    )
    return _Pool(parts[rows], wanted)


def _wanted(
    catalog: Catalog, rows: NDArray[np.int64], left: NDArray[np.int64], worth: float
) -> tuple[NDArray[np.bool_], int, float]:
    songs = np.unique(catalog.song_index[left])
    return np.isin(catalog.song_index[rows], songs), len(songs), worth


def _measure(pools: Sequence[_Pool], weights: NDArray[np.float64]) -> float:
    """Return the worth of what is found: the mean recall of each kind, over depths and lists."""
    factors = np.array([1.0, *weights], np.float32)
    sums = np.zeros(2)
    counts = np.zeros(2)
    worths = np.zeros(2)
    for pool in pools:
        order = np.argsort(-(pool.parts @ factors), kind="stable")[: _DEPTHS[-1]]
        for kind, (wanted, count, worth) in enumerate(pool.wanted):
            if count:
                found = np.cumsum(wanted[order])
                depths = [min(depth, len(found)) - 1 for depth in _DEPTHS if len(found)]
                sums[kind] += found[depths].mean() / count if depths else 0.0
                counts[kind] += 1
                worths[kind] = worth
    return float((worths * sums / np.maximum(counts, 1)).sum())


def _searched(pools: Sequence[_Pool], *, upper: bool) -> NDArray[np.float64]:
    """Return the weights that find most: one after the other is moved as long as that helps.

    Company and a liked artist never count against a track. In the upper half of the dial neither
    lists nor renown count for one, and company and artist not for more than the plain weights have
    it: they would outweigh what the dial takes from famous artists.
    """
    low = np.array([0.0, 0.0, -np.inf, -np.inf])
    high = np.array([PLAIN.company, PLAIN.artist, 0.0, 0.0] if upper else [np.inf] * len(PLAIN))
    found, steps = np.array(PLAIN), np.array(_STEPS)
    best = _measure(pools, found)
    halved = 0
    while halved <= _HALVINGS:
        moved = False
        for place in range(len(found)):
            for sign in (1, -1):
                while True:
                    other = found.copy()
                    other[place] += sign * steps[place]
                    if not low[place] <= other[place] <= high[place]:
                        break
                    measure = _measure(pools, other)
                    if measure <= best + _LEAST_GAIN:
                        break
                    found, best, moved = other, measure, True
        if not moved:
            steps = steps / 2
            halved += 1
    return found
