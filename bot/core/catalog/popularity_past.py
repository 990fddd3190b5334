"""How popularity was: percentiles within a source as whole numbers, kept by month.

A percentile says how many of the tracks known then were less popular. When a large table of little
known music comes in, everybody's rises; so a rise is told only among those who are known at both
ends, ranked anew among each other.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.gaussian import midranks
from bot.core.catalog.popularity import drawn, percentiles_of_counts

STEPS: Final = 1000
"""Percentiles are kept in steps of a tenth of a point."""
NOTICEABLE: Final = 25
"""A percentile is kept when it differs by so many steps from what was kept last: where some rise,
all whom they pass sink a little."""
UNKNOWN: Final = -1

_Levels: TypeAlias = NDArray[np.int16]
_Shares: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kept:
    """The percentile of one track in one source, from a month on."""

    track_id: int
    source: str
    month: int
    level: int
    """0 … `STEPS`."""


def month_of(day: date) -> int:
    """Return the number of the month of a day."""
    return 12 * day.year + day.month - 1


def month_name(month: int) -> str:
    """Return a month as people and tables write it: 2026-11."""
    return f"{month // 12}-{month % 12 + 1:02}"


def levels_of_counts(counts: NDArray[np.integer]) -> _Levels:
    """Return the level of each different value, given how many tracks have it, by rising value."""
    return np.rint(percentiles_of_counts(counts) * STEPS).astype(np.int16)


def differs(kept: _Levels, now: _Levels) -> NDArray[np.bool_]:
    """Return which levels are to be kept: new ones, and those that changed noticeably."""
    return np.asarray((kept == UNKNOWN) | (np.abs(now - kept) >= NOTICEABLE))


def known_at(
    rows: NDArray[np.integer],
    months: NDArray[np.integer],
    levels: _Levels,
    *,
    size: int,
    month: int,
) -> _Levels:
    """Return the level of each of `size` tracks in a month: what was kept last, or `UNKNOWN`.

    Args:
        rows: the place of the track of each kept level; ascending, and by month in each track.
    """
    found = np.full(size, UNKNOWN, np.int16)
    there = months <= month
    found[rows[there]] = levels[there]  # of equal places the last one stays
    return found


def compared(before: _Levels, after: _Levels) -> tuple[_Shares, _Shares]:
    """Return the percentiles at two times among all that are known at both; NaN for the others."""
    both = (before != UNKNOWN) & (after != UNKNOWN)
    known = int(np.count_nonzero(both))
    then, now = (
        drawn(midranks(np.where(both, levels, np.nan)), known) for levels in (before, after)
    )
    return then, now


def compared_artists(
    owners: NDArray[np.integer], before: _Levels, after: _Levels, *, size: int
) -> tuple[_Shares, _Shares]:
    """Return the percentiles of artists at two times, by the best-known song of each.

    Only songs count that are known at both times; NaN for an artist without any.

    Args:
        owners: the place of the artist of each track, below `size`.
    """
    both = (before != UNKNOWN) & (after != UNKNOWN)
    best = np.full((2, size), UNKNOWN, np.int16)
    for place, levels in enumerate((before, after)):
        np.maximum.at(best[place], owners[both], levels[both])
    return compared(best[0], best[1])


def past_of(kept: Sequence[Kept], looked: Mapping[str, Sequence[int]]) -> list[tuple[int, float]]:
    """Return the percentile of one track by month, 0 … 1: the median over the sources that know it.

    A source that was looked at and has nothing new says what it said last.

    Args:
        kept: of one track, in any order.
        looked: the months in which each source was looked at.

    Returns:
        One entry per month in which a source that knew the track was looked at, ascending.
    """
    told: dict[str, dict[int, int]] = defaultdict(dict)
    for one in kept:
        told[one.source][one.month] = one.level
    months = sorted({month for source in told for month in (*looked[source], *told[source])})
    found = []
    for month in months:
        known = [
            levels[max(then for then in levels if then <= month)]
            for levels in told.values()
            if min(levels) <= month
        ]
        if known:
            found.append((month, median(known) / STEPS))
    return found
