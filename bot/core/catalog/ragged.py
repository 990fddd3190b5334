"""Lists of different lengths that stand one after the other in a single array."""

import numpy as np
from numpy.typing import NDArray


def places(starts: NDArray[np.integer], lengths: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return where the members of some lists stand, list after list.

    Args:
        starts: where each list begins.
        lengths: how many members it has, >= 0.
    """
    before = np.cumsum(lengths) - lengths
    found: NDArray[np.int64] = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    return found
