"""Our own ranking as a recommender to judge: whole, and with parts taken away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog, indexed
from bot.core.ranking import Query, rank, uncrowded, weighed
from bot.core.scene import train_scene, with_scene
from bot.core.taste import Opinion, build_taste


class Unscened:
    """The catalogue without its scene, which may have been learned from the judged lists."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = with_scene(catalog, None, version="")

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        """Learn nothing."""


class Scened(Unscened):
    """The catalogue with a scene learned from the training lists; several methods may share it."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog)
        self._plain = self.catalog
        self._lists: Sequence[NDArray[np.int64]] | None = None

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        """Train a scene, unless it was trained on the same lists; without one on too few lists."""
        if lists is self._lists:
            return
        self._lists = lists
        try:
            scene = weighed(self._plain, train_scene(self._plain, lists), lists)
            scene = uncrowded(self._plain, scene, lists)
        except ValueError:
            self.catalog = self._plain
        else:
            self.catalog = with_scene(self._plain, scene, version="fitted")


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """`ranking.rank`, asked as `bside recommend` asks it: every seed is liked, no artist cap."""

    name: str
    space: Unscened
    affinity: float
    """What the seeds' artists add to a score; 0 leaves it out."""
    obscurity: int = 0

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        """Let the space learn from the lists, if it does."""
        self.space.fit(lists)

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
        catalog = self.space.catalog
        taste = build_taste(catalog, [Opinion(row, 1.0) for row in rows])
        picks = rank(catalog, taste, query).picks
        return np.array([pick.row for pick in picks], np.int64)


def without_context(catalog: Catalog) -> Catalog:
    """Return the same catalogue, in the space of the tracks' own features alone."""
    return indexed(replace(catalog, artist_contexts=np.zeros_like(catalog.artist_contexts)))


def ablations(catalog: Catalog, dial: Sequence[int], *, affinity: float) -> list[Ranker]:
    """Return the ranking built up part by part at obscurity 0, then whole at other positions.

    Args:
        dial: positions 0 … 100; 0 is there in any case.
        affinity: that of `bside recommend`.
    """
    plain, scened = Unscened(catalog), Scened(catalog)
    return [
        Ranker("B-Side: audio", Unscened(without_context(catalog)), 0.0),
        Ranker("B-Side: + artist context", plain, 0.0),
        Ranker("B-Side: + artist affinity", plain, affinity),
        Ranker("B-Side: + scene", scened, affinity),
        *(
            Ranker(f"B-Side: obscurity {place}", scened, affinity, place)
            for place in sorted(set(dial) - {0})
        ),
    ]
