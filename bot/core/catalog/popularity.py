"""How much each track is played, as a percentile within each source and over all of them.

What few tracks say is drawn to the middle: the best and the least known of two tracks that a source
was asked for are not the best and the least known of its world.
"""

from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.gaussian import QUANTILES, midranks, place_in, quantile_table
from bot.core.catalog.space import Catalog, RawTracks

_Float = TypeVar("_Float", np.float32, np.float64)

FEW_VALUES: Final = 5.0
"""Counts as if a source knew so many tracks more, all of them in the middle.

With 1, and the known ones a sample by chance, this would be the expected percentile of the i-th of
n. But sources are asked for what people name. For tracks of real playlists, the percentile in all
that a source knows is met best with 3 (2 known), 5 (5 known) and 10 (10 known). On a sample by
chance, 5 costs .025 of error at most (5 known), and nothing from 300 on."""


def drawn(shares: NDArray[np.float64], known: int) -> NDArray[np.float64]:
    """Draw percentiles among so many known values to the middle, by `FEW_VALUES`; NaN stays NaN."""
    return (shares * known + FEW_VALUES / 2) / (known + FEW_VALUES)


def percentiles_of_counts(counts: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the percentile of each different value of a source, given how many tracks have it.

    Args:
        counts: by ascending value, each at least 1.
    """
    known = int(counts.sum())
    return drawn((np.cumsum(counts) - counts / 2) / max(known, 1), known)


def ranked(
    raw: RawTracks,
) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.int64]]:
    """Rank all popularity within its source.

    Returns:
        The percentile of every known value, and for every source the quantile table and the number
        of values it was made of.
    """
    shares = np.empty(len(raw.popularity_values))
    tables = np.empty((len(raw.source_names), QUANTILES), np.float32)
    counts = np.zeros(len(raw.source_names), np.int64)
    for source in range(len(raw.source_names)):
        chosen = raw.popularity_sources == source
        values = raw.popularity_values[chosen]
        counts[source] = len(values)
        shares[chosen] = drawn(midranks(values), len(values))
        tables[source] = quantile_table(values)
    return shares, tables, counts


def placed(catalog: Catalog, raw: RawTracks) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Place the popularity of further tracks by the tables of a catalogue.

    Returns:
        The percentile of every known value, and how many values were placed by each table so far.

    Raises:
        ValueError: a source has no table yet.
    """
    shares = np.empty(len(raw.popularity_values))
    so_far = catalog.popularity_placed.copy()
    for source, name in enumerate(raw.source_names):
        chosen = raw.popularity_sources == source
        if not chosen.any():
            continue
        if name not in catalog.source_names:
            raise ValueError(f"popularity source {name} has no table yet")
        there = catalog.source_names.index(name)
        known = int(catalog.popularity_counts[there])
        so_far[there] += np.count_nonzero(chosen)
        table = catalog.popularity_tables[there]
        shares[chosen] = drawn(place_in(table, raw.popularity_values[chosen]), known)
    return shares, so_far


def outgrown_sources(catalog: Catalog) -> list[str]:
    """Return the sources by whose table more values were placed than it was made of."""
    outgrown = catalog.popularity_placed > catalog.popularity_counts
    return [catalog.source_names[place] for place in np.flatnonzero(outgrown)]


def medians(size: int, rows: NDArray[np.int64], shares: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the median share of every row; NaN for a row without any."""
    order = np.lexsort((shares, rows))
    count = np.bincount(rows, minlength=size)
    start = np.cumsum(count) - count
    some = count > 0
    low, high = start[some] + (count[some] - 1) // 2, start[some] + count[some] // 2
    found = np.full(size, np.nan, np.float32)
    ordered = shares[order]
    found[some] = (ordered[low] + ordered[high]) / 2
    return found


def best_known(popularity: NDArray[_Float], song_index: NDArray[np.integer]) -> NDArray[_Float]:
    """Give every version of a song the popularity of its best-known version; NaN: none is known.

    An obscure release of a famous song is no discovery.
    """
    best = np.full(int(song_index.max(initial=-1)) + 1, -np.inf, popularity.dtype)
    np.fmax.at(best, song_index, popularity)
    spread: NDArray[_Float] = best[song_index]
    spread[np.isinf(spread)] = np.nan
    return spread
