"""Estimates of what listeners perceive: ridge regressions on the descriptors.

The weights (`ridge.json`) were fitted to 650 tracks of the Free Music Archive with the values that
the Echo Nest gave them (FMA: Defferrard et al., ISMIR 2017; CC BY 4.0). How well a regression does
is its `CONFIDENCE`, the rank correlation on held-out tracks.
"""

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.audio.analysis import PERCEIVED, Estimate
from bot.audio.descriptors import NAMES

CONFIDENCE: Final = {
    "acousticness": 0.87,
    "energy": 0.83,
    "instrumentalness": 0.57,
    "danceability": 0.56,
    "speechiness": 0.25,
    "valence": 0.25,
}
"""Spearman's ρ in cross-validation. Valence had .48 there and .13 on another set, and speechiness
(.49) is about speech more than about music: both are shown, and trusted less than `LEAST` in
`services.analysis`. Liveness (.19) is not claimed at all."""
FULL_BAND_HZ: Final = 10_000.0
"""If a codec cut off everything above this, "acoustic" would only mean that."""


@lru_cache(1)
def _weights() -> dict[str, Any]:
    text = files("bot.audio").joinpath("ridge.json").read_text(encoding="utf-8")
    weights: dict[str, Any] = json.loads(text)
    return weights


def raw_estimates(descriptors: NDArray[np.float64]) -> dict[str, float]:
    """Return what the regressions say of descriptors in the order of `NAMES`; may leave 0 … 1."""
    weights = _weights()
    order = [NAMES.index(name) for name in weights["descriptors"]]
    values = descriptors[order]
    found = {}
    for name in PERCEIVED:
        model = weights["models"][name]
        level = (values - np.array(model["mean"])) / np.array(model["scale"])
        found[name] = float(model["intercept"] + level @ np.array(model["weights"]))
    return found


def estimates(descriptors: NDArray[np.float64], bandwidth_hz: float) -> dict[str, Estimate]:
    """Return every perceived feature within 0 … 1, and how far to trust it."""
    found = {}
    for name, value in raw_estimates(descriptors).items():
        trusted = name != "acousticness" or bandwidth_hz >= FULL_BAND_HZ
        found[name] = Estimate(float(np.clip(value, 0, 1)), CONFIDENCE[name] if trusted else 0.0)
    return found
