"""How often tracks are shown, and when one has become wallpaper and should rest."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

RESTS_AFTER: Final = 5
"""A track shown less often than this never rests: a small server must not run dry."""
RESTS_SHARE: Final = 0.01
"""A track with a greater share of all that was shown lately rests."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """How evenly what was shown is spread. All shares 0 … 1; NaN when nothing was shown."""

    shown: int
    """Picks shown, repeats included."""
    tracks: int
    """Different tracks among them."""
    coverage: float
    """Share of the catalogue's tracks that were shown at all."""
    gini: float
    """Over all tracks of the catalogue: 0 all equally often, near 1 a few have it all."""
    gini_shown: float
    """The same over the tracks that were shown."""
    long_tail: float
    """Share of the picks by counted artists that are by the less known half of artists (APLT,
    Abdollahpouri et al., 2019)."""
    unknown: float
    """Share of the picks by artists whom nobody counts."""


def rests(shown: NDArray[np.int64], total: int) -> NDArray[np.bool_]:
    """Return which tracks have been shown too often lately.

    Args:
        shown: how often each was shown.
        total: how often anything was shown in the same time.
    """
    return shown >= max(RESTS_AFTER, RESTS_SHARE * total)


def measure(shown: NDArray[np.int64], fame: NDArray[np.floating]) -> Exposure:
    """Sum up what was shown.

    Args:
        shown: how often each track of the catalogue was shown.
        fame: of its artist, 0 … 1; NaN: nobody counts them.
    """
    total = int(shown.sum())
    known = ~np.isnan(fame)
    counted = int(shown[known].sum())
    tail = int(shown[known & (fame <= 0.5)].sum())
    return Exposure(
        shown=total,
        tracks=int(np.count_nonzero(shown)),
        coverage=coverage(shown) if total else float("nan"),
        gini=gini(shown),
        gini_shown=gini(shown[shown > 0]),
        long_tail=tail / counted if counted else float("nan"),
        unknown=1 - counted / total if total else float("nan"),
    )


def coverage(exposure: NDArray[np.int64]) -> float:
    """Return the share of the items that were recommended at all, 0 … 1.

    Args:
        exposure: how often each item of the catalogue was recommended.
    """
    return float(np.count_nonzero(exposure) / len(exposure)) if len(exposure) else float("nan")


def gini(exposure: NDArray[np.int64]) -> float:
    """Return the Gini index of exposure (Fleder & Hosanagar, 2009).

    Σ (2i - n - 1) x_i / (n Σ x) over ascending x_i: 0 when all are shown equally often, near 1
    when few have it all. With n items and m < n places it is at least 1 - m / n. NaN when
    nothing was shown.
    """
    total, size = int(exposure.sum()), len(exposure)
    if not total:
        return float("nan")
    ranks = 2 * np.arange(1, size + 1, dtype=np.float64) - size - 1
    return float((ranks * np.sort(exposure)).sum() / (size * total))
