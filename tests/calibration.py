"""How well probabilities tell what happens."""

import numpy as np
from numpy.typing import NDArray


def expected_calibration_error(
    probabilities: NDArray[np.float64], liked: NDArray[np.floating], *, bins: int = 10
) -> float:
    """Return the expected calibration error (Naeini et al., 2015): bins of equal width.

    Σ share of the bin · |mean probability - share of likes|: 0 is perfect, 1 the worst. NaN when
    there is nothing to judge.

    Args:
        probabilities: 0 … 1.
        liked: 0 or 1, or the known probability of a like.
    """
    if not len(probabilities):
        return float("nan")
    place = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(place, probabilities - liked, minlength=bins)
    return float(np.abs(gaps).sum() / len(probabilities))
