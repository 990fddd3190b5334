"""What a track pays for coming up for many; `wallpaper` learns how much."""

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import CROWDING_DIALS, Catalog


def crowding_price(
    catalog: Catalog, rows: NDArray[np.int64], obscurity: int
) -> NDArray[np.float64]:
    """Return what crowding takes from each score, <= 0.

    It is what was learned for the next position of the dial below, where all may be shown that may
    be shown here.
    """
    if not catalog.crowding.shape[1]:
        return np.zeros(len(rows))
    dial = int(np.searchsorted(CROWDING_DIALS, obscurity, "right")) - 1
    taken: NDArray[np.float64] = -catalog.crowding[rows, dial].astype(np.float64)
    return taken
