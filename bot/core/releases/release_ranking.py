"""Ranks new releases by the same taste and penalty as tracks.

The score of a release is the mean of those of the tracks that stand for it (`release_grounds`),
part by part, so that it can be taken apart like any other; liking the artist counts for that artist
only, and the penalty goes by the artist's fame.
"""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog, assumed_popularity
from bot.core.ranking import (
    AFFINITY,
    CROWDING,
    PENALTY,
    Basis,
    Explanation,
    Parts,
    Query,
    Typical,
    artist_strength,
    ceiling,
    counting_weights,
    fame_penalty,
    likings,
    may_follow,
    reasons_of,
    score_parts,
    typical_score,
)
from bot.core.releases.release_grounds import Grounds, JudgedReleases
from bot.core.releases.releases import KnownRelease
from bot.core.taste import TasteProfile

_IN_ONE_PASS: Final = 1000
_AFFINITY: Final = Query().affinity


@dataclass(frozen=True, slots=True)
class RankedRelease:
    """A release in its place."""

    known: KnownRelease
    grounds: Grounds
    score: float
    fame: float | None
    """Of the artist, 0 … 1; None: nobody counts them."""
    fits: int
    """How many of the tastes it fits: it scores more for them than tracks do on average."""
    explanation: Explanation | None
    """The score taken apart; None where several tastes were asked."""


@dataclass(frozen=True, slots=True)
class ReleaseRanking:
    """Some of the releases that fit, in order, and how many were left out and why."""

    shown: tuple[RankedRelease, ...]
    fitting: int
    """How many fit at least one taste."""
    misfits: int
    unknown: int
    """Nothing is known of their artists and genres."""
    rated: int
    """All their tracks are rated already."""
    kept_promise: int
    """How many of those shown are by artists known to be at or below the dial's ceiling."""
    uncounted: int
    """How many of those shown are by artists whom nobody counts."""
    ceiling: float
    muted: int = 0
    """Their listener does not want to be shown them."""


@dataclass(frozen=True, slots=True, eq=False)
class Earned:
    """The scores of releases for one taste, without the penalty for fame."""

    scores: NDArray[np.float64]
    """One for each release."""
    usual: Typical
    """What tracks of the catalogue earn."""


def earn(catalog: Catalog, taste: TasteProfile, judged: JudgedReleases) -> Earned:
    """Score releases for one taste, without the penalty."""
    means = np.zeros(len(judged.rows))
    for start in range(0, len(judged.rows), _IN_ONE_PASS):
        some = judged.rows[start : start + _IN_ONE_PASS]
        lengths = np.array([len(rows) for rows in some], np.int64)
        full = np.flatnonzero(lengths)
        if len(full):
            rows = np.concatenate(some)
            scores = likings(catalog, taste, rows, affinity=0.0)
            begins = (np.cumsum(lengths) - lengths)[full]
            means[start + full] = np.add.reduceat(scores, begins) / lengths[full]
    liking = _loved(catalog, taste, judged.artists)
    usual = typical_score(catalog, taste, affinity=_AFFINITY)
    return Earned(means[judged.groups] + liking, usual)


def order_releases(
    catalog: Catalog,
    tastes: Sequence[TasteProfile],
    judged: JudgedReleases,
    earned: Sequence[Earned],
    *,
    obscurity: int,
    first: int = 0,
    count: int,
) -> ReleaseRanking:
    """Order what fits at least one taste, best first.

    Each artist's best release comes before any second one; of any five from the first on, one at
    most is by an artist above the ceiling of the dial, as long as there are others. For several
    tastes, the score is the mean over the tastes of how many standard deviations it lies above
    what tracks usually score, so that no taste counts more because it is stronger. Ties go by name.

    Args:
        catalog: the tracks.
        tastes: at least one.
        judged: the releases.
        earned: one for each taste.
        obscurity: the dial, 0 … 100.
        first: how many of the list to pass over.
        count: how many to return at most.
    """
    scores, fits = _scores(earned)
    fame = assumed_popularity(judged.fame)
    scores += fame_penalty(fame, obscurity)
    above = np.zeros(len(scores), np.bool_)
    if obscurity and catalog.knows_fame:
        above = fame > ceiling(obscurity)
    order = _promised(_order(judged, scores, np.flatnonzero(fits)), above)
    alone = tastes[0] if len(tastes) == 1 else None
    shown = [
        RankedRelease(
            known=judged.releases[place],
            grounds=judged.grounds[place],
            score=float(scores[place]),
            fame=_counted_fame(judged, place),
            fits=int(fits[place]),
            explanation=(
                None if alone is None else _explained(catalog, alone, judged, place, obscurity)
            ),
        )
        for place in order[first : first + count]
    ]
    return ReleaseRanking(
        shown=tuple(shown),
        fitting=len(order),
        misfits=len(scores) - len(order),
        unknown=judged.unknown,
        rated=judged.rated,
        kept_promise=sum(one.fame is not None and one.fame <= ceiling(obscurity) for one in shown),
        uncounted=sum(one.fame is None for one in shown),
        ceiling=ceiling(obscurity),
    )


def _scores(earned: Sequence[Earned]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return each release's score without the penalty, and how many tastes it fits."""
    scores = np.stack([one.scores for one in earned])
    means = np.array([[one.usual.mean] for one in earned])
    fits = (scores > means).sum(axis=0)
    if len(earned) == 1:
        return scores[0], fits
    spreads = np.array([[one.usual.deviation] for one in earned])
    standouts = (scores - means) / np.where(spreads > 0, spreads, 1.0)
    return standouts.mean(axis=0) * spreads.mean(), fits


def _order(
    judged: JudgedReleases, scores: NDArray[np.float64], fitting: NDArray[np.int64]
) -> list[int]:
    """Return the places of what fits: best first, one of each artist before the seconds."""
    release = [one.release for one in judged.releases]
    by_score = sorted(
        fitting.tolist(), key=lambda place: (-float(scores[place]), release[place].key)
    )
    before: Counter[str] = Counter()
    turns = {}
    for place in by_score:
        turns[place] = before[release[place].artist_key]
        before[release[place].artist_key] += 1
    return sorted(by_score, key=lambda place: turns[place])


def _promised(ordered: Sequence[int], above: NDArray[np.bool_]) -> list[int]:
    """Let those above the ceiling wait until they may follow, or nothing else is left."""
    low = deque((turn, place) for turn, place in enumerate(ordered) if not above[place])
    high = deque((turn, place) for turn, place in enumerate(ordered) if above[place])
    found: list[int] = []
    taken = 0
    while low or high:
        free = not low or (may_follow(taken, len(found)) and bool(high) and high[0] < low[0])
        if free:
            found.append(high.popleft()[1])
            taken += 1
        else:
            found.append(low.popleft()[1])
    return found


def _explained(
    catalog: Catalog, taste: TasteProfile, judged: JudgedReleases, place: int, obscurity: int
) -> Explanation:
    """Take the score of a release for one taste apart."""
    rows = judged.rows_of(place)
    scored = score_parts(catalog, taste, rows, obscurity=0, affinity=0.0)
    numbers = scored.mean(axis=0) if len(rows) else np.zeros(scored.shape[1])
    numbers[AFFINITY] = _loved(catalog, taste, judged.artists[[place]])[0]
    numbers[CROWDING] = 0.0  # a release crowds no lists
    numbers[PENALTY] = fame_penalty(assumed_popularity(judged.fame[[place]]), obscurity)[0]
    parts = Parts.of(numbers)
    return Explanation(
        basis=Basis.TASTE,
        score=parts.score,
        reasons=reasons_of(catalog, taste, rows, parts),
        affinity=parts.affinity,
        penalty=parts.penalty,
        popularity=None,
        fame=_counted_fame(judged, place),
        counted=bool(judged.counted[place]),
        obscurity=obscurity,
        offset=parts.offset,
        scene=parts.scene,
        listing=parts.listing,
        renown=parts.renown,
    )


def _loved(
    catalog: Catalog, taste: TasteProfile, artists: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return what the listener's liking of some artists adds, as it does for their tracks."""
    factor = counting_weights(catalog, taste, 0).artist * _AFFINITY
    return factor * artist_strength(taste, artists)


def _counted_fame(judged: JudgedReleases, place: int) -> float | None:
    """Return the fame of the artist of a release; None where nobody counts them."""
    return float(judged.fame[place]) if judged.counted[place] else None
