"""How well known artists are, compared with each other."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import NEUTRAL_POPULARITY, Catalog, midranks

SHARE_OF_THE_WAY: Final = 0.5
"""How far above an artist others are still within reach, on the way to the very top."""
LEAST_WIDTH: Final = 0.02
"""So many percentiles, at least, are within reach: near the top half of the way is too few."""


def artist_popularity(catalog: Catalog) -> NDArray[np.float64]:
    """Return a percentile 0 … 1 per artist of `artist_keys`; NaN where no track of theirs has one.

    Artists are compared by their best-known track, for by that they are known: the share of artists
    that are less known (midrank).
    """
    if not len(catalog.artist_keys):
        return np.empty(0)
    each = catalog.popularity[catalog.artist_rows]
    best = np.fmax.reduceat(each, catalog.artist_row_offsets[:-1]).astype(np.float64)
    return midranks(best)


def within_reach(popularity: float | None) -> tuple[float, float]:
    """Return the percentiles (the lower one excluded) between which companions of an artist stand.

    They are better known than the artist, but by no more than half of the way to the top: people
    who hear superstars hear them anyway, and a newcomer beside them only looks out of place. An
    artist whose popularity nobody knows is taken to stand in the middle.
    """
    own = NEUTRAL_POPULARITY if popularity is None else popularity
    return own, min(1.0, own + max(LEAST_WIDTH, SHARE_OF_THE_WAY * (1 - own)))
