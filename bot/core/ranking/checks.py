"""What one filter objects to, as a check of rows."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.core.ranking.query import Filter

Rows: TypeAlias = NDArray[np.int64] | slice
"""Some rows of the catalogue."""
Check: TypeAlias = Callable[[Rows], NDArray[np.bool_]]


@dataclass(frozen=True, slots=True, eq=False)
class Blocked:
    """What one filter objects to, whatever the others say."""

    filter: Filter
    blocks: Check
    unknown: Check | None = None
    """Which of these it blocks only because the fact it asks for is unknown."""
    admitted: NDArray[np.int64] | None = None
    """All rows that it lets pass, ascending, where they are at hand as a list."""


def as_rows(rows: Collection[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return some rows as an array, in their order."""
    return np.fromiter(rows, np.int64, len(rows))


def membership(size: int, places: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return which of 0 … size-1 are among the places."""
    table = np.zeros(size, np.bool_)
    table[places] = True
    return table


def any_of(masks: Sequence[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """Return where at least one of some masks holds."""
    found: NDArray[np.bool_] = np.logical_or.reduce(masks)
    return found
