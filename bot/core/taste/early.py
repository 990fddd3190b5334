"""Who liked something before others did: how popular it was then, and how popular it is now.

A percentile alone does not tell: when much unknown music comes into the catalogue, everybody's
rises. So a track is ranked among a sample of tracks that were known both then and now.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Final

import numpy as np

from bot.core.catalog import LEAST_RISE, UNKNOWN, Kept, compared, month_of

LEAST_COMPANY: Final = 20
"""Among fewer tracks that were known then and now, a place says nothing."""


@dataclass(frozen=True, slots=True)
class Early:
    """A track that was liked before it rose."""

    track_id: int
    liked: date
    before: float
    """Its percentile then, 0 … 1, among the tracks that were known then and now."""
    after: float
    """Its percentile now, among the same."""


def early_likes(
    liked: Mapping[int, date],
    kept: Mapping[int, Sequence[Kept]],
    looked: Mapping[str, Sequence[int]],
) -> list[Early]:
    """Return the tracks that rose since they were liked, the most risen first, then by id.

    A rise is the median over the sources that knew the track then; smaller ones than `LEAST_RISE`
    are left out: they may come from what is kept.

    Args:
        liked: since when, by track.
        kept: what is kept of these and of a sample of other tracks.
        looked: the months in which each source was looked at, ascending.
    """
    rises: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for source, months in looked.items():
        for month in sorted({month_of(day) for day in liked.values()}):
            then = [one for one in months if one <= month]
            if not then or then[-1] == months[-1]:
                continue
            chosen = [one for one, day in liked.items() if month_of(day) == month]
            for track_id, ends in _ends(chosen, kept, source, then[-1], months[-1]).items():
                rises[track_id].append(ends)
    found = [
        Early(one, liked[one], median(ends[0] for ends in of), median(ends[1] for ends in of))
        for one, of in rises.items()
    ]
    risen = [one for one in found if one.after - one.before >= LEAST_RISE]
    return sorted(risen, key=lambda one: (round(one.before - one.after, 9), one.track_id))


def _ends(
    chosen: Sequence[int],
    kept: Mapping[int, Sequence[Kept]],
    source: str,
    then: int,
    now: int,
) -> dict[int, tuple[float, float]]:
    """Return the percentiles of some tracks in two months, of those known in both."""
    ids = sorted(kept)
    levels = [
        np.array([_level(kept[one], source, month) for one in ids], np.int16)
        for month in (then, now)
    ]
    if np.count_nonzero((levels[0] != UNKNOWN) & (levels[1] != UNKNOWN)) < LEAST_COMPANY:
        return {}
    before, after = compared(*levels)
    places = {one: place for place, one in enumerate(ids)}
    return {
        one: (float(before[places[one]]), float(after[places[one]]))
        for one in chosen
        if one in places and not np.isnan(before[places[one]])
    }


def _level(kept: Sequence[Kept], source: str, month: int) -> int:
    told = [one for one in kept if one.source == source and one.month <= month]
    return max(told, key=lambda one: one.month).level if told else UNKNOWN
