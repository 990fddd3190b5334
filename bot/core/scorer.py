"""The score of a taste in two forms: what a track can score at most, and what it scores.

The seam between how a score comes about and how the best tracks are found (`search`): whatever is
added to the score must be added to both forms here, and taken apart in `scoring.score_parts`.

What an artist's context and the listener's liking of the artist make of a score is known exactly
from the artist alone; only what the own levels and the scene add is bounded by short forms.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.core.filters import Rows
from bot.core.preference import Preference
from bot.core.scoring import (
    NEUTRAL_POPULARITY,
    PENALTY_STRENGTH,
    SCENE_WEIGHT,
    assumed_popularity,
    ceiling,
)
from bot.core.sketch import sketch
from bot.core.space import FEATURES, Catalog
from bot.core.taste import TasteProfile

_OWN: Final = slice(0, len(FEATURES))
_CONTEXT: Final = slice(len(FEATURES), 2 * len(FEATURES))


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """One taste of K clusters and one position of the dial, in float32."""

    catalog: Catalog
    linear: NDArray[np.float32]
    """F × K factors for a track's own levels."""
    square: NDArray[np.float32]
    """F factors for their squares."""
    by_artist: NDArray[np.float32]
    """K × artist, in the order of `artist_keys`: all of a score that the artist decides."""
    scene: NDArray[np.float32]
    """D factors for a track's place in the scene; none without a scene."""
    directions: NDArray[np.float32]
    """K short forms: their products with `Catalog.sketch` are what `bounds` is made of."""
    obscurity: int

    @classmethod
    def of(cls, catalog: Catalog, taste: TasteProfile, *, obscurity: int, affinity: float) -> Self:
        """Prepare a taste for the tracks of a catalogue."""
        preference = taste.preference
        place, here = catalog.places_of_artists(taste.artist_ids)
        by_artist = _by_artist(catalog, preference)
        by_artist[:, place[here]] += (affinity * taste.artist_strengths[here]).astype(np.float32)
        scene = np.empty(0)
        if len(taste.scene) == catalog.scene.shape[1]:
            scene = SCENE_WEIGHT * taste.scene.astype(np.float64)
        return cls(
            catalog=catalog,
            linear=np.ascontiguousarray(preference.linear[:, _OWN].T).astype(np.float32),
            square=preference.square[_OWN].astype(np.float32),
            by_artist=by_artist,
            scene=scene.astype(np.float32),
            directions=_directions(catalog, preference, scene),
            obscurity=obscurity,
        )

    def bounds(self, products: NDArray[np.float32], rows: Rows) -> NDArray[np.float32]:
        """Return what some rows can score at most.

        Args:
            products: `directions` × rows of `Catalog.sketch`; they may be overwritten.
        """
        bounds = self._nearest(products, self.catalog.artist_index[rows].astype(np.int64))
        bounds += self._penalties(rows)
        return bounds

    def _nearest(self, own: NDArray[np.float32], artists: NDArray[np.int64]) -> NDArray[np.float32]:
        """Add the artists' part to the own one of each cluster, and take the best cluster's."""
        best: NDArray[np.float32] = own[0]
        best += self.by_artist[0].take(artists)
        for cluster in range(1, len(own)):
            own[cluster] += self.by_artist[cluster].take(artists)
            np.maximum(best, own[cluster], out=best)
        return best

    def _penalties(self, rows: Rows) -> NDArray[np.float32] | np.float32:
        """Return what `scoring.popularity_penalty` takes, in float32."""
        if not self.obscurity:
            return np.float32(0)
        above: NDArray[np.float32] = self.catalog.popularity[rows] - np.float32(
            ceiling(self.obscurity)
        )
        above[np.isnan(above)] = NEUTRAL_POPULARITY - ceiling(self.obscurity)
        np.maximum(above, 0, out=above)
        above *= np.float32(-PENALTY_STRENGTH * self.obscurity / 100)
        return above

    def scores(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return the scores of some rows."""
        levels = self.catalog.gaussian[rows]
        own = np.ascontiguousarray((levels @ self.linear).T)
        scores = self._nearest(own, self.catalog.artist_index[rows].astype(np.int64))
        scores += levels**2 @ self.square
        if len(self.scene):
            scores += self.catalog.scene[rows].astype(np.float32) @ self.scene
        scores += self._penalties(rows)
        return scores

    def above(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which rows stand above the ceiling that the dial promises.

        None does where no popularity is known of any track, or the dial stands at 0.
        """
        if not self.obscurity or not self.catalog.source_names:
            return np.zeros(len(rows), np.bool_)
        return assumed_popularity(self.catalog.popularity[rows]) > ceiling(self.obscurity)


def _by_artist(catalog: Catalog, preference: Preference) -> NDArray[np.float32]:
    contexts = catalog.artist_contexts
    shared = contexts**2 @ preference.square[_CONTEXT].astype(np.float32)
    linear = preference.linear[:, _CONTEXT].astype(np.float32) @ contexts.T
    whole: NDArray[np.float32] = linear + shared + preference.offsets[:, None].astype(np.float32)
    return np.ascontiguousarray(whole)


def _directions(
    catalog: Catalog, preference: Preference, scene: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return a short form per cluster, in the order of `Catalog.sketch`."""
    squares = np.broadcast_to(preference.square[_OWN], (len(preference.linear), len(FEATURES)))
    own = np.hstack([preference.linear[:, _OWN], squares]) * catalog.sketch_scales
    short = sketch(catalog.sketch_axes, own)
    width = len(catalog.sketch) - len(short)
    company = np.zeros((width, 1), np.float32)
    if width and len(scene):
        company = sketch(catalog.scene_axes, scene[None, :])
    return np.ascontiguousarray(
        np.concatenate([short, np.broadcast_to(company, (width, short.shape[1]))]).T
    )
