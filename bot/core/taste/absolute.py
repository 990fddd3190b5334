"""What may be said of a sound whatever it is compared with: from its own values, not its place.

A place in the catalogue alone misleads. Where nearly everything is instrumental, the least
instrumental tracks still are; where hardly anybody speaks, the upper third does not speak either.
The bounds follow how the features are defined (instrumentalness above 0.5 means no voice,
speechiness below 0.1 means no more words than a song has); those of tempo are the usual ones of
"slow" and "fast" in beats per minute.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np

from bot.core.catalog import FEATURES, QUANTILES, Catalog


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which values nothing is said of a feature, and which differences are heard."""

    low: float
    """Up to here a word for "low" holds."""
    high: float
    """From here on a word for "high" holds."""
    heard: float
    """The smallest difference worth a word."""
    is_presence: bool = False
    """True for what is there or not: below `high` there is nothing to have more or less of."""


BOUNDS: Final[Mapping[str, Bounds]] = {
    "danceability": Bounds(0.45, 0.6, 0.1),
    "energy": Bounds(0.4, 0.6, 0.1),
    "valence": Bounds(0.4, 0.6, 0.1),
    "acousticness": Bounds(0.3, 0.5, 0.1, is_presence=True),
    "instrumentalness": Bounds(0.2, 0.501, 0.1, is_presence=True),
    "liveness": Bounds(0.2, 0.5, 0.1, is_presence=True),
    "speechiness": Bounds(0.06, 0.1, 0.04, is_presence=True),
    "loudness": Bounds(-13.0, -8.0, 2.0),
    "tempo": Bounds(90.0, 120.0, 8.0),
    "mode": Bounds(0.4, 0.6, inf),
    "year": Bounds(9999.0, 0.0, 3.0),
}
"""In the units of `core.models.AudioFeatures`; a year is only ever compared. A tempo is one between
60 and 180, as the catalogue folds it: a word that holds for it holds for the unfolded one, too."""


def cautious_value(catalog: Catalog, feature: str, share: float) -> float | None:
    """Return a value that stands at a percentile of the catalogue; None where none is known.

    The table of quantiles tells it to within one step. Of all that lies within that step it is the
    one nearest to where nothing is said, so a word that holds for it holds for all of them.

    Args:
        catalog: that the percentile is of.
        feature: one of `BOUNDS`.
        share: 0 … 1.
    """
    table = catalog.feature_tables[FEATURES.index(feature)]
    if np.isnan(table[0]):
        return None
    place = min(int(share * QUANTILES), QUANTILES - 1)
    near = table[max(place - 1, 0) : place + 2].astype(np.float64)
    if feature == "tempo":
        near = np.exp2(near)
    bounds = BOUNDS[feature]
    middle = (bounds.low + bounds.high) / 2
    return round(float(np.clip(middle, near[0], near[-1])), 6)


def is_high(feature: str, value: float) -> bool:
    """Return whether a word for "high" holds of a value."""
    return value >= BOUNDS[feature].high


def is_low(feature: str, value: float) -> bool:
    """Return whether a word for "low" holds of a value."""
    return value <= BOUNDS[feature].low


def steps_apart(feature: str, value: float, other: float) -> int:
    """Return how many heard steps a value lies above another one: 0 is none, below 0 is below.

    What is there or not is only compared where the larger of the two is there.
    """
    bounds = BOUNDS[feature]
    if bounds.is_presence and max(value, other) < bounds.high:
        return 0
    return int((value - other) / bounds.heard + (1e-9 if value > other else -1e-9))
