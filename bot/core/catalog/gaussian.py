"""Ranks turned into Gaussians: every feature on one scale, whatever its units and its shape.

A value is replaced by its midrank in the catalogue (the share of known values below it, ties
counted by half) and the midrank by the normal quantile of that share, cut at ±3.5. A table of
quantiles is kept, which is enough to place a value that comes later.
"""

from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

QUANTILES: Final = 2048
"""Length of a quantile table: steps of 0.05 percentage points."""

_LIMIT: Final = 3.5
_STEPS: Final = 4096
_SHARES: Final = (np.arange(_STEPS) + 0.5) / _STEPS
_NORMAL: Final = np.array([NormalDist().inv_cdf(share) for share in _SHARES])


def normal_quantile(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the normal quantile of shares 0 … 1, cut at ±3.5; NaN stays NaN."""
    cut: NDArray[np.float64] = np.clip(np.interp(shares, _SHARES, _NORMAL), -_LIMIT, _LIMIT)
    return cut


def normal_share(quantiles: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share 0 … 1 of a standard normal below each value; the inverse of the above."""
    share: NDArray[np.float64] = np.interp(quantiles, _NORMAL, _SHARES)
    share[np.isnan(quantiles)] = np.nan
    return share


def midranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of known values below each value, ties by half: in (0, 1); NaN for NaN."""
    shares = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    if not known.any():
        return shares
    _, place, count = np.unique(values[known], return_inverse=True, return_counts=True)
    shares[known] = ((np.cumsum(count) - count / 2) / known.sum())[place]
    return shares


def quantile_table(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return `QUANTILES` known values at even shares, ascending; all NaN when none is known."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return np.full(QUANTILES, np.nan, np.float32)
    places = (np.arange(QUANTILES) + 0.5) / QUANTILES * len(known)
    table: NDArray[np.float32] = known[places.astype(np.int64)].astype(np.float32)
    return table


def place_in(table: NDArray[np.float32], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the midrank of values by a quantile table, in (0, 1); NaN for unknown or no table."""
    shares = np.full(len(values), np.nan)
    known = ~np.isnan(values)
    if np.isnan(table[0]) or not known.any():
        return shares
    wanted = values[known].astype(np.float32)
    middle = (np.searchsorted(table, wanted, "left") + np.searchsorted(table, wanted, "right")) / 2
    half = 0.5 / QUANTILES
    shares[known] = np.clip(middle / QUANTILES, half, 1 - half)
    return shares
