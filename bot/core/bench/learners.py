"""The learners that `bside lab simulate` compares: simple ones, a strong one, and ours.

All others see the tracks' own features as standardised ranks; ours sees what the bot sees.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.bench.simulated_listeners import World
from bot.core.bench.simulation import Learner
from bot.core.catalog import Catalog
from bot.core.taste import Opinion, build_taste, maximum_a_posteriori, preference_scores

BLEND: Final = "blend"
OURS: Final = "B-Side"

_DISLIKE_SHARE: Final = 0.25
_VARIANCE_PRIOR: Final = 4.0
_SAMPLE: Final = 100
_SAMPLE_WEIGHT: Final = 0.1
_STEPS: Final = 15


class Centroid:
    """Minus the squared distance to the mean of the likes."""

    name = "centroid"

    def __init__(self, world: World) -> None:
        self._ranks = world.ranks

    def scores(self, likes: NDArray[np.int64], dislikes: NDArray[np.int64]) -> NDArray[np.floating]:
        """Return the scores; dislikes count for nothing."""
        distance: NDArray[np.float64] = ((self._ranks - self._ranks[likes].mean(axis=0)) ** 2).sum(
            axis=1
        )
        return -distance


class Rocchio:
    """The mean moved away from the dislikes (Rocchio, 1971), features by 1 / variance of likes."""

    name = "Rocchio"

    def __init__(self, world: World) -> None:
        self._ranks = world.ranks
        self._variance = world.ranks.var(axis=0) + 1e-9

    def scores(self, likes: NDArray[np.int64], dislikes: NDArray[np.int64]) -> NDArray[np.floating]:
        """Return minus the weighted squared distances."""
        liked = self._ranks[likes]
        center = liked.mean(axis=0)
        count = len(likes)
        variance = (count * liked.var(axis=0) + _VARIANCE_PRIOR * self._variance) / (
            count + _VARIANCE_PRIOR
        )
        if len(dislikes):
            center = center + _DISLIKE_SHARE * (center - self._ranks[dislikes].mean(axis=0))
        distance: NDArray[np.float64] = (self._ranks - center) ** 2 @ (1 / variance)
        return -distance / float((1 / variance).sum())


class QuadraticLogistic:
    """Logistic regression on levels and squares, with normal priors and a weak background."""

    name = "quadratic logistic"

    def __init__(self, world: World) -> None:
        spread = world.ranks.std(axis=0)
        levels = (world.ranks - 0.5) / np.where(spread > 0, spread, 1)
        spread = (levels**2).std(axis=0)
        squares = (levels**2 - 1) / np.where(spread > 0, spread, 1)
        width = levels.shape[1]
        self._design = np.hstack([np.ones((len(levels), 1)), levels, squares])
        self._mean = np.concatenate([[-3.0], np.zeros(width), np.full(width, -0.15)])
        self._variance = np.concatenate([[1.0], np.full(width, 0.5), np.full(width, 0.15)])
        self._sample = np.random.default_rng(5).choice(
            len(levels), min(_SAMPLE, len(levels)), replace=False
        )

    def scores(self, likes: NDArray[np.int64], dislikes: NDArray[np.int64]) -> NDArray[np.floating]:
        """Return the log-odds at the maximum a posteriori."""
        rows = np.concatenate([likes, dislikes, self._sample])
        targets = np.zeros(len(rows))
        targets[: len(likes)] = 1
        weights = np.ones(len(rows))
        weights[len(likes) + len(dislikes) :] = _SAMPLE_WEIGHT
        theta = maximum_a_posteriori(
            self._design[rows],
            targets,
            weights,
            self._mean,
            self._variance,
            steps=_STEPS,
            close=1e-4,
        )
        log_odds: NDArray[np.float64] = self._design @ theta
        return log_odds


class Blend:
    """Half `Rocchio`, half `QuadraticLogistic`, each by its standard deviation: the one to beat."""

    name = BLEND

    def __init__(self, world: World) -> None:
        self._parts: tuple[Learner, ...] = (Rocchio(world), QuadraticLogistic(world))

    def scores(self, likes: NDArray[np.int64], dislikes: NDArray[np.int64]) -> NDArray[np.floating]:
        """Return the mean of both scores."""
        whole = np.zeros(0)
        for part in self._parts:
            found = np.asarray(part.scores(likes, dislikes), np.float64)
            half = 0.5 * found / max(float(found.std()), 1e-12)
            whole = whole + half if len(whole) else half
        return whole


class Product:
    """What the bot itself would score, popularity aside."""

    name = OURS

    def __init__(self, catalog: Catalog, *, affinity: float) -> None:
        self._catalog = catalog
        self._affinity = affinity

    def scores(self, likes: NDArray[np.int64], dislikes: NDArray[np.int64]) -> NDArray[np.floating]:
        """Return the scores of the taste built from full likes and dislikes."""
        opinions = [Opinion(row, 1.0) for row in likes.tolist()]
        opinions += [Opinion(row, -1.0) for row in dislikes.tolist()]
        taste = build_taste(self._catalog, opinions)
        place, here = self._catalog.places_of_artists(taste.artist_ids)
        loved = np.zeros(len(self._catalog.artist_keys), np.float32)
        loved[place[here]] = self._affinity * taste.artist_strengths[here]
        return (
            preference_scores(self._catalog, taste.preference) + loved[self._catalog.artist_index]
        )


def all_learners(world: World, *, affinity: float) -> Sequence[Learner]:
    """Return every learner, ours last."""
    return (
        Centroid(world),
        Rocchio(world),
        QuadraticLogistic(world),
        Blend(world),
        Product(world.catalog, affinity=affinity),
    )
