"""Who hears which promotion blind. Every promotion is heard enough before any is heard more.

A *hearing* is an audition that its listener judged, or that was shown to them less than
`PENDING_FOR` ago and waits for their answer. Every promotion has a guaranteed number of hearings.
Its artist earns one more for each audition of somebody else's music that they judge.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.ranking import Turn

GUARANTEED: Final = 5
"""How many hearings every promotion gets without earning them."""
PENDING_FOR: Final = timedelta(days=2)
"""An audition that waits longer is no hearing; then somebody else may be asked."""
NEAREST: Final = 0.9
"""At first a promotion goes to listeners whom it fits better than this share of the catalogue."""
OPEN_AFTER: Final = timedelta(days=7)
"""From this age on, it goes to anybody, so that every promotion is heard."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A promotion in the ledger of hearings."""

    promotion_id: int
    artist_id: int
    """Who posted it. The hearings they earned pay for more, whatever name they act for."""
    created_at: datetime
    hearings: int


@dataclass(frozen=True, slots=True)
class Status:
    """How a listener stands with auditions."""

    joined: bool
    waits: bool
    """Whether an audition waits for their answer; until then they get no other."""
    judged: int
    quota_left: int
    """How many more hearings they have earned for their own promotions."""
    guaranteed: int
    """How many hearings each promotion gets without earning them."""


def threshold(age: timedelta) -> float:
    """Return the share of the catalogue that a promotion of this age must fit better than.

    It falls in a straight line from `NEAREST` to 0 at `OPEN_AFTER`: the nearest listeners are asked
    first, and in the end everybody may be.
    """
    return NEAREST * (1 - min(max(age / OPEN_AFTER, 0.0), 1.0))


def quota_left(
    standings: Iterable[Standing], earned: Mapping[int, int], *, guaranteed: int = GUARANTEED
) -> dict[int, int]:
    """Return how many hearings beyond the guaranteed ones each artist can still pay for, >= 0.

    An artist who took back a judgement may have spent more than they have earned now. Then nothing
    is left until they have earned it again.

    Args:
        standings: all promotions of one server, also those that are over.
        earned: how many auditions of others each artist judged there.
        guaranteed: how many hearings each promotion gets without earning them.
    """
    spent: Counter[int] = Counter()
    for one in standings:
        spent[one.artist_id] += max(0, one.hearings - guaranteed)
    return {artist: max(0, earned.get(artist, 0) - cost) for artist, cost in spent.items()}


def turns(
    standings: Sequence[Standing], earned: Mapping[int, int], *, guaranteed: int = GUARANTEED
) -> dict[int, Turn]:
    """Return the turn of each promotion that may be heard once more, by promotion.

    Those below the guaranteed number come first, then those with quota left; others are not here.
    The arguments are those of `quota_left`.
    """
    left = quota_left(standings, earned, guaranteed=guaranteed)
    return {
        one.promotion_id: Turn(one.hearings >= guaranteed, one.hearings)
        for one in standings
        if one.hearings < guaranteed or left[one.artist_id]
    }
