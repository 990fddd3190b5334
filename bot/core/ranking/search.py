"""Finds the best tracks without scoring all: an exact top-k over the whole catalogue.

Every block of tracks has an upper limit of their scores (`blocks`), every track an upper bound of
its own that is cheap to read (`sketch`); `scorer` makes both. Going through the catalogue once, a
search keeps the best candidates so far and a threshold below which nothing can get into the list;
only blocks whose limit beats it are read, only tracks whose bound beats it are filtered and scored.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog, block_size
from bot.core.ranking.checks import Blocked
from bot.core.ranking.filters import passing, shortlist
from bot.core.ranking.scorer import Scorer

SLACK: Final = np.float32(5e-4)
"""More than float32 can be wrong about a bound and a score together."""

_STEP: Final = 65_536
"""Columns per matrix product, at most: their bounds fit into the processor's cache."""
_FIRST_STEP: Final = 16_384
"""So many come first, to find a threshold, and each time twice as many."""
_LIKELY: Final = 512
"""So many rows, those with the best bounds, are scored before there is a threshold."""
_SAMPLED: Final = 64
"""One in so many rows tells how good the best bounds are."""
_PATIENCE: Final = 1024
"""So many rows are scored at once, and each time twice as many: the threshold settles soon."""
_LISTED: Final = 1 / 8
"""Filters that leave at most such a share of the catalogue are followed track by track."""


class Search:
    """The candidates for one list, and the threshold they set."""

    def __init__(
        self,
        catalog: Catalog,
        scorer: Scorer,
        filters: Sequence[Blocked],
        *,
        count: int,
        per_artist: int | None,
    ) -> None:
        self.directions = scorer.directions
        self._catalog = catalog
        self._scorer = scorer
        self._limits = scorer.limits() + SLACK
        self._filters = filters
        self._per_artist = per_artist
        # Walking down all tracks of at least some score, with a cap per song alone, takes one per
        # song: `count` songs are enough. With a cap per artist, too, the walk may take fewer than
        # could be taken, but never less than half (greedy, two partition matroids). What stands
        # above the ceiling of the dial may be passed over, so that it counts for nothing here.
        self._enough = max(1, count if per_artist is None else 2 * count)
        self._at_first = max(_LIKELY, 4 * self._enough)
        self._lifted: NDArray[np.bool_] | None = None
        """Which rows `look_at_lifted` has looked at."""
        self._threshold = np.float32(-np.inf)
        self._rows = np.empty(0, np.int64)
        self._scores = np.empty(0, np.float32)
        self._waiting: list[tuple[NDArray[np.int32], NDArray[np.float32]]] = []
        self._waiting_rows = 0
        self._patience = _PATIENCE

    def finish_listed(self) -> bool:
        """Look at all candidates when the filters leave few and can list them; False: they cannot.

        After True there is nothing left to offer.
        """
        rows = shortlist(self._filters)
        if rows is None or len(rows) > len(self._catalog) * _LISTED:
            return False
        rows = passing(self._filters, rows)
        for start in range(0, len(rows), _STEP):
            self._score(rows[start : start + _STEP])
        return True

    def look_at_lifted(self) -> None:
        """Score all tracks that are lifted, before anything is offered: no bound holds for them."""
        rows = self._scorer.lift.rows
        if len(rows):
            self._score(passing(self._filters, rows))
            self._lifted = np.zeros(len(self._catalog), np.bool_)
            self._lifted[rows] = True

    def open_blocks(self) -> NDArray[np.bool_]:
        """Return which blocks of the sketch may hold what gets into the list."""
        return self._limits >= self._threshold

    def offer(self, start: int, products: NDArray[np.float32]) -> None:
        """Look at the columns of the sketch from `start` on, given what `directions` makes of them.

        Args:
            products: `directions` × those columns; they may be overwritten.
        """
        columns = slice(start, start + products.shape[1])
        bounds = self._scorer.bounds(products, columns)
        rows = self._catalog.sketch_rows[columns]
        if self._threshold == -np.inf:
            likely = _likely(bounds, self._at_first)
            self._filter(rows[likely])
            bounds[likely] = np.nan  # they need not be looked at again
        near = np.flatnonzero(bounds >= self._threshold)
        self._waiting.append((rows[near], bounds[near]))
        self._waiting_rows += len(near)
        if self._waiting_rows >= self._patience:
            self._settle()
            self._patience *= 2

    def candidates(self) -> NDArray[np.int64]:
        """Return the rows that can be in the list, or stand in another's way, in no order."""
        self._settle()
        return self._rows

    def _settle(self) -> None:
        """Filter and score the rows that wait."""
        if not self._waiting:
            return
        rows, bounds = (np.concatenate(part) for part in zip(*self._waiting, strict=True))
        self._waiting, self._waiting_rows = [], 0
        self._filter(rows[bounds >= self._threshold])

    def _filter(self, rows: NDArray[np.int32]) -> None:
        """Score those of some candidates that no filter blocks."""
        if self._lifted is not None:
            rows = rows[~self._lifted[rows]]
        self._score(passing(self._filters, np.sort(rows).astype(np.int64)))

    def _score(self, rows: NDArray[np.int64]) -> None:
        """Score some candidates, each once, and keep the best of all."""
        if not len(rows):
            return
        scores = self._scorer.scores(rows)
        self._keep(np.concatenate([self._rows, rows]), np.concatenate([self._scores, scores]))
        if len(self._rows) >= self._enough:
            self._threshold = max(self._threshold, self._sure_score() - SLACK)
            self._keep(self._rows, self._scores)

    def _keep(self, rows: NDArray[np.int64], scores: NDArray[np.float32]) -> None:
        good = scores >= self._threshold
        self._rows, self._scores = rows[good], scores[good]

    def _sure_score(self) -> np.float32:
        """Return a score that the last track of the list reaches at least; -inf is unknown."""
        some = min(4 * self._enough, len(self._scores))
        while True:
            best = np.argpartition(self._scores, -some)[-some:]
            order = best[np.argsort(-self._scores[best], kind="stable")]
            free = self._free(self._rows[order])
            if len(free) >= self._enough:
                return np.float32(self._scores[order[free[self._enough - 1]]])
            if some == len(self._scores):
                return np.float32(-np.inf)
            some = min(8 * some, len(self._scores))

    def _free(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return places of rows that may all be in one list, the first ones of each group."""
        below = np.flatnonzero(~self._scorer.above(rows))
        free = below[_first_of_each(self._catalog.song_index[rows[below]], 1)]
        if self._per_artist is None:
            return free
        artists = self._catalog.artist_index[rows[free]]
        return free[_first_of_each(artists, self._per_artist)]


def _first_of_each(groups: NDArray[np.integer], cap: int) -> NDArray[np.int64]:
    """Return the places of the first `cap` members of every group, ascending."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    within = np.arange(len(ordered)) - np.searchsorted(ordered, ordered)
    return np.sort(order[within < cap])


def _likely(bounds: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Return the places of about the `count` best bounds."""
    sample = np.sort(bounds[::_SAMPLED])
    return np.flatnonzero(bounds >= sample[-min(len(sample), 1 + count // _SAMPLED)])


def scan(catalog: Catalog, searches: Sequence[Search], *, step: int = _STEP) -> None:
    """Offer to some searches what they may want, with one matrix product for `step` columns."""
    for search in searches:
        search.look_at_lifted()
    for start, stop, open_ in _runs(catalog, searches, step):
        short = catalog.sketch[:, start:stop]
        directions = np.concatenate([searches[one].directions for one in open_])
        single = len(directions) == 1  # by a vector is faster than by a matrix of one row
        products = (directions[0] @ short)[None, :] if single else directions @ short
        ends = np.cumsum([len(searches[one].directions) for one in open_])[:-1]
        for one, its in zip(open_, np.split(products, ends), strict=True):
            searches[one].offer(start, its)


def _runs(
    catalog: Catalog, searches: Sequence[Search], step: int
) -> Iterator[tuple[int, int, list[int]]]:
    """Yield ranges of columns that may hold something, and the searches for which they may."""
    size = block_size(len(catalog))
    block, length = 0, min(step, _FIRST_STEP)
    while True:
        open_ = [one.open_blocks()[block:] for one in searches]
        wanted: NDArray[np.bool_] = np.logical_or.reduce(open_)
        if not wanted.any():
            return
        first = int(wanted.argmax())
        most = max(1, length // size)
        closed = ~wanted[first : first + most]
        last = first + (int(closed.argmax()) if closed.any() else len(closed))
        asking = [place for place, its in enumerate(open_) if its[first:last].any()]
        yield (block + first) * size, (block + last) * size, asking
        block, length = block + last, min(step, 2 * length)
