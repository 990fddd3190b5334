"""What a listener prefers, as one curve per axis, learned from likes, dislikes and the background.

    score(t) = max_j [ offset_j + Σ_f linear_jf · y_tf ] + Σ_f square_f · y_tf²

y are the 2F levels of a track: its own, then its artist's context; 0 is average, and so is unknown.
The sum is additive and separable: every axis's share of a score is known, and the best score in a
box of levels is that of its ends and vertices. It is made of two opinions about the listener, each
brought to spread 1 over the catalogue:

* Nearness: minus the squared distance to the nearest cluster of likes, every axis by 1 / variance
  of the likes (shrunk to 1), the centers moved away from the dislikes (Rocchio).
* Odds: a quadratic logistic regression of likes against dislikes and, weakly, against a sample of
  the catalogue.

Whether the artist's context matters to this listener is weighed by evidence: the odds are fitted
with and without it, and both are mixed as likely as they are.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import FEATURES, Catalog
from bot.core.taste.clusters import clusters, means
from bot.core.taste.logistic import LogisticFit, fit_logistic, shares

SPREAD: Final = 0.25
"""The standard deviation of this part over the catalogue; the others are weighed against it."""
ODDS_SHARE: Final = 0.3
"""How much of the score is odds when nothing is disliked; the rest is nearness."""
ODDS_MORE: Final = 0.5
"""So much more of the score becomes odds with many dislikes; half of it after `ODDS_HALF`."""
ODDS_HALF: Final = 50.0
DISLIKE_SHARE: Final = 0.25
"""How far centers move away from the mean of the dislikes, as a share of the way from there."""

CONTEXT_PRIOR: Final = 8.0
"""Log-odds, before any dislike, that the artist's context matters. Likes alone say little of it,
and in real playlists it does; every dislike makes the prior weaker."""
_SAMPLE: Final = 256
"""So many tracks of the catalogue, evenly spread, stand for all."""
_SAMPLE_WEIGHT: Final = 10.0
"""They count as so many dislikes together."""
_VARIANCE_PRIOR: Final = 4.0
"""Counts as if so many likes more had the variance of the catalogue."""
_PULL: Final = 2.0
"""Counts as if so many of a cluster's likes lay where all likes lie on average."""
_SMALLEST_SPREAD: Final = 1e-3
TURN_WORTH: Final = 0.2
"""What a natural logarithm of a factor is worth, in standard deviations of nearness.

For simulated listeners, a cluster's share of the first 20 goes from 0.70 to 0.87 by a factor of 2
and to 0.51 by a half (`tests/benchmarks/bench_map.py`)."""

_WIDTH: Final = 2 * len(FEATURES)
_OWN: Final = slice(0, len(FEATURES))
_CONTEXT: Final = slice(len(FEATURES), _WIDTH)


@dataclass(frozen=True, slots=True, eq=False)
class Preference:
    """The curves of one listener, K clusters."""

    offsets: NDArray[np.float64]
    """K; so that the mean score over the catalogue is 0."""
    linear: NDArray[np.float64]
    """K × 2F."""
    square: NDArray[np.float64]
    """2F."""

    @classmethod
    def none(cls) -> Self:
        """Return the preference of one who has said nothing: every track scores 0."""
        return cls(np.zeros(1), np.zeros((1, _WIDTH)), np.zeros(_WIDTH))


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What was judged, and how strongly."""

    rows: NDArray[np.int64]
    """Each once, ascending."""
    weights: NDArray[np.float64]
    """> 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Turned:
    """A division of likes into clusters that do not all count the same."""

    labels: NDArray[np.int64]
    """The cluster of each like, 0 … K - 1."""
    factors: NDArray[np.float64]
    """K, > 0: what counts twice as much is found twice as often; see `TURN_WORTH`."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """What was learned of one listener."""

    preference: Preference
    chances: NDArray[np.float64]
    """That each judged track was liked, likes first."""
    labels: NDArray[np.int64]
    """The cluster of each like, 0 … K - 1."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    """The background, and the scale it gives to every axis."""

    middle: NDArray[np.float64]
    width: NDArray[np.float64]
    square_middle: NDArray[np.float64]
    square_width: NDArray[np.float64]
    points: NDArray[np.float64]

    @classmethod
    def of(cls, catalog: Catalog) -> Self:
        measured = np.flatnonzero(catalog.measured)
        rows = measured[np.linspace(0, len(measured) - 1, min(_SAMPLE, len(measured))).astype(int)]
        levels = levels_at(catalog, rows)
        middle, width = levels.mean(axis=0), _spread(levels)
        points = (levels - middle) / width
        return cls(middle, width, (points**2).mean(axis=0), _spread(points**2), points)

    def standard(self, levels: NDArray[np.float64]) -> NDArray[np.float64]:
        return (levels - self.middle) / self.width

    def squares(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        return (points**2 - self.square_middle) / self.square_width


def _spread(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = values.std(axis=0)
    return np.where(spread > _SMALLEST_SPREAD, spread, 1.0)


def levels_at(catalog: Catalog, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return row × 2F levels: the tracks' own and those of their artists, unweighted."""
    context = catalog.artist_contexts[catalog.artist_index[rows]]
    return np.hstack([catalog.gaussian[rows], context]).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """Curves over the sample's standard levels."""

    offsets: NDArray[np.float64]
    linear: NDArray[np.float64]
    square: NDArray[np.float64]

    def at(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        best: NDArray[np.float64] = (self.offsets + points @ self.linear.T).max(axis=1)
        return best + points**2 @ self.square

    def scaled(self, factor: float) -> Self:
        return type(self)(self.offsets * factor, self.linear * factor, self.square * factor)

    def lifted(self, lifts: NDArray[np.float64]) -> Self:
        return type(self)(self.offsets + lifts, self.linear, self.square)

    def plus(self, other: Self) -> Self:
        return type(self)(
            self.offsets + other.offsets, self.linear + other.linear, self.square + other.square
        )


def learn(
    catalog: Catalog, likes: Judged, dislikes: Judged, turned: Turned | None = None
) -> Learned:
    """Learn the curves, with the clusters of the likes.

    Without any like there is nothing to be near to, and the score is minus the likeness to the
    mean of the dislikes.

    Args:
        turned: how the likes are divided and what each cluster counts; None: they are divided as
            the data support, and count the same.
    """
    sample = _Sample.of(catalog) if catalog.measured.any() else None
    if sample is None or not len(likes.rows) + len(dislikes.rows):
        even = np.full(len(likes.rows) + len(dislikes.rows), 0.5)
        return Learned(Preference.none(), even, np.zeros(len(likes.rows), np.int64))
    liked = sample.standard(levels_at(catalog, likes.rows))
    disliked = sample.standard(levels_at(catalog, dislikes.rows))
    if not len(likes.rows):
        away = -(disliked * dislikes.weights[:, None]).sum(axis=0, keepdims=True)
        curves = _Curves(np.zeros(1), away, np.zeros(_WIDTH))
        even = np.full(len(disliked), 0.5)
        return Learned(_preference(curves, sample), even, np.empty(0, np.int64))
    share, odds = _odds(sample, liked, disliked, likes.weights, dislikes.weights)
    near, labels = _nearness(catalog, likes, dislikes, liked, disliked, share, turned)
    against = float(dislikes.weights.sum())
    part = ODDS_SHARE + ODDS_MORE * against / (against + ODDS_HALF)
    near = _leveled(near, sample, 1 - part)
    if turned is not None:
        near = near.lifted((1 - part) * TURN_WORTH * np.log(turned.factors))
    mixed = near.plus(_leveled(odds, sample, part))
    chances = shares(odds.at(np.vstack([liked, disliked])))
    return Learned(_preference(mixed, sample), chances, labels)


def _odds(
    sample: _Sample,
    liked: NDArray[np.float64],
    disliked: NDArray[np.float64],
    like_weights: NDArray[np.float64],
    dislike_weights: NDArray[np.float64],
) -> tuple[float, _Curves]:
    """Return how likely it is that the context matters, and the log-odds mixed accordingly."""
    points = np.vstack([liked, disliked, sample.points])
    background = np.full(len(sample.points), _SAMPLE_WEIGHT / len(sample.points))
    weights = np.concatenate([like_weights, dislike_weights, background])
    targets = np.zeros(len(points))
    targets[: len(liked)] = 1
    squares = sample.squares(points)
    whole = fit_logistic(points, squares, targets, weights)
    own = fit_logistic(points[:, _OWN], squares[:, _OWN], targets, weights)
    share = float(
        shares(
            np.array(
                CONTEXT_PRIOR / (1 + dislike_weights.sum()) + whole.log_evidence - own.log_evidence
            )
        )
    )
    return share, _mixed(sample, own, whole, share)


def _mixed(sample: _Sample, own: LogisticFit, whole: LogisticFit, share: float) -> _Curves:
    linear, square = share * whole.linear, share * whole.square
    linear[_OWN] += (1 - share) * own.linear
    square[_OWN] += (1 - share) * own.square
    square = square / sample.square_width
    intercept = share * whole.intercept + (1 - share) * own.intercept
    offset = intercept - float(square @ sample.square_middle)
    return _Curves(np.array([offset]), linear[None, :], square)


def _nearness(
    catalog: Catalog,
    likes: Judged,
    dislikes: Judged,
    liked: NDArray[np.float64],
    disliked: NDArray[np.float64],
    share: float,
    turned: Turned | None,
) -> tuple[_Curves, NDArray[np.int64]]:
    """Return minus the squared distance to the nearest center; the context counts by its share."""
    counts = _known_weights(catalog, likes)
    alone = np.zeros(len(liked), np.int64)
    metric = _metric(liked, counts, alone, share)
    labels = clusters(liked, metric) if turned is None else turned.labels
    if labels.any():
        metric = _metric(liked, counts, labels, share)
    whole = means(liked, counts, alone)
    member = labels == np.arange(labels.max() + 1)[:, None]
    centers = (member @ (liked * counts) + _PULL * whole) / (member @ counts + _PULL)
    if len(disliked):
        against = means(
            disliked, _known_weights(catalog, dislikes), np.zeros(len(disliked), np.int64)
        )
        centers = centers + DISLIKE_SHARE * (whole - against)
    return _Curves(-(centers**2) @ metric, 2 * metric * centers, -metric), labels


def _known_weights(catalog: Catalog, judged: Judged) -> NDArray[np.float64]:
    """Return n × 2F: the weight of each judgement for each axis, 0 where the level is unknown."""
    known = np.hstack([catalog.known[judged.rows], np.ones((len(judged.rows), len(FEATURES)))])
    weighted: NDArray[np.float64] = known * judged.weights[:, None]
    return weighted


def _metric(
    points: NDArray[np.float64],
    counts: NDArray[np.float64],
    labels: NDArray[np.int64],
    share: float,
) -> NDArray[np.float64]:
    """Return what a squared difference costs per axis: 1 / variance of the likes, shrunk to 1."""
    scatter = (counts * (points - means(points, counts, labels)[labels]) ** 2).sum(axis=0)
    metric = (counts.sum(axis=0) + _VARIANCE_PRIOR) / (scatter + _VARIANCE_PRIOR)
    metric[_CONTEXT] *= share
    return np.asarray(metric, np.float64)


def _leveled(curves: _Curves, sample: _Sample, spread: float) -> _Curves:
    """Bring curves to a spread over the sample; those that are flat stay flat."""
    found = float(curves.at(sample.points).std())
    return curves.scaled(spread / found if found > _SMALLEST_SPREAD else 0.0)


def _preference(curves: _Curves, sample: _Sample) -> Preference:
    """Turn curves over standard levels into curves over levels, mean 0 and spread `SPREAD`."""
    curves = _leveled(curves, sample, SPREAD)
    square = curves.square / sample.width**2
    linear = curves.linear / sample.width - 2 * square * sample.middle
    offsets = curves.offsets - (curves.linear / sample.width) @ sample.middle
    return Preference(
        offsets=offsets + float(square @ sample.middle**2) - float(curves.at(sample.points).mean()),
        linear=linear,
        square=square,
    )


def preference_scores(catalog: Catalog, preference: Preference) -> NDArray[np.float32]:
    """Return every track's score in float32, for finding the best."""
    linear = preference.linear.T.astype(np.float32)
    square = preference.square.astype(np.float32)
    contexts = catalog.artist_contexts
    by_artist = contexts @ linear[_CONTEXT] + (contexts**2 @ square[_CONTEXT])[:, None]
    by_artist += preference.offsets.astype(np.float32)
    every = catalog.gaussian @ linear[_OWN] + by_artist[catalog.artist_index]
    scores: NDArray[np.float32] = every.max(axis=1)
    scores += catalog.gaussian**2 @ square[_OWN]
    return scores


def preference_parts(
    catalog: Catalog, preference: Preference, rows: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return row × 2F contributions and one offset per row, which add up to the scores."""
    levels = levels_at(catalog, rows)
    nearest = (preference.offsets + levels @ preference.linear.T).argmax(axis=1)
    contributions = (preference.linear[nearest] + preference.square * levels) * levels
    return contributions, preference.offsets[nearest]
