"""Who lives in the demo: listeners of different taste, who already rated a few tracks."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.core.catalog import FEATURES, Catalog


@dataclass(frozen=True, slots=True)
class DemoListener:
    """Somebody whose taste one understands at a glance."""

    name: str
    taste: str
    """In words."""
    genres: frozenset[str]
    """What they listen to; where the catalogue has none of it, the leaning speaks alone."""
    leaning: dict[str, float]
    """What they like high (positive) or low (negative)."""

    @property
    def nick(self) -> str:
        """What they are called in the server of the demo."""
        return f"{self.name} ({self.taste})"


LISTENERS: Final = (
    DemoListener("Ada", "quiet folk", frozenset({"folk"}), {"energy": -1.0, "acousticness": 0.8}),
    DemoListener(
        "Bo", "garage punk", frozenset({"punk", "post-punk"}), {"energy": 1.0, "tempo": 0.3}
    ),
    DemoListener(
        "Cleo", "electronic dance", frozenset({"electronic"}), {"danceability": 1.0, "energy": 0.5}
    ),
)

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
    """Return the rows of measured tracks that people have heard of, the best fit first.

    Those of the listener's genres come before all others.
    """
    leaning = np.zeros(len(FEATURES))
    for feature, weight in listener.leaning.items():
        leaning[FEATURES.index(feature)] = weight
    fit = np.asarray(catalog.gaussian) @ leaning
    measured = np.asarray(catalog.known)[:, leaning != 0].all(1)
    heard = np.isnan(catalog.popularity) | (np.asarray(catalog.popularity) >= _WELL_KNOWN)
    rows = np.flatnonzero(measured & heard)
    named = dict(zip(catalog.genre_names, catalog.genre_keys.tolist(), strict=True))
    home = catalog.rows_of_genres([named[one] for one in listener.genres if one in named])
    ordered: list[int] = rows[np.lexsort((rows, -fit[rows], ~np.isin(rows, home)))].tolist()
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
