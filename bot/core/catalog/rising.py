"""Which artists are better known than before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog.popularity_past import NOTICEABLE, STEPS, UNKNOWN, compared_artists, known_at

LEAST_RISE: Final = 2 * NOTICEABLE / STEPS
"""Smaller ones may come from what is kept: each end may be off by what is not noticeable."""

_Ints: TypeAlias = NDArray[np.int64]
_Shares: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SourcePast:
    """All that is kept of a source, one entry per track and month, ascending by both."""

    track_ids: _Ints
    artist_ids: _Ints
    """Who the track is by."""
    months: NDArray[np.int16]
    levels: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Change:
    """How the artists of a source changed between two months."""

    artist_ids: _Ints
    before: _Shares
    """Percentiles among the artists known at both ends, by their best-known song; NaN: not known
    at both."""
    after: _Shares
    best_songs: _Ints
    """The best-known song of each at the later end, and its level."""
    best_levels: NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Rise:
    """By how much one artist rose: the median over the sources that know them at both ends."""

    artist_id: int
    before: float
    after: float
    song: int
    """The track that is best known now."""


def change_of_artists(past: SourcePast, since: int, until: int) -> Change:
    """Compare the artists of a source in two months."""
    ids, rows = np.unique(past.track_ids, return_inverse=True)
    owner_ids = np.empty(len(ids), np.int64)
    owner_ids[rows] = past.artist_ids
    artist_ids, owners = np.unique(owner_ids, return_inverse=True)
    then, now = (
        known_at(rows, past.months, past.levels, size=len(ids), month=month)
        for month in (since, until)
    )
    before, after = compared_artists(owners, then, now, size=len(artist_ids))
    both = np.where(then == UNKNOWN, UNKNOWN, now).astype(np.int16)
    order = np.lexsort(
        (-ids, both, owners)
    )  # of each artist the best known last, of equals the first
    last = order[np.searchsorted(owners[order], np.arange(len(artist_ids)), "right") - 1]
    return Change(artist_ids, before, after, ids[last], both[last])


def most_risen(changes: Sequence[Change], limit: int) -> list[Rise]:
    """Return the artists who rose most, the most first, ties by id.

    Nobody who rose by less than `LEAST_RISE`.

    Args:
        changes: one per source.
        limit: so many at most.
    """
    if not changes:
        return []
    artist_ids = np.unique(np.concatenate([one.artist_ids for one in changes]))
    ends = np.full((2, len(changes), len(artist_ids)), np.nan)
    songs = np.zeros((len(changes), len(artist_ids)), np.int64)
    levels = np.full((len(changes), len(artist_ids)), UNKNOWN, np.int16)
    for place, one in enumerate(changes):
        there = np.searchsorted(artist_ids, one.artist_ids)
        ends[0, place, there], ends[1, place, there] = one.before, one.after
        songs[place, there], levels[place, there] = one.best_songs, one.best_levels
    known = np.flatnonzero(~np.isnan(ends[0]).all(axis=0))
    before, after = np.nanmedian(ends[:, :, known], axis=1)
    order = np.lexsort((artist_ids[known], before - after))
    risen = order[(after - before)[order] >= LEAST_RISE][:limit]
    best = levels[:, known[risen]].argmax(axis=0)
    return [
        Rise(
            int(artist_ids[known[place]]),
            float(before[place]),
            float(after[place]),
            int(songs[source, known[place]]),
        )
        for place, source in zip(risen, best, strict=True)
    ]
