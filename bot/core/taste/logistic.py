"""Logistic regression on levels and their squares, which finds out itself which axes matter.

The maximum a posteriori is found by Newton's method. Every axis has a relevance of its own, which
scales the prior variances of its two coefficients and is learned by the fixed-point updates of
automatic relevance determination (MacKay, 1992; Tipping, 2001), kept from extremes by a prior.
The evidence is Laplace's approximation (Bishop, Pattern Recognition and Machine Learning, 4.4.1).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

INTERCEPT: Final = -3.0
"""The prior: about 5 % of all tracks are liked."""
CURVATURE: Final = -0.15
"""The prior: tracks unlike anything in the catalogue are liked less."""
_INTERCEPT_VARIANCE: Final = 1.0
_LINEAR_VARIANCE: Final = 1.0
_SQUARE_VARIANCE: Final = 0.3
_RELEVANCE_ROUNDS: Final = 3
_RELEVANCE_PRIOR: Final = 2.0
"""Counts as if so many coefficients had been of the relevance assumed before."""
_STEPS: Final = 15
_CLOSE: Final = 1e-3
_FARTHEST: Final = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class LogisticFit:
    """Log-odds of a like: `intercept + levels @ linear + squares @ square`."""

    intercept: float
    linear: NDArray[np.float64]
    square: NDArray[np.float64]
    log_evidence: float
    """How well the model explains the targets, less what it took to fit them."""


def fit_logistic(
    levels: NDArray[np.float64],
    squares: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> LogisticFit:
    """Fit log-odds to targets.

    Args:
        levels: n × D, each axis of about mean 0 and variance 1.
        squares: n × D, the squared levels brought to about mean 0 and variance 1.
        targets: 0 (disliked) or 1 (liked).
        weights: how much each row counts, >= 0.
    """
    width = levels.shape[1]
    design = np.hstack([np.ones((len(levels), 1)), levels, squares])
    relevance = np.ones(width)
    for _ in range(_RELEVANCE_ROUNDS):
        mean, variance = _prior(relevance)
        theta, spread = _maximum(design, targets, weights, mean, variance)
        sizes = theta**2 + np.diag(spread)
        found = sizes[1 : 1 + width] / _LINEAR_VARIANCE + sizes[1 + width :] / _SQUARE_VARIANCE
        relevance = (_RELEVANCE_PRIOR + found) / (_RELEVANCE_PRIOR + 2)
    mean, variance = _prior(relevance)
    theta, spread = _maximum(design, targets, weights, mean, variance)
    return LogisticFit(
        intercept=float(theta[0]),
        linear=theta[1 : 1 + width],
        square=theta[1 + width :],
        log_evidence=_log_evidence(design, targets, weights, mean, variance, theta, spread),
    )


def shares(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 1 / (1 + e^-x), cut where it can no longer change."""
    share: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(log_odds, -_FARTHEST, _FARTHEST)))
    return share


def _prior(relevance: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    width = len(relevance)
    mean = np.concatenate([[INTERCEPT], np.zeros(width), CURVATURE * np.minimum(relevance, 1)])
    variance = np.concatenate(
        [[_INTERCEPT_VARIANCE], _LINEAR_VARIANCE * relevance, _SQUARE_VARIANCE * relevance]
    )
    return mean, variance


def maximum_a_posteriori(
    design: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    mean: NDArray[np.float64],
    variance: NDArray[np.float64],
    *,
    steps: int = _STEPS,
    close: float = _CLOSE,
) -> NDArray[np.float64]:
    """Return the likeliest coefficients of log-odds `design @ coefficients` (Newton's method).

    Args:
        design: n × D; without rows the prior's mean comes back.
        targets: 0 or 1, one per row.
        weights: how much each row counts, >= 0.
        mean: of the normal prior, D.
        variance: of the normal prior, D.
        steps: at most so many; none moves a coefficient by more than 1.
        close: a step that moves none by more is the last.
    """
    theta = mean.copy()
    for _ in range(steps):
        gradient, curvature = _slopes(design, targets, weights, mean, variance, theta)
        step = np.linalg.solve(curvature, gradient)
        longest = float(np.abs(step).max())
        theta += step * min(1.0, 1 / max(longest, 1e-12))
        if longest < close:
            break
    return theta


def _maximum(
    design: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    mean: NDArray[np.float64],
    variance: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the coefficients and the inverse of the curvature there."""
    theta = maximum_a_posteriori(design, targets, weights, mean, variance)
    _, curvature = _slopes(design, targets, weights, mean, variance, theta)
    return theta, np.asarray(np.linalg.inv(curvature), np.float64)


def _slopes(
    design: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    mean: NDArray[np.float64],
    variance: NDArray[np.float64],
    theta: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    likely = shares(design @ theta)
    gradient = design.T @ (weights * (targets - likely)) - (theta - mean) / variance
    curvature = (design * (weights * likely * (1 - likely))[:, None]).T @ design
    curvature[np.diag_indices(len(theta))] += 1 / variance
    return gradient, curvature


def _log_evidence(
    design: NDArray[np.float64],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    mean: NDArray[np.float64],
    variance: NDArray[np.float64],
    theta: NDArray[np.float64],
    spread: NDArray[np.float64],
) -> float:
    odds = np.clip(design @ theta, -_FARTHEST, _FARTHEST)
    fit = (weights * (targets * odds - np.log1p(np.exp(odds)))).sum()
    moved = ((theta - mean) ** 2 / variance).sum()
    _, narrowed = np.linalg.slogdet(spread)
    return float(fit - moved / 2 + (narrowed - np.log(variance).sum()) / 2)
