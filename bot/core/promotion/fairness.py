"""How much a 👍 counts in a total: one from a ring counts less.

A ring is a group of accounts that like one artist and hardly anything else. One 👍 from such an
account is nothing bad: every listener begins like that. Ten of them at one promotion say more about
the ring than about the music.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

BROAD: Final = 3.0
"""Somebody who likes this many artists, effectively, counts in full."""
NARROW: Final = 0.5
"""An account that weighs less than this is narrow: it likes hardly any other artist."""
RING: Final = 4
"""This many narrow accounts at one promotion make a ring, if they are half of those who like it."""
FEWEST_LISTENERS: Final = 5
"""A total of fewer people would give away what one of them said."""


@dataclass(frozen=True, slots=True)
class Vote:
    """What one listener said about a promotion."""

    up: bool
    likes: tuple[int, ...]
    """How many things they like by each artist, in any order; empty when they like nothing."""


@dataclass(frozen=True, slots=True)
class Reception:
    """How promotions were received, in totals only."""

    listeners: int
    up: int
    down: int
    narrow_up: int
    """How many 👍 come from narrow accounts, which like hardly any other artist."""
    up_weight: float
    """What all 👍 weigh together, at most `up`."""
    down_weight: float

    @property
    def share(self) -> float | None:
        """Share 0 … 1 of the weight that is 👍; None without votes."""
        total = self.up_weight + self.down_weight
        return self.up_weight / total if total else None

    @property
    def suspicious(self) -> bool:
        """Return whether the 👍 look like those of a ring."""
        return self.narrow_up >= RING and 2 * self.narrow_up >= self.up


def breadth(likes: Collection[int]) -> float:
    """Return how many artists somebody likes, effectively: Hill's number of order 2.

    (Σ n)² / Σ n², the inverse of Simpson's concentration (Simpson, 1949; Hill, 1973): k artists
    liked equally often make k; one liked a hundred times and two once make 1.04. 0 for no likes.

    Args:
        likes: how many things by each artist, each >= 1.
    """
    squares = sum(number * number for number in likes)
    return sum(likes) ** 2 / squares if squares else 0.0


def vote_weight(likes: Collection[int]) -> float:
    """Return how much a vote weighs, from somebody with these likes, in (0, 1].

    min(1, breadth / `BROAD`), and never less than a third: that is an account with one artist, or
    with nothing but this vote. Three likes for three artists count in full. One like for one more
    artist never makes it less (many likes for that one may). 👍 and 👎 weigh by the same rule, so
    that neither side gains by new accounts.

    Args:
        likes: how many things by each artist, each >= 1.
    """
    return min(1.0, max(1.0, breadth(likes)) / BROAD)


def reception(votes: Iterable[Vote], *, listeners: int) -> Reception:
    """Sum votes up.

    Args:
        votes: one per listener and promotion.
        listeners: how many people heard or voted, each once.
    """
    weighed = [(one.up, vote_weight(one.likes)) for one in votes]
    ups = [weight for up, weight in weighed if up]
    return Reception(
        listeners=listeners,
        up=len(ups),
        down=len(weighed) - len(ups),
        narrow_up=sum(weight < NARROW for weight in ups),
        up_weight=sum(ups),
        down_weight=sum(weight for up, weight in weighed if not up),
    )
