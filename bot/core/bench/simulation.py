"""Learners and simulated listeners, round after round: what `bside lab simulate` runs.

Every learner meets the same listeners and starts from the same few likes. It recommends, hears what
was liked (not always truthfully), and recommends again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.core.bench.simulated_listeners import FAMILIES, World, like_probabilities

SEEDS: Final = 5
"""Likes a listener starts with."""
WRONG: Final = 0.03
"""The share of thumbs that say the opposite of what was meant."""
_SHOWN: Final = 0.25
"""At most this share of the catalogue is recommended: afterwards there is nothing to choose."""
_RESAMPLES: Final = 2000


class Learner(Protocol):
    """Learns one listener's taste from everything they have said."""

    @property
    def name(self) -> str:
        """What its line in the table is called."""

    def scores(self, likes: NDArray[np.int64], dislikes: NDArray[np.int64]) -> NDArray[np.floating]:
        """Return one score per row of the catalogue it was made for; higher is better.

        Args:
            likes: different rows, in the order in which they were judged; at least one.
            dislikes: the same; there may be none.
        """


@dataclass(frozen=True, slots=True)
class SimulationOptions:
    """How many rounds, listeners and picks."""

    listeners: int = 30
    """Per family, >= 1."""
    rounds: int = 20
    picks: int = 10
    """Per round."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean over listeners with the 95 % confidence interval of the mean."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """The result of a simulation."""

    families: tuple[str, ...]
    learners: tuple[str, ...]
    rates: NDArray[np.float64]
    """Family × listener × learner × round: the mean chance that a pick is liked, 0 … 1."""
    picks: int
    """Per round; fewer than asked for when the catalogue is small."""
    tracks: int
    """How many tracks there were to choose from."""

    def rate(self, learner: str, first: int, last: int, family: str | None = None) -> float:
        """Return the like rate over rounds `first` … `last`, counted from 1; NaN without any."""
        chosen = self._of(learner, family)[:, first - 1 : last]
        return float(chosen.mean()) if chosen.size else float("nan")

    def difference(self, learner: str, other: str, family: str | None = None) -> Difference:
        """Return how many more of one learner's picks are liked than of the other's, as shares."""
        mine, theirs = (self._of(name, family).mean(axis=1) for name in (learner, other))
        return difference(mine - theirs)

    def _of(self, learner: str, family: str | None) -> NDArray[np.float64]:
        """Return listener × round."""
        place = self.learners.index(learner)
        chosen = self.rates if family is None else self.rates[[self.families.index(family)]]
        rounds: NDArray[np.float64] = chosen[:, :, place].reshape(-1, chosen.shape[3])
        return rounds


def possible_picks(world: World, options: SimulationOptions) -> int:
    """Return how many picks a round may have: at most a quarter of the catalogue is shown."""
    return max(1, min(options.picks, int(_SHOWN * len(world.catalog)) // options.rounds))


def simulate(
    world: World, learners: Sequence[Learner], options: SimulationOptions
) -> Iterator[tuple[int, int, NDArray[np.float64]]]:
    """Yield family, listener and their learner × round like rates, one listener after the other.

    The same world, learners and options give the same numbers. A thumb is drawn once per listener
    and track, so learners that show the same track hear the same.
    """
    picks = possible_picks(world, options)
    for place, family in enumerate(FAMILIES):
        for one in range(options.listeners):
            rng = np.random.default_rng([options.seed, 2, place, one])
            chances = like_probabilities(world, family, rng)
            seeds = rng.choice(len(chances), SEEDS, replace=False, p=chances / chances.sum())
            thumbs = rng.random(len(chances)) < WRONG + (1 - 2 * WRONG) * chances
            rates = [
                listen(learner, chances, thumbs, seeds, rounds=options.rounds, picks=picks)
                for learner in learners
            ]
            yield place, one, np.array(rates)


def listen(
    learner: Learner,
    chances: NDArray[np.float64],
    thumbs: NDArray[np.bool_],
    seeds: NDArray[np.int64],
    *,
    rounds: int,
    picks: int,
) -> list[float]:
    """Let one learner serve one listener; return per round the mean chance of a like."""
    likes: list[int] = seeds.tolist()
    dislikes: list[int] = []
    shown = np.zeros(len(chances), np.bool_)
    shown[seeds] = True
    rates = []
    for _ in range(rounds):
        scores = learner.scores(np.array(likes, np.int64), np.array(dislikes, np.int64))
        best = best_unshown(scores, shown, picks)
        rates.append(float(chances[best].mean()))
        shown[best] = True
        for row in best.tolist():
            (likes if thumbs[row] else dislikes).append(row)
    return rates


def best_unshown(
    scores: NDArray[np.floating], shown: NDArray[np.bool_], count: int
) -> NDArray[np.int64]:
    """Return the best rows that were not shown, best first; ties by row. `shown` has room left."""
    left = np.where(shown, -np.inf, scores)
    top = np.argpartition(-left, min(count, len(left)) - 1)[:count]
    ties = np.flatnonzero(left >= left[top].min())
    return ties[np.lexsort((ties, -left[ties]))][:count]


def difference(values: NDArray[np.float64], *, seed: int = 0) -> Difference:
    """Return the mean of paired differences with its percentile bootstrap interval (Efron, 1979).

    Args:
        values: one per listener; the same values give the same interval.
    """
    rng = np.random.default_rng(seed)
    means = values[rng.integers(len(values), size=(_RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Difference(float(values.mean()), float(low), float(high))
