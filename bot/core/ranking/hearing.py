"""Which promoted track a listener hears blind next, and how often one may come at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

PROMOTED_EVERY: Final = 5
"""At most one pick in this many is a promoted one; a server can only ask for fewer."""


FEWEST_PICKS: Final = 3
"""No pick of an answer with fewer is a promoted one: it would be half of the answer, or all."""


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """The place of a promotion in the queue: smaller ones go first."""

    earned: bool
    """True for hearings that the artist earned: all guaranteed ones come first."""
    hearings: int
    """How many it had; the fewest go first."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """A promotion that one listener may hear now."""

    promotion_id: int
    turn: Turn
    threshold: float
    """The share of the catalogue, 0 … 1, that must fit the listener less."""
    rows: tuple[int, ...]
    """Its tracks, as rows of the catalogue."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a track fits one listener."""

    score: float
    percentile: float
    """The share of the catalogue that fits them less, 0 … 1."""


def choose_hearing(
    hearings: Iterable[Hearing], fits: Mapping[int, Fit]
) -> tuple[Hearing, int] | None:
    """Return what a listener hears next, and the row of its track; None when nothing is due.

    Among the promotions they are near enough to: the first turn, then the best fit, then the older
    promotion and the lower row, so that the order is total.

    Args:
        hearings: what they may hear at all: nothing of their own, nothing they heard before.
        fits: of each row that may be shown; rows that are not in it are passed over.
    """
    near = [
        ((one.turn, -fits[row].score, one.promotion_id, row), one)
        for one in hearings
        for row in one.rows
        if row in fits and fits[row].percentile >= one.threshold
    ]
    if not near:
        return None
    (*_, row), first = min(near, key=lambda each: each[0])
    return first, row
