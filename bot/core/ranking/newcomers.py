"""Tracks to ask a newcomer about: few, and as different from each other as they can be."""

from collections.abc import Collection
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog

_POOL: Final = 2000
_WELL_KNOWN: Final = 0.75
_ENOUGH: Final = 20  # times the count: a choice among fewer would not be one


def contrasting_rows(
    catalog: Catalog, count: int, *, seed: int, known: Collection[int] = ()
) -> list[int]:
    """Return rows of contrasting, measured tracks by different artists; fewer when artists are.

    Among up to 2,000 random tracks (preferably well known ones, or of unknown popularity: people
    must be able to say something about them) each next one is the farthest from all chosen so far.
    The seed decides the sample and the first track; the same seed gives the same rows.

    Args:
        known: rows that the newcomer has judged or was shown already; they are left out.
    """
    rng = np.random.default_rng(seed)
    pool = np.setdiff1d(_pool(catalog, count), np.fromiter(known, np.int64, len(known)))
    if not len(pool) or count < 1:
        return []
    sample = rng.permutation(pool)[:_POOL]
    vectors = catalog.vectors(sample)
    artists = catalog.artist_index[sample]
    chosen = [0]
    closest = vectors @ vectors[0]
    allowed = artists != artists[0]
    while len(chosen) < count and allowed.any():
        best = int(np.argmin(np.where(allowed, closest, np.inf)))
        chosen.append(best)
        closest = np.maximum(closest, vectors @ vectors[best])
        allowed &= artists != artists[best]
    return [int(sample[place]) for place in chosen]


def _pool(catalog: Catalog, count: int) -> NDArray[np.int64]:
    measured = FEATURES.index("key_cos")
    complete = catalog.known[:, :measured].mean(1) >= 0.75
    known = complete & ((catalog.popularity >= _WELL_KNOWN) | np.isnan(catalog.popularity))
    for wanted in (complete & (catalog.popularity >= _WELL_KNOWN), known, complete):
        if np.count_nonzero(wanted) >= _ENOUGH * count:
            return np.flatnonzero(wanted)
    return np.flatnonzero(complete)
