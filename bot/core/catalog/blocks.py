"""The order in which a catalogue is searched, in blocks that can be skipped as a whole.

What a track can win by the company it keeps is limited by the length of its vector in the scene,
what it loses by its popularity is known, and what its levels can earn is at most the peak of the
listener's curves. Most tracks stand close to the middle of the scene, or are popular: put into the
same blocks, they need not be looked at one by one.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_BLOCKS: Final = 1024
"""About how many blocks: so few that asking all of them costs nothing beside looking at tracks."""
_SMALLEST: Final = 16
_SHORTEST: Final = 0.125
"""Shorter vectors of the scene count as equal: they add next to nothing to a score."""
_CLASSES: Final = 2.0
"""Lengths are told apart by half octaves."""


def block_size(size: int) -> int:
    """Return how many tracks a block of a catalogue has; the last one may have fewer."""
    return max(_SMALLEST, -(-size // _BLOCKS))


def search_order(
    lengths: NDArray[np.floating],
    popularity: NDArray[np.floating],
    artists: NDArray[np.integer],
) -> NDArray[np.int64]:
    """Return all rows: from long to short vectors in classes, in each the least popular first.

    Those of an artist stand together, if they are as popular: what is known of them is read in one
    go.

    Args:
        lengths: of the vectors in the scene, >= 0.
        popularity: percentiles, none unknown.
        artists: the place of each row's artist.
    """
    classes = np.floor(_CLASSES * np.log2(np.maximum(lengths, _SHORTEST)))
    return np.lexsort((artists, popularity, -classes))


def boxes(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return 2 × block: the lowest and the highest of the values, which stand in search order."""
    starts = np.arange(0, len(values), block_size(len(values)))
    return np.stack([one.reduceat(values, starts) for one in (np.minimum, np.maximum)])


def peaks(
    linear: NDArray[np.floating],
    square: NDArray[np.floating],
    low: NDArray[np.floating],
    high: NDArray[np.floating],
) -> NDArray[np.float64]:
    """Return K × block: the most that Σ linear · y + square · y² can be within each box.

    Separable, so the sum of what each axis can be: at an end of the box or, where the curve bends
    down, at its vertex.

    Args:
        linear: K × F.
        square: F.
        low: F × block.
        high: F × block.
    """
    bend = np.minimum(square, -1e-12).astype(np.float64)
    vertex = (linear / (-2 * bend))[:, :, None]
    places = (low[None], high[None], np.clip(vertex, low, high))
    each = [(linear[:, :, None] + square[:, None] * place) * place for place in places]
    most: NDArray[np.float64] = np.maximum.reduce(np.broadcast_arrays(*each)).sum(axis=1)
    return most
