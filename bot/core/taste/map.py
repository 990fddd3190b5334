"""A map of the catalogue by sound, and where a listener stands on it.

Its two axes are the principal components (PCA: Pearson, 1901) of the tracks' vectors, so one map
serves everybody and two people's can be laid side by side. They are computed from a sample of the
tracks that the ranks were made of: while the catalogue grows, the map holds still.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog
from bot.core.taste.cluster_names import ClusterName
from bot.core.taste.explanation import describe
from bot.core.taste.preference import levels_at
from bot.core.taste.taste import TasteProfile, levels_of
from bot.core.taste.turning import LikedClusters

SAMPLE: Final = 4_096
"""So many measured tracks, evenly spread, stand for the catalogue."""
LIKELY: Final = 0.15
"""The share of the sample that is drawn as what one might like."""
_EDGE: Final = 0.005
"""This share of the sample lies beyond each edge of the map, and is drawn at it."""
_AT_END: Final = 0.1
"""This share of the sample lies at an end of an axis."""
_SAID: Final = ("energy", "acousticness", "instrumentalness", "danceability", "valence", "year")
"""Features that may name an end of an axis."""


@dataclass(frozen=True, slots=True, eq=False)
class AxisEnd:
    """What the tracks at one end of an axis have in common."""

    feature: str
    high: bool
    value: float | None = None
    """What the tracks there measure, `absolute.cautious_value`: a word has to hold of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """The map of one catalogue, without anybody on it."""

    rows: NDArray[np.int64]
    """The sample; at least one."""
    places: NDArray[np.float32]
    """Sample × 2, each -1 … 1."""
    middle: NDArray[np.float64]
    axes: NDArray[np.float64]
    """2F × 2."""
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    """2: which products with the axes are drawn at the edges."""
    ends: tuple[tuple[AxisEnd, AxisEnd], ...]
    """For each axis, at -1 and at 1; nothing for an axis along which nothing varies."""

    def places_of(self, catalog: Catalog, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return where some tracks of the catalogue are: n × 2, each -1 … 1."""
        return self._placed((catalog.vectors(rows) - self.middle) @ self.axes)

    def _placed(self, products: NDArray[np.float64]) -> NDArray[np.float32]:
        width = np.where(self.high > self.low, self.high - self.low, 1.0)
        scaled = 2 * (products - (self.low + self.high) / 2) / width
        return np.clip(scaled, -1, 1).astype(np.float32)


def ground_of(catalog: Catalog) -> Ground | None:
    """Make the map of a catalogue; None when nothing in it is measured.

    The signs of the axes are chosen so that energy grows to the right, and upwards what the upper
    end is named by.
    """
    measured = np.flatnonzero(catalog.measured[: catalog.built_size])
    if not len(measured):
        measured = np.flatnonzero(catalog.measured)
    if not len(measured):
        return None
    rows = measured[np.linspace(0, len(measured) - 1, min(SAMPLE, len(measured))).astype(int)]
    vectors = catalog.vectors(rows).astype(np.float64)
    middle = vectors.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov(vectors - middle, rowvar=False, bias=True))
    axes = axes[:, [-1, -2]]
    products = (vectors - middle) @ axes
    levels = catalog.gaussian[rows].astype(np.float64)
    alike = [_likeness(levels, products[:, axis]) for axis in (0, 1)]
    leading = [_leading(alike[0], first="energy"), _leading(alike[1], first=None)]
    signs = [-1.0 if alike[axis][leading[axis]] < 0 else 1.0 for axis in (0, 1)]
    axes, products = axes * signs, products * signs
    ground = Ground(
        rows=rows,
        places=np.empty((0, 2), np.float32),
        middle=middle,
        axes=axes,
        low=np.quantile(products, _EDGE, axis=0),
        high=np.quantile(products, 1 - _EDGE, axis=0),
        ends=_ends(
            catalog, rows, products, [one * sign for one, sign in zip(alike, signs, strict=True)]
        ),
    )
    return Ground(
        rows, ground.places_of(catalog, rows), middle, axes, ground.low, ground.high, ground.ends
    )


def _likeness(levels: NDArray[np.float64], along: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the correlation of every feature with an axis; 0 where either does not vary."""
    centered = levels - levels.mean(axis=0)
    moved = along - along.mean()
    size = np.sqrt((centered**2).sum(axis=0) * (moved**2).sum())
    found: NDArray[np.float64] = np.zeros(len(size))
    np.divide(centered.T @ moved, size, out=found, where=size > 1e-9)
    return found


def _leading(likeness: NDArray[np.float64], *, first: str | None) -> int:
    """Return the feature that says which way an axis points."""
    if first is not None and likeness[FEATURES.index(first)]:
        return FEATURES.index(first)
    return int(np.abs(likeness).argmax())


def _ends(
    catalog: Catalog,
    rows: NDArray[np.int64],
    products: NDArray[np.float64],
    alike: Sequence[NDArray[np.float64]],
) -> tuple[tuple[AxisEnd, AxisEnd], ...]:
    """Name the ends of the axes by the features that go with them most, each by others."""
    ends: list[tuple[AxisEnd, AxisEnd]] = []
    used: set[str] = set()
    for along, likeness in zip(products.T, alike, strict=True):
        said = [one for one in _SAID if one not in used and likeness[FEATURES.index(one)]]
        if not said:
            break
        best = max(said, key=lambda one: abs(likeness[FEATURES.index(one)]))
        used.add(best)
        grows = bool(likeness[FEATURES.index(best)] > 0)
        low, high = np.quantile(along, [_AT_END, 1 - _AT_END])
        ends.append(
            (
                AxisEnd(best, not grows, _measured(catalog, rows[along <= low], best)),
                AxisEnd(best, grows, _measured(catalog, rows[along >= high], best)),
            )
        )
    return tuple(ends)


def _measured(catalog: Catalog, rows: NDArray[np.int64], feature: str) -> float | None:
    """Return what some tracks measure in a feature on the whole; None where it is not known."""
    levels = describe(catalog, levels_of(catalog, rows))
    return next((one.value for one in levels if one.feature == feature), None)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Where one listener's taste is on the map."""

    likely: NDArray[np.float32]
    """n × 2: tracks of the sample that they might like."""
    likely_clusters: NDArray[np.int64]
    """The cluster that each of these is nearest to."""
    likes: NDArray[np.float32]
    """n × 2; what nothing is known of has no place."""
    labels: NDArray[np.int64]
    """The cluster of each like."""
    dislikes: NDArray[np.float32]
    centers: NDArray[np.float32]
    """K × 2: the weighted means of the clusters' likes."""
    representatives: NDArray[np.int64]
    """K rows: the like that is most like its cluster."""
    shares: NDArray[np.float64]
    """K: of the weight of all likes."""


def stand(catalog: Catalog, ground: Ground, taste: TasteProfile) -> Standing:
    """Place a taste on the map. Without any like, nothing is likely and there is no cluster."""
    clusters = taste.clusters
    likes = ground.places_of(catalog, clusters.rows)
    known = catalog.vectors(clusters.rows).any(axis=1)
    disliked = taste.disliked_rows[catalog.vectors(taste.disliked_rows).any(axis=1)]
    count = len(clusters.factors) if len(clusters.rows) else 0
    weights = clusters.weights[:, None]
    centers = np.zeros((count, 2), np.float32)
    for one in range(count):
        here = clusters.labels == one
        centers[one] = (likes[here] * weights[here]).sum(axis=0) / weights[here].sum()
    rows, nearest = _likely(catalog, ground, taste) if count else (np.empty(0, np.int64),) * 2
    shares = np.bincount(clusters.labels, clusters.weights, count).astype(np.float64)
    return Standing(
        likely=ground.places[rows],
        likely_clusters=nearest,
        likes=likes[known],
        labels=clusters.labels[known],
        dislikes=ground.places_of(catalog, disliked),
        centers=centers,
        representatives=representatives(catalog, clusters),
        shares=shares / shares.sum() if count else shares,
    )


def middle_of(catalog: Catalog, ground: Ground, taste: TasteProfile) -> NDArray[np.float32] | None:
    """Return where a taste stands as a whole: the mean of its likes; None when it has none."""
    if not taste.has_taste:
        return None
    places = ground.places_of(catalog, taste.liked_rows)
    share = (taste.liked_weights / taste.liked_weights.sum())[:, None]
    return np.asarray((places * share).sum(axis=0), np.float32)


def representatives(catalog: Catalog, clusters: LikedClusters) -> NDArray[np.int64]:
    """Return the like of each cluster whose vector is nearest to their mean; ties: the first."""
    if not len(clusters.rows):
        return np.empty(0, np.int64)
    vectors = catalog.vectors(clusters.rows).astype(np.float64)
    found = []
    for one in range(len(clusters.factors)):
        here = np.flatnonzero(clusters.labels == one)
        mean = (vectors[here] * clusters.weights[here, None]).sum(axis=0)
        found.append(clusters.rows[here[int(np.round(vectors[here] @ mean, 9).argmax())]])
    return np.array(found, np.int64)


def _likely(
    catalog: Catalog, ground: Ground, taste: TasteProfile
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return which of the sample are likely to be liked, and the cluster each is nearest to."""
    preference = taste.preference
    levels = levels_at(catalog, ground.rows)
    by_cluster = preference.offsets + levels @ preference.linear.T
    scores = by_cluster.max(axis=1) + levels**2 @ preference.square
    count = max(1, int(LIKELY * len(scores)))
    best = np.sort(np.argsort(-scores, kind="stable")[:count])
    on = np.flatnonzero(taste.clusters.factors > 0)
    if len(on) != by_cluster.shape[1]:  # none counts: see `LikedClusters.counting`
        on = np.arange(by_cluster.shape[1])
    return best, on[by_cluster[best].argmax(axis=1)]


@dataclass(frozen=True, slots=True)
class MapCluster:
    """One cluster of a listener's likes."""

    track_id: int
    """A track that stands for it."""
    name: ClusterName
    own_name: str | None
    """What the listener calls it."""
    artists: tuple[str, ...]
    """Those liked most in it, at most `cluster_names.ARTISTS`."""
    factor: float
    """What it was turned to; 1: it counts as it was."""
    likes: int
    """How many tracks it has."""


@dataclass(frozen=True, slots=True, eq=False)
class Friend:
    """Where somebody else's taste stands as a whole."""

    user_id: int
    place: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class TasteMap:
    """The map with one listener on it."""

    ground: Ground
    standing: Standing
    clusters: tuple[MapCluster, ...]
    """In the order of `Standing.centers`."""
    picks: NDArray[np.float32]
    """n × 2: what they were shown last."""
    friends: tuple[Friend, ...] = ()
    tracks: int = 0
    """How many the catalogue has."""
