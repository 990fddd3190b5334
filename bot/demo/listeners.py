"""Who lives in the demo: listeners of different taste, who already rated a few tracks."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.core.catalog import FEATURES, Catalog


@dataclass(frozen=True, slots=True)
class DemoListener:
    """Somebody with a leaning: what they like high (positive) or low (negative)."""

    name: str
    leaning: dict[str, float]


LISTENERS: Final = (
    DemoListener("Ada", {"energy": -1.0, "acousticness": 1.0, "tempo": -0.4, "loudness": -0.6}),
    DemoListener("Bo", {"energy": 1.0, "danceability": 0.6, "tempo": 0.8, "loudness": 0.6}),
    DemoListener("Cleo", {"valence": 1.0, "danceability": 0.8, "mode": 0.5, "energy": 0.2}),
)
"""Calm and acoustic; fast and loud; cheerful and danceable."""

NEWCOMER: Final = "Nova"
"""Somebody who has rated nothing yet."""

_SCORES: Final = (5, 5, 5, 4, 4, 4)
_LOW_SCORES: Final = (1, 2)
_WELL_KNOWN: Final = 0.6


def demo_ratings(catalog: Catalog, listener: DemoListener) -> list[tuple[int, int]]:
    """Return tracks and scores that fit a leaning: six that they like, two that they do not.

    Each is by another artist; where popularity is known, they are tracks people have heard of.
    """
    order = _by_fit(catalog, listener)
    best = _distinct_artists(catalog, order, len(_SCORES))
    worst = _distinct_artists(catalog, order[::-1], len(_LOW_SCORES))
    scored = [*zip(best, _SCORES, strict=False), *zip(worst, _LOW_SCORES, strict=False)]
    return [(int(catalog.track_ids[row]), score) for row, score in scored]


def demo_favorites(catalog: Catalog, listener: DemoListener, count: int) -> list[int]:
    """Return the tracks that fit a leaning best, without those that `demo_ratings` rates."""
    rated = {track_id for track_id, _ in demo_ratings(catalog, listener)}
    ids = [int(catalog.track_ids[row]) for row in _by_fit(catalog, listener)]
    return [track_id for track_id in ids if track_id not in rated][:count]


def _by_fit(catalog: Catalog, listener: DemoListener) -> list[int]:
    """Return the rows of measured tracks that people have heard of, the best fit first."""
    leaning = np.zeros(len(FEATURES))
    for feature, weight in listener.leaning.items():
        leaning[FEATURES.index(feature)] = weight
    fit = np.asarray(catalog.gaussian) @ leaning
    measured = np.asarray(catalog.known)[:, leaning != 0].all(1)
    heard = np.isnan(catalog.popularity) | (np.asarray(catalog.popularity) >= _WELL_KNOWN)
    rows = np.flatnonzero(measured & heard)
    ordered: list[int] = rows[np.lexsort((rows, -fit[rows]))].tolist()
    return ordered


def _distinct_artists(catalog: Catalog, rows: list[int], count: int) -> list[int]:
    seen: set[int] = set()
    chosen: list[int] = []
    for row in rows:
        artist = int(catalog.artist_ids[row])
        if artist not in seen:
            seen.add(artist)
            chosen.append(row)
        if len(chosen) == count:
            break
    return chosen
