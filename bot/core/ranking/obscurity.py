"""What the dial of obscurity means: a promise about artists.

At a position, artists above its ceiling of fame are left out of at least four of five picks, and
pay for it. A little-known song of a famous artist is a *deep cut*: a thing of its own, which the
upper half of the dial leaves out unless it is asked for.
"""

from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import NEUTRAL_POPULARITY, Catalog, assumed_popularity

UPPER_HALF: Final = 50
"""Above this position the dial is about artists alone."""
KNEE: Final = (70, 0.7)
"""At this position the ceiling stands so high: three artists in ten are better known.

Measured on real playlists: up to here 93 % of the little-known music that people hold stays, and no
artist whose best-known song is of popularity 60 or more. A ceiling of .5 would lose half of it."""
LOWEST_CEILING: Final = 0.35
"""At position 100."""
PENALTY_STRENGTH: Final = 8.0
"""What one whole percentile range (1.0) above the ceiling costs at obscurity 100.

By cross-validation on playlists with a scene: among lists that keep the promise of the dial, the
steeper the hinge, the more little-known held-out tracks are found."""
DEEP_CUT_BELOW: Final = 0.5
"""A deep cut is a song less known than this share of all songs, or one that nobody counts."""

SHARE_OF_THE_WAY: Final = 0.5
"""How far above an artist others are still within reach, on the way to the very top."""
LEAST_WIDTH: Final = 0.02
"""So many percentiles, at least, are within reach: near the top half of the way is too few."""


class DeepCuts(StrEnum):
    """Whether little-known songs of famous artists are wanted."""

    NO = "no"
    ALSO = "also"
    ONLY = "only"


def ceiling(obscurity: int) -> float:
    """Return the fame above which the dial makes artists pay: 1 … `LOWEST_CEILING`.

    Two straight lines: at 70 the three best-known artists in ten stand above it, at 100 two in
    three.
    """
    knee, height = KNEE
    if obscurity <= knee:
        return 1 - (1 - height) * obscurity / knee
    return height - (height - LOWEST_CEILING) * (obscurity - knee) / (100 - knee)


def counting_fame(catalog: Catalog, rows: NDArray[np.int64], cuts: DeepCuts) -> NDArray[np.float64]:
    """Return what the dial goes by, 0 … 1 per row: the fame, but of deep cuts the song's own place.

    Unknown counts as the middle.

    Args:
        cuts: where they are not wanted, the fame is what counts for deep cuts, too.
    """
    fame = assumed_popularity(catalog.fame[rows])
    if cuts is DeepCuts.NO:
        return fame
    popularity = assumed_popularity(catalog.popularity[rows])
    return np.where(is_deep_cut(catalog, rows), popularity, fame)


def is_deep_cut(catalog: Catalog, rows: NDArray[np.int64] | slice) -> NDArray[np.bool_]:
    """Return which rows are little-known songs of artists who are counted and famous."""
    popularity = catalog.popularity[rows]
    little = np.isnan(popularity) | (popularity <= DEEP_CUT_BELOW)
    famous: NDArray[np.bool_] = catalog.counted[rows] & (catalog.fame[rows] > KNEE[1])
    return famous & little


def fame_penalty(fame: NDArray[np.floating], obscurity: int) -> NDArray[np.float64]:
    """Return what fame takes from each score, <= 0.

    A hinge: nothing up to the ceiling, then linear above it, the steeper the higher the dial. A
    penalty without a flat part would prefer artists whom nobody knows, however badly they fit.
    Obscurity 0 costs nothing.

    Args:
        fame: 0 … 1, as `counting_fame` returns it.
        obscurity: the position of the dial, 0 … 100.
    """
    above = np.maximum(fame - ceiling(obscurity), 0)
    return np.asarray(-PENALTY_STRENGTH * obscurity / 100 * above, np.float64)


def within_reach(fame: float | None) -> tuple[float, float]:
    """Return the fame (the lower bound excluded) between which companions of an artist stand.

    They are better known than the artist, but by no more than half of the way to the top: people
    who hear superstars hear them anyway, and a newcomer beside them only looks out of place. An
    artist whom nobody counts is taken to stand in the middle.
    """
    own = NEUTRAL_POPULARITY if fame is None else fame
    return own, min(1.0, own + max(LEAST_WIDTH, SHARE_OF_THE_WAY * (1 - own)))
