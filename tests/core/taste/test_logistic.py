import numpy as np
import pytest

from bot.core.taste.logistic import INTERCEPT, fit_logistic, shares


def drawn(size: int, width: int = 4) -> tuple[np.ndarray, np.ndarray]:
    levels = np.random.default_rng(3).standard_normal((size, width))
    return levels, (levels**2 - 1) / np.sqrt(2)


def test_without_news_the_prior_stays() -> None:
    levels, squares = drawn(5)

    fit = fit_logistic(levels, squares, np.ones(5), np.zeros(5))

    assert fit.intercept == pytest.approx(INTERCEPT)
    assert not fit.linear.any()
    assert (fit.square < 0).all()


def test_the_axis_that_matters_is_found() -> None:
    levels, squares = drawn(400)
    targets = (levels[:, 1] > 0).astype(float)

    fit = fit_logistic(levels, squares, targets, np.ones(400))

    assert fit.linear.argmax() == 1
    assert fit.linear[1] > 5 * np.abs(np.delete(fit.linear, 1)).max()


def test_a_middle_that_is_liked_bends_the_curve_down() -> None:
    levels, squares = drawn(400)
    targets = (np.abs(levels[:, 2]) < 0.7).astype(float)

    fit = fit_logistic(levels, squares, targets, np.ones(400))

    assert fit.square.argmin() == 2


def test_axes_that_matter_are_evidence_and_others_are_not() -> None:
    levels, squares = drawn(300)
    targets = (levels[:, 0] > 0).astype(float)

    def evidence(axes: list[int]) -> float:
        chosen = levels[:, axes], squares[:, axes]
        return fit_logistic(*chosen, targets, np.ones(300)).log_evidence

    assert evidence([0]) > evidence([0, 1, 2, 3]) > evidence([1, 2, 3])


def test_shares_never_reach_zero_or_one() -> None:
    found = shares(np.array([-1e9, 0.0, 1e9]))

    assert 0 < found[0] < 1e-9
    assert found[1] == 0.5
    assert 1 - 1e-9 < found[2] <= 1
