"""The score of a track for a taste, and the same score taken apart."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.space import AXIS_WEIGHTS, FEATURES, Catalog
from bot.core.taste import TasteProfile

NEUTRAL_POPULARITY: Final = 0.5
"""What is assumed of a track whose popularity nobody knows: never an advantage."""
LOWEST_CEILING: Final = 0.05
PENALTY_STRENGTH: Final = 2.0
"""What one whole percentile range (1.0) above the ceiling costs at obscurity 100."""


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """A score taken apart: its parts, added up one after the other, are the score exactly."""

    audio: NDArray[np.float64]
    """F contributions: how far the track itself and the taste lean the same way."""
    context: NDArray[np.float64]
    """F contributions of the artist's context."""
    affinity: float
    """For an artist the listener likes (or, below 0, dislikes)."""
    penalty: float
    """What popularity takes away, <= 0."""

    @property
    def score(self) -> float:
        """The sum of all parts, in the order in which they stand here."""
        return float(add_up(self.audio, self.context, self.affinity, self.penalty))

    @property
    def similarity(self) -> float:
        """The cosine of track and taste alone, -1 … 1."""
        return float(add_up(self.audio, self.context))


def add_up(*parts: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Add up parts along the last axis strictly from left to right, so that equal is equal.

    Other sums of numpy may add in another order for another shape and differ in the last bit.
    """
    whole = np.concatenate([np.atleast_1d(part) for part in parts], axis=-1)
    total: NDArray[np.float64] = np.add.accumulate(whole, axis=-1)[..., -1]
    return total


def ceiling(obscurity: int) -> float:
    """Return the popularity percentile above which the dial makes tracks pay: 1 … 0.05.

    It stops at 0.05, because nothing has a percentile of 0: there is always a midrank.
    """
    return max(1 - obscurity / 100, LOWEST_CEILING)


def popularity_penalty(popularity: NDArray[np.floating], obscurity: int) -> NDArray[np.float64]:
    """Return what popularity takes from each score, <= 0.

    A hinge: nothing up to the ceiling, then linear in the percentile above it, the steeper the
    higher the dial. A penalty without a flat part would prefer tracks of popularity 0, however
    badly they fit. Unknown (NaN) pays like the neutral prior. Obscurity 0 costs nothing.
    """
    assumed = np.where(np.isnan(popularity), NEUTRAL_POPULARITY, popularity).astype(np.float64)
    above = np.maximum(assumed - ceiling(obscurity), 0)
    return -PENALTY_STRENGTH * obscurity / 100 * above


def quick_scores(
    catalog: Catalog, taste: TasteProfile, *, obscurity: int, affinity: float
) -> NDArray[np.float32]:
    """Return every track's score in float32, for finding the best; `score_parts` is exact."""
    axes = taste.vector * np.sqrt(AXIS_WEIGHTS).astype(np.float32)
    size = len(FEATURES)
    scores: NDArray[np.float32] = catalog.gaussian @ axes[:size]
    scores += catalog.artist_context @ axes[size:]
    scores *= catalog.inverse_norms
    if affinity and len(taste.artist_ids):
        scores += catalog.by_artist(taste.artist_ids, affinity * taste.artist_strengths)
    if obscurity:
        above = catalog.popularity - np.float32(ceiling(obscurity))
        above[np.isnan(above)] = NEUTRAL_POPULARITY - ceiling(obscurity)
        np.maximum(above, 0, out=above)
        scores -= np.float32(PENALTY_STRENGTH * obscurity / 100) * above
    return scores


def score_parts(
    catalog: Catalog,
    taste: TasteProfile,
    rows: NDArray[np.int64],
    *,
    obscurity: int,
    affinity: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return row × 2F contributions, affinities and penalties, all in float64."""
    contributions = catalog.vectors(rows) * taste.vector.astype(np.float64)
    loved = np.zeros(len(rows))
    if len(taste.artist_ids):
        artists = catalog.artist_ids[rows]
        place = np.minimum(np.searchsorted(taste.artist_ids, artists), len(taste.artist_ids) - 1)
        found = taste.artist_ids[place] == artists
        loved = np.where(found, affinity * taste.artist_strengths[place], 0.0)
    return contributions, loved, popularity_penalty(catalog.popularity[rows], obscurity)
