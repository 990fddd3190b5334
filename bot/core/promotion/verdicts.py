"""What an artist learns from the auditions of a promotion: totals of enough people, never who.

Nobody can be singled out: there is no result of fewer than `FEWEST_LISTENERS`; it changes at steps
only, by at least three listeners at once; "all" and "all but one" look the same; and a feature is
named only when it stands out for several people who did not like the track.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import sqrt
from statistics import fmean
from typing import Final, Self

from bot.core.promotion.fairness import FEWEST_LISTENERS
from bot.core.promotion.promotion import Promotion
from bot.core.ranking import Reason

ENOUGH: Final = 3
"""Nothing is said about a smaller group of listeners with the same verdict."""
MOST_MISSES: Final = 3
_Z: Final = 1.959964
"""Of a 95 % interval."""
_WORTH_A_WORD: Final = 0.02
"""A feature that costs less of the score is not named."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one listener said about a track before they knew its artist."""

    listener_id: int
    up: bool
    expected: float
    """The probability of a 👍 that was predicted for them before, 0 … 1."""
    reasons: tuple[Reason, ...]
    """What each feature did to the score for them; empty when that cannot be read any more."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A feature that the people who did not like a track missed, on average."""

    feature: str
    cost: float
    """What it took from their scores, against those who liked it; < 0."""
    track_level: float
    taste_level: float
    """Percentiles 0 … 1 of the track, and of what these listeners like."""
    track_value: float | None = None
    taste_value: float | None = None
    """What stands there, the listeners' on average; None: an older version did not note it."""


@dataclass(frozen=True, slots=True)
class Totals:
    """How a promotion was received by its listeners."""

    listeners: int
    """The listeners it is based on: the last step of `published`, not all there are now."""
    fewest: float
    most: float
    """The share of 👍, 0 … 1. They are the same unless (nearly) all were of one opinion."""
    low: float
    high: float
    """The 95 % interval of the share."""
    expected: float
    """The share that was predicted for these listeners."""
    misses: tuple[Miss, ...]

    def to_json(self) -> str:
        """Return the totals as they are kept."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read kept totals."""
        values = json.loads(text)
        misses = tuple(Miss(**one) for one in values.pop("misses"))
        return cls(misses=misses, **values)


@dataclass(frozen=True, slots=True)
class PromotionResult:
    """What an artist learns about one promotion."""

    promotion: Promotion
    totals: Totals | None


def published(listeners: int) -> int:
    """Return how many of this many listeners a result is based on; 0 for too few.

    The last step of 5, 8, 12, 17, 23 … : from one step to the next come three or more.
    """
    if listeners < FEWEST_LISTENERS:
        return 0
    step, more = FEWEST_LISTENERS, ENOUGH
    while step + more <= listeners:
        step, more = step + more, more + 1
    return step


def wilson(share: float, count: float) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson, 1927), within 0 … 1.

    Args:
        share: of the count, 0 … 1.
        count: how many were asked, > 0; with weights, how many that is effectively.
    """
    spread = _Z**2 / count
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * sqrt(share * (1 - share) / count + spread / (4 * count)) / (1 + spread)
    return max(0.0, min(middle - half, share)), min(1.0, max(middle + half, share))


def totals(
    verdicts: Sequence[Verdict], weights: Mapping[int, float] | None = None
) -> Totals | None:
    """Sum up what listeners said; None when they are fewer than `FEWEST_LISTENERS`.

    With weights the interval is as wide as that of (Σ w)² / Σ w² listeners (Kish, 1965).

    Args:
        verdicts: one a listener, the earliest first.
        weights: how much each listener's word counts, in (0, 1]; who is not in it counts fully.
    """
    told = verdicts[: published(len(verdicts))]
    if not told:
        return None
    each = [(weights or {}).get(one.listener_id, 1.0) for one in told]
    total = sum(each)
    ups = sum(one.up for one in told)
    share = sum(weight for one, weight in zip(told, each, strict=True) if one.up) / total
    fewest = most = share
    if ups <= 1:
        fewest, most = 0.0, 1 / len(told)
    elif ups >= len(told) - 1:
        fewest, most = 1 - 1 / len(told), 1.0
    effective = total**2 / sum(weight**2 for weight in each)
    expected = sum(one.expected * weight for one, weight in zip(told, each, strict=True)) / total
    return Totals(
        listeners=len(told),
        fewest=fewest,
        most=most,
        low=wilson(fewest, effective)[0],
        high=wilson(most, effective)[1],
        expected=expected,
        misses=misses(told),
    )


def misses(verdicts: Sequence[Verdict]) -> tuple[Miss, ...]:
    """Return the features that count against a track for those who did not like it, worst first.

    A feature counts by what it did to their scores on average, less what it did for those who liked
    the track, where there are `ENOUGH` of them (else less nothing). Features without a height, such
    as the key, are left out, and so is everything when fewer than `ENOUGH` did not like it.
    """
    readable = [one for one in verdicts if one.reasons]
    against = [_by_feature(one) for one in readable if not one.up]
    liked = [_by_feature(one) for one in readable if one.up]
    if len(against) < ENOUGH:
        return ()
    found = []
    for feature in dict.fromkeys(feature for one in against for feature in one):
        costs = [one[feature] for one in against if feature in one]
        gains = [one[feature].total for one in liked if feature in one]
        if len(costs) < ENOUGH:
            continue
        cost = fmean([one.total for one in costs])
        difference = cost - (fmean(gains) if len(gains) >= ENOUGH else 0.0)
        if max(cost, difference) < -_WORTH_A_WORD:
            levels = [(one.track_level or 0.0, one.taste_level or 0.0) for one in costs]
            track_level, taste_level = map(fmean, zip(*levels, strict=True))
            values = (
                _mean(one.track_value for one in costs),
                _mean(one.taste_value for one in costs),
            )
            found.append(Miss(feature, difference, track_level, taste_level, *values))
    return tuple(sorted(found, key=lambda one: (one.cost, one.feature))[:MOST_MISSES])


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return fmean(known) if known else None


def _by_feature(verdict: Verdict) -> dict[str, Reason]:
    """Return the reasons that have heights on both sides, by feature."""
    return {
        one.feature: one
        for one in verdict.reasons
        if one.track_level is not None and one.taste_level is not None
    }
