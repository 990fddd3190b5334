import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.core.ranking.exposure import RESTS_AFTER, coverage, gini, measure, rests

counts = st.lists(st.integers(0, 50), min_size=1, max_size=20).map(np.array)


def test_a_track_rests_when_it_has_more_than_its_share_of_what_was_shown() -> None:
    shown = np.array([30, 11, 9, 5])

    assert rests(shown, 1000).tolist() == [True, True, False, False]


def test_on_a_small_server_a_track_may_be_shown_a_few_times() -> None:
    assert rests(np.array([RESTS_AFTER - 1, RESTS_AFTER]), 12).tolist() == [False, True]


def test_exposure_is_measured_over_the_whole_catalogue() -> None:
    shown = np.array([2, 1, 1, 0])
    popularity = np.array([0.2, 0.9, np.nan, 0.4])

    found = measure(shown, popularity)

    assert (found.shown, found.tracks, found.coverage) == (4, 3, 0.75)
    assert found.gini == pytest.approx((3 * 2 + 1 - 1 - 0) / (4 * 4))
    assert found.gini_shown == pytest.approx((2 * 2 - 2 * 1) / (3 * 4))
    assert found.long_tail == pytest.approx(2 / 3)
    assert found.unknown == pytest.approx(1 / 4)


def test_nothing_shown_has_no_shares() -> None:
    found = measure(np.zeros(3, np.int64), np.array([0.1, 0.2, np.nan]))

    assert (found.shown, found.tracks) == (0, 0)
    assert np.isnan([found.coverage, found.gini, found.gini_shown, found.long_tail]).all()


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_shares_stay_between_0_and_1(shown: list[int]) -> None:
    found = measure(np.array(shown), np.linspace(0, 1, len(shown)))

    values = np.array([found.coverage, found.gini, found.gini_shown, found.long_tail])
    assert np.isnan(values).all() if not found.shown else ((values >= 0) & (values <= 1)).all()


def test_gini_of_hand_worked_exposures() -> None:
    assert gini(np.array([5, 5, 5])) == pytest.approx(0)
    assert gini(np.array([0, 0, 0, 8])) == pytest.approx(0.75)
    assert gini(np.array([1, 2, 3, 4])) == pytest.approx(0.25)
    assert math.isnan(gini(np.zeros(3, np.int64)))


@given(counts, st.integers(1, 9))
def test_gini_knows_neither_order_nor_scale(exposure: NDArray[np.int64], factor: int) -> None:
    if exposure.sum():
        whole = gini(exposure)
        assert -1e-12 <= whole < 1
        assert gini(exposure[::-1] * factor) == pytest.approx(whole, abs=1e-12)


@given(counts)
def test_gini_is_half_the_relative_mean_difference(exposure: NDArray[np.int64]) -> None:
    if exposure.sum():
        difference = np.abs(exposure[:, None] - exposure).mean()
        assert gini(exposure) == pytest.approx(difference / 2 / exposure.mean(), abs=1e-12)


def test_coverage_counts_what_was_recommended_at_all() -> None:
    assert coverage(np.array([0, 3, 1, 0])) == 0.5
    assert math.isnan(coverage(np.empty(0, np.int64)))
