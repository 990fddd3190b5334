"""What a listener can be told: how high a level is, which of their tracks is closest."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog, normal_share
from bot.core.taste.absolute import cautious_value
from bot.core.taste.taste import TasteProfile

_CIRCLE = frozenset({"key_cos", "key_sin"})


@dataclass(frozen=True, slots=True)
class FeatureLevel:
    """How high something stands in one feature, against the catalogue."""

    feature: str
    percentile: float
    """0 (lowest of the catalogue) … 1 (highest); a taste's mean stands nearer to the middle."""
    value: float | None = None
    """What stands there, `absolute.cautious_value`; None: not known, so no word holds."""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A liked track beside another one."""

    row: int
    cosine: float
    """-1 … 1 in the weighted space."""


def describe(catalog: Catalog, levels: NDArray[np.floating]) -> list[FeatureLevel]:
    """Return the known levels as percentiles, in the order of `FEATURES`; the key has no height.

    Args:
        catalog: that they are levels of.
        levels: F Gaussian levels, NaN unknown: `TasteProfile.levels` or `taste.levels_of` tracks.
    """
    shares = normal_share(np.asarray(levels, np.float64))
    return [
        FeatureLevel(feature, float(share), cautious_value(catalog, feature, float(share)))
        for feature, share in zip(FEATURES, shares, strict=True)
        if feature not in _CIRCLE and not np.isnan(share)
    ]


def nearest_liked(catalog: Catalog, taste: TasteProfile, row: int) -> Neighbor | None:
    """Return the liked track closest to this one (not itself); None when there is none.

    Ties go to the track that is liked more, then to the lower id.
    """
    others = taste.liked_rows != row
    rows = taste.liked_rows[others]
    if not len(rows):
        return None
    cosines = (catalog.vectors(rows) * catalog.vectors([row])).sum(1)
    best = np.lexsort((rows, -taste.liked_weights[others], -np.round(cosines, 12)))[0]
    return Neighbor(int(rows[best]), float(np.clip(cosines[best], -1, 1)))


def most_together(catalog: Catalog, taste: TasteProfile, row: int) -> int | None:
    """Return the row of the liked track that is played with this one most; None without a scene.

    Ties go to the lower id.
    """
    rows = taste.liked_rows[taste.liked_rows != row]
    if not len(rows) or not catalog.scene.shape[1]:
        return None
    weights = taste.liked_weights[taste.liked_rows != row]
    company = catalog.scene[rows].astype(np.float64) * catalog.scene[row].astype(np.float64)
    return int(rows[np.argmax(weights * company.sum(axis=1))])
