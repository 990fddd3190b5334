"""Our own ranking as something to be judged: whole, and with parts of it taken away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.core.building import SMALLEST_NORM
from bot.core.filters import Query
from bot.core.ranking import rank
from bot.core.space import AXIS_WEIGHTS, FEATURES, Catalog
from bot.core.taste import Opinion, build_taste


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """`ranking.rank`, asked as `bside recommend` asks it: every seed is liked, no artist cap."""

    name: str
    catalog: Catalog
    affinity: float
    """What an artist of the seeds adds; 0 leaves it out."""
    obscurity: int = 0

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        """Learn nothing."""

    def recommend(self, seeds: NDArray[np.int64], k: int) -> NDArray[np.int64]:
        """Return the best rows for a taste that likes the seeds."""
        rows = np.unique(seeds).tolist()
        query = Query(
            count=k,
            obscurity=self.obscurity,
            rated=rows,
            per_artist=None,
            affinity=self.affinity,
        )
        taste = build_taste(self.catalog, [Opinion(row, 1.0) for row in rows])
        picks = rank(self.catalog, taste, query).picks
        return np.array([pick.row for pick in picks], np.int64)


def without_context(catalog: Catalog) -> Catalog:
    """Return the same catalogue, in the space of the tracks' own features alone."""
    weights = AXIS_WEIGHTS[: len(FEATURES)].astype(np.float32)
    lengths = np.sqrt(catalog.gaussian**2 @ weights)
    return replace(
        catalog,
        artist_context=np.zeros_like(catalog.artist_context),
        inverse_norms=(1 / np.maximum(lengths, SMALLEST_NORM)).astype(np.float32),
    )


def ablations(catalog: Catalog, dial: Sequence[int], *, affinity: float) -> list[Ranker]:
    """Return the ranking built up part by part at obscurity 0, then whole at other positions.

    Args:
        dial: positions 0 … 100; 0 is there in any case.
        affinity: that of `bside recommend`.
    """
    return [
        Ranker("B-Side: audio", without_context(catalog), 0.0),
        Ranker("B-Side: + artist context", catalog, 0.0),
        Ranker("B-Side: + artist affinity", catalog, affinity),
        *(
            Ranker(f"B-Side: obscurity {place}", catalog, affinity, place)
            for place in sorted(set(dial) - {0})
        ),
    ]
