"""A short form of every vector, from which the best possible score of a track is read at once.

A product of two vectors is the product of their projections on a few axes plus that of what the
projections leave over, and the latter is at most the product of the two remaining lengths
(Cauchy-Schwarz). So a handful of numbers per track, the projections and the remaining length,
bound its score from above. The axes that leave least over are the principal ones. Scanning the
short form and scoring only what may still be among the best is exact, and several times less to
read than whole vectors.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

WIDTH: Final = 12
"""Projections of the own levels and their squares. Measured on real tracks and tastes: 8 leave 4 %
of a catalogue to be scored, 12 leave 1.5 %."""
SCENE_WIDTH: Final = 16
"""Projections of a scene's vectors: 8 leave twice as many tracks to be scored."""


def principal_axes(vectors: NDArray[np.floating], width: int) -> NDArray[np.float64]:
    """Return the D × width orthonormal axes that keep most of the vectors' squared lengths.

    D below the width gives D axes; without vectors any axes are as good.

    Args:
        vectors: row × D.
    """
    exact = vectors.astype(np.float64)
    _, axes = np.linalg.eigh(exact.T @ exact)
    principal: NDArray[np.float64] = np.ascontiguousarray(axes[:, ::-1][:, :width])
    return principal


def sketch(axes: NDArray[np.float64], vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the short form of vectors: a row per axis with the projections, then what is left.

    Used for tracks and tastes alike: the product of their short forms is an upper bound of the
    product of the vectors, up to float32.

    Args:
        axes: D × width, orthonormal.
        vectors: row × D.
    """
    exact = vectors.astype(np.float64)
    projected = exact @ axes
    left = exact - projected @ axes.T
    length = np.sqrt((left**2).sum(axis=1))
    return np.concatenate([projected.T, length[None, :]]).astype(np.float32)
