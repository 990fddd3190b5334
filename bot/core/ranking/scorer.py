"""The score of a taste: what a block of tracks, what a track can score at most, what it scores.

The seam between how a score comes about and how the best tracks are found (`search`): whatever is
added to the score must be added to all forms here, and taken apart in `scoring.score_parts`.

What an artist's context and the listener's liking of the artist make of a score is known exactly
from the artist alone; only what the own levels and the scene add is bounded by short forms.
"""

from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog, assumed_popularity, peaks, sketch
from bot.core.ranking.crowding import crowding_price
from bot.core.ranking.lift import NO_LIFT, Lift
from bot.core.ranking.obscurity import PENALTY_STRENGTH, DeepCuts, ceiling, counting_fame
from bot.core.ranking.scoring import artist_listing, counting_weights
from bot.core.taste import Preference, TasteProfile

_OWN: Final = slice(0, len(FEATURES))
_CONTEXT: Final = slice(len(FEATURES), 2 * len(FEATURES))
_PIECE: Final = 16_384
_HALVES: Final = 4_096
_PRECISE: Final = 500.0
"""Smaller sums than this are exact to 1e-4 in float32, a fifth of what a search allows for."""


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
    renown: np.float32
    """The factor for the song's popularity."""
    obscurity: int
    cuts: DeepCuts
    lift: Lift
    """No bound or limit counts it: what it lifts must be looked at track by track."""

    @classmethod
    def of(
        cls,
        catalog: Catalog,
        taste: TasteProfile,
        *,
        obscurity: int,
        affinity: float,
        cuts: DeepCuts = DeepCuts.NO,
        lift: Lift = NO_LIFT,
    ) -> Self:
        """Prepare a taste for the tracks of a catalogue."""
        preference = taste.preference
        place, here = catalog.places_of_artists(taste.artist_ids)
        by_artist = _by_artist(catalog, preference)
        weights = counting_weights(catalog, taste, obscurity)
        loved = weights.artist * affinity * taste.artist_strengths[here]
        by_artist[:, place[here]] += loved.astype(np.float32)
        if weights.listing:
            listed = np.flatnonzero(catalog.artist_lists)  # without a scene, nobody is
            listing = weights.listing * artist_listing(catalog, listed)
            by_artist[:, listed] += listing.astype(np.float32)
        scene = np.empty(0)
        if len(taste.scene) == catalog.scene.shape[1]:
            scene = weights.company * taste.scene.astype(np.float64)
        return cls(
            catalog=catalog,
            linear=np.ascontiguousarray(preference.linear[:, _OWN].T).astype(np.float32),
            square=preference.square[_OWN].astype(np.float32),
            by_artist=by_artist,
            scene=scene.astype(np.float32),
            directions=_directions(catalog, preference, scene),
            renown=np.float32(weights.renown),
            obscurity=obscurity,
            cuts=cuts,
            lift=lift,
        )

    def limits(self) -> NDArray[np.float64]:
        """Return what the tracks of each block of the sketch can score at most."""
        low, high = self.catalog.sketch_boxes
        levels = slice(0, len(FEATURES))
        own = peaks(self.linear.T, self.square, low[levels], high[levels])
        artists = self.by_artist.max(axis=1, initial=-np.inf)
        company = float(np.sqrt((self.scene.astype(np.float64) ** 2).sum())) * high[-3]
        limits: NDArray[np.float64] = (own + artists[:, None]).max(axis=0)
        limits += company + self._penalties(self._counting(low[-1], low[-2]))
        limits += np.maximum(self.renown * low[-2], self.renown * high[-2])
        return limits

    def bounds(self, products: NDArray[np.float32], columns: slice) -> NDArray[np.float32]:
        """Return what the tracks in some columns of the sketch can score at most.

        Args:
            products: `directions` × those columns; they may be overwritten.
        """
        catalog = self.catalog
        bounds = self._nearest(products, catalog.sketch_artists[columns])
        if self.renown:
            bounds += self.renown * catalog.sketch_popularity[columns]
        if self.obscurity:
            fame = self._counting(catalog.sketch_fame[columns], catalog.sketch_popularity[columns])
            bounds += self._penalties(fame)
        return bounds

    def _nearest(self, own: NDArray[np.float32], artists: NDArray[np.int64]) -> NDArray[np.float32]:
        """Add the artists' part to the own one of each cluster, and take the best cluster's."""
        best: NDArray[np.float32] = own[0]
        best += self.by_artist[0].take(artists)
        for cluster in range(1, len(own)):
            own[cluster] += self.by_artist[cluster].take(artists)
            np.maximum(best, own[cluster], out=best)
        return best

    def _counting(
        self, fame: NDArray[np.float32], popularity: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return no more than `obscurity.counting_fame` of columns, or of any in a block."""
        return fame if self.cuts is DeepCuts.NO else np.minimum(fame, popularity)

    def _penalties(self, fame: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what `obscurity.fame_penalty` takes, in float32; nothing is unknown."""
        above: NDArray[np.float32] = fame - np.float32(ceiling(self.obscurity))
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
            scores += half_products(self.catalog.scene, rows, self.scene)
        if self.renown:
            scores += self.renown * assumed_popularity(self.catalog.popularity[rows])
        if self.catalog.crowding.shape[1]:  # bounds go without: it only takes
            scores += crowding_price(self.catalog, rows, self.obscurity).astype(np.float32)
        if self.obscurity:
            fame = counting_fame(self.catalog, rows, self.cuts)
            scores += self._penalties(fame.astype(np.float32))
        if len(self.lift.rows):
            scores += self.lift.of(rows).astype(np.float32)
        return scores

    def above(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which rows stand above the ceiling that the dial promises.

        None does where nobody counts any artist, or the dial stands at 0.
        """
        if not self.obscurity or not self.catalog.knows_fame:
            return np.zeros(len(rows), np.bool_)
        above: NDArray[np.bool_] = counting_fame(self.catalog, rows, self.cuts) > ceiling(
            self.obscurity
        )
        return above


def half_products(
    halves: NDArray[np.float16], rows: NDArray[np.int64], factors: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the products of some rows of a matrix of finite halves with a vector.

    What `astype` would do, in a third of its time: the bits of a half, moved to where a float32 has
    them, are the number but for its exponent, which is 112 too small.
    """
    larger = factors * np.float32(2.0**112)
    products = np.empty(len(rows), np.float32)
    for start in range(0, len(rows), _HALVES):
        piece = slice(start, start + _HALVES)
        bits = halves.take(rows[piece], axis=0).view(np.int16).astype(np.int32)
        bits <<= 13
        bits &= ~0x70000000  # the sign is repeated there
        np.matmul(bits.view(np.float32), larger, out=products[piece])
    return products


def _by_artist(catalog: Catalog, preference: Preference) -> NDArray[np.float32]:
    """Return what the artists' part of each cluster's score is.

    Added up in float64 where artists hardly differ in something: large numbers cancel each other
    there.
    """
    contexts = catalog.artist_contexts.T
    linear, square = preference.linear[:, _CONTEXT], preference.square[_CONTEXT]
    is_small = _largest_term(catalog, linear, square) < _PRECISE
    kind: type[np.float32 | np.float64] = np.float32 if is_small else np.float64
    factors: list[NDArray[Any]] = [one.astype(kind) for one in (linear, square)]
    lines, squares = factors
    offsets: NDArray[Any] = preference.offsets.astype(kind)
    whole = np.empty((len(lines), contexts.shape[1]), np.float32)
    for start in range(0, contexts.shape[1], _PIECE):  # the squares stay in the cache
        piece: NDArray[Any] = contexts[:, start : start + _PIECE].astype(kind)
        whole[:, start : start + _PIECE] = offsets[:, None] + squares @ piece**2 + lines @ piece
    return whole


def _largest_term(
    catalog: Catalog, linear: NDArray[np.float64], square: NDArray[np.float64]
) -> float:
    """Return how large what is added up for an artist can be at most, whatever cancels.

    An artist's context is a mean of levels, so none is larger than the largest level.
    """
    levels = np.abs(catalog.sketch_boxes[:, : len(FEATURES)]).max(axis=(0, 2), initial=0.0)
    return float((np.abs(linear) @ levels + np.abs(square) @ levels**2).max(initial=0.0))


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
