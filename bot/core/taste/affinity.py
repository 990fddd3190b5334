"""How much a listener likes artists, beyond what the artists' sound explains."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog
from bot.core.taste.preference import Judged

ARTIST_DOUBT: Final = 2.0
"""An artist with this much opinion behind has half of the possible strength."""

_LEAST: Final = 0.05
_EVEN: Final = 0.5
"""Chances are taken to be at least and, with likes alone, at most this: a like is then news in
full. The more dislikes there are, the more chances are believed: up to 1 - `_LEAST`."""
_VARIANCE: Final = 2.0
"""Of artists' effects on the log-odds, unless their tracks are judged unlike each other. With
chances of 0.5 an effect is then opinion / (opinion + `ARTIST_DOUBT`), times 2."""
_PRIOR: Final = 1 / 16
"""Counts as if one pair of tracks more had shown this variance."""
_SMALLEST: Final = 0.01


def artist_strengths(
    catalog: Catalog, likes: Judged, dislikes: Judged, chances: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return ascending artists that were judged, and how much each is liked, -1 … 1.

    The effect of an artist on the log-odds of a like is one Newton step of a random effect from
    the chances by sound: Σ (judged - chance) / (Σ chance (1 - chance) + 1 / variance). The variance
    is estimated from pairs of judgements of one artist: for a listener whose likes within an artist
    differ as much as between artists it is small, and artists count for nothing.

    Args:
        chances: of a like, for the likes and then the dislikes.
    """
    rows = np.concatenate([likes.rows, dislikes.rows])
    weights = np.concatenate([likes.weights, dislikes.weights])
    liked = np.arange(len(rows)) < len(likes.rows)
    doubt = min(1.0, 2 * float(dislikes.weights.sum() / max(weights.sum(), 1e-300)))
    assumed = np.clip(chances, _LEAST, _EVEN + (1 - _LEAST - _EVEN) * doubt)
    news = weights * (liked - assumed)
    sure = weights * assumed * (1 - assumed)
    artists, place = np.unique(catalog.artist_ids[rows], return_inverse=True)

    def by_artist(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(place, values, minlength=len(artists)).astype(np.float64)

    agreement = (by_artist(news) ** 2).sum() - (news**2).sum()
    possible = (by_artist(sure) ** 2).sum() - (sure**2).sum()
    variance = np.clip((_PRIOR * _VARIANCE + agreement) / (_PRIOR + possible), _SMALLEST, _VARIANCE)
    effects = by_artist(news) / (by_artist(sure) + 1 / variance)
    return artists, np.clip(effects / ARTIST_DOUBT, -1, 1)
