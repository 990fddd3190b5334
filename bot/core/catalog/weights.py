"""How much the parts of a score count: chosen for a catalogue without a scene, else learned."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray


class PartWeights(NamedTuple):
    """What the parts of a score beside the sound are multiplied by; the sound itself counts 1."""

    company: float
    """The product of a taste's and a track's place in the scene, >= 0."""
    artist: float
    """How much the listener likes the artist, >= 0; the wish has a factor of its own."""
    listing: float
    """log(1 + lists of the scene that the artist stands in)."""
    renown: float
    """The percentile of the song's popularity, 0 … 1; unknown is the middle."""


FEW: Final = 5
"""So many liked tracks, or fewer, are few."""
MANY: Final = 40
"""So many, or more, are many; between the two the weights go over by the logarithm."""
OPEN, UPPER = 0, 1
"""The places of the dial: up to its middle, and above."""
PLAIN: Final = PartWeights(company=2.0, artist=1.0, listing=0.0, renown=0.0)
"""Where learning starts."""
_SHIPPED_ARTIST: Final = (2.0, 1.3)
"""What a liked artist counts for few and for many likes at the open dial, learned on 300 real
playlists without a scene. (That renown counts there, too, was learned and is left out: the dial is
for the listener to turn.)"""


def shipped_weights() -> NDArray[np.float32]:
    """Return what counts where nothing was learned.

    2 (few, many liked tracks) × 2 (open, upper half of the dial) × `PartWeights`.
    """
    weights = np.tile(np.array(PLAIN, np.float32), (2, 2, 1))
    weights[:, OPEN, 1] = _SHIPPED_ARTIST
    return weights


def weights_at(weights: NDArray[np.float32], liked: int, *, upper: bool) -> PartWeights:
    """Return the weights for a taste.

    Args:
        weights: as `shipped_weights` returns them.
        liked: how many tracks are liked.
        upper: whether the dial stands in its upper half.
    """
    way = np.log(max(liked, FEW) / FEW) / np.log(MANY / FEW)
    few, many = weights[:, UPPER if upper else OPEN].astype(np.float64)
    return PartWeights(*(few + min(1.0, float(way)) * (many - few)).tolist())
