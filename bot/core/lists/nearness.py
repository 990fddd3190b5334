"""How near tracks are to each other, by sound and by the company they keep.

A track is one vector: what it sounds like (`Catalog.vectors`) beside its place in the scene, both
of unit length, so that the product of two vectors is the mean of two cosines. Without a scene the
sound counts alone; what is not known of a track adds nothing.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import AXIS_WEIGHTS, FEATURES, Catalog

_SCENE_SHARE: Final = 0.5
"""How much company counts beside sound, where there is a scene."""
_PIECE: Final = 4096


def closeness(
    catalog: Catalog, rows: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return how near many tracks are to few others, rows × ends, -1 … 1."""
    share = _share(catalog)
    width = len(FEATURES)
    sound = ((1 - share) * catalog.vectors(ends) * np.sqrt(AXIS_WEIGHTS)).astype(np.float32).T
    company = np.float32(share) * _units(catalog.scene[ends].astype(np.float32)).T
    by_artist = catalog.artist_contexts @ sound[width:]
    near = np.empty((len(rows), len(ends)), np.float32)
    for start in range(0, len(rows), _PIECE):  # a piece stays in the cache
        some = rows[start : start + _PIECE]
        found = catalog.gaussian[some] @ sound[:width]
        found += by_artist[catalog.artist_index[some]]
        found *= catalog.inverse_norms[some, None]
        if share:
            places = catalog.scene[some].astype(np.float32)
            found += (places @ company) / _lengths(places)
        near[start : start + _PIECE] = found
    return near


def placed(catalog: Catalog, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the vectors of some tracks, whose products are how near they are."""
    share = _share(catalog)
    sound = np.sqrt(1 - share) * catalog.vectors(rows)
    company = np.sqrt(share) * _units(catalog.scene[rows].astype(np.float32))
    return np.hstack([sound, company]).astype(np.float32)


def _share(catalog: Catalog) -> float:
    return _SCENE_SHARE if catalog.scene.shape[1] else 0.0


def _units(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    units: NDArray[np.float32] = vectors / _lengths(vectors)
    return units


def _lengths(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the lengths as a column; 1 for a vector of nothing."""
    squares: NDArray[np.float32] = np.einsum("ij,ij->i", vectors, vectors)[:, None]
    squares[squares == 0] = 1
    return np.sqrt(squares)
