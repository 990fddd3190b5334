"""From opinions to a taste: a pure function, the same bytes for the same opinions in any order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog
from bot.core.taste.affinity import artist_strengths
from bot.core.taste.preference import DISLIKE_SHARE, Judged, Preference, learn
from bot.core.taste.turning import LikedClusters, Turn

HALF_LIFE_DAYS: Final = 365.0
"""After so many days (counted back from the newest opinion) an opinion weighs half."""

SCENE_DOUBT: Final = 0.5
"""A place this far from the middle of the scene is half believed. By cross-validation: lists of
1 to 60 seeds are continued better than with plain or unit lengths."""


@dataclass(frozen=True, slots=True, order=True)
class Opinion:
    """What one listener thinks of one track.

    Something said of an album or artist is one opinion for each of its tracks, the weight of which
    the caller makes smaller, so that a long discography does not drown the rest.
    """

    row: int
    """The track's row in the catalogue."""
    value: float
    """-1 (hates it) … 1 (loves it); 0 is neutral and counts nothing."""
    weight: float = 1.0
    """How much the opinion counts, >= 0."""
    age_days: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class TasteProfile:
    """A taste in the space of one catalogue."""

    vector: NDArray[np.float32]
    """2F weighted axes, length 1; all zero when there is no opinion at all."""
    levels: NDArray[np.float64]
    """F Gaussian levels of what is liked (mean of the known ones); NaN is unknown."""
    liked_rows: NDArray[np.int64]
    liked_weights: NDArray[np.float64]
    """Ascending rows with how much each is liked now, > 0; clusters that are off are left out."""
    artist_ids: NDArray[np.int64]
    artist_strengths: NDArray[np.float64]
    """Ascending artists with an opinion about them, -1 … 1."""
    preference: Preference = field(default_factory=Preference.none)
    """The curves a track is scored by."""
    scene: NDArray[np.float32] = field(default_factory=lambda: np.empty(0, np.float32))
    """D: where in the scene the liked tracks stand; the shorter, the less sure. Empty: no scene."""
    clusters: LikedClusters = field(default_factory=LikedClusters)
    """All likes, also those that do not count."""
    disliked_rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """Ascending."""

    @property
    def has_taste(self) -> bool:
        """True when something is liked; without, the vector at most points away from dislikes."""
        return bool(len(self.liked_rows))

    def to_blob(self) -> bytes:
        """Return the vector as float32, little-endian."""
        return self.vector.astype("<f4").tobytes()


def vector_from_blob(blob: bytes) -> NDArray[np.float32]:
    """Read a vector written by `TasteProfile.to_blob`.

    Raises:
        ValueError: the blob is of another space (wrong length).
    """
    vector = np.frombuffer(blob, "<f4").astype(np.float32)
    if len(vector) != 2 * len(FEATURES):
        raise ValueError(f"a taste of {len(vector)} axes does not fit {2 * len(FEATURES)}")
    return vector


def _side(opinions: Sequence[Opinion], newest: float, sign: int) -> Judged:
    """Return the opinions of one sign, a row's together."""
    chosen = [one for one in opinions if one.value * sign > 0 and one.weight > 0]
    strengths = [
        abs(one.value) * one.weight * 0.5 ** ((one.age_days - newest) / HALF_LIFE_DAYS)
        for one in chosen
    ]
    rows, place = np.unique(np.array([one.row for one in chosen], np.int64), return_inverse=True)
    weights = np.bincount(place, np.array(strengths), len(rows)).astype(np.float64)
    strong = weights > 0  # an opinion of 1e300 days ago weighs nothing
    return Judged(rows[strong], weights[strong])


def likes_among(opinions: Iterable[Opinion]) -> Judged:
    """Return what is liked, and how much, as `build_taste` weighs it."""
    ordered = sorted(opinions)
    return _side(ordered, min((one.age_days for one in ordered), default=0.0), 1)


def _mean_vector(catalog: Catalog, judged: Judged) -> NDArray[np.float64]:
    if not len(judged.rows):
        return np.zeros(2 * len(FEATURES))
    total: NDArray[np.float64] = (catalog.vectors(judged.rows) * judged.weights[:, None]).sum(0)
    return np.asarray(total / judged.weights.sum(), np.float64)


def build_taste(
    catalog: Catalog, opinions: Iterable[Opinion], turns: Sequence[Turn] = ()
) -> TasteProfile:
    """Turn opinions into a taste.

    The vector is the weighted mean of the liked tracks' vectors minus `DISLIKE_SHARE` of that of
    the disliked ones. Only dislikes: it points away from them, and `has_taste` is False. Opinions
    that cancel out or say nothing leave a vector of zeros.

    Args:
        turns: of clusters, the oldest first.
    """
    ordered = sorted(opinions)
    newest = min((one.age_days for one in ordered), default=0.0)
    likes, dislikes = (_side(ordered, newest, sign) for sign in (1, -1))
    learned = learn(catalog, likes, dislikes)
    clusters = LikedClusters.of(likes, learned.labels, turns)
    likes, turned = clusters.counting()
    if turned is not None:
        learned = learn(catalog, likes, dislikes, turned)
    vector = _mean_vector(catalog, likes) - DISLIKE_SHARE * _mean_vector(catalog, dislikes)
    length = float(np.sqrt((vector**2).sum()))
    artist_ids, strengths = artist_strengths(catalog, likes, dislikes, learned.chances)
    return TasteProfile(
        vector=(vector / length if length > 1e-9 else np.zeros_like(vector)).astype(np.float32),
        levels=levels_of(catalog, likes.rows, likes.weights),
        liked_rows=likes.rows,
        liked_weights=likes.weights,
        artist_ids=artist_ids,
        artist_strengths=strengths,
        preference=learned.preference,
        scene=_scene(catalog, likes, dislikes),
        clusters=clusters,
        disliked_rows=dislikes.rows,
    )


def _scene(catalog: Catalog, likes: Judged, dislikes: Judged) -> NDArray[np.float32]:
    """Return q / (|q| + doubt) of the mean of the likes less a share of that of the dislikes."""
    mean = np.zeros(catalog.scene.shape[1])
    for judged, share in ((likes, 1.0), (dislikes, -DISLIKE_SHARE)):
        if len(judged.rows):
            vectors = catalog.scene[judged.rows].astype(np.float64)
            mean += share * (vectors * judged.weights[:, None]).sum(0) / judged.weights.sum()
    return (mean / (float(np.sqrt((mean**2).sum())) + SCENE_DOUBT)).astype(np.float32)


def levels_of(
    catalog: Catalog,
    rows: Sequence[int] | NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Return the mean Gaussian level of some tracks per feature; NaN where none knows it."""
    rows = np.asarray(rows, np.int64)
    share = np.ones(len(rows)) if weights is None else weights
    known = catalog.known[rows] * share[:, None]
    total = (catalog.gaussian[rows] * known).sum(0)
    count = known.sum(0)
    levels = np.full(len(FEATURES), np.nan)
    np.divide(total, count, out=levels, where=count > 0)
    return levels
