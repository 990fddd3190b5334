import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from bot.core.bench.evaluation import (
    estimate,
    holdout,
    intra_list_diversity,
    known_median,
    ndcg_at_k,
    popularity_lift,
    recall_at_k,
)

hits_of = st.lists(st.booleans(), max_size=30).map(lambda one: np.array(one, np.bool_))
counts = st.lists(st.integers(0, 50), min_size=1, max_size=20).map(np.array)


def hits(*places: int, length: int = 10) -> NDArray[np.bool_]:
    return np.isin(np.arange(1, length + 1), places)


def test_recall_is_the_share_of_the_held_out_tracks_that_were_found() -> None:
    assert recall_at_k(hits(1, 3, 9), 6, 5) == pytest.approx(2 / 6)
    assert recall_at_k(hits(1, 3, 9), 6, 100) == pytest.approx(3 / 6)


def test_ndcg_discounts_a_hit_by_the_logarithm_of_its_rank() -> None:
    ideal = 1 / math.log2(2) + 1 / math.log2(3)

    assert ndcg_at_k(hits(1, 3), 2, 10) == pytest.approx((1 + 1 / math.log2(4)) / ideal)
    assert ndcg_at_k(hits(1, 2), 2, 10) == pytest.approx(1)
    assert ndcg_at_k(hits(1), 5, 1) == pytest.approx(1)


def test_nothing_relevant_has_no_value_and_an_empty_list_finds_nothing() -> None:
    empty = np.empty(0, np.bool_)

    assert math.isnan(recall_at_k(hits(1), 0, 10))
    assert math.isnan(ndcg_at_k(hits(1), 0, 10))
    assert recall_at_k(empty, 3, 10) == ndcg_at_k(empty, 3, 10) == 0


@given(hits_of, st.integers(0, 10), st.integers(1, 40))
def test_recall_and_ndcg_stay_between_0_and_1_and_recall_grows_with_depth(
    found: NDArray[np.bool_], missed: int, k: int
) -> None:
    relevant = int(found.sum()) + missed
    if relevant:
        assert 0 <= ndcg_at_k(found, relevant, k) <= 1 + 1e-12
        assert 0 <= recall_at_k(found, relevant, k) <= recall_at_k(found, relevant, k + 1) <= 1


@given(hits_of, st.integers(0, 28))
def test_a_hit_further_up_never_lowers_ndcg(found: NDArray[np.bool_], place: int) -> None:
    if place + 1 < len(found) and found[place + 1] and not found[place]:
        better = found.copy()
        better[[place, place + 1]] = True, False
        relevant = int(found.sum())
        assert ndcg_at_k(better, relevant, 30) > ndcg_at_k(found, relevant, 30)


@given(st.integers(2, 60), st.integers(0, 9))
def test_holdout_cuts_a_list_in_two_without_losing_a_track(length: int, seed: int) -> None:
    rows = np.arange(length, dtype=np.int64) * 3

    seeds, held_out = holdout(rows, np.random.default_rng(seed))

    assert len(held_out) == max(1, length // 5)
    assert sorted([*seeds, *held_out]) == rows.tolist()


def test_a_single_track_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="1 tracks cannot be split"):
        holdout(np.array([4]), np.random.default_rng(0))


def test_popularity_lift_is_relative_to_the_seeds() -> None:
    seeds = np.array([0.4, np.nan, 0.6])

    assert popularity_lift(np.array([0.75, 0.75]), seeds) == pytest.approx(0.5)
    assert popularity_lift(np.array([0.25, np.nan]), seeds) == pytest.approx(-0.5)


def test_unknown_popularity_has_no_lift_and_no_median() -> None:
    unknown, known = np.array([np.nan]), np.array([0.5])

    assert math.isnan(popularity_lift(unknown, known))
    assert math.isnan(popularity_lift(known, unknown))
    assert math.isnan(popularity_lift(known, np.zeros(2)))
    assert math.isnan(known_median(unknown))
    assert known_median(np.array([3.0, np.nan, 1.0])) == 2


def test_diversity_is_0_for_the_same_and_1_for_right_angles() -> None:
    assert intra_list_diversity(np.array([[1.0, 0.0], [3.0, 0.0]])) == pytest.approx(0)
    assert intra_list_diversity(np.eye(4)) == pytest.approx(1)
    assert intra_list_diversity(np.array([[1.0, 0.0], [-1.0, 0.0]])) == pytest.approx(2)
    assert math.isnan(intra_list_diversity(np.array([[1.0, 0.0], [0.0, 0.0]])))


@given(arrays(np.float64, (6, 3), elements=st.floats(-5, 5)))
def test_diversity_is_the_mean_over_all_pairs(vectors: NDArray[np.float64]) -> None:
    lengths = np.sqrt((vectors**2).sum(axis=1))
    if (lengths < 1e-3).any():
        return
    units = vectors / lengths[:, None]
    pairs = [1 - units[a] @ units[b] for a in range(6) for b in range(a)]

    assert intra_list_diversity(vectors) == pytest.approx(np.mean(pairs), abs=1e-9)


def test_an_estimate_averages_the_splits_of_a_list_before_its_error() -> None:
    values = np.array([[0.0, 0.2], [0.3, 0.3], [0.5, np.nan], [np.nan, np.nan]])

    one = estimate("recall", values)

    assert one.mean == pytest.approx(0.3)
    assert one.error == pytest.approx(0.2 / math.sqrt(3))
    assert one.count == 3


def test_one_value_has_no_error_and_none_no_mean() -> None:
    single, none = estimate("x", np.array([[2.0]])), estimate("x", np.array([[np.nan]]))

    assert (single.mean, single.count) == (2, 1)
    assert math.isnan(single.error)
    assert (math.isnan(none.mean), none.count) == (True, 0)
