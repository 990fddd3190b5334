"""How good a list of recommendations is: the measures, one plain function each.

Tracks a listener chose are cut into those that are shown (seeds) and those that are held out
(relevant); a list is good when it finds the held-out ones. `hits` is the list as it was
recommended, best first, True where the track is relevant.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

HELD_OUT: Final = 5
"""One track in this many is held out."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over lists."""

    measure: str
    mean: float
    """NaN when no list has a value."""
    error: float
    """Its standard error; NaN for fewer than two values."""
    count: int
    """How many lists (or splits) had a value."""


def holdout(
    rows: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Cut a list by chance into seeds and held-out tracks, one fifth but at least one held out.

    Raises:
        ValueError: fewer than two rows: nothing would be left to start from.
    """
    if len(rows) < 2:
        raise ValueError(f"a list of {len(rows)} tracks cannot be split")
    mixed = rng.permutation(rows)
    cut = max(1, len(rows) // HELD_OUT)
    return mixed[cut:], mixed[:cut]


def recall_at_k(hits: NDArray[np.bool_], relevant: int, k: int) -> float:
    """Return the share of the relevant tracks that are among the first k: |hits| / |relevant|.

    0 … 1; NaN when nothing is relevant. It cannot reach 1 when k is below `relevant`.
    """
    if not relevant:
        return float("nan")
    return float(np.count_nonzero(hits[:k]) / relevant)


def ndcg_at_k(hits: NDArray[np.bool_], relevant: int, k: int) -> float:
    """Return the normalised discounted cumulative gain (Järvelin & Kekäläinen, 2002), binary.

    DCG = Σ hit_i / log2(i + 1) over ranks i = 1 … k, divided by that of a list that starts with
    the relevant tracks. 0 … 1; NaN when nothing is relevant.
    """
    if not relevant:
        return float("nan")
    discounts = 1 / np.log2(np.arange(2, k + 2))
    gain = discounts[: min(k, len(hits))][hits[:k]].sum()
    return float(gain / discounts[: min(k, relevant)].sum())


def popularity_lift(recommended: NDArray[np.floating], seeds: NDArray[np.floating]) -> float:
    """Return how much more popular the list is than its seeds (Abdollahpouri et al., 2019).

    (mean of the list - mean of the seeds) / mean of the seeds, over known values. Below 0: less
    popular than what the listener chose. NaN when a side is unknown or the seeds' mean is 0.
    """
    known, before = recommended[~np.isnan(recommended)], seeds[~np.isnan(seeds)]
    if not len(known) or not len(before) or not before.mean() > 0:
        return float("nan")
    return float((known.mean() - before.mean()) / before.mean())


def known_median(values: NDArray[np.floating]) -> float:
    """Return the median of the known values; NaN when none is known."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if len(known) else float("nan")


def intra_list_diversity(vectors: NDArray[np.float64]) -> float:
    """Return the mean pairwise cosine distance of the rows (Ziegler et al., 2005).

    0: all the same; 1: at right angles on average. A row of zeros, of which nothing is known,
    belongs to no pair; NaN when there is no pair.
    """
    lengths = np.sqrt((vectors**2).sum(axis=1))
    units = vectors[lengths > 0] / lengths[lengths > 0, None]
    pairs = len(units) * (len(units) - 1)
    if not pairs:
        return float("nan")
    # The sum over all pairs is the squared length of the sum, less every row with itself.
    return float(1 - ((units.sum(axis=0) ** 2).sum() - len(units)) / pairs)


def estimate(measure: str, values: NDArray[np.float64]) -> Estimate:
    """Return mean and standard error of one measure over lists that were split several times.

    The splits of one list are not independent, so they are averaged first; the error is the
    standard deviation of these averages (n - 1) by the square root of their number.

    Args:
        values: list × split; NaN where the measure has no value.
    """
    known = ~np.isnan(values)
    count = known.sum(axis=1)
    some = count > 0
    means = np.where(known, values, 0).sum(axis=1)[some] / count[some]
    size = len(means)
    return Estimate(
        measure=measure,
        mean=float(means.mean()) if size else float("nan"),
        error=float(means.std(ddof=1) / np.sqrt(size)) if size > 1 else float("nan"),
        count=size,
    )
