"""Divides likes into a few clusters, as many as the data support, without any randomness."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST: Final = 4
_LEAST: Final = 4
"""So many points per cluster on average, or there are fewer clusters."""
_CAUTION: Final = 0.5
"""How much of the usual price (BIC) one more center costs: being too careful loses a taste."""
_STEPS: Final = 20


def clusters(points: NDArray[np.float64], axis_weights: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the cluster of every point, 0 … k - 1, with k of 1 … `MOST` of the least BIC.

    k-means (Lloyd, 1982) from farthest-first centers. The criterion takes clusters for round
    Gaussians of one width; axes count by their weight, the number of axes is that of equally
    weighted ones (Kish). No cluster has a single point.

    Args:
        points: n × D, n >= 1.
        axis_weights: D weights >= 0, not all 0.
    """
    shares = axis_weights / axis_weights.sum()
    width = 1 / (shares**2).sum()
    scaled = points * np.sqrt(shares)
    count = len(points)
    best = np.zeros(count, np.int64)
    least = _criterion(scaled, best, 1, width)
    for number in range(2, min(MOST, count // _LEAST) + 1):
        labels = _k_means(scaled, number)
        if np.bincount(labels, minlength=number).min() < 2:
            continue
        criterion = _criterion(scaled, labels, number, width)
        if criterion < least:
            best, least = labels, criterion
    return best


def means(
    points: NDArray[np.float64], weights: NDArray[np.float64], labels: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the weighted mean of each cluster; the weights are n, or n × D, and may be 0."""
    number = int(labels.max()) + 1
    member = labels == np.arange(number)[:, None]
    counts = member @ weights
    totals = member @ (points * weights)
    found: NDArray[np.float64] = totals / np.where(counts > 0, counts, 1)
    return found


def _criterion(
    scaled: NDArray[np.float64], labels: NDArray[np.int64], number: int, width: float
) -> float:
    count = len(scaled)
    centers = means(scaled, np.ones_like(scaled), labels)
    scatter = float(((scaled - centers[labels]) ** 2).sum()) / count + 1e-9
    price = _CAUTION * number * width * np.log(count)
    return float(count * width * np.log(scatter) + price + 2 * count * np.log(number))


def _k_means(scaled: NDArray[np.float64], number: int) -> NDArray[np.int64]:
    chosen = [int(((scaled - scaled.mean(axis=0)) ** 2).sum(axis=1).argmin())]
    nearest = np.full(len(scaled), np.inf)
    for _ in range(number - 1):
        nearest = np.minimum(nearest, ((scaled - scaled[chosen[-1]]) ** 2).sum(axis=1))
        chosen.append(int(nearest.argmax()))
    centers = scaled[chosen]
    labels = np.full(len(scaled), -1)
    for _ in range(_STEPS):
        distance = (centers**2).sum(axis=1) - 2 * scaled @ centers.T
        moved = distance.argmin(axis=1)
        if (moved == labels).all():
            break
        labels = moved
        counts = np.bincount(labels, minlength=number)
        for place in np.flatnonzero(counts):
            centers[place] = scaled[labels == place].mean(axis=0)
    return labels
