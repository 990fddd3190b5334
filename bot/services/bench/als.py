"""Implicit ALS as a method to be judged; there only with the extra `eval` (package `implicit`)."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.core.bench import SongLists, best_rows
from bot.core.catalog import Catalog

FACTORS: Final = 64
ITERATIONS: Final = 15
REGULARIZATION: Final = 0.05
ALPHA: Final = 20.0
"""How much more a song in a list counts than one that is not (Hu, Koren & Volinsky, 2008)."""


def als_installed() -> bool:
    """Tell whether the packages are there that `ImplicitAls` needs."""
    return find_spec("implicit") is not None and find_spec("scipy") is not None


class ImplicitAls:
    """Matrix factorisation of lists × songs for implicit feedback (Hu, Koren & Volinsky, 2008).

    A list that was not in the training is folded in: its vector solves the same least squares.
    """

    name = "implicit ALS"

    def __init__(self, catalog: Catalog, *, seed: int = 0) -> None:
        self._catalog = catalog
        self._seed = seed

    def fit(self, lists: Sequence[NDArray[np.int64]]) -> None:
        """Factorise the lists with one thread, so that the same lists give the same factors."""
        from implicit.cpu.als import AlternatingLeastSquares  # noqa: PLC0415
        from scipy.sparse import csr_matrix  # noqa: PLC0415
        from threadpoolctl import threadpool_limits  # noqa: PLC0415

        self._lists = matrix = SongLists(self._catalog, lists)
        shape = (max(matrix.size, 1), len(matrix.counts))
        ones = np.ones(len(matrix.songs), np.float32)
        with threadpool_limits(1, "blas"):  # implicit warns of more
            self._model: Any = AlternatingLeastSquares(
                factors=FACTORS,
                regularization=REGULARIZATION,
                alpha=ALPHA,
                iterations=ITERATIONS,
                num_threads=1,
                random_state=self._seed,
            )
            listed = csr_matrix((ones, (matrix.owners, matrix.songs)), shape)
            self._model.fit(listed, show_progress=False)

    def recommend(self, seeds: NDArray[np.int64], k: int) -> NDArray[np.int64]:
        """Return the songs with the highest product with the vector of the folded-in list."""
        from scipy.sparse import csr_matrix  # noqa: PLC0415

        songs = np.unique(self._catalog.song_index[seeds])
        ones, first = np.ones(len(songs), np.float32), np.zeros(len(songs), np.int64)
        shown = csr_matrix((ones, (first, songs)), (1, len(self._lists.counts)))
        vector = self._model.recalculate_user(0, shown)
        scores = self._model.item_factors @ vector.reshape(-1)
        return best_rows(self._catalog, self._lists.spread(scores), seeds, k)
