"""How well two divisions of the same things agree."""

import numpy as np
from numpy.typing import NDArray


def adjusted_rand_index(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Return how often two divisions agree on whether a pair belongs together, beyond chance.

    1: they are the same but for the names of their parts; 0: what chance gives; less: worse. Two
    divisions without any choice (all in one part, or each thing alone) agree. Hubert & Arabie,
    "Comparing partitions", Journal of Classification 2 (1985), equation 5.

    Args:
        one: the part of each thing, any numbers >= 0.
        other: of the same things, in the same order.
    """
    first, second = (np.unique(part, return_inverse=True)[1] for part in (one, other))
    table = np.zeros((int(first.max(initial=0)) + 1, int(second.max(initial=0)) + 1))
    np.add.at(table, (first, second), 1)

    def pairs(counts: NDArray[np.float64]) -> float:
        return float((counts * (counts - 1) / 2).sum())

    rows, columns = pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / max(pairs(np.array([len(one)], np.float64)), 1.0)
    possible = (rows + columns) / 2 - expected
    return (pairs(table) - expected) / possible if possible else 1.0
