"""A listener's clusters of likes, and how much each of them counts.

A cluster that is turned up, down or off counts more, less or not at all, against the others. It is
told by a track in it, so that it stays turned when the likes are divided anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.core.taste.preference import Judged, Turned

UP: Final = 2.0
DOWN: Final = 0.5
OFF: Final = 0.0
AS_IT_WAS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """What somebody turned the cluster with a track to."""

    row: int
    factor: float
    """>= 0; 1 changes nothing."""


def _empty(kind: type) -> NDArray:  # type: ignore[type-arg]
    return np.empty(0, kind)


@dataclass(frozen=True, slots=True, eq=False)
class LikedClusters:
    """Every liked track, also those that were turned off, and the cluster each belongs to."""

    rows: NDArray[np.int64] = field(default_factory=lambda: _empty(np.int64))
    """Ascending rows of the catalogue."""
    weights: NDArray[np.float64] = field(default_factory=lambda: _empty(np.float64))
    """How much each is liked, > 0, whatever its cluster was turned to."""
    labels: NDArray[np.int64] = field(default_factory=lambda: _empty(np.int64))
    """0 … K - 1."""
    factors: NDArray[np.float64] = field(default_factory=lambda: _empty(np.float64))
    """K: what each cluster was turned to."""

    @classmethod
    def of(cls, likes: Judged, labels: NDArray[np.int64], turns: Sequence[Turn]) -> Self:
        """Apply turns, the oldest first: the last one in a cluster holds.

        A turn by a track that is not liked any more says nothing.
        """
        factors = np.ones(int(labels.max(initial=-1)) + 1)
        for turn in turns:
            factors[labels[likes.rows == turn.row]] = turn.factor
        return cls(likes.rows, likes.weights, labels, factors)

    def counting(self) -> tuple[Judged, Turned | None]:
        """Return the likes that count, and how they are divided; None when nothing is turned.

        What counts is how clusters stand to each other: their weights together stay what they were.
        So a single cluster cannot be turned, and when all are off, none is.
        """
        whole = Judged(self.rows, self.weights)
        turned = self.weights * self.factors[self.labels] if len(self.rows) else self.weights
        if len(set(self.factors.tolist())) < 2 or not turned.sum() > 0:
            return whole, None
        share = float(turned.sum() / self.weights.sum())
        left = turned > 0
        names, labels = np.unique(self.labels[left], return_inverse=True)
        factors = self.factors[names] / share
        return Judged(self.rows[left], turned[left] / share), Turned(labels, factors)
