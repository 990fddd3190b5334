"""What an answer would have held, had its listener not muted it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog, Sort, mask_of
from bot.core.taste import Unwanted


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many tracks were left out, each counted for the first reason that it has."""

    by_artists: int = 0
    versions: int = 0
    sorts: tuple[tuple[Sort, int], ...] = ()
    artist_ids: tuple[int, ...] = ()
    """The muted artists among them, ascending."""

    @property
    def tracks(self) -> int:
        """How many there are in all."""
        return self.by_artists + self.versions + sum(count for _, count in self.sorts)


NOTHING_LEFT_OUT: Final = LeftOut()


def missing(catalog: Catalog, unwanted: Unwanted, rows: Sequence[int]) -> LeftOut:
    """Return why some tracks are not in an answer; those that nothing objects to do not count.

    Args:
        catalog: that they are of.
        unwanted: what the listener muted.
        rows: tracks that would have been picked without that.
    """
    places = np.array(rows, np.int64)
    muted = places[np.isin(places, unwanted.rows_by_artists(catalog))]
    rest = np.setdiff1d(places, muted)
    versions = rest[np.isin(rest, unwanted.rows_of_versions(catalog))]
    rest, sorts = np.setdiff1d(rest, versions), list[tuple[Sort, int]]()
    for sort in unwanted.sorts:
        of_sort = (catalog.sorts[rest] & mask_of([sort])) != 0
        if of_sort.any():
            sorts.append((sort, int(of_sort.sum())))
        rest = rest[~of_sort]
    return LeftOut(len(muted), len(versions), tuple(sorts), _artists(catalog, unwanted, muted))


def _artists(catalog: Catalog, unwanted: Unwanted, rows: NDArray[np.int64]) -> tuple[int, ...]:
    """Return which of the muted artists made some tracks, or are their guests."""
    own = catalog.artist_ids[rows].tolist()
    guests = catalog.guest_ids[np.isin(catalog.guest_rows, rows)].tolist()
    return tuple(sorted(set(unwanted.artists) & {*own, *guests}))
