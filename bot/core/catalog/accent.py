"""A colour that stands for a picture."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

_HUES: Final = 24
_GREY: Final = 0.25
_DARK: Final = 0.2
_FEW: Final = 0.03
"""A colour that a smaller share of the picture has does not stand for it."""


def accent_of(pixels: NDArray[np.uint8]) -> int | None:
    """Return the strongest colour of a picture; None for one that is grey, black or white.

    Pixels vote for one of 24 hues with saturation × value (HSV); the mean of the votes for the
    strongest hue is the colour.

    Args:
        pixels: (n, 3), red, green and blue.

    Returns:
        0xRRGGBB.
    """
    if not len(pixels):
        return None
    rgb = pixels.astype(np.float64) / 255
    value, low = rgb.max(axis=1), rgb.min(axis=1)
    spread = value - low
    saturation = np.divide(spread, value, out=np.zeros_like(value), where=value > 0)
    votes = np.where((saturation >= _GREY) & (value >= _DARK), saturation * value, 0.0)
    if np.count_nonzero(votes) < _FEW * len(pixels) or not votes.any():
        return None
    hues = np.minimum((_hue(rgb, value, spread) * _HUES).astype(np.int64), _HUES - 1)
    best = int(np.bincount(hues, weights=votes, minlength=_HUES).argmax())
    weights = np.where(hues == best, votes, 0.0)
    red, green, blue = np.rint(255 * (weights @ rgb) / weights.sum()).astype(np.int64).tolist()
    return int(red << 16 | green << 8 | blue)


def _hue(
    rgb: NDArray[np.float64], value: NDArray[np.float64], spread: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the hue of each pixel, 0 … 1; 0 for grey."""
    red, green, blue = rgb.T
    safe = np.where(spread > 0, spread, 1.0)
    hue = np.where(
        value == red,
        (green - blue) / safe % 6,
        np.where(value == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    return np.where(spread > 0, hue / 6 % 1, 0.0)
