"""The order a DJ would play some tracks in: keys that mix, tempos that meet, one arc of energy.

    cost = Σ over neighbors [ camelot distance + 30 · tempo gap ] + Σ over places 2 · |energy - arc|

Keys are compared on the Camelot wheel (Davis, 2006), where neighbors mix well. Tempos are compared
as `log2(bpm) mod 1`, for 70 and 140 beats a minute go together and nobody knows for sure which of
them a track has. Energy and arc are both ranks within the list, so that a calm list has its arc,
too: rising for the first 70 %, then falling. What is unknown of a track costs the average wherever
it stands, so that it neither helps nor hurts.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import midranks
from bot.core.models import AudioFeatures

EXACT: Final = 8
"""Up to this many tracks, the order is the best of all orders."""

KEY_WEIGHT: Final = 1.0
"""Of one step on the wheel."""
TEMPO_WEIGHT: Final = 30.0
"""Of an octave; two tempos are half an octave apart at most."""
ENERGY_WEIGHT: Final = 2.0
"""Of the whole range of the list."""
PEAK: Final = 0.7
"""Where in the list its energy is highest."""

_ARC: Final = ((0.0, PEAK, 1.0), (0.3, 1.0, 0.6))
_STARTS: Final = 400
"""All first attempts together place this many tracks, so short lists get more attempts."""
_NEVER: Final = 1e6
"""What it costs to stand at another track's fixed place: more than any list can cost."""
_BETTER: Final = 1e-9


def dj_order(
    tracks: Sequence[AudioFeatures], fixed: Mapping[int, int] | None = None
) -> tuple[int, ...]:
    """Return the tracks (by their place in `tracks`) in the order to play them.

    The best of all orders up to `EXACT` tracks (Held & Karp, 1962); else the best of several greedy
    ones and the given one, each improved by reversals and swaps until none helps. Without fixed
    places it is never worse than the given order. The same tracks always give the same order.

    Args:
        fixed: place in the result → the track that must stand there.

    Raises:
        ValueError: `fixed` names a place or track that is not there, or a track twice.
    """
    fixed = fixed or {}
    count = len(tracks)
    inside = all(0 <= number < count for pair in fixed.items() for number in pair)
    if not inside or len(set(fixed.values())) < len(fixed):
        raise ValueError(f"these places cannot be kept in a list of {count}: {dict(fixed)}")
    if not count:
        return ()
    steps, places = _steps(tracks), _places(tracks, fixed)
    if count <= EXACT:
        return _exact(steps, places)
    return _searched(steps, places, fixed)


# ----------------------------------------------------------------------------- what an order costs


def camelot_distance(one: int, other: int) -> float:
    """Return how far two keys are apart on the wheel, 0 … 7.

    A step around counts 1, and so does the change between major and minor; on the spot, between a
    key and its relative one, that counts 0.5.

    Args:
        one, other: 0 … 23: the pitch class of the tonic, + 12 in minor.
    """
    steps = abs(_hour(one) - _hour(other))
    steps = min(steps, 12 - steps)
    if (one < 12) == (other < 12):
        return float(steps)
    return steps + (1.0 if steps else 0.5)


def _hour(key: int) -> int:
    """Return the place on the wheel: fifths, counted from B major and its relative G sharp minor.

    Camelot counts the same hours from 1 on: C major is 8B, A minor 8A.
    """
    tonic = key if key < 12 else key - 12 + 3
    return (tonic * 7 + 7) % 12


_WHEEL: Final = np.array([[camelot_distance(a, b) for b in range(24)] for a in range(24)])
_ANY_KEYS: Final = float(_WHEEL.mean())
_ANY_TEMPOS: Final = 0.25
"""How far two tempos are apart on average, in octaves."""


def _steps(tracks: Sequence[AudioFeatures]) -> NDArray[np.float64]:
    """Return track × track: what it costs to play one after the other."""
    keys = np.array([_key(track) for track in tracks])
    wheel = np.where((keys[:, None] < 0) | (keys < 0), _ANY_KEYS, _WHEEL[keys[:, None], keys])
    tempos = np.array([_octaves(track) for track in tracks])
    gaps = np.abs(tempos[:, None] - tempos)
    gaps = np.minimum(gaps, 1 - gaps)
    gaps = np.where(np.isnan(gaps), _ANY_TEMPOS, gaps)
    return np.asarray(KEY_WEIGHT * wheel + TEMPO_WEIGHT * gaps)


def _key(track: AudioFeatures) -> int:
    if track.key is None or not 0 <= track.key < 12 or track.mode not in (0, 1):
        return -1
    return track.key + (0 if track.mode else 12)


def _octaves(track: AudioFeatures) -> float:
    if track.tempo is None or track.tempo <= 0:
        return float("nan")
    return float(np.log2(track.tempo) % 1)


def _places(tracks: Sequence[AudioFeatures], fixed: Mapping[int, int]) -> NDArray[np.float64]:
    """Return track × place: what it costs to play a track there."""
    count = len(tracks)
    energies = np.array([np.nan if one.energy is None else one.energy for one in tracks], float)
    arc = np.interp(np.linspace(0, 1, count), *_ARC)
    known = ~np.isnan(energies)
    ranks = np.full(count, np.nan)
    ranks[known] = _ranks(energies[known])
    costs = ENERGY_WEIGHT * np.abs(ranks[:, None] - _ranks(arc))
    costs[~known] = 0
    for place, track in fixed.items():
        costs[np.arange(count) != track, place] += _NEVER
    return costs


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the midranks of known values, stretched to 0 … 1; 0.5 where there is but one."""
    count = len(values)
    return (midranks(values) * count - 0.5) / (count - 1) if count > 1 else np.full(count, 0.5)


def _cost(
    steps: NDArray[np.float64], places: NDArray[np.float64], order: NDArray[np.int64]
) -> float:
    return float(steps[order[:-1], order[1:]].sum() + places[order, np.arange(len(order))].sum())


# ----------------------------------------------------------------------------- the best of all


def _exact(steps: NDArray[np.float64], places: NDArray[np.float64]) -> tuple[int, ...]:
    """Build up the cheapest order of every subset, for every track it may end with."""
    count = len(steps)
    best = np.full((1 << count, count), np.inf)
    before = np.zeros((1 << count, count), np.int64)
    for track in range(count):
        best[1 << track, track] = places[track, 0]
    for played in range(1, 1 << count):
        place = played.bit_count()
        for track in range(count):
            if played >> track & 1 or place == count:
                continue
            reached = best[played] + steps[:, track]
            last = int(np.argmin(reached))
            more = played | 1 << track
            best[more, track] = reached[last] + places[track, place]
            before[more, track] = last
    played = (1 << count) - 1
    track = int(np.argmin(best[played]))
    order = []
    while played:
        order.append(track)
        played, track = played ^ 1 << track, int(before[played, track])
    return tuple(reversed(order))


# ----------------------------------------------------------------------------- a good one


def _searched(
    steps: NDArray[np.float64], places: NDArray[np.float64], fixed: Mapping[int, int]
) -> tuple[int, ...]:
    """Return the best of several orders, each improved as far as it goes; ties to the first."""
    count = len(steps)
    first = [fixed[0]] if 0 in fixed else sorted(set(range(count)) - set(fixed.values()))
    wanted = min(len(first), max(1, _STARTS // count))
    firsts = [first[number * len(first) // wanted] for number in range(wanted)]
    attempts = [_greedy(steps, places, fixed, track) for track in firsts]
    if not fixed:
        attempts.insert(0, np.arange(count))
    improved = [_improved(steps, places, attempt) for attempt in attempts]
    best = min(improved, key=lambda order: _cost(steps, places, order))
    return tuple(best.tolist())


def _greedy(
    steps: NDArray[np.float64], places: NDArray[np.float64], fixed: Mapping[int, int], first: int
) -> NDArray[np.int64]:
    """Play what fits best after the one before, again and again."""
    count = len(steps)
    left = np.ones(count, np.bool_)
    left[list(fixed.values())] = False
    order = np.empty(count, np.int64)
    for place in range(count):
        if place in fixed:
            track = fixed[place]
        elif place == 0:
            track = first
        else:
            costs = steps[order[place - 1]] + places[:, place]
            track = int(np.argmin(np.where(left, costs, np.inf)))
        left[track] = False
        order[place] = track
    return order


def _improved(
    steps: NDArray[np.float64], places: NDArray[np.float64], order: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Make the best reversal or swap as long as there is one that helps (2-opt; Croes, 1958)."""
    count = len(order)
    padded = np.zeros((count + 1, count + 1))  # before the first and after the last: nothing
    padded[:count, :count] = steps
    cost = _cost(steps, places, order)
    while True:
        gains = [change(padded, places, order) for change in (_reversals, _swaps)]
        kind = int(np.argmin([gain.min() for gain in gains]))
        first, last = np.unravel_index(int(np.argmin(gains[kind])), gains[kind].shape)
        tried = order.copy()
        if kind == 0:
            tried[first : last + 1] = order[first : last + 1][::-1]
        else:
            tried[[first, last]] = order[[last, first]]
        after = _cost(steps, places, tried)
        if after >= cost - _BETTER:
            return order
        order, cost = tried, after


def _reversals(
    padded: NDArray[np.float64], places: NDArray[np.float64], order: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return i × j: what it changes to play places i … j backwards; 0 unless i < j."""
    count = len(order)
    around = np.concatenate([[count], order, [count]])
    before, after = around[:-2], around[2:]
    ends = padded[np.ix_(before, order)] + padded[np.ix_(order, after)]
    ends -= (padded[before, order])[:, None] + padded[order, after]
    here = places[order]  # place of now × place to come
    stays = np.concatenate([[0.0], np.cumsum(np.diagonal(here))])
    diagonals = np.zeros((count + 1, count + 1))  # sums along what mirrored places have in common
    for place in range(count):
        diagonals[place + 1, :count] = here[:, place] + diagonals[place, 1:]
    mirrored = diagonals[1:, :count].T - diagonals[:count, 1:]
    moved = mirrored - (stays[1:] - stays[:-1, None])
    return np.triu(ends + moved, 1)


def _swaps(
    padded: NDArray[np.float64], places: NDArray[np.float64], order: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return i × j: what it changes to swap the tracks at i and j; 0 unless i + 1 < j."""
    around = np.concatenate([[len(order)], order, [len(order)]])
    before, after = around[:-2], around[2:]
    fits = padded[before][:, order] + padded[after][:, order]  # place × the track put there
    now = padded[before, order] + padded[order, after]
    here = places[order]
    stays = np.diagonal(here)
    there = fits + here.T
    return np.triu(there + there.T - (now + stays)[:, None] - (now + stays), 2)
