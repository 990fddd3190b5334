"""What tracks earn for holding words that were asked for."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Lift:
    """Some rows of the catalogue, and what is added to the score of each."""

    rows: NDArray[np.int64]
    """Ascending, each once."""
    values: NDArray[np.float64]

    def of(self, rows: NDArray[np.integer]) -> NDArray[np.float64]:
        """Return what is added for some rows; 0 for those that are not lifted."""
        if not len(self.rows):
            return np.zeros(len(rows))
        place = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        return np.where(self.rows[place] == rows, self.values[place], 0.0)


NO_LIFT = Lift(np.empty(0, np.int64), np.empty(0))
