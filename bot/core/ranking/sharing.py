"""One list for several listeners, so that the least happy of them is as happy as can be.

A list gives each listener the sum u of what its tracks are worth to them, less the debt d that they
are owed from before. Of two lists the better one has the smaller

    Σ exp(-(u - d) / `GRAIN`)

over the listeners. It is led by whoever is poorest, and goes by the sum where they are about
equally well off: max-min ("least misery" in Masthoff, 2004), then the sum, without a step between.
It becomes leximin as the grain goes to 0. That was measured, too, and is a little worse: what a
track is worth is only guessed, and leximin takes the least difference for a reason.

To take the fairest track at each step would give listeners who share nothing a list that nobody
minds and nobody likes. So whole lists are compared: those that are best when votes are divided
among the listeners in every way, by the plain sum and by one in which each more counts less
(proportional fairness), and the step by step one. Which lists these are does not depend on what is
owed. So who is owed more never gets less: exp(-u) is convex, and a debt makes a list that gives
them less worse by more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.ranking.reranking import PROMISED

MOST_OWED: Final = 1.0
"""Nobody is owed more than what the best of tracks is worth to them: a taste that fits badly with
the others' must not take over the list for ever."""
GRAIN: Final = 2.0
"""In worths: so much more or less is what counts. Of 240 groups of 2 to 5 simulated listeners, the
worst off like .226 of the picks with 3, .227 with 2 and .223 with 1; of 150 others .224 with 1,
.220 with a half, .219 with a quarter, and the same with leximin."""
_WAYS: Final = 300
"""The votes are divided in about so many ways, at most."""
_POWERS: Final = (1.0, 0.5)
"""What a sum of worths counts for in the two kinds of lists."""


@dataclass(frozen=True, slots=True, eq=False)
class Ballot:
    """What each of N listeners makes of each of C candidates."""

    worth: NDArray[np.float64]
    """N × C, >= 0."""
    above: NDArray[np.bool_]
    """Which candidates stand above the ceiling of the obscurity dial."""
    songs: NDArray[np.int64]
    artists: NDArray[np.int64]
    """Of each candidate; a list has each song and each artist once."""


def fair_list(ballot: Ballot, owed: NDArray[np.float64], count: int) -> list[int]:
    """Return the places of the candidates that make the fairest list, in order.

    The order of the listeners does not matter. For one alone it is their own list: the best first.
    At most one of any five stands above the ceiling, unless nothing else is left. Fewer than
    `count` come back when there are not so many songs and artists.

    Args:
        ballot: its candidates stand in an order that breaks ties.
        owed: N, in the unit of the worths; see `owed_after`.
        count: how many to take.
    """
    if not count or not len(ballot.above):
        return []
    order = np.lexsort(ballot.worth.T[::-1])
    sorted_ballot = Ballot(ballot.worth[order], ballot.above, ballot.songs, ballot.artists)
    lists = sorted(set(_lists(sorted_ballot, count)))
    totals = np.array([sorted_ballot.worth[:, one].sum(axis=1) for one in lists]) - owed[order]
    best = lists[_fairest(totals)]
    return _in_order(sorted_ballot, list(best), -owed[order])


def owed_after(owed: NDArray[np.float64], got: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what each is owed after a list: before, and what they got less than the mean.

    Args:
        owed: N, from before.
        got: N, the worth of the list to each.
    """
    after: NDArray[np.float64] = np.clip(owed + got.mean() - got, -MOST_OWED, MOST_OWED)
    return after


def people_key(user_ids: Iterable[int]) -> str:
    """Return what names a set of people, whoever of them asks and wherever."""
    listed = ",".join(str(one) for one in sorted(set(user_ids)))
    return blake2b(listed.encode(), digest_size=16).hexdigest()


def _fairest(totals: NDArray[np.float64]) -> int:
    """Return the fairest row of list × listener; ties go to the first."""
    poorest = totals.min()  # so that nothing is too small or too large to be told apart
    return int(np.exp(-(totals - poorest) / GRAIN).sum(axis=1).argmin())


def _lists(ballot: Ballot, count: int) -> Iterator[tuple[int, ...]]:
    """Yield the lists that are compared, each as ascending places."""
    alone = len(ballot.worth) == 1
    votes = _divisions(len(ballot.worth))
    for power in _POWERS[:1] if alone else _POWERS:
        for taken in _by_votes(ballot, votes, power, count):
            yield tuple(sorted(taken))
    if not alone:
        yield tuple(sorted(_step_by_step(ballot, count)))


def _divisions(listeners: int) -> NDArray[np.float64]:
    """Return the ways to divide some votes among listeners: way × listener.

    There are as many votes as give at most `_WAYS` ways, and at least two.
    """
    if listeners == 1:
        return np.ones((1, 1))
    votes = 2
    while _count_ways(listeners, votes + 1) <= _WAYS:
        votes += 1
    bars = np.array(list(combinations(range(votes + listeners - 1), listeners - 1)))
    edges = np.hstack(
        [np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), votes + listeners - 1)]
    )
    return (np.diff(edges, axis=1) - 1).astype(np.float64)


def _count_ways(listeners: int, votes: int) -> int:
    ways = 1
    for one in range(1, listeners):
        ways = ways * (votes + one) // one
    return ways


def _by_votes(
    ballot: Ballot, votes: NDArray[np.float64], power: float, count: int
) -> list[list[int]]:
    """Return, for each division of the votes, the list taken track by track by the weighted sum.

    A track above the ceiling that comes too early is passed over for good, as in `ranking`.
    """
    ways = np.arange(len(votes))
    totals = np.zeros((len(votes), len(ballot.worth)))
    free = np.ones((len(votes), len(ballot.above)), np.bool_)
    passed = np.zeros_like(free)
    high = np.zeros(len(votes), np.int64)
    taken: list[list[int]] = [[] for _ in votes]
    for step in range(count):
        gains = _gains(ballot, votes, totals, power)
        may: NDArray[np.bool_] = (high + 1) * PROMISED <= step + 1
        early: NDArray[np.bool_] = ballot.above & ~may.reshape(-1, 1)
        fits = free & ~early & ~passed
        fits = np.where(fits.any(axis=1, keepdims=True), fits, free)
        best = np.where(fits, gains, -np.inf).argmax(axis=1)
        passed |= early & (gains >= gains[ways, best][:, None])
        for way in np.flatnonzero(fits.any(axis=1)).tolist():
            place = int(best[way])
            taken[way].append(place)
            totals[way] += ballot.worth[:, place]
            high[way] += ballot.above[place]
            free[way] &= _others(ballot, place)
    return taken


def _gains(
    ballot: Ballot, votes: NDArray[np.float64], totals: NDArray[np.float64], power: float
) -> NDArray[np.float64]:
    """Return what each candidate adds to the weighted sum: way × candidate."""
    gains: NDArray[np.float64]
    if power == 1:
        gains = votes @ ballot.worth
    else:
        after = (totals[:, :, None] + ballot.worth) ** power
        before = (votes * totals**power).sum(axis=1)
        gains = (votes[:, None, :] @ after)[:, 0] - before[:, None]
    return gains


def _step_by_step(ballot: Ballot, count: int) -> list[int]:
    """Return the list of which each next track is the fairest."""
    everything = np.ones(len(ballot.above), np.bool_)
    return _greedy(ballot, everything, np.zeros(len(ballot.worth)), count)


def _in_order(ballot: Ballot, taken: Sequence[int], start: NDArray[np.float64]) -> list[int]:
    """Put a list into the order in which each next track is the fairest."""
    among = np.zeros(len(ballot.above), np.bool_)
    among[list(taken)] = True
    return _greedy(ballot, among, start, len(taken))


def _greedy(
    ballot: Ballot, among: NDArray[np.bool_], start: NDArray[np.float64], count: int
) -> list[int]:
    free, totals, taken, high = among.copy(), start.copy(), list[int](), 0
    while len(taken) < count and free.any():
        fits = free
        if (high + 1) * PROMISED > len(taken) + 1 and (free & ~ballot.above).any():
            fits = free & ~ballot.above
        places = np.flatnonzero(fits)
        place = int(places[_fairest((totals[:, None] + ballot.worth[:, places]).T)])
        taken.append(place)
        totals += ballot.worth[:, place]
        high += int(ballot.above[place])
        free &= _others(ballot, place)
    return taken


def _others(ballot: Ballot, place: int) -> NDArray[np.bool_]:
    """Return which candidates are another song by another artist."""
    different: NDArray[np.bool_] = (ballot.songs != ballot.songs[place]) & (
        ballot.artists != ballot.artists[place]
    )
    return different
