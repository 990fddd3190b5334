"""From the tastes of several listeners to one list that is fair to all of them.

Candidates are the best of each listener's own exact list, and of the list of their averaged taste.
Scores of different listeners cannot be compared, but the share of the catalogue that scores more
can: what a track is worth to a listener goes by that share alone (`worths`), so that somebody whose
taste is hard to meet gets neither all nor nothing. Which list is the fairest, `sharing` knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.core.catalog import Catalog
from bot.core.ranking.confidence import Calibration, Evidence
from bot.core.ranking.filters import Removed
from bot.core.ranking.obscurity import ceiling, counting_fame
from bot.core.ranking.query import Query
from bot.core.ranking.ranking import rank_all
from bot.core.ranking.scoring import (
    Typical,
    add_up,
    likings_in,
    score_parts,
    typical_score,
)
from bot.core.ranking.sharing import Ballot, fair_list, owed_after
from bot.core.ranking.why import Explanation, explain, parts_of
from bot.core.taste import Opinion, TasteProfile, build_taste

FEWEST: Final = 2
MOST: Final = 10
"""So many listeners take part in a list, at least and at most."""
LENGTH: Final = 5
"""So many picks, as in the longest answer of `/discover`: one row of buttons each."""
_POOL: Final = 100
"""So many candidates from each list: the worst off like .229 of the picks, with 40 .227."""
_LIKES: Final = 200
"""So many of a listener's likes, at most, make the averaged taste."""
HALF: Final = 0.03
"""What stands below this share of the catalogue is worth half of what the best is worth.

60 simulated listeners with 15 likes and 15 dislikes like .48 of what stands at q = .001 of the
catalogue, .34 at .015, .26 at .035, .16 at .075, .09 at .15, .05 at .25 and .01 at .75, which is
.5 / (1 + q / .03) within .03."""


@dataclass(frozen=True, slots=True)
class GroupPick:
    """One track for all of them."""

    row: int
    fits: tuple[float, ...]
    """How well it fits each of the listeners, above 0 … 1: `worths`, fame and crowding aside."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupList:
    """A list for several listeners."""

    picks: tuple[GroupPick, ...]
    owed: tuple[float, ...]
    """What each is owed afterwards."""
    ceiling: float
    above: int
    """How many picks are by better-known artists than the dial promises."""
    removed: tuple[Removed, ...]
    """Only for a list that came out short: what each filter removed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pool:
    """The candidates, by track id, and what they are to each of N listeners."""

    rows: NDArray[np.int64]
    ballot: Ballot
    fits: NDArray[np.float64]
    """N × C: the worths in the ballot, without what fame and crowding take."""
    removed: tuple[Removed, ...]

    def listed(self, places: list[int], query: Query, owed: tuple[float, ...]) -> GroupList:
        """Make a list of some of them."""
        return GroupList(
            picks=tuple(
                GroupPick(int(self.rows[place]), tuple(self.fits[:, place].tolist()))
                for place in places
            ),
            owed=owed,
            ceiling=ceiling(query.obscurity),
            above=int(self.ballot.above[places].sum()),
            removed=self.removed if len(places) < query.count else (),
        )


def blend(
    catalog: Catalog,
    tastes: Sequence[TasteProfile],
    query: Query,
    owed: Sequence[float] = (),
) -> GroupList:
    """Return the fairest list for some listeners, each with a taste.

    For one listener it is `rank` of their own taste. The same arguments give the same list.

    Args:
        catalog: the tracks.
        tastes: one per listener, in any order: the list is the same.
        query: what holds for all: everybody's filters together.
        owed: what each is owed from before; empty: nothing.
    """
    pool = _pool_of(catalog, tastes, query)
    before = np.array(owed or [0.0] * len(tastes))
    places = fair_list(pool.ballot, before, query.count)
    after = owed_after(before, pool.ballot.worth[:, places].sum(axis=1))
    return pool.listed(places, query, tuple(after.tolist()))


def explained_for(
    catalog: Catalog,
    taste: TasteProfile,
    rows: Sequence[int],
    query: Query,
    calibration: Calibration,
    history: Evidence,
) -> list[Explanation]:
    """Explain picks to one of the listeners, for their own taste.

    Args:
        catalog: the tracks.
        taste: theirs.
        rows: of the picks.
        query: what the list was made by.
        calibration: makes chances of scores.
        history: what is known of their earlier picks; how far these stand out is filled in.
    """
    typical = typical_score(catalog, taste, affinity=query.affinity)
    found = []
    for row in rows:
        parts = parts_of(
            catalog,
            taste,
            row,
            obscurity=query.obscurity,
            affinity=query.affinity,
            cuts=query.admitted_cuts,
        )
        evidence = replace(history, standout=typical.standout(parts.liking))
        explanation = explain(catalog, taste, row, parts, obscurity=query.obscurity)
        chance = calibration.probability(evidence)
        found.append(replace(explanation, evidence=evidence, confidence=chance))
    return found


def best_sum(catalog: Catalog, tastes: Sequence[TasteProfile], query: Query) -> GroupList:
    """Return the list with the largest sum of worths, to compare with: it may leave somebody out.

    Nothing is owed afterwards.
    """
    pool = _pool_of(catalog, tastes, query)
    together = replace(pool.ballot, worth=pool.ballot.worth.sum(axis=0, keepdims=True))
    places = fair_list(together, np.zeros(1), query.count)
    return pool.listed(places, query, (0.0,) * len(tastes))


def averaged(catalog: Catalog, tastes: Sequence[TasteProfile]) -> TasteProfile:
    """Return the taste of one who thinks what all of them think, each with the same weight."""
    likes = [np.lexsort((one.liked_rows, -one.liked_weights))[:_LIKES] for one in tastes]
    share = sum(len(one) for one in likes) / len(tastes)
    opinions: list[Opinion] = []
    for taste, best in zip(tastes, likes, strict=True):
        weights = taste.liked_weights[best] * share / taste.liked_weights[best].sum()
        opinions += [
            Opinion(row, 1.0, weight)
            for row, weight in zip(taste.liked_rows[best].tolist(), weights.tolist(), strict=True)
        ]
        opinions += [Opinion(row, -1.0) for row in taste.disliked_rows[:_LIKES].tolist()]
    return build_taste(catalog, opinions)


def _pool_of(catalog: Catalog, tastes: Sequence[TasteProfile], query: Query) -> _Pool:
    """Score whatever stands in one of the lists for everybody."""
    lists = [*tastes, averaged(catalog, tastes)] if len(tastes) > 1 else list(tastes)
    wider = replace(query, count=max(_POOL, query.count), relevance_weight=1.0)
    rankings = rank_all(catalog, [(one, wider) for one in lists])
    found = {pick.row for one in rankings for pick in one.picks}
    rows = np.array(sorted(found, key=lambda row: int(catalog.track_ids[row])), np.int64)
    scores, likings = np.empty((len(tastes), len(rows))), np.empty((len(tastes), len(rows)))
    for place, taste in enumerate(tastes):
        typical = typical_score(catalog, taste, affinity=query.affinity)
        parts = score_parts(
            catalog,
            taste,
            rows,
            obscurity=query.obscurity,
            affinity=query.affinity,
            cuts=query.admitted_cuts,
        )
        scores[place] = worths(typical, add_up(parts))
        likings[place] = worths(typical, likings_in(parts))
    return _Pool(
        rows=rows,
        ballot=_ballot(catalog, query, rows, scores),
        fits=likings,
        removed=rankings[0].removed,
    )


def _ballot(
    catalog: Catalog, query: Query, rows: NDArray[np.int64], worth: NDArray[np.float64]
) -> Ballot:
    above = np.zeros(len(rows), np.bool_)
    if query.obscurity and catalog.knows_fame:
        above = counting_fame(catalog, rows, query.admitted_cuts) > ceiling(query.obscurity)
    return Ballot(
        worth=worth,
        above=above,
        songs=catalog.song_index[rows].astype(np.int64),
        artists=catalog.artist_index[rows].astype(np.int64),
    )


def worths(typical: Typical, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what scores are worth to the listener, above 0 … 1: 1 / (1 + q / `HALF`).

    q is the share of the catalogue that scores more, between and above those of the sample drawn
    out. A higher score is always worth more.
    """
    number = len(typical.scores)
    if not number:
        return np.full(len(scores), 0.5)
    shares = np.arange(number, 0, -1) / (number + 1)
    above = np.interp(scores, typical.scores, shares)
    best = float(typical.scores[-1])
    beyond = np.maximum(scores - best, 0.0) / max(typical.deviation, 1e-9)
    return 1 / (1 + above * np.exp(-beyond) / HALF)
