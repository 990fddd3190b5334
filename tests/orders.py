"""What the order of a list costs."""

from collections.abc import Sequence

import numpy as np

from bot.core.lists import sequencing
from bot.core.models import AudioFeatures


def order_cost(tracks: Sequence[AudioFeatures], order: Sequence[int]) -> float:
    """Return what an order costs, by the formula of `sequencing`; 0 for no track."""
    if not order:
        return 0.0
    return sequencing._cost(
        sequencing._steps(tracks), sequencing._places(tracks, {}), np.asarray(order, np.int64)
    )
